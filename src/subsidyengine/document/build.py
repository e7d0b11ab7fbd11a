"""From an answer and its timeline to the document that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ..decision import (
    Amount,
    Answer,
    ClauseAnswer,
    Conclude,
    Finding,
    Happening,
    Open,
    Reading,
    answer,
    open_points,
    part_points,
    program_for,
)
from ..facts import Case
from ..formula import Lang, plain
from ..rulebook import CERTAINTIES, Rulebook, weakest
from ..timeline import Segment, Timeline, timeline
from . import sentence
from .models import (
    AmountOut,
    DerivedOut,
    Document,
    EventOut,
    FindingOut,
    NoteOut,
    OpenOut,
    PartOut,
    PeriodOut,
    RouteOut,
    SegmentOut,
)


def decide(
    case: Case, rulebook: Rulebook, scheme_id: str, lang: Lang = "da", *,
    on: date | None = None, known: date | None = None, durable: bool = True, conclude: Conclude | None = None,
) -> Document:  # fmt: skip
    """Decide one case under one scheme. ``on`` and ``known`` override those of the case; a day is needed. ``conclude`` can
    be shared by many cases (then ``durable`` is its own), so that equal findings are chained once.

    Raises ValueError when no day is given, KeyError for an unknown scheme, EngineDisagreement when the two inference
    engines differ.
    """
    day = on or case.on
    if day is None:
        raise ValueError(f"case {case.id}: the day to decide for ('on') is not given")
    conclude = conclude or Conclude(durable)
    known = known or case.known
    rulebook = rulebook.as_known(known)
    reading = Reading(rulebook, program_for(rulebook, scheme_id), case, day, known)
    found = answer(reading, conclude)
    return document(found, timeline(found, conclude), lang)


def document(found: Answer, line: Timeline, lang: Lang) -> Document:
    """The document of an answer in a language."""
    reading = found.reading
    rulebook, scheme = reading.rulebook, reading.program.scheme
    single = found.chosen
    several = scheme.clauses[0].kind
    points = open_points(found)
    return Document(
        case=reading.case.id,
        scheme=scheme.id,
        title=scheme.title.get(lang),
        on=reading.on,
        outcome=found.outcome,
        answer=sentence.answer_sentence(found, points, lang),
        amount=_amount(single.amount if single else None, found.outcome),
        period=_period(single),
        route=found.route,
        findings=_findings(found, lang),
        open=[open_out(p, rulebook, lang) for p in points],
        events=_events(line, rulebook, lang),
        segments=[_segment(s) for s in line.segments],
        notes=_notes(found, lang),
        decided_by=scheme.decided_by.get(lang),
        appeal=scheme.appeal,
        rulebook=rulebook.hash,
        engine=found.closure.engine,
        certainty=CERTAINTIES[found.rank],
        **_given(
            known=reading.known,
            parts=[_part(c, found, lang) for c in found.clauses] if several == "part" else None,
            routes=[_route(c, lang) for c in found.clauses] if several == "route" else None,
            derived=_derived(reading) or None,
            overlays=[f"{o.name} ({o.by}, {o.on.isoformat()})" for o in rulebook.overlays] or None,
        ),
    )


def _notes(found: Answer, lang: Lang) -> list[NoteOut]:
    rulebook = found.reading.rulebook
    notes = [NoteOut(text=n.says.get(lang), cite=rulebook.cite_text(n.cites)) for n in found.notes]
    return notes + [NoteOut(text=sentence.leaned_sentence(rulebook.settings[name], lang), cite="") for name in found.leaned]


def _given(**fields: Any) -> dict[str, Any]:
    """Only the fields that are there: the others are not written."""
    return {name: value for name, value in fields.items() if value is not None}


def _amount(amount: Amount | None, outcome: str) -> AmountOut | None:
    if amount is None or outcome == "refused":
        return None
    return AmountOut(value=format(amount.value, "f"), unit=amount.unit)


def _period(clause: ClauseAnswer | None) -> PeriodOut | None:
    if clause is None or (clause.start is None and clause.end is None):
        return None
    # Left out: open-ended. Null: there is a last day, but it is not known.
    last = {} if clause.open_ended else {"to": clause.end}
    return PeriodOut(**_given(from_=clause.start), **last)


def _findings(found: Answer, lang: Lang) -> list[FindingOut]:
    """Every finding once, in order; and a right that comes to nothing this month says why."""
    seen: dict[str, Finding] = {}
    for clause in found.clauses:
        for finding in clause.findings:
            seen.setdefault(finding.name, finding)
    out = [finding_out(f, found.reading, lang) for f in seen.values()]
    zero = sentence.zero_amount(found)
    if zero is not None:
        version = zero.ready.version
        text = version.zero_says.get(lang) if version.zero_says else sentence.NOTHING[lang]
        cite = found.reading.rulebook.cite_text(version.cites)
        facts = {n: plain(found.reading.shown(n)) for n in zero.ready.facts}
        certainty = CERTAINTIES[weakest(version.cites)]
        out.append(FindingOut(condition="amount", status="met", text=text, cite=cite, certainty=certainty, facts=facts))
    if not out and found.outcome != "undetermined":
        status, texts = ("not_met", sentence.NO_WAY) if found.outcome == "refused" else ("met", sentence.NOTHING_BARS)
        out.append(FindingOut(condition="bears-on-case", status=status, text=texts[lang], cite="", certainty="text", facts={}))
    return out


def finding_out(finding: Finding, reading: Reading, lang: Lang) -> FindingOut:
    """A finding in words."""
    version = finding.version
    return FindingOut(
        condition=finding.name,
        status=finding.status,
        text=version.says.get(lang),
        cite=reading.rulebook.cite_text(version.cites),
        certainty=CERTAINTIES[finding.rank],
        facts={name: plain(reading.shown(name)) for name in finding.facts},
        **_given(
            why=version.why.get(lang) if version.why and any(c.kind == "law_not_known" for c in finding.causes) else None,
            note=version.note.get(lang) if version.note else None,
        ),
    )


def open_out(point: Open, rulebook: Rulebook, lang: Lang) -> OpenOut:
    """An open point as a question."""
    is_fact = point.name in rulebook.facts
    return OpenOut(
        kind=point.kind,
        question=point.question.get(lang),
        **_given(
            fact=point.name if is_fact else None,
            rule=None if is_fact else point.name,
            cite=rulebook.cite_text(point.cites) or None,
            instead=list(point.instead) or None,
        ),
    )


def happening_out(event: Happening, rulebook: Rulebook, lang: Lang) -> EventOut:
    """An event of a rule."""
    cite = rulebook.cite_text(event.rule.cites) or sentence.BASIS.get(event.rule.basis, {}).get(lang, "")
    return EventOut(on=event.on, kind=event.rule.kind, text=event.rule.says.get(lang), cite=cite, **_given(part=event.part or None))


def _events(line: Timeline, rulebook: Rulebook, lang: Lang) -> list[EventOut]:
    out = []
    for event in line.events:
        if isinstance(event, Happening):
            out.append(happening_out(event, rulebook, lang))
        else:
            cite = rulebook.cite_text(event.cites)
            out.append(EventOut(on=event.on, kind=event.kind, text=sentence.change_sentence(event, lang), cite=cite))
    return out


def _segment(segment: Segment) -> SegmentOut:
    amount = None if segment.amount is None else AmountOut(value=format(segment.amount, "f"), unit=segment.unit)
    return SegmentOut(from_=segment.from_, outcome=segment.outcome, **_given(to=segment.to, amount=amount, route=segment.route))


def _derived(reading: Reading) -> dict[str, DerivedOut]:
    """Facts that the engine computed from other facts, so that nobody takes them for given."""
    return {name: DerivedOut(value=plain(value), scheme=scheme) for name, (value, scheme) in reading.derived().items()}


def _part(clause: ClauseAnswer, found: Answer, lang: Lang) -> PartOut:
    return PartOut(
        part=clause.clause.name,
        title=clause.clause.title.get(lang),
        outcome=clause.outcome,
        amount=_amount(clause.amount, clause.outcome),
        period=_period(clause),
        findings=[finding_out(f, found.reading, lang) for f in clause.findings],
        open=[open_out(p, found.reading.rulebook, lang) for p in part_points(found, clause)],
    )


def _route(clause: ClauseAnswer, lang: Lang) -> RouteOut:
    failed: Sequence[Finding] = [f for f in clause.findings if f.status == "not_met"]
    return RouteOut(
        route=clause.clause.name,
        title=clause.clause.title.get(lang),
        outcome=clause.outcome,
        period=_period(clause),
        failed=[f.name for f in failed],
    )
