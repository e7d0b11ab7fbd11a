"""What each stretch comes to a month under many scenarios: a table of variants joined to the stretches, one plan for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from ..rulebook import Rulebook
from ..words import say
from .cells import latest, quoted
from .layout import CASE, KNOWN, ON, Layout, begins, limit_of, slot
from .plan import facts_of, plan, stands
from .rates import Varied
from .reckoned import KEPT
from .run import sql_of
from .scenario import GROWN, Scenario, ScenarioError, changed_rate, scaled_growth

RESOLVED = "scenario_facts"
#: Amounts (stretches times variants) worked out in one go.
AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Variant:
    """What of a scenario bears on amounts: growth of facts, changes of rates, and of facts on all days."""

    growth: tuple[tuple[str, Fraction], ...]
    rates: tuple[tuple[str, tuple[str, Fraction]], ...]
    facts: tuple[tuple[str, Fraction], ...] = ()

    def factors(self, fact: str, years: int) -> list[int]:
        """What a fact is multiplied by after 0, 1, 2 ... years, see :func:`scaled_growth`."""
        return scaled_growth(dict(self.growth).get(fact, Fraction(0)), years, dict(self.facts).get(fact, 1))


def variant_of(scenario: Scenario, facts: set[str], rates: set[str]) -> Variant:
    """The scenario's variant, of what reads these facts and these rates."""
    return Variant(
        tuple(sorted((n, share) for n, share in scenario.growth.items() if n in facts)),
        tuple(sorted((n, change) for n, change in scenario.rates.items() if n in rates)),
        tuple(sorted((n, factor) for n, factor in scenario.facts.items() if n in facts)),
    )


def rate_columns(book: Rulebook, variants: Sequence[Variant]) -> tuple[dict[str, Any], dict[str, Varied]]:
    """Columns of the rates that the variants change, a row for each of them, and what those columns hold."""
    import pyarrow as pa

    columns, varied = {}, {}
    for name in sorted({n for v in variants for n, _ in v.rates}):
        # The rows of the rulebook as it is, and of what it was before its overlays, where they are others.
        rows = list(dict.fromkeys(row for stand, _ in stands(book) for row in stand.rates[name].rows))
        values = [[changed_rate(row, dict(v.rates).get(name)) for v in variants] for row in rows]
        told = [v for column in values for v in column if v is not None]
        scale = lcm(*(v.denominator for v in told))
        if any(v * scale >= 2**62 for v in told):
            raise ScenarioError(say("rates.{name}: its values have more digits than a table holds", name=name))
        names = {row: f"rate.{name}.{i}" for i, row in enumerate(rows)}
        for column, numbers in zip(names.values(), values, strict=True):
            columns[column] = pa.array([None if v is None else int(v * scale) for v in numbers], pa.int64())
        varied[name] = Varied(names, max((abs(int(v * scale)) for v in told), default=0), scale)
    return columns, varied


class Amounts:
    """The amounts of the stretches in the table ``KEPT`` under variants. ``load`` it whenever that table holds other stretches.

    ``strict``: an open answer counts only where its amount and its last day are known; otherwise every stretch does.
    """

    def __init__(
        self, con: Any, backend: Any, book: Rulebook, scheme: str, layout: Layout, variants: Sequence[Variant], first: date, last: date,
        strict: bool,
    ) -> None:  # fmt: skip
        self.con, self.backend, self.book, self.scheme, self.variants, self.strict = con, backend, book, scheme, variants, strict
        self.first, self.years = first, last.year - first.year
        self.held = layout.only(facts_of(book, scheme))
        moving = dict.fromkeys(n for v in variants for n, _ in (*v.growth, *v.facts))
        self.growing = [n for n in moving if n in self.held.plain or n in self.held.dated]
        self.varied = self._variants()
        self._sql = ""

    def load(self) -> None:
        """Make ready for what ``KEPT`` now holds."""
        self._resolve(self.held, self.growing)
        grown = [f"{_grown(n, self.first, self._most(n))} AS {quoted(n)}" for n in self.growing]
        replaced = f" REPLACE ({', '.join(grown)})" if grown else ""
        self.con.execute("CREATE OR REPLACE TABLE scenario_chunk (pair BIGINT, of_right BIGINT, of_variant BIGINT)")
        self.con.execute(
            f"CREATE OR REPLACE VIEW scenario_grid AS SELECT * EXCLUDE (pair, of_right, of_variant, variant){replaced}, pair "
            f'FROM {RESOLVED} JOIN scenario_chunk ON "right" = of_right JOIN scenario_variants ON variant = of_variant'
        )
        if not self._sql:
            flat = Layout(self.held.facts, self.held.plain | frozenset(self.held.dated), {}, self.held.days)
            keep = ("stretch", "pair", "endless", "granted", *(c for v in self.varied.values() for c in v.columns.values()))
            table = plan(self.book, self.scheme, flat, self.backend.table("scenario_grid"), open_facts=False, keep=keep, varied=self.varied)
            there = "CASE WHEN endless THEN granted AND outcome = 'granted' ELSE amount IS NOT NULL END" if self.strict else "true"
            ore = f"CASE WHEN {there} THEN coalesce(CAST(amount * 100 AS BIGINT), 0) ELSE 0 END"
            counts = f", {there} AS counts" if self.strict else ""
            self._sql = f"SELECT stretch, pair, {ore} AS ore{counts} FROM ({sql_of(self.backend, table)})"

    def chunks(self, pairs: Sequence[tuple[int, int]], counts: Mapping[int, int]) -> Iterator[list[tuple[tuple[int, int], Any, Any]]]:
        """Some pairs of a right and a variant at a time. With each, for every stretch of the right: what it comes to in øre, 0 where that
        is not known, and whether it counts (None: all do). ``counts``: how many stretches each right has.
        """
        import numpy as np

        start = 0
        while start < len(pairs):
            end, size = start, 0
            while end < len(pairs) and (end == start or size + counts[pairs[end][0]] <= AT_ONCE):
                size, end = size + counts[pairs[end][0]], end + 1
            some, start = pairs[start:end], end
            begin = np.cumsum([0, *(counts[right] for right, _ in some)])
            listed = ", ".join(f"({number}, {right}, {variant})" for number, (right, variant) in enumerate(some))
            self.con.execute(f"DELETE FROM scenario_chunk; INSERT INTO scenario_chunk VALUES {listed}")
            found = self.con.execute(self._sql).fetchnumpy()
            place = begin[found["pair"]] + found["stretch"]
            ore, there = np.zeros(size, np.int64), np.zeros(size, bool)
            ore[place] = found["ore"]
            if self.strict:
                there[place] = found["counts"]
            ends = zip(some, begin[:-1], begin[1:], strict=True)
            yield [(pair, ore[a:b], there[a:b] if self.strict else None) for pair, a, b in ends]

    def _resolve(self, held: Layout, growing: Sequence[str]) -> None:
        """Make ``RESOLVED``: of each stretch the facts as they are on its first day, and since when those that grow have been so."""
        columns = ['"right"', "stretch", "endless", "granted", quoted(CASE), quoted(ON), quoted(KNOWN)]
        columns += [quoted(n) for n in held.plain] + [quoted(c) for n in held.days for c in held.columns_of(n)]
        for name, count in held.dated.items():
            columns.append(f"{latest(name, count, slot, quoted(ON))} AS {quoted(name)}")
        for name in growing:
            since = latest(name, held.dated[name], begins, quoted(ON)) if name in held.dated else "CAST(NULL AS DATE)"
            columns.append(f"{since} AS {quoted('since.' + name)}")
        self.con.execute(f"CREATE OR REPLACE TABLE {RESOLVED} AS SELECT {', '.join(columns)} FROM {KEPT}")

    def _variants(self) -> dict[str, Varied]:
        """Make the table ``scenario_variants``: growth factors as lists, rates as columns."""
        import pyarrow as pa

        table: dict[str, Any] = {"variant": pa.array(range(len(self.variants)), pa.int64())}
        for name in self.growing:
            factors = [v.factors(name, self.years) for v in self.variants]
            table[f"grow.{name}"] = pa.array([[str(f) for f in row] for row in factors], pa.list_(pa.string()))
        columns, varied = rate_columns(self.book, self.variants)
        self.con.register("scenario_variants_arrow", pa.table(table | columns))
        lists = ", ".join(f"CAST({quoted('grow.' + n)} AS HUGEINT[]) AS {quoted('grow.' + n)}" for n in self.growing)
        self.con.execute(
            f"CREATE OR REPLACE TABLE scenario_variants AS SELECT *{f' REPLACE ({lists})' if lists else ''} FROM scenario_variants_arrow"
        )
        return varied

    def _most(self, name: str) -> int:
        """The largest number that growing makes of a fact, before it is divided again; ScenarioError when a table cannot hold it."""
        ((largest,),) = self.con.execute(f"SELECT coalesce(max(abs({quoted(name)})), 0) FROM {RESOLVED}").fetchall()
        most = int(largest) * max(max(v.factors(name, self.years)) for v in self.variants)
        limit = limit_of(self.held.facts[name])
        if most >= limit.bound * GROWN:
            raise ScenarioError(say("{fact}: grows to {most} or more, which a table does not hold", fact=name, most=limit.top))
        return most


def _grown(name: str, first: date, most: int) -> str:
    """SQL: a whole number of øre that has grown each 1 January after the year it holds from, to the nearest øre."""
    since = f"year(coalesce({quoted('since.' + name)}, DATE '{first}'))"
    kind = "BIGINT" if most < 2**62 else "HUGEINT"
    factor = f"CAST({quoted('grow.' + name)}[year({quoted(ON)}) - greatest({since}, {first.year}) + 1] AS {kind})"
    return f"CAST(({quoted(name)}::{kind} * {factor} + {GROWN // 2}) // {GROWN} AS BIGINT)"
