"""R_MARK: each citation says how certain its reading is."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ..book import Rulebook
from ..model import CERTAINTIES
from ..problems import Problem
from .items import cited


def check(book: Rulebook) -> Iterator[Problem]:
    """Every citation's mark."""
    for what, cites, _, _ in cited(book):
        for cite in cites:
            if cite.mark not in CERTAINTIES:
                said = f"has the mark [{cite.mark}]" if cite.mark else "has no mark"
                hint = near(cite.mark, CERTAINTIES) or f"; write one of [{'], ['.join(CERTAINTIES)}] at its end"
                text = f"{cite.source} {cite.provision}".strip()
                yield Problem(cite.place, "R_MARK", f"{what}: the citation '{text}' {said}{hint}")
