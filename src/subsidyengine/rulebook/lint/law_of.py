"""R_LAW_OF: the fact that chooses the version is a date, and the same one for all versions of a thing."""

from __future__ import annotations

from collections.abc import Iterator

from ..book import Rulebook
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition and value whose versions are chosen by the day of a fact."""
    for scheme in book.schemes.values():
        for kind, things in (("condition", scheme.conditions), ("value", scheme.values)):
            for thing in things.values():
                fact = book.facts.get(thing.law_of or "")
                if fact is not None and fact.type.kind != "date":
                    message = f"{kind} {thing.name}: law_of is a fact that is a date; {fact.name} is {fact.type}"
                    yield Problem(thing.place, "R_LAW_OF", message)
                for version in thing.versions.rows[1:]:
                    if version.law_of not in (None, thing.law_of):
                        chosen = thing.law_of or "the day asked for"
                        message = f"{kind} {thing.name}: one day chooses all its versions; law_of is {version.law_of} here, {chosen} above"
                        yield Problem(version.place, "R_LAW_OF", message)
