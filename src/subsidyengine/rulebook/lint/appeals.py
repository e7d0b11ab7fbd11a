"""R_APPEAL: a scheme names an appeal route that stands in appeals.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ..book import Rulebook
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every scheme's ``appeal``."""
    for scheme in book.schemes.values():
        if scheme.appeal not in book.appeals:
            hint = near(scheme.appeal, book.appeals)
            yield Problem(scheme.place, "R_APPEAL", f"{scheme.id}: unknown appeal route '{scheme.appeal}'{hint}")
