"""A_RIGHT: rights and criteria have names of their own, and a criterion is about a right of its agreement."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Names that stand twice, and criteria about a right that is not there."""
    names = [right.name for right in terms.rights]
    for number, right in enumerate(terms.rights):
        if right.name in names[:number]:
            yield Problem(right.place, "A_RIGHT", say("right '{name}' stands twice in {agreement}", name=right.name, agreement=terms.id))
    seen: set[str] = set()
    for criterion in terms.criteria:
        if criterion.right not in names:
            hint = near(criterion.right, names) or say(" (known here: {keys})", keys=", ".join(names))
            message = say(
                "criterion '{name}': the agreement has no right '{right}'{hint}", name=criterion.name, right=criterion.right, hint=hint
            )
            yield Problem(criterion.place, "A_RIGHT", message)
        if criterion.name in seen:
            message = say("criterion '{name}' stands twice in {agreement}", name=criterion.name, agreement=terms.id)
            yield Problem(criterion.place, "A_RIGHT", message)
        seen.add(criterion.name)
