"""What a user can do wrong on the command line: the message that says it, and that nothing is written over or lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app

from .leases import LEASE
from .test_forecast import lease


def run(*arguments: object):
    return CliRunner().invoke(app, [*map(str, arguments), "--lang", "en"])


@pytest.mark.parametrize(
    ("option", "file", "message"),
    [
        ("--xlsx", "book.csv", "book.csv: cannot write files of this kind; use .xlsx"),
        ("--ics", "days.txt", "days.txt: cannot write files of this kind; use .ics"),
        ("--lists", "lists.txt", "lists.txt: cannot write files of this kind; use .parquet, .csv, .xlsx, .duckdb, .db"),
        ("--parquet", "months", "months: cannot write files of this kind"),
        ("--lists", "one.csv", "one.csv: is read; write the answers to another file"),
        ("--lists", "folder.csv", "folder.csv: is a folder"),
        ("--lists", "one.csv/lists.csv", "lists.csv: cannot be written: "),
        ("--xlsx", "one.csv/book.xlsx", "book.xlsx: cannot be written: "),
    ],
)
def test_a_file_that_cannot_be_written_is_told(tmp_path, option, file, message):
    (tmp_path / "folder.csv").mkdir()
    one = lease(tmp_path)
    before = one.read_bytes()
    found = run("forecast", one, "--from", "2026-01", "--months", 2, option, tmp_path / file)
    assert (found.exit_code, message in found.stderr) == (2, True), found.stderr
    assert one.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--by", "kommune"], "ukendt måde at fordele på 'kommune'; brug municipality, organisation, department"),
        (["--by", "municipalty"], "ukendt måde at fordele på 'municipalty' - mente du 'municipality'?"),
        (["--sort", "beløb"], "ukendt rækkefølge 'beløb'; brug "),
        (["--months", "0"], "Ugyldig værdi for '--months': skriv mindst 1"),
        (["--months", "900"], "Ugyldig værdi for '--months': skriv højst 600"),
        (["--months", "to"], "Ugyldig værdi for '--months': skriv et helt tal"),
        (["--scenario", "junk.xlsx"], "junk.xlsx: ikke en XLSX-fil: "),
        (["junk.xlsx"], "junk.xlsx: ikke en XLSX-fil: "),
    ],
)
def test_mistakes_are_told_in_danish_with_what_can_be_written(tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    Path("junk.xlsx").write_bytes(b"junk")
    found = CliRunner().invoke(app, ["forecast", str(lease(tmp_path)), "--from", "2026-01", *options, "--lang", "da"])
    assert (found.exit_code, message in found.stderr) == (2, True), found.stderr


def test_one_row_is_told_as_one_and_sums_in_words(tmp_path):
    both = tmp_path / "both.csv"
    head, row = lease(tmp_path).read_text(encoding="utf-8").splitlines()
    both.write_text("\n".join([head, row, row]), encoding="utf-8")
    asked = ["portfolio", "decide", str(both), "--on", "2026-03-01", "--scheme", "transitional.subsidy", "--out", str(tmp_path / "out.csv")]
    found = CliRunner().invoke(app, [*asked, "--lang", "da"])
    assert f"én række kunne ikke bruges; se {tmp_path / 'out.csv'}.rejects.csv" in found.stderr
    assert "4.000,00 kr. om måneden" in found.stdout.replace("\xa0", " "), found.stdout


def test_impact_writes_over_nothing_that_it_reads(tmp_path):
    one = lease(tmp_path)
    for file, message in ((one, "is read; write the answers"), (tmp_path / "out.txt", "cannot write files of this kind")):
        found = run("impact", one, "--on", "2026-01-01", "--to-on", "2026-02-01", "--out", file)
        assert (found.exit_code, message in found.stderr) == (2, True), found.stderr


def test_growth_is_no_change_of_an_answer_on_a_day(tmp_path):
    (only := tmp_path / "growth.yaml").write_text("{scenario: Growth, rent_growth: 3}", encoding="utf-8")
    (both := tmp_path / "both.yaml").write_text("{scenario: Both, exits: 1, rates: {transitional_term_years: 2}}", encoding="utf-8")
    told = "only its rates are compared; growth and early move-outs belong to the forecast"
    for file, code in ((only, 2), (both, 0)):
        found = run("impact", lease(tmp_path), "--on", "2026-01-01", "--scenario", file)
        assert (found.exit_code, told in found.stderr) == (code, True), found.stderr


def test_shares_are_not_told_as_money(tmp_path):
    # 100 days of a running year that began in October 2025: within 120 days in March, across 1 April 2026 not settled.
    text = "case,stay.section,stay.first_admission,stay.admitted,stay.refunded_days_in_year\nA,section_110,2025-10-01,2025-10-01,100\n"
    (file := tmp_path / "stays.csv").write_text(text, encoding="utf-8")
    found = run("impact", file, "--scheme", "refund.state", "--on", "2026-03-31", "--to-on", "2026-04-01")
    assert "In all 0.50 -> 0.50 (share of the cost) (0.00)" in found.stdout
    assert "A: yes, 0.50 (share of the cost) -> open, 0.50 (share of the cost)" in found.stdout
    assert "kr." not in found.stdout


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (["forecast", "--from", "2026-01"], "case,lease.start,benefit.applied\n"),
        (["forecast", "--from", "2026-01"], "case,dwelling.kind\nA,family\n"),
        (["impact", "--on", "2026-01-01", "--to-on", "2026-02-01"], "case,lease.start,benefit.applied\nA,2024-01-01,\n"),
    ],
)
def test_a_table_that_no_refund_is_asked_about_says_so(tmp_path, command, text):
    (file := tmp_path / "table.csv").write_text(text, encoding="utf-8")
    found = run(command[0], file, *command[1:])
    assert found.exit_code == 0, found.stderr
    assert "no row of the table is about transitional.subsidy: one that is tells some of benefit.applied, " in found.stderr


def test_more_months_than_the_period_has_are_those_of_the_period(tmp_path):
    found = run("forecast", lease(tmp_path), "--from", "2026-03", "--months", 2, "--within", 12)
    assert "Run out within 2 months: 1 (4,000.00 kr. a month)" in found.stdout
    assert run("forecast", lease(tmp_path), "--from", "2026-03", "--within", 0).exit_code == 2


def test_the_generator_needs_no_folder_and_takes_no_file_for_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(app, ["fixtures", "portfolio", "--leases", "3", "--seed", "1"])
    assert found.stdout.split() == [str(Path("portfolio") / name) for name in ("leases.csv", "facts.csv")]
    (tmp_path / "file").write_text("", encoding="utf-8")
    wrong = CliRunner().invoke(app, ["fixtures", "portfolio", "--leases", "3", "--out", "file"])
    assert (wrong.exit_code, "is no folder" in wrong.stderr or "er ingen mappe" in wrong.stderr) == (2, True), wrong.stderr


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_case_that_is_told_for_two_days_is_forecast_once(tmp_path, kind):
    file, days = tmp_path / f"rows.{kind}", ("2026-01-01", "2026-02-01")
    if kind == "csv":
        lines = [["case", "on", *LEASE], *(["A", day, *LEASE.values()] for day in days)]
        file.write_text("".join(f"{','.join(line)}\n" for line in lines), encoding="utf-8")
    else:
        facts = {name: {"true": True, "false": False}.get(value, int(value) if value.isdigit() else value) for name, value in LEASE.items()}
        file.write_text("".join(json.dumps({"case": "A", "on": day, "facts": facts}) + "\n" for day in days), encoding="utf-8")
    found = run("forecast", file, "--from", "2026-03", "--months", 2, "--json")
    assert found.exit_code == 2, "one row was not used"
    assert f"the case stands {'in row 2' if kind == 'csv' else f'at {file}:1'} already" in found.stderr
    assert [(month["active"], month["cost"]) for month in json.loads(found.stdout)["by_month"]] == [(1, "4000.00")] * 2
