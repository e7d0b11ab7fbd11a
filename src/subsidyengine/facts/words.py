"""Values as written become values of facts: one reader per word of the vocabulary, built once.

Numbers are exact from end to end: an int stays one, a decimal becomes a fraction. A binary float only ever comes from a
library or a spreadsheet; it is read through its shortest decimal text and must have at most six decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NoReturn

from ..formula import near, plain
from ..rulebook.model import Fact
from .case import FactValue, Given
from .problems import shown

Convert = Callable[[Any], FactValue]

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?\d{1,15}(\.\d{1,18})?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ]+(\d{1,2})[-./ ]+(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?:(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(\d{4})(\d\d)(\d\d))(?:[T ].*)?", re.ASCII)
_COMMA = re.compile(r"[-+]?[\d. ]*,\d+", re.ASCII)
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
            raise Wrong(f"{shown(value)} has a time of day: write {value.date().isoformat()}")
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
        raise error if isinstance(error, Wrong) else Wrong(f"{text} is no day of the calendar") from None


def _in_range(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        raise Wrong(f"the year of {day.isoformat()} is outside 1800-2299 (leave out a day that is not known)")
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
            raise Wrong(f"{shown(value)} is no day: write {near_form.isoformat()}")
    raise Wrong(f"{shown(value)} is no day: write it as YYYY-MM-DD")


def read_number(value: Any) -> int | Fraction:
    """An exact number from an int, a Decimal, a Fraction, decimal text or a short float; Wrong otherwise."""
    if type(value) is str:
        if not _DECIMAL.fullmatch(value):
            _no_number(value)
        value = Decimal(value)
    elif type(value) is float:
        value = _from_float(value)
    if type(value) is Decimal:
        if not value.is_finite():
            raise Wrong(f"{shown(value)} is no number")
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_MOST_DECIMALS:
            raise Wrong(f"{shown(value)} has more than {_MOST_DECIMALS} decimals")
        if value.adjusted() >= _MOST_DIGITS:  # before it is written out in full
            raise Wrong(f"{shown(value)} is too large")
        top, bottom = value.as_integer_ratio()
        number: int | Fraction = top if bottom == 1 else Fraction(top, bottom)
    elif type(value) is int or type(value) is Fraction:
        if not -(10**_MOST_DIGITS) < value < 10**_MOST_DIGITS:
            raise Wrong(f"{shown(value)} is too large")
        number = value.numerator if value.denominator == 1 else value
    else:
        _no_number(value)
    return number


def _from_float(value: float) -> Decimal:
    number = Decimal(repr(value))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_FLOAT_DECIMALS:
        raise Wrong(f"{value!r} has more than {_FLOAT_DECIMALS} decimals: round it, or give it as text")
    return number


def _no_number(value: Any) -> NoReturn:
    text = str(value).strip() if isinstance(value, str) else ""
    if _COMMA.fullmatch(text):
        point = text.replace(".", "").replace(" ", "").replace(",", ".")
        raise Wrong(f"{shown(value)} is no number: write {point}, with a decimal point and no thousands separator")
    raise Wrong(f"{shown(value)} is no number: write it like 5500.00")


def _two_readings(value: Any) -> bool:
    """Written with exactly three decimals and one to three digits before them: ``5.500`` is 5500 to a Danish reader."""
    if type(value) is str and _DECIMAL.fullmatch(value):
        value = Decimal(value)
    return type(value) is Decimal and value.as_tuple().exponent == -3 and 1 <= abs(value) < 1000


def _either(number: int | Fraction, whole: bool) -> str:
    """Both readings, each as it should be written: ``write 5500, or 5.50 if that is meant``."""
    thousands = int(number * 1000)
    if number.denominator == 1:
        return f"write {thousands} or {number}"
    return f"write {thousands}" if whole else f"write {thousands}, or {plain(number)}0 if that is meant"


def read_text(value: Any) -> str:
    """Text for people; Wrong for anything else, and for text that cannot be written out."""
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is no text: put it in quotes")
    text = value.strip()
    if not text:
        raise Wrong("is empty: leave it out when it is not known")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Wrong(f"{shown(value)} holds a broken character") from None
    return text


def _bool_reader(_: Fact) -> Convert:
    def convert(value: Any) -> bool:
        if value is True or value is False:
            return value
        raise Wrong(f"{shown(value)} is neither true nor false")

    return convert


def _number_reader(fact: Fact) -> Convert:
    low, high = fact.min, fact.max
    whole = fact.kind == "integer"
    guarded = whole or fact.unit.startswith("DKK") or fact.unit == "m2"

    def convert(value: Any) -> int | Fraction:
        number = read_number(value)
        if guarded and type(value) is not int and _two_readings(value):
            raise Wrong(f"{shown(value)} can be read in two ways: {_either(number, whole)}")
        if whole and type(number) is not int:
            raise Wrong(f"{shown(value)} is no whole number")
        if low is not None and (number.numerator < 0 if low == 0 else number < low):
            raise Wrong(f"{shown(value)} is below {plain(low)}, the least it can be")
        if high is not None and number > high:
            share = " (a share is written as a decimal: 40 % is 0.40)" if fact.unit == "share" else ""
            raise Wrong(f"{shown(value)} is above {plain(high)}, the most it can be{share}")
        return number

    return convert


def _day_reader(_: Fact) -> Convert:
    return read_day


def _days_reader(_: Fact) -> Convert:
    def convert(value: Any) -> tuple[date, ...]:
        days = [read_day(v) for v in value] if isinstance(value, list | tuple) else [read_day(value)]
        if len(set(days)) < len(days):
            raise Wrong("a day stands twice in the list")
        return tuple(sorted(days))

    return convert


def _enum_reader(fact: Fact) -> Convert:
    allowed = {word: word for word in fact.values}

    def convert(value: Any) -> str:
        if type(value) is str:
            if value in allowed:
                return allowed[value]
            snake = re.sub(r"[\s-]+", "_", value.strip().lower())
            hint = f" - did you mean '{snake}'?" if snake in allowed else near(value, allowed)
        else:
            hint = ""
        raise Wrong(f"{shown(value)} is none of {', '.join(allowed)}{hint}")

    return convert


def _text_reader(_: Fact) -> Convert:
    return read_text


_READERS: dict[str, Callable[[Fact], Convert]] = {
    "bool": _bool_reader, "number": _number_reader, "integer": _number_reader, "date": _day_reader,
    "dates": _days_reader, "enum": _enum_reader, "text": _text_reader,
}  # fmt: skip


class Word:
    """One fact as a case file may give it: reads a bare value, and shares what it read where values recur."""

    __slots__ = ("convert", "fact", "kind", "name", "shared")

    def __init__(self, fact: Fact) -> None:
        self.fact, self.name, self.kind = fact, fact.name, fact.kind
        self.convert = _READERS[fact.kind](fact)
        #: Statements of a bare value, for the few values of a bool or an enum.
        self.shared: dict[bool | str, tuple[Given, ...]] = {}
        if self.kind == "bool":
            self.shared = {flag: (Given(flag),) for flag in (True, False)}
        elif self.kind == "enum":
            self.shared = {word: (Given(word),) for word in fact.values}


class Words:
    """The vocabulary made ready for reading cases."""

    __slots__ = ("groups", "hints", "names", "vocabulary")

    def __init__(self, vocabulary: Mapping[str, Fact]) -> None:
        self.vocabulary = vocabulary
        self.names = {name: Word(fact) for name, fact in vocabulary.items()}
        parts = [name.split(".") for name in vocabulary]
        self.groups = frozenset(".".join(p[:i]) for p in parts for i in range(1, len(p)))
        self.hints: dict[str, str] = {}

    def near(self, name: str) -> str:
        """`` - did you mean 'lease.rent'?`` for a fact or a group of facts; computed once for each wrong name."""
        hint = self.hints.get(name)
        if hint is None:
            hint = near(name, self.groups) if "." not in name else ""
            same_end = [n for n in self.names if n.endswith(f".{name}")][:3]
            if not hint and same_end:
                hint = f" - did you mean {' or '.join(repr(n) for n in same_end)}?"
            hint = hint or near(name, self.names)
            if len(self.hints) < 1000:
                self.hints[name] = hint
        return hint


_WORDS: dict[int, Words] = {}


def words_of(vocabulary: Mapping[str, Fact]) -> Words:
    """The lookup tables of ``vocabulary``, built on first use. A vocabulary must not change once it was used."""
    found = _WORDS.get(id(vocabulary))
    if found is None:  # what is kept holds its vocabulary, so an id in use is never taken over
        if len(_WORDS) >= 16:
            _WORDS.clear()
        found = _WORDS[id(vocabulary)] = Words(vocabulary)
    return found
