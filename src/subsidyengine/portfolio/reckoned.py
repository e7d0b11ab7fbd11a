"""The months of one refund, or of one part of what is owed to landlords, added up in whole øre for scenario after scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .chance import FEW, Band, Bands, Chance, running_sums
from .exits import Survival
from .months import FILLS_FROM, FILLS_TO, PARTS, Horizon, PartMonths, placed
from .tally import blocks

#: The stretches on which there may be a right, numbered for each right.
KEPT = "scenario_kept"
_PLACED = "scenario_months"


class Costs:
    """What has a cost by year, and bands around it; that of the whole period stands under None."""

    __slots__ = ()
    cost: Mapping[int, Decimal]
    bands: Mapping[int | None, Band]

    def expected(self, year: int) -> Decimal:
        """The year's cost; with exits its mean."""
        return self.bands[year].mean if year in self.bands else self.cost[year]

    @property
    def total(self) -> Decimal:
        """The cost of the whole period; with exits its mean."""
        return self.bands[None].mean if None in self.bands else sum(self.cost.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Reckoned(Costs):
    """Øre, what runs at each month's end and what ends in it when nobody moves out early; the bands where tenants do, by chance.

    ``drawn``: were the bands drawn, or reckoned from exact moments? ``leaving``: the bands of what ends, of what has no amount.
    ``supposed``: how many cases cost something only if their tenant leaves. ``priced`` false: law names no amount.
    """

    ore: tuple[int, ...]
    active: tuple[int, ...]
    ending: tuple[int, ...]
    cost: Mapping[int, Decimal]
    bands: Mapping[int | None, Band] = field(default_factory=dict)
    by_month: tuple[Band, ...] = ()
    running: tuple[Band, ...] = ()
    leaving: tuple[Band, ...] = ()
    leaving_yearly: Mapping[int | None, Band] = field(default_factory=dict)
    drawn: bool = False
    supposed: int = 0
    priced: bool = True

    @property
    def something(self) -> bool:
        """Does anything cost, run or end, or would it if a tenant left?"""
        return any(self.ore) or any(self.active) or any(self.ending) or self.supposed > 0


def place_months(con: Any, horizon: Horizon, part_months: PartMonths) -> None:
    """Say of every stretch in ``KEPT`` where it lies in the months."""
    last = "ib" if part_months == "first-day" else FILLS_TO
    con.execute(
        f"CREATE OR REPLACE TABLE {_PLACED} AS "
        f'WITH s AS (SELECT "right", stretch, of_case, began, settled, ends, a, b, {placed(horizon)} FROM {KEPT}) '
        f"SELECT *, {FILLS_FROM} AS w1, {last} + 1 AS w2 FROM s"
    )


class Months:
    """The months of the stretches of one right: made ready once, then added up for every scenario that has it.

    ``priced`` false: there is no amount, and what ends is counted. ``gone``: what a move-out brings, which is certain only for cases that
    are settled.
    """

    def __init__(self, con: Any, horizon: Horizon, part_months: PartMonths, right: int, priced: bool, gone: bool) -> None:
        self.horizon, self.priced, self.gone = horizon, priced, gone
        days = [horizon.month(i) for i in range(horizon.months)]
        self.years = {y: slice(*_ends([d.year == y for d in days])) for y in sorted({d.year for d in days})}
        rows = f'(SELECT * FROM {_PLACED} WHERE "right" = {right})'
        self.spans = dict[int | None, slice]([*self.years.items(), (None, slice(0, horizon.months))])
        parts = " UNION ALL ".join(
            f"SELECT stretch, of_case, {month} AS month, {days} AS days, day(last_day({day})) AS length FROM {rows} WHERE {where}"
            for month, where, days, day in (PARTS if part_months == "days" else ())
        )
        tenure = f"greatest(0, datediff('month', min(began), DATE '{horizon.first}'))"
        begins = f"greatest(0, datediff('month', DATE '{horizon.first}', min(began)))"
        columns = "of_case, w1, w2, ia, ib, ic, coalesce(ends = b, false) AS ended"
        stretches = con.execute(f"SELECT {columns} FROM {rows} ORDER BY stretch").fetchnumpy()
        pieces = con.execute(f"SELECT * FROM ({parts}) ORDER BY stretch").fetchnumpy() if parts else None
        cases = con.execute(
            f"SELECT {tenure} AS tenure, {begins} AS first, bool_or(settled) AS settled FROM {rows} GROUP BY of_case ORDER BY of_case"
        ).fetchnumpy()
        self.count, self.last = len(stretches["ib"]), stretches["ib"]
        # Cases that are there only if a tenant leaves end nothing by themselves.
        self.ended = stretches["ended"] & (cases["settled"][stretches["of_case"]] if gone else True)
        self.few = len(cases["tenure"]) < FEW
        self.blocks = list(blocks(stretches, pieces, cases, horizon.months))

    def reckon(self, curves: Mapping[Any, Survival], exits: Sequence[Any], ore: Any, counts: Any) -> dict[Any, Reckoned]:
        """What these amounts come to when tenants leave as each of ``exits`` says (None: nobody does). ``counts``: which stretches do."""
        import numpy as np

        total, active, supposed = np.zeros(self.horizon.months, np.int64), np.zeros(self.horizon.months, np.int64), 0
        chances = {e: Chance(list(self.spans.values()), self.few, not self.priced) for e in exits if e is not None}
        for block in self.blocks:
            cells, running = block.cells(ore), block.running(counts)
            sure = block.settled if self.gone else slice(None)
            total += cells[sure].sum(axis=0)
            active += running[sure].sum(axis=0)
            supposed += int(cells[~block.settled].any(axis=1).sum()) if self.gone else 0
            sums = running_sums(cells, list(self.spans.values()), self.gone) if chances else None
            for e, chance in chances.items():
                chance.add(cells, running, block.stays(e, curves[e], self.gone), sums)
        ending = np.bincount(self.last[self.ended if counts is None else self.ended & counts], minlength=self.horizon.months)
        bands = {e: chance.bands() for e, chance in chances.items() if self.blocks and (supposed or not self.gone)}
        return {e: self._reckoned(total, active, ending, bands.get(e), supposed) for e in exits}

    def _reckoned(self, total: Any, active: Any, ending: Any, bands: Bands | None, supposed: int) -> Reckoned:
        plain = (
            tuple(map(int, total)), tuple(map(int, active)), tuple(map(int, ending)),
            {y: Decimal(int(total[months].sum())).scaleb(-2) for y, months in self.years.items()},
        )  # fmt: skip
        if bands is None:
            return Reckoned(*plain, supposed=supposed, priced=self.priced)
        of_year = [int(ending[months].sum()) for months in self.spans.values()]
        return Reckoned(
            *plain, dict(zip(self.spans, bands.yearly if self.priced else (), strict=False)), tuple(bands.cost if self.priced else ()),
            tuple(bands.active),
            tuple(_more(b, e) for b, e in zip(bands.ending, plain[2], strict=False)),
            dict(zip(self.spans, map(_more, bands.ending_yearly, of_year), strict=False)),
            self.few, supposed, self.priced,
        )  # fmt: skip


def _more(band: Band, sure: int) -> Band:
    """With what ends for sure."""
    return Band(band.mean + sure, band.low + sure, band.high + sure)


def _ends(flags: Sequence[bool]) -> tuple[int, int]:
    return flags.index(True), len(flags) - list(reversed(flags)).index(True)
