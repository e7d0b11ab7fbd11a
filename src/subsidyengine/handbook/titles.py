"""What the names in formulas are called, for the prose reading."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from ..formula import Lang, Titles, number_text
from ..rulebook import Rulebook, Scheme

_PLAIN = {"share": "", "count": "", "ratio": "", "": ""}
_UNITS = {
    "da": {"DKK/month": "kr. om måneden", "DKK/year": "kr. om året", "DKK/day": "kr. pr. døgn", "DKK": "kr.", "m2": "m²",
           "DKK/m2/year": "kr. pr. m² om året", "year": "år", "month": "måneder", "day": "dage", "km": "km", **_PLAIN},
    "en": {"DKK/month": "kr. a month", "DKK/year": "kr. a year", "DKK/day": "kr. a day", "DKK": "kr.", "m2": "m²",
           "DKK/m2/year": "kr. per m² a year", "year": "years", "month": "months", "day": "days", "km": "km", **_PLAIN},
}  # fmt: skip


def quantity(value: int | Fraction, unit: str, lang: Lang) -> str:
    """``96,71 kr. pr. døgn``; a share as per cent."""
    if unit == "share":
        return f"{number_text(Fraction(value) * 100, lang)} %" if lang == "en" else f"{number_text(Fraction(value) * 100, lang)} pct."
    return f"{_money(number_text(value, lang)) if unit.startswith('DKK') else number_text(value, lang)} {unit_text(unit, lang)}".strip()


def unit_text(unit: str, lang: Lang) -> str:
    """``kr. om måneden``; nothing for a plain number."""
    return _UNITS[lang].get(unit, unit)


def _money(written: str) -> str:
    """Kroner and øre have two places: ``91,50``."""
    return f"{written}0" if re.search(r"[.,]\d$", written) else written


def titles_of(book: Rulebook, scheme: Scheme, day: date | None = None, known: date | None = None) -> Titles:
    """Titles of facts, rates (with the value of ``day`` where one is given), values, settings and enumeration words."""

    def titles(kind: str, name: str, lang: Lang) -> str:
        if kind.startswith("enum:"):
            fact = book.facts.get(kind.removeprefix("enum:"))
            word = fact.values.get(name) if fact else None
            return f"»{word.get(lang)}«" if word else name
        if kind == "fact":
            return book.facts[name].title.get(lang)
        if kind == "value":
            return scheme.values[name].title.get(lang)
        if kind == "setting":
            setting = book.settings[name]
            return setting.title.get(lang)
        rate = book.rates[name]
        title = rate.title.get(lang)
        if day is None:
            return title
        row = rate.at(day, known)
        shown = {"da": "ikke fastlagt", "en": "not established"}[lang] if row.value is None else quantity(row.value, rate.unit, lang)
        return f"{title} ({shown})"

    return titles
