"""``python -m benchmarks [--only NAME] [--json] [--strict]``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module

from .report import Figure, as_json, as_table

# Timings first: a machine that has worked for a minute is often slower.
NAMES = ("decision", "eligibility", "vectorised", "portfolio", "commands", "allocation", "memory", "ledger", "letters")
#: Measured only when asked for: they take long.
LONG = ("million", "scenarios")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 with ``--strict`` when a bar is missed."""
    options = _options(arguments)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    figures: list[Figure] = []
    for name in options.only or NAMES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        measure: Callable[[], list[Figure]] = import_module(f"benchmarks.{name}").measure
        figures += measure()
    if options.json:
        print(as_json(figures))
    else:
        print(f"{date.today()}  Python {platform.python_version()}  {platform.machine()}  {os.cpu_count()} cores, load {load:.1f}\n")
        print(as_table(figures))
    missed = [f.name for f in figures if f.verdict == "missed"]
    if missed:
        print(f"\nmissed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed and options.strict else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure this engine, beside others: see README.md.")
    only = f"one of {', '.join((*NAMES, *LONG))} (may be given several times)"
    parser.add_argument("--only", action="append", choices=(*NAMES, *LONG), metavar="NAME", help=only)
    parser.add_argument("--json", action="store_true", help="the figures as a JSON list")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a bar is missed")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
