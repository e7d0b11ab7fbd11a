"""`subsidyengine forecast`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from ..words import say
from .common import UNUSABLE, Language, console, fail, language, one_of, rulebook, spoken
from .forecast_beside import SORTS, document, ordered, show_budget, show_falling, show_lines, show_months
from .forecast_scenarios import scenario_document, scenario_tables
from .portfolio import TABLES, can_write, need, tell_nobody, tell_rejects, watched
from .tables import hang, put, table_of

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
    scenarios: Path | None


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
    if outputs.scenarios and not scenarios:
        fail(say("--scenarios-out writes scenarios: give some with --scenarios"), UNUSABLE)
    read = [*paths, *scenarios]
    can_write(outputs.xlsx, [".xlsx"], read)
    can_write(outputs.ics, [".ics"], read)
    for out in (outputs.parquet, outputs.lists, outputs.scenarios):
        can_write(out, TABLES, read)
    one_of(part_months, ["days", "first-day"], say("way to reckon a part of a month"))
    one_of(shown.sort, list(SORTS), say("order"))
    if shown.by:
        one_of(shown.by, ["municipality", "organisation", "department"], say("way to split"))
    growth = _growth(prices, first)
    book = rulebook(rules, overlay).as_known(known)
    from ..portfolio import SourceError
    from ..portfolio.forecast import forecast
    from ..portfolio.halves import NotInHalves
    from ..portfolio.months import Horizon, PartMonths
    from ..portfolio.scenario import ScenarioError
    from ..portfolio.scenario_files import read_scenarios

    try:
        reckoned = read_scenarios(scenarios, book)
        with watched() as progress:
            found = forecast(paths, book, Horizon(first, months), cast(PartMonths, part_months), growth, known, reckoned, progress)
    except ScenarioError as error:
        fail("\n".join(map(spoken, error.problems)), UNUSABLE)
    except (SourceError, NotInHalves) as error:
        fail(str(error), UNUSABLE)
    words = language(lang)
    _write(found, outputs, words)
    if as_json:
        print(json.dumps(_document(found, shown), ensure_ascii=False))
    else:
        _show(found, shown, words)
    if not (found.cases or found.lines or found.falling):
        tell_nobody(book.schemes[found.scheme])
    tell_rejects(found.rejects, None)


def _growth(prices: list[str], first: date) -> Mapping[int, Decimal]:
    """Growth by year, as shares. The first year is in its own prices, so that growth begins with the second."""
    found: dict[int, Decimal] = {}
    for item in prices:
        year, _, percent = item.partition("=")
        try:
            number, share = int(year), Decimal(percent.strip().removesuffix("%")) / 100
        except (ValueError, InvalidOperation):
            fail(say("'{given}' is no growth of a year; write it as 2027=3.1", given=item), UNUSABLE)
        if not share.is_finite() or not -1 < share <= 1:
            fail(say("--prices {given}: a percentage from above -100 to 100 is needed", given=item), UNUSABLE)
        if number <= first.year:
            fail(say("--prices {given}: growth begins with {year}, the year after the first", given=item, year=first.year + 1), UNUSABLE)
        if number in found:
            fail(say("--prices {given}: the year stands twice", given=item), UNUSABLE)
        found[number] = share
    return found


def _write(found: Forecast, outputs: Outputs, lang: Literal["da", "en"]) -> None:
    """Write the files asked for; one that cannot be written is named, with the reason."""
    from ..facts import reason
    from ..portfolio import SourceError

    def charts(folder: Path) -> None:
        from ..portfolio.charts import write_charts

        write_charts(found, folder, f".{outputs.chart_kind}", lang)

    def workbook(file: Path) -> None:
        from ..portfolio.workbook import write_workbook

        write_workbook(found, file, lang)

    def calendar(file: Path) -> None:
        from ..portfolio.calendar_file import expiry_calendar

        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(expiry_calendar(found, lang))

    def months(file: Path) -> None:
        from ..portfolio.records import MONTHS, months_table

        table(months_table(found), file, MONTHS)

    def lists(file: Path) -> None:
        from ..portfolio.records import LISTED, listed_table

        table(listed_table(found, lang), file, LISTED)

    def scenarios(file: Path) -> None:
        from ..portfolio.scenario_owed import owed_parts
        from ..portfolio.scenario_sums import scenario_rows

        lines = {line.part: line.months for line in found.lines}
        base = {"": found.months, **{clause.name: lines.get(clause.name, ()) for clause in owed_parts(found)}}
        select = scenario_rows(found.con, found.scenarios, {part: [int(m.cost * 100) for m in months] for part, months in base.items()})
        table(select, file, "scenarios")

    def table(select: str, file: Path, name: str) -> None:
        from ..portfolio.run import finish, write

        write(found.con, select, file, name)
        finish(found.con, file)

    wanted: list[tuple[Path | None, Callable[[Path], None]]] = [
        (outputs.xlsx, workbook), (outputs.charts, charts), (outputs.ics, calendar), (outputs.parquet, months), (outputs.lists, lists),
        (outputs.scenarios, scenarios),
    ]  # fmt: skip
    for file, make in wanted:
        try:
            if file:
                make(file)
        except SourceError as error:
            fail(str(error), UNUSABLE)
        except OSError as error:
            fail(say("{file}: cannot be written: {reason}", file=file, reason=reason(error)), UNUSABLE)


def _show(found: Forecast, shown: Shown, lang: Literal["da", "en"]) -> None:
    from ..portfolio.assumptions import assumptions
    from ..portfolio.forecast import WITHIN
    from ..portfolio.records import run_out
    from ..portfolio.words import WORDS, money

    words, screen = WORDS[lang], console()
    screen.print(f"{found.title[lang]} · {found.horizon.first} - {found.horizon.last}", style="bold")
    names = ["year", "active", "ending", "cost", "open", *(["current"] if found.prices else [])]
    years = table_of(names, (), words)
    for year, active, ending, cost, open_cost, current in found.years():
        cells = [str(year), str(active), str(ending), money(cost, lang), money(open_cost, lang)]
        years.add_row(*cells, *([money(current, lang)] if current is not None else []))
    rows, nothing = found.years(), Decimal(0)
    sums = [sum((row[3] for row in rows), nothing), sum((row[4] for row in rows), nothing)]
    if found.prices:
        sums.append(sum((row[5] or nothing for row in rows), nothing))
    years.add_row(words["in_all"], "", str(sum(row[2] for row in rows)), *(money(s, lang) for s in sums))
    put(screen, years)
    if shown.monthly:
        show_months(found, screen, lang)
    show_lines(found, screen, lang)
    screen.print(words["budget"], style="bold")
    show_budget(found, screen, lang, shown.by)
    if found.scenarios:
        for part in scenario_tables(found, lang):
            screen.print(part) if isinstance(part, str) else put(screen, part)
    within = min(shown.within, found.horizon.months)
    for months in sorted({within, *(m for m in WITHIN if m <= found.horizon.months)}):
        screen.print(run_out(found, months, lang))
    listed = ordered(found.within(within), shown.sort)
    if listed:
        left = ("case", "municipality", "organisation", "department", "last_day")
        table = table_of((*left, "amount", "outcome"), (*left, "outcome"), words)
        for item in listed:
            table.add_row(
                item.case,
                item.municipality,
                item.organisation,
                item.department,
                item.last_day.isoformat(),
                words["not_known"] if item.amount is None else money(item.amount, lang),
                words[item.outcome],
            )
        put(screen, table)
        basis = found.expiry_basis()
        screen.print(f"{words['basis']}: {basis.cite} ({words[f'certainty.{basis.certainty}']})")
    show_falling(found, screen, lang, shown.within, shown.sort)
    screen.print(words["assumptions"], style="bold")
    for name, value, _ in assumptions(found, lang):
        hang(screen, f"{name}: {value}")


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
        **scenario_document(found),
        "expiries": [
            {
                "case": e.case,
                "municipality": e.municipality,
                "organisation": e.organisation,
                "department": e.department,
                "last_day": e.last_day.isoformat(),
                "amount": None if e.amount is None else str(e.amount),
                "outcome": e.outcome,
            }
            for e in ordered(found.within(shown.within), shown.sort)
        ],
        **document(found, shown.sort),
    }
