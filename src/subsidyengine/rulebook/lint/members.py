"""R_MEMBER, R_GRANTED, R_CYCLE, R_WHEN: what follows from what is well founded."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ..book import Rulebook
from ..model import Scheme
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every scheme's conclusions."""
    for scheme in book.schemes.values():
        yield from _check(scheme)


def _check(scheme: Scheme) -> Iterator[Problem]:
    conclusions = {c.name: c for c in scheme.conclusions}
    pseudo = {c.bears for c in scheme.clauses}
    if "granted" not in conclusions:
        yield Problem(scheme.place, "R_GRANTED", f"{scheme.id}: rules has no 'granted', and there are no parts or routes")
    for name in conclusions.keys() & scheme.conditions.keys():
        yield Problem(scheme.place, "R_MEMBER", f"'{name}' is both a condition and a conclusion")
    known = {*conclusions, *scheme.conditions}
    for conclusion in scheme.conclusions:
        for member in conclusion.members:
            if member not in known and member not in pseudo:
                hint = near(member, known)
                yield Problem(scheme.place, "R_MEMBER", f"{conclusion.name} rests on unknown '{member}'{hint}")
            if conclusion.kind == "any" and member in scheme.conditions:
                if any(v.when is not None for v in scheme.conditions[member].versions.rows):
                    message = f"condition {member} has 'when' and stands in 'any' of {conclusion.name}; what does not bear cannot be an alternative"
                    yield Problem(scheme.conditions[member].place, "R_WHEN", message)
    done: set[str] = set()

    def cycle(name: str, above: tuple[str, ...]) -> str | None:
        if name in above:
            return " -> ".join((*above[above.index(name) :], name))
        if name in done or name not in conclusions:
            return None
        for member in conclusions[name].members:
            if found := cycle(member, (*above, name)):
                return found
        done.add(name)
        return None

    for name in conclusions:
        if found := cycle(name, ()):
            yield Problem(scheme.place, "R_CYCLE", f"{scheme.id}: conclusions rest on each other: {found}")
            return
