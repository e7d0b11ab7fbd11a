"""The first sheet of the workbook: the years, what runs out soon, what stands beside, the run-off and when refunds end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ..formula import Lang
from .charts import COLOURS, HEAT
from .falling import LISTS
from .forecast import WITHIN, Forecast
from .grid import HEAD, Column, Computed, Grid, column_of
from .liability import Line
from .months import years_of
from .words import WORDS

#: The first row of the years; where the price index of a year stands, for formulas on other sheets: the sheet's name and the row.
FIRST_YEAR, INDEX = 4, "'{}'!$G${}"
_WIDTH, _HEIGHT = 810, 380
_GRID = {"visible": True, "line": {"color": "#D9D9D9"}}


class Overview:
    """Made first, so that its sheet stands first; written last, from what stands on the others."""

    def __init__(self, book: Any, grid: Grid, found: Forecast, lang: Lang) -> None:
        self.book, self.grid, self.found, self.lang, self.words = book, grid, found, lang, WORDS[lang]
        self.sheet = book.add_worksheet(self.words["overview"])
        self.years = found.years()

    @property
    def period(self) -> str:
        """The first and the last day, as they are written in the language."""
        form = "%d-%m-%Y" if self.lang == "da" else "%Y-%m-%d"
        return f"{self.found.horizon.first:{form}} - {self.found.horizon.last:{form}}"

    def write(self) -> None:
        """Write the sheet."""
        sheet, words, found = self.sheet, self.words, self.found
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 12, 15)
        sheet.write_string(0, 0, found.title[self.lang], self.grid.title)
        account = found.account.text[self.lang] if found.account else words["no_account"]
        sheet.write_string(1, 0, f"{self.period} · {words['account']} {account}", self.grid.faint)
        row = self.by_year(FIRST_YEAR - 1)
        row = self.within(row + 1)
        row = self.lines(row + 1) if found.lines else row
        row = self.falling(row + 1) if found.falling else row
        sheet.insert_chart(row + 1, 0, self.runoff(), {"description": words["runoff"]})
        if any(line.priced for line in found.lines):
            sheet.insert_chart(row + 1, 6, self.stacked(), {"description": words["stacked"], "x_offset": 20})
        self.heat(row + 2 + _HEIGHT // 20)

    def month(self, column: int) -> str:
        """A column of the months' sheet, as a formula names it."""
        return column_of(self.words["months"], column, len(self.found.months))

    def sum_of(self, column: int, row: int) -> str:
        """What a column of the months' sheet comes to in the year that stands in front."""
        first, after = f'">="&DATE($A{row},1,1)', f'"<"&DATE($A{row}+1,1,1)'
        return f"=SUMIFS({self.month(column)},{self.month(0)},{first},{self.month(0)},{after})"

    def end_of(self, column: int, row: int, year: int) -> str:
        """What a column of the months' sheet says of the last month of the year."""
        last = max(m.month for m in self.found.months if m.month.year == year)
        return f"=SUMIFS({self.month(column)},{self.month(0)},DATE($A{row},{last.month},1))"

    def by_year(self, top: int) -> int:
        """Each year, from the months' sheet; with growth given, its index and current prices, which follow the growth."""
        words, found = self.words, self.found
        columns = [Column(words["year"], "year"), Column(words["active"], "count"), Column(words["ending"], "count", total=True)]
        columns += [Column(words[name], "money", total=True) for name in ("cost", "open")]
        if found.prices:
            columns += [Column(words["growth"], "input"), Column(words["index"], "index"), Column(words["current"], "money", total=True)]
        rows, index = [], Decimal(1)
        for number, (year, active, ending, cost, open_cost, current) in enumerate(self.years):
            at = top + 2 + number
            row: list[Any] = [year, Computed(self.end_of(1, at, year), active), Computed(self.sum_of(2, at), ending)]
            row += [Computed(self.sum_of(3, at), cost), Computed(self.sum_of(4, at), open_cost)]
            if found.prices:
                share = found.prices.get(year, Decimal(0)) if number else None
                index *= 1 + (share or 0)
                growing = Computed(f"=G{at - 1}*(1+F{at})", index) if number else index
                row += [share, growing, Computed(f"=ROUND(D{at}*G{at},2)", current or cost)]
            rows.append(row)
        end = self.grid.table(self.sheet, top, columns, rows, words["in_all"])
        if found.prices:
            self.grid.put(self.sheet, top + 1, 5, None, "share")  # the first year has the prices of today
            self.sheet.write_string(end, 0, words["growth_told"], self.grid.faint)
            end += 1
        return end

    def within(self, top: int) -> int:
        """How much runs out soon, from the sheet of expiries."""
        words, found = self.words, self.found
        days, amounts = (column_of(words["expiries"], c, len(found.expiries)) for c in (4, 6))
        columns = [Column(words["within_months"], "year"), Column(words["refunds_count"], "count"), Column(words["amount"], "money")]
        rows = []
        for months in (m for m in WITHIN if m <= found.horizon.months):
            listed, after = found.within(months), _excel_day(found.last_within(months))
            count = Computed(f'=COUNTIF({days},"<"&{after})', len(listed))
            total = sum((e.amount or Decimal(0) for e in listed), Decimal(0))
            rows.append([months, count, Computed(f'=SUMIF({days},"<"&{after},{amounts})', total)])
        return self.grid.table(self.sheet, top, columns, rows) if rows else top

    def lines(self, top: int) -> int:
        """What is owed to landlords in each year, from the months' sheet: the cost, or how many guarantees stand at its end."""
        words, lines = self.words, self.found.lines
        self.sheet.write_string(top, 0, words["lines"], self.grid.section)
        columns = [Column(words["year"], "year")]
        for line in lines:
            said = words["amount_of" if line.priced else "count_of"].format(line.title[self.lang])
            columns.append(Column(said, "money" if line.priced else "count", total=line.priced))
        by_year = [years_of(line.months) for line in lines]
        rows = []
        for number, (year, *_) in enumerate(self.years):
            at = top + 3 + number
            rows.append([year, *(self.owed(line, 5 + 2 * c, by_year[c][number], at) for c, line in enumerate(lines))])
        return self.grid.table(self.sheet, top + 1, columns, rows, words["in_all"] if any(line.priced for line in lines) else "")

    def owed(self, line: Line, column: int, year: Any, row: int) -> Computed:
        """One line in one year."""
        if line.priced:
            return Computed(self.sum_of(column, row), year.cost)
        return Computed(self.end_of(column, row, year.year), year.active)

    def falling(self, top: int) -> int:
        """How many of each list fall away in the period, have passed or have no known day."""
        words = self.words
        columns = [Column(words["falling"], "text"), *(Column(words[n], "count") for n in ("in_period", "already", "no_day"))]
        rows = []
        for name in LISTS:
            items = [f for f in self.found.falling if f.list == name]
            if items:
                past, undated = sum(f.passed for f in items), sum(f.day is None for f in items)
                rows.append([words[name], len(items) - past - undated, past, undated])
        return self.grid.table(self.sheet, top, columns, rows)

    def runoff(self) -> Any:
        """Active refunds as a line over the cost in columns."""
        name, last, words = self.words["months"], len(self.found.months), self.words
        chart, line = self.book.add_chart({"type": "column"}), self.book.add_chart({"type": "line"})
        months = [name, 1, 0, last, 0]
        cost = {"name": words["monthly"], "categories": months, "values": [name, 1, 3, last, 3], "fill": {"color": "#8FB4D9"}, "gap": 20}
        active = {"name": words["active"], "categories": months, "values": [name, 1, 1, last, 1], "y2_axis": True}
        chart.add_series(cost)
        line.add_series({**active, "line": {"color": "#1F3A5F", "width": 2.25}})
        chart.combine(line)
        self.monthly_axes(chart, words["runoff"])
        line.set_y2_axis({"name": words["active"], "min": 0, "num_format": self.grid.codes["count"]})
        return chart

    def stacked(self) -> Any:
        """The refund and what is owed to landlords, on top of one another."""
        name, last, words = self.words["months"], len(self.found.months), self.words
        chart = self.book.add_chart({"type": "column", "subtype": "stacked"})
        series = [(self.found.title[self.lang], 3)]
        series += [(line.title[self.lang], 5 + 2 * n) for n, line in enumerate(self.found.lines) if line.priced]
        for number, (title, column) in enumerate(series):
            values, months = [name, 1, column, last, column], [name, 1, 0, last, 0]
            chart.add_series({"name": title, "categories": months, "values": values, "fill": {"color": COLOURS[number]}, "gap": 20})
        self.monthly_axes(chart, words["stacked"])
        return chart

    def monthly_axes(self, chart: Any, title: str) -> None:
        """Title, axes and legend of a chart by month."""
        last = len(self.found.months)
        step = 1 if last <= 12 else 3 if last <= 36 else 6 if last <= 72 else 12
        chart.set_x_axis({
            "num_format": self.grid.codes["month"], "interval_unit": step, "interval_tick": step, "text_axis": True,
            "num_font": {"rotation": -45},
        })  # fmt: skip
        _dress(chart, self.grid, title, self.words["monthly"])
        chart.set_size({"width": _WIDTH, "height": _HEIGHT})

    def heat(self, top: int) -> None:
        """How many refunds end in each month, the more the darker."""
        sheet, words = self.sheet, self.words
        sheet.write_string(top, 0, words["heat"], self.grid.section)
        cells = {(m.month.year, m.month.month): m.ending for m in self.found.months}
        years = sorted({year for year, _ in cells})
        sheet.write_string(top + 1, 0, words["year"], self.grid.form("year", "head"))
        head = self.book.add_format(
            {"num_format": self.grid.codes["month"].removesuffix(" yyyy"), **_CENTRE, "bold": True, "bg_color": HEAD}
        )
        for month in range(1, 13):
            sheet.write_datetime(top + 1, month, date(years[0], month, 1), head)
        body = self.book.add_format({"num_format": self.grid.codes["count"], **_CENTRE})
        for row, year in enumerate(years, top + 2):
            sheet.write_number(row, 0, year, self.grid.form("year"))
            for month in range(1, 13):
                if (year, month) in cells:
                    sheet.write_number(row, month, cells[year, month], body)
        scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": HEAT[0], "max_color": HEAT[1]}
        sheet.conditional_format(top + 2, 1, top + 1 + len(years), 12, scale)


_CENTRE = {"align": "center", "border": 1, "border_color": "#D9D9D9"}


def yearly_chart(book: Any, grid: Grid, series: Iterable[dict[str, Any]], title: str, axis: str, stacked: bool) -> Any:
    """Costs by year as columns, on top of one another or side by side."""
    chart = book.add_chart({"type": "column", "subtype": "stacked"} if stacked else {"type": "column"})
    for number, one in enumerate(series):
        chart.add_series({"fill": {"color": COLOURS[number % len(COLOURS)]}, "gap": 60, **one})
    _dress(chart, grid, title, axis)
    chart.set_size({"width": 900, "height": 400})
    return chart


def _dress(chart: Any, grid: Grid, title: str, axis: str) -> None:
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_y_axis({"num_format": grid.codes["count"], "name": axis, "major_gridlines": _GRID})
    chart.set_legend({"position": "bottom"})


def _excel_day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
