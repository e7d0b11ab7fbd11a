"""R_GAP, R_OVERLAP, R_ORDER: the versions of one thing cover all days, each day once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from ..book import Rulebook
from ..model import Rate, RateRow
from ..problems import Problem
from .items import versioned

DAY = timedelta(days=1)


def check(book: Rulebook) -> Iterator[Problem]:
    """Versions in schemes, and the rows of rates."""
    for what, rows in versioned(book):
        yield from _versions(what, rows)
    for rate in book.rates.values():
        yield from _rate(rate)


def _versions(what: str, rows: Sequence[Any]) -> Iterator[Problem]:
    for row in rows:
        if row.from_ is not None and row.until is not None and row.until < row.from_:
            yield Problem(row.place, "R_ORDER", f"{what}: a version ends on {row.until}, before it begins on {row.from_}")
    if rows[0].from_ is not None:
        message = f"{what}: no version before {rows[0].from_}: the first has no 'from' (law not known: 'unknown' with 'why')"
        yield Problem(rows[0].place, "R_GAP", message)
    if rows[-1].until is not None:
        message = f"{what}: no version after {rows[-1].until}: the last has no 'until' (law not known: 'unknown' with 'why')"
        yield Problem(rows[-1].place, "R_GAP", message)
    for before, after in pairwise(rows):
        if before.until is None or after.from_ is None:
            ends = f"end the one at {before.place} with 'until' and begin this one with 'from'"
            message = f"{what}: two versions hold on the same days: {ends}"
            yield Problem(after.place, "R_OVERLAP", message)
        elif after.from_ <= before.until:
            message = f"{what}: two versions hold {_days(after.from_, before.until)}, this and the one at {before.place}"
            yield Problem(after.place, "R_OVERLAP", message)
        elif after.from_ - before.until > DAY:
            first, last = before.until + DAY, after.from_ - DAY
            yield Problem(after.place, "R_GAP", f"{what}: no version {_days(first, last)}")


def _days(first: date, last: date) -> str:
    return f"on {first}" if first == last else f"from {first} to {last}"


def _rate(rate: Rate) -> Iterator[Problem]:
    first = rate.rows[0]
    if first.from_ is not None:
        message = f"rate {rate.name}: no row before {first.from_}: the first row has no 'from' (not known: 'value: unknown' with 'why')"
        yield Problem(first.place, "R_GAP", message)
    if first.known_from is not None:
        message = f"rate {rate.name}: nothing is known before {first.known_from}: the first row has no 'known_from'"
        yield Problem(first.place, "R_GAP", message)
    for before, row in pairwise(rate.rows):
        then, now = _begins(before), _begins(row)
        if now == then:
            message = f"rate {rate.name}: two rows {_named(row)}, this and the one at {before.place}; a correction says 'known_from'"
            yield Problem(row.place, "R_OVERLAP", message)
        elif now < then:
            message = f"rate {rate.name}: the row {_named(row)} stands after the row {_named(before)}; rows stand oldest first"
            yield Problem(row.place, "R_ORDER", message)


def _begins(row: RateRow) -> tuple[date, date]:
    return (row.from_ or date.min, row.known_from or date.min)


def _named(row: RateRow) -> str:
    known = f" known from {row.known_from}" if row.known_from else ""
    return (f"from {row.from_}" if row.from_ else "without 'from'") + known
