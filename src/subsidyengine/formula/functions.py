"""The closed list of functions: how each is checked, what it computes, how it reads in Danish and English.

A function here is strict: an unknown argument makes the result unknown with the same causes. The few that look at
unknowns themselves (``is_known``, ``known_or``, ``at``, ``at_least``) are forms of the language, see ``check.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP
from fractions import Fraction
from typing import Any

from ..words import say
from . import calendar as cal
from .errors import FormulaError
from .types import BOOL, COUNT, DATE, DATES, LITERAL, PLAIN, SPAN, Type, Unit, mismatch, number, unify
from .value import quantize

DAYS = number("day")
#: A parameter is a type, or a tuple of types of which one must fit.
Parameter = Type | tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """``result`` is a type, or a function of the argument types. ``run`` gets plain values and the Saturday setting.

    ``run`` may return None: no such value (no vacancy after that day), which the reading turns into unknown.
    """

    parameters: tuple[Parameter, ...]
    result: Type | Callable[[tuple[Type, ...]], Type]
    run: Callable[..., Any]
    da: str
    en: str
    weekdays: bool = False
    variadic: bool = False
    no_value: str = ""


def _scale(over: str, under: str) -> Callable[[tuple[Type, ...]], Type]:
    """Types of per_year and per_month: kroner over one span of time become kroner over the other."""

    def result(types: tuple[Type, ...]) -> Type:
        unit = types[0].unit or PLAIN
        wanted = Unit.parse(f"DKK/{over}")
        if unit != wanted:
            raise FormulaError("F_UNIT", say("expected a number of {wanted}, got {given}", wanted=wanted, given=types[0]))
        return number(f"DKK/{under}")

    return result


def _common(types: tuple[Type, ...]) -> Type:
    """Type of min and max: all operands alike, numbers or dates."""
    common = types[0]
    for other in types[1:]:
        found = unify(common, other)
        if found is None:
            raise FormulaError(mismatch(common, other), say("cannot compare {left} with {right}", left=common, right=other))
        common = found
    if common.kind not in ("number", "date"):
        raise FormulaError("F_TYPE", say("min and max take numbers or dates, not {given}", given=common))
    return common


def _round(exponent: str, rounding: str) -> Callable[[int | Fraction], Fraction]:
    return lambda x: Fraction(quantize(x, exponent, rounding))


def _whole(run: Callable[..., Any]) -> Callable[..., Any]:
    """``run`` on whole numbers; half a year is no span and no year, so anything else has no value."""

    def whole(*args: Any) -> Any:
        if any(isinstance(a, Fraction) and a.denominator != 1 for a in args):
            return None
        return run(*(int(a) if isinstance(a, Fraction) else a for a in args))

    return whole


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _same(types: tuple[Type, ...]) -> Type:
    return types[0]


def _first(days: tuple[date, ...], day: date) -> date | None:
    return min((d for d in days if d >= day), default=None)


def _last(days: tuple[date, ...], day: date) -> date | None:
    return max((d for d in days if d <= day), default=None)


_NUMBER = Type("number", None)
_YEARS, _MONTHS = number("year"), number("month")
_NO_COUNT = "not a whole number of days, or outside the calendar"

FUNCTIONS: dict[str, Function] = {
    "min": Function((), _common, min, "det mindste af {args}", "the least of {args}", variadic=True),
    "max": Function((), _common, max, "det største af {args}", "the greatest of {args}", variadic=True),
    "years": Function(
        ((COUNT, _YEARS),), SPAN, _whole(lambda n: cal.Span(years=n)), "{0} år", "{0} years", no_value="not a whole number of years"
    ),
    "months": Function(
        ((COUNT, _MONTHS),), SPAN, _whole(lambda n: cal.Span(months=n)), "{0} måneder", "{0} months",
        no_value="not a whole number of months",
    ),
    "days": Function(
        ((COUNT, DAYS),), SPAN, _whole(lambda n: cal.Span(days=n)), "{0} dage", "{0} days", no_value="not a whole number of days"
    ),
    "date": Function(
        (COUNT, COUNT, COUNT), DATE, _whole(calendar_day), "dagen med år {0}, måned {1} og dag {2}",
        "the day of year {0}, month {1} and day {2}", no_value="no such day in the calendar",
    ),
    "year_of": Function((DATE,), COUNT, lambda d: d.year, "året for {0}", "the year of {0}"),
    "first_of_year": Function(
        (COUNT,), DATE, _whole(lambda y: calendar_day(y, 1, 1)), "1. januar i {0}", "1 January of {0}", no_value="no such year"
    ),
    "first_of_month": Function(
        (DATE,), DATE, lambda d: d.replace(day=1), "den første dag i måneden for {0}", "the first day of the month of {0}"
    ),
    "last_of_month": Function(
        (DATE,), DATE, cal.last_of_month, "den sidste dag i måneden for {0}", "the last day of the month of {0}"
    ),
    "add_weekdays": Function(
        (DATE, (COUNT, DAYS)), DATE, _whole(cal.add_weekdays),
        "{1} hverdage efter {0}", "{1} weekdays after {0}", weekdays=True, no_value=_NO_COUNT,
    ),
    # The two readings of "hverdag", for what is the same in both: they lean on no setting.
    "add_weekdays_with_saturday": Function(
        (DATE, (COUNT, DAYS)), DATE, _whole(lambda d, n: cal.add_weekdays(d, n, True)),
        "{1} hverdage efter {0}, lørdage medregnet", "{1} weekdays after {0}, Saturdays included", no_value=_NO_COUNT,
    ),
    "add_weekdays_without_saturday": Function(
        (DATE, (COUNT, DAYS)), DATE, _whole(lambda d, n: cal.add_weekdays(d, n, False)),
        "{1} hverdage efter {0}, lørdage ikke medregnet", "{1} weekdays after {0}, Saturdays not included", no_value=_NO_COUNT,
    ),
    "first_weekday_of_month": Function(
        (DATE,), DATE, cal.first_weekday_of_month,
        "den første hverdag i måneden for {0}, der ikke er dagen før en helligdag",
        "the first weekday of the month of {0} that is not the day before a public holiday", weekdays=True,
    ),
    "weekday_on_or_before": Function(
        (DATE,), DATE, lambda d, saturday: cal.nearest_weekday(d, saturday, -1),
        "den sidste hverdag til og med {0}", "the last weekday up to and including {0}", weekdays=True,
    ),
    "weekday_on_or_after": Function(
        (DATE,), DATE, lambda d, saturday: cal.nearest_weekday(d, saturday, 1),
        "den første hverdag fra og med {0}", "the first weekday on or after {0}", weekdays=True,
    ),
    "add_days_outside": Function(
        (DATE, (COUNT, DAYS), COUNT, COUNT), DATE, _whole(lambda d, n, *m: cal.add_days_outside(d, n, m)),
        "{1} dage efter {0}, hvor dage i {2} og {3} ikke tælles med",
        "{1} days after {0}, not counting days in {2} and {3}", no_value=_NO_COUNT,
    ),
    "age_on": Function(
        (DATE, DATE), number("year"), cal.age_on, "alderen pr. {1} (regnet fra {0})", "the age on {1} (counted from {0})"
    ),
    "days_in_month": Function(
        (DATE,), number("day/month"), lambda d: cal.last_of_month(d).day, "antal dage i måneden for {0}",
        "the number of days in the month of {0}",
    ),
    "first_on_or_after": Function(
        (DATES, DATE), DATE, _first, "den første af {0} fra og med {1}", "the first of {0} on or after {1}",
        no_value="no such day is given",
    ),
    "last_on_or_before": Function(
        (DATES, DATE), DATE, _last, "den sidste af {0} til og med {1}", "the last of {0} on or before {1}",
        no_value="no such day is given",
    ),
    "count_of": Function((DATES,), COUNT, len, "antallet af {0}", "the number of {0}"),
    "per_year": Function((_NUMBER,), _scale("month", "year"), lambda x: x * 12, "{0} omregnet til et år", "{0} converted to a year"),
    "per_month": Function(
        (_NUMBER,), _scale("year", "month"), lambda x: Fraction(x) / 12, "{0} omregnet til en måned", "{0} converted to a month"
    ),
    "round_krone": Function(
        (_NUMBER,), _same, _round("1", ROUND_HALF_UP), "{0} afrundet til hele kroner", "{0} rounded to whole kroner"
    ),
    "round_ore": Function(
        (_NUMBER,), _same, _round("0.01", ROUND_HALF_UP), "{0} afrundet til hele øre", "{0} rounded to whole øre"
    ),
    "round_down_krone": Function(
        (_NUMBER,), _same, _round("1", ROUND_FLOOR), "{0} rundet ned til hele kroner", "{0} rounded down to whole kroner"
    ),
    "number_of": Function((_NUMBER,), COUNT, lambda x: x, "{0}", "{0}"),
}  # fmt: skip

FORMS = ("at", "is_known", "known_or", "at_least")


def check_call(name: str, types: tuple[Type, ...]) -> Type:
    """Result type of ``name`` on ``types``; FormulaError says which argument does not fit."""
    function = FUNCTIONS[name]
    if function.variadic:
        if len(types) < 2:
            raise FormulaError("F_ARGUMENTS", say("{name} takes two or more arguments, got {given}", name=name, given=len(types)))
    else:
        if len(types) != len(function.parameters):
            message = say("{name} takes {wanted} arguments, got {given}", name=name, wanted=len(function.parameters), given=len(types))
            raise FormulaError("F_ARGUMENTS", message)
        for index, (given, wanted) in enumerate(zip(types, function.parameters, strict=True)):
            options = wanted if isinstance(wanted, tuple) else (wanted,)
            if not any(_fits(given, option) for option in options):
                message = say(
                    "argument {number} of {name}: expected {wanted}, got {given}",
                    number=index + 1,
                    name=name,
                    wanted=options[0],
                    given=given,
                )
                raise FormulaError(mismatch(given, options[0]), message)
    return function.result(types) if callable(function.result) else function.result


def _fits(given: Type, wanted: Type) -> bool:
    if wanted is _NUMBER:
        return given.kind == "number"
    return unify(given, wanted) is not None


__all__ = ["BOOL", "FORMS", "FUNCTIONS", "LITERAL", "Function", "calendar_day", "check_call"]
