"""A_ORDER: flexible letting comes after the municipality's draws, and no right stands where nothing can reach it.

Flexible letting may only cover dwellings that are neither allocated by the municipality nor used as transitional ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """The order of draws."""
    taken: dict[str, str] = {}
    flexible = ""
    for right in terms.rights:
        if right.basis.drawn_by == "municipality" and flexible:
            message = say(
                "{right} stands after {flexible}: flexible letting covers only what the municipality does not take "
                "(almenboligloven § 60; SBST, fleksibel udlejning)",
                right=right.name, flexible=flexible,
            )  # fmt: skip
            yield Problem(right.place, "A_ORDER", message)
        if right.basis.key == "section_60":
            flexible = flexible or right.name
        if right.kinds <= taken.keys():
            before = ", ".join(sorted({taken[kind] for kind in right.kinds}))
            message = say("{right}: nothing reaches it, because {before} takes whatever comes before", right=right.name, before=before)
            yield Problem(right.place, "A_ORDER", message)
        if right.residual:
            taken.update({kind: taken.get(kind, right.name) for kind in right.kinds})
