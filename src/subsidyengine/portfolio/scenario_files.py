"""Where scenarios stand: a file with one or several, a table with one a row, a sweep over ranges, or a folder of such files."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import product
from pathlib import Path
from typing import Any

from ..facts import CaseError, open_sheets
from ..rulebook import Rulebook
from ..words import quoted, say
from .scenario import Scenario, ScenarioError, scenario_of

YAML_FILES, TABLES = (".yaml", ".yml"), (".csv", ".xlsx")
_GROUPS = ("rates", "facts")
#: Scenarios in one run.
MOST = 10_000


def read_scenarios(paths: Sequence[Path], book: Rulebook) -> list[Scenario]:
    """All scenarios of the files and folders, in order (a folder's files by name).

    A YAML file holds one scenario, a list of them, several documents, or a ``sweep``: for each name a list of values or
    ``{from, to, step}``, and every combination is a scenario. A table (CSV, XLSX) has the same names as columns, ``rates.NAME`` among
    them. Raises ScenarioError, with every problem of a file, when one cannot be used or two scenarios have one name.
    """
    found: list[Scenario] = []
    problems: list[str] = []
    for path in _files(paths):
        entries = list(_entries(path))
        if not entries:
            problems.append(say("{file}: no scenario in this file", file=path))
        for place, data in entries:
            try:
                found.append(scenario_of(data, place, book))
            except ScenarioError as error:
                problems += error.problems
    names = [s.name for s in found]
    problems += [say("two scenarios are called '{name}'", name=n) for n in dict.fromkeys(names) if names.count(n) > 1][:3]
    if problems:
        raise ScenarioError(*list(dict.fromkeys(problems))[:20])
    if len(found) > MOST:
        raise _too_many(len(found))
    return found


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise ScenarioError(say("{file}: no such file", file=path))
        if not path.is_dir():
            yield path
            continue
        files = sorted(f for f in path.iterdir() if f.suffix.lower() in (*YAML_FILES, *TABLES))
        if not files:
            raise ScenarioError(say("{file}: no scenario in this folder; they are files of {kinds}", file=path, kinds=_kinds()))
        yield from files


def _kinds() -> str:
    return ", ".join((*YAML_FILES, *TABLES))


def _too_many(count: int) -> ScenarioError:
    return ScenarioError(say("{count} scenarios; a run takes {most}", count=count, most=MOST))


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    """Each scenario as it is written, with its place."""
    suffix = path.suffix.lower()
    try:
        if suffix in YAML_FILES:
            yield from _yaml(path)
        elif suffix == ".csv":
            yield from _csv(path)
        elif suffix == ".xlsx":
            for sheet in open_sheets(path, str(path)):
                yield from _table(str(path), sheet.header, sheet.rows())
        else:
            raise ScenarioError(say("{file}: cannot read files of this kind; use {kinds}", file=path, kinds=_kinds()))
    except CaseError as error:
        where = ((p.place if p.place.line else p.place.file, p.message) for p in error.problems)
        raise ScenarioError(*(say("{path}: {problem}", path=place, problem=message) for place, message in where)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(say("{file}: cannot be read: {reason}", file=path, reason=error)) from None


def _yaml(path: Path) -> Iterator[tuple[str, Any]]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        documents = list(YAML(typ="safe").load_all(path.read_text(encoding="utf-8")))
    except YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = str(path) if line is None else f"{path}:{line + 1}"
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ScenarioError(say("{file}: not YAML: {reason}", file=place, reason=quoted(reason))) from None
    entries = [e for document in documents for e in (document if isinstance(document, list) else [document])]
    for number, entry in enumerate(entries, 1):
        place = str(path) if len(entries) == 1 else say("{file}: scenario {number}", file=path, number=number)
        if isinstance(entry, Mapping) and "sweep" in entry:
            yield from ((place, one) for one in _sweep(place, entry))
        else:
            yield place, entry


def _sweep(place: str, entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every combination of the ranges; what stands beside them holds for all."""
    ranges = entry["sweep"]
    if not isinstance(ranges, Mapping) or not ranges:
        raise ScenarioError(say("{file}: sweep: for each name a list of values or from, to and step is needed", file=place))
    values = {str(name): _range(place, str(name), given) for name, given in ranges.items()}
    beside = {*entry, *(f"{group}.{name}" for group in _GROUPS if isinstance(entry.get(group), Mapping) for name in entry[group])}
    if twice := sorted({*values} & beside):
        raise ScenarioError(say("{file}: {names}: stands in the sweep and beside it", file=place, names=", ".join(twice)))
    count = 1
    for several in values.values():
        count *= len(several)
    if count > MOST:
        raise _too_many(count)
    title = entry.get("scenario") or "sweep"
    for chosen in product(*values.values()):
        told = ", ".join(f"{n.removeprefix('rates.').removeprefix('facts.')} {_plain(v)}" for n, v in zip(values, chosen, strict=True))
        rest = {k: v for k, v in entry.items() if k not in ("sweep", "scenario")}
        yield _nested({**rest, "scenario": f"{title}: {told}", **dict(zip(values, chosen, strict=True))})


def _range(place: str, name: str, given: Any) -> list[Any]:
    if isinstance(given, list) and given:
        return given
    if isinstance(given, Mapping) and set(given) == {"from", "to", "step"}:
        try:
            low, high, step = (Decimal(str(given[k])) for k in ("from", "to", "step"))
        except InvalidOperation:
            low, high, step = Decimal(0), Decimal(0), Decimal(0)
        if step > 0 and high >= low:
            count = int((high - low) / step)
            if count >= MOST:
                raise _too_many(count + 1)
            return [low + step * i for i in range(count + 1)]
    raise ScenarioError(say("{file}: sweep: {name}: a list of values is needed, or {{from: 0, to: 4, step: 0.5}}", file=place, name=name))


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """``rates.NAME`` as one of the ``rates``, and so with ``facts``."""
    found: dict[str, Any] = {}
    for name, value in flat.items():
        group, _, rest = name.partition(".")
        held = found.get(group, {})
        if group in _GROUPS and rest and isinstance(held, Mapping):
            found[group] = {**held, rest: value}
        elif not rest or group not in _GROUPS:
            found[name] = {**held, **value} if name in _GROUPS and isinstance(value, Mapping) else value
    return found


def _csv(path: Path) -> Iterator[tuple[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        comma = first.count(";") > first.count(",")
        file.seek(0)
        rows = csv.reader(file, delimiter=";" if comma else ",")
        header = next(rows, [])
        yield from _table(str(path), header, enumerate(rows, 2), comma)


def _table(file: str, header: Sequence[str], rows: Any, comma: bool = False) -> Iterator[tuple[str, Any]]:
    names = [h.strip() for h in header]
    if twice := [n for n in dict.fromkeys(names) if n and names.count(n) > 1]:
        raise ScenarioError(say("{file}: two columns are called '{name}'", file=file, name=twice[0]))
    for number, row in rows:
        cells = ["" if c is None else str(c).strip() for c in row]
        if any(cells[len(header) :]):
            raise ScenarioError(say("{file}:{row}: more cells than the header has", file=file, row=number))
        said = {h: c if h == "scenario" else _cell(c, comma) for h, c in zip(names, cells, strict=False) if c}
        if said:
            yield f"{file}:{number}", _nested(said)


def _cell(text: str, comma: bool) -> Any:
    """A number where it is one; with semicolons between the cells a comma is a decimal sign."""
    number = text.replace(",", ".") if comma else text
    try:
        return Decimal(number)
    except InvalidOperation:
        return number if text.endswith("%") else text
