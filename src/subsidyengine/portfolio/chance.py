"""What early exits do to a forecast: the mean, exactly, and a 90 % band around it; never one number alone.

Who moves out in a month costs that month and nothing after. Tenancies end independently of one another. Of many cases the sum is
close to a normal distribution, so its exact variance and skewness say where the band ends; of few the whole is drawn, seeded.
What an estimated curve may be off by is in the band too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .exits import Survival, Z

DRAWS, SEED = 1_000, 163
#: With fewer cases than this the band is drawn.
FEW = 200
#: Share of the draws below the band's ends.
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Band:
    """The mean and the ends of a 90 % band: kroner, or how many refunds run."""

    mean: Decimal
    low: Decimal
    high: Decimal


@dataclass(slots=True)
class Spread:
    """Means, variances and third moments of sums, added up block by block. ``apart``: half of what the curve's own band moves the mean."""

    mean: Any = 0.0
    variance: Any = 0.0
    third: Any = 0.0
    apart: Any = 0.0
    most: Any = 0.0

    def add(self, mean: Any, variance: Any, third: Any, most: Any) -> None:
        """Independent of what was added before, so that each sums up."""
        self.mean, self.variance = self.mean + mean, self.variance + variance
        self.third, self.most = self.third + third, self.most + most

    def bands(self, places: int) -> list[Band]:
        """The bands, with so many decimals taken off whole units (2: øre as kroner)."""
        import numpy as np

        error = np.sqrt(np.maximum(self.variance, 0))
        skew = np.where(error > 0, self.third / np.where(error > 0, error, 1) ** 3, 0)
        # Cornish and Fisher: where the quantile lies when the distribution leans to one side. What the curve is off by leans to neither.
        lean = (Z**2 - 1) * np.clip(skew, -1, 1) / 6 * error
        wide = np.hypot(Z * error, self.apart)
        low, high = np.clip(self.mean + lean - wide, 0, self.most), np.clip(self.mean + lean + wide, 0, self.most)
        return [_band(m, a, b, places) for m, a, b in zip(self.mean, low, high, strict=True)]


class Stays:
    """The chance of each case of a block to be a tenant in each month, and in the month after it, under one curve.

    ``tenure``: the tenancies' age in months when the forecast begins; ``first``: the month in which they begin, if later;
    ``settled``: their move-out is known, so that they last until then.
    """

    def __init__(self, survival: Survival, tenure: Any, first: Any, settled: Any, months: int) -> None:
        import numpy as np

        self.tenure, self.first, self.settled, self.months, self.estimated = tenure, first, settled, months, survival.exits is not None
        self.curves = [np.array(c) for c in survival.lasting(int(tenure.max(initial=0)) + months + 1)]
        self.here, self.after = self.under(self.curves[0])
        if self.estimated:
            low, high = (self.under(c) for c in self.curves[1:])
            self.apart = [(b - a) / 2 for a, b in zip(low, high, strict=True)]

    def under(self, curve: Any) -> tuple[Any, Any]:
        """The chances when ``curve`` holds."""
        import numpy as np

        passed = np.maximum(np.arange(self.months + 1)[None, :] - self.first[:, None], 0)
        begun = np.where(curve[self.tenure] > 0, curve[self.tenure], 1)
        share = np.where(self.settled[:, None], 1.0, curve[np.minimum(self.tenure[:, None] + passed, len(curve) - 1)] / begun[:, None])
        return np.ascontiguousarray(share[:, :-1]), np.ascontiguousarray(share[:, 1:])


@dataclass(slots=True)
class Chance:
    """What becomes of a scenario's cases under one curve. Feed it blocks of cases, then ask for the bands."""

    #: For each year the months of it, as numbers.
    years: Sequence[slice]
    few: bool
    cost: Spread = field(default_factory=Spread)
    active: Spread = field(default_factory=Spread)
    yearly: Spread = field(default_factory=Spread)
    _drawn: Any = None

    def add(self, cells: Any, running: Any, stays: Stays) -> None:
        """A block: øre of each case and month, whether it runs at the month's end, and its chances to stay."""
        import numpy as np

        if self.few:  # it is the only block then
            self._drawn = _draw(cells, running, stays)
        cells = cells.astype(float)
        _sum(self.cost, stays.here, cells)
        _sum(self.active, stays.after, running.astype(float))
        self.yearly.add(*(np.array(moment) for moment in zip(*(_year(stays.here[:, y], cells[:, y]) for y in self.years), strict=True)))
        if stays.estimated:
            apart = np.einsum("ij,ij->j", stays.apart[0], cells)
            self.cost.apart = self.cost.apart + apart
            self.active.apart = self.active.apart + np.einsum("ij,ij->j", stays.apart[1], running)
            self.yearly.apart = self.yearly.apart + np.array([apart[y].sum() for y in self.years])

    def bands(self) -> tuple[list[Band], list[Band], list[Band]]:
        """Of the cost by month, of what runs at each month's end, and of the cost by year."""
        if self._drawn is None:
            return self.cost.bands(2), self.active.bands(0), self.yearly.bands(2)
        import numpy as np

        cost, active = self._drawn
        yearly = np.stack([cost[:, y].sum(axis=1) for y in self.years], axis=1)
        return _quantiles(self.cost.mean, cost, 2), _quantiles(self.active.mean, active, 0), _quantiles(self.yearly.mean, yearly, 2)


def _sum(spread: Spread, stays: Any, what: Any) -> None:
    """Add what each case comes to in a month with the chance that it stays, for all months."""
    import numpy as np

    got = stays * what
    one = got * (what - got)
    spread.add(got.sum(axis=0), one.sum(axis=0), np.einsum("ij,ij->j", one, what - 2 * got), what.sum(axis=0))


def _year(stays: Any, cells: Any) -> tuple[float, float, float, float]:
    """Moments of a year's sum: a case that stays to month m has got all up to it."""
    import numpy as np

    got = np.cumsum(cells, axis=1)
    before = got - cells
    # got**p - before**p, for p = 1, 2, 3.
    one = stays * cells
    two = one * (got + before)
    three = one * (got * (got + before) + before * before)
    first, second, third = one.sum(axis=1), two.sum(axis=1), three.sum(axis=1)
    return first.sum(), (second - first * first).sum(), (third + first * (2 * first * first - 3 * second)).sum(), cells.sum()


def _draw(cells: Any, running: Any, stays: Stays) -> tuple[Any, Any]:
    """Each draw's cost and running refunds by month; an estimated curve is drawn anew each time, from its band."""
    import numpy as np

    share, low, high = stays.curves
    chance = np.random.default_rng(SEED)
    cost, active = np.empty((DRAWS, stays.months)), np.empty((DRAWS, stays.months))
    here, after = stays.here, stays.after
    for draw in range(DRAWS):
        if stays.estimated:
            off = chance.standard_normal()
            moved = share + off / Z * (high - share if off > 0 else share - low)
            here, after = stays.under(np.minimum.accumulate(np.clip(moved, 0, 1)))
        level = chance.random(len(cells))[:, None]
        cost[draw] = ((level < here) * cells).sum(axis=0)
        active[draw] = ((level < after) * running).sum(axis=0)
    return cost, active


def _quantiles(mean: Any, drawn: Any, places: int) -> list[Band]:
    import numpy as np

    low, high = np.quantile(drawn, (LOW, HIGH), axis=0, method="inverted_cdf")
    return [_band(m, min(a, m), max(b, m), places) for m, a, b in zip(mean, low, high, strict=True)]


def _band(mean: float, low: float, high: float, places: int) -> Band:
    if places == 0:  # how many: tenths of the mean, whole ones at the ends
        return Band(Decimal(f"{mean:.1f}"), Decimal(f"{low:.0f}"), Decimal(f"{high:.0f}"))
    return Band(*(Decimal(f"{x:.0f}").scaleb(-places) for x in (mean, low, high)))
