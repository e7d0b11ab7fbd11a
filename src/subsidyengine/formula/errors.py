"""One error for a formula that cannot be read: what is wrong, where, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ..words import say


class FormulaError(ValueError):
    """A formula is refused. ``code`` is stable, ``column`` counts from 0 in the formula's text."""

    def __init__(self, code: str, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.column = column


def near(word: str, candidates: Iterable[str]) -> str:
    """`` - did you mean 'x'?`` when something is close enough, else nothing."""
    found = difflib.get_close_matches(word, list(candidates), n=1, cutoff=0.6)
    return say(" - did you mean '{name}'?", name=found[0]) if found else ""
