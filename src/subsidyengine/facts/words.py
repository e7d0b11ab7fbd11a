"""One reader per word of the vocabulary, built once: what a case file may say of each fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..formula import near, plain
from ..rulebook import Fact
from ..words import say
from .case import FactValue, Given
from .problems import shown
from .values import Wrong, is_decimal_text, read_day, read_number, read_text

Convert = Callable[[Any], FactValue]

#: What is said for true and false, and what to write instead.
_SAID: dict[str | int, str] = {
    **dict.fromkeys(("yes", "ja", "1", 1, "true", "sand"), "true"),
    **dict.fromkeys(("no", "nej", "0", 0, "false", "falsk"), "false"),
}
_LIKE = {"m2": "48.5", "share": "0.40"}


def two_readings(value: Any) -> bool:
    """Written with exactly three decimals and one to three digits before them: ``5.500`` is 5500 to a Danish reader."""
    if type(value) is str and is_decimal_text(value):
        value = Decimal(value)
    return type(value) is Decimal and value.as_tuple().exponent == -3 and 1 <= abs(value) < 1000


def either_reading(number: int | Fraction, whole: bool) -> str:
    """Both readings, each as it should be written: ``write 5500, or 5.50 if that is meant``."""
    thousands = int(number * 1000)
    if number.denominator == 1:
        return say("write {thousands} or {number}", thousands=thousands, number=number)
    if whole:
        return say("write {number}", number=thousands)
    top, bottom = number.numerator, number.denominator
    places = 2 if 100 % bottom == 0 else 4  # three would be refused again
    small = f"{Decimal(top) / Decimal(bottom):.{places}f}"
    return say("write {thousands}, or {small} if that is meant", thousands=thousands, small=small)


def refuse_two_readings(value: Any, number: int | Fraction, whole: bool = False) -> None:
    """Wrong for ``4.500``, which somebody may have meant as thousands."""
    if type(value) is not int and two_readings(value):
        raise Wrong(say("{given} can be read in two ways: {either}", given=shown(value), either=either_reading(number, whole)))


def _bool_reader(_: Fact) -> Convert:
    def convert(value: Any) -> bool:
        if value is True or value is False:
            return value
        meant = _SAID.get(value.lower() if isinstance(value, str) else value) if isinstance(value, str | int) else None
        if meant:
            raise Wrong(say("{given} is neither true nor false: write {meant}, without quotes", given=shown(value), meant=meant))
        raise Wrong(say("{given} is neither true nor false", given=shown(value)))

    return convert


def _number_reader(fact: Fact) -> Convert:
    low, high = fact.min, fact.max
    whole = fact.kind == "integer"
    like = "2" if whole else "5500.00" if fact.unit.startswith("DKK") else _LIKE.get(fact.unit, "1.5")
    guarded = whole or fact.unit.startswith("DKK") or fact.unit == "m2"

    def convert(value: Any) -> int | Fraction:
        number = read_number(value, like)
        if guarded:
            refuse_two_readings(value, number, whole)
        if whole and type(number) is not int:
            raise Wrong(say("{given} is no whole number", given=shown(value)))
        if low is not None and (number.numerator < 0 if low == 0 else number < low):
            raise Wrong(say("{given} is below {least}, the least it can be", given=shown(value), least=plain(low)))
        if high is not None and number > high:
            share = say(" (a share is written as a decimal: 40 % is 0.40)") if fact.unit == "share" else ""
            raise Wrong(say("{given} is above {most}, the most it can be{hint}", given=shown(value), most=plain(high), hint=share))
        return number

    return convert


def _day_reader(_: Fact) -> Convert:
    return read_day


def _days_reader(_: Fact) -> Convert:
    def convert(value: Any) -> tuple[date, ...]:
        days = [read_day(v) for v in value] if isinstance(value, list | tuple) else [read_day(value)]
        if len(set(days)) < len(days):
            raise Wrong(say("a day stands twice in the list"))
        return tuple(sorted(days))

    return convert


def _enum_reader(fact: Fact) -> Convert:
    allowed = {word: word for word in fact.values}

    def convert(value: Any) -> str:
        if type(value) is str:
            if value in allowed:
                return allowed[value]
            snake = re.sub(r"[\s-]+", "_", value.strip().lower())
            hint = say(" - did you mean '{name}'?", name=snake) if snake in allowed else near(value, allowed)
        else:
            hint = ""
        raise Wrong(say("{given} is none of {words}{hint}", given=shown(value), words=", ".join(allowed), hint=hint))

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


def _one_of(names: list[str]) -> str:
    if len(names) == 1:
        return say(" - did you mean '{name}'?", name=names[0])
    if len(names) == 2:
        return say(" - did you mean '{first}' or '{second}'?", first=names[0], second=names[1])
    return say(" - did you mean '{first}' or '{second}' or '{third}'?", first=names[0], second=names[1], third=names[2])


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
            same_end = [n for n in self.names if n.endswith(f".{name}")][:3]
            group = near(name, self.groups) if "." not in name else ""
            hint = _one_of(same_end) if same_end else group or near(name, self.names)
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
