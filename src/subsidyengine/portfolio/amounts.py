"""What each stretch comes to a month under many scenarios: a table of variants joined to the stretches, one plan for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from ..rulebook import Rulebook
from ..words import say
from .cells import latest, quoted
from .halves import fixed_rates, rates_of
from .layout import CASE, KNOWN, ON, Layout, begins, limit_of, slot
from .plan import facts_of, plan
from .rates import Varied
from .run import sql_of
from .scenario import GROWN, Scenario, ScenarioError, scaled_growth

KEPT, RESOLVED = "scenario_kept", "scenario_facts"
#: Amounts (stretches times variants) worked out in one go.
AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Variant:
    """What of a scenario bears on amounts: growth of facts, and changes of rates."""

    growth: tuple[tuple[str, Fraction], ...]
    rates: tuple[tuple[str, tuple[str, Fraction]], ...]


def variant_of(scenario: Scenario, names: set[str]) -> Variant:
    """The scenario's variant, when the amount reads the rates ``names``."""
    rates = {n: change for n, change in scenario.rates.items() if n in names}
    return Variant(tuple(sorted(scenario.growth.items())), tuple(sorted(rates.items())))


def rates_that_vary(rulebook: Rulebook, right: Rulebook, amount: Rulebook, scheme: str) -> set[str]:
    """Rates that only the amount reads: scenarios that differ in these alone share a reading of the right."""
    names = rates_of(amount, scheme) - rates_of(right, scheme)
    return names - fixed_rates(amount, scheme, names)


class Amounts:
    """The amounts of the stretches in the table ``KEPT`` under each of the variants."""

    def __init__(
        self, con: Any, backend: Any, book: Rulebook, scheme: str, layout: Layout, variants: Sequence[Variant], first: date, last: date
    ):
        self.con, self.variants = con, variants
        ((self.count,),) = con.execute(f"SELECT count(*) FROM {KEPT}").fetchall()
        held = layout.only(facts_of(book, scheme))
        growing = [n for n in dict.fromkeys(n for v in variants for n, _ in v.growth) if n in held.plain or n in held.dated]
        flat = Layout(held.facts, held.plain | frozenset(held.dated), {}, held.days)
        self._resolve(held, growing)
        varied = self._variants(book, growing, first, last)
        grown = [f"{_grown(n, first, self._most(held, n, last.year - first.year))} AS {quoted(n)}" for n in growing]
        replaced = f" REPLACE ({', '.join(grown)})" if grown else ""
        con.execute("CREATE OR REPLACE TABLE scenario_chunk (low BIGINT, high BIGINT)")
        con.execute(
            f"CREATE OR REPLACE VIEW scenario_grid AS SELECT s.*{replaced}, v.* FROM {RESOLVED} s, "
            "(SELECT * FROM scenario_variants, scenario_chunk WHERE variant >= low AND variant < high) v"
        )
        keep = ("stretch", "variant", *(c for v in varied.values() for c in v.columns))
        table = plan(book, scheme, flat, backend.table("scenario_grid"), open_facts=False, keep=keep, varied=varied)
        self._sql = (
            "SELECT stretch, variant, coalesce(CAST(amount * 100 AS BIGINT), 0) AS ore, amount IS NOT NULL AS known, "
            f"outcome = 'granted' AS granted FROM ({sql_of(backend, table)})"
        )

    def chunks(self) -> Iterator[tuple[range, Any, Any, Any]]:
        """Some variants at a time: their numbers, and a row for each of them of what the stretches come to in øre (0 where that is not
        known), whether it is known, and whether it is granted.
        """
        import numpy as np

        size = max(1, AT_ONCE // max(1, self.count))
        for low in range(0, len(self.variants), size):
            some = range(low, min(low + size, len(self.variants)))
            self.con.execute(f"CREATE OR REPLACE TABLE scenario_chunk AS SELECT {some.start}::BIGINT AS low, {some.stop}::BIGINT AS high")
            found = self.con.execute(self._sql).fetchnumpy()
            place = (found["variant"] - low) * self.count + found["stretch"]
            columns = []
            for name, kind in (("ore", np.int64), ("known", bool), ("granted", bool)):
                column = np.zeros((len(some), self.count), dtype=kind)
                column.flat[place] = found[name]
                columns.append(column)
            yield some, columns[0], columns[1], columns[2]

    def _resolve(self, held: Layout, growing: Sequence[str]) -> None:
        """Make ``RESOLVED``: of each stretch the facts as they are on its first day, and since when those that grow have been so."""
        columns = ["stretch", quoted(CASE), quoted(ON), quoted(KNOWN)]
        columns += [quoted(n) for n in held.plain] + [quoted(c) for n in held.days for c in held.columns_of(n)]
        for name, count in held.dated.items():
            columns.append(f"{latest(name, count, slot, quoted(ON))} AS {quoted(name)}")
        for name in growing:
            since = latest(name, held.dated[name], begins, quoted(ON)) if name in held.dated else "CAST(NULL AS DATE)"
            columns.append(f"{since} AS {quoted('since.' + name)}")
        self.con.execute(f"CREATE OR REPLACE TABLE {RESOLVED} AS SELECT {', '.join(columns)} FROM {KEPT}")

    def _variants(self, book: Rulebook, growing: Sequence[str], first: date, last: date) -> dict[str, Varied]:
        """Make the table ``scenario_variants``: growth factors as lists, rates as columns."""
        import pyarrow as pa

        years = last.year - first.year
        table: dict[str, Any] = {"variant": pa.array(range(len(self.variants)), pa.int64())}
        for name in growing:
            factors = [scaled_growth(dict(v.growth).get(name, Fraction(0)), years) for v in self.variants]
            table[f"grow.{name}"] = pa.array([[str(f) for f in row] for row in factors], pa.list_(pa.string()))
        varied = {}
        for name in sorted({n for v in self.variants for n, _ in v.rates}):
            rows = [Scenario("", rates=dict(v.rates)).rulebook(book).rates[name].rows for v in self.variants]
            values = [[None if r.value is None else Fraction(r.value) for r in column] for column in zip(*rows, strict=True)]
            told = [v for column in values for v in column if v is not None]
            scale = lcm(*(v.denominator for v in told))
            columns = tuple(f"rate.{name}.{i}" for i in range(len(values)))
            for column, numbers in zip(columns, values, strict=True):
                table[column] = pa.array([None if v is None else int(v * scale) for v in numbers], pa.int64())
            varied[name] = Varied(columns, max((abs(int(v * scale)) for v in told), default=0), scale)
        self.con.register("scenario_variants_arrow", pa.table(table))
        lists = ", ".join(f"CAST({quoted('grow.' + n)} AS HUGEINT[]) AS {quoted('grow.' + n)}" for n in growing)
        self.con.execute(
            f"CREATE OR REPLACE TABLE scenario_variants AS SELECT *{f' REPLACE ({lists})' if lists else ''} FROM scenario_variants_arrow"
        )
        return varied

    def _most(self, held: Layout, name: str, years: int) -> int:
        """The largest number that growing makes of a fact, before it is divided again; ScenarioError when a table cannot hold it."""
        ((largest,),) = self.con.execute(f"SELECT coalesce(max(abs({quoted(name)})), 0) FROM {RESOLVED}").fetchall()
        most = int(largest) * max(max(scaled_growth(dict(v.growth).get(name, Fraction(0)), years)) for v in self.variants)
        limit = limit_of(held.facts[name])
        if most >= limit.bound * GROWN:
            raise ScenarioError(say("{fact}: grows to {most} or more, which a table does not hold", fact=name, most=limit.top))
        return most


def _grown(name: str, first: date, most: int) -> str:
    """SQL: a whole number of øre that has grown each 1 January after the year it holds from, to the nearest øre."""
    since = f"year(coalesce({quoted('since.' + name)}, DATE '{first}'))"
    kind = "BIGINT" if most < 2**62 else "HUGEINT"
    factor = f"CAST({quoted('grow.' + name)}[year({quoted(ON)}) - greatest({since}, {first.year}) + 1] AS {kind})"
    return f"CAST(({quoted(name)}::{kind} * {factor} + {GROWN // 2}) // {GROWN} AS BIGINT)"
