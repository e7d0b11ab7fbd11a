"""What early exits do to a forecast: the mean, exactly, and a 90 % band around it; never one number alone.

Who moves out in a month costs that month and nothing after; what a move-out brings is owed from the month after. Tenancies end
independently of one another. Of many cases the sum is close to a normal distribution, so its exact variance and skewness say where the
band ends; of few the whole is drawn, seeded. What an estimated curve may be off by is in the band too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """The mean and the ends of a 90 % band: kroner, or how many run or end."""

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
    ``settled``: their move-out is known, so that they last until then. ``gone``: the chance to have left before each month instead,
    for what a move-out brings; what is owed after one that is known is certain.
    """

    def __init__(self, survival: Survival, tenure: Any, first: Any, settled: Any, months: int, gone: bool = False) -> None:
        import numpy as np

        self.tenure, self.first, self.settled, self.months, self.estimated = tenure, first, settled, months, survival.exits is not None
        self.gone = gone
        self.curves = [np.array(c) for c in survival.lasting(int(tenure.max(initial=0)) + months + 1)]
        self.here, self.after = self.under(self.curves[0])
        if self.estimated:
            low, high = (self.under(c) for c in self.curves[1:])
            self.apart = [(b - a) / 2 for a, b in zip(low, high, strict=True)]
        self._spread = _spread(self.here)
        self._running: tuple[Any, Any] = None, None

    def cost(self, cells: Any) -> Any:
        """Moments of what the cases cost in each month."""
        return _moments(self._spread, cells, cells * cells, cells * cells * cells)

    def active(self, running: Any) -> Any:
        """Moments of how many run at each month's end: worked out once for one ``running``, which many amounts share."""
        known, moments = self._running
        if known is not running:
            those = running.astype(float)
            moments = _moments(_spread(self.after), those, those, those)
            self._running = running, moments
        return moments

    def under(self, curve: Any) -> tuple[Any, Any]:
        """The chances when ``curve`` holds."""
        import numpy as np

        passed = np.maximum(np.arange(self.months + 1)[None, :] - self.first[:, None], 0)
        begun = np.where(curve[self.tenure] > 0, curve[self.tenure], 1)
        share = curve[np.minimum(self.tenure[:, None] + passed, len(curve) - 1)] / begun[:, None]
        share = np.where(self.settled[:, None], 1.0, 1 - share if self.gone else share)
        here = np.ascontiguousarray(share[:, :-1])
        return here, here if self.gone else np.ascontiguousarray(share[:, 1:])


@dataclass(slots=True)
class Bands:
    """The cost by month and by year, what runs at each month's end, and what ends in each month and year because a tenant leaves."""

    cost: Sequence[Band] = ()
    yearly: Sequence[Band] = ()
    active: Sequence[Band] = ()
    ending: Sequence[Band] = ()
    ending_yearly: Sequence[Band] = ()


@dataclass(slots=True)
class Chance:
    """What becomes of a scenario's cases under one curve. Feed it blocks of cases, then ask for the bands."""

    #: For each year the months of it, as numbers.
    years: Sequence[slice]
    few: bool
    #: Is it asked for what ends because a tenant leaves?
    leaving: bool = False
    cost: Spread = field(default_factory=Spread)
    active: Spread = field(default_factory=Spread)
    yearly: Spread = field(default_factory=Spread)
    ending: Spread = field(default_factory=Spread)
    ending_yearly: Spread = field(default_factory=Spread)
    _drawn: Any = None

    def add(self, cells: Any, running: Any, stays: Stays, sums: Sequence[Any] | None = None) -> None:
        """A block: øre of each case and month, whether it runs at the month's end, and its chances to stay (or to have gone).

        ``sums``: :func:`running_sums` of the cells, where several curves share them.
        """
        import numpy as np

        if self.few:  # it is the only block then
            self._drawn = _draw(cells, running, stays)
        sums, cells = sums or running_sums(cells, self.years, stays.gone), cells.astype(float)
        self.cost.add(*stays.cost(cells))
        self.active.add(*stays.active(running))
        years = (_year(stays.here[:, y], *those) for y, those in zip(self.years, sums, strict=True))
        self.yearly.add(*(np.array(moment) for moment in zip(*years, strict=True)))
        if self.leaving:
            leaving = (stays.here - stays.after) * running
            for spread, chances in ((self.ending, leaving), (self.ending_yearly, self._by_year(leaving))):
                spread.add(*_moments(_spread(chances), *[np.ones_like(chances)] * 3))
        if stays.estimated:
            here, after = stays.apart
            apart, left = np.einsum("ij,ij->j", here, cells), np.einsum("ij,ij->j", here - after, running)
            for spread, more in (
                (self.cost, apart), (self.active, np.einsum("ij,ij->j", after, running)), (self.yearly, self._by_year(apart)),
                *(((self.ending, left), (self.ending_yearly, self._by_year(left))) if self.leaving else ()),
            ):  # fmt: skip
                spread.apart = spread.apart + more

    def _by_year(self, months: Any) -> Any:
        import numpy as np

        return np.stack([months[..., y].sum(axis=-1) for y in self.years], axis=-1)

    def bands(self) -> Bands:
        """The bands."""
        named = {"cost": 2, "yearly": 2, "active": 0, **({"ending": 0, "ending_yearly": 0} if self.leaving else {})}
        if self._drawn is None:
            return self._summed({name: getattr(self, name).bands(places) for name, places in named.items()})
        cost, active, ending = self._drawn
        drawn = {
            "cost": cost, "yearly": self._by_year(cost), "active": active, "ending": ending, "ending_yearly": self._by_year(ending),
        }  # fmt: skip
        return self._summed({name: _quantiles(getattr(self, name).mean, drawn[name], places) for name, places in named.items()})

    def _summed(self, named: Mapping[str, Sequence[Band]]) -> Bands:
        """A year's mean is the sum of its months' as they are shown, to the øre, and so is the whole period's of its years'."""
        bands = Bands(**named)
        means = [sum((band.mean for band in bands.cost[months]), Decimal(0)) for months in self.years]
        bands.yearly = [Band(m, min(b.low, m), max(b.high, m)) for m, b in zip(means, bands.yearly, strict=True)]
        return bands


def _spread(chance: Any) -> tuple[Any, Any, Any]:
    """Mean, variance and third moment of something that is there with a chance."""
    one = chance * (1 - chance)
    return chance, one, one * (1 - 2 * chance)


def _moments(spread: tuple[Any, Any, Any], one: Any, two: Any, three: Any) -> tuple[Any, Any, Any, Any]:
    """Moments, month by month, of what each case comes to where it is there, given with its square and its cube; and the most."""
    import numpy as np

    return (*(np.einsum("ij,ij->j", s, w) for s, w in zip(spread, (one, two, three), strict=True)), one.sum(axis=0))


def running_sums(cells: Any, years: Sequence[slice], gone: bool) -> list[tuple[Any, Any, Any]]:
    """For each year and month by how much the sum up to it, its square and its cube are more than up to the month before.

    A case that stays to a month has got all up to it. One that has left by a month has left in all that follow (``gone``): the sum is
    then that of the month and those after it.
    """
    import numpy as np

    found = []
    for year in years:
        one = cells[:, year].astype(float)
        got = np.cumsum(one[:, ::-1], axis=1)[:, ::-1] if gone else np.cumsum(one, axis=1)
        before = got - one
        both = got + before
        found.append((one, one * both, one * (both * both - got * before)))
    return found


def _year(stays: Any, one: Any, two: Any, three: Any) -> tuple[float, float, float, float]:
    """Moments of a year's sum, from the running sums and the chances."""
    import numpy as np

    first, second, third = (np.einsum("ij,ij->i", stays, power) for power in (one, two, three))
    return first.sum(), (second - first * first).sum(), (third + first * (2 * first * first - 3 * second)).sum(), one.sum()


def _draw(cells: Any, running: Any, stays: Stays) -> tuple[Any, Any, Any]:
    """Each draw's cost, what runs and what ends by month; an estimated curve is drawn anew each time, from its band."""
    import numpy as np

    share, low, high = stays.curves
    chance = np.random.default_rng(SEED)
    cost, active, ending = (np.empty((DRAWS, stays.months)) for _ in range(3))
    here, after = stays.here, stays.after
    for draw in range(DRAWS):
        if stays.estimated:
            off = chance.standard_normal()
            moved = share + off / Z * (high - share if off > 0 else share - low)
            here, after = stays.under(np.minimum.accumulate(np.clip(moved, 0, 1)))
        level = chance.random(len(cells))[:, None]
        there, lasting = level < here, level < after
        cost[draw] = (there * cells).sum(axis=0)
        active[draw] = (lasting * running).sum(axis=0)
        ending[draw] = ((there & ~lasting) * running).sum(axis=0)
    return cost, active, ending


def _quantiles(mean: Any, drawn: Any, places: int) -> list[Band]:
    import numpy as np

    low, high = np.quantile(drawn, (LOW, HIGH), axis=0, method="inverted_cdf")
    return [_band(m, min(a, m), max(b, m), places) for m, a, b in zip(mean, low, high, strict=True)]


def _band(mean: float, low: float, high: float, places: int) -> Band:
    if places == 0:  # how many: tenths of the mean, whole ones at the ends
        return Band(Decimal(f"{mean:.1f}"), Decimal(f"{low:.0f}"), Decimal(f"{high:.0f}"))
    return Band(*(Decimal(f"{x:.0f}").scaleb(-places) for x in (mean, low, high)))
