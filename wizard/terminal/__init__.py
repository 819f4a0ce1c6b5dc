"""What people see on a terminal: safe text, glyphs, code frames, the route picture, plain mode."""
