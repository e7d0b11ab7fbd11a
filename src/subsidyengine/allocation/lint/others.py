"""A_OTHERS: a local criterion looks at nobody outside the applicant's household (FOB 06.149).

What a fact is about stands in the vocabulary (``about: others``).
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Every criterion, whatever its effect."""
    for criterion in terms.criteria:
        for name in criterion.holds.facts if criterion.holds else ():
            if rulebook.facts[name].about == "others":
                message = say(
                    "criterion '{name}' reads {fact}, which is about others than the applicant's household: "
                    "a condition that serves others than the applicant is unlawful (FOB 06.149)",
                    name=criterion.name, fact=name,
                )  # fmt: skip
                yield Problem(criterion.place, "A_OTHERS", message)
