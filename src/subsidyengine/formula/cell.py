"""One answer for every row of a table: its value, why it is unknown, which unsettled settings it leans on, how weak a citation it rests on.

What is the same in every row stays a constant as long as it can: a table is then asked for less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import ibis
import ibis.expr.operations as ops

from . import exact
from .column_functions import Steps
from .exact import Num

#: A column of true and false, never NULL.
Flag = Any
#: Weakest citation, 0 (text) to 3 (unknown): an int where it is the same in every row, else a column that is never NULL.
Rank = Any
WEAKEST = 3


@dataclass(frozen=True, slots=True)
class Why:
    """Causes of an unknown as bits of whole numbers; 0 where the value is known. Empty: none, or not asked for.

    The key of a word: is it about law that is not known, and its number.
    """

    words: Mapping[tuple[bool, int], Any] = field(default_factory=dict)

    def __or__(self, other: Why) -> Why:
        words = dict(self.words)
        for key, word in other.words.items():
            words[key] = words[key] | word if key in words and not words[key].equals(word) else word
        return Why(words)

    def where(self, test: Flag) -> Why:
        """These causes where ``test`` holds."""
        return picked([(test, self)], Why())

    def law(self) -> Flag:
        """Where law that is not known is among the causes."""
        return either(*(word != 0 for (law, _), word in self.words.items() if law))


def picked(branches: Sequence[tuple[Any, Why]], other: Why) -> Why:
    """The causes of the first branch whose test holds."""
    branches = [(test, why) for test, why in branches if fixed(test) is not False]
    if branches and fixed(branches[0][0]):
        return branches[0][1]
    if not branches:
        return other
    keys = dict.fromkeys(key for _, why in (*branches, (None, other)) for key in why.words)
    return Why({
        key: ibis.cases(*((test, why.words.get(key, _NONE)) for test, why in branches), else_=other.words.get(key, _NONE)) for key in keys
    })  # fmt: skip


_NONE = ibis.literal(0, "int64")


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is an Ibis expression; a :class:`Num` for a number, a :class:`Steps` for a span, a tuple of days for several."""

    value: Any
    why: Why = Why()
    leans: Mapping[str, Flag] = field(default_factory=dict)
    rank: Rank = 0


def made(value: Any, *of: Cell, why: Why | None = None) -> Cell:
    """A value that all of ``of`` were used for. ``why``: other causes than theirs."""
    return Cell(value, both(*of) if why is None else why, lean(*of), weakest_of(*(c.rank for c in of)))


def known(cell: Cell) -> Any:
    """Where the cell's value is known."""
    value = cell.value
    if isinstance(value, Num):
        return exact.known(value)
    if isinstance(value, Steps):
        return value.count.notnull()
    return negated(exact.unknown(value[0] if isinstance(value, tuple) else value))


def both(*cells: Cell) -> Why:
    """Causes of something that is unknown when any of the cells is."""
    return reduce(Why.__or__, (c.why for c in cells), Why())


# statements: a constant among them decides, or is left out ---------------------------------------------------------


def fixed(flag: Flag) -> bool | None:
    """True or False where that is the same in every row."""
    op = flag.op()
    return op.value if isinstance(op, ops.Literal) and isinstance(op.value, bool) else None


def negated(flag: Flag) -> Flag:
    """NOT."""
    op = flag.op()
    if isinstance(op, ops.Not):
        return op.arg.to_expr()
    if isinstance(op, ops.NotNull):
        return op.arg.to_expr().isnull()
    if isinstance(op, ops.IsNull):
        return op.arg.to_expr().notnull()
    constant = fixed(flag)
    return ~flag if constant is None else ibis.literal(not constant)


def every(*flags: Flag) -> Flag:
    """AND."""
    return _junction(flags, False)


def either(*flags: Flag) -> Flag:
    """OR."""
    return _junction(flags, True)


def _junction(flags: Sequence[Flag], decisive: bool) -> Flag:
    moving = []
    for flag in flags:
        constant = fixed(flag)
        if constant is decisive:
            return flag
        if constant is None:
            moving.append(flag)
    return reduce((lambda a, b: a | b) if decisive else (lambda a, b: a & b), moving) if moving else ibis.literal(not decisive)


# settings that are not settled by law --------------------------------------------------------------------------------


def lean(*cells: Cell) -> dict[str, Flag]:
    """What any of the cells leans on."""
    found: dict[str, Flag] = {}
    for cell in cells:
        for name, flag in cell.leans.items():
            found[name] = either(found[name], flag) if name in found else flag
    return found


def where(test: Any, leans: Mapping[str, Flag]) -> dict[str, Flag]:
    """Leans on them where ``test`` holds."""
    return {name: every(test, flag) for name, flag in leans.items()}


# citations -----------------------------------------------------------------------------------------------------------


def weakest_of(*ranks: Rank) -> Rank:
    """The rank of what rests on all of them."""
    constant = max((r for r in ranks if isinstance(r, int)), default=0)
    moving = {r.op(): r for r in ranks if not isinstance(r, int)}
    if constant == WEAKEST or not moving:
        return constant
    columns = [*moving.values(), *([rank_column(constant)] if constant else [])]
    return ibis.greatest(*columns) if len(columns) > 1 else columns[0]


def rank_where(*branches: tuple[Any, Rank], other: Rank = 0) -> Rank:
    """The rank of the first branch whose test holds."""
    asked: list[tuple[Any, Rank]] = []
    for test, rank in branches:
        constant = fixed(test)
        if constant:
            other = rank
            break
        if constant is None:
            asked.append((test, rank))
    if all(_same(rank, other) for _, rank in asked):
        return other
    return ibis.cases(*((test, rank_column(rank)) for test, rank in asked), else_=rank_column(other))


def _same(a: Rank, b: Rank) -> bool:
    if isinstance(a, int) or isinstance(b, int):
        return type(a) is type(b) and bool(a == b)
    return bool(a.equals(b))


def surest(decides: Sequence[Flag], ranks: Sequence[Rank]) -> Rank:
    """The rank of what the surest of the parts that decide it rests on, or where none decides it all of them."""
    weakest = weakest_of(*ranks)
    if all(isinstance(r, int) for r in ranks):
        surest_first = sorted(zip(decides, ranks, strict=True), key=lambda part: part[1])
        return rank_where(*(part for part in surest_first if part[1] < weakest), other=weakest)
    fewest = least_of(decides, ranks)
    return ibis.cases((fewest < NONE_DECIDES, fewest), else_=rank_column(weakest))


#: More than any weight of a part.
NONE_DECIDES = 100


def least_of(decides: Sequence[Flag], weights: Sequence[Any]) -> Any:
    """The least weight of the parts that decide, else ``NONE_DECIDES``."""
    return ibis.least(*(ibis.cases((d, rank_column(w)), else_=rank_column(NONE_DECIDES)) for d, w in zip(decides, weights, strict=True)))


def rank_column(rank: Rank) -> Any:
    """A rank as an expression."""
    return ibis.literal(rank, "int8") if isinstance(rank, int) else rank


# choices -------------------------------------------------------------------------------------------------------------


def only(test: Any, value: Any) -> Any:
    """The value where ``test`` holds, unknown elsewhere."""
    if isinstance(value, Num):
        return exact.pick(value, value, lambda n, _: ibis.cases((test, n)))
    return ibis.cases((test, value))


def switch(test: Any, yes: Cell, no: Cell) -> Cell:
    """``yes`` where ``test`` holds, ``no`` elsewhere, also where that is unknown."""
    constant = fixed(test)
    if constant is not None:
        return yes if constant else no
    if isinstance(yes.value, Num):
        value: Any = exact.pick(yes.value, no.value, lambda x, y: ibis.cases((test, x), else_=y))
    else:
        value = yes.value if yes.value.equals(no.value) else ibis.cases((test, yes.value), else_=no.value)
    never = ibis.literal(False)
    sides = {n: (yes.leans.get(n, never), no.leans.get(n, never)) for n in {**yes.leans, **no.leans}}
    leans = {n: a if a.equals(b) else ibis.cases((test, a), else_=b) for n, (a, b) in sides.items()}
    return Cell(value, picked([(test, yes.why)], no.why), leans, rank_where((test, yes.rank), other=no.rank))


def choose(test: Cell, yes: Cell, no: Cell) -> Cell:
    """``yes if test else no``; an unknown test decides nothing, unless both sides are known and the same."""
    holds, fails = test.value, negated(test.value)
    if isinstance(yes.value, Num):
        same = exact.compare("==", yes.value, no.value)
        value: Any = exact.pick(yes.value, no.value, lambda x, y: ibis.cases((holds, x), (fails, y), (same, x)))
    else:
        same = exact.COMPARISONS["=="](yes.value, no.value)
        value = ibis.cases((holds, yes.value), (fails, no.value), (same, yes.value))
    why = picked([(holds, yes.why), (fails, no.why), (same, Why())], test.why)
    leans = lean(test)
    if yes.leans or no.leans:
        agree = exact.unknown(test.value) & same.fill_null(False)
        leans = lean(
            test,
            Cell(None, leans=where(holds.fill_null(False) | agree, yes.leans)),
            Cell(None, leans=where(fails.fill_null(False) | agree, no.leans)),
        )
    # Both sides were read where the test is unknown.
    rank = rank_where((holds, yes.rank), (fails, no.rank), other=weakest_of(yes.rank, no.rank))
    return Cell(value, why, leans, weakest_of(test.rank, rank))


def fall_back(first: Cell, other: Cell) -> Cell:
    """``known_or``: the other where the first is unknown."""
    given = known(first)
    if isinstance(first.value, Num):
        value: Any = exact.pick(first.value, other.value, ibis.coalesce)
    else:
        value = ibis.coalesce(first.value, other.value)
    missing = negated(given)
    leans = lean(first, Cell(None, leans=where(missing, other.leans)))
    return Cell(value, other.why.where(missing), leans, weakest_of(first.rank, rank_where((missing, other.rank))))
