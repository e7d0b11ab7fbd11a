"""The functions of the formula language on columns: numbers as :class:`~subsidyengine.formula.exact.Num`, days as Ibis dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

import ibis

from . import exact
from .calendar import MAX_YEARS
from .exact import Num


@dataclass(frozen=True, slots=True)
class Steps:
    """A span of time: a column of whole numbers of one unit (Y, M, D), none of them above ``bound``."""

    unit: str
    count: Any
    bound: int

    @property
    def short(self) -> bool:
        """Is it never longer than a span of any law?"""
        return self.bound <= _LONGEST[self.unit]


def shifted(day: Any, steps: Steps, sign: int) -> Any:
    """``day`` plus a span: month ends clip, on every engine alike. A span that is longer than any law's has no day."""
    count = steps.count if sign > 0 else -steps.count
    count = (count if steps.short else ibis.cases((steps.count.abs() <= _LONGEST[steps.unit], count))).cast("int32")
    # The sum of a day and an interval is a moment for some engines: through a moment it becomes a day again everywhere.
    return (day + count.as_interval(steps.unit)).cast("timestamp").cast("date")


_LONGEST = {"Y": MAX_YEARS, "M": 12 * MAX_YEARS + 11, "D": 366 * MAX_YEARS + 365}


def _extreme(number: Callable[[Num, Num], Num], smaller: bool) -> Callable[..., Any]:
    def two(a: Any, b: Any) -> Any:
        if isinstance(a, Num):
            return number(a, b)
        return ibis.cases((a <= b, a), (a > b, b)) if smaller else ibis.cases((a >= b, a), (a < b, b))

    return lambda *values: reduce(two, values)


def _steps(unit: str) -> Callable[[Num], Steps]:
    return lambda n: Steps(unit, exact.whole(n), n.bound // n.scale)


def day_of(year: Any, month: Any, day: Any) -> Any:
    """The day of a year, month and day that are whole numbers; NULL where the calendar has no such day."""
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    length = ibis.cases((month == 2, ibis.cases((leap, 29), else_=28)), (month.isin([4, 6, 9, 11]), 30), else_=31)
    fine = year.between(1, 9999) & month.between(1, 12) & (day >= 1) & (day <= length)
    safe = [ibis.cases((fine, part), else_=1).cast("int32") for part in (year, month, day)]
    return ibis.cases((fine, ibis.date(*safe)))


def _date(year: Num, month: Num, day: Num) -> Any:
    if all(isinstance(part.n, int) and part.d is None and part.scale == 1 for part in (year, month, day)):
        return ibis.literal(date(year.n, month.n, day.n))
    return day_of(*(exact.whole(part) for part in (year, month, day)))


def _age_on(born: Any, day: Any) -> Num:
    before = (day.month() < born.month()) | ((day.month() == born.month()) & (day.day() < born.day()))
    return exact.column((day.year() - born.year() - ibis.cases((before, 1), else_=0)).cast("int64"), 10**4, 1, False)


def first_of_month(day: Any) -> Any:
    """The first day of the month of ``day``."""
    return ibis.date(day.year(), day.month(), 1)


def last_of_month(day: Any) -> Any:
    """The last day of the month of ``day``."""
    return shifted(shifted(first_of_month(day), Steps("M", ibis.literal(1), 1), 1), Steps("D", ibis.literal(1), 1), -1)


def _among(smallest: bool) -> Callable[[tuple[Any, ...], Any], Any]:
    """The first of several days from a day on, or the last up to it: days that are not given, or on the other side, are passed over."""

    def among(days: tuple[Any, ...], day: Any) -> Any:
        fitting = [ibis.cases(((d >= day) if smallest else (d <= day), d)) for d in days]
        return ibis.least(*fitting) if smallest else ibis.greatest(*fitting)

    return among


def _count(days: tuple[Any, ...]) -> Num:
    count = reduce(lambda a, b: a + b, [ibis.cases((d.notnull(), 1), else_=0) for d in days])
    return exact.column(ibis.cases((days[0].notnull(), count)).cast("int64"), len(days), 1, True)


def _round(step: Fraction, down: bool) -> Callable[[Num], Num]:
    return lambda n: exact.rounded(n, step, down)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": _extreme(exact.least, True), "max": _extreme(exact.most, False),
    "years": _steps("Y"), "months": _steps("M"), "days": _steps("D"),
    "date": _date, "age_on": _age_on,
    "year_of": lambda day: exact.column(day.year().cast("int64"), 10**4, 1, True),
    "first_of_year": lambda year: _date(year, exact.constant(1), exact.constant(1)),
    "first_of_month": first_of_month, "last_of_month": last_of_month,
    "days_in_month": lambda day: exact.column(last_of_month(day).day().cast("int64"), 31, 1, True),
    "first_on_or_after": _among(True), "last_on_or_before": _among(False), "count_of": _count,
    "per_year": lambda n: exact.mul(n, exact.constant(12)), "per_month": lambda n: exact.mul(n, exact.constant(Fraction(1, 12))),
    "round_krone": _round(Fraction(1), False), "round_ore": _round(Fraction(1, 100), False),
    "round_down_krone": _round(Fraction(1), True), "number_of": lambda n: n,
}  # fmt: skip
#: These may have no value though their arguments do.
MAY_FAIL = ("years", "months", "days", "date", "first_of_year", "first_on_or_after", "last_on_or_before")
