"""Tables as they lie in files: each becomes a view or table of DuckDB with the number of every row beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from ..facts import CaseError, header_problems, is_long, open_sheets
from ..rulebook import Fact, Place
from ..words import Lang, Message, say, translated
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
    """One table as it lies in a file; ``name`` reads it, with its row number as ``~row``. ``header``: its columns as they are written."""

    name: str
    file: str
    columns: Mapping[str, str]
    header: Sequence[str]
    comma: bool = False

    @property
    def long(self) -> bool:
        """Does it hold a statement a row?"""
        return is_long(self.header)


def open_tables(con: Any, path: Path, index: int, rejects: list[Reject]) -> list[Raw]:
    """The tables of a file; lines that are no rows at all go to ``rejects``."""
    name, file = f"raw_{index}", str(path)
    if not path.is_file():
        raise SourceError(say("{file}: no such file", file=file))
    try:
        match path.suffix.lower():
            case ".parquet":
                return [_parquet(con, path, name)]
            case ".csv":
                return [_csv(con, path, name, rejects)]
            case ".xlsx":
                return list(_xlsx(con, path, name))
        return _database(con, path, name)
    except SourceError:
        raise
    except Exception as error:  # DuckDB's errors have no common base worth naming
        raise SourceError(say("{file}: cannot be read: {reason}", file=file, reason=told_by(str(error).splitlines()[0]))) from None


def _described(con: Any, name: str, file: str, header: Sequence[str] = (), comma: bool = False) -> Raw:
    columns = {row[0]: row[1] for row in con.execute(f"DESCRIBE {name}").fetchall() if row[0] != "~row"}
    return Raw(name, file, columns, header or tuple(columns), comma)


def _apart(header: Sequence[str]) -> list[str]:
    """The names of columns, and another for one that has none or that of an earlier one (which is then told)."""
    before = [name.lower() for name in header]
    return [name if name and name.lower() not in before[:i] else f"~{i}" for i, name in enumerate(header)]


def _parquet(con: Any, path: Path, name: str) -> Raw:
    import pyarrow.parquet

    header = tuple(pyarrow.parquet.read_schema(path).names)
    con.execute(
        f"CREATE VIEW {name} AS SELECT * EXCLUDE file_row_number, file_row_number + 2 AS {NUMBER} "
        f"FROM read_parquet({text(str(path))}, file_row_number = true)"
    )
    return _described(con, name, str(path), header)


def _csv(con: Any, path: Path, name: str, rejects: list[Reject]) -> Raw:
    separator, top, header = _csv_header(path)
    columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in _apart(header))
    options = (
        f"auto_detect = false, columns = {{{columns}}}, header = true, skip = {top - 1}, delim = {text(separator)}, quote = '\"', "
        f"escape = '\"', ignore_errors = true, store_rejects = true, rejects_table = '{name}_bad', rejects_scan = '{name}_scan'"
    )
    read = f"CREATE TABLE {name} AS SELECT *, row_number() OVER () + {top} AS {NUMBER} FROM read_csv({text(str(path))}, {options}"
    try:
        con.execute(f"{read})")
    except duckdb.InvalidInputException:
        # Lines that do not all end alike. Strict reading is what finds quotation marks that are out of place, so none may be there.
        if _holds(path, b'"'):
            raise SourceError(say("{file}: not all lines end alike: save it as CSV again", file=path)) from None
        con.execute(f"{read}, strict_mode = false)")
    lost = "CASE WHEN error_type = 'UNQUOTED VALUE' THEN len(regexp_split_to_array(trim(csv_line, chr(10)), chr(10))) ELSE 0 END"
    bad = con.execute(f"SELECT line, min(error_message), max({lost}) FROM {name}_bad GROUP BY line ORDER BY line").fetchall()
    for line, message, lines in bad:
        marks = say("a quotation mark is not closed, or stands in a text and is not doubled; lines that are not read: {count}", count=lines)
        rejects.append(Reject(str(path), line, "", (marks if lines else told_by(str(message).splitlines()[0]),)))
    if skipped := sorted({*(line for line, _, _ in bad), *_blank(path, separator, top)}):
        # Rows are numbered as they stand in the file: what was passed over counts too.
        passed = {line - before: before + 1 for before, line in enumerate(skipped)}
        con.execute(f"CREATE TABLE {name}_passed AS SELECT unnest($1) AS after, unnest($2) AS count", [list(passed), list(passed.values())])
        con.execute(f"UPDATE {name} SET {NUMBER} = {NUMBER} + p.count FROM (SELECT r.{NUMBER} AS row, p.count FROM {name} r "
                    f"ASOF JOIN {name}_passed p ON r.{NUMBER} >= p.after) p WHERE p.row = {name}.{NUMBER}")  # fmt: skip
    if len(header) == 1:  # where DuckDB reads a blank row as one with an empty cell
        con.execute(f"DELETE FROM {name} WHERE coalesce(trim({quoted(_apart(header)[0])}), '') = ''")
    return _described(con, name, str(path), header, comma=separator != ",")  # then a number may have a comma


def _csv_header(path: Path) -> tuple[str, int, list[str]]:
    """What stands between the cells, the row of the header, and its names."""
    with path.open("rb") as lines:
        first = next((line for line in lines if line.strip()), b"")
    if not first:
        raise SourceError(say("{file}: the file is empty", file=path))
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(say("{file}: is not written in UTF-8: save it as CSV UTF-8", file=path))
    separator = max(",;\t", key=lambda sign: first.count(sign.encode()))
    # What is not UTF-8 in a row is told of that row alone.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        top, header = next((n, row) for n, row in enumerate(csv.reader(lines, delimiter=separator), 1) if any(row))
    if any("\udc80" <= sign <= "\udcff" for sign in "".join(header)):
        raise SourceError(say("{file}: is not written in UTF-8: save it as CSV UTF-8", file=path))
    return separator, top, [name.strip() for name in header]


def _holds(path: Path, sign: bytes) -> bool:
    with path.open("rb") as file:
        return any(sign in chunk for chunk in iter(lambda: file.read(1 << 20), b""))


def _blank(path: Path, separator: str, top: int) -> list[int]:
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
        rows = list(islice(csv.reader(lines, delimiter=separator), top))
        return [n for n, row in enumerate(csv.reader(lines, delimiter=separator), top + 1) if not row] if len(rows[-1]) > 1 else []


def _xlsx(con: Any, path: Path, name: str) -> Iterator[Raw]:
    import pyarrow as pa

    try:
        sheets = open_sheets(path, str(path))
    except CaseError as error:
        raise SourceError(_together([_where(p.place, p.message) for p in error.problems])) from None
    for number, sheet in enumerate(sheets):
        rows = list(sheet.rows())
        columns = {
            h: pa.array([None if len(r[1]) <= i or r[1][i] is None else str(r[1][i]) for r in rows], pa.string())
            for i, h in enumerate(_apart(sheet.header))
        }
        columns["~row"] = pa.array([r[0] for r in rows], pa.int64())
        con.register(f"{name}_{number}", pa.table(columns))
        yield _described(con, f"{name}_{number}", sheet.file, sheet.header)


def _database(con: Any, path: Path, name: str) -> list[Raw]:
    """The tables with a column ``case``; all of them when there is none such."""
    con.execute(f"ATTACH {text(str(path))} AS {name}_db (READ_ONLY)")
    found = con.execute(
        f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = '{name}_db' AND NOT internal ORDER BY ALL"
    ).fetchall()
    raws = []
    for number, (schema, table) in enumerate(found):
        source = f"{name}_db.{quoted(schema)}.{quoted(table)}"
        con.execute(f"CREATE VIEW {name}_{number} AS SELECT *, rowid + 2 AS {NUMBER} FROM {source}")
        raws.append(_described(con, f"{name}_{number}", f"{path}#{table}"))
    return [raw for raw in raws if "case" in raw.header] or raws


def check_header(raw: Raw, facts: Mapping[str, Fact]) -> None:
    """SourceError with everything that is wrong with the names of the columns."""
    problems = [say("{path}: {problem}", path=p.path, problem=p.message) for p in header_problems(raw.file, raw.header, facts)]
    if problems:
        raise SourceError(_together([say("{path}: {problem}", path=raw.file, problem=problem) for problem in problems]))


def _where(place: Place, message: str) -> Message:
    return say("{path}: {problem}", path=place if place.line else place.file, problem=message)


def _together(lines: Sequence[Message]) -> Message:
    """A line each, so that each can be said in Danish."""
    return reduce(lambda above, below: say("{above}\n{below}", above=above, below=below), lines)
