"""The commands about the key: where it is, putting it somewhere, moving it, taking it away."""
