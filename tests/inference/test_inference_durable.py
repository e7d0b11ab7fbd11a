"""The adapter around durable-rules: each test is a fault of the library that must not be able to happen."""

import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest

from subsidyengine import inference
from subsidyengine.inference import InferenceFault, Rule, RuleSet, infer, reference
from subsidyengine.inference import durable as adapter

pytestmark = pytest.mark.skipif(not adapter.available(), reason="durable-rules cannot be imported here")

CHAIN = RuleSet((Rule(("a", "b"), "c"), Rule(("c",), "d"), Rule(("z",), "y")))


def engine() -> Any:
    return adapter._get_engine()


def distinct(number: int) -> RuleSet:
    return RuleSet((Rule(("a", f"b{number}"), "c"), Rule(("c",), f"d{number}")))


def test_conclusions_chain() -> None:
    assert adapter.conclude(CHAIN, ["a", "b"]) == {"a", "b", "c", "d"}


def test_one_call_leaves_nothing_behind_for_the_next() -> None:
    assert adapter.conclude(CHAIN, ["a"]) == {"a"}
    assert adapter.conclude(CHAIN, ["b"]) == {"b"}
    assert adapter.conclude(CHAIN, ["c"]) == {"c", "d"}


def test_more_calls_than_durable_rules_has_room_for_sessions() -> None:
    for _ in range(2_100):
        assert "d" in adapter.conclude(CHAIN, ["a", "b"])


def test_no_session_is_alive_after_a_call() -> None:
    adapter.conclude(CHAIN, ["a", "b"])
    used = int(next(engine()._sids)) - 1
    with pytest.raises(Exception, match="error code: 309"):
        engine()._compiled[CHAIN.name].rules.get_state(str(used))


def test_an_error_in_an_action_is_raised_and_its_session_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any, atom: str) -> None:
        raise ZeroDivisionError(atom)

    monkeypatch.setattr(adapter._Call, "conclude", fail)
    for _ in range(20):
        with pytest.raises(InferenceFault, match=CHAIN.name) as caught:
            adapter.conclude(CHAIN, ["a", "b"])
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
        assert CHAIN.name not in engine()._compiled, "nothing that has failed is used again"
    monkeypatch.undo()
    assert "d" in adapter.conclude(CHAIN, ["a", "b"])


def test_an_interrupt_passes_through_and_leaves_no_session_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter.conclude(CHAIN, ["a", "b"])
    compiled = engine()._compiled[CHAIN.name]

    def interrupt(self: Any, atom: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(adapter._Call, "conclude", interrupt)
    for _ in range(1_100):
        with pytest.raises(KeyboardInterrupt):
            adapter.conclude(CHAIN, ["a", "b"])
    monkeypatch.undo()
    assert "d" in adapter.conclude(CHAIN, ["a", "b"])
    assert engine()._compiled[CHAIN.name] is compiled


def test_an_interrupt_before_the_session_began_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter.conclude(CHAIN, ["a"])

    def interrupt(self: Any, facts: str, session: Any) -> None:
        raise KeyboardInterrupt

    host = import_module("subsidyengine.inference._host")
    monkeypatch.setattr(host.DirectRuleset, "chain", interrupt)
    with pytest.raises(KeyboardInterrupt):
        adapter.conclude(CHAIN, ["a", "b"])


def test_a_first_session_that_fails_before_any_action_can_be_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    host = import_module("subsidyengine.inference._host")
    rulesets = [distinct(10_000 + number) for number in range(30)]
    right = host.DirectRuleset._accepted
    codes = []

    def refuse(result: tuple[int, int]) -> int:
        codes.append(result)
        # The first is the adapter's own trial of a new rule set; refuse the one after it.
        return right(result if len(codes) % 2 else (1, result[1]))  # type: ignore[no-any-return]

    monkeypatch.setattr(host.DirectRuleset, "_accepted", staticmethod(refuse))
    for ruleset in rulesets:
        with pytest.raises(InferenceFault, match="a fact was not handled"):
            adapter.conclude(ruleset, ["a"])
    assert len(codes) == 60


def test_facts_that_durable_rules_takes_for_one_another_are_asked_again_in_another_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In session 7 these two facts have the same 32-bit hash, and the second would be lost.
    ruleset = RuleSet((Rule(("a-17146:met", "b-61809:met"), "both"),))
    given = ["a-17146:met", "b-61809:met"]
    monkeypatch.setattr(engine(), "_sids", iter([7, 8]))
    assert "both" in adapter.conclude(ruleset, given)
    assert list(engine()._sids) == [], "the session with the collision was not used"
    monkeypatch.setattr(engine(), "_sids", iter([7, 7, 7]))
    with pytest.raises(InferenceFault, match=r"took facts of rule set .* for one another 3 times"):
        adapter.conclude(ruleset, given)


def test_no_atoms_and_atoms_that_no_rule_asks_for_are_no_crash() -> None:
    assert adapter.conclude(CHAIN, []) == frozenset()
    assert adapter.conclude(CHAIN, ["nobody asks"]) == {"nobody asks"}
    assert adapter.conclude(RuleSet(()), ["a"]) == {"a"}


def test_a_rule_without_premises_always_holds_and_chains() -> None:
    ruleset = RuleSet((Rule((), "a"), Rule(("a",), "b")))
    assert adapter.conclude(ruleset, []) == {"a", "b"}


def test_an_atom_given_twice_or_also_concluded_is_no_error() -> None:
    ruleset = RuleSet((Rule(("a",), "b"), Rule(("a", "c"), "b"), Rule(("b",), "a")))
    assert adapter.conclude(ruleset, ["a", "a", "b", "c"]) == {"a", "b", "c"}


def test_a_premise_given_twice_is_met_by_one_fact() -> None:
    assert adapter.conclude(RuleSet((Rule(("a", "a"), "b"),)), ["a"]) == {"a", "b"}


def test_atoms_can_be_any_text() -> None:
    awkward = [
        '"',
        "\\",
        "{",
        "},{",
        "[a]",
        "a,b",
        ":",
        "æøå",
        "a\nb",
        " a",
        "a ",
        "a",
        "",
        "'",
        "$all",
        "null",
        "1",
        "😀",
    ]
    ruleset = RuleSet(tuple(Rule((text, "go"), f"{text}!") for text in awkward))
    for text in awkward:
        assert adapter.conclude(ruleset, [text, "go"]) == {text, "go", f"{text}!"}
    assert len(adapter.conclude(ruleset, [*awkward, "go"])) == 2 * len(awkward) + 1


def test_a_rule_set_at_the_limits_is_answered() -> None:
    sixteen = tuple(f"p{number}" for number in range(16))
    rules = [Rule((sixteen[number % 16],), f"s{number}") for number in range(240 * 16)]
    rules.append(Rule(sixteen, "all"))
    rules.append(Rule(("x" * 997 + "1",), "long 1"))
    rules.append(Rule(("x" * 997 + "2",), "long 2"))
    ruleset = RuleSet(tuple(rules))
    given = [*sixteen, "x" * 997 + "2"]
    concluded = adapter.conclude(ruleset, given)
    assert concluded == reference.closure(ruleset, given).atoms
    assert "all" in concluded
    assert "long 1" not in concluded
    assert "all" not in adapter.conclude(ruleset, sixteen[1:])


def test_an_atom_shared_by_255_rules_and_thousands_of_different_atoms_are_answered() -> None:
    shared = RuleSet(tuple(Rule(("a", f"b{number}"), f"c{number}") for number in range(255)))
    assert len(adapter.conclude(shared, ["a", *(f"b{number}" for number in range(255))])) == 1 + 2 * 255
    different = RuleSet(tuple(Rule((f"a{number}", f"b{number}"), f"c{number}") for number in range(1_500)))
    concluded = adapter.conclude(different, ["a7", "b7", "a1499", "b1499", "a8", "b9"])
    assert concluded - {"a7", "b7", "a1499", "b1499", "a8", "b9"} == {"c7", "c1499"}


def test_a_chain_of_a_thousand_rules_reaches_its_end() -> None:
    chain = RuleSet(tuple(Rule((f"a{number}",), f"a{number + 1}") for number in reversed(range(1_000))))
    assert "a1000" in adapter.conclude(chain, ["a0"])
    assert "a1000" not in adapter.conclude(chain, ["start"])


def test_a_rule_set_over_the_limits_is_refused_and_says_of_what() -> None:
    ruleset = RuleSet((Rule(tuple(f"a{number}" for number in range(17)), "b"),))
    with pytest.raises(InferenceFault, match="over the limits of durable-rules: the rule for 'b' has 17 premises"):
        infer(ruleset, ["a1"])
    assert infer(ruleset, ["a1"], durable=False).atoms == {"a1"}


def test_compiled_rule_sets_are_bounded_and_can_come_back() -> None:
    for number in range(300):
        assert f"d{number}" in adapter.conclude(distinct(number), ["a", f"b{number}"])
    assert len(engine()._compiled) == adapter.MAX_COMPILED
    assert len(engine()._host._ruleset_directory) == adapter.MAX_COMPILED
    assert "d0" in adapter.conclude(distinct(0), ["a", "b0"])


def test_a_rule_set_in_use_is_not_compiled_again() -> None:
    adapter.conclude(CHAIN, ["a"])
    compiled = engine()._compiled[CHAIN.name]
    for number in range(adapter.MAX_COMPILED * 2):
        adapter.conclude(distinct(20_000 + number), ["a"])
        adapter.conclude(CHAIN, ["a"])
    assert engine()._compiled[CHAIN.name] is compiled


def test_four_threads_get_their_own_answers() -> None:
    rulesets = [distinct(number) for number in range(100)]

    def work(seed: int) -> int:
        draw = random.Random(seed)
        right = 0
        for _ in range(1_000):
            number = draw.randrange(100)
            given = draw.choice([["a"], ["a", f"b{number}"], ["c"], [f"b{number}"]])
            right += adapter.conclude(rulesets[number], given) == reference.closure(rulesets[number], given).atoms
        return right

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [1_000] * 4


def test_no_background_thread_is_started() -> None:
    before = threading.active_count()
    fresh = adapter._Engine()
    assert fresh.conclude(CHAIN, ("a", "b")) >= {"c", "d"}
    assert threading.active_count() == before
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_answers_although_the_lock_was_held() -> None:
    adapter.conclude(CHAIN, ["a"])
    with engine()._lock:
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            os._exit(0 if "d" in adapter.conclude(CHAIN, ["a", "b"]) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def without_durable_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> Any:
        raise ImportError("undefined symbol: _PyUnicode_Ready")

    monkeypatch.setattr(adapter, "import_module", refuse)
    monkeypatch.setattr(adapter, "_engine", None)
    monkeypatch.setattr(inference, "_told", threading.Lock())


def test_without_durable_rules_the_reference_answers_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_durable_rules(monkeypatch)
    assert not adapter.available()
    assert adapter.why_unavailable() == "durable-rules cannot be imported: undefined symbol: _PyUnicode_Ready"
    for _ in range(3):
        found = infer(CHAIN, ["a", "b"])
        assert found.atoms == {"a", "b", "c", "d"}
        assert found.engine == "reference"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "subsidyengine: durable-rules cannot be imported: undefined symbol: _PyUnicode_Ready; conclusions come from the reference alone\n"
    )
    with pytest.raises(InferenceFault, match="cannot be imported"):
        adapter.conclude(CHAIN, ["a"])


def test_nothing_is_said_where_durable_rules_was_not_wanted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    without_durable_rules(monkeypatch)
    assert infer(CHAIN, ["a"], durable=False).engine == "reference"
    assert capsys.readouterr().err == ""


def test_another_version_of_durable_rules_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "version", lambda name: "2.1.0")
    assert adapter._Engine().reason == "durable-rules 2.1.0 is installed, and only 2.0.28 is known to be safe"
