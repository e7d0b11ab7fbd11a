"""A scheme made ready to run: formulas compiled, conclusions as a rule set. Built once per rulebook, used for every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ..formula import Cause, Formula, Node, Run, Unknown, compile_formula
from ..inference import RuleSet, compile_conclusions
from ..rulebook import (
    AmountVersion,
    Clause,
    ConditionVersion,
    EventRule,
    Note,
    PeriodVersion,
    Rulebook,
    Scheme,
    ValueVersion,
    Versions,
    weakest,
)


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
    missing: Mapping[str, Unknown]
    facts: frozenset[str]
    #: Sub-expressions whose days the question's day is compared with, and births that an age is reckoned from.
    compared: tuple[Node, ...]
    births: tuple[Node, ...]


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


def _not_known(name: str) -> Unknown:
    return Unknown((Cause("law_not_known", name),))


class _Maker:
    def __init__(self, rulebook: Rulebook, scheme: Scheme) -> None:
        self.rulebook, self.scheme = rulebook, scheme
        self.value_facts: dict[str, tuple[str, ...]] = {}
        self.compared: list[Node] = []
        self.births: list[Node] = []
        self.facts: set[str] = set()

    def facts_of(self, *formulas: Formula | None) -> tuple[str, ...]:
        """Facts that formulas read, by way of named values too."""
        found: dict[str, None] = {}
        for formula in formulas:
            if formula is None:
                continue
            self.note_days(formula)
            for name in formula.facts:
                found[name] = None
            for value in formula.values:
                found.update(dict.fromkeys(self.value_facts.get(value, ())))
        self.facts.update(found)
        return tuple(found)

    def note_days(self, formula: Formula) -> None:
        """Note where ``formula`` compares the day asked for with another day, or reckons an age on it."""
        for node in formula.root.walk() if formula.reads_on else ():
            if node.op == "compare" and any(a.op == "on" for a in node.args):
                self.compared += [a for a in node.args if a.op != "on"]
            elif node.op == "call" and node.name == "age_on" and node.args[1].op == "on":
                self.births.append(node.args[0])

    def make(self) -> Program:
        scheme = self.scheme
        values: dict[str, tuple[ReadyValue, ...]] = {}
        for name, value in scheme.values.items():
            self.value_facts[name] = self.facts_of(*(v.formula for v in value.versions.rows))
            values[name] = tuple(ReadyValue(v, _run(v.formula), weakest(v.cites), _not_known(name)) for v in value.versions.rows)
        conditions = {
            name: tuple(
                ReadyCondition(name, v, _run(v.when), _run(v.holds), weakest(v.cites),
                               self.facts_of(v.when, v.holds), _not_known(name))
                for v in condition.versions.rows
            )
            for name, condition in scheme.conditions.items()
        }  # fmt: skip
        amounts, periods = {}, {}
        for clause in scheme.clauses:
            if clause.amount:
                amounts[clause.name] = tuple(
                    ReadyAmount(v, _run(v.formula), weakest(v.cites), self.facts_of(v.formula), _not_known("amount"))
                    for v in clause.amount.rows
                )
            if clause.period:
                periods[clause.name] = tuple(
                    ReadyPeriod(v, _run(v.start), _run(v.end), weakest(v.cites), self.facts_of(v.start, v.end),
                                _not_known("period"))
                    for v in clause.period.rows
                )  # fmt: skip
        clauses = tuple(ReadyClause(c, _run(c.when), c.amount, tuple(self.event(e) for e in c.events)) for c in scheme.clauses)
        self.facts_of(*(c.when for c in scheme.clauses), *(n.when for n in scheme.notes))
        notes = tuple(ReadyNote(n, _run(n.when)) for n in scheme.notes)
        return Program(
            scheme, compile_conclusions(scheme.conclusions), clauses, notes,
            conditions, {n: c.law_of for n, c in scheme.conditions.items()},
            values, {n: v.law_of for n, v in scheme.values.items()}, amounts, periods,
            {n: Unknown((Cause("needs_assessment" if f.assessment else "missing_fact", n),))
             for n, f in self.rulebook.facts.items()},
            frozenset(self.facts | {n for c in scheme.conditions.values() if (n := c.law_of)}),
            tuple(self.compared), tuple(self.births),
        )  # fmt: skip

    def event(self, rule: EventRule) -> ReadyEvent:
        self.facts_of(rule.on, rule.when)
        return ReadyEvent(rule, compile_formula(rule.on), _run(rule.when), weakest(rule.cites))
