"""The forecast as a workbook that a finance officer would keep: live filters, charts of the program itself, and all assumptions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..formula import Lang
from .forecast import WITHIN, Forecast
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
        self.budget()
        if self.found.scenarios:
            self.scenarios()
        self.assumptions()
        self.overview(overview)

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
        for months in WITHIN:
            listed = found.within(months)
            total = sum((e.amount for e in listed), Decimal(0))
            sheet.write_string(row, 0, words["within"].format(months, len(listed), money(total, self.lang)))
            row += 1
        sheet.insert_chart(row + 1, 0, self.runoff())

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
        sheet = self.book.add_worksheet(self.words["months"])
        self.header(sheet, 0, ["month", "active", "ending", "cost", "open"], [12, 12, 12, 18, 18])
        for row, month in enumerate(self.found.months, 1):
            sheet.write_datetime(row, 0, month.month, self.month)
            sheet.write_number(row, 1, month.active, self.count)
            sheet.write_number(row, 2, month.ending, self.count)
            sheet.write_number(row, 3, float(month.cost), self.money)
            sheet.write_number(row, 4, float(month.open_cost), self.money)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(self.found.months), 4)

    def expiries(self) -> None:
        sheet = self.book.add_worksheet(self.words["expiries"])
        names = ["case", "municipality", "organisation", "department", "last_day", "left", "amount", "outcome"]
        self.header(sheet, 0, names, [16, 14, 30, 16, 14, 12, 18, 14])
        for row, item in enumerate(self.found.expiries, 1):
            for column, value in enumerate((item.case, item.municipality, item.organisation, item.department)):
                sheet.write_string(row, column, value)
            sheet.write_datetime(row, 4, item.last_day, self.day)
            sheet.write_number(row, 5, months_left(self.found.horizon.first, item.last_day), self.count)
            sheet.write_number(row, 6, float(item.amount), self.money)
            sheet.write_string(row, 7, self.words[item.outcome])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(self.found.expiries)), len(names) - 1)

    def budget(self) -> None:
        sheet = self.book.add_worksheet(self.words["budget"])
        years = [y for y, *_ in self.found.years()]
        self.header(sheet, 0, ["account", "municipality"], [34, 30])
        for column, year in enumerate(years, 2):
            sheet.write_number(0, column, year, self.head)
            sheet.set_column(column, column, 18)
        account = self.found.account.account if self.found.account else self.words["no_account"]
        row = 0
        for dimension in ("municipality", "organisation", "department"):
            costs = self.found.by(dimension)
            for name in dict.fromkeys(n for n, _, _ in costs):
                row += 1
                sheet.write_string(row, 0, f"{account}  {self.words[dimension]}")
                sheet.write_string(row, 1, name)
                for column, year in enumerate(years, 2):
                    sheet.write_number(row, column, float(sum((c for n, y, c in costs if n == name and y == year), Decimal(0))), self.money)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, row), 1 + len(years))

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
