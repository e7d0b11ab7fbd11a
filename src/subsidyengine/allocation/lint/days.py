"""A_DAYS: days in order."""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """An agreement or a step that ends before it begins, a step outside its agreement, a decision after its end."""
    first, last = terms.from_, terms.until
    if first and last and last < first:
        yield Problem(terms.at("until"), "A_DAYS", f"'until' ({last}) lies before 'from' ({first})")
        return
    for right in terms.rights:
        for number, step in enumerate(right.steps):
            at = terms.at("rights", right.index, "steps", number)
            if step.from_ and step.until and step.until < step.from_:
                yield Problem(at, "A_DAYS", f"{right.name}: the step's 'until' ({step.until}) lies before its 'from' ({step.from_})")
            elif (first and step.until and step.until < first) or (last and step.from_ and step.from_ > last):
                message = f"{right.name}: the step has no day in common with its agreement ({first or '...'} to {last or '...'})"
                yield Problem(at, "A_DAYS", message)
        if right.decided_on and last and right.decided_on > last:
            at = terms.at("rights", right.index, "council_decision")
            yield Problem(at, "A_DAYS", f"{right.name}: the council decided on {right.decided_on}, after the agreement's last day ({last})")
