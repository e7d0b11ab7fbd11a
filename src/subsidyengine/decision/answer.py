"""From findings to an answer: outcome, amount, period, route, parts, what is open and how certain it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from ..formula import Cause, Unknown, exact_decimal, quantize
from ..inference import Closure, RuleSet, Status, atoms_of, infer, status_of
from ..rulebook import Clause, ConditionVersion, EventRule, Note
from .program import ReadyAmount, ReadyClause, ReadyCondition
from .reading import UNKNOWN_RANK, Reading
from .resting import weight

Outcome = Literal["granted", "refused", "undetermined"]

_ROUNDINGS = {
    "ore-half-up": ("0.01", ROUND_HALF_UP),
    "krone-half-up": ("1", ROUND_HALF_UP),
    "krone-down": ("1", ROUND_FLOOR),
}


MAX_KNOWN = 1_000
"""Different findings whose conclusions :class:`Conclude` remembers: enough for a batch, and memory stays flat."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition came to. ``causes`` say why it is unknown; ``facts`` are those it may read."""

    name: str
    status: Status
    version: ConditionVersion
    rank: int
    facts: tuple[str, ...]
    causes: tuple[Cause, ...] = ()
    #: Settings not settled by law that it leans on.
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """``value`` is rounded as the rule names; ``exact`` is before rounding."""

    value: Decimal
    exact: int | Fraction
    unit: str
    ready: ReadyAmount


class ClauseAnswer(NamedTuple):
    """The answer of a scheme that is one clause, or of one part or route."""

    clause: Clause
    outcome: Outcome
    findings: tuple[Finding, ...]
    amount: Amount | None
    start: date | None
    end: date | None
    open_ended: bool
    #: Causes that keep amount or period from being computed, or leave open whether the clause bears on the case.
    causes: tuple[Cause, ...]
    rank: int
    #: Settings not settled by law that findings, amount or period lean on.
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """An event's day and the rule that gave it."""

    on: date
    rule: EventRule
    part: str


class Answer(NamedTuple):
    """Everything one scheme says of one case on one day."""

    reading: Reading
    outcome: Outcome
    clauses: tuple[ClauseAnswer, ...]
    route: str | None
    notes: tuple[Note, ...]
    #: Settings not settled by law that the outcome, amount or period leans on.
    assumed: tuple[str, ...]
    #: The same for the days of events only: disclosed, but they decide nothing.
    leaned: tuple[str, ...]
    events: tuple[Happening, ...]
    rank: int
    closure: Closure
    chosen: ClauseAnswer | None = None


class Conclude:
    """What follows from findings: asked twice with the same findings it answers from memory. Can be shared by many cases.

    With ``durable`` each answer is cross-checked with durable-rules;
    :class:`~subsidyengine.inference.EngineDisagreement` when the two engines differ.
    """

    __slots__ = ("_known", "durable")

    def __init__(self, durable: bool = True) -> None:
        self.durable = durable
        self._known: dict[tuple[RuleSet, tuple[str, ...]], Closure] = {}

    def __call__(self, ruleset: RuleSet, statuses: dict[str, Status]) -> Closure:
        atoms = tuple(atoms_of(statuses, ruleset))
        key = (ruleset, atoms)
        closure = self._known.get(key)
        if closure is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            closure = self._known[key] = infer(ruleset, atoms, durable=self.durable)
        return closure


def answer(reading: Reading, conclude: Conclude | None = None, events: bool = True) -> Answer:
    """Answer a reading's scheme. ``conclude`` is shared by the readings of one case (default: a new one)."""
    conclude = conclude or Conclude()
    program = reading.program
    found: dict[str, Finding | None] = {}
    statuses: dict[str, Status] = {}
    bearing: list[tuple[ReadyClause, tuple[Finding, ...], tuple[Cause, ...]]] = []
    for ready in program.clauses:
        reading.clause = ready
        bears = _bears(reading, ready)
        if ready.clause.bears:
            statuses[ready.clause.bears] = "unknown" if type(bears) is Unknown else ("met" if bears else "not_met")
        if bears is False:
            continue
        findings = _findings(reading, ready, found, statuses)
        bearing.append((ready, findings, bears.causes if type(bears) is Unknown else ()))
    closure = conclude(program.ruleset, statuses)
    notes, open_notes, perhaps = _notes(reading)
    answers = tuple([_clause(reading, *each, closure, bool(open_notes)) for each in bearing])
    outcome, chosen, route = _together(reading, answers)
    if outcome == "granted" and perhaps:
        # Nothing is granted while an open point may bear on the case.
        notes, open_notes = (*notes, *perhaps), perhaps
        answers = tuple(_clause(reading, *each, closure, True) for each in bearing)
        outcome, chosen, route = _together(reading, answers)
    assumed = tuple(dict.fromkeys([name for a in answers for name in a.assumed]))
    reading.assumed = {}
    happenings = _events(reading, answers, chosen) if events else ()
    leaned = tuple(name for name in reading.assumed if name not in assumed) if reading.assumed else ()
    rank = _rank(reading, answers, outcome, chosen, closure)
    if outcome == "undetermined" and (assumed or any(n.open == "law_not_known" for n in open_notes)):
        rank = UNKNOWN_RANK  # an assessment that is missing makes no law uncertain
    return Answer(reading, outcome, answers, route, notes, assumed, leaned, happenings, rank, closure, chosen)


def _findings(reading: Reading, ready: ReadyClause, found: dict[str, Finding | None], statuses: dict[str, Status]) -> tuple[Finding, ...]:
    """The finding of each condition of a clause that bears on the case. ``found`` has those of the clauses before it."""
    findings: list[Finding] = []
    several = len(reading.program.clauses) > 1
    reading.assumed = {}
    for name, only, holds in ready.conditions:
        # One that reads the period stands in one clause only (lint R_PERIOD), so each is read once.
        if several and name in found:
            finding = found[name]
        else:
            if holds is None:
                version, truth, rank = reading.condition(name)
            else:
                reading.rank = only.rank
                version, truth, rank = only, holds(reading), reading.rank
            if reading.assumed:
                finding = _finding(version, truth, rank, tuple(reading.assumed))
                reading.assumed = {}
            elif truth is True or truth is False:
                # Decided, and leaning on nothing: the same finding for every case.
                finding = version.findings[rank + 4 if truth else rank] or _finding(version, truth, rank)
            else:
                finding = _finding(version, truth, rank)
            if several:
                found[name] = finding
        if finding is None:
            statuses[name] = "met"
        else:
            statuses[name] = finding.status
            findings.append(finding)
    return tuple(findings)


def _bears(reading: Reading, ready: ReadyClause) -> Any:
    """Does a part or route bear on the case: true, false or unknown?"""
    if not touched(reading, ready.clause):
        return False
    return True if ready.when is None else ready.when(reading)


def touched(reading: Reading, clause: Clause) -> bool:
    """Do the facts touch this part?"""
    return not clause.touched_by or touches(reading.facts, clause.touched_by)


def touches(facts: Any, names: Sequence[str]) -> bool:
    """Is any of ``names`` (facts, or whole groups such as ``fund``) among the given facts?"""
    for name in names:
        if name in facts:
            return True
        if "." not in name and any(f.startswith(name + ".") for f in facts):
            return True
    return False


def _finding(ready: ReadyCondition, truth: Any, rank: int, assumed: tuple[str, ...] = ()) -> Finding | None:
    name = ready.name
    if not assumed and (truth is True or truth is False):
        place = rank + 4 if truth else rank
        finding: Finding | None = ready.findings[place]
        if finding is None:
            finding = ready.findings[place] = Finding(name, "met" if truth else "not_met", ready.version, rank, ready.facts)
        return finding
    if truth is None:
        return None
    if truth is False and assumed:
        # A refusal never rests on what the law has not settled.
        truth = Unknown(tuple(Cause("law_not_known", f"setting.{setting}") for setting in assumed))
    if type(truth) is Unknown:
        causes = truth.causes
        if ready.version.judgement:
            causes = tuple(Cause("needs_assessment", c.name) if c.kind == "missing_fact" else c for c in causes)
        return Finding(name, "unknown", ready.version, rank, ready.facts, Unknown(causes).named(name).causes, assumed)
    return Finding(name, "met" if truth else "not_met", ready.version, rank, ready.facts, assumed=assumed)


def _clause(
    reading: Reading, ready: ReadyClause, findings: tuple[Finding, ...], bears: tuple[Cause, ...], closure: Closure, open_notes: bool
) -> ClauseAnswer:
    clause, reading.clause = ready.clause, ready
    reading.assumed = {}
    for finding in findings:
        if finding.assumed:
            reading.assumed.update(dict.fromkeys(finding.assumed))
    status = status_of(closure, clause.conclusion)
    causes: dict[Cause, None] = dict.fromkeys(bears)
    reading.rank = 0
    start: Any = None
    end: Any = None
    open_ended = False
    if clause.period is not None:
        start, end = reading.period("from"), reading.period("to")
        if isinstance(end, Unknown) and end.causes == (Cause("no_value", "open-ended"),):
            end, open_ended = None, True
        for edge in (start, end):
            if isinstance(edge, Unknown):
                causes.update(dict.fromkeys(edge.causes))
        start, end = (None if isinstance(edge, Unknown) else edge for edge in (start, end))
    if start is not None and end is not None and end < start:
        # Not a day of it: there is no period.
        start = end = None
    amount = None
    if clause.amount is not None and status != "not_met":
        result = _amount(reading, clause)
        if isinstance(result, Unknown):
            causes.update(dict.fromkeys(result.causes))
        else:
            amount = result
    outcome: Outcome = "undetermined"
    if status == "not_met":
        outcome = "refused"
    elif status == "met" and not causes and not open_notes and not reading.assumed:
        outcome = "granted"
    return ClauseAnswer(clause, outcome, findings, amount, start, end, open_ended, tuple(causes), reading.rank,
                        () if outcome == "refused" else tuple(reading.assumed))  # fmt: skip


def _amount(reading: Reading, clause: Clause) -> Amount | Unknown:
    rows = reading.program.amounts[clause.name]
    ready, missing = reading._version(rows, reading.program.scheme.law_of)
    if ready is None:
        return missing  # type: ignore[no-any-return]
    if ready.run is None:
        reading.rank = UNKNOWN_RANK
        return ready.not_known  # type: ignore[no-any-return]
    exact: Any = ready.run(reading)
    reading.rank = max(reading.rank, ready.rank)
    if type(exact) is Unknown:
        return exact
    rounding = _ROUNDINGS.get(ready.version.round)
    if rounding is None:
        value = exact_decimal(exact)
        value = quantize(exact, "0.01", ROUND_HALF_UP) if value is None or value == value.to_integral() else value
    else:
        value = quantize(exact, *rounding)
    # Kroner are written with two places whatever the rule rounded to.
    value = value.quantize(Decimal("0.01")) if value == value.quantize(Decimal("0.01")) else value
    return Amount(value, exact, ready.version.unit, ready)


def _together(reading: Reading, answers: tuple[ClauseAnswer, ...]) -> tuple[Outcome, ClauseAnswer | None, str | None]:
    """Top line, the clause whose amount and period stand there, and the route."""
    kind = reading.program.scheme.clauses[0].kind
    if kind == "scheme":
        return answers[0].outcome, answers[0], None
    lawful = next((a for a in answers if a.outcome == "granted"), None)
    if kind == "part":
        chosen = answers[0] if len(answers) == 1 else None
        # A part left out for want of a fact has not failed: without any other it is open.
        untouched = before_law(reading) or any(not touched(reading, c.clause) for c in reading.program.clauses)
        return _top(answers, lawful) if answers or not untouched else "undetermined", chosen, None
    if not answers and before_law(reading):
        return "undetermined", None, None  # which routes there were is not known either
    outcome = _top(answers, lawful)
    if lawful is not None and reading.program.scheme.pick == "strictest":
        before = answers[: answers.index(lawful)]
        if any(a.outcome == "undetermined" for a in before):
            outcome = "undetermined"
    if lawful is not None:
        return outcome, lawful, lawful.clause.name
    open_routes = [a for a in answers if a.outcome == "undetermined"]
    if not open_routes:
        return outcome, None, "none"
    return outcome, open_routes[0] if len(open_routes) == 1 else None, None


def before_law(reading: Reading) -> bool:
    """Is it before the day that the scheme's law is known since?"""
    since = reading.program.scheme.known_since
    if since is None:
        return False
    day = reading.law_day(reading.program.scheme.law_of)
    return type(day) is not Unknown and bool(day < since.day)


def _top(answers: tuple[ClauseAnswer, ...], lawful: ClauseAnswer | None) -> Outcome:
    if lawful is not None:
        return "granted"
    return "undetermined" if any(a.outcome == "undetermined" for a in answers) else "refused"


def _rank(reading: Reading, answers: tuple[ClauseAnswer, ...], outcome: Outcome, chosen: ClauseAnswer | None, closure: Closure) -> int:
    """The weakest citation that the outcome rests on: a refusal rests on what failed, a grant on all that it needs."""
    rank = 0
    for item in answers:
        if outcome == "granted" and (item.outcome != "granted" or (chosen is not None and item is not chosen)):
            continue
        if item.outcome == "refused":
            for finding in item.findings:
                if finding.rank > rank and finding.status == "not_met":
                    rank = finding.rank
            continue
        rank = max(rank, item.rank)
        weights = {}
        for finding in item.findings:
            if finding.rank > rank or finding.causes:
                weights[finding.name] = _weight(finding)
        if weights:
            rank = max(rank, weight(item.clause.conclusion, reading.program.conclusions, closure, weights))
        if any(c.kind == "law_not_known" for c in item.causes):
            rank = UNKNOWN_RANK
    return rank


def _weight(finding: Finding) -> int:
    return UNKNOWN_RANK if any(c.kind == "law_not_known" for c in finding.causes) else finding.rank


def _notes(reading: Reading) -> tuple[tuple[Note, ...], tuple[Note, ...], tuple[Note, ...]]:
    """Notes that bear on the case, the open ones among them, and open ones of which it is unknown."""
    notes, perhaps = [], []
    for ready in reading.program.notes:
        bears: Any = True if ready.when is None else ready.when(reading)
        if bears is True:
            notes.append(ready.note)
        elif ready.note.open and type(bears) is Unknown:
            perhaps.append(ready.note)
    return tuple(notes), tuple(n for n in notes if n.open), tuple(perhaps)


def _events(reading: Reading, answers: tuple[ClauseAnswer, ...], chosen: ClauseAnswer | None) -> tuple[Happening, ...]:
    """Events of every clause that bears on the case (of routes only the one that answers); the timeline drops those of
    a clause that no day of its window grants or leaves open."""
    happenings = []
    for item in answers:
        if not item.clause.events or (item.clause.kind == "route" and item is not chosen):
            continue
        ready = next(c for c in reading.program.clauses if c.clause is item.clause)
        reading.clause = ready
        for event in ready.events:
            if event.when is not None and event.when(reading) is not True:
                continue
            day: Any = event.on(reading)
            if type(day) is not Unknown:
                happenings.append(Happening(day, event.rule, item.clause.name))
    return tuple(sorted(happenings, key=lambda h: (h.on, h.rule.kind, h.part)))


def derived_amount(reading: Reading) -> tuple[Any, int]:
    """The amount of another scheme as a fact, when that scheme grants it; else None."""
    found = answer(reading, Conclude(durable=False), events=False)
    chosen = found.chosen
    if found.outcome != "granted" or chosen is None or chosen.amount is None:
        return None, 0
    value = Fraction(chosen.amount.value)
    return (int(value) if value.denominator == 1 else value), found.rank
