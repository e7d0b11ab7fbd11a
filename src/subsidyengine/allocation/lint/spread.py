"""A_SPREAD: when the council may bind organisations that did not sign (almenboligloven § 60 b)."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import Span, shift
from ...rulebook import Problem, Rulebook
from ..terms import Spread, Terms

LAW = "almenboligloven § 60 b"
REVIEW_YEARS = 4
JOINT = ("section_59_2", "section_60")


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """More than half of the dwellings, or the minister; a review within 4 years; only those who did not sign."""
    spread = terms.spread
    if spread is None:
        return
    if not any(right.basis.key in JOINT for right in terms.rights):
        yield _problem(terms, "spread", "what is spread is an agreement on § 59 stk. 2, § 60 or § 60 a; this one has none")
    if not terms.organisations:
        yield _problem(
            terms, "spread", "name the organisations that signed: without them the agreement is about every organisation already"
        )
    for name in sorted(terms.organisations.intersection(spread.organisations)):
        yield _problem(terms, "organisations", f"{name} signed the agreement itself and cannot be bound by the spread")
    yield from _cover(terms, spread)
    latest = shift(spread.decided_on, Span(years=REVIEW_YEARS))
    reviewed = f"the decision is reviewed within {REVIEW_YEARS} years, by {latest}"
    if spread.review_by is None:
        yield _problem(terms, "review_by", f"'review_by' is needed: {reviewed}")
    elif latest is not None and spread.review_by > latest:
        yield _problem(terms, "review_by", f"{reviewed}; {spread.review_by} is later")
    elif spread.review_by < spread.decided_on:
        yield _problem(terms, "review_by", f"{spread.review_by} lies before the decision ({spread.decided_on})")


def _cover(terms: Terms, spread: Spread) -> Iterator[Problem]:
    if spread.covered > spread.all:
        yield _problem(terms, "covered_dwellings", f"{spread.covered} of {spread.all} dwellings are more than there are")
    elif 2 * spread.covered <= spread.all and not spread.minister_allows:
        how = "exactly half" if 2 * spread.covered == spread.all else "less than half"
        found = f"{spread.covered} of {spread.all} family dwellings are {how}"
        message = f"{found}: the council binds others only above 50 %, else the minister allows it"
        yield _problem(terms, "covered_dwellings", message)


def _problem(terms: Terms, key: str, message: str) -> Problem:
    keys = ("spread",) if key == "spread" else ("spread", key)
    return Problem(terms.at(*keys), "A_SPREAD", f"{message} ({LAW})")
