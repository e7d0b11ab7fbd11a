"""The allocation desk: a year of all Denmark with its accounts, and how the time grows to a million vacancies."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from .report import Figure
from .timing import ROOT, Finished, run_process

GROUP = "Allocation desk"
YEAR, LARGE, LARGER = 86_039, 100_000, 1_000_000
YEAR_BAR, MEMORY_BAR, GROWTH_BAR = 20.0, 600.0, 13.0
GENERATE = ROOT / "fixtures" / "allocation" / "generate.py"


def measure(runs: int = 3, year: int = YEAR, large: int = LARGE, larger: int = LARGER) -> list[Figure]:
    """``subsidyengine allocate account`` as a whole process: reading, sharing out, rent, accounts as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        found = {count: [_account(Path(folder), count) for _ in range(rounds)] for count, rounds in ((year, runs), (large, 1), (larger, 1))}
    seconds = {count: median(f.seconds for f in ended) for count, ended in found.items()}
    peak = max((f.peak for f in found[year] if f.peak is not None), default=None)
    note = f"{median(f.processor for f in found[year]):.1f} s of processor"
    figures = [Figure(GROUP, f"{year:,} vacancies with accounts", seconds[year], "s", YEAR_BAR, note=note)]
    if peak is not None:
        figures.append(Figure(GROUP, "peak memory of it", peak, "MiB", MEMORY_BAR))
    ratio = found[larger][0].processor / found[large][0].processor
    note = f"processor time: {found[large][0].processor:.1f} s and {found[larger][0].processor:.1f} s"
    figures.append(Figure(GROUP, f"{larger:,} against {large:,} vacancies", ratio, "x", GROWTH_BAR, note=note))
    return figures


def _account(folder: Path, count: int) -> Finished:
    table, out = folder / f"{count}.csv", folder / f"{count}.out"
    if not table.exists():
        subprocess.run([sys.executable, str(GENERATE), "--vacancies", str(count), "--out", str(table)], check=True)
    arguments = ("-m", "subsidyengine", "allocate", "account", str(table), "--on", "2026-01-01", "--json")
    return run_process(*arguments, out=out, cache=str(folder), watch=True)
