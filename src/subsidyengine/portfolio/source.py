"""Tables of cases in: Parquet, CSV, XLSX and DuckDB files, read and checked by DuckDB; bad rows are kept apart, with a reason.

A wide table holds a case a row, with the facts' dotted names as columns. A long table (``case, fact, from, value``) holds dated
facts. A row that cannot be read whole is left out altogether: a case without one of its facts would be another case.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ..facts import SUFFIXES, Case, CaseError, read_cases, read_day
from ..rulebook import Rulebook
from ..words import say
from .cells import SPLIT, case_id, day, given, quoted, read_cell, read_checked, read_days, read_words, text
from .gather import gather
from .layout import ALWAYS, CASE, KNOWN, ON, Layout, begins, column_type, slot
from .raw import NUMBER, TABLES, Raw, Reject, SourceError, check_header, open_tables
from .reasons import case_problem, outside, told, why
from .statements import STATEMENTS, gather_statements, strangers

ROW = "row"
#: The schemes that a row asks for by itself, as a list; NULL: those that it touches.
ASKED, _SCHEMES = "~schemes", "schemes"
CASES = "portfolio_cases"
_CASE = quoted(CASE)
_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}


@dataclass(slots=True)
class Source:
    """What was read: the view ``CASES`` of the connection has the ``layout``, with a column ``row`` beside it.

    ``asking``: rows may ask for schemes by themselves, in the column ``ASKED``. ``file``: the table with a case a row, when there is one.
    """

    layout: Layout
    rejects: list[Reject] = field(default_factory=list)
    asking: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class _Wide:
    """The table with a case a row. ``clash``: facts that a long table has too."""

    table: Raw
    layout: Layout
    clash: Sequence[str]
    schemes: Collection[str]

    @property
    def id(self) -> str:
        """SQL: the case's id; NULL where it cannot be used."""
        return case_id(_CASE, self.table.columns[CASE])


def open_source(con: Any, paths: Sequence[Path], rulebook: Rulebook, on: date, known: date | None, once: bool = False) -> Source:
    """Read ``paths`` into the DuckDB connection ``con``. ``on`` stands in for a row without a day of its own.

    ``once``: a case counts once, whatever days its rows name: for who asks about days of their own.

    Raises SourceError for what cannot be used at all; bad rows are told in the source's ``rejects``.
    """
    if not all(p.suffix.lower() in TABLES for p in paths):
        return _from_case_files(con, paths, rulebook, on, known, once)
    rejects: list[Reject] = []
    raws = [raw for index, path in enumerate(paths) for raw in open_tables(con, path, index, rejects)]
    facts = rulebook.facts
    for raw in raws:
        check_header(raw, facts)
    tables, long = [r for r in raws if not r.long], [r for r in raws if r.long]
    if len(tables) != 1:
        raise SourceError(
            say(
                "one table with a case a row is needed beside the long ones (case, fact, from, value); given are {count}: {files}",
                count=len(tables),
                files=", ".join(r.file for r in tables) or "-",
            )
        )
    (table,) = tables
    if long and CASE not in table.columns:
        raise SourceError(say("{file}: needs the column case, by which the long tables name its rows", file=table.file))
    dated = gather_statements(con, long, facts, rejects)
    plain = frozenset(n for n in table.columns if n in facts and facts[n].kind != "dates" and n not in dated)
    days = {n: _most_days(con, table, n) for n in table.columns if n in facts and facts[n].kind == "dates"}
    wide = _Wide(table, Layout(facts, plain, dated, days), sorted(set(dated) & set(table.columns)), rulebook.schemes)
    rejected = _rejected(con, wide, bool(long))
    rejected += _twice(con, table, [r.row for r in rejected], once)
    rejects += strangers(con, table, long)
    _cases(con, wide, on, known, [r.row for r in rejected])
    return Source(wide.layout, rejects + rejected, _SCHEMES in table.columns, table.file)


def _most_days(con: Any, table: Raw, name: str) -> int:
    ((most,),) = con.execute(f"SELECT max(len({read_days(quoted(name), table.columns[name])})) FROM {table.name}").fetchall()
    return int(most or 1)


def _unread(wide: _Wide) -> dict[str, str]:
    """For each column the test that its cell says something that cannot be read."""
    tests = {}
    for name, kind in wide.table.columns.items():
        column, fact = quoted(name), wide.layout.facts.get(name)
        if name == CASE:
            tests[CASE] = f"({wide.id} IS NULL)"
            continue
        if name in (ON, KNOWN):
            reads = day(f"trim({column})" if kind == "VARCHAR" else column, kind)
        elif name == _SCHEMES:
            reads = read_words(column, kind, wide.schemes)
        else:
            assert fact is not None
            reads = read_days(column, kind) if fact.kind == "dates" else read_cell(fact, column, kind, wide.table.comma)
        twice = f" OR {wide.id} IN (SELECT {_CASE} FROM {STATEMENTS} WHERE fact = {text(name)})" if name in wide.clash else ""
        tests[name] = f"({given(column, kind)} AND ({reads} IS NULL{twice}))"
    return tests


def _cases(con: Any, wide: _Wide, on: date, known: date | None, rejected: Sequence[int]) -> None:
    """The view of the good rows, in the layout."""
    table, layout, clash = wide.table, wide.layout, wide.clash
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
    asked = [quoted(ASKED)] if _SCHEMES in table.columns else []
    columns += [f"{read_words(quoted(_SCHEMES), table.columns[_SCHEMES], wide.schemes)} AS {name}" for name in asked]
    columns += [
        f"{read_checked(layout.facts[n], quoted(n), table.columns[n], table.comma)} AS {quoted(n)}"
        for n in table.columns
        if n in layout.plain
    ]
    for name, count in layout.days.items():
        days = read_days(quoted(name), table.columns[name])
        columns += [f"{days}[{i + 1}] AS {quoted(slot(name, i))}" for i in range(count)]
    lone = [f"{read_checked(layout.facts[n], quoted(n), table.columns[n], table.comma)} AS {quoted('wide.' + n)}" for n in clash]
    good = "true"
    if rejected:
        con.execute("CREATE TABLE portfolio_rejected (row BIGINT)")
        con.execute("INSERT INTO portfolio_rejected SELECT unnest($1)", [list(rejected)])
        good = f"{NUMBER} NOT IN (SELECT row FROM portfolio_rejected)"
    base = f"SELECT {', '.join([*columns, *lone])}, {NUMBER} AS {ROW} FROM {table.name} WHERE {good}"
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
    laid += [f"base.{name}" for name in asked]
    laid += [f"base.{quoted(slot(n, i))}" for n, k in layout.days.items() for i in range(k)]
    for name, count in layout.dated.items():
        for i in range(count):
            late = f"{quoted(slot(name, i) + '.received')} > base.{quoted(KNOWN)}"
            value, start = f"s.{quoted(slot(name, i))}", f"s.{quoted(begins(name, i))}"
            if i == 0 and name in clash:
                here = f"base.{quoted('wide.' + name)}"
                value, start = (
                    f"coalesce({value}, {here})",
                    f"CASE WHEN {start} IS NULL AND {here} IS NOT NULL THEN DATE '{ALWAYS}' ELSE {start} END",
                )
            laid += [
                f"{value} AS {quoted(slot(name, i))}",
                f"CASE WHEN NOT coalesce({late}, false) THEN {start} END AS {quoted(begins(name, i))}",
            ]
    con.execute(
        f'CREATE TABLE {CASES} AS SELECT {", ".join(laid)} FROM ({base}) base LEFT JOIN {STATEMENTS}_wide s ON s."~case" = base.{_CASE}'
    )


def _rejected(con: Any, wide: _Wide, long: bool) -> list[Reject]:
    table, tests = wide.table, _unread(wide)
    if long:
        tests["~statement"] = f"({wide.id} IN (SELECT {_CASE} FROM {STATEMENTS}_bad))"
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
        reasons = [r for n in names for r in (left_out if n == "~statement" else _why_cell(n, data[n], wide))]
        rejects.append(Reject(table.file, row, case, tuple(reasons)))
    return rejects


def _twice(con: Any, table: Raw, rejected: Sequence[int], once: bool) -> list[Reject]:
    """Rows that say again what another row is: the same case on the same day, as known on the same day, or ``once`` on whatever day. The
    first of them stands.
    """
    if CASE not in table.columns:
        return []
    same = ", ".join([f"trim(CAST({quoted(CASE)} AS VARCHAR))", *(quoted(c) for c in (ON, KNOWN) if c in table.columns and not once)])
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


def _why_cell(name: str, value: Any, wide: _Wide) -> tuple[str, ...]:
    if name == CASE and not str("" if value is None else value).strip():
        return (say("the row names no case"),)
    if name in (ON, KNOWN):
        return case_problem({name: value}) or (outside(name, read_day(str(value).strip())),)
    if name in (CASE, _SCHEMES):
        return case_problem({name: SPLIT.split(value.strip()) if name == _SCHEMES and isinstance(value, str) else value}, wide.schemes)
    otherwise = say("{fact}: is given here and in the long table", fact=name) if name in wide.clash else ""
    return why(name, value, wide.layout.facts, wide.table.comma, otherwise)


# case files ------------------------------------------------------------------------------------------------------------


def _from_case_files(con: Any, paths: Sequence[Path], rulebook: Rulebook, on: date, known: date | None, once: bool) -> Source:
    """Any files that ``decide`` reads: case by case, so for thousands rather than millions."""
    from dataclasses import replace

    import pyarrow as pa

    for path in paths:
        if not path.exists():
            raise SourceError(say("{file}: no such file", file=path))
        if path.is_file() and path.suffix.lower() not in SUFFIXES:
            raise SourceError(
                say("{file}: cannot read files of this kind; use {kinds}", file=path, kinds=", ".join((*TABLES, *SUFFIXES[:5])))
            )
    cases: list[Case] = []
    rejects: list[Reject] = []
    there: dict[str, str] = {}

    def left_out_for(case: Case, reason: str) -> Reject:
        file, _, line = case.origin.rpartition(":")
        return Reject(file, int(line or 0), case.id, (reason,))

    for item in read_cases(paths, rulebook):
        if isinstance(item, CaseError):
            place = item.problems[0].place
            rejects.append(Reject(place.file, place.line, item.case, told(item)))
        elif once and item.id in there:
            rejects.append(left_out_for(item, say("the case stands at {place} already", place=there[item.id])))
        else:
            there[item.id] = item.origin
            cases.append(replace(item, on=item.on or on, known=item.known or known))
    gathered = gather(cases, rulebook.facts)
    rejects += [left_out_for(case, reason) for case, reason in gathered.misfits]
    left_out = {id(case) for case, _ in gathered.misfits}
    asked = [case.schemes or None for case in cases if id(case) not in left_out]
    con.register(f"{CASES}_arrow", gathered.table.append_column(ASKED, pa.array(asked, pa.list_(pa.string()))))
    con.execute(f"CREATE TABLE {CASES} AS SELECT *, row_number() OVER () AS {ROW} FROM {CASES}_arrow")
    return Source(gathered.layout, rejects, any(asked))
