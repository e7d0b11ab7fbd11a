"""Which rows of a table a scheme is asked about: those that tell one of the facts that touch it."""

from __future__ import annotations

from ..rulebook import Rulebook
from .layout import Layout


def touched(rulebook: Rulebook, layout: Layout) -> list[str]:
    """Schemes that a table's columns touch."""
    return [scheme for scheme in rulebook.schemes if touching(rulebook, scheme, layout)]


def touching(rulebook: Rulebook, scheme: str, layout: Layout) -> list[str]:
    """The columns that touch a scheme: a row touches it, on whatever day, where one of them holds something."""
    names = rulebook.schemes[scheme].touched_by
    facts = [f for f in layout.facts if layout.holds(f) and any(f == t or f.startswith(f"{t}.") for t in names)]
    return [column for fact in facts for column in layout.columns_of(fact)]
