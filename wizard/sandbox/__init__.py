"""A local stand-in of Portkey's hosted gateway with a fake vendor behind it, for `sandbox`, `demo` and tests.

It judges requests by what was measured and documented of Portkey, and shares no code with the modules that read
Portkey's answers, so that the two can check each other.
"""
