"""A_SPREAD: when the council may bind organisations that did not sign (almenboligloven § 60 b)."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import Span, shift
from ...rulebook import Problem, Rulebook
from ...words import Message, say
from ..terms import Spread, Terms

LAW = "almenboligloven § 60 b"
REVIEW_YEARS = 4
JOINT = ("section_59_2", "section_60")


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """More than half of the dwellings, or the minister; a review within 4 years; only those who did not sign."""
    spread = terms.spread
    if spread is None:
        return
    for key, message in (*_parties(terms, spread), *_cover(spread), *_review(spread)):
        keys = ("spread", key) if key else ("spread",)
        yield Problem(terms.at(*keys), "A_SPREAD", say("{message} ({law})", message=message, law=LAW))


def _parties(terms: Terms, spread: Spread) -> Iterator[tuple[str, Message]]:
    if not any(right.basis.key in JOINT for right in terms.rights):
        yield "", say("what is spread is an agreement on § 59 stk. 2, § 60 or § 60 a; this one has none")
    if not terms.organisations:
        yield "", say("name the organisations that signed: without them the agreement is about every organisation already")
    for name in sorted(terms.organisations.intersection(spread.organisations)):
        yield "organisations", say("{name} signed the agreement itself and cannot be bound by the spread", name=name)


def _cover(spread: Spread) -> Iterator[tuple[str, Message]]:
    figures = {"covered": spread.covered, "all": spread.all}
    if spread.covered > spread.all:
        yield "covered_dwellings", say("{covered} of {all} dwellings are more than there are", **figures)
    elif 2 * spread.covered <= spread.all and not spread.minister_allows:
        how = say("exactly half") if 2 * spread.covered == spread.all else say("less than half")
        message = say(
            "{covered} of {all} family dwellings are {how}: the council binds others only above 50 %, else the minister allows it",
            how=how, **figures,
        )  # fmt: skip
        yield "covered_dwellings", message


def _review(spread: Spread) -> Iterator[tuple[str, Message]]:
    latest = shift(spread.decided_on, Span(years=REVIEW_YEARS))
    reviewed = say("the decision is reviewed within {years} years, by {day}", years=REVIEW_YEARS, day=latest)
    if spread.review_by is None:
        yield "review_by", say("'review_by' is needed: {reviewed}", reviewed=reviewed)
    elif latest is not None and spread.review_by > latest:
        yield "review_by", say("{reviewed}; {day} is later", reviewed=reviewed, day=spread.review_by)
    elif spread.review_by < spread.decided_on:
        yield "review_by", say("{day} lies before the decision ({decided})", day=spread.review_by, decided=spread.decided_on)
