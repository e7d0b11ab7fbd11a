"""A case as plain data, as it was given: every statement of a fact with its source, the day it was received, and who assessed it.

What comes out reads back through ``facts.case_from_data`` to an equal case, so that a decision can be made again years later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..facts import Case, Given, case_from_data, looks_like_cpr
from ..formula import plain
from ..rulebook import Rulebook


def case_data(case: Case) -> dict[str, Any]:
    """The case as JSON can hold it. Where it was read from is left out: file names say things about people."""
    data: dict[str, Any] = {"case": case.id}
    if case.on is not None:
        data["on"] = case.on.isoformat()
    if case.known is not None:
        data["known"] = case.known.isoformat()
    if case.schemes:
        data["schemes"] = list(case.schemes)
    data["facts"] = {name: _statements(given) for name, given in sorted(case.facts.items())}
    return data


def _statements(given: tuple[Given, ...]) -> Any:
    """A bare value where nothing else is said, else a statement, else a list of them."""
    plain_ones = [_statement(one) for one in given]
    if len(plain_ones) > 1:
        return plain_ones
    return plain_ones[0]["value"] if plain_ones[0].keys() == {"value"} else plain_ones[0]


def _statement(given: Given) -> dict[str, Any]:
    said: dict[str, Any] = {"value": plain(given.value)}
    for key, value in (("from", given.from_), ("received", given.received), ("on", given.on)):
        if value is not None:
            said[key] = value.isoformat()
    for key, text in (("source", given.source), ("by", given.by), ("why", given.why)):
        if text:
            said[key] = text
    return said


def case_of(data: Mapping[str, Any], rulebook: Rulebook) -> Case:
    """The case of stored data, read with the words of a rulebook."""
    return replace(case_from_data(data, rulebook.facts), origin="")


def cpr_like(data: Mapping[str, Any]) -> Iterator[str]:
    """Dotted places of texts in a case's facts that hold what looks like a CPR number."""
    for name, statements in data["facts"].items():
        for one in statements if isinstance(statements, list) else [statements]:
            for key, value in one.items() if isinstance(one, dict) else [("value", one)]:
                if isinstance(value, str) and looks_like_cpr(value):
                    yield name if key == "value" else f"{name}.{key}"
