"""When no letter is made, and what to do instead. Each function gives the reasons that it finds, so that all are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..document import Document
from ..rulebook import CERTAINTIES, Appeal, Overlay
from ..words import Message, say
from .grounds import Grounds, Weighed
from .people import Signature


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a letter is not made (``code``: the kind of reason), and what to do about it."""

    code: str
    message: Message
    todo: Message

    def __str__(self) -> str:
        return f"{self.message}. {self.todo}"


class LetterRefused(ValueError):
    """The engine makes no letter. ``refusals`` has every reason."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("\n".join(map(str, refusals)))


def unsigned(signature: Signature | None, decides: bool = False) -> list[Refusal]:
    """A letter without a person behind it (GDPR art. 22; an unmistakable sender). Only a decision can be signed in the ledger instead."""
    if signature is not None and signature.name.strip() and signature.role.strip():
        return []
    ledger = say("A named person decides and signs: --signed-by NAME --role ROLE --signed-on DAY, or in the ledger: ledger sign")
    letter = say("A named person signs the letter: --signed-by NAME --role ROLE --signed-on DAY")
    return [Refusal("unsigned", say("it is not signed"), ledger if decides else letter)]


def undecided(document: Document) -> list[Refusal]:
    """A decision that is none yet, or that rests on law which is not known."""
    points = [*document.open, *(p for part in document.parts or () for p in part.open)]

    def names(*kinds: str) -> str:
        return ", ".join(dict.fromkeys(p.fact or p.rule or p.question for p in points if p.kind in kinds))

    if law := names("law_not_known"):
        todo = say("A lawyer can settle that in an overlay folder (--overlay DIR), with citation and name")
        return [Refusal("law_not_known", say("it rests on law that is not known: {names}", names=law), todo)]
    if document.outcome == "undetermined":
        found = names("missing_fact", "needs_assessment")
        ask = say("Ask the citizen with 'subsidyengine letter facts'")
        assess = say("A person assesses it: {{value, by, on, why}} in the case file")
        todo = ask if names("missing_fact") else assess
        return [Refusal("undetermined", say("nothing is decided yet: open are {names}", names=found), todo)]
    if document.certainty == CERTAINTIES[-1]:
        todo = say("A lawyer reads it and marks its citation, or settles it in an overlay folder (--overlay DIR)")
        return [Refusal("law_not_known", say("it rests on a provision that nobody has read (certainty: unknown)"), todo)]
    return []


def no_route(route: Appeal, scheme: str, overlays: Sequence[Overlay]) -> list[Refusal]:
    """A letter whose appeal route is blank (law/administrative.md section 3)."""
    if route.settled:
        return []
    lacks = ", ".join(n for n, v in (("body", route.body), ("sent_to", route.sent_to), ("deadline.weeks", route.weeks)) if v is None)
    within = f" (overlay: {', '.join(o.name for o in overlays)})" if overlays else ""
    named = {"route": route.key, "scheme": scheme, "within": within}
    if route.established:
        message = say("the appeal route {route} of {scheme} lacks {lacks}{within}", lacks=lacks, **named)
    else:
        message = say("the appeal route {route} of {scheme} is not established{within}", **named)
    todo = say(
        "The municipality's lawyer reads the provisions and gives the route in the appeals.yaml of an overlay folder (--overlay DIR): "
        "{route}, or another that the overlay names for {scheme}",
        route=route.key, scheme=scheme,
    )  # fmt: skip
    return [Refusal("no_appeal_route", message, todo)]


def unheard(grounds: Grounds, amount: bool) -> list[Refusal]:
    """Facts that count against the party, from elsewhere, that nobody has put to the party (forvaltningsloven § 19)."""
    facts = elsewhere(grounds, amount)
    if not facts:
        return []
    names = _listed(say("{name} ({source})", name=w.fact.name, source=_source(w)) for w in facts)
    message = say("facts that count against the party did not come from the party: {names}", names=names)
    todo = say("Send 'subsidyengine letter hearing' first and give --heard-on DAY; or say why none is needed: --no-hearing WHY")
    return [Refusal("not_heard", message, todo)]


def elsewhere(grounds: Grounds, amount: bool) -> list[Weighed]:
    """Facts that count against the party and did not come from the party; with ``amount`` those that it turns on too.

    A person's assessment is no fact to be heard on.
    """
    return [w for w in grounds.against(amount) if not w.from_party and not w.judged]


def no_considerations(grounds: Grounds) -> list[Refusal]:
    """Assessments left to a person whose main considerations are not written down (forvaltningsloven § 24)."""
    bare = ", ".join(w.fact.name for w in grounds.weighed if w.discretion and not (w.given and w.given.why))
    if not bare:
        return []
    message = say("the main considerations are missing for {names}", names=bare)
    return [Refusal("no_considerations", message, say("Write them in the case file: {{value, by, on, why}}"))]


def received_wrong(received: date | None, dated: date | None) -> list[Refusal]:
    """The time to appeal runs from the day the party gets the letter, which is not before the letter's own day."""
    if received is None:
        message = say("the day the citizen gets the letter is not given, and the time to appeal runs from it")
        return [Refusal("not_received", message, say("Give it: --received-on DAY"))]
    if dated is not None and received < dated:
        message = say("the letter is dated {dated} and cannot be received on {received}", dated=dated, received=received)
        return [Refusal("not_received", message, say("Give the day the citizen gets it: --received-on DAY"))]
    return []


def heard_wrong(heard: date | None, dated: date | None) -> list[Refusal]:
    """A decision is made after the hearing."""
    if heard is None or dated is None or heard <= dated:
        return []
    message = say("the hearing, {heard}, is after the letter's day, {dated}", heard=heard, dated=dated)
    return [Refusal("heard_later", message, say("Decide after the hearing"))]


def answer_day_wrong(answer_by: date | None, dated: date | None) -> list[Refusal]:
    """A letter that asks for an answer names a day after its own."""
    todo = say("Give a day that leaves time to answer: --answer-by DAY")
    if answer_by is None:
        return [Refusal("no_answer_day", say("the day to answer by is not given, and no law sets it"), todo)]
    if dated is not None and answer_by <= dated:
        message = say("the day to answer by, {answer_by}, is not after the letter's day, {dated}", answer_by=answer_by, dated=dated)
        return [Refusal("no_answer_day", message, todo)]
    return []


def unknown_fact(name: str, known: Iterable[str]) -> Refusal:
    """A fact to be heard on that the decision does not weigh."""
    message = say("'{name}' is no fact that the decision weighs", name=name)
    return Refusal("unknown_fact", message, say("Name one of them: {known}", known=", ".join(known)))


def nothing_to_hear() -> Refusal:
    """A hearing letter without a fact to put to the party."""
    message = say("no fact that counts against the party came from elsewhere, so no hearing is needed")
    return Refusal("nothing_to_hear", message, say("--fact NAME puts one to the party all the same"))


def nothing_missing(others: str) -> Refusal:
    """A letter that asks, with nothing to ask; ``others`` is what the municipality has to settle itself."""
    if others:
        todo = say("There is nothing to ask the citizen; the municipality settles the rest")
        return Refusal("nothing_missing", say("no fact is missing; open are {names}", names=others), todo)
    todo = say("There is nothing to ask the citizen; 'subsidyengine letter decision' writes the decision")
    return Refusal("nothing_missing", say("no fact is missing"), todo)


def _source(weighed: Weighed) -> Message:
    """Where a fact came from, without the words of the source: they may name people."""
    if weighed.given is None:
        return say("computed")
    return say("from elsewhere") if weighed.given.source else say("source not given")


def _listed(messages: Iterable[Message]) -> Message:
    """Messages one after the other, as one that can be translated."""
    first, *rest = messages
    for message in rest:
        first = say("{first}, {next}", first=first, next=message)
    return first
