"""What a portfolio holds beside leases with a refund, invented: vacant dwellings, temporary youth labels, starter dwellings, fund frames.

For each hundred leases there are so many rows of each kind as ``SHARES`` says; in ``GAPS`` of them the day that counts is missing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
SHARES = {"V": 0.02, "M": 0.04, "S": 0.02, "F": 0.02}
GAPS = 0.08
COLUMNS = (
    "person.in_education",
    "person.acute_housing_need",
    "person.low_ability_to_pay",
    "dwelling.rent",
    "dwelling.start_dwelling",
    "dwelling.start_commitment_date",
    "dwelling.start_contribution",
    "lease.allocated_by_municipality",
    "lease.notice_requested_by_municipality_on",
    "lease.notice_received_on",
    "lease.relet_from",
    "lease.withdrawn_on",
    "relabelling.route",
    "relabelling.agreement_date",
    "relabelling.term_years",
    "relabelling.vacant_on",
    "relabelling.contribution_granted",
    "fund.application_date",
    "fund.applicant",
    "fund.homelessness_plan",
    "fund.letting_agreements",
    "fund.project_registered",
    "fund.dwellings",
    "fund.dwellings_granted",
    "fund.frame_dwellings_left",
    "fund.commitment_date",
    "fund.rent_before",
    "fund.rent_after",
)


def owed(draw: random.Random, row: Row, rent: str) -> Row:
    """A lease with what the municipality owes its landlord: quoted rent, allocation, and a notice it asked for where the tenant left."""
    row["dwelling.rent"] = rent if draw.random() < 1 - GAPS else ""
    row["lease.allocated_by_municipality"] = "true" if draw.random() < 0.96 else ""
    asked, wait = draw.random() < 0.3, draw.choice((10, 30, 60, 150))
    if row["lease.moved_out"] and asked:
        out = date.fromisoformat(row["lease.moved_out"])
        row["lease.notice_requested_by_municipality_on"] = (out - timedelta(days=70)).isoformat()
        row["lease.notice_received_on"] = (out - timedelta(days=56)).isoformat()
        row["lease.relet_from"] = (out + timedelta(days=wait)).isoformat()
    return row


def beside(count: int, seed: int, place: Callable[[random.Random], Row]) -> Iterator[Row]:
    """The rows beside ``count`` leases; ``place`` draws municipality, organisation and department."""
    made = {"V": _vacant, "M": _label, "S": _starter, "F": _fund}
    for letter, share in SHARES.items():
        draw = random.Random(f"{seed}-{letter}")
        for number in range(1, int(count * share) + 1):
            yield {"case": f"{letter}-{number:06}", **place(draw), **made[letter](draw, number)}


def _day(draw: random.Random, first: date, last: date) -> str:
    return (first + timedelta(days=int(draw.random() * ((last - first).days + 1)))).isoformat()


def _gap(draw: random.Random, said: Any) -> Any:
    return "" if draw.random() < GAPS else said


def _vacant(draw: random.Random, number: int) -> Row:
    """At the municipality's disposal and not let: still vacant, given up, or let some weeks later."""
    free = date.fromisoformat(_day(draw, date(2025, 11, 1), date(2026, 9, 30)))
    later = (free + timedelta(days=draw.choice((21, 45, 90)))).isoformat()
    return {
        "dwelling.kind": draw.choice(("family", "family", "youth")),
        "dwelling.owner": "organisation",
        "agreement.transitional": "true",
        "dwelling.available_to_municipality_from": free.isoformat(),
        "dwelling.rent": _gap(draw, f"{4_000 + int(draw.random() * 3_000)}.00"),
        "dwelling.let_from": later if number % 4 > 1 else "",
        "lease.withdrawn_on": later if number % 4 == 1 else "",
    }


def _label(draw: random.Random, number: int) -> Row:
    """Relabelled for a term before 2017; some have fallen vacant since it ran out."""
    term, contribution = draw.choice((8, 10, 10, 10, 10)), draw.random() < 0.4
    signed = _day(draw, date(2014, 6, 1), date(2016, 12, 31))
    over = date.fromisoformat(signed) + timedelta(days=term * 366 + draw.choice((20, 200)))
    return {
        "person.in_education": "true" if draw.random() < 0.9 else "false",
        "dwelling.kind": "youth",
        "dwelling.owner": "organisation",
        "dwelling.area_m2": 51 + int(draw.random() * 14),
        "relabelling.route": draw.choice(("family_youth_50_65_temporary", "elderly_youth_50_65")),
        "relabelling.agreement_date": _gap(draw, signed),
        "relabelling.term_years": term,
        "relabelling.vacant_on": over.isoformat() if number % 5 == 0 else "",
        "relabelling.contribution_granted": "true" if contribution else "false",
    }


def _starter(draw: random.Random, number: int) -> Row:
    return {
        "dwelling.kind": "youth",
        "dwelling.owner": "organisation" if number % 4 else "self_owning",
        "dwelling.area_m2": draw.choice((28, 34, 39)),
        "dwelling.start_dwelling": "true",
        "dwelling.start_commitment_date": _gap(draw, _day(draw, date(2012, 6, 1), date(2015, 12, 31))),
        "dwelling.start_contribution": _gap(draw, f"{36_000 + int(draw.random() * 24_000)}.00"),
    }


def _fund(draw: random.Random, number: int) -> Row:
    """A frame with dwellings left, a dwelling with its reduction running, or a project that has not been applied for."""
    common = {"fund.applicant": "municipality", "fund.homelessness_plan": "true", "fund.letting_agreements": "true"}
    if number % 4 == 0:
        return {
            **common, "dwelling.kind": "family", "dwelling.owner": "organisation", "fund.project_registered": "true",
            "fund.dwellings": draw.choice((4, 6, 10)), "fund.rent_after": f"{3_300 + int(draw.random() * 200)}.00",
        }  # fmt: skip
    granted = draw.choice((4, 6, 12))
    frame = {**common, "fund.application_date": "2022-09-12", "fund.dwellings_granted": granted}
    if number % 2:
        return {**frame, "fund.frame_dwellings_left": int(draw.random() * granted)}
    return {
        **frame, "dwelling.kind": "family", "dwelling.owner": "organisation", "person.acute_housing_need": "true",
        "person.low_ability_to_pay": "true", "lease.allocated_by_municipality": "true", "fund.frame_dwellings_left": granted,
        "fund.commitment_date": _day(draw, date(2023, 1, 1), date(2023, 6, 30)),
        "fund.rent_before": f"{4_500 + int(draw.random() * 500)}.00",
    }  # fmt: skip
