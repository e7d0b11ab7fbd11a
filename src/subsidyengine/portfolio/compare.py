"""Scenarios beside a forecast: few or thousands of them in one run, each to the øre what it would come to alone.

Scenarios that share the rates which the right depends on share its reading; their amounts are one plan (:mod:`.amounts`). The months
are added up in whole øre.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from ..rulebook import Rulebook
from ..words import say
from .amounts import KEPT, Amounts, rates_that_vary, variant_of
from .cells import quoted
from .chance import FEW, Band, Chance
from .exits import Survival, constant, from_history
from .halves import NotInHalves, halves
from .layout import CASE, KNOWN, ON, Layout
from .months import FILLS_FROM, FILLS_TO, PARTS, Horizon, PartMonths, placed
from .plan import facts_of, plan
from .run import Progress, execute, sql_of
from .scenario import Scenario, ScenarioError
from .source import ROW
from .stretches import DAYS, rows_of
from .tally import blocks


@dataclass(frozen=True, slots=True)
class Compared:
    """A scenario reckoned: øre and running refunds month by month; with exits the bands around their means.

    ``cost``: what each year costs in kroner when nobody moves out early. ``bands``: each year's band. ``drawn``: was the band drawn,
    or reckoned from exact moments? ``survival``: the curve that it rests on.
    """

    scenario: Scenario
    rulebook: str
    months: tuple[date, ...]
    ore: tuple[int, ...]
    active: tuple[int, ...]
    cost: Mapping[int, Decimal]
    bands: Mapping[int, Band]
    by_month: tuple[Band, ...] = ()
    running: tuple[Band, ...] = ()
    survival: Survival | None = None
    drawn: bool = False

    def expected(self, year: int) -> Decimal:
        """The year's cost; with exits its mean."""
        return self.bands[year].mean if year in self.bands else self.cost[year]

    @property
    def total(self) -> Decimal:
        """The cost of the whole period; with exits its mean."""
        return sum((self.expected(year) for year in self.cost), Decimal(0))


def compare(
    con: Any, backend: Any, rulebook: Rulebook, scheme: str, layout: Layout, horizon: Horizon, part_months: PartMonths,
    scenarios: Sequence[Scenario], progress: Progress,
) -> tuple[Compared, ...]:  # fmt: skip
    """Reckon every scenario, in the order given. Raises NotInHalves for a scheme that does not come in halves."""
    if not scenarios:
        return ()
    found: dict[int, Compared] = {}
    right, amount = halves(rulebook, scheme)
    vary = rates_that_vary(rulebook, right, amount, scheme)
    if growing := facts_of(right, scheme) & {fact for s in scenarios for fact in s.growth}:
        raise NotInHalves(f"{scheme}: who has the right depends on {', '.join(sorted(growing))}, which a scenario lets grow")
    curves: dict[Fraction | str, Survival] = {}
    for scenario in scenarios:
        if scenario.exits is not None and scenario.exits not in curves:
            of_history = isinstance(scenario.exits, str)
            curve = from_history(con, list(layout.schema()), horizon) if of_history else constant(scenario.exits, 1)  # type: ignore[arg-type]
            if of_history and not curve.exits:
                reason = say(
                    "scenario '{name}': exits: history: no tenant has moved out before {month}, so there is nothing to estimate from: "
                    "write a percentage a month",
                    name=scenario.name,
                    month=f"{horizon.first:%Y-%m}",
                )
                raise ScenarioError(reason)
            curves[scenario.exits] = curve
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, scenario in enumerate(scenarios):
        key = tuple(sorted((n, change) for n, change in scenario.rates.items() if n not in vary))
        groups.setdefault(key, []).append(number)
    yearly = any(s.growth for s in scenarios)
    for key, numbers in groups.items():
        book = Scenario("", rates=dict(key)).rulebook(rulebook)
        right, amount = halves(book, scheme)
        _keep(con, backend, book, right, amount, scheme, layout, horizon, yearly, progress)
        months = _Months(con, horizon, part_months)
        variants = list(dict.fromkeys(variant_of(scenarios[n], vary) for n in numbers))
        amounts = Amounts(con, backend, amount, scheme, layout, variants, horizon.first, horizon.last)
        of_variant: dict[Any, list[int]] = {}
        for n in numbers:
            of_variant.setdefault(variant_of(scenarios[n], vary), []).append(n)
        # NumPy lets other threads work meanwhile; each variant is reckoned by itself.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for some, *columns in amounts.chunks():
                those = [of_variant[variants[v]] for v in some]
                made = pool.map(partial(months.reckon, rulebook, curves), [[scenarios[n] for n in ns] for ns in those], *columns)
                for ns, items in zip(those, made, strict=True):
                    found |= dict(zip(ns, items, strict=True))
                progress("scenarios", len(found) / len(scenarios))
    return tuple(found[n] for n in range(len(scenarios)))


def _keep(
    con: Any, backend: Any, book: Rulebook, right: Rulebook, amount: Rulebook, scheme: str, layout: Layout, horizon: Horizon,
    yearly: bool, progress: Progress,
) -> None:  # fmt: skip
    """Make the table ``KEPT``: the stretches on which there may be a right, numbered, with their facts and days."""
    held = layout.only(facts_of(book, scheme))
    rows_of(con, backend, book, scheme, layout, horizon.first, horizon.last, yearly)
    start = "lease.start" if "lease.start" in layout.plain else None
    outs = layout.columns_of("lease.moved_out")
    listed = ", ".join(quoted(c) for c in dict.fromkeys([*held.schema(), ROW, "until", *([start] if start else []), *outs]))
    execute(con, f"CREATE OR REPLACE TABLE scenario_rows AS SELECT {listed} FROM forecast_rows", "scenarios", progress)
    answers = plan(right, scheme, held, backend.table("scenario_rows"), open_facts=False, keep=(ROW, "until"))
    facts = ", ".join(f"r.{quoted(c)}" for c in layout.only(facts_of(amount, scheme)).schema() if c not in (CASE, ON, KNOWN))
    began = f"r.{quoted(start)}" if start else "CAST(NULL AS DATE)"
    # Whose move-out is told leaves on that day: chance has nothing to say about it.
    settled = " OR ".join(f"r.{quoted(c)} IS NOT NULL" for c in outs) or "false"
    con.execute(
        f"CREATE OR REPLACE TABLE {KEPT} AS WITH d AS ("
        f"SELECT {ROW}, \"on\", outcome, {DAYS} FROM ({sql_of(backend, answers)}) WHERE outcome <> 'refused') "
        f'SELECT row_number() OVER (ORDER BY d.{ROW}, d."on") - 1 AS stretch, dense_rank() OVER (ORDER BY d.{ROW}) - 1 AS of_case, '
        f'r."case", r."on", r.known, {facts}{", " if facts else ""}{began} AS began, {settled} AS settled, a, b, '
        f"d.outcome = 'granted' AS granted "
        f'FROM d JOIN scenario_rows r ON d.{ROW} = r.{ROW} AND d."on" = r."on" WHERE a <= b ORDER BY stretch'
    )


class _Months:
    """The months of the stretches in ``KEPT``: made ready once, then added up for every scenario."""

    def __init__(self, con: Any, horizon: Horizon, part_months: PartMonths) -> None:
        self.horizon = horizon
        self.days = tuple(horizon.month(i) for i in range(horizon.months))
        years = sorted({d.year for d in self.days})
        self.years = {y: slice(*_ends([d.year == y for d in self.days])) for y in years}
        last = "ib" if part_months == "first-day" else FILLS_TO
        con.execute(
            "CREATE OR REPLACE TABLE scenario_months AS "
            f"WITH s AS (SELECT stretch, of_case, began, settled, granted, a, b, {placed(horizon)} FROM {KEPT}) "
            f"SELECT *, {FILLS_FROM} AS w1, {last} + 1 AS w2 FROM s ORDER BY stretch"
        )
        parts = " UNION ALL ".join(
            f"SELECT stretch, of_case, {month} AS month, {days} AS days, day(last_day({day})) AS length FROM scenario_months WHERE {where}"
            for month, where, days, day in (PARTS if part_months == "days" else ())
        )
        tenure = f"greatest(0, datediff('month', min(began), DATE '{horizon.first}'))"
        begins = f"greatest(0, datediff('month', DATE '{horizon.first}', min(began)))"
        stretches = con.execute("SELECT * FROM scenario_months ORDER BY stretch").fetchnumpy()
        pieces = con.execute(f"SELECT * FROM ({parts}) ORDER BY stretch").fetchnumpy() if parts else None
        cases = con.execute(
            f"SELECT {tenure} AS tenure, {begins} AS first, bool_or(settled) AS settled "
            "FROM scenario_months GROUP BY of_case ORDER BY of_case"
        ).fetchnumpy()
        self.granted = stretches["granted"]
        self.few = len(cases["tenure"]) < FEW
        self.blocks = list(blocks(stretches, pieces, cases, horizon.months))

    def reckon(
        self, rulebook: Rulebook, curves: Mapping[Any, Survival], scenarios: Sequence[Scenario], ore: Any, known: Any, granted: Any
    ) -> list[Compared]:
        """The scenarios whose amounts these are; they differ in their exits at most."""
        import numpy as np

        total, active = np.zeros(self.horizon.months, np.int64), np.zeros(self.horizon.months, np.int64)
        chances = {e: Chance(list(self.years.values()), self.few) for e in {s.exits for s in scenarios} if e is not None}
        granted = granted & self.granted
        for block in self.blocks:
            cells, running = block.cells(ore, known, granted)
            total += cells.sum(axis=0)
            active += running.sum(axis=0)
            for exits, chance in chances.items():
                chance.add(cells, running, block.stays(exits, curves[exits]))
        cost = {y: Decimal(int(total[months].sum())).scaleb(-2) for y, months in self.years.items()}
        found = []
        for scenario in scenarios:
            by_month, run, by_year = chances[scenario.exits].bands() if scenario.exits is not None and self.blocks else ([], [], [])
            found.append(Compared(
                scenario, scenario.rulebook(rulebook).hash, self.days, tuple(map(int, total)), tuple(map(int, active)), cost,
                dict(zip(self.years, by_year, strict=False)), tuple(by_month), tuple(run),
                None if scenario.exits is None else curves[scenario.exits], self.few,
            ))  # fmt: skip
        return found


def _ends(flags: Sequence[bool]) -> tuple[int, int]:
    return flags.index(True), len(flags) - list(reversed(flags)).index(True)
