"""A_BASIS: a right rests on a basis of its own sector, and what only an agreement can give does not rest on a decision alone.

The council decides by itself on a share and nothing else: a rent band, a quota, an answer deadline or turns that stand over are
agreed (almenboligloven § 59 stk. 2 against stk. 1).
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rulebook import Problem, Rulebook
from ...words import Message, say
from ..terms import Right, Terms

LIMITS = (
    ("limits", say("a limit of rent, size or rooms")),
    ("quota_per_year", say("a yearly quota")),
    ("dwellings", say("named dwellings")),
)
AGREED = ("counting", "answer", "exempt", "spread", "notice_to_end", "signed_on")
AGREEMENT_LAW = "almenboligloven § 59 stk. 2"


def check(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    """Rights of the wrong sector, rights of the council with agreed terms, and agreed terms where there is no agreement."""
    alone = terms.basis == "statute" and not terms.national
    for right in terms.rights:
        law = rulebook.cite_text(right.basis.cites)
        for key, message in _problems(terms, right, alone):
            told = say("{right}: {message} ({law})", right=right.name, message=message, law=law)
            yield Problem(terms.at("rights", right.index, key), "A_BASIS", told)
    if alone:
        for key in AGREED:
            if terms.written(key):
                message = say(
                    "'{key}' is for the parties to agree; a decision alone (basis: statute) leaves it as the law has it ({law})",
                    key=key, law=AGREEMENT_LAW,
                )  # fmt: skip
                yield Problem(terms.at(key), "A_BASIS", message)


def _problems(terms: Terms, right: Right, alone: bool) -> Iterator[tuple[str, Message]]:
    """Key and message of what is wrong with one right."""
    basis = right.basis
    if basis.sector != terms.sector:
        message = say("{basis} is about sector {one}, the agreement about {other}", basis=basis.key, one=basis.sector, other=terms.sector)
        yield "basis", message
    elif basis.needs_decision:
        for key, what in LIMITS:
            if terms.written("rights", right.index, key):
                yield key, say("{what} is no part of what the council decides alone; agree it, with basis section_59_2", what=what)
    elif alone and basis.drawn_by == "municipality":
        yield "basis", say("{basis} is a right by agreement, and this file is a decision alone (basis: statute)", basis=basis.key)
