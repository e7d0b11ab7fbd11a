"""A ledger on each database. The same tests run on both; where PostgreSQL cannot be had they say so, and on CI they fail."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import postgres
from sqlalchemy import text

from subsidyengine.facts import Case, read_cases
from subsidyengine.ledger import Entry, Ledger, Rules, open_rules

ROOT = Path(__file__).parents[2]
CASES = ROOT / "fixtures" / "cases"
DECIDED = date(2026, 3, 2)
_NUMBERS = itertools.count()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Said loudly: half of the promise was not tested."""
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "Skipped: PostgreSQL:" in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"NOT TESTED ON POSTGRESQL: {len(skipped)} tests ({skipped[0].longrepr[2]})", red=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
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
    return new_database(kind)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "signing.key"


def files_of(ledger: Ledger) -> list[bytes]:
    """The bytes of the ledger's database on the disk: SQLite's file and its log, PostgreSQL's file of the table of personal data."""
    if ledger.store.path is not None:
        return [path.read_bytes() for path in ledger.store.path.parent.glob(f"{ledger.store.path.name}*")]
    with ledger.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return [bytes(connection.execute(text("SELECT pg_read_binary_file(pg_relation_filepath('ledger_personal'))")).scalar_one())]


class Clock:
    """A second passes with every act."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def ledger(url: str, key: Path) -> Iterator[Ledger]:
    with Ledger.create(url, key, Clock()) as made:
        yield made


@pytest.fixture(scope="session")
def rules() -> Rules:
    return open_rules()


@pytest.fixture(scope="session")
def case_of(rules: Rules) -> Callable[[str], Case]:
    """A case that comes with the program, by the name of its file."""

    def read(name: str) -> Case:
        found = next(iter(read_cases([CASES / f"{name}.yaml"], rules.book)))
        assert isinstance(found, Case), found
        return found

    return read


PERSON = {"name": "Prøve Prøvesen", "address": "Testvej 1\n0000 Prøveby", "cpr": "010160-0000"}


@pytest.fixture
def granted(ledger: Ledger, rules: Rules, case_of: Callable[[str], Case]) -> Entry:
    """A proposal that grants, with a person."""
    case = case_of("transitional-subsidy-rent-rises")
    return ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED, person=PERSON)


@pytest.fixture
def undetermined(ledger: Ledger, rules: Rules, case_of: Callable[[str], Case]) -> Entry:
    case = case_of("transitional-subsidy-facts-missing")
    return ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED)
