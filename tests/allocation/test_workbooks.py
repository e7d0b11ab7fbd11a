"""What the desk's workbooks hold: a sheet a question, cells of their own kind, header held, filters on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import fastexcel
import pytest

from subsidyengine.allocation import Agreements, open_agreements
from subsidyengine.allocation.catalogue_book import write_agreements
from subsidyengine.allocation.sheets import Book
from subsidyengine.allocation.workbook_words import HEADINGS, SHEETS

from .test_reports import FOLDER, HOUSEHOLD, TABLE, ask, at_the_top  # noqa: F401 - the fixture is used by its name


def sheets(path: Path) -> dict[str, list[dict[str, object]]]:
    book = fastexcel.read_excel(path)
    return {name: book.load_sheet(name).to_arrow().to_pylist() for name in book.sheet_names}


def test_proposals(tmp_path):
    path = tmp_path / "proposals.xlsx"
    assert ask("propose", HOUSEHOLD, TABLE, "--on", "2025-12-20", "--lang", "da", "--xlsx", str(path)).exit_code == 0
    found = sheets(path)
    assert list(found) == ["Kan tilbydes", "Grunde", "Råd til lejen", "Lokale kriterier", "Forudsætninger"]
    (row,) = found["Kan tilbydes"]
    assert (row["Husstand"], row["Bolig"], row["Kan tilbydes"], row["Råd"]) == ("H-2026-01", "L-021", "nej", "ikke kendt")
    assert (row["Ledig"], row["Leje pr. måned"], row["Kan betale"]) == (datetime(2025, 12, 15), 4290, 3200)
    assert row["Leje efter boligstøtte"] is None  # not computable: an empty cell, never a zero
    assert [(r["Bolig"], r["Opfyldt"]) for r in found["Grunde"]] == [("L-021", "ikke opfyldt")]
    assert found["Råd til lejen"]  # says what is missing for the housing benefit
    assert any("Ikke afgjort" in str(r["Hvad"]) for r in found["Forudsætninger"])


def test_two_households_share_a_workbook(tmp_path):
    household = tmp_path / "two.yaml"
    text = (FOLDER / "household.yaml").read_text(encoding="utf-8")
    household.write_text(text + "---\n" + text.replace("H-2026-01", "H-2026-02"), encoding="utf-8")
    path = tmp_path / "proposals.xlsx"
    ask("propose", str(household), TABLE, "--on", "2025-12-20", "--lang", "en", "--xlsx", str(path))
    assert [row["Household"] for row in sheets(path)["May be offered"]] == ["H-2026-01", "H-2026-02"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_agreements(lang, tmp_path, shipped):
    path = tmp_path / "agreements.xlsx"
    assert ask("agreements", "--lang", lang, "--xlsx", str(path)).exit_code == 0
    found = list(sheets(path).values())
    assert len(found[0]) == len(shipped.terms) + 2  # the statute of each sector stands first
    rights = sum(len(terms.rights) for terms in (*shipped.statutes.values(), *shipped.terms.values()))
    assert len(found[1]) == rights
    index = 0 if lang == "da" else 1
    heading = {name: pair[1 + index] for name, pair in HEADINGS.items()}
    own = {row[heading["agreement"]]: row for row in found[0]}
    # København's agreement of 2024-2027: 1 January 2024 to 31 December 2027, share not published.
    row = own["koebenhavn-bl1-2024"]
    assert (row[heading["from"]], row[heading["to"]]) == (datetime(2024, 1, 1), datetime(2027, 12, 31))
    assert own["digtet-birkevang-hver-fjerde"][heading["compensation"]] == 28000
    # What is not settled says why.
    for row in found[2]:
        assert (row[heading["settled"]] in ("ja", "yes")) == (row[heading["why"]] is None)


def test_one_agreement(tmp_path):
    path = tmp_path / "agreement.xlsx"
    assert ask("agreements", "digtet-lyngsund", "--lang", "en", "--xlsx", str(path)).exit_code == 0
    assert {row["Agreement"] for rows in list(sheets(path).values())[:-1] for row in rows} == {"digtet-lyngsund"}


def test_every_sheet_holds_its_header_and_filters(tmp_path, book, shipped: Agreements):
    import zipfile

    path = tmp_path / "agreements.xlsx"
    write_agreements(shipped, None, book, path, "da")
    with zipfile.ZipFile(path) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == 7
    assert all('state="frozen"' in page and "<autoFilter" in page for page in pages)


def test_names_of_sheets_are_what_excel_takes():
    for pair in SHEETS.values():
        assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in pair)


def test_more_rows_than_a_sheet_holds_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("subsidyengine.allocation.sheets.MOST_ROWS", 20)
    found = ask("run", TABLE, "--on", "2026-01-01", "--lang", "en", "--xlsx", str(tmp_path / "desk.xlsx"))
    assert found.exit_code == 2
    assert "an Excel sheet holds 20 rows" in found.stderr


def test_a_workbook_has_the_name_of_one():
    found = ask("agreements", "--lang", "en", "--xlsx", "agreements.csv")
    assert found.exit_code == 2
    assert "is no workbook" in found.stderr


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    with Book(tmp_path / "text.xlsx", "en") as made:
        made.sheet("turns", ("vacancy",), [("=1+1",), ("https://example.org",)])
    assert [row["Dwelling"] for row in sheets(tmp_path / "text.xlsx")["Whose turn"]] == ["=1+1", "https://example.org"]


def test_rejected_rows_are_told_in_the_language_of_the_workbook(tmp_path):
    path = tmp_path / "desk.xlsx"
    ask("run", "fixtures/allocation/bad/rows.csv", "--on", "2026-01-01", "--lang", "da", "--xlsx", str(path))
    rows = sheets(path)["Afviste rækker"]
    assert {"Række": 3, "Fil": "fixtures/allocation/bad/rows.csv", "Fejl": "vacancy: mangler"} in rows


def test_equal_agreements_give_equal_bytes(tmp_path, book):
    for name in ("one.xlsx", "two.xlsx"):
        write_agreements(open_agreements(book), None, book, tmp_path / name, "en")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_turns_and_entitlement_are_numbers_and_a_swap_is_outside_the_count(tmp_path):
    path = tmp_path / "desk.xlsx"
    ask("run", TABLE, "--on", "2026-01-01", "--lang", "en", "--xlsx", str(path))
    rows = {row["Dwelling"]: row for row in sheets(path)["Whose turn"]}
    assert (rows["L-006"]["Entitlement"], rows["L-006"]["Turns"], rows["L-006"]["Used"]) == (1.25, 1, 1)  # five quarters, L-004 used
    assert (rows["L-005"]["Whose turn"], rows["L-005"]["Entitlement"]) == ("outside the count", None)
    (account, _) = sheets(path)["Account"]
    assert (account["Entitlement"], account["Used of counted"], account["Vacancy rent"]) == (4, 0.125, 24532.58)


def test_terms_beside_the_count_stand_among_what_the_answers_rest_on(tmp_path):
    table, path = tmp_path / "v.csv", tmp_path / "desk.xlsx"
    table.write_text("vacancy,municipality,organisation,kind,vacant_from\n1,Lyngsund,Lyngsund Almene,family,2026-01-01\n", encoding="utf-8")
    ask("account", str(table), "--on", "2026-02-01", "--lang", "en", "--xlsx", str(path))
    rests = {row["What"]: row["Says"] for row in sheets(path)["Assumptions"]}
    assert rests["Notice to end"].startswith("digtet-lyngsund: 12 months; notice given has no effect here")
    assert "calendar days" in rests["Time to answer"] or "weekdays" in rests["Time to answer"]
