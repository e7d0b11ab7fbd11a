"""Lint rules of agreements, one a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...rulebook import Problem, Rulebook
from ..terms import Terms

LINTS: tuple[Callable[[Terms, Rulebook], Iterator[Problem]], ...] = ()
