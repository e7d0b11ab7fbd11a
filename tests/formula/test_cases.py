"""The table of ``cases.yaml``: every line is a test of its own."""

from __future__ import annotations

from typing import Any

import pytest

from subsidyengine.formula import FormulaError, Span, Unknown, compile_formula, parse, plain

from .scene import SCOPE, TABLE, Scene, type_of, value_of

ROWS: list[dict[str, Any]] = TABLE["cases"]
KEYS = {"formula", "facts", "on", "known", "settings", "expect", "type", "at", "value", "unknown", "error"}


def named(row: dict[str, Any]) -> str:
    given = ",".join(f"{k}={v}" for k, v in row.get("facts", {}).items())
    return f"{row['formula']} | {given}" if given else str(row["formula"])


@pytest.mark.parametrize("row", ROWS, ids=[f"{n:03}: {named(r)}"[:90].encode("ascii", "replace").decode() for n, r in enumerate(ROWS, 1)])
def test_a_line_of_the_table_holds(row: dict[str, Any]) -> None:
    assert row.keys() <= KEYS
    assert len(row.keys() & {"value", "unknown", "error"}) == 1, "a line has one answer"
    expected = type_of(row["expect"]) if "expect" in row else None
    if "error" in row:
        with pytest.raises(FormulaError) as refused:
            parse(row["formula"], SCOPE, expected)
        assert f"{refused.value.code} {refused.value.message}" == row["error"]
        assert refused.value.column == row.get("at", refused.value.column)
        return

    formula = parse(row["formula"], SCOPE, expected)
    assert str(formula.type) == row.get("type", str(formula.type))
    got = compile_formula(formula)(Scene(row.get("facts"), row.get("on"), row.get("known"), row.get("settings")))
    if "unknown" in row:
        assert isinstance(got, Unknown), f"came to {got}"
        assert [cause.name for cause in got.causes] == row["unknown"]
    elif isinstance(got, Span):
        assert plain(got) == row["value"]
    else:
        assert not isinstance(got, Unknown), f"unknown: {got.causes}"
        wanted = row["value"] if formula.type.kind == "text" else value_of(row["value"])
        assert (type(got) is bool, got) == (type(wanted) is bool, wanted)


def test_the_table_names_every_function_and_every_sign() -> None:
    from subsidyengine.formula.functions import FORMS, FUNCTIONS

    text = " ".join(str(row["formula"]) for row in ROWS if "error" not in row)
    missing = [name for name in (*FUNCTIONS, *FORMS) if f"{name}(" not in text]
    signs = ("==", "!=", " < ", "<=", " > ", ">=", " in [", " not in [", " and ", " or ", "not ", " + ", " - ", " * ", " / ", " if ")
    assert not missing + [sign for sign in signs if sign not in text]


def test_no_line_of_the_table_is_there_twice() -> None:
    keys = [repr({k: v for k, v in row.items() if k not in ("value", "unknown", "error", "type", "at")}) for row in ROWS]
    assert len(keys) == len(set(keys)), [k for k in keys if keys.count(k) > 1]
