"""Charts of a forecast, as SVG, PNG or a page: run-off with its band, expiries by month and year, cost by scheme and organisation.

Each says in words what it shows, for those who cannot see it.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from ..formula import Lang, day_text
from .forecast import Forecast
from .months import MONTHLY, kroner
from .words import WORDS, money

CHARTS = ("runoff", "heat", "stacked", "organisations")
KINDS = (".svg", ".png", ".html")
_MONTHS = ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"]
_DAYS = ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"]
_DANISH = {
    "number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " kr."]},
    "time": {
        "dateTime": "%A den %d %B %Y %X", "date": "%d-%m-%Y", "time": "%H:%M:%S", "periods": ["AM", "PM"], "days": _DAYS,
        "shortDays": [d[:3] for d in _DAYS], "months": _MONTHS, "shortMonths": [m[:3] for m in _MONTHS],
    },
}  # fmt: skip
#: Text is laid out for one font and may be shown in another that is wider: pixels to spare beside it.
_ROOM = 20
_DARK, _ORANGE = "#1F3A5F", "#D55E00"
#: Okabe and Ito's colours, which the colour-blind can tell apart; the last is for what is left.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
#: Few to many, in a table of months and years.
HEAT = ("#F7FBFF", "#6BAED6")


def write_charts(found: Forecast, folder: Path, kind: str, lang: Lang) -> list[Path]:
    """Write the charts into ``folder``; ``kind`` is one of ``KINDS``."""
    import altair as alt

    folder.mkdir(parents=True, exist_ok=True)
    files, words = [], WORDS[lang]
    # A page carries all it needs: it is opened where there may be no network, and asks nobody outside.
    menu = {"export": True, "source": False, "compiled": False, "editor": False}
    told = {"PNG_ACTION": words["save_png"], "SVG_ACTION": words["save_svg"], "CLICK_TO_VIEW_ACTIONS": words["save"]}
    options: dict[str, dict[str, Any]] = {
        ".png": {"scale_factor": 2}, ".html": {"inline": True, "embed_options": {"renderer": "svg", "actions": menu, "i18n": told}},
    }  # fmt: skip
    period = f"{day_text(found.horizon.first, lang)} - {day_text(found.horizon.last, lang)}"
    drawn = (_runoff, _heat, _schemes, _organisations)
    for name, draw in zip(CHARTS, drawn, strict=True):
        chart, told_of = draw(alt, found, lang)
        subtitle = f"{period}." if name == "heat" else f"{period}. {words['fixed_prices']}"
        title = alt.TitleParams(words[name], subtitle=subtitle, anchor="start", offset=12, subtitlePadding=4)
        padding = {"left": 5, "top": 5, "right": 2 * _ROOM, "bottom": 5}
        described = f"{words[name]}, {subtitle} {told_of}"
        chart = chart.properties(title=title, padding=padding, description=described)
        chart = chart.configure(locale=alt.Locale(**_DANISH)) if lang == "da" else chart
        file = folder / f"{name}{kind}"
        chart.save(str(file), **options.get(kind, {}))
        if kind != ".png":
            file.write_text(_told(file.read_text(encoding="utf-8"), words[name], described, lang), encoding="utf-8", newline="\n")
        files.append(file)
    return files


def _told(text: str, title: str, described: str, lang: Lang) -> str:
    """A drawing or a page that says what it is, in which language, and in words what it shows."""
    title, described = escape(title), escape(described)
    text = text.replace("<html>", f'<html lang="{lang}">', 1).replace("<head>", f"<head>\n  <title>{title}</title>", 1)
    root = f'<svg role="img" lang="{lang}" aria-label="{title}" '
    return f"{root}{text[5:]}".replace(">", f"><title>{title}</title><desc>{described}</desc>", 1) if text.startswith("<svg ") else text


def _data(alt: Any, rows: list[dict[str, Any]]) -> Any:
    return alt.Data(values=rows)


def _month(day: date) -> str:
    """The first of a month on a time scale without zones or summer time, so that it is the same everywhere."""
    return f"{day.isoformat()}T00:00:00Z"


def _named_month(day: date, lang: Lang) -> str:
    return day_text(day, lang).split(" ", 1)[1]


def _runoff(alt: Any, found: Forecast, lang: Lang) -> tuple[Any, str]:
    """How many run and what they cost, one below the other; with the mean and the band of the first scenario with early exits."""
    words = WORDS[lang]
    banded = next((s for s in found.scenarios if s.by_month), None)
    names = [words["base"], *([words["banded"].format(banded.scenario.name)] if banded else [])]
    rows: list[dict[str, Any]] = [
        {"month": _month(m.month), "what": names[0], "active": m.active, "cost": float(m.cost)} for m in found.months
    ]
    for month, cost, run in zip(banded.months, banded.by_month, banded.running, strict=True) if banded else ():
        ends = {f"{name}_{end}": float(getattr(band, end)) for name, band in (("active", run), ("cost", cost)) for end in ("low", "high")}
        rows.append({"month": _month(month), "what": names[1], "active": float(run.mean), "cost": float(cost.mean), **ends})
    legend = (
        alt.Legend(
            title=None, orient="bottom", labelLimit=640, columnPadding=2 * _ROOM, symbolType="stroke", symbolStrokeWidth=4, symbolOpacity=1
        )
        if banded
        else None
    )
    colour = alt.Color("what:N", sort=names, scale=alt.Scale(domain=names, range=[_DARK, _ORANGE][: len(names)]), legend=legend)
    dash = alt.StrokeDash("what:N", sort=names, scale=alt.Scale(domain=names, range=[[1, 0], [4, 2]][: len(names)]), legend=legend)
    panels = []
    for name, title, height in (("active", words["active"], 200), ("cost", words["monthly"], 240)):
        x = _months(alt, found)
        tooltip = [_month_told(alt, lang), alt.Tooltip(f"{name}:Q", format=",.0f" if name == "active" else ",.2f", title=title)]
        y = alt.Y(f"{name}:Q", title=title, scale=_upwards(alt, found), axis=alt.Axis(format=",.0f", titlePadding=_ROOM, tickMinStep=1))
        line = (
            alt.Chart()
            .mark_line(strokeWidth=2.5, point=len(found.months) == 1)
            .encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tooltip)
        )
        layers = [line]
        if banded:
            area = alt.Chart().mark_area(opacity=0.25).encode(x=x, y=alt.Y(f"{name}_low:Q", title=title), y2=f"{name}_high:Q", color=colour)
            layers.insert(0, area.transform_filter(f"isValid(datum.{name}_low)"))
        panels.append(alt.layer(*layers).properties(width=720, height=height))
    first, last = found.months[0], found.months[-1]
    most = max(found.months, key=lambda m: m.cost)
    said = (first.active, last.active, money(first.cost, lang), money(last.cost, lang), money(most.cost, lang))
    told = words["told.runoff"].format(*said, _named_month(most.month, lang))
    return alt.vconcat(*panels, data=_data(alt, rows)), f"{told} {names[1]}." if banded else told


def _months(alt: Any, found: Forecast) -> Any:
    """The axis of months. Short periods month by month, long ones by the year."""
    months = len(found.months)
    step = 1 if months <= 12 else 3 if months <= 36 else 6 if months <= 72 else 12
    values = [
        {"year": m.month.year, "month": m.month.month, "date": 1, "utc": True} for m in found.months if (m.month.month - 1) % step == 0
    ]
    axis = alt.Axis(
        format="%b %Y" if step < 12 else "%Y", labelAngle=0, values=values, labelOverlap="greedy", labelSeparation=8, labelFlush=False
    )
    return alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=axis)


def _upwards(alt: Any, found: Forecast) -> Any:
    """From nothing upwards, where there is nothing too."""
    nothing = not any(m.active or m.cost for m in found.months) and not any(m.cost for line in found.lines for m in line.months)
    return alt.Scale(domain=[0, 5]) if nothing else alt.Scale(zero=True)


def _month_told(alt: Any, lang: Lang) -> Any:
    return alt.Tooltip("utcyearmonth(month):T", format="%B %Y", title=WORDS[lang]["month"])


def _heat(alt: Any, found: Forecast, lang: Lang) -> tuple[Any, str]:
    words = WORDS[lang]
    names = _MONTHS if lang == "da" else list(calendar.month_name)[1:]
    short = [name[:3] for name in names]
    rows = [{"year": str(m.month.year), "month": short[m.month.month - 1], "ending": m.ending} for m in found.months]
    most = max(found.months, key=lambda m: m.ending)
    base = alt.Chart(_data(alt, rows), width=560, height=34 * len(found.years())).encode(
        x=alt.X("month:O", title=None, sort=short, scale=alt.Scale(domain=short), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("year:O", title=None),
    )
    # So light that black figures can be read on all of them.
    scale = alt.Scale(domain=[0, max(1, most.ending)], range=HEAT)
    cells = base.mark_rect(stroke="#D9D9D9").encode(
        color=alt.Color("ending:Q", title=words["ending"], scale=scale, legend=alt.Legend(format="d", tickMinStep=1))
    )
    told = words["told.heat"].format(sum(m.ending for m in found.months), most.ending, _named_month(most.month, lang))
    return cells + base.mark_text(color="black").encode(text="ending:Q"), told


def _schemes(alt: Any, found: Forecast, lang: Lang) -> tuple[Any, str]:
    """The refund and what is owed to landlords beside it."""
    priced = [line for line in found.lines if line.priced]
    series = {found.title[lang]: [m.cost for m in found.months], **{x.title[lang]: [m.cost for m in x.months] for x in priced}}
    return _areas(alt, found, lang, WORDS[lang]["scheme"], series)


def _organisations(alt: Any, found: Forecast, lang: Lang) -> tuple[Any, str]:
    """The refund by organisation: as many as there are colours that everybody can tell apart, the rest together."""
    words, place = WORDS[lang], {m.month: i for i, m in enumerate(found.months)}
    sums = found.con.execute(f"SELECT month, coalesce(organisation, ''), sum(ore) FROM {MONTHLY} GROUP BY ALL ORDER BY 1, 2").fetchall()
    total: dict[str, int] = {}
    for _, name, ore in sums:
        total[name] = total.get(name, 0) + int(ore)
    named = sorted(total, key=lambda n: (-total[n], n))
    named = named if len(named) <= len(COLOURS) else named[: len(COLOURS) - 1]
    series: dict[str, list[Decimal]] = {n or words["unnamed"]: [Decimal(0)] * len(place) for n in named}
    for month, name, ore in sums:
        shown = (name or words["unnamed"]) if name in named else words["rest"]
        series.setdefault(shown, [Decimal(0)] * len(place))[place[month]] += kroner(ore)
    return _areas(alt, found, lang, words["organisation"], series)


def _areas(alt: Any, found: Forecast, lang: Lang, what: str, series: Mapping[str, Sequence[Decimal]]) -> tuple[Any, str]:
    """Costs on top of one another, the first lowest, where it can be read off; a single month has no area, so it has a bar."""
    shown, words = list(series), WORDS[lang]
    rows = [
        {"month": _month(m.month), "name": name, "cost": float(cost), "order": order}
        for order, (name, costs) in enumerate(series.items())
        for m, cost in zip(found.months, costs, strict=True)
    ]
    legend = alt.Legend(
        title=what, orient="bottom", columns=2, columnPadding=2 * _ROOM, labelLimit=340, symbolType="square", titleAnchor="start"
    )
    tooltip = [_month_told(alt, lang), alt.Tooltip("name:N", title=what)]
    tooltip.append(alt.Tooltip("cost:Q", format=",.2f", title=words["monthly"]))
    base = alt.Chart(_data(alt, rows), width=720, height=320)
    mark = base.mark_area(stroke="white", strokeWidth=0.5) if len(found.months) > 1 else base.mark_bar(size=60)
    chart = mark.encode(
        x=_months(alt, found),
        y=alt.Y(
            "cost:Q",
            stack=True,
            title=words["monthly"],
            scale=_upwards(alt, found),
            axis=alt.Axis(format=",.0f", titlePadding=_ROOM, tickMinStep=1),
        ),
        color=alt.Color("name:N", scale=alt.Scale(domain=shown, range=list(COLOURS[: len(shown)])), sort=shown, legend=legend),
        order="order:Q",
        tooltip=tooltip,
    )
    return chart, words["told.areas"].format("; ".join(f"{name} {money(sum(of, Decimal(0)), lang)} kr." for name, of in series.items()))
