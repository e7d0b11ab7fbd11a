"""Which agreement a dwelling falls under: never one of unknown days, never one of two that are equally close."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidyengine.allocation.load import open_agreements, read_agreements
from subsidyengine.allocation.sequence import run
from subsidyengine.allocation.vacancies import Vacancy


@pytest.fixture(scope="module")
def shipped(book):
    return open_agreements(book)


SHIPPED = [
    # municipality, organisation, day, terms, why
    ("København", "AAB", "2019-06-30", "statute-social", "the day before AAB's agreement of 2019"),
    ("København", "AAB", "2019-07-01", "koebenhavn-aab-2019", "its first day"),
    ("København", "AAB", "2023-12-31", "koebenhavn-aab-2019", "its last day"),
    ("København", "AAB", "2024-01-01", "koebenhavn-bl1-2024", "the framework agreement takes over"),
    ("København", "AAB", "2018-06-01", "statute-social", "AAB's agreement to 2018 has no known first day"),
    ("København", "AKB", "2020-01-01", "statute-social", "AKB's agreement is undated"),
    ("København", "AKB", "2027-12-31", "koebenhavn-bl1-2024", "the framework agreement's last day"),
    ("København", "AKB", "2028-01-01", "statute-social", "the day after"),
    ("Holbæk", "Lejerbo", "2016-01-01", "statute-social", "since 1999, but on which day is not known"),
    ("Helsingør", "Boligkontoret", "2026-08-01", "helsingoer-2022", "its last day"),
    ("Aalborg", "Himmerland", "2026-01-01", "statute-social", "undated"),
    ("Fjordkøbing", "Boligselskabet Havblik", "2025-01-01", "digtet-fjordkoebing", "first day"),
    ("Fjordkøbing", "Boligselskabet Havblik", "2024-12-31", "statute-social", "the day before"),
    ("Fjordkøbing", "En anden", "2025-01-01", "statute-social", "an organisation that did not sign"),
    ("", "Boligselskabet Havblik", "2025-01-01", "digtet-fjordkoebing", "the municipality is not said, the organisation is"),
    ("", "Boligkontoret", "2025-01-01", "statute-social", "nobody is named: an agreement of a whole municipality cannot be told"),
]


@pytest.mark.parametrize(("town", "organisation", "day", "expected", "why"), SHIPPED)
def test_shipped_agreements_apply_on_their_known_days(town, organisation, day, expected, why, shipped):
    assert shipped.for_dwelling("social", town, organisation, "1", "", date.fromisoformat(day)).id == expected, why


def test_the_department_that_an_agreement_names_is_the_one_it_is_about(shipped):
    found = [shipped.for_dwelling("social", "Fredensborg", "AB Hørsholm Kokkedal", d, "", date(2013, 1, 1)).id for d in ("7", "8", "9")]
    assert found == ["fredensborg-abhk-2012", "statute-social", "fredensborg-abhk-2012"]


def test_private_agreements_are_about_their_property(shipped):
    day = date(2026, 1, 1)
    owner = "Ejendomsselskabet Kærhus"
    assert shipped.for_dwelling("private", "Birkevang", owner, "", "Kærhus", day).id == "digtet-birkevang-bestemte"
    assert shipped.for_dwelling("private", "Birkevang", owner, "", "Laden", day).id == "statute-private"


def test_a_decision_of_the_council_counts_from_its_day_in_the_whole_municipality(sound, read):
    agreements, _ = read(sound)
    found = [
        agreements.for_dwelling("social", "Nabokøbing", "Hvem som helst", "1", "", day).id for day in (date(2023, 12, 31), date(2024, 1, 1))
    ]
    assert found == ["statute-social", "council"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2024-02-29", "statute-social"), ("2024-03-01", "spread"), ("2028-03-01", "spread"), ("2028-03-02", "statute-social")],
)
def test_a_spread_binds_from_its_decision_until_it_must_be_reviewed(day, expected, sound, read):
    agreements, _ = read(sound)
    where = ("social", "Storby", "Bolig D", "1", "", date.fromisoformat(day))
    assert agreements.for_dwelling(*where).id == expected
    assert agreements.for_dwelling("social", "Storby", "Bolig B", *where[3:]).id == "spread"  # it signed: bound all along


def test_two_that_are_equally_close_are_refused_with_both_named(sound, read):
    agreements, _ = read({**sound, "twin": sound["social"].replace("agreement: social", "agreement: twin")})
    with pytest.raises(ValueError, match="two agreements are equally close on 2025-01-01: social and twin"):
        agreements.for_dwelling("social", "Prøveby", "Bolig A", "1", "", date(2025, 1, 1))


def test_the_whole_text_of_an_agreement_takes_the_place_of_the_shipped_one(sound, read):
    whole = sound["social"].replace(
        "municipality: Prøveby\norganisations: [Bolig A]", "municipality: Helsingør\nreplaces: [helsingoer-2022]"
    )
    agreements, problems = read({"whole": whole})
    assert not problems
    assert agreements.for_dwelling("social", "Helsingør", "Boligkontoret", "1", "", date(2025, 1, 1)).id == "social"


@given(
    town=st.sampled_from(["København", "Fjordkøbing", "Lyngsund", "Frederiksberg", "Ukendt", ""]),
    organisation=st.sampled_from(["AAB", "AKB", "FFB", "Boligselskabet Havblik", "Lyngsund Almene"]),
    day=st.dates(date(2010, 1, 1), date(2031, 1, 1)),
)
def test_the_closest_is_found_however_many_there_are(town, organisation, day, shipped):
    near = {
        t.id: t.reach(town, organisation, "1", "", day)
        for t in shipped.terms.values()
        if t.sector == "social" and t.from_ and t.holds_on(day)
    }
    best = max(near.values(), default=0)
    expected = [name for name, close in near.items() if close == best > 1] or ["statute-social"]
    assert [shipped.for_dwelling("social", town, organisation, "1", "", day).id] == expected


def test_the_hash_is_of_the_content_wherever_it_lies_and_in_whatever_order(book, few, sound, tmp_path):
    hashes = set()
    for name, order in (("one", ["social", "named"]), ("two", ["named", "social"])):
        folder = tmp_path / name
        folder.mkdir()
        for stem in order:
            (folder / f"{stem}.yaml").write_text(sound[stem], encoding="utf-8")
        hashes.add(read_agreements(book, [folder / f"{stem}.yaml" for stem in order], few)[0].hash)
    assert len(hashes) == 1
    assert hashes != {read_agreements(book, [], few)[0].hash}


@pytest.mark.parametrize("organisation", ["AAB", "Whoever"])
def test_a_share_that_nobody_knows_is_never_guessed(organisation, shipped):
    vacancies = [
        Vacancy(f"v{n}", organisation, date(2024, 3, n), n, "t.csv", municipality="København", department="1", kind="family", rent=5000)
        for n in range(1, 10)
    ]
    draws = run(vacancies, shipped, date(2024, 6, 1)).draws
    assert {(d.terms.id, d.status, d.owner) for d in draws} == {("koebenhavn-bl1-2024", "undetermined", None)}
    assert all("share" in d.missing for d in draws)


def test_a_missing_folder_or_an_empty_one_is_a_problem_not_a_crash(book, few, tmp_path):
    (tmp_path / "empty").mkdir()
    messages = [str(p) for path in ("empty", "none") for p in read_agreements(book, [Path(tmp_path / path)], few)[1]]
    assert [m.removeprefix(str(tmp_path)) for m in messages] == [
        "/empty:1:1 Y_SYNTAX no agreement (*.yaml) in this folder", "/none:1:1 Y_SYNTAX cannot be read: No such file or directory",
    ]  # fmt: skip
