"""From findings to an answer, for a whole table: the mirror of ``decision/answer.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import Any

import ibis

from ..decision import untouched
from ..formula import exact
from ..formula.columns import (
    SUREST,
    WEAKEST,
    Cell,
    Flag,
    Why,
    either,
    every,
    filled,
    fixed,
    known,
    lean,
    made,
    negated,
    rank_where,
    read,
    weakest_of,
    where,
)
from ..rulebook import Clause
from .board import Stored
from .conditions import bears_on, conclude, statuses_of, touched, truth_of
from .layout import ON
from .page import Page
from .resting import Findings

_ROUNDINGS = {"ore-half-up": (Fraction(1, 100), False), "krone-half-up": (Fraction(1), False), "krone-down": (Fraction(1), True)}
_NEVER = False
#: What a note leaves open: what the law is, or what somebody must judge.
_LAW, _ASSESSMENT = "law_not_known", "needs_assessment"


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
    #: Why it is open, for those that are, and the rank that it rests on.
    why: Stored
    #: Does it lean on a setting that law has not settled?
    leaning: Stored


@dataclass(frozen=True, slots=True)
class Answered:
    """One scheme answered on a page's board: clauses, findings, and the outcome of the whole."""

    page: Page
    clauses: tuple[ClauseColumns, ...]
    #: Status of each condition as text, NULL where it does not bear on the case: columns of the board's table as it is when asked.
    findings: Callable[[], Mapping[str, Any]]
    granted: Stored
    refused: Stored
    #: The index of the clause whose amount and period stand at the top, NULL where none does.
    chosen: Stored
    route: Stored | None
    #: Why an undetermined answer is open, and the rank of the answer.
    why: Stored


def answer(page: Page) -> Answered:
    """Work out a scheme on the page's board."""
    scheme, put = page.scheme, page.board.put
    of_clause = _prepare(page)
    bears = put(*(bears_on(page, c) for c in scheme.clauses))
    bearing = dict(zip((c.name for c in scheme.clauses), bears, strict=True))
    names = list(of_clause)
    cells = [cell for name in names for cell in truth_of(page, scheme.conditions[name], of_clause[name])]
    stored = put(*cells)
    truths, absent = dict(zip(names, stored[::2], strict=True)), dict(zip(names, stored[1::2], strict=True))
    statuses = conclude(page, truths, absent, bearing)
    amounts = _amounts(page)
    clauses = tuple(_clause(page, c, truths, absent, bearing, statuses, amounts.get(c.name)) for c in scheme.clauses)
    sure, perhaps = _open_notes(page)
    clauses = _with_notes(page, clauses, sure)
    outcome = _together(page, clauses)
    law = sure[_LAW]
    if any(fixed(flag(page.board.table).value) is not False for flag in perhaps.values()):
        # Nothing is granted while an open point may bear on the case.
        table = page.board.table
        granted = outcome.granted(table).value
        maybe = dict(zip(perhaps, put(*(Cell(every(granted, flag(table).value)) for flag in perhaps.values())), strict=True))
        table = page.board.table
        (law,) = put(Cell(either(sure[_LAW](table).value, maybe[_LAW](table).value)))
        clauses = _with_notes(page, clauses, maybe)
        outcome = _together(page, clauses)
    why = _why(page, clauses, outcome, law)
    return Answered(
        page,
        clauses,
        lambda: statuses_of(page, truths, absent, bearing),
        outcome.granted,
        outcome.refused,
        outcome.chosen,
        outcome.route,
        why,
    )


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
    amount = exact.nothing()
    for index, clause in enumerate(found.clauses):
        if clause.amount is not None:
            this = every(found.granted(table).value, found.chosen(table).value == index)
            amount = exact.pick(clause.amount(table).value, amount, lambda x, y, this=this: ibis.cases((this, x), else_=y))  # type: ignore[misc]
    return Cell(amount, rank=found.why(table).rank)


# clauses -----------------------------------------------------------------------------------------------------------


def _amounts(page: Page) -> dict[str, Stored]:
    """The amount of each clause that has one, rounded as its rule names."""
    clauses = [c for c in page.scheme.clauses if c.amount]
    cells = []
    for clause in clauses:
        page.clause, versions = clause, []
        with page.about("amount"):
            for row in clause.amount.rows if clause.amount else ():
                cell, rounding = page.formula(row.formula, "number", row), _ROUNDINGS.get(row.round)
                versions.append((row.from_, cell if rounding is None else replace(cell, value=exact.rounded(cell.value, *rounding))))
        cells.append(page.versions(versions, page.scheme.law_of))
    return dict(zip((c.name for c in clauses), page.board.put(*cells), strict=True))


def _clause(
    page: Page, clause: Clause, truths: Mapping[str, Stored], absent: Mapping[str, Stored], bearing: Mapping[str, Stored],
    statuses: Mapping[str, Stored], amount: Stored | None,
) -> ClauseColumns:  # fmt: skip
    page.clause, bears = clause, bearing[clause.name]
    (kept_refused,) = page.board.put(Cell(filled(negated(statuses[clause.conclusion](page.board.table).value), False)))
    table = page.board.table
    status, refused = statuses[clause.conclusion](table).value, kept_refused(table).value
    stands = negated(refused)
    open_, why = exact.unknown(bears(table).value), Why()
    #: What amount and period rest on, and why they cannot be computed.
    reckoned = [Cell(None, bears(table).why)]
    edges: list[Cell] = []
    if clause.period:
        start, end, runs_on = page.period("from"), page.period("to"), page.open_ended()
        open_ = either(open_, exact.unknown(start.value), every(exact.unknown(end.value), negated(runs_on)))
        reckoned += [start, replace(end, why=end.why.where(negated(runs_on)))]
        # Not a day of it: there is no period.
        empty = every((end.value < start.value).fill_null(False), negated(runs_on))
        edges = [Cell(ibis.cases((negated(empty), edge.value))) for edge in (start, end)]
    if amount is not None:
        cell = amount(table)
        open_ = either(open_, every(stands, negated(known(cell))))
        reckoned.append(Cell(None, cell.why.where(stands), where(stands, cell.leans), cell.rank))
    all_reckoned = made(None, *reckoned)
    leaning = [all_reckoned]
    found = Findings(page.board, truths, absent, bearing, statuses)
    undecided = found.undecided(page.scheme, clause)
    for name in clause.conditions:
        truth, here = truths[name](table), negated(absent[name](table).value)
        why |= truth.why.where(every(here, undecided[name]))
        leaning.append(Cell(None, leans=where(here, truth.leans)))
    why |= all_reckoned.why
    leans = lean(*leaning)
    for name, flag in leans.items():
        why |= page.cause("law_not_known", f"setting.{name}").where(flag)
    leant = either(*leans.values())
    granted = every(filled(status, False), negated(either(open_, leant)))
    rank = rank_where(
        (refused, found.refusing(clause)), (all_reckoned.why.law(), WEAKEST),
        other=weakest_of(all_reckoned.rank, found.weight(page.scheme, clause)),
    )  # fmt: skip
    kept = page.board.put(Cell(granted), Cell(_NEVER, why, rank=rank), Cell(every(leant, stands)), *edges)
    first, last = kept[3:] or (None, None)
    return ClauseColumns(clause, bears, kept[0], kept_refused, amount, first, last, kept[1], kept[2])


def _open_notes(page: Page) -> tuple[dict[str, Stored], dict[str, Stored]]:
    """Where an open note of each kind bears on the case, and where it is unknown whether one does."""
    sure: dict[str, list[Flag]] = {_LAW: [], _ASSESSMENT: []}
    perhaps: dict[str, list[Flag]] = {_LAW: [], _ASSESSMENT: []}
    for note in page.scheme.notes:
        if note.open:
            when = ibis.literal(True) if note.when is None else read(note.when.root, page).value
            sure[note.open].append(filled(when, False))
            perhaps[note.open].append(exact.unknown(when))
    of = [Cell(either(*flags)) for kinds in (sure, perhaps) for flags in kinds.values()]
    law, assessment, perhaps_law, perhaps_assessment = page.board.put(*of)
    return {_LAW: law, _ASSESSMENT: assessment}, {_LAW: perhaps_law, _ASSESSMENT: perhaps_assessment}


def _with_notes(page: Page, clauses: tuple[ClauseColumns, ...], noted: Mapping[str, Stored]) -> tuple[ClauseColumns, ...]:
    """Not granted where an open note bears on the case."""
    table = page.board.table
    flags = {kind: stored(table).value for kind, stored in noted.items()}
    note = either(*flags.values())
    if fixed(note) is False:
        return clauses
    granted = page.board.put(*(Cell(every(c.granted(table).value, negated(note))) for c in clauses))
    why = reduce(lambda a, b: a | b, (page.cause(kind, page.scheme.id).where(flag) for kind, flag in flags.items()))
    whys = page.board.put(*(Cell(_NEVER, c.why(table).why | why, rank=c.why(table).rank) for c in clauses))
    return tuple(replace(c, granted=g, why=w) for c, g, w in zip(clauses, granted, whys, strict=True))


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
    bears = [filled(c.bears(table).value, True) for c in clauses]
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
    if since is None:
        return ibis.literal(False)
    law_of = page.scheme.law_of
    return filled(negated(page.begun(page.law_day(law_of).value, since.day, law_of or ON)), False)


def _some_untouched(page: Page) -> Any:
    flags = [~touched(page, c) for c in page.scheme.clauses if c.touched_by]
    return reduce(lambda a, b: a | b, flags) if flags else ibis.literal(False)


def _why_no_part(page: Page, clauses: tuple[ClauseColumns, ...]) -> Why:
    """Where no part bears on the case: the facts that would touch one, and the law of a day before it is known."""
    none = every(*(negated(filled(c.bears(page.board.table).value, True)) for c in clauses))
    asked = reduce(lambda a, b: a | b, (page.cause("missing_fact", n) for n in untouched(page.rulebook, page.scheme)), Why())
    return (asked | page.cause("law_not_known", page.scheme.id).where(_before_law(page))).where(none)


def _why(page: Page, clauses: tuple[ClauseColumns, ...], outcome: _Whole, law: Stored) -> Stored:
    """Why an undetermined answer is open: the causes of its clauses that are; and the weakest citation that the answer rests on."""
    table = page.board.table
    granted, chosen = outcome.granted(table).value, outcome.chosen(table).value
    undetermined = every(negated(granted), negated(outcome.refused(table).value))
    why, ranks, unsettled = _why_no_part(page, clauses).where(undetermined), [], [law(table).value]
    for index, c in enumerate(clauses):
        bears, this = filled(c.bears(table).value, True), c.why(table)
        open_ = every(bears, negated(c.granted(table).value), negated(c.refused(table).value))
        why |= this.why.where(every(undetermined, open_))
        # A grant rests on the part that grants it, every other answer on all parts that bear on the case.
        grants = either(negated(granted), every(c.granted(table).value, (chosen == index).fill_null(True)))
        ranks.append(rank_where((every(bears, grants), this.rank)))
        unsettled.append(every(bears, c.leaning(table).value))
    rank = SUREST if page.causes is None else rank_where((every(undetermined, either(*unsettled)), WEAKEST), other=weakest_of(*ranks))
    (kept,) = page.board.put(Cell(_NEVER, why, rank=rank))
    return kept
