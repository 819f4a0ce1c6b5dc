"""What every room stands on: the environment, errors, limits, files, and data as JSON."""
