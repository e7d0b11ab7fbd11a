"""Lint rules of the rulebook, one a file. Each is a function from a rulebook to the problems it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from . import appeals, citations, limits, marks, members, overlap, period, unused

if TYPE_CHECKING:
    from ..book import Rulebook
    from ..problems import Problem

LINTS: tuple[Callable[[Rulebook], Iterator[Problem]], ...] = (
    appeals.check, citations.check, limits.check, marks.check, members.check, overlap.check, period.check, unused.check,
)  # fmt: skip
