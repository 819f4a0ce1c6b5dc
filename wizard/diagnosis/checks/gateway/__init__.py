"""Checks of the gateway hop."""
