"""Processes of their own that write to a ledger, for the tests of faults. Run as a program: workers.py JOB URL KEY ..."""

from __future__ import annotations

import resource
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from subsidyengine.document import decide
from subsidyengine.facts import Case, read_cases
from subsidyengine.ledger import Ledger, LedgerError, open_rules

CASE = Path(__file__).parents[2] / "fixtures" / "cases" / "transitional-subsidy-rent-rises.yaml"
DAY = date(2026, 3, 2)


def write(url: str, key: str, name: str, count: int) -> None:
    """Record decisions one after the other; each is acknowledged on a line when it is on the disk."""
    rules = open_rules()
    case = next(iter(read_cases([CASE], rules.book)))
    assert isinstance(case, Case)
    document = decide(case, rules.book, "transitional.subsidy")
    with Ledger.open(url, Path(key)) as ledger:
        print("ready", flush=True)
        for number in range(count):
            entry = ledger.add(replace(case, id=f"{name}-{number}"), document, rules, decided_on=DAY, person={"name": f"Prøve {number}"})
            print(entry.id, flush=True)


def limited(url: str, key: str, most: int) -> None:
    """Write until the file may grow no more; the disk is full as far as this process can see."""
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        write(url, key, "full", 10_000)
    except LedgerError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        sys.exit(1)


def unprivileged(url: str, key: str, uid: int, scratch: str) -> None:
    """Write as a user who may read the file and not change it. All that is needed is loaded before: the user may not read that either."""
    import os

    Ledger.create(scratch).close()
    write(scratch, f"{scratch}.key", "before", 1)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    rules = open_rules()
    with Ledger.open(url, Path(key)) as ledger:
        entry = next(ledger.entries())
        try:
            ledger.sign(entry.id, by="A", role="r", on=DAY)
        except LedgerError as error:
            print(f"{type(error).__name__}: {error}", rules.book.hash[:6], flush=True)
            sys.exit(1)


if __name__ == "__main__":
    job, url, key, *rest = sys.argv[1:]
    match job:
        case "write":
            write(url, key, rest[0], int(rest[1]))
        case "limited":
            limited(url, key, int(rest[0]))
        case "unprivileged":
            unprivileged(url, key, int(rest[0]), rest[1])
