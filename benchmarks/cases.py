"""Cases of transitional.subsidy, as many as wanted: the same number gives the same case everywhere."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

SCHEME = "transitional.subsidy"


def case_data(number: int) -> dict[str, Any]:
    """One case as a case file has it: a lease with dated rents, a housing benefit that follows them, and a few gaps."""
    draw = random.Random(number)
    start = date(2023, 7, 1) + timedelta(days=draw.randrange(950))
    rent = Decimal(draw.randrange(3_000_00, 9_500_00, 25)) / 100
    rents, benefits = [], []
    day = start
    for _ in range(draw.choice([1, 2, 2, 3])):
        rents.append({"from": day, "value": rent, "source": "lease", "received": day - timedelta(days=14)})
        benefits.append({"from": day, "value": (rent * draw.randrange(8, 28) / 100).quantize(Decimal(1))})
        day = day.replace(day=1) + timedelta(days=366)
        rent += draw.randrange(50, 300)
    adults = draw.choice([1, 1, 1, 2])
    facts: dict[str, Any] = {
        "person": {
            "special_social_problems": draw.random() < 0.9,
            "reduced_mental_functioning": draw.random() < 0.2,
            "needs_help_to_keep_home": draw.random() < 0.95,
            "housing_before": draw.choice(["section_107", "section_110", "section_110", "street"]),
            "has_income": draw.random() < 0.3,
        },
        "household": {"adults": adults, "children": draw.choice([0, 0, 1])},
        "dwelling": {"kind": draw.choice(["family", "family", "youth"]), "owner": "organisation", "area_m2": draw.randrange(25, 80)},
        "lease": {
            "start": start, "special_terms_end": start + timedelta(days=draw.randrange(365, 1826)), "rent": rents,
            "obligatory_payments": Decimal(draw.randrange(0, 600)), "reminder_fees": Decimal(0), "deposit": Decimal(15_000),
        },
        "benefit": {"applied": draw.random() < 0.97, "calculated": benefits},
        "facility": {"monthly_payment": Decimal(2400)},
    }  # fmt: skip
    if number % 10 == 0:
        del facts["person"]["has_income"]
    return {"case": f"B-{number:06}", "on": date(2026, 3, 1), "schemes": [SCHEME], "facts": facts}


def cases(count: int) -> Iterator[dict[str, Any]]:
    """Case 1 to ``count``."""
    return (case_data(number) for number in range(1, count + 1))


def write_ndjson(path: Path, count: int) -> None:
    """The cases as NDJSON."""
    with path.open("w", encoding="utf-8") as file:
        for data in cases(count):
            file.write(json.dumps(data, default=lambda v: v.isoformat() if isinstance(v, date) else float(v)) + "\n")
