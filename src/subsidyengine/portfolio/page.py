"""One scheme against a table of cases: the sheet that its formulas read from. The mirror of ``decision/reading.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import ibis

from ..formula import BOUNDS, SATURDAY, Formula, Node, exact
from ..formula.columns import (
    CALENDAR_FUNCTIONS,
    TYPES,
    Cell,
    Num,
    Why,
    both,
    choose,
    fall_back,
    known,
    lean,
    only,
    read,
    where,
)
from ..rulebook import Clause, PeriodVersion, Rulebook, Scheme, value_of
from .board import Board, Stored, counted_from, day_given
from .knowable import Knowable
from .layout import KNOWN, ON, Layout

BITS = 62
_HEAVY = ("if", "div", "min", "max", "date")


class NotInColumns(ValueError):
    """A rule asks for something that is not worked out for a whole table; the text says what."""


class Causes:
    """Which bit stands for which cause."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], int] = {}

    def bit(self, kind: str, name: str) -> Why:
        """The cause, everywhere."""
        number = self.names.setdefault((kind, name), len(self.names))
        return Why({number // BITS: ibis.literal(1 << number % BITS, "int64")})


@dataclass(frozen=True, slots=True)
class Varied:
    """A rate that each row of the table has its own values of: for each row of the rate a column of whole counts of ``1 / scale``."""

    columns: tuple[str, ...]
    bound: int
    scale: int


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to be put on the board after ``level - 1`` other steps; ``make`` None: a calendar function."""

    level: int
    make: Callable[[], Cell] | None
    about: str
    clause: Clause


class Page:
    """A :class:`~subsidyengine.formula.columns.Sheet` for one scheme. ``causes`` None: what is open is not asked for."""

    def __init__(
        self, rulebook: Rulebook, scheme: Scheme, layout: Layout, board: Board, causes: Causes | None, above: tuple[str, ...] = (),
        varied: Mapping[str, Varied] | None = None,
    ) -> None:  # fmt: skip
        self.rulebook, self.scheme, self.layout, self.board, self.causes = rulebook, scheme, layout, board, causes
        self.above, self.varied = above, varied or {}
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

    def fact(self, name: str) -> Cell:
        """A fact on the day, derived where it is not given and another scheme gives it."""
        stored = self._kept.get(("fact", name))
        return stored(self.board.table) if stored else self.given(name, self.on)

    def fact_at(self, name: str, day: Any) -> Cell:
        """A fact as given on another day; one that another scheme gives is worked out for the day asked for only."""
        source = self.rulebook.facts[name].derived_from
        if source in self.rulebook.schemes and source not in (*self.above, self.scheme.id):
            raise NotInColumns(f"{self.scheme.id} reads {name} on another day, and {source} gives it: decide its cases one by one")
        return self.given(name, day)

    def given(self, name: str, day: Any) -> Cell:
        """A fact as the table has it on ``day``."""
        value = self.layout.at(self.board.table, name, day)
        missing = self.cause("missing_fact", name)
        if value is None:
            kind = self.rulebook.facts[name].type.kind
            value = exact.nothing() if kind == "number" else exact.null(TYPES.get(kind, "date"))
            return Cell((value,) if kind == "dates" else value, missing)
        return Cell(value, missing.where(~known(Cell(value))))

    def rate(self, name: str, day: Any, over: bool = False) -> Cell:
        """A rate on a day, as known: the row that begins last, of those that were known by then. ``over``: one over it."""
        stored = self._kept.get(("rate", name))
        if day is None and stored and not over:
            return stored(self.board.table)
        rows, varied = self.rulebook.rates[name].rows, self.varied.get(name)
        values = [None if r.value is None or (over and not r.value) else 1 / Fraction(r.value) if over else Fraction(r.value) for r in rows]
        if varied is None:
            scale = lcm(*(v.denominator for v in values if v is not None))
            whole = [None if v is None else int(v * scale) for v in values]
            bound, sure = max((abs(w) for w in whole if w is not None), default=0), all(w is None or w >= 0 for w in whole)
            cells = [exact.whole_or_null(w) for w in whole]
        else:
            if over:
                raise NotInColumns(f"{self.scheme.id} divides by {name}, which varies from row to row")
            scale, bound, sure, cells = varied.scale, varied.bound, False, [self.board.table[c] for c in varied.columns]
        on, known_by = self.on if day is None else day, self.board.table[KNOWN]
        # Sorted by the day they hold from: of two rows for the same day the later in the file is a correction.
        order = sorted(range(1, len(rows)), key=lambda i: (rows[i].from_ or date.min, i), reverse=True)
        branches = []
        for i in order:
            test: Any = ibis.literal(True) if rows[i].from_ is None else on >= rows[i].from_
            if rows[i].known_from is not None:
                test &= known_by.isnull() | (known_by >= rows[i].known_from)
            branches.append((test, cells[i]))
        n = ibis.cases(*branches, else_=cells[0]) if branches else cells[0]
        value = exact.column(n, bound, scale, sure)
        return Cell(value, self.cause("law_not_known", f"rate.{name}").where(n.isnull()))

    def value(self, name: str) -> Cell:
        """A named value, which has been put on the board."""
        return self._kept["value", name](self.board.table)

    def setting(self, name: str) -> Cell:
        """A setting; one that is not settled by law is leaned on."""
        setting = self.rulebook.settings[name]
        leans = {} if setting.settled else {name: ibis.literal(True)}
        value: Any = ibis.literal(setting.value) if isinstance(setting.value, bool) else exact.constant(setting.value)
        return Cell(value, Why(), leans)

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
            return self._note(key, 0, lambda: self.given(name, self.on)) if name in self.layout.dated else 0
        from .answer import derived

        inner = Page(self.rulebook, source, self.layout, self.board, None, above, self.varied)
        (amount,) = self.board.put(derived(inner))

        def cell() -> Cell:
            given, made = self.given(name, self.on), amount(self.board.table)
            missing = self.cause("missing_fact", name).where(~known(given) & ~known(made))
            either = fall_back(given, made)
            return Cell(either.value, missing, either.leans)

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
            [(v.from_, self.formula(v.formula, value.type.kind)) for v in value.versions.rows], value.law_of
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
        differs = {}
        if node.name == "add_days_outside":
            months = tuple(a.literal for a in node.args[2:] if isinstance(a.literal, int))
            name = counted_from(self.board, day, rest[0], False, months)
            made = self.board.table[name]
        elif node.name in BOUNDS:
            name = counted_from(self.board, day, rest[0], BOUNDS[node.name], ())
            made = self.board.table[name]
        else:
            if rest:
                names = [counted_from(self.board, arguments()[0].value, arguments()[1].value, saturday, ()) for saturday in (False, True)]
            else:
                names = list(day_given(self.board, node.name, day))
            # Whether Saturday counts is leaned on only where it makes a difference.
            without, with_it, setting = self.board.table[names[0]], self.board.table[names[1]], self.rulebook.settings[SATURDAY]
            differs = {} if setting.settled else {SATURDAY: (without != with_it).fill_null(False)}
            made = with_it if setting.value else without
        leans = lean(*arguments(), Cell(None, Why(), differs))
        failed = made.isnull() & reduce(lambda a, b: a & b, [known(c) for c in arguments()])
        why = both(*arguments()) | self.cause("no_value", "").where(failed)
        return self.board.put(Cell(made, why, leans))[0]

    # versions ----------------------------------------------------------------------------------------------------

    def law_day(self, law_of: str | None) -> Cell:
        """The day whose law counts: that of a fact or a named value, or the day asked for."""
        if law_of is None:
            return Cell(self.on)
        value = value_of(law_of)
        return self.given(law_of, self.on) if value is None else self.value(value)

    def law_level(self, law_of: str | None) -> int:
        """Note the value whose day chooses versions, if one does."""
        value = value_of(law_of)
        return 0 if value is None else self._value_level(value)

    def formula(self, formula: Formula | None, kind: str) -> Cell:
        """A prepared formula; None is law that is not known."""
        if formula is None:
            empty: Any = exact.nothing() if kind == "number" else exact.null(TYPES[kind])
            return Cell(empty, self.cause("law_not_known", self._about))
        return read(formula.root, self)

    def versions(self, rows: Sequence[tuple[Any, Cell]], law_of: str | None) -> Cell:
        """The version that is law on the day: of ``on``, or of a given fact."""
        if len(rows) == 1:
            return rows[0][1]
        given = self.law_day(law_of)
        day = given.value
        made = rows[0][1]
        if any(isinstance(c.value, Num) or c.why.words or c.leans for _, c in rows):
            for from_, cell in rows[1:]:
                test = Cell((day >= from_).fill_null(False))
                made = choose(test, cell, made, total=True)
        else:  # the same in one step
            made = Cell(ibis.cases(*((day >= from_, cell.value) for from_, cell in reversed(rows[1:])), else_=made.value))
        if law_of is None:
            return made
        there = day.notnull()
        return Cell(only(there, made.value), made.why.where(there) | given.why, where(there, made.leans))

    # periods -----------------------------------------------------------------------------------------------------

    def _period(self, end: str) -> Cell:
        if self.clause.period is None:
            return Cell(exact.null("date"), self.cause("no_value", "period"))
        return self.versions([(row.from_, self._edge(row, end)) for row in self.clause.period.rows], self.scheme.law_of)

    def _edge(self, row: PeriodVersion, end: str) -> Cell:
        formula = row.start if end == "from" else row.end
        if formula is None:
            if end == "to" and row.start is not None and row.why is None:
                return Cell(exact.null("date"))
            return Cell(exact.null("date"), self.cause("law_not_known", "period"))
        cell = read(formula.root, self)
        if end == "from" or row.open_when is None:
            return cell
        opens = read(row.open_when.root, self)
        runs_on = opens.value.fill_null(False)
        return Cell(
            ibis.cases((~runs_on, cell.value)), cell.why.where(~runs_on), lean(opens, Cell(None, Why(), where(~runs_on, cell.leans)))
        )

    def open_ended(self) -> Any:
        """Where the clause's period has no end: never NULL."""
        assert self.clause.period is not None
        never = ibis.literal(False)
        cells = []
        for row in self.clause.period.rows:
            if row.end is None:
                flag: Any = ibis.literal(row.start is not None and row.why is None)
            else:
                flag = never if row.open_when is None else read(row.open_when.root, self).value.fill_null(False)
            cells.append((row.from_, Cell(flag)))
        return self.versions(cells, self.scheme.law_of).value.fill_null(False)
