"""Scenarios beside a forecast: few or thousands of them in one run, each to the øre what it would come to alone.

Scenarios that share the rates which the right depends on share its reading; their amounts are one plan (:mod:`.amounts`). The months
are added up in whole øre.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..rulebook import Rulebook
from .amounts import KEPT, Amounts, rates_that_vary, variant_of
from .cells import quoted
from .chance import FEW, Band, Chance, Stays
from .exits import Survival, constant, from_history
from .halves import NotInHalves, halves
from .layout import CASE, KNOWN, ON, Layout
from .months import FILLS_FROM, FILLS_TO, PARTS, Horizon, PartMonths, placed
from .plan import facts_of, plan
from .run import Progress, execute, sql_of
from .scenario import Scenario
from .source import ROW
from .stretches import DAYS, rows_of

#: Cases whose months are held at once.
BLOCK = 5_000


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
            curves[scenario.exits] = from_history(con, list(layout.schema()), horizon) if of_history else constant(scenario.exits, 1)  # type: ignore[arg-type]
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
                made = pool.map(lambda ns, *c: list(months.reckon([scenarios[n] for n in ns], rulebook, curves, *c)), those, *columns)
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
    rows = rows_of(con, backend, book, scheme, layout, horizon.first, horizon.last, yearly)
    start = "lease.start" if "lease.start" in layout.plain else None
    listed = ", ".join(quoted(c) for c in dict.fromkeys([*held.schema(), ROW, "until", *([start] if start else [])]))
    execute(con, f"CREATE OR REPLACE TABLE scenario_rows AS SELECT {listed} FROM forecast_rows", "scenarios", progress)
    answers = plan(right, scheme, held, backend.table("scenario_rows"), open_facts=False, keep=(ROW, "until"))
    facts = ", ".join(f"r.{quoted(c)}" for c in layout.only(facts_of(amount, scheme)).schema() if c not in (CASE, ON, KNOWN))
    began = f"r.{quoted(start)}" if start else "CAST(NULL AS DATE)"
    con.execute(
        f"CREATE OR REPLACE TABLE {KEPT} AS WITH d AS (SELECT {ROW}, \"on\", outcome, {DAYS} FROM ({sql_of(backend, answers)}) WHERE outcome <> 'refused') "
        f'SELECT row_number() OVER (ORDER BY d.{ROW}, d."on") - 1 AS stretch, dense_rank() OVER (ORDER BY d.{ROW}) - 1 AS of_case, '
        f'r."case", r."on", r.known, {facts}{", " if facts else ""}{began} AS began, a, b, d.outcome = \'granted\' AS granted '
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
            f"CREATE OR REPLACE TABLE scenario_months AS WITH s AS (SELECT stretch, of_case, began, granted, a, b, {placed(horizon)} FROM {KEPT}) "
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
        cases = con.execute(f"SELECT {tenure} AS tenure, {begins} AS first FROM scenario_months GROUP BY of_case ORDER BY of_case").fetchnumpy()
        self.granted = stretches["granted"]
        self.few = len(cases["tenure"]) < FEW
        self.blocks = list(_blocks(stretches, pieces, cases, horizon.months))

    def reckon(
        self, scenarios: Sequence[Scenario], rulebook: Rulebook, curves: Mapping[Any, Survival], ore: Any, known: Any, granted: Any
    ) -> Iterator[Compared]:
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
        for scenario in scenarios:
            by_month, run, by_year = chances[scenario.exits].bands() if scenario.exits is not None and self.blocks else ([], [], [])
            yield Compared(
                scenario, scenario.rulebook(rulebook).hash, self.days, tuple(map(int, total)), tuple(map(int, active)), cost,
                dict(zip(self.years, by_year, strict=False)), tuple(by_month), tuple(run),
                None if scenario.exits is None else curves[scenario.exits], self.few,
            )  # fmt: skip


class _Sums:
    """Adds up whole numbers by their place among ``size`` places."""

    def __init__(self, places: Any, size: int) -> None:
        import numpy as np

        self.order = np.argsort(places, kind="stable")
        self.ends = np.searchsorted(places[self.order], np.arange(size + 1))

    def of(self, values: Any) -> Any:
        """The sum at each place."""
        import numpy as np

        running = np.zeros(len(values) + 1, np.int64)
        np.cumsum(values[self.order], out=running[1:])
        return running[self.ends[1:]] - running[self.ends[:-1]]


class _Block:
    """Some of the cases: which stretches are theirs, and where those begin and cease in the months."""

    def __init__(self, whole: Mapping[str, Any], part: Mapping[str, Any] | None, low: int, high: int, cases: Mapping[str, Any], months: int):
        import numpy as np

        self.shape, size = (high - low, months + 1), (high - low) * (months + 1)
        self.tenure, self.first = cases["tenure"][low:high].astype(int), cases["first"][low:high].astype(int)
        self._stays: dict[Any, Stays] = {}
        here = np.flatnonzero((whole["of_case"] >= low) & (whole["of_case"] < high))
        row = (whole["of_case"][here] - low) * (months + 1)
        filled = whole["w1"][here] < whole["w2"][here]
        self.full, self.all = here[filled], here
        self.begin, self.cease = _Sums((row + whole["w1"][here])[filled], size), _Sums((row + whole["w2"][here])[filled], size)
        self.run, self.stop = _Sums(row + whole["ia"][here], size), _Sums(row + whole["ic"][here], size)
        self.piece = None
        if part is not None:
            here = np.flatnonzero((part["of_case"] >= low) & (part["of_case"] < high))
            place = (part["of_case"][here] - low) * (months + 1) + part["month"][here]
            self.places, which = np.unique(place, return_inverse=True)
            self.lengths = np.zeros(len(self.places), np.int64)
            self.lengths[which] = part["length"][here]
            self.piece, self.piece_days, self.piece_sums = part["stretch"][here], part["days"][here].astype(np.int64), _Sums(which, len(self.places))

    def stays(self, exits: Any, survival: Survival) -> Stays:
        """The cases' chances to stay under a curve, worked out once."""
        if exits not in self._stays:
            self._stays[exits] = Stays(survival, self.tenure, self.first, self.shape[1] - 1)
        return self._stays[exits]

    def cells(self, ore: Any, known: Any, granted: Any) -> tuple[Any, Any]:
        """Øre of each case and month, and whether it runs on the month's last day."""
        import numpy as np

        full = (self.begin.of(ore[self.full]) - self.cease.of(ore[self.full])).reshape(self.shape)
        cells = np.cumsum(full, axis=1)
        if self.piece is not None:
            once = ore[self.piece] * self.piece_days
            # What a case gets for its days of one month is added up before it is rounded, what is granted and what is open apart.
            for kind in (granted[self.piece], ~granted[self.piece]):
                cells.flat[self.places] += (2 * self.piece_sums.of(once * kind) + self.lengths) // (2 * self.lengths)
        runs = known[self.all].astype(np.int64)
        running = np.cumsum((self.run.of(runs) - self.stop.of(runs)).reshape(self.shape), axis=1)
        return cells[:, :-1], running[:, :-1]


def _blocks(whole: Mapping[str, Any], part: Mapping[str, Any] | None, cases: Mapping[str, Any], months: int) -> Iterator[_Block]:
    count = len(cases["tenure"])
    for low in range(0, count, BLOCK):
        yield _Block(whole, part, low, min(low + BLOCK, count), cases, months)


def _ends(flags: Sequence[bool]) -> tuple[int, int]:
    return flags.index(True), len(flags) - list(reversed(flags)).index(True)
