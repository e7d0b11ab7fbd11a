"""Charts of a forecast, as SVG, PNG or a page: run-off with its band, expiries by month and year, cost by scheme and organisation."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..formula import Lang
from .forecast import Forecast
from .months import MONTHLY, kroner
from .words import WORDS

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
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")


def write_charts(found: Forecast, folder: Path, kind: str, lang: Lang) -> list[Path]:
    """Write the charts into ``folder``; ``kind`` is one of ``KINDS``."""
    import altair as alt

    folder.mkdir(parents=True, exist_ok=True)
    files = []
    drawn = (_runoff, _heat, _schemes, _organisations)
    for name, draw in zip(CHARTS, drawn, strict=True):
        plain = draw(alt, found, lang).properties(padding={"left": 5, "top": 5, "right": 2 * _ROOM, "bottom": 5})
        file = folder / f"{name}{kind}"
        chart = plain.configure_title(anchor="start", offset=12)
        chart = chart.configure(locale=alt.Locale(**_DANISH), title=chart.config.title) if lang == "da" else chart
        # A page carries all it needs: it is opened where there may be no network, and asks nobody outside.
        options: dict[str, dict[str, Any]] = {".png": {"scale_factor": 2}, ".html": {"inline": True}}
        chart.save(str(file), **options.get(kind, {}))
        files.append(file)
    return files


def _data(alt: Any, rows: list[dict[str, Any]]) -> Any:
    return alt.Data(values=rows)


def _runoff(alt: Any, found: Forecast, lang: Lang) -> Any:
    """How many run and what they cost, one below the other; with the mean and the band of the first scenario with early exits."""
    words = WORDS[lang]
    banded = next((s for s in found.scenarios if s.by_month), None)
    names = [words["base"], *([words["banded"].format(banded.scenario.name)] if banded else [])]
    rows: list[dict[str, Any]] = [
        {"month": m.month.isoformat(), "what": names[0], "active": m.active, "cost": float(m.cost)} for m in found.months
    ]
    for month, cost, run in zip(banded.months, banded.by_month, banded.running, strict=True) if banded else ():
        ends = {f"{name}_{end}": float(getattr(band, end)) for name, band in (("active", run), ("cost", cost)) for end in ("low", "high")}
        rows.append({"month": month.isoformat(), "what": names[1], "active": float(run.mean), "cost": float(cost.mean), **ends})
    legend = (
        alt.Legend(
            title=None, orient="bottom", labelLimit=640, columnPadding=2 * _ROOM, symbolType="stroke", symbolStrokeWidth=4, symbolOpacity=1
        )
        if banded
        else None
    )
    colour = alt.Color("what:N", sort=names, scale=alt.Scale(domain=names, range=[_DARK, _ORANGE][: len(names)]), legend=legend)
    panels = []
    for name, title, height in (("active", words["active"], 200), ("cost", words["monthly"], 240)):
        x = alt.X("month:T", title=None, axis=_month_axis(alt, found))
        y = alt.Y(f"{name}:Q", title=title, scale=alt.Scale(zero=True), axis=alt.Axis(format=",.0f", titlePadding=_ROOM))
        line = (
            alt.Chart()
            .mark_line(strokeWidth=2.5)
            .encode(x=x, y=y, color=colour, strokeDash=alt.StrokeDash("what:N", sort=names, legend=None))
        )
        layers = [line]
        if banded:
            area = alt.Chart().mark_area(opacity=0.25).encode(x=x, y=alt.Y(f"{name}_low:Q", title=title), y2=f"{name}_high:Q", color=colour)
            layers.insert(0, area.transform_filter(f"isValid(datum.{name}_low)"))
        panels.append(alt.layer(*layers).properties(width=720, height=height))
    return alt.vconcat(*panels, data=_data(alt, rows), title=words["runoff"])


def _month_axis(alt: Any, found: Forecast) -> Any:
    """Short periods month by month, long ones by the year."""
    months = len(found.months)
    step = 1 if months <= 12 else 3 if months <= 36 else 6 if months <= 72 else 12
    values = [{"year": m.month.year, "month": m.month.month, "date": 1} for m in found.months if (m.month.month - 1) % step == 0]
    return alt.Axis(format="%b %Y" if step < 12 else "%Y", labelAngle=0, values=values, labelOverlap=True)


def _heat(alt: Any, found: Forecast, lang: Lang) -> Any:
    words = WORDS[lang]
    names = _MONTHS if lang == "da" else list(calendar.month_name)[1:]
    short = [name[:3] for name in names]
    rows = [{"year": str(m.month.year), "month": short[m.month.month - 1], "ending": m.ending} for m in found.months]
    base = alt.Chart(_data(alt, rows), title=words["heat"], width=560, height=34 * len(found.years())).encode(
        x=alt.X("month:O", title=None, sort=short, scale=alt.Scale(domain=short), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("year:O", title=None),
    )
    cells = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "ending:Q", title=words["ending"], scale=alt.Scale(scheme="blues", domainMin=0), legend=alt.Legend(format="d", tickMinStep=1)
        )
    )
    most = max((m.ending for m in found.months), default=0)
    text = base.mark_text().encode(
        text="ending:Q", color=alt.condition(alt.datum.ending > most * 0.6, alt.value("white"), alt.value("black"))
    )
    return cells + text


def _schemes(alt: Any, found: Forecast, lang: Lang) -> Any:
    """The refund and what is owed to landlords beside it."""
    priced = [line for line in found.lines if line.priced]
    series = {found.title[lang]: [m.cost for m in found.months], **{x.title[lang]: [m.cost for m in x.months] for x in priced}}
    return _areas(alt, found, lang, WORDS[lang]["stacked"], WORDS[lang]["scheme"], series)


def _organisations(alt: Any, found: Forecast, lang: Lang) -> Any:
    """The refund by organisation: as many as there are colours that everybody can tell apart, the rest together."""
    words, place = WORDS[lang], {m.month: i for i, m in enumerate(found.months)}
    sums = found.con.execute(f"SELECT month, coalesce(organisation, ''), sum(ore) FROM {MONTHLY} GROUP BY ALL ORDER BY 1, 2").fetchall()
    total: dict[str, int] = {}
    for _, name, ore in sums:
        total[name] = total.get(name, 0) + int(ore)
    named = sorted(total, key=lambda n: (-total[n], n))
    named = named if len(named) <= len(_COLOURS) else named[: len(_COLOURS) - 1]
    series: dict[str, list[Decimal]] = {n or words["unnamed"]: [Decimal(0)] * len(place) for n in named}
    for month, name, ore in sums:
        shown = (name or words["unnamed"]) if name in named else words["rest"]
        series.setdefault(shown, [Decimal(0)] * len(place))[place[month]] += kroner(ore)
    return _areas(alt, found, lang, words["organisations"], words["organisation"], series)


def _areas(alt: Any, found: Forecast, lang: Lang, title: str, what: str, series: Mapping[str, Sequence[Decimal]]) -> Any:
    """Costs on top of one another, the first lowest, where it can be read off."""
    shown = list(series)
    rows = [
        {"month": m.month.isoformat(), "name": name, "cost": float(cost), "order": order}
        for order, (name, costs) in enumerate(series.items())
        for m, cost in zip(found.months, costs, strict=True)
    ]
    legend = alt.Legend(
        title=what, orient="bottom", columns=2, columnPadding=2 * _ROOM, labelLimit=340, symbolType="square", titleAnchor="start"
    )
    return (
        alt.Chart(_data(alt, rows), title=title, width=720, height=320)
        .mark_area(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("month:T", title=None, axis=_month_axis(alt, found)),
            y=alt.Y("cost:Q", stack=True, title=WORDS[lang]["monthly"], axis=alt.Axis(format=",.0f", titlePadding=_ROOM)),
            color=alt.Color("name:N", scale=alt.Scale(domain=shown, range=list(_COLOURS[: len(shown)])), sort=shown, legend=legend),
            order="order:Q",
        )
    )
