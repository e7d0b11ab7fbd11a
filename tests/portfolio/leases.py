"""Rows forecast from files as a user would write them: many in one run, each read back by its department."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from subsidyengine.portfolio.forecast import Forecast, forecast
from subsidyengine.portfolio.months import MONTHLY, Horizon, kroner
from subsidyengine.rulebook import open_rulebook

BOOK = open_rulebook()
#: Rent 5,000, housing benefit 1,000, no income (so no facility payment): the refund is 4,000 kr. a month.
LEASE = {
    "person.special_social_problems": "true", "person.needs_help_to_keep_home": "true", "person.housing_before": "section_110",
    "person.has_income": "false", "household.adults": "1", "dwelling.kind": "family", "lease.start": "2024-01-01",
    "lease.special_terms_end": "2026-12-31", "lease.rent": "5000", "lease.obligatory_payments": "0", "benefit.applied": "true",
    "benefit.calculated": "1000",
}  # fmt: skip
Row = Mapping[str, str]
Dated = tuple[str, str, str]  # fact, from, value


def forecast_of(
    folder: Path,
    rows: Mapping[str, Row],
    first: date,
    months: int,
    dated: Mapping[str, Sequence[Dated]] | None = None,
    part_months: str = "days",
    **more: Any,
) -> Forecast:
    """The forecast of rows by name, with dated facts of some beside them: those are left out of the row."""
    statements = [(name, *statement) for name, those in (dated or {}).items() for statement in those]
    laid = []
    for name, row in rows.items():
        told = {fact for case, fact, _, _ in statements if case == name}
        laid.append({"case": name, "dwelling.department": name, **{k: v for k, v in row.items() if k not in told}})
    files = [folder / "rows.csv", folder / "dated.csv"]
    with files[0].open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in laid for name in row)), restval="")
        writer.writeheader()
        writer.writerows(laid)
    lines = ["case,fact,from,value", *(",".join(s) for s in statements)]
    files[1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return forecast(files if statements else files[:1], BOOK, Horizon(first, months), part_months, **more)


def months_of(found: Forecast, name: str, first: str, count: int, table: str = MONTHLY) -> list[tuple[str, int, int]]:
    """Cost, how many run on the last day, and how many end, of one row in so many months from ``first`` (``2026-01``)."""
    rows = found.con.execute(
        f"SELECT ore, active, ending FROM {table} WHERE department = $1 AND month >= $2 ORDER BY month LIMIT {count}", [name, f"{first}-01"]
    ).fetchall()
    return [(str(kroner(ore)), active, ending) for ore, active, ending in rows] or [("0.00", 0, 0)] * count
