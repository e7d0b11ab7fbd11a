"""The shipped rulebook is sound, whole and quick to read again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from subsidyengine.rulebook import check_folder, open_rulebook, shipped_folder

#: contract.md section 3, but `allocation.turn`, which is the allocation desk's.
CONTRACT = {
    "allocation.household", "area.status", "transitional.placement", "transitional.subsidy", "transitional.liability",
    "fund.establishment_grant", "fund.rent_reduction", "relabelling.route", "letting.youth", "letting.outside_circle",
    "youth.contribution", "facility.own_payment", "benefit.calculated", "special.grants", "refund.state",
}  # fmt: skip
ROUTES = {
    "relabelling.route": {
        "family_youth_50", "family_youth_50_55", "family_youth_50_65_temporary", "family_youth_50_65_parallel_society",
        "elderly_youth_50", "elderly_youth_50_65", "to_family", "to_elderly",
    },
    "area.status": {"prevention", "vulnerable", "parallel_society", "transformation"},
}  # fmt: skip
PARTS = {
    "transitional.liability": {"vacancy_rent", "restoration_guarantee", "notice_rent"},
    "special.grants": {"establishment", "caretaker"},
    "refund.state": {"section_110", "section_107", "section_85a"},
}


@pytest.fixture(scope="session")
def book():
    return open_rulebook(cache=False)


def test_has_no_problem():
    assert [str(p) for p in check_folder(shipped_folder())] == []


def test_answers_every_scheme_of_the_contract(book):
    assert set(book.schemes) >= CONTRACT


@pytest.mark.parametrize(("scheme", "names"), [*ROUTES.items(), *PARTS.items()])
def test_routes_and_parts_have_the_names_of_the_contract(book, scheme, names):
    assert {c.name for c in book.schemes[scheme].clauses} == names


def test_every_day_of_ten_years_has_one_version_of_everything(book):
    day, last = date(2018, 1, 1), date(2027, 12, 31)
    while day <= last:
        for scheme in book.schemes.values():
            for things in (*(c.versions for c in scheme.conditions.values()), *(v.versions for v in scheme.values.values())):
                version = things.at(day)
                assert (version.from_ or day) <= day <= (version.until or day), (scheme.id, day, version.place)
        for rate in book.rates.values():
            assert (rate.at(day).from_ or day) <= day, (rate.name, day)
        day += timedelta(days=1)


def test_versions_follow_each_other_without_a_gap(book):
    for scheme in book.schemes.values():
        for condition in scheme.conditions.values():
            for before, after in pairwise(condition.versions.rows):
                assert after.from_ == before.until + timedelta(days=1), (scheme.id, condition.name)


def test_every_citation_of_a_rule_carries_a_mark_and_a_source(book):
    for scheme in book.schemes.values():
        for condition in scheme.conditions.values():
            for version in condition.versions.rows:
                assert version.cites, (scheme.id, condition.name)
                assert all(c.source in book.sources and c.mark for c in version.cites)


def test_the_2026_benefit_rates_are_known_in_two_states(book):
    limit = book.rates["boligsikring_income_limit"]
    day = date(2026, 2, 1)
    assert limit.at(day, date(2026, 3, 23)).value == 171_500
    assert limit.at(day, date(2026, 3, 24)).value == 170_300
    assert limit.at(day, None).value == 170_300
