"""Types and units of the rule language: money is not a date, and kroner a month are not kroner a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..words import Message, say

Kind = Literal["bool", "number", "date", "dates", "enum", "text", "span"]

BASE_UNITS = ("DKK", "m2", "year", "month", "day", "km")
#: Words that name a plain number: a share (0.40 is 40 %) and a bare count carry no unit.
PLAIN_UNITS = ("", "share", "ratio", "count")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of base units with whole exponents, e.g. DKK/m2/year = ((DKK, 1), (m2, -1), (year, -1))."""

    powers: tuple[tuple[str, int], ...] = ()

    @staticmethod
    def parse(text: str) -> Unit:
        """Read ``DKK/month``; raises ValueError naming the part that is no unit."""
        if text in PLAIN_UNITS:
            return PLAIN
        numerator, *denominators = text.split("/")
        powers: dict[str, int] = {}
        for part, sign in [(numerator, 1), *((d, -1) for d in denominators)]:
            if part not in BASE_UNITS:
                raise ValueError(part)
            powers[part] = powers.get(part, 0) + sign
        return Unit(tuple(sorted((u, p) for u, p in powers.items() if p)))

    def combine(self, other: Unit, sign: int) -> Unit:
        """The unit of a product (sign 1) or a quotient (sign -1)."""
        powers = dict(self.powers)
        for unit, power in other.powers:
            powers[unit] = powers.get(unit, 0) + sign * power
        return Unit(tuple(sorted((u, p) for u, p in powers.items() if p)))

    def __str__(self) -> str:
        over = [u for u, p in self.powers for _ in range(p) if p > 0]
        under = [u for u, p in self.powers for _ in range(-p) if p < 0]
        return "/".join(["*".join(over) or "1", *under]) if self.powers else say("a plain number")


PLAIN = Unit()


_KINDS: dict[str, Message] = {
    "bool": say("a statement (true or false)"),
    "date": say("a date"),
    "dates": say("a list of dates"),
    "text": say("a text"),
    "span": say("a span of time"),
}


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an expression. ``unit`` None is a bare literal that takes the unit of its neighbour."""

    kind: Kind
    unit: Unit | None = None
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind == "number":
            return say("a number of {unit}", unit=self.unit) if self.unit and self.unit.powers else say("a plain number")
        if self.kind == "enum":
            return say("one of {words}", words=", ".join(self.values[:6]) + (", ..." if len(self.values) > 6 else ""))
        return _KINDS[self.kind]


BOOL = Type("bool")
DATE = Type("date")
DATES = Type("dates")
TEXT = Type("text")
SPAN = Type("span")
LITERAL = Type("number", None)
COUNT = Type("number", PLAIN)


def number(unit: str) -> Type:
    """A number type from unit text."""
    return Type("number", Unit.parse(unit))


def mismatch(left: Type, right: Type) -> str:
    """The code of the error when two types do not go together: two numbers differ by their units only."""
    return "F_UNIT" if left.kind == right.kind == "number" else "F_TYPE"


def unify(left: Type, right: Type) -> Type | None:
    """The common type of two operands, or None when they are not alike."""
    if left.kind != right.kind:
        return None
    if left.kind == "number":
        if left.unit is None:
            return right
        if right.unit is None or left.unit == right.unit:
            return left
        return None
    if left.kind == "enum":
        if left.values == right.values:
            return left
        if set(left.values) <= set(right.values):
            return right
        return left if set(right.values) <= set(left.values) else None
    return left
