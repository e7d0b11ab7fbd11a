"""Months of many cases added up in whole øre: where each stretch begins and ceases is worked out once, for any number of amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .chance import Stays
from .exits import Survival

#: Cases whose months are held at once.
BLOCK = 5_000


class Sums:
    """Adds up whole numbers by their place among ``size`` places."""

    def __init__(self, places: Any, size: int) -> None:
        import numpy as np

        self.order = np.argsort(places, kind="stable")
        self.ends = np.searchsorted(places[self.order], np.arange(size + 1))

    def of(self, values: Any) -> Any:
        """The sum at each place."""
        import numpy as np

        running = np.zeros(len(values) + 1, np.int64)
        np.cumsum(values[self.order], out=running[1:])
        return running[self.ends[1:]] - running[self.ends[:-1]]


class Block:
    """Some of the cases: which stretches are theirs, and where those begin and cease in the months."""

    def __init__(
        self, whole: Mapping[str, Any], part: Mapping[str, Any] | None, low: int, high: int, cases: Mapping[str, Any], months: int
    ):
        import numpy as np

        self.shape, size = (high - low, months + 1), (high - low) * (months + 1)
        self.tenure, self.first = cases["tenure"][low:high].astype(int), cases["first"][low:high].astype(int)
        self.settled = cases["settled"][low:high].astype(bool)
        self._stays: dict[Any, Stays] = {}
        here = np.flatnonzero((whole["of_case"] >= low) & (whole["of_case"] < high))
        row = (whole["of_case"][here] - low) * (months + 1)
        filled = whole["w1"][here] < whole["w2"][here]
        self.full = here[filled]
        self.begin, self.cease = Sums((row + whole["w1"][here])[filled], size), Sums((row + whole["w2"][here])[filled], size)
        self._all, self._from, self._to = here, row + whole["ia"][here], row + whole["ic"][here]
        self._running: Any = None
        self.piece = None
        if part is not None:
            here = np.flatnonzero((part["of_case"] >= low) & (part["of_case"] < high))
            place = (part["of_case"][here] - low) * (months + 1) + part["month"][here]
            self.places, which = np.unique(place, return_inverse=True)
            self.lengths = np.zeros(len(self.places), np.int64)
            self.lengths[which] = part["length"][here]
            self.piece, self.piece_days, self.piece_sums = (
                part["stretch"][here],
                part["days"][here].astype(np.int64),
                Sums(which, len(self.places)),
            )

    def stays(self, exits: Any, survival: Survival, gone: bool) -> Stays:
        """The cases' chances to stay (or to have gone) under a curve, worked out once."""
        if exits not in self._stays:
            self._stays[exits] = Stays(survival, self.tenure, self.first, self.settled, self.shape[1] - 1, gone)
        return self._stays[exits]

    def running(self, counts: Any = None) -> Any:
        """Whether each case runs on the last day of each month, as far as its stretches count (None: all do)."""
        import numpy as np

        if counts is None and self._running is not None:
            return self._running
        there, size = slice(None) if counts is None else counts[self._all], self.shape[0] * self.shape[1]
        begun, ceased = (np.bincount(at[there], minlength=size) for at in (self._from, self._to))
        running = np.cumsum((begun - ceased).reshape(self.shape), axis=1)[:, :-1]
        if counts is None:
            self._running = running
        return running

    def cells(self, ore: Any) -> Any:
        """Øre of each case and month."""
        import numpy as np

        full = (self.begin.of(ore[self.full]) - self.cease.of(ore[self.full])).reshape(self.shape)
        cells = np.cumsum(full, axis=1)
        if self.piece is not None:
            # What a case gets for its days of one month is added up before it is rounded.
            once = self.piece_sums.of(ore[self.piece] * self.piece_days)
            cells.flat[self.places] += (2 * once + self.lengths) // (2 * self.lengths)
        return cells[:, :-1]


def blocks(whole: Mapping[str, Any], part: Mapping[str, Any] | None, cases: Mapping[str, Any], months: int) -> Iterator[Block]:
    count = len(cases["tenure"])
    for low in range(0, count, BLOCK):
        yield Block(whole, part, low, min(low + BLOCK, count), cases, months)
