"""What `subsidyengine forecast` shows beside the refund: budget, what is owed to landlords, and what falls away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from ..words import Lang
from .tables import put, table_of

if TYPE_CHECKING:
    from ..portfolio.falling import Falling
    from ..portfolio.forecast import Expiry, Forecast
    from ..portfolio.liability import Line

_Row = TypeVar("_Row", "Expiry", "Falling")
SORTS = ("day", "amount", "case", "municipality", "organisation", "department")


def ordered(rows: Sequence[_Row], sort: str) -> list[_Row]:
    """Rows by one of ``SORTS``; the largest amount first, otherwise as they come."""

    def key(row: Any) -> Any:
        if sort == "amount":
            return -(row.amount or Decimal(0))
        if sort == "day":
            return row.day or date.max
        return getattr(row, sort)

    return sorted(rows, key=key)


def show_months(found: Forecast, screen: Any, lang: Lang) -> None:
    """Every month: the refund, then the cost of each line beside it, or how many guarantees stand."""
    from ..portfolio.words import WORDS, money

    words = WORDS[lang]
    table = table_of(("month", "active", "ending", "cost", "open", *(line.title[lang] for line in found.lines)), ("month",), words)
    for number, month in enumerate(found.months):
        beside = [line.months[number] for line in found.lines]
        told = [money(m.cost, lang) if line.priced else str(m.active) for line, m in zip(found.lines, beside, strict=True)]
        cells = [f"{month.month:%Y-%m}", str(month.active), str(month.ending), money(month.cost, lang), money(month.open_cost, lang)]
        table.add_row(*cells, *told)
    put(screen, table)


def show_lines(found: Forecast, screen: Any, lang: Lang) -> None:
    """Each line owed to landlords, year by year; a guarantee has no amount."""
    from ..portfolio.months import years_of
    from ..portfolio.words import WORDS, money

    if not found.lines:
        return
    words = WORDS[lang]
    table = table_of(("lines", "year", "active", "ending", "cost", "open"), ("lines",), words)
    for line in found.lines:
        for number, year in enumerate(years_of(line.months)):
            costs = [money(year.cost, lang), money(year.open_cost, lang)] if line.priced else ["", ""]
            table.add_row("" if number else line.title[lang], str(year.year), str(year.active), str(year.ending), *costs)
    put(screen, table)


def show_budget(found: Forecast, screen: Any, lang: Lang, by: str | None) -> None:
    """Year 0 to +3 by account, in fixed prices and, where growth was given, in current ones; ``by`` splits each line."""
    from ..portfolio.words import WORDS, money

    words, rows = WORDS[lang], found.budget()
    years = [words["part_year"].format(y.year, y.months) if y.months < 12 else str(y.year) for y in rows[0].years]
    kinds = ["fixed", *(["current"] if found.prices else [])]
    left = ("account", "line", *(["prices_in"] if found.prices else []), *([by] if by else []))
    table = table_of((*left, *years), left, words)

    def add(account: str, line: str, kind: str, name: str, amounts: list[Decimal]) -> None:
        cells = [account, line, *([words[f"prices.{kind}"]] if found.prices else []), *([name] if by else [])]
        table.add_row(*cells, *(money(a, lang) for a in amounts))

    for row in rows:
        account, line = row.account.account if row.account else "-", row.title[lang]
        for name, amounts in _split(found, row, by):
            for kind in kinds:
                priced = [found.current(y.year, a) or a if kind == "current" else a for y, a in zip(row.years, amounts, strict=True)]
                add(account, line, kind, name, priced)
                account, line = "", ""
    line = words["in_all"]
    for kind in kinds:
        lines = [[y.fixed if kind == "fixed" else y.current or y.fixed for y in row.years] for row in rows]
        add("", line, kind, "", [sum(column, Decimal(0)) for column in zip(*lines, strict=True)])
        line = ""
    put(screen, table)


def _split(found: Forecast, row: Any, by: str | None) -> list[tuple[str, list[Decimal]]]:
    """A line's amounts by year, in all or for each name of a dimension."""
    if by is None:
        return [("", [y.fixed for y in row.years])]
    costs = {(name, year): cost for name, year, cost in found.by(by, row.table)}
    return [(name, [costs.get((name, y.year), Decimal(0)) for y in row.years]) for name in dict.fromkeys(n for n, _ in costs)]


def show_falling(found: Forecast, screen: Any, lang: Lang, within: int, sort: str) -> None:
    """Each list: how many, those of the next months by name, and those that are past or have no known day."""
    from ..portfolio.falling import LISTS
    from ..portfolio.records import counted
    from ..portfolio.words import WORDS, money

    words, last = WORDS[lang], found.last_within(within)
    for name in LISTS:
        if (told := counted(found, name, lang)) is None:
            continue
        screen.print(told)
        ahead = [f for f in found.falling if f.list == name and not f.passed]
        near = ordered([f for f in ahead if f.day and f.day < last], sort)
        if near:
            left = ("case", "municipality", "organisation", "department", "day", "per", "outcome", "certainty", "basis")
            table = table_of(
                ("case", "municipality", "organisation", "department", "day", "falls_amount", *left[5:]), left, {**words, "per": ""}
            )
            for f in near:
                amount = money(f.amount, lang) if f.amount is not None else words["not_known"] if f.unit else ""
                per = words[f"per.{f.unit}"] if f.amount is not None else ""
                table.add_row(
                    f.case, f.municipality, f.organisation, f.department, f"{f.day}", amount, per,
                    words[f.outcome], words[f"certainty.{f.basis.certainty}"], f.basis.cite,
                )  # fmt: skip
            put(screen, table)


def document(found: Forecast, sort: str) -> dict[str, Any]:
    """The same as data."""
    from ..portfolio.months import years_of

    def line(item: Line) -> dict[str, Any]:
        def costs(of: Any) -> dict[str, Any]:
            return {"cost": str(of.cost), "cost_open": str(of.open_cost)} if item.priced else {}

        return {
            "scheme": item.scheme,
            "part": item.part,
            "account": item.account.account if item.account else None,
            "has_amount": item.priced,
            "lacking": list(item.lacking),
            "runs_on": list(item.running),
            "by_month": [{"month": f"{m.month:%Y-%m}", "active": m.active, "ending": m.ending, **costs(m)} for m in item.months],
            "by_year": [{"year": y.year, "active": y.active, "ending": y.ending, **costs(y)} for y in years_of(item.months)],
        }

    def text(amount: Decimal | None) -> str | None:
        return None if amount is None else str(amount)

    keep: Callable[[Any], Any] = lambda y: {"year": y.year, "months": y.months, "fixed": str(y.fixed), "current": text(y.current)}  # noqa: E731
    return {
        "last_day_not_known": list(found.endless),
        "past_last_day_unsettled": list(found.unsettled),
        "other_rows": found.others,
        "liability": [line(item) for item in found.lines],
        "budget": [
            {"account": b.account.account if b.account else None, "title": dict(b.title), "years": [keep(y) for y in b.years]}
            for b in found.budget()
        ],
        "by": {
            dimension: [{dimension: n, "year": y, "cost": str(c)} for n, y, c in found.by(dimension)]
            for dimension in ("municipality", "organisation", "department")
        },
        "expiry_basis": {"cite": found.expiry_basis().cite, "certainty": found.expiry_basis().certainty},
        "falls_away": [
            {
                "list": f.list, "case": f.case, "municipality": f.municipality, "organisation": f.organisation, "department": f.department,
                "scheme": f.scheme, "day": None if f.day is None else f.day.isoformat(), "past": f.passed, "outcome": f.outcome,
                "amount": text(f.amount), "unit": f.unit or None, "dwellings": f.dwellings, "text": dict(f.says),
                "cite": f.basis.cite, "certainty": f.basis.certainty, "missing": list(f.open),
            }
            for f in ordered(found.falling, sort)
        ],
    }  # fmt: skip
