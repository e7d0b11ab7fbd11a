"""The shipped rules cover every day: each condition, value, amount, period and rate has its law, known or said to be unknown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from subsidyengine.decision import Conclude, Reading, answer, open_points, program_for
from subsidyengine.document import decide
from subsidyengine.facts import Case, case_from_data
from subsidyengine.rulebook import Rulebook, read_folder, shipped_folder
from subsidyengine.worked import load_worked

FIRST, LAST = date(2018, 1, 1), date(2027, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
BOOK: Rulebook = read_folder(shipped_folder())[0]
FILES = sorted(shipped_folder().rglob("*.cases.yaml"))


def versioned(scheme_id):
    """Everything of a scheme that has versions: its name and its rows."""
    scheme = BOOK.schemes[scheme_id]
    for kind, things in (("condition", scheme.conditions), ("value", scheme.values)):
        yield from ((f"{kind} {name}", thing.versions) for name, thing in things.items())
    for clause in scheme.clauses:
        yield from ((f"{kind} {clause.name}", v) for kind, v in (("amount", clause.amount), ("period", clause.period)) if v)


def test_there_are_schemes_and_rates_to_look_at():
    assert len(DAYS) == 3652
    assert BOOK.schemes
    assert BOOK.rates


@pytest.mark.parametrize("scheme_id", sorted(BOOK.schemes))
def test_exactly_one_version_is_law_on_every_day_and_it_is_the_one_found(scheme_id):
    for name, versions in versioned(scheme_id):
        for day in DAYS:
            covering = [v for v in versions.rows if (v.from_ or date.min) <= day <= (v.until or date.max)]
            assert covering == [versions.at(day)], f"{name} on {day}"


@pytest.mark.parametrize("scheme_id", sorted(BOOK.schemes))
def test_snapshot_of_every_day_has_the_whole_law(scheme_id):
    names = list(BOOK.schemes[scheme_id].conditions)
    for day in DAYS:
        law = BOOK.as_of(day).law(scheme_id)
        assert list(law) == names
        unknown = [v for v in law.values() if v.holds is None]
        assert all(v.why for v in unknown), f"{day}: not known, and no reason given"


@pytest.mark.parametrize("name", sorted(BOOK.rates))
def test_rate_has_a_row_on_every_day_at_every_state_of_knowledge(name):
    rate = BOOK.rates[name]
    states = [None, *sorted({r.known_from for r in rate.rows if r.known_from})]
    states += [known - timedelta(days=1) for known in states if known]
    for known in states:
        for day in DAYS:
            row = rate.at(day, known)
            assert row.from_ is None or row.from_ <= day
            assert known is None or row.known_from is None or row.known_from <= known
            # The one found is not older than another that could be.
            others = [r for r in rate.rows if (r.from_ or date.min) <= day and (known is None or (r.known_from or date.min) <= known)]
            latest = max(others, key=lambda r: (r.from_ or date.min, r.known_from or date.min))
            assert row is latest, f"{name} on {day} known {known}"
            assert row.value is not None or row.why


@pytest.mark.parametrize("scheme_id", sorted(BOOK.schemes))
def test_case_without_facts_is_never_granted_and_says_what_is_open(scheme_id):
    case = Case("T", None, None, (), {})
    program, conclude = program_for(BOOK, scheme_id), Conclude(durable=False)
    for day in DAYS[::7]:
        found = answer(Reading(BOOK, program, case, day, None), conclude)
        assert found.outcome != "granted", day
        if found.outcome == "refused":
            # The law of the day itself says no, whatever the facts.
            assert any(f.status == "not_met" for c in found.clauses for f in c.findings), day
        else:
            assert open_points(found), day


#: Before there was any such law, and long before what was read of it.
EARLY = [date(1900, 1, 1), date(1990, 6, 15)]


@pytest.mark.parametrize("scheme_id", sorted(BOOK.schemes))
def test_nothing_is_granted_before_the_law_is_known(scheme_id):
    """Every worked case of the scheme, asked of a day that nobody has read the law of."""
    program, conclude, scheme = program_for(BOOK, scheme_id), Conclude(durable=False), BOOK.schemes[scheme_id]
    path = next(p for p in FILES if load_worked(p, BOOK, p.name)[0].scheme == scheme_id)
    for worked in load_worked(path, BOOK, path.name):
        for day in EARLY:
            found = answer(Reading(BOOK, program, worked.case, day, None), conclude)
            if found.outcome == "refused":
                # Only what the law says of the day itself, or of a fact's own day, can refuse.
                failed = [f for c in found.clauses for f in c.findings if f.status == "not_met"]
                for finding in failed:
                    holds = finding.version.holds
                    by_its_own_day = scheme.conditions[finding.name].law_of is not None
                    written_for_then = finding.version.from_ is None and finding.version.until is not None
                    assert not holds.facts or by_its_own_day or written_for_then, (worked.name, day, finding.name)
                assert failed
            else:
                assert found.outcome == "undetermined", (worked.name, day)
                assert "law_not_known" in [p.kind for p in open_points(found)], (worked.name, day)
            assert all(c.amount is None for c in found.clauses), (worked.name, day)


@pytest.mark.parametrize("scheme_id", sorted(BOOK.schemes))
def test_every_scheme_says_since_when_its_law_is_known(scheme_id):
    since = BOOK.schemes[scheme_id].known_since
    assert since is not None
    assert date(1999, 1, 1) <= since.day <= date(2022, 7, 1)


def test_timeline_across_the_day_shows_what_is_not_known_apart():
    facts = {"stay": {"section": "section_110"}, "person": {"has_income": True}}
    case = case_from_data({"case": "T", "on": date(2018, 6, 1), "facts": {**facts, "facility": {"daily_rate": [
        {"from": date(2017, 6, 1), "value": 90}]}}}, BOOK.facts)  # fmt: skip
    segments = decide(case, BOOK, "facility.own_payment", "en", durable=False).segments
    assert [(s.from_, s.to, s.outcome) for s in segments[:1]] == [(date(2017, 6, 1), date(2017, 12, 31), "undetermined")]
    assert segments[1].from_ == date(2018, 1, 1)
    assert segments[1].outcome != "undetermined"
