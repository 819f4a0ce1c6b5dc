"""The parts of `setup --remove`: what was there before, what leads to Portkey, what goes, and what is left behind."""
