"""What is still open in an answer, as questions: most decisive first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..formula import Cause
from ..rulebook import Cite, Rulebook, Scheme, Text
from .answer import Answer, ClauseAnswer, Conclude, Finding, before_law
from .answer import answer as ask
from .program import program_for
from .reading import Reading
from .resting import undecided

OpenKind = Literal["missing_fact", "needs_assessment", "law_not_known"]
_ORDER: dict[str, int] = {"missing_fact": 0, "needs_assessment": 1, "law_not_known": 2}

_NOT_ESTABLISHED = Text("Retstilstanden er ikke fastlagt.", "The law is not established.")
_NO_VALUE = {
    "division by zero": Text("0 kan ikke være rigtigt her", "0 cannot be right here"),
    "outside the calendar": Text("datoen ligger uden for kalenderen", "the day lies outside the calendar"),
    "no such day is given": Text("ingen sådan dato er oplyst", "no such day is given"),
    "no such day in the calendar": Text("kalenderen har ikke den dag", "no such day in the calendar"),
    "no such year": Text("kalenderen har ikke det år", "no such year"),
    "not a whole number of days": Text("ikke et helt antal dage", "not a whole number of days"),
    "not a whole number of days, or outside the calendar": Text(
        "ikke et helt antal dage, eller uden for kalenderen", "not a whole number of days, or outside the calendar"
    ),
    "not a whole number of months": Text("ikke et helt antal måneder", "not a whole number of months"),
    "not a whole number of years": Text("ikke et helt antal år", "not a whole number of years"),
    "no period": Text("der er ingen periode", "there is no period"),
    "open-ended": Text("perioden har ingen slutdato", "the period has no end"),
}
_UNSETTLED = Text(
    "Ikke afgjort i loven: der er regnet med {title} = {value}. {why}",
    "Not settled by law: {title} = {value} was used. {why}",
)


@dataclass(frozen=True, slots=True)
class Open:
    """One open point. ``name`` is a fact for the first two kinds, else a condition, rate or setting.

    ``settles`` counts the open conditions that this alone would settle, ``bears_on`` those it has a part in.
    """

    kind: OpenKind
    name: str
    question: Text
    cites: tuple[Cite, ...]
    settles: int
    bears_on: int
    instead: tuple[str, ...] = ()


def open_points(answer: Answer) -> list[Open]:
    """The open points of an undetermined answer; none when it is decided."""
    return _points(answer, answer.clauses, answer.assumed) if answer.outcome == "undetermined" else []


def part_points(answer: Answer, clause: ClauseAnswer) -> list[Open]:
    """The open points of one part, which may be open though another part is granted."""
    return _points(answer, (clause,), clause.assumed) if clause.outcome == "undetermined" else []


def _points(answer: Answer, clauses: Sequence[ClauseAnswer], assumed: Sequence[str]) -> list[Open]:
    """What keeps ``clauses`` open, most decisive first."""
    settles: dict[Cause, int] = {}
    bears: dict[Cause, int] = {}
    seen_in: dict[Cause, Finding | None] = {}
    unknown: dict[str, Finding] = {}
    for clause in clauses:
        if clause.outcome == "undetermined":
            live = undecided(clause.clause.conclusion, answer.reading.program.conclusions, answer.closure)
            unknown.update((f.name, f) for f in clause.findings if f.causes and f.name in live)
    for finding in unknown.values():
        for cause in finding.causes:
            bears[cause] = bears.get(cause, 0) + 1
            settles[cause] = settles.get(cause, 0) + (len(finding.causes) == 1)
            if cause not in seen_in or len(finding.causes) == 1:
                seen_in[cause] = finding
    for clause in clauses:
        if clause.outcome == "undetermined":
            for cause in clause.causes:
                seen_in.setdefault(cause, None)
    points: dict[tuple[str, str], Open] = {}
    for cause, where in seen_in.items():
        point = _point(answer, cause, where, settles.get(cause, 0), bears.get(cause, 0))
        points.setdefault((point.kind, point.name), point)
    for name in assumed:
        points[("law_not_known", f"setting.{name}")] = _unsettled(answer, name)
    for index, note in enumerate(n for n in answer.notes if n.open):
        kind: OpenKind = "needs_assessment" if note.open == "needs_assessment" else "law_not_known"
        points[(kind, f"note.{index}")] = Open(kind, answer.reading.program.scheme.id, note.says, note.cites, 0, 0)
    if not answer.clauses and before_law(answer.reading):
        cause = Cause("law_not_known", answer.reading.program.scheme.id)
        points[(cause.kind, cause.name)] = _point(answer, cause, None, 0, 0)
    for name in untouched(answer.reading.rulebook, answer.reading.program.scheme) if not answer.clauses else ():
        fact = answer.reading.rulebook.facts[name]
        points.setdefault(("missing_fact", name), Open("missing_fact", name, fact.ask, (), 0, 0))
    order = list(points.values())
    return sorted(order, key=lambda p: (-p.settles, -p.bears_on, _ORDER[p.kind], order.index(p)))


def _unsettled(answer: Answer, name: str, settles: int = 0, bears_on: int = 0) -> Open:
    """A setting that the answer leans on though law has not settled it."""
    setting = answer.reading.rulebook.settings[name]
    why, value = setting.why or Text("", ""), str(setting.value).lower()
    question = Text(
        _UNSETTLED.da.format(title=setting.title.da, value=value, why=why.da).strip(),
        _UNSETTLED.en.format(title=setting.title.en, value=value, why=why.en).strip(),
    )
    return Open("law_not_known", f"setting.{name}", question, setting.cites, settles, bears_on)


def untouched(rulebook: Rulebook, scheme: Scheme) -> list[str]:
    """What a scheme of parts asks for that was asked without a fact of any part: the facts that would touch one."""
    facts = rulebook.facts
    names = [n for c in scheme.clauses for n in c.touched_by]
    # Of a whole group its first fact stands for all.
    first = [next((f for f in facts if f == n or f.startswith(n + ".")), None) for n in names]
    return [name for name in first if name is not None]


def _point(answer: Answer, cause: Cause, finding: Finding | None, settles: int, bears_on: int) -> Open:
    rulebook, scheme = answer.reading.rulebook, answer.reading.program.scheme
    version = finding.version if finding else None
    cites = version.cites if version else ()
    if cause.kind == "law_not_known" and cause.name.startswith("setting."):
        return _unsettled(answer, cause.name.removeprefix("setting."), settles, bears_on)
    if cause.kind == "law_not_known":
        kind, name, tail = cause.kind, cause.name, cause.name.removeprefix("rate.")
        why: Text | None = None
        if cause.name.startswith("rate."):
            row = answer.reading.not_established.get(tail)
            why = _titled(rulebook.rates[tail].title, row.why if row is not None and row.why is not None else _NOT_ESTABLISHED)
        elif name == scheme.id and scheme.known_since is not None:
            why, cites = scheme.known_since.why, scheme.known_since.cites
        elif name in scheme.values:
            value = scheme.values[name]
            why = next((v.why for v in value.versions.rows if v.why), None) or _titled(value.title, _NOT_ESTABLISHED)
        elif version is not None:
            why = version.why or version.note
        elif name in ("amount", "period", ""):
            name = name or "amount"
            why = next((v.why for c in scheme.clauses for vs in (c.amount, c.period) if vs for v in vs.rows if v.why), None)
        return Open(kind, name, why or _NOT_ESTABLISHED, cites, settles, bears_on)
    if cause.kind == "no_value":
        name = cause.asked or (finding.facts[0] if finding is not None and finding.facts else "amount")
        asked = rulebook.facts[name].ask if name in rulebook.facts else _NOT_ESTABLISHED
        reason = _NO_VALUE.get(cause.name, Text(cause.name, cause.name))
        question = Text(f"{asked.da} ({reason.da})", f"{asked.en} ({reason.en})")
        return Open("missing_fact", name, question, cites, settles, bears_on)
    fact = rulebook.facts[cause.name]
    question = version.ask if version is not None and version.ask is not None and settles else fact.ask
    if fact.derived_from and fact.derived_from in rulebook.schemes:
        inner = _derivation(answer, fact.derived_from)
        instead = tuple(p.name for p in inner if p.kind != "law_not_known")
        if not instead and inner:
            # Nothing more can be given: it is the law that is not known.
            question = Text(f"{question.da} ({inner[0].question.da})", f"{question.en} ({inner[0].question.en})")
        return Open(cause.kind, cause.name, question, cites, settles, bears_on, instead)
    return Open(cause.kind, cause.name, question, cites, settles, bears_on)


def _derivation(answer: Answer, scheme_id: str) -> list[Open]:
    """What keeps the engine from computing a derived fact by itself."""
    reading = answer.reading
    above = (*reading.schemes, reading.program.scheme.id)
    inner = Reading(reading.rulebook, program_for(reading.rulebook, scheme_id), reading.case, reading.on, reading.known, above)
    return open_points(ask(inner, Conclude(durable=False), events=False))


def _titled(title: Text, reason: Text) -> Text:
    return Text(*(f"{t[:1].upper()}{t[1:]}: {r}" for t, r in ((title.da, reason.da), (title.en, reason.en))))
