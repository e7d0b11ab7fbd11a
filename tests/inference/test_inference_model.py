"""Rule sets are known by their content; everything that leaves the room can travel between processes."""

import pickle
import re

from subsidyengine.inference import (
    Closure,
    EngineDisagreement,
    InferenceFault,
    Rule,
    RuleSet,
    check_limits,
    infer,
)

A_THEN_B, B_THEN_C = Rule(("a",), "b"), Rule(("b",), "c")


def test_a_rule_set_is_named_by_its_content() -> None:
    ruleset = RuleSet((A_THEN_B, B_THEN_C))
    assert re.fullmatch(r"rs_[0-9a-f]{24}", ruleset.name)
    assert ruleset.name == RuleSet((Rule(("a",), "b"), Rule(("b",), "c"))).name
    assert ruleset.name == "rs_3c9575576cf9e444a4b4b8c1", "names are kept in records: they must not change"


def test_rule_sets_with_other_content_or_order_have_other_names() -> None:
    written = [
        RuleSet((A_THEN_B,)),
        RuleSet((A_THEN_B, B_THEN_C)),
        RuleSet((B_THEN_C, A_THEN_B)),
        RuleSet((Rule(("a", "b"), "c"),)),
        RuleSet((Rule(("a,b",), "c"),)),
        RuleSet((Rule((), "c"),)),
        RuleSet(()),
    ]
    assert len({ruleset.name for ruleset in written}) == len(written)
    assert len(set(written)) == len(written)


def test_equal_rule_sets_are_one_key() -> None:
    assert {RuleSet((A_THEN_B,)): 1}[RuleSet((A_THEN_B,))] == 1
    assert RuleSet((A_THEN_B,)) != A_THEN_B


def test_answers_and_errors_survive_pickling() -> None:
    ruleset = RuleSet((A_THEN_B,))
    found = infer(ruleset, ["a"])
    assert pickle.loads(pickle.dumps(ruleset)) == ruleset
    copy = pickle.loads(pickle.dumps(found))
    assert isinstance(copy, Closure)
    assert copy == found
    disagreement = pickle.loads(pickle.dumps(EngineDisagreement("rs_1", ["b"], ["c"])))
    assert (disagreement.ruleset, disagreement.only_reference, disagreement.only_durable) == ("rs_1", ("b",), ("c",))
    assert str(pickle.loads(pickle.dumps(InferenceFault("why")))) == "why"


def test_a_rule_set_within_the_limits_gives_no_messages() -> None:
    sixteen = Rule(tuple(f"a{number}" for number in range(16)), "b")
    shared = [Rule(("a",), f"c{number}") for number in range(255)]
    assert check_limits(RuleSet((sixteen, *shared, Rule((), "d"), Rule(("x" * 998,), "e")))) == []


def test_every_limit_that_is_exceeded_is_named() -> None:
    seventeen = Rule(tuple(f"a{number}" for number in range(17)), "b")
    shared = [Rule(("a",), f"c{number}") for number in range(256)]
    long = Rule(("x" * 999,), "e")
    messages = check_limits(RuleSet((seventeen, *shared, long)))
    assert len(messages) == 3
    assert "the rule for 'b' has 17 premises; at most 16 fit" in messages[0]
    assert "'a' is a premise of 256 rules; at most 255 can share one" in messages[1]
    assert "is 1001 characters long; at most 1000 fit" in messages[2]


def test_too_many_rules_and_too_many_premises_are_named() -> None:
    many = tuple(Rule((f"a{number}",), "b") for number in range(4_001))
    assert check_limits(RuleSet(many)) == ["4001 rules; at most 4000 fit in one rule set"]
    heavy = tuple(Rule(tuple(f"a{number}-{place}" for place in range(16)), "b") for number in range(501))
    assert check_limits(RuleSet(heavy)) == ["8016 premises in all; at most 8000 fit in one rule set"]


def test_a_premise_given_twice_counts_once_towards_the_limits() -> None:
    assert check_limits(RuleSet((Rule(("a",) * 40, "b"),))) == []
