"""One and the same set of twenty conditions, asked of this engine and of four others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from subsidyengine.decision import Answer, Conclude, Reading, answer, program_for
from subsidyengine.facts import Case, Given
from subsidyengine.formula import trace
from subsidyengine.inference import status_of
from subsidyengine.rulebook import Rulebook, open_rulebook

from .languages import ON
from .peers import PACKAGES, PEERS, Clips, Facts, Peer, Results, Wanted
from .report import Figure
from .timing import ROUNDS, interleaved

FOLDER = Path(__file__).parent / "rulebook"
SCHEME = "bench.eligibility"
DAY = date(2026, 3, 1)
CASES = 200
GROUP = "Twenty conditions, one case"
RATIOS = "Twenty conditions: how many times as long as ours"
UNREAD = "clipspy, results not read"


def wanted(rulebook: Rulebook) -> Wanted:
    """The scheme as the other engines need it."""
    scheme = rulebook.schemes[SCHEME]
    conditions = {}
    for name, condition in scheme.conditions.items():
        formula = condition.versions.at(DAY).holds
        assert formula is not None
        conditions[name] = formula.root
    listed = [(c.name, c.kind, c.members) for c in scheme.conclusions]
    known = set(conditions)
    ordered = []
    while listed:
        ready = next(c for c in listed if known.issuperset(c[2]))
        listed.remove(ready)
        ordered.append(ready)
        known.add(ready[0])
    kinds = {name: fact.type.kind for name, fact in rulebook.facts.items()} | {ON: "date"}
    words = {name: tuple(fact.values) for name, fact in rulebook.facts.items() if fact.values}
    return Wanted(rulebook, conditions, ordered, kinds, words)


def make_cases(count: int = CASES, seed: int = 20) -> list[dict[str, Any]]:
    """Fully known cases, drawn so that each condition is met in some and not in others."""
    draw = random.Random(seed)

    def day(first: date, last: date) -> date:
        return first + timedelta(days=draw.randrange((last - first).days))

    cases = []
    for _ in range(count):
        start = day(date(2022, 6, 1), date(2026, 6, 1))
        cases.append(
            {
                "person.homeless": draw.random() < 0.5,
                "person.needs_help": draw.random() < 0.6,
                "person.in_education": draw.random() < 0.3,
                "person.housing_before": draw.choice(["street", "shelter", "temporary", "own_home", "other"]),
                "person.birth_date": day(date(1945, 1, 1), date(2012, 1, 1)),
                "household.adults": draw.choice([0, 1, 1, 1, 2, 2, 3]),
                "household.children": draw.choice([0, 0, 0, 1, 2, 3, 4]),
                "household.income_yearly": draw.randrange(100_000, 600_000, 500),
                "household.wealth": draw.choice([0, 0, 20_000, 200_000, 250_000, 300_000, 900_000]),
                "dwelling.kind": draw.choice(["family", "family", "youth", "elderly", "private"]),
                "dwelling.area": draw.randrange(18, 110),
                "lease.rent": draw.randrange(1_000, 11_000, 25),
                "lease.start": start,
                "lease.end": start + timedelta(days=draw.randrange(-60, 1826)),
                "benefit.applied": draw.random() < 0.7,
            }
        )
    return cases


class Ours:
    """This engine's answer as the library gives it: three-valued, every sub-expression's value kept."""

    def __init__(self, rulebook: Rulebook, durable: bool) -> None:
        self.rulebook, self.durable = rulebook, durable
        self.program = program_for(rulebook, SCHEME)
        self.name = "subsidyengine, with durable-rules" if durable else "subsidyengine"
        self.note = "traced, both inference engines compared" if durable else "traced, the reference reading"

    def given(self, facts: Facts) -> Case:
        return Case("bench", DAY, None, (SCHEME,), {n: (Given(v),) for n, v in facts.items() if n != ON})

    def ask(self, given: Case) -> Answer:
        return answer(Reading(self.rulebook, self.program, given, DAY, None), Conclude(self.durable))

    def results(self, answered: Answer) -> Results:
        found = {f.name: f.status == "met" for f in answered.clauses[0].findings}
        assert all(f.status != "unknown" for f in answered.clauses[0].findings)
        return found | {c.name: status_of(answered.closure, c.name) == "met" for c in self.program.scheme.conclusions}


class OursShown(Ours):
    """The same, and every condition's proof tree built from what was kept."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__(rulebook, durable=False)
        self.name, self.note = "subsidyengine, proof trees built", "each condition's tree as objects"

    def ask(self, given: Case) -> Answer:
        found = super().ask(given)
        build_trees(found)
        return found


def build_trees(found: Answer) -> int:
    """Build each finding's proof tree from the record; how many there were."""
    count = 0
    for clause in found.clauses:
        for finding in clause.findings:
            if finding.version.holds is not None:
                trace(finding.version.holds, found.reading.record)
                count += 1
    return count


def subjects() -> tuple[list[Ours], list[Peer]]:
    """Ours, and every peer that is installed."""
    rulebook = open_rulebook(FOLDER, cache=False)
    form = wanted(rulebook)
    return (
        [Ours(rulebook, durable=False), Ours(rulebook, durable=True), OursShown(rulebook)],
        [peer(form) for peer in PEERS if find_spec(PACKAGES[peer])],
    )


def compare(everybody: Sequence[Any], cases: Sequence[dict[str, Any]]) -> int:
    """How many cases were granted; ValueError when two engines differ in any condition or conclusion of any case."""
    granted = 0
    for number, facts in enumerate(cases):
        first: Results | None = None
        for subject in everybody:
            results = subject.results(subject.ask(subject.given({**facts, ON: DAY})))
            if first is None:
                first = results
                granted += results["granted"]
            elif results != first:
                differ = {n: (first.get(n), results.get(n)) for n in first | results if first.get(n) != results.get(n)}
                raise ValueError(f"case {number}: {subject.name} differs from {everybody[0].name}: {differ}")
    return granted


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Check that all agree, then time all."""
    ours, peers = subjects()
    everybody = [*ours, *peers]
    cases = make_cases()
    granted = compare(everybody, cases)
    inputs = {s.name: [s.given({**c, ON: DAY}) for c in cases] for s in everybody}
    runs = {s.name: s.ask for s in everybody}
    notes = {s.name: s.note for s in everybody}
    for clips in (p for p in peers if isinstance(p, Clips)):
        runs[UNREAD], inputs[UNREAD], notes[UNREAD] = clips.run, inputs[clips.name], "the results stay inside CLIPS: not an answer yet"
    times = interleaved(runs, inputs, rounds)
    figures = [Figure(GROUP, name, times.seconds(name) * 1e6, "us", note=notes[name]) for name in runs]
    for name in runs:
        if name != ours[0].name:
            bar = 1.0 if any(p.name == name for p in peers) else None
            figures.append(Figure(RATIOS, name, times.ratio(name, ours[0].name), "x", bar, at_least=True))
    agree = f"{len(everybody)} ways of answering gave the same {len(compared_names(ours[0]))} results in each ({granted} granted)"
    figures.append(Figure(RATIOS, "cases compared before timing", len(cases), "", note=agree))
    missing = [PACKAGES[p] for p in PEERS if not find_spec(PACKAGES[p])]
    if missing:
        figures.append(Figure(RATIOS, "engines not installed", len(missing), "", note=", ".join(missing)))
    return figures


def compared_names(ours: Ours) -> list[str]:
    """Names of all that is compared: conditions and conclusions."""
    scheme = ours.program.scheme
    return [*scheme.conditions, *(c.name for c in scheme.conclusions)]
