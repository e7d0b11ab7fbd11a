"""The whole rulebook, and what it says on one day as known on another: two times, as design.md has them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .model import Appeal, Cite, ConditionVersion, Fact, Rate, RateRow, Scheme, Setting, Source, Text, value_of


@dataclass(frozen=True, slots=True)
class Overlay:
    """Who settled, on what day, what the law leaves open."""

    name: str
    by: str
    on: date
    layer: str
    reason: Text


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Rulebook:
    """All rules at all times. ``hash`` names its content: the same files give the same hash everywhere."""

    hash: str
    facts: Mapping[str, Fact]
    sources: Mapping[str, Source]
    appeals: Mapping[str, Appeal]
    settings: Mapping[str, Setting]
    rates: Mapping[str, Rate]
    schemes: Mapping[str, Scheme]
    overlays: tuple[Overlay, ...] = ()
    #: Texts of formulas that could not be read; names in them count as used.
    broken: tuple[str, ...] = field(default=())
    #: Names that stand in files but could not be read (``rate.x``, ``source:act``, ``scheme:a.b``), and the files of
    #: words that could not be read at all (``sources``): nothing else complains that these are missing.
    unread: frozenset[str] = field(default=frozenset())
    #: The rulebook that the last of ``overlays`` was laid over.
    below: Rulebook | None = None

    def cite_text(self, cites: Sequence[Cite]) -> str:
        """Citations as printed: ``BEK 718/2013 § 1 stk. 2; serviceloven § 163 a``."""
        parts = []
        for cite in cites:
            source = self.sources.get(cite.source)
            parts.append(f"{source.short if source else cite.source} {cite.provision}".strip())
        return "; ".join(parts)

    def as_known(self, known: date | None) -> Rulebook:
        """The rulebook without the overlays of a later day than ``known`` (None: all that is known now).

        What a municipality settled on 1 May was no law of its in February. An overlay that lies on a later one rests on
        it, and goes with it.
        """
        book = self
        while known is not None and book.below is not None and any(o.on > known for o in book.overlays):
            book = book.below
        return book

    def as_of(self, valid: date, known: date | None = None) -> Snapshot:
        """The law of the day ``valid`` as it was known on ``known`` (None: all that is known now)."""
        return Snapshot(self.as_known(known), valid, known)

    def law_days(self, scheme: Scheme) -> list[date]:
        """Days on which some version that ``scheme`` itself holds begins (rates apart), sorted."""
        days: set[date] = set()
        for condition in scheme.conditions.values():
            # A value can follow the day asked for.
            if condition.law_of is None or value_of(condition.law_of):
                days.update(condition.versions.starts())
        for value in scheme.values.values():
            if value.law_of is None:
                days.update(value.versions.starts())
        for clause in scheme.clauses:
            for versions in (clause.amount, clause.period):
                if versions is not None and (scheme.law_of is None or value_of(scheme.law_of)):
                    days.update(versions.starts())
        return sorted(days)


def era(days: Sequence[date], day: date) -> int:
    """Which stretch between law changes ``day`` falls in; equal eras are the same law."""
    return bisect_right(days, day)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One day's law as known on another day."""

    rulebook: Rulebook
    valid: date
    known: date | None

    def rate(self, name: str, day: date | None = None) -> RateRow:
        """The row of a rate on ``day`` (default: the snapshot's day)."""
        return self.rulebook.rates[name].at(day or self.valid, self.known)

    def law(self, scheme_id: str) -> dict[str, ConditionVersion]:
        """That day's version of each condition of a scheme, in the order of the file."""
        scheme = self.rulebook.schemes[scheme_id]
        return {name: condition.versions.at(self.valid) for name, condition in scheme.conditions.items()}
