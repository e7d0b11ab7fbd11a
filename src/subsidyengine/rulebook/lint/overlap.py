"""R_GAP, R_OVERLAP, R_ORDER: the versions of one thing cover all days, each day once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from ..book import Rulebook
from ..model import Rate
from ..problems import Problem
from .items import versioned


def check(book: Rulebook) -> Iterator[Problem]:
    """Versions in schemes, and the rows of rates."""
    for what, rows in versioned(book):
        yield from _versions(what, rows)
    for rate in book.rates.values():
        yield from _rate(rate)


def _versions(what: str, rows: Sequence[Any]) -> Iterator[Problem]:
    if rows[0].from_ is not None:
        yield Problem(rows[0].place, "R_GAP", f"{what}: no version before {rows[0].from_} (the first has no 'from')")
    if rows[-1].until is not None:
        yield Problem(rows[-1].place, "R_GAP", f"{what}: no version after {rows[-1].until} (the last has no 'until')")
    for before, after in pairwise(rows):
        if before.until is None or after.from_ is None:
            yield Problem(
                after.place,
                "R_OVERLAP",
                f"{what}: two versions hold on the same days; bound them by 'until' and 'from'",
            )
        elif after.from_ <= before.until:
            yield Problem(after.place, "R_OVERLAP", f"{what}: two versions hold from {after.from_} to {before.until}")
        elif after.from_ > before.until + timedelta(days=1):
            first, last = before.until + timedelta(days=1), after.from_ - timedelta(days=1)
            yield Problem(after.place, "R_GAP", f"{what}: no version from {first} to {last}")


def _rate(rate: Rate) -> Iterator[Problem]:
    if rate.rows[0].from_ is not None:
        message = f"rate {rate.name}: no row before {rate.rows[0].from_} (the first has no 'from'; write 'value: unknown')"
        yield Problem(rate.rows[0].place, "R_GAP", message)
    seen: set[tuple[object, object]] = set()
    for before, row in zip((None, *rate.rows), rate.rows, strict=False):
        if before is not None and (row.from_ is None or (before.from_ is not None and row.from_ < before.from_)):
            yield Problem(row.place, "R_ORDER", f"rate {rate.name}: rows stand oldest first")
        if (row.from_, row.known_from) in seen:
            yield Problem(row.place, "R_OVERLAP", f"rate {rate.name}: two rows from {row.from_} known from {row.known_from}")
        seen.add((row.from_, row.known_from))
