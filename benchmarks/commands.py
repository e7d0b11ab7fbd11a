"""Whole processes, as a user starts them: ``python -m subsidyengine``."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from .cases import write_ndjson
from .report import Figure
from .timing import ROOT, Finished, run_process

GROUP = "Whole processes"
DECIDE_BAR, HELP_BAR, BATCH_BAR, PEAK_BAR = 0.7, 0.35, 25.0, 10.0
FEW, MANY = 1_000, 10_000
CASE = ROOT / "fixtures" / "cases" / "transitional-subsidy-rent-rises.yaml"
ENGINE = ("-m", "subsidyengine")


def measure(runs: int = 9, few: int = FEW, many: int = MANY) -> list[Figure]:
    """Start-up by turns, then the batch at two sizes."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_starts(runs, folder), *_batches(few, many, Path(folder))]


def _starts(runs: int, cache: str) -> list[Figure]:
    commands = {
        "bare python": ("-c", "pass"),
        "--help": (*ENGINE, "--help"),
        "decide one case file": (*ENGINE, "decide", str(CASE)),
    }
    cold = run_process(*commands["decide one case file"], cache=cache).seconds
    times: dict[str, list[Finished]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, arguments in commands.items():
            times[name].append(run_process(*arguments, cache=cache))
    middle = {name: median(f.seconds for f in found) for name, found in times.items()}
    bars = {"--help": HELP_BAR, "decide one case file": DECIDE_BAR}
    figures = [Figure(GROUP, name, time, "s", bars.get(name), note=_processor(times[name])) for name, time in middle.items()]
    figures.append(Figure(GROUP, "decide one case file, rulebook not kept yet", cold, "s", note="once after each change of the rules"))
    for name in bars:
        ratio = median(a.seconds / b.seconds for a, b in zip(times[name], times["bare python"], strict=True))
        figures.append(Figure(GROUP, f"{name} / bare python", ratio, "x", note="machine-independent"))
    return figures


def _processor(found: Sequence[Finished]) -> str:
    return f"{median(f.processor for f in found):.2f} s of processor"


def _batches(few: int, many: int, folder: Path, runs: int = 3) -> list[Figure]:
    found: dict[int, list[Finished]] = {few: [], many: []}
    for count in found:
        write_ndjson(folder / f"{count}.ndjson", count)
    for _ in range(runs):
        for count, ended in found.items():
            lines, out = folder / f"{count}.ndjson", folder / f"{count}.out"
            ended.append(run_process(*ENGINE, "decide", "-", "--json", stdin=lines, out=out, cache=str(folder), watch=True))
            with out.open("rb") as written:
                answers = sum(1 for _ in written)
            if answers != count:
                raise RuntimeError(f"{count} cases gave {answers} answers")
    each = median((b.seconds - a.seconds) / (many - few) for a, b in zip(found[few], found[many], strict=True))
    note = f"{each * 1e3:.2f} ms a case, {_processor(found[many])}"
    seconds = median(f.seconds for f in found[many])
    figures = [Figure(GROUP, f"{many:,} cases through stdin", seconds, "s", BATCH_BAR, note=note)]
    peaks = {count: max((f.peak for f in ended if f.peak is not None), default=None) for count, ended in found.items()}
    low, high = peaks[few], peaks[many]
    if low is not None and high is not None:
        note = f"{low:.1f} MiB at {few:,} cases, {high:.1f} at {many:,}"
        figures.append(Figure(GROUP, "growth of its peak memory", high - low, "MiB", PEAK_BAR, note=note))
    else:
        figures.append(Figure(GROUP, "growth of its peak memory", 0, "MiB", note="not measured: there is no /proc here"))
    return figures
