"""What is wrong with a rulebook: every problem with code, place and message, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..words import Lang, translated
from .source import Place


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. ``code`` is stable; F_ formula, Y_ yaml, S_ form of the file, R_ rule of the rulebook."""

    place: Place
    code: str
    message: str

    def __str__(self) -> str:
        return self.told("en")

    def told(self, lang: Lang) -> str:
        """The problem as a line in ``lang``."""
        return f"{self.place}:{self.place.column} {self.code} {translated(self.message, lang)}"


class RulebookError(ValueError):
    """The rulebook cannot be used. ``problems`` holds them all, by place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(p) for p in self.problems))
