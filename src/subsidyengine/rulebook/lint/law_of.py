"""R_LAW_OF: what chooses the version is a date, and the same one for all versions of a thing.

A named value that chooses, and those that it reads, have one version: they cannot turn on what it chooses.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...words import say
from ..book import Rulebook
from ..model import NamedValue, Scheme
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition and value whose versions are chosen by the day of a fact."""
    for scheme in book.schemes.values():
        for name in sorted(scheme.choosing):
            value = scheme.values.get(name)
            if value is not None and (value.type.kind != "date" or any(len(v.versions.rows) > 1 for v in _read(scheme, name))):
                message = say("value {name}: law_of is a date; it and the values that it reads have one version", name=name)
                yield Problem(value.place, "R_LAW_OF", message)
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


def _read(scheme: Scheme, name: str) -> Iterator[NamedValue]:
    """A value and those that it reads."""
    if (value := scheme.values.get(name)) is not None:
        yield value
        for version in value.versions.rows:
            for other in version.formula.values if version.formula else ():
                yield from _read(scheme, other)
