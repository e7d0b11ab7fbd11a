"""Appeal routes in an overlay: a municipality's lawyer has read the provisions and says how a decision is appealed.

A route that a letter can rest on is established and has a body, an address and a time limit. An overlay gives one where
the base has none; what the base does know of it (the weeks, whether an appeal suspends) it may not turn.
"""

from __future__ import annotations

from dataclasses import replace

from ..words import Message, say
from . import schema
from .book import Rulebook
from .forms import read_form
from .model import CERTAINTIES, Appeal, Scheme
from .problems import Problem
from .source import Document
from .vocabulary import build_appeals


def lay_appeals(book: Rulebook, document: Document, problems: list[Problem]) -> Rulebook:
    """``book`` with the routes of an overlay's ``appeals.yaml``: new ones, and those that the base leaves open."""
    form = read_form(document, schema.AppealsFile, problems)
    if form is None:
        return replace(book, unread=book.unread | {"appeals"})
    routes = dict(book.appeals)
    for key, given in build_appeals(document, form).items():
        old = routes.get(key)
        route = replace(given, suspensive=old.suspensive) if old is not None and given.suspensive is None else given
        found = _wrong(route, old)
        problems += [Problem(route.place, code, say("appeal {name}: {wrong}", name=key, wrong=wrong)) for code, wrong in found]
        if not found:
            routes[key] = route
    return replace(book, appeals=routes)


def lay_route(base: Rulebook, scheme: Scheme, key: str | None, document: Document, problems: list[Problem]) -> Scheme:
    """``scheme`` with the route that an overlay gives it, where its own in ``base`` cannot carry a letter."""
    if key is None:
        return scheme
    place, old = document.place(("appeal",)), base.appeals.get(scheme.appeal)
    if old is not None and old.settled:
        message = say(
            "{scheme} has the appeal route {name} ({place}); an overlay gives one only where it is open",
            scheme=scheme.id, name=old.key, place=scheme.place_of("appeal"),
        )  # fmt: skip
        problems.append(Problem(place, "O_CONTRADICTS", message))
        return scheme
    return replace(scheme, appeal=key, places={**scheme.places, "appeal": place})


def _wrong(route: Appeal, old: Appeal | None) -> list[tuple[str, Message]]:
    """What keeps an overlay's route from being laid over ``old``."""
    missing = [n for n, v in (("body", route.body), ("sent_to", route.sent_to), ("deadline.weeks", route.weeks)) if v is None]
    if missing:
        message = say("an overlay gives a route with body, sent_to and deadline.weeks; it lacks {missing}", missing=", ".join(missing))
        return [("O_UNKNOWN", message)]
    if not route.established:
        return [("O_UNKNOWN", say("an overlay gives a route that is established; leave out those that stay open"))]
    if any(cite.mark == CERTAINTIES[-1] for cite in route.cites):
        message = say("an established route does not rest on a citation marked [unknown]; read the provision and mark it")
        return [("O_UNKNOWN", message)]
    if old is None:
        return []
    if old.settled:
        return [("O_CONTRADICTS", say("it is established at {place}; an overlay gives only routes that are open", place=old.place))]
    return [
        ("O_CONTRADICTS", say("{name} is {value} at {place}", name=name, value=str(known).lower(), place=old.place))
        for name, known, given in (("deadline.weeks", old.weeks, route.weeks), ("suspensive", old.suspensive, route.suspensive))
        if known is not None and given != known
    ]
