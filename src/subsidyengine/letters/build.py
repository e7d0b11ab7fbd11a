"""The three letters, made from the grounds of a decision: the decision, the hearing, and the letter that asks for facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..document import AmountOut, PeriodOut
from . import wording
from .deadline import DeadlineUnknown, last_day
from .grounds import Grounds
from .lines import address, asked, considerations, fact_lines, letterhead, line, named, reason
from .models import Decision, Event, Guidance, Hearing, Kind, Letter, Missing, Outcome, Part, Signed, Span
from .people import Recipient, Sender, Signature
from .refusals import (
    LetterRefused,
    answer_day_wrong,
    elsewhere,
    heard_wrong,
    no_considerations,
    no_route,
    nothing_missing,
    nothing_to_hear,
    received_wrong,
    undecided,
    unheard,
    unknown_fact,
    unsigned,
)

#: Events that are for the office, or that the table of amounts shows.
_INTERNAL = ("review_due", "report_due", "law_changes", "amount_changes", "answer_due")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, and the day on the letter (None: the day of the signature)."""

    sender: Sender
    recipient: Recipient
    signature: Signature | None
    dated: date | None = None

    @property
    def day(self) -> date | None:
        """The day on the letter; None when it is neither dated nor signed."""
        return self.dated or (self.signature.on if self.signature else None)


def decision_letter(
    grounds: Grounds, envelope: Envelope, *, received: date | None = None, heard: date | None = None, no_hearing: str = "",
    partly: bool = False,
) -> Letter:  # fmt: skip
    """The decision letter. ``received`` is the day the party gets it; ``heard`` the day of the hearing, ``no_hearing`` why
    there was none; ``partly``: the party asked for more than is granted.

    Raises LetterRefused with every reason why there is no such letter.
    """
    document, parts = grounds.document, {p.outcome for p in grounds.document.parts or ()}
    outcome: Outcome = "granted"
    if document.outcome == "refused":
        outcome = "refused"
    elif grounds.charge:
        outcome = "charged"
    elif partly or "refused" in parts:
        outcome = "partly"
    route = grounds.route
    refusals = unsigned(envelope.signature, decides=True) + undecided(document)
    refusals += no_route(route, grounds.scheme.id, grounds.routes.overlays)
    guidance, by = None, None
    if outcome != "granted":
        refusals += [] if heard or no_hearing else unheard(grounds, amount=outcome in ("charged", "partly"))
        refusals += no_considerations(grounds) + received_wrong(received, envelope.day)
        if route.settled and received is not None:
            try:
                by = last_day(route, received, grounds.routes, envelope.sender.closed)
                guidance = _guidance(grounds, envelope.sender, received, by)
            except DeadlineUnknown as error:
                refusals.append(error.refusal)
    refusals += heard_wrong(heard, envelope.day)
    if refusals:
        raise LetterRefused(refusals)
    lang, chosen = grounds.lang, grounds.answer.chosen
    single = document.parts is None or len(document.parts) == 1
    spans = _spans(grounds) if single and document.outcome == "granted" else []
    duty = envelope.sender.duty_to_report if outcome != "refused" else None
    decision = Decision(
        outcome=outcome,
        route=wording.bind(chosen.clause.title.get(lang)) if chosen and document.route else "",
        zero=next((wording.bind(f.text) for f in document.findings if f.condition == "amount"), ""),
        amount=_amount(document.amount, grounds),
        amount_law=grounds.law(chosen.amount.ready.version.cites) if chosen and chosen.amount else "",
        span=_span(document.period, document.amount, grounds) if document.outcome == "granted" else None,
        spans=spans if len(spans) > 1 else [],
        parts=[_part(p.title, p.outcome, p.amount, p.period, grounds) for p in document.parts or ()] if not single else [],
        failed=[reason(grounds, f.name) for f in grounds.findings if f.status == "not_met"],
        met=[reason(grounds, f.name) for f in grounds.findings if f.status == "met"],
        unsettled=[wording.bind(f.version.says.get(lang)) for f in grounds.unsettled()],
        open=[f"{wording.upper_first(wording.bind(p.title))}: {wording.bind(o.question)}" for p in document.parts or () for o in p.open],
        judgements=considerations(grounds),
        facts=fact_lines(grounds, [w for w in grounds.weighed if not w.judged]),
        figures=[line(f.title, f.value, f.law) for f in grounds.figures()],
        rules=grounds.rules(),
        decided_by=wording.bind(document.decided_by),
        heard=wording.day(heard, lang) if heard and guidance else "",
        no_hearing=wording.bind(no_hearing) if guidance else "",
        dates=[
            Event(on=wording.day(e.on, lang), text=wording.bind(e.text))
            for e in document.events
            if e.kind not in _INTERNAL and e.on >= document.on and document.outcome == "granted"
        ],
        leaned=grounds.leaned(),
        report=[named(w.fact, lang) for w in (grounds.amount_facts() if outcome != "refused" else ())],
        duty=wording.bind(duty.says.da if lang == "da" else duty.says.en) if duty else "",
        duty_law="; ".join(wording.provisions([duty.cite])) if duty else "",
        overlays=grounds.settled_by(),
        rulebook=document.rulebook,
        appeal=guidance,
    )  # fmt: skip
    check = [n.text for n in document.notes]
    check += [_BASIS[lang][document.certainty]] if document.certainty in _BASIS[lang] else []
    check += [_WHOLE[lang]] if outcome == "granted" else []
    return _letter("decision", grounds, envelope, decision=decision, check=check, appeal_by=by)


_BASIS = {
    "da": {
        "secondary": "Retsgrundlaget er til dels kendt fra andre kilder end lovteksten",
        "inferred": "Retsgrundlaget er til dels udledt",
    },
    "en": {
        "secondary": "The legal basis is partly known from other sources than the law's own text",
        "inferred": "The legal basis is partly inferred",
    },
}
_WHOLE = {
    "da": "Brevet har ingen klagevejledning, fordi alt er bevilget. Har borgeren søgt om mere, så brug --partly og --received-on",
    "en": "The letter has no appeal guidance, because everything is granted. If the citizen asked for more, use --partly and --received-on",
}


def hearing_letter(grounds: Grounds, envelope: Envelope, answer_by: date | None, facts: Sequence[str] = ()) -> Letter:
    """The hearing letter (*partshøring*): the facts that count against the party and came from elsewhere, and ``facts``.

    Raises LetterRefused when it is unsigned, has no day to answer by, or when there is nothing to put to the party.
    """
    refusals = unsigned(envelope.signature) + answer_day_wrong(answer_by, envelope.day)
    known = {w.fact.name: w for w in (*grounds.weighed, *grounds.against())}
    refusals += [unknown_fact(name, known) for name in facts if name not in known]
    put = {w.fact.name: w for w in elsewhere(grounds, grounds.charge)} | {n: known[n] for n in facts if n in known}
    if not put and not refusals:
        refusals.append(nothing_to_hear())
    if refusals:
        raise LetterRefused(refusals)
    assert answer_by is not None
    hearing = Hearing(
        facts=fact_lines(grounds, list(put.values())),
        reasons=[reason(grounds, f.name) for f in grounds.findings if f.status == "not_met" and set(f.facts) & put.keys()],
        refusal=grounds.document.outcome == "refused",
        answer_by=wording.day(answer_by, grounds.lang),
    )
    return _letter("hearing", grounds, envelope, hearing=hearing)


def facts_letter(grounds: Grounds, envelope: Envelope, answer_by: date | None) -> Letter:
    """The letter that asks for exactly the missing facts, most decisive first.

    Raises LetterRefused when it is unsigned, has no day to answer by, or when the citizen has nothing to answer.
    """
    refusals = unsigned(envelope.signature) + answer_day_wrong(answer_by, envelope.day)
    document = grounds.document
    points = [*document.open, *(p for part in document.parts or () for p in part.open)]
    wanted = list({p.fact: p for p in points if p.kind == "missing_fact" and p.fact}.values())
    others = dict.fromkeys(p.fact or p.rule or p.question for p in points if p.kind != "missing_fact")
    if not wanted:
        refusals.append(nothing_missing(", ".join(others)))
    if refusals:
        raise LetterRefused(refusals)
    assert answer_by is not None
    missing = Missing(questions=[asked(grounds, p) for p in wanted], answer_by=wording.day(answer_by, grounds.lang))
    return _letter("facts", grounds, envelope, missing=missing, check=[f"also open: {name}" for name in others])


def _letter(
    kind: Kind, grounds: Grounds, envelope: Envelope, decision: Decision | None = None, hearing: Hearing | None = None,
    missing: Missing | None = None, check: Sequence[str] = (), appeal_by: date | None = None,
) -> Letter:  # fmt: skip
    signature = envelope.signature
    assert signature is not None
    dated = envelope.day or signature.on
    return Letter(
        kind=kind, lang=grounds.lang, case=grounds.document.case, scheme=grounds.scheme.id, subject=wording.bind(grounds.title),
        dated=dated, day=wording.day(dated, grounds.lang),
        sender=letterhead(envelope.sender), recipient=address(envelope.recipient),
        signed=Signed(name=signature.name, role=signature.role, on=wording.day(signature.on, grounds.lang)),
        decision=decision, hearing=hearing, missing=missing, check=list(check), appeal_by=appeal_by,
    )  # fmt: skip


def _guidance(grounds: Grounds, sender: Sender, received: date, last: date) -> Guidance:
    """The appeal guidance of an established route."""
    route, lang = grounds.route, grounds.lang
    assert route.body is not None
    assert route.sent_to is not None
    assert route.weeks is not None
    return Guidance(
        body=route.body.get(lang), sent_to=wording.bind(route.sent_to.get(lang)),
        address=sender.appeals_to or [", ".join(filter(None, (sender.name, sender.unit))), *sender.address], email=sender.email,
        weeks=route.weeks, received=wording.day(received, lang), last_day=wording.day(last, lang),
        moved=(last - received).days != 7 * route.weeks, suspensive=route.suspensive, law=grounds.law(route.cites, grounds.routes),
    )  # fmt: skip


def _amount(amount: AmountOut | None, grounds: Grounds) -> str:
    return wording.number(Decimal(amount.value), amount.unit, grounds.lang) if amount else ""


def _span(period: PeriodOut | None, amount: AmountOut | None, grounds: Grounds) -> Span | None:
    if period is None or period.from_ is None:
        return None
    to = wording.day(period.to, grounds.lang) if period.to else ""
    return Span(from_=wording.day(period.from_, grounds.lang), to=to, amount=_amount(amount, grounds))


def _spans(grounds: Grounds) -> list[Span]:
    found = [s for s in grounds.document.segments if s.outcome == "granted" and s.amount is not None]
    made = (_span(PeriodOut(from_=s.from_, to=s.to), s.amount, grounds) for s in found)
    return [span for span in made if span is not None]


def _part(title: str, outcome: str, amount: AmountOut | None, period: PeriodOut | None, grounds: Grounds) -> Part:
    span = _span(period, amount, grounds)
    days = f"{span.from_} – {span.to}".rstrip(" –") if span else ""
    return Part(title=wording.upper_first(wording.bind(title)), outcome=outcome, amount=_amount(amount, grounds), period=days)
