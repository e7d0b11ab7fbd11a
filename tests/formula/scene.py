"""A small scope and environment for the tests of the formula language, read from the head of ``cases.yaml``."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from subsidyengine.formula import (
    BOOL,
    DATE,
    DATES,
    TEXT,
    Cause,
    Formula,
    Node,
    Scope,
    Type,
    Unknown,
    compile_formula,
    number,
    parse,
)  # fmt: skip

TABLE: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("cases.yaml"))
HEAD: dict[str, Any] = TABLE["scope"]


def type_of(written: str | list[str]) -> Type:
    """A type as the table writes it: ``bool``, ``date``, a list of words, or a unit."""
    if isinstance(written, list):
        return Type("enum", None, tuple(written))
    return {"bool": BOOL, "date": DATE, "dates": DATES, "text": TEXT}.get(written) or number(written)


def value_of(written: Any) -> Any:
    """A value as the table writes it; figures become exact."""
    if isinstance(written, bool | date | Unknown):
        return written
    if isinstance(written, list):
        return tuple(written)
    try:
        exact = Fraction(str(written))
    except ValueError:
        return written
    return int(exact) if exact.denominator == 1 else exact


SCOPE = Scope(
    facts={name: type_of(t) for name, t in HEAD["facts"].items()},
    rates={name: number(r["unit"]) for name, r in HEAD["rates"].items()},
    values={name: type_of(v["type"]) for name, v in HEAD["values"].items()},
    settings={name: type_of(v["type"]) for name, v in HEAD["settings"].items()},
)


class Scene:
    """The :class:`~subsidyengine.formula.Env` of the tests: plain tables, two times."""

    def __init__(
        self, given: dict[str, Any] | None = None, on: date | None = None, known: date | None = None,
        settings: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.on, self.known = on or HEAD["on"], known or date.max
        self.given = given or {}
        self.settings = {name: s["value"] for name, s in HEAD["settings"].items()} | (settings or {})
        self.record: dict[Node, Any] = {}
        self.assumed: dict[str, None] = {}
        self.rank = 0
        self.facts = {name: value for name in self.given if not isinstance(value := self.fact_at(name, self.on), Unknown)}

    def _row(self, rows: list[dict[str, Any]], day: date) -> Any:
        valid = [r for r in rows if r.get("from", date.min) <= day and r.get("known_from", date.min) <= self.known]
        latest = max(valid, key=lambda r: (r.get("from", date.min), r.get("known_from", date.min)), default={"value": "unknown"})
        return latest["value"]

    def fact(self, name: str) -> Any:
        return Unknown((Cause("missing_fact", name),))

    def fact_at(self, name: str, day: date) -> Any:
        written = self.given.get(name, "unknown")
        if isinstance(written, list) and any(isinstance(r, dict) for r in written):
            written = self._row(written, day)
        if isinstance(written, str) and written == "unknown":
            return self.fact(name)
        return written if SCOPE.facts[name].kind == "text" else value_of(written)

    def _not_law(self, kind: str, name: str, written: Any) -> Any:
        return Unknown((Cause("law_not_known", f"{kind}.{name}"),)) if written == "unknown" else value_of(written)

    def rate(self, name: str, day: date | None) -> Any:
        return self._not_law("rate", name, self._row(HEAD["rates"][name]["rows"], day or self.on))

    def value(self, name: str) -> Any:
        return self._not_law("value", name, HEAD["values"][name]["value"])

    def setting(self, name: str) -> Any:
        return self._not_law("setting", name, self.settings[name])

    def period(self, end: str) -> date:
        day: date = HEAD["period"][end]
        return day


def evaluate(text: str | Formula, scene: Scene | None = None, **given: Any) -> Any:
    """The value of a formula; facts by name with ``__`` for the dot."""
    formula = parse(text, SCOPE) if isinstance(text, str) else text
    return compile_formula(formula)(scene or Scene({name.replace("__", "."): v for name, v in given.items()}))
