"""JSON with places: numbers stay exact, keys that stand twice are noticed, and a path can be found again in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from json import JSONDecodeError, JSONDecoder
from typing import Any

from ..rulebook import Path, Place
from ..words import quoted, say

_SPACE = re.compile(r"[ \t\r\n]*")
_STRINGS = JSONDecoder()
_SCALAR = re.compile(r"[^\s,\]}]+")


class JsonError(ValueError):
    """The text is no JSON, at ``offset``."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset, self.message = offset, message


def _string(text: str, start: int) -> tuple[str, int]:
    """The string that opens at ``start``, and where it ends."""
    value, end = _STRINGS.raw_decode(text, start)
    return str(value), end


class JsonReader:
    """Reads values out of a text. ``twice`` says whether an object of the last value has a key two times."""

    def __init__(self) -> None:
        self.twice = False
        self._decode = JSONDecoder(object_pairs_hook=self._object, parse_float=Decimal).raw_decode

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) != len(pairs):
            self.twice = True
        return data

    def value(self, text: str, start: int = 0) -> tuple[Any, int]:
        """The value at ``start`` and where it ends; JsonError when there is none."""
        self.twice = False
        try:
            return self._decode(text, start)
        except JSONDecodeError as error:
            reason = quoted(f"{error.msg[:1].lower()}{error.msg[1:]}")
            raise JsonError(error.pos, say("not JSON: {reason}", reason=reason)) from None
        except RecursionError:
            raise JsonError(start, say("nested too deeply")) from None
        except ValueError:  # Python refuses to read ints of thousands of digits
            raise JsonError(start, say("a number has too many digits")) from None

    def values(self, text: str) -> Iterator[tuple[int, Any]]:
        """Each case of a file with its offset: the entries of a list, or objects one after another."""
        position = skip(text, 0)
        if text[position : position + 1] != "[":
            while position < len(text):
                value, end = self.value(text, position)
                yield position, value
                position = skip(text, end)
            return
        position = skip(text, position + 1)
        while text[position : position + 1] != "]":
            value, end = self.value(text, position)
            yield position, value
            position = skip(text, end)
            if text[position : position + 1] == ",":
                position = skip(text, position + 1)
                if text[position : position + 1] == "]":
                    raise JsonError(position, say("not JSON: a comma stands before ']'"))
            elif text[position : position + 1] != "]":
                raise JsonError(position, say("not JSON: expecting ',' or ']'"))
        if (rest := skip(text, position + 1)) < len(text):
            raise JsonError(rest, say("not JSON: something stands after the list"))


def skip(text: str, position: int) -> int:
    """Where the next sign that is no white space stands."""
    match = _SPACE.match(text, position)
    return match.end() if match else position


@dataclass(slots=True)
class JsonPlaces:
    """Places inside one JSON value of a file; the text is only gone through when a place is asked for."""

    file: str
    text: str
    start: int
    line: int
    found: dict[Path, int] = field(default_factory=dict)
    twice: list[tuple[Path, int, int]] = field(default_factory=list)

    def __call__(self, path: Path) -> Place:
        if not path:
            return Place(self.file, self.line)
        self.locate()
        while path and path not in self.found:
            path = path[:-1]
        return self.at(self.found.get(path, self.start))

    def at(self, offset: int) -> Place:
        """The place of an offset of the text."""
        line = self.line + self.text.count("\n", self.start, offset)
        return Place(self.file, line, offset - self.text.rfind("\n", 0, offset))

    def locate(self) -> None:
        """Find where every path begins, and every key that stands twice."""
        if not self.found:
            self.found[()] = self.start
            try:
                self._value(self.start, ())
            except (RecursionError, ValueError, IndexError):
                return  # what was found so far is near enough

    def _value(self, position: int, path: Path) -> int:
        """Record the value at ``position``; where it ends."""
        opening = self.text[position]
        if opening == '"':
            return _string(self.text, position)[1]
        if opening not in "{[":
            match = _SCALAR.match(self.text, position)
            return match.end() if match else len(self.text)
        position = skip(self.text, position + 1)
        index = 0
        while self.text[position] not in "}]":
            key: str | int = index
            begins = position
            if opening == "{":
                key, position = _string(self.text, position)
                position = skip(self.text, skip(self.text, position) + 1)
            inner = (*path, key)
            if inner in self.found:
                self.twice.append((inner, begins, self.found[inner]))
            else:
                self.found[inner] = begins
            position = skip(self.text, self._value(position, inner))
            if self.text[position] == ",":
                position = skip(self.text, position + 1)
            index += 1
        return position + 1
