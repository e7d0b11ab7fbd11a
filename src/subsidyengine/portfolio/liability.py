"""What the municipality owes landlords beside the refund: rent while a dwelling stands vacant, rent after a notice it asked for, and the
guarantees of restoration that it stands behind. The parts of ``transitional.liability``, month by month, where the facts give them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..rulebook import Clause, Rulebook
from .accounts import Account, account_of
from .cells import quoted
from .layout import Layout
from .months import Horizon, Month, PartMonths, monthly, months_of
from .plan import events_of, plan
from .run import Progress, execute, sql_of
from .source import ROW
from .stretches import DIMENSIONS, days_of, rows_of
from .touch import touching

LIABILITY = "transitional.liability"
#: The event that ends what has no period of its own: the guarantee falls due.
DUE = "guarantee_due"
_ANSWERS = "liability_answers"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the liability. ``priced`` is false where law names no amount: cases are counted then, and ``ending`` fall due.

    Its table (``table``) has the columns of :func:`~subsidyengine.portfolio.months.monthly`.
    """

    scheme: str
    part: str
    title: Mapping[str, str]
    priced: bool
    account: Account | None
    table: str
    months: tuple[Month, ...]
    #: Cases whose amount or days cannot be computed on some day: they cost nothing here. Without amounts: those that are not settled.
    lacking: tuple[str, ...]
    #: Cases whose cost runs on until the end of the horizon, since no last day is known.
    running: tuple[str, ...]


def liability(
    con: Any, backend: Any, rulebook: Rulebook, layout: Layout, horizon: Horizon, part_months: PartMonths, progress: Progress
) -> tuple[Line, ...]:
    """The lines of the liability; none where no fact of the table touches it."""
    if LIABILITY not in rulebook.schemes or not touching(rulebook, LIABILITY, layout):
        return ()
    rows = rows_of(con, backend, rulebook, LIABILITY, layout, horizon.first, horizon.last)
    keep = (ROW, "until", *(f"dim.{d}" for d in DIMENSIONS))
    answers = plan(rulebook, LIABILITY, layout, rows, open_facts=False, keep=keep, events=(DUE,))
    execute(con, f"CREATE OR REPLACE TABLE {_ANSWERS} AS {sql_of(backend, answers)}", "liability", progress)
    clauses = rulebook.schemes[LIABILITY].clauses
    lines = [_line(con, rulebook, clause, horizon, part_months) for clause in clauses]
    return tuple(line for line in lines if line is not None)


def _line(con: Any, rulebook: Rulebook, clause: Clause, horizon: Horizon, part_months: PartMonths) -> Line | None:
    stretches, table = f"liability_{clause.name}", f"liability_{clause.name}_monthly"
    con.execute(f"CREATE OR REPLACE VIEW {stretches}_all AS {_days(rulebook, clause)}")
    ((any_,),) = con.execute(f"SELECT count(*) > 0 FROM {stretches}_all WHERE coalesce(a <= b, true)").fetchall()
    if not any_:
        return None
    # A cost is reckoned where its days are known: one that nothing has ended runs on, one whose last day is unknown is only named.
    open_ = "outcome = 'undetermined'"
    lacking = (
        f"{open_} AND (ore IS NULL OR a IS NULL OR ends IS NULL) AND coalesce(a <= b, true)" if clause.amount else f"{open_} AND a <= b"
    )
    missing = f"{open_} AND (ore IS NULL OR ends IS NULL)" if clause.amount else "false"
    con.execute(f"CREATE OR REPLACE VIEW {stretches} AS SELECT * FROM {stretches}_all WHERE a <= b AND NOT ({missing})")
    monthly(con, horizon, part_months, stretches, table)
    running = "outcome = 'granted' AND ends IS NULL AND a <= b" if clause.amount else "false"
    return Line(
        LIABILITY,
        clause.name,
        {"da": clause.title.da, "en": clause.title.en},
        clause.amount is not None,
        account_of(f"{LIABILITY}.{clause.name}", horizon.first),
        table,
        months_of(con, horizon, table),
        *(_cases(con, f"{stretches}_all", where) for where in (lacking, running)),
    )


def _days(rulebook: Rulebook, clause: Clause) -> str:
    """The stretches of a part that is not refused: from its period, or until the event that ends it."""
    due = [i for i, (c, _) in enumerate(events_of(rulebook, LIABILITY, (DUE,))) if c is clause]
    ore = f"CAST({quoted(clause.name + '.amount')} * 100 AS BIGINT)" if clause.amount else "CAST(0 AS BIGINT)"
    dims = ", ".join(f"{quoted(f'dim.{d}')} AS {d}" for d in DIMENSIONS)
    return (
        f'SELECT {ROW}, "case", {dims}, {quoted(clause.name + ".outcome")} AS outcome, {ore} AS ore, {days_of(clause, due)} '
        f"FROM {_ANSWERS} WHERE {quoted(clause.name + '.outcome')} <> 'refused'"
    )


def _cases(con: Any, table: str, where: str) -> tuple[str, ...]:
    return tuple(case for (case,) in con.execute(f'SELECT DISTINCT "case" FROM {table} WHERE {where} ORDER BY 1').fetchall())
