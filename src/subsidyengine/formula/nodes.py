"""The formula tree: one small form that every reading (value, prose, columns, constraints) walks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from .types import Type

Op = Literal[
    "literal", "unknown", "fact", "rate", "value", "setting", "on", "period",
    "at", "not", "and", "or", "compare", "in", "add", "sub", "mul", "div", "neg", "if", "call",
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One sub-expression. ``name`` is the fact, rate, function or comparison; ``start``/``end`` its place in the text.

    Nodes compare by identity, so that a trace can be a mapping from node to value.
    """

    op: Op
    type: Type
    args: tuple[Node, ...] = ()
    name: str = ""
    literal: bool | int | Fraction | str | None = None
    start: int = 0
    end: int = 0

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, outermost first."""
        yield self
        for arg in self.args:
            yield from arg.walk()

    def asked(self) -> str:
        """The fact to ask for where what the node reads has no value: the first of it, of a division what is divided by."""
        first = [*self.args[1].walk(), *self.walk()] if self.op == "div" else self.walk()
        return next((node.name for node in first if node.op == "fact"), "")


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A checked formula: its text, its typed tree and the names that it reads."""

    text: str
    root: Node
    facts: tuple[str, ...] = field(default=())
    rates: tuple[str, ...] = field(default=())
    values: tuple[str, ...] = field(default=())
    settings: tuple[str, ...] = field(default=())
    reads_on: bool = False
    reads_period: bool = False

    @property
    def type(self) -> Type:
        """The type of the whole."""
        return self.root.type

    def source(self, node: Node) -> str:
        """The piece of text that ``node`` was read from."""
        return self.text[node.start : node.end]


def formula_of(text: str, root: Node) -> Formula:
    """Collect the names that a tree reads, each once, in order of reading."""

    def names(op: Op) -> tuple[str, ...]:
        return tuple(dict.fromkeys(n.name for n in root.walk() if n.op == op))

    settings = names("setting")
    if any(n.op == "call" and n.name in WEEKDAY_FUNCTIONS for n in root.walk()):
        settings = tuple(dict.fromkeys((*settings, SATURDAY)))
    return Formula(
        text, root, names("fact"), names("rate"), names("value"), settings,
        any(n.op in ("on", "rate", "fact") for n in root.walk()), any(n.op == "period" for n in root.walk()),
    )  # fmt: skip


#: These count weekdays, so they lean on the setting that says whether Saturday is one.
WEEKDAY_FUNCTIONS = ("add_weekdays", "first_weekday_of_month", "weekday_on_or_before", "weekday_on_or_after")
#: These count weekdays by a reading of their own: does Saturday count?
BOUNDS = {"add_weekdays_with_saturday": True, "add_weekdays_without_saturday": False}
SATURDAY = "saturday_is_weekday"
