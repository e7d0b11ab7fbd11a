"""Where an answer can change with the day asked for: found once in the formulas of a scheme, used by the timeline.

A sub-expression that *follows* the day (``on`` itself, or the earlier of it and another day) turns on days that stand in the case or
in the law. Of any other one its *pace* is known: by how much it changes, at least and at most, from one day to the next while facts
and law stay the same and nothing else turns. Where two sides of a comparison only ever draw apart or near each other, the day on
which it turns can be found by halving; where they may do both, it cannot turn before the fastest pace has closed the gap; and where
no pace is known, every day is a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from ..formula import Formula, Node

#: Least and greatest change of a value from one day to the next: days of a date, units of a number.
Pace = tuple[float, float]
STILL: Pace = (0, 0)
ANYHOW: Pace = (-inf, inf)

#: What of a sub-expression turns: the sign of the first operand less each other one, the row found, the month, the value itself, or
#: whether it is known.
Turn = Literal["sign", "row", "month", "value", "known"]

#: What picks one of its days or tells them apart: it changes where they meet, and nowhere else.
_CHOOSE = ("compare", "in", "if", "min", "max", "known_or", "is_known")
_MONTHLY = ("year_of", "first_of_month", "last_of_month", "days_in_month", "first_weekday_of_month")
_STEPPED = ("age_on", "first_on_or_after", "last_on_or_before")
#: From 28 February to 1 March is a day, and a month later it is four: no step by months or years is longer.
_LONGEST_STEP = 4
_WEEKDAYS = ("add_weekdays", "weekday_on_or_before", "weekday_on_or_after", "add_days_outside")

#: ``on <= day`` turns the day after ``day``, ``on < day`` on the day itself, ``on == day`` on both.
_TURNS = {"<=": (1,), ">": (1,), "<": (0,), ">=": (0,), "==": (0, 1), "!=": (0, 1)}
_MIRRORED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


def _turns(node: Node) -> tuple[int, ...]:
    """How many days after the other day a comparison with the day asked for turns; both where it is not that day itself."""
    if node.op != "compare":
        return (0, 1)
    left, right = node.args
    if left.op == "on":
        return _TURNS[node.name]
    return _TURNS[_MIRRORED.get(node.name, node.name)] if right.op == "on" else (0, 1)


def _one_way(pace: Pace) -> bool:
    return pace[0] >= 0 or pace[1] <= 0


def _jumping(pace: Pace, at_most: float) -> Pace:
    """The pace of a day that goes the same way, in steps of nothing to ``at_most`` days for each of its own."""
    if pace == STILL:
        return STILL
    return (0, at_most * pace[1]) if pace[0] >= 0 else (at_most * pace[0], 0) if pace[1] <= 0 else ANYHOW


def _less(left: Pace, right: Pace) -> Pace:
    return left[0] - right[1], left[1] - right[0]


def _any_of(paces: Iterable[Pace]) -> Pace:
    least, greatest = zip(*paces, strict=True)
    return min(least), max(greatest)


@dataclass
class Moving:
    """What moves in the formulas of one scheme. ``note`` each formula after those that it reads."""

    #: Facts that another scheme may give: on another day than the one asked for it turns on days of its own.
    derived: frozenset[str] = frozenset()
    #: Days that one which follows the day asked for is compared with, each with how many days after it that turns.
    compared: list[tuple[Node, tuple[int, ...]]] = field(default_factory=list)
    #: Births that an age is reckoned from, and what changes with the month of the day asked for.
    births: list[Node] = field(default_factory=list)
    monthly: list[Node] = field(default_factory=list)
    #: What turns one way only, so that the day can be found by halving; comparisons that may turn both ways, each with the most that
    #: the gap between its sides changes in a day; and what may change every day.
    turning: list[tuple[Turn, Node]] = field(default_factory=list)
    leaping: list[tuple[Node, int]] = field(default_factory=list)
    daily: list[Node] = field(default_factory=list)
    _paces: dict[str, Pace] = field(default_factory=dict)
    _following: set[str] = field(default_factory=set)

    def name(self, name: str, roots: list[Node]) -> None:
        """``name`` (of a value, or ``period.from``) stands for one of these, as facts and law have it."""
        if any(self.pace(root) != STILL for root in roots):
            self._paces[name] = _any_of(map(self.pace, roots))
            if all(self.pace(root) == STILL or self.follows(root) for root in roots):
                self._following.add(name)

    def note_amount(self, root: Node) -> None:
        """An amount that moves is another one every day."""
        if self.pace(root) != STILL:
            self.daily.append(root)

    def note_known(self, node: Node) -> None:
        """Of some moving days it only counts whether they are in the calendar at all."""
        if not self.follows(node) and self.pace(node) != STILL:
            self._turn("known", node, node, one_way=_one_way(self.pace(node)))

    def note(self, formula: Formula) -> None:
        """Note every place where something that moves is turned into something that does not."""
        for node in formula.root.walk():
            moving = [a for a in node.args if self.pace(a) != STILL]
            if moving:
                name = node.name if node.op == "call" else node.op
                if all(self.follows(a) for a in moving):
                    self._note_following(node, name, moving)
                else:
                    self._note_moving(node, name, moving)

    def _note_following(self, node: Node, name: str, moving: list[Node]) -> None:
        if name in _CHOOSE:
            self.compared += [(a, _turns(node)) for a in node.args if a.type.kind == "date" and a not in moving]
        elif name == "age_on" and node.args[0] not in moving:
            self.births.append(node.args[0])
        elif name in _MONTHLY:
            self.monthly.append(node)
        elif name in _STEPPED:
            self._turn("value", node, node, one_way=len(moving) == 1)

    def _note_moving(self, node: Node, name: str, moving: list[Node]) -> None:
        first, *others = node.args
        one_way = len(moving) == 1 and _one_way(self.pace(moving[0]))
        if name in ("compare", "in"):
            self._compare(node, [_less(self.pace(first), self.pace(other)) for other in others])
        elif name == "at":
            self._turn("row", node, node, one_way=one_way and first.name not in self.derived)
        elif name in _MONTHLY:
            self._turn("month", first, node, one_way=one_way)
        elif name in _STEPPED:
            self._turn("value", node, node, one_way=one_way)
        elif name in ("is_known", "known_or"):
            self.note_known(first)

    def _compare(self, node: Node, gaps: list[Pace]) -> None:
        speed = max(abs(bound) for gap in gaps for bound in gap)
        if all(map(_one_way, gaps)):
            self.turning.append(("sign", node))
        elif speed < inf:
            self.leaping.append((node, int(speed)))
        else:
            self.daily.append(node)

    def _turn(self, turn: Turn, node: Node, read: Node, one_way: bool) -> None:
        if one_way:
            self.turning.append((turn, node))
        else:
            self.daily.append(read)

    def follows(self, node: Node) -> bool:
        """Is a node that moves the day asked for, or one of that and days that stand still?"""
        if node.op in ("on", "value", "period"):
            return node.op == "on" or _name(node) in self._following
        choice = node.op == "if" or (node.op == "call" and node.name in ("min", "max", "known_or"))
        return choice and node.type.kind == "date" and all(self.pace(a) == STILL or self.follows(a) for a in node.args)

    def pace(self, node: Node) -> Pace:
        """By how much the node changes, at least and at most, when the day asked for becomes the next, and nothing turns."""
        match node.op:
            case "on":
                return (1, 1)
            case "value" | "period":
                return self._paces.get(_name(node), STILL)
            case "at":
                return STILL
            case "neg":
                return _less(STILL, self.pace(node.args[0]))
            case "if":
                return _any_of(map(self.pace, node.args[1:]))
            case "add" | "sub":
                return self._sum(node)
        paces = [self.pace(a) for a in node.args]
        if node.type.kind == "bool" or all(p == STILL for p in paces):
            return STILL
        if node.op == "call":
            if node.name in ("min", "max", "known_or"):
                return _any_of(paces)
            if node.name in ("days", "number_of"):
                return paces[0]
            if node.name in _WEEKDAYS and all(p == STILL for p in paces[1:]):
                return _jumping(paces[0], inf)
            if node.name in (*_MONTHLY, *_STEPPED):
                return STILL
        return ANYHOW

    def _sum(self, node: Node) -> Pace:
        left, right = (self.pace(a) for a in node.args)
        other = node.args[1]
        if other.type.kind == "span" and (other.op, other.name) != ("call", "days") and left != STILL:
            return _jumping(left, _LONGEST_STEP) if right == STILL else ANYHOW
        return _less(left, right) if node.op == "sub" else _less(left, _less(STILL, right))


def _name(node: Node) -> str:
    return f"period.{node.name}" if node.op == "period" else f"value.{node.name}"
