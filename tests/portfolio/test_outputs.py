"""What a forecast is written as: workbook, charts, calendar and tables, as the programs that open them would read them."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import duckdb
import pyarrow.parquet
import pytest

from subsidyengine.cli.tables import put, table_of
from subsidyengine.portfolio import grid, sheets
from subsidyengine.portfolio.calendar_file import ALARM, expiry_calendar
from subsidyengine.portfolio.forecast import forecast
from subsidyengine.portfolio.grounds import gaps, grounds
from subsidyengine.portfolio.months import Horizon
from subsidyengine.portfolio.records import listed_table, months_table
from subsidyengine.portfolio.run import write
from subsidyengine.portfolio.scenario import Scenario
from subsidyengine.portfolio.scenario_sums import scenario_rows
from subsidyengine.portfolio.sheets import TooManyRows, write_sheet
from subsidyengine.portfolio.words import WORDS
from subsidyengine.portfolio.workbook import write_workbook

from .leases import BOOK, LEASE, forecast_of

FOLDER = Path(__file__).parents[2] / "fixtures" / "portfolio"
DOCS = Path(__file__).parents[2] / "docs" / "portfolio.md"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EXITS = [Scenario("Nobody leaves"), Scenario("One per cent leaves", exits=Fraction(1, 100))]


@pytest.fixture(scope="module")
def found():
    """The invented portfolio over two years, with growth and scenarios."""
    files = [FOLDER / "leases.csv", FOLDER / "facts.csv"]
    return forecast(files, BOOK, Horizon(date(2026, 1, 1), 24), prices={2027: Decimal("0.031")}, scenarios=EXITS)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    """A table without a row."""
    file = tmp_path_factory.mktemp("nothing") / "leases.csv"
    file.write_text(f"case,{','.join(LEASE)}\n", encoding="utf-8")
    return forecast([file], BOOK, Horizon(date(2026, 4, 1), 20))


class Workbook:
    """A workbook as it lies in its file: cells by sheet and name, with formula, value and number format."""

    def __init__(self, file: Path) -> None:
        with ZipFile(file) as book:
            self.text = {name: book.read(name).decode("utf-8") for name in book.namelist() if name.endswith((".xml", ".rels"))}
        styles = ElementTree.fromstring(self.text["xl/styles.xml"])
        codes = {f.attrib["numFmtId"]: f.attrib["formatCode"] for f in styles.iter(f"{MAIN}numFmt")}
        self.formats = [codes.get(x.attrib["numFmtId"], "") for x in styles.find(f"{MAIN}cellXfs") or ()]
        shared = ElementTree.fromstring(self.text.get("xl/sharedStrings.xml", "<none/>"))
        self.strings = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in shared]
        names = [s.attrib["name"] for s in ElementTree.fromstring(self.text["xl/workbook.xml"]).iter(f"{MAIN}sheet")]
        self.sheets = {name: self._cells(self.text[f"xl/worksheets/sheet{n}.xml"]) for n, name in enumerate(names, 1)}
        self.xml = {name: self.text[f"xl/worksheets/sheet{n}.xml"] for n, name in enumerate(names, 1)}

    def _cells(self, xml):
        found = {}
        for cell in ElementTree.fromstring(xml).iter(f"{MAIN}c"):
            value, formula = cell.findtext(f"{MAIN}v"), cell.findtext(f"{MAIN}f")
            if value is not None:
                told = self.strings[int(value)] if cell.get("t") == "s" else float(value)
                found[cell.attrib["r"]] = (formula, told, self.formats[int(cell.get("s", 0))])
        return found

    def column(self, sheet, area):
        """The values of a column such as ``$D$2:$D$25``."""
        letter, first, last = re.fullmatch(r"\$([A-Z]+)\$(\d+)(?::\$\1\$(\d+))?", area).groups()
        last = last or first
        return [self.sheets[sheet].get(f"{letter}{row}", ("", 0.0, ""))[1] for row in range(int(first), int(last) + 1)]


def excel_day(year, month, day):
    return (date(year + (month - 1) // 12, (month - 1) % 12 + 1, day) - date(1899, 12, 30)).days


def comes_to(book, sheet, formula):
    """What a formula of the workbook comes to: the few kinds that stand in it, reckoned anew from the cells."""
    cells = book.sheets[sheet]

    def number(text):
        return sum(cells[c][1] for c in re.findall(r"[A-Z]+\d+", text.replace("$", "")))

    def column(text):
        name, area = re.fullmatch(r"'(.+)'!(.+)", text).groups()
        return book.column(name, area)

    def day(text):
        year, month, on = re.fullmatch(r"DATE\((.+),(\d+),(\d+)\)", text).groups()
        plus = 1 if year.endswith("+1") else 0
        return excel_day(int(number(year)) + plus if "A" in year else int(year), int(month), int(on))

    if found := re.fullmatch(r"SUBTOTAL\(109,(.+)\)", formula):
        return sum(v for v in book.column(sheet, found[1]) if isinstance(v, float))
    if found := re.fullmatch(r"SUMIFS\((.+!.+),(.+!.+),\">=\"&(DATE.+\)),\2,\"<\"&(DATE.+\))\)", formula):
        first, after = day(found[3]), day(found[4])
        return sum(v for v, on in zip(column(found[1]), column(found[2]), strict=True) if first <= on < after)
    if found := re.fullmatch(r"SUMIFS\((.+!.+),(.+!.+),(DATE.+\))\)", formula):
        return sum(v for v, on in zip(column(found[1]), column(found[2]), strict=True) if on == day(found[3]))
    if found := re.fullmatch(r"COUNTIF\((.+!.+),\"<\"&(DATE.+\))\)", formula):
        return sum(bool(on) and on < day(found[2]) for on in column(found[1]))
    if found := re.fullmatch(r"SUMIF\((.+!.+),\"<\"&(DATE.+\)),(.+!.+)\)", formula):
        pairs = zip(column(found[1]), column(found[3]), strict=True)
        return sum(v for on, v in pairs if on and on < day(found[2]) and isinstance(v, float))
    if found := re.fullmatch(r"(?:ROUND\()?([A-Z]+\d+)\*(?:'(.+)'!)?(\$?[A-Z]+\$?\d+)(?:,2\))?", formula):
        product = cells[found[1]][1] * book.sheets[found[2] or sheet][found[3].replace("$", "")][1]
        return round(product + 1e-9, 2) if formula.startswith("ROUND") else product
    if found := re.fullmatch(r"([A-Z]+\d+)\*\(1\+([A-Z]+\d+)\)", formula):
        return cells[found[1]][1] * (1 + cells[found[2]][1])
    found = re.fullmatch(r"([A-Z]+\d+)-([A-Z]+\d+)", formula)
    return cells[found[1]][1] - cells[found[2]][1]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_formulas_of_the_workbook_come_to_what_is_written(found, tmp_path, lang):
    """A program that opens the workbook reckons every formula anew, so each must come to the forecast's own figure."""
    write_workbook(found, tmp_path / "book.xlsx", lang)
    book, seen = Workbook(tmp_path / "book.xlsx"), 0
    for sheet, cells in book.sheets.items():
        for name, (formula, value, _) in cells.items():
            if formula:
                seen += 1
                assert comes_to(book, sheet, formula) == pytest.approx(value, abs=0.005), (sheet, name, formula)
    assert seen > 100
    overview = book.sheets[WORDS[lang]["overview"]]
    assert overview["D7"][1] == pytest.approx(float(sum(m.cost for m in found.months)), abs=0.005)
    assert overview["H6"][1] == float(found.years()[1][5])


@pytest.mark.parametrize(("lang", "locale", "day"), [("da", "[$-406]", "[$-406]dd-mm-yyyy"), ("en", "[$-809]", "yyyy-mm-dd")])
def test_numbers_and_days_are_such_in_the_formats_of_the_language(found, tmp_path, lang, locale, day):
    write_workbook(found, tmp_path / "book.xlsx", lang)
    book, words = Workbook(tmp_path / "book.xlsx"), WORDS[lang]
    months, expiries = book.sheets[words["months"]], book.sheets[words["expiries"]]
    assert months["A2"][1:] == (excel_day(2026, 1, 1), f"{locale}mmm yyyy")
    assert months["D2"][1:] == (float(found.months[0].cost), f"{locale}#,##0.00;[Red]-#,##0.00")
    assert expiries["E2"][1:] == ((found.expiries[0].last_day - date(1899, 12, 30)).days, day)
    assert all(locale in code for code in re.findall(r'<c:numFmt formatCode="([^"]*#[^"]*)"', "".join(book.text.values())))


def test_every_sheet_is_fit_for_paper_and_for_a_screen(found, tmp_path):
    write_workbook(found, tmp_path / "book.xlsx", "da")
    book, words = Workbook(tmp_path / "book.xlsx"), WORDS["da"]
    names = ["overview", "months", "expiries", "falling", "budget", "split", "scenarios", "owed_scenarios"]
    names += ["assumptions", "gaps", "sources"]
    assert list(book.sheets) == [words[n] for n in names]
    titles = book.text["xl/workbook.xml"]
    for name in names:
        xml = book.xml[words[name]]
        assert 'orientation="landscape"' in xml
        assert "<pageSetUpPr fitToPage" in xml
        if name != "overview":
            assert 'state="frozen"' in xml, name
            assert f"'{words[name]}'!$1:$1" in titles or f"{words[name]}!$1:$1" in titles, name
    for name in ("months", "expiries", "falling", "split", "gaps", "sources"):
        assert "<autoFilter" in book.xml[words[name]], name
    drawings = [text for name, text in book.text.items() if name.startswith("xl/drawings/drawing")]
    assert sum(text.count("descr=") for text in drawings) == 4, "each chart says what it shows"


def test_the_places_of_the_budget_add_up_to_it(found, tmp_path):
    write_workbook(found, tmp_path / "book.xlsx", "da")
    book, words = Workbook(tmp_path / "book.xlsx"), WORDS["da"]
    total = [{k: v[1] for k, v in book.sheets[words[name]].items()} for name in ("budget", "split")]
    last = [max(int(re.sub(r"\D", "", name)) for name in cells) for cells in total]
    for one, other in zip("CDEF", "FGHI", strict=True):  # fixed and current prices of two years
        assert total[0][f"{one}{last[0]}"] == pytest.approx(total[1][f"{other}{last[1]}"], abs=0.02)


def test_a_portfolio_of_nothing_has_a_workbook_charts_and_a_calendar(nothing, tmp_path):
    pytest.importorskip("altair", reason="needs the extra `charts`")
    pytest.importorskip("vl_convert", reason="needs the extra `charts`")
    from subsidyengine.portfolio.charts import write_charts

    write_workbook(nothing, tmp_path / "book.xlsx", "da")
    book = Workbook(tmp_path / "book.xlsx")
    assert all(comes_to(book, s, f) == pytest.approx(v) for s, cells in book.sheets.items() for f, v, _ in cells.values() if f)
    assert len(write_charts(nothing, tmp_path, ".svg", "da")) == 4
    assert b"VEVENT" not in expiry_calendar(nothing, "da")


def test_what_a_sheet_cannot_hold_is_told_and_nothing_is_written(found, tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "MOST_ROWS", len(found.months) + 2)
    with pytest.raises(TooManyRows, match="a sheet holds"):
        write_workbook(found, tmp_path / "book.xlsx", "da")
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    with pytest.raises(TooManyRows, match="a sheet holds 3 rows"):
        write_sheet(found.con, months_table(found), tmp_path / "months.xlsx", "months")
    assert not list(tmp_path.iterdir())


def test_a_data_sheet_is_the_same_whatever_the_clock_says(found, tmp_path):
    write_sheet(found.con, months_table(found), tmp_path / "months.xlsx", "months")
    book = Workbook(tmp_path / "months.xlsx")
    assert "2000-01-01" in book.text["docProps/core.xml"]
    assert book.sheets["months"]["A2"][1:] == (excel_day(2026, 1, 1), "yyyy-mm-dd")


def test_what_the_law_leaves_open_and_the_sources_are_told(found):
    told = {(gap.from_, gap.until, gap.why.en) for gap in gaps(found)}
    assert (date(2026, 1, 1), date(2026, 12, 31), "The rate for 2026 is not established.") in told
    assert not any(gap.until and gap.until < found.horizon.first and "rate for" in gap.why.en for gap in gaps(found)), "years gone by"
    cited = {BOOK.cite_text([cite]): {scheme.id for scheme in schemes} for cite, schemes in grounds(found).items()}
    assert "transitional.subsidy" in cited["serviceloven § 163 a stk. 1"]
    assert all(cite.source in BOOK.sources for cite in grounds(found))


def test_assumptions_name_the_data_and_what_was_known(tmp_path):
    from subsidyengine.portfolio.assumptions import assumptions

    file = tmp_path / "leases.csv"
    file.write_text(f"case,{','.join(LEASE)}\nA,{','.join(LEASE.values())}\n", encoding="utf-8")
    told = {name: (value, source) for name, value, source in assumptions(forecast([file], BOOK, Horizon(date(2026, 1, 1), 3)), "da")}
    assert told["Data"][0] == "leases.csv"
    assert told["Viden pr."][0] == "alt, der er kendt"
    assert told["Fra"][0] == "1. januar 2026"
    assert told["Regler (hash)"][0] == BOOK.hash
    assert "ikke fastslået" in told["antal døgn på en måned ved omregning af døgntakster"][1]
    known = forecast([file], BOOK, Horizon(date(2026, 1, 1), 3), known=date(2026, 2, 1))
    assert ("Viden pr.", "1. februar 2026", "") in assumptions(known, "da")


# charts ------------------------------------------------------------------------------------------------------------

_DRAW = """
import sys
from datetime import date
from pathlib import Path
from subsidyengine.portfolio.charts import write_charts
from subsidyengine.portfolio.forecast import forecast
from subsidyengine.portfolio.months import Horizon
from subsidyengine.rulebook import open_rulebook
found = forecast([Path(sys.argv[1])], open_rulebook(), Horizon(date(2026, 1, 1), 9))
write_charts(found, Path(sys.argv[2]), ".svg", "da")
"""


def test_charts_are_the_same_in_every_time_zone(tmp_path):
    pytest.importorskip("altair", reason="needs the extra `charts`")
    pytest.importorskip("vl_convert", reason="needs the extra `charts`")
    file = tmp_path / "leases.csv"
    file.write_text(f"case,{','.join(LEASE)}\nA,{','.join(LEASE.values())}\n", encoding="utf-8")
    drawn = []
    for zone in ("America/New_York", "Europe/Copenhagen"):
        folder = tmp_path / zone.replace("/", "-")
        subprocess.run([sys.executable, "-c", _DRAW, file, folder], check=True, env={**os.environ, "TZ": zone})
        drawn.append({f.name: f.read_bytes() for f in sorted(folder.iterdir())})
    assert drawn[0] == drawn[1]


def test_charts_say_what_they_show_and_ask_nobody_outside(found, tmp_path):
    pytest.importorskip("altair", reason="needs the extra `charts`")
    pytest.importorskip("vl_convert", reason="needs the extra `charts`")
    from subsidyengine.portfolio.charts import write_charts

    drawings = {f.stem: f.read_text(encoding="utf-8") for f in write_charts(found, tmp_path, ".svg", "da")}
    for text in drawings.values():
        root = ElementTree.fromstring(text)
        assert root.attrib["role"] == "img"
        assert root.attrib["lang"] == "da"
        assert [child.tag.rsplit("}")[-1] for child in root][:2] == ["title", "desc"]
        assert "1. januar 2026 - 31. december 2027" in root[1].text
    ends = f"går fra {found.months[0].active} til {found.months[-1].active}."
    assert f"Aktive refusioner {ends}" in drawings["runoff"], "as the table of months has them"
    assert "90 %-interval" in drawings["runoff"]
    assert ">maj<" in drawings["heat"]
    page = write_charts(found, tmp_path, ".html", "da")[0].read_text(encoding="utf-8")
    assert '<html lang="da">' in page
    assert "<title>Aktive refusioner og månedlig udgift</title>" in page
    assert '"editor": false' in page, "a chart is not sent to an editor on the net"
    assert "<script src" not in page
    assert len(page) < 2_000_000


def test_a_single_month_is_drawn(tmp_path):
    pytest.importorskip("altair", reason="needs the extra `charts`")
    pytest.importorskip("vl_convert", reason="needs the extra `charts`")
    from subsidyengine.portfolio.charts import write_charts

    found = forecast_of(tmp_path, {"A": LEASE}, date(2026, 1, 1), 1)
    drawings = {f.stem: f.read_text(encoding="utf-8") for f in write_charts(found, tmp_path / "charts", ".svg", "en")}
    assert "role-mark" in drawings["stacked"]
    assert 'aria-roledescription="bar"' in drawings["stacked"], "a month has no area"
    assert 'aria-roledescription="point"' in drawings["runoff"], "nor a line"


# calendar ----------------------------------------------------------------------------------------------------------


def entries(found, lang="da"):
    from icalendar import Calendar

    return list(Calendar.from_ical(expiry_calendar(found, lang)).walk("VEVENT"))


def test_the_calendar_is_as_rfc_5545_has_it(found):
    data = expiry_calendar(found, "da")
    lines = data.split(b"\r\n")
    assert data.count(b"\n") == len(lines) - 1, "every line ends with CR and LF"
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"DTSTART;VALUE=DATE:20260102" in lines
    assert all(line == b"DTSTAMP:20260101T000000Z" for line in lines if line.startswith(b"DTSTAMP")), "not the clock's"
    first = entries(found)[0]
    assert str(first["DESCRIPTION"]).split("\n")[1:] == [
        "Andelsboligselskabet Havnen, Afdeling 8", "240,83 kr. om måneden", "Afgørelse: uafklaret",
        "Grundlag: almenlejeloven § 4 stk. 3 (udledt)",
    ]  # fmt: skip
    assert b"240\\,83 kr." in data.replace(b"\r\n ", b""), "commas are escaped"


def test_a_reminder_comes_a_month_before_where_that_is_ahead(found):
    for entry in entries(found):
        alarms = [a for a in entry.subcomponents if a.name == "VALARM"]
        ahead = entry["DTSTART"].dt - ALARM >= found.horizon.first
        assert [a["TRIGGER"].dt for a in alarms] == ([-ALARM] if ahead else [])


def test_an_entry_keeps_its_id_when_its_day_moves(tmp_path):
    later = {**LEASE, "lease.special_terms_end": "2026-10-31"}
    one, other = (forecast_of(tmp_path, {"A": row, "B": LEASE}, date(2026, 1, 1), 12) for row in (LEASE, later))
    days = [{str(e["UID"]): e["DTSTART"].dt for e in entries(found)} for found in (one, other)]
    assert days[0].keys() == days[1].keys()
    assert len(days[0]) == 2
    moved = [uid for uid in days[0] if days[0][uid] != days[1][uid]]
    assert [days[1][uid] for uid in moved] == [date(2026, 10, 31)]
    twice = replace(one, expiries=(*one.expiries, one.expiries[0]._replace(last_day=date(2026, 11, 30))))
    assert len({str(e["UID"]) for e in entries(twice)}) == 3


# tables ------------------------------------------------------------------------------------------------------------

_KINDS = {
    "date": "date32[day]",
    "kr.": "decimal128(18, 2)",
    "count": "int64",
    "text": "string",
    "yes/no": "bool",
    "mean": "decimal128(18, 1)",
}


def documented(title):
    """Columns and kinds of the table under a heading of docs/portfolio.md."""
    text = DOCS.read_text(encoding="utf-8").split(f"`{title}`: ", 1)[1].split("\n\n", 2)[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]
    return {name.strip("` "): _KINDS[kind] for names, kind, _ in rows for name in names.split(",")}


@pytest.mark.parametrize("option", ["--parquet", "--lists", "--scenarios-out"])
def test_parquet_has_the_columns_and_types_that_the_docs_name(found, tmp_path, option):
    costs = {"": [int(m.cost * 100) for m in found.months]}
    select = {
        "--parquet": lambda: months_table(found),
        "--lists": lambda: listed_table(found, "da"),
        "--scenarios-out": lambda: scenario_rows(found.con, found.scenarios, costs),
    }[option]()
    file, again = tmp_path / "one.parquet", tmp_path / "two.parquet"
    write(found.con, select, file, "rows")
    write(found.con, select, again, "rows")
    assert file.read_bytes() == again.read_bytes()
    schema = pyarrow.parquet.read_schema(file)
    assert {name: str(schema.field(name).type) for name in schema.names} == documented(option)
    assert duckdb.sql(f"SELECT count(*) FROM '{file}'").fetchall() == [(pyarrow.parquet.read_metadata(file).num_rows,)]


def test_the_months_of_the_warehouse_come_in_order(found, tmp_path):
    write(found.con, months_table(found), tmp_path / "months.parquet", "months")
    rows = pyarrow.parquet.read_table(tmp_path / "months.parquet").to_pylist()
    keys = [tuple(row[n] for n in ("month", "scheme", "part", "account", "municipality", "organisation", "department")) for row in rows]
    assert keys == sorted(keys)
    assert sum(r["cost"] for r in rows if r["part"] == "") == sum(m.cost for m in found.months)


# screen ------------------------------------------------------------------------------------------------------------

AMOUNTS = ["4.702.731,12", "-943.827,10", "4.526.219,64 - 4.692.543,26"]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
@pytest.mark.parametrize("colours", [True, False])
def test_figures_are_never_cut_however_narrow_the_screen(width, colours):
    from rich.console import Console

    told = io.StringIO()
    screen = Console(file=told, force_terminal=True, width=width, no_color=not colours, highlight=False)
    columns = ["case", "organisation", "last_day", "cost", "difference", "band"]
    table = table_of(columns, ["case", "organisation", "last_day"], WORDS["da"])
    table.add_row("U-000228", "Andelsboligselskabet Havnen", "2026-01-02", *AMOUNTS)
    put(screen, table)
    text = re.sub(r"\x1b\[[\d;]*m", "", told.getvalue())
    assert all(figure in text for figure in ("U-000228", "2026-01-02", *AMOUNTS)), text
    assert "…" not in text
    assert "Havnen" in text


def test_rows_are_whole_in_a_pipe():
    from rich.console import Console

    told = io.StringIO()
    table = table_of(["case", "organisation", "cost"], ["case", "organisation"], WORDS["en"])
    table.add_row("A", "x" * 150, "1,234.50")
    put(Console(file=told, width=120, no_color=True), table)
    head, row = told.getvalue().splitlines()
    assert row == f"A     {'x' * 150}   1,234.50"
    assert head.split() == ["Case", "Organisation", "Cost,", "kr."]


@pytest.mark.parametrize("option", ["--xlsx", "--ics", "--parquet", "--lists", "--charts"])
def test_a_file_that_cannot_be_written_is_named(tmp_path, option):
    from typer.testing import CliRunner

    from subsidyengine.cli.app import app

    leases, wall = tmp_path / "leases.csv", tmp_path / "wall"
    leases.write_text(f"case,{','.join(LEASE)}\nA,{','.join(LEASE.values())}\n", encoding="utf-8")
    wall.write_text("a file is no folder", encoding="utf-8")
    out = wall / (
        "charts" if option == "--charts" else f"out{'.ics' if option == '--ics' else '.xlsx' if option == '--xlsx' else '.parquet'}"
    )
    result = CliRunner().invoke(app, ["forecast", str(leases), "--from", "2026-01", "--months", "2", option, str(out), "--lang", "da"])
    assert result.exit_code == 2
    assert f"{out}: kan ikke skrives" in result.stderr
