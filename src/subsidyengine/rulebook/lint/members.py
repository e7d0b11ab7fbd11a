"""R_MEMBER, R_GRANTED, R_CYCLE, R_WHEN: what follows from what is well founded."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ...words import say
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
        message = say("{scheme}: nothing is granted: write 'rules: {{granted: {{all: [...]}}}}', or parts or routes", scheme=scheme.id)
        yield Problem(scheme.place, "R_GRANTED", message)
    for name in sorted(conclusions.keys() & scheme.conditions.keys()):
        place = scheme.conditions[name].place
        message = say("'{name}' is both a condition ({place}) and a rule: give one another name", name=name, place=place)
        yield Problem(scheme.place_of(name), "R_MEMBER", message)
    known = {name for name in (*conclusions, *scheme.conditions) if ":" not in name}
    for conclusion in scheme.conclusions:
        for member in conclusion.members:
            if member not in conclusions and member not in scheme.conditions and member not in pseudo:
                message = say(
                    "{what} rests on '{member}', which is no condition and no rule of {scheme}{hint}",
                    what=called(conclusion.name),
                    member=member,
                    scheme=scheme.id,
                    hint=near(member, known),
                )
                yield Problem(scheme.place_of(conclusion.name), "R_MEMBER", message)
    circle = _circle(scheme)
    if circle is not None:
        message = say("{scheme}: rules rest on each other in a circle: {circle}", scheme=scheme.id, circle=" -> ".join(circle))
        yield Problem(scheme.place_of(circle[0]), "R_CYCLE", message)
        return
    yield from _alternatives(scheme)


def called(conclusion: str) -> str:
    """A conclusion as the file calls it: ``part:x:any`` is part x."""
    kind, _, name = conclusion.removesuffix(":any").partition(":")
    if not name:
        return kind
    return say("part {name}", name=name) if kind == "part" else say("route {name}", name=name)


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
            if member in scheme.conditions:
                message = say(
                    "condition {name} has 'when' and is an alternative in {what}: where it does not bear on the case it would count as met",
                    name=member,
                    what=called(conclusion.name),
                )
                yield Problem(scheme.conditions[member].place, "R_WHEN", message)
            else:
                message = say(
                    "{name} is an alternative in {what}, and all its conditions have 'when': "
                    "where none bears on the case it would count as met",
                    name=called(member),
                    what=called(conclusion.name),
                )
                yield Problem(scheme.place_of(member), "R_WHEN", message)
