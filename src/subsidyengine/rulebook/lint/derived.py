"""R_DERIVED: a fact that another scheme computes is of that scheme's unit, and the scheme exists."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near, number, unify
from ...words import say
from ..book import Rulebook
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every fact with ``derived_from``."""
    for fact in book.facts.values():
        if fact.derived_from is None:
            continue
        scheme = book.schemes.get(fact.derived_from)
        if scheme is None:
            if not {"schemes", f"scheme:{fact.derived_from}"} & book.unread:
                hint = near(fact.derived_from, book.schemes)
                message = say("{fact} is derived from unknown scheme '{scheme}'{hint}", fact=fact.name, scheme=fact.derived_from, hint=hint)
                yield Problem(fact.place, "R_DERIVED", message)
            continue
        amounts = [a for c in scheme.clauses if c.amount for a in c.amount.rows]
        if not amounts:
            place = scheme.place
            message = say("{fact} is derived from {scheme} ({place}), which has no amount", fact=fact.name, scheme=scheme.id, place=place)
            yield Problem(fact.place, "R_DERIVED", message)
        for amount in amounts:
            try:
                given = number(amount.unit)
            except ValueError:
                continue  # S_UNIT
            if unify(given, fact.type) is None:
                message = say(
                    "{fact} is {type}, but {scheme} gives {given} ({place})",
                    fact=fact.name,
                    type=fact.type,
                    scheme=scheme.id,
                    given=given,
                    place=amount.place,
                )
                yield Problem(fact.place, "R_DERIVED", message)
