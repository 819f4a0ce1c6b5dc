"""Secrets: what may be said of one, and the one place that holds its value."""
