"""A key given as a plain argument: refused, and not repeated."""

from __future__ import annotations

import argparse

from wizard.base.errors import usage_error


class PlainKey(argparse.Action):
    """Refuses a key as an argument without repeating it, as argparse's own complaint would.

    Raises:
        UserError: always; exit code 2.
    """

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Refuses the flag, and names the ways that the command has instead."""
        variable = "set PORTKEY_API_KEY, " if parser.prog.endswith("setup") else ""
        raise usage_error(
            "The key is never given as an argument: other users of this machine can read it there.",
            f"Instead {variable}pipe it in with --api-key-stdin, or use --api-key-file. "
            "Renew a key that was typed as an argument.",
        )
