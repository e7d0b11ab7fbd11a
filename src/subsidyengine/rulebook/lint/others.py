"""R_OTHERS: a local layer looks at nobody outside the household of the case.

The rules of allocation leave no room for regard to others than the applicant (FOB 06.149). What a fact is about stands in the
vocabulary (``about: others``), so a condition that reads one, directly or by way of a value, is found whatever it does with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...words import say
from ..book import Rulebook
from ..model import Clause
from ..problems import Problem
from ..source import Place
from .local import LOCAL, facts_read, local_conditions


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition of a local layer, and what decides whether a part or route of a local scheme bears on the case."""
    for scheme in book.schemes.values():
        read: list[tuple[str, str, Place, list[str]]] = [
            (say("condition {name}", name=c.name), v.layer, v.place, facts_read(scheme, v.holds, v.when))
            for c, v in local_conditions(scheme)
        ]
        if scheme.layer in LOCAL:
            read += [(_clause(c), scheme.layer, c.place, facts_read(scheme, c.when)) for c in scheme.clauses]
        for what, layer, place, names in read:
            for name in names:
                if name in book.facts and book.facts[name].about == "others":
                    message = say(
                        "{what} ({layer}) reads {fact}, which is about others than the applicant's household: a condition that serves "
                        "others than the applicant is unlawful (FOB 06.149)", what=what, layer=layer, fact=name,
                    )  # fmt: skip
                    yield Problem(place, "R_OTHERS", message)


def _clause(clause: Clause) -> str:
    return say("part {name}", name=clause.name) if clause.kind == "part" else say("route {name}", name=clause.name)
