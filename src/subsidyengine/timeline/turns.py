"""The days on which one answer can change although facts and law stay as they are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from ..decision import Reading, Turn
from ..formula import Node, Span, Unknown, shift

DAY = timedelta(days=1)


def own_days(reading: Reading) -> Iterator[date]:
    """Days on which this very answer can change: rates that it read get a new row, days that it was compared with.

    Facts, law and :func:`turning_day` apart, the answer is the same until the first of them: nothing else was read.
    """
    moving, on = reading.program.moving, reading.on
    for name in reading.rates_read:
        yield from reading.rulebook.rates[name].starts()
    for node, turns in moving.compared:
        day = reading.record.get(node)
        if isinstance(day, date):
            yield from (day + turn * DAY for turn in turns if not turn or day < date.max)
    for node in moving.births:
        born = reading.record.get(node)
        if isinstance(born, date):
            for age in range(on.year - born.year, on.year - born.year + 2):
                if (day := shift(born, Span(years=age))) is not None:
                    yield day
                    yield day + DAY  # a year is reached on 28 February by adding, on 1 March by age
    if any(node in reading.record for node in moving.monthly):
        yield shift(on.replace(day=1), Span(months=1)) or date.max
    for node, speed in moving.leaping:
        if node in reading.record:
            for gap in _gaps(node, reading):
                if gap is not None:
                    days = max(ceil(abs(Fraction(gap)) / speed), 1)
                    yield date.fromordinal(min(on.toordinal() + days, date.max.toordinal()))
    if any(node in reading.record for node in moving.daily):
        yield on + DAY
    for inner in reading.inner:
        yield from own_days(inner)


def turning_day(found: Reading, last: date, read: Callable[[date], Reading]) -> date | None:
    """The first day after that of ``found``, at most ``last``, on which something that turns one way only has turned; None: none has.

    Once one of them has turned, some one of them stays turned, so that halving finds the day: each turns one way while those that it
    rests on stand, and the innermost rest on none.
    """
    before = _standing(found)
    days = range(found.on.toordinal() + 1, last.toordinal() + 1)

    def turned(day: int) -> bool:
        return _standing(read(date.fromordinal(day))) != before

    if not before or not days or not turned(days[-1]):
        return None
    return date.fromordinal(days[bisect_left(days, True, key=turned)])


def _standing(reading: Reading) -> list[Any]:
    """How everything stands that was read and turns one way only."""
    found = [_stand(turn, node, reading) for turn, node in reading.program.moving.turning if node in reading.record]
    for inner in reading.inner:
        found += _standing(inner)
    return found


def _stand(turn: Turn, node: Node, reading: Reading) -> Any:
    if turn == "sign":
        return [None if gap is None else (gap > 0) - (gap < 0) for gap in _gaps(node, reading)]
    value: Any = reading.record[node.args[1] if turn == "row" else node]
    if isinstance(value, Unknown):
        return None
    match turn:
        case "known":
            return True
        case "month":
            return value.year, value.month
        case "value":
            return value
    what = node.args[0]
    is_rate = what.op == "rate"
    starts = reading.rulebook.rates[what.name].starts() if is_rate else reading.case.change_days(reading.known, (what.name,))
    return bisect_right(sorted(starts), value)


def _gaps(compare: Node, reading: Reading) -> Iterator[int | Fraction | None]:
    """The first operand less each other one, in days for two days; None where one is unknown."""
    first, *others = (a.literal if a.op == "literal" else reading.record[a] for a in compare.args)
    for other in others:
        if isinstance(first, date) and isinstance(other, date):
            yield (first - other).days
        else:
            yield first - other if isinstance(first, int | Fraction) and isinstance(other, int | Fraction) else None
