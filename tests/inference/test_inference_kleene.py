"""Conclusions are exactly Kleene's three-valued logic, however they are nested and however wide they are."""

import itertools
import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidyengine.inference import Conclusion, Rule, Status, atoms_of, compile_conclusions, status_of
from subsidyengine.inference.reference import closure

STATUSES: tuple[Status, ...] = ("met", "not_met", "unknown")
RANK: dict[Status, int] = {"not_met": 0, "unknown": 1, "met": 2}


def kleene(conclusions: Sequence[Conclusion], statuses: Mapping[str, Status]) -> dict[str, Status]:
    """The definition: "all" is the lowest of its members and "any" the highest, in the order not met, unknown, met."""
    by_name = {conclusion.name: conclusion for conclusion in conclusions}

    def value(name: str) -> Status:
        if name not in by_name:
            return statuses[name]
        conclusion = by_name[name]
        values = [value(member) for member in conclusion.members]
        if conclusion.kind == "all":
            return min(values, key=RANK.__getitem__, default="met")
        return max(values, key=RANK.__getitem__, default="not_met")

    return {name: value(name) for name in by_name}


def concluded(conclusions: Sequence[Conclusion], statuses: Mapping[str, Status]) -> dict[str, Status]:
    ruleset = compile_conclusions(conclusions)
    found = closure(ruleset, atoms_of(statuses, ruleset))
    return {conclusion.name: status_of(found, conclusion.name) for conclusion in conclusions}


def every_status(names: Sequence[str]) -> list[dict[str, Status]]:
    return [dict(zip(names, row, strict=True)) for row in itertools.product(STATUSES, repeat=len(names))]


@pytest.mark.parametrize("kind", ["all", "any"])
@pytest.mark.parametrize("count", range(6))
def test_a_flat_conclusion_has_kleenes_value_for_every_combination_of_statuses(kind: str, count: int) -> None:
    names = [f"condition-{number}" for number in range(count)]
    conclusions = [Conclusion("granted", kind, tuple(names))]  # type: ignore[arg-type]
    for statuses in every_status(names):
        assert concluded(conclusions, statuses) == kleene(conclusions, statuses)


@st.composite
def nested_conclusions(draw: st.DrawFn) -> tuple[list[Conclusion], list[str]]:
    names = [f"condition-{number}" for number in range(draw(st.integers(1, 5)))]
    pool = list(names)
    conclusions = []
    for number in range(draw(st.integers(1, 6))):
        members = draw(st.lists(st.sampled_from(pool), max_size=5))
        conclusions.append(Conclusion(f"part-{number}", draw(st.sampled_from(["all", "any"])), tuple(members)))
        pool.append(f"part-{number}")
    return draw(st.permutations(conclusions)), names


@settings(derandomize=True, max_examples=150, deadline=None)
@given(nested_conclusions())
def test_nested_conclusions_have_kleenes_value_for_every_combination_of_statuses(
    drawn: tuple[list[Conclusion], list[str]],
) -> None:
    conclusions, names = drawn
    ruleset = compile_conclusions(conclusions)
    for statuses in every_status(names):
        found = closure(ruleset, atoms_of(statuses, ruleset))
        expected = kleene(conclusions, statuses)
        assert {name: status_of(found, name) for name in expected} == expected


@pytest.mark.parametrize("kind", ["all", "any"])
@pytest.mark.parametrize("width", [16, 17, 40, 300])
def test_a_wide_conclusion_is_split_and_keeps_its_value(kind: str, width: int) -> None:
    names = [f"condition-{number}" for number in range(width)]
    conclusions = [Conclusion("granted", kind, tuple(names))]  # type: ignore[arg-type]
    ruleset = compile_conclusions(conclusions)
    assert max(len(rule.premises) for rule in ruleset.rules) <= 16
    draw = random.Random(width)
    neutral: Status = "met" if kind == "all" else "not_met"
    for _ in range(60):
        statuses = dict.fromkeys(names, neutral)
        statuses |= {name: draw.choice(STATUSES) for name in draw.sample(names, draw.randint(0, 3))}
        found = closure(ruleset, atoms_of(statuses, ruleset))
        assert status_of(found, "granted") == kleene(conclusions, statuses)["granted"]


def test_the_parts_of_a_wide_conclusion_are_named_after_it_and_never_after_something_else() -> None:
    names = tuple(f"condition-{number}" for number in range(16))
    conclusions = [Conclusion("granted", "all", (*names, "granted#1")), Conclusion("granted#1", "any", names)]
    concludes = {rule.conclusion for rule in compile_conclusions(conclusions).rules}
    assert {"granted:met", "granted#1:met", "granted#2:met", "granted#3:met"} <= concludes
    statuses: dict[str, Status] = dict.fromkeys(names, "met")
    assert concluded(conclusions, statuses) == {"granted": "met", "granted#1": "met"}
    statuses["condition-3"] = "not_met"
    assert concluded(conclusions, statuses) == {"granted": "not_met", "granted#1": "met"}


def test_the_rules_grow_with_the_number_of_members_and_not_with_its_square() -> None:
    def premises(count: int) -> int:
        names = tuple(f"condition-{number}" for number in range(count))
        return sum(len(rule.premises) for rule in compile_conclusions([Conclusion("granted", "all", names)]).rules)

    assert premises(16) == 4 * premises(4)


def test_nothing_is_said_about_unproven_where_no_any_needs_it() -> None:
    conclusions = [Conclusion("granted", "all", ("placed", "b")), Conclusion("placed", "all", ("a",))]
    ruleset = compile_conclusions(conclusions)
    written = ruleset.premises | {rule.conclusion for rule in ruleset.rules}
    assert not [atom for atom in written if atom.endswith(":unproven")]
    assert atoms_of({"a": "unknown", "b": "not_met"}, ruleset) == ["a:unknown", "a:possible", "b:not_met"]


def test_without_a_rule_set_every_companion_of_a_status_is_given() -> None:
    assert atoms_of({"a": "met", "b": "not_met", "c": "unknown", "d": "met"}) == [
        "a:met",
        "a:possible",
        "b:not_met",
        "b:unproven",
        "c:unknown",
        "c:possible",
        "c:unproven",
        "d:met",
        "d:possible",
    ]


def test_the_proof_of_an_unknown_conclusion_names_the_first_unknown_member() -> None:
    ruleset = compile_conclusions([Conclusion("granted", "all", ("a", "b", "c"))])
    found = closure(ruleset, atoms_of({"a": "met", "b": "unknown", "c": "unknown"}, ruleset))
    assert found.proof["granted:unknown"].premises == ("b:unknown", "granted:possible")
    assert found.proof["granted:possible"].premises == ("a:possible", "b:possible", "c:possible")


def test_a_member_named_twice_counts_once() -> None:
    once = compile_conclusions([Conclusion("granted", "all", ("a", "b"))])
    assert compile_conclusions([Conclusion("granted", "all", ("a", "b", "a") * 10)]) == once


def test_a_conclusion_without_members_is_only_what_always_holds() -> None:
    conclusions = [Conclusion("nothing", "all", ()), Conclusion("one", "any", ("nothing",))]
    assert [rule for rule in compile_conclusions(conclusions).rules if rule.conclusion.startswith("nothing")] == [Rule((), "nothing:met")]


def test_conclusions_that_depend_on_themselves_are_refused_with_the_circle() -> None:
    conclusions = [
        Conclusion("granted", "all", ("placed", "x")),
        Conclusion("placed", "any", ("referred",)),
        Conclusion("referred", "all", ("y", "placed")),
    ]
    with pytest.raises(ValueError, match=r"^conclusions depend on themselves: placed -> referred -> placed$"):
        compile_conclusions(conclusions)
    with pytest.raises(ValueError, match="granted -> granted"):
        compile_conclusions([Conclusion("granted", "all", ("granted",))])


def test_two_conclusions_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two conclusions are named 'placed'"):
        compile_conclusions([Conclusion("placed", "all", ("a",)), Conclusion("placed", "any", ("b",))])


def test_a_conclusion_has_no_status_while_a_members_status_is_not_given() -> None:
    ruleset = compile_conclusions([Conclusion("granted", "all", ("a", "b"))])
    with pytest.raises(LookupError, match="'granted'"):
        status_of(closure(ruleset, atoms_of({"a": "met"}, ruleset)), "granted")


def test_contradictory_atoms_are_no_status() -> None:
    with pytest.raises(ValueError, match="'a' is met and unknown at once"):
        status_of(["a:met", "a:unknown"], "a")
