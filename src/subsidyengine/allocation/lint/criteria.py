"""A_RIGHT: rights and criteria have names of their own, and a criterion is about a right of its agreement."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ...rulebook import Problem, Rulebook
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Names that stand twice, and criteria about a right that is not there."""
    names = [right.name for right in terms.rights]
    for number, right in enumerate(terms.rights):
        if right.name in names[:number]:
            yield Problem(right.place, "A_RIGHT", f"right '{right.name}' stands twice in {terms.id}")
    seen: set[str] = set()
    for criterion in terms.criteria:
        if criterion.right not in names:
            hint = near(criterion.right, names) or f" (known here: {', '.join(names)})"
            yield Problem(criterion.place, "A_RIGHT", f"criterion '{criterion.name}': the agreement has no right '{criterion.right}'{hint}")
        if criterion.name in seen:
            yield Problem(criterion.place, "A_RIGHT", f"criterion '{criterion.name}' stands twice in {terms.id}")
        seen.add(criterion.name)
