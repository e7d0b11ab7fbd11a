"""R_UNUSED, R_UNREACHABLE: every condition, value, and conclusion does something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...words import say
from ..book import Rulebook
from ..model import Scheme
from ..problems import Problem
from ..walk import formulas


def check(book: Rulebook) -> Iterator[Problem]:
    """Every scheme by itself."""
    broken = "\n".join(book.broken)
    for scheme in book.schemes.values():
        if f"scheme:{scheme.id}" in book.unread or not any(c.name == "granted" for c in scheme.conclusions):
            continue  # what is missing is the problem then
        used = {name for f in formulas(scheme) for name in f.values} | scheme.choosing | set(re.findall(r"\bvalue\.(\w+)", broken))
        reached = {name for clause in scheme.clauses for name in clause.conditions}
        for condition in scheme.conditions.values():
            if condition.name not in reached:
                message = say(
                    "condition {name} is used by no rule that leads to 'granted': name it in one, or remove it", name=condition.name
                )
                yield Problem(condition.place, "R_UNUSED", message)
        for value in scheme.values.values():
            if value.name not in used:
                message = say("value {name} is used by no formula: use it, or remove it", name=value.name)
                yield Problem(value.place, "R_UNUSED", message)
        yield from _unreachable(scheme)


def _unreachable(scheme: Scheme) -> Iterator[Problem]:
    members = {c.name: c.members for c in scheme.conclusions}
    todo, found = ["granted"], set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += members.get(name, ())
    for name in members:
        if name not in found:
            message = say("rule {name} does not lead to 'granted': name it in a rule that does, or remove it", name=name)
            yield Problem(scheme.place_of(name), "R_UNREACHABLE", message)
