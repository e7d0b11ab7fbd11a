"""The commands and their help. Everything heavy is imported when a command runs, so that ``--help`` is quick."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ..words import say
from .allocate_app import allocate
from .common import (
    UNUSABLE,
    JsonOption,
    KnownOption,
    LangOption,
    OnOption,
    OverlayOption,
    RulesOption,
    fail,
    parse_day,
    parse_month,
)
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
portfolio = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Thousands of cases at once, as tables.")
app.add_typer(rules, name="rules")
app.add_typer(facts, name="facts")
app.add_typer(allocate, name="allocate")
app.add_typer(ledger, name="ledger")
app.add_typer(letter, name="letter")
app.add_typer(portfolio, name="portfolio")
fixtures = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Invented data to try the program on.")
app.add_typer(fixtures, name="fixtures")

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


@portfolio.command(
    "decide", epilog="Example:  subsidyengine portfolio decide leases.parquet rents.csv --out answers.parquet --scheme transitional.subsidy"
)
def portfolio_decide(
    paths: Annotated[list[Path], typer.Argument(help="A table of cases, and long tables (case, fact, from, value).", metavar="IN...")],
    out: Annotated[Path, typer.Option("--out", metavar="OUT", help="A .parquet, .csv, .xlsx or .duckdb file, or a folder.")],
    scheme: SchemeOption = None, on: OnOption = None, known: KnownOption = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Leave out what is open; faster.")] = False,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Decide a whole table at once: outcome, findings, amount and period as columns; bad rows go to a file of rejects."""
    from .portfolio import run_decide

    run_decide(paths, out, scheme or [], on, known, not no_open, lang, json, rules, overlay)


@app.command(epilog="Example:  subsidyengine forecast leases.csv facts.csv --from 2026-01 --months 48 --xlsx forecast.xlsx --lang da")
def forecast(
    paths: Annotated[list[Path], typer.Argument(help="A table of leases, and long tables of dated facts.", metavar="LEASES...")],
    first: Annotated[date, typer.Option("--from", parser=parse_month, metavar="MONTH", help="The first month, such as 2026-01.")],
    months: Annotated[int, typer.Option("--months", min=1, max=600, help="How many months.")] = 48,
    part_months: Annotated[str, typer.Option("--part-months", help="How a part of a month is reckoned: days, or first-day.")] = "days",
    prices: Annotated[list[str] | None, typer.Option("--prices", metavar="YEAR=PCT", help="Growth of prices, such as 2027=3.1.")] = None,
    within: Annotated[int, typer.Option("--within", min=1, help="List what runs out within so many months.")] = 3,
    scenario: Annotated[list[Path] | None, typer.Option(
        "--scenario", "--scenarios", metavar="PATH", help="Reckon these scenarios too: a file, a table, a sweep or a folder."
    )] = None,
    scenarios_out: Annotated[Path | None, typer.Option(
        "--scenarios-out", metavar="FILE", help="Write a row for each scenario and month."
    )] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook.")] = None,
    charts: Annotated[Path | None, typer.Option("--charts", metavar="DIR", help="Write charts.")] = None,
    chart_kind: Annotated[str, typer.Option("--chart-kind", help="svg, png or html.")] = "svg",
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write the expiries as a calendar file.")] = None,
    parquet: Annotated[Path | None, typer.Option("--parquet", metavar="FILE", help="Write the months as Parquet.")] = None,
    lists: Annotated[Path | None, typer.Option("--lists", metavar="FILE", help="Write all lists: .parquet, .csv, .xlsx, .duckdb.")] = None,
    sort: Annotated[str, typer.Option("--sort", help="Order of the lists: day, amount, case, or a place.")] = "day",
    monthly: Annotated[bool, typer.Option("--monthly", help="Show every month.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Split the budget by municipality, organisation or department.")] = None,
    known: KnownOption = None, lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """What the rent refunds of a portfolio cost month by month, what is owed to landlords beside them, and what falls away when."""
    from .forecast import Outputs, Shown, run_forecast

    outputs = Outputs(xlsx, charts, chart_kind, ics, parquet, lists, scenarios_out)
    shown = Shown(within, sort, by, monthly)
    run_forecast(paths, first, months, part_months, prices or [], shown, scenario or [], outputs, known, lang, json, rules, overlay)


@fixtures.command("portfolio", epilog="Example:  subsidyengine fixtures portfolio --leases 500 --seed 7 --out portfolio/")
def fixtures_portfolio(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for leases.csv and facts.csv.")] = Path("portfolio"),
    leases: Annotated[int, typer.Option("--leases", min=1, help="How many leases.")] = 500,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same leases.")] = 7,
) -> None:
    """Write invented leases, the same for the same seed, with gaps and errors at stated rates."""
    from ..portfolio.synthetic import write

    if out.exists() and not out.is_dir():
        fail(say("{file}: is no folder", file=out), UNUSABLE)
    for file in write(out, leases, seed):
        print(file)


@app.command(epilog="Example:  subsidyengine impact leases.csv facts.csv --on 2026-03-01 --scenario three-years.yaml")
def impact(
    paths: Annotated[list[Path], typer.Argument(help="A table with a case a row, and long tables of dated facts.", metavar="IN...")],
    on: Annotated[date, typer.Option("--on", parser=parse_day, metavar="DAY", help="The day to decide for.")],
    scheme: Annotated[str, typer.Option("--scheme", metavar="ID", help="The scheme.")] = "transitional.subsidy",
    to_on: Annotated[date | None, typer.Option("--to-on", parser=parse_day, metavar="DAY", help="Compare with this day.")] = None,
    to_rules: Annotated[Path | None, typer.Option("--to-rules", metavar="DIR", help="Compare with the rulebook in this folder.")] = None,
    to_overlay: Annotated[list[Path] | None, typer.Option("--to-overlay", metavar="DIR", help="Compare with these overlays.")] = None,
    scenario: Annotated[Path | None, typer.Option("--scenario", metavar="FILE", help="Compare with the rates of this scenario.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write a row for each case.")] = None,
    known: KnownOption = None, lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Whose answer changes between two rulebooks, or two days of law, and by how much; ten typical cases explained."""
    from .impact import Against, run_impact

    run_impact(paths, scheme, on, Against(to_on, to_rules, to_overlay, scenario), out, known, lang, json, rules, overlay)
