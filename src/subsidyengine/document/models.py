"""The decision document of contract.md section 4 and 5, as pydantic models: what every face prints, stores or sends."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

OutcomeWord = Literal["granted", "refused", "undetermined"]
StatusWord = Literal["met", "not_met", "unknown"]
CertaintyWord = Literal["text", "secondary", "inferred", "unknown"]


class Part(BaseModel):
    """Base: fixed once made, nothing extra. What was not set when it was made is not written."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def plain(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def to_json(self) -> str:
        """One line of JSON, keys in the order of the contract, byte-stable."""
        return self.model_dump_json(by_alias=True, exclude_unset=True)


class AmountOut(Part):
    """Money as decimal text, rounded only where the rule names a rounding."""

    value: str
    unit: str


class PeriodOut(Part):
    """Inclusive days. ``to`` is left out when the period is open-ended and null when the last day is not known."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None


class FindingOut(Part):
    """One condition: what it came to, in words, with its provision and the facts it read (absent ones are null)."""

    condition: str
    status: StatusWord
    text: str
    cite: str
    certainty: CertaintyWord
    facts: dict[str, Any]
    why: str | None = None
    note: str | None = None


class OpenOut(Part):
    """One open point. ``fact`` for what can be asked; ``rule`` for what the law leaves open."""

    kind: Literal["missing_fact", "needs_assessment", "law_not_known"]
    fact: str | None = None
    rule: str | None = None
    question: str
    cite: str | None = None
    instead: list[str] | None = None


class EventOut(Part):
    on: date
    kind: str
    text: str
    cite: str
    part: str | None = None


class SegmentOut(Part):
    """Days on which the answer is the same."""

    from_: date = Field(alias="from")
    to: date | None = None
    outcome: OutcomeWord
    amount: AmountOut | None = None
    route: str | None = None


class PartOut(Part):
    """One of the several things that a scheme gives."""

    part: str
    title: str
    outcome: OutcomeWord
    amount: AmountOut | None
    period: PeriodOut | None
    findings: list[FindingOut]
    open: list[OpenOut]


class RouteOut(Part):
    """One way through the scheme: lawful, open, or why not."""

    route: str
    title: str
    outcome: OutcomeWord
    period: PeriodOut | None
    failed: list[str]


class DerivedOut(Part):
    """A fact that was not given but computed by another scheme."""

    value: Any
    scheme: str


class NoteOut(Part):
    text: str
    cite: str


class Document(Part):
    """One case, one scheme, one day: the answer and all its reasons."""

    case: str
    scheme: str
    title: str
    on: date
    known: date | None = None
    outcome: OutcomeWord
    answer: str
    amount: AmountOut | None
    period: PeriodOut | None
    route: str | None
    findings: list[FindingOut]
    open: list[OpenOut]
    events: list[EventOut]
    segments: list[SegmentOut]
    parts: list[PartOut] | None = None
    routes: list[RouteOut] | None = None
    derived: dict[str, DerivedOut] | None = None
    notes: list[NoteOut]
    decided_by: str
    appeal: str
    rulebook: str
    overlays: list[str] | None = None
    engine: str
    certainty: CertaintyWord
