"""Scenarios side by side: a row for each and month, and where many of them lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .compare import Compared

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
    #: From the lowest to the highest end of the scenarios' own bands; None where none has one, and for the whole period.
    bands: tuple[Decimal, Decimal] | None
    #: The names of the cheapest and of the dearest.
    cheapest: str
    dearest: str


def lying(scenarios: Sequence[Compared], forecast: Mapping[int, Decimal]) -> list[Lying]:
    """Each year, and the whole period at the end."""
    found = []
    for year, cost in forecast.items():
        bands = [s.bands[year] for s in scenarios if year in s.bands]
        ends = (min(b.low for b in bands), max(b.high for b in bands)) if bands else None
        found.append(_lying(year, cost, [(s.expected(year), s.scenario.name) for s in scenarios], ends))
    if len(found) > 1:
        found.append(_lying(None, sum(forecast.values(), Decimal(0)), [(s.total, s.scenario.name) for s in scenarios], None))
    return found


def _lying(year: int | None, forecast: Decimal, costs: list[tuple[Decimal, str]], bands: tuple[Decimal, Decimal] | None) -> Lying:
    ranked = sorted(costs, key=lambda c: c[0])
    # The nearest rank: the least cost that at least so many per cent of the scenarios do not pass.
    at = {share: ranked[max(0, -(-share * len(ranked) // 100) - 1)][0] for share in SHARES}
    return Lying(year, forecast, at, bands, ranked[0][1], ranked[-1][1])


def scenario_rows(con: Any, scenarios: Sequence[Compared], forecast: Sequence[int]) -> str:
    """Make the table ``ROWS``, a row for each scenario and month, and give the SELECT that writes it.

    ``forecast``: øre of each month without any scenario. Money in kroner; ``cost`` is the mean where tenants move out by chance, and
    ``low`` and ``high`` the ends of its 90 % band.
    """
    import pyarrow as pa

    kroner = pa.decimal128(18, 2)
    columns: dict[str, list[Any]] = {
        n: []
        for n in ("number", "scenario", "month", "cost", "difference", "low", "high", "active", "active_low", "active_high", "rulebook")
    }
    for number, item in enumerate(scenarios, 1):
        for i, month in enumerate(item.months):
            band, running = (item.by_month[i], item.running[i]) if item.by_month else (None, None)
            cost = band.mean if band else Decimal(item.ore[i]).scaleb(-2)
            row = (
                number, item.scenario.name, month, cost, cost - Decimal(forecast[i]).scaleb(-2), band and band.low, band and band.high,
                running.mean if running else Decimal(item.active[i]), running and running.low, running and running.high, item.rulebook,
            )  # fmt: skip
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    kinds = {
        "number": pa.int64(),
        "month": pa.date32(),
        "active": pa.decimal128(18, 1),
        "active_low": pa.int64(),
        "active_high": pa.int64(),
    }
    kinds |= {"scenario": pa.string(), "rulebook": pa.string()}
    con.register(f"{ROWS}_arrow", pa.table({n: pa.array(v, kinds.get(n, kroner)) for n, v in columns.items()}))
    con.execute(f"CREATE OR REPLACE TABLE {ROWS} AS SELECT * FROM {ROWS}_arrow")
    return f"SELECT * FROM {ROWS} ORDER BY number, month"
