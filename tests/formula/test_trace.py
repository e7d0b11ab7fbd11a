"""The proof of a formula: every part with its value, the parts that were not needed marked, the names that it reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from subsidyengine.formula import Formula, FormulaError, Step, Unknown, compile_formula, parse, trace

from .grammar import facts, formulas
from .scene import SCOPE, TABLE, Scene, evaluate

VALUED = [row for row in TABLE["cases"] if "value" in row or "unknown" in row]


def proof(text: str, **given_facts: Any) -> Step:
    formula = parse(text, SCOPE)
    scene = Scene({name.replace("__", "."): value for name, value in given_facts.items()})
    compile_formula(formula)(scene)
    return trace(formula, scene.record)


def steps(text: str, **given_facts: Any) -> dict[str, Any]:
    return {step.text: step.value if step.evaluated else "not taken" for step in proof(text, **given_facts).walk()}


def agrees_with_its_parts(step: Step, scene: Scene) -> None:
    """Each part, read as a formula of its own, has the value that the proof shows for it."""
    for part in step.walk():
        try:
            alone = parse(part.text, SCOPE)
        except FormulaError:
            assert part.kind == "literal", f"{part.text} of {step.text} is no formula"  # a bare word needs its neighbour
            continue
        if part.evaluated and part.kind != "unknown":
            value = evaluate(alone, scene)
            assert value == part.value, f"{part.text} of {step.text}"


@pytest.mark.parametrize("row", VALUED, ids=[str(n) for n in range(len(VALUED))])
def test_every_part_of_the_table_stands_in_its_proof_with_its_value(row: dict[str, Any]) -> None:
    formula = parse(row["formula"], SCOPE)
    scene = Scene(row.get("facts"), row.get("on"), row.get("known"), row.get("settings"))
    value = compile_formula(formula)(scene)
    proved = trace(formula, scene.record)
    assert proved.value == value
    told_in_one = sum(n.op == "at" for n in formula.root.walk()) + formula.text.count(" not in ")
    assert len(list(proved.walk())) == len(list(formula.root.walk())) - told_in_one
    agrees_with_its_parts(proved, scene)


@given(text=formulas("bool", depth=2), given_facts=facts)
@settings(max_examples=100, deadline=None)
def test_every_part_of_any_formula_stands_in_its_proof_with_its_value(text: str, given_facts: dict[str, Any]) -> None:
    formula = parse(text, SCOPE)
    scene = Scene(given_facts)
    compile_formula(formula)(scene)
    agrees_with_its_parts(trace(formula, scene.record), Scene(given_facts))


def test_a_proof_shows_each_part_as_it_is_written() -> None:
    assert steps("max(0, lease.rent - lease.aid) > 100", lease__rent=5000, lease__aid=4000) == {
        "max(0, lease.rent - lease.aid) > 100": True, "max(0, lease.rent - lease.aid)": 1000, "0": 0, "lease.rent - lease.aid": 1000,
        "lease.rent": 5000, "lease.aid": 4000, "100": 100,
    }  # fmt: skip


def test_lines_and_leading_blanks_leave_the_parts_in_place() -> None:
    assert steps("  it.a\n  and it.b", it__a=True, it__b=False) == {"it.a   and it.b": False, "it.a": True, "it.b": False}


def test_each_link_of_a_chain_is_a_part() -> None:
    assert steps("1 <= count.n < 5", count__n=7) == {
        "1 <= count.n < 5": False, "1 <= count.n": True, "count.n < 5": False, "1": 1, "count.n": 7, "5": 5
    }  # fmt: skip


def test_a_link_of_a_chain_keeps_its_brackets() -> None:
    assert list(steps("(count.n + 1) <= (2) < (count.n * 2)", count__n=3))[:6] == [
        "(count.n + 1) <= (2) < (count.n * 2)", "(count.n + 1) <= (2)", "count.n + 1", "count.n", "1", "2"
    ]  # fmt: skip
    assert "(2) < (count.n * 2)" in steps("(count.n + 1) <= (2) < (count.n * 2)", count__n=3)


def test_a_link_not_in_a_chain_is_a_part_of_its_own() -> None:
    assert steps("count.m < count.n not in [1, 2]", count__n=3, count__m=1)["count.n not in [1, 2]"] is True


def test_not_in_is_one_part() -> None:
    found = list(proof("dwelling.kind not in [family, youth]", dwelling__kind="elderly").walk())
    assert [(s.text, s.value) for s in found][:2] == [("dwelling.kind not in [family, youth]", True), ("dwelling.kind", "elderly")]


def test_the_side_that_was_not_taken_is_marked() -> None:
    assert steps("lease.rent if it.a else 0", it__a=True, lease__rent=5) == {
        "lease.rent if it.a else 0": 5, "it.a": True, "lease.rent": 5, "0": "not taken"
    }  # fmt: skip
    assert steps("lease.rent if it.a else 0", it__a=False, lease__rent=5)["lease.rent"] == "not taken"


def test_nothing_below_a_side_that_was_not_taken_is_read() -> None:
    found = steps("0 if it.a else max(1, lease.rent if it.b else 2)", it__a=True, it__b=True, lease__rent=5)
    assert [text for text, value in found.items() if value == "not taken"] == [
        "max(1, lease.rent if it.b else 2)", "1", "lease.rent if it.b else 2", "it.b", "lease.rent", "2"
    ]  # fmt: skip


def test_both_sides_of_an_unknown_test_are_read() -> None:
    found = steps("3 if it.a else lease.rent", lease__rent=5)
    assert (found["3"], found["lease.rent"]) == (3, 5)
    assert isinstance(found["it.a"], Unknown)


def test_the_stand_in_of_what_is_known_was_not_needed() -> None:
    assert steps("known_or(lease.rent, 7)", lease__rent=5)["7"] == "not taken"
    assert steps("known_or(lease.rent, 7)")["7"] == 7


def test_every_part_of_and_and_or_is_read_even_when_the_first_decides() -> None:
    assert steps("it.a and it.b", it__a=False, it__b=True)["it.b"] is True
    assert steps("it.a or it.b", it__a=True, it__b=False)["it.b"] is False


def test_a_fact_of_another_day_shows_the_day_and_not_the_fact_of_today() -> None:
    found = steps(
        "at(lease.rent, on - years(1))", lease__rent=[{"from": date(2023, 1, 1), "value": 5000}, {"from": date(2024, 1, 1), "value": 5200}]
    )
    assert found["at(lease.rent, on - years(1))"] == 5000
    assert found["on - years(1)"] == date(2023, 6, 15)
    assert "lease.rent" not in found


def test_an_unknown_in_a_proof_carries_its_causes() -> None:
    document = proof("it.a and lease.rent > 0", it__a=True).as_json()
    assert document["value"] is None
    assert document["unknown"] == [{"kind": "missing_fact", "name": "lease.rent"}]
    assert document["steps"][0] == {"text": "it.a", "value": True}


def test_a_proof_as_data_is_plain() -> None:
    document = proof("lease.start + years(5)", lease__start=date(2024, 1, 1)).as_json()
    assert (document["value"], document["steps"][1]["value"]) == ("2029-01-01", "5 years")
    assert proof("1 / 3").as_json()["value"] == "1/3"
    assert proof("0.5 if it.a else 1", it__a=False).as_json()["steps"][1] == {"text": "0.5", "value": None, "evaluated": False}


def names(formula: Formula) -> tuple[tuple[str, ...], ...]:
    return formula.facts, formula.rates, formula.values, formula.settings


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5", ((), (), (), ())),
        ("lease.rent - lease.aid + lease.rent", (("lease.rent", "lease.aid"), (), (), ())),
        ("rate.daily * setting.days_per_month", ((), ("daily",), (), ("days_per_month",))),
        ("value.net > 0 and it.a", (("it.a",), (), ("net",), ())),
        ("at(rate.daily, lease.start)", (("lease.start",), ("daily",), (), ())),
        ("at(lease.rent, lease.start)", (("lease.rent", "lease.start"), (), (), ())),
        ("known_or(it.a, is_known(it.b))", (("it.a", "it.b"), (), (), ())),
        ("0 if it.a else lease.rent", (("it.a", "lease.rent"), (), (), ())),
        ("dwelling.kind in [family, youth]", (("dwelling.kind",), (), (), ())),
        ("add_weekdays(lease.start, 5)", (("lease.start",), (), (), ("saturday_is_weekday",))),
        ("weekday_on_or_after(on) == on", ((), (), (), ("saturday_is_weekday",))),
        ("setting.saturday_is_weekday and weekday_on_or_before(on) == on", ((), (), (), ("saturday_is_weekday",))),
    ],
)
def test_a_formula_lists_what_it_reads_once_in_order(text: str, read: tuple[tuple[str, ...], ...]) -> None:
    assert names(parse(text, SCOPE)) == read


@pytest.mark.parametrize(
    ("text", "on", "period"),
    [
        ("5", False, False), ("on", True, False), ("lease.rent", True, False), ("rate.daily", True, False), ("period.to", False, True),
        ("value.net", False, False), ("at(lease.rent, period.from)", True, True), ("date(2024, 1, 1)", False, False),
    ],
)  # fmt: skip
def test_a_formula_says_whether_it_turns_on_the_day_or_the_period(text: str, on: bool, period: bool) -> None:
    formula = parse(text, SCOPE)
    assert (formula.reads_on, formula.reads_period) == (on, period)
