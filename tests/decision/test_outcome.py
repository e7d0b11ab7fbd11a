"""Outcome, amount, period, certainty and open points, on figures worked out by hand."""

from __future__ import annotations

import pytest

GRANT = {
    "home.rent": 5000,
    "home.start": "2024-03-01",
    "home.kind": "flat",
    "who.needy": True,
    "who.young": False,
    "help.amount": 1200,
}


def statuses(document):
    return {f.condition: f.status for f in document.findings}


def opened(document):
    return [(p.kind, p.fact or p.rule) for p in document.open]


def test_all_conditions_met_is_granted_with_amount_and_period(ask):
    found = ask("support", "2024-06-01", GRANT)
    assert found.outcome == "granted"
    assert found.amount.value == "3800.00"  # 5000 - 1200
    assert found.period.plain() == {"from": "2024-03-01", "to": "2026-02-28"}  # two years less a day
    assert found.open == []


def test_condition_that_does_not_bear_on_the_case_is_left_out(ask):
    assert "suited" not in statuses(ask("support", "2024-06-01", GRANT))
    assert statuses(ask("support", "2024-06-01", {**GRANT, "who.young": True}))["suited"] == "unknown"


def test_unknown_when_makes_the_condition_unknown(ask):
    facts = {k: v for k, v in GRANT.items() if k != "who.young"}
    found = ask("support", "2024-06-01", facts)
    assert statuses(found)["suited"] == "unknown"
    assert ("missing_fact", "who.young") in opened(found)


def test_one_condition_not_met_refuses_even_when_others_are_open(ask):
    found = ask("support", "2024-06-01", {"home.kind": "room"})
    assert found.outcome == "refused"
    assert found.amount is None
    assert found.open == []
    assert statuses(found)["flat"] == "not_met"
    assert "it is a flat" in found.answer


def test_a_refusal_rests_only_on_what_failed(ask):
    # The failing condition is [text]; the period is [inferred] and was not what failed.
    assert ask("support", "2024-06-01", {**GRANT, "home.kind": "room"}).certainty == "text"
    assert ask("support", "2024-06-01", GRANT).certainty == "inferred"


def test_missing_facts_are_asked_for_and_most_decisive_first(ask):
    found = ask("support", "2024-06-01", {"home.start": "2024-03-01", "who.young": False})
    assert found.outcome == "undetermined"
    # need and flat each hang on one fact; rent and help only on the amount.
    assert opened(found) == [
        ("missing_fact", "who.needy"), ("missing_fact", "home.kind"), ("missing_fact", "home.rent"), ("missing_fact", "help.amount"),
    ]  # fmt: skip


def test_an_assessment_is_asked_of_a_person(ask):
    found = ask("support", "2024-06-01", {**GRANT, "who.young": True})
    assert opened(found) == [("needs_assessment", "assessment.suited")]
    assert ask("support", "2024-06-01", {**GRANT, "who.young": True, "assessment.suited": False}).outcome == "refused"


@pytest.mark.parametrize(
    ("start", "outcome"),
    [("2023-06-30", "refused"), ("2023-07-01", "granted"), ("2023-07-02", "granted")],
)
def test_law_of_chooses_the_version_by_the_day_of_the_fact(ask, start, outcome):
    # To 30 June 2023 a person had to be young AND in need; from 1 July either will do. Asked for a day in 2024.
    assert ask("support", "2024-06-01", {**GRANT, "home.start": start}).outcome == outcome


@pytest.mark.parametrize(
    ("on", "outcome"),
    [("2024-02-29", "refused"), ("2024-03-01", "granted"), ("2026-02-28", "granted"), ("2026-03-01", "refused")],
)
def test_period_is_closed_at_both_ends(ask, on, outcome):
    assert ask("support", on, GRANT).outcome == outcome


def test_a_right_that_comes_to_nothing_is_granted_with_zero_and_says_why(ask):
    found = ask("support", "2024-06-01", {**GRANT, "help.amount": "5000.01"})
    assert (found.outcome, found.amount.value) == ("granted", "0.00")
    assert found.findings[-1].condition == "amount"
    assert found.findings[-1].text == "nothing now"


def test_missing_amount_leaves_the_decision_open_but_gives_the_period(ask):
    facts = {k: v for k, v in GRANT.items() if k != "home.rent"}
    found = ask("support", "2024-06-01", facts)
    assert found.outcome == "undetermined"
    assert found.amount is None
    assert found.period.plain() == {"from": "2024-03-01", "to": "2026-02-28"}


def test_a_fact_that_is_not_given_is_computed_by_its_scheme(ask):
    facts = {**{k: v for k, v in GRANT.items() if k != "help.amount"}, "help.income": 400}
    found = ask("support", "2024-06-01", facts)
    assert found.amount.value == "4400.00"  # 5000 - (1000 - 400)
    assert found.derived["help.amount"].plain() == {"value": 600, "scheme": "small.help"}


def test_a_fact_that_cannot_be_computed_is_asked_for_with_what_would_give_it(ask):
    facts = {k: v for k, v in GRANT.items() if k != "help.amount"}
    found = ask("support", "2024-06-01", facts)
    assert opened(found) == [("missing_fact", "help.amount")]
    assert found.open[0].instead == ["help.income"]


def test_leaning_on_a_setting_that_law_has_not_settled_keeps_the_decision_open(ask):
    found = ask("stay", "2023-05-01", {"who.needy": True})
    assert found.amount.value == "300.00"  # 10 a day x 30
    assert found.outcome == "undetermined"
    assert opened(found) == [("law_not_known", "setting.days")]
    assert found.certainty == "unknown"


def test_rate_that_is_not_established_is_law_not_known(ask):
    found = ask("stay", "2025-01-01", {"who.needy": True})
    assert found.amount is None
    assert ("law_not_known", "rate.own_day") in opened(found)


@pytest.mark.parametrize(("on", "value"), [("2023-12-31", "300.00"), ("2024-01-01", "345.00"), ("2024-12-31", "345.00")])
def test_rate_of_the_day_is_used(ask, on, value):
    assert ask("stay", on, {"who.needy": True}).amount.value == value


def test_notes_stand_from_their_day_and_an_open_note_keeps_the_decision_open(ask):
    assert [n.text for n in ask("stay", "2023-12-31", {"who.needy": True}).notes] == []
    assert [n.text for n in ask("stay", "2024-01-01", {"who.needy": True}).notes] == ["remember"]
    found = ask("stay", "2024-06-01", {"who.needy": True})
    assert [n.text for n in found.notes] == ["remember", "new law"]
    assert any(p.question == "new law" for p in found.open)


def test_parts_that_the_facts_do_not_touch_are_left_out(ask):
    found = ask("parts", "2024-01-01", {"who.needy": True})
    assert [p.part for p in found.parts] == ["need_part"]
    assert found.outcome == "granted"


def test_several_parts_have_no_amount_at_the_top(ask):
    found = ask("parts", "2024-01-01", {"who.needy": False, "home.rent": 1000, "home.kind": "flat", "who.adults": 3})
    assert [(p.part, p.outcome) for p in found.parts] == [("rent_part", "granted"), ("need_part", "refused")]
    assert found.parts[0].amount.value == "333.33"  # 1000 / 3, half-up to whole øre
    assert found.outcome == "granted"
    assert found.amount is None


def test_one_part_left_lends_its_amount_to_the_top(ask):
    found = ask("parts", "2024-01-01", {"home.rent": 1000, "home.kind": "flat", "who.adults": 3})
    assert found.amount.value == "333.33"


def test_division_by_zero_is_unknown_with_a_reason_and_no_crash(ask):
    found = ask("parts", "2024-01-01", {"home.rent": 1000, "home.kind": "flat", "who.adults": 0})
    assert found.outcome == "undetermined"
    assert (found.open[0].fact, "0 cannot be right here" in found.open[0].question) == ("who.adults", True)


def test_no_part_touched_asks_for_what_would_touch_one(ask):
    found = ask("parts", "2024-01-01", {"who.young": True})
    assert found.outcome == "undetermined"
    assert {p.fact for p in found.open} == {"home.rent", "who.needy"}


@pytest.mark.parametrize(
    ("facts", "outcome", "route"),
    [
        ({"home.kind": "flat", "who.needy": True, "who.young": True}, "granted", "strict"),
        ({"home.kind": "flat", "who.needy": False, "who.young": True}, "granted", "mild"),
        ({"home.kind": "flat", "who.young": True}, "granted", "mild"),
        ({"home.kind": "flat", "who.young": False}, "refused", "none"),
        ({"home.kind": "room", "who.needy": True}, "granted", "room"),
        ({"home.kind": "room"}, "undetermined", None),
        ({}, "undetermined", None),
    ],
)
def test_first_lawful_route_is_the_answer(ask, facts, outcome, route):
    found = ask("routes", "2024-01-01", facts)
    assert (found.outcome, found.route) == (outcome, route)


def test_strictest_leaves_the_answer_open_while_a_stricter_route_is(ask):
    found = ask("strictest", "2024-01-01", {"home.kind": "flat", "who.young": True})
    assert (found.outcome, found.route) == ("undetermined", "mild")
    assert opened(found) == [("missing_fact", "who.needy")]


def test_routes_say_why_each_failed(ask):
    found = ask("routes", "2024-01-01", {"home.kind": "flat", "who.young": False, "who.needy": True})
    assert [(r.route, r.failed) for r in found.routes] == [("strict", ["young"]), ("mild", ["young"])]
