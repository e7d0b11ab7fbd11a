"""Many scenarios in one run, each as it would be alone: against timelines of the scalar reading over facts that grew beforehand."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidyengine.decision import Conclude, Reading, answer, program_for
from subsidyengine.facts import Case, Given, read_cases
from subsidyengine.formula import quantize
from subsidyengine.portfolio import connect
from subsidyengine.portfolio.compare import compare
from subsidyengine.portfolio.forecast import SCHEME
from subsidyengine.portfolio.months import PART_MONTHS, Horizon
from subsidyengine.portfolio.run import silent
from subsidyengine.portfolio.scenario import BENEFITS, RENTS, Scenario
from subsidyengine.portfolio.source import open_source
from subsidyengine.portfolio.synthetic import write
from subsidyengine.rulebook import open_rulebook
from subsidyengine.timeline import timeline

BOOK = open_rulebook()
DAY = timedelta(days=1)
NO_BAND = {"exits": None}


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
    for case in cases:
        case = replace(grown(case, growth, horizon), on=horizon.first)
        conclude = Conclude(durable=False)
        reading = Reading(book, program_for(book, SCHEME), case, horizon.first, None)
        paid = defaultdict(Fraction)
        for segment in timeline(answer(reading, conclude), conclude).segments:
            chosen = segment.answer.chosen
            if segment.outcome == "refused" or segment.amount is None or chosen is None or chosen.start is None:
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
                    paid[number, segment.outcome] += Fraction(segment.amount) * ((b - a).days + 1) / monthrange(month.year, month.month)[1]
                elif a == month:
                    paid[number, segment.outcome] += Fraction(segment.amount)
        for (number, _), exact in paid.items():
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
