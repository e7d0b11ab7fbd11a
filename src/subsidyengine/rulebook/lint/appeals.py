"""R_APPEAL: a scheme names an appeal route that stands in appeals.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from ...formula import near
from ...words import say
from ..book import Rulebook
from ..problems import Problem


def check(book: Rulebook) -> Iterator[Problem]:
    """Every scheme's ``appeal``."""
    for scheme in book.schemes.values():
        if scheme.appeal not in book.appeals and not {"appeals", f"appeal:{scheme.appeal}"} & book.unread:
            hint = near(scheme.appeal, book.appeals)
            message = say(
                "{scheme}: the appeal route '{name}' is not in appeals.yaml{hint}", scheme=scheme.id, name=scheme.appeal, hint=hint
            )
            yield Problem(scheme.place_of("appeal"), "R_APPEAL", message)
