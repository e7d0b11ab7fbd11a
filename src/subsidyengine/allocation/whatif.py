"""What if the terms had been others? The same vacancies are shared out again, and what changes is set beside what was.

Under other terms nobody knows what the municipality would have used, so every turn counts as used there; beside it stands
how many turns the terms in force gave, and how many were used in fact. Where the effect of a pass is what is tried, the dwellings
that were passed in fact are passed again. Days without a tenant are assumed, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median_low

from ..formula import SATURDAY, quantize
from ..rulebook import Rulebook
from . import sequence
from .desk import Desk, share_out
from .draw import Draw
from .law import Law
from .load import Agreements
from .terms import Param, Range, Right, Step, Terms
from .vacancies import Vacancy

#: Rents that policy and statistics speak of (kr. a month): the row below each figure.
BANDS: tuple[int, ...] = (3_500, 4_000, 4_500, 6_000)
#: Days without a tenant where no dwelling that was used tells.
NO_HISTORY_DAYS = 14
#: The rights of the municipality that other terms are put in place of; transitional and re-housing dwellings stay as they are.
CHANGED = ("section_59_1", "section_59_2")
#: The parameters of counting that can be tried.
TRIED = ("passing", "position", "unit", "outside_limits", "internal_moves", "new_buildings")


@dataclass(frozen=True, slots=True)
class Other:
    """The terms to try: what is None stays as it is."""

    share: Fraction | None = None
    rent: Range | None = None
    passing: str | None = None
    #: With passing ``carried``: how many turns may stand over.
    at_most: int | None = None
    position: str | None = None
    unit: str | None = None
    outside_limits: str | None = None
    internal_moves: str | None = None
    new_buildings: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One column of the comparison. Rents in DKK a month; ``rent_total`` is the rent of empty dwellings in DKK.

    ``passed``: turns that the municipality passed; ``open``: vacancies of which a figure is missing, so that nobody can say whose
    they are.
    """

    dwellings: tuple[Vacancy, ...]
    counted: int
    rents: tuple[Fraction, ...]
    rent_total: Decimal
    no_rent: int
    passed: int
    open: int

    @property
    def bands(self) -> tuple[int, ...]:
        """How many dwellings by rent: below each of ``BANDS``, and from the last on."""
        edges = (*BANDS, None)
        low = Fraction(-1)
        found = []
        for edge in edges:
            found.append(sum(low <= r and (edge is None or r < edge) for r in self.rents))
            low = Fraction(edge) if edge is not None else low
        return tuple(found)

    @property
    def middle(self) -> Fraction | None:
        """The (lower) median rent."""
        return median_low(self.rents) if self.rents else None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``used``: used in fact; ``now``: every turn of the terms in force; ``then``: every turn of the other terms."""

    used: Outcome
    now: Outcome
    then: Outcome
    days: int
    #: How many dwellings used told the days; 0: none, so a default; None: the days were given.
    days_from: int | None
    gained: tuple[Vacancy, ...]
    lost: tuple[Vacancy, ...]
    #: Parameters that the answers lean on though nothing settles them, with the terms that have them.
    leans: tuple[tuple[Terms, str], ...]
    other: Other
    #: Private rentals have a right of their own (lov om boligforhold §§ 49-57 a), which the other terms are not about: left out.
    private: tuple[Vacancy, ...]


def what_if(
    vacancies: Sequence[Vacancy], rulebook: Rulebook, agreements: Agreements, on: date, other: Other, days: int | None = None,
    terms: Terms | None = None,
) -> WhatIf:  # fmt: skip
    """Replay ``vacancies`` under ``other`` terms. ``days``: days without a tenant a dwelling (default: the median of those used).

    ``terms``: those in force for every vacancy, whatever the agreements say.
    """
    fact = share_out(vacancies, rulebook, agreements, on, terms=terms)
    seen = _days_of(fact)
    assumed = days if days is not None else median_low(seen) if seen else NO_HISTORY_DAYS
    saturday = rulebook.settings[SATURDAY].value is True
    passes = other.passing is not None
    now = sequence.run(vacancies, agreements, on, saturday, terms, all_used=True, passes=passes)
    altered = None if terms is None else _altered(terms, other, agreements)
    then = sequence.run(vacancies, changed(agreements, other), on, saturday, altered, all_used=True, passes=passes)
    law = Law(rulebook, on)
    left, right = _turns(now.draws, law, assumed), _turns(then.draws, law, assumed)
    before, after = ({v.vacancy for v in outcome.dwellings} for outcome in (left, right))
    return WhatIf(
        _used(fact), left, right, assumed, None if days is not None else len(seen),
        tuple(v for v in right.dwellings if v.vacancy not in before), tuple(v for v in left.dwellings if v.vacancy not in after),
        tuple({(d.terms.id, name): (d.terms, name) for d in (*now.draws, *then.draws) for name in d.leans}.values()),
        other,
        tuple(d.vacancy for d in then.draws if d.terms.sector == "private"),
    )  # fmt: skip


def changed(agreements: Agreements, other: Other) -> Agreements:
    """Every agreement for social dwellings with ``other`` in place of the municipality's own share."""
    return replace(
        agreements,
        statutes={key: _altered(terms, other, agreements) for key, terms in agreements.statutes.items()},
        terms={key: _altered(terms, other, agreements) for key, terms in agreements.terms.items()},
    )


def _altered(terms: Terms, other: Other, agreements: Agreements) -> Terms:
    if terms.sector != "social":
        return terms
    params = dict(terms.params)
    for name in TRIED:
        value = getattr(other, name)
        if value is not None:
            old = params[name]
            params[name] = Param(name, value, True, old.cites, None, old.place, other.at_most if name == "passing" else None)
    return replace(terms, params=params, rights=tuple(_right(r, other, agreements) for r in terms.rights))


def _right(right: Right, other: Other, agreements: Agreements) -> Right:
    if right.basis.key not in CHANGED:
        return right
    changes: dict[str, object] = {}
    if other.share is not None:
        changes["steps"] = (Step(other.share, frozenset(), None, None),)
        changes |= {"quota": None, "dwellings": frozenset()}
        ceiling = agreements.bases["section_59_1"].ceiling
        changes["basis"] = agreements.bases["section_59_2" if ceiling is not None and other.share > ceiling else right.basis.key]
    if other.rent is not None:
        changes["limits"] = {**right.limits, "rent": other.rent}
    changes |= {name: getattr(other, name) for name in ("position", "unit") if getattr(other, name) is not None}
    return replace(right, **changes)  # type: ignore[arg-type]


def _own(draw: Draw) -> bool:
    """Is it a turn of the municipality's own share?"""
    return draw.drawn is not None and draw.drawn.basis.key in CHANGED


def _days_of(desk: Desk) -> list[int]:
    """Days without a tenant of the dwellings that were used."""
    found = []
    for item in desk.items:
        if _own(item.draw) and item.draw.status == "used":
            rent = item.ruling.liability
            if rent is not None and rent.days is not None and not rent.open_ended:
                found.append(rent.days)
    return found


def _used(desk: Desk) -> Outcome:
    """What was used in fact; the rent is that of every turn, also of those passed and withdrawn."""
    draws = [item.draw for item in desk.items]
    rents = (item.ruling.liability for item in desk.items if _own(item.draw))
    return _outcome(draws, sum((r.total for r in rents if r is not None and r.total is not None), Decimal("0.00")))


def _turns(draws: Sequence[Draw], law: Law, days: int) -> Outcome:
    total = Decimal("0.00")
    for vacancy in _dwellings(draws):
        rent, start = vacancy.net_rent, vacancy.vacant_from
        if rent is not None and days:
            total += quantize(law.cost(start, start + timedelta(days=days - 1), rent), "0.01", ROUND_HALF_UP)
    return _outcome(draws, total)


def _outcome(draws: Sequence[Draw], rent_total: Decimal) -> Outcome:
    used = _dwellings(draws)
    rents = sorted(Fraction(v.net_rent) for v in used if v.net_rent is not None)
    return Outcome(
        used, _counted(draws), tuple(rents), rent_total, len(used) - len(rents), sum(_own(d) and d.status == "passed" for d in draws),
        sum(d.owner is None and d.terms.sector == "social" for d in draws),
    )  # fmt: skip


def _dwellings(draws: Sequence[Draw]) -> tuple[Vacancy, ...]:
    """The dwellings that the municipality used of its own share."""
    return tuple(d.vacancy for d in draws if _own(d) and d.status == "used")


def _counted(draws: Iterable[Draw]) -> int:
    """Vacancies that the municipality's own share counts."""
    return sum(any(e is not None and e.account.right.basis.key in CHANGED for e in d.counted.values()) for d in draws)
