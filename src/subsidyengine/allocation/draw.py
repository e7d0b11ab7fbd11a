"""The answer for one vacancy, as the sequence makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from .account import Account, Key
from .terms import Right, Terms
from .vacancies import Vacancy

#: ``undetermined``: a figure is missing; ``let``: it goes to others than the municipality.
Status = Literal["on_offer", "used", "passed", "silent", "withdrawn", "not_offered", "let", "exempt", "undetermined"]
#: What can happen to a vacancy on a day: a status, or a use without a turn.
Event = Status | Literal["out_of_turn", "used_late"]
#: Owners that are no right of the agreement.
EXEMPT, ELDERLY = "exempt", "elderly"


class Count(NamedTuple):
    """The account as it stood when the vacancy came: with this vacancy counted, before its turn was drawn.

    ``carried``: turns that stood over from before this vacancy.
    """

    right: str
    key: Key
    number: int
    entitlement: Fraction
    turns: int
    used: int
    lost: int
    on_offer: int
    carried: int
    brought: Fraction = Fraction(0)


class Counted(NamedTuple):
    """An account that counted the vacancy, whether the dwelling is inside the limits, and the turns left before it came."""

    account: Account
    fits: bool
    left_before: int


class Step(NamedTuple):
    """What became of the vacancy under one right."""

    right: str
    what: Status
    on: date


@dataclass(slots=True, eq=False)
class Draw:
    """The answer for one vacancy. ``turn``: whose it was when it came; ``owner``: whose it is after what happened."""

    vacancy: Vacancy
    terms: Terms
    turn: str | None = None
    owner: str | None = None
    status: Status = "undetermined"
    exempt: str = ""
    count: Count | None = None
    #: The right it was drawn under when it came, if the municipality's, and its account.
    drawn: Right | None = None
    account: Account | None = None
    answer_due: date | None = None
    again: bool = False
    leans: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    #: Earlier vacancies that lack what decides whether they count: the count leans on them.
    doubts: tuple[str, ...] = ()
    irregular: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    #: By place in the order of draws: what counted it. None: a figure is missing.
    counted: dict[int, Counted | None] = field(default_factory=dict)
