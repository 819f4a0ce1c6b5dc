"""portkey-claw: setup and diagnostics for OpenClaw behind the Portkey AI gateway."""

__version__ = "0.1.0"
