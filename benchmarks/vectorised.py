"""The twenty conditions over many cases at once: as columns of DuckDB, and as arrays of NumPy in openfisca-core."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from statistics import median
from typing import Any

from subsidyengine.portfolio import connect, limit_of, plan, sql_of
from subsidyengine.portfolio.layout import Layout
from subsidyengine.rulebook import Rulebook, open_rulebook

from .eligibility import DAY, FOLDER, SCHEME, wanted
from .languages import ON
from .peers import OpenFisca
from .portfolio import turns
from .report import Figure

GROUP = "Twenty conditions, many cases at once"
ROUNDS = 7


def make_columns(rulebook: Rulebook, count: int, seed: int = 20) -> dict[str, Any]:
    """Fully known cases as arrays, drawn as those of ``eligibility`` are."""
    import numpy

    draw = numpy.random.default_rng(seed)
    start = numpy.datetime64("2022-06-01") + draw.integers(0, 1461, count)
    columns = {
        "person.homeless": draw.random(count) < 0.5,
        "person.needs_help": draw.random(count) < 0.6,
        "person.in_education": draw.random(count) < 0.3,
        "person.housing_before": draw.choice(["street", "shelter", "temporary", "own_home", "other"], count),
        "person.birth_date": numpy.datetime64("1945-01-01") + draw.integers(0, 24_471, count),
        "household.adults": draw.choice([0, 1, 1, 1, 2, 2, 3], count),
        "household.children": draw.choice([0, 0, 0, 1, 2, 3, 4], count),
        "household.income_yearly": draw.integers(200, 1_200, count) * 500,
        "household.wealth": draw.choice([0, 0, 20_000, 200_000, 250_000, 300_000, 900_000], count),
        "dwelling.kind": draw.choice(["family", "family", "youth", "elderly", "private"], count),
        "dwelling.area": draw.integers(18, 110, count),
        "lease.rent": draw.integers(40, 440, count) * 25,
        "lease.start": start,
        "lease.end": start + draw.integers(-60, 1826, count),
        "benefit.applied": draw.random(count) < 0.7,
    }
    assert set(columns) == set(rulebook.facts)
    return columns


def table_of(con: Any, rulebook: Rulebook, columns: dict[str, Any]) -> Layout:
    """The same cases as a table of DuckDB: numbers counted in their smallest parts, words as enumerations."""
    import pyarrow as pa

    arrays = {"case": pa.array([str(i) for i in range(len(columns["lease.rent"]))])}
    for name, column in columns.items():
        number = rulebook.facts[name].type.kind == "number"
        arrays[name] = pa.array(column * limit_of(rulebook.facts[name]).scale if number else column)
    con.register("arrays", pa.table(arrays))
    words = {n: ", ".join(f"'{w}'" for w in rulebook.facts[n].values) for n in columns if rulebook.facts[n].values}
    coded = ", ".join(f'CAST("{n}" AS ENUM({listed})) AS "{n}"' for n, listed in words.items())
    con.execute(f"CREATE TABLE cases AS SELECT * REPLACE ({coded}), DATE '{DAY}' AS \"on\", CAST(NULL AS DATE) AS known FROM arrays")
    return Layout(rulebook.facts, frozenset(columns), {}, {})


def agree(con: Any, sql: str, rulebook: Rulebook, answered: dict[str, Any]) -> int:
    """How many cases were granted; ValueError when any condition or the outcome of any case differs."""
    found = con.sql(f'{sql} ORDER BY CAST("case" AS BIGINT)').to_arrow_table()
    for name in rulebook.schemes[SCHEME].conditions:
        if not ((found[f"finding.{name}"].cast("string").to_numpy() == "met") == answered[name]).all():
            raise ValueError(f"{name}: openfisca-core differs")
    granted = found["outcome"].cast("string").to_numpy() == "granted"
    if not (granted == answered["granted"]).all():
        raise ValueError("the outcome of openfisca-core differs")
    return int(granted.sum())


def measure(count: int = 1_000_000, rounds: int = ROUNDS) -> list[Figure]:
    """Check that both agree on every case, then time both by turns, ours on one core and on two."""
    if not find_spec("openfisca_core"):
        return [Figure(GROUP, "engines not installed", 1, "", note="openfisca_core")]
    rulebook = open_rulebook(FOLDER, cache=False)
    columns = make_columns(rulebook, count)
    import numpy

    peer = OpenFisca(wanted(rulebook))
    given = peer.given_many({**columns, ON: numpy.full(count, numpy.datetime64(DAY))})
    backend = connect()
    con = backend.con
    layout = table_of(con, rulebook, columns)
    days: dict[str, tuple[date, date]] = {"on": (DAY, DAY)}
    sql, full = (
        sql_of(backend, plan(rulebook, SCHEME, layout, backend.table("cases"), open_facts, spans=days)) for open_facts in (False, True)
    )
    granted = agree(con, sql, rulebook, dict(zip(peer.asked, peer.ask(given), strict=True)))

    def ours(statement: str, threads: int) -> Callable[[], Any]:
        def run() -> None:
            con.execute(f"SET threads = {threads}")
            con.sql(statement).materialize()

        return run

    subjects = {
        peer.name: lambda: peer.ask(given), "ours, one core": ours(sql, 1), "ours, two cores": ours(sql, 2),
        "and what is open, how certain": ours(full, 2),
    }  # fmt: skip
    times = turns(subjects, rounds)
    figures = [Figure(GROUP, name, median(taken) / count * 1e9, "ns", note="a case") for name, taken in times.items()]
    for name in ("ours, one core", "ours, two cores"):
        ratio = median(a / b for a, b in zip(times[peer.name], times[name], strict=True))
        figures.append(
            Figure(GROUP, f"openfisca-core / {name}", ratio, "x", 1.0, at_least=True, note="ours gives findings as well as the outcome")
        )
    figures.append(Figure(GROUP, "cases compared before timing", count, "", note=f"20 conditions and the outcome ({granted} granted)"))
    return figures
