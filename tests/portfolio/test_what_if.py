"""Scenarios, early exits and the impact of another law."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app
from subsidyengine.portfolio.assumptions import assumptions
from subsidyengine.portfolio.exits import constant, kaplan_meier
from subsidyengine.portfolio.forecast import SCHEME, forecast
from subsidyengine.portfolio.impact import Side, impact
from subsidyengine.portfolio.months import Horizon
from subsidyengine.portfolio.scenario import ScenarioError
from subsidyengine.portfolio.scenario_files import read_scenarios
from subsidyengine.portfolio.scenario_sums import lying
from subsidyengine.portfolio.words import WORDS
from subsidyengine.rulebook import open_rulebook

from .leases import LEASE, forecast_of
from .test_forecast import FILES, lease

BOOK = open_rulebook()
FOUR_MONTHS = Horizon(date(2025, 11, 1), 4)


def scenario(tmp_path, text):
    file = tmp_path / "scenario.yaml"
    file.write_text(f"scenario: S\n{text}\n", encoding="utf-8")
    return read_scenarios([file], BOOK)[0]


def test_rent_grows_each_january(tmp_path):
    found = forecast([lease(tmp_path)], BOOK, FOUR_MONTHS, scenarios=[scenario(tmp_path, "rent_growth: 3")])
    # 5,000 kr. less 1,000 kr. of benefit; from January 5,150 less 1,000.
    assert found.scenarios[0].cost == {2025: Decimal("8000.00"), 2026: Decimal("8300.00")}
    assert sum(m.cost for m in found.months) == Decimal("16000.00")


def test_benefit_grows_too_and_lowers_the_refund(tmp_path):
    found = forecast([lease(tmp_path)], BOOK, FOUR_MONTHS, scenarios=[scenario(tmp_path, "benefit_growth: 10")])
    assert found.scenarios[0].cost == {2025: Decimal("8000.00"), 2026: Decimal("7800.00")}


def test_a_known_future_rent_does_not_grow_before_its_year_is_over(tmp_path):
    facts = tmp_path / "facts.csv"
    facts.write_text("case,fact,from,value\nA,lease.obligatory_payments,2026-01-01,100\n", encoding="utf-8")
    file = lease(tmp_path, **{"lease.obligatory_payments": ""})
    found = forecast([file, facts], BOOK, Horizon(date(2026, 1, 1), 1), scenarios=[scenario(tmp_path, "rent_growth: 3")])
    assert found.scenarios[0].cost == {2026: Decimal("4100.00")}


def test_another_term_ends_the_refund_earlier(tmp_path):
    found = forecast([lease(tmp_path)], BOOK, FOUR_MONTHS, scenarios=[scenario(tmp_path, "rates: {transitional_term_years: 2}")])
    # Begun on 1 January 2024: two years end on 31 December 2025.
    assert found.scenarios[0].cost == {2025: Decimal("8000.00"), 2026: Decimal("0.00")}
    assert "transitional_term_years = 2" in found.scenarios[0].rulebook


def test_a_rate_can_change_by_a_share(tmp_path):
    book = scenario(tmp_path, "rates: {section_110_daily: +5%}").rulebook(BOOK)
    assert book.rates["section_110_daily"].at(date(2023, 6, 1)).value == Fraction("96.71") * Fraction("1.05")
    assert book.rates["section_110_daily"].at(date(2026, 6, 1)).value is None, "what is not established stays so"
    assert book.hash != BOOK.hash


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        # The person has no income, so nothing is taken off for the facility: its rate is not in the refund.
        ("rates: {section_110_daily: +5%}", True),
        ("rates: {transitional_term_years: 2}", False),
        ("rent_growth: 3", False),
        ("rent_growth: 3\nrates: {section_110_daily: +5%}", False),
        ("rent_growth: 0", False),
    ],
)
def test_a_rate_that_nothing_rests_on_is_told(tmp_path, text, idle):
    found = forecast([lease(tmp_path)], BOOK, FOUR_MONTHS, scenarios=[scenario(tmp_path, text)])
    told = [value for name, value, _ in assumptions(found, "en") if name == "Rates in “S”"]
    assert told == [WORDS["en"]["idle.text"]] * idle


def test_what_leases_state_themselves_can_change_by_a_share(tmp_path):
    # Rent 5,000, benefit 1,000, own daily rate 100.10 from November: 5 % more is 105.105, to the øre 105.11. By 365/12 days:
    # 4,000 - 3,044.71 = 955.29, and 4,000 - 3,197.10 = 802.90. With rents 10 % down 500 less; never below nothing.
    told = [("facility.daily_rate", "2025-11-01", "100.10")]
    scenarios = [
        scenario(tmp_path, "facts: {facility.daily_rate: +5%}"), scenario(tmp_path, "facts: {facility.daily_rate: +5%, lease.rent: -10%}"),
        scenario(tmp_path, "rates: {section_110_daily: +5%}\nfacts: {facility.daily_rate: +5%}"),
        scenario(tmp_path, "rates: {section_110_daily: +5%}"),
    ]  # fmt: skip
    rows = {"A": {**LEASE, "person.has_income": "true"}}
    found = forecast_of(tmp_path, rows, date(2025, 11, 1), 2, {"A": told}, scenarios=scenarios)
    assert [str(m.cost) for m in found.months] == ["955.29"] * 2
    assert [s.ore for s in found.scenarios] == [(80_290,) * 2, (30_290,) * 2, (80_290,) * 2, (95_529,) * 2]
    said = [(name, value) for name, value, _ in assumptions(found, "en")]
    assert ("S", "facts.facility.daily_rate +5.00 %, facts.lease.rent -10.00 %") in said
    assert [value for name, value in said if name == "Rates in “S”"] == [WORDS["en"]["idle.text"]]


def test_growth_and_a_change_are_one_factor(tmp_path):
    # 5,000.01 * 1.025 * 1.03 = 5,278.7606, to the øre once: 5,278.76
    found = forecast_of(
        tmp_path, {"A": {**LEASE, "lease.rent": "5000.01"}}, date(2025, 12, 1), 2,
        scenarios=[scenario(tmp_path, "rent_growth: 3\nfacts: {lease.rent: +2.5%}")],
    )  # fmt: skip
    assert found.scenarios[0].ore == (412_501, 427_876)


def test_history_hears_of_move_outs_in_the_long_table(tmp_path):
    # One of two tenants moved out in the third month of the tenancy; it stands in the long table, the other's in no table.
    rows = {name: {**LEASE, "lease.start": "2024-01-01", "lease.special_terms_end": "2028-12-31"} for name in ("gone", "stays")}
    told = {"gone": [("lease.moved_out", "2024-03-20", "2024-03-20"), ("lease.start", "2023-12-01", "2024-01-01")]}
    found = forecast_of(tmp_path, rows, date(2025, 1, 1), 2, told, scenarios=[scenario(tmp_path, "exits: history")])
    curve = found.scenarios[0].survival
    assert (curve.exits, curve.share[:5]) == (1, (1.0, 1.0, 1.0, 0.5, 0.5))


def test_a_tenancy_is_as_old_as_the_long_table_says(tmp_path):
    # Half of the tenancies end in their second month, the last that was seen: beyond it the mean goes on, 1 - sqrt(1/2) a month.
    # One that began in December is in its third month by February and loses that each month; one of February has its second ahead.
    rows = {
        "old": {**LEASE, "lease.moved_out": ""},
        "new": {**LEASE, "lease.start": "2025-02-01"},
        "gone": {**LEASE, "lease.start": "2024-01-01"},
    }
    told = {"old": [("lease.start", "2024-12-01", "2024-12-01")], "gone": [("lease.moved_out", "2024-02-20", "2024-02-20")]}
    found = forecast_of(tmp_path, rows, date(2025, 2, 1), 3, told, scenarios=[scenario(tmp_path, "exits: history")])
    assert found.scenarios[0].survival.share == (1.0, 1.0, 0.5)
    assert [str(b.mean) for b in found.scenarios[0].by_month] == ["8000.00", "6828.43", "4000.00"]


def test_history_without_a_move_out_says_so(tmp_path):
    message = "no tenant has moved out before 2025-11, so there is nothing to estimate from: write a percentage a month"
    with pytest.raises(ScenarioError, match=message):
        forecast([lease(tmp_path)], BOOK, FOUR_MONTHS, scenarios=[scenario(tmp_path, "exits: history")])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rent_grwth: 3", "did you mean 'rent_growth'"),
        ("rates: {section_110_dayly: 5}", "did you mean 'section_110_daily'"),
        ("rates: {section_110_daily: high}", "neither a number nor a change"),
        ("exits: often", "neither a percentage a month from 0 to below 100 nor 'history'"),
        ("exits: 100", "below 100"),
        # A term counts whole years, an amount is not below nothing, and of what there is no more than all can be taken off.
        ("rates: {transitional_term_years: -3}", "makes it -3, which is no whole number from 0 to 100"),
        ("rates: {transitional_term_years: 2.5}", "makes it 2.5, which is no whole number"),
        ("rates: {transitional_term_years: +5%}", "makes it 2.1, which is no whole number"),
        ("rates: {transitional_term_years: 100000}", "which is no whole number from 0 to 100"),
        ("rates: {section_110_daily: -5}", "makes it -5, which it cannot be"),
        ("rates: {section_110_daily: -150%}", "makes it -43.5, which it cannot be"),
        ("rates: {section_110_daily: 5%}", "neither a number nor a change such as"),
        ("rates: {section_110_daily: .inf}", "neither a number nor a change such as"),
        ("facts: {facility.dayly_rate: +5%}", "did you mean 'facility.daily_rate'"),
        ("facts: {facility.daily_rate: 5}", "'5' is no change from -100% to"),
        ("facts: {facility.daily_rate: -150%}", "'-150%' is no change from -100% to"),
        ("facts: 5", "facts: names and values are needed, such as facility.daily_rate"),
        ("rates: 5", "rates: names and values are needed, such as section_110_daily"),
    ],
)
def test_a_wrong_scenario_says_what_is_wrong(tmp_path, text, message):
    with pytest.raises(ScenarioError, match=message):
        scenario(tmp_path, text)


def test_kaplan_meier_by_hand():
    # Five tenancies: one ends in its month 1, one is last seen in month 2, one ends in month 3, two run on in month 4.
    curve = kaplan_meier([1, 2, 3, 4, 4], [True, False, True, False, False])
    # share[t + 1]: after month t. 4/5 after month 1, then 4/5 * 2/3 after month 3, when three were left.
    assert curve.share == pytest.approx((1, 1, 0.8, 0.8, 0.8 * 2 / 3, 0.8 * 2 / 3))
    # Greenwood: 1 / (5 * 4) = 0.05. On the scale of log(-log): 1.64485 * sqrt(0.05) / -log(0.8) = 1.64827, so 0.8 ** exp(-+1.64827).
    assert (curve.low[2], curve.high[2]) == pytest.approx((0.31352, 0.95798), abs=5e-6)
    # After month 3: 0.05 + 1 / (3 * 2); 1.64485 * sqrt(0.21667) / -log(0.53333) = 1.21799.
    assert (curve.low[4], curve.high[4]) == pytest.approx((0.11944, 0.83031), abs=5e-6)
    assert curve.exits == 2


def test_history_names_the_months_that_somebody_was_seen_in(tmp_path):
    # One moved out in its month 3, the other has run for 20 months when the forecast begins: nothing is known of later months.
    gone = {**LEASE, "lease.start": "2024-05-01", "lease.moved_out": "2024-08-31"}
    stays = {**LEASE, "lease.start": "2024-05-01"}
    later = forecast_of(tmp_path, {"a": gone, "b": stays}, date(2026, 1, 1), 12, scenarios=[scenario(tmp_path, "exits: history")])
    assert any("Kaplan-Meier of 1 move-outs; after 12 months 50 % (" in value for _, value, _ in assumptions(later, "en"))
    assert any("efter 12 måneder er 50 % (" in value for _, value, _ in assumptions(later, "da"))
    sooner = forecast_of(tmp_path, {"a": gone, "b": stays}, date(2024, 10, 1), 12, scenarios=[scenario(tmp_path, "exits: history")])
    assert any("after 5 months 50 % (" in value for _, value, _ in assumptions(sooner, "en"))


def test_exits_give_a_band_that_holds_the_exact_mean(tmp_path):
    item = scenario(tmp_path, "exits: 2")
    horizon = Horizon(date(2026, 1, 1), 24)
    found = forecast(FILES, BOOK, horizon, scenarios=[item])
    again = forecast(FILES, BOOK, horizon, scenarios=[item])
    assert found.scenarios[0].bands == again.scenarios[0].bands, "the same every time"
    base: dict[int | None, Decimal] = {y: cost for y, _, _, cost, _, _ in found.years()}
    base[None] = sum(base.values(), Decimal(0))
    for year, band in found.scenarios[0].bands.items():
        assert band.low < band.mean < band.high < base[year]
    # Who moves out in a month costs that month: in month i 0.98**i of the leases that ran from the start are left. Leases that
    # begin later have had less time to end, so the true mean lies a little above.
    least = sum(float(m.cost) * 0.98**i for i, m in enumerate(found.months) if m.month.year == 2026)
    assert 0.99 * least < float(found.scenarios[0].bands[2026].mean) < 1.05 * least
    assert constant(Fraction(1, 50), 3).share == pytest.approx((1, 0.98, 0.98**2, 0.98**3))


def test_the_whole_period_has_a_band_too(tmp_path):
    # Two months on each side of New Year at 4,000 kr., half of those who are left leave each month: 4,000, 2,000 | 1,000, 500.
    # Of one lease the draws lie between leaving at once (4,000) and staying to the end (16,000).
    found = forecast(
        [lease(tmp_path, **{"lease.special_terms_end": "2026-12-31"})], BOOK, FOUR_MONTHS, scenarios=[scenario(tmp_path, "exits: 50")]
    )
    (item,) = found.scenarios
    assert [(year, str(band.mean)) for year, band in item.bands.items()] == [(2025, "6000.00"), (2026, "1500.00"), (None, "7500.00")]
    assert (item.bands[None].low, item.bands[None].high, item.total) == (Decimal(4000), Decimal(16000), Decimal(7500))
    (*_, whole) = lying(found.scenarios, {2025: Decimal(8000), 2026: Decimal(8000)})
    assert (whole.year, whole.bands) == (None, (Decimal(4000), Decimal(16000)))


def test_nobody_leaves_without_exits(tmp_path):
    found = forecast(FILES, BOOK, FOUR_MONTHS, scenarios=[scenario(tmp_path, "exits: 0")])
    costs = found.scenarios[0].cost
    for year, band in found.scenarios[0].bands.items():
        cost = sum(costs.values(), Decimal(0)) if year is None else costs[year]
        assert band.low == band.high
        assert abs(band.mean - cost) <= Decimal("1.00"), "months are not rounded case by case in a simulation"


def test_impact_names_whose_answer_changes(tmp_path):
    other = scenario(tmp_path, "rates: {transitional_term_years: 2}").rulebook(BOOK)
    found = impact([lease(tmp_path)], SCHEME, Side(BOOK, date(2026, 1, 1)), Side(other, date(2026, 1, 1)))
    assert (found.cases, found.changed, found.total_before, found.total_after) == (1, 1, Decimal("4000.00"), Decimal("0.00"))
    (case,) = found.typical
    assert (case.case, case.before, case.after, case.amount_before, case.amount_after) == (
        "A",
        "granted",
        "refused",
        Decimal("4000.00"),
        None,
    )
    assert case.findings == (("within-special-terms", "met", "not_met"),)
    assert found.rates == (("transitional_term_years", Fraction(5), Fraction(2)),)


def test_impact_of_the_same_law_is_nothing():
    side = Side(BOOK, date(2026, 3, 1))
    found = impact(FILES, SCHEME, side, side)
    assert (found.changed, found.kinds, found.typical) == (0, (), ())
    assert found.total_before == found.total_after > 0


def test_impact_of_another_day(tmp_path):
    found = impact([lease(tmp_path)], SCHEME, Side(BOOK, date(2026, 4, 20)), Side(BOOK, date(2026, 4, 21)))
    assert [(k.before, k.after, k.count) for k in found.kinds] == [("granted", "refused", 1)]


def test_impact_of_another_day_names_the_facts_that_changed(tmp_path):
    facts = tmp_path / "facts.csv"
    facts.write_text("case,fact,from,value\nA,lease.rent,2024-01-01,5000\nA,lease.rent,2026-02-01,5100.50\n", encoding="utf-8")
    found = impact([lease(tmp_path, **{"lease.rent": ""}), facts], SCHEME, Side(BOOK, date(2026, 1, 1)), Side(BOOK, date(2026, 2, 1)))
    (case,) = found.typical
    assert (case.amount_before, case.amount_after, case.findings) == (Decimal("4000.00"), Decimal("4100.50"), ())
    assert case.facts == (("lease.rent", "5000.00", "5100.50"),)


def test_the_commands(tmp_path):
    file, out = lease(tmp_path), tmp_path / "impact.csv"
    text = tmp_path / "three.yaml"
    text.write_text("scenario: Two years\nrates: {transitional_term_years: 2}\n", encoding="utf-8")
    found = CliRunner().invoke(app, ["impact", str(file), "--on", "2026-01-01", "--scenario", str(text), "--json", "--out", str(out)])
    assert found.exit_code == 0, found.stderr
    assert json.loads(found.stdout)["kinds"] == [
        {"before": "granted", "after": "refused", "cases": 1, "amount_before": "4000.00", "amount_after": "0.00"}
    ]
    assert Path(out).read_text(encoding="utf-8").splitlines()[0].startswith("row,case,outcome_before")
    months = CliRunner().invoke(app, ["forecast", str(file), "--from", "2025-11", "--months", "4", "--scenario", str(text), "--json"])
    document = json.loads(months.stdout)
    assert [m["cost"] for m in document["by_month"]] == ["4000.00"] * 4
    assert [y["cost"] for y in document["scenarios"][0]["by_year"]] == ["8000.00", "0.00"]
    shown = CliRunner().invoke(app, ["forecast", str(file), "--from", "2025-11", "--months", "4", "--scenario", str(text), "--lang", "da"])
    assert "Forudsætninger" in shown.stdout
    assert "-8.000,00" in shown.stdout
    nothing = CliRunner().invoke(app, ["impact", str(file), "--on", "2026-01-01"])
    assert nothing.exit_code == 2
    wrong = CliRunner().invoke(app, ["forecast", str(file), "--from", "2025-13"])
    assert wrong.exit_code == 2
