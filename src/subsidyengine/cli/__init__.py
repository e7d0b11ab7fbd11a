"""The command line: a thin face. Every command is a call of the library."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 a fault, 2 unusable input."""
    from .app import app

    try:
        app()
    except BrokenPipeError:
        # The reader of our output has gone (as with `| head`); that is no fault of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        from ..words import quoted, say
        from .common import spoken

        reason = quoted(error.strerror or str(error))
        print(f"subsidyengine: {spoken(say('fault: {reason}', reason=reason))}", file=sys.stderr)
        sys.exit(1)


__all__ = ["main"]
