"""Values of formulas: exact numbers, days, words, and *unknown* with the reasons why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from .calendar import Span

CauseKind = Literal["missing_fact", "needs_assessment", "law_not_known", "no_value"]


class Cause(NamedTuple):
    """Why something is unknown. ``name`` is a fact, rate, setting, condition or (``no_value``) a plain reason.

    ``asked``: the fact to ask for where what is given has no value; empty where no fact was read.
    """

    kind: CauseKind
    name: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The third truth value, and the missing number: carries every cause, in the order met."""

    causes: tuple[Cause, ...]

    def named(self, name: str) -> Unknown:
        """With ``name`` for the causes that have none: ``unknown`` was written there, in the formula of what has the name."""
        return Unknown(tuple(c._replace(name=name) if c.name == "" else c for c in self.causes))

    def __bool__(self) -> bool:
        raise TypeError("an unknown is neither true nor false")


Value = bool | int | Fraction | date | str | tuple[date, ...] | Span | Unknown


def merge(left: Unknown, right: Unknown) -> Unknown:
    """Both sets of causes, each once."""
    if left is right:
        return left
    new = tuple(c for c in right.causes if c not in left.causes)
    return Unknown(left.causes + new) if new else left


def quantize(value: int | Fraction, exponent: str, rounding: str) -> Decimal:
    """Round an exact number to a Decimal with the places of ``exponent``; half-up or floor, never banker's."""
    step = Fraction(exponent)
    scaled = Fraction(value) / step
    if rounding == ROUND_FLOOR:
        whole = scaled.numerator // scaled.denominator
    elif rounding == ROUND_HALF_UP:  # away from zero at exactly one half
        sign = -1 if scaled < 0 else 1
        whole = sign * ((2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator))
    else:  # pragma: no cover - a programming error
        raise ValueError(rounding)
    return _decimal(whole, len(exponent.partition(".")[2]))


def _decimal(whole: int, places: int) -> Decimal:
    """``whole`` with its last ``places`` digits behind the point; Decimal's own arithmetic would keep 28 digits only."""
    return Decimal((int(whole < 0), Decimal(abs(whole)).as_tuple().digits, -places))


def exact_decimal(value: int | Fraction) -> Decimal | None:
    """The finite decimal equal to ``value``, or None (1/3 has none)."""
    fraction = Fraction(value)
    bottom, places = fraction.denominator, 0
    while bottom % 10 == 0:
        bottom, places = bottom // 10, places + 1
    twos = fives = 0
    while bottom % 2 == 0:
        bottom, twos = bottom // 2, twos + 1
    while bottom % 5 == 0:
        bottom, fives = bottom // 5, fives + 1
    if bottom != 1:
        return None
    places += max(twos, fives)
    whole = fraction.numerator * 10**places // fraction.denominator
    return _decimal(whole, places)


def plain(value: Value | Span | None) -> str | bool | int | list[str] | None:
    """A value for JSON: numbers as decimal text, days as ISO text, spans in words, unknown as null, thirds as a fraction."""
    if value is None or isinstance(value, Unknown):
        return None
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, Fraction):
        decimal = exact_decimal(value)
        return str(value) if decimal is None else format(decimal, "f")
    if isinstance(value, Span):
        return " + ".join(f"{n} {unit}" for n, unit in zip(value, Span._fields, strict=True) if n) or "0 days"
    return value.isoformat() if isinstance(value, date) else [d.isoformat() for d in value]
