"""A_REPLACES: an agreement stands instead of one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...formula import near
from ...rulebook import Problem
from ...words import say
from ..terms import Terms


def check(known: Mapping[str, Terms]) -> Iterator[Problem]:
    """Every name in ``replaces``."""
    for terms in known.values():
        for name in terms.replaces:
            if name not in known:
                message = say(
                    "'{agreement}' replaces '{name}', which is no agreement here{hint}",
                    agreement=terms.id, name=name, hint=near(name, known),
                )  # fmt: skip
                yield Problem(terms.at("replaces"), "A_REPLACES", message)
            elif name == terms.id:
                yield Problem(terms.at("replaces"), "A_REPLACES", say("'{name}' cannot replace itself", name=name))
