"""What a municipality or an agreement adds to the law: the conditions of local layers, and the facts that they read."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import Formula
from ..model import Condition, ConditionVersion, Scheme

LOCAL = ("local-agreement", "local-policy")


def local_conditions(scheme: Scheme) -> Iterator[tuple[Condition, ConditionVersion]]:
    """Each version of a condition that no statute or order made."""
    for condition in scheme.conditions.values():
        for version in condition.versions.rows:
            if version.layer in LOCAL:
                yield condition, version


def facts_read(scheme: Scheme, *formulas: Formula | None) -> list[str]:
    """Facts that formulas read, by way of named values too, each once."""
    found: dict[str, None] = {}
    for formula in formulas:
        if formula is None:
            continue
        found.update(dict.fromkeys(formula.facts))
        for name in formula.values:  # a value reads only values above it, so this ends
            rows = scheme.values[name].versions.rows if name in scheme.values else ()
            found.update(dict.fromkeys(facts_read(scheme, *(v.formula for v in rows))))
    return list(found)
