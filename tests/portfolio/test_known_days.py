"""Rows that are known on different days use different overlays: each its own, as a case by itself would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from subsidyengine.decision import Conclude
from subsidyengine.portfolio import decide_files, gather
from subsidyengine.portfolio.forecast import forecast
from subsidyengine.portfolio.months import Horizon
from subsidyengine.portfolio.scenario import Scenario
from subsidyengine.rulebook import open_rulebook
from subsidyengine.rulebook.overlay import apply_overlay

from .agreement import differences, scalar
from .leases import LEASE
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


def test_scenarios_too_use_what_was_known_on_each_rows_own_day(tmp_path):
    # The rate of 2026 is settled on 1 May: who asks before that has no amount, under no scenario. Five years of special terms from 2023.
    told = {**LEASE, "person.has_income": "true", "lease.start": "2023-07-01", "lease.special_terms_end": "2028-06-30"}
    rows = {f"A-{known}": {**told, "known": known} for known in ("2026-04-30", "2026-05-01")}
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(",".join(r) for r in (["case", *told, "known"], *([n, *row.values()] for n, row in rows.items()))) + "\n")
    some = [
        Scenario("+10 %", rates={"section_110_daily": ("factor", Fraction(11, 10))}),
        Scenario("All days", rates={"section_110_daily": ("value", Fraction(100))}),
        Scenario("2 years", rates={"transitional_term_years": ("value", Fraction(2))}),
    ]
    dearer, settled_, shorter = forecast([file], settled(), Horizon(date(2026, 6, 1), 1), scenarios=some).scenarios
    # 4,000 kr. less 30 days of 115.50; for 100 kr. on all days 30 of them, for both: the days in a month were settled in February.
    assert dearer.cost == {2026: Decimal("535.00")}
    assert settled_.cost == {2026: Decimal("2000.00")}
    assert (shorter.cost, shorter.active) == ({2026: Decimal("0.00")}, (0,)), "two years are over for both"


def test_an_overlay_may_count_weekdays_where_the_law_before_it_does_not(tmp_path):
    import duckdb

    text = f"""
scheme: {SCHEME}
narrows: [moved-in-on-time]
conditions:
  moved-in-on-time:
    holds: lease.start >= first_weekday_of_month(lease.start)
    cite: {CITE}
    says: {{da: Lejeren er flyttet ind fra den første hverdag i måneden, en: The tenant moved in from the first weekday of the month}}
"""
    book = apply_overlay(open_rulebook(), "town", {"overlay.yaml": HEAD.format(day=DAYS), "subsidy.yaml": text})
    # Sunday 1 October 2023: the first weekday is Monday the 2nd.
    told = {**LEASE, "person.has_income": "true", "facility.monthly_payment": "100", "person.housing_before": "section_107"}
    told |= {"lease.start": "2023-10-01", "lease.special_terms_end": "2028-09-30"}
    file = tmp_path / "rows.csv"
    lines = [["case", *told, "on", "known"], *([d, *told.values(), "2026-03-01", d] for d in ("2026-01-31", "2026-02-01"))]
    file.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
    decide_files([file], book, tmp_path / "out.parquet", [SCHEME])
    assert duckdb.sql(f"SELECT outcome FROM '{tmp_path / 'out.parquet'}' ORDER BY row").fetchall() == [("granted",), ("refused",)]
