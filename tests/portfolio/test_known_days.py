"""Rows that are known on different days use different overlays: each its own, as a case by itself would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from subsidyengine.decision import Conclude
from subsidyengine.portfolio import decide_files, gather
from subsidyengine.rulebook import open_rulebook
from subsidyengine.rulebook.overlay import apply_overlay

from .agreement import differences, scalar
from .tables import cases_for
from .test_agreement import answers
from .test_files import GOOD, HEADER, csv_of

SCHEME = "transitional.subsidy"
CITE = "bek-718-2013 § 2 [inferred]"
HEAD = "by: Ida Holm, jurist\non: {day}\nlayer: local-policy\nreason: {{da: Byrådets beslutning, en: Decision of the council}}\n"
DAYS, RATE = date(2026, 2, 1), date(2026, 5, 1)


def settled():
    """A municipality settles the days in a month on 1 February, and a rate that law does not know on 1 May."""
    first = {"overlay.yaml": HEAD.format(day=DAYS), "settings.yaml": f"settings: {{days_per_month: {{value: 30, cite: '{CITE}'}}}}\n"}
    row = f"{{from: 2026-01-01, until: 2026-12-31, value: 105, cite: '{CITE}'}}"
    second = {"overlay.yaml": HEAD.format(day=RATE), "rates/own.yaml": f"rates: {{section_110_daily: {{values: [{row}]}}}}\n"}
    return apply_overlay(apply_overlay(open_rulebook(), "town", first), "rates", second)


def test_each_row_is_decided_by_what_was_known_on_its_own_day():
    book = settled()
    days = [None, *(d + timedelta(days=n) for d in (DAYS, RATE) for n in (-1, 0, 1))]
    cases = [replace(c, known=days[i % len(days)]) for i, c in enumerate(cases_for(book, SCHEME, 1_400, seed=8))]
    rows = answers(book, SCHEME, gather(cases, book.facts))
    conclude, settled_by = Conclude(durable=False), set()
    for case in cases:
        if case.id in rows:
            mine = book.as_known(case.known)
            settled_by.add(len(mine.overlays))
            assert differences(rows[case.id], scalar(mine, SCHEME, case, conclude)) == [], case
    assert settled_by == {0, 1, 2}


def test_rows_without_a_day_of_their_own_use_that_of_the_run(tmp_path):
    import duckdb

    book = settled()
    known = ["", "2026-01-31", "2026-02-01"]
    row = [v if n != "person.has_income" else "true" for n, v in zip(HEADER, GOOD, strict=True)]
    rows = [[f"A-{i}", *row[1:], day, "100"] for i, day in enumerate(known)]
    file = csv_of(tmp_path / "cases.csv", *rows, header=[*HEADER, "known", "facility.daily_rate"])
    for run, outcomes in ((None, ["granted", "undetermined", "granted"]), (date(2026, 1, 31), ["undetermined", "undetermined", "granted"])):
        decide_files([file], book, tmp_path / "out.parquet", [SCHEME], known=run)
        assert [o for (o,) in duckdb.sql(f"SELECT outcome FROM '{tmp_path / 'out.parquet'}' ORDER BY row").fetchall()] == outcomes
