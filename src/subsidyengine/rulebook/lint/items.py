"""Everything in a rulebook that is dated or cited, for the lint rules to walk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...words import Message, say
from ..book import Rulebook
from ..model import Cite, ConditionVersion, PeriodVersion
from ..source import Place

#: (what it is called in messages, its citations, does it need one, its place)
Cited = tuple[str, Sequence[Cite], bool, Place]


def versioned(book: Rulebook) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each versioned thing of a scheme: what it is called, and its versions."""
    for scheme in book.schemes.values():
        for condition in scheme.conditions.values():
            yield say("condition {name}", name=condition.name), condition.versions.rows
        for value in scheme.values.values():
            yield say("value {name}", name=value.name), value.versions.rows
        for clause in scheme.clauses:
            if clause.amount:
                yield amount_of(clause.name), clause.amount.rows
            if clause.period:
                yield period_of(clause.name), clause.period.rows


def amount_of(clause: str) -> Message:
    """How messages call an amount: of the scheme (``clause`` empty), or of a part or route."""
    return say("amount of {name}", name=clause) if clause else say("amount")


def period_of(clause: str) -> Message:
    """How messages call a period."""
    return say("period of {name}", name=clause) if clause else say("period")


def _law_unknown(row: Any) -> bool:
    """Does a version say that the law of its days is not known? There is nothing to cite then, only a reason."""
    if isinstance(row, PeriodVersion):
        return row.why is not None and row.start is None and row.end is None
    formula = row.holds if isinstance(row, ConditionVersion) else row.formula
    return row.why is not None and formula is None


def cited(book: Rulebook) -> Iterator[Cited]:
    """Each thing that carries citations."""
    for name, rows in versioned(book):
        for row in rows:
            yield name, row.cites, not _law_unknown(row), row.place
    for scheme in book.schemes.values():
        for clause in scheme.clauses:
            for event in clause.events:
                yield say("event {name}", name=event.kind), event.cites, not event.basis, event.place
        if scheme.known_since is not None:
            yield "known_since", scheme.known_since.cites, True, scheme.known_since.place
        for note in scheme.notes:
            yield say("note"), note.cites, False, note.place
    for rate in book.rates.values():
        for rate_row in rate.rows:
            yield say("rate {name}", name=rate.name), rate_row.cites, rate_row.value is not None, rate_row.place
    for setting in book.settings.values():
        yield say("setting {name}", name=setting.name), setting.cites, setting.settled, setting.place
    for appeal in book.appeals.values():
        yield say("appeal {name}", name=appeal.key), appeal.cites, appeal.established, appeal.place
