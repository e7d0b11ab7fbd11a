"""Timing that is fair to everybody: all subjects take turns, so that whatever slows the machine down slows all of them."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 21
BLOCK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds a call of each subject, in each round."""

    rounds: Mapping[str, Sequence[float]]

    def seconds(self, name: str) -> float:
        """The median of all rounds."""
        return median(self.rounds[name])

    def ratio(self, name: str, base: str) -> float:
        """How many times as long as ``base``: the median of the ratios within a round, so that a machine that changes its
        pace between rounds changes nothing."""
        return median(a / b for a, b in zip(self.rounds[name], self.rounds[base], strict=True))


def interleaved(subjects: Mapping[str, Callable[[Any], Any]], inputs: Mapping[str, Sequence[Any]], rounds: int = ROUNDS) -> Times:
    """Time all subjects by turns: blocks run A B C, A B C, ...

    A block goes through the subject's inputs one after the other, so that none answers the same question twice in a row.
    The garbage collector stays on, as it is in use; what was there before is frozen, so that it is charged to nobody.
    """
    lengths = {name: _block_length(run, inputs[name]) for name, run in subjects.items()}
    gc.collect()
    gc.freeze()
    try:
        taken: dict[str, list[float]] = {name: [] for name in subjects}
        for _ in range(rounds):
            for name, run in subjects.items():
                taken[name].append(_block(run, inputs[name], lengths[name]))
    finally:
        gc.unfreeze()
    return Times(taken)


def _block(run: Callable[[Any], Any], inputs: Sequence[Any], passes: int) -> float:
    start = time.perf_counter()
    for _ in range(passes):
        for item in inputs:
            run(item)
    return (time.perf_counter() - start) / (passes * len(inputs))


def _block_length(run: Callable[[Any], Any], inputs: Sequence[Any]) -> int:
    """How many times through the inputs fill a block; and a warm-up."""
    _block(run, inputs, 1)
    return max(1, round(BLOCK_SECONDS / (_block(run, inputs, 1) * len(inputs))))


def yardstick(_: object) -> int:
    """A fixed piece of plain Python: what was timed beside it can be compared between machines."""
    table: dict[int, int] = {}
    for number in range(1000):
        table[number % 97] = table.get(number % 97, 0) + number
    return len(table)


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended: seconds by the clock and of processor, and the most memory it held in MiB (None where /proc
    does not say). More seconds by the clock than of processor: it had to wait, for the disk or for others."""

    seconds: float
    processor: float
    peak: float | None


def child_environment() -> dict[str, str]:
    """For a process that is started: it finds this package as this one did, and speaks English."""
    paths = [path for path in (os.environ.get("PYTHONPATH"), str(ROOT / "src")) if path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "LC_ALL": "C.UTF-8"}


def run_process(*arguments: str, stdin: Path | None = None, out: Path | None = None, cache: str = "", watch: bool = False) -> Finished:
    """Run Python with ``arguments`` (``-m subsidyengine ...``) to its end. RuntimeError when it does not end well.

    ``watch`` reads the peak memory from outside while it runs; the time is then coarse.
    """
    environment = {**child_environment(), **({"XDG_CACHE_HOME": cache} if cache else {})}
    source = stdin.open("rb") if stdin else subprocess.DEVNULL
    target = out.open("wb") if out else subprocess.DEVNULL
    with tempfile.TemporaryFile() as errors:
        spent = _children_seconds()
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdin=source, stdout=target, stderr=errors, env=environment, cwd=ROOT)
        peak = None
        while watch and process.poll() is None:
            peak = _peak_memory(process.pid) or peak
            time.sleep(0.02)
        code = process.wait()
        seconds = time.perf_counter() - start
        errors.seek(0)
        if code != 0:
            raise RuntimeError(f"{' '.join(arguments)} ended with {code}: {errors.read()[-2000:].decode(errors='replace')}")
    for file in (source, target):
        if not isinstance(file, int):
            file.close()
    return Finished(seconds, _children_seconds() - spent, peak)


def _children_seconds() -> float:
    """Processor seconds of all processes that were started and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _peak_memory(pid: int) -> float | None:
    """The peak as the kernel keeps it for this program (a child's ``ru_maxrss`` would count its parent's too)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), None)


def held_memory() -> float:
    """Memory that this process holds now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
