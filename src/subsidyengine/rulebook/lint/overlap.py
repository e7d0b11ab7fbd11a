"""R_GAP, R_OVERLAP, R_ORDER: the versions of one thing cover all days, each day once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from ...words import say
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
            message = say("{what}: a version ends on {until}, before it begins on {start}", what=what, until=row.until, start=row.from_)
            yield Problem(row.place, "R_ORDER", message)
    if rows[0].from_ is not None:
        message = say(
            "{what}: no version before {day}: the first has no 'from' (law not known: 'unknown' with 'why')", what=what, day=rows[0].from_
        )
        yield Problem(rows[0].place, "R_GAP", message)
    if rows[-1].until is not None:
        message = say(
            "{what}: no version after {day}: the last has no 'until' (law not known: 'unknown' with 'why')", what=what, day=rows[-1].until
        )
        yield Problem(rows[-1].place, "R_GAP", message)
    for before, after in pairwise(rows):
        if before.until is None or after.from_ is None:
            message = say(
                "{what}: two versions hold on the same days: end the one at {place} with 'until' and begin this one with 'from'",
                what=what,
                place=before.place,
            )
            yield Problem(after.place, "R_OVERLAP", message)
        elif after.from_ <= before.until:
            days = _days(after.from_, before.until)
            message = say("{what}: two versions hold {days}, this and the one at {place}", what=what, days=days, place=before.place)
            yield Problem(after.place, "R_OVERLAP", message)
        elif after.from_ - before.until > DAY:
            first, last = before.until + DAY, after.from_ - DAY
            yield Problem(after.place, "R_GAP", say("{what}: no version {days}", what=what, days=_days(first, last)))


def _days(first: date, last: date) -> str:
    return say("on {day}", day=first) if first == last else say("from {first} to {last}", first=first, last=last)


def _rate(rate: Rate) -> Iterator[Problem]:
    first = rate.rows[0]
    if first.from_ is not None:
        message = say(
            "rate {name}: no row before {day}: the first row has no 'from' (not known: 'value: unknown' with 'why')",
            name=rate.name,
            day=first.from_,
        )
        yield Problem(first.place, "R_GAP", message)
    if first.known_from is not None:
        day = first.known_from
        message = say("rate {name}: nothing is known before {day}: the first row has no 'known_from'", name=rate.name, day=day)
        yield Problem(first.place, "R_GAP", message)
    for before, row in pairwise(rate.rows):
        then, now = _begins(before), _begins(row)
        if now == then:
            message = say(
                "rate {name}: two rows {row}, this and the one at {place}; a correction says 'known_from'",
                name=rate.name,
                row=_named(row),
                place=before.place,
            )
            yield Problem(row.place, "R_OVERLAP", message)
        elif now < then:
            message = say(
                "rate {name}: the row {row} stands after the row {before}; rows stand oldest first",
                name=rate.name,
                row=_named(row),
                before=_named(before),
            )
            yield Problem(row.place, "R_ORDER", message)


def _begins(row: RateRow) -> tuple[date, date]:
    return (row.from_ or date.min, row.known_from or date.min)


def _named(row: RateRow) -> str:
    start = say("from {day}", day=row.from_) if row.from_ else say("without 'from'")
    return say("{start} known from {day}", start=start, day=row.known_from) if row.known_from else start
