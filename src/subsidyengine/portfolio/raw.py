"""Tables as they lie in files: each becomes a view or table of DuckDB with the number of every row beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..facts import CaseError, open_sheets
from ..formula import near
from ..rulebook import Fact
from ..words import Lang, say, translated
from ..words import quoted as told_by
from .cells import quoted, text

TABLES = (".parquet", ".csv", ".xlsx", ".duckdb", ".db")
#: The column of row numbers.
NUMBER = quoted("~row")


class SourceError(ValueError):
    """A file, or its header, cannot be used at all; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was left out, and why. ``row`` counts as a spreadsheet does: the header is 1."""

    file: str
    row: int
    case: str
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """All reasons on a line, in English."""
        return self.told("en")

    def told(self, lang: Lang) -> str:
        """All reasons on a line, in ``lang``."""
        return "; ".join(translated(reason, lang) for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Raw:
    """One table as it lies in a file; ``name`` reads it, with its row number as ``~row``."""

    name: str
    file: str
    columns: Mapping[str, str]
    comma: bool = False

    @property
    def long(self) -> bool:
        """Does it hold a statement a row?"""
        return {"fact", "value"} <= set(self.columns)


def open_tables(con: Any, path: Path, index: int, rejects: list[Reject]) -> Iterator[Raw]:
    """The tables of a file; lines that are no rows at all go to ``rejects``."""
    name, file, suffix = f"raw_{index}", str(path), path.suffix.lower()
    if not path.is_file():
        raise SourceError(say("{file}: no such file", file=file))
    comma = False
    try:
        if suffix == ".parquet":
            con.execute(
                f"CREATE VIEW {name} AS SELECT * EXCLUDE file_row_number, file_row_number + 2 AS {NUMBER} "
                f"FROM read_parquet({text(file)}, file_row_number = true)"
            )
        elif suffix == ".csv":
            comma = _csv(con, path, name, rejects)
        elif suffix == ".xlsx":
            yield from _xlsx(con, path, name)
            return
        else:
            yield from _database(con, path, name)
            return
    except Exception as error:  # DuckDB's errors have no common base worth naming
        if isinstance(error, SourceError):
            raise
        raise SourceError(say("{file}: cannot be read: {reason}", file=file, reason=told_by(str(error).splitlines()[0]))) from None
    yield _described(con, name, file, comma)


def _described(con: Any, name: str, file: str, comma: bool = False) -> Raw:
    columns = {row[0]: row[1] for row in con.execute(f"DESCRIBE {name}").fetchall() if row[0] != "~row"}
    return Raw(name, file, columns, comma)


def _csv(con: Any, path: Path, name: str, rejects: list[Reject]) -> bool:
    with path.open("rb") as lines:
        first = next((line for line in lines if line.strip()), b"")
    if not first:
        raise SourceError(say("{file}: the file is empty", file=path))
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(say("{file}: is not written in UTF-8: save it as CSV UTF-8", file=path))
    separator = max(",;\t", key=lambda sign: first.count(sign.encode()))
    comma = separator != ","  # then a number may have one
    options = f"delim = {text(separator)}, header = true, all_varchar = true, quote = '\"', ignore_errors = true, store_rejects = true"
    con.execute(
        f"CREATE TABLE {name} AS SELECT *, row_number() OVER () + 1 AS {NUMBER} "
        f"FROM read_csv({text(str(path))}, {options}, rejects_table = '{name}_bad', rejects_scan = '{name}_scan')"
    )
    bad = con.execute(f"SELECT line, min(error_message) FROM {name}_bad GROUP BY line ORDER BY line").fetchall()
    rejects += [Reject(str(path), line, "", (told_by(str(message).splitlines()[0]),)) for line, message in bad]
    if skipped := sorted({*(line for line, _ in bad), *_blank(path, separator)}):
        # Rows are numbered as they stand in the file: what was passed over counts too.
        passed = {line - before: before + 1 for before, line in enumerate(skipped)}
        con.execute(f"CREATE TABLE {name}_passed AS SELECT unnest($1) AS after, unnest($2) AS count", [list(passed), list(passed.values())])
        con.execute(f"UPDATE {name} SET {NUMBER} = {NUMBER} + p.count FROM (SELECT r.{NUMBER} AS row, p.count FROM {name} r "
                    f"ASOF JOIN {name}_passed p ON r.{NUMBER} >= p.after) p WHERE p.row = {name}.{NUMBER}")  # fmt: skip
    return comma


def _blank(path: Path, separator: str) -> list[int]:
    """Numbers of rows with nothing in them, which DuckDB passes over where a table has several columns."""
    with path.open("rb") as file:
        ends = b""
        while chunk := file.read(1 << 20):
            if b"\n\n" in (found := (ends + chunk).replace(b"\r", b"")):
                break
            ends = found[-1:]
        else:
            return []
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = csv.reader(lines, delimiter=separator)
        return [number for number, row in enumerate(rows, 2) if not row] if len(next(rows)) > 1 else []


def _xlsx(con: Any, path: Path, name: str) -> Iterator[Raw]:
    import pyarrow as pa

    try:
        sheets = open_sheets(path, str(path))
    except CaseError as error:
        raise SourceError(str(error)) from None
    for number, sheet in enumerate(sheets):
        rows = list(sheet.rows())
        width = len(sheet.header)
        columns = {
            h: pa.array([None if len(r[1]) <= i or r[1][i] is None else str(r[1][i]) for r in rows], pa.string())
            for i, h in enumerate(sheet.header[:width])
        }
        columns["~row"] = pa.array([r[0] for r in rows], pa.int64())
        con.register(f"{name}_{number}", pa.table(columns))
        yield _described(con, f"{name}_{number}", sheet.file)


def _database(con: Any, path: Path, name: str) -> Iterator[Raw]:
    con.execute(f"ATTACH {text(str(path))} AS {name}_db (READ_ONLY)")
    found = con.execute(f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{name}_db' ORDER BY table_name").fetchall()
    for number, (table,) in enumerate(found):
        con.execute(f"CREATE VIEW {name}_{number} AS SELECT *, rowid + 2 AS {NUMBER} FROM {name}_db.{quoted(table)}")
        yield _described(con, f"{name}_{number}", f"{path}#{table}")


def check_header(raw: Raw, known: Sequence[str], facts: Mapping[str, Fact]) -> None:
    """SourceError with every column that nobody knows."""
    problems = [
        say("{file}: {name}: unknown column{hint}", file=raw.file, name=name, hint=near(name, known))
        for name in raw.columns
        if name not in known
    ]
    if raw.long and "case" not in raw.columns:
        problems.append(say("{file}: a long table needs the column case", file=raw.file))
    if problems:
        raise SourceError(problems[0] if len(problems) == 1 else "\n".join(problems))
