"""Scenarios beside a forecast: few or thousands of them in one run, each to the øre what it would come to alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..rulebook import Rulebook
from ..words import say
from .chance import Band
from .exits import Survival, constant, from_history
from .layout import Layout
from .liability import LIABILITY
from .months import Horizon, PartMonths
from .reckon import Run, reckon
from .reckoned import Costs, Reckoned
from .run import Progress
from .scenario import Scenario, ScenarioError
from .touch import touching


@dataclass(frozen=True, slots=True)
class Compared(Costs):
    """A scenario reckoned: øre and running refunds month by month; with exits the bands around their means.

    ``cost``: what each year costs in kroner when nobody moves out early. ``bands``: each year's band. ``drawn``: was the band drawn,
    or reckoned from exact moments? ``survival``: the curve that it rests on. ``owed``: each part of what is owed to landlords, by name.
    """

    scenario: Scenario
    rulebook: str
    months: tuple[date, ...]
    ore: tuple[int, ...]
    active: tuple[int, ...]
    cost: Mapping[int, Decimal]
    bands: Mapping[int | None, Band]
    by_month: tuple[Band, ...] = ()
    running: tuple[Band, ...] = ()
    survival: Survival | None = None
    drawn: bool = False
    owed: Mapping[str, Reckoned] = field(default_factory=dict)


def compare(
    con: Any, backend: Any, rulebook: Rulebook, scheme: str, layout: Layout, horizon: Horizon, part_months: PartMonths,
    scenarios: Sequence[Scenario], progress: Progress,
) -> tuple[Compared, ...]:  # fmt: skip
    """Reckon every scenario, in the order given, with what is owed to landlords where the facts give it.

    Raises NotInHalves for a scheme that does not come in halves.
    """
    if not scenarios:
        return ()
    curves = _curves(con, layout, horizon, scenarios)
    run = Run(con, backend, rulebook, layout, horizon, part_months, curves, progress)
    refunds = reckon(run, scheme, "", scenarios)
    owed: dict[str, list[Reckoned]] = {}
    if LIABILITY in rulebook.schemes and touching(rulebook, LIABILITY, layout):
        for clause in rulebook.schemes[LIABILITY].clauses:
            owed[clause.name] = reckon(run, LIABILITY, clause.name, scenarios)
    days = tuple(horizon.month(i) for i in range(horizon.months))
    return tuple(
        Compared(
            scenario, scenario.rulebook(rulebook).hash, days, refund.ore, refund.active, refund.cost, refund.bands, refund.by_month,
            refund.running, None if scenario.exits is None else curves[scenario.exits], refund.drawn,
            {part: made[number] for part, made in owed.items()},
        )
        for number, (scenario, refund) in enumerate(zip(scenarios, refunds, strict=True))
    )  # fmt: skip


def _curves(con: Any, layout: Layout, horizon: Horizon, scenarios: Sequence[Scenario]) -> Mapping[Any, Survival]:
    """How long tenancies last, for each way of leaving that a scenario names."""
    curves: dict[Fraction | str, Survival] = {}
    for scenario in scenarios:
        if scenario.exits is None or scenario.exits in curves:
            continue
        of_history = isinstance(scenario.exits, str)
        curve = from_history(con, layout, horizon) if of_history else constant(scenario.exits, 1)  # type: ignore[arg-type]
        if of_history and not curve.exits:
            reason = say(
                "scenario '{name}': exits: history: no tenant has moved out before {month}, so there is nothing to estimate from: "
                "write a percentage a month",
                name=scenario.name,
                month=f"{horizon.first:%Y-%m}",
            )
            raise ScenarioError(reason)
        curves[scenario.exits] = curve
    return curves
