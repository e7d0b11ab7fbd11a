"""``python -m benchmarks [--only NAME] [--json] [--strict]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module

from .report import Figure, as_json, as_table
from .timing import ROOT

# Timings first: a machine that has worked for a minute is often slower.
NAMES = ("decision", "eligibility", "commands", "memory")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 with ``--strict`` when a bar is missed."""
    options = _options(arguments)
    source = str(ROOT / "src")
    if source not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        # For the processes that are started; this one has found the package already.
        os.environ["PYTHONPATH"] = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), source])
    figures: list[Figure] = []
    for name in options.only or NAMES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        measure: Callable[[], list[Figure]] = import_module(f"benchmarks.{name}").measure
        figures += measure()
    if options.json:
        print(as_json(figures))
    else:
        print(f"{datetime.now(UTC):%Y-%m-%d}  Python {platform.python_version()}  {platform.machine()}  {os.cpu_count()} cores\n")
        print(as_table(figures))
    missed = [f.name for f in figures if f.verdict == "missed"]
    if missed:
        print(f"\nmissed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed and options.strict else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure this engine, beside others. See benchmarks/README.md.")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=f"one of {', '.join(NAMES)} (may be given several times)")
    parser.add_argument("--json", action="store_true", help="the figures as a JSON list")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a bar is missed")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
