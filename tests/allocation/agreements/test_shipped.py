"""The shipped agreements say what the published sources say, and no more."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from ruamel.yaml import YAML

from subsidyengine.allocation.load import open_agreements
from subsidyengine.formula import Cause, Unknown, compile_formula
from subsidyengine.rulebook import shipped_folder

F = Fraction


@pytest.fixture(scope="module")
def shipped(book):
    return open_agreements(book)


#: The rows of the list of real agreements, by municipality and organisation; a model of three letters is three files.
ROWS = {
    "koebenhavn-bl1-2024", "koebenhavn-hver-tredje", "koebenhavn-akb-sab", "koebenhavn-aab-2019", "koebenhavn-aab-2018", "frederiksberg-ffb",
    "frederiksberg-2020", "helsingoer-2022", "aalborg", "fredensborg-2015", "fredensborg-abhk-2012", "rudersdal-furesoe", "holbaek-1999", "odense",
    "odense-oab", "albertslund-hedemarken", "ballerup-aab", "aarhus-2014", "kab-model-a", "kab-model-b", "kab-model-c", "bl-undersoegelse",
    "roskilde",
}  # fmt: skip
#: Every share that the sources give. All others are unknown: a range such as 11-89 per cent is no share.
KNOWN_SHARES = {
    ("koebenhavn-hver-tredje", "municipal"): [F(1, 3)],
    ("holbaek-1999", "municipal"): [F(1, 4)],
    ("frederiksberg-ffb", "internal"): [F(1, 2)],
    ("fredensborg-abhk-2012", "flexible"): [F(9, 10)],
    ("rudersdal-furesoe", "flexible"): [F(4, 5)],
    ("rudersdal-furesoe", "internal"): [F(1, 2)],
    ("albertslund-hedemarken", "flexible"): [F(1)],
    ("odense-oab", "flexible"): [F(1, 2), None],
    ("kab-model-a", "internal"): [F(1, 2)],
    ("kab-model-b", "internal"): [F(3, 4), None],
    ("kab-model-c", "external"): [F(1, 2)],
}
DATED = {
    "koebenhavn-bl1-2024": (date(2024, 1, 1), date(2027, 12, 31)),
    "koebenhavn-aab-2019": (date(2019, 7, 1), date(2023, 12, 31)),
    "koebenhavn-aab-2018": (None, date(2018, 12, 31)),
    "frederiksberg-2020": (date(2020, 1, 1), date(2023, 12, 31)),
    "helsingoer-2022": (date(2022, 8, 1), date(2026, 8, 1)),
    "fredensborg-abhk-2012": (date(2012, 7, 1), date(2016, 6, 30)),
    "aarhus-2014": (date(2014, 1, 1), date(2017, 12, 31)),
}


def real(shipped):
    return {name: terms for name, terms in shipped.terms.items() if not terms.synthetic}


def test_each_published_agreement_has_its_file(shipped):
    assert real(shipped).keys() == ROWS


def test_only_shares_that_a_source_gives_are_there(shipped):
    found = {
        (name, right.name): [step.share for step in right.steps]
        for name, terms in real(shipped).items()
        for right in terms.rights
        if any(step.share is not None for step in right.steps)
    }
    assert found == KNOWN_SHARES


def test_what_is_unknown_says_why_in_both_languages(shipped):
    for terms in real(shipped).values():
        for right in terms.rights:
            if any(step.share is None for step in right.steps):
                assert right.why is not None
                assert right.why.da != right.why.en
        assert terms.not_known, terms.id
        assert terms.rights[-1].residual, terms.id


def test_days_are_those_of_the_sources_and_the_rest_applies_only_where_named(shipped):
    assert {n: (t.from_, t.until) for n, t in real(shipped).items() if t.from_ or t.until} == DATED
    assert {n for n, t in real(shipped).items() if t.named_only} == ROWS - {n for n, (first, _) in DATED.items() if first}


def test_no_real_agreement_rests_on_more_than_its_source_was_read(shipped):
    """Days that are our reading of a year are marked as inferred."""
    for name in ("frederiksberg-2020", "aarhus-2014"):
        assert "inferred" in {cite.mark for cite in shipped.terms[name].cites}
    for terms in real(shipped).values():
        for right in terms.rights:
            assert "text" not in {c.mark for c in right.basis.cites} or not right.basis.key.startswith("section_59"), right.basis.key


def test_the_invented_ones_are_complete(shipped):
    invented = {name: terms for name, terms in shipped.terms.items() if terms.synthetic}
    assert len(invented) == 4
    assert all(name.startswith("digtet-") for name in invented)
    for terms in invented.values():
        written = YAML(typ="safe").load((shipped_folder() / terms.place.file).read_text(encoding="utf-8"))
        assert all(param.settled for name, param in terms.params.items() if terms.sector == "social" or name in written["counting"])
        assert terms.answer is not None
        assert all(step.share is not None for right in terms.rights for step in right.steps)
        assert terms.from_
        assert terms.until
    one, two = invented["digtet-fjordkoebing"], invented["digtet-lyngsund"]
    assert (one.params["passing"].value, one.params["passing"].at_most, one.guarantee.arrears_months) == ("carried", 2, 12)
    assert (one.rights[0].limits["rent"].low, one.rights[0].limits["rent"].high) == (4000, 6000)
    steps = [two.rights[0].share_at(d, day) for d in ("1", "3", "9") for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert steps == [F(1, 4), F(1, 3), F(1, 2), F(1, 2), F(1, 5), F(1, 5)]
    assert (two.rights[2].quota, two.rights[2].unit) == (4, "municipality")


class Person:
    """What a criterion reads from."""

    def __init__(self, facts, on):
        self.facts, self.on, self.assumed, self.record, self.rank = facts, on, {}, {}, 0

    def fact(self, name):
        return Unknown((Cause("missing_fact", name),))


ON = date(2026, 3, 1)
CRITERIA = [
    # agreement, criterion, facts, holds
    ("koebenhavn-akb-sab", "job", {"person.work_hours_week": 25}, True),
    ("koebenhavn-akb-sab", "job", {"person.work_hours_week": F("24.5")}, False),
    ("koebenhavn-akb-sab", "job", {}, None),
    ("koebenhavn-akb-sab", "senior", {"person.birth_date": date(1964, 3, 1)}, True),
    ("koebenhavn-akb-sab", "senior", {"person.birth_date": date(1964, 3, 2)}, False),
    ("koebenhavn-akb-sab", "divorced", {"person.relationship_ended_on": date(2025, 3, 1), "person.former_shared_home_years": 1}, True),
    ("koebenhavn-akb-sab", "divorced", {"person.relationship_ended_on": date(2025, 2, 28), "person.former_shared_home_years": 1}, False),
    (
        "koebenhavn-akb-sab",
        "divorced",
        {"person.relationship_ended_on": date(2026, 1, 1), "person.former_shared_home_years": F("0.9")},
        False,
    ),
    ("koebenhavn-aab-2018", "job", {"person.work_hours_week": 30, "dwelling.department": "12"}, True),
    ("koebenhavn-aab-2018", "job", {"person.work_hours_week": 30, "dwelling.department": "80"}, False),
    ("koebenhavn-aab-2018", "job", {"person.work_hours_week": F("36.5"), "dwelling.department": "80"}, True),
    ("koebenhavn-aab-2018", "job", {"person.work_hours_week": 40}, True),  # enough in every department
    ("ballerup-aab", "job", {"person.work_hours_week": 30, "person.job_lasts_a_year": True}, True),
    ("ballerup-aab", "job", {"person.work_hours_week": 30, "person.job_lasts_a_year": False}, False),
    ("ballerup-aab", "job", {"person.work_hours_week": 29}, False),
    ("rudersdal-furesoe", "from-55", {"person.birth_date": date(1971, 3, 1)}, True),
    ("rudersdal-furesoe", "from-55", {"person.birth_date": date(1971, 3, 2)}, False),
    ("albertslund-hedemarken", "job-or-education", {"person.work_hours_week": 30, "household.adults": 1}, True),
    (
        "albertslund-hedemarken",
        "job-or-education",
        {
            "person.work_hours_week": 30,
            "household.adults": 2,
            "household.partner_work_hours_week": 29,
            "household.partner_in_education": True,
        },
        True,
    ),
    (
        "albertslund-hedemarken",
        "job-or-education",
        {
            "person.work_hours_week": 37,
            "household.adults": 2,
            "household.partner_work_hours_week": 0,
            "household.partner_in_education": False,
            "person.birth_date": date(1990, 1, 1),
            "person.lives_in_department": False,
        },
        False,
    ),
    ("albertslund-hedemarken", "job-or-education", {"person.birth_date": date(1961, 3, 1)}, True),
    ("albertslund-hedemarken", "job-or-education", {"person.lives_in_department": True}, True),
    ("fredensborg-2015", "only-once", {"person.allocated_before": True}, False),
    ("roskilde", "on-waiting-list", {"person.on_social_waiting_list": True}, True),
    ("digtet-lyngsund", "tied-to-the-town", {"person.months_in_municipality": 0, "person.acute_housing_need": True}, True),
    ("digtet-lyngsund", "tied-to-the-town", {"person.months_in_municipality": 24}, True),
    ("digtet-lyngsund", "tied-to-the-town", {"person.months_in_municipality": 23, "person.acute_housing_need": False}, False),
]


@pytest.mark.parametrize(("agreement", "criterion", "facts", "expected"), CRITERIA)
def test_criteria_at_their_bounds(agreement, criterion, facts, expected, shipped):
    found = next(c for c in shipped.terms[agreement].criteria if c.name == criterion)
    value = compile_formula(found.holds)(Person(facts, ON))
    assert (None if isinstance(value, Unknown) else value) is expected
