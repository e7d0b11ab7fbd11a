"""A scheme made ready to run: formulas compiled, conclusions as a rule set. Built once per rulebook, used for every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from ..formula import Cause, Formula, Node, Run, Unknown, compile_formula
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
    #: Sub-expressions whose days the question's day is compared with, each with how many days after it the comparison
    #: turns; and births that an age is reckoned from.
    compared: tuple[tuple[Node, tuple[int, ...]], ...]
    births: tuple[Node, ...]
    #: Sub-expressions that can change with every month, or with every day, that is asked for.
    monthly: tuple[Node, ...]
    daily: tuple[Node, ...]


#: What picks one of its days or tells them apart: it changes where they meet, and nowhere else.
_CHOOSE = ("compare", "in", "if", "min", "max", "known_or", "is_known")
_MONTHLY = ("year_of", "first_of_month", "last_of_month", "days_in_month", "first_weekday_of_month")

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


#: ``on <= day`` turns the day after ``day``, ``on < day`` on the day itself, ``on == day`` on both.
_TURNS = {"<=": (1,), ">": (1,), "<": (0,), ">=": (0,), "==": (0, 1), "!=": (0, 1)}
_MIRRORED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


def _turns(compare: Node) -> tuple[int, ...]:
    """How many days after the other day a comparison with the day asked for turns; both where it is not that day itself."""
    left, right = compare.args
    if left.op == "on":
        return _TURNS[compare.name]
    return _TURNS[_MIRRORED.get(compare.name, compare.name)] if right.op == "on" else (0, 1)


class _Maker:
    def __init__(self, rulebook: Rulebook, scheme: Scheme) -> None:
        self.rulebook, self.scheme = rulebook, scheme
        self.value_facts: dict[str, tuple[str, ...]] = {}
        self.compared: list[tuple[Node, tuple[int, ...]]] = []
        self.births: list[Node] = []
        self.monthly: list[Node] = []
        self.daily: list[Node] = []
        self.moving: set[str] = set()
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

    def not_known(self, name: str, version: Dated) -> Unknown:
        """What a version says where it is unknown: itself, or the whole scheme before the day that its law is known since."""
        since = self.scheme.known_since
        return Unknown((Cause("law_not_known", self.scheme.id if since is not None and since.bounds(version) else name),))

    def note_days(self, formula: Formula) -> None:
        """Note every place where the day asked for is turned into something else: that is where an answer can change."""
        for node in formula.root.walk():
            moving = [a for a in node.args if a.type.kind == "date" and self.moves(a)]
            if not moving or node.op == "at":  # rows and statements of what is read on a day have days of their own
                continue
            name = node.name if node.op == "call" else node.op
            if name in _CHOOSE:
                turns = _turns(node) if node.op == "compare" else (0, 1)
                self.compared += [(a, turns) for a in node.args if a.type.kind == "date" and a not in moving]
            elif name == "age_on" and node.args[0] not in moving:
                self.births.append(node.args[0])
            elif name in _MONTHLY:
                self.monthly.append(node)
            else:
                self.daily.append(node)

    def moves(self, node: Node) -> bool:
        """Does a day follow the day asked for? One that only jumps (the first of the month, a birthday) is noted where it does."""
        if node.op in ("value", "period"):
            return (node.name if node.op == "value" else "period") in self.moving
        if node.op in ("on", "at") or (node.op == "call" and node.name in _MONTHLY):
            return node.op == "on"
        return node.type.kind == "date" and any(self.moves(a) for a in node.args if a.type.kind == "date")

    def make(self) -> Program:
        scheme = self.scheme
        values: dict[str, tuple[ReadyValue, ...]] = {}
        for name, value in scheme.values.items():
            self.value_facts[name] = self.facts_of(*(v.formula for v in value.versions.rows))
            if any(v.formula and self.moves(v.formula.root) for v in value.versions.rows):
                self.moving.add(name)
            values[name] = tuple(ReadyValue(v, _run(v.formula), weakest(v.cites), self.not_known(name, v)) for v in value.versions.rows)
        edges = [f for c in scheme.clauses if c.period for v in c.period.rows for f in (v.start, v.end) if f]
        if any(self.moves(f.root) for f in edges):
            self.moving.add("period")
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
        return Program(
            scheme, compile_conclusions(scheme.conclusions), clauses, notes,
            conditions, {n: c.law_of for n, c in scheme.conditions.items()},
            values, {n: v.law_of for n, v in scheme.values.items()}, amounts, periods,
            {c.name: c for c in scheme.conclusions},
            {n: Unknown((Cause("needs_assessment" if f.assessment else "missing_fact", n),))
             for n, f in self.rulebook.facts.items()},
            frozenset(self.facts | self.choosing()), tuple(self.compared), tuple(self.births), tuple(self.monthly), tuple(self.daily),
        )  # fmt: skip

    def choosing(self) -> set[str]:
        """Facts that choose a version, or whether a part bears on the case, without a formula reading them."""
        versioned: list[Condition | NamedValue] = [*self.scheme.conditions.values(), *self.scheme.values.values()]
        touching = [n for c in self.scheme.clauses for n in c.touched_by]
        found = {v.law_of for v in versioned if v.law_of}
        return found | {f for f in self.rulebook.facts for n in touching if f == n or f.startswith(f"{n}.")}

    def event(self, rule: EventRule) -> ReadyEvent:
        # Not facts_of: events are reckoned for the day asked for only, so their days are no steps of the timeline.
        self.facts.update((*rule.on.facts, *(rule.when.facts if rule.when else ())))
        return ReadyEvent(rule, compile_formula(rule.on), _run(rule.when), weakest(rule.cites))
