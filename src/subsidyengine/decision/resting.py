"""What a conclusion rests on: the findings that decide it, or that can still decide it. The others weigh nothing.

An ``any`` that holds rests on the strongest of the members that are met: each would do alone. What is decided already
is not open any more, whatever else in it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..inference import Closure, Conclusion, Status, status_of


def weight(start: str, conclusions: Mapping[str, Conclusion], closure: Closure, weights: Mapping[str, int]) -> int:
    """Rank of the weakest citation that ``start`` rests on; ``weights`` has the rank of each condition that bears on the case."""
    conclusion = conclusions.get(start)
    if conclusion is None:
        return weights.get(start, 0)
    members = [(member, weight(member, conclusions, closure, weights)) for member in conclusion.members]
    if conclusion.kind == "any" and status_of(closure, start) == "met":
        return min((w for member, w in members if _status(member, closure) == "met"), default=0)
    return max((w for _, w in members), default=0)


def undecided(start: str, conclusions: Mapping[str, Conclusion], closure: Closure) -> set[str]:
    """Conditions whose finding can still decide ``start``."""
    found: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in conclusions:
            found.add(name)
        elif status_of(closure, name) == "unknown":
            todo += conclusions[name].members
    return found


def _status(name: str, closure: Closure) -> Status | None:
    """The status of a conclusion or condition; None for one that the rules do not ask about."""
    try:
        return status_of(closure, name)
    except LookupError:
        return None
