"""Long tables (``case, fact, from, value``): dated facts, a statement a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..facts import clean, with_point
from ..formula import near
from ..rulebook import Fact
from ..words import say
from .cells import case_id, day, given, quoted, read_cell, text
from .layout import ALWAYS, CASE, MOST_STATEMENTS
from .raw import NUMBER, Raw, Reject
from .reasons import case_problem, why

STATEMENTS = "portfolio_statements"
_CASE, _FROM = quoted("case"), quoted("from")


def gather_statements(con: Any, long: Sequence[Raw], facts: Mapping[str, Fact], rejects: list[Reject]) -> dict[str, int]:
    """Gather the long tables: a row for each case, each dated fact in slots. Says how many slots each fact needs."""
    pieces = []
    for index, raw in enumerate(long):
        kind, column = raw.columns["value"], quoted("value")
        dates = {
            c: day(quoted(c) if raw.columns[c] != "VARCHAR" else f"trim({quoted(c)})", raw.columns[c])
            for c in ("from", "received")
            if c in raw.columns
        }
        branches = " ".join(
            f"WHEN {text(n)} THEN CAST({read_cell(f, column, kind, raw.comma)} AS VARCHAR)" for n, f in facts.items() if f.kind != "dates"
        )
        columns = [
            NUMBER, f"{index} AS source", f"{case_id(_CASE, raw.columns[CASE])} AS {_CASE}", "trim(fact) AS fact",
            f"{given(column, kind)} AS said",
            f"CASE trim(fact) {branches} END AS value",
            *(f"{dates.get(c, 'CAST(NULL AS DATE)')} AS {quoted(c)}" for c in ("from", "received")),
            f"({' OR '.join(f'({given(quoted(c), raw.columns[c])} AND {d} IS NULL)' for c, d in dates.items()) or 'false'}) AS late",
        ]  # fmt: skip
        pieces.append(f"SELECT {', '.join(columns)} FROM {raw.name}")
    if not pieces:
        return {}
    con.execute(f"CREATE TABLE {STATEMENTS}_all AS {' UNION ALL '.join(pieces)}")
    words = ", ".join(text(n) for n, f in facts.items() if f.kind != "dates")
    bad = f"({_CASE} IS NULL OR late OR fact IS NULL OR fact NOT IN ({words}) OR (said AND value IS NULL))"
    found = con.execute(
        f"SELECT source, {NUMBER}, {_CASE}, fact FROM {STATEMENTS}_all WHERE coalesce({bad}, true) ORDER BY source, {NUMBER}"
    ).fetchall()
    for source, row, case, name in found:
        rejects.append(Reject(long[source].file, row, case or "", _why(con, long[source], row, name, facts)))
    con.execute(
        f"CREATE TABLE {STATEMENTS}_bad AS SELECT DISTINCT {_CASE} FROM {STATEMENTS}_all "
        f"WHERE coalesce({bad}, true) AND {_CASE} IS NOT NULL"
    )
    con.execute(
        f"CREATE TABLE {STATEMENTS} AS SELECT {_CASE}, fact, coalesce({_FROM}, DATE '{ALWAYS}') AS begins, "
        f"value, received, source, {NUMBER} "
        f"FROM {STATEMENTS}_all WHERE NOT coalesce({bad}, true)"
    )
    return _slots(con, long, facts, rejects)


def _slots(con: Any, long: Sequence[Raw], facts: Mapping[str, Fact], rejects: list[Reject]) -> dict[str, int]:
    """Number the statements of each case and fact; those known too late for the case are dropped when the cases are laid out."""
    con.execute(
        f"CREATE TABLE {STATEMENTS}_slots AS SELECT {_CASE}, fact, begins, value, received, source, {NUMBER}, "
        "row_number() OVER w - 1 AS slot, "
        "coalesce(begins = lag(begins) OVER w AND received IS NOT DISTINCT FROM lag(received) OVER w, false) AS again "
        f"FROM {STATEMENTS} WINDOW w AS (PARTITION BY {_CASE}, fact ORDER BY begins, received NULLS FIRST, source, {NUMBER})"
    )
    bad = f"again OR slot = {MOST_STATEMENTS}"
    found = con.execute(f"SELECT source, {NUMBER}, {_CASE}, fact, again FROM {STATEMENTS}_slots WHERE {bad} ORDER BY ALL").fetchall()
    for source, row, case, name, again in found:
        many = say("{fact}: a case has more than {most} dated values of it", fact=name, most=MOST_STATEMENTS)
        rejects.append(Reject(long[source].file, row, case, _why(con, long[source], row, name, facts, 2) if again else (many,)))
    con.execute(f"INSERT INTO {STATEMENTS}_bad SELECT DISTINCT {_CASE} FROM {STATEMENTS}_slots WHERE {bad}")
    most = dict(con.execute(f"SELECT fact, max(slot) + 1 FROM {STATEMENTS}_slots WHERE slot < {MOST_STATEMENTS} GROUP BY fact").fetchall())
    return {n: int(most[n]) for n in facts if n in most}


def _why(con: Any, raw: Raw, row: int, name: str | None, facts: Mapping[str, Fact], times: int = 1) -> tuple[str, ...]:
    """Why a row of a long table cannot be used; ``times`` 2: because another says the same."""
    cells = con.execute(f"SELECT * EXCLUDE {NUMBER} FROM {raw.name} WHERE {NUMBER} = {row}").fetchall()[0]
    data = dict(zip(raw.columns, cells, strict=True))
    if name is None or name not in facts:
        return (say("unknown fact '{name}'{hint}", name=clean(name), hint=near(name, facts)) if name else say("the row names no fact"),)
    said = {k: data[k] for k in ("value", "from", "received") if data.get(k) is not None}
    statement = {k: v.strip() if isinstance(v, str) else v for k, v in said.items()}
    if raw.comma and facts[name].type.kind == "number" and "value" in statement:
        statement["value"] = with_point(statement["value"])
    if not data.get("case"):
        return (say("the row names no case"),)
    if problem := case_problem({"case": data["case"]}):
        return problem
    if facts[name].kind == "dates":
        return (say("{fact}: several days of a fact stand in the table with a case a row, not in a long one", fact=name),)
    return why(name, [{"value": None, **statement}] * times if times > 1 else statement, facts)


def strangers(con: Any, table: Raw, long: Sequence[Raw]) -> list[Reject]:
    """Statements about cases that are not there: an id that was misspelt would else lose a case its facts unseen."""
    if not long:
        return []
    there = f"SELECT trim(CAST({quoted(CASE)} AS VARCHAR)) FROM {table.name} WHERE {quoted(CASE)} IS NOT NULL"
    found = con.execute(
        f"SELECT source, {NUMBER}, {_CASE} FROM {STATEMENTS} WHERE {_CASE} NOT IN ({there}) ORDER BY source, {NUMBER}"
    ).fetchall()
    return [Reject(long[source].file, row, case, (say("the case is not in {file}", file=table.file),)) for source, row, case in found]
