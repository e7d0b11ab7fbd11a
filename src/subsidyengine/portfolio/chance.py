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

from .exits import Z, Survival

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


@dataclass(slots=True)
class Chance:
    """What becomes of a scenario's cases under one curve. Feed it blocks of cases, then ask for the bands."""

    survival: Survival
    #: For each year the months of it, as numbers.
    years: Sequence[slice]
    few: bool
    cost: Spread = field(default_factory=Spread)
    active: Spread = field(default_factory=Spread)
    yearly: Spread = field(default_factory=Spread)
    _drawn: Any = None

    def add(self, cells: Any, running: Any, tenure: Any, first: Any) -> None:
        """A block: øre of each case and month, whether it runs at the month's end, and the tenancy's age when the forecast begins
        (``first``: the month it begins in, if later).
        """
        import numpy as np

        months = cells.shape[1]
        curves = [np.array(c) for c in self.survival.lasting(int(tenure.max(initial=0)) + months + 1)]
        stays, after = _stays(curves[0], tenure, first, months)
        _sum(self.cost, stays, cells)
        _sum(self.active, after, running)
        gained = [_yearly(stays, cells, year) for year in self.years]
        for name in ("mean", "variance", "third"):
            setattr(self.yearly, name, getattr(self.yearly, name) + np.array([g[name] for g in gained]))
        self.yearly.most = self.yearly.most + np.array([cells[:, y].sum() for y in self.years], dtype=float)
        if self.survival.exits is not None:
            (low, low_after), (high, high_after) = (_stays(c, tenure, first, months) for c in curves[1:])
            apart = ((high - low) * cells).sum(axis=0) / 2
            self.cost.apart = self.cost.apart + apart
            self.active.apart = self.active.apart + ((high_after - low_after) * running).sum(axis=0) / 2
            self.yearly.apart = self.yearly.apart + np.array([apart[y].sum() for y in self.years])
        if self.few:  # it is the only block then
            self._drawn = _draw(curves, self.survival.exits is not None, cells, running, tenure, first)

    def bands(self) -> tuple[list[Band], list[Band], list[Band]]:
        """Of the cost by month, of what runs at each month's end, and of the cost by year."""
        if self._drawn is None:
            return self.cost.bands(2), self.active.bands(0), self.yearly.bands(2)
        import numpy as np

        cost, active = self._drawn
        yearly = np.stack([cost[:, y].sum(axis=1) for y in self.years], axis=1)
        return _quantiles(self.cost.mean, cost, 2), _quantiles(self.active.mean, active, 0), _quantiles(self.yearly.mean, yearly, 2)


def _stays(curve: Any, tenure: Any, first: Any, months: int) -> tuple[Any, Any]:
    """The chance of each case to be a tenant in each month, and in the month after it."""
    import numpy as np

    passed = np.maximum(np.arange(months + 1)[None, :] - first[:, None], 0)
    begun = np.where(curve[tenure] > 0, curve[tenure], 1)
    share = curve[np.minimum(tenure[:, None] + passed, len(curve) - 1)] / begun[:, None]
    return share[:, :-1], share[:, 1:]


def _sum(spread: Spread, stays: Any, what: Any) -> None:
    spread.mean = spread.mean + (stays * what).sum(axis=0)
    one = what * what * stays * (1 - stays)
    spread.variance = spread.variance + one.sum(axis=0)
    spread.third = spread.third + (one * what * (1 - 2 * stays)).sum(axis=0)
    spread.most = spread.most + what.sum(axis=0)


def _yearly(stays: Any, cells: Any, year: slice) -> dict[str, float]:
    """Moments of a year's sum: a case that stays to month m has got all up to it."""
    import numpy as np

    here, cost = stays[:, year], cells[:, year].astype(float)
    got = np.cumsum(cost, axis=1)
    before = got - cost
    one, two, three = ((here * (got**p - before**p)).sum(axis=1) for p in (1, 2, 3))
    return {"mean": one.sum(), "variance": (two - one**2).sum(), "third": (three - 3 * one * two + 2 * one**3).sum()}


def _draw(curves: Sequence[Any], estimated: bool, cells: Any, running: Any, tenure: Any, first: Any) -> tuple[Any, Any]:
    """Each draw's cost and running refunds by month; an estimated curve is drawn anew each time, from its band."""
    import numpy as np

    share, low, high = curves
    chance, months = np.random.default_rng(SEED), cells.shape[1]
    cost, active = np.empty((DRAWS, months)), np.empty((DRAWS, months))
    stays, after = _stays(share, tenure, first, months)
    for draw in range(DRAWS):
        if estimated:
            off = chance.standard_normal()
            moved = share + off / Z * (high - share if off > 0 else share - low)
            stays, after = _stays(np.minimum.accumulate(np.clip(moved, 0, 1)), tenure, first, months)
        level = chance.random(len(cells))[:, None]
        cost[draw] = ((level < stays) * cells).sum(axis=0)
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
