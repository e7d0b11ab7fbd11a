"""A whole table at once, beside a query that was written by hand for it; and a forecast of a million leases."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from subsidyengine.portfolio import connect, plan, sql_of, stated
from subsidyengine.portfolio.cells import text
from subsidyengine.portfolio.decide import spans
from subsidyengine.portfolio.forecast import SCHEME, forecast
from subsidyengine.portfolio.months import Horizon
from subsidyengine.portfolio.source import CASES, open_source
from subsidyengine.rulebook import open_rulebook

from .report import Figure
from .timing import run_process

GROUP, FORECAST = "Portfolio: transitional.subsidy, Parquet to Parquet", "Forecast, 120 months, three dated rents a lease"
HAND = Path(__file__).with_name("subsidy.sql")
ROUNDS = 5


def make_cases(out: Path, count: int) -> None:
    """A million cases in a moment: each fact from a hash of the row number, one in thirty missing."""
    facts = {
        "person.special_social_problems": "h % 10 < 9",
        "person.reduced_mental_functioning": "h % 4 = 0",
        "person.needs_help_to_keep_home": "h % 20 > 0",
        "person.has_income": "h % 10 < 6",
        "benefit.applied": "h % 25 > 0",
        "household.adults": "1 + CAST(h % 7 = 0 AS INT) + CAST(h % 31 = 0 AS INT)",
        "person.housing_before": "['section_110', 'section_109', 'section_107', 'street', 'temporary'][1 + h % 5]",
        "dwelling.kind": "['family', 'family', 'youth', 'elderly', 'private', 'special'][1 + h % 6]",
        "lease.start": "DATE '2020-06-01' + CAST(h % 2200 AS INT)",
        "lease.special_terms_end": "DATE '2022-06-01' + CAST(h % 3300 AS INT)",
        "lease.rent": "CAST(3000 + h % 500000 / 100.0 AS DECIMAL(10, 2))",
        "lease.obligatory_payments": "CAST(h % 3 * 155 AS DECIMAL(10, 2))",
        "benefit.calculated": "CAST(h % 150000 / 100.0 AS DECIMAL(10, 2))",
        "facility.daily_rate": "CAST(96 + h % 1500 / 100.0 AS DECIMAL(10, 2))",
        "facility.monthly_payment": "CAST(2000 + h % 200000 / 100.0 AS DECIMAL(10, 2))",
    }
    columns = [f'{_drawn(i, e)} AS "{n}"' for i, (n, e) in enumerate(facts.items())]
    moved = "CASE WHEN hash(i, 99) % 8 = 0 THEN DATE '2023-01-01' + CAST(hash(i, 98) % 1500 AS INT) END AS \"lease.moved_out\""
    con = connect().con
    con.execute(
        f"COPY (SELECT 'C' || i AS \"case\", DATE '2023-01-01' + CAST(hash(i, 97) % 1400 AS INT) AS \"on\", {', '.join(columns)}, {moved} "
        f"FROM range({count}) r(i)) TO {text(str(out))} (FORMAT parquet)"
    )


def _drawn(number: int, expression: str) -> str:
    h = f"CAST(hash(i, {number}) >> 8 AS BIGINT)"
    return f"CASE WHEN hash(i, {number + 50}) % 30 > 0 THEN {expression.replace('h %', f'{h} %')} END"


def measure(count: int = 1_000_000, rounds: int = ROUNDS) -> list[Figure]:
    """All figures; the whole pipeline of files, and the plan alone beside the query by hand."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [*_decide(folder, count, rounds), *_forecast(folder, count)]


def _decide(folder: Path, count: int, rounds: int) -> list[Figure]:
    cases, book = folder / "cases.parquet", open_rulebook()
    make_cases(cases, count)
    backend = connect()
    con = backend.con
    con.execute("SET threads = 2")
    source = open_source(con, [cases], book, date(2026, 3, 1), None)
    days = spans(con, book, SCHEME, source.layout)
    ours, everything = (
        sql_of(backend, plan(book, SCHEME, source.layout, stated(backend, CASES), open_facts, spans=days)) for open_facts in (False, True)
    )
    con.execute(f"CREATE VIEW cases AS SELECT * FROM read_parquet({text(str(cases))})")
    hand = HAND.read_text(encoding="utf-8")
    same(con, ours, hand)
    times = turns(
        {
            "ours": lambda: con.execute(f"COPY ({ours}) TO {text(str(folder / 'ours.parquet'))} (FORMAT parquet)"),
            "by hand": lambda: con.execute(f"COPY ({hand}) TO {text(str(folder / 'hand.parquet'))} (FORMAT parquet)"),
            "all": lambda: con.execute(f"COPY ({everything}) TO {text(str(folder / 'all.parquet'))} (FORMAT parquet)"),
        },
        rounds,
    )
    out = str(folder / "whole.parquet")
    whole = run_process("-m", "subsidyengine", "portfolio", "decide", str(cases), "--scheme", SCHEME, "--out", out, watch=True)
    ratio = median(a / b for a, b in zip(times["ours"], times["by hand"], strict=True))
    return [
        Figure(GROUP, "times as long as SQL by hand", ratio, "x", 2.0, note="findings, amount, period; ours exact, and checks its input"),
        Figure(GROUP, "cases a second, two cores", count / median(times["ours"]), "/s", 1_000_000, at_least=True),
        Figure(GROUP, "with what is open and how certain it is", count / median(times["all"]), "/s"),
        Figure(GROUP, "the command: reading, checking, deciding, sums", whole.seconds, "s"),
        Figure(GROUP, "its peak memory", whole.peak or 0, "MiB"),
    ]


def same(con: Any, ours: str, hand: str) -> None:
    """Both say the same of every case; an øre apart is allowed, which floating numbers cost. ValueError when not."""
    findings = [c for (c, *_) in con.execute(f"DESCRIBE {hand}").fetchall() if c.startswith("finding.")]
    differ = " OR ".join(f'o."{c}" IS DISTINCT FROM h."{c}"' for c in (*findings, "outcome", "from", "to"))
    ((wrong,),) = con.execute(
        f'SELECT count(*) FROM ({ours}) o JOIN ({hand}) h USING ("case") '
        f"WHERE {differ} OR abs(coalesce(o.amount, -1) - coalesce(h.amount, -1)) > 0.01"
    ).fetchall()
    if wrong:
        raise ValueError(f"{wrong} cases differ from the query by hand")


def turns(subjects: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each subject in each round; all take turns."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(rounds + (rounds > 1)):
        for name, run in subjects.items():
            gc.collect()
            start = time.perf_counter()
            run()
            if number or rounds == 1:
                taken[name].append(time.perf_counter() - start)
    return taken


def make_leases(folder: Path, count: int) -> list[Path]:
    """Leases with a rent that changes three times, as a wide and a long table."""
    con, wide, long = connect().con, folder / f"leases-{count}.parquet", folder / f"facts-{count}.parquet"
    start = "CAST(hash(i, 3) % 1500 AS INT)"
    columns = {
        "case": "'L' || i",
        "person.special_social_problems": "true",
        "person.needs_help_to_keep_home": "true",
        "person.housing_before": "'section_110'",
        "person.has_income": "hash(i, 1) % 10 < 6",
        "household.adults": "1 + CAST(hash(i, 2) % 5 = 0 AS INT)",
        "dwelling.kind": "'family'",
        "dwelling.municipality_code": "CAST(100 + hash(i, 9) % 20 AS VARCHAR)",
        "lease.start": f"DATE '2023-07-01' + {start}",
        "lease.special_terms_end": f"DATE '2028-06-30' + {start}",
        "lease.obligatory_payments": "0",
        "benefit.applied": "true",
        "benefit.calculated": "CAST(hash(i, 5) % 1500 AS DECIMAL(10, 2))",
        "facility.daily_rate": "CAST(100 AS DECIMAL(10, 2))",
    }
    listed = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    con.execute(f"COPY (SELECT {listed} FROM range({count}) r(i)) TO {text(str(wide))} (FORMAT parquet)")
    rent = "CAST(4000 + hash(i, 7) % 3000 + 100 * k AS DECIMAL(10, 2))"
    con.execute(
        "COPY (SELECT 'L' || i AS \"case\", 'lease.rent' AS fact, make_date(CAST(2023 + 2 * k AS INT), 1, 1) AS \"from\", "
        f"{rent} AS value FROM range({count}) r(i), range(3) s(k)) TO {text(str(long))} (FORMAT parquet)"
    )
    return [wide, long]


def _forecast(folder: Path, count: int) -> list[Figure]:
    book, seconds = open_rulebook(), {}
    for size in (count // 10, count):
        files = make_leases(folder, size)
        start = time.perf_counter()
        forecast(files, book, Horizon(date(2026, 1, 1), 120))
        seconds[size] = time.perf_counter() - start
    command = run_process("-m", "subsidyengine", "forecast", *map(str, files), "--from", "2026-01", "--months", "120", "--json", watch=True)
    return [
        Figure(FORECAST, f"{count:,} leases", seconds[count], "s", 10.0),
        Figure(FORECAST, f"times as long as {count // 10:,}", seconds[count] / seconds[count // 10], "x", 11.0),
        Figure(FORECAST, "peak memory of the command", command.peak or 0, "MiB", 3072.0),
    ]
