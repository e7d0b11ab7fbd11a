"""The columns reading: a formula's tree becomes Ibis expressions that answer for a whole table at once.

The scalar reading (``evaluate.py``) is the reference, and this one is kept beside it node by node. NULL is *unknown*; AND, OR and
comparisons of SQL are Kleene's already, what is not (LEAST, GREATEST, IN, IF) is guarded. Numbers are exact (``exact.py``).

A public face of the room beside ``__init__``, which must not load Ibis.

Beside its value each cell knows why it is unknown (:class:`Why`) and which settings that law has not settled it leans on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any, Protocol

import ibis

from . import exact
from .column_functions import FUNCTIONS, MAY_FAIL, Steps, first_of_month, shifted
from .exact import Num
from .nodes import BOUNDS, WEEKDAY_FUNCTIONS, Node

__all__ = [
    "CALENDAR_FUNCTIONS", "TYPES", "Cell", "Flag", "Num", "Sheet", "Why", "both", "choose", "fall_back", "first_of_month", "known", "lean",
    "only", "read", "where",
]  # fmt: skip

TYPES = {"bool": "boolean", "date": "date", "enum": "string", "text": "string"}
#: Functions that count days of a kind: the sheet looks them up in a calendar.
CALENDAR_FUNCTIONS = (*WEEKDAY_FUNCTIONS, *BOUNDS, "add_days_outside")

#: A column of true and false, never NULL; the constant False where nothing is to be said.
Flag = Any


@dataclass(frozen=True, slots=True)
class Why:
    """Causes of an unknown as bits of whole numbers, by number of the word; 0 where the value is known. Empty: none, or not asked for."""

    words: Mapping[int, Any] = field(default_factory=dict)

    def __or__(self, other: Why) -> Why:
        words = dict(self.words)
        for number, word in other.words.items():
            words[number] = words[number] | word if number in words else word
        return Why(words)

    def where(self, test: Any) -> Why:
        """These causes where ``test`` holds."""
        return Why({number: ibis.cases((test, word), else_=0) for number, word in self.words.items()})


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is an Ibis expression; a :class:`Num` for a number, a :class:`Steps` for a span, a tuple of days for several."""

    value: Any
    why: Why = Why()
    leans: Mapping[str, Flag] = field(default_factory=dict)


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


def known(cell: Cell) -> Any:
    """Where the cell's value is known."""
    value = cell.value
    if isinstance(value, Num):
        return exact.known(value)
    if isinstance(value, Steps):
        return value.count.notnull()
    return ~exact.unknown(value[0] if isinstance(value, tuple) else value)


def nothing(node: Node) -> Any:
    """An unknown value of the node's type."""
    return exact.nothing() if node.type.kind == "number" else exact.null(TYPES[node.type.kind])


def read(node: Node, sheet: Sheet) -> Cell:
    """The node as columns of the sheet."""
    return sheet.kept(node) or _READERS[node.op](node, sheet)


def lean(*cells: Cell) -> dict[str, Flag]:
    """What any of the cells leans on."""
    found: dict[str, Flag] = {}
    for cell in cells:
        for name, flag in cell.leans.items():
            found[name] = found[name] | flag if name in found else flag
    return found


def where(test: Any, leans: Mapping[str, Flag]) -> dict[str, Flag]:
    """Leans on them where ``test`` holds."""
    return {name: test & flag for name, flag in leans.items()}


def both(*cells: Cell) -> Why:
    """Causes of something that is unknown when any of the cells is."""
    return reduce(Why.__or__, (c.why for c in cells), Why())


def only(test: Any, value: Any) -> Any:
    """The value where ``test`` holds, unknown elsewhere."""
    if isinstance(value, Num):
        return exact.pick(value, value, lambda n, _: ibis.cases((test, n)))
    return ibis.cases((test, value))


def choose(test: Cell, yes: Cell, no: Cell, total: bool = False) -> Cell:
    """``yes if test else no``; an unknown test decides nothing, unless both sides are known and the same.

    ``total``: the test is never unknown.
    """
    if total:
        if isinstance(yes.value, Num):
            chosen: Any = exact.pick(yes.value, no.value, lambda x, y: ibis.cases((test.value, x), else_=y))
        else:
            chosen = ibis.cases((test.value, yes.value), else_=no.value)
        leans = lean(test, Cell(None, Why(), where(test.value, yes.leans)), Cell(None, Why(), where(~test.value, no.leans)))
        return Cell(chosen, yes.why.where(test.value) | no.why.where(~test.value), leans)
    holds, fails = test.value.fill_null(False), (~test.value).fill_null(False)
    if isinstance(yes.value, Num):
        same = exact.compare("==", yes.value, no.value)
        value: Any = exact.pick(yes.value, no.value, lambda x, y: ibis.cases((test.value, x), (~test.value, y), (same, x)))
    else:
        same = exact.COMPARISONS["=="](yes.value, no.value)
        value = ibis.cases((test.value, yes.value), (~test.value, no.value), (same, yes.value))
    agree = same.fill_null(False)
    why = Why()
    if yes.why.words or no.why.words or test.why.words:
        why = yes.why.where(holds) | no.why.where(fails) | test.why.where(~agree)
    leans = lean(
        test,
        Cell(None, Why(), where(holds | (exact.unknown(test.value) & agree), yes.leans)),
        Cell(None, Why(), where(fails | (exact.unknown(test.value) & agree), no.leans)),
    )
    return Cell(value, why, leans)


def fall_back(first: Cell, other: Cell) -> Cell:
    """``known_or``: the other where the first is unknown."""
    given = known(first)
    if isinstance(first.value, Num):
        value: Any = exact.pick(first.value, other.value, ibis.coalesce)
    else:
        value = ibis.coalesce(first.value, other.value)
    return Cell(value, other.why.where(~given), lean(first, Cell(None, Why(), where(~given, other.leans))))


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
    given = day.value.notnull()
    return Cell(only(given, found.value), day.why | found.why.where(given), lean(day, found))


def _not(node: Node, sheet: Sheet) -> Cell:
    cell = read(node.args[0], sheet)
    return Cell(~cell.value, cell.why, cell.leans)


def _junction(node: Node, sheet: Sheet) -> Cell:
    cells = [read(a, sheet) for a in node.args]
    value = reduce((lambda a, b: a & b) if node.op == "and" else (lambda a, b: a | b), [c.value for c in cells])
    leans = _resting(cells, value, node.op == "or") if any(c.leans for c in cells) else {}
    return Cell(value, both(*cells).where(exact.unknown(value)), leans)


def _resting(cells: list[Cell], value: Any, decisive: bool) -> dict[str, Flag]:
    """What a junction leans on: all of it while undecided, else what the part that decides it leans on, the surest of several."""
    decides = [(c.value if decisive else ~c.value).fill_null(False) for c in cells]
    counts = [reduce(lambda a, b: a + b, [f.cast("int32") for f in c.leans.values()], ibis.literal(0, "int32")) for c in cells]
    decided = reduce(lambda a, b: a | b, decides)
    fewest = ibis.least(*(ibis.cases((d, n), else_=len(cells) + 99) for d, n in zip(decides, counts, strict=True)))
    surest = ibis.cases(*((d & (n == fewest), i) for i, (d, n) in enumerate(zip(decides, counts, strict=True))), else_=-1)
    rests = [Cell(None, Why(), where(~decided | (surest == i), c.leans)) for i, c in enumerate(cells)]
    return lean(*rests)


def _compare(node: Node, sheet: Sheet) -> Cell:
    left, right = (read(a, sheet) for a in node.args)
    if isinstance(left.value, Num):
        value = exact.compare(node.name, left.value, right.value)
    else:
        value = exact.COMPARISONS[node.name](left.value, right.value)
    return Cell(value, both(left, right), lean(left, right))


def _in(node: Node, sheet: Sheet) -> Cell:
    first, *items = (read(a, sheet) for a in node.args)
    if not isinstance(first.value, Num) and all(a.op == "literal" for a in node.args[1:]):
        return Cell(first.value.isin([a.literal for a in node.args[1:]]), first.why, first.leans)

    def same(a: Any, b: Any) -> Any:
        return exact.compare("==", a, b) if isinstance(a, Num) else exact.COMPARISONS["=="](a, b)

    # OR of SQL: true where one is, else unknown where one is, as the scalar reading has it.
    value = reduce(lambda a, b: a | b, [same(first.value, i.value) for i in items])
    return Cell(value, both(first, *items).where(exact.unknown(value)), lean(first, *items))


def _add_sub(node: Node, sheet: Sheet) -> Cell:
    left, right = (read(a, sheet) for a in node.args)
    sign = 1 if node.op == "add" else -1
    why, leans = both(left, right), lean(left, right)
    if isinstance(right.value, Steps):
        day = shifted(left.value, right.value, sign)
        failed = exact.unknown(day) & known(left) & known(right)
        return Cell(day, why | sheet.cause("no_value", _asked(node)).where(failed), leans)
    if not isinstance(left.value, Num):
        return Cell(exact.column(left.value.delta(right.value, unit="day"), 10**6, 1, False), why, leans)
    return Cell(exact.add(left.value, right.value, sign), why, leans)


def _mul(node: Node, sheet: Sheet) -> Cell:
    left, right = (read(a, sheet) for a in node.args)
    return Cell(exact.mul(left.value, right.value), both(left, right), lean(left, right))


def _div(node: Node, sheet: Sheet) -> Cell:
    if node.args[1].op == "rate":
        # A rate has few values, known beforehand: to multiply by what is one over them keeps the denominators fixed.
        left, right = read(node.args[0], sheet), sheet.rate(node.args[1].name, None, over=True)
        return Cell(exact.mul(left.value, right.value), both(left, right), lean(left, right))
    left, right = (read(a, sheet) for a in node.args)
    value = exact.div(left.value, right.value)
    # What is asked for then: the number that cannot be zero.
    zero = exact.compare("==", right.value, exact.constant(0)).fill_null(False) & known(left)
    asked = node.args[1].name if node.args[1].op == "fact" else ""
    return Cell(value, both(left, right) | sheet.cause("no_value", asked).where(zero), lean(left, right))


def _neg(node: Node, sheet: Sheet) -> Cell:
    cell = read(node.args[0], sheet)
    return Cell(exact.neg(cell.value), cell.why, cell.leans)


def _if(node: Node, sheet: Sheet) -> Cell:
    test, yes, no = (read(a, sheet) for a in node.args)
    return choose(test, yes, no, total(node.args[0]))


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
    value = FUNCTIONS[node.name](*(c.value for c in cells))
    why = both(*cells)
    if node.name in MAY_FAIL:
        made = Cell(value)
        failed = reduce(lambda a, b: a & b, [known(c) for c in cells]) & ~known(made)
        why |= sheet.cause("no_value", _asked(node)).where(failed)
    return Cell(value, why, lean(*cells))


def _asked(node: Node) -> str:
    """The fact that is asked for where a part has no value though all it reads is known."""
    return next((n.name for n in node.walk() if n.op == "fact"), "")


def _is_known(node: Node, sheet: Sheet) -> Cell:
    cell = read(node.args[0], sheet)
    return Cell(known(cell), Why(), cell.leans)


def _known_or(node: Node, sheet: Sheet) -> Cell:
    first, other = (read(a, sheet) for a in node.args)
    return fall_back(first, other)


def _at_least(node: Node, sheet: Sheet) -> Cell:
    cells = [read(a, sheet) for a in node.args[1:]]
    wanted = node.args[0].literal
    met = reduce(lambda a, b: a + b, [ibis.cases((c.value, 1), else_=0) for c in cells])
    possible = reduce(lambda a, b: a + b, [ibis.cases((~c.value, 0), else_=1) for c in cells])
    value = ibis.cases((met >= wanted, True), (possible < wanted, False))
    return Cell(value, both(*cells).where(exact.unknown(value)), lean(*cells))


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
