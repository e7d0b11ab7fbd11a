"""R_CITE, R_SOURCE: what the law says is cited, and the citation leads to a known source."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ...words import say
from ..book import Rulebook
from ..problems import Problem
from .items import cited


def check(book: Rulebook) -> Iterator[Problem]:
    """Every condition, value, amount, period, event, rate, setting and appeal route."""
    for what, cites, needed, place in cited(book):
        if needed and not cites:
            hint = say(", or 'basis: local-practice'") if what.startswith("event ") else ""
            message = say("{what} has no citation: write 'cite: <source> <provision> [<mark>]'{hint}", what=what, hint=hint)
            yield Problem(place, "R_CITE", message)
        for cite in cites:
            if cite.source not in book.sources and not {"sources", f"source:{cite.source}"} & book.unread:
                hint = near(cite.source, book.sources)
                message = say("{what} cites '{source}', which is not in sources.yaml{hint}", what=what, source=cite.source, hint=hint)
                yield Problem(cite.place, "R_SOURCE", message)
