"""The rulebooks that letters are made from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subsidyengine.rulebook import Rulebook, open_rulebook

from .scene import OVERLAY


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    """The rules as shipped: no appeal route of a citizen's decision is established."""
    return open_rulebook()


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The shipped rules with the example overlay, which establishes the route of ``transitional.subsidy``."""
    return open_rulebook(None, (OVERLAY,))


@pytest.fixture(scope="session")
def routed(book: Rulebook) -> Rulebook:
    """The same, and every other scheme is appealed by that route: to see letters of all schemes."""
    schemes = {name: replace(scheme, appeal="ankestyrelsen") for name, scheme in book.schemes.items()}
    return replace(book, schemes=schemes)
