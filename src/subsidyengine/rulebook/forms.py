"""From a YAML document to a checked form: every error of form with its place, what to write, and the near match.

One bad entry hides no other: what is wrong with it is reported, and the rest is read without it. What had to be left out is
remembered as ``unread``, so that nothing else complains that it is missing.
"""

from __future__ import annotations

import copy
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ..formula import near
from ..words import Message, quoted, say
from . import schema
from .problems import Problem
from .source import Document, Path

F = TypeVar("F", bound=BaseModel)

#: How the entries of each group are called in formulas and elsewhere.
PREFIXES = {"facts": "", "rates": "rate.", "settings": "setting.", "values": "value.", "sources": "source:", "appeals": "appeal:"}
ENTRIES = (*PREFIXES, "conditions", "rules", "parts", "routes")
_STAND_IN = "?"

_KINDS = {
    schema.KEBAB: say("small letters and figures joined by hyphens, as in benefit-applied"),
    schema.SNAKE: say("small letters and figures joined by underscores, as in net_rent"),
    schema.FACT: say("words joined by a dot, as in lease.rent"),
    schema.SCHEME: say("an area and a name, as in transitional.subsidy"),
    schema.SOURCE: say("small letters and figures joined by hyphens, as in bek-718-2013"),
}
_WANTED = {
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), say("write 'name: value' lines here")),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), say("write a whole number")),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "day"), say("write the day as 2024-01-31, without quotes")),
    **dict.fromkeys(("decimal_type", "decimal_parsing", "number"), say("write a number such as 3500 or 0.15, without quotes")),
    "flag": say("write true or false"),
    "share": say("write a share above 0 and at most 1, such as 1/4 or 0.25; or unknown"),
    "list_type": say("write a list, as in [a, b]"),
    "string_type": say("write a text"),
}


def read_form(document: Document, form: type[F], problems: list[Problem], unread: set[str] | None = None) -> F | None:
    """``document`` as ``form``, without the entries that cannot be read; None when nothing can. Every problem is added."""
    data = document.data
    try:
        return form.model_validate(data)
    except ValidationError as error:
        items = error.errors(include_url=False)
    problems.extend(_problem(document, form, item) for item in items)
    data = copy.deepcopy(data)
    for _ in range(2):  # texts and keys first: an entry goes only when that does not help
        if unread is None or False in [_repair(data, form, item, unread) for item in items]:
            return None
        try:
            return form.model_validate(data)
        except ValidationError as error:
            items = error.errors(include_url=False)
    return None


def _repair(data: Any, form: type[BaseModel], item: Any, unread: set[str]) -> bool:
    """Make ``data`` readable without what is wrong: a stand-in for a text, no unknown key, else no such entry."""
    path = _written(data, item["loc"])
    if not path:
        return False
    above = _at(data, path[:-1])
    if item["type"] == "extra_forbidden" and isinstance(above, dict):
        above.pop(path[-1], None)
        return True
    if _in_text(form, path) and isinstance(above, dict):
        above[path[-1]] = _STAND_IN
        return True
    if _kind_at(form, path) is schema.TextForm and isinstance(above, dict):
        above[path[-1]] = {"da": _STAND_IN, "en": _STAND_IN}
        return True
    if len(path) > 1 and path[0] in ENTRIES and isinstance(data[path[0]], dict):
        data[path[0]].pop(path[1], None)
        unread.add(f"{PREFIXES[path[0]]}{path[1]}" if path[0] in PREFIXES else str(path[1]))
        if isinstance(data.get("scheme"), str):
            unread.add(f"scheme:{data['scheme']}")
        return True
    return False


def _problem(document: Document, form: type[BaseModel], item: Any) -> Problem:
    kind, path = item["type"], _written(document.data, item["loc"])
    place = document.place(path)
    parent, dotted = _dotted(path[:-1]), _dotted(path)
    last = str(path[-1]) if path else ""
    if _in_text(form, path) and kind != "extra_forbidden":
        if kind == "string_type" and item["input"] is not None:
            return Problem(place, "S_VALUE", _unquoted(dotted, item["input"]))
        message = say("{parent} has no text in '{key}': every text is given in Danish (da) and English (en)", parent=parent, key=last)
        return Problem(place, "R_TRANSLATION", message)
    if _kind_at(form, path) is schema.TextForm and kind in ("model_type", "model_attributes_type"):
        message = say("{path} is given in both languages: write {{da: ..., en: ...}}", path=dotted)
        return Problem(place, "R_TRANSLATION", message)
    if kind == "missing":
        return Problem(place, "S_MISSING", say("{parent} needs '{key}'", parent=parent, key=last))
    if kind == "extra_forbidden":
        keys = _keys_at(form, path[:-1])
        if item["input"] is None and (" " in last or keys == ["da", "en"]):
            message = say("'{key}' is taken as a key of {parent}: put a text with a comma or a colon in quotes", key=last, parent=parent)
            return Problem(place, "S_COMMA", message)
        hint = near(last, keys) or say(" (known here: {keys})", keys=", ".join(keys))
        return Problem(place, "S_UNKNOWN_KEY", say("unknown key '{key}' in {parent}{hint}", key=last, parent=parent, hint=hint))
    if kind == "string_pattern_mismatch":
        message = say("'{given}' is no name of this kind: {wanted}", given=item["input"], wanted=_KINDS[item["ctx"]["pattern"]])
        return Problem(place, "S_NAME", message)
    if kind == "literal_error":
        wanted = item["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        hint = near(str(item["input"]), wanted.split(", "))
        message = say("{path}: '{given}' is none of {words}{hint}", path=dotted, given=item["input"], words=wanted, hint=hint)
        return Problem(place, "S_VALUE", message)
    given = item["input"]
    if kind == "no_day":
        return Problem(place, "S_VALUE", say("{path}: {given} is no day of the calendar", path=dotted, given=given))
    if given is None or kind in ("string_too_short", "too_short"):
        return Problem(place, "S_VALUE", say("{path} is empty", path=dotted))
    if kind == "string_type" and not isinstance(given, dict | list):
        return Problem(place, "S_VALUE", _unquoted(dotted, given))
    wanted = _WANTED.get(kind) or quoted(item["msg"])
    if kind.startswith("model_"):
        wanted = say("{wanted} ({keys}, ...)", wanted=wanted, keys=", ".join(_keys_at(form, path)[:6]))
    if isinstance(given, dict | list):
        return Problem(place, "S_VALUE", say("{path}: {wanted}", path=dotted, wanted=wanted))
    return Problem(place, "S_VALUE", say("{path}: '{given}': {wanted}", path=dotted, given=given, wanted=wanted))


def _unquoted(dotted: str, given: object) -> Message:
    return say("{path}: '{given}' is read as a number, a day or true/false: put it in quotes", path=dotted, given=given)


def _dotted(path: Path) -> str:
    """A path as messages name it; of several in a list the line tells which."""
    return ".".join(part for part in path if isinstance(part, str)) or say("the file")


def _written(data: Any, loc: tuple[str | int, ...]) -> Path:
    """The path of an error as the file has it: without the lists and kinds that the form puts in between."""
    path: list[str | int] = []
    here = data
    for index, part in enumerate(loc):
        listed = isinstance(here, list) and isinstance(part, int)
        if listed or (isinstance(here, dict) and part in here):
            path.append(part)
            here = here[part]
        elif isinstance(here, dict) and isinstance(part, str) and part != "[key]" and index == len(loc) - 1:
            path.append(part)
    return tuple(path)


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _kind_at(form: type[BaseModel], path: Path) -> Any:
    """What the form wants at ``path``: a model, or another annotation (None: nothing of the form stands there)."""
    kind: Any = form
    for part in path:
        kind = _peel(kind, part)
        if get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif get_origin(kind) is list:
            kind = get_args(kind)[0]
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            if part not in fields:
                return None
            kind = fields[str(part)].annotation
        else:
            return None
    return _peel(kind, "")


def _peel(kind: Any, part: str | int) -> Any:
    """Without 'or nothing', and without the list where the file has one item that stands alone."""
    while True:
        origin, args = get_origin(kind), get_args(kind)
        if origin is Annotated:
            kind = args[0]
        elif type(None) in args:
            kind = next(a for a in args if a is not type(None))
        elif origin is list and not isinstance(part, int) and isinstance(args[0], type) and issubclass(args[0], BaseModel):
            kind = args[0]
        else:
            return kind


def _in_text(form: type[BaseModel], path: Path) -> bool:
    return bool(path) and path[-1] in ("da", "en") and _kind_at(form, path[:-1]) is schema.TextForm


def _keys_at(form: type[BaseModel], path: Path) -> list[str]:
    """The keys allowed at ``path``, for the near match."""
    kind = _kind_at(form, path)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []
