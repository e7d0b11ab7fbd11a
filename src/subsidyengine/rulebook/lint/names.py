"""S_NAME: a fact, or a value of an enumeration, can be written in a formula."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from ..book import Rulebook
from ..problems import Problem

GROUPS = ("rate", "value", "setting", "period")
WORDS = ("on", "true", "false", "unknown")


def check(book: Rulebook) -> Iterator[Problem]:
    """Every fact of the vocabulary."""
    for fact in book.facts.values():
        parts = fact.name.split(".")
        if parts[0] in GROUPS:
            message = f"fact {fact.name}: '{parts[0]}.' is how formulas name a {parts[0]}; use another first word"
            yield Problem(fact.place, "S_NAME", message)
        for part in parts:
            if iskeyword(part):
                yield Problem(fact.place, "S_NAME", f"fact {fact.name}: '{part}' is a word of the formula language; use another")
        for value in fact.values:
            if value in WORDS or iskeyword(value):
                message = f"fact {fact.name}: the value '{value}' is a word of the formula language; use another"
                yield Problem(fact.place, "S_NAME", message)
