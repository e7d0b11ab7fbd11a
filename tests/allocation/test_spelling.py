"""A name that is spelt otherwise than in an agreement is said, with the near one and the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subsidyengine.allocation import near_misses
from subsidyengine.allocation.spelling import _near

from .scene import terms_of, vacancy
from .test_reports import TABLE, ask, at_the_top  # noqa: F401 - the fixture is used by its name


@pytest.fixture
def said(book, shipped, tmp_path):
    def ask_of(changes, *vacancies):
        terms = terms_of(tmp_path, book, "agreed", changes)
        lines = [vacancy(f"A{row} 2025-01-01", row)._replace(**given) for row, given in enumerate(vacancies, 2)]
        return [str(note) for note in near_misses(lines, replace(shipped, terms={"agreed": terms}))]

    return ask_of


def test_the_near_name_and_its_rows(said):
    wrong = {"organisation": "Nordby  bolig"}
    assert said({}, wrong, {}, wrong) == [
        "v.csv:2: organisation: 'Nordby  bolig' is nearly 'Nordby Bolig' of the agreement agreed, which is not used for it; rows 2, 4"
    ]


def test_many_rows_are_counted(said):
    (note,) = said({}, *[{"organisation": "NORDBY BOLIG"}] * 13)
    assert note.endswith("rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ... (+3)")


@pytest.mark.parametrize(
    ("changes", "given", "columns"),
    [
        ({}, {"municipality": "Nordby Kommune"}, ["municipality"]),
        ({}, {"municipality": "Nordbye", "organisation": "Nordby Bolig."}, ["municipality", "organisation"]),
        ({"departments": ["Ærøgade 12"]}, {"department": "Aeroegade 12"}, ["department"]),
        ({"departments": ["Ærøgade 12"]}, {"department": "Ærøgade 13"}, []),  # another number is another department
        ({"departments": ["Ærøgade"]}, {"department": ""}, []),
        ({}, {"organisation": "Sydby Bolig"}, []),
        ({}, {"municipality": "Sydby", "organisation": "Nordby bolig"}, []),  # of another town: no party at all
        ({}, {"municipality": ""}, []),  # an organisation's own name is enough
        ({}, {"vacant_from": date(2019, 1, 1), "organisation": "Nordby bolig"}, []),  # before the agreement
        ({}, {"kind": "private", "organisation": "Nordby bolig"}, []),
    ],
)
def test_what_is_near(changes, given, columns, said):
    assert [note.split(": ")[1] for note in said(changes, given)] == columns


def test_a_department_of_a_step(said):
    steps = [{"share": "1/3", "departments": ["Havnegården"]}, {"share": "1/4"}]
    rights = [{"right": "municipal", "basis": "section_59_2", "steps": steps}, {"right": "waiting_list", "basis": "waiting_list"}]
    assert len(said({"rights": rights}, {"department": "Havnegaarden"}, {"department": "Havnegården"}, {"department": "Engen"})) == 1


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("København", "Koebenhavn", True),
        ("København", "Københavns Kommune", True),
        ("Frederiksberg", "Frederikshavn", False),
        ("Frederiksberg", "Frederikssund", False),
        ("Afd. 12", "Afd. 1", False),
        ("Afd. 12", "afd 12", True),
        ("Bo", "Bo-Vest", False),
        ("Boligforeningen", "Boligforeningen 3B", False),
        ("Havnegården", "Havnegarden", True),
    ],
)
def test_near(one, other, near):
    assert _near(one, other) == _near(other, one) == near


def test_it_is_told_beside_the_answers_and_in_the_workbook(tmp_path):
    table = tmp_path / "v.csv"
    table.write_text(
        "vacancy,municipality,organisation,kind,vacant_from\n1,Lyngsunds Kommune,Lyngsund Almene,family,2026-01-01\n", encoding="utf-8"
    )
    found = ask("run", str(table), "--on", "2026-02-01", "--lang", "da", "--json", "--xlsx", str(tmp_path / "d.xlsx"))
    assert found.exit_code == 0
    assert f"{table}:2: municipality: 'Lyngsunds Kommune' er næsten 'Lyngsund' i aftalen digtet-lyngsund" in found.stderr


@pytest.mark.parametrize("command", [["run"], ["account"], ["whatif", "--share", "1/3"], ["propose", "fixtures/allocation/household.yaml"]])
def test_a_table_without_rows(command, tmp_path):
    table = tmp_path / "v.csv"
    table.write_text("vacancy,organisation,vacant_from\n", encoding="utf-8")
    found = ask(*command, str(table), "--lang", "en")
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr == "no vacancies: the table has no row below its header\n"


def test_the_example_has_no_near_miss():
    assert "is nearly" not in ask("run", TABLE, "--on", "2026-01-01", "--lang", "en").stderr
