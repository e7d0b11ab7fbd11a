"""R_PARTS, R_EMPTY: a scheme answers in one way, and nothing follows from nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...words import say
from ..problems import Problem
from ..schema import ClauseForm, ConclusionForm, SchemeForm
from ..source import Document, Path


def check(document: Document, form: SchemeForm) -> Iterator[Problem]:
    """One scheme as written."""
    group = "parts" if form.parts else "routes"
    if form.parts and form.routes:
        message = say("a scheme has parts (several answers) or routes (alternatives), not both")
        yield Problem(document.place(("routes",)), "R_PARTS", message)
    if form.parts or form.routes:
        given = {"amount": form.amount, "period": form.period, "events": form.events}
        for key in (key for key, value in given.items() if value):
            message = say("'{key}' stands beside '{group}': each of them has its own, and this one would not be read", key=key, group=group)
            yield Problem(document.place((key,)), "R_PARTS", message)
        if "granted" in form.rules:
            message = say("'granted' stands beside '{group}': what is granted follows from them", group=group)
            yield Problem(document.place(("rules", "granted")), "R_PARTS", message)
    if "pick" in document.data and not document.data.get("routes"):
        yield Problem(document.place(("pick",)), "R_PARTS", say("'pick' chooses among routes, and there are none"))
    for name, rule in form.rules.items():
        yield from _members(document, ("rules", name), name, rule)
    for name, clause in form.parts.items():
        yield from _members(document, ("parts", name), say("part {name}", name=name), clause)
    for name, clause in form.routes.items():
        yield from _members(document, ("routes", name), say("route {name}", name=name), clause)


def _members(document: Document, path: Path, name: str, form: ConclusionForm | ClauseForm) -> Iterator[Problem]:
    if form.all is not None and form.any is not None:
        message = say("{what} has both 'all' and 'any': name one of them as a rule of its own", what=name)
        yield Problem(document.place(path), "R_EMPTY", message)
    elif form.all is None and form.any is None and isinstance(form, ConclusionForm):
        message = say("{what} has neither 'all' nor 'any': it would hold for everybody", what=name)
        yield Problem(document.place(path), "R_EMPTY", message)
    elif form.all == []:
        message = say("{what} needs all of nothing: it would hold for everybody", what=name)
        yield Problem(document.place((*path, "all")), "R_EMPTY", message)
    elif form.any == []:
        message = say("{what} needs any of nothing: it would hold for nobody", what=name)
        yield Problem(document.place((*path, "any")), "R_EMPTY", message)
