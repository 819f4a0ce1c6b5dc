"""Checks of the provider hop."""
