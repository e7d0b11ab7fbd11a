"""A_RESIDENCE: no gate shuts out by length of residence alone.

A fixed length of residence as an absolute gate is unlawful under almenboligloven § 59 stk. 1 (Statsforvaltningen 2016-12-12);
weighed beside the applicant's need it is not. A gate is absolute when length of residence decides it with nothing else known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from ...formula import FactsOnly, Formula, Node, compile_formula
from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms

_LAST = date(2299, 12, 31)
#: Somebody who has just come, and somebody who was always here.
_PEOPLE: tuple[dict[str, Any], ...] = (
    {"bool": False, "number": 0, "date": _LAST},
    {"bool": True, "number": 10**6, "date": date(1800, 1, 1)},
)


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Every gate of a right that the municipality draws."""
    drawn = {right.name for right in terms.rights if right.basis.drawn_by == "municipality"}
    for criterion in terms.criteria:
        if criterion.effect != "gate" or criterion.right not in drawn or criterion.holds is None:
            continue
        stays = [name for name in criterion.holds.facts if rulebook.facts[name].about == "residence"]
        if stays and _absolute(criterion.holds, {name: rulebook.facts[name].type.kind for name in stays}):
            message = say(
                "criterion '{name}' refuses by length of residence alone ({facts}): as an absolute gate it is unlawful under "
                "almenboligloven § 59 stk. 1 (Statsforvaltningen 2016-12-12); let it weigh beside the applicant's need",
                name=criterion.name, facts=", ".join(stays),
            )  # fmt: skip
            yield Problem(criterion.place, "A_RESIDENCE", message)


def _absolute(holds: Formula, stays: dict[str, str]) -> bool:
    """Is the gate shut for a newcomer, or for somebody who was always here, whatever else is true of them?"""
    run = compile_formula(replace(holds, root=_blind(holds.root, stays)))
    return any(run(FactsOnly({name: person[kind] for name, kind in stays.items()}, _LAST)) is False for person in _PEOPLE)


def _blind(node: Node, stays: dict[str, str]) -> Node:
    """``node`` without what asks whether another fact is known: it may be, and may be anything."""
    asks = node.op == "call" and node.name in ("is_known", "known_or")
    if asks and any(n.op == "fact" and n.name not in stays for n in node.walk()):
        return replace(node, op="unknown", args=())
    return replace(node, args=tuple(_blind(a, stays) for a in node.args))
