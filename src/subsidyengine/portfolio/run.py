"""Plans are run: compiled in steps, carried out by DuckDB, written where they are wanted."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
from sqlglot import exp

from ..facts import reason
from ..words import say
from .cells import quoted, text
from .raw import SourceError
from .sheets import TooManyRows, write_sheet

#: Told of how far a run is: what is being done, and the share of it (0 to 1; None: not known).
Progress = Callable[[str, float | None], None]
#: Calls within calls while SQL is written.
DEPTH = 10_000
OUTPUTS = (".parquet", ".csv", ".xlsx", ".duckdb", ".db")


def silent(_: str, __: float | None) -> None:
    """No progress is shown."""


@contextmanager
def unfused() -> Iterator[None]:
    """Ibis fuses steps by writing one step's formulas into the next. Ours are in steps so that each is written, and done, once.

    Each step is a query within the next, and SQL is written by recursion: a scheme of many steps needs more than Python's thousand.
    """
    before, depth = ibis.options.sql.fuse_selects, sys.getrecursionlimit()
    ibis.options.sql.fuse_selects = False
    sys.setrecursionlimit(max(depth, DEPTH))
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
        sys.setrecursionlimit(depth)


def connect() -> Any:
    """DuckDB in this process, as an Ibis backend; ``.con`` is DuckDB's own connection."""
    return ibis.duckdb.connect()


def stated(backend: Any, name: str) -> Any:
    """The table ``name`` of the backend, its columns that hold a value in every row marked so: less is then asked of them."""
    table = backend.table(name)
    counts = ", ".join(f"count({quoted(column)})" for column in table.columns)
    ((rows, *given),) = backend.con.execute(f"SELECT count(*), {counts} FROM {quoted(name)}").fetchall()
    kinds = {c: kind.copy(nullable=count < rows) for (c, kind), count in zip(table.schema().items(), given, strict=True)}
    return table.op().copy(schema=ibis.schema(kinds)).to_expr()


def sql_of(backend: Any, table: Any) -> str:
    """The SQL of a plan, with tables in memory that it needs made known to the backend."""
    with unfused():
        backend._run_pre_execute_hooks(table)
        query = backend.compiler.to_sqlglot(table)
        for column in query.selects:
            _enumerate(column)
        for case in query.find_all(exp.Case):
            for branch in case.args["ifs"] if case.this is None else ():
                branch.set("this", _compared(branch.this))
        return str(query.sql(dialect=backend.dialect))


def _enumerate(column: Any) -> None:
    """A column that says one of a few words becomes an enumeration: a byte a row instead of a text, until it is written."""
    if not isinstance(column, exp.Alias) or not isinstance(column.this, exp.Case):
        return
    case = column.this.copy()  # Ibis hands out the same word to several columns
    said = [*(branch.args["true"] for branch in case.args["ifs"]), case.args["default"]]
    words = sorted({word.this for word in said if isinstance(word, exp.Literal) and word.is_string})
    if len(words) > 1 and all(isinstance(word, exp.Literal | exp.Null) for word in said):
        kind = exp.DataType.build(f"ENUM({', '.join(text(word) for word in words)})", dialect="duckdb")
        for word in [w for w in said if isinstance(w, exp.Literal)]:
            word.replace(exp.cast(word.copy(), kind))
        column.set("this", case)


def _compared(test: Any) -> Any:
    """The test of a branch, as a comparison where it is one flag: DuckDB chooses rows by a comparison at once, by a flag one by one."""
    held = test.unnest()
    match held:
        case exp.Column() | exp.Is():
            return exp.EQ(this=exp.paren(held.copy()), expression=exp.true())
        case exp.Not() if isinstance(held.this.unnest(), exp.Column | exp.Is):
            return exp.EQ(this=exp.paren(held.this.unnest().copy()), expression=exp.false())
        case exp.Coalesce(expressions=[exp.Boolean(this=False)]):
            return _compared(held.this)
    return test


def execute(con: Any, statement: str, what: str, progress: Progress) -> None:
    """Run one statement and tell how far it is."""
    if progress is silent:
        con.execute(statement)
        return
    con.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    failed: list[BaseException] = []

    def work() -> None:
        try:
            con.execute(statement)
        except BaseException as error:  # handed over to the caller
            failed.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.1)
            done = con.query_progress()
            progress(what, done / 100 if done >= 0 else None)
    except BaseException:
        # Somebody has had enough of it: a thread that still writes must not outlive us.
        con.interrupt()
        worker.join()
        raise
    progress(what, 1.0)
    if failed:
        raise failed[0]


def write(con: Any, select: str, out: Path, table: str, progress: Progress = silent) -> None:
    """Write the rows of ``select`` to ``out`` by its suffix; ``table`` names them in a DuckDB file or a workbook.

    Raises SourceError when the file cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _write(con, select, out, table, progress)
    except TooManyRows as error:
        raise SourceError(say("{file}: cannot be written: {reason}", file=out, reason=error.args[0])) from None
    except (OSError, duckdb.IOException, duckdb.CatalogException) as error:
        raise SourceError(say("{file}: cannot be written: {reason}", file=out, reason=reason(error))) from None


def _write(con: Any, select: str, out: Path, table: str, progress: Progress) -> None:
    what = f"writing {out.name}"
    match out.suffix.lower():
        case ".parquet":
            execute(con, f"COPY ({select}) TO {text(str(out))} (FORMAT parquet)", what, progress)
        case ".csv":
            execute(con, f"COPY ({select}) TO {text(str(out))} (FORMAT csv, HEADER)", what, progress)
        case ".duckdb" | ".db":
            con.execute(f"ATTACH IF NOT EXISTS {text(str(out))} AS written")
            execute(con, f"CREATE OR REPLACE TABLE written.{quoted(table)} AS {select}", what, progress)
        case _:
            write_sheet(con, select, out, table)


def finish(con: Any, out: Path) -> None:
    """Close what ``write`` opened."""
    if out.suffix.lower() in (".duckdb", ".db"):
        con.execute("DETACH written")
