"""Many scenarios in one run, each as it would be alone: against timelines of the scalar reading over facts that grew beforehand."""

from __future__ import annotations

import csv
import json
from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from subsidyengine.cli.app import app
from subsidyengine.decision import Conclude, Reading, answer, program_for
from subsidyengine.facts import Case, Given, read_cases
from subsidyengine.formula import quantize
from subsidyengine.portfolio import connect
from subsidyengine.portfolio.chance import Chance, Stays
from subsidyengine.portfolio.compare import Compared, compare
from subsidyengine.portfolio.exits import Survival, constant
from subsidyengine.portfolio.forecast import SCHEME
from subsidyengine.portfolio.months import PART_MONTHS, Horizon
from subsidyengine.portfolio.run import silent
from subsidyengine.portfolio.scenario import BENEFITS, RENTS, Scenario, ScenarioError
from subsidyengine.portfolio.scenario_files import read_scenarios
from subsidyengine.portfolio.scenario_sums import lying
from subsidyengine.portfolio.source import open_source
from subsidyengine.portfolio.synthetic import write
from subsidyengine.rulebook import open_rulebook
from subsidyengine.timeline import timeline

from .leases import LEASE, forecast_of
from .test_forecast import lease

BOOK = open_rulebook()
DAY = timedelta(days=1)


def grown(case: Case, growth, horizon: Horizon) -> Case:
    """The case with each rent and benefit as it is after its growth: a statement of its own each 1 January."""
    facts = dict(case.facts)
    for name, share in growth.items():
        if name not in facts:
            continue
        told, made = sorted(facts[name], key=lambda g: g.from_ or date.min), []
        for given_, after in zip(told, [*told[1:], None], strict=True):
            made.append(given_)
            base = max((given_.from_ or date.min).year, horizon.first.year)
            for year in range(base + 1, horizon.last.year + 1):
                day = date(year, 1, 1)
                if (after is None or day < after.from_) and isinstance(given_.value, int | Fraction):
                    # The factor to nine decimals, then the amount to the øre, halves up.
                    factor = Fraction(quantize((1 + share) ** (year - base), "0.000000001", ROUND_HALF_UP))
                    made.append(Given(Fraction(quantize(Fraction(given_.value) * factor, "0.01", ROUND_HALF_UP)), day))
        facts[name] = tuple(made)
    return replace(case, facts=facts)


def alone(cases, book, growth, horizon: Horizon, part_months: str):
    """Cost in øre and running refunds by month, one case and one stretch after another."""
    cost, active = defaultdict(int), defaultdict(int)
    for plain in cases:
        case = replace(grown(plain, growth, horizon), on=horizon.first)
        conclude = Conclude(durable=False)
        reading = Reading(book, program_for(book, SCHEME), case, horizon.first, None)
        paid = defaultdict(Fraction)
        for segment in timeline(answer(reading, conclude), conclude).segments:
            chosen = segment.answer.chosen
            if segment.outcome == "refused" or chosen is None or chosen.start is None:
                continue
            first = max(segment.from_, horizon.first, chosen.start)
            last = min(segment.to or horizon.last, horizon.last, chosen.end or horizon.last)
            for number in range(horizon.months):
                month, end = horizon.month(number), horizon.month(number + 1) - DAY
                a, b = max(first, month), min(last, end)
                if a > b:
                    continue
                active[number] += b == end
                if part_months == "days":
                    paid[number] += Fraction(segment.amount or 0) * ((b - a).days + 1) / monthrange(month.year, month.month)[1]
                elif a == month:
                    paid[number] += Fraction(segment.amount or 0)
        for number, exact in paid.items():
            cost[number] += int(quantize(exact, "0.01", ROUND_HALF_UP) * 100)
    return tuple(cost[i] for i in range(horizon.months)), tuple(active[i] for i in range(horizon.months))


PERCENT = st.integers(-300, 700).map(lambda n: Fraction(n, 10_000))
RATE = st.one_of(
    st.tuples(st.just("value"), st.integers(5_000, 15_000).map(lambda n: Fraction(n, 100))),
    st.tuples(st.just("factor"), st.integers(-20, 20).map(lambda n: 1 + Fraction(n, 100))),
)
TERM = st.tuples(st.just("value"), st.sampled_from([2, 3, 5, 7]).map(Fraction))


@st.composite
def scenarios(draw):
    rent, benefit = draw(st.one_of(st.just(Fraction(0)), PERCENT)), draw(st.one_of(st.just(Fraction(0)), PERCENT))
    growth = dict.fromkeys(RENTS, rent) | dict.fromkeys(BENEFITS, benefit)
    rates = {}
    for name, change in (("section_110_daily", RATE), ("section_109_daily", RATE), ("transitional_term_years", TERM)):
        if draw(st.booleans()):
            rates[name] = draw(change)
    return Scenario("S", {f: g for f, g in growth.items() if g}, None, rates)


def portfolio(folder, seed: int, leases: int):
    """Invented leases; for half of them the daily rate is the law's, not the municipality's own."""
    files = write(folder, leases, seed)
    with files[1].open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    kept = [r for r in rows if r[1] != "facility.daily_rate" or int(r[0][-1]) % 2]
    with files[1].open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *kept])
    return list(files)


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    some=st.lists(scenarios(), min_size=8, max_size=8), seed=st.integers(0, 10**6), first=st.sampled_from([date(2023, 5, 1), date(2025, 11, 1)]),
    part_months=st.sampled_from(PART_MONTHS),
)  # fmt: skip
def test_each_of_many_is_what_it_is_alone(tmp_path_factory, some, seed, first, part_months):
    files, horizon = portfolio(tmp_path_factory.mktemp("leases"), seed, 60), Horizon(first, 26)
    backend = connect()
    source = open_source(backend.con, files, BOOK, horizon.first, None)
    found = compare(backend.con, backend, BOOK, SCHEME, source.layout, horizon, part_months, some, silent)
    cases = [c for c in read_cases(files, BOOK) if isinstance(c, Case)]
    for scenario, item in zip(some, found, strict=True):
        assert (item.ore, item.active) == alone(cases, scenario.rulebook(BOOK), scenario.growth, horizon, part_months), scenario
    assert sum(sum(item.ore) for item in found) > 0


# bands -----------------------------------------------------------------------------------------------------------------


def block(cells, tenure=None, first=None):
    """Cases with these øre a month, all running while they cost."""
    cells = np.array(cells)
    none = np.zeros(len(cells), int)
    return cells, (cells > 0).astype(int), none if tenure is None else np.array(tenure), none if first is None else np.array(first)


def bands(cells, survival, years, few, **times):
    cells, running, tenure, first = block(cells, **times)
    chance = Chance(years, few)
    chance.add(cells, running, Stays(survival, tenure, first, np.zeros(len(cells), bool), cells.shape[1]))
    found = chance.bands()
    return found.cost, found.active, found.yearly


def test_the_mean_is_exact_by_hand():
    # 100 kr. in each of three months; half of those who are left leave each month, who leaves costs that month.
    cost, active, yearly = bands([[10_000] * 3], constant(Fraction(1, 2), 3), [slice(0, 3)], few=True)
    assert [b.mean for b in cost] == [Decimal("100.00"), Decimal("50.00"), Decimal("25.00")]
    assert [b.mean for b in active] == [Decimal("0.5"), Decimal("0.2"), Decimal("0.1")], "at the ends of the months: 0.5, 0.25, 0.125"
    assert yearly[0].mean == Decimal("175.00")
    # One tenancy is there or not: half the draws cost 100 kr., a quarter 200, a quarter 300.
    assert (yearly[0].low, yearly[0].high) == (Decimal("100.00"), Decimal("300.00"))


@pytest.mark.parametrize("few", [False, True])
def test_years_are_the_sums_of_their_months_to_the_oere(few):
    rows = np.random.default_rng(3).integers(0, 900_000, size=(40, 1)) * np.ones((1, 24), int)
    years = [slice(0, 7), slice(7, 19), slice(19, 24), slice(0, 24)]
    cost, _, yearly = bands(rows, constant(Fraction(1, 70), 30), years, few)
    assert [b.mean for b in yearly] == [sum(b.mean for b in cost[months]) for months in years]
    assert sum(b.mean for b in yearly[:3]) == yearly[3].mean
    assert all(b.low <= b.mean <= b.high for b in yearly)


def test_a_tenancy_that_has_lasted_is_as_likely_to_last_on():
    curve = Survival((1.0, 0.5, 0.4, 0.1), (1.0,) * 4, (1.0,) * 4)
    # Two months old: 0.1 of 0.4 last into the next month. One that begins in the second month starts anew.
    cost, _, _ = bands([[10_000, 10_000], [0, 10_000]], curve, [slice(0, 2)], few=False, tenure=[2, 0], first=[0, 1])
    assert [b.mean for b in cost] == [Decimal("100.00"), Decimal("125.00")]


@pytest.mark.parametrize("estimated", [False, True])
def test_moments_and_draws_agree(estimated):
    rows = np.random.default_rng(5).integers(0, 900_000, size=(180, 1)) * np.ones((1, 12), int)
    share = tuple(0.98**t for t in range(40))
    curve = Survival(share, tuple(s**1.3 for s in share), tuple(s**0.7 for s in share), 20 if estimated else None)
    for drawn, reckoned in zip(*(bands(rows, curve, [slice(0, 12)], few, tenure=[5] * 180) for few in (True, False)), strict=True):
        for one, other in zip(drawn, reckoned, strict=True):
            assert one.mean == other.mean
            width = other.high - other.low
            assert abs(one.low - other.low) <= width / 5 + 1
            assert abs(one.high - other.high) <= width / 5 + 1


def test_a_sum_over_many_is_independent_of_how_they_are_parted(tmp_path, monkeypatch):
    files, horizon = portfolio(tmp_path, 3, 300), Horizon(date(2026, 1, 1), 14)
    backend = connect()
    source = open_source(backend.con, files, BOOK, horizon.first, None)
    some = [Scenario("half", exits=Fraction(1, 200)), Scenario("history", exits="history")]
    monkeypatch.setattr("subsidyengine.portfolio.reckoned.FEW", 0)
    whole = compare(backend.con, backend, BOOK, SCHEME, source.layout, horizon, "days", some, silent)
    monkeypatch.setattr("subsidyengine.portfolio.tally.BLOCK", 17)
    assert compare(backend.con, backend, BOOK, SCHEME, source.layout, horizon, "days", some, silent) == whole
    for item in whole:
        assert all(b.low <= b.mean <= b.high for b in (*item.by_month, *item.running, *item.bands.values()))


def test_who_is_known_to_move_out_leaves_on_that_day_and_no_other(tmp_path):
    # 4,000 kr. a month each. Half of those who are left move out a month: in March 1/4 of one lease is left, and two whose days are told.
    rows = {"on": LEASE, "told": {**LEASE, "lease.moved_out": "2026-03-31"}, "told-later": LEASE}
    forecast_of(tmp_path, rows, date(2026, 1, 1), 4, {"told-later": [("lease.moved_out", "2026-02-10", "2026-03-31")]})
    backend, horizon = connect(), Horizon(date(2026, 1, 1), 4)
    source = open_source(backend.con, [tmp_path / "rows.csv", tmp_path / "dated.csv"], BOOK, horizon.first, None)
    [item] = compare(backend.con, backend, BOOK, SCHEME, source.layout, horizon, "days", [Scenario("half", exits=Fraction(1, 2))], silent)
    assert [b.mean for b in item.by_month] == [Decimal(x) for x in ("12000.00", "10000.00", "9000.00", "500.00")]
    assert item.by_month[2].low >= 8000, "the two cost their 4,000 kr. for sure"


# files -----------------------------------------------------------------------------------------------------------------


def read(tmp_path, text, name="s.yaml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_scenarios([file], BOOK)


def test_a_sweep_is_every_combination(tmp_path):
    found = read(
        tmp_path, "scenario: S\nsweep:\n  rent_growth: {from: 0, to: 1, step: 0.5}\n  rates.transitional_term_years: [3, 5]\nexits: 1\n"
    )
    assert [s.name for s in found[:2]] == ["S: rent_growth 0, transitional_term_years 3", "S: rent_growth 0, transitional_term_years 5"]
    assert [s.growth.get("lease.rent", 0) for s in found] == [0, 0, Fraction(1, 200), Fraction(1, 200), Fraction(1, 100), Fraction(1, 100)]
    assert {s.exits for s in found} == {Fraction(1, 100)}


def test_facts_stand_in_sweeps_and_tables_too(tmp_path):
    swept = read(tmp_path, "{scenario: A, sweep: {facts.facility.daily_rate: [+5%, -5%]}}")
    assert [(s.name, s.facts) for s in swept] == [
        ("A: facility.daily_rate +5%", {"facility.daily_rate": Fraction(21, 20)}), ("A: facility.daily_rate -5%", {"facility.daily_rate": Fraction(19, 20)}),
    ]  # fmt: skip
    (row,) = read(tmp_path, "scenario;facts.facility.daily_rate\nA;+2,5%\n", "s.csv")
    assert row.facts == {"facility.daily_rate": Fraction(41, 40)}


def test_lists_documents_tables_and_folders_say_the_same(tmp_path):
    one, other = "scenario: A\nrent_growth: 2.5", "scenario: B\nexits: history\nrates: {section_110_daily: +5%}"
    listed = read(tmp_path, f"- {one.replace(chr(10), chr(10) + '  ')}\n- {other.replace(chr(10), chr(10) + '  ')}\n")
    assert listed == read(tmp_path, f"{one}\n---\n{other}\n", "documents.yaml")
    table = "scenario;rent_growth;exits;rates.section_110_daily\nA;2,5;;\nB;;history;+5%\n"
    assert listed == read(tmp_path, table, "table.csv")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "1.yaml").write_text(one, encoding="utf-8")
    (folder / "2.yaml").write_text(other, encoding="utf-8")
    assert listed == read_scenarios([folder], BOOK)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("s.csv", "scenario,rent_grwth\nA,3\n", r"s.csv:2: rent_grwth: .*did you mean 'rent_growth'"),
        ("s.csv", "scenario,rates.section_110_dayly\nA,3\n", "did you mean 'section_110_daily'"),
        ("s.yaml", "- {scenario: A}\n- {scenario: A}\n", "two scenarios are called 'A'"),
        ("s.yaml", "- {scenario: A}\n- {scenario: B, exits: often}\n", "scenario 2: exits: 'often'"),
        ("s.yaml", "{scenario: A, rent_growth: 300}", "'300' is no percentage a year from above -100 to 100"),
        ("s.yaml", "{scenario: A, rent_growth: '3,5'}", "'3,5' is no percentage"),
        ("s.yaml", "{scenario: A, rent_growth: .nan, exits: 100}", "(?s)'nan' is no percentage.*exits: '100' is neither"),
        ("s.yaml", "scenario: A\nscenario: B\n", 's.yaml:2: not YAML: found duplicate key "scenario"'),
        ("s.yaml", "{scenario: '', rates: 5}", "(?s)scenario: its name is needed.*rates: names and values are needed"),
        ("s.yaml", "{scenario: A, rent_growth: 1, sweep: {rent_growth: [1, 2]}}", "rent_growth: stands in the sweep and beside it"),
        (
            "s.yaml",
            "{scenario: A, rates: {section_110_daily: 90}, sweep: {rates.section_110_daily: [1]}}",
            "stands in the sweep and beside",
        ),
        ("s.yaml", "{scenario: A, rates: 5, sweep: {rates.section_110_daily: [1]}}", "rates: names and values are needed"),
        ("s.csv", "scenario,rates,rates.section_110_daily\nA,5,90\n", "rates: names and values are needed"),
        ("s.csv", "scenario,rent_growth,rent_growth\nA,1,2\n", "s.csv: two columns are called 'rent_growth'"),
        ("s.yaml", "sweep: {rent_growth: {from: 0, to: 4}}", "a list of values is needed"),
        ("s.yaml", "sweep: {rent_growth: {from: 0, to: 4, step: 0.0001}}", "a run takes 10000"),
        ("s.csv", "scenario,rent_growth\nA,3,5\n", "s.csv:2: more cells than the header has"),
        ("s.yaml", "", "s.yaml: no scenario in this file"),
        ("s.yaml", "- 3\n", "s.yaml: a scenario has names and values: scenario, rent_growth"),
        ("s.txt", "scenario: A", "cannot read files of this kind"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path, name, text, message):
    with pytest.raises(ScenarioError, match=message):
        read(tmp_path, text, name)


def test_a_sign_of_per_cent_may_stand(tmp_path):
    assert read(tmp_path, "{scenario: A, rent_growth: 3 %, exits: 0.5%}") == read(tmp_path, "{scenario: A, rent_growth: 3, exits: 0.5}")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ScenarioError, match=r"nothing\.yaml: no such file"):
        read_scenarios([tmp_path / "nothing.yaml"], BOOK)


def test_nothing_in_a_folder_is_told(tmp_path):
    with pytest.raises(ScenarioError, match="no scenario in this folder"):
        read_scenarios([tmp_path], BOOK)


def test_where_many_lie_is_the_nearest_rank():
    def item(number):
        return Compared(Scenario(f"S{number}"), "", (), (), (), {2026: Decimal(number)}, {})

    (found,) = lying([item(n) for n in (30, 10, 20, 40)], {2026: Decimal(25)})
    # Of four, 5 % and 25 % are the first, 50 % the second, 75 % the third, 95 % the fourth.
    assert list(found.at.values()) == [10, 10, 10, 20, 30, 40, 40]
    assert (found.cheapest, found.dearest, found.bands) == ("S10", "S40", None)


def test_many_scenarios_on_the_command_line(tmp_path):
    sweep, out = tmp_path / "sweep.yaml", tmp_path / "all.csv"
    sweep.write_text("scenario: S\nsweep: {rent_growth: {from: 0, to: 6, step: 0.5}}\nexits: 1\n", encoding="utf-8")
    asked = ["forecast", str(lease(tmp_path)), "--from", "2025-11", "--months", "4", "--scenarios", str(sweep)]
    shown = CliRunner().invoke(app, [*asked, "--lang", "da", "--scenarios-out", str(out), "--xlsx", str(tmp_path / "book.xlsx")])
    assert shown.exit_code == 0, shown.stderr
    assert "13 scenarier" in shown.stdout
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == 13 * 4
    assert all(float(r["low"]) <= float(r["cost"]) <= float(r["high"]) for r in rows)
    document = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    year = document["scenarios"][6]["by_year"][1]
    # Three per cent from January: 5,150 less 1,000 kr.; nobody leaves, and with one per cent a month less.
    assert (year["cost"], year["band"][1]) == ("8300.00", "8300.00")
    assert Decimal(year["mean"]) == (4150 * Decimal("0.9801") + 4150 * Decimal("0.970299")).quantize(Decimal("0.01"))
    assert document["scenario_summary"][0]["per_cent"].keys() == {"0", "5", "25", "50", "75", "95", "100"}
