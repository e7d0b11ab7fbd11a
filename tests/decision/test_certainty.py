"""Certainty is the weakest that a decision rests on: what decides nothing weighs nothing, and is not asked for."""

from __future__ import annotations

from datetime import date

import pytest

from subsidyengine.document import decide
from subsidyengine.facts import case_from_data
from subsidyengine.rulebook.load import build

SAYS = "says: {da: a, en: b}"


@pytest.fixture
def decision(words):
    """``decision(holds, rules, **facts)``: a scheme of the conditions given, asked on 1 June 2024."""

    def ask(conditions, granted, **facts):
        lines = "".join(f"  {name}: {{holds: '{holds}', cite: 'act § 1 [{mark}]', {SAYS}}}\n" for name, (holds, mark) in conditions.items())
        rules = "".join(f"  {name}: {members}\n" for name, members in granted.items())
        head = "scheme: small.sure\ntitle: {da: a, en: b}\ndecided_by: {da: a, en: b}\nappeal: board\ntouched_by: [home]\n"
        book, problems = build({**words, "small/sure.yaml": f"{head}conditions:\n{lines}rules:\n{rules}"})
        problems = [p for p in problems if p.place.file == "small/sure.yaml"]
        assert not problems, "\n".join(map(str, problems))
        given = {name.replace("__", "."): value for name, value in facts.items()}
        case = case_from_data({"case": "T", "on": date(2024, 6, 1), "facts": given}, book.facts)
        return decide(case, book, "small.sure", "en")

    return ask


RATE = "rate.own_day > 5"  # [secondary] in 2024


@pytest.mark.parametrize(
    ("holds", "needy", "outcome", "certainty"),
    [
        (f"who.needy or {RATE}", True, "granted", "text"),  # decided by the fact: the rate decides nothing
        (f"{RATE} or who.needy", True, "granted", "text"),  # in any order
        (f"who.needy or {RATE}", False, "granted", "secondary"),  # decided by the rate alone
        (f"who.needy and {RATE}", True, "granted", "secondary"),  # both are needed
        ("who.needy and rate.own_day > 50", False, "refused", "text"),  # each fails alone; the surest is enough
        ("who.needy and rate.own_day > 50", True, "refused", "secondary"),
        ("not (who.needy and rate.own_day > 50)", False, "granted", "text"),
        (f"(who.needy or {RATE}) and {RATE}", True, "granted", "secondary"),
    ],
)
def test_other_side_of_a_decided_junction(decision, holds, needy, outcome, certainty):
    found = decision({"one": (holds, "text")}, {"granted": "{all: [one]}"}, who__needy=needy)
    assert (found.outcome, found.certainty, found.findings[0].certainty) == (outcome, certainty, certainty)


def test_setting_that_decides_nothing_is_not_leaned_on(decision):
    holds = "who.needy or setting.days > 20"
    assert decision({"one": (holds, "text")}, {"granted": "{all: [one]}"}, who__needy=True).outcome == "granted"
    found = decision({"one": (holds, "text")}, {"granted": "{all: [one]}"}, who__needy=False)
    assert (found.outcome, [p.rule for p in found.open]) == ("undetermined", ["setting.days"])


@pytest.mark.parametrize(
    ("needy", "young", "certainty"),
    [(True, True, "text"), (True, False, "text"), (False, True, "inferred"), (True, None, "text")],
)
def test_any_rests_on_the_surest_that_is_met(decision, needy, young, certainty):
    conditions = {"sure": ("who.needy", "text"), "less": ("who.young", "inferred")}
    facts = {"who__needy": needy} | ({} if young is None else {"who__young": young})
    found = decision(conditions, {"granted": "{any: [sure, less]}"}, **facts)
    assert (found.outcome, found.certainty) == ("granted", certainty)


def test_what_is_decided_is_not_asked_for(decision):
    """One of two alternatives is met; the other is unknown and asks for nothing."""
    conditions = {"sure": ("who.needy", "text"), "less": ("who.young", "inferred"), "few": ("who.adults <= 2", "text")}
    rules = {"either": "{any: [sure, less]}", "granted": "{all: [either, few]}"}
    found = decision(conditions, rules, who__needy=True)
    assert (found.outcome, [p.fact for p in found.open], found.certainty) == ("undetermined", ["who.adults"], "text")
    found = decision(conditions, rules)
    assert sorted(p.fact for p in found.open) == ["who.adults", "who.needy", "who.young"]


def test_refusal_rests_on_all_that_failed(decision):
    conditions = {"sure": ("who.needy", "text"), "less": ("who.young", "inferred")}
    found = decision(conditions, {"granted": "{all: [sure, less]}"}, who__needy=False, who__young=False)
    assert (found.outcome, found.certainty) == ("refused", "inferred")  # both are given as reasons
