"""Building the rulebook's words: facts, sources, appeal routes, settings and rates from their forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from ..formula import BASE_UNITS, BOOL, COUNT, DATE, DATES, TEXT, Type, near, number, plain
from ..words import say
from . import schema
from .model import Appeal, Cite, Fact, Rate, RateRow, Setting, Source, Text
from .problems import Problem
from .source import Document, Place

_NUMBERS = ("number", "money", "integer")
_FRACTION = re.compile(r"(\d{1,9})/(\d{1,9})")


def text_of(form: schema.TextForm | None) -> Text | None:
    """A text, where there is one."""
    return None if form is None else Text(form.da, form.en)


def must(form: schema.TextForm) -> Text:
    """A text that is always there."""
    return Text(form.da, form.en)


def exact(value: Decimal | int | str | None) -> int | Fraction | None:
    """A written number as an exact one; ValueError when it is none."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        match = _FRACTION.fullmatch(value)
        if match is None or int(match[2]) == 0:
            raise ValueError(value)
        return Fraction(int(match[1]), int(match[2]))
    fraction = Fraction(value)
    return int(fraction) if fraction.denominator == 1 else fraction


def read_cites(cites: Sequence[str] | None, document: Document, *base: str | int) -> tuple[Cite, ...]:
    """Citations of the rule at ``base``, each at its own place."""
    return tuple(Cite.parse(c, document.place((*base, "cite", index))) for index, c in enumerate(cites or ()))


def unit_type(unit: str, place: Place, problems: list[Problem]) -> Type | None:
    """A number type; None, and a problem, for an unknown unit."""
    try:
        return number(unit)
    except ValueError as error:
        units = say(" (units are {units} and their quotients such as DKK/month, or share)", units=", ".join(BASE_UNITS))
        message = say("'{given}' is no unit{hint}", given=error, hint=near(str(error), BASE_UNITS) or units)
        problems.append(Problem(place, "S_UNIT", message))
        return None


def build_facts(document: Document, form: schema.FactsFile, problems: list[Problem], unread: set[str]) -> dict[str, Fact]:
    """The vocabulary."""
    facts: dict[str, Fact] = {}
    for name, fact in form.facts.items():
        place = document.place(("facts", name))
        values = {key: must(title) for key, title in (fact.values or {}).items()}
        if (fact.type == "enum") != bool(values):
            message = say("{name}: 'values' belong to an enum, and an enum needs them", name=name)
            problems.append(Problem(place, "S_VALUE", message))
            unread.add(name)
        if fact.type not in _NUMBERS and (fact.unit or fact.min is not None or fact.max is not None):
            message = say("{name} is of type {type}: 'unit', 'min' and 'max' belong to a number", name=name, type=fact.type)
            problems.append(Problem(place, "S_VALUE", message))
        if fact.min is not None and fact.max is not None and fact.min > fact.max:
            message = say("{name}: no number is at least {least} and at most {most}", name=name, least=fact.min, most=fact.max)
            problems.append(Problem(place, "S_VALUE", message))
        kinds = {"bool": BOOL, "date": DATE, "dates": DATES, "text": TEXT, "enum": Type("enum", None, tuple(values))}
        type_ = kinds.get(fact.type) or unit_type(fact.unit, document.place(("facts", name, "unit")), problems)
        if type_ is None:
            unread.add(name)
        facts[name] = Fact(
            name, "number" if fact.type == "money" else fact.type, type_ or COUNT, fact.unit,
            must(fact.title), must(fact.ask), text_of(fact.note), values,
            exact(fact.min), exact(fact.max), fact.assessment, fact.personal, fact.derived_from, place, fact.about,
        )  # fmt: skip
    return facts


def build_sources(document: Document, form: schema.SourcesFile) -> dict[str, Source]:
    """The sources that may be cited."""
    return {
        key: Source(key, must(s.title), s.short, s.kind, tuple(s.versions), tuple(s.urls), text_of(s.read),
                    document.place(("sources", key)))
        for key, s in form.sources.items()
    }  # fmt: skip


def build_appeals(document: Document, form: schema.AppealsFile) -> dict[str, Appeal]:
    """The appeal routes."""
    return {
        key: Appeal(
            key, must(a.title), a.established, text_of(a.body), text_of(a.sent_to),
            a.deadline.weeks if a.deadline else None, a.suspensive,
            read_cites(a.cite, document, "appeals", key), text_of(a.note),
            document.place(("appeals", key)), a.deadline.when_closed if a.deadline else None,
        )
        for key, a in form.appeals.items()
    }  # fmt: skip


def setting_value(name: str, value: bool | int | Decimal | str, place: Place, problems: list[Problem]) -> bool | int | Fraction:
    """A setting's value: true, false, an exact number or a fraction."""
    if isinstance(value, bool):
        return value
    try:
        return exact(value) or 0
    except ValueError:
        message = say("{name}: '{given}' is no number (write 30, 30.4 or 365/12)", name=name, given=value)
        problems.append(Problem(place, "S_VALUE", message))
        return 0


def _bound(name: str, key: str, bound: int | Decimal | str | None, document: Document, problems: list[Problem]) -> int | Fraction | None:
    try:
        return exact(bound)
    except ValueError:
        at = document.place(("settings", name, key))
        problems.append(Problem(at, "S_VALUE", say("{name}: '{given}' is no number (write 30, 30.4 or 365/12)", name=name, given=bound)))
        return None


def outside(setting: Setting, value: bool | int | Fraction, place: Place) -> Problem | None:
    """The problem of a value that a setting's bounds do not allow."""
    name, where, given = setting.name, setting.place, plain(value)
    if isinstance(value, bool):
        if setting.min is None and setting.max is None:
            return None
        message = say("setting {name} is {type}: 'min' and 'max' belong to a number", name=name, type=setting.type)
        return Problem(place, "S_VALUE", message)
    if setting.min is not None and value < setting.min:
        least = plain(setting.min)
        message = say(
            "setting {name}: {given} is below {least}, the least it can be ({place})", name=name, given=given, least=least, place=where
        )
        return Problem(place, "S_BOUND", message)
    if setting.max is not None and value > setting.max:
        most = plain(setting.max)
        message = say(
            "setting {name}: {given} is above {most}, the most it can be ({place})", name=name, given=given, most=most, place=where
        )
        return Problem(place, "S_BOUND", message)
    return None


def build_settings(document: Document, form: schema.SettingsFile, problems: list[Problem], unread: set[str]) -> dict[str, Setting]:
    """The named parameters."""
    settings: dict[str, Setting] = {}
    for name, s in form.settings.items():
        place = document.place(("settings", name))
        value = setting_value(name, s.value, document.place(("settings", name, "value")), problems)
        type_ = BOOL if isinstance(value, bool) else unit_type(s.unit, document.place(("settings", name, "unit")), problems)
        if type_ is None:
            unread.add(f"setting.{name}")
        if not s.settled and s.why is None:
            message = say("setting {name} is not settled by law and needs 'why': the reason, in both languages", name=name)
            problems.append(Problem(place, "R_WHY", message))
        low, high = (_bound(name, key, bound, document, problems) for key, bound in (("min", s.min), ("max", s.max)))
        settings[name] = Setting(
            name, must(s.title), type_ or COUNT, s.unit, value, s.settled,
            read_cites(s.cite, document, "settings", name), text_of(s.why), place, low, high,
        )  # fmt: skip
        if problem := outside(settings[name], value, document.place(("settings", name, "value"))):
            problems.append(problem)
    return settings


def build_rate_rows(document: Document, name: str, rows: Sequence[schema.RateRowForm], problems: list[Problem]) -> tuple[RateRow, ...]:
    """The rows of one rate."""
    built = []
    for index, row in enumerate(rows):
        place = document.place(("rates", name, "values", index))
        value: int | Fraction | None = None
        if row.value != "unknown":
            try:
                value = exact(row.value)
            except ValueError:
                at = document.place(("rates", name, "values", index, "value"))
                message = say("rate {name}: '{given}' is no number (write 3500, 0.15, 1/3 or unknown)", name=name, given=row.value)
                problems.append(Problem(at, "S_VALUE", message))
        elif row.why is None:
            message = say("rate {name}: 'value: unknown' needs 'why': the reason, in both languages", name=name)
            problems.append(Problem(place, "R_WHY", message))
        cites = read_cites(row.cite, document, "rates", name, "values", index)
        until = row.until if isinstance(row, schema.RateRowOverlayForm) else None
        built.append(RateRow(row.from_, until, row.known_from, value, cites, text_of(row.why), text_of(row.note), place))
    return tuple(built)


def build_rates(document: Document, form: schema.RatesFile, problems: list[Problem], unread: set[str]) -> dict[str, Rate]:
    """The dated amounts of one file."""
    rates: dict[str, Rate] = {}
    for name, rate in form.rates.items():
        place = document.place(("rates", name))
        if not rate.values:
            problems.append(Problem(place, "S_VALUE", say("rate {name} has no values: write at least one row", name=name)))
            unread.add(f"rate.{name}")
            continue
        type_ = unit_type(rate.unit, document.place(("rates", name, "unit")), problems)
        if type_ is None:
            unread.add(f"rate.{name}")
        rows = build_rate_rows(document, name, rate.values, problems)
        rates[name] = Rate(name, must(rate.title), rate.unit, type_ or COUNT, rows, place)
    return rates
