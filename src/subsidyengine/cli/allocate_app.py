"""The commands of the allocation desk and their help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..words import say
from .common import JsonOption, KnownOption, LangOption, OnOption, OverlayOption, RulesOption

allocate = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Whose turn is a vacancy, and what does it cost?")

VacanciesArgument = Annotated[list[str], typer.Argument(help="Tables of vacancies: .csv, .xlsx or .parquet.", metavar="VACANCIES...")]
AgreementsOption = Annotated[
    list[Path] | None,
    typer.Option("--agreements", metavar="PATH", help="More agreements: a file or a folder (may be given several times)."),
]
AgreementOption = Annotated[str | None, typer.Option("--agreement", metavar="ID", help="Use this agreement for every vacancy.")]


def parse_workbook(text: str) -> Path:
    """The file of a workbook; typer shows the message when its name is none of a workbook."""
    if not text.lower().endswith(".xlsx"):
        raise typer.BadParameter(say("'{given}' is no workbook; name it as desk.xlsx", given=text))
    return Path(text)


XlsxOption = Annotated[
    Path | None, typer.Option("--xlsx", parser=parse_workbook, metavar="FILE", help="Write an Excel workbook too (.xlsx).")
]


class Passing(StrEnum):
    used = "used"
    kept = "kept"
    carried = "carried"


class Position(StrEnum):
    first = "first"
    last = "last"


class Unit(StrEnum):
    department = "department"
    organisation = "organisation"
    municipality = "municipality"


class Outside(StrEnum):
    not_counted = "not_counted"
    waits = "waits"


class Counted(StrEnum):
    counted = "counted"
    not_counted = "not_counted"


@allocate.command(
    "run", epilog="Examples:  subsidyengine allocate run vacancies.csv  |  subsidyengine allocate run now.csv --before last-week.csv"
)
def allocate_run(
    vacancies: VacanciesArgument, on: OnOption = None, known: KnownOption = None,
    agreements: AgreementsOption = None, agreement: AgreementOption = None, xlsx: XlsxOption = None,
    before: Annotated[
        list[str] | None, typer.Option("--before", metavar="TABLE", help="Show only what has changed since this table.")
    ] = None,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Whose turn each vacancy is, why, what it costs, and what the answer leans on."""
    from .allocate import Setup, run_run

    run_run(Setup(vacancies, on, known, lang, json, rules, overlay, agreements, agreement), xlsx, before)


@allocate.command("account", epilog="Example:  subsidyengine allocate account vacancies.csv --chart account.svg")
def allocate_account(
    vacancies: VacanciesArgument, on: OnOption = None, known: KnownOption = None,
    agreements: AgreementsOption = None, agreement: AgreementOption = None, xlsx: XlsxOption = None,
    chart: Annotated[Path | None, typer.Option("--chart", metavar="FILE", help="Draw the running account (.svg, .png or .html).")] = None,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """The running account of each right: counted, earned, used, lost, unused, and the rent of empty dwellings."""
    from .allocate import Setup, run_account

    run_account(Setup(vacancies, on, known, lang, json, rules, overlay, agreements, agreement), xlsx, chart)


@allocate.command("whatif", epilog="Examples:  subsidyengine allocate whatif vacancies.csv --share 1/3 --rent 4000..6000  |  "
                  "subsidyengine allocate whatif vacancies.csv --passing carried --at-most 2")  # fmt: skip
def allocate_whatif(
    vacancies: VacanciesArgument,
    share: Annotated[str | None, typer.Option("--share", metavar="SHARE", help="The municipality's share, as 1/3, 0.25 or 25%.")] = None,
    rent: Annotated[str | None, typer.Option("--rent", metavar="FROM..TO", help="Only dwellings with such a rent, as 4000..6000.")] = None,
    passing: Annotated[Passing | None, typer.Option("--passing", "--pass", help="Does a pass use the turn?")] = None,
    at_most: Annotated[int | None, typer.Option("--at-most", min=0, help="With carried: how many turns may stand over.")] = None,
    position: Annotated[Position | None, typer.Option("--position", help="Which dwelling of a cycle is the municipality's?")] = None,
    unit: Annotated[Unit | None, typer.Option("--unit", help="What is counted together?")] = None,
    outside: Annotated[Outside | None, typer.Option("--outside", help="Does a dwelling outside the span of rents count?")] = None,
    internal_moves: Annotated[Counted | None, typer.Option("--internal-moves", help="Do internal moves count?")] = None,
    new_buildings: Annotated[Counted | None, typer.Option("--new-buildings", help="Do new buildings count?")] = None,
    days: Annotated[
        int | None, typer.Option("--vacancy-days", min=0, max=3660, help="Days without a tenant (default: the median).")
    ] = None,
    on: OnOption = None, agreements: AgreementsOption = None, agreement: AgreementOption = None, xlsx: XlsxOption = None,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Replay the vacancies under other terms: how many dwellings more, at which rents, at what vacancy rent."""
    from .allocate import Setup, run_whatif

    other = {
        "passing": passing, "position": position, "unit": unit, "outside_limits": outside, "internal_moves": internal_moves,
        "new_buildings": new_buildings,
    }  # fmt: skip
    words = {name: None if value is None else value.value for name, value in other.items()}
    run_whatif(Setup(vacancies, on, None, lang, json, rules, overlay, agreements, agreement), share, rent, days, words, at_most, xlsx)


@allocate.command("propose", epilog="Example:  subsidyengine allocate propose household.yaml vacancies.csv")
def allocate_propose(
    household: Annotated[str, typer.Argument(help="A case file with the household's facts; - for standard input.", metavar="HOUSEHOLD")],
    vacancies: VacanciesArgument, on: OnOption = None, known: KnownOption = None,
    agreements: AgreementsOption = None, agreement: AgreementOption = None, xlsx: XlsxOption = None,
    lang: LangOption = None, json: JsonOption = False, rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Which vacancies on offer may lawfully be offered to a household, and can it pay the rent? Ranks nothing, decides nobody."""
    from .allocate import Setup, run_propose

    run_propose(Setup(vacancies, on, known, lang, json, rules, overlay, agreements, agreement), household, xlsx)


@allocate.command("agreements", epilog="Examples:  subsidyengine allocate agreements  |  subsidyengine allocate agreements digtet-lyngsund")
def allocate_agreements(
    agreement: Annotated[str | None, typer.Argument(help="An agreement, e.g. digtet-lyngsund (default: list them).", metavar="ID")] = None,
    agreements: AgreementsOption = None, xlsx: XlsxOption = None, lang: LangOption = None, json: JsonOption = False,
    rules: RulesOption = None, overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Which letting agreements there are; of one: its rights in order, how it counts, and what is not settled or not known."""
    from .agreements import run_agreements

    run_agreements(agreement, lang, json, agreements or [], rules, overlay, xlsx)
