"""Conditions for a whole table: whether a part bears on a case, what each condition comes to there, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import ibis

from ..formula import exact
from ..formula.columns import Cell, Flag, either, every, filled, fixed, known, lean, negated, read, weakest_of, where
from ..rulebook import Clause, Condition
from .board import Stored
from .page import Page


def touched(page: Page, clause: Clause) -> Any:
    """Where the facts touch this part: never NULL."""
    layout = page.layout
    names = [f for f in layout.facts for n in clause.touched_by if (f == n or f.startswith(f"{n}.")) and layout.holds(f)]
    given = [known(page.given(n)) for n in dict.fromkeys(names)]
    return reduce(lambda a, b: a | b, given) if given else ibis.literal(False)


def bears_on(page: Page, clause: Clause) -> Cell:
    """Does a part or route bear on the case? NULL where that is unknown."""
    if clause.when is None:
        return Cell(touched(page, clause) if clause.touched_by else ibis.literal(True))
    page.clause = clause
    cell = read(clause.when.root, page)
    if not clause.touched_by:
        return cell
    here = touched(page, clause)
    return Cell(every(cell.value, here), cell.why.where(here), cell.leans)


def truth_of(page: Page, condition: Condition, clause: Clause) -> tuple[Cell, Cell]:
    """Truth of a condition, and where it does not bear on the case (never NULL)."""
    page.clause = clause
    with page.about(condition.name):
        return _truth(page, condition)


def _truth(page: Page, condition: Condition) -> tuple[Cell, Cell]:
    rows = condition.versions.rows
    truths, absents = [], []
    for row in rows:
        truth = page.formula(row.holds, "bool", row)
        left_out: Flag = ibis.literal(False)
        if row.when is not None:
            bears = read(row.when.root, page)
            left_out = filled(negated(bears.value), False)
            # Whether it bears is unknown: that is what is open, and what it would ask for then.
            why, sure = bears.why | truth.why.where(negated(left_out)), negated(exact.unknown(bears.value))
            leans = lean(bears, Cell(None, leans=where(negated(left_out), truth.leans)))
            truth = Cell(ibis.cases((sure, truth.value)), why, leans, weakest_of(bears.rank, truth.rank))
        truths.append((row.from_, truth))
        absents.append((row.from_, Cell(left_out)))
    truth = page.versions(truths, condition.law_of, page.rank(rows[-1].cites))
    left_out = ibis.literal(False)
    if any(row.when for row in rows):
        left_out = page.versions(absents, condition.law_of).value
        left_out = left_out if condition.law_of is None else filled(left_out, False)
    if truth.leans:
        # A refusal never rests on what the law has not settled.
        fails = filled(negated(truth.value), False)
        why = truth.why
        for name, flag in truth.leans.items():
            why |= page.cause("law_not_known", f"setting.{name}").where(every(flag, fails))
        unsettled = every(either(*truth.leans.values()), fails)
        truth = Cell(ibis.cases((unsettled, exact.null("boolean")), else_=truth.value), why, truth.leans, truth.rank)
    return truth, Cell(left_out)


def conclude(page: Page, truths: Mapping[str, Stored], absent: Mapping[str, Stored], bearing: Mapping[str, Stored]) -> dict[str, Stored]:
    """Every conclusion by Kleene's logic; a condition that does not bear on the case is as good as met."""
    found: dict[str, Stored] = {}
    pseudo = {c.bears: bearing[c.name] for c in page.scheme.clauses if c.bears}
    left = list(page.scheme.conclusions)

    def status(name: str) -> Any:
        table = page.board.table
        if name in found:
            return found[name](table).value
        return pseudo[name](table).value if name in pseudo else either(truths[name](table).value, absent[name](table).value)

    names = {c.name for c in left}
    while left:
        ready = [c for c in left if not any(m in names and m not in found for m in c.members)]
        cells = []
        for conclusion in ready:
            cells.append(Cell((every if conclusion.kind == "all" else either)(*(status(m) for m in conclusion.members))))
        found |= dict(zip((c.name for c in ready), page.board.put(*cells), strict=True))
        left = [c for c in left if c not in ready]
    return found


def statuses_of(page: Page, truths: Mapping[str, Stored], absent: Mapping[str, Stored], bearing: Mapping[str, Stored]) -> dict[str, Any]:
    """Each finding in words, where some clause that it stands in bears on the case."""
    table, statuses = page.board.table, {}
    for name, stored in truths.items():
        truth, left_out = stored(table).value, absent[name](table).value
        stands = either(*(filled(bearing[c.name](table).value, True) for c in page.scheme.clauses if name in c.conditions))
        out = either(left_out, negated(stands))
        here = negated(out)
        if fixed(here) and fixed(truth) is None and exact.never_null(truth.op()):
            statuses[name] = truth.cases((True, "met"), else_="not_met")
        elif fixed(here) and fixed(truth) is None:
            # DuckDB is quickest over a CASE that names both values.
            statuses[name] = truth.cases((True, "met"), (False, "not_met"), else_="unknown")
        else:
            told = [(every(here, truth.isnull()), "unknown"), (every(here, truth), "met")]
            statuses[name] = ibis.cases(*told, (here, "not_met"))
    return statuses
