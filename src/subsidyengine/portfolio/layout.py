"""How the facts of many cases lie in one table: a column for each fact, several for one that is dated or is several days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from ..formula import exact
from ..formula.columns import TYPES
from ..rulebook import Fact

#: Columns beside the facts.
CASE, ON, KNOWN = "case", "on", "known"
#: Days that a table can hold.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
#: From when a statement holds that names no day: before any that a formula could ask for.
ALWAYS = date.min
#: Statements of one dated fact, and days of one fact of several days, in one case.
MOST_STATEMENTS = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """Numbers of a fact are whole multiples of ``1 / scale``, and below ``top``."""

    scale: int
    top: int

    @property
    def bound(self) -> int:
        """The largest numerator."""
        return self.scale * self.top

    @property
    def decimals(self) -> int:
        """Places behind the point."""
        return len(str(self.scale)) - 1


_KRONER = Limit(100, 10**9)
_LIMITS = {
    "m2": Limit(100, 10**5), "km": Limit(100, 10**5), "DKK/day": Limit(100, 10**6), "DKK/month": Limit(100, 10**7),
}  # fmt: skip
_COUNT, _OTHER = Limit(1, 10**6), Limit(10_000, 10**3)


def limit_of(fact: Fact) -> Limit:
    """What a table can hold of a numeric fact: wider than any real one, narrow enough to compute exactly in whole numbers."""
    if fact.kind == "integer":
        return _COUNT
    return _LIMITS.get(fact.unit) or (_KRONER if fact.unit.startswith("DKK") else _OTHER)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which facts a table holds. ``dated``: those with statements from several days, and how many at most; ``days``: facts
    that are several days, and how many at most. A fact of the vocabulary that is in none of them is unknown in every case.
    """

    facts: Mapping[str, Fact]
    plain: frozenset[str]
    dated: Mapping[str, int]
    days: Mapping[str, int]

    def holds(self, name: str) -> bool:
        """Is the fact in the table at all?"""
        return name in self.plain or name in self.dated or name in self.days

    def columns_of(self, name: str) -> list[str]:
        """The columns that hold a fact's values."""
        count = self.dated.get(name) or self.days.get(name)
        return [slot(name, i) for i in range(count)] if count else [name] if name in self.plain else []

    def only(self, names: Collection[str]) -> Layout:
        """The part of it that holds the facts ``names``."""
        return Layout(
            self.facts, self.plain & frozenset(names), {n: k for n, k in self.dated.items() if n in names},
            {n: k for n, k in self.days.items() if n in names},
        )  # fmt: skip

    def at(self, table: Any, name: str, day: Any) -> Any:
        """The fact's value on ``day`` as :class:`~subsidyengine.formula.columns.Cell` has it; None when the table has no such fact."""
        if name in self.days:
            return tuple(table[slot(name, i)] for i in range(self.days[name]))
        fact = self.facts[name]
        if name in self.plain:
            raw = table[name]
        elif name in self.dated:
            # The last statement that has begun; a slot that is not used never begins.
            slots = reversed(range(self.dated[name]))
            raw = ibis.cases(*((table[begins(name, i)] <= day, table[slot(name, i)]) for i in slots))
        else:
            return None
        if fact.type.kind != "number":
            return raw
        limit = limit_of(fact)
        return exact.column(raw, limit.bound, limit.scale, fact.min is not None and fact.min >= 0)

    def schema(self) -> dict[str, str]:
        """The columns of the table, with their Ibis types."""
        columns = {CASE: "string", ON: "date", KNOWN: "date"}
        for name in self.facts:
            kind = column_type(self.facts[name])
            if name in self.plain:
                columns[name] = kind
            for i in range(self.dated.get(name, 0)):
                columns |= {slot(name, i): kind, begins(name, i): "date"}
            for i in range(self.days.get(name, 0)):
                columns[slot(name, i)] = "date"
        return columns


def column_type(fact: Fact) -> str:
    """The Ibis type of a fact's column: a number is a whole count of its smallest parts."""
    return "int64" if fact.type.kind == "number" else TYPES.get(fact.type.kind, "date")


def slot(name: str, index: int) -> str:
    """Column of one of several values."""
    return f"{name}#{index}"


def begins(name: str, index: int) -> str:
    """Column of the day from which a dated value holds."""
    return f"{name}#{index}.from"
