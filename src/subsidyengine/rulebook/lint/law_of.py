"""R_LAW_OF: the fact that chooses the version is a date, and the same one for all versions of a thing."""

from __future__ import annotations

from collections.abc import Iterator

from ...words import say
from ..book import Rulebook
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition and value whose versions are chosen by the day of a fact."""
    for scheme in book.schemes.values():
        for kind, things in ((say("condition"), scheme.conditions), (say("value"), scheme.values)):
            for thing in things.values():
                fact = book.facts.get(thing.law_of or "")
                if fact is not None and fact.type.kind != "date":
                    message = say(
                        "{kind} {name}: law_of is a fact that is a date; {fact} is {type}",
                        kind=kind,
                        name=thing.name,
                        fact=fact.name,
                        type=fact.type,
                    )
                    yield Problem(thing.place, "R_LAW_OF", message)
                for version in thing.versions.rows[1:]:
                    if version.law_of not in (None, thing.law_of):
                        chosen = thing.law_of or say("the day asked for")
                        message = say(
                            "{kind} {name}: one day chooses all its versions; law_of is {given} here, {chosen} above",
                            kind=kind,
                            name=thing.name,
                            given=version.law_of,
                            chosen=chosen,
                        )
                        yield Problem(version.place, "R_LAW_OF", message)
