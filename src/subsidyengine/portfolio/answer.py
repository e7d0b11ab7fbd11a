"""From findings to an answer, for a whole table: the mirror of ``decision/answer.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import ibis

from ..formula import exact
from ..formula.columns import Cell, Why, known, lean, read, where
from ..rulebook import Clause, Condition
from .board import Stored
from .page import Page

_ROUNDINGS = {"ore-half-up": (Fraction(1, 100), False), "krone-half-up": (Fraction(1), False), "krone-down": (Fraction(1), True)}
_NEVER = False


@dataclass(frozen=True, slots=True)
class ClauseColumns:
    """Reads the answer of one clause from the board. ``granted`` and the like are never NULL."""

    clause: Clause
    bears: Stored
    granted: Stored
    refused: Stored
    amount: Stored | None
    start: Stored | None
    end: Stored | None
    #: Why it is open, for those that are.
    why: Stored


@dataclass(frozen=True, slots=True)
class Answered:
    """One scheme answered on a page's board: clauses, findings, and the outcome of the whole."""

    page: Page
    clauses: tuple[ClauseColumns, ...]
    #: Status of each condition as text, NULL where it does not bear on the case.
    findings: Mapping[str, Stored]
    granted: Stored
    refused: Stored
    #: The index of the clause whose amount and period stand at the top, NULL where none does.
    chosen: Stored
    route: Stored | None
    why: Stored


def answer(page: Page) -> Answered:
    """Work out a scheme on the page's board."""
    scheme, put = page.scheme, page.board.put
    of_clause = _prepare(page)
    bears = put(*(_bears(page, c) for c in scheme.clauses))
    bearing = dict(zip((c.name for c in scheme.clauses), bears, strict=True))
    names = list(of_clause)
    cells = [cell for name in names for cell in _condition(page, scheme.conditions[name], of_clause[name])]
    stored = put(*cells)
    truths, absent = dict(zip(names, stored[::2], strict=True)), dict(zip(names, stored[1::2], strict=True))
    statuses = _conclude(page, truths, absent, bearing)
    amounts = _amounts(page)
    clauses = tuple(_clause(page, c, truths, absent, bearing[c.name], statuses, amounts.get(c.name)) for c in scheme.clauses)
    noted, perhaps = _open_notes(page)
    clauses = _with_notes(page, clauses, noted)
    outcome = _together(page, clauses)
    if perhaps is not None:
        # Nothing is granted while an open point may bear on the case.
        (maybe,) = put(Cell(outcome.granted(page.board.table).value & perhaps(page.board.table).value))
        clauses = _with_notes(page, clauses, maybe)
        outcome = _together(page, clauses)
    findings = _statuses(page, truths, absent, bearing)
    return Answered(page, clauses, findings, outcome.granted, outcome.refused, outcome.chosen, outcome.route, _why(page, clauses, outcome))


def _prepare(page: Page) -> dict[str, Clause]:
    """Put on the board all that the formulas of the scheme read; says in which clause each condition first stands."""
    scheme, of_clause = page.scheme, {}
    for clause in scheme.clauses:
        page.clause = clause
        page.prepare(clause.when)
        for name in clause.conditions:
            if name not in of_clause:
                of_clause[name] = clause
                with page.about(name):
                    page.prepare(*(f for v in scheme.conditions[name].versions.rows for f in (v.when, v.holds)))
                    page.law_level(scheme.conditions[name].law_of)
        if clause.period:
            page.period_level("from")
            page.period_level("to")
        if clause.amount:
            with page.about("amount"):
                page.prepare(*(v.formula for v in clause.amount.rows))
    page.prepare(*(note.when for note in scheme.notes if note.open))
    page.flush()
    return of_clause


def derived(page: Page) -> Cell:
    """The amount of a scheme as a fact of another, where the scheme grants it."""
    found = answer(page)
    table = page.board.table
    made = exact.nothing()
    for index, clause in enumerate(found.clauses):
        if clause.amount is not None:
            this = found.granted(table).value & (found.chosen(table).value == index)
            made = _where(this, clause.amount(table).value, made)
    return Cell(made)


def _where(test: Any, this: exact.Num, other: exact.Num) -> exact.Num:
    return exact.pick(this, other, lambda x, y: ibis.cases((test, x), else_=y))


# conditions --------------------------------------------------------------------------------------------------------


def _touched(page: Page, clause: Clause) -> Any:
    """Where the facts touch this part: never NULL."""
    layout = page.layout
    names = [f for f in layout.facts for n in clause.touched_by if (f == n or f.startswith(f"{n}.")) and layout.holds(f)]
    given = [known(page.given(n, page.on)) for n in dict.fromkeys(names)]
    return reduce(lambda a, b: a | b, given) if given else ibis.literal(False)


def _bears(page: Page, clause: Clause) -> Cell:
    """Does a part or route bear on the case? NULL where that is unknown."""
    if clause.when is None:
        return Cell(_touched(page, clause) if clause.touched_by else ibis.literal(True))
    page.clause = clause
    cell = read(clause.when.root, page)
    if not clause.touched_by:
        return cell
    touched = _touched(page, clause)
    return Cell(cell.value & touched, cell.why.where(touched), cell.leans)


def _condition(page: Page, condition: Condition, clause: Clause) -> tuple[Cell, Cell]:
    """Truth of a condition, and where it does not bear on the case (never NULL)."""
    page.clause = clause
    with page.about(condition.name):
        return _truth(page, condition)


def _truth(page: Page, condition: Condition) -> tuple[Cell, Cell]:
    truths, absents = [], []
    for row in condition.versions.rows:
        truth = page.formula(row.holds, "bool")
        left_out: Any = ibis.literal(False)
        if row.when is not None:
            bears = read(row.when.root, page)
            left_out = (~bears.value).fill_null(False)
            unsure = exact.unknown(bears.value)
            # Whether it bears is unknown: that is what is open, and what it would ask for then.
            why = bears.why | truth.why.where(~left_out)
            truth = Cell(ibis.cases((~unsure, truth.value)), why, lean(bears, Cell(None, Why(), where(~left_out, truth.leans))))
        truths.append((row.from_, truth))
        absents.append((row.from_, Cell(left_out)))
    truth = page.versions(truths, condition.law_of)
    left_out = page.versions(absents, condition.law_of).value
    left_out = left_out if condition.law_of is None else left_out.fill_null(False)
    # A refusal never rests on what the law has not settled.
    for name, flag in truth.leans.items():
        why = truth.why | page.cause("law_not_known", f"setting.{name}").where(flag & (~truth.value).fill_null(False))
        truth = Cell(truth.value, why, truth.leans)
    if truth.leans:
        leans = reduce(lambda a, b: a | b, truth.leans.values())
        truth = Cell(
            ibis.cases((leans & (~truth.value).fill_null(False), exact.null("boolean")), else_=truth.value), truth.why, truth.leans
        )
    return truth, Cell(left_out)


def _conclude(page: Page, truths: Mapping[str, Stored], absent: Mapping[str, Stored], bearing: Mapping[str, Stored]) -> dict[str, Stored]:
    """Every conclusion by Kleene's logic; a condition that does not bear on the case is as good as met."""
    found: dict[str, Stored] = {}
    pseudo = {c.bears: bearing[c.name] for c in page.scheme.clauses if c.bears}
    left = list(page.scheme.conclusions)

    def status(name: str) -> Any:
        table = page.board.table
        if name in found:
            return found[name](table).value
        return pseudo[name](table).value if name in pseudo else truths[name](table).value | absent[name](table).value

    names = {c.name for c in left}
    while left:
        ready = [c for c in left if not any(m in names and m not in found for m in c.members)]
        made = []
        for conclusion in ready:
            members = [status(m) for m in conclusion.members] or [ibis.literal(conclusion.kind == "all")]
            made.append(Cell(reduce((lambda a, b: a & b) if conclusion.kind == "all" else (lambda a, b: a | b), members)))
        found |= dict(zip((c.name for c in ready), page.board.put(*made), strict=True))
        left = [c for c in left if c not in ready]
    return found


def _statuses(page: Page, truths: Mapping[str, Stored], absent: Mapping[str, Stored], bearing: Mapping[str, Stored]) -> dict[str, Stored]:
    """Each finding in words, where some clause that it stands in bears on the case."""
    table, cells = page.board.table, []
    for name in truths:
        truth, left_out = truths[name](table).value, absent[name](table).value
        stands = [bearing[c.name](table).value.fill_null(True) for c in page.scheme.clauses if name in c.conditions]
        out = left_out | ~reduce(lambda a, b: a | b, stands)
        cells.append(Cell(ibis.cases((out, exact.null("string")), (truth, "met"), (~truth, "not_met"), else_="unknown")))
    return dict(zip(truths, page.board.put(*cells), strict=True))


# clauses -----------------------------------------------------------------------------------------------------------


def _amounts(page: Page) -> dict[str, Stored]:
    """The amount of each clause that has one, rounded as its rule names."""
    clauses = [c for c in page.scheme.clauses if c.amount]
    cells = []
    for clause in clauses:
        page.clause, versions = clause, []
        with page.about("amount"):
            for row in clause.amount.rows if clause.amount else ():
                cell = page.formula(row.formula, "number")
                rounding = _ROUNDINGS.get(row.round)
                versions.append((row.from_, cell if rounding is None else Cell(exact.rounded(cell.value, *rounding), cell.why, cell.leans)))
        cells.append(page.versions(versions, page.scheme.law_of))
    return dict(zip((c.name for c in clauses), page.board.put(*cells), strict=True))


def _clause(
    page: Page, clause: Clause, truths: Mapping[str, Stored], absent: Mapping[str, Stored], bears: Stored,
    statuses: Mapping[str, Stored], amount: Stored | None,
) -> ClauseColumns:  # fmt: skip
    page.clause, table = clause, page.board.table
    status = statuses[clause.conclusion](table).value
    refused = (~status).fill_null(False)
    open_, why = exact.unknown(bears(table).value), bears(table).why
    leaning: list[Cell] = []
    for name in clause.conditions:
        truth, left_out = truths[name](table), absent[name](table).value
        why |= truth.why.where(~left_out)
        leaning.append(Cell(None, Why(), where(~left_out, truth.leans)))
    edges: list[Cell] = []
    if clause.period:
        start, end, runs_on = page.period("from"), page.period("to"), page.open_ended()
        open_ |= exact.unknown(start.value) | (exact.unknown(end.value) & ~runs_on)
        why |= start.why | end.why.where(~runs_on)
        leaning += [start, end]
        # Not a day of it: there is no period.
        empty = (end.value < start.value).fill_null(False) & ~runs_on
        edges = [Cell(ibis.cases((~empty, edge.value))) for edge in (start, end)]
    if amount is not None:
        cell = amount(table)
        open_ |= ~refused & ~known(cell)
        why |= cell.why.where(~refused)
        leaning.append(Cell(None, Why(), where(~refused, cell.leans)))
    for name, flag in lean(*leaning).items():
        why |= page.cause("law_not_known", f"setting.{name}").where(flag)
        open_ |= flag
    granted = status.fill_null(False) & ~open_
    kept = page.board.put(Cell(granted), Cell(refused), Cell(_NEVER, why), *edges)
    first, last = kept[3:] or (None, None)
    return ClauseColumns(clause, bears, kept[0], kept[1], amount, first, last, kept[2])


def _open_notes(page: Page) -> tuple[Stored | None, Stored | None]:
    """Where an open note bears on the case, and where it is unknown whether one does."""
    sure: list[Any] = []
    unsure: list[Any] = []
    for note in page.scheme.notes:
        if note.open:
            when = Cell(ibis.literal(True)) if note.when is None else read(note.when.root, page)
            sure.append(when.value.fill_null(False))
            unsure.append(exact.unknown(when.value))
    if not sure:
        return None, None
    noted, perhaps = page.board.put(*(Cell(reduce(lambda a, b: a | b, flags)) for flags in (sure, unsure)))
    return noted, perhaps


def _with_notes(page: Page, clauses: tuple[ClauseColumns, ...], noted: Stored | None) -> tuple[ClauseColumns, ...]:
    """Not granted where an open note bears on the case."""
    if noted is None:
        return clauses
    table = page.board.table
    note = noted(table).value
    cause = page.cause("law_not_known", "note")
    cells = [Cell(c.granted(table).value & ~note, c.why(table).why | cause.where(note)) for c in clauses]
    granted = page.board.put(*(Cell(c.value) for c in cells))
    whys = page.board.put(*(Cell(_NEVER, c.why) for c in cells))
    return tuple(
        ClauseColumns(c.clause, c.bears, g, c.refused, c.amount, c.start, c.end, w) for c, g, w in zip(clauses, granted, whys, strict=True)
    )


# the whole ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Whole:
    granted: Stored
    refused: Stored
    chosen: Stored
    route: Stored | None


def _together(page: Page, clauses: tuple[ClauseColumns, ...]) -> _Whole:
    """Outcome, the clause whose amount and period stand at the top, and the route."""
    table, scheme = page.board.table, page.scheme
    kind = scheme.clauses[0].kind
    granted = [c.granted(table).value for c in clauses]
    if kind == "scheme":
        granted_, refused_, chosen_ = page.board.put(Cell(granted[0]), Cell(clauses[0].refused(table).value), Cell(ibis.literal(0)))
        return _Whole(granted_, refused_, chosen_, None)
    bears = [c.bears(table).value.fill_null(True) for c in clauses]
    granted = [b & g for b, g in zip(bears, granted, strict=True)]
    undecided = [b & ~g & ~c.refused(table).value for b, g, c in zip(bears, granted, clauses, strict=True)]
    any_granted, any_open = (reduce(lambda a, b: a | b, flags) for flags in (granted, undecided))
    refused = ~any_granted & ~any_open
    if kind == "route":  # before the law is known, which routes there were is not known either
        refused &= reduce(lambda a, b: a | b, bears) | ~_before_law(page)
    if kind == "part":
        count = reduce(lambda a, b: a + b, [b.cast("int64") for b in bears])
        alone = ibis.cases(*((b & (count == 1), i) for i, b in enumerate(bears)))
        # A part left out for want of a fact has not failed: without any other it is open.
        refused &= ~((count == 0) & (_some_untouched(page) | _before_law(page)))
        granted_, refused_, chosen_ = page.board.put(Cell(any_granted), Cell(refused), Cell(alone))
        return _Whole(granted_, refused_, chosen_, None)
    lawful = ibis.cases(*((g, i) for i, g in enumerate(granted)))
    if scheme.pick == "strictest":
        blocked = [reduce(lambda a, b: a | b, undecided[:i]) if i else ibis.literal(False) for i in range(len(clauses))]
        stands = ibis.cases(*((g, ~b) for g, b in zip(granted, blocked, strict=True)), else_=False)
    else:
        stands = any_granted
    open_count = reduce(lambda a, b: a + b, [u.cast("int64") for u in undecided])
    only_open = ibis.cases(*((u & (open_count == 1), i) for i, u in enumerate(undecided)))
    chosen = ibis.cases((any_granted, lawful), else_=only_open)
    names = [(g, c.clause.name) for g, c in zip(granted, clauses, strict=True)]
    route = ibis.cases(*names, (refused, "none"))
    granted_, refused_, chosen_, route_ = page.board.put(Cell(stands), Cell(refused), Cell(chosen), Cell(route))
    return _Whole(granted_, refused_, chosen_, route_)


def _before_law(page: Page) -> Any:
    """Where it is before the day that the scheme's law is known since."""
    since = page.scheme.known_since
    return ibis.literal(False) if since is None else (page.law_day(page.scheme.law_of).value < since.day).fill_null(False)


def _some_untouched(page: Page) -> Any:
    flags = [~_touched(page, c) for c in page.scheme.clauses if c.touched_by]
    return reduce(lambda a, b: a | b, flags) if flags else ibis.literal(False)


def _why(page: Page, clauses: tuple[ClauseColumns, ...], outcome: _Whole) -> Stored:
    """Why an undetermined answer is open: the causes of its clauses that are."""
    table = page.board.table
    undetermined = ~outcome.granted(table).value & ~outcome.refused(table).value
    why = Why()
    for c in clauses:
        open_ = c.bears(table).value.fill_null(True) & ~c.granted(table).value & ~c.refused(table).value
        why |= c.why(table).why.where(undetermined & open_)
    (kept,) = page.board.put(Cell(_NEVER, why))
    return kept
