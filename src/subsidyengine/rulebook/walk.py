"""Every formula of a scheme, for those who ask what a scheme reads."""

from __future__ import annotations

from collections.abc import Iterator

from ..formula import Formula
from .model import Scheme


def formulas(scheme: Scheme) -> Iterator[Formula]:
    """Every formula of a scheme."""
    for value in scheme.values.values():
        yield from (v.formula for v in value.versions.rows if v.formula)
    for condition in scheme.conditions.values():
        for version in condition.versions.rows:
            yield from (f for f in (version.holds, version.when) if f)
    for clause in scheme.clauses:
        if clause.when:
            yield clause.when
        for amount in clause.amount.rows if clause.amount else ():
            if amount.formula:
                yield amount.formula
        for period in clause.period.rows if clause.period else ():
            yield from (f for f in (period.start, period.end, period.open_when) if f)
        for event in clause.events:
            yield from (f for f in (event.on, event.when) if f)
    yield from (n.when for n in scheme.notes if n.when)
