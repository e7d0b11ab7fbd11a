"""`subsidyengine ledger ...`: what a lawyer types and sees, what a program gets, exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
CASE = str(CASES / "transitional-subsidy-rent-rises.yaml")
MISSING = str(CASES / "transitional-subsidy-facts-missing.yaml")
PERSON = 'case: K-2026-0001\nname: Prøve Prøvesen\naddress: "Testvej 1"\ncpr: "010160-0000"\n'


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of one's own with a ledger in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.delenv("SUBSIDYENGINE_LEDGER", raising=False)
    assert run("init").exit_code == 0
    return tmp_path


def run(*arguments: str, given: str | None = None):
    return CliRunner().invoke(app, ["ledger", *arguments], input=given)


def documents(result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def added(here):
    (here / "person.yaml").write_text(PERSON, encoding="utf-8")
    result = run("add", CASE, MISSING, "--decided-on", "2026-03-02", "--person", "person.yaml", "--json")
    assert result.exit_code == 0, result.stderr
    return [found["id"] for found in documents(result)]


def test_from_a_case_file_to_a_verified_dossier(here, added):
    granted, _ = added
    assert run("sign", granted[:6], "--by", "Anna Jensen", "--role", "jurist", "--on", "2026-03-03").stdout.startswith(
        f"{granted}  signed by Anna Jensen"
    )
    page = run("show", granted).stdout
    assert "signed by Anna Jensen (jurist) on 3 March 2026; in force" in page
    assert "BEK 718/2013 § 1 stk. 2" in page
    assert "Prøvesen" not in page
    verified = run("verify")
    assert (verified.exit_code, verified.stdout.splitlines()[0]) == (
        0,
        "✓ 4 entries, all as they were recorded; agrees with earlier heads: 1",
    )


def test_same_case_again_is_recorded_once(here, added):
    again = run("add", CASE, "--decided-on", "2026-03-02")
    assert f"{added[0]}  was there  K-2026-0001" in again.stdout
    assert len(run("list").stdout.splitlines()) == 3


def test_open_case_cannot_be_signed_and_says_what_to_ask(here, added):
    result = run("sign", added[1], "--by", "Anna", "--role", "jurist")
    assert result.exit_code == 2
    assert "never signed as a refusal" in result.stderr
    assert "Has housing benefit been applied for? (benefit.applied)" in result.stderr
    both = run("sign", *added, "--by", "Anna", "--role", "jurist", "--on", "2026-03-03", "--json")
    assert (both.exit_code, [d["id"] for d in documents(both)]) == (2, [added[0]])


def test_personal_data_need_a_reader_and_a_purpose(here, added):
    assert run("show", added[0], "--personal").exit_code == 2
    shown = run("show", added[0], "--personal", "--reader", "Bo Larsen", "--purpose", "brev", "--json")
    assert documents(shown)[0]["person"] == {"name": "Prøve Prøvesen", "address": "Testvej 1", "cpr": "010160-0000"}
    assert "Bo Larsen  brev  (name, address, cpr)" in run("list", "--readings").stdout
    assert "P. P. 010160-xxxx" in run("list").stdout
    assert "person" not in documents(run("show", added[0], "--json"))[0]


def test_forget_erases(here, added):
    result = run("forget", "--case", "K-2026-0001", "--by", "Anna", "--why", "time limit")
    assert (result.exit_code, result.stdout) == (0, f"{added[0]}: erased\n")
    assert "older backups" in result.stderr
    assert "name: erased" in run("show", added[0]).stdout
    assert run("verify").exit_code == 0
    assert run("forget", "--case", "K-2026-0001", "--by", "Anna", "--why", "again").exit_code == 2


def test_correction_names_what_it_replaces(here, added):
    result = run("add", CASE, "--on", "2026-04-01", "--decided-on", "2026-04-01", "--replaces", added[0], "--why", "wrong day", "--json")
    new = documents(result)[0]["id"]
    assert f"corrected by {new} (still a proposal)" in run("show", added[0]).stdout
    assert "wrong day" in run("show", new).stdout
    lone = run("add", CASE, "--replaces", added[0])
    assert (lone.exit_code, "says why" in lone.stderr) == (2, True)


def test_replay_is_the_same_to_the_byte(here, added):
    result = run("replay", "--all")
    assert (result.exit_code, result.stdout) == (0, "2 decided again, 2 the same\n")
    assert "✓ the same document, byte for byte" in run("replay", added[0][:5]).stdout
    assert run("replay").exit_code == 2
    assert run("replay", "--all", "--law", "tomorrow").exit_code == 2


def test_replay_under_other_law_shows_both_sides(here, added):
    """Before 4 December 2023 nobody knew of the rise to 5650; nor of those after it."""
    result = run("replay", added[0], "--known", "2023-12-03")
    assert result.exit_code == 0
    assert "✗ another answer" in result.stdout
    assert "Amount\n      then:     5,164.50\u00a0kr. a month\n      now:      4,852.00\u00a0kr. a month" in result.stdout
    danish = run("replay", added[0], "--known", "2023-12-03", "--lang", "da").stdout
    assert "Beløb\n      dengang:  5.164,50\u00a0kr. om måneden\n      nu:       4.852,00\u00a0kr. om måneden" in danish
    found = documents(run("replay", added[0], "--known", "2023-12-03", "--json"))[0]
    # 5500 + 300 - 948 = 4852
    assert {"what": "amount", "name": "", "before": "5164.50 DKK/month", "after": "4852.00 DKK/month"} in found["differences"]


def test_replay_under_the_law_of_today_says_that_it_agrees(here, added):
    assert run("replay", "--all", "--law", "today", "--known", "2026-03-02").stdout == "2 decided again, 2 the same\n"


def test_person_of_no_case_is_told(here):
    (here / "person.yaml").write_text(PERSON.replace("0001", "0009"), encoding="utf-8")
    result = run("add", CASE, "--decided-on", "2026-03-02", "--person", "person.yaml")
    assert (result.exit_code, "persons of no case that was added: 1" in result.stderr) == (2, True)
    assert "Prøve" not in result.stderr


def test_ledger_whose_end_is_gone_is_found_out(here, added):
    import sqlite3

    with sqlite3.connect("ledger.db") as connection:
        connection.execute("DELETE FROM ledger_state")
    connection.close()
    result = run("verify")
    assert (result.exit_code, "the ledger is empty" in result.stdout) == (1, True)


def test_affected_lists_nothing_when_the_law_is_as_it_was(here, added):
    run("sign", added[0], "--by", "Anna", "--role", "jurist", "--on", "2026-03-03")
    assert run("affected", "--known", "2026-03-03").stdout == "0 decisions would come out otherwise\n"
    wrong = run("affected", "--by", "rate.boligsikring_incom_limit")
    assert (wrong.exit_code, "did you mean 'boligsikring_income_limit'" in wrong.stderr) == (2, True)


def test_proof_is_written_and_holds(here, added):
    from subsidyengine.ledger.verifier import main

    assert run("prove", "--head", "--out", "head.txt").exit_code == 0
    assert run("prove", added[0], "--out", "proof.json").exit_code == 0
    assert main(["proof.json"]) == 0
    run("sign", added[0], "--by", "Anna", "--role", "jurist", "--on", "2026-03-03")
    assert run("prove", "--since", "head.txt", "--out", "growth.json").exit_code == 0
    assert main(["growth.json"]) == 0
    assert run("verify", "--head", "head.txt").exit_code == 0
    assert run("prove").exit_code == 2
    assert run("verify", "--head", "person.yaml").exit_code == 2


def test_tampering_is_found_with_exit_1(here, added):
    import sqlite3

    with sqlite3.connect("ledger.db") as connection:
        connection.execute("UPDATE ledger_records SET content = replace(content, 'granted', 'refused') WHERE seq = 1")
    connection.close()
    result = run("verify")
    assert (result.exit_code, f"entry 1 ({added[0]}) was changed" in result.stdout) == (1, True)
    assert f"post 1 ({added[0]}) er ændret" in run("verify", "--lang", "da").stdout
    assert documents(run("verify", "--json"))[0]["problems"][0] == {"trouble": "changed", "seq": 1, "id": added[0], "detail": ""}


def test_backup_and_restore(here, added):
    assert run("backup", "a.backup").exit_code == 0
    assert run("backup", "a.backup").exit_code == 2
    result = run("restore", "a.backup", "--ledger", "other.db", "--key", "ledger.db.key")
    assert (result.exit_code, "✓ 3 entries" in result.stdout) == (0, True), result.stderr
    assert run("list", "--ledger", "other.db").stdout == run("list").stdout
    (here / "b.backup").write_bytes((here / "a.backup").read_bytes()[:-9])
    assert run("restore", "b.backup", "--ledger", "third.db").exit_code == 1


def test_export_writes_a_page_for_each(here, added):
    assert run("export", "--out", "pages").exit_code == 0
    assert sorted(path.stem for path in (here / "pages").iterdir()) == sorted(added)
    assert 'href="https://danskelove.dk/almenboligloven/63"' in (here / "pages" / f"{added[0]}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "zz"), "no id of a decision"),
        (("show", "ffffffffffffffff"), "there is no decision"),
        (("list", "--ledger", "none.db"), "there is no ledger here"),
        (("list", "--outcome", "grantd"), "did you mean 'granted'"),
        (("add", "none.yaml"), "no such file"),
        (("add", CASE, "--person", "none.yaml"), "none.yaml: cannot be read"),
        (("init", "--ledger", "mysql://x/y"), "SQLite or PostgreSQL"),
    ],
)
def test_what_cannot_be_used_is_told_with_exit_2(here, arguments, message):
    result = run(*arguments)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("person", "message"),
    [
        ("name: Hemmelig\n", "person.yaml:1"),
        ("case: K-2026-0001\ncpr: 0101600000\n", "put it in quotes"),
        ("case: K-2026-0001\nnavn: Hemmelig\n", "name, address, cpr"),
        ("case: [Hemmelig\n", "not YAML"),
        (PERSON + "---\n" + PERSON, "a second person of the same case"),
    ],
)
def test_person_that_cannot_be_read_is_told_without_what_stands_there(here, person, message):
    (here / "person.yaml").write_text(person, encoding="utf-8")
    result = run("add", CASE, "--person", "person.yaml")
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
    assert "Hemmelig" not in result.stderr + result.stdout
    assert "010160" not in result.stderr + result.stdout


def test_missing_extra_gives_one_line(here, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    result = run("list")
    assert (result.exit_code, result.stderr) == (2, "subsidyengine: the ledger needs an extra: pip install 'subsidyengine[ledger]'\n")


def test_missing_driver_gives_one_line(here, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = run("list", "--ledger", "postgresql://x@y/z", "--lang", "da")
    assert (result.exit_code, result.stderr) == (2, "subsidyengine: PostgreSQL kræver et tilvalg: pip install 'subsidyengine[ledger]'\n")


def test_help_of_every_command_has_an_example(here):
    for name in ("init", "add", "sign", "show", "list", "verify", "prove", "replay", "affected", "forget", "backup", "restore", "export"):
        assert "subsidyengine ledger" in run(name, "--help").stdout


@pytest.mark.parametrize(
    "text",
    [
        "- Hemmelig Navn\n",
        "case: K-2026-0001\nname: *Hemmelig\n",
        "case: K-2026-0001\nname: Hemmelig: Navn\n",
        "case: K-2026-0001\nHemmelig Navn: {x: 1}\n",
        "case: K-2026-0001\nHemmelig: a\nHemmelig: b\n",
        'case: K-2026-0001\ncpr: "Hemmelig 1"\n',
    ],
)
def test_messages_about_a_person_s_file_repeat_nothing_of_it(here, text):
    (here / "person.yaml").write_text(text, encoding="utf-8")
    for lang in ("da", "en"):
        result = run("add", CASE, "--decided-on", "2026-03-02", "--person", "person.yaml", "--lang", lang)
        assert result.exit_code == 2
        assert "Hemmelig" not in result.stdout + result.stderr


def test_two_decisions_in_force_beside_each_other_are_told(here, added):
    """A correction that was added without --replaces leaves the old one in force."""
    signed = ["--by", "Anna", "--role", "jurist", "--on", "2026-04-02"]
    assert run("sign", added[0], *signed).stderr == ""
    beside = documents(run("add", CASE, "--on", "2026-04-01", "--decided-on", "2026-04-01", "--json"))[0]["id"]
    missing = added[1]
    result = run("sign", beside, missing, *signed)
    assert "subsidyengine: 1 of 2 were not signed" in result.stderr
    assert (result.exit_code, f"in force beside it, of the same case and scheme: {added[0]}; a correction" in result.stderr) == (2, True)
