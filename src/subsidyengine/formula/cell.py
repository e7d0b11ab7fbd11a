"""One answer for every row of a table: its value, why it is unknown, which unsettled settings it leans on, how weak a citation it rests on.

What is the same in every row stays a constant as long as it can: a table is then asked for less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeVar

import ibis
import ibis.expr.operations as ops

from . import exact
from .column_functions import Steps
from .exact import Num

#: Bits of a word: the lower ones for facts, the upper for law that is not known.
FACT_BITS, LAW_BITS = 40, 22
#: A column of true and false, never NULL.
Flag = Any
#: Weakest citation: whether it is at least secondary, at least inferred, unknown.
Rank = tuple[Flag, Flag, Flag]
_Item = TypeVar("_Item")


def ranked(place: int) -> Rank:
    """The rank of ``CERTAINTIES[place]``, in every row."""
    return ibis.literal(place > 0), ibis.literal(place > 1), ibis.literal(place > 2)


SUREST, WEAKEST = ranked(0), ranked(3)


@dataclass(frozen=True, slots=True)
class Word:
    """Causes as bits: those that are set in every row, those of ``mask`` that are set in the column ``missing``, and those of ``moving``.

    Most causes are facts that are missing. Which of them are is written down once, so what lacks them needs no column of its own.
    """

    always: int = 0
    mask: int = 0
    missing: Any = None
    moving: Any = None
    #: Bits that may be set in ``moving``.
    perhaps: int = 0

    def __or__(self, other: Word) -> Word:
        moving = self.moving if other.moving is None else other.moving
        if self.moving is not None and other.moving is not None and not self.moving.equals(other.moving):
            moving = self.moving | other.moving
        missing = self.missing if other.missing is None else other.missing
        return Word(self.always | other.always, self.mask | other.mask, missing, moving, self.perhaps | other.perhaps)

    @property
    def possible(self) -> int:
        """Bits that may be set in some row."""
        return self.always | self.mask | self.perhaps

    def column(self) -> Any:
        """The word as an expression."""
        parts = [] if self.moving is None else [self.moving]
        if self.mask:
            parts.append(self.missing & ibis.literal(self.mask, "int64"))
        if self.always or not parts:
            parts.append(ibis.literal(self.always, "int64"))
        return reduce(lambda a, b: a | b, parts)


@dataclass(frozen=True, slots=True)
class Why:
    """Causes of an unknown, words by number; no bit is set where the value is known. Empty: none, or not asked for."""

    words: Mapping[int, Word] = field(default_factory=dict)

    def __or__(self, other: Why) -> Why:
        return Why({key: self.words.get(key, Word()) | other.words.get(key, Word()) for key in {**self.words, **other.words}})

    def where(self, test: Flag) -> Why:
        """These causes where ``test`` holds."""
        return picked([(test, self)], Why())

    def law(self) -> Flag:
        """Where law that is not known is among the causes."""
        laws = [word for word in self.words.values() if word.possible >> FACT_BITS]
        return either(*(ibis.literal(True) if word.always >> FACT_BITS else word.column() >= (1 << FACT_BITS) for word in laws))


def reachable(branches: Sequence[tuple[Any, _Item]], other: _Item) -> tuple[list[tuple[Any, _Item]], _Item]:
    """The branches that some row can take, and what stands behind them: one that always holds ends them, one that never does is none."""
    asked: list[tuple[Any, _Item]] = []
    for test, item in branches:
        constant = fixed(test)
        if constant:
            return asked, item
        if constant is None:
            asked.append((test, item))
    return asked, other


def picked(branches: Sequence[tuple[Any, Why]], other: Why) -> Why:
    """The causes of the first branch whose test holds."""
    asked, other = reachable(branches, other)
    if not asked:
        return other
    words = {}
    for key in dict.fromkeys(key for why in (*(why for _, why in asked), other) for key in why.words):
        tested = [(test, why.words.get(key, Word())) for test, why in asked]
        rest = other.words.get(key, Word())
        moving = ibis.cases(*((test, word.column()) for test, word in tested), else_=rest.column())
        words[key] = Word(moving=moving, perhaps=reduce(lambda a, b: a | b, (word.possible for _, word in tested), rest.possible))
    return Why(words)


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is an Ibis expression; a :class:`Num` for a number, a :class:`Steps` for a span, a tuple of days for several."""

    value: Any
    why: Why = Why()
    leans: Mapping[str, Flag] = field(default_factory=dict)
    rank: Rank = SUREST


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


def filled(flag: Flag, otherwise: bool) -> Flag:
    """The flag, with ``otherwise`` where it is unknown."""
    op = flag.op()
    if isinstance(op, ops.NullIf):  # what is unknown in every row (exact.null)
        return ibis.literal(otherwise)
    return flag if exact.never_null(op) else flag.fill_null(otherwise)


def every(*flags: Flag) -> Flag:
    """AND."""
    return _junction(flags, False)


def either(*flags: Flag) -> Flag:
    """OR."""
    return _junction(flags, True)


def _junction(flags: Sequence[Flag], decisive: bool) -> Flag:
    moving = {}
    for flag in flags:
        constant = fixed(flag)
        if constant is decisive:
            return flag
        if constant is None:
            moving[flag.op()] = flag
    return reduce((lambda a, b: a | b) if decisive else (lambda a, b: a & b), moving.values()) if moving else ibis.literal(not decisive)


def flag_where(branches: Sequence[tuple[Any, Flag]], other: Flag) -> Flag:
    """The flag of the first branch whose test holds."""
    asked, other = reachable(branches, other)
    while asked and asked[-1][1].equals(other):
        asked.pop()
    if not asked:
        return other
    first = asked[0][1]
    if any(not flag.equals(first) for _, flag in asked) or (len(asked) > 1 and fixed(first) is None):
        return ibis.cases(*asked, else_=other)
    test = either(*(filled(t, False) for t, _ in asked))
    if fixed(first) is None and fixed(other) is None:
        return ibis.cases((test, first), else_=other)
    if fixed(first) or fixed(other) is False:
        return either(every(test, first), other)
    return every(either(negated(test), first), other)


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
    weak, weaker, weakest = (either(*flags) for flags in zip(SUREST, *ranks, strict=True))
    return weak, weaker, weakest


def rank_where(*branches: tuple[Any, Rank], other: Rank = SUREST) -> Rank:
    """The rank of the first branch whose test holds."""
    weak, weaker, weakest = (flag_where([(test, rank[i]) for test, rank in branches], other[i]) for i in range(len(other)))
    return weak, weaker, weakest


def surest(decides: Sequence[Flag], ranks: Sequence[Rank]) -> Rank:
    """The rank of what the surest of the parts that decide it rests on, or where none decides it all of them."""
    weakest = weakest_of(*ranks)
    weak, weaker, unknown = (
        every(flag, *(either(negated(d), rank[i]) for d, rank in zip(decides, ranks, strict=True))) for i, flag in enumerate(weakest)
    )
    return rank_where((either(*decides), (weak, weaker, unknown)), other=weakest)


def rank_column(rank: Rank) -> Any:
    """A rank as a whole number, 0 to 3."""
    return reduce(lambda a, b: a + b, (flag.cast("int8") for flag in rank))


#: More than any weight of a part.
NONE_DECIDES = 100


def least_of(decides: Sequence[Flag], weights: Sequence[Any]) -> Any:
    """The least weight of the parts that decide, else ``NONE_DECIDES``."""
    none = ibis.literal(NONE_DECIDES, "int8")
    return ibis.least(*(ibis.cases((d, w), else_=none) for d, w in zip(decides, weights, strict=True)))


# choices -------------------------------------------------------------------------------------------------------------


def only(test: Any, value: Any) -> Any:
    """The value where ``test`` holds, unknown elsewhere."""
    if fixed(test):
        return value
    if isinstance(value, Num):
        return exact.pick(value, value, lambda n, _: ibis.cases((test, n)))
    return ibis.cases((test, value))


def switch(branches: Sequence[tuple[Any, Cell]], other: Cell) -> Cell:
    """The cell of the first branch whose test holds, ``other`` where none does; a test that is unknown does not hold."""
    asked, other = reachable(branches, other)
    if not asked:
        return other
    tests, cells = [test for test, _ in asked], [*(cell for _, cell in asked), other]

    def chosen(values: Sequence[Any]) -> Any:
        if all(value.equals(values[-1]) for value in values):
            return values[-1]
        return ibis.cases(*zip(tests, values[:-1], strict=True), else_=values[-1])

    values = [cell.value for cell in cells]
    never = ibis.literal(False)
    leans = {name: chosen([c.leans.get(name, never) for c in cells]) for c in cells for name in c.leans}
    why = picked([(test, cell.why) for test, cell in asked], other.why)
    rank = rank_where(*((test, cell.rank) for test, cell in asked), other=other.rank)
    return Cell(exact.among(tests, values) if isinstance(other.value, Num) else chosen(values), why, leans, rank)


def choose(test: Cell, yes: Cell, no: Cell) -> Cell:
    """``yes if test else no``; an unknown test decides nothing, unless both sides are known and the same."""
    holds, fails = test.value, negated(test.value)
    if exact.never_null(holds.op()):
        chosen = switch([(holds, yes)], no)
        return made(chosen.value, test, chosen, why=chosen.why)
    if isinstance(yes.value, Num):
        same = exact.compare("==", yes.value, no.value)
        value: Any = exact.pick(yes.value, no.value, lambda x, y: ibis.cases((holds, x), (fails, y), (same, x)))
    else:
        same = exact.COMPARISONS["=="](yes.value, no.value)
        value = ibis.cases((holds, yes.value), (fails, no.value), (same, yes.value))
    why = picked([(holds, yes.why), (fails, no.why), (same, Why())], test.why)
    leans = lean(test)
    if yes.leans or no.leans:
        agree = exact.unknown(test.value) & filled(same, False)
        leans = lean(
            test,
            Cell(None, leans=where(filled(holds, False) | agree, yes.leans)),
            Cell(None, leans=where(filled(fails, False) | agree, no.leans)),
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
