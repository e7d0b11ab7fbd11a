"""A_RESIDENCE: no gate shuts out by length of residence alone.

A fixed length of residence as an absolute gate is unlawful under almenboligloven § 59 stk. 1 (Statsforvaltningen 2016-12-12);
weighed beside the applicant's need it is not. A gate is absolute when length of residence decides it with nothing else known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from ...formula import Cause, Formula, Node, Unknown, Value, compile_formula
from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms

_LAST = date(2299, 12, 31)
_NOT_SAID = Unknown((Cause("missing_fact", ""),))
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
    return any(run(_Person({name: person[kind] for name, kind in stays.items()})) is False for person in _PEOPLE)


def _blind(node: Node, stays: dict[str, str]) -> Node:
    """``node`` without what asks whether another fact is known: it may be, and may be anything."""
    asks = node.op == "call" and node.name in ("is_known", "known_or")
    if asks and any(n.op == "fact" and n.name not in stays for n in node.walk()):
        return replace(node, op="unknown", args=())
    return replace(node, args=tuple(_blind(a, stays) for a in node.args))


class _Person:
    """What a formula reads from: nothing is known but how long somebody has lived here."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts, self.on = facts, _LAST
        self.assumed: dict[str, None] = {}
        self.rank = 0
        self.record: dict[Node, Any] = {}

    def fact(self, name: str) -> Value:
        return _NOT_SAID

    def fact_at(self, name: str, day: date) -> Value:
        return self.facts.get(name, _NOT_SAID)  # type: ignore[no-any-return]

    def rate(self, name: str, day: date | None) -> Value:
        return _NOT_SAID

    def value(self, name: str) -> Value:
        return _NOT_SAID

    def setting(self, name: str) -> Value:
        return _NOT_SAID

    def period(self, end: str) -> Value:
        return _NOT_SAID
