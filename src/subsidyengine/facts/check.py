"""One parsed case becomes a Case, or everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from ..formula import near
from ..rulebook import Fact, Path, Place
from ..words import say
from .case import Case, Given
from .problems import CaseError, CaseProblem, clean, looks_like_cpr, shown
from .values import FAILED, Wrong, read_day, read_text
from .words import Word, Words, words_of

PlaceOf = Callable[[Path], Place]

ENVELOPE = ("case", "on", "known", "schemes", "facts")
STATEMENT = ("value", "from", "source", "received", "by", "on", "why")
_LONGEST_ID = 200
_MEMORY = Place("", 0)


def in_memory(_: Path) -> Place:
    """The place of data that comes from no file."""
    return _MEMORY


def case_from_data(
    data: Any,
    vocabulary: Mapping[str, Fact],
    place_of: PlaceOf = in_memory,
    default_id: str = "case",
    *,
    schemes: Collection[str] | None = None,
) -> Case:
    """Check one parsed case against ``vocabulary`` and make it a Case.

    ``data`` is what YAML, JSON or a library gives: a mapping with ``case``, ``on``, ``known``, ``schemes``, ``facts``.
    Facts are nested, dotted or both; each is a bare value, a statement (``{value, from, source, received, by, on,
    why}``) or a list of dated statements. ``place_of`` gives the place of a path in ``data``. ``default_id`` names a
    case without an id. ``schemes`` are the ids that a case may ask for (None: any).

    Raises CaseError with every problem of the case.
    """
    if type(data) is not dict and not isinstance(data, Mapping):
        message = say("a case is a mapping of {keys}, not {given}", keys=", ".join(ENVELOPE), given=shown(data))
        raise CaseError([CaseProblem(place_of(()), "", message)])
    check = _Check(words_of(vocabulary), place_of)
    for key in data:
        if key not in ENVELOPE:
            check.unknown_key(key)
    case_id = check.case_id(data.get("case"), default_id)
    on = check.day(data.get("on"), ("on",), "on")
    known = check.day(data.get("known"), ("known",), "known")
    asked = check.schemes(data.get("schemes"), schemes)
    facts = data.get("facts")
    if isinstance(facts, Mapping):
        check.walk(facts, "", ("facts",))
    elif facts is not None:
        check.wrong(("facts",), "facts", say("is a mapping of facts, not {given}", given=shown(facts)))
    elif "facts" not in data and not asked and not check.problems:
        check.wrong((), "", say("a case needs 'facts' (or 'schemes', to see what is asked for)"))
    if check.problems:
        raise CaseError(check.problems, case_id)
    place = place_of(())
    return Case(case_id, on, known, asked, check.facts, str(place) if place.file else "")


class _Check:
    """A case being read: the facts so far, and what was wrong."""

    __slots__ = ("facts", "place_of", "problems", "words")

    def __init__(self, words: Words, place_of: PlaceOf) -> None:
        self.words, self.place_of = words, place_of
        self.facts: dict[str, tuple[Given, ...]] = {}
        self.problems: list[CaseProblem] = []

    def wrong(self, path: Path, dotted: str, message: str) -> None:
        self.problems.append(CaseProblem(self.place_of(path), dotted, message))

    def unknown_key(self, key: Any) -> None:
        name = str(key)
        if name in self.words.groups or name in self.words.names:
            self.wrong((key,), clean(name), say("facts stand under 'facts:'"))
        else:
            self.wrong((key,), clean(name), say("unknown key of a case{hint}", hint=near(name, ENVELOPE)))

    def case_id(self, value: Any, default: str) -> str:
        """The id; empty when it cannot be used. One that looks like a CPR number is never repeated."""
        if value is None:
            value = default
        if type(value) is int:  # unquoted digits may have lost the leading zero of a CPR number
            value = f"{value:010d}" if 10**8 <= value < 10**10 else str(value)[:_LONGEST_ID]
        if not isinstance(value, str) or not value.strip():
            self.wrong(("case",), "case", say("{given} is no case id: write a text such as K-2026-0001", given=shown(value)))
            return ""
        name = value.strip()
        if looks_like_cpr(name):
            self.wrong(("case",), "case", say("the id looks like a CPR number: use one that says nothing about the person"))
            return ""
        if name in FAILED.values():
            self.wrong(("case",), "case", say("{given} is what a formula shows that failed", given=name))
            return ""
        if len(name) > _LONGEST_ID or not name.isprintable():
            self.wrong(("case",), "case", say("an id is one line of at most {most} characters", most=_LONGEST_ID))
            return ""
        return name

    def day(self, value: Any, path: Path, dotted: str) -> date | None:
        if value is None:
            return None
        try:
            return read_day(value)
        except Wrong as error:
            self.wrong(path, dotted, str(error))
            return None

    def text(self, value: Any, path: Path, dotted: str) -> str:
        if value is None:
            return ""
        try:
            return read_text(value)
        except Wrong as error:
            self.wrong(path, dotted, str(error))
            return ""

    def schemes(self, value: Any, allowed: Collection[str] | None) -> tuple[str, ...]:
        if value is None:
            return ()
        items = value if isinstance(value, list | tuple) else [value]
        for index, item in enumerate(items):
            path = ("schemes", index) if items is value else ("schemes",)
            if not isinstance(item, str):
                self.wrong(path, "schemes", say("{given} is no scheme id such as transitional.subsidy", given=shown(item)))
            elif allowed is not None and item not in allowed:
                self.wrong(path, "schemes", say("no scheme {given} in the rulebook{hint}", given=shown(item), hint=near(item, allowed)))
        return tuple(dict.fromkeys(item for item in items if isinstance(item, str)))

    def walk(self, data: Mapping[Any, Any], prefix: str, path: Path) -> None:
        """Read every fact below ``prefix``."""
        names = self.words.names
        for key, value in data.items():
            name = f"{prefix}{key}"
            word = names.get(name)
            if word is None:
                self.group(name, value, (*path, key))
            elif value is not None:
                try:
                    shared = word.shared.get(value) if value is True or value is False or type(value) is str else None
                    kind = type(value)
                    if shared is not None:
                        statements = shared
                    elif kind is dict or kind is list or isinstance(value, Mapping | list | tuple):
                        statements = self.statements(word, value, (*path, key))
                        if not statements:
                            continue
                    else:
                        statements = (Given(word.convert(value)),)
                except Wrong as error:
                    self.wrong((*path, key), name, str(error))
                    continue
                if name in self.facts:
                    self.wrong((*path, key), name, say("is given twice, nested and dotted"))
                self.facts[name] = statements

    def group(self, name: str, value: Any, path: Path) -> None:
        if name not in self.words.groups:
            hint, group = self.words.near(name), "." not in name and isinstance(value, Mapping)
            self.wrong(path, clean(name), say("unknown group of facts{hint}", hint=hint) if group else say("unknown fact{hint}", hint=hint))
        elif type(value) is dict or isinstance(value, Mapping):
            self.walk(value, f"{name}.", path)
        elif value is not None:
            one = next(n for n in self.words.names if n.startswith(f"{name}."))
            message = say("is a group of facts, not {given}: give the facts in it, such as {one}", given=shown(value), one=one)
            self.wrong(path, name, message)

    def statements(self, word: Word, value: Any, path: Path) -> tuple[Given, ...]:
        """What a mapping or a list says about a fact; empty when it says nothing. Raises Wrong about the whole."""
        if type(value) is dict or isinstance(value, Mapping):
            given = self.statement(word, value, path, word.name)
            return () if given is None or (given.value is None and given.from_ is None) else (given,)
        if word.kind == "dates" and not any(isinstance(item, Mapping) for item in value):
            return (Given(word.convert(value)),)
        found: list[Given] = []
        before: set[tuple[date | None, date | None]] = set()
        for index, item in enumerate(value):
            dotted = f"{word.name}[{index + 1}]"
            if type(item) is not dict and not isinstance(item, Mapping):
                message = say("{given} is no statement: a list holds {{from: 2026-01-01, value: ...}} entries", given=shown(item))
                self.wrong((*path, index), dotted, message)
                continue
            given = self.statement(word, item, (*path, index), dotted)
            if given is None:
                continue
            key = (given.from_, given.received)
            if key in before:
                self.wrong((*path, index), dotted, _same(given))
            before.add(key)
            found.append(given)
        return tuple(sorted(found, key=lambda g: (g.from_ or date.min, g.received or date.min)))

    def statement(self, word: Word, data: Mapping[Any, Any], path: Path, dotted: str) -> Given | None:
        count = len(self.problems)
        for key in data:
            if key in ("to", "until"):
                hint = say("a value holds until the next 'from' (to end it: {{from: the day after, value: null}})")
                self.wrong((*path, key), f"{dotted}.{key}", hint)
            elif key not in STATEMENT:
                message = say("unknown key of a statement{hint}", hint=near(str(key), STATEMENT))
                self.wrong((*path, key), f"{dotted}.{clean(str(key))}", message)
        if "value" not in data:
            if len(self.problems) == count:
                self.wrong(path, dotted, say("a statement needs 'value'"))
            return None
        value = data["value"]
        if value is not None:
            try:
                value = word.convert(value)
            except Wrong as error:
                self.wrong((*path, "value"), dotted, str(error))
        from_ = self.day(data.get("from"), (*path, "from"), f"{dotted}.from")
        received = on = None
        source = by = why = ""
        if len(data) > 1 + ("from" in data):  # mostly there is nothing else
            received = self.day(data.get("received"), (*path, "received"), f"{dotted}.received")
            on = self.day(data.get("on"), (*path, "on"), f"{dotted}.on")
            source = self.text(data.get("source"), (*path, "source"), f"{dotted}.source")
            by = self.text(data.get("by"), (*path, "by"), f"{dotted}.by")
            why = self.text(data.get("why"), (*path, "why"), f"{dotted}.why")
        return None if len(self.problems) > count else Given(value, from_, received, source, by, on, why)


def _same(given: Given) -> str:
    if given.from_ is None:
        return say("another entry has no 'from' either: only the first may lack it")
    return say("another entry holds from {day} too (a correction needs a later 'received', the day it became known)", day=given.from_)
