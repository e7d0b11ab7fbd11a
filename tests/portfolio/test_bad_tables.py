"""Tables that are not as they should be, in every kind of file: what can be decided is, the rest is told by row and reason."""

from __future__ import annotations

import threading
from datetime import date

import duckdb
import pytest

from subsidyengine.facts import CaseError, read_cases
from subsidyengine.portfolio import SourceError, decide_files
from subsidyengine.portfolio.run import execute
from subsidyengine.rulebook import open_rulebook

BOOK, SCHEME = open_rulebook(), "transitional.subsidy"
#: What is asked does not matter where rows are read.
QUICK = "fund.residential_purchase"
DAY = date(2026, 3, 1)


def rejected(file, *more, lang="en"):
    """How many cases were decided, and the rows that were not."""
    summary = decide_files([file, *more], BOOK, file.with_name("out.parquet"), [QUICK], on=DAY)
    return summary.cases, [(r.row, r.told(lang)) for r in summary.rejects]


def parquet(tmp_path, columns):
    file = tmp_path / "cases.parquet"
    duckdb.sql(f"SELECT {columns}").write_parquet(str(file))
    return file


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("'nan'::DOUBLE AS \"lease.rent\"", "lease.rent: NaN is no number"),
        ("'-inf'::DOUBLE AS \"lease.rent\"", "lease.rent: -Infinity is no number"),
        ('1e300 AS "lease.rent"', "lease.rent: 1E+300 is too large"),
        ('5500.1::FLOAT AS "lease.rent"', "lease.rent: 5500.10009765625 has more than 6 decimals: round it, or give it as text"),
        ('170141183460469231731687303715884105727::HUGEINT AS "lease.rent"', "lease.rent: 1.7014118346046923E+38 is too large"),
        ('9999999999.99::DECIMAL(38, 2) AS "lease.rent"', "lease.rent: 9999999999.99 is 10000000 or more"),
        ('true AS "lease.rent"', "lease.rent: true is no number: write it like 5500.00"),
        ('3 AS "dwelling.kind"', "dwelling.kind: 3 is none of family, youth, elderly, private, special"),
        ('5 AS "lease.start"', "lease.start: 5 is no day: write it as YYYY-MM-DD"),
        ("'x'::BLOB AS \"lease.rent\"", "lease.rent: a value of type bytes is no number: write it like 5500.00"),
        ("TIMESTAMP '2023-09-01 10:00:00' AS \"lease.start\"", "lease.start: 2023-09-01 10:00:00 has a time of day: write 2023-09-01"),
        ("TIMESTAMPTZ '2023-09-01 00:00:00+00' AS \"lease.start\"", "lease.start: '2023-09-01 00:00:00+00' is no day: write 2023-09-01"),
        (
            "'infinity'::DATE AS \"lease.start\"",
            "lease.start: the year of 9999-12-31 is outside 1800-2299 (leave out a day that is not known)",
        ),
        ("DATE '1899-12-31' AS \"lease.start\"", "lease.start: 1899-12-31 is outside 1900-2199"),
        ('NULL::VARCHAR AS "case", 1 AS "household.adults"', "the row names no case"),
        ("'A' || chr(10) || 'B' AS \"case\", 1 AS \"household.adults\"", "case: an id is one line of at most 200 characters"),
    ],
)
def test_cell_of_a_wrong_type_or_size(tmp_path, column, reason):
    case = "" if '"case"' in column else "'A' AS \"case\", "
    assert rejected(parquet(tmp_path, case + column)) == (0, [(2, reason)])


def test_rows_are_numbered_as_they_stand_in_the_file(tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text('case,lease.rent\nA,1\n\nB\n"C",x\nD,1,2\n\n\nE,y\nF,1\nA,2\n', encoding="utf-8")
    no_number = "er ikke et tal: skriv det som 5500.00"
    assert rejected(file, lang="da") == (
        2,
        [
            (4, "rækken har 1 celler, tabellen har 2 kolonner"),
            (6, "rækken har 3 celler, tabellen har 2 kolonner"),
            (5, f"lease.rent: 'x' {no_number}"),
            (9, f"lease.rent: 'y' {no_number}"),
            (11, "sagen står allerede i række 2"),
        ],
    )
    assert duckdb.sql(f"SELECT \"case\", row FROM '{tmp_path / 'out.parquet'}' ORDER BY row").fetchall() == [("A", 2), ("F", 10)]


def test_the_same_case_on_another_day_is_another_row(tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text("case,on,known\nA,2026-03-01,\nA,2026-03-02,\nA,2026-03-02,2026-01-01\nA,2026-03-01,\n", encoding="utf-8")
    assert rejected(file) == (3, [(5, "the case stands in row 2 already")])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\n \n", "the file is empty"),
        ("wide.csv", "case,lease.rent\nA,1\n".encode("utf-16"), "is not written in UTF-8"),
        ("near.csv", b"case,lease.rents\nA,1\n", "lease.rents: unknown column - did you mean 'lease.rent'?"),
        ("twice.csv", b"case,lease.rent,lease.rent\nA,1,2\n", "lease.rent: stands twice among the columns"),
        ("empty.parquet", b"", "cannot be read"),
        ("junk.parquet", b"PAR1junkPAR1", "cannot be read"),
        ("junk.xlsx", b"junk", "not an XLSX file"),
        ("junk.duckdb", b"junk", "cannot be read"),
    ],
)
def test_file_that_cannot_be_used(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError) as caught:
        rejected(tmp_path / name)
    assert message in str(caught.value)
    assert name in str(caught.value)


@pytest.mark.parametrize("content", [b"case,lease.rent\n", "\ufeffcase;lease.rent\n".encode(), b"case\tlease.rent\r\n"])
def test_table_without_rows_gives_a_table_without_rows(tmp_path, content):
    (tmp_path / "cases.csv").write_bytes(content)
    assert rejected(tmp_path / "cases.csv") == (0, [])
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path / 'out.parquet'}'").fetchall() == [(0,)]


def test_outputs_that_cannot_be_written(tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text("case,lease.rent\nA,1\n", encoding="utf-8")
    (tmp_path / "folder.parquet").mkdir()
    (tmp_path / "junk.duckdb").write_bytes(b"junk")
    for out, message in [
        (file, "is read; write the answers to another file"), (tmp_path / "folder.parquet", "cannot be written"),
        (tmp_path / "junk.duckdb", "cannot be written"), (file / "below" / "out.parquet", "cannot be written"), (file / "below", "cannot be written"),
    ]:  # fmt: skip
        with pytest.raises(SourceError, match=message):
            decide_files([file], BOOK, out, [SCHEME])
    assert file.read_text(encoding="utf-8") == "case,lease.rent\nA,1\n"
    assert (tmp_path / "junk.duckdb").read_bytes() == b"junk"


def test_tables_of_others_in_a_database_stay(tmp_path):
    file, out = tmp_path / "cases.csv", tmp_path / "deep" / "out.duckdb"
    file.write_text("case,lease.rent\nA,1\n", encoding="utf-8")
    for _ in range(2):  # written anew the second time
        decide_files([file], BOOK, out, [SCHEME])
        with duckdb.connect(str(out)) as con:
            assert con.execute(f'SELECT "case", outcome, certainty FROM "{SCHEME}"').fetchall() == [("A", "undetermined", "unknown")]
            con.execute("CREATE TABLE IF NOT EXISTS mine AS SELECT 1 AS kept")
    with duckdb.connect(str(out)) as con:
        assert con.execute("FROM mine").fetchall() == [(1,)]


# what is written, and how -----------------------------------------------------------------------------------------------


def table(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read_by(tmp_path, content, name="cases.csv"):
    """What the columns and the reader of ``decide`` make of a table: the rows that are decided."""
    file = table(tmp_path, name, content)
    summary = decide_files([file], BOOK, tmp_path / "out.parquet", [QUICK], on=DAY)
    rows = duckdb.sql(f"SELECT row FROM '{tmp_path / 'out.parquet'}' ORDER BY row").fetchall()
    read = [c for c in read_cases([file], BOOK) if not isinstance(c, CaseError)]
    return [n for (n,) in rows], [int(c.origin.rpartition(":")[2]) for c in read], [(r.row, r.reason) for r in summary.rejects]


MARKS = "a quotation mark is not closed, or stands in a text and is not doubled; lines that are not read: "


@pytest.mark.parametrize(
    ("content", "rows", "rejects"),
    [
        # Rows above the header, and blank ones between, count as they stand.
        ("\n\ncase,lease.rent\nA,1\n\nB,2\n", [4, 6], []),
        ("\r\n\r\nlease.rent\r\n1\r\n\r\n2\r\n", [4, 6], []),
        ("case,lease.rent\nA,1\r\nB,2\n", [2, 3], []),
        ('case,dwelling.department,lease.rent\nA,"x"y,1\nB,a"b,1\nC,"x,1\nD,x,1\n', [3], [(2, MARKS + "1"), (4, MARKS + "2")]),
        ("case;lease.rent\nA;5500,505\nB;5.500,50\n", [3], [(2, "lease.rent: more than 2 decimals")]),
        (
            "case,on,known,lease.rent\nA,1850-01-01,,1\nB,,2250-01-01,1\n",
            [],
            [(2, "on: 1850-01-01 is outside 1900-2199"), (3, "known: 2250-01-01 is outside 1900-2199")],
        ),
        ("case,schemes,lease.rent\nA,benefit.calculatd,1\n", [], [(2, "schemes: no scheme 'benefit.calculatd' in the rulebook - did you mean "
                                                                     "'benefit.calculated'?")]),
    ],
)  # fmt: skip
def test_rows_of_a_csv_file_that_is_not_plain(tmp_path, content, rows, rejects):
    found, _, told = read_by(tmp_path, content)
    assert (found, told) == (rows, rejects)


@pytest.mark.parametrize(
    "content",
    [
        "\n\ncase,lease.rent\nA,1\n\nB,2\n", "\nlease.rent\n1\n\n2\n", "case,lease.rent\nA,1\r\nB,2\n", " case , lease.rent \n A , 1 \n",
        "\ufeff\"case\";\"lease.rent\"\n\"A\";\"1,5\"\n", "case,dwelling.department,lease.rent\nA,\"x\ny\",1\nB,z,1\n",
        "case,dwelling.department,lease.rent\nA,\xe6,1\nB,z,1\n".encode("latin-1"),
    ],
)  # fmt: skip
def test_a_csv_file_has_the_same_rows_for_decide(tmp_path, content):
    found, read, _ = read_by(tmp_path, content)
    assert found == read != []


def test_lines_that_do_not_end_alike_between_quotation_marks(tmp_path):
    with pytest.raises(SourceError, match=r"cases\.csv: not all lines end alike"):
        read_by(tmp_path, 'case,lease.rent\n"A",1\r\nB,2\n')


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("case,lease.rent,lease.rent", "lease.rent: stands twice among the columns"),
        ("case,lease.rent,", "column 3: has no name"),
        ("case,rent", "rent: unknown column - did you mean 'dwelling.rent' or 'lease.rent'?"),
        ("Case,lease.rent", "Case: unknown column - did you mean 'case'?"),
        ("case,adults,onn", "adults: unknown column - did you mean 'household.adults'?\n{file}: onn: unknown column - did you mean 'on'?"),
        ("case;m\xe5nedsleje", "is not written in UTF-8: save it as CSV UTF-8"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_header_that_cannot_be_used(tmp_path, header, message, kind):
    file = tmp_path / f"cases.{kind}"
    if kind == "csv":
        file.write_bytes(f"{header}\nA,1,2\n".encode("latin-1"))
    else:
        if ";" in header:
            pytest.skip("a workbook has no encoding")
        workbook(file, header.split(","), ["A", 1, 2][: len(header.split(","))])
    with pytest.raises(SourceError) as caught:
        rejected(file)
    assert str(caught.value) == f"{file}: " + message.format(file=file)


def workbook(file, *rows):
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        dated = book.add_format({"num_format": "dd-mm-yyyy"})
        for number, cells in enumerate(rows):
            for at, cell in enumerate(cells):
                if isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(number, at, "=1/0", None, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, at, cell, dated)
                elif cell is not None:
                    sheet.write(number, at, cell)
    return file


def test_a_formula_that_failed_is_no_empty_cell(tmp_path):
    rows = [["A", "#DIV/0!", 1], ["B", 5, "#N/A"], ["C", None, 1], ["#REF!", 5, 1]]
    file = workbook(tmp_path / "cases.xlsx", ["case", "lease.rent", "household.adults"], *rows)
    assert rejected(file) == (
        1,
        [
            (2, "lease.rent: '#DIV/0!' is no number: write it like 5500.00"),
            (3, "household.adults: '#N/A' is no number: write it like 2"),
            (5, "case: #REF! is what a formula shows that failed"),
        ],
    )
    assert [str(e) for e in read_cases([file], BOOK) if isinstance(e, CaseError)] == [
        f"{file}:2: lease.rent: '#DIV/0!' is no number: write it like 5500.00",
        f"{file}:3: household.adults: '#N/A' is no number: write it like 2",
        f"{file}:5: case: #REF! is what a formula shows that failed",
    ]


# lists, ids and texts of other types ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "read"),
    [
        ("[DATE '2026-01-01', DATE '2025-01-01']", True), ("['2026-01-01', '2025-01-01']", True), ("[TIMESTAMP '2026-01-01']", True),
        ("TIMESTAMP '2026-01-01'", True), ("'2026-01-01 00:00:00'", True), ("[]::DATE[]", True), ("[DATE '2026-01-01', DATE '2026-01-01']", False), ("'2026-01-01 2026-01-01'", False),
        ("[DATE '2026-01-01', NULL]", False),
        ("[DATE '1850-01-01']", False), ("['x']", False), ("[TIMESTAMP '2026-01-01 10:00:00']", False), ("5", False),
    ],
)  # fmt: skip
def test_days_of_every_type(tmp_path, days, read):
    cases, rejects = rejected(parquet(tmp_path, f'\'A\' AS "case", {days} AS "relabelling.vacant_on"'))
    assert (cases, [row for row, _ in rejects]) == ((1, []) if read else (0, [2]))


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("101901234", "case: the id looks like a CPR number: use one that says nothing about the person"),
        ("1019012345::BIGINT", "case: the id looks like a CPR number: use one that says nothing about the person"),
        ("2.5::DOUBLE", "case: 2.5 is no case id: write a text such as K-2026-0001"),
        ("101::INTEGER", ""),
        ("'5e6f7a4e-3f57-4ea4-8a0b-0c9f8b3d5f10'::UUID", ""),
    ],
)
def test_ids_of_every_type(tmp_path, id_, reason):
    assert rejected(parquet(tmp_path, f'{id_} AS "case", 1 AS "household.adults"')) == (0 if reason else 1, [(2, reason)] if reason else [])


def test_a_number_is_no_text(tmp_path):
    # 101 for the municipality 0101 would be another one.
    file = parquet(tmp_path, '\'A\' AS "case", 101 AS "dwelling.municipality_code"')
    assert rejected(file) == (0, [(2, "dwelling.municipality_code: 101 is no text: put it in quotes")])


# long tables --------------------------------------------------------------------------------------------------------------

LONG_HEAD = "case,fact,from,value,received\n"
LEFT_OUT = "a row of the long table of this case cannot be read"
AGAIN = "lease.rent: another entry holds from 2024-01-01 too (a correction needs a later 'received', the day it became known)"


@pytest.mark.parametrize(
    ("long", "cases", "rejects"),
    [
        # Not one row of it can be read: its cases are left out all the same.
        ("A,lease.rent,29-02-2024,5,\n", 1, [(2, "lease.rent.from: '29-02-2024' is no day: write 2024-02-29"), (2, LEFT_OUT)]),
        ("A,lease.rent,1850-01-01,5,\n", 1, [(2, "lease.rent: 1850-01-01 is outside 1900-2199"), (2, LEFT_OUT)]),
        ("A,relabelling.vacant_on,,2026-01-01,\n", 1,
         [(2, "relabelling.vacant_on: several days of a fact stand in the table with a case a row, not in a long one"), (2, LEFT_OUT)]),
        # Two values from the same day: neither is the right one.
        ("A,lease.rent,2024-01-01,5,\nB,lease.rent,2024-01-01,5,\nA,lease.rent,2024-01-01,6,\n", 1, [(4, AGAIN), (2, LEFT_OUT)]),
        ("A,lease.rent,2024-01-01,5,2024-02-01\nA,lease.rent,2024-01-01,6,2024-02-01\n", 1, [(3, AGAIN), (2, LEFT_OUT)]),
        ("A,lease.rent,2024-01-01,5,\nA,lease.rent,2024-01-01,6,2024-02-01\n", 2, []),
        ("B,lease.rent,,5,\nB,lease.rent,,6,\n", 1,
         [(3, "lease.rent: another entry has no 'from' either: only the first may lack it"), (3, LEFT_OUT)]),
        # More than a table holds: that case alone.
        ("".join(f"A,lease.rent,{1960 + i}-01-01,{i},\n" for i in range(60)), 2, []),
        ("".join(f"A,lease.rent,{1960 + i}-01-01,{i},\n" for i in range(62)), 1,
         [(62, "lease.rent: a case has more than 60 dated values of it"), (2, LEFT_OUT)]),
    ],
)  # fmt: skip
def test_rows_of_a_long_table_that_cannot_be_used(tmp_path, long, cases, rejects):
    wide = table(tmp_path, "cases.csv", "case,household.adults\nA,1\nB,1\n")
    assert rejected(wide, table(tmp_path, "facts.csv", LONG_HEAD + long)) == (cases, rejects)


def test_a_cell_that_cannot_be_read_beside_a_long_table_of_the_same_fact(tmp_path):
    wide = table(tmp_path, "cases.csv", "case,lease.rent\nA,\nB,x\nC,1\nD,2\n")
    long = table(tmp_path, "facts.csv", LONG_HEAD + "A,lease.rent,2024-01-01,5,\nD,lease.rent,2024-01-01,5,\n")
    assert rejected(wide, long) == (
        2,
        [(3, "lease.rent: 'x' is no number: write it like 5500.00"), (5, "lease.rent: is given here and in the long table")],
    )


def test_a_table_without_ids_beside_a_long_one(tmp_path):
    wide = table(tmp_path, "cases.csv", "household.adults\n1\n")
    with pytest.raises(SourceError, match=r"cases\.csv: needs the column case, by which the long tables name its rows"):
        rejected(wide, table(tmp_path, "facts.csv", LONG_HEAD + "cases#2,lease.rent,,5,\n"))


# several tables, several schemes -----------------------------------------------------------------------------------------


def test_tables_about_something_else_in_a_database(tmp_path):
    file = tmp_path / "cases.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("CREATE SCHEMA s")
        con.execute('CREATE TABLE s.leases AS SELECT \'A\' AS "case", 1 AS "household.adults"')
        con.execute("CREATE TABLE other AS SELECT 1 AS x")
    assert rejected(file) == (1, [])
    with duckdb.connect(str(file)) as con:
        con.execute("CREATE TABLE more AS FROM s.leases")
    with pytest.raises(SourceError, match=rf"given are 2: {file}#more, {file}#leases"):
        rejected(file)


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_a_row_is_decided_for_the_schemes_it_asks_for_or_else_touches(tmp_path, kind):
    file = tmp_path / f"cases.{kind}"
    if kind == "csv":
        rows = ["A,transitional.placement,true,", "B,,true,", "C,transitional.subsidy transitional.placement,,", "D,,,2", "E,,,"]
        file.write_text("\n".join(["case,schemes,benefit.applied,dwelling.rooms", *rows]), encoding="utf-8")
    else:
        cases = [
            "A\nschemes: [transitional.placement]\nfacts: {benefit: {applied: true}}", "B\nfacts: {benefit: {applied: true}}",
            "C\nschemes: [transitional.subsidy, transitional.placement]", "D\nfacts: {dwelling: {rooms: 2}}", "E\nfacts: {}",
        ]  # fmt: skip
        file.write_text("\n---\n".join(f"case: {case}" for case in cases), encoding="utf-8")
    summary = decide_files([file], BOOK, tmp_path / "out", on=DAY)
    asked = {d.scheme: [c for (c,) in duckdb.sql(f"SELECT \"case\" FROM '{d.out}' ORDER BY row").fetchall()] for d in summary.decided}
    assert {s: c for s, c in asked.items() if s.startswith("transitional.")} == {
        "transitional.placement": ["A", "C"], "transitional.subsidy": ["B", "C"],
    }  # fmt: skip
    # As `decide` says of them.
    reason = "no scheme is touched by these facts; name one with --scheme"
    assert (summary.cases, [(r.case, r.reason) for r in summary.rejects]) == (3, [("D", reason), ("E", reason)])
    # With a scheme named every row is asked about it.
    assert decide_files([file], BOOK, tmp_path / "one.parquet", [QUICK], on=DAY).cases == 5


# outputs ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["it's.parquet", "it's.csv", "it's.duckdb", "it's.xlsx"])
def test_an_apostrophe_in_a_name(tmp_path, name):
    file = table(tmp_path, "town's.csv", "case,lease.rent\nA,1\n")
    summary = decide_files([file], BOOK, tmp_path / name, [QUICK, QUICK], on=DAY)
    assert (len(summary.decided), sum(summary.decided[0].outcomes.values()), (tmp_path / name).is_file()) == (1, 1, True)


def test_a_workbook_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    file, out = table(tmp_path, "cases.csv", "case,lease.rent\nA,1\nB,1\n"), tmp_path / "out.xlsx"
    decide_files([file], BOOK, out, [QUICK], on=DAY)
    before = out.read_bytes()
    assert (decide_files([file], BOOK, out, [QUICK], on=DAY).cases, out.read_bytes()) == (2, before)
    monkeypatch.setattr("subsidyengine.portfolio.sheets.MOST_ROWS", 1)
    with pytest.raises(SourceError, match="cannot be written: a sheet holds 1 rows; write Parquet, CSV or a DuckDB file"):
        decide_files([file], BOOK, out, [QUICK], on=DAY)
    assert out.read_bytes() == before
    monkeypatch.undo()
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(SourceError, match="cannot be written: Is a directory"):
        decide_files([file], BOOK, tmp_path / "folder.xlsx", [QUICK], on=DAY)


def test_who_has_had_enough_of_a_run_gets_out_of_it():
    from subsidyengine.cli.portfolio import watched

    def impatient(_, __):
        raise KeyboardInterrupt

    with duckdb.connect() as con, pytest.raises(KeyboardInterrupt):
        execute(con, "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b", "long", impatient)
    assert [t.name for t in threading.enumerate() if "work" in t.name] == []
    # Without anybody watching DuckDB notices it first.
    with pytest.raises(KeyboardInterrupt), watched():
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="another"), watched():
        raise RuntimeError("another")
