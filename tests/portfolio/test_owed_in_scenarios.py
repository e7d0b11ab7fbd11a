"""What is owed to landlords in scenarios: by hand, and each of many as a forecast of its own over facts that grew beforehand."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from subsidyengine.cli.app import app
from subsidyengine.facts import Case, read_cases
from subsidyengine.formula import exact_decimal
from subsidyengine.portfolio import connect, reckon
from subsidyengine.portfolio.compare import compare
from subsidyengine.portfolio.forecast import SCHEME, forecast
from subsidyengine.portfolio.liability import LIABILITY
from subsidyengine.portfolio.months import PART_MONTHS, Horizon
from subsidyengine.portfolio.run import silent
from subsidyengine.portfolio.scenario import BENEFITS, RENTS, Scenario
from subsidyengine.portfolio.source import open_source
from subsidyengine.rulebook import open_rulebook

from .leases import LEASE
from .test_scenarios import PERCENT, TERM, grown, portfolio

BOOK = open_rulebook()
RENT, GUARANTEE, NOTICE = "vacancy_rent", "restoration_guarantee", "notice_rent"
THREE_PER_CENT = Scenario("Rents", dict.fromkeys(RENTS, Fraction(3, 100)))
HALF_LEAVE = Scenario("Half leave", exits=Fraction(1, 2))
VACANT = {
    "dwelling.kind": "family", "agreement.transitional": "true", "dwelling.available_to_municipality_from": "2025-11-01",
    "dwelling.rent": "6000", "dwelling.consumption_in_rent": "500",
}  # fmt: skip
#: The tenancy of a transitional dwelling that nobody has left yet: 5,000 kr. a month.
TENANCY = {
    **LEASE, "agreement.transitional": "true", "lease.allocated_by_municipality": "true",
    "dwelling.available_to_municipality_from": "2024-01-01", "dwelling.let_from": "2024-01-01",
}  # fmt: skip
NOTICED = {
    **TENANCY, "lease.notice_requested_by_municipality_on": "2025-12-10", "lease.notice_received_on": "2025-12-15",
    "lease.ordinary_notice_date": "2026-03-31",
}  # fmt: skip


def rows(folder, **cases):
    file = folder / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["case", *dict.fromkeys(name for row in cases.values() for name in row)], restval="")
        writer.writeheader()
        writer.writerows({"case": case, **row} for case, row in cases.items())
    return [file]


def owed(files, first, months, *some, part_months="days"):
    found = forecast(files, BOOK, Horizon(first, months), part_months, scenarios=some)
    return found, [item.owed for item in found.scenarios]


def kr(*amounts):
    return [Decimal(a) for a in amounts]


# growth and rates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dwelling", "cost"),
    [
        # 6,000 less 500 for consumption in it; from January 6,180 less 515.
        (VACANT, {2025: "11000.00", 2026: "11330.00"}),
        # The rent of the lease stands in where none is quoted: 5,000, then 5,150.
        ({**VACANT, "dwelling.rent": "", "dwelling.consumption_in_rent": "", "lease.rent": "5000"}, {2025: "10000.00", 2026: "10300.00"}),
    ],
)
def test_the_rent_of_a_vacant_dwelling_grows_too(tmp_path, dwelling, cost):
    found, [grew, as_is] = owed(rows(tmp_path, V=dwelling), date(2025, 11, 1), 4, THREE_PER_CENT, Scenario("As is"))
    assert grew[RENT].cost == {year: Decimal(amount) for year, amount in cost.items()}
    (line,) = found.lines
    assert as_is[RENT].ore == tuple(m.cost * 100 for m in line.months)


@pytest.mark.parametrize(
    ("months", "cost"),
    [
        # Given up on 15 February: three months are over on 15 May, so the first weekday of June, Monday the 1st, is the last day.
        (3, "30200.00"),  # January to May and one day of 30
        # Two months are over on 15 April: Friday 1 May.
        (2, "24193.55"),  # January to April and one day of 31
    ],
)
def test_another_notice_moves_the_last_day_of_a_dwelling_given_up(tmp_path, months, cost):
    dwelling = {**VACANT, "dwelling.consumption_in_rent": "", "lease.withdrawn_on": "2026-02-15"}
    some = [Scenario("Notice", rates={"notice_months": ("value", Fraction(months))}), Scenario("As is")]
    found, [made, as_is] = owed(rows(tmp_path, V=dwelling), date(2026, 1, 1), 8, *some)
    assert made[RENT].cost == {2026: Decimal(cost)}
    assert as_is[RENT].cost == {2026: Decimal("30200.00")}
    assert "notice_months" in found.scenarios[0].rulebook


def test_a_scenario_can_owe_where_the_forecast_has_no_line(tmp_path):
    # Under three months of notice the rent ended on 1 June 2026; under twelve it runs to Monday 1 March 2027.
    dwelling = {**VACANT, "dwelling.consumption_in_rent": "", "lease.withdrawn_on": "2026-02-15"}
    longer = Scenario("A year", rates={"notice_months": ("value", Fraction(12))})
    found, [made] = owed(rows(tmp_path, V=dwelling), date(2027, 1, 1), 4, longer)
    assert found.lines == ()
    assert made[RENT].cost == {2027: Decimal("12193.55")}


# exits ---------------------------------------------------------------------------------------------------------------


def test_each_early_move_out_makes_a_guarantee_fall_due(tmp_path):
    told = {**TENANCY, "lease.moved_out": "2026-02-10"}
    _, [plain] = owed(rows(tmp_path, on=TENANCY, told=told), date(2026, 1, 1), 3, HALF_LEAVE)
    guarantee = plain[GUARANTEE]
    # Half of those who are left leave a month: 1/2, 1/4 and 1/8 of a lease are left; the other falls due on 10 February, for sure.
    assert [b.mean for b in guarantee.running] == kr("1.5", "0.2", "0.1"), "1.5, 0.25 and 0.125 to a tenth"
    assert [b.mean for b in guarantee.leaving] == kr("0.5", "1.2", "0.1"), "0.5, 1 + 0.25 and 0.125 to a tenth"
    assert guarantee.leaving_yearly[2026].mean == Decimal("1.9"), "1 + 7/8"
    assert (guarantee.leaving_yearly[2026].low, guarantee.leaving_yearly[2026].high) == (1, 2)
    assert (guarantee.active, guarantee.ending, guarantee.bands) == ((2, 1, 1), (0, 1, 0), {}), "law names no amount"


def test_a_move_out_after_a_notice_brings_rent_from_the_month_after(tmp_path):
    found, [made] = owed(rows(tmp_path, N=NOTICED), date(2026, 1, 1), 5, HALF_LEAVE)
    # A notice at the municipality's request would have taken effect on 31 March. Half have left before February, three quarters before March.
    assert [b.mean for b in made[NOTICE].by_month] == kr("0.00", "2500.00", "3750.00", "0.00", "0.00")
    # Who leaves in January brings 10,000 kr., in February 5,000, later nothing.
    band = made[NOTICE].bands[2026]
    assert (band.mean, band.low, band.high) == (Decimal("6250.00"), 0, 10_000)
    assert (made[NOTICE].cost, made[NOTICE].supposed, made[NOTICE].drawn) == ({2026: Decimal("0.00")}, 1, True)
    assert found.lines[-1].lacking == ("N",), "the forecast itself cannot say when the tenant leaves"


def test_rent_after_a_notice_ends_with_a_re_letting_that_is_told(tmp_path):
    _, [made] = owed(rows(tmp_path, N={**NOTICED, "lease.relet_from": "2026-03-01"}), date(2026, 1, 1), 5, HALF_LEAVE)
    assert [b.mean for b in made[NOTICE].by_month] == kr("0.00", "2500.00", "0.00", "0.00", "0.00")


def test_exact_moments_of_what_a_move_out_brings(tmp_path):
    # 400 alike: 10,000 with 1/2, 5,000 with 1/4, else nothing: mean 6,250, variance 17,187,500 (50 + 6.25 - 39.0625 million) for each.
    _, [made] = owed(rows(tmp_path, **{f"N{i}": NOTICED for i in range(400)}), date(2026, 1, 1), 5, HALF_LEAVE)
    band = made[NOTICE].bands[2026]
    assert (band.mean, made[NOTICE].drawn) == (Decimal("2500000.00"), False)
    # 1.64485 * sqrt(400 * 17,187,500) = 136,383; the third moment leans it by less than a standard deviation of one case.
    assert float(band.high - band.low) == pytest.approx(2 * 136_383, rel=1e-4)


def test_a_move_out_without_a_notice_brings_no_rent_and_no_vacancy(tmp_path):
    files = rows(tmp_path, on=TENANCY, told={**NOTICED, "lease.moved_out": "2026-01-31"}, V=VACANT)
    _, [made, as_is] = owed(files, date(2026, 1, 1), 4, HALF_LEAVE, Scenario("As is"))
    # From 31 January to 31 March: one day of 31 and two months of 5,000 kr.
    assert made[NOTICE] == as_is[NOTICE]
    assert made[NOTICE].cost == {2026: Decimal("10161.29")}
    assert made[RENT] == as_is[RENT]
    assert made[RENT].bands == {}


# each as it is alone -------------------------------------------------------------------------------------------------


@st.composite
def scenarios(draw):
    rent, benefit = draw(PERCENT), draw(PERCENT)
    growth = dict.fromkeys(RENTS, rent) | dict.fromkeys(BENEFITS, benefit)
    rates = {"notice_months": ("value", Fraction(draw(st.integers(1, 7))))} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        rates["transitional_term_years"] = draw(TERM)
    return Scenario("S", {f: g for f, g in growth.items() if g}, None, rates)


def grown_files(folder, files, growth, horizon):
    """The same cases, with each rent and benefit as a statement of its own for each year that it has grown."""
    with files[0].open(encoding="utf-8") as file:
        header, *wide = csv.reader(file)
    with files[1].open(encoding="utf-8") as file:
        long = [row for row in csv.reader(file) if row[1] not in growth]
    for case in read_cases(files, BOOK):
        if isinstance(case, Case):
            for name, statements in grown(case, growth, horizon).facts.items():
                if name in growth:
                    said = [(s, "" if s.value is None else str(exact_decimal(s.value))) for s in statements]
                    long += [[case.id, name, s.from_.isoformat() if s.from_ else "1900-01-01", value] for s, value in said if value]
    kept = [i for i, name in enumerate(header) if name not in growth]
    made = [folder / "grown.csv", folder / "grown-facts.csv"]
    for file, lines in zip(made, ([[row[i] for i in kept] for row in (header, *wide)], long), strict=True):
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(lines)
    return made


@settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(some=st.lists(scenarios(), min_size=4, max_size=4), seed=st.integers(0, 10**6), part_months=st.sampled_from(PART_MONTHS))
def test_each_of_many_is_a_forecast_of_its_own(tmp_path_factory, some, seed, part_months):
    folder = tmp_path_factory.mktemp("leases")
    files, horizon = portfolio(folder, seed, 120), Horizon(date(2025, 11, 1), 26)
    many = forecast(files, BOOK, horizon, part_months, scenarios=some).scenarios
    assert sum(sum(made.ore) for item in many for made in item.owed.values()) > 0
    for scenario, item in zip(some, many, strict=True):
        alone = forecast(grown_files(folder, files, scenario.growth, horizon), scenario.rulebook(BOOK), horizon, part_months)
        assert item.ore == tuple(m.cost * 100 for m in alone.months), scenario
        assert item.active == tuple(m.active for m in alone.months)
        assert {line.part for line in alone.lines} >= {part for part, made in item.owed.items() if made.something}
        for line in alone.lines:
            made = item.owed[line.part]
            told = [(m.cost * 100, m.active, m.ending) for m in line.months]
            assert told == list(zip(made.ore, made.active, made.ending, strict=True)), line.part


def compared(files, horizon, some):
    backend = connect()
    source = open_source(backend.con, files, BOOK, horizon.first, None)
    return compare(backend.con, backend, BOOK, SCHEME, source.layout, horizon, "days", some, silent)


def test_with_exits_each_of_many_is_what_it_is_alone(tmp_path):
    files, horizon = portfolio(tmp_path, 11, 250), Horizon(date(2026, 1, 1), 14)
    some = [Scenario(f"{e}", growth=THREE_PER_CENT.growth, exits=e) for e in (None, Fraction(1, 100), "history")]
    many = compared(files, horizon, some)
    for scenario, item in zip(some, many, strict=True):
        assert compared(files, horizon, [scenario]) == (item,)
    for item in many[1:]:
        for band in (*item.owed[GUARANTEE].running, *item.owed[GUARANTEE].leaving, *item.owed[GUARANTEE].leaving_yearly.values()):
            assert band.low <= band.mean <= band.high


def test_twenty_terms_are_one_reading(tmp_path, monkeypatch):
    files, horizon, plans = portfolio(tmp_path, 5, 40), Horizon(date(2025, 1, 1), 24), []
    monkeypatch.setattr(reckon, "plan", lambda *given, plan=reckon.plan: plans.append(1) or plan(*given))
    terms = [Scenario(f"{n} years", rates={"transitional_term_years": ("value", Fraction(n))}) for n in range(1, 21)]
    many = compared(files, horizon, terms)
    assert len(plans) == 1 + len(BOOK.schemes[LIABILITY].clauses), "the refund's right, and that of each part"
    assert many[0].total < many[1].total < many[2].total
    monkeypatch.setattr(reckon, "AT_ONCE", 1)
    assert compared(files, horizon, terms) == many, "one right after another comes to the same"


# outputs -------------------------------------------------------------------------------------------------------------


def run(*asked):
    found = CliRunner().invoke(app, ["forecast", *map(str, asked)])
    assert found.exit_code == 0, found.stderr
    return found.stdout


def test_what_a_scenario_owes_is_shown_beside_the_forecast(tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text(
        "- {scenario: Rents, rent_growth: 3}\n- {scenario: Terms, rates: {transitional_term_years: 3}}\n- {scenario: Out, exits: 50}\n"
    )
    asked = [*rows(tmp_path, on=TENANCY, V=VACANT, N=NOTICED), "--from", "2025-12", "--months", "4", "--scenarios", file]
    shown = run(*asked, "--lang", "en")
    # December 5,500; then 3 x 5,665 instead of 3 x 5,500.
    assert "Rents     Rent for the vacant dwelling" in shown
    assert "16,995.00           495.00" in shown
    assert "Owed to landlords as in the forecast: Terms" in shown
    assert "change nothing: a move-out does not put the dwelling at the municipality's disposal" in shown
    assert "only where the notice is told, the move-out not (1 cases)" in shown
    danish = run(*asked, "--lang", "da")
    assert "Over for udlejere som i prognosen: Terms" in danish
    assert "en fraflytning stiller ikke boligen til kommunens rådighed" in danish
    rents, terms, out = json.loads(run(*asked, "--json"))["scenarios"]
    by_part = {part["part"]: part for part in rents["liability"]}
    assert [(y["cost"], y["difference"]) for y in by_part[RENT]["by_year"]] == [("5500.00", "0.00"), ("16995.00", "495.00")]
    assert {y["difference"] for part in terms["liability"] for y in part["by_year"] if part["has_amount"]} == {"0.00"}
    guarantee = next(part for part in out["liability"] if part["part"] == GUARANTEE)
    # Two tenancies, half of which end in December, then 7/16 of each in the three months that follow.
    assert [y["ending"] for y in guarantee["by_year"]] == [1.0, 0.9]
    assert "cost" not in guarantee["by_year"][0]
    notice = next(part for part in out["liability"] if part["part"] == NOTICE)
    # Left before January 1/2, February 3/4, March 7/8, of 5,000 kr. each.
    assert notice["by_year"][1]["mean"] == "10625.00"


def test_what_scenarios_owe_is_in_the_files(tmp_path):
    import fastexcel

    sweep, out, book = tmp_path / "sweep.yaml", tmp_path / "all.csv", tmp_path / "book.xlsx"
    sweep.write_text("scenario: S\nsweep: {rent_growth: {from: 0, to: 6, step: 0.5}}\nexits: 1\n", encoding="utf-8")
    asked = [*rows(tmp_path, on=TENANCY, V=VACANT), "--from", "2025-12", "--months", "4", "--scenarios", sweep, "--lang", "en"]
    shown = run(*asked, "--scenarios-out", out, "--xlsx", book)
    # Thirteen growths of 5,500 from January: the middle one is 3 %.
    assert "Rent for the vacant dwelling" in shown
    assert all(cost in shown for cost in ("16,500", "16,995", "17,490"))
    with out.open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert [sum(r["part"] == part for r in told) for part in ("", RENT, GUARANTEE)] == [13 * 4] * 3
    vacant = [r for r in told if r["part"] == RENT and r["number"] == "7"]
    assert [(r["cost"], r["difference"], r["low"]) for r in vacant] == [("5500.00", "0.00", ""), *[("5665.00", "165.00", "")] * 3]
    assert {(r["cost"], r["low"]) for r in told if r["part"] == GUARANTEE} == {("", "")}
    summary = json.loads(run(*asked, "--json"))["scenario_summary_liability"][RENT]
    assert [(row["forecast"], row["per_cent"]["50"]) for row in summary] == [
        ("5500.00", "5500.00"), ("16500.00", "16995.00"), ("22000.00", "22495.00"),
    ]  # fmt: skip
    sheet = fastexcel.read_excel(book).load_sheet("Scenarios, landlords").to_arrow().to_pylist()
    assert len(sheet) == 13 * 2 * 2
    assert [row["Cost, kr."] for row in sheet if row["Line"] == "Rent for the vacant dwelling"][12:14] == [5500.0, 16995.0]


def test_a_line_that_no_scenario_has_stands_beside_it(tmp_path):
    # Given up on 15 February: three months are over on 15 May, so rent is owed until 1 June; one month is over on 15 March, until 1 April.
    dwelling = {**VACANT, "dwelling.consumption_in_rent": "", "lease.withdrawn_on": "2026-02-15"}
    file, out = tmp_path / "some.yaml", tmp_path / "all.csv"
    file.write_text("scenario: Notice\nrates: {notice_months: 1}\n", encoding="utf-8")
    asked = [*rows(tmp_path, V=dwelling), "--from", "2026-05", "--months", "4", "--scenarios", file]
    # May, and one day of 30 in June.
    assert "-6,200.00" in run(*asked, "--lang", "en", "--scenarios-out", out)
    document = json.loads(run(*asked, "--json"))
    ((year,),) = (part["by_year"] for part in document["scenarios"][0]["liability"])
    assert (year["cost"], year["difference"]) == ("0.00", "-6200.00")
    assert [row["per_cent"]["50"] for row in document["scenario_summary_liability"][RENT]] == ["0.00"]
    with out.open(encoding="utf-8") as told:
        assert [r["difference"] for r in csv.DictReader(told) if r["part"] == RENT] == ["-6000.00", "-200.00", "0.00", "0.00"]


@pytest.mark.parametrize("count", [1, 13])
def test_a_rent_that_cannot_be_reckoned_stands_beside_any_number_of_scenarios(tmp_path, count):
    # When the tenant leaves is not told, and in no scenario does anybody leave early.
    file = tmp_path / "some.yaml"
    file.write_text("".join(f"- {{scenario: Rents {n}, rent_growth: {n}}}\n" for n in range(1, count + 1)), encoding="utf-8")
    asked = [*rows(tmp_path, N=NOTICED), "--from", "2026-01", "--months", "4", "--scenarios", file]
    assert run(*asked, "--lang", "en")
    document = json.loads(run(*asked, "--json"))
    assert next(line for line in document["liability"] if line["part"] == NOTICE)["lacking"] == ["N"]
    assert [row["per_cent"]["50"] for row in document["scenario_summary_liability"][NOTICE]] == ["0.00"]
