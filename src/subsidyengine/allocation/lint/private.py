"""A_PRIVATE: what the act fixes for private rentals (anvisningsretsloven §§ 1, 3 and 5, now lov om boligforhold §§ 49-57 a)."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import Span, shift
from ...rulebook import Problem, Rulebook
from ..terms import Right, Terms

#: At most this long (the ministry's page); how the act's 5-year window fits in it is not established.
MOST_YEARS = 6
#: Fewest dwellings of a property: two are a quarter of eight.
LEAST_PROPERTY = 8
LEAST_NAMED = 2
WEEKDAYS = 7
PAGE = "SM, anvisning til private lejeboliger"


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Days, property, share, named dwellings and the time limit of an agreement on private rentals."""
    if terms.sector != "private" or terms.national:
        return
    yield from _days(terms)
    if len(terms.properties) != 1:
        message = "name the one property that the agreement is about: shares are of its dwellings (anvisningsretsloven § 1)"
        yield _problem(terms, ("properties",), message)
    if terms.answer is not None and (terms.answer.days, terms.answer.weekdays) != (WEEKDAYS, True):
        message = f"the municipality answers within {WEEKDAYS} weekdays (hverdage); no agreement can change that (anvisningsretsloven § 5)"
        yield _problem(terms, ("answer",), message)
    if not terms.guarantee.restoration:
        message = "the municipality guarantees the restoration of a dwelling that it takes (anvisningsretsloven § 5)"
        yield _problem(terms, ("guarantee",), message)
    for right in terms.rights:
        if right.basis.drawn_by == "municipality":
            for key, message in _right(right):
                yield _problem(terms, ("rights", right.index, key), f"{right.name}: {message}")


def _days(terms: Terms) -> Iterator[Problem]:
    if terms.from_ is None:
        message = "'from' is needed: a dwelling once used may be allocated again for 5 years (anvisningsretsloven § 3 stk. 1)"
        yield _problem(terms, ("from",), message)
        return
    end = shift(terms.from_, Span(years=MOST_YEARS))
    if terms.until is None or (end is not None and terms.until >= end):
        yield _problem(
            terms, ("until",), f"'until' is needed, and lies before {end}: an agreement runs {MOST_YEARS} years at most ({PAGE})"
        )


def _right(right: Right) -> Iterator[tuple[str, str]]:
    """Key and message of what is wrong with one right."""
    total, named = right.property_dwellings, len(right.dwellings)
    if right.steps and right.position != "first":
        yield "position", "the first vacancy goes to the municipality (anvisningsretsloven § 3)"
    if right.unit != "property":
        yield "unit", "vacancies are counted in the property (anvisningsretsloven § 1)"
    if total is None:
        yield (
            "right",
            "'property_dwellings' is needed: the right is at most a quarter of the property's dwellings (anvisningsretsloven § 3)",
        )
        return
    if total < LEAST_PROPERTY:
        yield "property_dwellings", f"a property of {total} dwellings is too small, it has at least {LEAST_PROPERTY} ({PAGE})"
    if right.basis.key == "section_49_named":
        if named < LEAST_NAMED:
            yield "dwellings", f"at least {LEAST_NAMED} dwellings are named, here {named} (anvisningsretsloven § 3)"
        if named * 4 > total:
            yield "dwellings", f"{named} of {total} dwellings are more than 25 % of the property (anvisningsretsloven § 3)"


def _problem(terms: Terms, keys: tuple[str | int, ...], message: str) -> Problem:
    return Problem(terms.at(*keys), "A_PRIVATE", message)
