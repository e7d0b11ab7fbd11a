"""What formulas read from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from .nodes import Node
from .value import Cause, Unknown, Value


class Env(Protocol):
    """What a formula reads from. The decision room has the one that is used, :class:`FactsOnly` is a smaller one."""

    on: date
    #: Settings not settled by law that were leaned on.
    assumed: dict[str, None]
    #: Weakest citation that was leaned on: 0 (text) to 3 (unknown).
    rank: int
    #: Given facts on the day ``on``; an absent name is unknown.
    facts: dict[str, Any]
    #: Value of each node that was read.
    record: dict[Node, Any]

    def fact(self, name: str) -> Value:
        """A fact that is not among ``facts``: derived, or unknown with its cause."""

    def fact_at(self, name: str, day: date) -> Value:
        """A fact's value on another day."""

    def rate(self, name: str, day: date | None) -> Value:
        """A rate on a day (None: the day ``on``)."""

    def value(self, name: str) -> Value:
        """A named value of the scheme."""

    def setting(self, name: str) -> Value:
        """A setting of the rulebook."""

    def period(self, end: str) -> Value:
        """The scheme's own period, ``from`` or ``to``."""


class FactsOnly:
    """The smallest :class:`Env`: facts on one day. All else is unknown."""

    def __init__(self, facts: dict[str, Any], on: date) -> None:
        self.facts, self.on = facts, on
        self.assumed: dict[str, None] = {}
        self.rank = 0
        self.record: dict[Node, Any] = {}

    def fact(self, name: str) -> Value:
        """A fact that is not among ``facts``."""
        return Unknown((Cause("missing_fact", name),))

    def fact_at(self, name: str, day: date) -> Value:
        """The same value on every day."""
        return self.facts.get(name, self.fact(name))  # type: ignore[no-any-return]

    def rate(self, name: str, day: date | None) -> Value:
        """Not known here."""
        return self.fact(name)

    def value(self, name: str) -> Value:
        """Not known here."""
        return self.fact(name)

    def setting(self, name: str) -> Value:
        """Not known here."""
        return self.fact(name)

    def period(self, end: str) -> Value:
        """Not known here."""
        return self.fact(end)


Run = Callable[[Env], Any]
