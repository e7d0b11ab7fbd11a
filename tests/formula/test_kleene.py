"""Laws of three-valued logic: true, false and unknown, whatever the statements are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from subsidyengine.formula import Unknown

from .grammar import facts, formulas
from .scene import Scene, evaluate

statements = formulas("bool", depth=1)
#: No is_known and no known_or: they look at unknowns, and may change when one is filled in.
growing = formulas("bool", depth=2, forms=False)


def value(text: str, given_facts: dict[str, Any]) -> Any:
    """True, False or None for unknown."""
    found = evaluate(text, Scene(given_facts))
    return None if isinstance(found, Unknown) else found


def causes(text: str, given_facts: dict[str, Any]) -> set[Any]:
    found = evaluate(text, Scene(given_facts))
    return set(found.causes) if isinstance(found, Unknown) else set()


#: Two formulas that always agree, {p}, {q}, {r} being any statements.
LAWS = {
    "double negation": ("not not {p}", "{p}"),
    "de morgan of and": ("not ({p} and {q})", "not {p} or not {q}"),
    "de morgan of or": ("not ({p} or {q})", "not {p} and not {q}"),
    "and commutes": ("{p} and {q}", "{q} and {p}"),
    "or commutes": ("{p} or {q}", "{q} or {p}"),
    "and is associative": ("({p} and {q}) and {r}", "{p} and ({q} and {r})"),
    "or is associative": ("({p} or {q}) or {r}", "{p} or ({q} or {r})"),
    "a flat and is a nested one": ("{p} and {q} and {r}", "{p} and ({q} and {r})"),
    "and distributes over or": ("{p} and ({q} or {r})", "({p} and {q}) or ({p} and {r})"),
    "or distributes over and": ("{p} or ({q} and {r})", "({p} or {q}) and ({p} or {r})"),
    "and is idempotent": ("{p} and {p}", "{p}"),
    "or is idempotent": ("{p} or {p}", "{p}"),
    "and absorbs": ("{p} and ({p} or {q})", "{p}"),
    "true is neutral in and": ("{p} and true", "{p}"),
    "false is neutral in or": ("{p} or false", "{p}"),
    "false decides and": ("{p} and false", "false"),
    "true decides or": ("{p} or true", "true"),
    "at least one is or": ("at_least(1, {p}, {q}, {r})", "{p} or {q} or {r}"),
    "at least all is and": ("at_least(3, {p}, {q}, {r})", "{p} and {q} and {r}"),
    "at least two of three": ("at_least(2, {p}, {q}, {r})", "{p} and {q} or {p} and {r} or {q} and {r}"),
    "at least commutes": ("at_least(2, {p}, {q}, {r})", "at_least(2, {r}, {p}, {q})"),
    "sameness is both or neither": ("({p}) == ({q})", "{p} and {q} or not {p} and not {q}"),
    "difference is not sameness": ("({p}) != ({q})", "not (({p}) == ({q}))"),
    "known or unknown is itself": ("known_or({p}, unknown)", "{p}"),
    "known or falls back": ("known_or({p}, {q})", "({p}) if is_known({p}) else ({q})"),
    "an if with both sides alike needs no test": ("({q}) if {p} else ({q})", "{q}"),
    "an if turned round": ("({q}) if {p} else ({r})", "({r}) if not {p} else ({q})"),
}
#: In these the causes are the same on both sides too, not only the answer.
SAME_CAUSES = [
    n
    for n in LAWS
    if n.startswith(("double", "de morgan", "a flat", "difference", "at least commutes", "and com", "or com", "and is", "or is"))
]


@pytest.mark.parametrize("law", LAWS)
def test_a_law_holds_of_any_statements_on_any_facts(law: str) -> None:
    @given(p=statements, q=statements, r=statements, given_facts=facts)
    @settings(max_examples=40, deadline=None)
    def run(p: str, q: str, r: str, given_facts: dict[str, Any]) -> None:
        left, right = (side.format(p=p, q=q, r=r) for side in LAWS[law])
        assert value(left, given_facts) == value(right, given_facts)
        if law in SAME_CAUSES:
            assert causes(left, given_facts) == causes(right, given_facts)

    run()


@given(text=growing, given_facts=facts, data=st.data())
@settings(max_examples=150, deadline=None)
def test_filling_in_a_fact_never_turns_a_determined_answer(text: str, given_facts: dict[str, Any], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(given_facts)))) if given_facts else set()
    fewer = {name: v for name, v in given_facts.items() if name in kept}
    before = value(text, fewer)
    assume(before is not None)
    assert value(text, given_facts) == before


@given(text=formulas("number", depth=2, forms=False), given_facts=facts, data=st.data())
@settings(max_examples=80, deadline=None)
def test_filling_in_a_fact_never_turns_a_determined_figure(text: str, given_facts: dict[str, Any], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(given_facts)))) if given_facts else set()
    before = value(text, {name: v for name, v in given_facts.items() if name in kept})
    assume(before is not None)
    assert value(text, given_facts) == before


@given(text=growing, given_facts=facts)
@settings(max_examples=80, deadline=None)
def test_an_unknown_names_only_what_is_missing(text: str, given_facts: dict[str, Any]) -> None:
    missing = {cause.name for cause in causes(text, given_facts) if cause.kind == "missing_fact"}
    assert not missing & given_facts.keys()


@given(text=growing, given_facts=facts)
@settings(max_examples=100, deadline=None)
def test_is_known_says_whether_there_is_an_answer(text: str, given_facts: dict[str, Any]) -> None:
    assert value(f"is_known({text})", given_facts) is (value(text, given_facts) is not None)


def test_the_laws_of_two_values_that_kleene_gives_up() -> None:
    assert value("it.a or not it.a", {}) is None
    assert value("it.a and not it.a", {}) is None
    assert value("it.a == it.a", {}) is None


def test_an_unknown_is_no_truth_value_of_python() -> None:
    with pytest.raises(TypeError, match="an unknown is neither true nor false"):
        bool(evaluate("it.a"))
