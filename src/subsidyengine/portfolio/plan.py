"""A scheme as one plan over a table of cases: which columns come out, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import ibis

from ..decision import program_for
from ..formula import exact
from ..formula.cell import Rank, Why, every
from ..rulebook import CERTAINTIES, Rulebook
from .answer import Answered, answer
from .board import Board
from .layout import CASE, ON, Layout
from .page import BITS, Causes, Page

MONEY = "decimal(18, 2)"
FINDING = "finding."


def plan(rulebook: Rulebook, scheme_id: str, layout: Layout, table: Any, open_facts: bool = True, keep: Sequence[str] = ()) -> Any:
    """The table of answers to ``table`` (as :meth:`Layout.schema` has it): an Ibis table, nothing is computed yet.

    A row for each case, with these columns:

    - ``case``, ``on`` and those of ``keep`` as they are in ``table``;
    - ``outcome``: granted, refused or undetermined; ``route`` where the scheme has routes;
    - ``amount`` in kroner and øre, ``from`` and ``to`` (NULL with ``from``: open-ended), of the clause that answers;
    - ``finding.<condition>``: met, not_met or unknown; NULL where the condition does not bear on the case;
    - ``<clause>.outcome``, ``.amount``, ``.from``, ``.to`` of each part or route, NULL where it does not bear on the case;
    - ``certainty``: the weakest citation that the answer rests on (text, secondary, inferred or unknown);
    - ``open``: the facts that an undetermined answer asks for, ``open.law``: what the law has not settled.

    Compile and run it inside :func:`~subsidyengine.portfolio.run.unfused`, or each step's formulas are written out in the next.

    Raises :class:`~subsidyengine.formula.exact.TooLarge` when the scheme's numbers might not fit, and
    :class:`~subsidyengine.portfolio.page.NotInColumns` for a rule that cannot be read as columns.
    """
    scheme = rulebook.schemes[scheme_id]
    facts = facts_of(rulebook, scheme_id)
    causes = Causes([n for n in rulebook.facts if n in facts]) if open_facts else None
    layout = layout.only(facts)
    page = Page(rulebook, scheme, layout, Board(table.select(*dict.fromkeys([*layout.schema(), *keep]))), causes)
    found = answer(page)
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
        why = found.why(table)
        columns["certainty"] = certainty(why.rank)
        columns |= {"open": _names(causes, why.why, False), "open.law": _names(causes, why.why, True)}
    return table.select(**columns)


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
    if isinstance(rank, int):
        return ibis.literal(CERTAINTIES[rank])
    return ibis.cases(*((rank == i, word) for i, word in enumerate(CERTAINTIES[:-1])), else_=CERTAINTIES[-1])


def _names(causes: Causes, why: Why, law: bool) -> Any:
    """The causes that are set, by name; an empty text for none, which is looked for first: few answers are open."""
    words = {number: word for (kind, number), word in why.words.items() if kind is law}
    names = [
        ibis.cases(((words[number // BITS] & (1 << number % BITS)) != 0, name))
        for name, number in causes.names[law].items()
        if number // BITS in words
    ]
    if not names:
        return ibis.literal("")
    nothing = every(*(word == 0 for word in words.values()))
    return ibis.cases((nothing, ""), else_=ibis.literal(", ").join(names))
