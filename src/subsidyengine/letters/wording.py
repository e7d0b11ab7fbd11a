"""How values and provisions are written in a letter: Danish or British formats (Babel), and the no-break spaces of both.

Machine output keeps the contract's form; only letters use this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from ..document import money
from ..formula import Lang, Type, exact_decimal, plain, quantize
from ..rulebook import Fact

LOCALES = {"da": "da_DK", "en": "en_GB"}
_DAYS = {"da": "d.\N{NO-BREAK SPACE}MMMM y", "en": "d\N{NO-BREAK SPACE}MMMM y"}
_UNITS = {
    "da": {"DKK/m2/year": "kr. pr. m² om året", "DKK/m2": "kr. pr. m²", "year": "år", "month": "måneder", "day": "dage", "m2": "m²",
           "day/month": "dage pr. måned", "km": "km", "count": "", "ratio": ""},
    "en": {"DKK/m2/year": "kr. per m² a year", "DKK/m2": "kr. per m²", "year": "years", "month": "months", "day": "days", "m2": "m²",
           "day/month": "days a month", "km": "km", "count": "", "ratio": ""},
}  # fmt: skip
_YES = {"da": ("ja", "nej"), "en": ("yes", "no")}
#: A number or sign and what must stay on its line: ``§ 63``, ``stk. 3``, ``4 uger``, ``1. marts``, ``100 kr.``.
_BIND = re.compile(
    r"(?:(?<=§)|(?<=\bstk\.)|(?<=\bnr\.)|(?<=\bkap\.)|(?<=\b(?:BEK|LBK|VEJ|lov))) (?=[\d§])"
    r"|(?<=\d) (?=(?:kr\.|uger?\b|måneder\b|år\b|dage\b|m²|mio\.|weeks?\b|months?\b|years?\b|days?\b|[a-z](?= stk\.|[,;.)]|$)))"
    r"|(?<=\d\.) (?=(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)\b)"
    r"|(?<=\d) (?=(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
)


def bind(text: str) -> str:
    """``text`` with no-break spaces where a line must not end."""
    return _BIND.sub("\N{NO-BREAK SPACE}", text)


def day(value: date, lang: Lang) -> str:
    """``31. august 2028`` or ``31 August 2028``, never split after the day."""
    return format_date(value, _DAYS[lang], LOCALES[lang])


def provisions(texts: Sequence[str]) -> list[str]:
    """Citations as a lawyer writes them: ``almenboligloven § 63, stk. 3``; each once, in order."""
    found = dict.fromkeys(part.strip() for text in texts for part in text.split(";") if part.strip())
    return [re.sub(r"(?<=[\da-z]) (?=(?:stk|nr)\.|\d+\.\N{NO-BREAK SPACE}?\s?pkt)", ", ", bind(text)) for text in found]


def number(value: int | Fraction | Decimal, unit: str, lang: Lang) -> str:
    """An exact number with its unit; money with two decimals, a share as per cent, a third as ``1/3``."""
    exact = value if isinstance(value, Decimal) else exact_decimal(value)
    if unit.startswith("DKK"):
        exact = quantize(Fraction(value), "0.01", ROUND_HALF_UP)
    elif exact is None:
        return str(value)
    if unit in ("DKK", "DKK/month", "DKK/year", "DKK/day"):
        return money(exact, unit, lang)
    if unit == "share":
        return format_percent(exact, "#,##0.##\N{NO-BREAK SPACE}%", LOCALES[lang])
    pattern = "#,##0.00" if unit.startswith("DKK") else "#,##0.####"
    text = format_decimal(exact, pattern, LOCALES[lang])
    word = _UNITS[lang].get(unit, unit)
    if lang == "en" and exact == 1 and word.endswith("s"):
        word = word[:-1]
    if lang == "da" and exact == 1:
        word = {"måneder": "måned", "dage": "dag"}.get(word, word)
    return f"{text}\N{NO-BREAK SPACE}{word}" if word else text


def typed(value: Any, unit: str, lang: Lang) -> str:
    """A value of a formula: yes or no, a number with its unit, a day or several, a word."""
    if isinstance(value, bool):
        return _YES[lang][not value]
    if isinstance(value, int | Fraction | Decimal):
        return number(value, unit, lang)
    if isinstance(value, date):
        return day(value, lang)
    if isinstance(value, tuple) and value and isinstance(value[0], date):
        return ", ".join(day(v, lang) for v in value)
    return str(plain(value))


def unit_of(kind: Type) -> str:
    """The unit of a type as rules write it; empty for a plain number."""
    return str(kind.unit) if kind.unit is not None and kind.unit.powers else ""


def fact_value(fact: Fact, value: Any, lang: Lang) -> str:
    """A fact's value in words: an enumeration by its title."""
    if fact.kind == "enum" and isinstance(value, str) and value in fact.values:
        return bind(fact.values[value].get(lang))
    return typed(value, fact.unit, lang)


def lower_first(text: str) -> str:
    """``Refusion af husleje`` as it stands inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """A title as a line of a table."""
    return text[:1].upper() + text[1:]
