"""Tables in and out: every kind of file, bad rows kept apart with a reason, and the command."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app
from subsidyengine.portfolio import SourceError, decide_files
from subsidyengine.rulebook import open_rulebook

BOOK = open_rulebook()
SCHEME = "transitional.subsidy"
HEADER = [
    "case", "on", "person.special_social_problems", "person.needs_help_to_keep_home", "person.housing_before", "person.has_income", "household.adults",
    "dwelling.kind", "lease.start", "lease.special_terms_end", "lease.rent", "lease.obligatory_payments", "benefit.applied", "benefit.calculated",
]  # fmt: skip
GOOD = [
    "A-1",
    "2026-03-01",
    "true",
    "true",
    "section_110",
    "false",
    "2",
    "family",
    "2023-09-01",
    "2028-08-31",
    "6000.50",
    "300",
    "true",
    "900",
]
#: (6000.50 + 300 - 900) / 2 adults, no facility payment without income.
AMOUNT = Decimal("2700.25")
ANSWER = ("A-1", 2, "granted", AMOUNT, date(2023, 9, 1), date(2028, 8, 31))
COLUMNS = 'SELECT "case", row, outcome, amount, "from", "to" FROM '


def row(**changes):
    return [changes.get(name.replace(".", "__"), value) for name, value in zip(HEADER, GOOD, strict=True)]


def csv_of(file, *rows, header=HEADER, separator=","):
    file.write_text("\n".join(separator.join(r) for r in (header, *rows)) + "\n", encoding="utf-8")
    return file


def decided(tmp_path, *files, out="out.parquet", **options):
    summary = decide_files(files, BOOK, tmp_path / out, [SCHEME], **options)
    return summary, duckdb.sql(f"{COLUMNS} '{tmp_path / out}' ORDER BY row").fetchall() if out.endswith(("parquet", "csv")) else None


@pytest.mark.parametrize("kind", ["csv", "semicolon", "parquet", "floats", "xlsx", "duckdb", "yaml"])
def test_the_same_case_from_every_kind_of_file(tmp_path, kind):
    plain = csv_of(tmp_path / "cases.csv", GOOD)
    file = tmp_path / f"cases.{'csv' if kind == 'semicolon' else 'parquet' if kind == 'floats' else kind}"
    if kind == "semicolon":
        csv_of(file, row(lease__rent="6.000,50"), separator=";")
    elif kind in ("parquet", "floats"):
        typed = 'SELECT * REPLACE (CAST("lease.rent" AS DECIMAL(10, 3)) AS "lease.rent") FROM'
        duckdb.sql(f"{typed if kind == 'parquet' else 'FROM'} read_csv('{plain}')").write_parquet(str(file))
    elif kind == "duckdb":
        with duckdb.connect(str(file)) as con:
            con.execute(f"CREATE TABLE cases AS FROM read_csv('{plain}')")
    elif kind == "xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(str(file)) as book:
            sheet = book.add_worksheet()
            for number, cells in enumerate((HEADER, GOOD)):
                sheet.write_row(number, 0, cells)
    elif kind == "yaml":
        facts = "\n".join(f"  {n}: {v}" for n, v in zip(HEADER[2:], GOOD[2:], strict=True))
        file.write_text(f"case: A-1\non: 2026-03-01\nfacts:\n{facts}\n", encoding="utf-8")
    summary, rows = decided(tmp_path, file)
    assert rows == [ANSWER if kind != "yaml" else (ANSWER[0], 1, *ANSWER[2:])]
    assert (summary.cases, summary.rejects, dict(summary.decided[0].outcomes)) == (1, (), {"granted": 1, "refused": 0, "undetermined": 0})
    assert summary.decided[0].granted_sum == AMOUNT


@pytest.mark.parametrize("out", ["out.csv", "out.xlsx", "out.duckdb", "folder"])
def test_every_kind_of_output(tmp_path, out):
    file, target = csv_of(tmp_path / "cases.csv", GOOD), tmp_path / out
    decide_files([file], BOOK, target, [SCHEME])
    if out.endswith("xlsx"):
        import fastexcel

        (found,) = fastexcel.read_excel(target).load_sheet(SCHEME).to_arrow().to_pylist()
        assert (found["case"], found["outcome"], Decimal(str(found["amount"]))) == ("A-1", "granted", AMOUNT)
    elif out.endswith("duckdb"):
        with duckdb.connect(str(target)) as con:
            assert con.execute(f'{COLUMNS} "{SCHEME}"').fetchall() == [ANSWER]
            assert con.execute("SELECT count(*) FROM rejects").fetchall() == [(0,)]
    else:
        source = target / f"{SCHEME}.parquet" if out == "folder" else target
        found = duckdb.sql(f"{COLUMNS} '{source}'").fetchall()
        assert [(*found[0][:3], Decimal(str(found[0][3])), *found[0][4:])] == [ANSWER]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lease__rent": "5.500"}, "lease.rent: '5.500' can be read in two ways: write 5500, or 5.50 if that is meant"),
        ({"lease__rent": "-1"}, "lease.rent: '-1' is below 0, the least it can be"),
        ({"lease__rent": "6000.505"}, "lease.rent: more than 2 decimals"),
        ({"lease__start": "2023-02-30"}, "lease.start: 2023-02-30 is no day of the calendar"),
        ({"lease__start": "1850-01-01"}, "lease.start: 1850-01-01 is outside 1900-2199"),
        (
            {"dwelling__kind": "famly"},
            "dwelling.kind: 'famly' is none of family, youth, elderly, private, special - did you mean 'family'?",
        ),
        ({"person__has_income": "ja"}, "person.has_income: 'ja' is neither true nor false: write true, without quotes"),
        ({"on": "01-03-2026"}, "on: '01-03-2026' is no day: write 2026-03-01"),
        ({"case": "010180-1234"}, "case: the id looks like a CPR number: use one that says nothing about the person"),
        ({"household__adults": "1.5"}, "household.adults: '1.5' is no whole number"),
    ],
)
def test_a_bad_row_is_kept_apart_with_its_reason(tmp_path, changes, reason):
    file = csv_of(tmp_path / "cases.csv", row(case="A-0"), row(**changes), GOOD)
    summary, rows = decided(tmp_path, file)
    assert [r[0] for r in rows] == ["A-0", "A-1"]
    (reject,) = summary.rejects
    assert (reject.row, reject.reason) == (3, reason)
    assert summary.rejects_file.read_text(encoding="utf-8").startswith("file,row,case,reason\n")
    assert "010180" not in summary.rejects_file.read_text(encoding="utf-8")


def test_an_empty_cell_is_unknown(tmp_path):
    file = csv_of(tmp_path / "cases.csv", row(household__adults=""))
    decided(tmp_path, file)
    assert duckdb.sql(f"SELECT outcome, amount, open FROM '{tmp_path / 'out.parquet'}'").fetchall() == [
        ("undetermined", None, "household.adults")
    ]


def long_table(tmp_path, *rows):
    return csv_of(tmp_path / "facts.csv", *rows, header=["case", "fact", "from", "value", "received"])


@pytest.mark.parametrize(
    ("on", "known", "amount"),
    # 300 kr. of payments, less reminder fees of 100 from February, known in April: half of that, as there are two adults.
    [
        ("2026-01-31", None, Decimal("2700.25")),
        ("2026-02-01", None, Decimal("2650.25")),
        ("2026-02-01", date(2026, 4, 1), Decimal("2650.25")),
        ("2026-02-01", date(2026, 3, 31), Decimal("2700.25")),
    ],
)
def test_dated_facts_hold_from_their_day_as_known(tmp_path, on, known, amount):
    facts = long_table(
        tmp_path, ["A-1", "lease.reminder_fees", "", "0", ""], ["A-1", "lease.reminder_fees", "2026-02-01", "100", "2026-04-01"]
    )
    _, rows = decided(tmp_path, csv_of(tmp_path / "cases.csv", row(on=on)), facts, known=known)
    assert rows[0][3] == amount


def test_a_bad_row_of_a_long_table_leaves_its_case_out(tmp_path):
    cases = csv_of(tmp_path / "cases.csv", GOOD, row(case="A-2"), row(case="A-3"))
    facts = long_table(
        tmp_path,
        ["A-1", "lease.reminder_fees", "2026-01-01", "x", ""],
        ["A-2", "leese.rent", "", "1", ""],
        ["A-3", "lease.rent", "", "1", ""],
        ["A-4", "lease.reminder_fees", "", "1", ""],
    )
    summary, rows = decided(tmp_path, cases, facts)
    assert rows == []
    left_out = "a row of the long table of this case cannot be read"
    assert {(r.file[-9:], r.row, r.case, r.reason) for r in summary.rejects} == {
        ("facts.csv", 2, "A-1", "lease.reminder_fees: 'x' is no number: write it like 5500.00"),
        ("facts.csv", 3, "A-2", "unknown fact 'leese.rent' - did you mean 'lease.rent'?"),
        ("cases.csv", 2, "A-1", left_out),
        ("cases.csv", 3, "A-2", left_out),
        ("cases.csv", 4, "A-3", "lease.rent: is given here and in the long table"),
        ("facts.csv", 5, "A-4", f"the case is not in {cases}"),
    }


def test_files_that_cannot_be_used(tmp_path):
    wide = csv_of(tmp_path / "cases.csv", GOOD)
    for paths, out, message in [
        ([tmp_path / "none.csv"], "o.parquet", "no such file"),
        (
            [csv_of(tmp_path / "bad.csv", ["1"], header=["lease.rentt"])],
            "o.parquet",
            "lease.rentt: unknown column - did you mean 'lease.rent'?",
        ),
        ([wide, wide], "o.parquet", "one table with a case a row is needed"),
        ([wide], "o.txt", "cannot write files of this kind"),
    ]:
        with pytest.raises(SourceError, match=message.replace("?", r"\?")):
            decide_files(paths, BOOK, tmp_path / out, [SCHEME])
    with pytest.raises(SourceError, match="name a folder"):
        decide_files([wide], BOOK, tmp_path / "o.parquet")


def test_the_command_says_what_it_did(tmp_path):
    file = csv_of(tmp_path / "cases.csv", GOOD, row(lease__rent="x"))
    arguments = ["portfolio", "decide", str(file), "--out", str(tmp_path / "o.parquet"), "--scheme", SCHEME]
    found = CliRunner().invoke(app, [*arguments, "--json"])
    assert found.exit_code == 2
    document = json.loads(found.stdout)
    assert (document["cases"], document["rejects"], document["schemes"][0]["granted"]) == (1, 1, 1)
    assert document["schemes"][0]["granted_sum"] == "2700.25"
    shown = CliRunner().invoke(app, [*arguments, "--lang", "da"])
    assert "Kan ikke afgøres" in shown.stdout
    assert "o.parquet.rejects.csv" in shown.stderr
    reason = "lease.rent: 'x' er ikke et tal: skriv det som 5500.00"
    assert f"{file}:3: {reason}" in shown.stderr
    assert (tmp_path / "o.parquet.rejects.csv").read_text(encoding="utf-8").splitlines()[1] == f"{file},3,A-1,{reason}"
