"""A proof tree: every sub-expression of a formula with the value it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .nodes import Formula, Node
from .value import Unknown, plain


@dataclass(frozen=True, slots=True)
class Step:
    """``text`` had ``value``; ``kind`` is the node's operation; ``evaluated`` is False where a branch was not taken."""

    text: str
    kind: str
    name: str
    value: Any
    evaluated: bool
    steps: tuple[Step, ...]

    def walk(self) -> Iterator[Step]:
        """This step and all below it."""
        yield self
        for step in self.steps:
            yield from step.walk()

    def as_json(self) -> dict[str, Any]:
        """The step as plain data; an unknown value carries its causes."""
        doc: dict[str, Any] = {"text": self.text, "value": plain(self.value)}
        if isinstance(self.value, Unknown):
            doc["unknown"] = [{"kind": c.kind, "name": c.name} for c in self.value.causes]
        if not self.evaluated:
            doc["evaluated"] = False
        if self.steps:
            doc["steps"] = [s.as_json() for s in self.steps]
        return doc


def trace(formula: Formula, record: Mapping[Node, Any]) -> Step:
    """The proof of ``formula`` from the values that its reading recorded."""
    return _step(formula, formula.root, record, True)


def _step(formula: Formula, node: Node, record: Mapping[Node, Any], taken: bool) -> Step:
    evaluated = taken if node.op == "literal" else node in record
    # A literal leaves no record: it was read where the branch that it stands in was taken.
    parts = [(arg, evaluated) for arg in node.args]
    if node.op == "if":
        test = _value(node.args[0], record)
        parts[1:] = [(node.args[1], evaluated and test is not False), (node.args[2], evaluated and test is not True)]
    elif node.op == "call" and node.name == "known_or":
        parts[1] = (node.args[1], evaluated and isinstance(_value(node.args[0], record), Unknown))
    elif node.op == "not" and (node.args[0].start, node.args[0].end) == (node.start, node.end):
        parts = [(arg, evaluated) for arg in node.args[0].args]  # `x not in [..]` is one part, though two nodes
    elif node.op == "at":
        parts = parts[1:]  # the fact's value of today was not read; the day was
    steps = tuple(_step(formula, arg, record, part_taken) for arg, part_taken in parts)
    return Step(formula.source(node), node.op, node.name, _value(node, record) if evaluated else None, evaluated, steps)


def _value(node: Node, record: Mapping[Node, Any]) -> Any:
    return node.literal if node.op == "literal" else record.get(node)
