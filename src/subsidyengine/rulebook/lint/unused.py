"""R_UNUSED, R_UNREACHABLE: every condition, value, and conclusion does something."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import Formula
from ..book import Rulebook
from ..model import Scheme
from ..problems import Problem


def formulas(scheme: Scheme) -> Iterator[Formula]:
    """Every formula of a scheme."""
    for value in scheme.values.values():
        yield from (v.formula for v in value.versions.rows if v.formula)
    for condition in scheme.conditions.values():
        for version in condition.versions.rows:
            yield from (f for f in (version.holds, version.when) if f)
    for clause in scheme.clauses:
        if clause.when:
            yield clause.when
        for amount in clause.amount.rows if clause.amount else ():
            if amount.formula:
                yield amount.formula
        for period in clause.period.rows if clause.period else ():
            yield from (f for f in (period.start, period.end) if f)
        for event in clause.events:
            yield from (f for f in (event.on, event.when) if f)
    yield from (n.when for n in scheme.notes if n.when)


def check(book: Rulebook) -> Iterator[Problem]:
    """Every scheme by itself."""
    broken = "\n".join(book.broken)
    for scheme in book.schemes.values():
        used = {name for f in formulas(scheme) for name in f.values}
        reached = {name for clause in scheme.clauses for name in clause.conditions}
        for condition in scheme.conditions.values():
            if condition.name not in reached:
                message = f"condition {condition.name} is used by no rule that leads to 'granted'"
                yield Problem(condition.place, "R_UNUSED", message)
        for value in scheme.values.values():
            if value.name not in used and f"value.{value.name}" not in broken:
                yield Problem(value.place, "R_UNUSED", f"value {value.name} is used by no formula")
        members = {m for c in scheme.conclusions for m in c.members}
        for conclusion in scheme.conclusions:
            if conclusion.name != "granted" and conclusion.name not in members:
                message = f"{scheme.id}: conclusion {conclusion.name} leads nowhere"
                yield Problem(scheme.place, "R_UNREACHABLE", message)
