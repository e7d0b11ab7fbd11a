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
        self.full, self.all = here[filled], here
        self.begin, self.cease = Sums((row + whole["w1"][here])[filled], size), Sums((row + whole["w2"][here])[filled], size)
        self.run, self.stop = Sums(row + whole["ia"][here], size), Sums(row + whole["ic"][here], size)
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

    def stays(self, exits: Any, survival: Survival) -> Stays:
        """The cases' chances to stay under a curve, worked out once."""
        if exits not in self._stays:
            self._stays[exits] = Stays(survival, self.tenure, self.first, self.settled, self.shape[1] - 1)
        return self._stays[exits]

    def cells(self, ore: Any, known: Any, granted: Any) -> tuple[Any, Any]:
        """Øre of each case and month, and whether it runs on the month's last day."""
        import numpy as np

        full = (self.begin.of(ore[self.full]) - self.cease.of(ore[self.full])).reshape(self.shape)
        cells = np.cumsum(full, axis=1)
        if self.piece is not None:
            once = ore[self.piece] * self.piece_days
            # What a case gets for its days of one month is added up before it is rounded, what is granted and what is open apart.
            for kind in (granted[self.piece], ~granted[self.piece]):
                cells.flat[self.places] += (2 * self.piece_sums.of(once * kind) + self.lengths) // (2 * self.lengths)
        runs = known[self.all].astype(np.int64)
        running = np.cumsum((self.run.of(runs) - self.stop.of(runs)).reshape(self.shape), axis=1)
        return cells[:, :-1], running[:, :-1]


def blocks(whole: Mapping[str, Any], part: Mapping[str, Any] | None, cases: Mapping[str, Any], months: int) -> Iterator[Block]:
    count = len(cases["tenure"])
    for low in range(0, count, BLOCK):
        yield Block(whole, part, low, min(low + BLOCK, count), cases, months)
