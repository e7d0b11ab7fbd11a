"""Tables of cases in: Parquet, CSV, XLSX and DuckDB files, read and checked by DuckDB; bad rows are kept apart, with a reason.

A wide table holds a case a row, with the facts' dotted names as columns. A long table (``case, fact, from, value``) holds dated
facts. A row that cannot be read whole is left out altogether: a case without one of its facts would be another case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ..facts import LONG, SUFFIXES, WIDE, Case, CaseError, case_from_data, clean, read_cases
from ..formula import near
from ..rulebook import Fact, Rulebook
from ..words import say
from .cells import case_id, day, given, quoted, read_cell, read_checked, read_days, text
from .gather import Misfit, gather, table_value
from .layout import ALWAYS, CASE, KNOWN, MOST_STATEMENTS, ON, Layout, begins, column_type, slot
from .raw import NUMBER, TABLES, Raw, Reject, SourceError, check_header, open_tables

ROW = "row"
CASES, STATEMENTS = "portfolio_cases", "portfolio_statements"
_CASE, _FROM = quoted("case"), quoted("from")
_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}


@dataclass(slots=True)
class Source:
    """What was read: the view ``CASES`` of the connection has the ``layout``, with a column ``row`` beside it."""

    layout: Layout
    rejects: list[Reject] = field(default_factory=list)


def open_source(con: Any, paths: Sequence[Path], rulebook: Rulebook, on: date, known: date | None) -> Source:
    """Read ``paths`` into the DuckDB connection ``con``. ``on`` stands in for a row without a day of its own.

    Raises SourceError for what cannot be used at all; bad rows are told in the source's ``rejects``.
    """
    if not all(p.suffix.lower() in TABLES for p in paths):
        return _from_case_files(con, paths, rulebook, on, known)
    rejects: list[Reject] = []
    raws = [raw for index, path in enumerate(paths) for raw in open_tables(con, path, index, rejects)]
    wide, long = [r for r in raws if not r.long], [r for r in raws if r.long]
    if len(wide) != 1:
        raise SourceError(
            say("one table with a case a row is needed beside the long ones (case, fact, from, value); {count} are given", count=len(wide))
        )
    (table,) = wide
    facts = rulebook.facts
    check_header(table, (*WIDE, *facts), facts)
    for raw in long:
        check_header(raw, LONG, facts)
    dated = _statements(con, long, facts, rejects)
    clash = sorted(set(dated) & set(table.columns))
    plain = frozenset(n for n in table.columns if n in facts and facts[n].kind != "dates" and n not in dated)
    days = {n: _most_days(con, table, n) for n in table.columns if n in facts and facts[n].kind == "dates"}
    layout = Layout(facts, plain, dated, days)
    rejected = _rejected(con, table, layout, clash)
    rejected += _twice(con, table, [r.row for r in rejected])
    rejects += _strangers(con, table, long)
    _cases(con, table, layout, clash, on, known, [r.row for r in rejected])
    rejects += rejected
    return Source(layout, rejects)


# dated facts -----------------------------------------------------------------------------------------------------------


def _statements(con: Any, long: Sequence[Raw], facts: Mapping[str, Fact], rejects: list[Reject]) -> dict[str, int]:
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
            NUMBER, f"{index} AS source", f"{case_id(_CASE)} AS {_CASE}", "trim(fact) AS fact", f"{given(column, kind)} AS said",
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
        rejects.append(Reject(long[source].file, row, case or "", _why_statement(con, long[source], row, name, facts)))
    con.execute(
        f"CREATE TABLE {STATEMENTS}_bad AS SELECT DISTINCT {_CASE} FROM {STATEMENTS}_all "
        f"WHERE coalesce({bad}, true) AND {_CASE} IS NOT NULL"
    )
    con.execute(
        f"CREATE TABLE {STATEMENTS} AS SELECT {_CASE}, fact, coalesce({_FROM}, DATE '{ALWAYS}') AS begins, "
        f"value, received, source, {NUMBER} "
        f"FROM {STATEMENTS}_all WHERE NOT coalesce({bad}, true)"
    )
    return _slots(con, facts)


def _slots(con: Any, facts: Mapping[str, Fact]) -> dict[str, int]:
    """Number the statements of each case and fact; those known too late for the case are dropped when the cases are laid out."""
    con.execute(
        f"CREATE TABLE {STATEMENTS}_slots AS SELECT {_CASE}, fact, begins, value, received, row_number() OVER "
        f"(PARTITION BY {_CASE}, fact ORDER BY begins, received NULLS FIRST, source, {NUMBER}) - 1 AS slot FROM {STATEMENTS}"
    )
    most = dict(con.execute(f"SELECT fact, max(slot) + 1 FROM {STATEMENTS}_slots GROUP BY fact").fetchall())
    too_many = [n for n, count in most.items() if count > MOST_STATEMENTS]
    if too_many:
        raise SourceError(say("{facts}: a case has more than {most} dated values of it", facts=", ".join(too_many), most=MOST_STATEMENTS))
    return {n: int(most[n]) for n in facts if n in most}


def _why_statement(con: Any, raw: Raw, row: int, name: str | None, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    cells = con.execute(f"SELECT * EXCLUDE {NUMBER} FROM {raw.name} WHERE {NUMBER} = {row}").fetchall()[0]
    data = dict(zip(raw.columns, cells, strict=True))
    if name is None or name not in facts:
        return (say("unknown fact '{name}'{hint}", name=clean(name), hint=near(name, facts)) if name else say("the row names no fact"),)
    statement = {k: data[k] for k in ("value", "from", "received") if data.get(k) is not None}
    if not data.get("case"):
        return (say("the row names no case"),)
    if case_problem := _case_problem({"case": data["case"]}):
        return case_problem
    return _why(name, statement, facts)


# cases -----------------------------------------------------------------------------------------------------------------


def _most_days(con: Any, table: Raw, name: str) -> int:
    ((most,),) = con.execute(f"SELECT max(len({read_days(quoted(name), table.columns[name])})) FROM {table.name}").fetchall()
    return int(most or 1)


def _unread(table: Raw, layout: Layout, clash: Sequence[str]) -> dict[str, str]:
    """For each column the test that its cell says something that cannot be read."""
    tests = {}
    for name, kind in table.columns.items():
        column, fact = quoted(name), layout.facts.get(name)
        if name in (ON, KNOWN):
            reads = day(f"trim({column})" if kind == "VARCHAR" else column, kind)
        elif fact is None:
            continue
        else:
            reads = read_days(column, kind) if fact.kind == "dates" else read_cell(fact, column, kind, table.comma)
        tests[name] = f"({given(column, kind)} AND {reads} IS NULL)"
    for name in clash:
        tests[name] = (
            f"({given(quoted(name), table.columns[name])} AND {_CASE} IN (SELECT {_CASE} FROM {STATEMENTS} WHERE fact = {text(name)}))"
        )
    if CASE in table.columns:
        tests[CASE] = f"({case_id(quoted(CASE))} IS NULL)"
    return tests


def _cases(
    con: Any, table: Raw, layout: Layout, clash: Sequence[str], on: date, known: date | None, rejected: Sequence[int]
) -> None:  # fmt: skip
    """The view of the good rows, in the layout."""
    stem = Path(table.file.partition("#")[0]).stem
    own = f"trim(CAST({quoted(CASE)} AS VARCHAR))" if CASE in table.columns else f"{text(stem + '#')} || {NUMBER}"
    columns = [f"{own} AS {quoted(CASE)}"]
    for name, default in ((ON, on), (KNOWN, known)):
        said = "NULL"
        if name in table.columns:
            kind = table.columns[name]
            said = quoted(name) if kind == "DATE" else day(f"trim({quoted(name)})" if kind == "VARCHAR" else quoted(name), kind)
        fallback = "CAST(NULL AS DATE)" if default is None else f"DATE '{default}'"
        columns.append(f"coalesce({said}, {fallback}) AS {quoted(name)}")
    columns += [
        f"{read_checked(layout.facts[n], quoted(n), table.columns[n], table.comma)} AS {quoted(n)}"
        for n in table.columns
        if n in layout.plain
    ]
    for name, count in layout.days.items():
        days = read_days(quoted(name), table.columns[name])
        columns += [f"{days}[{i + 1}] AS {quoted(slot(name, i))}" for i in range(count)]
    wide = [f"{read_checked(layout.facts[n], quoted(n), table.columns[n], table.comma)} AS {quoted('wide.' + n)}" for n in clash]
    good = "true"
    if rejected:
        con.execute("CREATE TABLE portfolio_rejected (row BIGINT)")
        con.execute("INSERT INTO portfolio_rejected SELECT unnest($1)", [list(rejected)])
        good = f"{NUMBER} NOT IN (SELECT row FROM portfolio_rejected)"
    base = f"SELECT {', '.join([*columns, *wide])}, {NUMBER} AS {ROW} FROM {table.name} WHERE {good}"
    if not layout.dated:
        con.execute(f"CREATE VIEW {CASES} AS {base}")
        return
    pivots = []
    for name, count in layout.dated.items():
        kind = _SQL_TYPES[column_type(layout.facts[name])]
        for i in range(count):
            here = f"FILTER (WHERE fact = {text(name)} AND slot = {i})"
            pivots += [f"CAST(max(value) {here} AS {kind}) AS {quoted(slot(name, i))}", f"max(begins) {here} AS {quoted(begins(name, i))}",
                       f"max(received) {here} AS {quoted(slot(name, i) + '.received')}"]  # fmt: skip
    con.execute(
        f'CREATE TABLE {STATEMENTS}_wide AS SELECT {_CASE} AS "~case", {", ".join(pivots)} FROM {STATEMENTS}_slots GROUP BY {_CASE}'
    )
    laid = [f"base.{quoted(n)}" for n in (CASE, ON, KNOWN, *(n for n in table.columns if n in layout.plain), ROW)]
    laid += [f"base.{quoted(slot(n, i))}" for n, k in layout.days.items() for i in range(k)]
    for name, count in layout.dated.items():
        for i in range(count):
            late = f"{quoted(slot(name, i) + '.received')} > base.{quoted(KNOWN)}"
            value, start = f"s.{quoted(slot(name, i))}", f"s.{quoted(begins(name, i))}"
            if i == 0 and name in clash:
                lone = f"base.{quoted('wide.' + name)}"
                value, start = (
                    f"coalesce({value}, {lone})",
                    f"CASE WHEN {start} IS NULL AND {lone} IS NOT NULL THEN DATE '{ALWAYS}' ELSE {start} END",
                )
            laid += [
                f"{value} AS {quoted(slot(name, i))}",
                f"CASE WHEN NOT coalesce({late}, false) THEN {start} END AS {quoted(begins(name, i))}",
            ]
    con.execute(
        f'CREATE TABLE {CASES} AS SELECT {", ".join(laid)} FROM ({base}) base LEFT JOIN {STATEMENTS}_wide s ON s."~case" = base.{_CASE}'
    )


def _rejected(con: Any, table: Raw, layout: Layout, clash: Sequence[str]) -> list[Reject]:
    tests = _unread(table, layout, clash)
    if layout.dated and CASE in table.columns:
        tests["~statement"] = f"({case_id(quoted(CASE))} IN (SELECT {_CASE} FROM {STATEMENTS}_bad))"
    if not tests:
        return []
    flags = ", ".join(t for t in tests.values())
    # Python has no moments with a time zone without another package.
    cells = ", ".join(f"CAST({quoted(c)} AS VARCHAR)" if "TIME ZONE" in kind else quoted(c) for c, kind in table.columns.items())
    found = con.execute(
        f"SELECT {NUMBER}, {cells}, [{flags}] FROM {table.name} WHERE {' OR '.join(tests.values())} ORDER BY {NUMBER}"
    ).fetchall()
    rejects = []
    for row, *said, wrong in found:
        data = dict(zip(table.columns, said, strict=True))
        names = [name for name, flag in zip(tests, wrong, strict=True) if flag]
        case = "" if CASE in names or data.get(CASE) is None else str(data[CASE]).strip()
        left_out = (say("a row of the long table of this case cannot be read"),)
        reasons = [r for n in names for r in (left_out if n == "~statement" else _why_cell(n, data, clash, layout))]
        rejects.append(Reject(table.file, row, case, tuple(reasons)))
    return rejects


def _strangers(con: Any, table: Raw, long: Sequence[Raw]) -> list[Reject]:
    """Statements about cases that are not there: an id that was misspelt would else lose a case its facts unseen."""
    if not long or CASE not in table.columns:
        return []
    there = f"SELECT trim(CAST({quoted(CASE)} AS VARCHAR)) FROM {table.name} WHERE {quoted(CASE)} IS NOT NULL"
    found = con.execute(
        f"SELECT source, {NUMBER}, {_CASE} FROM {STATEMENTS} WHERE {_CASE} NOT IN ({there}) ORDER BY source, {NUMBER}"
    ).fetchall()
    return [Reject(long[source].file, row, case, (say("the case is not in {file}", file=table.file),)) for source, row, case in found]


def _twice(con: Any, table: Raw, rejected: Sequence[int]) -> list[Reject]:
    """Rows that say again what another row is: the same case on the same day, as known on the same day. The first of them stands."""
    if CASE not in table.columns:
        return []
    same = ", ".join([f"trim(CAST({quoted(CASE)} AS VARCHAR))", *(quoted(c) for c in (ON, KNOWN) if c in table.columns)])
    good = ""
    if rejected:
        con.execute("CREATE TEMP TABLE portfolio_unread AS SELECT unnest($1) AS row", [list(rejected)])
        good = f"WHERE {NUMBER} NOT IN (SELECT row FROM portfolio_unread)"
    found = con.execute(
        f"SELECT case_id, first, unnest(list_filter(list_sort(rows), lambda r: r <> first)) AS row FROM (SELECT any_value(trim(CAST("
        f"{quoted(CASE)} AS VARCHAR))) AS case_id, min({NUMBER}) AS first, list({NUMBER}) AS rows FROM {table.name} {good} "
        f"GROUP BY {same} HAVING count(*) > 1) ORDER BY row"
    ).fetchall()
    return [Reject(table.file, row, case, (say("the case stands in row {first} already", first=first),)) for case, first, row in found]


def _why_cell(name: str, data: Mapping[str, Any], clash: Sequence[str], layout: Layout) -> tuple[str, ...]:
    if name in clash:
        return (say("{fact}: is given here and in the long table", fact=name),)
    if name == CASE and not str(data[name] or "").strip():
        return (say("the row names no case"),)
    if name in WIDE:
        return _case_problem({name: data[name]}) or (say("{fact}: cannot be read", fact=name),)
    return _why(name, data[name], layout.facts)


def _why(name: str, value: Any, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The reason in the words that a case file would get; or why a table cannot hold what a case file can."""
    try:
        case = case_from_data({"facts": {name: value}}, facts)
        table_value(facts[name], case.facts.get(name, ()))
    except CaseError as error:
        return _told(error)
    except Misfit as misfit:
        return misfit.args
    return (say("{fact}: cannot be read", fact=name),)


def _case_problem(data: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        case_from_data({"facts": {}, **data}, {})
    except CaseError as error:
        return _told(error)
    return ()


def _told(error: CaseError) -> tuple[str, ...]:
    return tuple(say("{path}: {problem}", path=p.path, problem=p.message) if p.path else p.message for p in error.problems)


# case files ------------------------------------------------------------------------------------------------------------


def _from_case_files(con: Any, paths: Sequence[Path], rulebook: Rulebook, on: date, known: date | None) -> Source:
    """Any files that ``decide`` reads: case by case, so for thousands rather than millions."""
    from dataclasses import replace

    for path in paths:
        if not path.exists():
            raise SourceError(say("{file}: no such file", file=path))
        if path.is_file() and path.suffix.lower() not in SUFFIXES:
            raise SourceError(
                say("{file}: cannot read files of this kind; use {kinds}", file=path, kinds=", ".join((*TABLES, *SUFFIXES[:5])))
            )
    cases: list[Case] = []
    rejects: list[Reject] = []
    for item in read_cases(paths, rulebook):
        if isinstance(item, CaseError):
            place = item.problems[0].place
            rejects.append(Reject(place.file, place.line, item.case, _told(item)))
        else:
            cases.append(replace(item, on=item.on or on, known=item.known or known))
    gathered = gather(cases, rulebook.facts)
    rejects += [
        Reject(c.origin.rpartition(":")[0], int(c.origin.rpartition(":")[2] or 0), c.id, (reason,)) for c, reason in gathered.misfits
    ]
    con.register(f"{CASES}_arrow", gathered.table)
    con.execute(f"CREATE TABLE {CASES} AS SELECT *, row_number() OVER () AS {ROW} FROM {CASES}_arrow")
    return Source(gathered.layout, rejects)
