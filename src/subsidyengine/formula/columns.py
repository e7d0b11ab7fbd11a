"""The columns reading: a formula's tree becomes Ibis expressions that answer for a whole table at once.

The scalar reading (``evaluate.py``) is the reference, and this one is kept beside it node by node. NULL is *unknown*; AND, OR and
comparisons of SQL are Kleene's already, what is not (LEAST, GREATEST, IN, IF) is guarded. Numbers are exact (``exact.py``).

Beside its value each cell knows why it is unknown, which settings that law has not settled it leans on, and how weak a citation it
rests on (``cell.py``).

A public face of the room beside ``__init__``, which must not load Ibis.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any, Protocol

import ibis

from . import exact
from .cell import (
    FACT_BITS,
    LAW_BITS,
    NONE_DECIDES,
    SUREST,
    WEAKEST,
    Cell,
    Flag,
    Rank,
    Why,
    Word,
    both,
    choose,
    either,
    every,
    fall_back,
    filled,
    fixed,
    known,
    lean,
    least_of,
    made,
    negated,
    only,
    picked,
    rank_column,
    rank_where,
    ranked,
    reachable,
    surest,
    switch,
    weakest_of,
    where,
)
from .column_functions import FUNCTIONS, MAY_FAIL, Steps, first_of_month, shifted
from .exact import Num
from .nodes import BOUNDS, WEEKDAY_FUNCTIONS, Node

__all__ = [
    "CALENDAR_FUNCTIONS", "FACT_BITS", "LAW_BITS", "SUREST", "TYPES", "WEAKEST", "Cell", "Flag", "Num", "Rank", "Sheet", "Why", "Word",
    "both", "either", "every", "fall_back", "filled", "first_of_month", "fixed", "known", "lean", "made", "negated", "only", "picked",
    "rank_where", "ranked", "reachable", "read", "surest", "switch", "weakest_of", "where",
]  # fmt: skip

TYPES = {"bool": "boolean", "date": "date", "enum": "string", "text": "string"}
#: Functions that count days of a kind: the sheet looks them up in a calendar.
CALENDAR_FUNCTIONS = (*WEEKDAY_FUNCTIONS, *BOUNDS, "add_days_outside")


class Sheet(Protocol):
    """What a formula reads from, as columns of one table."""

    @property
    def on(self) -> Any:
        """The day that each case is decided for."""

    def fact(self, name: str) -> Cell:
        """A fact on the day ``on``."""

    def fact_at(self, name: str, day: Any) -> Cell:
        """A fact on another day."""

    def rate(self, name: str, day: Any, over: bool = False) -> Cell:
        """A rate on a day (None: the day ``on``); ``over``: one divided by it."""

    def value(self, name: str) -> Cell:
        """A named value of the scheme."""

    def setting(self, name: str) -> Cell:
        """A setting of the rulebook."""

    def period(self, end: str) -> Cell:
        """The clause's period, ``from`` or ``to``."""

    def kept(self, node: Node) -> Cell | None:
        """A part that was worked out before; what a calendar function gives always is."""

    def cause(self, kind: str, name: str) -> Why:
        """The cause's bit."""


def nothing(node: Node) -> Any:
    """An unknown value of the node's type."""
    return exact.nothing() if node.type.kind == "number" else exact.null(TYPES[node.type.kind])


def read(node: Node, sheet: Sheet) -> Cell:
    """The node as columns of the sheet."""
    return sheet.kept(node) or _READERS[node.op](node, sheet)


# readers of each kind of node ------------------------------------------------------------------------------------


def _literal(node: Node, sheet: Sheet) -> Cell:
    if isinstance(node.literal, int | Fraction) and not isinstance(node.literal, bool):
        return Cell(exact.constant(node.literal))
    return Cell(ibis.literal(node.literal))


def _unknown(node: Node, sheet: Sheet) -> Cell:
    return Cell(nothing(node), sheet.cause("law_not_known", ""))


def _at(node: Node, sheet: Sheet) -> Cell:
    what, day = node.args[0], read(node.args[1], sheet)
    found = sheet.rate(what.name, day.value) if what.op == "rate" else sheet.fact_at(what.name, day.value)
    given = negated(exact.unknown(day.value))
    rank = weakest_of(day.rank, rank_where((given, found.rank)))
    return Cell(only(given, found.value), day.why | found.why.where(given), lean(day, found), rank)


def _not(node: Node, sheet: Sheet) -> Cell:
    cell = read(node.args[0], sheet)
    return made(negated(cell.value), cell)


def _junction(node: Node, sheet: Sheet) -> Cell:
    cells, decisive = [read(a, sheet) for a in node.args], node.op == "or"
    value = (either if decisive else every)(*(c.value for c in cells))
    leans, rank = _resting(cells, decisive)
    return Cell(value, both(*cells).where(exact.unknown(value)), leans, rank)


def _resting(cells: list[Cell], decisive: bool) -> tuple[dict[str, Flag], Rank]:
    """What a junction rests on: all of it while undecided, else the part that decides it, the surest of several."""
    ranks = [c.rank for c in cells]
    decides = [filled(c.value if decisive else negated(c.value), False) for c in cells]
    if not any(c.leans for c in cells):
        return {}, surest(decides, ranks)
    # Settings weigh before citations.
    weights = [reduce(lambda a, b: a + b, [f.cast("int8") * 4 for f in c.leans.values()], rank_column(c.rank)) for c in cells]
    fewest = least_of(decides, weights)
    decided = fewest < NONE_DECIDES
    chosen = ibis.cases(*((d & (w == fewest), i) for i, (d, w) in enumerate(zip(decides, weights, strict=True))), else_=-1)
    rests = [Cell(None, leans=where(~decided | (chosen == i), c.leans)) for i, c in enumerate(cells)]
    weakest, least = weakest_of(*ranks), fewest % 4
    weak, weaker, unknown = (every(flag, least > i) for i, flag in enumerate(weakest))
    return lean(*rests), rank_where((decided, (weak, weaker, unknown)), other=weakest)


def _compare(node: Node, sheet: Sheet) -> Cell:
    left, right = (read(a, sheet) for a in node.args)
    if isinstance(left.value, Num):
        value = exact.compare(node.name, left.value, right.value)
    else:
        value = exact.COMPARISONS[node.name](left.value, right.value)
    return made(value, left, right)


def _in(node: Node, sheet: Sheet) -> Cell:
    first, *items = (read(a, sheet) for a in node.args)
    if not isinstance(first.value, Num) and all(a.op == "literal" for a in node.args[1:]):
        return made(first.value.isin([a.literal for a in node.args[1:]]), first)

    def same(a: Any, b: Any) -> Any:
        return exact.compare("==", a, b) if isinstance(a, Num) else exact.COMPARISONS["=="](a, b)

    # OR of SQL: true where one is, else unknown where one is, as the scalar reading has it.
    value = reduce(lambda a, b: a | b, [same(first.value, i.value) for i in items])
    return made(value, first, *items, why=both(first, *items).where(exact.unknown(value)))


def _add_sub(node: Node, sheet: Sheet) -> Cell:
    left, right = (read(a, sheet) for a in node.args)
    sign = 1 if node.op == "add" else -1
    if isinstance(right.value, Steps):
        day = shifted(left.value, right.value, sign)
        if right.value.short:
            return made(day, left, right)
        failed = every(exact.unknown(day), known(left), known(right))
        return made(day, left, right, why=both(left, right) | sheet.cause("no_value", node.asked()).where(failed))
    if not isinstance(left.value, Num):
        return made(exact.column(left.value.delta(right.value, unit="day"), 10**6, 1, False), left, right)
    return made(exact.add(left.value, right.value, sign), left, right)


def _mul(node: Node, sheet: Sheet) -> Cell:
    left, right = (read(a, sheet) for a in node.args)
    return made(exact.mul(left.value, right.value), left, right)


def _div(node: Node, sheet: Sheet) -> Cell:
    if node.args[1].op == "rate":
        # A rate has few values, known beforehand: to multiply by what is one over them keeps the denominators fixed.
        left, right = read(node.args[0], sheet), sheet.rate(node.args[1].name, None, over=True)
        return made(exact.mul(left.value, right.value), left, right)
    left, right = (read(a, sheet) for a in node.args)
    value = exact.div(left.value, right.value)
    zero = every(exact.compare("==", right.value, exact.constant(0)).fill_null(False), known(left))
    return made(value, left, right, why=both(left, right) | sheet.cause("no_value", node.asked()).where(zero))


def _neg(node: Node, sheet: Sheet) -> Cell:
    cell = read(node.args[0], sheet)
    return made(exact.neg(cell.value), cell)


def _if(node: Node, sheet: Sheet) -> Cell:
    test, yes, no = (read(a, sheet) for a in node.args)
    if not total(node.args[0]):
        return choose(test, yes, no)
    chosen = switch([(test.value, yes)], no)
    return made(chosen.value, test, chosen)


def total(node: Node) -> bool:
    """Is a statement never unknown, whatever is?"""
    if node.op in ("and", "or", "not"):
        return all(total(a) for a in node.args)
    if node.op == "call" and node.name == "known_or":
        return total(node.args[1])
    return node.op == "literal" or (node.op == "call" and node.name == "is_known")


def _call(node: Node, sheet: Sheet) -> Cell:
    if node.name in _FORMS:
        return _FORMS[node.name](node, sheet)
    cells = [read(a, sheet) for a in node.args]
    found = made(FUNCTIONS[node.name](*(c.value for c in cells)), *cells)
    given, there = [known(c) for c in cells], known(found)
    # A day that stands there was tried when the rulebook was read; a whole number always makes a span.
    stands = node.name == "date" and all(a.op == "literal" for a in node.args)
    if node.name not in MAY_FAIL or stands or any(there.equals(g) for g in given):
        return found
    failed = every(*given, negated(there))
    return made(found.value, *cells, why=found.why | sheet.cause("no_value", node.asked()).where(failed))


def _is_known(node: Node, sheet: Sheet) -> Cell:
    cell = read(node.args[0], sheet)
    return made(known(cell), cell, why=Why())


def _known_or(node: Node, sheet: Sheet) -> Cell:
    first, other = (read(a, sheet) for a in node.args)
    return fall_back(first, other)


def _at_least(node: Node, sheet: Sheet) -> Cell:
    cells = [read(a, sheet) for a in node.args[1:]]
    wanted = node.args[0].literal
    met = reduce(lambda a, b: a + b, [ibis.cases((c.value, 1), else_=0) for c in cells])
    possible = reduce(lambda a, b: a + b, [ibis.cases((~c.value, 0), else_=1) for c in cells])
    value = ibis.cases((met >= wanted, True), (possible < wanted, False))
    return made(value, *cells, why=both(*cells).where(exact.unknown(value)))


_FORMS: dict[str, Callable[[Node, Sheet], Cell]] = {"is_known": _is_known, "known_or": _known_or, "at_least": _at_least}

_READERS: dict[str, Callable[[Node, Sheet], Cell]] = {
    "literal": _literal, "unknown": _unknown, "at": _at, "not": _not, "and": _junction, "or": _junction, "compare": _compare,
    "in": _in, "add": _add_sub, "sub": _add_sub, "mul": _mul, "div": _div, "neg": _neg, "if": _if, "call": _call,
    "fact": lambda node, sheet: sheet.fact(node.name),
    "rate": lambda node, sheet: sheet.rate(node.name, None),
    "value": lambda node, sheet: sheet.value(node.name),
    "setting": lambda node, sheet: sheet.setting(node.name),
    "period": lambda node, sheet: sheet.period(node.name),
    "on": lambda node, sheet: Cell(sheet.on),
}  # fmt: skip
