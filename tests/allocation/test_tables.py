"""Tables of vacancies as people save them: CSV, XLSX and Parquet; the same answers, the same messages, nothing lost."""

from __future__ import annotations

import csv
import json
from datetime import date

import pyarrow
import pytest
import xlsxwriter
from pyarrow import parquet

from subsidyengine.allocation import read_vacancies

from .test_reports import FOLDER, ask, at_the_top  # noqa: F401 - the fixture is used by its name

ROWS = FOLDER / "bad" / "rows.csv"


def saved_as(suffix, path):
    """The bad rows as a table of another kind, all cells text."""
    with ROWS.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    rows = [[*row, *[""] * (len(header) - len(row))] for row in rows]
    if suffix == ".parquet":
        columns = {name: [row[i] or None for row in rows] for i, name in enumerate(header)}
        parquet.write_table(pyarrow.table(columns), path)
        return
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)


def without_the_file(problems):
    # Row 25 is short in the CSV; elsewhere its missing cells are empty.
    return [(p.place.line, p.path, p.message.split(" (first at")[0]) for error in problems for p in error.problems if p.place.line != 25]


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_bad_rows_are_told_alike_in_every_kind_of_table(suffix, tmp_path):
    path = tmp_path / f"rows{suffix}"
    saved_as(suffix, path)
    text, other = read_vacancies([str(ROWS)]), read_vacancies([str(path)])
    assert len(text.rejected) == len(other.rejected) == 25
    assert without_the_file(text.rejected) == without_the_file(other.rejected)
    assert [v.vacancy for v in text.vacancies] == [v.vacancy for v in other.vacancies] == ["G-1", "G-2", "G-3", "G-4"]


DANISH = """vacancy;organisation;kind;vacant_from;rent;offered_on;answered_on;used
A1;Boligforeningen Å;family;31-12-2025;4.250,50;1.12.2025;2/12/2025;ja
A2;Boligforeningen Å;family;2025-12-31;4250.50;;;
A3;Boligforeningen Å;family;31.12-2025;4.250;;;
A4;Boligforeningen Å;family;30-02-2026;kr. 4250;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_with_semicolons_is_read_as_a_danish_spreadsheet_writes_it(encoding, tmp_path):
    path = tmp_path / "danish.csv"
    path.write_bytes(DANISH.replace("\n", "\r\n").encode(encoding))
    found = read_vacancies([str(path)])
    one, two = found.vacancies
    assert (one.vacant_from, one.offered_on, one.answered_on) == (date(2025, 12, 31), date(2025, 12, 1), date(2025, 12, 2))
    assert (one.rent, one.used) == (two.rent, True)
    assert [(p.place.line, str(p.message)) for error in found.rejected for p in error.problems] == [
        (4, "'31.12-2025' is no day: write 2025-12-31"),
        (4, "'4.250' can be read in two ways: write 4250, or 4.25 if that is meant"),
        (5, "2026-02-30 is no day of the calendar"),
        (5, "'kr. 4250' is no number: write it like 5500.00"),
    ]


def test_with_commas_a_danish_day_is_asked_about(tmp_path):
    path = tmp_path / "commas.csv"
    path.write_text("vacancy,organisation,vacant_from\nA1,B,31-12-2025\n", encoding="utf-8")
    (error,) = read_vacancies([str(path)]).rejected
    assert str(error.problems[0].message) == "'31-12-2025' is no day: write 2025-12-31"


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("latin-1", "the row is not UTF-8: save the table as 'CSV UTF-8'"),
        ("utf-16", "not UTF-8 (byte 0xff): save it as 'CSV UTF-8'"),
    ],
)
def test_another_encoding_is_told(encoding, message, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_bytes(DANISH.encode(encoding))
    found = read_vacancies([str(path)])
    assert found.vacancies == ()
    assert {str(p.message) for error in found.rejected for p in error.problems} == {message}


def test_cells_of_a_workbook_keep_what_they_are(tmp_path):
    path = tmp_path / "typed.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd-mm-yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["vacancy", "organisation", "vacant_from", "rent", "used", "offered_on", "answered_on"])
        sheet.write_row(1, 0, [101, "Bo", date(2025, 1, 1), 4250.5, True, date(2024, 12, 1), date(2024, 12, 2)])
        sheet.write_row(2, 0, [102, "Bo", 45000, 4250])
        sheet.write_row(3, 0, [103, "Bo", date(2025, 1, 3), True])
        sheet.write_row(4, 0, [104, "Bo", date(2025, 1, 4), "4.250,50"])
        sheet.write_formula(5, 0, "=1/0", None, "#DIV/0!")
        sheet.write_row(5, 1, ["Bo", date(2025, 1, 5)])
    found = read_vacancies([str(path)])
    (row,) = found.vacancies
    assert (row.vacancy, row.vacant_from, float(row.rent), row.used) == ("101", date(2025, 1, 1), 4250.5, True)
    assert [(p.place.line, p.path, str(p.message)) for error in found.rejected for p in error.problems] == [
        (3, "vacant_from", "'45000' is no day: write it as YYYY-MM-DD"),
        (4, "rent", "'true' is no number: write it like 5500.00"),
        (5, "rent", "'4.250,50' is no number: write 4250.50, with a decimal point and no thousands separator"),
        (6, "vacancy", "#DIV/0! is what a formula shows that failed"),
    ]


def test_every_sheet_with_vacancies_is_read(tmp_path):
    path = tmp_path / "years.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Forside").write(0, 0, "Ledige boliger i Nordby")
        for year in (2024, 2025):
            sheet = book.add_worksheet(str(year))
            sheet.write_row(0, 0, ["vacancy", "organisation", "vacant_from"])
            sheet.write_row(1, 0, [f"{year}-1", "Bo", f"{year}-01-01"])
            sheet.write_row(2, 0, ["twice", "Bo", f"{year}-01-02"])
    found = read_vacancies([str(path)])
    assert [v.vacancy for v in found.vacancies] == ["2024-1", "twice", "2025-1"]
    (error,) = found.rejected
    assert str(error.problems[0]) == f"{path}#2025:3: vacancy: 'twice' stands twice (first at {path}#2024:3)"


def test_numbers_of_a_parquet_file_that_are_none(tmp_path):
    path = tmp_path / "typed.parquet"
    rents = pyarrow.array([4250.5, float("nan"), float("inf"), -1.0])
    parquet.write_table(
        pyarrow.table({"vacancy": [1, 2, 3, 4], "organisation": ["Bo"] * 4, "vacant_from": [date(2025, 1, 1)] * 4, "rent": rents}), path
    )
    found = read_vacancies([str(path)])
    assert [v.vacancy for v in found.vacancies] == ["1"]
    messages = [str(p.message) for error in found.rejected for p in error.problems]
    assert messages == ["NaN is no number", "Infinity is no number", "-1.0 is below 0"]


def test_columns_are_told_with_the_near_name(tmp_path):
    path = tmp_path / "columns.csv"
    path.write_text("vacancy,organization,vacant_form,husleje,vacancy,\n1,B,2025-01-01,1,1,1\n", encoding="utf-8")
    found = ask("run", str(path), "--on", "2026-01-01", "--lang", "en")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.splitlines() == [
        f"{path}:1: organization: unknown column - did you mean 'organisation'?",
        f"{path}:1: vacant_form: unknown column - did you mean 'vacant_from'?",
        f"{path}:1: husleje: unknown column",
        f"{path}:1: vacancy: stands twice among the columns",
        f"{path}:1: column 6: has no name",
        f"{path}:1: organisation: this column is needed",
        f"{path}:1: vacant_from: this column is needed",
        "subsidyengine: one table could not be read",
    ]


def test_one_bad_row_among_many_is_the_only_one_lost(tmp_path):
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write("vacancy,organisation,kind,vacant_from\n")
        out.writelines(f"V{n},Bo,family,2025-{1 + n % 12:02}-01\n" if n != 2_500 else "V2500,Bo,family,2025-13-01\n" for n in range(5_000))
    found = read_vacancies([str(path)])
    assert len(found.vacancies) == 4_999
    (error,) = found.rejected
    assert (error.problems[0].place.line, str(error.problems[0].message)) == (2_502, "2025-13-01 is no day of the calendar")


def test_a_good_table_beside_one_that_cannot_be_read(tmp_path):
    found = ask("run", "fixtures/allocation/decimal-comma.csv", str(tmp_path / "none.csv"), "--on", "2026-01-01", "--lang", "en", "--json")
    assert found.exit_code == 2
    assert len([json.loads(line) for line in found.stdout.splitlines()]) == 2
    assert "none.csv: cannot be read: No such file or directory" in found.stderr
