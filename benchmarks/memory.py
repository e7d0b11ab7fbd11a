"""Does memory stay flat? Each engine decides thousands of cases in a process of its own.

``python -m benchmarks.memory reference|durable COUNT`` is that process.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys

from subsidyengine.document import decide
from subsidyengine.facts import case_from_data
from subsidyengine.rulebook import open_rulebook

from .cases import SCHEME, case_data
from .report import Figure
from .timing import ROOT, child_environment, held_memory

CASES, WARM_UP, GROWTH_BAR = 20_000, 2_000, 20.0


def grow(durable: bool, count: int, warm_up: int) -> dict[str, float]:
    """MiB held after the warm-up and the most held later, over ``count`` different cases with document and JSON."""
    rulebook = open_rulebook()
    start = highest = 0.0
    for number in range(1, warm_up + count + 1):
        case = case_from_data(case_data(number), rulebook.facts)
        decide(case, rulebook, SCHEME, "da", durable=durable).to_json()
        if number == warm_up:
            gc.collect()
            start = highest = held_memory()
        elif number > warm_up and number % 500 == 0:
            highest = max(highest, held_memory())
    return {"start": start, "highest": highest}


def measure(count: int = CASES, warm_up: int = WARM_UP) -> list[Figure]:
    """Both engines at once, each in a process of its own: memory does not mind."""
    running = {
        kind: subprocess.Popen(
            [sys.executable, "-m", "benchmarks.memory", kind, str(count), str(warm_up)],
            cwd=ROOT,
            env=child_environment(),
            stdout=subprocess.PIPE,
        )
        for kind in ("reference", "durable")
    }
    figures = []
    for kind, process in running.items():
        out, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"measuring the memory of {kind} ended with {process.returncode}")
        found = json.loads(out)
        name = "reference alone" if kind == "reference" else "with durable-rules"
        note = f"from {found['start']:.1f} MiB after {warm_up:,} cases to {found['highest']:.1f} at most"
        figures.append(Figure(f"Memory over {count:,} cases", name, found["highest"] - found["start"], "MiB", GROWTH_BAR, note=note))
    return figures


if __name__ == "__main__":
    print(json.dumps(grow(sys.argv[1] == "durable", int(sys.argv[2]), int(sys.argv[3]))))
