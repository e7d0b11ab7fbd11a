"""A_REPLACES: an agreement stands instead of one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...formula import near
from ...rulebook import Problem
from ..terms import Terms


def check(known: Mapping[str, Terms]) -> Iterator[Problem]:
    """Every name in ``replaces``."""
    for terms in known.values():
        for name in terms.replaces:
            if name not in known:
                message = f"'{terms.id}' replaces '{name}', which is no agreement here{near(name, known)}"
                yield Problem(terms.at("replaces"), "A_REPLACES", message)
            elif name == terms.id:
                yield Problem(terms.at("replaces"), "A_REPLACES", f"'{name}' cannot replace itself")
