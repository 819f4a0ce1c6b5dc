"""Setup: questions declared once, answers from flags and the environment, one plan, one write."""
