"""A_WHY: what is not known says why, in both languages; a reader must be able to tell a gap from a slip."""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Unknown shares, and everything that is said not to be settled."""
    for right in terms.rights:
        if any(step.share is None for step in right.steps) and right.why is None:
            yield Problem(right.place, "A_WHY", say("{right}: the share is unknown: say why", right=right.name))
    open_ = [(f"counting.{p.name}", p.place, p.why) for p in terms.params.values() if not p.settled and p.place.file == terms.place.file]
    written = terms.written("exempt") or []
    causes = [item.get("cause") for item in written]
    for cause, exempt in terms.exempt.items():
        if not exempt.settled and cause in causes:
            open_.append((f"exempt {cause}", terms.at("exempt", causes.index(cause)), exempt.why))
    if terms.answer and not terms.answer.settled:
        open_.append(("answer", terms.at("answer"), terms.answer.why))
    for what, place, why in open_:
        if why is None:
            yield Problem(place, "A_WHY", say("{what} is not settled: say why", what=what))
