"""The forecast as a workbook that a finance officer would keep: live filters, charts of the program itself, and all assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..formula import Lang
from .budget import Budget
from .falling import LISTS
from .forecast import WITHIN, Forecast
from .liability import Line
from .months import years_of
from .records import counted, listed
from .stretches import DIMENSIONS
from .words import WORDS, assumptions, money, months_left


def write_workbook(found: Forecast, out: Path, lang: Lang) -> None:
    """Write the workbook. The same forecast gives the same bytes."""
    import xlsxwriter

    out.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": found.title[lang], "comments": found.rulebook.hash, "created": datetime(2000, 1, 1)})
        _Writer(book, found, lang).all()


class _Writer:
    def __init__(self, book: Any, found: Forecast, lang: Lang) -> None:
        self.book, self.found, self.lang, self.words = book, found, lang, WORDS[lang]
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        # Excel shows dots and commas as its own language has them.
        self.money, self.count = book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"}), book.add_format({"num_format": "#,##0"})
        self.day, self.month = book.add_format({"num_format": "dd-mm-yyyy"}), book.add_format({"num_format": "mmm yyyy"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def all(self) -> None:
        overview = self.book.add_worksheet(self.words["overview"])
        self.months()
        self.expiries()
        if self.found.falling:
            self.falling()
        self.budget()
        if self.found.scenarios:
            self.scenarios()
        self.assumptions()
        self.overview(overview)
        for sheet in self.book.worksheets():
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)

    def header(self, sheet: Any, row: int, names: list[str], widths: list[int]) -> None:
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.write_string(row, column, self.words[name], self.head)
            sheet.set_column(column, column, width)

    def overview(self, sheet: Any) -> None:
        words, found = self.words, self.found
        sheet.write_string(0, 0, found.title[self.lang], self.title)
        sheet.write_string(1, 0, f"{found.horizon.first:%d-%m-%Y} - {found.horizon.last:%d-%m-%Y}")
        years = found.years()
        names = ["year", "active", "ending", "cost", "open", *(["current"] if found.prices else [])]
        self.header(sheet, 3, names, [10, 14, 12, 20, 20, *([20] if found.prices else [])])
        for row, (year, active, ending, cost, open_cost, current) in enumerate(years, 4):
            sheet.write_number(row, 0, year)
            sheet.write_number(row, 1, active, self.count)
            sheet.write_number(row, 2, ending, self.count)
            sheet.write_number(row, 3, float(cost), self.money)
            sheet.write_number(row, 4, float(open_cost), self.money)
            if current is not None:
                sheet.write_number(row, 5, float(current), self.money)
        row = 5 + len(years)
        for months in (m for m in WITHIN if m <= found.horizon.months):
            listed = found.within(months)
            total = sum((e.amount for e in listed), Decimal(0))
            sheet.write_string(row, 0, words["within"].format(months, len(listed), money(total, self.lang)))
            row += 1
        told = [counted(found, name, self.lang) for name in LISTS]
        for line in [*(self.owed(x) for x in found.lines), *(t for t in told if t)]:
            sheet.write_string(row, 0, line)
            row += 1
        sheet.insert_chart(row + 1, 0, self.runoff())

    def owed(self, line: Line) -> str:
        """A line owed to landlords, by year: its cost, or how many guarantees stand."""
        years = years_of(line.months)
        amounts = [f"{y.year} {money(y.cost, self.lang)}" if line.priced else f"{y.year} {y.active}" for y in years]
        return f"{line.title[self.lang]}{' (kr.)' if line.priced else ''}: {', '.join(amounts)}"

    def runoff(self) -> Any:
        """Active refunds as a line over the cost in columns."""
        name, last = self.words["months"], len(self.found.months)
        chart, line = self.book.add_chart({"type": "column"}), self.book.add_chart({"type": "line"})
        months = [name, 1, 0, last, 0]
        chart.add_series(
            {"name": self.words["cost"], "categories": months, "values": [name, 1, 3, last, 3], "fill": {"color": "#8FB4D9"}, "gap": 20}
        )
        line.add_series(
            {
                "name": self.words["active"],
                "categories": months,
                "values": [name, 1, 1, last, 1],
                "y2_axis": True,
                "line": {"color": "#1F3A5F", "width": 2},
            }
        )
        chart.combine(line)
        chart.set_title({"name": self.words["runoff"]})
        chart.set_x_axis({"num_format": "mmm yy", "interval_unit": 6, "date_axis": False})
        chart.set_y_axis({"num_format": "#,##0", "name": self.words["cost"]})
        line.set_y2_axis({"name": self.words["active"], "min": 0})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 380})
        return chart

    def months(self) -> None:
        """The refund, then each line beside it: its cost, or how many guarantees stand and fall due."""
        sheet, lines = self.book.add_worksheet(self.words["months"]), self.found.lines
        self.header(sheet, 0, ["month", "active", "ending", "cost", "open"], [12, 12, 12, 18, 18])
        for column, line in enumerate(lines):
            name = self.words["cost"] if line.priced else self.words["active"]
            sheet.write_string(0, 5 + 2 * column, f"{line.title[self.lang]}: {name}", self.head)
            sheet.write_string(0, 6 + 2 * column, self.words["open" if line.priced else "due"], self.head)
            sheet.set_column(5 + 2 * column, 6 + 2 * column, 22)
        sheet.set_row(0, 48 if lines else None)
        for row, month in enumerate(self.found.months, 1):
            sheet.write_datetime(row, 0, month.month, self.month)
            sheet.write_number(row, 1, month.active, self.count)
            sheet.write_number(row, 2, month.ending, self.count)
            sheet.write_number(row, 3, float(month.cost), self.money)
            sheet.write_number(row, 4, float(month.open_cost), self.money)
            for column, line in enumerate(lines):
                of = line.months[row - 1]
                one, other = (of.cost, of.open_cost) if line.priced else (of.active, of.ending)
                kind = self.money if line.priced else self.count
                sheet.write_number(row, 5 + 2 * column, float(one), kind)
                sheet.write_number(row, 6 + 2 * column, float(other), kind)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(self.found.months), 4 + 2 * len(lines))

    def expiries(self) -> None:
        sheet, basis = self.book.add_worksheet(self.words["expiries"]), self.found.expiry_basis()
        names = ["case", "municipality", "organisation", "department", "last_day", "left", "amount", "outcome", "certainty", "basis"]
        self.header(sheet, 0, names, [16, 14, 30, 16, 14, 12, 18, 14, 14, 40])
        for row, item in enumerate(self.found.expiries, 1):
            for column, value in enumerate((item.case, item.municipality, item.organisation, item.department)):
                sheet.write_string(row, column, value)
            sheet.write_datetime(row, 4, item.last_day, self.day)
            sheet.write_number(row, 5, months_left(self.found.horizon.first, item.last_day), self.count)
            sheet.write_number(row, 6, float(item.amount), self.money)
            for column, value in enumerate((self.words[item.outcome], self.words[f"certainty.{basis.certainty}"], basis.cite), 7):
                sheet.write_string(row, column, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(self.found.expiries)), len(names) - 1)

    def falling(self) -> None:
        """What falls away beside the refunds, a row each."""
        words, sheet = self.words, self.book.add_worksheet(self.words["falling"])
        names = ["list", "case", "municipality", "organisation", "department", "day", "passed", "falls_amount", "unit", "dwellings"]
        names += ["outcome", "certainty", "basis", "says", "missing"]
        self.header(sheet, 0, names, [34, 14, 14, 30, 16, 14, 10, 16, 12, 10, 14, 14, 44, 60, 50])
        rows = [r for r in listed(self.found, self.lang) if r[0] != "refunds"]
        for row, (name, case, *places, _, day, past, certainty, basis, outcome, amount, unit, dwellings, says, missing) in enumerate(
            rows, 1
        ):
            for column, value in enumerate((words[name], case, *places)):
                sheet.write_string(row, column, value)
            if day is None:
                sheet.write_string(row, 5, words["not_known"])
            else:
                sheet.write_datetime(row, 5, day, self.day)
            sheet.write_string(row, 6, words["yes"] if past else "")
            if amount is not None:
                sheet.write_number(row, 7, float(amount), self.money)
            elif unit:
                sheet.write_string(row, 7, words["not_known"])
            sheet.write_string(row, 8, words[f"per.{unit}"])
            if dwellings is not None:
                sheet.write_number(row, 9, dwellings, self.count)
            for column, value in enumerate((words[outcome], words[f"certainty.{certainty}"], basis, says, missing), 10):
                sheet.write_string(row, column, value, self.wrap)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, len(rows)), len(names) - 1)

    def budget(self) -> None:
        """Year 0 to +3 by account: each line in all, then by municipality, organisation and department."""
        sheet, words, lines = self.book.add_worksheet(self.words["budget"]), self.words, self.found.budget()
        self.header(sheet, 0, ["account", "line", "by", "name_of"], [22, 40, 16, 30])
        kinds = ["fixed", *(["current"] if self.found.prices else [])]
        count = len(lines[0].years)
        for number, kind in enumerate(kinds):
            for column, year in enumerate(lines[0].years, 4 + number * count):
                title = words["part_year"].format(year.year, year.months) if year.months < 12 else str(year.year)
                sheet.write_string(0, column, f"{title}, {words[f'prices.{kind}']}", self.head)
                sheet.set_column(column, column, 18)
        row = 0
        for line in lines:
            account = line.account.account if line.account else words["no_account"]
            for by, name, amounts in self.split(line):
                row += 1
                for column, value in enumerate((account, line.title[self.lang], by, name)):
                    sheet.write_string(row, column, value)
                for number, kind in enumerate(kinds):
                    for column, (year, fixed) in enumerate(zip(line.years, amounts, strict=True), 4 + number * count):
                        amount = fixed if kind == "fixed" else self.found.current(year.year, fixed)
                        sheet.write_number(row, column, float(amount or 0), self.money)
        sheet.freeze_panes(1, 4)
        sheet.autofilter(0, 0, max(1, row), 3 + count * len(kinds))

    def split(self, line: Budget) -> Iterator[tuple[str, str, list[Decimal]]]:
        """A line in all, then for each name of each dimension: its cost by year."""
        yield self.words["in_all"], "", [y.fixed for y in line.years]
        for dimension in DIMENSIONS:
            costs = {(name, year): cost for name, year, cost in self.found.by(dimension, line.table)}
            for name in dict.fromkeys(n for n, _ in costs):
                yield self.words[dimension], name, [costs.get((name, y.year), Decimal(0)) for y in line.years]

    def scenarios(self) -> None:
        sheet = self.book.add_worksheet(self.words["scenarios"])
        self.header(sheet, 0, ["scenario", "year", "cost", "difference", "band"], [40, 10, 18, 18, 18])
        sheet.set_column(5, 5, 18)
        base, row = {year: cost for year, _, _, cost, _, _ in self.found.years()}, 0
        for item in self.found.scenarios:
            for year, plain in base.items():
                row += 1
                band = item.bands.get(year)
                cost = band.mean if band else item.cost.get(year, Decimal(0))
                sheet.write_string(row, 0, item.scenario.name)
                sheet.write_number(row, 1, year)
                for column, amount in enumerate((cost, cost - plain, *((band.low, band.high) if band else ())), 2):
                    sheet.write_number(row, column, float(amount), self.money)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, row, 5)

    def assumptions(self) -> None:
        sheet = self.book.add_worksheet(self.words["assumptions"])
        self.header(sheet, 0, ["name", "value", "source"], [44, 70, 60])
        for row, cells in enumerate(assumptions(self.found, self.lang), 1):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, self.wrap)
