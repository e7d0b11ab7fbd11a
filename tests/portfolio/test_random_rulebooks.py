"""The columns on rulebooks drawn at random, and on every function of the formula language."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from subsidyengine.decision import Conclude
from subsidyengine.facts import Case, Given
from subsidyengine.portfolio import gather
from subsidyengine.rulebook.load import build

from ..agreement.generator import CITE, DAYS, TEXT, Maker, facts_of_a_case, texts
from .agreement import differences, scalar
from .test_agreement import answers

#: One statement of each function and sign that a rule could use; the shipped rules do not use them all.
STATEMENTS = [
    "min(num.n0, num.n1, num.n2) < max(num.n0, 50)", "min(day.d0, day.d1) == day.d0", "max(day.d0, day.d1) > day.d1",
    "day.d0 + years(num.n0) > on", "day.d0 - years(2) > day.d1", "day.d0 + months(num.n0) >= day.d1", "day.d0 - months(7) < day.d1",
    "day.d0 + days(num.n1) > day.d1", "day.d0 - day.d1 > 30", "date(2000 + num.n0, 2, 29) < on", "date(2024, num.n0, 31) < on",
    "year_of(day.d0) == 2023", "first_of_year(2000 + num.n0) < on", "first_of_month(day.d0) == day.d0", "last_of_month(day.d0) == day.d0",
    "days_in_month(day.d0) * 1 == 29", "add_weekdays(day.d0, num.n0) > day.d1", "add_weekdays_with_saturday(day.d0, num.n0) > day.d1",
    "add_weekdays_without_saturday(day.d0, 0 - num.n0) < day.d1", "add_weekdays(day.d0, 0 - num.n0) < day.d1",
    "first_weekday_of_month(day.d0) <= day.d0", "weekday_on_or_before(day.d0) == day.d0", "weekday_on_or_after(day.d0) > day.d1",
    "add_days_outside(day.d0, num.n0, 7, 8) > day.d1", "age_on(day.d0, on) >= 2", "round_krone(num.n0 / 3) == 10", "round_ore(num.n0 / 7) > 4",
    "round_down_krone(0 - num.n0 / 3) <= 0 - 10", "number_of(num.n0) / num.n1 <= num.n1 / num.n2", "num.n0 / num.n1 - num.n2 / 3 > 0.5",
    "at_least(2, say.b0, say.b1, say.b2)", "kind.e0 in [red, green]", "kind.e0 not in [red]", "num.n0 in [30, num.n1, 50.5]", "day.d0 in [day.d1, on]",
    "known_or(num.n0 / num.n1, num.n2) > 1", "is_known(num.n0 / num.n1)", "(num.n0 if say.b0 else num.n1) == 50", "(say.b1 if say.b0 else not say.b2)",
    "0 < num.n0 <= num.n1 < 100", "known_or(say.b0, say.b1 and not say.b2)", "at(rate.r0, day.d0) < num.n0", "at(num.n0, day.d0) < num.n1", "-num.n0 < -num.n1",
]  # fmt: skip


def checked(rulebook, cases, scheme_id="fuzz.one"):
    rows = answers(rulebook, scheme_id, gather(cases, rulebook.facts))
    conclude = Conclude(durable=False)
    for case in cases:
        found = scalar(rulebook, scheme_id, case, conclude)
        wrong = [d for d in differences(rows[case.id], found) if not d.startswith("route")]
        assert wrong == [], case
        assert rows[case.id].get("route") == found.route or found.outcome != "granted"


def case_of(draw, number, share):
    on = draw.choice(DAYS) + timedelta(days=draw.choice([-1, 0, 1, 30]))
    facts = {n: (Given(v),) for n, v in facts_of_a_case(draw, share).items()}
    return Case(f"T{number}", on, draw.choice([None, on, on + timedelta(days=61)]), (), facts)


@pytest.mark.parametrize("seed", range(40))
def test_random_rulebooks(seed):
    draw = random.Random(seed)
    rulebook, problems = build(texts(Maker(draw).book()))
    assert not problems
    checked(rulebook, [case_of(draw, i, draw.choice([0.1, 0.5, 0.8, 0.9, 1.0])) for i in range(120)])


@pytest.mark.parametrize("statements", [STATEMENTS[::2], STATEMENTS[1::2]], ids=["even", "odd"])
def test_every_function(statements):
    draw = random.Random(7)
    book = Maker(draw).book()
    files = texts(book)
    conditions = "\n".join(f'  c{i}: {{holds: "{s}", {CITE}, says: {TEXT}}}' for i, s in enumerate(statements))
    files["settings.yaml"] = f"settings: {{saturday_is_weekday: {{title: {TEXT}, value: false, settled: false, why: {TEXT}}}}}"
    files["fuzz.yaml"] = (
        f"scheme: fuzz.one\ntitle: {TEXT}\ndecided_by: {TEXT}\nappeal: board\ntouched_by: [say]\nconditions:\n{conditions}\n"
        f"rules:\n  granted: {{any: [{', '.join(f'c{i}' for i in range(len(statements)))}]}}\n"
    )
    rulebook, problems = build(files)
    assert not [p for p in problems if "R_UNUSED" not in str(p)], "\n".join(map(str, problems))
    cases = [case_of(draw, i, draw.choice([0.5, 0.9, 1.0])) for i in range(1_500)]
    checked(rulebook, [varied(draw, c) for c in cases])


def varied(draw, case):
    """Days all through the month, numbers that are not whole, and a dated number."""
    facts = dict(case.facts)
    for name in [n for n in facts if n.startswith("day.")]:
        facts[name] = (Given(date(2023, 1, 1) + timedelta(days=draw.randrange(900))),)
    for name in [n for n in facts if n.startswith("num.")]:
        facts[name] = (Given(draw.choice([0, 1, 2, 3, 24, 30, 50, 70, Fraction(101, 2), Fraction(1, 4)])),)
    if "num.n0" in facts and draw.random() < 0.5:
        facts["num.n0"] = (Given(30), Given(draw.choice([None, 70]), case.on + timedelta(days=draw.choice([-40, 0, 1]))))
    return Case(case.id, case.on, case.known, (), facts)
