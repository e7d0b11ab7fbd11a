"""A message is its English text, and can be said in Danish wherever it has been."""

from __future__ import annotations

import copy
import csv
import json
import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidyengine.facts.jsontext import JsonError, JsonReader
from subsidyengine.formula import FormulaError, Scope, near, parse
from subsidyengine.rulebook import SourceError, load_documents
from subsidyengine.words import Message, quoted, say, translated

SCOPE = Scope({}, {}, {}, {})


def test_a_message_is_its_english_text():
    message = say("unknown rate '{name}'{hint}", name="x", hint="")
    assert message == "unknown rate 'x'"
    assert isinstance(message, str)
    assert json.dumps([message]) == json.dumps(["unknown rate 'x'"])
    assert {message: 1}["unknown rate 'x'"] == 1
    assert translated(message, "en") == message
    assert translated(message, "da") == "ukendt sats 'x'"


def test_parts_that_are_messages_are_translated_with_the_whole():
    hint = near("lease.rnt", ["lease.rent"])
    message = say("unknown name '{name}'{hint}", name="lease.rnt", hint=hint)
    assert translated(message, "da") == "ukendt navn 'lease.rnt' - mente du 'lease.rent'?"


def test_a_part_that_reads_like_a_text_of_ours_is_left_alone():
    """What somebody wrote is never translated."""
    assert translated(say("unknown rate '{name}'{hint}", name="nothing", hint=""), "da") == "ukendt sats 'nothing'"
    assert translated("nothing", "da") == "nothing"


def test_an_error_gives_its_message_back_whole():
    error = FormulaError("F_NAME", say("unknown name '{name}'{hint}", name="x", hint=""))
    assert translated(str(error), "da") == "ukendt navn 'x'"


@given(st.text(), st.text())
def test_a_message_stays_whole_when_copied_or_sent(name, hint):
    message = say("unknown rate '{name}'{hint}", name=name, hint=quoted(hint))
    for again in (copy.deepcopy(message), pickle.loads(pickle.dumps(message)), pickle.loads(pickle.dumps(message, 2))):
        assert type(again) is Message
        assert again == message == f"unknown rate '{name}'{hint}"
        assert (again.template, again.parts) == (message.template, message.parts)
        assert translated(again, "da") == translated(message, "da")
        assert isinstance(again.parts["hint"], Message)


@given(st.text())
def test_what_a_library_says_is_kept_letter_by_letter(text):
    assert quoted(text) == text
    assert translated(quoted(text), "en") == text
    assert translated(quoted("<" + text), "da") == "<" + text  # no text of ours and no form of a library's begins so


def reason(read, kind) -> str:
    with pytest.raises(kind) as caught:
        read()
    return translated(str(caught.value), "da") if kind is not SourceError else translated(caught.value.message, "da")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("(true", "ikke en formel: '(' bliver ikke lukket"),
        ("true)", "ikke en formel: ')' er overflødig"),
        ("1 +", "ikke en formel: skrivemåden er ikke gyldig"),
        ("1 2", "ikke en formel: skrivemåden er ikke gyldig"),
        ("max(1 2)", "ikke en formel: måske mangler et komma"),
        ("1 if true", "ikke en formel: efter 'if' mangler 'else'"),
        ("5kr", "ikke en formel: et tal efterfølges af et bogstav"),
        ("007", "ikke en formel: et tal begynder ikke med nul"),
        ("'x", "ikke en formel: en tekst mangler et anførselstegn"),
        ("(a = 1)", "ikke en formel: brug '==' for at sammenligne"),
        ("(a.b = 1)", "ikke en formel: brug '==' for at sammenligne"),
        ("max(a.b = 1)", "ikke en formel: brug '==' for at sammenligne"),
        ("(" * 250 + "1" + ")" * 250, "ikke en formel: for mange parenteser inden i hinanden"),
    ],
)
def test_python_on_formulas(formula, said):
    assert reason(lambda: parse(formula, SCOPE), FormulaError) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "her skal stå et feltnavn i dobbelte anførselstegn"),
        ('{"a" 1}', "her mangler et kolon"),
        ('{"a": 1 "b": 2}', "her mangler et komma"),
        ('{"a": }', "her skal stå en værdi"),
        ('{"a": "x', "en tekst er ikke afsluttet"),
        ('{"a": "\\q"}', "ukendt tegn efter en omvendt skråstreg"),
        ('{"a": "\\uZZZZ"}', "ugyldigt tegn efter \\u"),
        ('{"a": "x\ny"}', "et styretegn kan ikke stå i en tekst"),
    ],
)
def test_json(text, said):
    assert reason(lambda: JsonReader().value(text), JsonError) == f"ikke JSON: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c", "her kan der ikke stå et kolon (en tekst med kolon står i anførselstegn)"),
        ("a: [1, 2", "her skal stå ',' eller ']', men der står '<stream end>'"),
        ("a: {b: 1", "her skal stå ',' eller '}', men der står '<stream end>'"),
        ("a: 'b", "filen slutter midt i en tekst"),
        ("a: @b", "tegnet '@' kan ikke stå her"),
        ('a: "\\q"', "ukendt tegn 'q' efter en omvendt skråstreg"),
        ("a: 1\n  b: 2", "her kan der ikke stå et kolon"),
        ("a: 1\nb", "her mangler et ':'"),
        ("a: - b", "her kan der ikke begynde en liste"),
        ("a: 1\n- b", "her skulle afsnittet slutte, men der står"),
        ("a: *b", "ukendt alias 'b'"),
        ("a: [", "her skulle stå en værdi, men der står '<stream end>'"),
        ("a: 'b\n---\n", "her begynder et nyt dokument midt i en tekst"),
        ("a: \x07", "tegnet #x0007 kan ikke bruges"),
    ],
)
def test_yaml(text, said):
    assert reason(lambda: list(load_documents(text, "x.yaml")), SourceError).startswith(f"ikke YAML: {said}")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['"a"b'], "efter '\"' skal stå ','"),
        (['a,"b'], "tabellen slutter midt i en celle"),
        (["a" * 140_000], "en celle er på mere end 131072 tegn"),
    ],
)
def test_csv(lines, said):
    with pytest.raises(csv.Error) as caught:
        list(csv.reader(lines, strict=True))
    assert translated(quoted(str(caught.value)), "da") == said


@pytest.mark.parametrize("number", [2, 5, 13, 20, 21, 28, 30, 36, 40])  # ENOENT EIO EACCES ENOTDIR EISDIR ENOSPC EROFS ENAMETOOLONG ELOOP
def test_the_operating_system(number):
    text = os.strerror(number)
    assert translated(quoted(text), "da") != text
