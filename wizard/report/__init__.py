"""The report: the contract's JSON as types, and its renderers."""
