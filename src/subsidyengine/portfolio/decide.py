"""Files of cases in, files of answers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

import ibis

from ..facts import reason
from ..rulebook import Rulebook
from ..words import Lang, say
from .cells import quoted, text
from .layout import CASE, ON, Layout
from .plan import plan
from .raw import Reject, SourceError
from .run import OUTPUTS, Progress, connect, finish, silent, sql_of, stated, write
from .source import ASKED, CASES, ROW, Source, open_source
from .touch import touched, touching

OUTCOMES = ("granted", "refused", "undetermined")


@dataclass(frozen=True, slots=True)
class Decided:
    """One scheme over the whole table: how many of each outcome, and the sum of the amounts granted, by unit of the amount."""

    scheme: str
    out: Path
    outcomes: Mapping[str, int]
    granted_sum: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. ``rejects_file`` holds the rejects; None when there are none."""

    cases: int
    decided: tuple[Decided, ...]
    rejects: tuple[Reject, ...]
    rejects_file: Path | None
    rulebook: str


def decide_files(
    paths: Sequence[Path], rulebook: Rulebook, out: Path, schemes: Sequence[str] = (), on: date | None = None, known: date | None = None,
    open_facts: bool = True, progress: Progress = silent, lang: Lang = "en",
) -> Summary:  # fmt: skip
    """Decide every case of ``paths`` and write the answers to ``out``.

    ``schemes``: default every scheme that the facts of the table touch. With one scheme ``out`` is a file (Parquet, CSV, XLSX or
    DuckDB by its suffix), with several a DuckDB file or a folder that gets a Parquet file for each. ``on``: the day for rows without
    one of their own, default today. Rejected rows are written beside, to ``<out>.rejects.csv``, with
    their reasons in ``lang``.

    Raises SourceError when a file cannot be used at all.
    """
    backend = connect()
    con = backend.con
    progress("reading", None)
    source = open_source(con, paths, rulebook, on or date.today(), known)
    chosen = list(dict.fromkeys(schemes)) or _asked_for(con, rulebook, source)
    if not chosen:
        raise SourceError(say("no scheme is touched by the columns of this table; name one with --scheme"))
    targets = _targets(out, chosen)
    for path in paths:
        if any(target.exists() and target.samefile(path) for target in targets.values()):
            raise SourceError(say("{file}: is read; write the answers to another file", file=path))
    table = stated(backend, CASES)
    left_out = [] if schemes else _untouched(con, backend, rulebook, chosen, source)
    cases = int(con.execute(f"SELECT count(*) FROM {CASES}").fetchall()[0][0]) - len(left_out)
    decided = []
    for scheme in chosen:
        rows = table
        if not schemes:
            rows = rows.filter(_touches(rulebook, scheme, source, rows))
        answers = plan(rulebook, scheme, source.layout, rows, open_facts, (ROW,), spans(con, rulebook, scheme, source.layout))
        select = f"SELECT * FROM ({sql_of(backend, answers)}) ORDER BY {ROW}"
        write(con, select, targets[scheme], scheme, progress)
        decided.append(_summary(con, rulebook, scheme, targets[scheme], select))
    rejects = [*source.rejects, *left_out]
    rejects_file = _write_rejects(con, rejects, out, lang)
    finish(con, out)
    return Summary(cases, tuple(decided), tuple(rejects), rejects_file, rulebook.hash)


def _asked_for(con: Any, rulebook: Rulebook, source: Source) -> list[str]:
    """Schemes that some row touches or asks for by itself."""
    found = set(touched(rulebook, source.layout))
    if source.asking:
        found |= {name for (name,) in con.execute(f"SELECT DISTINCT unnest({quoted(ASKED)}) FROM {CASES}").fetchall()}
    return [scheme for scheme in rulebook.schemes if scheme in found]


def _touches(rulebook: Rulebook, scheme: str, source: Source, rows: Any) -> Any:
    """Which rows a scheme is asked about: those that name it, and of those that name none all that touch it."""
    touches = reduce(lambda a, b: a | b, (rows[c].notnull() for c in touching(rulebook, scheme, source.layout)), ibis.literal(False))
    return (rows[ASKED].isnull() & touches) | rows[ASKED].contains(scheme).fill_null(False) if source.asking else touches


def _untouched(con: Any, backend: Any, rulebook: Rulebook, schemes: Sequence[str], source: Source) -> list[Reject]:
    """Rows that no scheme is asked about."""
    rows = backend.table(CASES)
    left = rows.filter(~reduce(lambda a, b: a | b, (_touches(rulebook, scheme, source, rows) for scheme in schemes)))
    found = con.execute(f"SELECT {ROW}, {quoted(CASE)} FROM ({sql_of(backend, left)}) ORDER BY {ROW}").fetchall()
    reason = say("no scheme is touched by these facts; name one with --scheme")
    return [Reject(source.file, row, case, (reason,)) for row, case in found]


def spans(con: Any, rulebook: Rulebook, scheme: str, layout: Layout) -> dict[str, tuple[date, date]]:
    """The first and the last of the days that say which law holds: what lies outside need not be looked at."""
    book = rulebook.schemes[scheme]
    law_of = {c.law_of for c in book.conditions.values() if c.law_of} | {v.law_of for v in book.values.values() if v.law_of}
    law_of |= {book.law_of} if book.law_of else set()
    columns = [ON, *sorted(law_of & layout.plain)]
    listed = ", ".join(f"min({quoted(c)}), max({quoted(c)})" for c in columns)
    (found,) = con.execute(f"SELECT {listed} FROM {CASES}").fetchall()
    pairs = zip(columns, found[::2], found[1::2], strict=True)
    return {column: (first, last) for column, first, last in pairs if first is not None}


def _targets(out: Path, schemes: Sequence[str]) -> dict[str, Path]:
    if out.suffix.lower() in (".duckdb", ".db"):
        return dict.fromkeys(schemes, out)
    if out.suffix.lower() in OUTPUTS:
        if len(schemes) > 1:
            raise SourceError(
                say(
                    "{schemes} do not fit in one {kind} file: name a folder, a .duckdb file, or one --scheme",
                    schemes=", ".join(schemes),
                    kind=out.suffix,
                )
            )
        return {schemes[0]: out}
    if out.suffix and not out.is_dir():
        raise SourceError(say("{file}: cannot write files of this kind; use {kinds} or a folder", file=out, kinds=", ".join(OUTPUTS)))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(say("{file}: cannot be written: {reason}", file=out, reason=reason(error))) from None
    return {scheme: out / f"{scheme}.parquet" for scheme in schemes}


def _summary(con: Any, rulebook: Rulebook, scheme: str, out: Path, select: str) -> Decided:
    where = {
        ".parquet": f"read_parquet({text(str(out))})",
        ".csv": f"read_csv({text(str(out))})",
        ".duckdb": f"written.{quoted(scheme)}",
        ".db": f"written.{quoted(scheme)}",
    }
    table = where.get(out.suffix.lower(), f"({select})")
    columns = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
    amount = "sum(CAST(amount AS DECIMAL(18, 2))) FILTER (WHERE outcome = 'granted')" if "amount" in columns else "NULL"
    rows = con.execute(f"SELECT outcome, count(*), {amount} FROM {table} GROUP BY outcome").fetchall()
    counts = dict.fromkeys(OUTCOMES, 0) | {o: n for o, n, _ in rows}
    total = next((Decimal(str(s)) for o, _, s in rows if o == "granted" and s is not None), None)
    units = {v.unit for c in rulebook.schemes[scheme].clauses if c.amount for v in c.amount.rows}
    return Decided(scheme, out, counts, total, units.pop() if len(units) == 1 else "")


def _write_rejects(con: Any, rejects: Sequence[Reject], out: Path, lang: Lang) -> Path | None:
    if out.suffix.lower() in (".duckdb", ".db"):
        con.execute('CREATE OR REPLACE TABLE written.rejects (file VARCHAR, row BIGINT, "case" VARCHAR, reason VARCHAR)')
        if rejects:
            con.executemany("INSERT INTO written.rejects VALUES (?, ?, ?, ?)", [(r.file, r.row, r.case, r.told(lang)) for r in rejects])
        return out if rejects else None
    target = out / "rejects.csv" if out.is_dir() else out.with_name(f"{out.name}.rejects.csv")
    target.unlink(missing_ok=True)
    if not rejects:
        return None
    import csv

    with target.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("file", "row", "case", "reason"))
        rows.writerows((r.file, r.row, r.case, r.told(lang)) for r in rejects)
    return target
