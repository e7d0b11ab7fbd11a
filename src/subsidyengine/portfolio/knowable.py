"""What can be known at all from the facts that a table holds: whatever cannot need not be worked out, row for row, to be unknown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import product

from ..formula import Formula, Node
from ..rulebook import Rulebook, Scheme
from .layout import Layout

#: What a part of a formula may come to in some row: true, false, something else that is known, or None for unknown.
Possible = frozenset[bool | str | None]
SOMETHING = "known"
_NEVER: Possible = frozenset({None})
_STATEMENT: Possible = frozenset({True, False, None})
_VALUE: Possible = frozenset({SOMETHING, None})


class Knowable:
    """One scheme against a layout."""

    def __init__(self, rulebook: Rulebook, scheme: Scheme, layout: Layout, above: tuple[str, ...] = ()) -> None:
        self.rulebook, self.scheme, self.layout, self.above = rulebook, scheme, layout, above
        self._values: dict[str, Possible] = {}

    def amount(self) -> bool:
        """Could the scheme have an amount in any row?"""
        return any(self.formula(v.formula) != _NEVER for c in self.scheme.clauses if c.amount for v in c.amount.rows)

    def formula(self, formula: Formula | None) -> Possible:
        """What a formula may come to; what is not established comes to nothing."""
        return _NEVER if formula is None else self.node(formula.root)

    def node(self, node: Node) -> Possible:
        """What a part of a formula may come to."""
        if node.op == "literal":
            return frozenset({node.literal if isinstance(node.literal, bool) else SOMETHING})
        if node.op == "unknown":
            return _NEVER
        if node.op == "fact" or (node.op == "at" and node.args[0].op == "fact"):
            return self.fact(node)
        if node.op == "value":
            return self.value(node.name)
        args = [self.node(a) for a in node.args]
        if node.op in ("and", "or"):
            return frozenset(_junction(values, node.op == "or") for values in product(*args))
        if node.op == "not":
            return frozenset(None if v is None else not v for v in args[0])
        if node.op == "if":
            return _choice(*args)
        if node.op == "call" and node.name == "is_known":
            return frozenset(v is not None for v in args[0])
        if node.op == "call" and node.name == "known_or":
            return (args[0] - _NEVER) | args[1] if None in args[0] else args[0]
        if node.op == "call" and node.name == "at_least":
            return _NEVER if all(a == _NEVER for a in args[1:]) else _STATEMENT
        if any(a == _NEVER for a in args[: 1 if node.op == "in" else None]):
            return _NEVER
        return _STATEMENT if node.type.kind == "bool" else _VALUE

    def fact(self, node: Node) -> Possible:
        """A fact that is in the table, or that another scheme could give."""
        name, above = node.name, (*self.above, self.scheme.id)
        if not self.layout.holds(name):
            source = self.rulebook.schemes.get(self.rulebook.facts[name].derived_from or "")
            if source is None or source.id in above or not Knowable(self.rulebook, source, self.layout, above).amount():
                return _NEVER
        return _STATEMENT if node.type.kind == "bool" else _VALUE

    def value(self, name: str) -> Possible:
        """A named value under any of its versions."""
        if name not in self._values:
            self._values[name] = reduce(frozenset.union, (self.formula(v.formula) for v in self.scheme.values[name].versions.rows))
        return self._values[name]


def _junction(values: Iterable[bool | str | None], decisive: bool) -> bool | None:
    found = set(values)
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _choice(test: Possible, yes: Possible, no: Possible) -> Possible:
    """An unknown test decides nothing, unless both sides are known and the same."""
    found: Possible = frozenset()
    if True in test:
        found |= yes
    if False in test:
        found |= no
    return found | _NEVER | ((yes & no) - _NEVER) if None in test else found
