"""The forecast as a workbook that a finance officer would keep: live filters, charts of the program itself, and all assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from .scenario_sums import FEW, SHARES, lying
from .stretches import DIMENSIONS
from .words import WORDS, assumptions, money, months_left


def write_workbook(found: Forecast, out: Path, lang: Lang) -> None:
    """Write the workbook. The same forecast gives the same bytes."""
    import xlsxwriter

    out.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": found.title[lang], "comments": found.rulebook.hash, "created": datetime(2000, 1, 1)})
        _Writer(book, found, lang).all()


#: Columns of numbers: their heads stand to the right, as the numbers do.
_NUMBERS = ("active", "ending", "cost", "open", "current", "left", "amount", "difference", "low", "high", "active_low", "active_high")


class _Writer:
    def __init__(self, book: Any, found: Forecast, lang: Lang) -> None:
        self.book, self.found, self.lang, self.words = book, found, lang, WORDS[lang]
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1"})
        self.head_number = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", "align": "right"}
        )
        self.text = book.add_format({"indent": 1})
        self.title = book.add_format({"bold": True, "font_size": 14})
        # Excel shows dots and commas as its own language has them.
        self.money, self.count = book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"}), book.add_format({"num_format": "#,##0"})
        # The names of months in the language of the workbook, whatever that of the program.
        locale, form = ("[$-406]", "dd-mm-yyyy") if lang == "da" else ("[$-809]", "yyyy-mm-dd")
        self.day, self.month = (book.add_format({"num_format": f, "align": "left"}) for f in (form, f"{locale}mmm yyyy"))
        self.months_form = f"{locale}mmm yyyy"
        self.plain = book.add_format({"num_format": "0", "align": "left"})
        self.head_month = book.add_format(
            {"num_format": f"{locale}mmm", "bold": True, "bottom": 1, "align": "center", "bg_color": "#DCE6F1"}
        )
        self.heat_cell = book.add_format({"num_format": "0", "align": "center"})
        self.faint = book.add_format({"font_color": "#595959"})
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
            self.dress(sheet)

    def dress(self, sheet: Any) -> None:
        """For the printer: landscape, as wide as the paper, the header on every page; what it is and which page at the foot."""
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        if sheet.get_name() != self.words["overview"]:
            sheet.repeat_rows(0)
        sheet.set_footer(f"&L&8{self.found.title[self.lang]} · {self.period}&C&8&A&R&8&P / &N")

    @property
    def period(self) -> str:
        """The first and the last day, as they are written in the language."""
        form = "%d-%m-%Y" if self.lang == "da" else "%Y-%m-%d"
        return f"{self.found.horizon.first:{form}} - {self.found.horizon.last:{form}}"

    def header(self, sheet: Any, row: int, names: list[str], widths: list[int]) -> None:
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.write_string(row, column, self.words[name], self.head_number if name in _NUMBERS else self.head)
            sheet.set_column(column, column, width, self.text)
        sheet.set_row(row, 32)

    def overview(self, sheet: Any) -> None:
        words, found = self.words, self.found
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, found.title[self.lang], self.title)
        account = found.account.text[self.lang] if found.account else words["no_account"]
        sheet.write_string(1, 0, f"{self.period} · {words['account']} {account}", self.faint)
        years = found.years()
        names = ["year", "active", "ending", "cost", "open", *(["current"] if found.prices else [])]
        sheet.set_column(0, 12, 15)
        self.header(sheet, 3, names, [15] * len(names))
        for row, (year, active, ending, cost, open_cost, current) in enumerate(years, 4):
            sheet.write_number(row, 0, year, self.plain)
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
        self.heat(sheet, row + 23)

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
        chart.set_title({"name": self.words["runoff"], "name_font": {"size": 12}})
        step = 3 if last <= 36 else 6
        chart.set_x_axis(
            {"num_format": self.months_form, "interval_unit": step, "interval_tick": step, "text_axis": True, "num_font": {"rotation": -45}}
        )
        chart.set_y_axis(
            {"num_format": "#,##0", "name": self.words["cost"], "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
        )
        line.set_y2_axis({"name": self.words["active"], "min": 0, "num_format": "#,##0"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 400})
        return chart

    def heat(self, sheet: Any, row: int) -> None:
        """How many refunds end in each month, the more the darker."""
        sheet.write_string(row, 0, self.words["heat"], self.title)
        self.header(sheet, row + 1, ["year"], [15])
        cells = {(m.month.year, m.month.month): m.ending for m in self.found.months}
        years = sorted({year for year, _ in cells})
        for month in range(1, 13):
            sheet.write_datetime(row + 1, month, datetime(years[0], month, 1), self.head_month)
        for line, year in enumerate(years, row + 2):
            sheet.write_number(line, 0, year, self.plain)
            for month in range(1, 13):
                if (year, month) in cells:
                    sheet.write_number(line, month, cells[year, month], self.heat_cell)
        sheet.conditional_format(
            row + 2, 1, row + 1 + len(years), 12, {"type": "2_color_scale", "min_color": "#F7FBFF", "max_color": "#6BAED6"}
        )

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
        self.header(sheet, 0, ["account", "line", "by", "name_of"], [22, 44, 16, 46])
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
        """Each scenario and year beside the forecast, with its band; of many where they lie, in a sheet of its own."""
        base = {year: cost for year, _, _, cost, _, _ in self.found.years()}
        if len(self.found.scenarios) > FEW:
            self.lying(base)
        sheet = self.book.add_worksheet(self.words["scenarios"])
        names = ["scenario", "year", "cost", "difference", "low", "high", "active", "active_low", "active_high"]
        self.header(sheet, 0, names, [60, 10, 18, 18, 18, 18, 14, 14, 14])
        row = 0
        for item in self.found.scenarios:
            for year, plain in base.items():
                row += 1
                last = max(i for i, m in enumerate(item.months) if m.year == year)
                band, cost = item.bands.get(year), item.expected(year)
                sheet.write_string(row, 0, item.scenario.name)
                sheet.write_number(row, 1, year, self.plain)
                for column, amount in enumerate((cost, cost - plain, *((band.low, band.high) if band else ())), 2):
                    sheet.write_number(row, column, float(amount), self.money)
                run = item.running[last] if item.running else None
                running = [float(x) for x in (run.mean, run.low, run.high)] if run else [float(item.active[last])]
                for column, count in enumerate(running, 6):
                    sheet.write_number(row, column, count, self.count)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, row, len(names) - 1)

    def lying(self, base: Mapping[int, Decimal]) -> None:
        """Where many scenarios lie, year by year."""
        words, sheet = self.words, self.book.add_worksheet(self.words["summary"])
        titles = [words["year"], words["forecast"], *(words.get(f"share.{s}", f"{s} %") for s in SHARES), words["low"], words["high"]]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, self.head)
            sheet.set_column(column, column, 18 if column else 10)
        sheet.set_row(0, 32)
        rows = lying(self.found.scenarios, base)
        for row, item in enumerate(rows, 1):
            sheet.write_string(row, 0, words["all_years"] if item.year is None else str(item.year))
            for column, amount in enumerate((item.forecast, *item.at.values(), *(item.bands or ())), 1):
                sheet.write_number(row, column, float(amount), self.money)
        sheet.write_string(len(rows) + 2, 0, words["many"].format(len(self.found.scenarios)))
        sheet.write_string(len(rows) + 3, 0, words["ends_of"].format(rows[-1].cheapest, rows[-1].dearest))

    def assumptions(self) -> None:
        sheet = self.book.add_worksheet(self.words["assumptions"])
        self.header(sheet, 0, ["name", "value", "source"], [44, 70, 60])
        for row, cells in enumerate(assumptions(self.found, self.lang), 1):
            # So high that all of the text is seen, in programs too that do not fit rows by themselves.
            lines = max(-(-len(text) // width) for text, width in zip(cells, (40, 64, 54), strict=True))
            sheet.set_row(row, 15 * max(1, lines))
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, self.wrap)
