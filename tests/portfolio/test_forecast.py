"""The forecast against the timelines of the scalar reading, month by month, and by hand."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app
from subsidyengine.decision import Conclude, Reading, answer, program_for
from subsidyengine.facts import CaseError, read_cases
from subsidyengine.formula import quantize
from subsidyengine.portfolio.assumptions import assumptions
from subsidyengine.portfolio.calendar_file import expiry_calendar
from subsidyengine.portfolio.forecast import SCHEME, forecast
from subsidyengine.portfolio.months import MONTHLY, Horizon
from subsidyengine.portfolio.records import months_table, run_out
from subsidyengine.portfolio.scenario import Scenario
from subsidyengine.portfolio.synthetic import write
from subsidyengine.portfolio.words import WORDS
from subsidyengine.portfolio.workbook import write_workbook
from subsidyengine.rulebook import open_rulebook
from subsidyengine.timeline import timeline

BOOK = open_rulebook()
FOLDER = Path(__file__).parents[2] / "fixtures" / "portfolio"
FILES = [FOLDER / "leases.csv", FOLDER / "facts.csv"]
HORIZON = Horizon(date(2026, 1, 1), 48)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def found():
    return forecast(FILES, BOOK, HORIZON)


def stretches_of(case):
    """Days (both ends inside), amount and outcome of each stretch that is not refused: by the scalar reading's timeline."""
    case = replace(case, on=HORIZON.first)
    reading = Reading(BOOK, program_for(BOOK, SCHEME), case, HORIZON.first, None)
    conclude = Conclude(durable=False)
    for segment in timeline(answer(reading, conclude), conclude).segments:
        chosen = segment.answer.chosen
        if segment.outcome == "refused" or chosen is None or chosen.start is None:
            continue
        first, last = (
            max(segment.from_, HORIZON.first, chosen.start),
            min(segment.to or HORIZON.last, HORIZON.last, chosen.end or HORIZON.last),
        )
        if first <= last:
            yield first, last, segment.amount, segment.outcome, chosen.end


def test_every_month_is_what_the_timelines_come_to(found):
    cost, open_cost, active, ending = defaultdict(Decimal), defaultdict(Decimal), defaultdict(int), defaultdict(int)
    good = bad = 0
    for case in read_cases(FILES, BOOK):
        if isinstance(case, CaseError):
            bad += 1
            continue
        good += 1
        paid, leaning = defaultdict(Fraction), defaultdict(Fraction)
        for first, last, amount, outcome, end in stretches_of(case):
            for number in range(HORIZON.months):
                month = HORIZON.month(number)
                days_in_month = monthrange(month.year, month.month)[1]
                a, b = max(first, month), min(last, HORIZON.month(number + 1) - DAY)
                if a > b:
                    continue
                share = Fraction(amount or 0) * ((b - a).days + 1) / days_in_month
                paid[month] += share
                leaning[month] += share if outcome != "granted" else 0
                active[month] += b == HORIZON.month(number + 1) - DAY
                ending[month] += b == end
        for month, exact in paid.items():
            cost[month] += quantize(exact, "0.01", ROUND_HALF_UP)
            open_cost[month] += quantize(leaning[month], "0.01", ROUND_HALF_UP)
    assert (found.cases + found.others, len(found.rejects)) == (good, bad)
    for month in found.months:
        assert (month.cost, month.open_cost) == (cost[month.month], open_cost[month.month]), month
        assert (month.active, month.ending) == (active[month.month], ending[month.month]), month
    assert sum(cost.values()) > 1_000_000


def lease(tmp_path, **facts):
    row = {
        "case": "A", "person.special_social_problems": "true", "person.needs_help_to_keep_home": "true", "person.housing_before": "section_110",
        "person.has_income": "false", "household.adults": "1", "dwelling.kind": "family", "lease.start": "2024-01-01", "lease.special_terms_end": "2026-04-20",
        "lease.rent": "5000", "lease.obligatory_payments": "0", "benefit.applied": "true", "benefit.calculated": "1000", **facts,
    }  # fmt: skip
    file = tmp_path / "one.csv"
    file.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("part_months", "april"),
    # 20 of 30 days of 4,000 kr. by calendar days; the whole month when the first day counts.
    [("days", Decimal("2666.67")), ("first-day", Decimal("4000.00"))],
)
def test_a_part_of_a_month_is_reckoned_as_asked(tmp_path, part_months, april):
    found = forecast([lease(tmp_path)], BOOK, Horizon(date(2026, 3, 1), 3), part_months)
    assert [(m.cost, m.active, m.ending) for m in found.months] == [(Decimal("4000.00"), 1, 0), (april, 0, 1), (Decimal("0.00"), 0, 0)]
    assert [(e.case, e.last_day) for e in found.expiries] == [("A", date(2026, 4, 20))]


def test_a_rent_that_changes_inside_a_month_costs_each_its_days(tmp_path):
    facts = tmp_path / "facts.csv"
    facts.write_text("case,fact,from,value\nA,lease.reminder_fees,2024-01-01,0\nA,lease.reminder_fees,2026-03-11,100\n", encoding="utf-8")
    file = lease(tmp_path, **{"lease.obligatory_payments": "310"})
    found = forecast([file, facts], BOOK, Horizon(date(2026, 3, 1), 1))
    # 10 days of 4,310 kr. and 21 days of 4,210 kr.: 1,390.32 + 2,851.94, each to the nearest øre.
    assert found.months[0].cost == Decimal("1390.32") + Decimal("2851.94")


def test_prices_grow_from_the_second_year_on(found):
    found = replace(found, prices={2027: Decimal("0.03"), 2028: Decimal("0.02")})
    years = {y: (cost, current) for y, _, _, cost, _, current in found.years()}
    assert years[2026][0] == years[2026][1]
    assert years[2028][1] == (years[2028][0] * Decimal("1.03") * Decimal("1.02")).quantize(Decimal("0.01"))
    assert years[2029][1] == (years[2029][0] * Decimal("1.03") * Decimal("1.02")).quantize(Decimal("0.01"))


def test_prices_are_rounded_halves_up(found):
    # 100.10 * 1.05 = 105.105: to the even øre it would be 105.10
    assert replace(found, prices={2027: Decimal("0.05")}).current(2027, Decimal("100.10")) == Decimal("105.11")


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        (["2026=3"], "growth begins with 2027, the year after the first"),
        (["27=3"], "growth begins with 2027"),
        (["2027=nan"], "a percentage from above -100 to 100 is needed"),
        (["2027=-100"], "a percentage from above -100 to 100 is needed"),
        (["2027=3", "2027=4"], "--prices 2027=4: the year stands twice"),
        (["2027=3,1"], "write it as 2027=3.1"),
    ],
)
def test_growth_that_cannot_be_is_told(tmp_path, prices, message):
    given = [part for item in prices for part in ("--prices", item)]
    result = CliRunner().invoke(app, ["forecast", str(lease(tmp_path)), "--from", "2026-01", "--months", "2", "--lang", "en", *given])
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


def test_what_cannot_be_computed_is_named_and_not_in_the_sums(tmp_path):
    found = forecast([lease(tmp_path, **{"household.adults": ""})], BOOK, Horizon(date(2026, 1, 1), 2))
    assert found.lacking == ("A",)
    assert [m.cost for m in found.months] == [Decimal("0.00")] * 2


def test_a_refund_runs_and_ends_though_its_amount_cannot_be_computed(tmp_path):
    found = forecast([lease(tmp_path, **{"household.adults": ""})], BOOK, Horizon(date(2026, 3, 1), 3), scenarios=[Scenario("S")])
    assert [(m.active, m.ending) for m in found.months] == [(1, 0), (0, 1), (0, 0)]
    assert found.scenarios[0].active == (1, 0, 0)
    assert [(e.last_day, e.amount) for e in found.expiries] == [(date(2026, 4, 20), None)]
    assert run_out(found, 3, "en") == "Run out within 3 months: 1 (0.00 kr. a month); the amount of 1 cannot be computed"
    assert found.without == 1


def test_a_month_that_is_granted_in_part_is_rounded_once(tmp_path):
    # The need for help is not told before 16 April 2026: 15 of 30 days open, 15 granted, of 4,000.01 kr. each comes to 2,000.005.
    (facts := tmp_path / "facts.csv").write_text(
        "case,fact,from,value\nA,person.needs_help_to_keep_home,2026-04-16,true\n", encoding="utf-8"
    )
    file = lease(tmp_path, **{"person.needs_help_to_keep_home": "", "lease.special_terms_end": "2026-12-31", "lease.rent": "5000.01"})
    found = forecast([file, facts], BOOK, Horizon(date(2026, 4, 1), 1), scenarios=[Scenario("S")])
    assert (found.months[0].cost, found.months[0].open_cost) == (Decimal("4000.01"), Decimal("2000.01"))
    assert found.scenarios[0].ore == (400_001,)


def test_whether_a_lease_can_go_on_after_its_longest_period_is_named_where_law_is_silent(tmp_path):
    # Two years from 15 January 2023 ended on 14 January 2025; an addendum to 2027 is neither lawful nor unlawful as far as law is known.
    found = forecast([lease(tmp_path, **{"lease.start": "2023-01-15", "lease.special_terms_end": "2027-12-31"})], BOOK, HORIZON)
    assert (found.unsettled, [m.cost for m in found.months if m.cost]) == (("A",), [])
    assert WORDS["en"]["unsettled"] in {name for name, _, _ in assumptions(found, "en")}
    ended = forecast([lease(tmp_path, **{"lease.start": "2023-07-15", "lease.special_terms_end": "2025-12-31"})], BOOK, HORIZON)
    assert ended.unsettled == ()


def test_dimensions_add_up(found):
    for table, months in ((MONTHLY, found.months), *((x.table, x.months) for x in found.lines)):
        total = sum((m.cost for m in months), Decimal(0))
        for dimension in ("municipality", "organisation", "department"):
            assert sum((cost for _, _, cost in found.by(dimension, table)), Decimal(0)) == total


def test_the_months_as_a_table_hold_every_line(found):
    rows = found.con.execute(f"SELECT part, account, sum(cost), sum(active) FROM ({months_table(found)}) GROUP BY ALL").fetchall()
    sums = {part: (account, cost) for part, account, cost, _ in rows}
    assert sums.pop("") == ("5.57.72-002", sum((m.cost for m in found.months), Decimal(0)))
    for line in found.lines:
        cost = sum((m.cost for m in line.months), Decimal(0)) if line.priced else None
        assert sums.pop(line.part) == ("", cost)  # no account is established
    assert not sums


def test_the_same_seed_gives_the_same_leases(tmp_path):
    for made, kept in zip(write(tmp_path, 500, 7), FILES, strict=True):
        assert made.read_bytes() == kept.read_bytes(), "write them again: subsidyengine fixtures portfolio --leases 500 --seed 7"


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_workbook_holds_what_the_forecast_says(found, tmp_path, lang):
    import fastexcel

    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    write_workbook(found, one, lang)
    write_workbook(found, two, lang)
    assert one.read_bytes() == two.read_bytes()
    book = fastexcel.read_excel(one)
    words = WORDS[lang]
    assert book.sheet_names == [
        words[n] for n in ("overview", "months", "expiries", "falling", "budget", "split", "assumptions", "gaps", "sources")
    ]
    *months, total = book.load_sheet(words["months"]).to_arrow().to_pylist()
    assert Decimal(str(total[words["cost"]])).quantize(Decimal("0.01")) == sum(m.cost for m in found.months)
    assert [Decimal(str(m[words["cost"]])).quantize(Decimal("0.01")) for m in months] == [m.cost for m in found.months]
    assert len(book.load_sheet(words["expiries"]).to_arrow()) == len(found.expiries) + 1  # and the sum
    assert len(book.load_sheet(words["falling"]).to_arrow()) == len(found.falling)
    for line in found.lines:
        name = f"{line.title[lang]}: {words['cost' if line.priced else 'active']}"
        assert [Decimal(str(m[name])).quantize(Decimal("0.01")) for m in months] == [
            m.cost if line.priced else m.active for m in line.months
        ]
    budget = book.load_sheet(words["budget"]).to_arrow().to_pylist()
    lines = [row for row in budget if row[words["line"]]]
    year = f"2026, {words['prices.fixed']}"
    assert [Decimal(str(row[year])).quantize(Decimal("0.01")) for row in lines] == [b.years[0].fixed for b in found.budget()]
    assumptions = str(book.load_sheet(words["assumptions"]).to_arrow().to_pylist())
    assert BOOK.hash in assumptions
    assert "5.57.72" in assumptions
    assert WORDS["da"].keys() == WORDS["en"].keys()


def test_the_calendar_has_an_entry_for_each_expiry(found):
    from icalendar import Calendar

    entries = list(Calendar.from_ical(expiry_calendar(found, "da")).walk("VEVENT"))
    ahead = [f.day for f in found.falling if f.day and not f.passed]
    assert [e["DTSTART"].dt for e in entries] == [*(e.last_day for e in found.expiries), *ahead]
    assert len({e["UID"] for e in entries}) == len(entries)


def test_charts_are_drawn(found, tmp_path):
    pytest.importorskip("altair", reason="needs the extra `charts`")
    pytest.importorskip("vl_convert", reason="needs the extra `charts`")
    from subsidyengine.portfolio.charts import write_charts

    for kind, start in ((".svg", b"<svg"), (".png", b"\x89PNG")):
        files = write_charts(found, tmp_path, kind, "da")
        assert [f.name for f in files] == [f"{name}{kind}" for name in ("runoff", "heat", "stacked", "organisations")]
        assert all(f.read_bytes().startswith(start) for f in files)
    assert "Udgift pr. måned, kr." in (tmp_path / "runoff.svg").read_text(encoding="utf-8")
    (*_, page) = write_charts(found, tmp_path, ".html", "en")
    assert "https://cdn" not in page.read_text(encoding="utf-8"), "a page carries all that it needs"


def test_the_band_of_a_scenario_is_drawn_and_named(tmp_path):
    pytest.importorskip("altair", reason="needs the extra `charts`")
    pytest.importorskip("vl_convert", reason="needs the extra `charts`")
    from subsidyengine.portfolio.charts import write_charts

    scenarios = [Scenario("Nobody leaves"), Scenario("One per cent leaves", exits=Fraction(1, 100))]
    found = forecast([lease(tmp_path)], BOOK, Horizon(date(2026, 1, 1), 6), scenarios=scenarios)
    runoff = write_charts(found, tmp_path, ".svg", "en")[0].read_text(encoding="utf-8")
    assert "One per cent leaves (mean and 90 % band)" in runoff
    assert "Nobody leaves" not in runoff


LIABILITY_HORIZON = Horizon(date(2026, 7, 1), 12)


def test_every_month_owed_is_what_the_scalar_reading_comes_to_day_by_day(tmp_path):
    """Vacant dwellings, and leases with a notice or a vacancy in the year: each day decided by itself."""
    with FILES[0].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = FILES[0].read_text(encoding="utf-8").splitlines()
    held = [r["case"][0] == "V" or r["lease.relet_from"] > "2026-07" or r["dwelling.let_from"] > "2026-08" for r in rows]
    chosen = [line for line, wanted in zip(lines[1:], held, strict=True) if wanted][-45:]
    few = tmp_path / "few.csv"
    few.write_text("\n".join([lines[0], *chosen]) + "\n", encoding="utf-8")
    ids = {line.partition(",")[0] for line in chosen}
    dated = tmp_path / "dated.csv"
    statements = FILES[1].read_text(encoding="utf-8").splitlines()
    dated.write_text("\n".join([statements[0], *(s for s in statements[1:] if s.partition(",")[0] in ids)]) + "\n", encoding="utf-8")
    found = forecast([few, dated], BOOK, LIABILITY_HORIZON)
    paid, conclude = defaultdict(Fraction), Conclude(durable=False)
    for case in read_cases([few, dated], BOOK):
        if isinstance(case, CaseError):
            continue
        for number in range((LIABILITY_HORIZON.last - LIABILITY_HORIZON.first).days + 1):
            day = LIABILITY_HORIZON.first + timedelta(days=number)
            told = answer(
                Reading(BOOK, program_for(BOOK, "transitional.liability"), replace(case, on=day), day, None), conclude, events=False
            )
            for part in told.clauses:
                known = part.amount is not None and part.start is not None and (part.end is not None or part.outcome == "granted")
                if part.outcome != "refused" and known and part.start <= day <= (part.end or day):
                    length = monthrange(day.year, day.month)[1]
                    paid[case.id, part.clause.name, day.month, part.outcome] += Fraction(part.amount.value) / length
    cost = defaultdict(Decimal)
    for (_, part, month, _), exact in paid.items():
        cost[part, month] += quantize(exact, "0.01", ROUND_HALF_UP)
    for line in found.lines:
        if line.priced:
            assert [m.cost for m in line.months] == [cost[line.part, m.month.month] for m in line.months], line.part
    for part in ("vacancy_rent", "notice_rent"):
        assert sum(c for (p, _), c in cost.items() if p == part) > 5_000
