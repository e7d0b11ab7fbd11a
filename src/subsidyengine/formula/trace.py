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
            doc["unknown"] = [c._asdict() for c in self.value.causes]
        if not self.evaluated:
            doc["evaluated"] = False
        if self.steps:
            doc["steps"] = [s.as_json() for s in self.steps]
        return doc


def trace(formula: Formula, record: Mapping[Node, Any]) -> Step:
    """The proof of ``formula`` from the values that its reading recorded."""
    return _step(formula, formula.root, record)


def _step(formula: Formula, node: Node, record: Mapping[Node, Any]) -> Step:
    literal = node.op == "literal"
    steps = () if node.op == "at" else tuple(_step(formula, arg, record) for arg in node.args)
    return Step(
        formula.source(node), node.op, node.name,
        node.literal if literal else record.get(node), literal or node in record, steps,
    )  # fmt: skip
