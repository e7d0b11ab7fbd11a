"""The form of a case file as pydantic models and as JSON Schema, for editors, forms and other systems.

Reading cases does not pass through these models (see check.py: it is faster, and it knows places and near matches).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, create_model

from ..formula import plain
from ..rulebook import Fact, Rulebook, Text
from ..words import Lang

_UNITS = {
    "DKK": "kr.", "DKK/month": "kr. pr. måned / a month", "DKK/year": "kr. pr. år / a year",
    "DKK/day": "kr. pr. døgn / a day", "m2": "m²", "year": "år / years", "month": "måneder / months",
    "day": "dage / days", "share": "andel / share (0.40 = 40 %)",
}  # fmt: skip

#: Decimal text, exact where a JSON number might not be: ``"5500.00"``.
_DECIMAL_TEXT = {"type": "string", "pattern": r"^[-+]?\d{1,15}(\.\d{1,18})?$"}


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Statement(_Form):
    """What is said of a fact: its value, from when it holds, where it came from and when it was received."""

    value: Any = Field(description="Værdien; null: ikke kendt (mere) / the value; null: not known (any more)")
    from_: date | None = Field(
        default=None, alias="from", description="Gælder fra denne dag til den næste / holds from this day to the next"
    )
    source: str = Field(default="", description="Hvor oplysningen kommer fra / where it comes from")
    received: date | None = Field(default=None, description="Modtaget den (også en rettelse) / received on (also of a correction)")
    by: str = Field(default="", description="Vurderet af / assessed by")
    on: date | None = Field(default=None, description="Vurderet den / assessed on")
    why: str = Field(default="", description="Begrundelse / reason")


class CaseFile(_Form):
    """One case: the day to decide for, what was known by then, the schemes asked for, and its facts."""

    case: str | int | None = Field(default=None, description="Sagens id, aldrig et CPR-nummer / id of the case, never a CPR number")
    on: date | None = Field(default=None, description="Den dag der afgøres for / the day that is decided for")
    known: date | None = Field(
        default=None, description="Hvad der var kendt den dag; ellers alt / as known on that day; default: everything"
    )
    schemes: list[str] | str | None = Field(
        default=None, description="Ordninger; ellers alle, som oplysningerne berører / schemes; default: every scheme that the facts touch"
    )
    facts: Any = Field(
        default=None, description="Sagens oplysninger; en, der mangler, er ukendt / the facts; one that is absent is unknown"
    )


def _bilingual(da: str, en: str) -> str:
    return f"{da} / {en}"


def _described(fact: Fact, lang: Lang | None = None) -> str:
    def said(text: Text) -> str:
        return _bilingual(text.da, text.en) if lang is None else text.get(lang)

    unit = f"[{_in(lang, _UNITS.get(fact.unit, fact.unit))}]" if fact.unit else ""
    lines = (said(fact.title), unit, said(fact.ask), said(fact.note) if fact.note else "")
    return "\n".join(line for line in lines if line)


def _in(lang: Lang | None, text: str) -> str:
    """One side of a text of this module, ``dansk / English``; without a slash it is the same in both languages."""
    danish, _, english = text.partition(" / ")
    return text if lang is None else danish if lang == "da" else english or danish


def _pair(text: Text) -> dict[str, str]:
    return {"da": text.da, "en": text.en}


def _bare(fact: Fact) -> Any:
    """The type of a bare value."""
    match fact.kind:
        case "bool":
            return Annotated[bool, Field(strict=True)]
        case "date":
            return date
        case "dates":
            return list[date] | date
        case "enum":
            return Literal[tuple(fact.values)]
        case "text":
            return Annotated[str, StringConstraints(min_length=1)]
    low, high = plain(fact.min), plain(fact.max)
    bounds = {name: json.loads(str(bound)) for name, bound in (("minimum", low), ("maximum", high)) if bound is not None}
    limits = Field(ge=None if low is None else Decimal(str(low)), le=None if high is None else Decimal(str(high)))
    number = {"type": "integer" if fact.kind == "integer" else "number", **bounds}
    return Annotated[Decimal, limits, WithJsonSchema({"anyOf": [number, _DECIMAL_TEXT]})]


#: Statement models by kind of value: facts of one kind share one.
Kinds = dict[tuple[Any, ...], Any]


def _statement(fact: Fact, bare: Any, kinds: Kinds) -> Any:
    key = (fact.kind, fact.min, fact.max, *fact.values)
    if key not in kinds:
        name = "".join(part.title() for part in (fact.kind, *fact.name.replace("_", ".").split(".")))
        kinds[key] = create_model(f"{name}Statement" if fact.values else f"{fact.kind.title()}{len(kinds)}Statement",
                                  __base__=Statement, value=(bare | None, ...))  # fmt: skip
    return kinds[key]


def _field(fact: Fact, kinds: Kinds) -> tuple[Any, Any]:
    """A fact's field: a bare value, a statement, or dated statements."""
    bare = _bare(fact)
    statement = _statement(fact, bare, kinds)
    extra: dict[str, Any] = {"x-fact": fact.name, "x-title": _pair(fact.title), "x-ask": _pair(fact.ask)}
    if fact.unit:
        extra["x-unit"] = fact.unit
    if fact.values:
        extra["x-values"] = {word: _pair(text) for word, text in fact.values.items()}
    if fact.assessment:
        extra["x-assessment"] = True
    field = Field(default=None, title=fact.title.en, description=_described(fact), json_schema_extra=extra)
    return (bare | statement | list[statement] | None, field)  # type: ignore[valid-type]


def facts_model(vocabulary: Mapping[str, Fact]) -> type[BaseModel]:
    """The ``facts:`` of a case as a nested pydantic model: each fact a bare value, a statement or a list of them."""
    tree: dict[str, Any] = {}
    for name, fact in vocabulary.items():
        *groups, last = name.split(".")
        node = tree
        for group in groups:
            node = node.setdefault(group, {})
        node[last] = fact
    return _model("Facts", tree, {})


def _model(name: str, tree: Mapping[str, Any], kinds: Kinds) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for key, node in tree.items():
        if isinstance(node, Fact):
            fields[key] = _field(node, kinds)
        else:
            inner = _model(f"{'' if name == 'Facts' else name}{key.title()}", node, kinds)
            fields[key] = (inner | None, Field(default=None))
    return create_model(name, __base__=_Form, **fields)


_SCHEMAS: WeakKeyDictionary[Rulebook, dict[Lang | None, dict[str, Any]]] = WeakKeyDictionary()


def case_schema(rulebook: Rulebook, lang: Lang | None = None) -> dict[str, Any]:
    """JSON Schema (2020-12) of a case file: every fact with its description in ``lang`` (None: in both), unit and values.

    Facts may be nested or dotted; both are in the schema. Do not change what is returned: it is kept per rulebook.
    """
    kept = _SCHEMAS.setdefault(rulebook, {})
    if lang not in kept:
        kept[lang] = _schema(rulebook)
        if lang is not None:
            _speak(kept[lang], rulebook.facts, lang)
    return kept[lang]


def _speak(part: Any, facts: Mapping[str, Fact], lang: Lang) -> None:
    """Leave one language of the titles and descriptions of ``part`` and all below it."""
    if isinstance(part, list):
        for inner in part:
            _speak(inner, facts, lang)
    elif isinstance(part, dict):
        if "x-fact" in part:
            fact = facts[part["x-fact"]]
            part.update(title=fact.title.get(lang), description=_described(fact, lang))
        elif isinstance(part.get("description"), str):
            part["description"] = _in(lang, part["description"])
        for inner in part.values():
            _speak(inner, facts, lang)


def _schema(rulebook: Rulebook) -> dict[str, Any]:
    facts = facts_model(rulebook.facts)
    fields: dict[str, Any] = {"facts": (facts | None, CaseFile.model_fields["facts"])}
    case = create_model("CaseFile", __base__=CaseFile, **fields)
    schema = case.model_json_schema(by_alias=True, mode="validation")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    definitions = schema["$defs"]
    dotted = definitions["Facts"]["properties"]
    for name in rulebook.facts:
        *groups, last = name.split(".")
        owner = "".join(group.title() for group in groups) or "Facts"
        dotted.setdefault(name, {"$ref": f"#/$defs/{owner}/properties/{last}"})
    if rulebook.schemes:
        ids = {"enum": sorted(rulebook.schemes)}
        schemes = {"anyOf": [{"type": "array", "items": ids}, ids, {"type": "null"}], "default": None}
        schema["properties"]["schemes"] = {**schema["properties"]["schemes"], **schemes}
    return schema
