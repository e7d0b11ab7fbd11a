"""Lint rules of the rulebook, one a file. Each is a function from a rulebook to the problems it finds.

``FORM_LINTS`` look at one scheme as it is written, before it is built: what building would pass over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from . import appeals, citations, derived, law_of, limits, marks, members, names, others, overlap, period, residence, shape, unused, why

if TYPE_CHECKING:
    from ..book import Rulebook
    from ..problems import Problem
    from ..schema import SchemeForm
    from ..source import Document

LINTS: tuple[Callable[[Rulebook], Iterator[Problem]], ...] = (
    appeals.check, citations.check, derived.check, law_of.check, limits.check, marks.check, members.check, names.check,
    others.check, overlap.check, period.check, residence.check, unused.check,
)  # fmt: skip

FORM_LINTS: tuple[Callable[[Document, SchemeForm], Iterator[Problem]], ...] = (shape.check, why.check)
