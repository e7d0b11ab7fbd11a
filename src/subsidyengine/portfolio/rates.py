"""A rate as columns: what its rows are worth, and which of them holds on each case's day, as known by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

import ibis

from ..formula import exact
from ..formula.columns import Flag, every, reachable
from ..rulebook import RateRow


@dataclass(frozen=True, slots=True)
class Varied:
    """A rate that each row of the table has its own values of: for each row of the rate a column of whole counts of ``1 / scale``."""

    columns: Mapping[RateRow, str]
    bound: int
    scale: int


@dataclass(frozen=True, slots=True)
class Values:
    """For each row of a rate its value, in whole counts of ``1 / scale`` and no more than ``bound``; ``open``: one may not be known.

    ``sure``: none is below 0.
    """

    cells: Sequence[Any]
    bound: int
    scale: int
    sure: bool
    open: bool


def values_of(rows: Sequence[RateRow], over: bool) -> Values:
    """The values that stand in the rulebook, or one over them."""
    values = [None if r.value is None or (over and not r.value) else 1 / Fraction(r.value) if over else Fraction(r.value) for r in rows]
    scale = lcm(*(v.denominator for v in values if v is not None))
    whole = [None if v is None else int(v * scale) for v in values]
    known = [w for w in whole if w is not None]
    bound, sure = max(map(abs, known), default=0), all(w >= 0 for w in known)
    return Values([exact.whole_or_null(w) for w in whole], bound, scale, sure, None in values)


def varied_values(varied: Varied, rows: Sequence[RateRow], table: Any) -> Values:
    """The values that each row of the table has of its own, of these rows of the rate."""
    return Values([table[varied.columns[row]] for row in rows], varied.bound, varied.scale, sure=False, open=True)


def row_tests(rows: Sequence[RateRow], begun: Callable[[date], Flag], known_by: Any) -> tuple[list[tuple[Any, int]], int]:
    """The rows that some case can have, each with its test, the one that begins last first, and the one behind them all.

    ``begun``: has the day come for a case; ``known_by``: the day that a row has to have been known by (NULL: any).
    """
    # Sorted by the day they hold from: of two rows for the same day the later in the file is a correction.
    order = sorted(range(1, len(rows)), key=lambda i: (rows[i].from_ or date.min, i), reverse=True)
    branches: list[tuple[Any, int]] = []
    for i in order:
        from_, known_from = rows[i].from_, rows[i].known_from
        test: Any = ibis.literal(True) if from_ is None else begun(from_)
        branches.append((test if known_from is None else every(test, known_by.isnull() | (known_by >= known_from)), i))
    return reachable(branches, 0)
