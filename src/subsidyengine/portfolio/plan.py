"""A scheme as one plan over a table of cases: which columns come out, and what they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

import ibis

from ..decision import program_for
from ..formula import exact
from ..formula.columns import Cell, read
from ..rulebook import Clause, EventRule, Rulebook
from .answer import Answered, answer
from .board import Board, Stored
from .layout import CASE, ON, Layout
from .page import BITS, Causes, Page, Varied

MONEY = "decimal(18, 2)"
FINDING = "finding."


def plan(
    rulebook: Rulebook, scheme_id: str, layout: Layout, table: Any, open_facts: bool = True, keep: Sequence[str] = (),
    events: Collection[str] = (), varied: Mapping[str, Varied] | None = None,
) -> Any:  # fmt: skip
    """The table of answers to ``table`` (as :meth:`Layout.schema` has it): an Ibis table, nothing is computed yet.

    A row for each case, with these columns:

    - ``case``, ``on`` and those of ``keep`` as they are in ``table``;
    - ``outcome``: granted, refused or undetermined; ``route`` where the scheme has routes;
    - ``amount`` in kroner and øre, ``from`` and ``to`` (NULL with ``from``: open-ended), of the clause that answers;
    - ``finding.<condition>``: met, not_met or unknown; NULL where the condition does not bear on the case;
    - ``<clause>.outcome``, ``.amount``, ``.from``, ``.to`` of each part or route, NULL where it does not bear on the case;
    - ``open``: the facts that an undetermined answer asks for, ``open.law``: what the law has not settled;
    - ``event.<number>``: the day of each event of :func:`events_of` for the kinds ``events``, NULL where there is none.

    ``varied``: rates that stand in columns of the table (which ``keep`` names) and not in the rulebook.

    Compile and run it inside :func:`~subsidyengine.portfolio.run.unfused`, or each step's formulas are written out in the next.

    Raises :class:`~subsidyengine.formula.exact.TooLarge` when the scheme's numbers might not fit, and
    :class:`~subsidyengine.portfolio.page.NotInColumns` for a rule that cannot be read as columns.
    """
    scheme = rulebook.schemes[scheme_id]
    causes = Causes() if open_facts else None
    layout = layout.only(facts_of(rulebook, scheme_id))
    page = Page(rulebook, scheme, layout, Board(table.select(*dict.fromkeys([*layout.schema(), *keep]))), causes, varied=varied)
    found = answer(page)
    days = _days(found, events)
    table = page.board.table
    columns: dict[str, Any] = {name: table[name] for name in (CASE, ON, *keep)}
    columns["outcome"] = _outcome(found.granted(table).value, found.refused(table).value)
    if found.route is not None:
        columns["route"] = found.route(table).value
    columns |= _top(found, table)
    columns |= {FINDING + name: status(table).value for name, status in found.findings.items()}
    if scheme.clauses[0].kind != "scheme":
        for index in range(len(found.clauses)):
            columns |= _clause(found, index, table)
    if causes is not None:
        why = found.why(table).why
        for name, law in (("open", False), ("open.law", True)):
            columns[name] = _names(causes, why, law, list(rulebook.facts))
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


def _names(causes: Causes, why: Any, law: bool, order: Sequence[str]) -> Any:
    """The causes that are set, by name, facts in the order of the vocabulary; an empty text for none."""
    bits: dict[str, list[Any]] = {}
    place = {name: i for i, name in enumerate(order)}
    for (kind, name), number in sorted(causes.names.items(), key=lambda c: (place.get(c[0][1], len(place)), c[0][1])):
        word = why.words.get(number // BITS)
        if word is not None and (kind == "law_not_known") == law:
            bits.setdefault(name, []).append((word & (1 << number % BITS)) != 0)
    if not bits:
        return ibis.literal("")
    return ibis.literal(", ").join([ibis.cases((_any(flags), name)) for name, flags in bits.items()])


def _any(flags: Sequence[Any]) -> Any:
    found = flags[0]
    for flag in flags[1:]:
        found |= flag
    return found
