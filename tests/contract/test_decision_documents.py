"""What `decide --json` prints for every example case, held against the contract's own words, not against our models."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app

ROOT = Path(__file__).parents[2]
OUTCOMES = ("granted", "refused", "undetermined")
CERTAINTY = ("text", "secondary", "inferred", "unknown")
KEYS = ("case", "scheme", "on", "outcome", "amount", "period", "route", "findings", "open", "events", "segments", "rulebook", "certainty")
KINDS = [
    "subsidy_starts",
    "subsidy_ends",
    "review_due",
    "ordinary_terms_from",
    "amount_changes",
    "law_changes",
    "reverts_when_vacant",
    "reverted",
    "clock_starts",
    "clock_ends",
    "answer_due",
    "notice_effective",
    "application_window_opens",
    "application_window_closes",
    "frame_lapses",
    "report_due",
    "appeal_due",
]
ROUTES = {
    "relabelling.route": [
        "family_youth_50",
        "family_youth_50_55",
        "family_youth_50_65_temporary",
        "family_youth_50_65_parallel_society",
        "elderly_youth_50",
        "elderly_youth_50_65",
        "to_family",
        "to_elderly",
        "none",
    ],
    "area.status": ["none", "prevention", "vulnerable", "parallel_society", "transformation"],
}
PARTS = {
    "transitional.liability": {"vacancy_rent", "restoration_guarantee", "notice_rent"},
    "special.grants": {"establishment", "caretaker"},
    "refund.state": {"section_110", "section_107", "section_85a"},
}
DAY = timedelta(days=1)


def printed():
    result = CliRunner().invoke(app, ["decide", str(ROOT / "fixtures" / "cases"), "--json", "--lang", "en"], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


DOCUMENTS = printed()
each = pytest.mark.parametrize("doc", DOCUMENTS, ids=[f"{d['case']}-{d['scheme']}" for d in DOCUMENTS])


def day(text):
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", text)
    return date.fromisoformat(text)


def check_amount(amount):
    assert set(amount) == {"value", "unit"}
    assert isinstance(amount["value"], str)
    assert re.fullmatch(r"-?\d+(\.\d+)?", amount["value"])
    if amount["unit"].startswith("DKK"):
        assert re.fullmatch(r"-?\d+\.\d\d+", amount["value"])


def check_period(period):
    assert period is None or ("from" in period or "to" in period)
    assert set(period or ()) <= {"from", "to"}
    if period and period.get("from") and period.get("to"):
        assert day(period["from"]) <= day(period["to"])


def check_findings(findings):
    names = [f["condition"] for f in findings]
    assert len(names) == len(set(names))
    for finding in findings:
        assert {"condition", "status", "text", "cite", "certainty", "facts"} <= set(finding)
        assert finding["status"] in ("met", "not_met", "unknown")
        assert finding["certainty"] in CERTAINTY
        assert finding["text"].strip()
        assert isinstance(finding["facts"], dict)
        for value in finding["facts"].values():
            assert not isinstance(value, float)


def check_open(points, outcome):
    assert bool(points) == (outcome == "undetermined")
    names = [(p["kind"], p.get("fact"), p.get("rule"), p["question"]) for p in points]
    assert len(names) == len(set(names))
    for point in points:
        assert point["kind"] in ("missing_fact", "needs_assessment", "law_not_known")
        assert point["question"].strip()
        assert ("fact" in point) != ("rule" in point)
        if point["kind"] == "missing_fact":
            assert "fact" in point


def test_there_is_a_document_of_every_scheme_and_outcome():
    assert {d["outcome"] for d in DOCUMENTS} == set(OUTCOMES)
    assert len({d["scheme"] for d in DOCUMENTS}) >= 15


@each
def test_fields(doc):
    assert set(KEYS) <= set(doc)
    assert doc["outcome"] in OUTCOMES
    assert doc["certainty"] in CERTAINTY
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", doc["rulebook"])
    day(doc["on"])
    if doc["amount"] is not None:
        check_amount(doc["amount"])
    check_period(doc["period"])
    check_findings(doc["findings"])
    check_open(doc["open"], doc["outcome"])
    if doc["outcome"] == "refused":
        assert doc["amount"] is None
        assert any(f["status"] == "not_met" for f in doc["findings"])


@each
def test_events(doc):
    days = [day(e["on"]) for e in doc["events"]]
    assert days == sorted(days)
    for event in doc["events"]:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", event["kind"])
        assert event["text"].strip()
        assert event["cite"].strip()
    marks = [json.dumps(e) for e in doc["events"]]
    assert len(marks) == len(set(marks))


@each
def test_segments_are_contiguous_and_equal_neighbours_are_one(doc):
    segments = doc["segments"]
    assert segments
    for segment in segments:
        assert segment["outcome"] in OUTCOMES
        if "amount" in segment:
            check_amount(segment["amount"])
        if "to" in segment:
            assert day(segment["from"]) <= day(segment["to"])
    for before, after in pairwise(segments):
        assert day(before["to"]) + DAY == day(after["from"])
        assert [before.get(k) for k in ("outcome", "amount", "route")] != [after.get(k) for k in ("outcome", "amount", "route")]
    here = [s for s in segments if day(s["from"]) <= day(doc["on"]) and ("to" not in s or day(doc["on"]) <= day(s["to"]))]
    assert len(here) <= 1
    for segment in here:
        assert segment["outcome"] == doc["outcome"]
        assert segment.get("amount") == doc["amount"]
        assert segment.get("route") == doc["route"]
    if doc["period"] and doc["period"].get("from"):
        assert segments[0]["from"] == doc["period"]["from"]
        if doc["period"].get("to"):
            assert segments[-1]["to"] == doc["period"]["to"]


@each
def test_certainty_is_the_weakest_it_rests_on(doc):
    rank = CERTAINTY.index
    if any(p["kind"] == "law_not_known" for p in doc["open"]):
        assert doc["certainty"] == "unknown"
    if doc.get("parts") or doc.get("routes"):
        return
    if doc["outcome"] == "refused":
        failed = [rank(f["certainty"]) for f in doc["findings"] if f["status"] == "not_met"]
        assert rank(doc["certainty"]) == max(failed)
    elif doc["outcome"] == "granted":
        # No scheme that is one clause has alternatives: all that is found is needed.
        assert all(f["status"] == "met" for f in doc["findings"])
        assert rank(doc["certainty"]) >= max(rank(f["certainty"]) for f in doc["findings"])


@each
def test_parts_and_routes(doc):
    if doc["scheme"] in ROUTES:
        assert doc["route"] in ROUTES[doc["scheme"]] or (doc["outcome"] == "undetermined" and doc["route"] is None)
        assert (doc["route"] == "none") == (doc["outcome"] == "refused") or doc["scheme"] == "area.status"
    if doc["scheme"] in PARTS:
        assert {p["part"] for p in doc["parts"]} <= PARTS[doc["scheme"]]
    parts = doc.get("parts")
    if parts is None:
        return
    outcomes = [p["outcome"] for p in parts]
    top = "granted" if "granted" in outcomes else "refused" if set(outcomes) == {"refused"} else "undetermined"
    assert doc["outcome"] == top
    for part in parts:
        assert {"part", "outcome", "amount", "period", "findings"} <= set(part)
        check_findings(part["findings"])
        check_period(part["period"])
        check_open(part["open"], part["outcome"])
        if part["amount"] is not None:
            check_amount(part["amount"])
    if len(parts) == 1:
        assert (doc["amount"], doc["period"]) == (parts[0]["amount"], parts[0]["period"])
    else:
        assert doc["amount"] is None


@each
def test_zero_is_a_right_with_a_reason(doc):
    if doc["outcome"] == "granted" and doc["amount"] and float(doc["amount"]["value"]) == 0:
        assert doc["amount"]["value"] == "0.00"
        assert any(f["condition"] == "amount" and f["text"] for f in doc["findings"])


def test_a_clock_says_when_it_ends():
    clocks = [d for d in DOCUMENTS if d["scheme"] == "refund.state" and d["outcome"] == "granted"]
    # Before October 2023 there was no clock: the refund had no limit in time.
    clocks = [d for d in clocks if d["on"] >= "2023-10-01"]
    assert clocks
    for doc in clocks:
        assert any(e["kind"] == "clock_ends" for e in doc["events"])


def test_kinds_of_the_contract_are_used_where_they_fit():
    used = {e["kind"] for d in DOCUMENTS for e in d["events"]}
    assert set(KINDS) - used <= {"appeal_due"}
