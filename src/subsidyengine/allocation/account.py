"""The running account of one right in one counting unit: what counts, what it gives, what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .terms import Right, Terms

Key = tuple[str, ...]


@dataclass(slots=True)
class Account:
    """``entitlement`` is exact; ``turns`` are the whole turns in it. A turn is used, lost, on offer or left."""

    terms: Terms
    right: Right
    key: Key
    #: Calendar year of a quota; 0 for a share.
    year: int = 0
    counted: int = 0
    entitlement: Fraction = Fraction(0)
    #: What stood over from an earlier agreement and is part of the entitlement; below 0 where more was taken than earned.
    brought: Fraction = Fraction(0)
    #: Taken by the municipality (or by whoever the right belongs to) on a turn, and without one.
    used: int = 0
    out_of_turn: int = 0
    on_offer: int = 0
    #: Turns gone by a pass, by silence or by a withdrawal that uses the turn.
    lost: int = 0
    passed: int = 0
    silent: int = 0
    withdrawn: int = 0
    not_offered: int = 0
    outside: int = 0
    #: Earlier vacancies of which nobody can say whether they count.
    unsure: tuple[str, ...] = ()
    #: Quota: the account of the year before, whose turns may stand over.
    before: Account | None = None
    #: Private: dwellings used once, which may be allocated again.
    taken: set[str] = field(default_factory=set)
    again: int = 0
    leans: tuple[str, ...] = ()

    @property
    def turns(self) -> int:
        """Whole turns so far: rounded up where the first of a cycle is the municipality's, down where the last is."""
        whole = self.entitlement + (self.before.into_next_year() if self.before is not None else 0)
        top, bottom = whole.numerator, whole.denominator
        turns = -(-top // bottom) if self.right.position == "first" else top // bottom
        return turns if self.cap is None else min(turns, self.cap)

    @property
    def over(self) -> Fraction:
        """What is earned and neither used, lost nor on offer, the part of a turn included."""
        return self.entitlement - self.used - self.out_of_turn - self.lost - self.on_offer

    @property
    def cap(self) -> int | None:
        """Private: the right is usable at most as many times as the share of the property's dwellings."""
        if self.right.property_dwellings is None or not self.right.steps or self.right.steps[0].share is None:
            return None
        return int(self.right.steps[0].share * self.right.property_dwellings)

    @property
    def left(self) -> int:
        """Turns that are neither used, lost nor on offer; below 0 after draws without a turn."""
        return self.turns - self.used - self.out_of_turn - self.lost - self.on_offer

    @property
    def unused(self) -> int:
        """Turns that the right has given and nobody has used: lost ones too."""
        return max(0, self.turns - self.used - self.out_of_turn)

    def lean(self, *names: str) -> None:
        """Answers from here on lean on these parameters, where nothing settles them."""
        for name in names:
            if name not in self.leans:
                self.leans = (*self.leans, name)

    def give_up(self) -> None:
        """A turn that was on offer was passed: lost, or left standing; ``carried`` lets at most so many turns stand over."""
        passing = self.terms.params["passing"]
        if passing.value == "used":
            self.lost += 1
        elif passing.at_most is not None and self.left > passing.at_most:
            self.lost += self.left - passing.at_most
        if not passing.settled:
            self.lean("passing")

    def into_next_year(self) -> int:
        """Turns of a quota that stand over into the next year: only where passing is ``carried``."""
        passing = self.terms.params["passing"]
        return 0 if passing.at_most is None else max(0, min(self.left, passing.at_most))

    def let_unoffered(self) -> None:
        """A turn was let without being offered."""
        param = self.terms.params["not_offered"]
        self.not_offered += 1
        if param.value == "lost":
            self.lost += 1
        if not param.settled:
            self.lean("not_offered")
