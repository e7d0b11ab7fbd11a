"""One scheme against a table of cases: the sheet that its formulas read from. The mirror of ``decision/reading.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import ibis

from ..formula import BOUNDS, SATURDAY, Formula, Node, exact
from ..formula.columns import (
    CALENDAR_FUNCTIONS,
    SUREST,
    TYPES,
    WEAKEST,
    Cell,
    Flag,
    Rank,
    Why,
    both,
    every,
    fall_back,
    filled,
    known,
    lean,
    made,
    negated,
    only,
    picked,
    rank_where,
    ranked,
    read,
    switch,
    weakest_of,
    where,
)
from ..rulebook import Cite, Cited, Clause, PeriodVersion, Rulebook, Scheme, value_of, weakest
from .board import Board, Stored, counted_from, day_given
from .causes import Causes
from .knowable import Knowable
from .layout import KNOWN, ON, Layout
from .rates import Varied, row_tests, values_of, varied_values

Spans = Mapping[str, tuple[date, date]]
_JUNCTIONS = ("and", "or")
_HEAVY = ("if", "div", "min", "max", "date")


class NotInColumns(ValueError):
    """A rule asks for something that is not worked out for a whole table; the text says what."""


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to be put on the board after ``level - 1`` other steps; ``make`` None: a calendar function."""

    level: int
    make: Callable[[], Cell] | None
    about: str
    clause: Clause


class Page:
    """A :class:`~subsidyengine.formula.columns.Sheet` for one scheme.

    ``causes`` None: neither what is open is asked for, nor how certain it is. ``spans``: the first and last day in a column, where they
    are known; law that none of the table's days asks for is then left out.
    """

    def __init__(
        self, rulebook: Rulebook, scheme: Scheme, layout: Layout, board: Board, causes: Causes | None = None,
        spans: Spans | None = None, above: tuple[str, ...] = (), varied: Mapping[str, Varied] | None = None,
    ) -> None:  # fmt: skip
        self.rulebook, self.scheme, self.layout, self.board, self.causes = rulebook, scheme, layout, board, causes
        self.spans, self.above, self.varied = spans or {}, above, varied or {}
        self.clause: Clause = scheme.clauses[0]
        self._kept: dict[tuple[Any, ...], Stored] = {}
        self._tasks: dict[tuple[Any, ...], _Task] = {}
        #: What a nameless unknown belongs to.
        self._about = scheme.id

    @contextmanager
    def about(self, name: str) -> Iterator[None]:
        """What a nameless unknown belongs to, for a while."""
        before, self._about = self._about, name
        yield
        self._about = before

    # what formulas read ----------------------------------------------------------------------------------------

    @property
    def on(self) -> Any:
        """The day that each case is decided for."""
        return self.board.table[ON]

    def cause(self, kind: str, name: str) -> Why:
        """The cause's bit; nothing where causes are not asked for."""
        return Why() if self.causes is None else self.causes.bit(kind, name or self._about)

    def rank(self, cites: Sequence[Cite], known: bool = True) -> Rank:
        """The rank of citations; the weakest for law that is not known. The surest where certainty is not asked for."""
        return SUREST if self.causes is None else ranked(weakest(cites)) if known else WEAKEST

    def fact(self, name: str) -> Cell:
        """A fact on the day, derived where it is not given and another scheme gives it."""
        stored = self._kept.get(("fact", name))
        return stored(self.board.table) if stored else self.given(name)

    def fact_at(self, name: str, day: Any) -> Cell:
        """A fact as given on another day; one that another scheme gives is worked out for the day asked for only."""
        source = self.rulebook.facts[name].derived_from
        if source in self.rulebook.schemes and source not in (*self.above, self.scheme.id):
            raise NotInColumns(f"{self.scheme.id} reads {name} on another day, and {source} gives it: decide its cases one by one")
        return self.given(name, day)

    def given(self, name: str, day: Any = None) -> Cell:
        """A fact as the table has it on ``day`` (None: the day ``on``)."""
        value = self.layout.at(self.board.table, name, self.on if day is None else day)
        missing = self.cause("missing_fact", name)
        if value is None:
            kind = self.rulebook.facts[name].type.kind
            value = exact.nothing() if kind == "number" else exact.null(TYPES.get(kind, "date"))
            return Cell((value,) if kind == "dates" else value, missing)
        written = self.causes.missing(name, self.board.table) if self.causes and day is None else None
        return Cell(value, missing.where(negated(known(Cell(value)))) if written is None else written)

    def write_missing(self) -> None:
        """Put on the board which facts each case lacks: once for all that reads them."""
        if self.causes is not None:
            held = {name: self.layout.at(self.board.table, name, self.on) for name in self.layout.facts if self.layout.holds(name)}
            lacks = {name: negated(known(Cell(value))) for name, value in held.items()}
            self.causes.write_missing(self.board, lacks)

    def begun(self, day: Any, from_: date, column: str | None = None) -> Flag:
        """Has a version that begins on ``from_`` begun on ``day``? ``column``: where the day comes from."""
        first, last = self.spans.get(column or "", (None, None))
        if first is not None and from_ <= first:
            return ibis.literal(True)
        return ibis.literal(False) if last is not None and from_ > last else day >= from_

    def rate(self, name: str, day: Any, over: bool = False) -> Cell:
        """A rate on a day, as known: the row that begins last, of those that were known by then. ``over``: one over it."""
        stored = self._kept.get(("rate", name))
        if day is None and stored and not over:
            return stored(self.board.table)
        varied, rows = self.varied.get(name), self.rulebook.rates[name].rows
        if varied and over:
            raise NotInColumns(f"{self.scheme.id} divides by {name}, which varies from row to row")
        values = varied_values(varied, rows, self.board.table) if varied else values_of(rows, over)
        on, column = (self.on, ON) if day is None else (day, None)
        asked, other = row_tests(rows, lambda from_: self.begun(on, from_, column), self.board.table[KNOWN])
        n = ibis.cases(*((test, values.cells[i]) for test, i in asked), else_=values.cells[other]) if asked else values.cells[other]
        ranks = [self.rank(r.cites, r.value is not None) for r in rows]
        rank = rank_where(*((test, ranks[i]) for test, i in asked), other=ranks[other])
        why = self.cause("law_not_known", f"rate.{name}").where(n.isnull()) if values.open else Why()
        return Cell(exact.column(n, values.bound, values.scale, values.sure), why, {}, rank)

    def value(self, name: str) -> Cell:
        """A named value, which has been put on the board."""
        return self._kept["value", name](self.board.table)

    def setting(self, name: str) -> Cell:
        """A setting; one that is not settled by law is leaned on."""
        setting = self.rulebook.settings[name]
        leans = {} if setting.settled else {name: ibis.literal(True)}
        value: Any = ibis.literal(setting.value) if isinstance(setting.value, bool) else exact.constant(setting.value)
        return Cell(value, Why(), leans, self.rank(setting.cites))

    def period(self, end: str) -> Cell:
        """The period of the clause being read."""
        return self._kept["period", self.clause.name, end](self.board.table)

    def kept(self, node: Node) -> Cell | None:
        """A part of a formula that was put on the board before."""
        stored = self._kept.get(("node", node))
        return stored(self.board.table) if stored else None

    # putting on the board --------------------------------------------------------------------------------------

    def prepare(self, *formulas: Formula | None) -> None:
        """Note what the formulas read; ``flush`` puts it on the board, so that each can then be read in one step."""
        for formula in formulas:
            if formula is not None:
                self._level(formula.root, formula.root)

    def prepare_node(self, node: Node) -> None:
        """The same for a part of a formula."""
        self._level(node, node)

    def flush(self) -> None:
        """Put on the board what was noted, what stands innermost first; as much as can be in one step."""
        about, clause = self._about, self.clause
        while self._tasks:
            level = min(task.level for task in self._tasks.values())
            now = {key: task for key, task in self._tasks.items() if task.level == level}
            cells = []
            for task in now.values():
                self._about, self.clause = task.about, task.clause
                cells.append(task.make() if task.make else None)
            made = iter(self.board.put(*(cell for cell in cells if cell is not None)))
            for key, task in now.items():
                del self._tasks[key]
                self._about = task.about
                self._kept[key] = next(made) if task.make else self._look_up(key[1])
        self._about, self.clause = about, clause

    def _level(self, node: Node, root: Node) -> int:
        """After how many steps the node can be read."""
        args = node.args[1:] if node.op == "at" else node.args
        level = max((self._level(arg, root) for arg in args), default=0)
        name = node.name
        # What is written down several times over: the test of a choice, and with its reasons what a junction is of.
        several = args[:1] if node.op == "if" else args if node.op in _JUNCTIONS and self.causes else ()
        for arg in several:
            if arg.op in _JUNCTIONS or (node.op == "if" and arg.op in ("compare", "in", "not")):
                level = max(level, self._note(("node", arg), self._level(arg, root), partial(read, arg, self)))
        if node.op == "value":
            return self._value_level(name)
        if node.op == "period":
            return self.period_level(name)
        if node.op == "rate":
            return self._note(("rate", name), 0, lambda: self.rate(name, None))
        if node.op == "fact":
            return self._fact_level(name)
        if node.op == "call" and name in CALENDAR_FUNCTIONS:
            return self._note(("node", node), level, None)
        if node is not root and (node.op in _HEAVY or (node.op == "call" and name in _HEAVY)):
            # What holds it would write it down several times over.
            return self._note(("node", node), level, lambda: read(node, self))
        return level

    def _note(self, key: tuple[Any, ...], level: int, make: Callable[[], Cell] | None) -> int:
        if key in self._kept:
            return 0
        if key not in self._tasks:
            self._tasks[key] = _Task(level + 1, make, self._about, self.clause)
        return self._tasks[key].level

    def _fact_level(self, name: str) -> int:
        """Dated facts and derived ones are worked out once."""
        key = ("fact", name)
        if key in self._kept or key in self._tasks:
            return self._note(key, 0, None)
        derived_from = self.rulebook.facts[name].derived_from
        above = (*self.above, self.scheme.id)
        source = self.rulebook.schemes.get(derived_from or "")
        if source is None or derived_from in above or not Knowable(self.rulebook, source, self.layout, above).amount():
            return self._note(key, 0, lambda: self.given(name)) if name in self.layout.dated else 0
        from .answer import derived

        inner = Page(self.rulebook, source, self.layout, self.board, self.causes, self.spans, above, self.varied)
        (amount,) = self.board.put(derived(inner))

        def cell() -> Cell:
            given, gives = self.given(name), amount(self.board.table)
            missing = self.cause("missing_fact", name).where(every(negated(known(given)), negated(known(gives))))
            found = fall_back(given, gives)
            return Cell(found.value, missing, found.leans, rank_where((known(gives), found.rank)))

        return self._note(key, 0, cell)

    def _value_level(self, name: str) -> int:
        key = ("value", name)
        if key in self._kept or key in self._tasks:
            return self._note(key, 0, None)
        value = self.scheme.values[name]
        about, self._about = self._about, name
        level = max(self._level(v.formula.root, v.formula.root) if v.formula else 0 for v in value.versions.rows)
        level = max(level, self.law_level(value.law_of) if len(value.versions.rows) > 1 else 0)
        level = self._note(key, level, lambda: self.versions(
            [(v.from_, self.formula(v.formula, value.type.kind, v)) for v in value.versions.rows], value.law_of
        ))  # fmt: skip
        self._about = about
        return level

    def period_level(self, end: str) -> int:
        """Note one end of the clause's period."""
        rows = self.clause.period.rows if self.clause.period else ()
        about, self._about = self._about, "period"
        formulas = [f for row in rows for f in ((row.start,) if end == "from" else (row.end, row.open_when)) if f]
        level = max([self.law_level(self.scheme.law_of), *(self._level(f.root, f.root) for f in formulas)])
        level = self._note(("period", self.clause.name, end), level, lambda: self._period(end))
        self._about = about
        return level

    def _look_up(self, node: Node) -> Stored:
        """A calendar function: its arguments go on the board, and what it gives is joined from a table of days."""
        stored = self.board.put(*(read(a, self) for a in node.args))

        def arguments() -> list[Cell]:
            return [s(self.board.table) for s in stored]

        day, *rest = (c.value for c in arguments())
        differs: dict[str, Any] = {}
        turning: list[Rank] = []
        if node.name == "add_days_outside":
            months = tuple(a.literal for a in node.args[2:] if isinstance(a.literal, int))
            name = counted_from(self.board, day, rest[0], False, months)
            found = self.board.table[name]
        elif node.name in BOUNDS:
            name = counted_from(self.board, day, rest[0], BOUNDS[node.name], ())
            found = self.board.table[name]
        else:
            if rest:
                names = [counted_from(self.board, arguments()[0].value, arguments()[1].value, saturday, ()) for saturday in (False, True)]
            else:
                names = list(day_given(self.board, node.name, day))
            # Whether Saturday counts is leaned on only where it makes a difference.
            without, with_it, setting = self.board.table[names[0]], self.board.table[names[1]], self.rulebook.settings[SATURDAY]
            differ = (without != with_it).fill_null(False)
            differs = {} if setting.settled else {SATURDAY: differ}
            turning = [rank_where((differ, self.rank(setting.cites)))]
            found = with_it if setting.value else without
        leans = lean(*arguments(), Cell(None, Why(), differs))
        failed = every(found.isnull(), *(known(c) for c in arguments()))
        why = both(*arguments()) | self.cause("no_value", node.asked()).where(failed)
        rank = weakest_of(*(c.rank for c in arguments()), *turning)
        return self.board.put(Cell(found, why, leans, rank))[0]

    # versions ----------------------------------------------------------------------------------------------------

    def law_day(self, law_of: str | None) -> Cell:
        """The day whose law counts: that of a fact or a named value, or the day asked for."""
        if law_of is None:
            return Cell(self.on)
        value = value_of(law_of)
        return self.given(law_of) if value is None else self.value(value)

    def law_level(self, law_of: str | None) -> int:
        """Note the value whose day chooses versions, if one does."""
        value = value_of(law_of)
        return 0 if value is None else self._value_level(value)

    def formula(self, formula: Formula | None, kind: str, version: Cited) -> Cell:
        """A prepared formula of one version; None is law that is not known, of the scheme as a whole before its law is known."""
        if formula is None:
            empty: Any = exact.nothing() if kind == "number" else exact.null(TYPES[kind])
            since = self.scheme.known_since
            name = self.scheme.id if since is not None and since.bounds(version) else self._about
            return Cell(empty, self.cause("law_not_known", name), {}, self.rank(version.cites, known=False))
        cell = read(formula.root, self)
        return replace(cell, rank=weakest_of(cell.rank, self.rank(version.cites)))

    def versions(self, rows: Sequence[tuple[Any, Cell]], law_of: str | None, unknown: Rank | None = None) -> Cell:
        """The version that is law on the day: of ``on``, or of a given fact or value.

        ``unknown``: the rank of a condition where that is unknown; all else rests on what the value rests on.
        """
        if len(rows) == 1:
            return rows[0][1]
        given = self.law_day(law_of)
        law = switch([(self.begun(given.value, from_, law_of or ON), cell) for from_, cell in reversed(rows[1:])], rows[0][1])
        if law_of is None:
            return law
        there = negated(exact.unknown(given.value))
        rank = rank_where((there, law.rank), other=unknown or SUREST)
        return Cell(
            only(there, law.value), picked([(there, law.why)], given.why), lean(given, Cell(None, leans=where(there, law.leans))),
            weakest_of(given.rank, rank) if unknown is None else rank,
        )  # fmt: skip

    # periods -----------------------------------------------------------------------------------------------------

    def _period(self, end: str) -> Cell:
        if self.clause.period is None:
            return Cell(exact.null("date"), self.cause("no_value", "period"))
        return self.versions([(row.from_, self._edge(row, end)) for row in self.clause.period.rows], self.scheme.law_of)

    def _edge(self, row: PeriodVersion, end: str) -> Cell:
        formula = row.start if end == "from" else row.end
        if formula is None and end == "to" and row.start is not None and row.why is None:
            return Cell(exact.null("date"))
        cell = self.formula(formula, "date", row)
        if end == "from" or formula is None or row.open_when is None:
            return cell
        opens = read(row.open_when.root, self)
        runs_on = filled(opens.value, False)
        found = switch([(runs_on, Cell(exact.null("date")))], cell)
        return made(found.value, opens, found, why=found.why)

    def open_ended(self) -> Any:
        """Where the clause's period has no end: never NULL."""
        assert self.clause.period is not None
        never = ibis.literal(False)
        cells = []
        for row in self.clause.period.rows:
            if row.end is None:
                flag: Any = ibis.literal(row.start is not None and row.why is None)
            else:
                flag = never if row.open_when is None else filled(read(row.open_when.root, self).value, False)
            cells.append((row.from_, Cell(flag)))
        return filled(self.versions(cells, self.scheme.law_of).value, False)
