"""Before a law began: where it is not established what held then, every rule of the scheme is unknown until that day.

One line in the scheme (``known_since``) instead of a version of every condition. What asks for no fact stays: a condition such as
``on >= date(1999, 1, 1)`` says itself when the law began. So does a version that ends before the day: it was written for those days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from .model import AmountVersion, Clause, Condition, ConditionVersion, KnownSince, PeriodVersion, Scheme, Versions

DAY = timedelta(days=1)


def bounded(scheme: Scheme, since: KnownSince) -> Scheme:
    """``scheme`` with an unknown version of each condition, amount and period before the day."""

    def condition(item: Condition) -> Condition:
        return replace(item, versions=_before(item.versions, since, _unknown_condition))

    def clause(item: Clause) -> Clause:
        amount = item.amount and _before(item.amount, since, _unknown_amount)
        return replace(item, amount=amount, period=item.period and _before(item.period, since, _unknown_period))

    return replace(
        scheme,
        conditions={name: condition(item) for name, item in scheme.conditions.items()},
        clauses=tuple(clause(item) for item in scheme.clauses),
        known_since=since,
    )


def _before(versions: Versions[Any], since: KnownSince, unknown: Callable[[Any, KnownSince], Any]) -> Versions[Any]:
    first = versions.rows[0]
    if first.from_ is not None or (first.until or date.max) < since.day or not _reads(first):
        return versions
    return Versions((replace(unknown(first, since), until=since.day - DAY), replace(first, from_=since.day), *versions.rows[1:]))


def _reads(version: Any) -> bool:
    """Does a version read anything of the case? One that is unknown already, or asks only what day it is, does not."""
    if isinstance(version, ConditionVersion):
        holds = version.holds
        return holds is not None and bool(holds.facts or holds.values or holds.reads_period)
    return version.start is not None if isinstance(version, PeriodVersion) else version.formula is not None


def _unknown_condition(version: ConditionVersion, since: KnownSince) -> ConditionVersion:
    # Without `when`: what is not established bears on every case, or leaving it out would grant.
    return replace(version, holds=None, when=None, why=since.why, cites=since.cites, note=None, ask=None, place=since.place)


def _unknown_amount(version: AmountVersion, since: KnownSince) -> AmountVersion:
    return replace(version, formula=None, why=since.why, cites=since.cites, place=since.place)


def _unknown_period(version: PeriodVersion, since: KnownSince) -> PeriodVersion:
    return replace(version, start=None, end=None, open_when=None, why=since.why, cites=since.cites, place=since.place)
