"""R_MARK: each citation says how certain its reading is."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ...words import say
from ..book import Rulebook
from ..model import CERTAINTIES
from ..problems import Problem
from .items import cited


def check(book: Rulebook) -> Iterator[Problem]:
    """Every citation's mark."""
    for what, cites, _, _ in cited(book):
        for cite in cites:
            if cite.mark not in CERTAINTIES:
                marks = say("; write one of [{marks}] at its end", marks="], [".join(CERTAINTIES))
                hint = near(cite.mark, CERTAINTIES) or marks
                text = f"{cite.source} {cite.provision}".strip()
                if cite.mark:
                    message = say(
                        "{what}: the citation '{cite}' has the mark [{mark}]{hint}", what=what, cite=text, mark=cite.mark, hint=hint
                    )
                else:
                    message = say("{what}: the citation '{cite}' has no mark{hint}", what=what, cite=text, hint=hint)
                yield Problem(cite.place, "R_MARK", message)
