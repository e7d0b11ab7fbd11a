"""Whole processes, as a user starts them: ``python -m subsidyengine``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from .cases import write_ndjson
from .report import Figure
from .timing import ROOT, run_process

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
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, arguments in commands.items():
            times[name].append(run_process(*arguments, cache=cache).seconds)
    middle = {name: median(found) for name, found in times.items()}
    bars = {"--help": HELP_BAR, "decide one case file": DECIDE_BAR}
    figures = [Figure(GROUP, name, time, "s", bars.get(name)) for name, time in middle.items()]
    figures.append(Figure(GROUP, "decide one case file, rulebook not kept yet", cold, "s", note="once after each change of the rules"))
    for name in bars:
        figures.append(Figure(GROUP, f"{name} / bare python", middle[name] / middle["bare python"], "x", note="machine-independent"))
    return figures


def _batches(few: int, many: int, folder: Path) -> list[Figure]:
    peaks: dict[int, float] = {}
    seconds: dict[int, float] = {}
    for count in (few, many):
        lines, out = folder / f"{count}.ndjson", folder / f"{count}.out"
        write_ndjson(lines, count)
        finished = run_process(*ENGINE, "decide", "-", "--json", stdin=lines, out=out, cache=str(folder), watch=True)
        seconds[count] = finished.seconds
        if finished.peak is not None:
            peaks[count] = finished.peak
        with out.open("rb") as written:
            answers = sum(1 for _ in written)
        if answers != count:
            raise RuntimeError(f"{count} cases gave {answers} answers")
    each = (seconds[many] - seconds[few]) / (many - few)
    figures = [Figure(GROUP, f"{many:,} cases through stdin", seconds[many], "s", BATCH_BAR, note=f"{each * 1e3:.2f} ms a case")]
    if len(peaks) == 2:
        note = f"{peaks[few]:.1f} MiB at {few:,} cases, {peaks[many]:.1f} at {many:,}"
        figures.append(Figure(GROUP, "growth of its peak memory", peaks[many] - peaks[few], "MiB", PEAK_BAR, note=note))
    else:
        figures.append(Figure(GROUP, "growth of its peak memory", 0, "MiB", note="not measured: there is no /proc here"))
    return figures
