"""Random rulebooks and random cases: the engine, with durable-rules beside the reference, against plain Python.

300 rulebooks x 70 cases = 21,000 cases, from fixed seeds. The expectation is computed from the generated structure by the
few lines of three-valued logic below, not by the engine.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from subsidyengine.decision import Conclude, Reading, answer, open_points, program_for
from subsidyengine.facts import Case, Given
from subsidyengine.rulebook.load import build

BOOLS = [f"x.b{i}" for i in range(1, 7)]
NUMBERS = [f"x.n{i}" for i in range(1, 4)]
WORDS = ["ant", "bee", "cat"]
DAYS = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 1)]
CHANGE = date(2024, 1, 1)
SAYS = "says: {da: a, en: b}, cite: 's § 1 [text]'"
FIXED = {
    "sources.yaml": "sources: {s: {title: {da: a, en: b}, short: s, kind: statute}}",
    "appeals.yaml": "appeals: {none: {title: {da: a, en: b}, established: false}}",
    "settings.yaml": "settings: {unused: {title: {da: a, en: b}, unit: day, value: 1, settled: true, cite: 's § 1 [text]'}}",
    "facts.yaml": "facts:\n"
    + "".join(f"  {n}: {{type: bool, title: {{da: '{n}', en: '{n}'}}, ask: {{da: '{n}?', en: '{n}?'}}}}\n" for n in BOOLS)
    + "".join(f"  {n}: {{type: integer, title: {{da: '{n}', en: '{n}'}}, ask: {{da: '{n}?', en: '{n}?'}}}}\n" for n in NUMBERS)
    + "  x.e1: {type: enum, values: {ant: {da: a, en: a}, bee: {da: b, en: b}, cat: {da: c, en: c}}, title: {da: e, en: e}, ask: {da: e, en: e}}\n"
    + "  x.d1: {type: date, title: {da: d, en: d}, ask: {da: 'd?', en: 'd?'}}\n",
}
Facts = dict[str, Any]
Truth = bool | None


@dataclass(frozen=True)
class Formula:
    text: str
    truth: Callable[[Facts], Truth]


def both(a: Truth, b: Truth) -> Truth:
    return False if a is False or b is False else (None if a is None or b is None else True)


def either(a: Truth, b: Truth) -> Truth:
    return True if a is True or b is True else (None if a is None or b is None else False)


def known(name: str, test: Callable[[Any], bool]) -> Callable[[Facts], Truth]:
    return lambda facts: test(facts[name]) if name in facts else None


def formula(rng: random.Random, depth: int = 2) -> Formula:
    shape = rng.choice(["bool", "bool", "number", "word", "day", "not", "and", "or"] if depth else ["bool", "number", "word", "day"])
    if shape == "bool":
        name = rng.choice(BOOLS)
        return Formula(name, known(name, bool))
    if shape == "number":
        name, limit, sign = rng.choice(NUMBERS), rng.randint(0, 4), rng.choice(["<", "<=", ">", ">=", "=="])
        tests = {"<": lambda v: v < limit, "<=": lambda v: v <= limit, ">": lambda v: v > limit, ">=": lambda v: v >= limit, "==": lambda v: v == limit}
        return Formula(f"{name} {sign} {limit}", known(name, tests[sign]))
    if shape == "word":
        words = rng.sample(WORDS, rng.randint(1, 2))
        return Formula(f"x.e1 in [{', '.join(words)}]", known("x.e1", lambda v: v in words))
    if shape == "day":
        return Formula("x.d1 < date(2024, 1, 1)", known("x.d1", lambda v: v < CHANGE))
    left = formula(rng, depth - 1)
    if shape == "not":
        return Formula(f"not ({left.text})", lambda f: None if left.truth(f) is None else not left.truth(f))
    right = formula(rng, depth - 1)
    join = both if shape == "and" else either
    return Formula(f"({left.text}) {shape} ({right.text})", lambda f: join(left.truth(f), right.truth(f)))


@dataclass(frozen=True)
class Condition:
    versions: tuple[Formula, ...]
    when: Formula | None

    def status(self, facts: Facts, on: date) -> Truth | str:
        """True, False, None (unknown), or "out" where it does not bear on the case."""
        if self.when is not None:
            bears = self.when.truth(facts)
            if bears is False:
                return "out"
            if bears is None:
                return None
        return self.versions[-1 if on >= CHANGE else 0].truth(facts)

    def text(self) -> str:
        when = f"when: '{self.when.text}', " if self.when else ""
        if len(self.versions) == 1:
            return f"{{{when}holds: '{self.versions[0].text}', {SAYS}}}"
        old, new = self.versions
        return f"[{{until: 2023-12-31, {when}holds: '{old.text}', {SAYS}}}, {{from: 2024-01-01, {when}holds: '{new.text}', {SAYS}}}]"


class Book:
    """A random scheme: its text, and what it should answer."""

    def __init__(self, rng: random.Random) -> None:
        self.shape = rng.choice(["plain", "plain", "parts", "routes"])
        self.conditions: dict[str, Condition] = {}
        for i in range(rng.randint(2, 8)):
            versions = tuple(formula(rng) for _ in range(rng.choice([1, 1, 1, 2])))
            self.conditions[f"c{i}"] = Condition(versions, formula(rng, 0) if rng.random() < 0.25 else None)
        plain = [n for n, c in self.conditions.items() if c.when is None]
        self.rules: dict[str, tuple[str, list[str]]] = {}
        loose = list(self.conditions)
        for i in range(rng.randint(0, 3)):
            kind = rng.choice(["all", "any"])
            pool = [*(plain if kind == "any" else self.conditions), *self.rules]
            if len(pool) < 2:
                continue
            members = rng.sample(pool, rng.randint(1, min(4, len(pool))))
            self.rules[f"r{i}"] = (kind, members)
        self.clauses: dict[str, tuple[Formula | None, list[str]]] = {}
        tops = [*loose, *self.rules]
        if self.shape == "plain":
            self.rules["granted"] = ("all", tops)
        else:
            count = rng.randint(2, 3)
            for i in range(count):
                members = tops[i::count] or tops[:1]
                self.clauses[f"k{i}"] = (formula(rng, 0) if rng.random() < 0.5 else None, members)

    def text(self) -> str:
        lines = ["scheme: random.scheme", "title: {da: a, en: b}", "decided_by: {da: a, en: b}", "appeal: none", "touched_by: [x]", "conditions:"]
        lines += [f"  {name}: {condition.text()}" for name, condition in self.conditions.items()]
        if self.rules:
            lines += ["rules:", *(f"  {n}: {{{kind}: [{', '.join(m)}]}}" for n, (kind, m) in self.rules.items())]
        if self.clauses:
            lines.append(f"{self.shape}:")
            for name, (when, members) in self.clauses.items():
                shown = f", when: '{when.text}'" if when else ""
                lines.append(f"  {name}: {{title: {{da: a, en: b}}{shown}, all: [{', '.join(members)}]}}")
        return "\n".join(lines) + "\n"

    def truth(self, name: str, facts: Facts, on: date) -> Truth:
        if name in self.conditions:
            status = self.conditions[name].status(facts, on)
            return True if status == "out" else status
        kind, members = self.rules[name]
        result: Truth = kind == "all"
        for member in members:
            result = (both if kind == "all" else either)(result, self.truth(member, facts, on))
        return result

    def outcome(self, facts: Facts, on: date) -> str:
        if self.shape == "plain":
            results = [self.truth("granted", facts, on)]
        else:
            results = []
            for when, members in self.clauses.values():
                result: Truth = True if when is None else when.truth(facts)
                if result is False:
                    continue
                for member in members:
                    result = both(result, self.truth(member, facts, on))
                results.append(result)
        if any(r is True for r in results):
            return "granted"
        return "undetermined" if any(r is None for r in results) else "refused"


def some_facts(rng: random.Random, share: float) -> Facts:
    whole: Facts = {n: rng.random() < 0.6 for n in BOOLS}
    whole |= {n: rng.randint(0, 4) for n in NUMBERS}
    whole |= {"x.e1": rng.choice(WORDS), "x.d1": rng.choice(DAYS)}
    return {n: v for n, v in whole.items() if rng.random() < share}


@pytest.mark.parametrize("seed", range(30))
def test_random_rulebooks_answer_as_three_valued_logic_says(seed):
    rng = random.Random(seed)
    for number in range(10):
        book, loaded = sound_rulebook(rng)
        program = program_for(loaded, "random.scheme")
        for _ in range(70):
            facts, on = some_facts(rng, rng.choice([0.5, 0.8, 1.0])), rng.choice(DAYS)
            where = f"seed {seed}, rulebook {number}, {on}, {facts}\n{book.text()}"
            found = ask(loaded, program, facts, on)
            assert found.outcome == book.outcome(facts, on), where
            points = open_points(found)
            assert bool(points) == (found.outcome == "undetermined"), where
            if found.outcome == "refused" and book.shape == "plain":
                assert any(f.status == "not_met" for c in found.clauses for f in c.findings), where
            if found.outcome != "undetermined":
                # What is decided on some facts stays so when more are known.
                filled = {**some_facts(rng, 1.0), **facts}
                assert ask(loaded, program, filled, on).outcome == found.outcome, where


def sound_rulebook(rng):
    """A random rulebook that the linter takes. It refuses an alternative that might not bear on the case; then try again."""
    while True:
        book = Book(rng)
        loaded, problems = build({**FIXED, "scheme.yaml": book.text()})
        assert {p.code for p in problems} <= {"R_WHEN"}, book.text() + "\n".join(map(str, problems))
        if not problems:
            return book, loaded


def ask(loaded, program, facts, on):
    case = Case("R", on, None, (), {n: (Given(v),) for n, v in facts.items()})
    return answer(Reading(loaded, program, case, on, None), Conclude())
