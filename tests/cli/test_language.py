"""Every page of help, error and summary in the language asked for: by ``--lang``, else by the locale."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from subsidyengine.cli.app import app
from subsidyengine.cli.common import speak
from subsidyengine.cli.demo import _summary
from subsidyengine.cli.render import Page

ROOT = Path(__file__).parents[2]
GOOD, BAD = "fixtures/cases/transitional-subsidy-rent-rises.yaml", "fixtures/bad/yes-instead-of-true.yaml"
#: English words that no Danish help may hold. Names of options, facts and files stay as they are.
ENGLISH = re.compile(r"\b(the|of|and|with|Usage|Options|Commands|Arguments|Show|Write|Print|required|default|Example)\b")


def run(*args: str, locale: str = "C"):
    """A command line in the top folder of the project, in a locale."""
    blank = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "TERMINAL_WIDTH"))
    return CliRunner().invoke(app, list(args), env={**blank, "LANG": locale, "COLUMNS": "80"})


def pages(command, path: tuple[str, ...] = ()):
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from pages(inner, (*path, name))


PAGES = list(pages(typer.main.get_command(app)))


@pytest.fixture(autouse=True)
def top_folder(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: " ".join(path) or "top")
def test_help_in_both_languages(path, snapshot):
    danish, english = (run(*path, "--help", "--lang", lang) for lang in ("da", "en"))
    assert (danish.exit_code, english.exit_code) == (0, 0)
    assert danish.stdout == snapshot(name="da")
    assert english.stdout == snapshot(name="en")
    assert ENGLISH.search(danish.stdout) is None
    assert danish.stdout.startswith("Brug: ")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_example_stands_on_one_line(lang):
    for path in PAGES:
        lines = run(*path, "--help", "--lang", lang).stdout.splitlines()
        for number, line in enumerate(lines):
            if re.match(r"  (Examples?|Eksempe(l|ler)):", line):
                examples = [line.partition(":")[2].strip()] if line.rstrip()[-1] != ":" else lines[number + 1 :]
                assert all(e.strip().startswith("subsidyengine ") for e in examples if e.strip()), lines[number:]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: " ".join(path) or "top")
def test_help_follows_the_locale_and_lang_goes_first(path):
    danish, english = (run(*path, "--help", "--lang", lang).stdout for lang in ("da", "en"))
    assert run(*path, "--help", locale="da_DK.UTF-8").stdout == danish
    assert run(*path, "--help", locale="en_GB.UTF-8").stdout == english
    assert run(*path, "--lang=en", "--help", locale="da_DK.UTF-8").stdout == english


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["decide"], "Fejl: Argumentet 'STI...' mangler."),
        (["decide", "--nu", GOOD], "Fejl: Der er intet tilvalg --nu (mulige: --json, --lang, --on)"),
        (["decide", "--onn", "2026-01-01", GOOD], "Fejl: Der er intet tilvalg --onn (mulige: --json, --known, --on)"),
        (["decide", "--on"], "Fejl: Tilvalget '--on' skal have en værdi."),
        (["decide", "--why=ja", GOOD], "Fejl: Tilvalget '--why' tager ingen værdi."),
        (["decide", "--on", "1. marts", GOOD], "Fejl: Ugyldig værdi for '--on': '1. marts' er ikke en dato; skriv den som 2026-03-01"),
        (["decide", "--lang", "sv", GOOD], "Fejl: Ugyldig værdi for '--lang': 'sv' er ikke en af 'da', 'en'."),
        (["rules", "docs"], "Fejl: Tilvalget '--out' mangler."),
        (["rules", "show", "a", "b"], "Fejl: For mange argumenter (b)"),
        (["ruls"], "Fejl: Der er ingen kommando 'ruls'. Mente du 'rules'?"),
        (["xyzzy"], "Fejl: Der er ingen kommando 'xyzzy'."),
    ],
)
def test_usage_errors_in_danish(args, said):
    result = run(*args, locale="da_DK.UTF-8")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == said
    assert result.stdout == ""
    in_english = run(*args)
    assert (in_english.exit_code, in_english.stderr.splitlines()[-1][:7]) == (2, "Error: ")


def test_a_usage_error_says_how_the_command_is_called_and_where_help_is():
    lines = run("decide", locale="da_DK.UTF-8").stderr.splitlines()
    assert lines[0].startswith("Brug: ")
    assert lines[1].startswith("Prøv '")
    assert lines[1].endswith(" --help' for hjælp.")


def test_without_a_command_the_help_is_shown():
    result = run("rules", locale="da_DK.UTF-8")
    assert result.exit_code == 2
    assert "Læs, kontrollér og afprøv regelsamlingen." in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("args", "danish", "english"),
    [
        (["decide", BAD], "1 af 1 sager kunne ikke bruges", "1 of 1 cases could not be used"),
        (["timeline", BAD], "skriv true uden anførselstegn", "write true, without quotes"),
        (["decide", "-"], "<stdin>: ingen sag i denne fil", "<stdin>: no case in this file"),
        (["decide", "--scheme", "x", GOOD], "ukendt ordning 'x'", "unknown scheme 'x'"),
        (["rules", "show", "area.stats"], "ukendt ordning 'area.stats' - mente du 'area.status'?", "did you mean 'area.status'?"),
        (["facts", "explain", "lease.rnt"], "ukendt oplysning 'lease.rnt' - mente du 'lease.rent'?", "unknown fact 'lease.rnt'"),
        (["rules", "check", "--rules", "docs"], "ingen regelfiler (*.yaml) i denne mappe", "no rule files (*.yaml) in this folder"),
        (["rules", "check", "--rules", "docs"], "regelsamlingen har én fejl", "the rulebook has one problem"),
        (["rules", "test", "--rules", "docs"], "regelsamlingen har én fejl", "the rulebook has one problem"),
        (["rules", "list", "--rules", "docs"], "regelsamlingen har én fejl", "the rulebook has one problem"),
        (["rules", "docs", "--out", "README.md"], "README.md/da: kan ikke skrives: ", "README.md/da: cannot be written: "),
    ],
)
def test_unusable_input_is_told_in_the_language_of_the_locale(args, danish, english):
    for locale, said in (("da_DK.UTF-8", danish), ("C.UTF-8", english)):
        result = run(*args, locale=locale)
        assert result.exit_code == 2
        assert said in result.stderr + result.stdout


@pytest.mark.parametrize(
    ("args", "code", "danish", "english"),
    [
        (["check"], 0, "i orden: 3 ordninger", "sound: 3 schemes"),
        (["list"], 0, "afgøres af", "decided by"),
        (["list"], 0, "3 ordninger, ", "3 schemes, "),
        (["test"], 0, "0 gennemregnede sager, 0 afviger", "0 worked cases, 0 differ"),
        (["test", "--coverage"], 1, "dækning: 0 af ", "coverage: 0 of "),
        (
            ["test", "--coverage"],
            1,
            "home.way needy: ingen sag viser udfaldet met, not_met",
            "home.way needy: no case shows it met, not_met",
        ),
    ],
)
def test_summaries_are_in_the_language_asked_for(args, code, danish, english):
    """On a small rulebook of the tests, which has no worked cases."""
    for lang, said in (("da", danish), ("en", english)):
        result = run("rules", *args, "--rules", "tests/rulebook/rulebooks/sound", "--lang", lang)
        assert result.exit_code == code
        assert said in result.stdout


@pytest.mark.parametrize(
    ("lang", "head", "foot"),
    [
        ("da", "ordning  ja  nej  kan ikke afgøres endnu", "3 sager, 3 afgørelser"),
        ("en", "scheme  granted  refused  undetermined", "3 cases, 3 decisions"),
    ],
)
def test_the_table_of_the_demo(lang, head, foot):
    out = StringIO()
    speak(lang)
    _summary(Page(Console(file=out, width=100), lang), {("a.b", "granted"): 2, ("a.b", "refused"): 1}, 3)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines[0] == head
    assert lines[1].split() == ["a.b", "2", "1", "0"]
    assert lines[2] == foot


def test_problems_as_json_keep_their_code_and_speak_the_language():
    danish, english = (run("rules", "check", "--rules", "docs", "--json", "--lang", lang).stdout for lang in ("da", "en"))
    assert '"code": "Y_SYNTAX"' in danish
    assert '"message": "ingen regelfiler (*.yaml) i denne mappe"' in danish
    assert '"message": "no rule files (*.yaml) in this folder"' in english


def test_the_schema_of_a_case_file_in_one_language_or_in_both():
    both, danish, english = (run("facts", "schema", *lang).stdout for lang in ((), ("--lang", "da"), ("--lang", "en")))
    assert "Sagens id, aldrig et CPR-nummer / id of the case, never a CPR number" in both
    assert "Sagens id, aldrig et CPR-nummer" in danish
    assert "never a CPR number" not in danish
    assert "id of the case, never a CPR number" in english
    assert "aldrig" not in english.replace('"x-', "")[: english.index('"$defs"')]
