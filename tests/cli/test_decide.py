"""`subsidyengine decide`: what a caseworker sees, what a program gets, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app

CASE = Path(__file__).parents[2] / "fixtures" / "cases" / "transitional-subsidy-rent-rises.yaml"
MISSING = CASE.with_name("transitional-subsidy-facts-missing.yaml")


def run(*args: str, given: str | None = None):
    return CliRunner().invoke(app, list(args), input=given)


def documents(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_answer_stands_first_then_findings_then_dates():
    out = run("decide", str(CASE), "--lang", "en").stdout
    # 5812.50 + 300 - 948 = 5164.50 and nothing to deduct: no income.
    assert (
        out.index("Yes: Rent refund in transitional housing. 5,164.50")
        < out.index("Conditions")
        < out.index("Timeline")
        < out.index("Dates")
    )


def test_missing_facts_are_questions_to_ask():
    result = run("decide", str(MISSING), "--lang", "da")
    assert result.exit_code == 0
    assert "Kan ikke afgøres endnu" in result.stdout
    assert "[spørg] Er der søgt boligstøtte til boligen?" in result.stdout


def test_json_is_one_document_a_line_in_input_order():
    result = run("decide", str(CASE), str(MISSING), "--json")
    assert [d["case"] for d in documents(result)] == ["K-2026-0001", "K-2026-0002"]
    assert result.exit_code == 0


def test_contract_keys_come_first_and_in_order():
    first = documents(run("decide", str(CASE), "--json"))[0]
    contract = [
        "case",
        "scheme",
        "on",
        "outcome",
        "amount",
        "period",
        "route",
        "findings",
        "open",
        "events",
        "segments",
        "rulebook",
        "certainty",
    ]
    assert [k for k in first if k in contract] == contract


def test_standard_input_takes_yaml_and_ndjson():
    yaml = run("decide", "-", "--json", given=CASE.read_text(encoding="utf-8"))
    assert documents(yaml)[0]["amount"] == {"value": "5164.50", "unit": "DKK/month"}
    line = json.dumps({"case": "N-1", "on": "2026-03-01", "schemes": ["transitional.subsidy"], "facts": {"household": {"adults": 1}}})
    many = run("decide", "-", "--json", given=f"{line}\n{line.replace('N-1', 'N-2')}\n")
    assert [d["case"] for d in documents(many)] == ["N-1", "N-2"]


def test_a_bad_case_never_hides_the_good_ones_and_exits_2():
    good = json.dumps({"case": "G", "on": "2026-03-01", "schemes": ["transitional.subsidy"], "facts": {"household": {"adults": 1}}})
    bad = json.dumps({"case": "B", "on": "2026-03-01", "facts": {"lease": {"rnt": 5}}})
    result = run("decide", "-", "--json", given=f"{good}\n{bad}\n{good}\n")
    assert [d["case"] for d in documents(result)] == ["G", "G"]
    assert result.exit_code == 2
    assert "lease.rnt" in result.stderr
    assert "lease.rent" in result.stderr
    assert ":2" in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("decide", "no-such-file.yaml"), "no-such-file.yaml"),
        (
            ("decide", str(CASE), "--scheme", "transitional.subsidi"),
            "unknown scheme 'transitional.subsidi' - did you mean 'transitional.subsidy'?",
        ),
        (("decide", str(CASE), "--rules", "no-such-folder"), "no such folder"),
        (("decide", str(CASE), "--on", "01-03-2026"), "write it as 2026-03-01"),
        (("rules", "show", "fund.grant"), "unknown scheme 'fund.grant'"),
        (("facts", "explain", "lease.rnt"), "did you mean 'lease.rent'?"),
    ],
)
def test_unusable_input_exits_2_and_says_what_is_wrong(args, message):
    result = run(*args)
    assert result.exit_code == 2
    assert message in " ".join((result.stdout + result.stderr).split())


def test_on_and_known_override_the_case():
    found = documents(run("decide", str(CASE), "--json", "--on", "2023-12-31", "--known", "2023-12-31"))[0]
    assert (found["on"], found["known"]) == ("2023-12-31", "2023-12-31")
    assert found["amount"]["value"] == "4888.00"  # 5500 + 300 - 912


def test_why_shows_each_sub_expression_with_its_value():
    out = run("decide", str(CASE), "--lang", "en", "--why").stdout
    assert "value.net_rent - value.facility_payment = 5164.5" in " ".join(out.split())


def test_timeline_shows_segments_and_writes_a_calendar(tmp_path):
    file = tmp_path / "events.ics"
    result = run("timeline", str(CASE), "--lang", "en", "--ics", str(file))
    assert result.exit_code == 0
    assert "2023-09-01" in result.stdout
    text = file.read_text(encoding="utf-8")
    assert "BEGIN:VEVENT" in text
    assert "DTSTART;VALUE=DATE:20280831" in text
    again = tmp_path / "again.ics"
    run("timeline", str(CASE), "--lang", "en", "--ics", str(again))
    assert again.read_bytes() == file.read_bytes()


def test_rules_list_and_check_name_the_rulebook():
    assert "transitional.subsidy" in run("rules", "list", "--lang", "en").stdout
    result = run("rules", "check")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.startswith("sound: ")


def test_rules_show_prints_the_law_of_the_day():
    old = run("rules", "show", "transitional.subsidy", "--on", "2023-06-30", "--lang", "da").stdout
    new = run("rules", "show", "transitional.subsidy", "--on", "2023-07-01", "--lang", "da").stdout
    assert "§§ 107 eller 110" in old
    assert "særlige sociale problemer" in new
    assert "særlige sociale problemer" not in old


def test_rules_docs_write_both_languages(tmp_path):
    assert run("rules", "docs", "--out", str(tmp_path)).exit_code == 0
    assert (tmp_path / "da" / "transitional.subsidy.md").read_text(encoding="utf-8").startswith("# Refusion")
    assert (tmp_path / "en" / "index.md").exists()


def test_facts_schema_is_json_schema_and_explain_says_who_reads_a_fact():
    schema = json.loads(run("facts", "schema").stdout)
    assert "properties" in schema
    out = run("facts", "explain", "lease.rent", "--lang", "en").stdout
    assert "transitional.subsidy" in out


def test_demo_decides_every_shipped_case():
    result = run("demo", "--lang", "en")
    assert result.exit_code == 0, result.stderr
    assert "decisions" in result.stdout.splitlines()[-1]


def test_help_has_examples():
    for command in (["decide"], ["timeline"], ["rules", "show"], ["facts", "explain"]):
        assert "Example" in run(*command, "--help").stdout
