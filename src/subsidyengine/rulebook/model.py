"""The rulebook in memory: immutable, every piece with its citation, its days in force and its place in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Generic, Literal, Protocol, TypeVar

from ..formula import Formula, Lang, Type
from ..inference import Conclusion
from .source import Place

Certainty = Literal["text", "secondary", "inferred", "unknown"]
CERTAINTIES: tuple[Certainty, ...] = ("text", "secondary", "inferred", "unknown")

_CITE = re.compile(r"(?P<source>[a-z0-9][a-z0-9-]*)(?: (?P<provision>.*?))??(?: \[(?P<mark>[^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    da: str
    en: str

    def get(self, lang: Lang) -> str:
        """The text in ``lang``."""
        return self.da if lang == "da" else self.en


@dataclass(frozen=True, slots=True)
class Cite:
    """One citation: a source of ``sources.yaml``, the provision in it, and how certain our reading is."""

    source: str
    provision: str
    mark: str
    place: Place

    @staticmethod
    def parse(text: str, place: Place) -> Cite:
        """Split ``bek-718-2013 § 1 stk. 2 [text]``; a citation without a mark gets an empty one (lint R_MARK)."""
        match = _CITE.fullmatch(text.strip())
        if match is None:
            return Cite(text, "", "", place)
        return Cite(match["source"], match["provision"] or "", match["mark"] or "", place)

    @property
    def rank(self) -> int:
        """0 (text) to 3 (unknown); a mark that is no mark counts as unknown."""
        return CERTAINTIES.index(self.mark) if self.mark in CERTAINTIES else len(CERTAINTIES) - 1


def weakest(cites: Sequence[Cite]) -> int:
    """Rank of the weakest citation; 0 where there is none."""
    return max((c.rank for c in cites), default=0)


class Dated(Protocol):
    """Anything that is law between two days."""

    @property
    def from_(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def place(self) -> Place: ...


class Cited(Dated, Protocol):
    """A version with its legal sources."""

    @property
    def cites(self) -> tuple[Cite, ...]: ...


V = TypeVar("V", bound=Dated)


@dataclass(frozen=True, slots=True)
class Versions(Generic[V]):
    """Versions of one thing over time, oldest first, without gap (lint R_GAP) or overlap (R_OVERLAP)."""

    rows: tuple[V, ...]

    def at(self, day: date) -> V:
        """The version that is law on ``day``."""
        for row in reversed(self.rows):
            if row.from_ is None or row.from_ <= day:
                return row
        return self.rows[0]

    def starts(self) -> list[date]:
        """Days on which a new version begins."""
        return [row.from_ for row in self.rows if row.from_ is not None]


@dataclass(frozen=True, slots=True)
class ConditionVersion:
    """``holds`` None: the law of these days is not known, for the reason ``why``."""

    from_: date | None
    until: date | None
    holds: Formula | None
    when: Formula | None
    cites: tuple[Cite, ...]
    says: Text
    ask: Text | None
    why: Text | None
    note: Text | None
    judgement: bool
    version: str
    place: Place
    #: The fact named here, if any; :class:`Condition` has the one that counts.
    law_of: str | None = None
    #: Who made it law: ``statute``, ``order``, ``local-agreement`` or ``local-policy``.
    layer: str = "statute"


@dataclass(frozen=True, slots=True)
class Condition:
    """One sentence of law over time. ``law_of``: the fact or value whose day chooses the version (None: the day asked for)."""

    name: str
    law_of: str | None
    versions: Versions[ConditionVersion]
    place: Place


@dataclass(frozen=True, slots=True)
class ValueVersion:
    from_: date | None
    until: date | None
    formula: Formula | None
    cites: tuple[Cite, ...]
    why: Text | None
    note: Text | None
    place: Place
    law_of: str | None = None


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A named sub-result of a scheme."""

    name: str
    title: Text
    type: Type
    law_of: str | None
    versions: Versions[ValueVersion]
    place: Place


@dataclass(frozen=True, slots=True)
class AmountVersion:
    from_: date | None
    until: date | None
    formula: Formula | None
    unit: str
    round: str
    cites: tuple[Cite, ...]
    why: Text | None
    zero_says: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class PeriodVersion:
    from_: date | None
    until: date | None
    start: Formula | None
    end: Formula | None
    #: Where this holds the period has no end, whatever ``end`` says.
    open_when: Formula | None
    cites: tuple[Cite, ...]
    why: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class EventRule:
    """A day that matters, computed from the facts."""

    on: Formula
    kind: str
    says: Text
    cites: tuple[Cite, ...]
    basis: str
    when: Formula | None
    place: Place


@dataclass(frozen=True, slots=True)
class Note:
    """Something that every decision must say; with ``open`` it also keeps the decision open."""

    says: Text
    when: Formula | None
    open: str | None
    cites: tuple[Cite, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Clause:
    """One answer of a scheme: the whole scheme, a part of it, or a route through it.

    ``conclusion`` is the name that the inference must reach, ``bears`` the pseudo-condition that says whether the
    clause bears on the case (empty for a scheme that is one clause).
    """

    name: str
    kind: Literal["scheme", "part", "route"]
    title: Text
    conclusion: str
    bears: str
    touched_by: tuple[str, ...]
    when: Formula | None
    conditions: tuple[str, ...]
    amount: Versions[AmountVersion] | None
    period: Versions[PeriodVersion] | None
    events: tuple[EventRule, ...]
    place: Place


def value_of(law_of: str | None) -> str | None:
    """The named value whose day chooses the version; None where it is a fact or the day asked for."""
    return law_of.removeprefix("value.") if law_of is not None and law_of.startswith("value.") else None


@dataclass(frozen=True, slots=True)
class KnownSince:
    """The first day on which it is established what the law of a scheme was, and why not before."""

    day: date
    why: Text
    cites: tuple[Cite, ...]
    place: Place

    def bounds(self, version: Dated) -> bool:
        """Is a version the unknown one that stands before the day, rather than one that was written?"""
        return version.place == self.place


@dataclass(frozen=True, slots=True)
class Scheme:
    """One question that the rulebook answers."""

    id: str
    title: Text
    decided_by: Text
    appeal: str
    layer: str
    touched_by: tuple[str, ...]
    pick: str
    values: Mapping[str, NamedValue]
    conditions: Mapping[str, Condition]
    conclusions: tuple[Conclusion, ...]
    clauses: tuple[Clause, ...]
    notes: tuple[Note, ...]
    file: str
    place: Place
    #: Where its appeal route (``appeal``) and each conclusion (by its name) stand.
    places: Mapping[str, Place] = field(default_factory=dict)
    #: The amount is what the citizen pays: never a decision that grants everything.
    charge: bool = False
    known_since: KnownSince | None = None
    #: The fact, or value (``value.name``), whose day chooses the versions (None: the day asked for).
    law_of: str | None = None

    @property
    def choosing(self) -> frozenset[str]:
        """Named values whose day chooses versions."""
        named = (value_of(n) for n in (self.law_of, *(c.law_of for c in self.conditions.values())))
        return frozenset(n for n in named if n is not None)

    def written(self, versions: Versions[V]) -> list[V]:
        """The versions that stand in the file: without the unknown one before the day that the law is known since."""
        return [row for row in versions.rows if self.known_since is None or not self.known_since.bounds(row)]

    def place_of(self, name: str) -> Place:
        """Where a conclusion stands."""
        return self.places.get(name.removesuffix(":any"), self.place)


@dataclass(frozen=True, slots=True)
class RateRow:
    """``value`` None: not established for these days, for the reason ``why``."""

    from_: date | None
    until: date | None
    known_from: date | None
    value: int | Fraction | None
    cites: tuple[Cite, ...]
    why: Text | None
    note: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class Rate:
    """A dated amount on two time axes: the day it holds for, and the day it was known."""

    name: str
    title: Text
    unit: str
    type: Type
    rows: tuple[RateRow, ...]
    place: Place

    def at(self, day: date, known: date | None = None) -> RateRow:
        """The row for ``day`` as known on ``known`` (None: all that is known now)."""
        best = self.rows[0]
        for row in self.rows[1:]:
            if row.from_ is not None and row.from_ > day:
                continue
            if known is not None and row.known_from is not None and row.known_from > known:
                continue
            if (row.from_ or date.min) >= (best.from_ or date.min):
                best = row
        return best

    def starts(self) -> list[date]:
        """Days on which a row begins."""
        return sorted({row.from_ for row in self.rows if row.from_ is not None})


@dataclass(frozen=True, slots=True)
class Setting:
    """A named parameter that the law leaves open. ``settled`` False: using it is disclosed as ``law_not_known``."""

    name: str
    title: Text
    type: Type
    unit: str
    value: bool | int | Fraction
    settled: bool
    cites: tuple[Cite, ...]
    why: Text | None
    place: Place
    #: Bounds of a number, both inclusive; an overlay stays inside them too.
    min: int | Fraction | None = None
    max: int | Fraction | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One word of the vocabulary."""

    name: str
    kind: str
    type: Type
    unit: str
    title: Text
    ask: Text
    note: Text | None
    values: Mapping[str, Text]
    min: int | Fraction | None
    max: int | Fraction | None
    assessment: bool
    personal: bool
    derived_from: str | None
    place: Place
    #: ``others``: about people outside the household of the case; ``residence``: how long somebody has lived somewhere.
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A law, order, guide or page that is cited."""

    key: str
    title: Text
    short: str
    kind: str
    versions: tuple[str, ...]
    urls: tuple[str, ...]
    read: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal route. ``established`` False: no letter may name it."""

    key: str
    title: Text
    established: bool
    body: Text | None
    sent_to: Text | None
    weeks: int | None
    suspensive: bool | None
    cites: tuple[Cite, ...]
    note: Text | None
    place: Place
    #: What a last day does when the office is closed (``next-weekday``, ``same-day``); None: not established.
    when_closed: str | None = None

    @property
    def settled(self) -> bool:
        """Can a letter name it? Established, with a body, an address and a time limit."""
        return self.established and None not in (self.body, self.sent_to, self.weeks)
