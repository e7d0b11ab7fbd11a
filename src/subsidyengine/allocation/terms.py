"""The terms that a vacancy is shared out under: agreements under the statute, immutable, every parameter with its reason.

A parameter that neither law nor agreement settles keeps the default of the statute file and says so: an answer that leans
on it opens ``law_not_known``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from ..formula import Formula
from ..rulebook import Cite, Document, Place, Text

#: The parameters of ``counting`` in an agreement file, in the order they are shown.
PARAMETERS = (
    "unit", "position", "passing", "withdrawal", "silence", "not_offered", "outside_limits", "several_rights", "internal_moves",
    "new_buildings", "rent_when_passed", "earlier_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its value, whether it is settled, by what, and where it was written."""

    name: str
    value: str
    settled: bool
    cites: tuple[Cite, ...]
    why: Text | None
    place: Place
    #: Only for passing ``carried``: how many turns may stand over.
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """A basis of law. ``ceiling`` None: none is known. ``also_kinds`` are dwellings that it covers only where the agreement names them."""

    key: str
    title: Text
    sector: Literal["social", "private"]
    ceiling: Fraction | None
    kinds: tuple[str, ...]
    also_kinds: tuple[str, ...]
    drawn_by: Literal["municipality", "organisation", "landlord"]
    needs_decision: bool
    cites: tuple[Cite, ...]
    note: Text | None
    #: First day of the ceiling, where it has one.
    ceiling_from: date | None = None
    #: First day that a kind of dwelling is covered, where it was not always.
    since: Mapping[str, date] = field(default_factory=dict)
    #: The rate that has the ceiling; a right's own basis has it read, for the day that its agreement begins.
    ceiling_rate: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends included; None: no end."""

    low: Fraction | None
    high: Fraction | None

    def holds(self, value: int | Fraction | None) -> bool | None:
        """Is ``value`` inside? None when it is not known."""
        if value is None:
            return None
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Step:
    """A share for some departments (none: all) and days."""

    share: Fraction | None
    departments: frozenset[str]
    from_: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Right:
    """One right in the order of draws.

    ``steps`` give the share by department and day, the first that fits counts (share None: not known); ``quota`` is a number
    of dwellings a calendar year; ``dwellings`` are named ones. With none of the three it takes whatever reaches it.
    """

    name: str
    basis: Basis
    steps: tuple[Step, ...]
    quota: int | None
    dwellings: frozenset[str]
    property_dwellings: int | None
    kinds: frozenset[str]
    limits: Mapping[str, Range]
    position: str
    unit: str
    counts: str
    decided_on: date | None
    cites: tuple[Cite, ...]
    why: Text | None
    place: Place
    #: Who picks the tenant: as the basis has it, unless the agreement says otherwise.
    let_by: str = ""
    #: Its place among the rights of the file, from 0.
    index: int = 0

    @property
    def residual(self) -> bool:
        """Takes whatever reaches it."""
        return not self.steps and self.quota is None and not self.dwellings

    def share_at(self, department: str, day: date) -> Fraction | Literal[0] | None:
        """The share of a vacancy on ``day``: None when nobody knows it, 0 when no step is about it."""
        for step in self.steps:
            if step.departments and department not in step.departments:
                continue
            if (step.from_ is None or step.from_ <= day) and (step.until is None or day <= step.until):
                return step.share
        return 0

    def fits(self, rent: int | Fraction | None, area_m2: int | Fraction | None, rooms: int | Fraction | None) -> bool | None:
        """Is the dwelling inside the limits? None when a figure that matters is not known."""
        found: bool | None = True
        for name, value in (("rent", rent), ("area_m2", area_m2), ("rooms", rooms)):
            if (limit := self.limits.get(name)) is not None:
                inside = limit.holds(value)
                if inside is False:
                    return False
                if inside is None:
                    found = None
        return found

    def missing(self, rent: int | Fraction | None, area_m2: int | Fraction | None, rooms: int | Fraction | None) -> list[str]:
        """The figures that its limits ask for and that are not known."""
        return [n for n, v in (("rent", rent), ("area_m2", area_m2), ("rooms", rooms)) if n in self.limits and v is None]


@dataclass(frozen=True, slots=True)
class Exempt:
    """A cause of vacancy that is left out of the count."""

    cause: str
    settled: bool
    cites: tuple[Cite, ...]
    why: Text | None


@dataclass(frozen=True, slots=True)
class AnswerTerm:
    """How long the municipality has to answer."""

    days: int
    weekdays: bool
    settled: bool
    cites: tuple[Cite, ...]
    why: Text | None = None
    #: The rate that has the days, where the law does.
    rate: str | None = None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What the municipality answers for beside the rent."""

    restoration: bool
    arrears_months: int
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A local criterion over the applicant's facts."""

    name: str
    right: str
    holds: Formula | None
    effect: Literal["gate", "priority"]
    says: Text
    cites: tuple[Cite, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Spread:
    """§ 60 b: organisations bound without having signed."""

    organisations: tuple[str, ...]
    covered: int
    all: int
    decided_on: date
    review_by: date | None
    minister_allows: bool
    cites: tuple[Cite, ...]
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """One agreement, or the statute by itself."""

    id: str
    title: Text
    sector: Literal["social", "private"]
    basis: Literal["statute", "agreement"]
    municipality: str
    organisations: frozenset[str]
    departments: frozenset[str]
    properties: frozenset[str]
    from_: date | None
    until: date | None
    signed_on: date | None
    synthetic: bool
    cites: tuple[Cite, ...]
    notice_months: int | None
    params: Mapping[str, Param]
    rights: tuple[Right, ...]
    exempt: Mapping[str, Exempt]
    answer: AnswerTerm | None
    guarantee: Guarantee
    criteria: tuple[Criterion, ...]
    spread: Spread | None
    not_known: tuple[Text, ...]
    note: Text | None
    place: Place
    hash: str = field(default="")
    #: Agreements that this one stands instead of, such as a shipped one of which little is known.
    replaces: tuple[str, ...] = ()
    #: Private rentals: DKK that the municipality pays the owner for each dwelling.
    compensation: Fraction | None = None
    compensation_cites: tuple[Cite, ...] = ()
    notice_cites: tuple[Cite, ...] = ()
    #: Private rentals: a dwelling used once may be allocated again before the first day, not from the second; in between the law
    #: is not established (5 years by the act, an agreement of 6 by the ministry's page).
    again: tuple[date | None, date | None] = (None, None)
    #: The file as it was written, for the places of its parts.
    document: Document | None = field(default=None, repr=False)

    @property
    def national(self) -> bool:
        """The statute by itself: it holds everywhere and on every day."""
        return self.basis == "statute" and not self.municipality

    @property
    def named_only(self) -> bool:
        """Its first day is not known: it applies to no vacancy by itself, only where somebody names it."""
        return self.from_ is None and not self.national

    def at(self, *keys: str | int) -> Place:
        """Where a part of the file stands."""
        return self.document.place(keys) if self.document else self.place

    def step_at(self, right: Right, number: int) -> Place:
        """Where a share of a right stands: among its steps, or by itself."""
        keys = ("steps", number, "share") if self.written("rights", right.index, "steps") else ("share",)
        return self.at("rights", right.index, *keys)

    def written(self, *keys: str | int) -> Any:
        """What the file says at a path; None where it says nothing there, for instance what the statute gives."""
        here: Any = self.document.data if self.document else None
        for key in keys:
            if isinstance(here, dict):
                here = here.get(key)
            elif isinstance(key, int) and isinstance(here, list):
                here = here[key]
            else:
                return None
        return here

    @property
    def begins(self) -> date | None:
        """The day that its periods run from: when it was signed, else when it came into force."""
        return self.signed_on or self.from_

    def holds_on(self, day: date) -> bool:
        """Is it known to be in force on ``day``?"""
        if self.from_ is None:
            return self.national
        return self.from_ <= day and (self.until is None or day <= self.until)

    def bound_on(self, day: date) -> frozenset[str]:
        """The organisations that it binds: those that signed, and on the days of a spread (§ 60 b) the others too."""
        spread = self.spread
        if spread is None or day < spread.decided_on or (spread.review_by is not None and day > spread.review_by):
            return self.organisations
        return self.organisations.union(spread.organisations)

    def reach(self, municipality: str, organisation: str, department: str, property_: str, day: date) -> int:
        """How closely the terms are about a dwelling on ``day``: 0 not at all, the higher the closer.

        Where the municipality is not said, only its own name tells that an organisation is bound.
        """
        if self.national:
            return 1
        if self.municipality and self.municipality != municipality and (municipality or not self.organisations):
            return 0
        if self.organisations and organisation not in self.bound_on(day):
            return 0
        if (self.departments and department not in self.departments) or (self.properties and property_ not in self.properties):
            return 0
        return 2 + bool(self.organisations) + 2 * bool(self.departments or self.properties)
