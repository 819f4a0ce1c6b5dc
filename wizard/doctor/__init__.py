"""The verbs tied together: collect, probe, check, rank, report."""
