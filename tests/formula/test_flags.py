"""Statements as columns against a plain reading of them, in every row that there can be: what is left out for being constant changes nothing."""

from __future__ import annotations

from itertools import product

import ibis
import pytest

from subsidyengine.formula import exact
from subsidyengine.formula.cell import Cell, choose, filled, flag_where, negated, rank_column, ranked, surest

#: ``a`` and ``b`` may be unknown, ``c`` and ``d`` never are.
ROWS = [dict(zip("abcd", row, strict=True)) for row in product((True, False, None), (True, False, None), (True, False), (True, False))]
TABLE = ibis.memtable(ROWS, schema=ibis.schema({"a": "boolean", "b": "boolean", "c": "!boolean", "d": "!boolean"}))
FLAGS = {n: TABLE[n] for n in "abcd"} | {"yes": ibis.literal(True), "no": ibis.literal(False), "unknown": exact.null("boolean")}
GIVEN = ("c", "d", "yes", "no")


def value(name, row):
    return {**row, "yes": True, "no": False, "unknown": None}[name]


def read(expressions):
    """Each expression in every row."""
    found = ibis.duckdb.connect().to_pyarrow(TABLE.select(**{f"x{i}": e for i, e in enumerate(expressions)}))
    return [column.to_pylist() for column in found.columns]


@pytest.mark.parametrize("first", ["a", "c", "yes", "no", "unknown"])
def test_the_flag_of_the_first_branch_that_holds(first):
    asked = [(second, *flags) for second in ("b", "d", "yes", "no") for flags in product(GIVEN, repeat=3)]
    made = [flag_where([(FLAGS[first], FLAGS[x]), (FLAGS[second], FLAGS[y])], FLAGS[other]) for second, x, y, other in asked]
    for (second, x, y, other), found in zip(asked, read(made), strict=True):
        wanted = [value(x if value(first, r) else y if value(second, r) else other, r) for r in ROWS]
        assert found == wanted, (first, x, second, y, other)


def test_the_surest_of_what_decides():
    moving = (FLAGS["c"] | FLAGS["d"], FLAGS["c"], FLAGS["c"] & FLAGS["d"])
    asked = list(product(GIVEN, GIVEN, range(4)))
    made = [rank_column(surest([FLAGS[one], FLAGS[other]], [moving, ranked(place)])) for one, other, place in asked]
    for (one, other, place), found in zip(asked, read(made), strict=True):
        for row, rank in zip(ROWS, found, strict=True):
            ranks = [(one, (row["c"] or row["d"]) + row["c"] + (row["c"] and row["d"])), (other, place)]
            deciding = [r for name, r in ranks if value(name, row)]
            assert rank == (min(deciding) if deciding else max(r for _, r in ranks)), (one, other, place, row)


def test_a_choice_and_what_fills_an_unknown():
    asked = list(product(FLAGS, FLAGS, FLAGS))
    made = [choose(Cell(FLAGS[test]), Cell(FLAGS[yes]), Cell(FLAGS[no])).value for test, yes, no in asked]
    for (test, yes, no), found in zip(asked, read(made), strict=True):
        for row, chosen in zip(ROWS, found, strict=True):
            sides = {True: value(yes, row), False: value(no, row)}
            same = sides[True] if sides[True] == sides[False] else None
            assert chosen == sides.get(value(test, row), same), (test, yes, no, row)
    some = list(product(FLAGS, (True, False)))
    for (name, otherwise), found in zip(some, read([filled(negated(FLAGS[n]), o) for n, o in some]), strict=True):
        assert found == [otherwise if value(name, r) is None else not value(name, r) for r in ROWS], (name, otherwise)
