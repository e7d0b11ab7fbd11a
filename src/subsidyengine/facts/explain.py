"""What a fact is: its name in both languages, how to give it, and which rules read it."""

from __future__ import annotations

from typing import Any

from ..formula import Formula, near, plain
from ..rulebook import Fact, Rulebook, Scheme, Text, formulas, value_of
from ..words import say

_EXAMPLES = {
    "bool": "true", "integer": "1", "date": "2026-03-01", "dates": "[2026-03-01, 2027-03-01]", "text": '"..."',
}  # fmt: skip
_NUMBERS = {"DKK/month": "5500.00", "DKK/year": "240000.00", "DKK": "12000.00", "DKK/day": "117.00", "share": "0.40",
            "m2": "48.5", "year": "2", "month": "6", "day": "30"}  # fmt: skip


class UnknownFact(LookupError):
    """No fact of that name; the text has the near match."""


def explain(rulebook: Rulebook, name: str) -> dict[str, Any]:
    """Everything there is to say of the fact ``name`` as plain data (titles and texts as ``{da, en}``).

    ``read_by`` lists each scheme that reads it: the conditions and values that do, directly or through a value, and
    whether the scheme is answered unasked when the fact is given. Raises UnknownFact with the near match.
    """
    fact = rulebook.facts.get(name)
    if fact is None:
        raise UnknownFact(say("unknown fact '{name}'{hint}", name=name, hint=near(name, rulebook.facts)))
    return {
        "fact": fact.name,
        "title": _pair(fact.title),
        "ask": _pair(fact.ask),
        "type": fact.kind,
        "unit": fact.unit or None,
        "values": {word: _pair(text) for word, text in fact.values.items()} or None,
        "min": plain(fact.min),
        "max": plain(fact.max),
        "note": _pair(fact.note) if fact.note else None,
        "assessment": fact.assessment,
        "personal": fact.personal,
        "derived_from": fact.derived_from,
        "example": example(fact),
        "read_by": [use for scheme in rulebook.schemes.values() if (use := _use(scheme, name))],
    }


def example(fact: Fact) -> str:
    """A line of YAML that gives the fact: ``lease: {rent: 5500.00}``."""
    if fact.kind == "enum":
        value = next(iter(fact.values))
    elif fact.kind == "number":
        value = _NUMBERS.get(fact.unit, "1.5")
    else:
        value = _NUMBERS.get(fact.unit) or _EXAMPLES[fact.kind]
    if fact.assessment:
        value = f'{{value: {value}, by: "...", on: 2026-03-01, why: "..."}}'
    *groups, last = fact.name.split(".")
    text = f"{last}: {value}"
    for group in reversed(groups):
        text = f"{group}: {{{text}}}"
    return text


def _pair(text: Text) -> dict[str, str]:
    return {"da": text.da, "en": text.en}


def _use(scheme: Scheme, fact: str) -> dict[str, Any] | None:
    through = _values(scheme, fact)

    def reads(formula: Formula | None) -> bool:
        return formula is not None and (fact in formula.facts or not through.isdisjoint(formula.values))

    conditions = [
        condition.name
        for condition in scheme.conditions.values()
        if condition.law_of == fact
        or value_of(condition.law_of) in through
        or any(reads(formula) for version in condition.versions.rows for formula in (version.holds, version.when))
    ]
    touched = fact in scheme.touched_by or any(fact in clause.touched_by for clause in scheme.clauses)
    if not conditions and not through and not touched and not any(reads(f) for f in formulas(scheme)):
        return None
    return {
        "scheme": scheme.id,
        "title": _pair(scheme.title),
        "conditions": conditions,
        "values": sorted(through),
        "answered_when_given": touched,
    }


def _values(scheme: Scheme, fact: str) -> set[str]:
    """Names of the scheme's values that read ``fact``, also through other values."""
    found: set[str] = set()
    while True:
        more = {
            value.name
            for value in scheme.values.values()
            if value.name not in found
            and (
                value.law_of == fact
                or any(
                    version.formula is not None and (fact in version.formula.facts or not found.isdisjoint(version.formula.values))
                    for version in value.versions.rows
                )
            )
        }
        if not more:
            return found
        found |= more
