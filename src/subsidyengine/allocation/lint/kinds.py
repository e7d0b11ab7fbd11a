"""A_KIND: a right is about kinds of dwelling that its basis covers, on days when it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ...rulebook import Problem, Rulebook
from ...words import say
from ..terms import Right, Terms


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Every kind of every right."""
    for right in terms.rights:
        basis, at = right.basis, terms.at("rights", right.index, "kinds")
        law = rulebook.cite_text(basis.cites)
        covered = (*basis.kinds, *basis.also_kinds)
        for kind in sorted(right.kinds):
            since, first = basis.since.get(kind), _first(terms, right)
            if kind not in covered:
                message = say(
                    "{right}: {basis} is about dwellings of kind {kinds}, not {kind} ({law})",
                    right=right.name, basis=basis.key, kinds=", ".join(covered), kind=kind, law=law,
                )  # fmt: skip
            elif since and first and first < since:
                message = say(
                    "{right}: {basis} covers dwellings of kind {kind} from {since} ({law}), and the right begins on {first}: "
                    "narrow its 'kinds'",
                    right=right.name, basis=basis.key, kind=kind, since=since, law=law, first=first,
                )  # fmt: skip
            else:
                continue
            yield Problem(at, "A_KIND", message)


def _first(terms: Terms, right: Right) -> date | None:
    """First day of a right; None when it is not known."""
    begun = [step.from_ for step in right.steps if step.from_]
    if right.steps and len(begun) == len(right.steps):
        return max(min(begun), terms.from_ or min(begun))
    return terms.from_
