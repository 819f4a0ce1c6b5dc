"""For all unit tests: hypothesis sets no time limit of its own, for a busy machine would break it."""

from hypothesis import settings

settings.register_profile("unit", deadline=None, print_blob=True)
settings.load_profile("unit")
