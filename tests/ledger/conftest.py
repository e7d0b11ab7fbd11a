"""A ledger on each database (tests/conftest.py)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sqlalchemy import text

from subsidyengine.facts import Case, read_cases
from subsidyengine.ledger import Entry, Ledger, Rules, open_rules

ROOT = Path(__file__).parents[2]
CASES = ROOT / "fixtures" / "cases"
DECIDED = date(2026, 3, 2)


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
