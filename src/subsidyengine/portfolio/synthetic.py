"""A portfolio that nobody lives in: leases drawn at random from a seed, plausible in rent, size and household, the same every time.

Stated rates: in ``GAPS`` of the leases one fact is missing, in ``ERRORS`` one cell is wrong; beside the leases stand vacant dwellings,
temporary youth labels, starter dwellings and fund frames (``synthetic_beside``). Names and figures are invented.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from ..formula import Span, shift
from .synthetic_beside import COLUMNS as BESIDE
from .synthetic_beside import Row, beside, owed

GAPS, ERRORS = 0.04, 0.01
#: Code of the municipality, its share of the leases, and how its rents lie to the others'.
_PLACES = (("0101", 0.42, 1.18), ("0751", 0.22, 1.02), ("0461", 0.16, 0.95), ("0851", 0.12, 0.9), ("0561", 0.08, 0.88))
_ORGANISATIONS = ("Boligforeningen Lindely", "Andelsboligselskabet Havnen", "Fællesbo Syd", "Arbejdernes Byggelag (opdigtet)")
_KINDS = ("family", "family", "family", "youth", "elderly", "private")
_BEFORE = ("section_110", "section_110", "section_110", "section_109", "street", "temporary")
#: Own payment a day in the place the person came from, as their municipality states it. Invented, as all here.
_DAILY = {2023: "96.71", 2024: "100.00", 2025: "103.00", 2026: "106.00", 2027: "109.00"}
LEASE_COLUMNS = (
    "case",
    "person.special_social_problems",
    "person.needs_help_to_keep_home",
    "person.housing_before",
    "person.has_income",
    "household.adults",
    "household.children",
    "dwelling.kind",
    "dwelling.owner",
    "dwelling.area_m2",
    "dwelling.municipality_code",
    "dwelling.organisation",
    "dwelling.department",
    "agreement.transitional",
    "agreement.private_allocation",
    "lease.start",
    "lease.special_terms_end",
    "lease.obligatory_payments",
    "lease.reminder_fees",
    "lease.deposit",
    "lease.moved_out",
    "benefit.applied",
    "dwelling.available_to_municipality_from",
    "dwelling.let_from",
    *BESIDE,
)
FACT_COLUMNS = ("case", "fact", "from", "value")


def leases(count: int, seed: int) -> Iterator[tuple[Row, list[tuple[str, str, str, str]]]]:
    """Each lease as a row of the wide table, with its rows of the long one."""
    draw, more = random.Random(seed), random.Random(f"{seed}-owed")
    for number in range(1, count + 1):
        row, statements = _lease(draw, f"U-{number:06}")
        yield owed(more, row, next((s[3] for s in statements if s[1] == "lease.rent"), "")), statements


def write(folder: Path, count: int, seed: int) -> tuple[Path, Path]:
    """Write ``leases.csv`` and ``facts.csv`` (dated facts) into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    wide, long = folder / "leases.csv", folder / "facts.csv"
    with wide.open("w", encoding="utf-8", newline="") as one, long.open("w", encoding="utf-8", newline="") as other:
        rows, facts = csv.DictWriter(one, LEASE_COLUMNS, lineterminator="\n"), csv.writer(other, lineterminator="\n")
        rows.writeheader()
        facts.writerow(FACT_COLUMNS)
        for lease, statements in leases(count, seed):
            rows.writerow(lease)
            facts.writerows(statements)
        rows.writerows(beside(count, seed, _place))
    return wide, long


def _place(draw: random.Random) -> Row:
    """Where a row beside the leases lies."""
    return {
        "dwelling.municipality_code": draw.choice(_PLACES)[0],
        "dwelling.organisation": draw.choice(_ORGANISATIONS),
        "dwelling.department": f"Afdeling {1 + int(draw.random() * 9)}",
    }


def _lease(draw: random.Random, case: str) -> tuple[Row, list[tuple[str, str, str, str]]]:
    roll, place = draw.random(), _PLACES[-1]
    for candidate in _PLACES:
        if roll < candidate[1]:
            place = candidate
            break
        roll -= candidate[1]
    kind = draw.choice(_KINDS)
    area = draw.choice((28, 34, 39)) if kind == "youth" else 30 + int(draw.random() ** 2 * 60)
    start = date(2022, 1, 1) + timedelta(days=int(draw.random() * 1790))
    years = draw.choice((2, 3, 5, 5, 5)) if start >= date(2023, 7, 1) else 2
    end = (shift(start, Span(years=years)) or start) - timedelta(days=1)
    adults = draw.choice((1, 1, 1, 1, 1, 2, 2, 3))
    out = draw.random() < 0.12
    let_days = draw.choice((0, 0, 14, 31, 45))
    organisation = draw.choice(_ORGANISATIONS)
    row: Row = {
        "case": case,
        "person.special_social_problems": "true",
        "person.needs_help_to_keep_home": "true" if draw.random() < 0.97 else "false",
        "person.housing_before": draw.choice(_BEFORE),
        "person.has_income": "true" if draw.random() < 0.7 else "false",
        "household.adults": adults,
        "household.children": draw.choice((0, 0, 0, 0, 1, 2)),
        "dwelling.kind": kind,
        "dwelling.owner": "private" if kind == "private" else "organisation",
        "dwelling.area_m2": area,
        "dwelling.municipality_code": place[0],
        "dwelling.organisation": organisation,
        "dwelling.department": f"Afdeling {1 + int(draw.random() * 9)}",
        "agreement.transitional": "" if kind == "private" else "true",
        "agreement.private_allocation": "true" if kind == "private" else "",
        "lease.start": start.isoformat(),
        "lease.special_terms_end": end.isoformat(),
        "lease.obligatory_payments": draw.choice((0, 0, 150, 285, 410)),
        "lease.reminder_fees": "0",
        "lease.deposit": draw.choice(("", 9000, 15000, 21000)),
        "lease.moved_out": (start + timedelta(days=60 + int(draw.random() * 900))).isoformat() if out else "",
        "benefit.applied": "true" if draw.random() < 0.97 else "false",
        "dwelling.available_to_municipality_from": (start - timedelta(days=let_days)).isoformat(),
        "dwelling.let_from": start.isoformat(),
    }
    rent = (2_400 + area * 62) * place[2] * (0.92 + draw.random() * 0.16)
    benefit = max(0.0, min(rent * 0.28, 1_350) - (120 if adults > 1 else 0)) * (0.5 + draw.random())
    statements = []
    for year in range(start.year, 2028):
        day = start if year == start.year else date(year, 1, 1)
        statements += [
            (case, "lease.rent", day.isoformat(), f"{round(rent)}.00"),
            (case, "benefit.calculated", day.isoformat(), f"{round(benefit)}.00"),
        ]
        if year in _DAILY:
            statements.append((case, "facility.daily_rate", day.isoformat(), _DAILY[year]))
        rent, benefit = rent * (1.015 + draw.random() * 0.025), benefit * (1.01 + draw.random() * 0.02)
    return _flawed(draw, row, statements)


def _flawed(draw: random.Random, row: Row, statements: list[tuple[str, str, str, str]]) -> tuple[Row, list[tuple[str, str, str, str]]]:
    """Gaps and errors at the stated rates."""
    if draw.random() < GAPS:
        name = draw.choice(("household.adults", "person.has_income", "benefit.applied", "benefit.calculated"))
        if name == "benefit.calculated":
            statements = [s for s in statements if s[1] != name]
        else:
            row[name] = ""
    if draw.random() < ERRORS:
        name, wrong = draw.choice(
            (
                ("lease.start", "31-02-2024"),
                ("dwelling.kind", "familie"),
                ("lease.obligatory_payments", "1.250"),
                ("household.adults", "-1"),
            )
        )
        row[name] = wrong
    return row, statements
