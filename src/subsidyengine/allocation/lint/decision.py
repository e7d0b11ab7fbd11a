"""A_DECISION: a right that the law gives only by decision of the council names that decision."""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Every such right of an agreement file. The statute file has none: without a decision there is no right."""
    if terms.national:
        return
    for right in terms.rights:
        if right.basis.needs_decision and right.decided_on is None:
            law = rulebook.cite_text(right.basis.cites)
            message = say(
                "{right}: without a decision of the council there is no right under {basis} ({law}): give 'council_decision: {{on: ...}}'",
                right=right.name, basis=right.basis.key, law=law,
            )  # fmt: skip
            yield Problem(right.place, "A_DECISION", message)
