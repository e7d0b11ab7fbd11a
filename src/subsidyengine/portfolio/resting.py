"""What a clause's answer rests on, for a whole table: the mirror of ``decision/resting.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis

from ..formula import exact
from ..formula.columns import SUREST, WEAKEST, Flag, Rank, either, every, filled, negated, rank_where, surest, weakest_of
from ..rulebook import Clause, Scheme
from .board import Board, Stored


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of a scheme on the board: truth of each condition, where it does not bear on the case, and every conclusion."""

    board: Board
    truths: Mapping[str, Stored]
    absent: Mapping[str, Stored]
    bearing: Mapping[str, Stored]
    statuses: Mapping[str, Stored]

    def refusing(self, clause: Clause) -> Rank:
        """The rank that a refusal rests on: that of the conditions that are not met."""
        table, ranks = self.board.table, []
        for name in clause.conditions:
            truth = self.truths[name](table)
            fails = every(filled(negated(truth.value), False), negated(self.absent[name](table).value))
            ranks.append(rank_where((fails, truth.rank)))
        return weakest_of(*ranks)

    def weight(self, scheme: Scheme, clause: Clause) -> Rank:
        """The rank that what follows for the clause rests on; the others weigh nothing."""
        conclusions = {c.name: c for c in scheme.conclusions}

        def of(name: str) -> Rank:
            conclusion = conclusions.get(name)
            if conclusion is None:
                return self._of_condition(name) if name in clause.conditions else SUREST
            members = [of(member) for member in conclusion.members]
            if conclusion.kind == "all":
                return weakest_of(*members)
            return surest([self._met(member, scheme) for member in conclusion.members], members)

        return of(clause.conclusion)

    def undecided(self, scheme: Scheme, clause: Clause) -> dict[str, Flag]:
        """Where the finding of a condition can still decide what follows for the clause."""
        conclusions, found = {c.name: c for c in scheme.conclusions}, dict[str, Flag]()

        def walk(name: str, here: Flag, below_any: bool) -> None:
            conclusion = conclusions.get(name)
            if conclusion is None:
                found[name] = either(found.get(name, ibis.literal(False)), here)
                return
            below_any = below_any or conclusion.kind == "any"
            # An `all` that is decided has no member left that is unknown, or fails the whole; an `any` may have some.
            still = every(here, exact.unknown(self.statuses[name](self.board.table).value)) if below_any else here
            for member in conclusion.members:
                walk(member, still, below_any)

        walk(clause.conclusion, ibis.literal(True), False)
        return found

    def _of_condition(self, name: str) -> Rank:
        truth, left_out = self.truths[name](self.board.table), self.absent[name](self.board.table).value
        return rank_where((left_out, SUREST), (truth.why.law(), WEAKEST), other=truth.rank)

    def _met(self, name: str, scheme: Scheme) -> Flag:
        table = self.board.table
        if name in self.statuses:
            return filled(self.statuses[name](table).value, False)
        if name in self.truths:
            return filled(self.truths[name](table).value, False) | self.absent[name](table).value
        (clause,) = (c.name for c in scheme.clauses if c.bears == name)
        return filled(self.bearing[clause](table).value, False)
