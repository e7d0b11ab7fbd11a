"""The commands and their help. Everything heavy is imported when a command runs, so that ``--help`` is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .allocate_app import allocate
from .common import JsonOption, KnownOption, LangOption, OnOption, OverlayOption, RulesOption
from .help import Bilingual
from .ledger import ledger
from .letter_app import letter

app = typer.Typer(
    name="subsidyengine", cls=Bilingual, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Decisions and timelines for housing of people in homelessness, from rules kept as data.",
    epilog="Example:  subsidyengine decide case.yaml --on 2026-03-01",
)  # fmt: skip
rules = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Read, check and test the rulebook.")
facts = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The words of a case file.")
app.add_typer(rules, name="rules")
app.add_typer(facts, name="facts")
app.add_typer(allocate, name="allocate")
app.add_typer(ledger, name="ledger")
app.add_typer(letter, name="letter")

PathsArgument = Annotated[list[str], typer.Argument(help="Case files, tables or folders; - for standard input.", metavar="PATH...")]
SchemeOption = Annotated[list[str] | None, typer.Option("--scheme", metavar="ID", help="Only this scheme (may be given several times).")]


@app.callback(invoke_without_command=True)
def top(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    """Entry point."""
    if version:
        from .. import __version__

        print(__version__)
        raise typer.Exit


@app.command(epilog="Examples:  subsidyengine decide cases/ --scheme transitional.subsidy  |  subsidyengine decide - --json < cases.ndjson")
def decide(
    paths: PathsArgument, on: OnOption = None, known: KnownOption = None, scheme: SchemeOption = None,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
    why: Annotated[bool, typer.Option("--why", help="Show each condition's formula with the values it read.")] = False,
) -> None:  # fmt: skip
    """Decide cases: the answer in one sentence, each finding with its provision, what is open, and the dates."""
    from .decide import run_decide

    run_decide(paths, on, known, scheme or [], lang, json, rules, overlay, why)


@app.command(epilog="Examples:  subsidyengine timeline case.yaml  |  subsidyengine timeline case.yaml --ics expiries.ics")
def timeline(
    paths: PathsArgument, on: OnOption = None, known: KnownOption = None, scheme: SchemeOption = None,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write the events as a calendar file.")] = None,
) -> None:  # fmt: skip
    """Show when the answer of a case changes, and the days that matter."""
    from .timeline import run_timeline

    run_timeline(paths, on, known, scheme or [], lang, json, rules, overlay, ics)


@app.command(epilog="Example:  subsidyengine demo --lang en")
def demo(lang: LangOption = None, json: JsonOption = False) -> None:
    """Decide the cases that come with the program, one of every kind."""
    from .demo import run_demo

    run_demo(lang, json)


@rules.command("list")
def rules_list(lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None) -> None:
    """List the schemes of the rulebook."""
    from .rules import run_list

    run_list(lang, json, rules, overlay)


@rules.command("show", epilog="Example:  subsidyengine rules show transitional.subsidy --on 2023-05-01 --lang da")
def rules_show(
    scheme: Annotated[str, typer.Argument(help="Scheme id, e.g. transitional.subsidy.")],
    on: OnOption = None, known: KnownOption = None, lang: LangOption = None, json: JsonOption = False,
    rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Print one day's law as readable text, with citations."""
    from .rules import run_show

    run_show(scheme, on, known, lang, json, rules, overlay)


@rules.command("check", epilog="Example:  subsidyengine rules check --rules my-rules/")
def rules_check(lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None) -> None:
    """Report every problem of a rulebook, with file and line."""
    from .rules import run_check

    run_check(lang, json, rules, overlay)


@rules.command("test", epilog="Example:  subsidyengine rules test transitional.subsidy --coverage")
def rules_test(
    scheme: Annotated[list[str] | None, typer.Argument(help="Schemes to test (default: all).")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="Show which condition versions lack a case.")] = False,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None,
) -> None:  # fmt: skip
    """Run the worked cases that stand beside the rules."""
    from .rules import run_test

    run_test(scheme or [], coverage, lang, json, rules)


@rules.command("docs", epilog="Example:  subsidyengine rules docs --out handbook/ --lang da")
def rules_docs(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to.")],
    lang: LangOption = None, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Write the rulebook as a handbook (Markdown); both languages unless --lang is given."""
    from .rules import run_docs

    run_docs(out, lang, rules, overlay)


@facts.command("schema")
def facts_schema(lang: LangOption = None, rules: RulesOption = None) -> None:
    """Print the JSON Schema of a case file; its texts are in both languages unless --lang is given."""
    from .facts import run_schema

    run_schema(lang, rules)


@facts.command("explain", epilog="Example:  subsidyengine facts explain lease.rent")
def facts_explain(
    name: Annotated[str, typer.Argument(help="A fact, e.g. lease.rent; or a group, e.g. lease.")],
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None,
) -> None:  # fmt: skip
    """Say what a fact means, how it is written and which rules read it."""
    from .facts import run_explain

    run_explain(name, lang, json, rules)
