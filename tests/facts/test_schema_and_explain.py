"""The JSON Schema of a case file, and what is said of one fact."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from subsidyengine.facts import UnknownFact, case_from_data, case_schema, explain, facts_model
from subsidyengine.rulebook import load_documents
from subsidyengine.rulebook.load import build, read_folder

RULES = Path(__file__).parents[2] / "rules"

SCHEME = """
scheme: test.rent
title: {da: Prøve, en: Test}
decided_by: {da: kommunen, en: the municipality}
appeal: none
touched_by: [benefit.applied]
values:
  half: {title: {da: halv, en: half}, is: lease.rent / 2, cite: "law § 1 [text]"}
  quarter: {title: {da: kvart, en: quarter}, is: value.half / 2, cite: "law § 1 [text]"}
conditions:
  low: {holds: value.quarter < 1000, cite: "law § 1 [text]", says: {da: Lav, en: Low}}
  applied: {holds: benefit.applied, cite: "law § 1 [text]", says: {da: Søgt, en: Applied}}
rules: {granted: {all: [low, applied]}}
amount: {is: value.quarter, unit: DKK/month, round: exact, cite: "law § 1 [text]"}
"""


def resolve(schema, node):
    while "$ref" in node:
        target = schema
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def test_the_schema_describes_each_fact_in_both_languages(rulebook):
    schema = case_schema(rulebook)
    json.dumps(schema)
    facts = schema["$defs"]["Facts"]
    assert facts["additionalProperties"] is False
    rent = schema["$defs"]["Lease"]["properties"]["rent"]
    assert resolve(schema, facts["properties"]["lease.rent"]) == rent
    assert "lease.rent på dansk / lease.rent in English" in rent["description"]
    assert rent["x-unit"] == "DKK/month"
    kind = schema["$defs"]["Dwelling"]["properties"]["kind"]
    assert kind["anyOf"][0]["enum"] == ["family", "youth", "elderly"]
    assert kind["x-values"]["youth"] == {"da": "youth (da)", "en": "youth (en)"}
    assert schema["$defs"]["Fund"]["properties"]["vacancy_share"]["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 1}


def test_the_schema_is_made_once(rulebook):
    assert case_schema(rulebook) is case_schema(rulebook)


def test_every_reference_of_the_real_schema_resolves():
    schema = case_schema(read_folder(RULES)[0])

    def walk(node):
        if isinstance(node, dict):
            resolve(schema, node)
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(schema)


def test_the_model_and_the_check_agree_on_ordinary_cases(vocabulary):
    facts = {
        "lease": {"rent": [{"from": date(2025, 1, 1), "value": Decimal("5500.50")}], "start": date(2024, 1, 1)},
        "dwelling": {"kind": "youth", "rent": "5500.00"},
        "assessment": {"redemption_loss": {"value": True, "by": "A. Jensen", "on": date(2026, 1, 1)}},
        "relabelling": {"vacant_on": [date(2026, 1, 1)]},
    }
    model = facts_model(vocabulary)
    model.model_validate(facts)
    case_from_data({"facts": facts}, vocabulary)
    for wrong in ({"lease": {"rent": "5.500,00"}}, {"benefit": {"applied": "yes"}}, {"lease": {"rnt": 1}}, {"household": {"adults": -1}}):
        with pytest.raises(ValidationError):
            model.model_validate(wrong)


def test_a_fact_is_explained_with_the_rules_that_read_it(rulebook):
    facts = "facts:\n  lease.rent: {type: number, unit: DKK/month, title: {da: leje, en: rent}, ask: {da: Leje?, en: Rent?}}\n"
    facts += "  benefit.applied: {type: bool, title: {da: søgt, en: applied}, ask: {da: Søgt?, en: Applied?}}\n"
    book, _ = build({"facts.yaml": facts, "test.yaml": SCHEME})
    found = explain(book, "lease.rent")
    assert (found["type"], found["unit"], found["title"]["da"], found["example"]) == (
        "number", "DKK/month", "leje", "lease: {rent: 5500.00}",
    )  # fmt: skip
    assert found["read_by"] == [
        {
            "scheme": "test.rent",
            "title": {"da": "Prøve", "en": "Test"},
            "conditions": ["low"],
            "values": ["half", "quarter"],
            "answered_when_given": False,
        }
    ]
    (use,) = explain(book, "benefit.applied")["read_by"]
    assert (use["conditions"], use["values"], use["answered_when_given"]) == (["applied"], [], True)


def test_an_unknown_fact_is_answered_with_the_near_match(rulebook):
    with pytest.raises(UnknownFact, match=r"unknown fact 'lease\.rnt' - did you mean 'lease\.rent'\?"):
        explain(rulebook, "lease.rnt")


def test_every_example_of_the_vocabulary_is_a_case_that_reads():
    book = read_folder(RULES)[0]
    for name in book.facts:
        (document,) = load_documents(explain(book, name)["example"], "example")
        assert name in case_from_data({"facts": document.data}, book.facts).facts
