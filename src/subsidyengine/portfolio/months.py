"""Stretches become months: how many subsidies run, begin and end, and what they cost, in whole øre.

No month is written out for any one case: each stretch says where its cost begins and ceases, and the sums over all cases run on
from month to month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from ..formula import Span, shift
from .stretches import DIMENSIONS, STRETCHES

MONTHLY = "forecast_monthly"
#: How a part of a month is reckoned. No rule is established (amounts are a month), so every output names the one that was used.
PartMonths = Literal["days", "first-day"]
PART_MONTHS: tuple[PartMonths, ...] = ("days", "first-day")

# Of a stretch placed in the months (see ``placed``): the first and the last month that it fills, and whether it fills none of the one
# month that it lies in.
FILLS_FROM, FILLS_TO = "(ia + CASE WHEN af THEN 0 ELSE 1 END)", "(ib - CASE WHEN bf THEN 0 ELSE 1 END)"
_IN_ONE = f"(ia = ib AND {FILLS_FROM} > {FILLS_TO})"
#: The months that a stretch fills in part: which, when there is one, how many days of it, and a day in it.
PARTS = (
    ("ia", _IN_ONE, "b - a + 1", "a"),
    ("ia", f"NOT {_IN_ONE} AND NOT af", "last_day(a) - a + 1", "a"),
    ("ib", f"NOT {_IN_ONE} AND NOT bf", "day(b)", "b"),
)


def kroner(ore: int) -> Decimal:
    """Øre as kroner."""
    return Decimal(int(ore)).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Month:
    """All cases in one month. Money in kroner; ``open_cost`` is the part that rests on answers which are not granted yet."""

    month: date
    active: int
    ending: int
    cost: Decimal
    open_cost: Decimal


@dataclass(frozen=True, slots=True)
class Year:
    """All cases in a year, as far as the horizon holds it: ``active`` at its end."""

    year: int
    active: int
    ending: int
    cost: Decimal
    open_cost: Decimal


@dataclass(frozen=True, slots=True)
class Horizon:
    """Whole months: the first day of the first, and how many."""

    first: date
    months: int

    @property
    def last(self) -> date:
        """The last day."""
        return self.month(self.months) - timedelta(days=1)

    def month(self, number: int) -> date:
        """The first day of a month, counted from 0."""
        day = shift(self.first, Span(months=number))
        assert day is not None
        return day


def months_of(con: Any, horizon: Horizon, table: str = MONTHLY) -> tuple[Month, ...]:
    """Every month of the horizon, from a table that :func:`monthly` made: a month without cases is nought."""
    sums = con.execute(
        f"SELECT month, sum(active), sum(ending), sum(ore), sum(ore_open) FROM {table} GROUP BY month ORDER BY month"
    ).fetchall()
    found = {m: Month(m, int(a), int(e), kroner(o), kroner(p)) for m, a, e, o, p in sums}
    days = [horizon.month(i) for i in range(horizon.months)]
    return tuple(found.get(d, Month(d, 0, 0, kroner(0), kroner(0))) for d in days)


def years_of(months: Sequence[Month]) -> list[Year]:
    """Months as years."""
    found = []
    for year in sorted({m.month.year for m in months}):
        those = [m for m in months if m.month.year == year]
        cost, open_cost = (sum(amounts, kroner(0)) for amounts in ([m.cost for m in those], [m.open_cost for m in those]))
        found.append(Year(year, those[-1].active, sum(m.ending for m in those), cost, open_cost))
    return found


def placed(horizon: Horizon) -> str:
    """SQL: where a stretch lies in the months: of its first and last day, of the day after, and whether it begins and ends with a month."""
    base = horizon.first.year * 12 + horizon.first.month

    def index(day: str) -> str:
        return f"(year({day}) * 12 + month({day}) - {base})"

    return f"{index('a')} AS ia, {index('b')} AS ib, {index('b + 1')} AS ic, day(a) = 1 AS af, day(b + 1) = 1 AS bf"


def monthly(con: Any, horizon: Horizon, part_months: PartMonths = "days", source: str = STRETCHES, into: str = MONTHLY) -> None:
    """Make the table ``into`` from the stretches in ``source``: a row for each month and each set of dimensions that occurs.

    Columns: ``month``, the dimensions, ``active`` (running on the month's last day), ``starting``, ``ending`` (the period's first or
    last day is in it), ``ore`` (cost), ``ore_open`` (the part of the cost that rests on answers which are not granted yet).
    """
    dims = ", ".join(DIMENSIONS)
    # A case whose amount cannot be computed runs and ends as any other, and costs nothing.
    whole = f"SELECT row, {dims}, outcome = 'granted' AS granted, coalesce(ore, 0) AS ore, a, b, ends, {placed(horizon)} FROM {source}"
    changes = [
        # Running on the last day of a month: from the month it begins in, to before the one its day after the last is in.
        _change(dims, "ia", active="1"), _change(dims, "ic", active="-1"),
        _change(dims, "ib", where="ends = b", ending="1"),
    ]  # fmt: skip
    once = []
    if part_months == "first-day":
        changes += [_change(dims, FILLS_FROM, cost="ore"), _change(dims, "ib + 1", cost="-ore")]
    else:
        some = f"{FILLS_FROM} <= {FILLS_TO}"
        changes += [_change(dims, FILLS_FROM, where=some, cost="ore"), _change(dims, f"{FILLS_TO} + 1", where=some, cost="-ore")]
        once = [_piece(dims, *part) for part in PARTS]
    if once:
        # What a case gets for its days of one month is added up before it is rounded; an amount is never negative.
        shares = ", ".join(
            f"CAST((2 * sum({n}) + length) // (2 * length) AS BIGINT) AS {name}"
            for n, name in (("once", "once"), ("CASE WHEN granted THEN 0 ELSE once END", "once_open"))
        )
        changes.append(
            f"SELECT month, {dims}, 0 AS active, 0 AS ending, 0 AS cost, 0 AS cost_open, {shares} "
            f"FROM ({' UNION ALL '.join(once)}) GROUP BY row, month, {dims}, length"
        )
    con.execute(
        f"CREATE OR REPLACE TABLE forecast_changes AS WITH s AS ({whole}), c AS ({' UNION ALL '.join(changes)}) "
        f"SELECT month, {dims}, {', '.join(f'sum({n}) AS {n}' for n in _COUNTED)} FROM c GROUP BY ALL"
    )
    run = f"OVER (PARTITION BY {dims} ORDER BY month)"
    sums = ", ".join(f"coalesce({n}, 0) AS {n}" for n in _COUNTED)
    same_set = " AND ".join(f"c.{d} IS NOT DISTINCT FROM grid.{d}" for d in DIMENSIONS)
    con.execute(
        f"CREATE OR REPLACE TABLE {into} AS WITH sets AS (SELECT DISTINCT {dims} FROM forecast_changes), "
        f"grid AS (SELECT * FROM sets, range({horizon.months}) m(month)), "
        f"summed AS (SELECT grid.*, {sums} FROM grid LEFT JOIN forecast_changes c ON c.month = grid.month AND {same_set}) "
        f"SELECT CAST(DATE '{horizon.first}' + to_months(CAST(month AS INTEGER)) AS DATE) AS month, {dims}, "
        f"CAST(sum(active) {run} AS BIGINT) AS active, CAST(ending AS BIGINT) AS ending, "
        f"CAST(once + sum(cost) {run} AS BIGINT) AS ore, CAST(once_open + sum(cost_open) {run} AS BIGINT) AS ore_open "
        f"FROM summed ORDER BY month, {dims}"
    )


#: What changes from month to month, and what stands in one month alone (``once``).
_COUNTED = ("active", "ending", "cost", "cost_open", "once", "once_open")


def _change(dims: str, month: str, where: str = "true", **what: str) -> str:
    if "cost" in what:
        what["cost_open"] = f"CASE WHEN granted THEN 0 ELSE {what['cost']} END"
    columns = ", ".join(f"CAST({what.get(n, '0')} AS BIGINT) AS {n}" for n in _COUNTED)
    return f"SELECT {month} AS month, {dims}, {columns} FROM s WHERE {where}"


def _piece(dims: str, month: str, where: str, days: str, day: str) -> str:
    return f"SELECT row, {month} AS month, {dims}, granted, ore * ({days}) AS once, day(last_day({day})) AS length FROM s WHERE {where}"
