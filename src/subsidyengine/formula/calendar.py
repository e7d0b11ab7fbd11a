"""Days: calendar arithmetic (pendulum), Danish weekdays and public holidays (holidays).

Days are closed intervals. Month ends clip: 31 January + 1 month = 28/29 February, 29 February + 1 year = 28 February.
"""

from __future__ import annotations

import calendar as _calendar
from collections.abc import Callable, Container
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, cast

from pendulum.helpers import add_duration

#: Longest span a formula may add: longer ones are a mistake, not law.
MAX_YEARS = 200
#: Longest count of single days or weekdays, which are walked one by one.
MAX_DAYS = 10_000


class Span(NamedTuple):
    """A span of calendar time."""

    years: int = 0
    months: int = 0
    days: int = 0


def shift(day: date, span: Span, sign: int = 1) -> date | None:
    """``day`` plus (or minus) ``span``; None when the result lies outside the calendar."""
    if max(abs(span.years), abs(span.months) // 12, abs(span.days) // 366) > MAX_YEARS:
        return None
    try:
        return add_duration(day, years=sign * span.years, months=sign * span.months, days=sign * span.days)
    except (ValueError, OverflowError):
        return None


@cache
def danish_holidays() -> Container[date]:
    """Public holidays of Denmark (Store Bededag to 2023). 5 June, 24 and 31 December are not among them."""
    from holidays.countries.denmark import Denmark

    return cast(Container[date], Denmark())  # type: ignore[no-untyped-call]


def is_weekday(day: date, saturday: bool) -> bool:
    """Is ``day`` a *hverdag*: no Sunday, no public holiday, and a Saturday only if ``saturday``?"""
    return day.weekday() < (6 if saturday else 5) and day not in danish_holidays()


def _count_days(day: date, count: int, counted: Callable[[date], bool]) -> date | None:
    """The ``count``-th day after ``day`` that is ``counted`` (0: the day itself); negative counts go back.

    None for a count that is longer than any law's, and outside the calendar.
    """
    if abs(count) > MAX_DAYS:
        return None
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    try:
        while left:
            day += step
            left -= counted(day)
    except OverflowError:
        return None
    return day


def add_weekdays(day: date, count: int, saturday: bool) -> date | None:
    """The ``count``-th weekday after ``day`` (0: the day itself); negative counts go back."""
    return _count_days(day, count, lambda d: is_weekday(d, saturday))


def nearest_weekday(day: date, saturday: bool, sign: int) -> date:
    """``day`` if a weekday, else the next (sign 1) or the last before it (sign -1)."""
    while not is_weekday(day, saturday):
        day += timedelta(days=sign)
    return day


def first_weekday_of_month(day: date, saturday: bool) -> date:
    """First weekday of ``day``'s month that is not the day before a public holiday (almenlejeloven § 88 stk. 1)."""
    day = day.replace(day=1)
    while not is_weekday(day, saturday) or day + timedelta(days=1) in danish_holidays():
        day += timedelta(days=1)
    return day


def add_days_outside(day: date, count: int, months: tuple[int, ...]) -> date | None:
    """``count`` days after ``day`` where days in ``months`` are not counted (almenlejeloven § 85 stk. 2: July, August)."""
    return _count_days(day, count, lambda d: d.month not in months)


def age_on(born: date, day: date) -> int:
    """Whole years lived on ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def last_of_month(day: date) -> date:
    """The last day of ``day``'s month."""
    return day.replace(day=_calendar.monthrange(day.year, day.month)[1])
