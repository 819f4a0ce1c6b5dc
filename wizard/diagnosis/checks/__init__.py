"""The checks, one folder a hop, one file a family."""
