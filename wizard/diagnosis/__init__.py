"""Evidence to findings: pure functions that see no file, no network and no clock."""
