"""Tables: a case a row, or a statement a row; CSV, XLSX and Parquet."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from subsidyengine.facts import Case, Given


def summary(found):
    """Errors as text, cases as id and bare values."""
    return [
        (item.id, {name: [g.value for g in given] for name, given in item.facts.items()}) if isinstance(item, Case) else item
        for item in found
    ]


def test_a_row_is_a_case_and_an_empty_cell_is_not_given(write, read):
    text = (
        "case,on,known,schemes,lease.rent,benefit.applied,dwelling.kind,relabelling.vacant_on,dwelling.department\n"
        "K-1,2026-03-01,2026-03-02,a.b c.d,5500.50,true,youth,2026-01-01 2027-01-01,0101\n"
        ",,,,,,,,\n"
        "K-2,,,,,FALSE,,,\n"
    )
    first, second = read(write("t.csv", text))
    assert (first.on, first.known, first.schemes, first.origin) == (date(2026, 3, 1), date(2026, 3, 2), ("a.b", "c.d"), "t.csv:2")
    assert summary([first, second]) == [
        (
            "K-1",
            {
                "lease.rent": [Fraction(11001, 2)],
                "benefit.applied": [True],
                "dwelling.kind": ["youth"],
                "relabelling.vacant_on": [(date(2026, 1, 1), date(2027, 1, 1))],
                "dwelling.department": ["0101"],
            },
        ),
        ("K-2", {"benefit.applied": [False]}),
    ]


def test_a_decimal_comma_is_read_only_between_semicolons(write, read):
    text = "case;lease.rent;household.wealth;benefit.applied\nA;5500,50;-1.250.500,5;SAND\nB;5500.50;5.500;FALSK\n"
    assert summary(read(write("t.csv", text))) == [
        ("A", {"lease.rent": [Fraction(11001, 2)], "household.wealth": [Fraction(-2501001, 2)], "benefit.applied": [True]}),
        "t.csv:3: household.wealth: '5.500' can be read in two ways: write 5500, or 5.50 if that is meant",
    ]
    assert read(write("t.csv", 'case,lease.rent\nA,"5500,50"\nB,5500,50\n')) == [
        "t.csv:2: lease.rent: '5500,50' is no number: write 5500.50, with a decimal point and no thousands separator",
        "t.csv:3: the row has 3 cells and the header 2 (a decimal comma? write 5500.50, or separate the columns with ';')",
    ]


def test_bad_cells_make_bad_cases_and_the_rest_is_answered(write, read):
    text = "case,lease.rent,dwelling.kind\nA,x,famly\nB,1,family\n010190-1234,1,\n"
    assert summary(read(write("t.csv", text))) == [
        "t.csv:2: lease.rent: 'x' is no number: write it like 5500.00\n"
        "t.csv:2: dwelling.kind: 'famly' is none of family, youth, elderly - did you mean 'family'?",
        ("B", {"lease.rent": [1], "dwelling.kind": ["family"]}),
        "t.csv:4: case: the id looks like a CPR number: use one that says nothing about the person",
    ]


def test_unknown_columns_are_one_error_for_the_table(write, read):
    text = "case,lease.rnt,,lease.rent,lease.rent,onn\n" + "A,1,2,3,4,5\n" * 100
    assert read(write("t.csv", text)) == [
        "t.csv:1: lease.rnt: unknown column - did you mean 'lease.rent'?\n"
        "t.csv:1: column 3: has no name\n"
        "t.csv:1: lease.rent: stands twice among the columns\n"
        "t.csv:1: onn: unknown column - did you mean 'on'?"
    ]


def test_a_csv_that_is_broken_keeps_its_other_rows(write, read):
    assert summary(read(write("t.csv", b"case,lease.rent\nA,1\nN\xf8r,2\nB,3\n"))) == [
        ("A", {"lease.rent": [1]}),
        "t.csv:3: the row is not UTF-8: save the table as 'CSV UTF-8'",
        ("B", {"lease.rent": [3]}),
    ]
    assert summary(read(write("u.csv", 'case,lease.rent\nA,1\nB,"2\n'))) == [
        ("A", {"lease.rent": [1]}),
        "u.csv:3: not CSV: unexpected end of data",
    ]
    assert read(write("e.csv", "")) == ["e.csv: the table is empty: its first row names the columns"]
    assert read(write("f.csv", "case,dwelling.k\xf8n\n".encode("latin-1"))) == ["f.csv:1: not UTF-8 (byte 0xf8): save it as 'CSV UTF-8'"]
    assert read(write("g.csv", "case,lease.rent\n")) == []


def test_a_long_table_alone_makes_cases(write, read):
    text = (
        "case,fact,from,value,source,received\n"
        "A,lease.rent,2024-01-01,5650.25,addendum,2023-12-04\n"
        "B,benefit.applied,,true,,\n"
        "A,lease.rent,2023-09-01,5500,,\n"
        "A,lease.rent,2026-01-01,,,\n"
    )
    first, second = read(write("t.csv", text))
    assert first.facts["lease.rent"] == (
        Given(5500, date(2023, 9, 1)),
        Given(Fraction(22601, 4), date(2024, 1, 1), date(2023, 12, 4), "addendum"),
        Given(None, date(2026, 1, 1)),
    )
    assert second.facts == {"benefit.applied": (Given(True),)}
    assert (first.id, first.origin, second.origin) == ("A", "t.csv:2", "t.csv:3")


def test_a_long_table_adds_to_a_wide_one_by_case(write, read):
    write("wide.csv", "case,dwelling.kind\nA,youth\nB,family\n")
    write("long.csv", "case;fact;from;value\nB;lease.rent;2025-01-01;1,5\nC;lease.rent;;3\nB;lease.rent;;1\n")
    expected = [
        ("A", {"dwelling.kind": ["youth"]}),
        ("B", {"dwelling.kind": ["family"], "lease.rent": [1, Fraction(3, 2)]}),
        ("C", {"lease.rent": [3]}),
    ]
    assert summary(read("long.csv", "wide.csv")) == expected
    assert summary(read("wide.csv", "long.csv")) == expected


def test_mistakes_in_a_long_table_make_the_case_bad(write, read):
    write("wide.csv", "case,lease.rent\nA,1\nB,2\nC,3\n")
    rows = ["A,lease.rent,2025-01-01,2", "B,lease.rnt,2025-01-01,2", "B,,2025-01-01,2", ",lease.rent,,2", "B,lease.start,x,soon"]
    write("long.csv", "\n".join(["case,fact,from,value", *rows]))
    assert summary(read("wide.csv", "long.csv")) == [
        "wide.csv:2: lease.rent: is given here and at long.csv:2",
        "long.csv:3: lease.rnt: unknown fact - did you mean 'lease.rent'?\n"
        "long.csv:4: the row names no fact\n"
        "long.csv:6: lease.start: 'soon' is no day: write it as YYYY-MM-DD\n"
        "long.csv:6: lease.start.from: 'x' is no day: write it as YYYY-MM-DD",
        ("C", {"lease.rent": [3]}),
        "long.csv:5: case: the row names no case",
    ]


def test_two_long_rows_for_one_day_are_refused_at_their_row(write, read):
    text = "case,fact,from,value\nA,lease.rent,2025-01-01,1\nA,lease.rent,2025-01-01,2\n"
    (said,) = read(write("t.csv", text))
    assert said.startswith("t.csv:3: lease.rent: another entry holds from 2025-01-01 too")


def test_no_case_is_decided_without_facts_that_a_broken_table_may_hold(write, read):
    write("wide.csv", "case,dwelling.kind\nA,youth\n")
    write("long.csv", "case,fact,from,valeu,value\nA,lease.rent,,1,1\n")
    assert summary(read("wide.csv", "long.csv")) == [
        "wide.csv:2: not decided: long.csv may hold more of its facts and cannot be read",
        "long.csv:1: valeu: unknown column - did you mean 'value'?",
    ]
    write("long.csv", "case,fact,from,value\nA,lease.rent,,1\n")
    write("wide.csv", "case,dwelling.kidn\nA,youth\n")
    assert summary(read("long.csv", "wide.csv")) == [
        "wide.csv:1: dwelling.kidn: unknown column - did you mean 'dwelling.kind'?",
        "long.csv:2: not decided: wide.csv may hold more of its facts and cannot be read",
    ]
    write("wide.csv", "case,dwelling.kind\nA,youth,1\n")  # a row that cannot be used takes its long rows with it
    assert len(read("long.csv", "wide.csv")) == 1


def test_xlsx_sheets_are_tables_with_typed_cells(write, read, tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("fastexcel")
    write("x", "")
    book = xlsxwriter.Workbook("t.xlsx")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Sager")
    rows = [
        ["case", "on", "lease.rent", "benefit.applied", "household.adults", "dwelling.department"],
        ["A", date(2026, 3, 1), 5500.5, True, 2, "0101"],
        [None] * 6,
        [12, "1-3-2026", "5500,50", False, 2.5, None],
    ]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(at, column, cell, day)
            elif cell is not None:
                sheet.write(at, column, cell)
    dated = book.add_worksheet("Leje")
    for at, row in enumerate(
        [["case", "fact", "from", "value"], ["A", "dwelling.rent", date(2025, 1, 1), 0.1], ["A", "lease.start", None, date(2025, 1, 1)]]
    ):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                dated.write_datetime(at, column, cell, day)
            elif cell is not None:
                dated.write(at, column, cell)
    book.add_worksheet("Noter").write(0, 0, "ikke en tabel")
    book.close()
    first, second = read("t.xlsx")
    assert summary([first]) == [
        (
            "A",
            {
                "lease.rent": [Fraction(11001, 2)], "benefit.applied": [True], "household.adults": [2],
                "dwelling.department": ["0101"], "dwelling.rent": [Fraction(1, 10)], "lease.start": [date(2025, 1, 1)],
            },
        )
    ]  # fmt: skip
    assert (first.on, first.origin) == (date(2026, 3, 1), "t.xlsx#Sager:2")
    assert second.splitlines() == [
        "t.xlsx#Sager:4: on: '1-3-2026' is no day: write 2026-03-01",
        "t.xlsx#Sager:4: lease.rent: '5500,50' is no number: write 5500.50, with a decimal point and no thousands separator",
        "t.xlsx#Sager:4: household.adults: '2.5' is no whole number",
    ]
    assert read(write("no.xlsx", "no"))[0].startswith("no.xlsx: not an XLSX file: ")


def test_blank_rows_above_an_xlsx_header_do_not_shift_row_numbers(write, read):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("fastexcel")
    write("x", "")
    book = xlsxwriter.Workbook("t.xlsx")
    sheet = book.add_worksheet()
    for at, row in enumerate([["case", "lease.rent"], ["A", "x"]], 2):
        sheet.write_row(at, 0, row)
    book.close()
    assert read("t.xlsx") == ["t.xlsx:4: lease.rent: 'x' is no number: write it like 5500.00"]


def test_parquet_columns_keep_their_types(write, read):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    write("x", "")
    table = arrow.table(
        {
            "case": ["A", "B"],
            "on": [date(2026, 3, 1), None],
            "lease.rent": arrow.array([Decimal("5.500"), None], arrow.decimal128(10, 3)),
            "dwelling.rent": [0.1, 0.1 + 0.2],
            "benefit.applied": [True, None],
            "relabelling.vacant_on": [[date(2026, 1, 1)], None],
        }
    )
    parquet.write_table(table, "t.parquet")
    first, second = read("t.parquet")
    assert first.on == date(2026, 3, 1)
    assert summary([first])[0][1] == {
        "lease.rent": [Fraction(11, 2)], "dwelling.rent": [Fraction(1, 10)], "benefit.applied": [True],
        "relabelling.vacant_on": [(date(2026, 1, 1),)],
    }  # fmt: skip
    assert second == "t.parquet:3: dwelling.rent: 0.30000000000000004 has more than 6 decimals: round it, or give it as text"
    assert read(write("no.parquet", "no"))[0].startswith("no.parquet: not a Parquet file: ")


@pytest.mark.parametrize(("name", "kind", "module"), [("t.xlsx", "XLSX", "fastexcel"), ("t.parquet", "Parquet", "pyarrow")])
def test_a_missing_extra_is_named(write, read, monkeypatch, name, kind, module):
    monkeypatch.setitem(sys.modules, module, None)
    assert read(write(name, "")) == [f"{name}: reading {kind} files needs an extra: pip install 'subsidyengine[excel]'"]
