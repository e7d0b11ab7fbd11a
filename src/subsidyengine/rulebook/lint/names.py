"""S_NAME: a fact, or a value of an enumeration, can be written in a formula."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from ...words import say
from ..book import Rulebook
from ..problems import Problem

GROUPS = ("rate", "value", "setting", "period")
WORDS = ("on", "true", "false", "unknown")


def check(book: Rulebook) -> Iterator[Problem]:
    """Every fact of the vocabulary."""
    for fact in book.facts.values():
        parts = fact.name.split(".")
        if parts[0] in GROUPS:
            message = say("fact {name}: '{group}.' is how formulas name a {group}; use another first word", name=fact.name, group=parts[0])
            yield Problem(fact.place, "S_NAME", message)
        for part in parts:
            if iskeyword(part):
                message = say("fact {name}: '{word}' is a word of the formula language; use another", name=fact.name, word=part)
                yield Problem(fact.place, "S_NAME", message)
        for value in fact.values:
            if value in WORDS or iskeyword(value):
                message = say("fact {name}: the value '{word}' is a word of the formula language; use another", name=fact.name, word=value)
                yield Problem(fact.place, "S_NAME", message)
