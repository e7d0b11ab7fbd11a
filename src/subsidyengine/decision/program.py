"""A scheme made ready to run: formulas compiled, conclusions as a rule set. Built once per rulebook, used for every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from ..formula import Cause, Formula, Run, Unknown, compile_formula
from ..inference import Conclusion, RuleSet, compile_conclusions
from ..rulebook import (
    AmountVersion,
    Clause,
    Condition,
    ConditionVersion,
    Dated,
    EventRule,
    NamedValue,
    Note,
    PeriodVersion,
    Rulebook,
    Scheme,
    ValueVersion,
    Versions,
    value_of,
    weakest,
)
from .moving import Moving


@dataclass(frozen=True, slots=True)
class ReadyCondition:
    """One version of a condition. ``holds`` None: the law is not known. ``facts``: all it may read, named values included."""

    name: str
    version: ConditionVersion
    when: Run | None
    holds: Run | None
    rank: int
    facts: tuple[str, ...]
    not_known: Unknown
    #: Findings of this version that are decided, by rank, those not met first: the same for every case.
    findings: list[Any] = field(default_factory=lambda: [None] * 8)


@dataclass(frozen=True, slots=True)
class ReadyValue:
    version: ValueVersion
    run: Run | None
    rank: int
    not_known: Unknown


@dataclass(frozen=True, slots=True)
class ReadyAmount:
    version: AmountVersion
    run: Run | None
    rank: int
    facts: tuple[str, ...]
    not_known: Unknown


@dataclass(frozen=True, slots=True)
class ReadyPeriod:
    version: PeriodVersion
    start: Run | None
    end: Run | None
    open_when: Run | None
    rank: int
    facts: tuple[str, ...]
    not_known: Unknown


@dataclass(frozen=True, slots=True)
class ReadyEvent:
    rule: EventRule
    on: Run
    when: Run | None
    rank: int


@dataclass(frozen=True, slots=True)
class ReadyClause:
    clause: Clause
    when: Run | None
    amount: Versions[AmountVersion] | None
    events: tuple[ReadyEvent, ...]
    #: The clause's conditions; one that has a single version, always bears on the case and is known, with that version's
    #: reading: nothing is left to choose.
    conditions: tuple[tuple[str, ReadyCondition, Run | None], ...]


@dataclass(frozen=True, slots=True)
class ReadyNote:
    note: Note
    when: Run | None


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """One scheme, ready. Versions stand by their own identity in ``conditions``, ``values``, ``amounts``, ``periods``."""

    scheme: Scheme
    ruleset: RuleSet
    clauses: tuple[ReadyClause, ...]
    notes: tuple[ReadyNote, ...]
    conditions: Mapping[str, tuple[ReadyCondition, ...]]
    law_of: Mapping[str, str | None]
    values: Mapping[str, tuple[ReadyValue, ...]]
    value_law_of: Mapping[str, str | None]
    amounts: Mapping[str, tuple[ReadyAmount, ...]]
    periods: Mapping[str, tuple[ReadyPeriod, ...]]
    conclusions: Mapping[str, Conclusion]
    missing: Mapping[str, Unknown]
    facts: frozenset[str]
    #: Where the answer can change with the day asked for.
    moving: Moving


_PROGRAMS: WeakKeyDictionary[Rulebook, dict[str, Program]] = WeakKeyDictionary()


def program_for(rulebook: Rulebook, scheme_id: str) -> Program:
    """The ready form of a scheme of ``rulebook``; made on first use."""
    programs = _PROGRAMS.setdefault(rulebook, {})
    program = programs.get(scheme_id)
    if program is None:
        program = programs[scheme_id] = _Maker(rulebook, rulebook.schemes[scheme_id]).make()
    return program


def _run(formula: Formula | None) -> Run | None:
    return None if formula is None else compile_formula(formula)


class _Maker:
    def __init__(self, rulebook: Rulebook, scheme: Scheme) -> None:
        self.rulebook, self.scheme = rulebook, scheme
        self.value_facts: dict[str, tuple[str, ...]] = {}
        self.moving = Moving(frozenset(name for name, fact in rulebook.facts.items() if fact.derived_from is not None))
        self.facts: set[str] = set()

    def facts_of(self, *formulas: Formula | None) -> tuple[str, ...]:
        """Facts that formulas read, by way of named values too."""
        found: dict[str, None] = {}
        for formula in formulas:
            if formula is None:
                continue
            self.moving.note(formula)
            for name in formula.facts:
                found[name] = None
            for value in formula.values:
                found.update(dict.fromkeys(self.value_facts.get(value, ())))
        self.facts.update(found)
        return tuple(found)

    def not_known(self, name: str, version: Dated) -> Unknown:
        """What a version says where it is unknown: itself, or the whole scheme before the day that its law is known since."""
        since = self.scheme.known_since
        return Unknown((Cause("law_not_known", self.scheme.id if since is not None and since.bounds(version) else name),))

    def make(self) -> Program:
        scheme = self.scheme
        values: dict[str, tuple[ReadyValue, ...]] = {}
        for name, value in scheme.values.items():
            self.value_facts[name] = self.facts_of(*(v.formula for v in value.versions.rows))
            self.moving.name(f"value.{name}", [v.formula.root for v in value.versions.rows if v.formula])
            values[name] = tuple(ReadyValue(v, _run(v.formula), weakest(v.cites), self.not_known(name, v)) for v in value.versions.rows)
        periods_of = [v for c in scheme.clauses if c.period for v in c.period.rows]
        self.moving.name("period.from", [v.start.root for v in periods_of if v.start])
        self.moving.name("period.to", [v.end.root for v in periods_of if v.end])
        conditions = {
            name: tuple(
                ReadyCondition(name, v, _run(v.when), _run(v.holds), weakest(v.cites),
                               self.facts_of(v.when, v.holds), self.not_known(name, v))
                for v in condition.versions.rows
            )
            for name, condition in scheme.conditions.items()
        }  # fmt: skip
        amounts, periods = {}, {}
        for clause in scheme.clauses:
            if clause.amount:
                amounts[clause.name] = tuple(
                    ReadyAmount(v, _run(v.formula), weakest(v.cites), self.facts_of(v.formula), self.not_known("amount", v))
                    for v in clause.amount.rows
                )
            if clause.period:
                periods[clause.name] = tuple(
                    ReadyPeriod(v, _run(v.start), _run(v.end), _run(v.open_when), weakest(v.cites),
                                self.facts_of(v.start, v.end, v.open_when), self.not_known("period", v))
                    for v in clause.period.rows
                )  # fmt: skip
        plain = {n: rows[0].holds if len(rows) == 1 and rows[0].when is None else None for n, rows in conditions.items()}
        clauses = tuple(
            ReadyClause(c, _run(c.when), c.amount, tuple(self.event(e) for e in c.events),
                        tuple((n, conditions[n][0], plain[n]) for n in c.conditions))
            for c in scheme.clauses
        )  # fmt: skip
        self.facts_of(*(c.when for c in scheme.clauses), *(n.when for n in scheme.notes if n.open))  # the others decide nothing
        notes = tuple(ReadyNote(n, _run(n.when)) for n in scheme.notes)
        for form in (v.formula for c in scheme.clauses for v in (c.amount.rows if c.amount else ()) if v.formula):
            self.moving.note_amount(form.root)
        for form in (f for v in periods_of for f in (v.start, v.end) if f):
            self.moving.note_known(form.root)
        return Program(
            scheme, compile_conclusions(scheme.conclusions), clauses, notes,
            conditions, {n: c.law_of for n, c in scheme.conditions.items()},
            values, {n: v.law_of for n, v in scheme.values.items()}, amounts, periods,
            {c.name: c for c in scheme.conclusions},
            {n: Unknown((Cause("needs_assessment" if f.assessment else "missing_fact", n),))
             for n, f in self.rulebook.facts.items()},
            frozenset(self.facts | self.choosing()), self.moving,
        )  # fmt: skip

    def choosing(self) -> set[str]:
        """Facts that choose a version, or whether a part bears on the case, without a formula reading them."""
        versioned: list[Condition | NamedValue] = [*self.scheme.conditions.values(), *self.scheme.values.values()]
        touching = [n for c in self.scheme.clauses for n in c.touched_by]
        named = {v.law_of for v in versioned if v.law_of} | ({self.scheme.law_of} if self.scheme.law_of else set())
        found = {name for name in named if value_of(name) is None}
        found |= {fact for name in named if (value := value_of(name)) is not None for fact in self.value_facts[value]}
        return found | {f for f in self.rulebook.facts for n in touching if f == n or f.startswith(f"{n}.")}

    def event(self, rule: EventRule) -> ReadyEvent:
        # Not facts_of: events are reckoned for the day asked for only, so their days are no steps of the timeline.
        self.facts.update((*rule.on.facts, *(rule.when.facts if rule.when else ())))
        return ReadyEvent(rule, compile_formula(rule.on), _run(rule.when), weakest(rule.cites))
