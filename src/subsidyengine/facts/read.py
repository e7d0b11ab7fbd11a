"""Case files of every kind, one case at a time, in the order they are given."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import IO, Any

from ..formula import near
from ..rulebook import Fact, Path, Place, Rulebook, SourceError, load_documents
from ..words import say
from .case import Case
from .check import PlaceOf, case_from_data
from .jsontext import JsonError, JsonPlaces, JsonReader
from .problems import CaseError, CaseProblem, clean, file_error, reason
from .sheets import Sheet, open_sheets
from .tables import Tables

TEXT_SUFFIXES = (".yaml", ".yml", ".json", ".ndjson", ".jsonl")
TABLE_SUFFIXES = (".csv", ".xlsx", ".parquet")
SUFFIXES = (*TEXT_SUFFIXES, *TABLE_SUFFIXES)
STDIN = "<stdin>"

_MARKER = re.compile(r"^---(?=[ \t\r\n]|$)", re.M)
#: Nothing but blank lines, comments and directives: it belongs to the document after it.
_PREAMBLE = re.compile(r"(?:[ \t]*(?:#.*|%.*)?(?:\r?\n|$))*")

Found = Case | CaseError


def read_cases(paths: Iterable[str | FilePath], rulebook: Rulebook, *, stdin: IO[Any] | None = None) -> Iterator[Case | CaseError]:
    """Every case of ``paths`` in order: a Case, or a CaseError with all that is wrong with it (or with its file).

    Files: YAML (a document is a case), JSON (an object or a list), NDJSON (a line is a case), CSV, XLSX and Parquet
    (see tables.py); folders stand for all such files in them, by name, without hidden ones and ``*.cases.yaml``; ``-``
    is ``stdin`` (default: the process's). Nothing is raised for bad input: a bad case never hides a good one. A case
    without ``case:`` is named by its file. NDJSON and CSV are read with flat memory; long tables are held.
    """
    reading = Reading(rulebook.facts, rulebook.schemes or None)
    entries = [entry for path in paths for entry in _expand(path)]
    opened: dict[int, list[Sheet]] = {}
    failed = ""
    for index, entry in enumerate(entries):
        if isinstance(entry, FilePath) and entry.suffix.lower() in TABLE_SUFFIXES:
            try:
                opened[index] = open_sheets(entry, shown_path(entry))
            except CaseError as error:
                entries[index], failed = error, shown_path(entry)
    tables = Tables([sheet for sheets in opened.values() for sheet in sheets], rulebook.facts, reading.case, failed)
    for index, entry in enumerate(entries):
        if isinstance(entry, CaseError):
            yield entry
        elif index in opened:
            for sheet in opened[index]:
                yield from tables.cases(sheet)
        elif isinstance(entry, FilePath):
            yield from _text_file(entry, reading)
        else:
            yield from _stdin(stdin if stdin is not None else sys.stdin, reading)
    yield from tables.rest()


@dataclass(frozen=True, slots=True)
class Reading:
    """What every case is checked against."""

    facts: Mapping[str, Fact]
    schemes: Collection[str] | None

    def case(self, data: Any, place_of: PlaceOf, default_id: str, more: Sequence[CaseProblem] = ()) -> Found:
        """The case, or all that is wrong with it: ``more`` was found before."""
        try:
            case = case_from_data(data, self.facts, place_of, default_id, schemes=self.schemes)
        except CaseError as error:
            return CaseError([*more, *error.problems], error.case) if more else error
        return CaseError(more, case.id) if more else case


def shown_path(path: FilePath) -> str:
    """A path as messages name it."""
    return path.as_posix()


def _expand(path: str | FilePath) -> Iterator[FilePath | CaseError | None]:
    """The files that a path stands for; None is standard input."""
    if str(path) == "-":
        yield None
        return
    start = FilePath(path)
    name = clean(shown_path(start))
    try:
        if start.is_dir():
            files = sorted(_walk(start), key=lambda p: p.relative_to(start).as_posix())
            yield from files
            if not files:
                yield file_error(name, say("no case files in this folder ({suffixes})", suffixes=", ".join(SUFFIXES)))
        elif not start.exists():
            others = [p.name for p in start.parent.iterdir()] if start.parent.is_dir() else []
            yield file_error(name, say("no such file or folder{hint}", hint=near(start.name, others)))
        elif start.name.endswith(".cases.yaml"):
            yield file_error(name, say("these are worked cases of a scheme: `subsidyengine rules test` runs them"))
        elif start.suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            message = say("'{suffix}' is no kind of case file (it is one of {known})", suffix=clean(start.suffix), known=known)
            yield file_error(name, message)
        else:
            yield start
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        yield file_error(name, say("cannot be read: {reason}", reason=reason(error)))


def _walk(folder: FilePath) -> Iterator[FilePath]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = FilePath(parent, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and not name.endswith(".cases.yaml"):
                yield path


def _text_file(path: FilePath, reading: Reading) -> Iterator[Found]:
    file, suffix = shown_path(path), path.suffix.lower()
    try:
        if suffix in (".ndjson", ".jsonl"):
            with path.open("rb") as lines:
                yield from _ndjson(lines, file, path.stem, reading)
            return
        text = decoded(path.read_bytes(), file)
    except CaseError as error:
        yield error
    except OSError as error:
        yield file_error(file, say("cannot be read: {reason}", reason=reason(error)))
    else:
        yield from (_json if suffix == ".json" else _yaml)(text, file, path.stem, reading)


def decoded(raw: bytes | str, file: str, line: int = 1) -> str:
    """UTF-8 text with or without a byte order mark; CaseError otherwise."""
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = line + raw.count(b"\n", 0, error.start)
        message = say("not UTF-8 (byte {byte}): save the file as UTF-8", byte=f"{raw[error.start]:#04x}")
        raise file_error(file, message, bad) from None


def _stdin(stdin: IO[Any], reading: Reading) -> Iterator[Found]:
    """Standard input is NDJSON or JSON when it begins with a bracket, else YAML."""
    stream: IO[Any] = getattr(stdin, "buffer", stdin)
    head: list[Any] = []
    first = ""
    try:
        for line in stream:
            head.append(line)
            if first := decoded(line, STDIN, len(head)).strip():
                break
        if first.startswith("{") and first.endswith("}"):
            yield from _ndjson(_chain(head, stream), STDIN, "stdin", reading)
            return
        joined = head[0][:0].join([*head, *stream]) if head else ""
        text = decoded(joined, STDIN)
    except CaseError as error:
        yield error
    except (OSError, UnicodeDecodeError) as error:
        yield file_error(STDIN, say("cannot be read: {reason}", reason=reason(error)))
    else:
        yield from (_json if first[:1] in ("{", "[") else _yaml)(text, STDIN, "stdin", reading)


def _chain(head: Iterable[Any], rest: Iterable[Any]) -> Iterator[Any]:
    yield from head
    yield from rest


def _ndjson(lines: Iterable[bytes | str], file: str, stem: str, reading: Reading) -> Iterator[Found]:
    """One case a line; a line that cannot be read is one bad case."""
    reader = JsonReader()
    for number, raw in enumerate(lines, 1):
        try:
            text = decoded(raw, file, number).strip()
            if not text:
                continue
            data, end = reader.value(text)
        except CaseError as error:
            yield error
            continue
        except JsonError as error:
            yield file_error(file, say("{reason} (column {column})", reason=error.message, column=error.offset + 1), number)
            continue
        if end < len(text):
            message = say("a line holds one case (something follows at column {column})", column=end + 1)
            yield file_error(file, message, number)
            continue
        yield _json_case(data, JsonPlaces(file, text, 0, number), f"{stem}#{number}", reading, reader.twice)


def _json_case(data: Any, places: JsonPlaces, default_id: str, reading: Reading, twice: bool) -> Found:
    more: list[CaseProblem] = []
    if twice:
        places.locate()
        for path, offset, first in places.twice:
            dotted = clean(".".join(str(part) for part in path if part != "facts"))
            message = say("stands twice (first on line {line})", line=places.at(first).line)
            more.append(CaseProblem(places.at(offset), dotted, message))
        if not more:  # too deep to be found again
            more.append(CaseProblem(places(()), "", say("a key stands twice")))
    return reading.case(data, places, default_id, more)


def _json(text: str, file: str, stem: str, reading: Reading) -> Iterator[Found]:
    """One object, or a list of them."""
    reader = JsonReader()
    line, position, index = 1, 0, 0
    several = text.lstrip().startswith("[")
    try:
        for offset, data in reader.values(text):
            index += 1
            line += text.count("\n", position, offset)
            position = offset
            default_id = f"{stem}#{index}" if several or index > 1 else stem
            yield _json_case(data, JsonPlaces(file, text, offset, line), default_id, reading, reader.twice)
    except JsonError as error:
        yield file_error(file, error.message, 1 + text.count("\n", 0, error.offset))
    else:
        if not index:
            yield file_error(file, say("no case in this file"))


def _yaml(text: str, file: str, stem: str, reading: Reading) -> Iterator[Found]:
    """Each document is a case (or a list of cases); documents are read apart, so that a broken one hides no other."""
    chunks = list(_documents(text))
    index = 0
    for start, chunk in chunks:
        try:
            documents = [document for document in load_documents(chunk, file) if document.data is not None]
        except SourceError:
            yield _broken(text, start, len(chunk), file)
            index += 1
            continue
        above = text.count("\n", 0, start)
        for document in documents:
            listed = isinstance(document.data, list)
            for at, data in enumerate(document.data if listed else [document.data]):
                index += 1
                default_id = f"{stem}#{index}" if listed or len(chunks) > 1 else stem
                yield reading.case(data, _shifted(document.place, above, (at,) if listed else ()), default_id)
    if not index:
        yield file_error(file, say("no case in this file"))


def _documents(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each document, its marker included."""
    starts = [match.start() for match in _MARKER.finditer(text)]
    if not starts or not _PREAMBLE.fullmatch(text, 0, starts[0]):
        starts.insert(0, 0)
    elif starts[0]:
        starts[0] = 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield start, text[start:end]


def _broken(text: str, start: int, length: int, file: str) -> CaseError:
    """Read the broken document again with its line numbers, for the message."""
    try:
        list(load_documents("\n" * text.count("\n", 0, start) + text[start : start + length], file))
    except SourceError as error:
        return CaseError([CaseProblem(error.place, "", error.message)])
    return file_error(file, say("cannot be read"))  # pragma: no cover - it was refused a moment ago


def _shifted(place_of: Callable[[Path], Place], above: int, prefix: Path) -> PlaceOf:
    """Places of a document that begins ``above`` lines down the file."""

    def shifted(path: Path) -> Place:
        place = place_of((*prefix, *path))
        return Place(place.file, place.line + above, place.column)

    return shifted
