"""Early exits: how likely it is that a tenant has moved out, and what that does to the cost. A band, never one number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Any

from ..words import say
from .months import Horizon
from .source import CASES
from .stretches import STRETCHES

DRAWS, SEED = 1_000, 163
#: Cells (cases times months) that a simulation holds at once.
MOST_CELLS = 60_000_000
#: Share of the draws below the band's ends.
LOW, HIGH = 0.05, 0.95
_Z = 1.6449  # of a normal distribution 90 % lie within so many standard deviations


class TooManyCases(ValueError):
    """The simulation would not fit in memory."""


@dataclass(frozen=True, slots=True)
class Survival:
    """The share of tenancies that last beyond so many months, with the ends of a 90 % band (Greenwood).

    ``share[t]`` for t = 0, 1, 2 ...; beyond the last month the mean hazard goes on.
    """

    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    exits: int = 0

    def until(self, months: int) -> list[float]:
        """The curve for so many months."""
        found = list(self.share)
        last = len(found) - 1
        steady = found[-1] ** (1 / last) if last and found[-1] > 0 else 1.0
        while len(found) <= months:
            found.append(found[-1] * steady)
        return found


def constant(hazard: Fraction, months: int) -> Survival:
    """The same share of those who are left moves out each month."""
    share = tuple(float(1 - hazard) ** t for t in range(months + 1))
    return Survival(share, share, share)


def kaplan_meier(durations: Sequence[int], left: Sequence[bool]) -> Survival:
    """Kaplan-Meier: ``durations`` in whole months, ``left`` False where the tenancy was still running (censored)."""
    months = max(durations, default=0)
    share, variance = [1.0], 0.0
    low, high = [1.0], [1.0]
    for t in range(months + 1):
        at_risk = sum(1 for d in durations if d >= t)
        exits = sum(1 for d, gone in zip(durations, left, strict=True) if gone and d == t)
        if exits and at_risk > exits:
            variance += exits / (at_risk * (at_risk - exits))
        value = share[-1] * (1 - exits / at_risk) if at_risk else share[-1]
        error = _Z * value * sqrt(variance)
        share.append(value)
        low.append(max(0.0, value - error))
        high.append(min(1.0, value + error))
    return Survival(tuple(share), tuple(low), tuple(high), sum(left))


def from_history(con: Any, columns: Sequence[str], horizon: Horizon) -> Survival:
    """The leases' own move-outs before the horizon; those still running, or ended with their period, are censored."""
    out = '"lease.moved_out"' if "lease.moved_out" in columns else "CAST(NULL AS DATE)"
    end = '"lease.special_terms_end"' if "lease.special_terms_end" in columns else "CAST(NULL AS DATE)"
    seen = f"least(coalesce({out}, DATE '{horizon.first}'), coalesce({end}, DATE '{horizon.first}'), DATE '{horizon.first}')"
    rows = con.execute(
        f"SELECT datediff('month', \"lease.start\", {seen}), coalesce({out} <= {seen} AND {out} < DATE '{horizon.first}', false) "
        f"FROM {CASES} WHERE \"lease.start\" < DATE '{horizon.first}'"
    ).fetchall()
    rows = [(months, gone) for months, gone in rows if months >= 0]
    return kaplan_meier([m for m, _ in rows], [g for _, g in rows])


@dataclass(frozen=True, slots=True)
class Band:
    """The mean of a year's cost over all draws and the ends of the band, in kroner."""

    mean: Decimal
    low: Decimal
    high: Decimal


def simulate(con: Any, horizon: Horizon, survival: Survival, draws: int = DRAWS, seed: int = SEED) -> dict[int, Band]:
    """The yearly cost when tenants move out as ``survival`` says: a seeded simulation, the same every time.

    A tenant's chance to stay depends on how long the tenancy has lasted when the horizon begins. Known move-outs are in the cost
    already. Who moves out in a month costs that month and nothing after.
    """
    import numpy as np

    cost, tenure, first = _cells(con, horizon)
    years = sorted({horizon.month(i).year for i in range(horizon.months)})
    of_year = np.array([years.index(horizon.month(i).year) for i in range(horizon.months)])
    # Cost of each case up to and with each month, a year at a time: one look-up says what a draw costs.
    running = [np.cumsum(np.where(of_year == y, cost, 0), axis=1) for y in range(len(years))]
    curve = np.array(survival.until(int(tenure.max(initial=0)) + horizon.months + 1))
    falling = -curve
    chance = np.random.default_rng(seed)
    totals = np.empty((draws, len(years)))
    rows = np.arange(len(cost))
    for draw in range(draws):
        # The tenancy ends in the first month whose share falls below a random part of what is left now.
        level = chance.random(len(cost)) * curve[tenure]
        ends = np.searchsorted(falling, -level, side="right") - tenure - 1 + first
        last = np.clip(ends, 0, horizon.months - 1)
        for y, sums in enumerate(running):
            totals[draw, y] = sums[rows, last].sum()
    found = {}
    for y, year in enumerate(years):
        low, high = np.quantile(totals[:, y], (LOW, HIGH))
        found[year] = Band(_kroner(totals[:, y].mean()), _kroner(low), _kroner(high))
    return found


def _kroner(ore: float) -> Decimal:
    return Decimal(round(ore)).scaleb(-2)


def _cells(con: Any, horizon: Horizon) -> tuple[Any, Any, Any]:
    """What each case costs each month (øre, case by month), how many months it had lasted, and in which month it begins."""
    import numpy as np

    ((count,),) = con.execute(f"SELECT count(DISTINCT row) FROM {STRETCHES}").fetchall()
    if count * horizon.months > MOST_CELLS:
        raise TooManyCases(
            say("{count} cases do not fit a simulation of {months} months; forecast a part of them", count=count, months=horizon.months)
        )
    base = horizon.first.year * 12 + horizon.first.month
    index = f"(year(m) * 12 + month(m) - {base})"
    days = "(least(b, last_day(m)) - greatest(a, m) + 1)"
    found = con.execute(
        f"WITH s AS (SELECT dense_rank() OVER (ORDER BY row) - 1 AS n, a, b, ore FROM {STRETCHES}), "
        "e AS (SELECT n, ore, a, b, "
        "unnest(generate_series(date_trunc('month', a), date_trunc('month', b), INTERVAL 1 MONTH))::DATE AS m FROM s) "
        f"SELECT n, {index} AS i, sum(ore * {days} / day(last_day(m))) AS ore FROM e GROUP BY n, i ORDER BY n, i"
    ).fetchnumpy()
    cost = np.zeros((count, horizon.months))
    cost[found["n"].astype(int), found["i"].astype(int)] = found["ore"].astype(float)
    starts = con.execute(
        f"SELECT greatest(0, datediff('month', any_value(c.\"lease.start\"), DATE '{horizon.first}')) AS tenure, "
        f"greatest(0, datediff('month', DATE '{horizon.first}', min(s.a))) AS first "
        f"FROM {STRETCHES} s JOIN {CASES} c USING (row) GROUP BY row ORDER BY row"
    ).fetchnumpy()
    return cost, starts["tenure"].astype(int), starts["first"].astype(int)
