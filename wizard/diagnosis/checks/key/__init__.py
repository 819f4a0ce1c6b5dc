"""Checks of the key hop."""
