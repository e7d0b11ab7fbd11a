"""Tables that are not as they should be, in every kind of file: what can be decided is, the rest is told by row and reason."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from subsidyengine.portfolio import SourceError, decide_files
from subsidyengine.rulebook import open_rulebook

BOOK, SCHEME = open_rulebook(), "transitional.subsidy"
DAY = date(2026, 3, 1)


def rejected(file, *more, lang="en"):
    """How many cases were decided, and the rows that were not."""
    summary = decide_files([file, *more], BOOK, file.with_name("out.parquet"), [SCHEME], on=DAY)
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
        ("cut.csv", b'case,lease.rent\n"A,1\n', "cannot be read"),
        ("near.csv", b"case,lease.rents\nA,1\n", "lease.rents: unknown column - did you mean 'lease.rent'?"),
        ("twice.csv", b"case,lease.rent,lease.rent\nA,1,2\n", "lease.rent_1: unknown column"),
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
