"""The questions of setup put to a person, step by step, before anything is planned."""
