"""The twenty conditions over many cases at once: as columns of DuckDB, and as arrays of NumPy in openfisca-core."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from subsidyengine.portfolio import connect, limit_of, plan, sql_of, stated
from subsidyengine.portfolio.cells import text
from subsidyengine.portfolio.layout import Layout
from subsidyengine.rulebook import Rulebook, open_rulebook

from .eligibility import DAY, FOLDER, SCHEME, wanted
from .languages import ON, flat
from .peers import OpenFisca
from .portfolio import turns
from .report import Figure

GROUP = "Twenty conditions, many cases at once"
ROUNDS = 7
ROW_GROUP = 122_880


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


def write_cases(path: Path, columns: dict[str, Any]) -> None:
    """The cases as a file: words as texts, amounts in kroner, as anybody's table has them."""
    import pyarrow as pa
    from pyarrow import parquet

    cases = pa.array([f"K-{i:07d}" for i in range(len(columns["lease.rent"]))])
    # Row groups as DuckDB, Spark and Polars write them: one of a million, as PyArrow has it, is read by one core alone.
    parquet.write_table(pa.table({"case": cases, **{n: pa.array(column) for n, column in columns.items()}}), path, row_group_size=ROW_GROUP)


def read_cases(con: Any, rulebook: Rulebook, path: Path) -> Layout:
    """Make the file known to DuckDB as ``cases``: numbers counted in their smallest parts, words as enumerations."""
    kinds = rulebook.facts.items()
    words = {n: ", ".join(map(text, fact.values)) for n, fact in kinds if fact.values}
    cast = [f'CAST("{n}" AS ENUM({listed})) AS "{n}"' for n, listed in words.items()]
    cast += [f'CAST("{n}" * {limit_of(fact).scale} AS BIGINT) AS "{n}"' for n, fact in kinds if fact.type.kind == "number"]
    con.execute(
        f"CREATE VIEW filed AS SELECT * REPLACE ({', '.join(cast)}), DATE '{DAY}' AS \"on\", CAST(NULL AS DATE) AS known "
        f"FROM read_parquet({text(str(path))})"
    )
    con.execute("CREATE TABLE cases AS FROM filed")
    return Layout(rulebook.facts, frozenset(rulebook.facts), {}, {})


def fisca_file(peer: OpenFisca, rulebook: Rulebook, path: Path, out: Path) -> None:
    """The same file through openfisca-core, at its best: each word is encoded once, not once for each case."""
    import numpy
    import pyarrow as pa
    from openfisca_core.indexed_enums import EnumArray
    from pyarrow import parquet

    words = [n for n, fact in rulebook.facts.items() if fact.values]
    table = parquet.read_table(path, read_dictionary=words)
    given = [(flat(ON), numpy.full(len(table), numpy.datetime64(DAY)))]
    for name in rulebook.facts:
        column = table[name].combine_chunks()
        if name in words:
            enum = peer.system.get_variable(flat(name)).possible_values
            codes = enum.encode(numpy.array(column.dictionary.to_pylist()))
            given.append((flat(name), EnumArray(numpy.asarray(codes)[column.indices.to_numpy()], enum)))
        else:
            given.append((flat(name), column.to_numpy(zero_copy_only=False)))
    answered = dict(zip(peer.asked, map(pa.array, peer.ask(given)), strict=True))
    parquet.write_table(pa.table({"case": table["case"], **answered}), out)


def agree(con: Any, sql: str, rulebook: Rulebook, answered: dict[str, Any]) -> int:
    """How many cases were granted; ValueError when any condition or the outcome of any case differs."""
    found = con.sql(f'{sql} ORDER BY "case"').to_arrow_table()
    for name in rulebook.schemes[SCHEME].conditions:
        if not ((found[f"finding.{name}"].cast("string").to_numpy() == "met") == answered[name]).all():
            raise ValueError(f"{name}: openfisca-core differs")
    granted = found["outcome"].cast("string").to_numpy() == "granted"
    if not (granted == answered["granted"]).all():
        raise ValueError("the outcome of openfisca-core differs")
    return int(granted.sum())


def measure(count: int = 1_000_000, rounds: int = ROUNDS) -> list[Figure]:
    """Check that both agree on every case, then time both by turns: from file to file, and with everything prepared in memory."""
    if not find_spec("openfisca_core"):
        return [Figure(GROUP, "engines not installed", 1, "", note="openfisca_core")]
    with TemporaryDirectory() as folder:
        return _measure(Path(folder), count, rounds)


def _measure(folder: Path, count: int, rounds: int) -> list[Figure]:
    import numpy

    rulebook = open_rulebook(FOLDER, cache=False)
    columns = make_columns(rulebook, count)
    peer = OpenFisca(wanted(rulebook))
    given = peer.given_many({**columns, ON: numpy.full(count, numpy.datetime64(DAY))})
    path, out = folder / "cases.parquet", folder / "out.parquet"
    write_cases(path, columns)
    backend = connect()
    con = backend.con
    layout = read_cases(con, rulebook, path)
    days: dict[str, tuple[date, date]] = {"on": (DAY, DAY)}

    def sql(table: Any, open_facts: bool = False) -> str:
        return sql_of(backend, plan(rulebook, SCHEME, layout, table, open_facts, spans=days))

    held = stated(backend, "cases")
    prepared, full, filed = sql(held), sql(held, open_facts=True), sql(backend.table("filed"))
    granted = agree(con, prepared, rulebook, dict(zip(peer.asked, peer.ask(given), strict=True)))
    fisca_file(peer, rulebook, path, out)
    written = con.sql(f"FROM read_parquet({text(str(out))})").to_arrow_table()
    agree(con, filed, rulebook, {name: written[name].to_numpy() for name in peer.asked})

    def ours(statement: str, threads: int) -> Callable[[], Any]:
        # The answers alone, in the order of the cases, as openfisca-core's arrays are.
        answers = f'SELECT * EXCLUDE ("case", "on") FROM ({statement})'

        def run() -> None:
            con.execute(f"SET threads = {threads}")
            con.sql(answers).materialize()

        return run

    def our_file() -> None:
        con.execute("SET threads = 2")
        con.execute(f"COPY ({filed}) TO {text(str(out))} (FORMAT parquet)")

    fisca, ours_filed = f"{peer.name}, file to file", "ours, file to file"
    subjects = {
        fisca: lambda: fisca_file(peer, rulebook, path, out), ours_filed: our_file, peer.name: lambda: peer.ask(given),
        "ours, one core": ours(prepared, 1), "ours, two cores": ours(prepared, 2), "and what is open, how certain": ours(full, 2),
    }  # fmt: skip
    times = turns(subjects, rounds)
    figures = [Figure(GROUP, name, median(taken) / count * 1e9, "ns", note="a case") for name, taken in times.items()]

    def ratio(peers: str, our: str) -> float:
        return median(a / b for a, b in zip(times[peers], times[our], strict=True))

    figures += [
        Figure(GROUP, "openfisca-core / ours, file to file", ratio(fisca, ours_filed), "x", 1.0, at_least=True, note="Parquet, two cores"),
        Figure(GROUP, "openfisca-core / ours, one core", ratio(peer.name, "ours, one core"), "x", note="prepared arrays in memory"),
        Figure(GROUP, "openfisca-core / ours, two cores", ratio(peer.name, "ours, two cores"), "x", note="prepared arrays in memory"),
        Figure(GROUP, "cases compared before timing", count, "", note=f"20 conditions and the outcome ({granted} granted)"),
    ]
    return figures
