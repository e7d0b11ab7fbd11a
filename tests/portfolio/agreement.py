"""The columns against the scalar reading, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from subsidyengine.decision import Answer, Conclude, Reading, answer, open_points, program_for
from subsidyengine.facts import Case
from subsidyengine.rulebook import CERTAINTIES, Rulebook

ORE = Decimal("0.01")


def scalar(rulebook: Rulebook, scheme_id: str, case: Case, conclude: Conclude) -> Answer:
    """The reference's answer."""
    reading = Reading(rulebook, program_for(rulebook, scheme_id), case, case.on, case.known)  # type: ignore[arg-type]
    return answer(reading, conclude, events=False)


def expected(found: Answer) -> dict[str, Any]:
    """The reference's answer as the columns have it."""
    top = found.chosen
    row: dict[str, Any] = {"outcome": found.outcome}
    row["amount"] = money(top.amount.value) if top is not None and top.amount is not None else None
    row["from"], row["to"] = (top.start, top.end) if top is not None else (None, None)
    row["route"] = found.route
    row["certainty"] = CERTAINTIES[found.rank]
    for item in found.clauses:
        for finding in item.findings:
            row[f"finding.{finding.name}"] = finding.status
        if item.clause.kind != "scheme":
            row[f"{item.clause.name}.outcome"] = item.outcome
            row[f"{item.clause.name}.amount"] = None if item.amount is None else money(item.amount.value)
            row[f"{item.clause.name}.from"], row[f"{item.clause.name}.to"] = item.start, item.end
    return row


def money(value: Decimal) -> Decimal:
    """In øre, as the columns have amounts."""
    from decimal import ROUND_HALF_UP

    return value.quantize(ORE, rounding=ROUND_HALF_UP)


def opened(found: Answer, law: bool) -> set[str]:
    """What an undetermined answer asks for: facts and assessments, or what the law has not settled."""
    return {point.name for point in open_points(found) if (point.kind == "law_not_known") == law}


def differences(row: Mapping[str, Any], found: Answer) -> list[str]:
    """Where a row of the columns is not what the reference says."""
    wanted = expected(found)
    wrong = [f"{k}: columns {row.get(k)!r}, scalar {v!r}" for k, v in wanted.items() if row.get(k) != v]
    extra = [
        f"{k}: columns {v!r}, scalar nothing"
        for k, v in row.items()
        if k not in wanted and v is not None and k not in ("case", "on", "open", "open.law")
    ]
    for column in {"open", "open.law"} & set(row):
        got, asked = set(filter(None, row[column].split(", "))), opened(found, column == "open.law")
        if got != asked:
            wrong.append(f"{column}: columns {sorted(got)}, scalar {sorted(asked)}")
    return wrong + extra
