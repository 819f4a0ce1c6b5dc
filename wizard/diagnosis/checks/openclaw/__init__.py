"""Checks of the openclaw hop."""
