"""An older database is brought up to date by one command, and nothing that was sealed changes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, insert, text

from subsidyengine.ledger import Ledger, LedgerError, NotThere
from subsidyengine.ledger.schema import metadata
from subsidyengine.ledger.storage import VERSION_TABLE, Store
from subsidyengine.ledger.verify import verify

OLD = json.loads((Path(__file__).parent / "old" / "0001.json").read_text(encoding="utf-8"))


def value(cell: object) -> object:
    return base64.b64decode(cell["base64"]) if isinstance(cell, dict) else cell


@pytest.fixture
def old(url):
    """The tables of the first version, with what it had recorded."""
    store = Store(url)
    store.migrate("0001")
    with store.writing() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            for row in OLD.get(table.name, []):
                connection.execute(insert(table), {name: value(cell) for name, cell in row.items()})
    store.close()
    return url


def test_older_tables_are_told_and_left_alone(old):
    with pytest.raises(LedgerError, match=r"version 0001: `subsidyengine ledger init` brings them to version 0002"):
        Ledger.open(old)


def test_init_brings_them_up_to_date_and_everything_holds(old, key):
    with Ledger.create(old, key) as ledger:
        report = verify(ledger)
        assert (report.sound, report.entries) == (True, 3), report.problems
        [entry] = ledger.entries()
        assert (entry.case, entry.signed_by, entry.in_force) == ("K-OLD", "Anna Jensen", True)
        assert [e.id for e in ledger.entries(rulebook=entry.rulebook)] == [entry.id]
        assert ledger.masked(entry.id) == {"name": "P. P.", "cpr": "010160-xxxx"}
        assert ledger.rulebook(entry.rulebook).hash == entry.rulebook
    Ledger.create(old, key).close()  # a second time does nothing


def test_tables_made_step_by_step_are_those_of_the_program(url):
    store = Store(url)
    store.migrate()
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_newer_tables_are_told(ledger, url):
    with ledger.store.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(LedgerError, match="version 9999: this program knows no version after 0002: update the program"):
        Ledger.open(url)


def test_another_program_s_database_is_no_ledger(url):
    store = Store(url)
    if store.path:
        store.path.touch()
    store.engine.dispose()
    with pytest.raises(NotThere, match="ledger init"):
        Ledger.open(url)


@pytest.mark.parametrize("given", ["mysql://x@y/z", "://", "sqlite://"])
def test_database_of_another_kind_is_refused(given):
    with pytest.raises(LedgerError):
        Store(given)
