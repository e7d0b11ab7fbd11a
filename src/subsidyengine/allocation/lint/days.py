"""A_DAYS: days in order."""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """An agreement or a step that ends before it begins, a step outside its agreement, a decision after its end."""
    first, last = terms.from_, terms.until
    if first and last and last < first:
        message = say("'until' ({until}) lies before 'from' ({first})", until=last, first=first)
        yield Problem(terms.at("until"), "A_DAYS", message)
        return
    for right in terms.rights:
        for number, step in enumerate(right.steps):
            at = terms.at("rights", right.index, "steps", number)
            if step.from_ and step.until and step.until < step.from_:
                message = say(
                    "{right}: the step's 'until' ({until}) lies before its 'from' ({first})",
                    right=right.name, until=step.until, first=step.from_,
                )  # fmt: skip
                yield Problem(at, "A_DAYS", message)
            elif (first and step.until and step.until < first) or (last and step.from_ and step.from_ > last):
                message = say(
                    "{right}: the step has no day in common with its agreement ({first} to {last})",
                    right=right.name, first=first or "...", last=last or "...",
                )  # fmt: skip
                yield Problem(at, "A_DAYS", message)
        if right.decided_on and last and right.decided_on > last:
            message = say(
                "{right}: the council decided on {day}, after the agreement's last day ({last})",
                right=right.name, day=right.decided_on, last=last,
            )  # fmt: skip
            yield Problem(terms.at("rights", right.index, "council_decision"), "A_DAYS", message)
