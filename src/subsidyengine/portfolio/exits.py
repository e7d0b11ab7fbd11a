"""How long tenancies last: a share that leaves each month, or estimated from the leases' own move-outs (Kaplan-Meier)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log, sqrt
from typing import Any

from .cells import latest, quoted
from .layout import Layout, slot
from .months import Horizon
from .source import CASES

#: Of a normal distribution 90 % lie within so many standard deviations.
Z = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Survival:
    """The share of tenancies that last into their month number t and beyond, with the ends of a 90 % confidence band.

    ``share[t]`` for t = 0, 1, 2 ...; month 0 is the calendar month that the lease begins in. ``exits``: move-outs that it was
    estimated from; None where it was not estimated.
    """

    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    exits: int | None = None

    def lasting(self, months: int) -> tuple[list[float], list[float], list[float]]:
        """The share and the ends of its band for so many months; beyond the last month seen the mean hazard goes on."""
        return _lasting(self.share, months), _lasting(self.low, months), _lasting(self.high, months)


def _lasting(share: Sequence[float], months: int) -> list[float]:
    found, last = list(share), len(share) - 1
    steady = found[-1] ** (1 / last) if last and found[-1] > 0 else 1.0
    while len(found) <= months:
        found.append(found[-1] * steady)
    return found[: months + 1]


def constant(hazard: Fraction, months: int) -> Survival:
    """The same share of those who are left moves out each month."""
    share = tuple(float(1 - hazard) ** t for t in range(months + 1))
    return Survival(share, share, share)


def kaplan_meier(durations: Sequence[int], left: Sequence[bool]) -> Survival:
    """Kaplan-Meier with Greenwood's variance and a log-log band.

    ``durations``: the month of the tenancy (0 is the first) that it was last seen in; ``left``: it ended in that month by a
    move-out. False: it was still running (censored).
    """
    seen, gone = Counter(durations), Counter(d for d, moved in zip(durations, left, strict=True) if moved)
    at_risk, variance = len(durations), 0.0
    share, low, high = [1.0], [1.0], [1.0]
    for t in range(max(durations, default=-1) + 1):
        exits = gone[t]
        if exits and at_risk > exits:
            variance += exits / (at_risk * (at_risk - exits))
        value = share[-1] * (1 - exits / at_risk)
        at_risk -= seen[t]
        share.append(value)
        spread = Z * sqrt(variance) / log(value) if 0 < value < 1 else 0.0
        low.append(value ** exp(-spread))
        high.append(value ** exp(spread))
    return Survival(tuple(share), tuple(low), tuple(high), sum(left))


def from_history(con: Any, layout: Layout, horizon: Horizon) -> Survival:
    """The leases' own move-outs before the horizon, as told on its first day; those still running, or ended with their period, are
    censored.

    A lease that runs on is seen through the last month before the horizon.
    """
    first = f"DATE '{horizon.first}'"
    start, out, end = (stated_day(layout, f"lease.{name}", first) for name in ("start", "moved_out", "special_terms_end"))
    seen = f"least(coalesce({out}, DATE '9999-12-31'), coalesce({end}, DATE '9999-12-31'), DATE '{horizon.first}' - 1)"
    rows = con.execute(
        f"SELECT datediff('month', {start}, {seen}), coalesce({out} <= {seen}, false) FROM {CASES} WHERE {start} < DATE '{horizon.first}'"
    ).fetchall()
    rows = [(months, gone) for months, gone in rows if months >= 0]
    return kaplan_meier([m for m, _ in rows], [g for _, g in rows])


def stated_day(layout: Layout, name: str, on: str) -> str:
    """SQL: a day that a case states, in its row or in the long table, as told on the day ``on``."""
    if name in layout.dated:
        return latest(name, layout.dated[name], slot, on)
    return quoted(name) if name in layout.plain else "CAST(NULL AS DATE)"
