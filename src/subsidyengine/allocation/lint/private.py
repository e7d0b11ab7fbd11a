"""A_PRIVATE: what the act fixes for private rentals (anvisningsretsloven §§ 1, 3 and 5, now lov om boligforhold §§ 49-57 a)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from ...formula import Span, shift
from ...rulebook import Problem, Rulebook
from ...words import Message, say
from ..terms import Right, Terms

ACT = "anvisningsretsloven"
PAGE = "SM, anvisning til private lejeboliger"

Found = Iterator[tuple[str, str, Message]]
Figure = Callable[[str], Fraction | None]


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Days, property, share, named dwellings and the time limit of an agreement on private rentals."""
    if terms.sector != "private" or terms.national:
        return

    def figure(name: str) -> Fraction | None:
        """A rate of the day that the agreement begins; None where it is not established, and then nothing is checked."""
        value = rulebook.rates[f"private_{name}"].at(terms.begins or date.max).value
        return None if value is None else Fraction(value)

    for key, law, message in (*_days(terms, figure), *_terms(terms, figure)):
        yield Problem(terms.at(key), "A_PRIVATE", say("{message} ({law})", message=message, law=law))
    for right in terms.rights:
        if right.basis.drawn_by == "municipality":
            for key, law, message in _right(right, figure):
                told = say("{right}: {message} ({law})", right=right.name, message=message, law=law)
                yield Problem(terms.at("rights", right.index, key), "A_PRIVATE", told)


def _days(terms: Terms, figure: Figure) -> Found:
    """Key, law and message of what is wrong with the days."""
    if terms.from_ is None:
        yield (
            "from",
            f"{ACT} § 3 stk. 1",
            say("'from' is needed: a dwelling once used may be allocated again for {years} years", years=figure("allocation_years")),
        )
        return
    years = figure("agreement_years_max")
    end = shift(terms.from_, Span(years=int(years))) if years is not None else None
    if terms.until is None or (end is not None and terms.until >= end):
        message = say("'until' is needed, and lies before {day}: an agreement runs {years} years at most", day=end, years=years)
        yield "until", PAGE, message


def _terms(terms: Terms, figure: Figure) -> Found:
    """The same for what the agreement says beside its rights."""
    answer, weekdays = terms.answer, figure("answer_weekdays")
    if len(terms.properties) != 1:
        yield "properties", f"{ACT} § 1", say("name the one property that the agreement is about: shares are of its dwellings")
    if answer is not None and weekdays is not None and (answer.days != weekdays or not answer.weekdays):
        message = say("the municipality answers within {days} weekdays (hverdage); no agreement can change that", days=weekdays)
        yield "answer", f"{ACT} § 5", message
    if not terms.guarantee.restoration:
        yield "guarantee", f"{ACT} § 5", say("the municipality guarantees the restoration of a dwelling that it takes")


def _right(right: Right, figure: Figure) -> Found:
    """The same for one right."""
    least, share, fewest = figure("property_dwellings_min"), figure("named_share_max"), figure("named_dwellings_min")
    total, named = right.property_dwellings, len(right.dwellings)
    if right.steps and right.position != "first":
        yield "position", f"{ACT} § 3", say("the first vacancy goes to the municipality")
    if right.unit != "property":
        yield "unit", f"{ACT} § 1", say("vacancies are counted in the property")
    if total is None:
        message = say("'property_dwellings' is needed: the right is at most a quarter of the property's dwellings")
        yield "right", f"{ACT} § 3", message
        return
    if least is not None and total < least:
        message = say("a property of {total} dwellings is too small, it has at least {least}", total=total, least=least)
        yield "property_dwellings", PAGE, message
    if right.basis.key == "section_49_named":
        if fewest is not None and named < fewest:
            yield "dwellings", f"{ACT} § 3", say("at least {least} dwellings are named, here {named}", least=fewest, named=named)
        if share is not None and named > share * total:
            message = say("{named} of {total} dwellings are more than {most} % of the property", named=named, total=total, most=share * 100)
            yield "dwellings", f"{ACT} § 3", message
