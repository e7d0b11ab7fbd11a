"""`subsidyengine forecast`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from ..words import say
from .common import UNUSABLE, Language, console, fail, language, one_of, rulebook
from .forecast_beside import SORTS, document, ordered, show_budget, show_falling, show_lines, show_months
from .portfolio import need, tell_rejects, watched

if TYPE_CHECKING:
    from ..portfolio.forecast import Forecast


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files to write beside what is shown."""

    xlsx: Path | None
    charts: Path | None
    chart_kind: str
    ics: Path | None
    parquet: Path | None
    lists: Path | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of it: lists of so many months in this order, the budget split by a dimension, each month."""

    within: int
    sort: str
    by: str | None
    monthly: bool


def run_forecast(
    paths: list[Path], first: date, months: int, part_months: str, prices: list[str], shown: Shown, scenarios: list[Path],
    outputs: Outputs, known: date | None,
    lang: Language | None, as_json: bool, rules: Path | None, overlay: list[Path] | None,
) -> None:  # fmt: skip
    """Forecast, write the files asked for, and show the years and what runs out first."""
    need("portfolio", "ibis", "duckdb", "pyarrow")
    if outputs.xlsx:
        need("excel", "xlsxwriter")
    if outputs.charts:
        need("charts", "altair", "vl_convert")
        one_of(outputs.chart_kind, ["svg", "png", "html"], say("kind of chart"))
    one_of(part_months, ["days", "first-day"], say("way to reckon a part of a month"))
    one_of(shown.sort, list(SORTS), say("order"))
    if shown.by:
        one_of(shown.by, ["municipality", "organisation", "department"], say("way to split"))
    if outputs.lists and outputs.lists.suffix.lower() not in (".parquet", ".csv", ".xlsx", ".duckdb", ".db"):
        fail(
            say("{file}: cannot write files of this kind; use {kinds}", file=outputs.lists, kinds=".parquet, .csv, .xlsx, .duckdb"),
            UNUSABLE,
        )
    growth = _growth(prices)
    book = rulebook(rules, overlay).as_known(known)
    from ..portfolio import SourceError
    from ..portfolio.exits import TooManyCases
    from ..portfolio.forecast import forecast
    from ..portfolio.months import Horizon, PartMonths
    from ..portfolio.scenario import ScenarioError, read_scenario

    try:
        read = [read_scenario(path, book) for path in scenarios]
        with watched() as progress:
            found = forecast(paths, book, Horizon(first, months), cast(PartMonths, part_months), growth, known, read, progress)
    except (SourceError, ScenarioError, TooManyCases) as error:
        fail(str(error), UNUSABLE)
    words = language(lang)
    _write(found, outputs, words)
    if as_json:
        print(json.dumps(_document(found, shown), ensure_ascii=False))
    else:
        _show(found, shown, words)
    tell_rejects(found.rejects, None)


def _growth(prices: list[str]) -> Mapping[int, Decimal]:
    found = {}
    for item in prices:
        year, _, share = item.partition("=")
        try:
            found[int(year)] = Decimal(share) / 100
        except (ValueError, InvalidOperation):
            fail(say("'{given}' is no growth of a year; write it as 2027=3.1", given=item), UNUSABLE)
    return found


def _write(found: Forecast, outputs: Outputs, lang: Literal["da", "en"]) -> None:
    if outputs.xlsx:
        from ..portfolio.workbook import write_workbook

        write_workbook(found, outputs.xlsx, lang)
    if outputs.charts:
        from ..portfolio.charts import write_charts

        write_charts(found, outputs.charts, f".{outputs.chart_kind}", lang)
    if outputs.ics:
        from ..portfolio.calendar_file import expiry_calendar

        outputs.ics.parent.mkdir(parents=True, exist_ok=True)
        outputs.ics.write_bytes(expiry_calendar(found, lang))
    if outputs.parquet:
        from ..portfolio.records import MONTHS, months_table
        from ..portfolio.run import write

        write(found.con, months_table(found), outputs.parquet, MONTHS)
    if outputs.lists:
        from ..portfolio.records import LISTED, listed_table
        from ..portfolio.run import finish, write

        write(found.con, listed_table(found, lang), outputs.lists, LISTED)
        finish(found.con, outputs.lists)


def _show(found: Forecast, shown: Shown, lang: Literal["da", "en"]) -> None:
    from rich.table import Table

    from ..portfolio.forecast import WITHIN
    from ..portfolio.words import WORDS, assumptions, money

    words, screen = WORDS[lang], console()
    screen.print(f"{found.title[lang]} · {found.horizon.first} - {found.horizon.last}", style="bold")
    names = ["year", "active", "ending", "cost", "open", *(["current"] if found.prices else [])]
    years = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        years.add_column(words[name], justify="right", no_wrap=True)
    for year, active, ending, cost, open_cost, current in found.years():
        cells = [str(year), str(active), str(ending), money(cost, lang), money(open_cost, lang)]
        years.add_row(*cells, *([money(current, lang)] if current is not None else []))
    rows, nothing = found.years(), Decimal(0)
    sums = [sum((row[3] for row in rows), nothing), sum((row[4] for row in rows), nothing)]
    if found.prices:
        sums.append(sum((row[5] or nothing for row in rows), nothing))
    years.add_row(words["in_all"], "", str(sum(row[2] for row in rows)), *(money(s, lang) for s in sums))
    screen.print(years)
    if shown.monthly:
        show_months(found, screen, lang)
    show_lines(found, screen, lang)
    screen.print(words["budget"], style="bold")
    show_budget(found, screen, lang, shown.by)
    if found.scenarios:
        screen.print(_scenarios(found, lang))
    for months in (m for m in WITHIN if m <= found.horizon.months):
        listed = found.within(months)
        screen.print(words["within"].format(months, len(listed), money(sum((e.amount for e in listed), Decimal(0)), lang)))
    listed = ordered(found.within(shown.within), shown.sort)
    if listed:
        table = Table(box=None, header_style="bold", pad_edge=False)
        for name in ("case", "municipality", "organisation", "department", "last_day", "amount", "outcome"):
            table.add_column(words[name], justify="right" if name == "amount" else "left", no_wrap=True)
        for item in listed:
            table.add_row(
                item.case,
                item.municipality,
                item.organisation,
                item.department,
                item.last_day.isoformat(),
                money(item.amount, lang),
                words[item.outcome],
            )
        screen.print(table)
        basis = found.expiry_basis()
        screen.print(f"{words['basis']}: {basis.cite} ({words[f'certainty.{basis.certainty}']})")
    show_falling(found, screen, lang, shown.within, shown.sort)
    screen.print(words["assumptions"], style="bold")
    for name, value, _ in assumptions(found, lang):
        screen.print(f"  {name}: {value}")


def _scenarios(found: Forecast, lang: Literal["da", "en"]) -> Any:
    """Each scenario beside the forecast, with the difference, and the band where tenants move out by chance."""
    from rich.table import Table

    from ..portfolio.words import WORDS, money

    words = WORDS[lang]
    base = {year: cost for year, _, _, cost, _, _ in found.years()}
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("scenario", "year", "cost", "difference", "band"):
        table.add_column(words[name], justify="left" if name == "scenario" else "right", no_wrap=True)
    for item in found.scenarios:
        for year, plain in base.items():
            band = item.bands.get(year)
            cost = band.mean if band else item.cost.get(year, Decimal(0))
            between = f"{money(band.low, lang)} - {money(band.high, lang)}" if band else ""
            table.add_row(item.scenario.name, str(year), money(cost, lang), money(cost - plain, lang), between)
    return table


def _document(found: Forecast, shown: Shown) -> dict[str, Any]:
    return {
        "scheme": found.scheme,
        "from": found.horizon.first.isoformat(),
        "months": found.horizon.months,
        "cases": found.cases,
        "without_cost": found.without,
        "lacking_amount": list(found.lacking),
        "rejects": len(found.rejects),
        "account": found.account.account if found.account else None,
        "part_months": found.part_months,
        "assumed": dict(found.assumed),
        "rulebook": found.rulebook.hash,
        "by_month": [
            {"month": f"{m.month:%Y-%m}", "active": m.active, "ending": m.ending, "cost": str(m.cost), "cost_open": str(m.open_cost)}
            for m in found.months
        ],
        "by_year": [
            {"year": y, "active": a, "ending": e, "cost": str(c), "cost_open": str(o), "current": None if p is None else str(p)}
            for y, a, e, c, o, p in found.years()
        ],
        "scenarios": [
            {
                "scenario": s.scenario.name,
                "rulebook": s.rulebook,
                "by_year": [
                    {
                        "year": y,
                        "cost": str(c),
                        "band": [str(s.bands[y].low), str(s.bands[y].high)] if y in s.bands else None,
                        "mean": str(s.bands[y].mean) if y in s.bands else None,
                    }
                    for y, c in s.cost.items()
                ],
            }
            for s in found.scenarios
        ],
        "expiries": [
            {
                "case": e.case,
                "municipality": e.municipality,
                "organisation": e.organisation,
                "department": e.department,
                "last_day": e.last_day.isoformat(),
                "amount": str(e.amount),
                "outcome": e.outcome,
            }
            for e in ordered(found.within(shown.within), shown.sort)
        ],
        **document(found, shown.sort),
    }
