"""Names in a table that are nearly those of an agreement.

An agreement is about a dwelling only where the names are the same to the letter. One that is spelt otherwise is passed over, and
the vacancy is counted under other terms; nobody but the writer knows whether that is meant, so it is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from ..facts import CaseProblem
from ..rulebook import Place
from ..words import say
from .load import Agreements
from .terms import Terms
from .vacancies import Vacancy

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae", "ü": "u", "é": "e"})
#: How alike two names must be, and from how many letters a name may be the beginning of another.
_ALIKE, _BEGINNING = 0.85, 6
#: Rows named in a message.
_MOST = 10
#: Municipality, organisation, department and property.
Where = tuple[str, str, str, str]
COLUMNS = ("municipality", "organisation", "department", "property", "dwelling")


class _Slip(NamedTuple):
    file: str
    column: str
    written: str
    near: str
    agreement: str


def near_misses(vacancies: Iterable[Vacancy], agreements: Agreements) -> list[CaseProblem]:
    """A line for each name that keeps an agreement from a vacancy by its spelling, with the rows; in order of the first row."""
    found: dict[_Slip, list[int]] = {}
    places: dict[Where, list[Vacancy]] = {}
    for vacancy in vacancies:
        where = (vacancy.municipality, vacancy.organisation, vacancy.department, vacancy.property_)
        places.setdefault(where, []).append(vacancy)
    for terms in agreements.alone:
        names = _Names(terms)
        for where, some in places.items():
            fixed = names.mended(where)
            if fixed is None or (fixed == where and not names.dwellings):
                continue
            for vacancy in some:
                before = (*where, vacancy.dwelling)
                after = (*fixed, _same_or_near(vacancy.dwelling, names.dwellings) or vacancy.dwelling)
                if before != after and _would_be_closer(terms, where, fixed, vacancy, agreements):
                    for column, written, near in zip(COLUMNS, before, after, strict=True):
                        if written != near:
                            found.setdefault(_Slip(vacancy.file, column, written, near, terms.id), []).append(vacancy.row)
    slips = sorted(found.items(), key=lambda item: (item[0].file, min(item[1]), item[0]))
    return [CaseProblem(Place(slip.file, min(rows)), slip.column, _message(slip, sorted(rows))) for slip, rows in slips]


def _message(slip: _Slip, rows: list[int]) -> str:
    named = ", ".join(str(row) for row in rows[:_MOST]) + (f" ... (+{len(rows) - _MOST})" if len(rows) > _MOST else "")
    return say(
        "'{written}' is nearly '{near}' of the agreement {agreement}, which is not used for it; rows {rows}",
        written=slip.written, near=slip.near, agreement=slip.agreement, rows=named,
    )  # fmt: skip


class _Names:
    """The names that an agreement has for where it is about."""

    def __init__(self, terms: Terms) -> None:
        self.municipality = frozenset({terms.municipality} - {""})
        bound = terms.organisations.union(terms.spread.organisations) if terms.spread else terms.organisations
        self.parties = (bound, terms.departments, terms.properties)
        self.steps = frozenset(name for right in terms.rights for step in right.steps for name in step.departments)
        self.dwellings = frozenset(name for right in terms.rights for name in right.dwellings)

    def mended(self, where: Where) -> Where | None:
        """``where`` with the agreement's names for those that are nearly the same; None where one is another name."""
        town = _same_or_near(where[0], self.municipality)
        if town is None and where[0]:  # a municipality that is not said is no other one
            return None
        others = [_same_or_near(written, known) for written, known in zip(where[1:], self.parties, strict=True)]
        organisation, department, property_ = others
        if organisation is None or department is None or property_ is None:
            return None
        return (town or "", organisation, _same_or_near(department, self.steps) or department, property_)


def _same_or_near(written: str, known: frozenset[str]) -> str | None:
    """The name among ``known`` that is written, or nearly; ``written`` itself where any will do."""
    if not known or written in known:
        return written
    return next((name for name in sorted(known) if written and _near(written, name)), None)


def _would_be_closer(terms: Terms, where: Where, fixed: Where, vacancy: Vacancy, agreements: Agreements) -> bool:
    """Would ``terms`` count for the vacancy if it were spelt as they have it, and do they not now?"""
    sector, day = "private" if vacancy.kind == "private" else "social", vacancy.ordered_on
    if terms.sector != sector or not terms.holds_on(day):
        return False
    try:
        now = agreements.for_dwelling(sector, *where, day)
    except ValueError:
        return False
    return terms.id == now.id or terms.reach(*fixed, day) > now.reach(*where, day)


@lru_cache(maxsize=65_536)
def _near(one: str, other: str) -> bool:
    """Are two names nearly the same? Never where their numbers differ: 'Afdeling 12' is not 'Afdeling 13'."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    short, long = sorted((_plain(one), _plain(other)), key=len)
    if short == long or (len(short) >= _BEGINNING and long.startswith(short)):
        return True
    return len(short) >= _BEGINNING and SequenceMatcher(None, short, long).ratio() >= _ALIKE


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold().translate(_LETTERS))
