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
        if f"scheme:{scheme.id}" not in book.unread:
            yield from _check(scheme)


def _check(scheme: Scheme) -> Iterator[Problem]:
    conclusions = {c.name: c for c in scheme.conclusions}
    pseudo = {c.bears for c in scheme.clauses}
    if "granted" not in conclusions:
        message = f"{scheme.id}: nothing is granted: write 'rules: {{granted: {{all: [...]}}}}', or parts or routes"
        yield Problem(scheme.place, "R_GRANTED", message)
    for name in sorted(conclusions.keys() & scheme.conditions.keys()):
        message = f"'{name}' is both a condition ({scheme.conditions[name].place}) and a rule: give one another name"
        yield Problem(scheme.place_of(name), "R_MEMBER", message)
    known = {name for name in (*conclusions, *scheme.conditions) if ":" not in name}
    for conclusion in scheme.conclusions:
        for member in conclusion.members:
            if member not in conclusions and member not in scheme.conditions and member not in pseudo:
                text = f"{called(conclusion.name)} rests on '{member}', which is no condition and no rule of {scheme.id}"
                yield Problem(scheme.place_of(conclusion.name), "R_MEMBER", text + near(member, known))
    circle = _circle(scheme)
    if circle is not None:
        yield Problem(scheme.place_of(circle[0]), "R_CYCLE", f"{scheme.id}: rules rest on each other in a circle: {' -> '.join(circle)}")
        return
    yield from _alternatives(scheme)


def called(conclusion: str) -> str:
    """A conclusion as the file calls it: ``part:x:any`` is part x."""
    kind, _, name = conclusion.removesuffix(":any").partition(":")
    return f"{kind} {name}" if name else kind


def _circle(scheme: Scheme) -> tuple[str, ...] | None:
    conclusions = {c.name: c for c in scheme.conclusions}
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> tuple[str, ...] | None:
        if name in above:
            return (*above[above.index(name) :], name)
        if name in done or name not in conclusions:
            return None
        for member in conclusions[name].members:
            if found := walk(member, (*above, name)):
                return found
        done.add(name)
        return None

    return next((found for name in conclusions if (found := walk(name, ()))), None)


def _alternatives(scheme: Scheme) -> Iterator[Problem]:
    """An alternative that can be left out (all its conditions have `when`) would count as met without a finding."""
    conclusions = {c.name: c for c in scheme.conclusions}

    def hollow(name: str) -> bool:
        if name in scheme.conditions:
            return any(v.when is not None for v in scheme.conditions[name].versions.rows)
        if name not in conclusions:
            return False
        combine = all if conclusions[name].kind == "all" else any
        return combine(hollow(member) for member in conclusions[name].members)

    tops = {c.conclusion for c in scheme.clauses}
    for conclusion in scheme.conclusions:
        for member in conclusion.members if conclusion.kind == "any" else ():
            if member in tops or not hollow(member):
                continue
            where = f"is an alternative in {called(conclusion.name)}"
            if member in scheme.conditions:
                text = f"condition {member} has 'when' and {where}: where it does not bear on the case it would count as met"
                yield Problem(scheme.conditions[member].place, "R_WHEN", text)
            else:
                text = f"{called(member)} {where}, and all its conditions have 'when': where none bears on the case it would count as met"
                yield Problem(scheme.place_of(member), "R_WHEN", text)
