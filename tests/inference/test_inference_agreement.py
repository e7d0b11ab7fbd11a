"""Both engines reach the same conclusions, case by case; where they did not, nobody gets an answer."""

import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidyengine import inference
from subsidyengine.inference import (
    Closure,
    Conclusion,
    EngineDisagreement,
    Rule,
    RuleSet,
    Status,
    atoms_of,
    compile_conclusions,
    infer,
    reference,
    status_of,
)
from subsidyengine.inference import durable as durable_adapter

pytestmark = pytest.mark.skipif(not durable_adapter.available(), reason="durable-rules cannot be imported here")

BOTH = "durable-rules 2.0.28 + reference"
STATUSES: tuple[Status, ...] = ("met", "not_met", "unknown")
RANK: dict[Status, int] = {"not_met": 0, "unknown": 1, "met": 2}


def random_ruleset(draw: random.Random) -> tuple[RuleSet, list[str]]:
    """Any rules: circles, repeated rules, premises given twice, rules without premises, up to 16 premises."""
    names = [f"a{number}" for number in range(draw.randint(3, 25))]
    widest = draw.choice([2, 3, 5, 16])
    written = []
    for _ in range(draw.randint(1, 40)):
        count = draw.choice([0] + [1] * 6 + [draw.randint(1, widest)] * 12)
        premises = [draw.choice(names) for _ in range(count)]
        written.append(Rule(tuple(premises), draw.choice(names)))
    return RuleSet(tuple(written)), names


@pytest.mark.parametrize("seed", range(10))
def test_both_engines_agree_on_random_rules(seed: int) -> None:
    draw = random.Random(seed)
    concluded = 0
    for _ in range(30):
        ruleset, names = random_ruleset(draw)
        for _ in range(65):
            share = draw.random()
            found = infer(ruleset, [name for name in names if draw.random() < share])
            assert found.engine == BOTH
            concluded += len(found.proof)
    assert concluded > 1_000, "cases from which nothing follows would prove nothing"


@pytest.mark.parametrize("seed", range(10))
def test_both_engines_agree_with_kleene_on_random_conclusions(seed: int) -> None:
    draw = random.Random(1_000 + seed)
    seen = set()
    for _ in range(10):
        names = [f"condition-{number}" for number in range(draw.randint(1, 24))]
        kinds: dict[str, tuple[str, tuple[str, ...]]] = {}
        for number in range(draw.randint(1, 6)):
            pool = [*names, *kinds]
            members = draw.sample(pool, draw.randint(0, min(len(pool), 20)))
            kinds[f"part-{number}"] = (draw.choice(["all", "any"]), tuple(members))
        ruleset = compile_conclusions([Conclusion(name, kind, of) for name, (kind, of) in kinds.items()])  # type: ignore[arg-type]
        for _ in range(65):
            usual = draw.choice(STATUSES)
            statuses = {name: usual if draw.random() < 0.8 else draw.choice(STATUSES) for name in names}
            found = infer(ruleset, atoms_of(statuses, ruleset))
            assert found.engine == BOTH
            values = dict(statuses)
            for name, (kind, of_these) in kinds.items():
                of = [values[member] for member in of_these]
                values[name] = (
                    min(of, key=RANK.__getitem__, default="met") if kind == "all" else max(of, key=RANK.__getitem__, default="not_met")
                )
                assert status_of(found, name) == values[name]
                seen.add(values[name])
    assert seen == set(STATUSES)


ATOMS = st.sampled_from(["a", "b", "c", "d", "e", "f"])


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.lists(st.builds(Rule, st.lists(ATOMS, max_size=4).map(tuple), ATOMS), max_size=12),
    st.lists(ATOMS, max_size=6),
)
def test_both_engines_agree_on_small_rule_sets_of_every_shape(written: list[Rule], given_atoms: list[str]) -> None:
    assert infer(RuleSet(tuple(written)), given_atoms).engine == BOTH


def test_a_conclusion_that_only_one_engine_reaches_is_a_disagreement_and_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ruleset = RuleSet((Rule(("a",), "b"), Rule(("b",), "c")))
    right = reference.closure

    def wrong(ruleset: RuleSet, atoms: Iterable[str]) -> Closure:
        found = right(ruleset, atoms)
        return Closure(found.atoms - {"c"} | {"x"}, found.proof, found.engine)

    monkeypatch.setattr(reference, "closure", wrong)
    with pytest.raises(EngineDisagreement) as caught:
        infer(ruleset, ["a"])
    assert caught.value.ruleset == ruleset.name
    assert caught.value.only_reference == ("x",)
    assert caught.value.only_durable == ("c",)
    assert ruleset.name in str(caught.value)
    assert "only the reference concluded ['x'], only durable-rules concluded ['c']" in str(caught.value)


def test_durable_rules_is_left_alone_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("durable-rules was asked")

    monkeypatch.setattr(durable_adapter, "conclude", refuse)
    assert infer(RuleSet((Rule(("a",), "b"),)), ["a"], durable=False).engine == "reference"


def test_atoms_can_be_given_as_a_generator() -> None:
    found = infer(RuleSet((Rule(("a", "b"), "c"),)), (name for name in "ab"))
    assert found.atoms == {"a", "b", "c"}


def test_everything_public_is_named_in_the_rooms_face() -> None:
    assert set(inference.__all__) == {
        "Closure",
        "Conclusion",
        "EngineDisagreement",
        "InferenceFault",
        "Rule",
        "RuleSet",
        "Status",
        "atoms_of",
        "check_limits",
        "compile_conclusions",
        "infer",
        "status_of",
    }
