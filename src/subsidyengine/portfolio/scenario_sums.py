"""Scenarios side by side: a row for each, part and month, and where many of them lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .compare import Compared
from .reckoned import Costs, Reckoned

#: So many scenarios are shown one by one; more are summed up.
FEW = 12
#: Shares of the scenarios that cost no more.
SHARES = (0, 5, 25, 50, 75, 95, 100)
#: Those that a screen has room for.
SHOWN = (0, 5, 50, 95, 100)
ROWS = "forecast_scenarios"


@dataclass(frozen=True, slots=True)
class Lying:
    """Where the scenarios' costs of a year lie (``year`` None: of the whole period): the cost that so many per cent of them do not pass.

    Each is the cost of a scenario (the nearest rank), with early exits its mean. ``forecast``: without any scenario.
    """

    year: int | None
    forecast: Decimal
    at: Mapping[int, Decimal]
    #: From the lowest to the highest end of the scenarios' own bands; None where none has one.
    bands: tuple[Decimal, Decimal] | None
    #: The names of the cheapest and of the dearest.
    cheapest: str
    dearest: str


def lying(scenarios: Sequence[Compared], forecast: Mapping[int, Decimal], part: str = "") -> list[Lying]:
    """Each year, and the whole period at the end: of the refund, or of a part of what is owed to landlords."""
    found = []
    those: list[tuple[Costs, str]] = [(s.owed[part] if part else s, s.scenario.name) for s in scenarios]
    for year, cost in forecast.items():
        found.append(_lying(year, cost, [(s.expected(year), name) for s, name in those], _ends(those, year)))
    if len(found) > 1:
        found.append(_lying(None, sum(forecast.values(), Decimal(0)), [(s.total, name) for s, name in those], _ends(those, None)))
    return found


def _ends(those: Sequence[tuple[Costs, str]], year: int | None) -> tuple[Decimal, Decimal] | None:
    bands = [s.bands[year] for s, _ in those if year in s.bands]
    return (min(b.low for b in bands), max(b.high for b in bands)) if bands else None


def _lying(year: int | None, forecast: Decimal, costs: list[tuple[Decimal, str]], bands: tuple[Decimal, Decimal] | None) -> Lying:
    ranked = sorted(costs, key=lambda c: c[0])
    # The nearest rank: the least cost that at least so many per cent of the scenarios do not pass.
    at = {share: ranked[max(0, -(-share * len(ranked) // 100) - 1)][0] for share in SHARES}
    return Lying(year, forecast, at, bands, ranked[0][1], ranked[-1][1])


def scenario_rows(con: Any, scenarios: Sequence[Compared], forecast: Mapping[str, Sequence[int]]) -> str:
    """Make the table ``ROWS``, a row for each scenario, part and month, and give the SELECT that writes it.

    ``forecast``: each part that is written (empty for the refund, otherwise of what is owed to landlords), with its øre of each month
    without any scenario; none where there is no line of it.
    Money in kroner (NULL where law names no amount); ``cost`` is the mean where tenants move out by chance, and ``low`` and ``high`` the
    ends of its 90 % band, as of what runs (``active``) and ends (``ending``; not told of refunds).
    """
    import pyarrow as pa

    kroner, tenths, whole = pa.decimal128(18, 2), pa.decimal128(18, 1), pa.int64()
    kinds = {
        "number": whole, "scenario": pa.string(), "part": pa.string(), "month": pa.date32(), "cost": kroner, "difference": kroner,
        "low": kroner, "high": kroner, "active": tenths, "active_low": whole, "active_high": whole,
        "ending": tenths, "ending_low": whole, "ending_high": whole, "rulebook": pa.string(),
    }  # fmt: skip
    columns: dict[str, list[Any]] = {name: [] for name in kinds}
    for number, item in enumerate(scenarios, 1):
        for part, without in forecast.items():
            made: Compared | Reckoned = item.owed[part] if part else item
            base = without or [0] * len(item.months)
            for i, month in enumerate(item.months):
                run = made.running[i] if made.running else None
                row = (
                    number, item.scenario.name, part, month, *_cost(made, i, base[i]),
                    run.mean if run else Decimal(made.active[i]), run and run.low, run and run.high, *_ending(made, i), item.rulebook,
                )  # fmt: skip
                for column, value in zip(columns.values(), row, strict=True):
                    column.append(value)
    con.register(f"{ROWS}_arrow", pa.table({n: pa.array(v, kinds[n]) for n, v in columns.items()}))
    con.execute(f"CREATE OR REPLACE TABLE {ROWS} AS SELECT * FROM {ROWS}_arrow")
    return f"SELECT * FROM {ROWS} ORDER BY number, part, month"


def _cost(made: Compared | Reckoned, month: int, forecast: int) -> tuple[Decimal | None, ...]:
    """Cost, its difference to the forecast, and the ends of its band."""
    if isinstance(made, Reckoned) and not made.priced:
        return None, None, None, None
    band = made.by_month[month] if made.by_month else None
    cost = band.mean if band else Decimal(made.ore[month]).scaleb(-2)
    return cost, cost - Decimal(forecast).scaleb(-2), band.low if band else None, band.high if band else None


def _ending(made: Compared | Reckoned, month: int) -> tuple[Decimal | None, ...]:
    """How many end, and the ends of its band."""
    if not isinstance(made, Reckoned):
        return None, None, None
    band = made.leaving[month] if made.leaving else None
    return (band.mean, band.low, band.high) if band else (Decimal(made.ending[month]), None, None)
