"""Changes to the user's files: the plan, its diff, and one safe write. Journal and undo belong here too."""
