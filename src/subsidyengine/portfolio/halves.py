"""A scheme in two halves: who has the right and when, and how much it comes to.

Where rents grow only the amount changes, so that many scenarios share one reading of the right. Put together the halves are the whole:
refused where the right is, granted where both are, open in between.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from ..decision import program_for
from ..formula import Formula, Node
from ..rulebook import Rulebook, Scheme, value_of


def throughout(rulebook: Rulebook, change: Callable[[Rulebook], Rulebook]) -> Rulebook:
    """The rulebook changed, and with it what it was before each of its overlays: a row may know of none."""
    return replace(change(rulebook), below=None if rulebook.below is None else throughout(rulebook.below, change))


class NotInHalves(ValueError):
    """The scheme is several answers, or its right depends on what a scenario changes."""


def part_of(rulebook: Rulebook, scheme_id: str, part: str) -> Rulebook:
    """The rulebook with one part of a scheme as all of it, on the conditions that it rests on."""
    return throughout(rulebook, lambda book: _with(book, _part(book.schemes[scheme_id], part)))


def _part(scheme: Scheme, part: str) -> Scheme:
    (clause,) = (c for c in scheme.clauses if c.name == part)
    conclusions, needed, left = {c.name: c for c in scheme.conclusions}, set(), [clause.conclusion]
    while left:
        name = left.pop()
        if name in conclusions and name not in needed:
            needed.add(name)
            left += conclusions[name].members
    alone = replace(
        scheme, clauses=(clause,), conditions={n: scheme.conditions[n] for n in clause.conditions},
        conclusions=tuple(c for c in scheme.conclusions if c.name in needed), notes=tuple(n for n in scheme.notes if n.open),
    )  # fmt: skip
    return _pruned(alone)


def halves(rulebook: Rulebook, scheme_id: str, events: Collection[str] = ()) -> tuple[Rulebook, Rulebook]:
    """The rulebook with the scheme's right alone, and with its amount alone. Each keeps only the named values that it reads.

    ``events``: kinds of events that the right keeps.
    """
    if len(rulebook.schemes[scheme_id].clauses) != 1:
        raise NotInHalves(f"{scheme_id}: several parts or routes do not come in halves")
    return (
        throughout(rulebook, lambda book: _with(book, _right(book.schemes[scheme_id], events))),
        throughout(rulebook, lambda book: _with(book, _amount(book.schemes[scheme_id]))),
    )


def _right(scheme: Scheme, events: Collection[str]) -> Scheme:
    (clause,) = scheme.clauses
    open_notes = tuple(n for n in scheme.notes if n.open)
    kept = tuple(e for e in clause.events if e.kind in events)
    return _pruned(replace(scheme, clauses=(replace(clause, amount=None, events=kept),), notes=open_notes))


def _amount(scheme: Scheme) -> Scheme:
    (clause,) = scheme.clauses
    (conclusion,) = (c for c in scheme.conclusions if c.name == clause.conclusion)
    return _pruned(replace(
        scheme, conditions={}, conclusions=(replace(conclusion, kind="all", members=()),), notes=(),
        clauses=(replace(clause, kind="scheme", bears="", touched_by=(), conditions=(), period=None, events=(), when=None),),
    ))  # fmt: skip


def _with(rulebook: Rulebook, scheme: Scheme) -> Rulebook:
    return replace(rulebook, schemes={**rulebook.schemes, scheme.id: scheme})


def _pruned(scheme: Scheme) -> Scheme:
    """Without the named values that nothing reads."""
    days = [f for c in scheme.clauses for e in c.events for f in (e.on, e.when) if f]
    read: dict[str, None] = {}
    left = [*scheme.choosing, *(name for formula in (*_formulas(scheme), *days) for name in formula.values)]
    while left:
        name = left.pop()
        if name not in read:
            read[name] = None
            value = scheme.values[name]
            left += [n for v in value.versions.rows if v.formula for n in v.formula.values]
            left += [n] if (n := value_of(value.law_of)) is not None else []
    return replace(scheme, values={n: v for n, v in scheme.values.items() if n in read})


def _formulas(scheme: Scheme) -> Iterator[Formula]:
    """What decides: without events, and without notes that leave nothing open."""
    found: list[Formula | None] = [f for c in scheme.conditions.values() for v in c.versions.rows for f in (v.when, v.holds)]
    found += [n.when for n in scheme.notes if n.open]
    for clause in scheme.clauses:
        found.append(clause.when)
        found += [v.formula for v in (clause.amount.rows if clause.amount else ())]
        found += [f for v in (clause.period.rows if clause.period else ()) for f in (v.start, v.end, v.open_when)]
    yield from (f for f in found if f is not None)


def _all_formulas(scheme: Scheme) -> list[Formula]:
    return [*_formulas(scheme), *(v.formula for n in scheme.values.values() for v in n.versions.rows if v.formula)]


def own_rates(rulebook: Rulebook, scheme_id: str) -> set[str]:
    """Rates that the scheme's own formulas read."""
    return {name for f in _all_formulas(rulebook.schemes[scheme_id]) for name in f.rates}


def rates_of(rulebook: Rulebook, scheme_id: str) -> set[str]:
    """Rates that decide: the scheme's own, and those of the schemes that give it facts."""
    found = own_rates(rulebook, scheme_id)
    for source in sources_of(rulebook, scheme_id):
        found |= rates_of(rulebook, source)
    return found


def sources_of(rulebook: Rulebook, scheme_id: str) -> set[str]:
    """Other schemes that give facts to this one."""
    given = (rulebook.facts[fact].derived_from for fact in program_for(rulebook, scheme_id).facts)
    return {source for source in given if source is not None and source in rulebook.schemes and source != scheme_id}


def fixed_rates(rulebook: Rulebook, scheme_id: str, names: Iterable[str]) -> set[str]:
    """Of the rates ``names`` those that cannot vary from row to row: they are divided by, or turn a scheme that gives a fact."""
    nodes = [node for f in _all_formulas(rulebook.schemes[scheme_id]) for node in f.root.walk() if node.op == "div"]
    found = {arg.name for node in nodes for arg in node.args[1:] if arg.op == "rate"}
    for source in sources_of(rulebook, scheme_id):
        found |= fixed_rates(rulebook, source, names) | turning_rates(rulebook, source)
    return found & set(names)


def turning_rates(rulebook: Rulebook, scheme_id: str) -> set[str]:
    """Rates that say on which days the scheme's answer can change."""
    scheme = rulebook.schemes[scheme_id]
    return {name for node, _ in program_for(rulebook, scheme_id).moving.compared for name in _rates_in(scheme, node)}


def _rates_in(scheme: Scheme, node: Node) -> Iterator[str]:
    """Rates that a part of a formula reads, by way of named values too."""
    for part in node.walk():
        if part.op == "rate":
            yield part.name
        elif part.op == "value":
            for row in scheme.values[part.name].versions.rows:
                if row.formula:
                    yield from _rates_in(scheme, row.formula.root)
