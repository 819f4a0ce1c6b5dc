"""The route of a request: how config and layers become what OpenClaw puts on the wire."""
