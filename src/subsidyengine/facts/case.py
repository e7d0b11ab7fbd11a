"""One case: facts, each with the days it holds for, where it came from and when it was received."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

#: A fact's value: true or false, an exact number, a day, a word, or several days.
FactValue = bool | int | Fraction | date | str | tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """One statement of a fact. ``from_`` None: it holds on every day. ``by`` and ``on`` belong to an assessment."""

    value: FactValue | None
    from_: date | None = None
    received: date | None = None
    source: str = ""
    by: str = ""
    on: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case to decide. ``on`` None: the face asks for a day. An absent fact is unknown, never zero and never false."""

    id: str
    on: date | None
    known: date | None
    schemes: tuple[str, ...]
    facts: Mapping[str, tuple[Given, ...]]
    #: Where the case was read: ``file:line`` (empty for one made in memory).
    origin: str = ""

    def value_at(self, name: str, day: date, known: date | None) -> FactValue | None:
        """What was known by ``known`` of the fact on ``day``; None when nothing was."""
        found: FactValue | None = None
        for given in self.facts.get(name, ()):
            if given.from_ is not None and given.from_ > day:
                continue
            if known is not None and given.received is not None and given.received > known:
                continue
            found = given.value
        return found

    def on_day(self, day: date, known: date | None) -> dict[str, Any]:
        """Every fact that has a value on ``day``, as known on ``known``."""
        values: dict[str, Any] = {}
        for name, statements in self.facts.items():
            if len(statements) == 1:
                given = statements[0]
                if given.from_ is None and given.received is None:
                    if given.value is not None:
                        values[name] = given.value
                    continue
            value = self.value_at(name, day, known)
            if value is not None:
                values[name] = value
        return values

    def change_days(self, known: date | None, names: Collection[str]) -> list[date]:
        """Days on which one of the facts ``names`` takes a new value, sorted."""
        return sorted(
            {
                given.from_
                for name, statements in self.facts.items()
                if name in names
                for given in statements
                if given.from_ is not None and (known is None or given.received is None or given.received <= known)
            }
        )
