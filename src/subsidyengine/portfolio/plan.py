"""A scheme as one plan over a table of cases: which columns come out, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

import ibis

from ..decision import program_for
from ..formula import exact
from ..formula.columns import FACT_BITS, Cell, Rank, Why, every, reachable, read
from ..rulebook import CERTAINTIES, Clause, EventRule, Rulebook
from .answer import Answered, answer
from .board import Board, Stored
from .causes import Causes
from .layout import CASE, KNOWN, ON, Layout
from .page import Page, Spans
from .rates import Varied

MONEY = "decimal(18, 2)"
FINDING = "finding."
FACTS = (1 << FACT_BITS) - 1


def plan(
    rulebook: Rulebook, scheme_id: str, layout: Layout, table: Any, open_facts: bool = True, keep: Sequence[str] = (),
    spans: Spans | None = None, events: Collection[str] = (), varied: Mapping[str, Varied] | None = None,
) -> Any:  # fmt: skip
    """The table of answers to ``table`` (as :meth:`Layout.schema` has it): an Ibis table, nothing is computed yet.

    A row for each case, with these columns:

    - ``case``, ``on`` and those of ``keep`` as they are in ``table``;
    - ``outcome``: granted, refused or undetermined; ``route`` where the scheme has routes;
    - ``amount`` in kroner and øre, ``from`` and ``to`` (NULL with ``from``: open-ended), of the clause that answers;
    - ``finding.<condition>``: met, not_met or unknown; NULL where the condition does not bear on the case;
    - ``<clause>.outcome``, ``.amount``, ``.from``, ``.to`` of each part or route, NULL where it does not bear on the case;
    - ``certainty``: the weakest citation that the answer rests on (text, secondary, inferred or unknown);
    - ``open``: the facts that an undetermined answer asks for, ``open.law``: what the law has not settled;
    - ``event.<number>``: the day of each event of :func:`events_of` for the kinds ``events``, NULL where there is none.

    ``varied``: rates that stand in columns of the table (which ``keep`` names) and not in the rulebook.

    ``spans``: the first and last day in the columns ``on`` and those of dates, where they are known (they make it quicker).

    Compile and run it inside :func:`~subsidyengine.portfolio.run.unfused`, or each step's formulas are written out in the next.

    Raises :class:`~subsidyengine.formula.exact.TooLarge` when the scheme's numbers might not fit, and
    :class:`~subsidyengine.portfolio.page.NotInColumns` for a rule that cannot be read as columns.
    """
    return _together([
        _plan(book, scheme_id, layout, table if test is None else table.filter(test(table[KNOWN])), open_facts, keep, spans, events, varied)
        for book, test in stands(rulebook) if scheme_id in book.schemes
    ])  # fmt: skip


def stands(rulebook: Rulebook) -> list[tuple[Rulebook, Callable[[Any], Any] | None]]:
    """The rulebook, and it without its latest overlays, and so on; each with a test of the days ``known`` that it is the one for."""
    found: list[tuple[Rulebook, Callable[[Any], Any] | None]] = []
    book, before = rulebook, None
    while book.below is not None and book.overlays:
        since = max(overlay.on for overlay in book.overlays)
        if before is None:
            found.append((book, lambda known, since=since: known.isnull() | (known >= since)))  # type: ignore[misc]
        elif since < before:
            found.append((book, lambda known, since=since, before=before: (known >= since) & (known < before)))  # type: ignore[misc]
        book, before = book.below, since
    return [*found, (book, None if before is None else lambda known: known < before)]


def _together(tables: Sequence[Any]) -> Any:
    """The rows of all tables; a column that some lack is NULL there."""
    if len(tables) == 1:
        return tables[0]
    # A join leaves no column marked as given in every row: what one table marks another may not, and a union takes like columns alone.
    columns = {name: kind.copy(nullable=True) for table in tables for name, kind in table.schema().items()}
    alike = [{n: table[n].cast(k) if n in table.columns else ibis.null(k) for n, k in columns.items()} for table in tables]
    return ibis.union(*(table.select(**wanted) for table, wanted in zip(tables, alike, strict=True)))


def _plan(
    rulebook: Rulebook, scheme_id: str, layout: Layout, table: Any, open_facts: bool, keep: Sequence[str], spans: Spans | None,
    events: Collection[str], varied: Mapping[str, Varied] | None,
) -> Any:  # fmt: skip
    scheme = rulebook.schemes[scheme_id]
    causes = Causes() if open_facts else None
    layout = layout.only(facts_of(rulebook, scheme_id))
    board = Board(table.select(*dict.fromkeys([*layout.schema(), *keep])))
    page = Page(rulebook, scheme, layout, board, causes, spans, varied=varied)
    page.write_missing()
    found = answer(page)
    days = _days(found, events)
    table = page.board.table
    columns: dict[str, Any] = {name: table[name] for name in (CASE, ON, *keep)}
    columns["outcome"] = _outcome(found.granted(table).value, found.refused(table).value)
    if found.route is not None:
        columns["route"] = found.route(table).value
    columns |= _top(found, table)
    columns |= {FINDING + name: status for name, status in found.findings().items()}
    if scheme.clauses[0].kind != "scheme":
        for index in range(len(found.clauses)):
            columns |= _clause(found, index, table)
    if causes is not None:
        why = found.why(table)
        columns["certainty"] = certainty(why.rank)
        order = {name: place for place, name in enumerate(rulebook.facts)}
        columns["open"] = _names(causes, why.why, False, sorted(causes.names(False), key=lambda n: (order.get(n, len(order)), n)))
        columns["open.law"] = _names(causes, why.why, True, sorted(causes.names(True)))
    columns |= {f"event.{number}": day(table).value for number, day in enumerate(days)}
    return table.select(**columns)


def events_of(rulebook: Rulebook, scheme_id: str, kinds: Collection[str]) -> list[tuple[Clause, EventRule]]:
    """The events of a scheme that are of one of the kinds, in the order of the rules."""
    return [(clause, event) for clause in rulebook.schemes[scheme_id].clauses for event in clause.events if event.kind in kinds]


def _days(found: Answered, kinds: Collection[str]) -> list[Stored]:
    """Put the days of the events on the board: of every part that bears on the case, of routes only of the one that answers."""
    page = found.page
    listed = events_of(page.rulebook, page.scheme.id, kinds)
    for clause, event in listed:
        page.clause = clause
        page.prepare(event.on, event.when)
    page.flush()
    table, cells = page.board.table, []
    for clause, event in listed:
        page.clause = clause
        index = next(i for i, c in enumerate(found.clauses) if c.clause is clause)
        bears = found.clauses[index].bears(table).value.fill_null(True)
        if clause.kind == "route":
            bears &= (found.chosen(table).value == index).fill_null(False)
        if event.when is not None:
            bears &= read(event.when.root, page).value.fill_null(False)
        cells.append(Cell(ibis.cases((bears, read(event.on.root, page).value))))
    return page.board.put(*cells)


def facts_of(rulebook: Rulebook, scheme_id: str) -> set[str]:
    """Every fact that may bear on the scheme's answer, through other schemes too."""
    scheme, found = rulebook.schemes[scheme_id], set(program_for(rulebook, scheme_id).facts)
    for name in list(found):
        source = rulebook.facts[name].derived_from
        if source is not None and source in rulebook.schemes and source != scheme.id:
            found |= facts_of(rulebook, source)
    return found


def _outcome(granted: Any, refused: Any) -> Any:
    return ibis.cases((granted, "granted"), (refused, "refused"), else_="undetermined")


def money(amount: exact.Num) -> Any:
    """A number as kroner and øre."""
    ore = exact.rounded(amount, Fraction(1, 100), down=False)
    n = ibis.literal(ore.n, "int64") if isinstance(ore.n, int) else ore.n
    return (n.cast("int64") / 100).cast(MONEY)


def _top(found: Answered, table: Any) -> dict[str, Any]:
    """Amount and period of the clause that answers."""
    chosen = found.chosen(table).value
    amounts, starts, ends = [], [], []
    for index, clause in enumerate(found.clauses):
        this = chosen == index
        if clause.amount is not None:
            amounts.append((this & ~clause.refused(table).value, money(clause.amount(table).value)))
        if clause.start is not None and clause.end is not None:
            starts.append((this, clause.start(table).value))
            ends.append((this, clause.end(table).value))
    columns = {}
    if amounts:
        columns["amount"] = ibis.cases(*amounts)
    if starts:
        columns |= {"from": ibis.cases(*starts), "to": ibis.cases(*ends)}
    return columns


def _clause(found: Answered, index: int, table: Any) -> dict[str, Any]:
    """One part or route."""
    clause = found.clauses[index]
    name, bears, refused = clause.clause.name, clause.bears(table).value.fill_null(True), clause.refused(table).value
    columns = {f"{name}.outcome": ibis.cases((bears, _outcome(clause.granted(table).value, refused)))}
    if clause.amount is not None:
        columns[f"{name}.amount"] = ibis.cases((bears & ~refused, money(clause.amount(table).value)))
    if clause.start is not None and clause.end is not None:
        columns[f"{name}.from"] = ibis.cases((bears, clause.start(table).value))
        columns[f"{name}.to"] = ibis.cases((bears, clause.end(table).value))
    return columns


def certainty(rank: Rank) -> Any:
    """A rank in words."""
    told, surest = reachable([(flag, word) for flag, word in zip(reversed(rank), reversed(CERTAINTIES), strict=False)], CERTAINTIES[0])
    return ibis.cases(*told, else_=surest) if told else ibis.literal(surest)


def _names(causes: Causes, why: Why, law: bool, order: Sequence[str]) -> Any:
    """The causes that are set, by name; an empty text for none, which is looked for first: few answers are open."""
    names: list[Any] = []
    for name in order:
        number, bit = causes.place(law, name)
        word = why.words.get(number)
        if word is not None and word.possible & bit:
            names.append(ibis.cases(((word.column() & ibis.literal(bit, "int64")) != 0, name)))
    if not names:
        return ibis.literal("")
    nothing = every(*((word.column() >> FACT_BITS if law else word.column() & FACTS) == 0 for word in why.words.values()))
    return ibis.cases((nothing, ""), else_=ibis.literal(", ").join(names))
