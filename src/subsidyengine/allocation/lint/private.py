"""A_PRIVATE: what the act fixes for private rentals (anvisningsretsloven §§ 1, 3 and 5, now lov om boligforhold §§ 49-57 a)."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import Span, shift
from ...rulebook import Problem, Rulebook
from ...words import Message, say
from ..terms import Right, Terms

#: At most this long (the ministry's page); how the act's 5-year window fits in it is not established.
MOST_YEARS = 6
#: Fewest dwellings of a property: two are a quarter of eight.
LEAST_PROPERTY = 8
LEAST_NAMED = 2
WEEKDAYS = 7
ACT = "anvisningsretsloven"
PAGE = "SM, anvisning til private lejeboliger"

Found = Iterator[tuple[str, str, Message]]


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Days, property, share, named dwellings and the time limit of an agreement on private rentals."""
    if terms.sector != "private" or terms.national:
        return
    for key, law, message in (*_days(terms), *_terms(terms)):
        yield Problem(terms.at(key), "A_PRIVATE", say("{message} ({law})", message=message, law=law))
    for right in terms.rights:
        if right.basis.drawn_by == "municipality":
            for key, law, message in _right(right):
                told = say("{right}: {message} ({law})", right=right.name, message=message, law=law)
                yield Problem(terms.at("rights", right.index, key), "A_PRIVATE", told)


def _days(terms: Terms) -> Found:
    """Key, law and message of what is wrong with the days."""
    if terms.from_ is None:
        yield "from", f"{ACT} § 3 stk. 1", say("'from' is needed: a dwelling once used may be allocated again for 5 years")
        return
    end = shift(terms.from_, Span(years=MOST_YEARS))
    if terms.until is None or (end is not None and terms.until >= end):
        message = say("'until' is needed, and lies before {day}: an agreement runs {years} years at most", day=end, years=MOST_YEARS)
        yield "until", PAGE, message


def _terms(terms: Terms) -> Found:
    """The same for what the agreement says beside its rights."""
    answer = terms.answer
    if len(terms.properties) != 1:
        yield "properties", f"{ACT} § 1", say("name the one property that the agreement is about: shares are of its dwellings")
    if answer is not None and (answer.days, answer.weekdays) != (WEEKDAYS, True):
        message = say("the municipality answers within {days} weekdays (hverdage); no agreement can change that", days=WEEKDAYS)
        yield "answer", f"{ACT} § 5", message
    if not terms.guarantee.restoration:
        yield "guarantee", f"{ACT} § 5", say("the municipality guarantees the restoration of a dwelling that it takes")


def _right(right: Right) -> Found:
    """The same for one right."""
    total, named = right.property_dwellings, len(right.dwellings)
    if right.steps and right.position != "first":
        yield "position", f"{ACT} § 3", say("the first vacancy goes to the municipality")
    if right.unit != "property":
        yield "unit", f"{ACT} § 1", say("vacancies are counted in the property")
    if total is None:
        message = say("'property_dwellings' is needed: the right is at most a quarter of the property's dwellings")
        yield "right", f"{ACT} § 3", message
        return
    if total < LEAST_PROPERTY:
        message = say("a property of {total} dwellings is too small, it has at least {least}", total=total, least=LEAST_PROPERTY)
        yield "property_dwellings", PAGE, message
    if right.basis.key == "section_49_named":
        if named < LEAST_NAMED:
            yield "dwellings", f"{ACT} § 3", say("at least {least} dwellings are named, here {named}", least=LEAST_NAMED, named=named)
        if named * 4 > total:
            message = say("{named} of {total} dwellings are more than 25 % of the property", named=named, total=total)
            yield "dwellings", f"{ACT} § 3", message
