"""The decision document of contract.md section 4 and 5, as pydantic models: what every face prints, stores or sends."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

OutcomeWord = Literal["granted", "refused", "undetermined"]
StatusWord = Literal["met", "not_met", "unknown"]
CertaintyWord = Literal["text", "secondary", "inferred", "unknown"]


class Part(BaseModel):
    """Base: fixed once made, nothing extra."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Sparse(Part):
    """A part of which only what is there is written."""

    @model_serializer(mode="wrap")
    def _sparse(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {k: v for k, v in handler(self).items() if v is not None}


class AmountOut(Part):
    """Money as decimal text, rounded only where the rule names a rounding."""

    value: str
    unit: str


class PeriodOut(Part):
    """Inclusive days. ``to`` is left out when the period is open-ended, ``from`` when it is not known."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    @model_serializer
    def _serialize(self) -> dict[str, str]:
        edges = {"from": self.from_, "to": self.to}
        return {name: day.isoformat() for name, day in edges.items() if day is not None}


class FindingOut(Sparse):
    """One condition: what it came to, in words, with its provision and the facts it read (absent ones are null)."""

    condition: str
    status: StatusWord
    text: str
    cite: str
    certainty: CertaintyWord
    facts: dict[str, Any]
    why: str | None = None
    note: str | None = None


class OpenOut(Sparse):
    """One open point. ``fact`` for what can be asked; ``rule`` for what the law leaves open."""

    kind: Literal["missing_fact", "needs_assessment", "law_not_known"]
    fact: str | None = None
    rule: str | None = None
    question: str
    cite: str | None = None
    instead: list[str] | None = None


class EventOut(Sparse):
    on: date
    kind: str
    text: str
    cite: str
    part: str | None = None


class SegmentOut(Sparse):
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
    known: date | None
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

    def to_json(self) -> str:
        """One line of JSON, keys in the order of the contract, byte-stable."""
        return self.model_dump_json(by_alias=True)

    @model_serializer(mode="wrap")
    def _serialize(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Parts, routes and the like stand there only when there are any; amount, period and route always do."""
        whole = handler(self)
        return {k: v for k, v in whole.items() if v is not None or k in ("amount", "period", "route")}
