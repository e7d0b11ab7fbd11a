"""R_PERIOD: a condition that reads the period belongs to one part or route, whose period it is."""

from __future__ import annotations

from collections.abc import Iterator

from ...words import say
from ..book import Rulebook
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition that reads ``period.from`` or ``period.to``."""
    for scheme in book.schemes.values():
        for condition in scheme.conditions.values():
            formulas = [f for v in condition.versions.rows for f in (v.holds, v.when) if f is not None]
            if not any(f.reads_period for f in formulas):
                continue
            clauses = [c for c in scheme.clauses if condition.name in c.conditions]
            if len(clauses) > 1:
                names = ", ".join(c.name for c in clauses)
                message = say(
                    "condition {name} reads the period and stands in {clauses}; give each its own condition",
                    name=condition.name,
                    clauses=names,
                )
                yield Problem(condition.place, "R_PERIOD", message)
            for clause in clauses:
                if clause.period is None:
                    where = clause.name or say("the scheme")
                    message = say("condition {name} reads the period, and {clause} has none", name=condition.name, clause=where)
                    yield Problem(condition.place, "R_PERIOD", message)
        if len(scheme.clauses) > 1:
            for note in scheme.notes:
                if note.when is not None and note.when.reads_period:
                    message = say("a note reads the period, and this scheme has several; say it in a condition's note")
                    yield Problem(note.place, "R_PERIOD", message)
