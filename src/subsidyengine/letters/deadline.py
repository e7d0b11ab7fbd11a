"""The last day to appeal: whole weeks from the day of receipt, which is not counted itself (retssikkerhedsloven § 67).

Law counts dates. Whether a last day on which the office is closed moves to the next weekday is not established in the
shipped law, nor is whether Saturday is a weekday; an overlay says so in the route's ``when_closed`` and in the setting
``saturday_is_weekday``. Both are asked for only where they make a difference.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from ..formula import danish_holidays
from ..rulebook import Appeal, Rulebook
from ..words import Message, say
from .refusals import Refusal


class DeadlineUnknown(ValueError):
    """The last day turns on what law has not settled; ``refusal`` says what to settle."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


def last_day(route: Appeal, received: date, rulebook: Rulebook, closed: Collection[str] = ()) -> date:
    """The last day to appeal a decision that was received on ``received``; ``closed`` are days of the year (``12-24``).

    Raises DeadlineUnknown when the day falls where the office is closed and the route does not say what follows; ValueError for
    a route without a time limit.
    """
    if route.weeks is None:
        raise ValueError(f"the appeal route {route.key} has no time limit")
    last = counted = received + timedelta(weeks=route.weeks)
    while _closed(last, counted, route, rulebook, closed):
        last += timedelta(days=1)
    return last


def _closed(day: date, counted: date, route: Appeal, rulebook: Rulebook, closed: Collection[str]) -> bool:
    """Does the last day move on from ``day``?"""
    saturday = day.weekday() == 5
    shut = day.weekday() == 6 or day in danish_holidays() or day.strftime("%m-%d") in closed
    if not shut and not saturday:
        return False
    if route.when_closed is None:
        message = say(
            "{weeks} weeks end on {day}, and whether the last day then moves is not established", weeks=route.weeks, day=_named(day)
        )
        todo = say("Say so in the route {route} in an overlay: deadline.when_closed is next-weekday or same-day", route=route.key)
        raise DeadlineUnknown(Refusal("deadline_unknown", message, todo))
    if route.when_closed == "same-day":
        return False
    setting = rulebook.settings.get("saturday_is_weekday")
    if saturday and not shut and (setting is None or not setting.settled):
        message = say(
            "the last day, counted to {counted}, turns on {day}, and whether Saturday is a weekday is not established",
            counted=counted, day=_named(day),
        )  # fmt: skip
        raise DeadlineUnknown(Refusal("deadline_unknown", message, say("Settle the setting saturday_is_weekday in an overlay")))
    return shut or (setting is not None and not setting.value)


def _named(day: date) -> Message:
    """A day on which nobody may be at the office."""
    if day.weekday() == 5:
        return say("Saturday {day}", day=day)
    return say("Sunday {day}", day=day) if day.weekday() == 6 else say("{day} (the office is closed)", day=day)
