"""Databases for the tests that need one. The same tests run on both; where PostgreSQL cannot be had they say so, and on CI they fail."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

_NUMBERS = itertools.count()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Said loudly: half of the promise was not tested."""
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "Skipped: PostgreSQL:" in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"NOT TESTED ON POSTGRESQL: {len(skipped)} tests ({skipped[0].longrepr[2]})", red=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    import postgres

    try:
        running = postgres.server()
        url = running.__enter__()
    except RuntimeError as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL must be tested on CI: {error}")
        pytest.skip(f"PostgreSQL: {error}")
    try:
        yield url
    finally:
        running.__exit__(None, None, None)


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Where a new ledger can be made, by kind of database."""
    opened = []

    def new(kind: str) -> str:
        number = next(_NUMBERS)
        if kind == "sqlite":
            return str(tmp_path / f"ledger-{number}.db")
        import postgres

        made = postgres.database(request.getfixturevalue("postgres_server"), f"ledger_{os.getpid()}_{number}")
        opened.append(made)
        return made.__enter__()

    yield new
    for made in reversed(opened):
        made.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(kind: str, new_database: Callable[[str], str]) -> str:
    """A database of each kind, for a new ledger."""
    return new_database(kind)
