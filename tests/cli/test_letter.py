"""`subsidyengine letter`: what it writes, what it says, exit codes. Personal data stands in the PDF and nowhere else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = FIXTURES / "cases"
GRANTED, REFUSED, MISSING = (
    str(CASES / f"transitional-subsidy-{n}.yaml") for n in ("rent-rises", "benefit-not-applied", "facts-missing")
)  # fmt: skip
PEOPLE = ["--sender", str(FIXTURES / "letters" / "municipality.yaml"), "--recipient", str(FIXTURES / "letters" / "recipient.yaml")]
SIGNED = ["--signed-by", "Prøve Sagsbehandler", "--role", "rådgiver", "--signed-on", "2026-03-02"]
OVERLAY = ["--overlay", str(FIXTURES / "letters" / "overlay")]
SUBSIDY = ["--scheme", "transitional.subsidy"]


def run(*args: str, given: str | None = None):
    return CliRunner(env={"LANG": "en_GB.UTF-8"}).invoke(app, ["letter", *args], input=given)


def test_decision_is_written_and_told_without_names(tmp_path):
    out = tmp_path / "new" / "letter.pdf"
    result = run("decision", GRANTED, *SUBSIDY, *PEOPLE, *SIGNED, *OVERLAY, "--out", str(out))
    assert result.exit_code == 0, result.stderr
    assert out.read_bytes().startswith(b"%PDF-")
    assert f"{out}  sha256:{hashlib.sha256(out.read_bytes()).hexdigest()}" in result.stdout
    assert "No appeal guidance" in result.stdout
    assert "Testperson" not in result.stdout + result.stderr


def test_json_tells_what_was_written(tmp_path):
    out = tmp_path / "letter.pdf"
    more = ["--received-on", "2026-03-04", "--heard-on", "2026-02-12", "--json", "--lang", "en"]
    result = run("decision", REFUSED, *PEOPLE, *SIGNED, *OVERLAY, *more, "--out", str(out))
    told = json.loads(result.stdout)
    assert told == {
        "case": "K-2026-0524", "scheme": "transitional.subsidy", "kind": "decision", "lang": "en", "dated": "2026-03-02", "file": str(out),
        "hash": f"sha256:{hashlib.sha256(out.read_bytes()).hexdigest()}", "appeal_by": "2026-04-01", "check": told["check"],
    }  # fmt: skip
    assert "Testperson" not in result.stdout


def test_letter_is_danish_whatever_the_locale(tmp_path):
    result = run("facts", MISSING, *SUBSIDY, *PEOPLE, *SIGNED, "--answer-by", "2026-03-16", "--json", "--out", str(tmp_path / "f.pdf"))
    assert json.loads(result.stdout)["lang"] == "da"


def test_file_is_named_by_the_case_when_no_name_is_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("hearing", REFUSED, *PEOPLE, *SIGNED, "--answer-by", "2026-03-16")
    assert result.exit_code == 0, result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["K-2026-0524-transitional.subsidy-hearing.pdf"]


def test_no_letter_says_every_reason_and_what_to_do_and_exits_2(tmp_path):
    out = tmp_path / "letter.pdf"
    result = run("decision", REFUSED, *PEOPLE, "--out", str(out))
    assert result.exit_code == 2
    assert [line.split(":")[0] for line in result.stderr.splitlines() if not line.startswith("  -> ")] == [
        "unsigned", "no_appeal_route", "not_heard", "not_received", "subsidyengine",
    ]  # fmt: skip
    assert result.stderr.count("  -> ") == 4
    assert not out.exists()


def test_reasons_are_danish_in_a_danish_locale():
    result = CliRunner(env={"LANG": "da_DK.UTF-8"}).invoke(app, ["letter", "decision", REFUSED, *PEOPLE, *SIGNED])
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "no_appeal_route: klagevejen ankestyrelsen for transitional.subsidy er ikke fastlagt\n  -> Kommunens jurist"
    )
    assert "kommer ikke fra parten selv: benefit.applied (kilde ikke oplyst)" in result.stderr


@pytest.mark.parametrize("left_out", ["--signed-by", "--role", "--signed-on"])
def test_half_a_signature_is_none(left_out):
    at = SIGNED.index(left_out)
    result = run("decision", GRANTED, *SUBSIDY, *PEOPLE, *SIGNED[:at], *SIGNED[at + 2 :], *OVERLAY)
    assert result.exit_code == 2
    assert result.stderr.startswith("unsigned: it is not signed\n")


def test_case_of_several_schemes_needs_one(tmp_path):
    given = "case: K-1\non: 2026-03-01\nfacts: {benefit: {applied: true}, household: {adults: 1}, stay: {section: section_110}}\n"
    result = run("facts", "-", *PEOPLE, *SIGNED, "--answer-by", "2026-03-16", given=given)
    assert result.exit_code == 2
    assert "a letter is about one decision" in result.stderr
    assert "name one with --scheme" in result.stderr
    result = run("facts", "-", *SUBSIDY, *PEOPLE, *SIGNED, "--answer-by", "2026-03-16", "--out", str(tmp_path / "f.pdf"), given=given)
    assert result.exit_code == 0, result.stderr


def test_unusable_files_are_named_with_their_lines(tmp_path):
    (tmp_path / "r.yaml").write_text("name: A\nadress: [B]\n", encoding="utf-8")
    result = run("facts", MISSING, *PEOPLE[:3], str(tmp_path / "r.yaml"), *SIGNED, "--answer-by", "2026-03-16")
    assert result.exit_code == 2
    assert f"{tmp_path / 'r.yaml'}:2:1 S_UNKNOWN_KEY unknown key 'adress'" in result.stderr


def test_templates_are_copied_changed_and_used(tmp_path):
    folder = tmp_path / "our"
    result = run("templates", str(folder))
    assert result.exit_code == 0
    assert sorted(p.name for p in folder.iterdir()) == ["da.yaml", "decision.typ", "en.yaml", "facts.typ", "hearing.typ", "letter.typ"]
    args = [
        "facts",
        MISSING,
        *SUBSIDY,
        *PEOPLE,
        *SIGNED,
        "--answer-by",
        "2026-03-16",
        "--templates",
        str(folder),
        "--out",
        str(tmp_path / "f.pdf"),
    ]
    assert run(*args).exit_code == 0
    (folder / "facts.typ").write_text('#import "letter.typ": *\n#nothing\n', encoding="utf-8")
    result = run(*args)
    assert result.exit_code == 2
    assert f"{folder / 'facts.typ'}:2:1: unknown variable: nothing" in result.stderr
    result = run("templates", str(folder))
    assert result.exit_code == 2
    assert "is there already" in result.stderr


def test_file_that_cannot_be_written_is_a_fault(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("facts", MISSING, *SUBSIDY, *PEOPLE, *SIGNED, "--answer-by", "2026-03-16", "--out", str(tmp_path / "file" / "f.pdf"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
