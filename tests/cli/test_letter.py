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
        "decision": None, "case": "K-2026-0524", "scheme": "transitional.subsidy", "kind": "decision", "lang": "en", "dated": "2026-03-02", "file": str(out),
        "hash": f"sha256:{hashlib.sha256(out.read_bytes()).hexdigest()}", "appeal_by": "2026-04-01", "sent": None, "check": told["check"],
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
    result = CliRunner(env={"LANG": "da_DK.UTF-8"}).invoke(app, ["letter", "decision", GRANTED, *SUBSIDY, *PEOPLE, *SIGNED])
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "no_appeal_route: klagevejen ankestyrelsen for transitional.subsidy er ikke fastlagt\n  -> Kommunens jurist"
    )


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


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """A ledger with one signed refusal; its id and the options that name it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "person.yaml").write_text(
        "case: K-2026-0524\nname: Prøve Testperson\naddress: Eksempelvej 12, 9999 Prøveby\n", encoding="utf-8"
    )
    ledger = lambda *args: CliRunner(env={"LANG": "en_GB.UTF-8"}).invoke(app, ["ledger", *args])  # noqa: E731
    assert ledger("init").exit_code == 0
    added = ledger("add", REFUSED, "--person", "person.yaml", "--decided-on", "2024-08-02", "--lang", "da", "--json")
    id_ = json.loads(added.stdout)["id"]
    assert ledger("sign", id_, "--by", "Prøve Sagsbehandler", "--role", "rådgiver", "--on", "2024-08-05").exit_code == 0
    return id_, [id_, "--ledger", "ledger.db", *PEOPLE[:2], *OVERLAY, "--received-on", "2024-08-07", "--heard-on", "2024-07-15"]


def test_letter_of_the_ledger_is_recorded_when_it_is_sent_and_reconciled(ledger, tmp_path):
    id_, of_it = ledger
    result = run("reconcile", "--json")
    assert result.exit_code == 1
    assert [d["id"] for d in json.loads(result.stdout)["decisions"]] == [id_]
    result = run("decision", *of_it, "--out", "first.pdf")
    assert result.exit_code == 0, result.stderr
    assert f"Not recorded as sent: subsidyengine letter sent {id_} first.pdf --on DAY --channel WORD" in result.stdout
    assert run("reconcile").exit_code == 1
    result = run("sent", id_[:8], "first.pdf", "--on", "2024-08-06", "--channel", "post", "--json")
    digest = f"sha256:{hashlib.sha256((tmp_path / 'first.pdf').read_bytes()).hexdigest()}"
    assert json.loads(result.stdout) == {"decision": id_, "kind": "decision", "hash": digest, "sent_on": "2024-08-06", "channel": "post"}
    result = run("reconcile", "first.pdf")
    assert (result.exit_code, result.stdout) == (0, "All even: 1 decisions in force, 1 letters.\n")
    (tmp_path / "other.pdf").write_bytes(b"%PDF-")
    result = run("reconcile", "first.pdf", "other.pdf")
    assert (result.exit_code, result.stdout) == (1, "Files that are no recorded letter: 1\n  other.pdf\n")


def test_channel_records_it_at_once_and_the_same_letter_has_the_same_hash(ledger):
    id_, of_it = ledger
    told = [json.loads(run("decision", *of_it, "--channel", "digital-post", "--json", "--out", f"{n}.pdf").stdout) for n in (1, 2)]
    assert (told[0]["decision"], told[0]["sent"], told[0]["hash"]) == (id_, "digital-post", told[1]["hash"])
    assert run("reconcile").exit_code == 0
    assert "Testperson" not in json.dumps(told)


def test_hearing_and_courtesy_copies_are_recorded_as_what_they_are(ledger):
    id_, of_it = ledger
    hearing = ["K-2026-0524", *of_it[1:5], "--answer-by", "2024-07-29", *SIGNED[:4], "--signed-on", "2024-07-15", "--channel", "post"]
    result = run("hearing", *hearing, "--out", "h.pdf", "--json")
    assert result.exit_code == 0, result.stderr
    assert (json.loads(result.stdout)["decision"], json.loads(result.stdout)["dated"]) == (id_, "2024-07-15")
    assert run("decision", *of_it, "--lang", "en", "--channel", "post", "--out", "en.pdf").exit_code == 0
    shown = CliRunner().invoke(app, ["ledger", "show", id_, "--json"])
    assert [letter["kind"] for letter in json.loads(shown.stdout)["letters"]] == ["hearing", "decision_courtesy"]
    assert CliRunner().invoke(app, ["ledger", "show", id_, "--lang", "da"]).exit_code == 0
    assert run("reconcile").exit_code == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--signed-by", "A"], "a decision of the ledger is signed there: subsidyengine ledger sign ID --by NAME --role ROLE"),
        (["--scheme", "transitional.subsidy"], "a decision of the ledger has its scheme and days: leave out --scheme, --on and --known"),
    ],
)
def test_what_the_ledger_says_is_not_said_again(ledger, args, said):
    result = run("decision", *ledger[1], *args)
    assert (result.exit_code, result.stderr) == (2, f"subsidyengine: {said}\n")


def test_channel_without_a_ledger_and_nobody_to_write_to(tmp_path):
    result = run("decision", GRANTED, *SUBSIDY, *PEOPLE, *SIGNED, "--channel", "post")
    assert (result.exit_code, result.stderr) == (2, "subsidyengine: --channel records the letter in a ledger: name it with --ledger\n")
    result = run("decision", GRANTED, *SUBSIDY, *PEOPLE[:2], *SIGNED)
    assert result.exit_code == 2
    assert "--recipient FILE" in result.stderr


def test_nobodys_data_is_read_for_a_letter_that_is_not_made(ledger):
    _, of_it = ledger
    assert run("decision", *of_it[:-2]).exit_code == 2  # not heard
    listed = CliRunner().invoke(app, ["ledger", "list", "--readings", "--json"])
    assert listed.stdout == ""


def test_who_reads_name_and_address_is_recorded_by_name(ledger):
    """Somebody else may print the letters than who signed; a recipient's file reads nothing from the ledger."""
    id_, of_it = ledger
    for args in ((), ("--reader", "Bo Larsen"), ("--recipient", str(PEOPLE[3]))):
        assert run("decision", *of_it, *args, "--out", "l.pdf").exit_code == 0
    listed = CliRunner().invoke(app, ["ledger", "list", "--readings", "--json"])
    assert [json.loads(line)["reader"] for line in listed.stdout.splitlines()] == ["Prøve Sagsbehandler", "Bo Larsen"]
    assert {json.loads(line)["id"] for line in listed.stdout.splitlines()} == {id_}
