"""The stretches of days on which each case's answer is the same, and the answer on each: what a forecast adds up.

A case is decided once for every stretch, not for every day or month: a stretch ends where a dated fact, a rate or the law
changes, or where the day asked for passes a day that the rules compare it with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import ibis

from ..decision import program_for
from ..formula import Node
from ..formula.columns import read
from ..rulebook import Clause, Rulebook
from .board import Board
from .cells import quoted
from .halves import rates_of
from .layout import Layout, begins
from .page import Page
from .plan import facts_of, plan
from .rates import Varied
from .run import Progress, execute, sql_of
from .source import CASES, ROW
from .touch import touching

STRETCHES = "forecast_stretches"
DIMENSIONS = {"municipality": "dwelling.municipality_code", "organisation": "dwelling.organisation", "department": "dwelling.department"}


class CannotForecast(ValueError):
    """The scheme's answer can change with every day or month that is asked for."""


def stretches(con: Any, backend: Any, rulebook: Rulebook, scheme: str, layout: Layout, first: date, last: date, progress: Progress) -> None:
    """Make the table ``STRETCHES``: for each case and stretch between ``first`` and ``last`` what is paid.

    Columns: ``row, case``, the dimensions, ``outcome``, ``ore`` (a month; NULL: it cannot be computed), ``a`` and ``b`` (first and last
    day), ``ends`` (the last day of the period). A stretch that is refused, or whose first day is not known, is left out.
    """
    rows = rows_of(con, backend, rulebook, scheme, layout, first, last)
    keep = (ROW, "until", *(f"dim.{d}" for d in DIMENSIONS))
    answers = plan(rulebook, scheme, layout, rows, open_facts=False, keep=keep)
    kept = ", ".join(f'"dim.{d}" AS {d}' for d in DIMENSIONS)
    execute(
        con,
        f'CREATE OR REPLACE TABLE forecast_answers AS SELECT {ROW}, "case", {kept}, outcome, CAST(amount * 100 AS BIGINT) AS ore, '
        f"{days_of(rulebook.schemes[scheme].clauses[0])} "
        f"FROM ({sql_of(backend, answers)}) WHERE outcome <> 'refused'",
        "forecast",
        progress,
    )
    # A last day that is itself a dated fact can be put off: then only the last of its days is one.
    put_off = any(layout.facts[name].kind == "date" for name in layout.only(facts_of(rulebook, scheme)).dated)
    ends = " REPLACE (CASE WHEN b = max(b) OVER (PARTITION BY row) THEN ends ELSE b + 1 END AS ends)" if put_off else ""
    con.execute(f"CREATE OR REPLACE VIEW {STRETCHES} AS SELECT *{ends} FROM forecast_answers WHERE a <= b")


def days_of(clause: Clause, due: Sequence[int] = ()) -> str:
    """SQL: the first and last day that a stretch is paid for, and the last one of all, ``ends``; without a first day nothing is known to
    be paid. A part without a period lasts until the first of its events ``due``.
    """
    prefix = "" if clause.kind == "scheme" else f"{clause.name}."
    start, end = '"on"', f"least({', '.join(quoted(f'event.{i}') for i in due)})" if due else "CAST(NULL AS DATE)"
    if clause.period:
        start, end = quoted(f"{prefix}from"), quoted(f"{prefix}to")
    # greatest and least pass over what is unknown; a first day that is unknown must stay so.
    return f'CASE WHEN {start} IS NOT NULL THEN greatest("on", {start}) END AS a, least(until, coalesce({end}, until)) AS b, {end} AS ends'


def cases_of(con: Any, rulebook: Rulebook, scheme: str, layout: Layout, on: date, cases: str = CASES) -> None:
    """Make the view ``forecast_cases``: the cases that touch a scheme, asked about on the day ``on``."""
    touches = " OR ".join(f"{quoted(c)} IS NOT NULL" for c in touching(rulebook, scheme, layout)) or "false"
    con.execute(f"CREATE OR REPLACE VIEW forecast_cases AS SELECT * REPLACE (DATE '{on}' AS \"on\") FROM {cases} WHERE {touches}")


def rows_of(
    con: Any, backend: Any, rulebook: Rulebook, scheme: str, layout: Layout, first: date, last: date, yearly: bool = False,
    source: str = CASES, varied: Mapping[str, Varied] | None = None,
) -> Any:  # fmt: skip
    """A table of the cases that touch a scheme with a row for each stretch: its first day ``on``, its last day ``until``, dimensions.

    ``yearly``: every 1 January begins a stretch too. ``source``: the table of cases; ``varied``: rates that stand in columns of it.
    """
    cases_of(con, rulebook, scheme, layout, first, source)
    cases = backend.table("forecast_cases")
    dims = {d: (cases[f] if f in layout.plain else ibis.null("string")) for d, f in DIMENSIONS.items()}
    cases = cases.mutate(**{f"dim.{d}": column for d, column in dims.items()})
    turning, names = _turning(rulebook, scheme, layout, cases, varied)
    years = [date(y, 1, 1) for y in range(first.year + 1, last.year + 1)] if yearly else []
    fixed = [first, *years, *(d for d in sorted(_law_days(rulebook, scheme)) if first < d <= last)]
    days = ", ".join([*(f"DATE '{d}'" for d in fixed), *map(quoted, names)])
    dropped = ", ".join(quoted(n) for n in ("on", *names))
    con.execute(
        f"CREATE OR REPLACE VIEW forecast_days AS SELECT * EXCLUDE ({dropped}), list_sort(list_distinct("
        f"list_filter([{days}], lambda d: d >= DATE '{first}' AND d <= DATE '{last}'))) AS days FROM ({sql_of(backend, turning)})"
    )
    con.execute(
        'CREATE OR REPLACE VIEW forecast_rows AS SELECT * EXCLUDE days, unnest(days) AS "on", '
        f"unnest(list_append(list_transform(days[2:], lambda d: CAST(d - 1 AS DATE)), DATE '{last}')) AS until FROM forecast_days"
    )
    return backend.table("forecast_rows")


def without_amount(con: Any) -> tuple[str, ...]:
    """Cases that are not refused, but whose amount cannot be computed on some day in the horizon: what they miss may cost."""
    return _named(con, "forecast_answers", "outcome = 'undetermined' AND (ore IS NULL OR a IS NULL) AND coalesce(a <= b, true)")


def endless(con: Any) -> tuple[str, ...]:
    """Cases with an amount whose last day is not known."""
    return _named(con, STRETCHES, "ends IS NULL AND ore IS NOT NULL")


def past_their_end(con: Any) -> tuple[str, ...]:
    """Cases that are open though their last day is past: law has not settled whether they go on, and what they cost is not in the sums."""
    return _named(con, "forecast_answers", "outcome = 'undetermined' AND ends < a")


def _named(con: Any, table: str, where: str) -> tuple[str, ...]:
    return tuple(case for (case,) in con.execute(f'SELECT DISTINCT "case" FROM {table} WHERE {where} ORDER BY 1').fetchall())


def _turning(rulebook: Rulebook, scheme: str, layout: Layout, table: Any, varied: Mapping[str, Varied] | None) -> tuple[Any, list[str]]:
    """The table with columns of days on which a case's answer can change; says what they are called."""
    held = layout.only(facts_of(rulebook, scheme))
    names, columns = [], {}
    for name, count in held.dated.items():
        for i in range(count):
            names.append(begins(name, i))
            columns[begins(name, i)] = table[begins(name, i)]
    keep = [c for c in table.columns if c not in columns]
    board = Board(table)
    page = Page(rulebook, rulebook.schemes[scheme], held, board, varied=varied)
    nodes = list(_compared(rulebook, scheme))
    for node, _ in nodes:
        page.prepare_node(node)
    page.flush()
    turns: dict[str, Any] = {}
    for node, turn in nodes:
        day = read(node, page).value
        name = f"turn.{len(turns)}"
        turns[name] = day if not turn else (day + ibis.interval(days=turn)).cast("timestamp").cast("date")
    # Days that a formula compares with are kept beside the dated facts, which stay where they are for the answers.
    table = board.table.select(*keep, *names, **turns)
    copies = {f"turn.from.{i}": table[n] for i, n in enumerate(names)}
    return table.mutate(**copies), [*turns, *copies]


def _compared(rulebook: Rulebook, scheme: str) -> Iterator[tuple[Node, int]]:
    """Days of a case with which the day asked for is compared, each with how many days after it the comparison turns."""
    moving = program_for(rulebook, scheme).moving
    if moving.turning or moving.leaping or moving.daily or moving.births or moving.monthly:
        raise CannotForecast(f"{scheme}: its answer can change with every day that is asked for, so that no stretch is long")
    for node, turns in moving.compared:
        if node.op not in ("call", "on") or any(n.op in ("fact", "value", "rate") for n in node.walk()):
            yield from ((node, turn) for turn in turns)


def _law_days(rulebook: Rulebook, scheme: str) -> set[date]:
    """Days on which law or rates change, or which formulas name, of the scheme and of those that give it facts."""
    found = set(rulebook.law_days(rulebook.schemes[scheme]))
    program = program_for(rulebook, scheme)
    for node, turns in program.moving.compared:
        if node.op == "call" and node.name == "date" and all(isinstance(a.literal, int) for a in node.args):
            day = date(*(a.literal for a in node.args if isinstance(a.literal, int)))
            found.update(date.fromordinal(day.toordinal() + turn) for turn in turns)
    for rate in rates_of(rulebook, scheme):
        found.update(rulebook.rates[rate].starts())
    for fact in program.facts:
        source = rulebook.facts[fact].derived_from
        if source is not None and source in rulebook.schemes and source != scheme:
            found |= _law_days(rulebook, source)
    return found
