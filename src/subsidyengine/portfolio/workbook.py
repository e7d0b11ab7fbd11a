"""The forecast as a workbook that a finance officer would keep: live filters and sums, native charts, and all that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..formula import Lang
from ..rulebook import CERTAINTIES
from .assumptions import assumptions
from .forecast import Forecast
from .grid import Column, Computed, Grid, Kind, cell_of, column_of
from .grounds import gaps, grounds
from .months import kroner
from .overview import FIRST_YEAR, INDEX, Overview, yearly_chart
from .records import listed
from .scenario_owed import owed_years
from .scenario_sums import FEW, SHARES, lying
from .sheets import workbook
from .stretches import DIMENSIONS
from .words import WORDS, months_left


def write_workbook(found: Forecast, out: Path, lang: Lang) -> None:
    """Write the workbook. The same forecast gives the same bytes.

    Raises OSError when the file cannot be written, TooManyRows when a sheet cannot hold a list.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with workbook(out, found.title[lang], found.rulebook.hash) as book:
        _Writer(book, found, lang).all()


_MONEY: Kind = "money"
_COUNT: Kind = "count"
#: Beside the scenarios, hidden: how far each band goes below and above.
_BARS = 9


class _Writer:
    def __init__(self, book: Any, found: Forecast, lang: Lang) -> None:
        self.book, self.found, self.lang, self.words = book, found, lang, WORDS[lang]
        self.grid = Grid(book, lang)
        self.years = [year for year, *_ in found.years()]

    def all(self) -> None:
        overview = Overview(self.book, self.grid, self.found, self.lang)
        self.months()
        self.expiries()
        if self.found.falling:
            self.falling()
        self.budget()
        self.split()
        if self.found.scenarios:
            self.scenarios()
            self.owed()
        self.assumptions()
        self.gaps()
        self.sources()
        overview.write()
        footer = f"{self.found.title[self.lang]} · {overview.period}"
        for sheet in self.book.worksheets():
            first = sheet.get_name() == self.words["overview"]
            self.grid.dress(sheet, footer, repeat=not first, pages_high=1 if first and len(self.years) <= 8 else 0)

    def column(self, name: str, kind: Kind, width: float, total: bool = False) -> Column:
        return Column(self.words[name], kind, width, total)

    def sheet(self, name: str) -> Any:
        return self.book.add_worksheet(self.words[name])

    def months(self) -> None:
        """The refund, then each line beside it: its cost, or how many guarantees stand and fall due."""
        columns = [self.column("month", "month", 12), self.column("active", "count", 12), self.column("ending", "count", 12, total=True)]
        columns += [self.column(name, "money", 18, total=True) for name in ("cost", "open")]
        for line in self.found.lines:
            title, kind = line.title[self.lang], _MONEY if line.priced else _COUNT
            columns.append(Column(f"{title}: {self.words['cost' if line.priced else 'active']}", kind, 24, total=line.priced))
            columns.append(Column(f"{title}: {self.words['open' if line.priced else 'due']}", kind, 24, total=True))
        rows = []
        for number, month in enumerate(self.found.months):
            row: list[Any] = [month.month, month.active, month.ending, month.cost, month.open_cost]
            for line in self.found.lines:
                of = line.months[number]
                row += [of.cost, of.open_cost] if line.priced else [of.active, of.ending]
            rows.append(row)
        self.grid.table(self.sheet("months"), 0, columns, rows, self.words["in_all"], filters=True)

    def expiries(self) -> None:
        """A refund that runs out a row, the nearest first."""
        found, words, basis = self.found, self.words, self.found.expiry_basis()
        columns = [self.column("case", "text", 16), self.column("municipality", "text", 12), self.column("organisation", "text", 32)]
        columns += [self.column("department", "text", 18), self.column("last_day", "day", 13), self.column("left", "count", 11)]
        columns += [self.column("amount", "money", 18, total=True), self.column("outcome", "text", 13)]
        columns += [self.column("certainty", "text", 13), self.column("basis", "text", 32)]
        rows = (
            (
                item.case, item.municipality, item.organisation, item.department, item.last_day,
                months_left(found.horizon.first, item.last_day),
                words["not_known"] if item.amount is None else item.amount, words[item.outcome], words[f"certainty.{basis.certainty}"],
                basis.cite,
            )
            for item in found.expiries
        )  # fmt: skip
        self.grid.table(self.sheet("expiries"), 0, columns, rows, words["in_all"], filters=True)

    def falling(self) -> None:
        """What falls away beside the refunds, a row each."""
        words = self.words
        columns = [self.column("list", "wrap", 24), self.column("case", "text", 12), self.column("municipality", "text", 11)]
        columns += [self.column("organisation", "wrap", 22), self.column("department", "wrap", 14), self.column("day", "day", 12)]
        columns += [self.column("passed", "text", 10), self.column("falls_amount", "money", 14), self.column("unit", "text", 11)]
        columns += [self.column("dwellings", "count", 9), self.column("outcome", "text", 12), self.column("certainty", "text", 13)]
        columns += [self.column(name, "wrap", width) for name, width in (("basis", 32), ("says", 44), ("missing", 56))]

        def rows() -> Iterator[list[Any]]:
            for name, case, *places, _, day, past, certainty, basis, outcome, amount, unit, dwellings, says, missing in listed(
                self.found, self.lang
            ):
                if name != "refunds":
                    told = amount if amount is not None else words["not_known"] if unit else None
                    yield [
                        words[name], case, *places, day or words["not_known"], words["yes"] if past else "", told,
                        words[f"per.{unit}"] if amount is not None else "", dwellings, words[outcome], words[f"certainty.{certainty}"],
                        basis, says, missing,
                    ]  # fmt: skip

        self.grid.table(self.sheet("falling"), 0, columns, rows(), filters=True)

    def priced(self, years: list[str]) -> list[Column]:
        """A column for each year in fixed prices, then, where growth was given, in current ones."""
        kinds = ["fixed", *(["current"] if self.found.prices else [])]
        return [Column(f"{year}, {self.words[f'prices.{kind}']}", "money", 18, total=True) for kind in kinds for year in years]

    def grown(self, fixed: list[Decimal], row: int, left: int, exact: bool) -> list[Computed]:
        """The same amounts in current prices, by the index of the overview; ``exact``: to the øre, as the overview has them."""
        if not self.found.prices:
            return []
        cells, index = [], Decimal(1)
        for number, (year, amount) in enumerate(zip(self.years, fixed, strict=False)):
            index *= 1 + self.found.prices.get(year, Decimal(0)) if number else 1
            growing = f"{cell_of(row, left + number)}*{INDEX.format(self.words['overview'], number + FIRST_YEAR + 1)}"
            current = amount * index
            cells.append(
                Computed(f"=ROUND({growing},2)", self.found.current(year, amount) or current) if exact else Computed(f"={growing}", current)
            )
        return cells

    def budget(self) -> None:
        """Year 0 to +3 by account: each line and the sum."""
        words, lines, sheet = self.words, self.found.budget(), self.sheet("budget")
        years = [words["part_year"].format(y.year, y.months) if y.months < 12 else str(y.year) for y in lines[0].years]
        columns = [self.column("account", "text", 22), self.column("line", "text", 44), *self.priced(years)]
        rows = []
        for number, line in enumerate(lines, 1):
            fixed = [y.fixed for y in line.years]
            account = line.account.account if line.account else words["no_account"]
            rows.append([account, line.title[self.lang], *fixed, *self.grown(fixed, number, 2, exact=True)])
        end = self.grid.table(sheet, 0, columns, rows, words["in_all"])
        sheet.freeze_panes(1, 2)
        name, last = words["budget"], 1 + len(years)
        series = [
            {"name": [name, row, 1], "categories": [name, 0, 2, 0, last], "values": [name, row, 2, row, last]}
            for row in range(1, len(lines) + 1)
        ]
        chart = yearly_chart(self.book, self.grid, series, words["by_year"], words["per_year"], stacked=True)
        sheet.insert_chart(end + 1, 0, chart, {"description": words["by_year"]})

    def split(self) -> None:
        """The same by municipality, organisation and department at once: a filter on any of them gives its sums."""
        words, lines = self.words, self.found.budget()
        years = [y.year for y in lines[0].years]
        columns = [self.column("account", "text", 18), self.column("line", "text", 42), self.column("municipality", "text", 12)]
        columns += [self.column("organisation", "text", 32), self.column("department", "text", 18), *self.priced([str(y) for y in years])]

        def rows() -> Iterator[list[Any]]:
            number = 0
            for line in lines:
                account = line.account.account if line.account else words["no_account"]
                for place, fixed in self.places(line.table, years):
                    number += 1
                    yield [account, line.title[self.lang], *place, *fixed, *self.grown(fixed, number, 5, exact=False)]

        self.grid.table(self.sheet("split"), 0, columns, rows(), words["in_all"], filters=True)

    def places(self, table: str, years: list[int]) -> Iterator[tuple[tuple[str, ...], list[Decimal]]]:
        """Each place that costs something, with what it costs in each year."""
        dims = ", ".join(f"coalesce({d}, '')" for d in DIMENSIONS)
        sums = ", ".join(f"coalesce(sum(ore) FILTER (year(month) = {year}), 0)" for year in years)
        query = f"SELECT {dims}, {sums} FROM {table} GROUP BY ALL HAVING sum(ore) <> 0 ORDER BY ALL"
        for row in self.found.con.execute(query).fetchall():
            yield row[: len(DIMENSIONS)], [kroner(ore) for ore in row[len(DIMENSIONS) :]]

    def scenarios(self) -> None:
        """The forecast, then each scenario year by year, with its band; of many where they lie, in a sheet of its own."""
        words, found = self.words, self.found
        base = {year: cost for year, _, _, cost, _, _ in found.years()}
        few = len(found.scenarios) <= FEW
        if not few:
            self.lying(base)
        columns = [self.column("scenario", "text", 48), self.column("year", "year", 10)]
        columns += [self.column(name, "money", 18) for name in ("cost", "difference", "low", "high")]
        columns += [self.column(name, "count", 14) for name in ("active", "active_low", "active_high")]
        rows: list[list[Any]] = [
            [words["forecast"], y, cost, None, None, None, active, None, None] for y, active, _, cost, _, _ in found.years()
        ]
        for item in found.scenarios:
            for year, plain in base.items():
                last = max(i for i, m in enumerate(item.months) if m.year == year)
                band, cost = item.bands.get(year), item.expected(year)
                run = item.running[last] if item.running else None
                running = [run.mean, run.low, run.high] if run else [item.active[last], None, None]
                row, here = len(rows) + 1, list(base).index(year) + 1
                difference = Computed(f"={cell_of(row, 2)}-{cell_of(here, 2)}", cost - plain)
                rows.append(
                    [item.scenario.name, year, cost, difference if few else cost - plain, band and band.low, band and band.high, *running]
                )
        sheet = self.sheet("scenarios")
        end = self.grid.table(sheet, 0, columns, rows, filters=not few)  # sorting would part the formulas and the chart from their rows
        sheet.freeze_panes(1, 1)
        if few:
            chart = yearly_chart(
                self.book, self.grid, self.compared(sheet, rows), words["scenarios_by_year"], words["per_year"], stacked=False
            )
            sheet.insert_chart(end + 1, 0, chart, {"description": words["scenarios_by_year"]})

    def owed(self) -> None:
        """What is owed to landlords in each scenario, by part and year; no sheet where nothing is."""
        rows = [
            [
                item.scenario.name, year.part.title.get(self.lang), year.year, year.expected, year.difference,
                *((year.band.low, year.band.high) if year.band else (None, None)),
                year.active, *((b.low, b.high) if (b := year.active_band) else (None, None)),
                year.ending, *((b.low, b.high) if (b := year.ending_band) else (None, None)),
            ]
            for item in self.found.scenarios for year in owed_years(self.found, item)
        ]  # fmt: skip
        if rows:
            columns = [self.column("scenario", "text", 48), self.column("line", "text", 40), self.column("year", "year", 10)]
            columns += [self.column(name, "money", 18) for name in ("cost", "difference", "low", "high")]
            columns += [self.column(n, "count", 14) for n in ("active", "active_low", "active_high", "ending", "ending_low", "ending_high")]
            self.grid.table(self.sheet("owed_scenarios"), 0, columns, rows, filters=True)

    def compared(self, sheet: Any, rows: list[list[Any]]) -> Iterator[dict[str, Any]]:
        """A series for the forecast and for each scenario; a bar where there is a band, as long as two hidden columns say."""
        name, count, words = self.words["scenarios"], len(self.years), self.words
        sheet.set_column(_BARS, _BARS + 1, 18, None, {"hidden": True})
        for number, (_, _, cost, _, low, high, *_) in enumerate(rows, 1):
            if low is not None:
                for column, value in enumerate(
                    (Computed(f"=C{number + 1}-E{number + 1}", cost - low), Computed(f"=F{number + 1}-C{number + 1}", high - cost))
                ):
                    self.grid.put(sheet, number, _BARS + column, value, "money")
        for first in range(1, len(rows), count):
            title, _, _, _, low, *_ = rows[first - 1]
            last = first + count - 1
            series: dict[str, Any] = {"name": title, "categories": [name, 1, 1, count, 1], "values": [name, first, 2, last, 2]}
            if low is not None:
                minus, plus = (column_of(name, column, last, first) for column in (_BARS, _BARS + 1))
                series["name"] = f"{title} ({words['bars']})"
                series["y_error_bars"] = {"type": "custom", "plus_values": f"={plus}", "minus_values": f"={minus}", "line": {"width": 1.25}}
            yield series

    def lying(self, base: Mapping[int, Decimal]) -> None:
        """Where many scenarios lie, year by year."""
        words, sheet, rows = self.words, self.sheet("summary"), lying(self.found.scenarios, base)
        titles = [words["forecast"], *(words.get(f"share.{s}", f"{s} %") for s in SHARES), words["low"], words["high"]]
        columns = [self.column("year", "year", 10), *(Column(title, "money", 18) for title in titles)]
        cells = [[words["all_years"] if r.year is None else r.year, r.forecast, *r.at.values(), *(r.bands or (None, None))] for r in rows]
        end = self.grid.table(sheet, 0, columns, cells)
        sheet.freeze_panes(1, 1)
        sheet.write_string(end + 1, 0, words["many_here"].format(len(self.found.scenarios)))
        sheet.write_string(end + 2, 0, words["ends_of"].format(rows[-1].cheapest, rows[-1].dearest))

    def assumptions(self) -> None:
        columns = [self.column("name", "wrap", 44), self.column("value", "wrap", 70), self.column("source", "wrap", 64)]
        sheet = self.sheet("assumptions")
        self.grid.table(sheet, 0, columns, assumptions(self.found, self.lang))
        sheet.freeze_panes(1, 0)

    def gaps(self) -> None:
        """What the law has not settled, of what the sums rest on."""
        lang, book = self.lang, self.found.rulebook
        columns = [self.column("scheme", "wrap", 30), self.column("about", "wrap", 50), self.column("from", "day", 12)]
        columns += [self.column("until", "day", 12), self.column("gap", "wrap", 64), self.column("source", "wrap", 36)]
        rows = (
            [
                gap.scheme.title.get(lang), "; ".join(text.get(lang) for text in gap.about), gap.from_, gap.until, gap.why.get(lang),
                book.cite_text(gap.cites),
            ]
            for gap in gaps(self.found)
        )  # fmt: skip
        self.grid.table(self.sheet("gaps"), 0, columns, rows, filters=True)

    def sources(self) -> None:
        """Every provision that the rules behind the forecast cite, how sure our reading of it is, and where it stands."""
        lang, book, words = self.lang, self.found.rulebook, self.words
        columns = [self.column("provision", "wrap", 40), self.column("certainty", "text", 14), self.column("title_of", "wrap", 44)]
        columns += [self.column("versions", "wrap", 24), self.column("address", "wrap", 60), self.column("scheme", "wrap", 44)]
        rows = []
        for cite, schemes in grounds(self.found).items():
            source = book.sources.get(cite.source)
            told = [source.title.get(lang), ", ".join(source.versions), (*source.urls, "")[0]] if source else ["", "", ""]
            named = "; ".join(scheme.title.get(lang) for scheme in schemes)
            rows.append([book.cite_text([cite]), words[f"certainty.{CERTAINTIES[cite.rank]}"], *told, named])
        self.grid.table(self.sheet("sources"), 0, columns, rows, filters=True)
