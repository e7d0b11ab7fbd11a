"""A ledger of a million entries: finding one, proving one, appending to it. Takes minutes and gigabytes: only when asked for."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from statistics import median

from subsidyengine.ledger import Ledger, open_rules
from subsidyengine.ledger.dossier import dossier
from subsidyengine.ledger.prove import prove_entry

from .ledger import decided, fill
from .report import Figure

GROUP = "Ledger of many entries"
SHOW_BAR = 20.0


def measure(entries: int = 1_000_000, asked: int = 200) -> list[Figure]:
    """Each question of a decision chosen at random."""
    rules = open_rules()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder, Ledger.create(str(Path(folder) / "m.db")) as ledger:
        fill(ledger, rules, entries)
        ids = [f"{chance.randrange(entries):016x}" for _ in range(asked)]
        dossier(ledger, ids[0])  # the rules are read
        found = []
        for name, run, bar in (
            ("show by id", lambda one: dossier(ledger, one), SHOW_BAR),
            ("entry by id", ledger.entry, None),
            ("proof of one", lambda one: prove_entry(ledger, one), None),
        ):
            times = []
            for one in ids:
                start = time.perf_counter()
                run(one)
                times.append(time.perf_counter() - start)
            found.append(
                Figure(GROUP, name, median(times) * 1e3, "ms", bar, note=f"{entries:,} entries, the slowest {max(times) * 1e3:.1f} ms")
            )
        case, document = decided(rules, 7)
        start = time.perf_counter()
        ledger.add(case, document, rules, decided_on=document.on)
        found.append(Figure(GROUP, "append one more", (time.perf_counter() - start) * 1e3, "ms"))
    return found
