"""YAML 1.2 with places: plain data, and for every path the line and column it was written at.

Used for rule files and for case files. Decimals stay exact, days become dates, `on` and `no` are plain words. Anchors
and aliases are refused (a small file could grow without bound), so are keys that stand twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..words import quoted, say

Path = tuple[str | int, ...]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INT = re.compile(r"[-+]?\d{1,18}")
_DECIMAL = re.compile(r"[-+]?\d{1,18}\.\d{1,18}")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: file, line and column, both counted from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class SourceError(ValueError):
    """The text is not usable YAML. Carries the place."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place, self.message = place, message


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it stands in the file: where it begins, how it is written, and what it says."""

    line: int
    column: int
    source: str
    text: str

    def place(self, file: str, offset: int) -> Place:
        """The place of the character at ``offset``. Blanks are not compared: folding changes nothing else."""
        skip = sum(not c.isspace() for c in self.text[:offset])
        line, column = self.line, self.column
        quoted, block = self.source[:1] in ("'", '"'), self.source[:1] in ("|", ">")
        for index, char in enumerate(self.source):
            header = block and line == self.line
            counts = not char.isspace() and not header and not (quoted and index == 0)
            if counts and not skip:
                return Place(file, line, column)
            skip -= counts
            line, column = (line + 1, 1) if char == "\n" else (line, column + 1)
        return Place(file, line, column)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its data and the place of each path in it."""

    file: str
    data: Any
    places: Mapping[Path, Place]
    texts: Mapping[Path, Written] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """The place of ``path``, or of the nearest path above it that was written."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file, 1))

    def inside(self, path: Path, offset: int) -> Place:
        """The place of a character of the text at ``path``, counted from 0; quotes, folding and blocks are seen through."""
        written = self.texts.get(path)
        return self.place(path) if written is None else written.place(self.file, offset)


@dataclass(slots=True)
class _Builder:
    file: str
    source: str
    places: dict[Path, Place] = field(default_factory=dict)
    texts: dict[Path, Written] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def place(self, node: Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def build(self, node: Node, path: Path) -> Any:
        if node.anchor is not None or id(node) in self.seen:
            raise SourceError(self.place(node), say("anchors and aliases are not used here; write the value out"))
        self.seen.add(id(node))
        self.places.setdefault(path, self.place(node))
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        start, end = node.start_mark, node.end_mark
        self.texts[path] = Written(start.line + 1, start.column + 1, self.source[start.index : end.index], str(node.value))
        return self.scalar(node)

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise SourceError(self.place(key_node), say("a key is a plain word"))
            key = str(key_node.value)
            if key in data:
                first = self.places[(*path, key)].line
                raise SourceError(self.place(key_node), say("'{key}' stands twice (first on line {line})", key=key, line=first))
            self.places[(*path, key)] = self.place(key_node)
            data[key] = self.build(value_node, (*path, key))
        return data

    def scalar(self, node: ScalarNode) -> Any:
        text = str(node.value)
        if node.style:  # quoted or block text is text
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return text.lower() == "true"
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                return text  # no day of the calendar: whoever wants a day here says so, beside all else that is wrong
        if _INT.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        return text


_HINTS = (
    ("mapping values are not allowed", say("a text with a colon stands in quotes")),
    ("'\\t'", say("indent with blanks, not with tabs")),
    ("expected ',' or", say("a bracket is not closed, or a text with a comma, colon or quote needs quotes around it")),
)


def _hint(error: MarkedYAMLError) -> str:
    """What was probably meant, for the mistakes that are often made."""
    found = next((hint for part, hint in _HINTS if part in str(error.problem)), None)
    begun = error.context_mark
    if found is None:
        return ""
    if begun is None or begun is error.problem_mark:
        return say(" ({hint})", hint=found)
    return say(" ({hint}; it began on line {line})", hint=found, line=begun.line + 1)


def load_documents(text: str, file: str) -> Iterator[Document]:
    """Read every YAML document of ``text``; SourceError with line and column when it is not YAML."""
    if "\x00" in text:
        raise SourceError(Place(file, 1), say("not a text file"))
    reader = YAML(typ="safe", pure=True)
    try:
        for node in reader.compose_all(text):
            if node is None:
                continue
            builder = _Builder(file, text)
            yield Document(file, builder.build(node, ()), builder.places, builder.texts)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1)
        reason = quoted(str(error.problem or error.context))
        raise SourceError(place, say("not YAML: {reason}{hint}", reason=reason, hint=_hint(error))) from None
    except RecursionError:
        raise SourceError(Place(file, 1), say("nested too deeply")) from None
    except YAMLError as error:
        line = getattr(error, "line", None)
        raise SourceError(
            Place(file, (line or 0) + 1), say("not YAML: {reason}{hint}", reason=quoted(str(error).splitlines()[0]), hint="")
        ) from None
