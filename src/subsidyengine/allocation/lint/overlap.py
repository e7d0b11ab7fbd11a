"""A_OVERLAP: two agreements, equally close to the same dwellings on the same day, are refused both: law does not say which counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations

from ...rulebook import Problem
from ...words import say
from ..terms import Terms


def check(known: Mapping[str, Terms]) -> Iterator[Problem]:
    """Every pair that may apply by itself; the later one's place, with the earlier one named."""
    replaced = {name for terms in known.values() for name in terms.replaces}
    alone = [terms for terms in known.values() if not terms.named_only and terms.id not in replaced]
    for one, two in combinations(sorted(alone, key=lambda t: t.id), 2):
        if one.sector == two.sector and _same_dwellings(one, two):
            first, last = _days(one, two)
            if first <= last:
                until = say(" to {day}", day=last) if last != date.max else ""
                message = say(
                    "agreements '{one}' ({place}) and '{two}' are about the same dwellings from {first}{until}, and no law says "
                    "which counts: end one, narrow one to its departments, or let one name the other in 'replaces'",
                    one=one.id, place=one.place, two=two.id, first=first, until=until,
                )  # fmt: skip
                yield Problem(two.place, "A_OVERLAP", message)


def _same_dwellings(one: Terms, two: Terms) -> bool:
    """Can one dwelling be equally close to both?"""
    if one.municipality and two.municipality and one.municipality != two.municipality:
        return False
    names = [(_bound(one), _bound(two)), (one.departments, two.departments), (one.properties, two.properties)]
    return all(bool(a) == bool(b) and (not a or a & b) for a, b in names)


def _bound(terms: Terms) -> frozenset[str]:
    return terms.organisations.union(terms.spread.organisations if terms.spread else ())


def _days(one: Terms, two: Terms) -> tuple[date, date]:
    """First and last day of both."""
    return max(one.from_ or date.min, two.from_ or date.min), min(one.until or date.max, two.until or date.max)
