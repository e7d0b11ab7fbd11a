"""The table a plan is built on: columns are added in steps, so that each piece of work is written down, and done, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

import ibis
import ibis.expr.operations as ops

from ..formula import MAX_DAYS, exact, first_weekday_of_month, is_weekday, nearest_weekday
from ..formula.columns import Cell, Num, Why, Word, first_of_month
from .layout import FIRST_DAY, LAST_DAY

Stored = Callable[[Any], Cell]


class Board:
    """A table that grows. What is put on it is read back as plain columns of the table as it then is."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self._count = 0

    def name(self) -> str:
        """A new column's name."""
        self._count += 1
        return f"~{self._count}"

    def put(self, *cells: Cell) -> list[Stored]:
        """Add the cells as columns, in one step; each comes back as what reads it from the table."""
        added: dict[str, Any] = {}
        names: dict[Any, str] = {}

        def add(expression: Any) -> Any:
            if isinstance(expression, int) or isinstance(expression.op(), ops.Literal):  # a constant stays one
                return lambda table: expression
            if isinstance(expression.op(), ops.Field):  # it is a column already: one denominator stays one
                name = expression.get_name()
                return lambda table: table[name]
            if exact.never_null(expression.op()) and not expression.type().is_string():
                expression = expression.cast(expression.type().copy(nullable=False))
            name = names.get(expression.op()) or self.name()
            names[expression.op()], added[name] = name, expression
            return lambda table: table[name]

        stored = [_stored(cell, add) for cell in cells]
        if added:
            self.table = self.table.mutate(**added)
        return stored

    def look_up(self, key: Any, columns: dict[str, str], other: Any) -> dict[str, str]:
        """Join ``other`` by its first column against ``key`` and take on its ``columns``; says what they are called here."""
        name = self.name()
        table = self.table.mutate(**{name: key})
        names = {column: f"{name}.{column}" for column in columns}
        found = other.select(**{f"{name}.key": other[other.columns[0]]}, **{names[c]: other[source] for c, source in columns.items()})
        self.table = table.left_join(found, [table[name] == found[f"{name}.key"]]).drop(f"{name}.key", name)
        return names


def _stored(cell: Cell, add: Callable[[Any], Any]) -> Stored:
    value: Any = cell.value
    if isinstance(value, Num):
        n, d = add(value.n), None if value.d is None else add(value.d)

        def make(table: Any) -> Any:
            return Num(n(table), value.bound, value.scale, d and d(table), value.dbound, value.sure)
    else:
        make = add(value)
    words = {key: _stored_word(word, add) for key, word in cell.why.words.items()}
    leans = {name: add(flag) for name, flag in cell.leans.items()}
    ranks = [add(flag) for flag in cell.rank]

    def read(table: Any) -> Cell:
        why = Why({key: word(table) for key, word in words.items()})
        weak, weaker, weakest = (flag(table) for flag in ranks)
        return Cell(make(table), why, {name: flag(table) for name, flag in leans.items()}, (weak, weaker, weakest))

    return read


def _stored_word(word: Word, add: Callable[[Any], Any]) -> Callable[[Any], Word]:
    missing = None if word.missing is None else add(word.missing)
    moving = None if word.moving is None else add(word.moving)
    return lambda table: replace(word, missing=missing and missing(table), moving=moving and moving(table))


# calendars ---------------------------------------------------------------------------------------------------------


def _days() -> list[date]:
    return [FIRST_DAY + timedelta(days=i) for i in range((LAST_DAY - FIRST_DAY).days + 1)]


def day_given(board: Board, function: str, day: Any) -> tuple[str, str]:
    """Columns of the day that a function of one day gives: without Saturday as a weekday, and with it."""
    monthly = function == "first_weekday_of_month"
    names = board.look_up(first_of_month(day) if monthly else day, {"without": "without", "saturday": "saturday"}, _day_table(function))
    return names["without"], names["saturday"]


@cache
def _day_table(function: str) -> Any:
    run: Callable[[date, bool], date] = {
        "first_weekday_of_month": first_weekday_of_month,
        "weekday_on_or_before": lambda d, s: nearest_weekday(d, s, -1),
        "weekday_on_or_after": lambda d, s: nearest_weekday(d, s, 1),
    }[function]
    days = [d for d in _days() if d.day == 1 or function != "first_weekday_of_month"]
    columns = {"day": days, "without": [run(d, False) for d in days], "saturday": [run(d, True) for d in days]}
    return ibis.memtable(columns, schema=dict.fromkeys(columns, "date"))


@cache
def count_tables(saturday: bool, months: tuple[int, ...]) -> tuple[Any, Any]:
    """For counting days: each day with how many counted days there are up to it, and the counted days by number.

    Counted are weekdays, or with ``months`` the days outside those months.
    """
    days = _days()
    counted = [d.month not in months if months else is_weekday(d, saturday) for d in days]
    up_to = list(accumulate(int(c) for c in counted))
    by_day = ibis.memtable(
        {"day": days, "up_to": up_to, "counted": counted}, schema={"day": "date", "up_to": "int64", "counted": "boolean"}
    )
    numbered = [(n, d) for n, d, c in zip(up_to, days, counted, strict=True) if c]
    by_number = ibis.memtable(
        {"number": [n for n, _ in numbered], "result": [d for _, d in numbered]}, schema={"number": "int64", "result": "date"}
    )
    return by_day, by_number


def counted_from(board: Board, day: Any, count: Num, saturday: bool, months: tuple[int, ...]) -> str:
    """The column of the ``count``-th counted day after (or before) ``day``; the day itself for 0."""
    by_day, by_number = count_tables(saturday, months)
    steps = exact.whole(count)
    kept = board.put(Cell(day), Cell(ibis.cases((steps.abs() <= MAX_DAYS, steps))))

    def again() -> tuple[Any, Any]:
        start, n = (stored(board.table).value for stored in kept)
        return start, n

    first = board.look_up(again()[0], {"up_to": "up_to", "counted": "counted"}, by_day)
    table, (_, n) = board.table, again()
    up_to, before = table[first["up_to"]], table[first["up_to"]] - table[first["counted"]].cast("int64")
    second = board.look_up(ibis.cases((n > 0, up_to + n), (n < 0, before + n + 1)), {"result": "result"}, by_number)
    start, n = again()
    name = board.name()
    board.table = board.table.mutate(**{name: ibis.cases((n == 0, start), else_=board.table[second["result"]])})
    return name
