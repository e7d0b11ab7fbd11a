"""What a reader is shown of an agreement, in both languages, in a terminal and as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer

from subsidyengine.allocation import catalogue
from subsidyengine.allocation.catalogue import described, listed
from subsidyengine.allocation.load import open_agreements
from subsidyengine.cli.agreements import run_agreements
from subsidyengine.cli.common import Language
from subsidyengine.rulebook import shipped_folder

SHOWN = [
    "koebenhavn-akb-sab",
    "koebenhavn-bl1-2024",
    "digtet-fjordkoebing",
    "digtet-lyngsund",
    "digtet-birkevang-bestemte",
    "statute-private",
]


@pytest.fixture(scope="module")
def shipped(book):
    return open_agreements(book)


def shown(capsys, *args, lang="en", as_json=False, paths=(), rules=None):
    run_agreements(args[0] if args else None, Language(lang), as_json, list(paths), rules, None)
    out = capsys.readouterr().out
    return "\n".join(line.rstrip() for line in re.sub(r"sha256:[0-9a-f]{12}", "sha256:...", out).splitlines())


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_list(lang, capsys, snapshot):
    assert shown(capsys, lang=lang) == snapshot


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", SHOWN)
def test_one_agreement(name, lang, capsys, snapshot):
    assert shown(capsys, name, lang=lang) == snapshot


def test_json_is_a_document_an_agreement(capsys, shipped):
    rows = [json.loads(line) for line in shown(capsys, as_json=True).splitlines()]
    assert [row["agreement"] for row in rows[:2]] == ["statute-social", "statute-private"]
    assert {row["agreement"] for row in rows[2:]} == shipped.terms.keys()
    one = json.loads(shown(capsys, "digtet-birkevang-hver-fjerde", as_json=True))
    assert one["compensation"]["per_dwelling"] == "28000.00"
    assert one["answer"]["days"] == 7
    assert one["rights"][0]["shares"] == [{"share": "1/4", "departments": [], "from": None, "until": None}]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_everything_that_is_open_says_why(book, shipped, lang):
    for found in catalogue.shown(shipped, None, book, lang):
        name = found["agreement"]
        for part in (*found["parameters"], *found["exempt"]):
            assert part["settled"] or part["why"], f"{name} {part}"
        for right in found["rights"]:
            assert right["why"] or all(step["share"] for step in right["shares"]), f"{name} {right['right']}"
            assert right["cite"]
            assert right["certainty"] in ("text", "secondary", "inferred", "unknown")


def test_both_languages_have_the_same_parts(book, shipped):
    for terms in shipped.terms.values():
        da, en = described(terms, book, "da"), described(terms, book, "en")
        assert da.keys() == en.keys()
        assert len(da["not_known"]) == len(en["not_known"])
    assert [row["agreement"] for row in listed(shipped, "da")] == [row["agreement"] for row in listed(shipped, "en")]


def test_a_parameter_says_who_gives_it(book, shipped):
    (found,) = catalogue.shown(shipped, "digtet-birkevang-bestemte", book, "en")
    given = {p["parameter"]: (p["given_by"], p["settled"]) for p in found["parameters"]}
    assert given["passing"] == ("agreement", True)
    assert given["silence"] == ("statute", True)
    assert given["outside_limits"] == ("statute", False)


def test_an_agreement_that_is_replaced_says_by_which(read, sound, book):
    whole = sound["social"].replace(
        "municipality: Prøveby\norganisations: [Bolig A]", "municipality: Helsingør\nreplaces: [helsingoer-2022]"
    )
    agreements, _ = read({"whole": whole})
    row = next(row for row in listed(agreements, "en") if row["agreement"] == "helsingoer-2022")
    for found in (row, *catalogue.shown(agreements, "helsingoer-2022", book, "en")):
        assert (found["applies"], found["applies_says"]) == ("replaced", "only where named (social stands instead)")


def test_a_spread_is_described(read, sound, book):
    agreements, _ = read(sound)
    found = described(agreements.terms["spread"], book, "en")["spread"]
    assert (
        found["says"] == "decided on 2024-03-01 for Bolig D; 501 of 1000 family dwellings are covered; reviewed by 2028-03-01 at the latest"
    )


def test_an_unknown_agreement_answers_with_the_near_one(capsys):
    with pytest.raises(typer.Exit) as stop:
        run_agreements("helsingor-2022", Language("en"), False, [], None, None)
    assert stop.value.exit_code == 2
    assert capsys.readouterr().err == "subsidyengine: unknown agreement 'helsingor-2022' - did you mean 'helsingoer-2022'?\n"


def test_a_file_beside_the_shipped_ones(capsys, tmp_path, sound):
    path = tmp_path / "vores.yaml"
    path.write_text(sound["social"], encoding="utf-8")
    assert "Prøveby" in shown(capsys, "social", paths=[path])


def test_bad_files_are_told_with_every_problem(capsys, tmp_path, sound, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(sound["social"].replace("2027-12-31", "2023-12-31"), encoding="utf-8")
    Path("b.yaml").write_text(sound["council"].replace("1/4", "1/3"), encoding="utf-8")
    with pytest.raises(typer.Exit) as stop:
        run_agreements(None, Language("en"), False, [Path("a.yaml"), Path("b.yaml")], None, None)
    assert stop.value.exit_code == 2
    assert capsys.readouterr().err.splitlines() == [
        "a.yaml:8:1 A_DAYS 'until' (2023-12-31) lies before 'from' (2024-01-01)",
        "b.yaml:10:45 A_CEILING municipal: a share of 1/3 is above 1/4, the most that section_59_1 allows (almenboligloven § 59 stk. 1)",
        "subsidyengine: the agreements have 2 problems",
    ]


def test_a_rulebook_folder_brings_its_own_agreements(capsys, tmp_path):
    from shutil import copytree, rmtree

    rules = tmp_path / "rules"
    copytree(shipped_folder(), rules)
    for path in (rules / "agreements").glob("*-*.yaml"):
        if not path.name.startswith("statute-"):
            path.unlink()
    rows = shown(capsys, as_json=True, rules=rules).splitlines()
    assert [json.loads(row)["agreement"] for row in rows] == ["statute-social", "statute-private", "aalborg", "odense", "roskilde"]
    rmtree(rules / "agreements")
    assert len(shown(capsys, as_json=True, rules=rules).splitlines()) > 20


def test_rules_check_reads_the_agreements(capsys, tmp_path):
    from shutil import copytree

    from subsidyengine.cli.rules import run_check

    rules = tmp_path / "rules"
    copytree(shipped_folder(), rules)
    run_check(Language("en"), False, rules, None)
    assert " 27 agreements, sha256:" in capsys.readouterr().out
    path = rules / "agreements" / "holbaek-1999.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("share: 1/4", "share: 5/4"), encoding="utf-8")
    with pytest.raises(typer.Exit) as stop:
        run_check(Language("en"), True, rules, None)
    assert stop.value.exit_code == 2
    assert json.loads(capsys.readouterr().out)["file"] == "agreements/holbaek-1999.yaml"
