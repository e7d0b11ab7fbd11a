"""The shipped rulebook and agreements, read once."""

from __future__ import annotations

import pytest

from subsidyengine.allocation import Agreements, open_agreements
from subsidyengine.cli.common import speak
from subsidyengine.rulebook import Rulebook, open_rulebook


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return open_rulebook()


@pytest.fixture(scope="session")
def shipped(book: Rulebook) -> Agreements:
    return open_agreements(book)


@pytest.fixture(autouse=True)
def in_english() -> None:
    """The language of the run is English, whatever an earlier test asked for."""
    speak("en")
