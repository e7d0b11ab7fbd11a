"""Nothing that is not a formula gets in, nothing that gets in can hurt: one kind of error, small bounds, no crash."""

from __future__ import annotations

import time
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidyengine.formula import FormulaError, Unknown, compile_formula, parse, plain, prose, trace

from .grammar import days, facts, formulas
from .scene import SCOPE, Scene

SIZE = "a formula nests at most 40 deep and has at most 400 parts"
NUMBER = "a number is written with at most 15 digits, as in 3500 or 0.15"


def form(kind: str) -> str:
    return f"{kind} is not part of the formula language"


HOSTILE: dict[str, tuple[str, str, str]] = {
    # attributes and calls
    "class of a literal": ("''.__class__", "F_FORM", "a dot joins names only, as in lease.rent"),
    "class of a fact": ("lease.rent.__class__", "F_NAME", "unknown name 'lease.rent.__class__' - did you mean 'lease.rent'?"),
    "class of a rate": ("rate.__class__", "F_NAME", "unknown name 'rate.__class__'"),
    "subclass walk": ("().__class__.__bases__[0].__subclasses__()", "F_FORM", "only the named functions can be called"),
    "attribute of a call": ("date(2024, 1, 1).year", "F_FORM", "a dot joins names only, as in lease.rent"),
    "method of a fact": ("lease.start.replace(1)", "F_FORM", "only the named functions can be called"),
    "import": ("__import__('os')", "F_NAME", "unknown function '__import__'"),
    "eval": ("eval('1')", "F_NAME", "unknown function 'eval'"),
    "open a file": ("open('/etc/passwd')", "F_NAME", "unknown function 'open'"),
    "name with underscores": ("__builtins__", "F_NAME", "unknown name '__builtins__'"),
    "call of a call": ("min(1, 2)(3)", "F_FORM", "only the named functions can be called"),
    "call of a lambda": ("(lambda: 1)()", "F_FORM", "only the named functions can be called"),
    "named argument": ("date(year=2024, month=1, day=1)", "F_ARGUMENTS", "date takes plain arguments only"),
    "starred argument": ("min(*[1, 2])", "F_ARGUMENTS", "min takes plain arguments only"),
    "double starred argument": ("min(**it.a)", "F_ARGUMENTS", "min takes plain arguments only"),
    # every other form of expression
    "lambda": ("lambda x: x", "F_FORM", form("Lambda")),
    "list comprehension": ("[x for x in it.a]", "F_FORM", form("ListComp")),
    "set comprehension": ("{x for x in it.a}", "F_FORM", form("SetComp")),
    "dict comprehension": ("{x: x for x in it.a}", "F_FORM", form("DictComp")),
    "generator": ("min(x for x in it.a)", "F_FORM", form("GeneratorExp")),
    "walrus": ("(x := 5)", "F_FORM", form("NamedExpr")),
    "f-string": ("f'{it.a}'", "F_FORM", form("JoinedStr")),
    "bytes": ("b'x'", "F_FORM", form("bytes")),
    "await": ("await it.a", "F_FORM", form("Await")),
    "yield": ("(yield it.a)", "F_FORM", form("Yield")),
    "subscript": ("dwelling.vacant[0]", "F_FORM", form("Subscript")),
    "slice": ("dwelling.vacant[0:1]", "F_FORM", form("Subscript")),
    "dict": ("{'a': 1}", "F_FORM", form("Dict")),
    "set": ("{1, 2}", "F_FORM", form("Set")),
    "tuple": ("(it.a, it.b)", "F_FORM", form("Tuple")),
    "list": ("[it.a, it.b]", "F_FORM", form("List")),
    "starred": ("(*it.a, it.b)", "F_FORM", form("Tuple")),
    "ellipsis": ("...", "F_FORM", form("ellipsis")),
    "matrix product": ("it.a @ it.b", "F_FORM", form("MatMult")),
    "shift": ("1 << 999999999", "F_FORM", form("LShift")),
    "power": ("9 ** 9 ** 9 ** 9", "F_FORM", form("Pow")),
    "identity": ("it.a is it.b", "F_FORM", "'Is' is not part of the formula language"),
    # numbers
    "long number": ("9" * 1990, "F_NUMBER", NUMBER),
    "long decimal": ("0." + "9" * 1990, "F_NUMBER", NUMBER),
    "huge exponent": ("1e999999999", "F_NUMBER", NUMBER),
    "underscores": ("1_0", "F_NUMBER", NUMBER),
    # characters
    "null byte": ("it.a\x00", "F_SYNTAX", "unexpected character '\\x00'"),
    "bell": ("it.a\a", "F_SYNTAX", "unexpected character '\\x07'"),
    "form feed": ("it.a\f", "F_SYNTAX", "unexpected character '\\x0c'"),
    "delete": ("it.a\x7f", "F_SYNTAX", "unexpected character '\\x7f'"),
    "non-ASCII name": ("lejemål.husleje", "F_SYNTAX", "unexpected character 'å'"),
    "letter that looks like another": ("l\u0435ase.rent", "F_SYNTAX", "unexpected character 'е'"),
    "full-width digit": ("\uff15", "F_SYNTAX", "unexpected character '５'"),
    "right-to-left mark": ("it.a\u202e", "F_SYNTAX", "unexpected character '\\u202e'"),
    "lone surrogate": ("'\ud800'", "F_SYNTAX", "unexpected character '\\ud800'"),
    "byte order mark": ("\ufeffit.a", "F_SYNTAX", "unexpected character '\\ufeff'"),
    "escape": (r"'\N{DOES NOT EXIST}'", "F_SYNTAX", "unexpected character '\\\\'"),
    "continued line": ("it.a \\\n and it.b", "F_SYNTAX", "unexpected character '\\\\'"),
    "comment that hides the next line": ("it.a # and\nand it.b", "F_SYNTAX", "unexpected character '#'"),
    # size
    "a megabyte": ("1 + " * 250_000 + "1", "F_SIZE", "a formula has at most 2000 characters, this one 1000001"),
    "a megabyte of spaces": (" " * 1_000_000, "F_SIZE", "a formula has at most 2000 characters, this one 1000000"),
    "deep not": ("not " * 300 + "it.a", "F_SIZE", SIZE),
    "deep minus": ("-" * 900 + "1", "F_SIZE", SIZE),
    "deep sum": ("+".join(["1"] * 500), "F_SIZE", SIZE),
    "long comparison": ("<".join(["1"] * 900), "F_SIZE", SIZE),
    "if-else ladder": ("1 if it.a else " * 100 + "2", "F_SIZE", SIZE),
    "nested calls": ("min(1," * 150 + "1" + ")" * 150, "F_SIZE", SIZE),
    "long list": ("count.n in [" + "-1," * 650 + "1]", "F_SIZE", SIZE),
    "long dotted name": ("a" + ".a" * 900, "F_SIZE", SIZE),
}  # fmt: skip

#: Python's own parser refuses these; its words differ between versions, so only ours are checked.
NO_EXPRESSION = {
    "nothing": "", "spaces": "   ", "statement": "x = 1", "import statement": "import os", "two statements": "it.a; it.b", "del": "del it.a",
    "assert": "assert it.a", "keyword": "class", "keyword in a name": "it.class", "unclosed string": "'a", "unclosed bracket": "(it.a",
    "closing bracket": "it.a)", "assignment in a call": "min(a=)", "leading zeros": "007", "number glued to a word": "1if it.a else 2",
    "two names": "it.a it.b", "deep brackets": "(" * 999 + "1" + ")" * 999, "deep lists": "[" * 900, "other dialect": "it.a && it.b",
    "dollar": "$x", "question mark": "it.a ? 1 : 2", "return": "return 1", "async": "async it.a", "period alone": "period.", "dots": "it..a",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_by_name(name: str) -> None:
    text, code, message = HOSTILE[name]
    with pytest.raises(FormulaError) as refused:
        parse(text, SCOPE)
    assert (refused.value.code, refused.value.message) == (code, message)
    assert 0 <= refused.value.column <= len(text)


@pytest.mark.parametrize("name", NO_EXPRESSION)
def test_what_is_no_expression_is_a_syntax_error(name: str) -> None:
    text = NO_EXPRESSION[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Python may warn of what it reads; a user must not see that
        with pytest.raises(FormulaError) as refused:
            parse(text, SCOPE)
    assert refused.value.code == "F_SYNTAX"
    assert refused.value.message.startswith("not a formula: ") or refused.value.message.startswith("unexpected character ")
    assert 0 <= refused.value.column <= len(text)


def test_all_of_it_is_refused_in_no_time() -> None:
    started = time.process_time()  # of this process: a busy machine is no fault of the parser
    for text in [t for t, _, _ in HOSTILE.values()] + list(NO_EXPRESSION.values()):
        with pytest.raises(FormulaError):
            parse(text, SCOPE)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "not " * 70 + "it.a",
        "-" * 70 + "1",
        "(" * 150 + "1" + ")" * 150,
        " + ".join(["1"] * 70),
        " < ".join(["1"] * 300),
        "0 if it.a else " * 70 + "1",
        " and ".join(["it.a"] * 150),
        "min(" + ", ".join(["999999999999999 * 999999999999999"] * 40) + ")",
        " * ".join(["999999999999999"] * 70),
    ],
)
def test_what_is_just_small_enough_is_read_evaluated_and_told(text: str) -> None:
    formula = parse(text, SCOPE)
    scene = Scene({"it.a": False})
    assert not isinstance(compile_formula(formula)(scene), Unknown)
    assert plain(trace(formula, scene.record).value) is not None
    assert prose(formula, "da", lambda kind, name, lang: name)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_random_text_raises_nothing_but_a_formula_error(text: str) -> None:
    read_or_refuse(text)


WORDS = [
    "it.a", "lease.rent", "lease.start", "rate.daily", "value.net", "dwelling.kind", "family", "on", "true", "unknown", "period.from", "1", "0.5",
    "'x'", "(", ")", "[", "]", ",", ".", ":", "=", "==", "<", "in", "not", "and", "or", "if", "else", "+", "-", "*", "/", "**", "lambda", "for",
    "min", "date", "at", "is_known", "known_or", "at_least", "years", "\n", " ", "#", "\\", "{", "}", "!", "@", "await", "None", "__class__",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_random_words_of_the_language_raise_nothing_but_a_formula_error(text: str) -> None:
    read_or_refuse(text)


def read_or_refuse(text: str) -> None:
    refused = refusal(text)
    if refused is None:
        reads_whole(text, {}, parse(text, SCOPE).type.kind)
        return
    assert refused.code.startswith("F_")
    assert refused.message
    assert 0 <= refused.column <= len(text)


def refusal(text: str) -> FormulaError | None:
    try:
        parse(text, SCOPE)
    except FormulaError as error:
        return error
    return None


def reads_whole(text: str, given_facts: dict[str, Any], kind: str) -> None:
    """Parse, evaluate, trace, tell; the value is of the type that was promised."""
    formula = parse(text, SCOPE)
    scene = Scene(given_facts)
    value = compile_formula(formula)(scene)
    if not isinstance(value, Unknown):
        assert (type(value) is bool) == (kind == "bool")
    step = trace(formula, scene.record)
    assert step.value == value
    step.as_json()
    for lang in ("da", "en"):
        assert prose(formula, lang, lambda kind, name, lang: f"{kind} {name}")


@pytest.mark.parametrize("kind", ["bool", "number", "date"])
def test_any_formula_of_the_grammar_evaluates_on_any_facts(kind: str) -> None:
    @given(text=formulas(kind), given_facts=facts, on=days)
    @settings(max_examples=80, deadline=None)
    def run(text: str, given_facts: dict[str, Any], on: Any) -> None:
        refused = refusal(text)
        if refused is not None:
            assert refused.code == "F_SIZE", f"{refused.message}: {text}"
            return
        formula = parse(text, SCOPE)
        assert formula.type.kind == kind
        reads_whole(text, given_facts, kind)
        assert compile_formula(formula)(Scene(given_facts, on)) == compile_formula(formula)(Scene(given_facts, on))

    run()
