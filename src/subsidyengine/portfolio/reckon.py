"""One refund, or one part of what is owed to landlords, under any number of scenarios: each to the øre what it would come to alone.

What bears on the right is told apart from what bears on the amount. All rights are read as one plan, each case under each of them; all
amounts are another (:mod:`.amounts`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from ..rulebook import Rulebook
from .amounts import Amounts, Variant, rate_columns, variant_of
from .cells import quoted, text
from .exits import Survival, stated_day
from .halves import NotInHalves, fixed_rates, halves, part_of, rates_of, turning_rates
from .layout import ALWAYS, CASE, KNOWN, ON, Layout, begins
from .liability import DUE
from .months import Horizon, PartMonths
from .plan import events_of, facts_of, plan
from .reckoned import KEPT, Months, Reckoned, place_months
from .run import Progress, execute, sql_of
from .scenario import Scenario
from .source import CASES, ROW
from .stretches import days_of, rows_of

MOVED_OUT, START = "lease.moved_out", "lease.start"
#: Cases under so many rights that are read in one go.
AT_ONCE = 300_000
#: What a move-out does: it ends what is paid, what is paid begins with it, or nothing.
Exit = Literal["ends", "begins", "nothing"]
#: A right and an amount, by their numbers.
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """What every reckoning of a run shares."""

    con: Any
    backend: Any
    rulebook: Rulebook
    layout: Layout
    horizon: Horizon
    part_months: PartMonths
    curves: Mapping[Any, Survival]
    progress: Progress


def reckon(run: Run, scheme: str, part: str, scenarios: Sequence[Scenario]) -> list[Reckoned]:
    """Reckon a scheme, or a part of one, under every scenario. Raises NotInHalves for what does not come in halves."""
    whole = part_of(run.rulebook, scheme, part) if part else run.rulebook
    exit_ = exit_of(whole, scheme)
    right, amount = halves(whole, scheme, (DUE,))
    if growing := facts_of(right, scheme) & {fact for s in scenarios for fact in (*s.growth, *s.facts)}:
        raise NotInHalves(f"{scheme}: who has the right depends on {', '.join(sorted(growing))}, which a scenario lets grow")
    changed = {name for s in scenarios for name in s.rates}
    fixed = fixed_rates(right, scheme, changed) | fixed_rates(amount, scheme, changed)
    deciding = (rates_of(right, scheme) | turning_rates(whole, scheme)) - fixed
    paying, grown = rates_of(amount, scheme) - fixed, facts_of(amount, scheme)
    groups: dict[Variant, dict[tuple[Variant, Variant], dict[Any, list[int]]]] = {}
    for number, scenario in enumerate(scenarios):
        pair = variant_of(scenario, set(), deciding), variant_of(scenario, grown, paying)
        of_exits = groups.setdefault(variant_of(scenario, set(), fixed), {}).setdefault(pair, {})
        of_exits.setdefault(scenario.exits if exit_ != "nothing" else None, []).append(number)
    found: dict[int, Reckoned] = {}
    for key, pairs in groups.items():
        for made, numbers in _Group(run, Scenario("", rates=dict(key.rates)).rulebook(whole), scheme, part, exit_, pairs).reckon():
            found |= dict.fromkeys(numbers, made)
            run.progress("scenarios", len(found) / len(scenarios))
    return [found[n] for n in range(len(scenarios))]


def exit_of(rulebook: Rulebook, scheme: str) -> Exit:
    """What a move-out does to a scheme of one clause, as its rules read it."""
    (clause,) = rulebook.schemes[scheme].clauses
    if any(MOVED_OUT in row.start.facts for row in (clause.period.rows if clause.period else ()) if row.start):
        return "begins"
    return "ends" if MOVED_OUT in facts_of(rulebook, scheme) else "nothing"


class _Group:
    """Scenarios that share the rates which no plan can vary: their rights as one plan, their amounts as another."""

    def __init__(
        self, run: Run, book: Rulebook, scheme: str, part: str, exit_: Exit,
        pairs: Mapping[tuple[Variant, Variant], Mapping[Any, list[int]]],
    ) -> None:  # fmt: skip
        self.run, self.book, self.scheme = run, book, scheme
        rights, variants = (list(dict.fromkeys(pair[i] for pair in pairs)) for i in (0, 1))
        places = {r: i for i, r in enumerate(rights)}, {v: i for i, v in enumerate(variants)}
        #: The scenarios of each right and amount, by their exits.
        self.asked: dict[Pair, Mapping[Any, list[int]]] = {(places[0][r], places[1][v]): exits for (r, v), exits in pairs.items()}
        self.count, self.yearly = len(rights), any(v.growth for v in variants)
        self.gone = exit_ == "begins" and any(e is not None for exits in pairs.values() for e in exits)
        self.right, amount = halves(book, scheme, (DUE,))
        (self.clause,) = book.schemes[scheme].clauses
        source, self.layout = _left_before(run) if self.gone else (CASES, run.layout)
        self._sql, self.facts = self._plan(source, rights, amount)
        self.amounts = None
        if self.clause.amount:
            first, last = run.horizon.first, run.horizon.last
            self.amounts = Amounts(run.con, run.backend, amount, scheme, self.layout, variants, first, last, strict=bool(part))

    def reckon(self) -> Iterator[tuple[Reckoned, list[int]]]:
        """Each reckoning, with the numbers of the scenarios that it is."""
        run = self.run
        ((cases,),) = run.con.execute("SELECT count(*) FROM forecast_cases").fetchall()  # those of the first right
        size = max(1, AT_ONCE // max(1, cases))
        for low in range(0, self.count, size):
            rights = range(low, min(low + size, self.count))
            self._keep(rights)
            months = {
                right: Months(run.con, run.horizon, run.part_months, right, self.clause.amount is not None, self.gone) for right in rights
            }

            def reckoned(one: tuple[Pair, Any, Any], months: Mapping[int, Months] = months) -> dict[Any, Reckoned]:
                pair, *columns = one
                return months[pair[0]].reckon(run.curves, list(self.asked[pair]), *columns)

            # NumPy lets other threads work meanwhile; each variant is reckoned by itself.
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                for some in self._amounts(months):
                    for (pair, *_), made in zip(some, pool.map(reckoned, some), strict=True):
                        yield from ((item, self.asked[pair][exits]) for exits, item in made.items())

    def _amounts(self, months: Mapping[int, Months]) -> Iterator[list[tuple[Pair, Any, Any]]]:
        """Øre of each stretch, and which count, for the amounts of these rights."""
        import numpy as np

        pairs = sorted(pair for pair in self.asked if pair[0] in months)
        if self.amounts is None:
            yield [(pair, np.zeros(months[pair[0]].count, np.int64), None) for pair in pairs]
            return
        self.amounts.load()
        yield from self.amounts.chunks(pairs, {right: those.count for right, those in months.items()})

    def _plan(self, source: str, rights: Sequence[Variant], amount: Rulebook) -> tuple[str, list[str]]:
        """The plan of all rights, as SQL that reads those of the table ``scenario_read``; and the facts to keep for the amounts."""
        import pyarrow as pa

        run, con, first, last = self.run, self.run.con, self.run.horizon.first, self.run.horizon.last
        columns, varied = rate_columns(self.book, rights)
        con.register("scenario_rights_arrow", pa.table({"right": pa.array(range(len(rights)), pa.int64()), **columns}))
        con.execute("CREATE OR REPLACE TABLE scenario_rights AS SELECT * FROM scenario_rights_arrow")
        self._choose(range(1))
        con.execute(
            f"CREATE OR REPLACE VIEW scenario_cases AS SELECT c.*, r.* EXCLUDE (low, high) FROM {source} c, "
            '(SELECT * FROM scenario_rights, scenario_read WHERE "right" >= low AND "right" < high) r'
        )
        rows_of(con, run.backend, self.book, self.scheme, self.layout, first, last, self.yearly, "scenario_cases", varied)
        held = self.layout.only(facts_of(self.book, self.scheme))
        self.outs = self.layout.columns_of(MOVED_OUT)
        rates = [c for v in varied.values() for c in v.columns.values()]
        begun = self.layout.only({START}).schema()
        kept = dict.fromkeys([*held.schema(), ROW, "until", "right", *rates, *begun, *self.outs, *(["supposed"] if self.gone else [])])
        self._listed = ", ".join(map(quoted, kept))
        self._rows()
        table = run.backend.table("scenario_rows")
        answers = plan(self.right, self.scheme, held, table, False, (ROW, "until", "right", *rates), None, (DUE,), varied)
        facts = [c for c in self.layout.only(facts_of(amount, self.scheme)).schema() if c not in (CASE, ON, KNOWN)]
        return sql_of(run.backend, answers), facts

    def _choose(self, rights: range) -> None:
        self.run.con.execute(
            f"CREATE OR REPLACE TABLE scenario_read AS SELECT {rights.start}::BIGINT AS low, {rights.stop}::BIGINT AS high"
        )

    def _rows(self) -> None:
        statement = f"CREATE OR REPLACE TABLE scenario_rows AS SELECT {self._listed} FROM forecast_rows"
        execute(self.run.con, statement, "scenarios", self.run.progress)

    def _keep(self, rights: range) -> None:
        """Make the table ``KEPT``: the stretches on which there may be a right, numbered for each right, with their facts and days."""
        self._choose(rights)
        self._rows()
        name = "outcome" if self.clause.kind == "scheme" else quoted(f"{self.clause.name}.outcome")
        due = range(len(events_of(self.right, self.scheme, (DUE,))))
        facts = "".join(f"r.{quoted(c)}, " for c in self.facts)
        began = stated_day(self.layout, START, '"on"')
        # Whose move-out is told leaves on that day: chance has nothing to say about it.
        settled = "NOT r.supposed" if self.gone else " OR ".join(f"r.{quoted(c)} IS NOT NULL" for c in self.outs) or "false"
        self.run.con.execute(
            f"CREATE OR REPLACE TABLE {KEPT} AS WITH d AS ("
            f'SELECT {ROW}, "on", "right", {name} AS outcome, {days_of(self.right.schemes[self.scheme].clauses[0], due)} '
            f"FROM ({self._sql}) WHERE {name} <> 'refused') "
            f'SELECT "right", row_number() OVER (PARTITION BY "right" ORDER BY {ROW}, "on") - 1 AS stretch, '
            f'dense_rank() OVER (PARTITION BY "right" ORDER BY {ROW}) - 1 AS of_case, '
            f'r."case", "on", r.known, {facts}{began} AS began, {settled} AS settled, a, b, ends, '
            "ends IS NULL AS endless, outcome = 'granted' AS granted "
            f'FROM d JOIN scenario_rows r USING ({ROW}, "on", "right") WHERE a <= b'
        )
        place_months(self.run.con, self.run.horizon, self.run.part_months)


def _left_before(run: Run) -> tuple[str, Layout]:
    """The cases as if every tenant whose move-out is not told had left on the day before the first month (``supposed``), as a view.

    What a move-out brings does not depend on its day but by beginning with it, so that one day stands for all.
    """
    columns, day = run.layout.columns_of(MOVED_OUT), f"DATE '{run.horizon.first - timedelta(days=1)}'"
    if not columns:
        run.con.execute(f"CREATE OR REPLACE VIEW scenario_left AS SELECT *, {day} AS {quoted(MOVED_OUT)}, true AS supposed FROM {CASES}")
        return "scenario_left", replace(run.layout, plain=run.layout.plain | {MOVED_OUT})
    untold = " AND ".join(f"{quoted(c)} IS NULL" for c in columns)
    told = {columns[0]: day}
    if MOVED_OUT in run.layout.dated:
        told[begins(MOVED_OUT, 0)] = f"DATE {text(ALWAYS.isoformat())}"
    replaced = ", ".join(f"CASE WHEN {untold} THEN {said} ELSE {quoted(c)} END AS {quoted(c)}" for c, said in told.items())
    run.con.execute(f"CREATE OR REPLACE VIEW scenario_left AS SELECT * REPLACE ({replaced}), {untold} AS supposed FROM {CASES}")
    return "scenario_left", run.layout
