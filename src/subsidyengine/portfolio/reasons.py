"""Why a row of a table cannot be used, in the words that a case file would get."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from ..facts import CaseError, by_row, case_from_data, with_point
from ..rulebook import Fact
from ..words import say
from .gather import Misfit, table_value
from .layout import FIRST_DAY, LAST_DAY


def why(name: str, value: Any, facts: Mapping[str, Fact], comma: bool = False, otherwise: str = "") -> tuple[str, ...]:
    """What is wrong with a fact's cell or statements; ``otherwise`` where a table could hold it. ``comma``: it may be written 5500,50."""
    if isinstance(value, str):
        value = with_point(value.strip()) if comma and facts[name].type.kind == "number" else value.strip()
    try:
        case = case_from_data({"facts": {name: value}}, facts)
        table_value(facts[name], case.facts.get(name, ()))
    except CaseError as error:
        return told(by_row(error))
    except Misfit as misfit:
        return misfit.args
    return (otherwise or say("{fact}: cannot be read", fact=name),)


def case_problem(data: Mapping[str, Any], schemes: Collection[str] | None = None) -> tuple[str, ...]:
    """What is wrong with what a case says beside its facts; nothing where all is well."""
    try:
        case_from_data({"facts": {}, **data}, {}, schemes=schemes)
    except CaseError as error:
        return told(error)
    return ()


def outside(name: str, day: date) -> str:
    """A day that no table holds."""
    return say("{fact}: {day} is outside {first}-{last}", fact=name, day=day, first=FIRST_DAY.year, last=LAST_DAY.year)


def told(error: CaseError) -> tuple[str, ...]:
    """Each problem with its path."""
    return tuple(say("{path}: {problem}", path=p.path, problem=p.message) if p.path else p.message for p in error.problems)
