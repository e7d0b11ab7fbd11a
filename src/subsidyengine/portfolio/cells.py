"""Cells of a table as they were written become the columns of a layout: SQL of DuckDB, which reads the files.

A cell that cannot be read becomes NULL in its column; ``unread`` says where that happened, so that no row loses a fact unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from ..facts import FAILED
from ..rulebook import Fact
from .layout import FIRST_DAY, LAST_DAY, MOST_STATEMENTS, begins, limit_of

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
#: A moment of a time zone is no day of its own.
_MOMENTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
#: Between several words or days in a cell.
SPLIT = re.compile(r"[\s,;|]+")
_ISO = r"^\d{4}-\d{2}-\d{2}$"
_SHOWN = ", ".join(f"'{shown}'" for shown in FAILED.values())
_NUMBER = r"^[-+]?\d{1,15}(\.\d{1,6})?$"
#: ``5.500`` is 5500 to a Danish reader: asked about, not guessed.
_TWO_READINGS = r"^[-+]?[1-9]\d{0,2}\.\d{3}$"


def quoted(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def _is_text(kind: str) -> bool:
    return kind == "VARCHAR" or kind.startswith("ENUM")


def given(column: str, kind: str) -> str:
    """Is something written in the cell?"""
    return f"coalesce(trim({column}) <> '', false)" if kind == "VARCHAR" else f"({column} IS NOT NULL)"


def read_checked(fact: Fact, column: str, kind: str, comma: bool = False) -> str:
    """The same as :func:`read_cell` for a cell that was found to be readable: what has a type is not looked at again."""
    if fact.kind == "enum" and kind == "VARCHAR":
        return f"nullif(trim({column}), '')"
    if fact.kind == "date" and kind == "DATE":
        return column
    if fact.type.kind == "number" and (kind.startswith("DECIMAL") or kind in _WHOLE):
        return f"CAST({column} * {limit_of(fact).scale} AS BIGINT)"
    return read_cell(fact, column, kind, comma)


def read_cell(fact: Fact, column: str, kind: str, comma: bool = False) -> str:
    """The cell as its fact's column has it; NULL where it cannot be read. ``comma``: numbers may be written 5500,50."""
    written = f"trim({column})" if kind == "VARCHAR" else column
    match fact.kind:
        case "bool":
            return _bool(written, kind)
        case "enum":
            words = ", ".join(text(v) for v in fact.values)
            if kind != "VARCHAR":
                written = f"CAST({column} AS VARCHAR)"
            return f"CASE WHEN {written} IN ({words}) THEN {written} END"
        case "date":
            return day(written, kind)
        case "text":
            if not _is_text(kind):
                return "CAST(NULL AS VARCHAR)"
            found = f"nullif(trim(CAST({column} AS VARCHAR)), '')"
            return f"CASE WHEN {found} NOT IN ({_SHOWN}) THEN {found} END"
    return _number(fact, written, kind, comma)


def _bool(written: str, kind: str) -> str:
    if kind == "BOOLEAN":
        return written
    lower = f"lower(CAST({written} AS VARCHAR))"
    return f"CASE WHEN {lower} IN ('true', 'sand') THEN true WHEN {lower} IN ('false', 'falsk') THEN false END"


def day(written: str, kind: str) -> str:
    """A day within what a table holds."""
    if kind == "VARCHAR":
        plain = f"regexp_replace({written}, ' 00:00:00$', '')"
        found = f"CASE WHEN regexp_matches({plain}, {text(_ISO)}) THEN TRY_CAST({plain} AS DATE) END"
    elif kind == "DATE":
        found = written
    elif kind in _MOMENTS:
        found = f"CASE WHEN {written} = date_trunc('day', {written}) THEN CAST({written} AS DATE) END"
    else:
        return "CAST(NULL AS DATE)"
    return f"CASE WHEN {found} BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}' THEN {found} END"


def _number(fact: Fact, written: str, kind: str, comma: bool) -> str:
    limit = limit_of(fact)
    if kind == "VARCHAR":
        if comma:
            written = (
                f"CASE WHEN regexp_matches({written}, '^[-+]?(\\d+|\\d{{1,3}}(\\.\\d{{3}})*),\\d+$')"
                f" THEN replace(replace({written}, '.', ''), ',', '.') ELSE {written} END"
            )
        fine = f"regexp_matches({written}, {text(_NUMBER)}) AND NOT regexp_matches({written}, {text(_TWO_READINGS)})"
        exact = f"CASE WHEN {fine} THEN TRY_CAST({written} AS DECIMAL(28, 6)) END"
    elif kind in ("DOUBLE", "FLOAT"):
        # A floating number is meant as it is written out; at most six decimals.
        near = f"TRY_CAST({written} AS DECIMAL(28, 6))"
        exact = f"CASE WHEN TRY_CAST({near} AS {kind}) = {written} THEN {near} END"
    elif kind == "BOOLEAN" or not (kind.startswith("DECIMAL") or kind.endswith("INT") or kind in ("INTEGER", "UINTEGER")):
        return "CAST(NULL AS BIGINT)"
    elif kind.startswith("DECIMAL"):
        places = int(kind.rstrip(")").split(",")[1])
        exact = written if places <= 6 else f"CASE WHEN {written} = round({written}, 6) THEN CAST({written} AS DECIMAL(28, 6)) END"
    else:
        exact = written
    tests = [f"abs({exact}) < {limit.top}"]
    if fact.min is not None:
        tests.append(f"{exact} >= {fact.min}")
    if fact.max is not None:
        tests.append(f"{exact} <= {fact.max}")
    if not (kind.endswith("INT") or kind in ("INTEGER", "UINTEGER")):
        tests.append(f"{exact} * {limit.scale} = round({exact} * {limit.scale})")
    return f"CASE WHEN {' AND '.join(tests)} THEN CAST({exact} * {limit.scale} AS BIGINT) END"


def read_days(column: str, kind: str) -> str:
    """Several days, as a list in order; NULL where one cannot be read, or where there are too many."""
    if kind.endswith("[]"):
        parts, each = column, kind.removesuffix("[]")
    elif kind == "VARCHAR":
        parts, each = _parts(f"regexp_replace({column}, ' 00:00:00', '', 'g')"), kind
    else:
        parts, each = f"[{column}]", kind
    days = f"list_transform({parts}, lambda x: {day('trim(x)' if each == 'VARCHAR' else 'x', each)})"
    # What cannot be read is NULL, and no day may stand twice: either is one fewer of the days that differ.
    fine = f"len({parts}) BETWEEN {int(kind == 'VARCHAR')} AND {MOST_STATEMENTS} AND len(list_distinct({days})) = len({parts})"
    return f"CASE WHEN {fine} THEN list_sort({days}) END"


def read_words(column: str, kind: str, words: Collection[str]) -> str:
    """Several words of ``words``, as a list; NULL where there are none, or others."""
    parts = column if kind == "VARCHAR[]" else _parts(f"CAST({column} AS VARCHAR)")
    known = ", ".join(map(text, words))
    return f"CASE WHEN len({parts}) > 0 AND len(list_filter({parts}, lambda x: x IN ({known}))) = len({parts}) THEN {parts} END"


def _parts(column: str) -> str:
    return f"list_filter(regexp_split_to_array(trim({column}), {text(SPLIT.pattern)}), lambda x: x <> '')"


def case_id(column: str, kind: str) -> str:
    """An id that can be used: one line, not too long, and nothing like a CPR number."""
    if kind in _WHOLE:
        # A whole number may have lost the leading zero of a CPR number.
        return f"CASE WHEN {column} NOT BETWEEN 100000000 AND 9999999999 THEN CAST({column} AS VARCHAR) END"
    if not _is_text(kind) and kind != "UUID":
        return "CAST(NULL AS VARCHAR)"
    found = f"trim(CAST({column} AS VARCHAR))"
    cpr = r"(^|[^0-9A-Za-z])\d{6}[- ]?\d{4}($|[^0-9A-Za-z])"
    fine = f"NOT regexp_matches({found}, '[[:cntrl:]]') AND {found} NOT IN ({_SHOWN})"
    return f"CASE WHEN len({found}) BETWEEN 1 AND 200 AND {fine} AND NOT regexp_matches({found}, {text(cpr)}) THEN {found} END"


def latest(name: str, count: int, column: Callable[[str, int], str], day: str) -> str:
    """SQL: of a dated fact's columns (:func:`slot` or :func:`begins`) that of the statement which has begun last by ``day``."""
    branches = " ".join(f"WHEN {quoted(begins(name, i))} <= {day} THEN {quoted(column(name, i))}" for i in reversed(range(count)))
    return f"CASE {branches} END"
