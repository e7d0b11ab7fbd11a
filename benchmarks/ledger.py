"""The decision ledger: recording with every commit on the disk, verifying, deciding again; on SQLite and on PostgreSQL."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from subsidyengine.document import Document, decide
from subsidyengine.facts import Case, case_from_data
from subsidyengine.ledger import Ledger, Rules, open_rules
from subsidyengine.ledger.replay import replay
from subsidyengine.ledger.verify import verify

from .cases import case_data
from .report import Figure
from .timing import ROOT

GROUP = "Ledger"
SQLITE_BAR, POSTGRES_BAR, VERIFY_BAR, REPLAY_BAR = 300.0, 150.0, 20_000.0, 500.0
SCHEME = "transitional.subsidy"
DAY = date(2026, 3, 2)


def measure(appends: int = 500, entries: int = 20_000, replays: int = 500) -> list[Figure]:
    """Append one by one on each database, then verify many and replay some on SQLite."""
    rules = open_rules()
    with tempfile.TemporaryDirectory() as folder:
        figures = [_append(str(Path(folder) / "a.db"), Path(folder) / "a.key", rules, appends, "SQLite", SQLITE_BAR)]
        with postgres() as url:
            if url is None:
                print("append on PostgreSQL was not measured: no server can be started here", file=sys.stderr)
            else:
                figures.append(_append(url, Path(folder) / "p.key", rules, appends, "PostgreSQL", POSTGRES_BAR))
        with Ledger.create(str(Path(folder) / "v.db")) as ledger:
            fill(ledger, rules, entries)
            start, processor = time.perf_counter(), time.process_time()
            report = verify(ledger)
            taken, used = time.perf_counter() - start, time.process_time() - processor
            if not report.sound:
                raise RuntimeError(str(report.problems))
            note = f"{report.entries:,} entries, {report.entries / used:,.0f}/s of processor"
            figures.append(Figure(GROUP, "verify", report.entries / taken, "/s", VERIFY_BAR, at_least=True, note=note))
        with Ledger.create(str(Path(folder) / "r.db")) as ledger:
            figures.append(_replay(ledger, rules, replays))
    return figures


def decided(rules: Rules, number: int) -> tuple[Case, Document]:
    """A case of its own, with its decision."""
    case = case_from_data(case_data(number), rules.book.facts)
    return case, decide(case, rules.book, SCHEME, on=DAY)


def _append(url: str, key: Path, rules: Rules, count: int, name: str, bar: float) -> Figure:
    made = [decided(rules, number) for number in range(count + 1)]
    with Ledger.create(url, key) as ledger:
        ledger.add(*made[0], rules, decided_on=DAY)  # the rule files go in with the first
        start, processor = time.perf_counter(), time.process_time()
        for case, document in made[1:]:
            ledger.add(case, document, rules, decided_on=DAY)
        taken, used = time.perf_counter() - start, time.process_time() - processor
    note = f"one by one, each on the disk; {used / count * 1e3:.2f} ms of processor here, a bare fsync {_fsync(key.parent) * 1e3:.2f} ms"
    return Figure(GROUP, f"append, {name}", count / taken, "/s", bar, at_least=True, note=note)


def _fsync(folder: Path, count: int = 50) -> float:
    """Seconds that the disk takes to promise a few kilobytes: what an append cannot be quicker than."""
    import os

    path = folder / "fsync"
    with path.open("wb") as file:
        start = time.perf_counter()
        for _ in range(count):
            file.write(b"x" * 8192)
            file.flush()
            os.fdatasync(file.fileno())
        return (time.perf_counter() - start) / count


def fill(ledger: Ledger, rules: Rules, count: int) -> None:
    """Many decisions in one transaction: only the number of entries matters."""
    case, document = decided(rules, 1)
    first = ledger.add(case, document, rules, decided_on=DAY)
    with ledger.store.reading() as connection:
        from sqlalchemy import select

        from subsidyengine.ledger.schema import records

        row = connection.execute(select(records.c.entry, records.c.content).where(records.c.id == first.id)).one()
    import json

    fields = {k: v for k, v in json.loads(row.entry).items() if k not in ("seq", "kind", "content", "recorded_at", "after")}
    for start in range(0, count, 10_000):
        with ledger._writing() as writer:
            for number in range(start, min(start + 10_000, count)):
                writer.record("decision", {**fields, "id": f"{number:016x}", "case": f"B-{number}"}, row.content)


def _replay(ledger: Ledger, rules: Rules, count: int) -> Figure:
    for number in range(count):
        case, document = decided(rules, number)
        ledger.add(replace(case, on=DAY), document, rules, decided_on=DAY)
    entries = ledger.entries()
    first = next(replay(ledger, [next(entries)]))  # the rules are read
    start, processor = time.perf_counter(), time.process_time()
    same = [one.same for one in replay(ledger, entries)]
    taken, used = time.perf_counter() - start, time.process_time() - processor
    if not (first.same and all(same)):
        raise RuntimeError("a decision did not replay to the byte")
    note = f"{len(same)} different cases to the byte, {len(same) / used:,.0f}/s of processor"
    return Figure(GROUP, "replay", len(same) / taken, "/s", REPLAY_BAR, at_least=True, note=note)


@contextmanager
def postgres() -> Iterator[str | None]:
    """A database of a throwaway server, as the tests start one; None where that cannot be."""
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        import postgres as throwaway
    finally:
        sys.path.pop(0)
    try:
        running = throwaway.server()
        server = running.__enter__()
    except RuntimeError:
        yield None
        return
    try:
        with throwaway.database(server, "bench") as url:
            yield url
    finally:
        running.__exit__(None, None, None)
