"""Where a ledger is kept: SQLite in one file, or PostgreSQL by URL. Transactions that are durable when they return, and plain errors."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from ..words import Message, quoted, say
from .errors import Damaged, LedgerError, NotThere, StorageError

#: How long a writer waits for the others before it gives up, in seconds.
PATIENCE = 60
VERSION_TABLE = "ledger_version"
#: A URL with a slash too few is no file name: personal data would lie in a file that nobody looks for.
_MISTYPED = ("postgres:", "postgresql:", "sqlite:")


def database_url(given: str | Path) -> URL:
    """The database of a path or URL; LedgerError for one that is not supported. Passwords never stand in messages."""
    named = str(given)
    if "://" not in named and not named.lower().startswith(_MISTYPED):
        return URL.create("sqlite", database=named)
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise LedgerError(say("the ledger's URL cannot be read: write postgresql://user@host/database, or a file name")) from None
    if url.get_backend_name() == "sqlite" and url.database:
        return URL.create("sqlite", database=url.database)
    if url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise LedgerError(say("a ledger is kept in SQLite or PostgreSQL, not in {kind}", kind=url.get_backend_name()))


class Store:
    """One database. ``reading()`` and ``writing()`` are transactions; a writer is alone until it is done."""

    def __init__(self, given: str | Path) -> None:
        self.url = database_url(given)
        self.shown = self.url.database if self.is_sqlite else self.url.render_as_string(hide_password=True).replace("+psycopg", "")
        self.engine: Engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of a SQLite ledger."""
        return Path(self.url.database or "") if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the ledger at one moment, whatever others write meanwhile."""
        alone = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._plain_errors(), self.engine.connect().execution_options(**alone) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when it ends, or leaves nothing."""
        with self._plain_errors(), self.engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Errors in a line. What caused them is not chained: its text holds statements and their values, which may be personal."""
        try:
            yield
        except DBAPIError as error:
            raise self._plain(error) from None
        except SQLAlchemyError as error:
            raise StorageError(say("{where}: {message}", where=self.shown, message=error)) from None

    def _plain(self, error: DBAPIError) -> LedgerError:
        """The trouble in a line, without the statement and its values: they may be personal."""
        said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        state = str(getattr(error.orig, "sqlstate", None) or "")
        for part, code, message in _troubles():
            if part in said or (code and code == state):
                return StorageError(say("{where}: {message}", where=self.shown, message=message))
        if "malformed" in said or "not a database" in said or "decode to UTF-8" in said:
            damaged = say(
                "{where}: is damaged ({said}): restore it from a backup, or see `subsidyengine ledger verify`", where=self.shown, said=said
            )
            return Damaged(damaged)
        if not self.is_sqlite and (error.connection_invalidated or type(error.orig).__name__ in ("OperationalError", "AdminShutdown")):
            again = say("if something was being recorded, run the same command again: what was recorded already is not recorded twice")
            return StorageError(
                say("{where}: the connection to the database failed ({said}); {again}", where=self.shown, said=said, again=again)
            )
        return StorageError(say("{where}: {message}", where=self.shown, message=said))

    # versions of the tables ----------------------------------------------------------------------------------------------

    def version(self) -> str | None:
        """The tables' version; None where there is no ledger."""
        if self.path is not None and not self.path.exists():
            return None
        with self.reading() as connection:
            return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()

    def newest(self) -> str:
        """The version that this program works with."""
        return str(ScriptDirectory.from_config(_config()).get_current_head())

    def check(self) -> None:
        """NotThere when there is no ledger, LedgerError when its tables are older or newer than this program's."""
        found, newest = self.version(), self.newest()
        if found is None:
            raise NotThere(say("{where}: there is no ledger here: `subsidyengine ledger init` makes one", where=self.shown))
        if found != newest:
            steps = {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}
            older = say("`subsidyengine ledger init` brings them to version {newest}", newest=newest)
            newer = say("this program knows no version after {newest}: update the program", newest=newest)
            todo = older if found in steps else newer
            raise LedgerError(say("{where}: the tables are of version {found}: {todo}", where=self.shown, found=found, todo=todo))

    def migrate(self, to: str = "head") -> None:
        """Make the tables, or bring them up to date; all of it or nothing."""
        if self.path is not None and not self.path.exists():
            _new_file(self.path)
        if self.is_sqlite:
            self._pragma("journal_mode=WAL")
        with self.writing() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)

    def has(self, table: str) -> bool:
        with self.reading() as connection:
            return inspect(connection).has_table(table)

    def settle(self) -> None:
        """After an erasure: nothing of the deleted rows is left in the database's own files. (PostgreSQL's log of writes holds them until
        the server recycles it.) StorageError when others are reading all the while: the rows are gone, and may stand in a file."""
        done = self._pragma("wal_checkpoint(TRUNCATE)")[0] == 0 if self.is_sqlite else self._rewritten("ledger_personal")
        if not done:
            message = say("what was erased is gone from the ledger, and may still stand in the database's file, for others are reading")
            again = say("run the same command again when they are done")
            raise StorageError(say("{where}: {message}: {again}", where=self.shown, message=message, again=again))

    def _rewritten(self, table: str) -> bool:
        """PostgreSQL: a plain VACUUM leaves bytes of deleted rows in pages. False when others do not let go of the table."""
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"SET lock_timeout = '{PATIENCE}s'"))
                try:
                    connection.execute(text(f"VACUUM FULL {table}"))
                finally:
                    connection.execute(text("RESET lock_timeout"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == "55P03":
                return False
            raise self._plain(error) from None
        return True

    def _pragma(self, said: str) -> tuple[Any, ...]:
        """A pragma that must stand outside a transaction; the row that it answers with."""
        try:
            with closing(self.engine.raw_connection()) as connection:
                return tuple(connection.cursor().execute(f"PRAGMA {said}").fetchone())
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise StorageError(say("{where}: {message}", where=self.shown, message=error)) from None

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()


def _troubles() -> tuple[tuple[str, str, Message], ...]:
    """What SQLite says, the code that PostgreSQL gives in whatever language, and what that means."""
    full = say("the disk is full: nothing was recorded")
    busy = say("others have been writing for {seconds} seconds: nothing was recorded; try again", seconds=PATIENCE)
    return (
        ("database or disk is full", "53100", full),
        ("disk I/O error", "58030", say("the disk cannot be written: nothing was recorded")),
        ("readonly database", "", say("the file, or its folder, is read-only: nothing was recorded")),
        ("read-only transaction", "25006", say("the database is read-only: nothing was recorded")),
        ("unable to open database file", "", say("the file, or its folder, cannot be opened")),
        ("database is locked", "55P03", busy),
    )


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        arguments = {"connect_timeout": 10, "options": "-c synchronous_commit=on -c client_encoding=UTF8"}
        try:
            return create_engine(url, pool_pre_ping=True, connect_args=arguments, hide_parameters=True)
        except ImportError:
            raise LedgerError(say("PostgreSQL needs an extra: pip install 'subsidyengine[ledger]'")) from None
    engine = create_engine(url, creator=lambda: _lite(Path(url.database or "")), hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _: Any) -> None:
        # FULL: a commit is on the disk. secure_delete: what is erased is overwritten.
        for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # The driver's own transactions begin too late: two writers could read the same head.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


def _lite(path: Path) -> sqlite3.Connection:
    """A connection to a file. One on a read-only medium (an archive's copy) can be read too: nobody else can be writing to it then,
    unless there is a log of writes beside it."""
    mode = "mode=rw"
    if path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        mode = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    named = f"file:{quote(str(path.absolute()))}?{mode}"
    return sqlite3.connect(named, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)


def _new_file(path: Path) -> None:
    """An empty database that only its owner may read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageError(say("{path}: cannot be made: {reason}", path=path, reason=quoted(str(error.strerror)))) from None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
