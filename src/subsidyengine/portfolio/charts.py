"""Charts of a forecast, as SVG, PNG or a page: run-off, expiries by month and year, cost by organisation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..formula import Lang
from .forecast import Forecast
from .months import MONTHLY, kroner
from .words import WORDS

CHARTS = ("runoff", "heat", "stacked")
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
_BLUE, _DARK = "#8FB4D9", "#1F3A5F"


def write_charts(found: Forecast, folder: Path, kind: str, lang: Lang) -> list[Path]:
    """Write the three charts into ``folder``; ``kind`` is one of ``KINDS``."""
    import altair as alt

    folder.mkdir(parents=True, exist_ok=True)
    made = {"runoff": _runoff(alt, found, lang), "heat": _heat(alt, found, lang), "stacked": _stacked(alt, found, lang)}
    files = []
    for name, plain in made.items():
        file = folder / f"{name}{kind}"
        chart = plain.configure(locale=alt.Locale(**_DANISH)) if lang == "da" else plain
        chart.save(str(file), **({"scale_factor": 2} if kind == ".png" else {}))
        files.append(file)
    return files


def _data(alt: Any, rows: list[dict[str, Any]]) -> Any:
    return alt.Data(values=rows)


def _runoff(alt: Any, found: Forecast, lang: Lang) -> Any:
    words = WORDS[lang]
    rows = [{"month": m.month.isoformat(), "cost": float(m.cost), "active": m.active} for m in found.months]
    base = alt.Chart(_data(alt, rows), title=words["runoff"], width=720, height=320).encode(x=alt.X("month:T", title=words["month"]))
    cost = base.mark_bar(color=_BLUE, size=9).encode(
        y=alt.Y("cost:Q", title=words["cost"], axis=alt.Axis(titleColor="#41698f", format=",.0f"))
    )
    active = base.mark_line(color=_DARK, strokeWidth=2.5).encode(
        y=alt.Y("active:Q", title=words["active"], axis=alt.Axis(titleColor=_DARK))
    )
    return alt.layer(cost, active).resolve_scale(y="independent")


def _heat(alt: Any, found: Forecast, lang: Lang) -> Any:
    words = WORDS[lang]
    rows = [{"year": str(m.month.year), "month": m.month.month, "ending": m.ending} for m in found.months]
    base = alt.Chart(_data(alt, rows), title=words["heat"], width=560, height=34 * len(found.years())).encode(
        x=alt.X("month:O", title=words["month"], axis=alt.Axis(labelAngle=0)), y=alt.Y("year:O", title=words["year"])
    )
    cells = base.mark_rect(stroke="white").encode(color=alt.Color("ending:Q", title=words["ending"], scale=alt.Scale(scheme="blues")))
    most = max((m.ending for m in found.months), default=0)
    text = base.mark_text().encode(
        text="ending:Q", color=alt.condition(alt.datum.ending > most * 0.6, alt.value("white"), alt.value("black"))
    )
    return cells + text


def _stacked(alt: Any, found: Forecast, lang: Lang) -> Any:
    words = WORDS[lang]
    sums = found.con.execute(f"SELECT month, coalesce(organisation, ''), sum(ore) FROM {MONTHLY} GROUP BY ALL ORDER BY 1, 2").fetchall()
    rows = [{"month": m.isoformat(), "organisation": name, "cost": float(kroner(ore))} for m, name, ore in sums]
    return (
        alt.Chart(_data(alt, rows), title=words["stacked"], width=720, height=320)
        .mark_area()
        .encode(
            x=alt.X("month:T", title=words["month"]), y=alt.Y("cost:Q", stack=True, title=words["cost"], axis=alt.Axis(format=",.0f")),
            color=alt.Color("organisation:N", title=words["organisation"]),
        )
    )  # fmt: skip
