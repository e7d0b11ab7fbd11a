"""Cases that are in memory become a table: the way in for case files, and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ..facts import Case, Given
from ..formula import exact_decimal
from ..rulebook import Fact
from ..words import say
from .layout import ALWAYS, CASE, FIRST_DAY, KNOWN, LAST_DAY, MOST_STATEMENTS, ON, Layout, begins, limit_of, slot


class Misfit(ValueError):
    """A case that is fine by itself but does not fit in a table; the text says which fact, and why."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """``table`` is a pyarrow table of the ``layout``; ``misfits`` are the cases left out, with the reason."""

    layout: Layout
    table: Any
    misfits: tuple[tuple[Case, str], ...]


def gather(cases: Iterable[Case], facts: Mapping[str, Fact]) -> Gathered:
    """A table of the cases. Each has its day ``on``; what its statements say as known on its day ``known``."""
    import pyarrow as pa

    rows: list[dict[str, Any]] = []
    misfits: list[tuple[Case, str]] = []
    plain: set[str] = set()
    dated: dict[str, int] = {}
    days: dict[str, int] = {}
    for case in cases:
        try:
            row = {name: _statements(facts[name], given, case.known) for name, given in case.facts.items()}
        except Misfit as misfit:
            misfits.append((case, misfit.args[0]))
            continue
        rows.append({CASE: case.id, ON: case.on, KNOWN: case.known, **row})
        for name, value in row.items():
            if facts[name].kind == "dates":
                days[name] = max(days.get(name, 1), len(value))
            elif isinstance(value, list):
                dated[name] = max(dated.get(name, 1), len(value))
            else:
                plain.add(name)
    layout = Layout(facts, frozenset(plain - set(dated)), dated, days)
    columns: dict[str, list[Any]] = {name: [] for name in layout.schema()}
    for row in rows:
        _lay_out(row, layout, columns)
    arrow = {"string": pa.string(), "int64": pa.int64(), "date": pa.date32(), "boolean": pa.bool_()}
    arrays = {name: pa.array(columns[name], arrow[kind]) for name, kind in layout.schema().items()}
    return Gathered(layout, pa.table(arrays), tuple(misfits))


def table_value(fact: Fact, given: tuple[Given, ...]) -> Any:
    """What a table holds of a fact; Misfit when it cannot."""
    return _statements(fact, given, None)


def _statements(fact: Fact, given: tuple[Given, ...], known: date | None) -> Any:
    """One value, or what holds from which day: as known on ``known``."""
    told = [g for g in given if known is None or g.received is None or g.received <= known]
    if fact.kind == "dates":
        value = _only(fact, told)
        return tuple(_day(fact, d) for d in value)
    if len(told) == 1 and told[0].from_ is None:
        return None if told[0].value is None else _value(fact, told[0].value)
    # Of two statements from the same day the one received later counts, which comes after the other.
    by_day = {g.from_: None if g.value is None else _value(fact, g.value) for g in told}
    if len(by_day) > MOST_STATEMENTS:
        raise Misfit(say("{fact}: {count} dated values, a table holds {most}", fact=fact.name, count=len(by_day), most=MOST_STATEMENTS))
    return [(ALWAYS if day is None else _day(fact, day), value) for day, value in by_day.items()]


def _only(fact: Fact, told: list[Given]) -> tuple[date, ...]:
    if not told:
        return ()
    if len(told) > 1 or told[0].from_ is not None:
        raise Misfit(say("{fact}: a list of days that itself changes from a day on", fact=fact.name))
    value = told[0].value
    days = value if isinstance(value, tuple) else () if value is None else (value,)
    if len(days) > MOST_STATEMENTS:
        raise Misfit(say("{fact}: {count} days, a table holds {most}", fact=fact.name, count=len(days), most=MOST_STATEMENTS))
    return days  # type: ignore[return-value]


def _day(fact: Fact, day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Misfit(say("{fact}: {day} is outside {first}-{last}", fact=fact.name, day=day, first=FIRST_DAY.year, last=LAST_DAY.year))
    return day


def _value(fact: Fact, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return _day(fact, value) if isinstance(value, date) else value
    limit = limit_of(fact)
    whole = Fraction(value) * limit.scale
    if whole.denominator != 1:
        raise Misfit(say("{fact}: more than {most} decimals", fact=fact.name, most=limit.decimals))
    if abs(whole) >= limit.bound:
        raise Misfit(say("{fact}: {given} is {most} or more", fact=fact.name, given=exact_decimal(value), most=limit.top))
    return int(whole)


def _lay_out(row: Mapping[str, Any], layout: Layout, columns: Mapping[str, list[Any]]) -> None:
    for name in (CASE, ON, KNOWN, *layout.plain):
        columns[name].append(row.get(name))
    for name, count in layout.dated.items():
        value = row.get(name)
        statements = value if isinstance(value, list) else [(ALWAYS, value)] if value is not None else []
        for i in range(count):
            day, said = statements[i] if i < len(statements) else (None, None)
            columns[slot(name, i)].append(said)
            columns[begins(name, i)].append(day)
    for name, count in layout.days.items():
        given = row.get(name) or ()
        for i in range(count):
            columns[slot(name, i)].append(given[i] if i < len(given) else None)
