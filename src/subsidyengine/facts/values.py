"""Numbers, days and text as written become exact values, or a message that says what to write.

Numbers are exact from end to end: an int stays one, a decimal becomes a fraction. A binary float only ever comes from a
library or a spreadsheet; it is read through its shortest decimal text and must have at most six decimals.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NoReturn

from ..formula import plain
from ..words import say
from .problems import shown

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?\d{1,15}(\.\d{1,18})?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ]+(\d{1,2})[-./ ]+(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?:(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(\d{4})(\d\d)(\d\d))(?:[T ].*)?", re.ASCII)
_COMMA = re.compile(r"[-+]?[\d. ]*,\d+", re.ASCII)
_PERCENT = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?) ?%", re.ASCII)
_FIRST, _LAST = date(1800, 1, 1), date(2299, 12, 31)
_MOST_DIGITS = 15
_FLOAT_DECIMALS = 6
_MOST_DECIMALS = 18


class Wrong(ValueError):
    """A value is not what its fact asks for; the text says what to write."""


def read_day(value: Any) -> date:
    """A day from a date or from ISO text; Wrong with the near form otherwise."""
    if type(value) is date:
        day = value
    elif isinstance(value, datetime):
        if value.time() != time():
            raise Wrong(say("{given} has a time of day: write {day}", given=shown(value), day=value.date()))
        day = value.date()
    elif isinstance(value, date):
        day = date(value.year, value.month, value.day)
    elif isinstance(value, str):
        return _day_of_text(value)
    else:
        _no_day(value)
    return _in_range(day)


@lru_cache(maxsize=4096)
def _day_of_text(text: str) -> date:
    if not _ISO.fullmatch(text):
        _no_day(text)
    try:
        return _in_range(date.fromisoformat(text))
    except ValueError as error:
        raise error if isinstance(error, Wrong) else Wrong(say("{given} is no day of the calendar", given=text)) from None


def _in_range(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        raise Wrong(say("the year of {day} is outside 1800-2299 (leave out a day that is not known)", day=day))
    return day


def _no_day(value: Any) -> NoReturn:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    parts: tuple[str, ...] = ()
    if match := _DAY_FIRST.fullmatch(text):
        parts = (match[3], match[2], match[1])
    elif match := _YEAR_FIRST.fullmatch(text):
        parts = tuple(part for part in match.groups() if part)
    if parts:
        try:
            near_form = date(*map(int, parts))
        except ValueError:
            pass
        else:
            raise Wrong(say("{given} is no day: write {form}", given=shown(value), form=near_form))
    raise Wrong(say("{given} is no day: write it as YYYY-MM-DD", given=shown(value)))


def read_number(value: Any, like: str = "5500.00") -> int | Fraction:
    """An exact number from an int, a Decimal, a Fraction, decimal text or a short float; Wrong (with ``like``) otherwise."""
    if type(value) is str:
        if not _DECIMAL.fullmatch(value):
            _no_number(value, like)
        value = Decimal(value)
    elif type(value) is float:
        value = _from_float(value)
    if type(value) is Decimal:
        if not value.is_finite():
            raise Wrong(say("{given} is no number", given=shown(value)))
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_MOST_DECIMALS:
            raise Wrong(say("{given} has more than {most} decimals", given=shown(value), most=_MOST_DECIMALS))
        if value.adjusted() >= _MOST_DIGITS:  # before it is written out in full
            raise Wrong(say("{given} is too large", given=shown(value)))
        top, bottom = value.as_integer_ratio()
        number: int | Fraction = top if bottom == 1 else Fraction(top, bottom)
    elif type(value) is int or type(value) is Fraction:
        if not -(10**_MOST_DIGITS) < value < 10**_MOST_DIGITS:
            raise Wrong(say("{given} is too large", given=shown(value)))
        number = value.numerator if value.denominator == 1 else value
    else:
        _no_number(value, like)
    return number


def _from_float(value: float) -> Decimal:
    number = Decimal(repr(value))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_FLOAT_DECIMALS:
        raise Wrong(say("{given} has more than {most} decimals: round it, or give it as text", given=repr(value), most=_FLOAT_DECIMALS))
    return number


def is_decimal_text(text: str) -> bool:
    """Whether ``text`` is a number as it should be written: 5500 or 5500.00."""
    return _DECIMAL.fullmatch(text) is not None


def _no_number(value: Any, like: str) -> NoReturn:
    text = str(value).strip() if isinstance(value, str) else ""
    if _COMMA.fullmatch(text):
        point = text.replace(".", "").replace(" ", "").replace(",", ".")
        message = say("{given} is no number: write {form}, with a decimal point and no thousands separator", given=shown(value), form=point)
        raise Wrong(message)
    if match := _PERCENT.fullmatch(text):
        share = Fraction(match[1].replace(",", ".")) / 100
        raise Wrong(say("{given} is no number: write {form}", given=shown(value), form=plain(share)))
    raise Wrong(say("{given} is no number: write it like {like}", given=shown(value), like=like))


#: What a cell of a workbook shows whose formula failed, by the name of the fault.
FAILED = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!",
    "": "#ERROR!",
}  # fmt: skip


def read_text(value: Any) -> str:
    """Text for people; Wrong for anything else, and for text that cannot be written out."""
    if not isinstance(value, str):
        raise Wrong(say("{given} is no text: put it in quotes", given=shown(value)))
    text = value.strip()
    if not text:
        raise Wrong(say("is empty: leave it out when it is not known"))
    if text in FAILED.values():
        raise Wrong(say("{given} is what a formula shows that failed", given=text))
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Wrong(say("{given} holds a broken character", given=shown(value))) from None
    return text
