"""Checks of the model hop."""
