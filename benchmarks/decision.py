"""One traced decision of the largest scheme of the shipped rulebook, from the library, warm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from subsidyengine.decision import Conclude, Reading, answer, open_points, program_for
from subsidyengine.document import decide
from subsidyengine.facts import Case
from subsidyengine.rulebook import Rulebook, Scheme, open_rulebook
from subsidyengine.rulebook.shipped import shipped_folder
from subsidyengine.worked import load_worked

from .eligibility import build_trees
from .report import Figure
from .timing import ROUNDS, interleaved, yardstick

DURABLE_BAR, REFERENCE_BAR = 1500.0, 200.0
YARD = "1,000 turns of plain Python"


def largest(rulebook: Rulebook) -> list[Scheme]:
    """Schemes, the one with the most conditions first (by name where they are equal)."""
    return sorted(rulebook.schemes.values(), key=lambda s: (-len(s.conditions), s.id))


def full_case(rulebook: Rulebook, scheme: Scheme) -> Case | None:
    """Of the scheme's worked cases that leave nothing open, the one with the most findings, then the most facts."""
    path = shipped_folder() / scheme.file.replace(".yaml", ".cases.yaml")
    if not path.is_file():
        return None
    best: tuple[int, int] = (0, 0)
    chosen = None
    for worked in load_worked(path, rulebook):
        assert worked.case.on is not None
        reading = Reading(rulebook, program_for(rulebook, scheme.id), worked.case, worked.case.on, worked.case.known)
        found = answer(reading, Conclude(durable=False))
        findings = {f.name: f.status for c in found.clauses for f in c.findings}
        if open_points(found) or "unknown" in findings.values():
            continue
        size = (len(findings), len(worked.case.facts))
        if size > best:
            best, chosen = size, worked.case
    return chosen


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """With durable-rules and without, the trace kept; then what showing it costs. Nothing is remembered between calls."""
    rulebook = open_rulebook()
    scheme, case = next((s, c) for s in largest(rulebook) if (c := full_case(rulebook, s)) is not None)
    program = program_for(rulebook, scheme.id)
    day, known = case.on, case.known
    assert day is not None

    def reference(_: object) -> Any:
        return answer(Reading(rulebook, program, case, day, known), Conclude(durable=False))

    def durable(_: object) -> Any:
        return answer(Reading(rulebook, program, case, day, known), Conclude(durable=True))

    found = reference(None)
    shown = decide(case, rulebook, scheme.id, "da")
    runs: dict[str, Callable[[Any], Any]] = {
        "reference alone": reference,
        "with durable-rules": durable,
        "proof trees of every finding, built afterwards": lambda _: build_trees(found),
        "whole document with its timeline (durable-rules)": lambda _: decide(case, rulebook, scheme.id, "da"),
        "that document as JSON": lambda _: shown.to_json(),
    }
    times = interleaved({**runs, YARD: yardstick}, {name: [None] for name in (*runs, YARD)}, rounds)
    findings = sum(len(c.findings) for c in found.clauses)
    group = f"One decision of {scheme.id} ({len(scheme.conditions)} conditions, {findings} bear on case {case.id}, {len(case.facts)} facts)"
    bars = {"reference alone": REFERENCE_BAR, "with durable-rules": DURABLE_BAR}
    notes = {"reference alone": f"keeps {len(found.reading.record)} sub-expressions", "with durable-rules": found.outcome}
    figures = [Figure(group, name, times.seconds(name) * 1e6, "us", bars.get(name), note=notes.get(name, "")) for name in runs]
    for name, base in (("with durable-rules", "reference alone"), ("reference alone", YARD), ("with durable-rules", YARD)):
        figures.append(Figure(group, f"{name} / {base}", times.ratio(name, base), "x", note="machine-independent"))
    return figures
