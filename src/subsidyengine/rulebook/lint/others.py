"""R_OTHERS: a local layer looks at nobody outside the household of the case.

The rules of allocation leave no room for regard to others than the applicant (FOB 06.149). What a fact is about stands in the
vocabulary (``about: others``), so a condition that reads one, directly or by way of a value, is found whatever it does with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..book import Rulebook
from ..problems import Problem
from .local import LOCAL, facts_read, local_conditions


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition of a local layer, and what decides whether a part or route of a local scheme bears on the case."""
    for scheme in book.schemes.values():
        read = [(f"condition {c.name}", v.layer, v.place, facts_read(scheme, v.holds, v.when)) for c, v in local_conditions(scheme)]
        if scheme.layer in LOCAL:
            read += [(f"{c.kind} {c.name}", scheme.layer, c.place, facts_read(scheme, c.when)) for c in scheme.clauses]
        for what, layer, place, names in read:
            for name in names:
                if name in book.facts and book.facts[name].about == "others":
                    about = f"{name}, which is about others than the applicant's household"
                    message = f"{what} ({layer}) reads {about}: a condition that serves others than the applicant is unlawful (FOB 06.149)"
                    yield Problem(place, "R_OTHERS", message)
