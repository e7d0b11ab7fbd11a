"""Tables of cases. A wide table holds a case a row, with dotted paths as column names; a long one (``case, fact, from,
value`` and perhaps ``source``, ``received``, ``by``, ``why``) holds a statement a row and carries dated facts.

A long table that comes together with a wide one adds its facts to the wide one's cases, by id; the rest of its cases
come last. Long tables alone make cases by themselves. An empty cell is a fact that is not given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..formula import near
from ..rulebook import Fact, Path, Place
from ..words import say
from .case import Case
from .problems import CaseError, CaseProblem, clean
from .sheets import Sheet, SheetError
from .words import words_of

LONG = ("case", "fact", "from", "value", "source", "received", "by", "why")
WIDE = ("case", "on", "known", "schemes")

_SPLIT = re.compile(r"[\s,;|]+")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})*,\d+", re.ASCII)
_PLAIN_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00", re.ASCII)
_ENTRY = re.compile(r"\[\d+\]")
_LONG_KINDS = {"from": "date", "received": "date", "value": "raw"}
_TRUTH = {"true": True, "false": False, "sand": True, "falsk": False}  # as Excel writes them, also in Danish

Found = Case | CaseError
#: data, place_of, default id, problems found before -> the case or all that is wrong with it.
Finish = Callable[[Any, Callable[[Path], Place], str, Sequence[CaseProblem]], Found]


def is_long(header: Collection[str]) -> bool:
    """Whether a table with these columns holds a statement a row."""
    return {"fact", "value"} <= set(header)


def header_problems(file: str, header: Sequence[str], vocabulary: Mapping[str, Fact], top: int = 1) -> list[CaseProblem]:
    """What is wrong with the column names of a table, which stand in row ``top``."""
    place, long = Place(file, top), is_long(header)
    known, problems = LONG if long else (*WIDE, *vocabulary), []
    for index, name in enumerate(header):
        if not name:
            problems.append(CaseProblem(place, say("column {number}", number=index + 1), say("has no name")))
        elif name in header[:index]:
            problems.append(CaseProblem(place, clean(name), say("stands twice among the columns")))
        elif name not in known:
            hint = near(name, LONG) if long else near(name, WIDE) or words_of(vocabulary).near(name)
            problems.append(CaseProblem(place, clean(name), say("unknown column{hint}", hint=hint)))
    if long and "case" not in header:
        problems.append(CaseProblem(place, "case", say("a long table needs this column")))
    return problems


def by_row(error: CaseError) -> CaseError:
    """The same problems without the numbers of entries: in a table the number of a row says more."""
    return CaseError([CaseProblem(p.place, _ENTRY.sub("", p.path), p.message) for p in error.problems], error.case)


def with_point(text: str) -> str:
    """A number of a table whose cells stand between semicolons, where it may be written ``5.500,50``, as it is written elsewhere."""
    if _GROUPED.fullmatch(text) or _PLAIN_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return text


class Tables:
    """All tables of one reading. Ask for the cases of each sheet in order, then for the ``rest``.

    ``failed`` names a table that could not be opened: cases that long tables would make by themselves are then bad,
    since the facts of that table may belong to them.
    """

    def __init__(self, sheets: Sequence[Sheet], vocabulary: Mapping[str, Fact], finish: Finish, failed: str = "") -> None:
        self.vocabulary, self.finish = vocabulary, finish
        self.wide = bool(failed) or any(not is_long(sheet.header) for sheet in sheets)
        self.long: dict[str, _LongCase] = {}
        #: Errors of long tables that belong to no case, by the identity of the sheet.
        self.loose: dict[int, list[CaseError]] = {}
        #: A long table, or a wide one, that cannot be read to its end.
        self.broken_long, self.broken_wide = "", failed
        self.used: set[str] = set()
        for sheet in sheets:
            if is_long(sheet.header):
                self.loose[id(sheet)] = list(self._load(sheet))

    def cases(self, sheet: Sheet) -> Iterator[Found]:
        """The cases of one sheet; of a long one only where no wide table is among the sheets."""
        if id(sheet) not in self.loose:
            yield from self._wide(sheet)
            return
        yield from self.loose[id(sheet)]
        if not self.wide:
            yield from self._alone()

    def rest(self) -> Iterator[Found]:
        """Cases that only long tables know."""
        yield from self._alone()

    def _alone(self) -> Iterator[Found]:
        for key, case in self.long.items():
            if key not in self.used:
                self.used.add(key)
                place = case.places[0]
                more = self._missing(place, self.broken_wide or self.broken_long)
                yield self._finish({"case": key, "facts": case.facts}, place, case, key, more)

    def _missing(self, place: Place, table: str) -> list[CaseProblem]:
        if not table:
            return []
        return [CaseProblem(place, "", say("not decided: {table} may hold more of its facts and cannot be read", table=table))]

    def _finish(self, data: dict[str, Any], place: Place, long: _LongCase | None, default_id: str, more: list[CaseProblem]) -> Found:
        """Check a case whose facts come from one row, from rows of long tables, or from both."""
        if long is None:
            return self.finish(data, lambda _: place, default_id, more)

        def place_of(path: Path) -> Place:
            if len(path) > 2 and path[1] in long.rows and isinstance(path[2], int):
                return long.rows[str(path[1])][path[2]]
            return long.rows[str(path[1])][0] if len(path) == 2 and path[1] in long.rows else place

        found = self.finish(data, place_of, default_id, [*more, *long.problems])
        return by_row(found) if isinstance(found, CaseError) else found

    def _wide(self, sheet: Sheet) -> Iterator[Found]:
        problems = header_problems(sheet.file, sheet.header, self.vocabulary, sheet.top)
        if problems:
            self.broken_wide = self.broken_wide or sheet.file
            yield CaseError(problems)
            return
        cells = [_Column(name, _kind(name, self.vocabulary), sheet) for name in sheet.header]
        try:
            for number, row, wrong in sheet.rows():
                yield self._row(sheet, cells, number, row, wrong)
        except SheetError as error:
            self.broken_wide = self.broken_wide or sheet.file
            yield CaseError([CaseProblem(Place(sheet.file, error.row), "", error.message)])

    def _row(self, sheet: Sheet, columns: list[_Column], number: int, row: list[Any], wrong: str) -> Found:
        place = Place(sheet.file, number)
        data: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        for column, cell in zip(columns, row, strict=False):
            if cell is not None and cell != "" and (value := column.read(cell)) is not None:
                (data if column.name in WIDE else facts)[column.name] = value
        long = self.long.get(str(data.get("case", "")))
        if wrong:  # cells may stand in the wrong columns: nothing but the row is named
            self.used.add(str(data.get("case", "")))
            return CaseError([CaseProblem(place, "", wrong)])
        more: list[CaseProblem] = []
        if self.broken_long:
            more += self._missing(place, self.broken_long)
        if long is not None:
            self.used.add(str(data["case"]))
            for name in facts.keys() & long.facts.keys():
                more.append(CaseProblem(place, name, say("is given here and at {place}", place=long.rows[name][0])))
            facts |= long.facts
        data["facts"] = facts
        return self._finish(data, place, long, f"{sheet.stem}#{number}", more)

    def _load(self, sheet: Sheet) -> Iterator[CaseError]:
        """Keep the rows of a long table; yields what belongs to no case."""
        problems = header_problems(sheet.file, sheet.header, self.vocabulary, sheet.top)
        if problems:
            self.broken_long = self.broken_long or sheet.file
            yield CaseError(problems)
            return
        columns = {name: _Column(name, _LONG_KINDS.get(name, "text"), sheet) for name in sheet.header}
        values = {name: _Column(name, fact.kind, sheet) for name, fact in self.vocabulary.items()}
        try:
            for number, row, wrong in sheet.rows():
                place = Place(sheet.file, number)
                given = {c.name: c.read(cell) for c, cell in zip(columns.values(), row, strict=False)}
                key = str(given.pop("case", None) or "")
                if not key:
                    yield CaseError([CaseProblem(place, "case", say("the row names no case"))])
                    continue
                case = self.long.setdefault(key, _LongCase())
                case.places.append(place)
                name = str(given.pop("fact", None) or "")
                if wrong or not name:
                    case.problems.append(CaseProblem(place, "", wrong or say("the row names no fact")))
                    continue
                if name in values:
                    given["value"] = values[name].read(row[sheet.header.index("value")])
                case.rows.setdefault(name, []).append(place)
                case.facts.setdefault(name, []).append({k: v for k, v in given.items() if v is not None or k == "value"})
        except SheetError as error:
            self.broken_long = self.broken_long or sheet.file
            yield CaseError([CaseProblem(Place(sheet.file, error.row), "", error.message)])


@dataclass(slots=True)
class _LongCase:
    """What long tables say of one case."""

    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[str, list[Place]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    problems: list[CaseProblem] = field(default_factory=list)


def _kind(name: str, vocabulary: Mapping[str, Fact]) -> str:
    if name in ("on", "known"):
        return "date"
    if name == "schemes":
        return "words"
    return vocabulary[name].kind if name in vocabulary else "text"


@dataclass(slots=True)
class _Column:
    """A column: how its cells become what a case file would hold. What cannot be read goes on as it is."""

    name: str
    kind: str
    sheet: Sheet

    def read(self, cell: Any) -> Any:
        """The cell's value, None when the cell is empty."""
        if not isinstance(cell, str):
            return cell
        text = cell.strip()
        if not text:
            return None
        match self.kind:
            case "bool":
                return _TRUTH.get(text.lower(), text)
            case "number" | "integer" if self.sheet.decimal_comma and "," in text:
                return with_point(text)
            case "date" if self.sheet.midnights:
                return _MIDNIGHT.sub(r"\1", text)
            case "dates":
                return _SPLIT.split(_MIDNIGHT.sub(r"\1", text) if self.sheet.midnights else text)
            case "words":
                return _SPLIT.split(text)
        return text
