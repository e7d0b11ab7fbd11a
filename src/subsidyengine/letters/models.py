"""What a letter says, as pydantic models: this, as JSON, is all that a template gets. Every value is written out as it is
to be printed; the sentences around them stand in the template folder (``da.yaml``, ``en.yaml``).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ..formula import Lang

Kind = Literal["decision", "hearing", "facts"]
Outcome = Literal["granted", "partly", "refused", "charged"]


class Said(BaseModel):
    """Base: fixed once made, nothing extra."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Address(Said):
    name: str
    lines: list[str]
    #: The party, when a representative gets the letter.
    on_behalf_of: str | None = None


class Letterhead(Said):
    name: str
    lines: list[str]
    unit: str | None
    phone: str | None
    email: str | None
    web: str | None
    logo: str | None


class Signed(Said):
    name: str
    role: str
    on: str


class Line(Said):
    """A row of a table: what, its value, and where it comes from."""

    title: str
    value: str
    source: str = ""


class Reason(Said):
    """One condition: its sentence, the rule of law, and the facts it turned on."""

    text: str
    law: str
    facts: list[Line]


class Judgement(Said):
    """A person's assessment with its main considerations (*de hovedhensyn, der har været bestemmende*)."""

    title: str
    value: str
    by: str
    on: str
    why: str


class Span(Said):
    """An amount from one day to another; ``to`` empty: open-ended."""

    from_: str
    to: str
    amount: str


class Part(Said):
    """One of several things that the decision is about."""

    title: str
    outcome: Literal["granted", "refused", "undetermined"]
    amount: str
    period: str


class Event(Said):
    on: str
    text: str


class Guidance(Said):
    """Appeal guidance (*klagevejledning*): body, where to send it, the last day and how it was counted."""

    body: str
    sent_to: str
    address: list[str]
    email: str | None
    weeks: int
    received: str
    last_day: str
    moved: bool
    suspensive: bool | None
    law: str


class Decision(Said):
    outcome: Outcome
    #: The route, where the answer is a name.
    route: str
    amount: str
    #: Why a right comes to nothing for the time being.
    zero: str
    amount_law: str
    span: Span | None
    spans: list[Span]
    parts: list[Part]
    failed: list[Reason]
    met: list[Reason]
    unsettled: list[str]
    #: What parts that are not decided yet wait for.
    open: list[str]
    judgements: list[Judgement]
    facts: list[Line]
    figures: list[Line]
    rules: list[str]
    decided_by: str
    heard: str
    no_hearing: str
    dates: list[Event]
    leaned: list[str]
    report: list[str]
    duty: str
    duty_law: str
    overlays: list[str]
    rulebook: str
    appeal: Guidance | None


class Hearing(Said):
    facts: list[Line]
    reasons: list[Reason]
    refusal: bool
    answer_by: str


class Question(Said):
    """One fact that is missing: the question, how to answer it, what can be given instead, and the rule that asks."""

    text: str
    answer: str
    choices: list[str]
    instead: list[str]
    law: str


class Missing(Said):
    questions: list[Question]
    answer_by: str


class Letter(Said):
    """One letter. ``dated`` is the day on it; ``title`` the document's title (no personal data)."""

    kind: Kind
    lang: Lang
    case: str
    scheme: str
    subject: str
    dated: date
    day: str
    sender: Letterhead
    recipient: Address
    signed: Signed
    decision: Decision | None = None
    hearing: Hearing | None = None
    missing: Missing | None = None
    #: What a person checks before the letter is sent; not printed.
    check: list[str] = []
    #: The last day to appeal, as a day; not printed (``decision.appeal.last_day`` is).
    appeal_by: date | None = None

    def for_template(self) -> dict[str, Any]:
        """As plain data for the template."""
        return self.model_dump(mode="json", exclude={"check", "appeal_by"})
