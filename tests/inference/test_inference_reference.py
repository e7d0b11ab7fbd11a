"""The reference chainer: what follows, the proof of it, and its speed."""

import random
import time

from subsidyengine.inference import Conclusion, Rule, RuleSet, atoms_of, compile_conclusions
from subsidyengine.inference.reference import closure


def rules(*written: str) -> RuleSet:
    """Rules from "conclusion <- premise premise"."""
    parts = [line.split(" <-") for line in written]
    return RuleSet(tuple(Rule(tuple(premises.split()), conclusion) for conclusion, premises in parts))


def test_conclusions_are_premises_of_further_conclusions() -> None:
    found = closure(rules("d <- c a", "c <- a b"), ["a", "b"])
    assert found.atoms == {"a", "b", "c", "d"}
    assert found.engine == "reference"


def test_a_rule_with_a_missing_premise_gives_nothing() -> None:
    assert closure(rules("c <- a b"), ["a"]).atoms == {"a"}


def test_a_given_atom_that_no_rule_asks_for_stays_true() -> None:
    assert closure(rules("b <- a"), ["z"]).atoms == {"z"}


def test_a_rule_without_premises_always_holds() -> None:
    found = closure(rules("b <- a", "a <-"), [])
    assert found.atoms == {"a", "b"}
    assert found.proof["a"] == Rule((), "a")


def test_a_premise_given_twice_counts_once() -> None:
    assert closure(rules("b <- a a"), ["a"]).atoms == {"a", "b"}


def test_rules_in_a_circle_end_and_prove_nothing_by_themselves() -> None:
    circle = rules("a <- b", "b <- a")
    assert closure(circle, []).atoms == frozenset()
    assert closure(circle, ["a"]).atoms == {"a", "b"}


def test_the_proof_is_the_first_rule_in_order_among_those_of_the_earliest_pass() -> None:
    later_but_first_in_order, second, third = "x <- c", "x <- b", "x <- a"
    found = closure(rules(later_but_first_in_order, second, third, "c <- a"), ["a", "b"])
    assert found.proof["x"] == Rule(("b",), "x")
    # The same for many names, since the order in which atoms are looked at is another in every process.
    for number in range(20):
        found = closure(rules(f"x <- b{number}", f"x <- a{number}"), [f"a{number}", f"b{number}"])
        assert found.proof["x"] == Rule((f"b{number}",), "x")


def test_given_atoms_have_no_proof() -> None:
    assert dict(closure(rules("b <- a", "a <- b"), ["a"]).proof) == {"b": Rule(("a",), "b")}


def test_the_proof_does_not_depend_on_the_order_of_the_atoms() -> None:
    draw = random.Random(3)
    names = [f"a{number}" for number in range(12)]
    ruleset = RuleSet(tuple(Rule(tuple(draw.sample(names, 2)), f"a{draw.randrange(6, 12)}") for _ in range(40)))
    given = names[:6]
    expected = closure(ruleset, given)
    assert len(expected.proof) > 3
    for _ in range(20):
        draw.shuffle(given)
        found = closure(ruleset, given)
        assert list(found.proof.items()) == list(expected.proof.items())


def test_every_proof_rests_on_atoms_that_are_given_or_proved() -> None:
    draw = random.Random(4)
    names = [f"a{number}" for number in range(30)]
    for _ in range(50):
        ruleset = RuleSet(tuple(Rule(tuple(draw.sample(names, 2)), draw.choice(names)) for _ in range(40)))
        given = set(draw.sample(names, 8))
        found = closure(ruleset, given)
        proved = set(given)
        for atom, rule in found.proof.items():
            assert rule.conclusion == atom
            assert rule in ruleset.rules
            assert proved.issuperset(rule.premises)
            proved.add(atom)
        assert proved == found.atoms


def test_a_chain_of_ten_thousand_rules_reaches_its_end() -> None:
    chain = RuleSet(tuple(Rule((f"a{number}",), f"a{number + 1}") for number in reversed(range(10_000))))
    assert "a10000" in closure(chain, ["a0"]).atoms


def test_a_usual_case_takes_far_less_than_a_millisecond() -> None:
    names = [f"condition-{number}" for number in range(25)]
    parts = [Conclusion(f"part-{place}", "any", tuple(names[place * 3 : place * 3 + 3])) for place in range(4)]
    granted = Conclusion("granted", "all", (*(part.name for part in parts), *names[12:]))
    ruleset = compile_conclusions([*parts, granted])
    given = atoms_of(dict.fromkeys(names, "met"), ruleset)
    assert len(ruleset.rules) > 60
    best = float("inf")
    for _ in range(200):
        started = time.perf_counter()
        closure(ruleset, given)
        best = min(best, time.perf_counter() - started)
    # About 10 microseconds where this was written; the bound leaves room for slow machines.
    assert best < 150e-6
