"""From a YAML document to a checked form: every error of form with its place, what to write, and the near match.

One bad entry hides no other: what is wrong with it is reported, and the rest is read without it. What had to be left out is
remembered as ``unread``, so that nothing else complains that it is missing.
"""

from __future__ import annotations

import copy
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ..formula import near
from . import schema
from .problems import Problem
from .source import Document, Path

F = TypeVar("F", bound=BaseModel)

#: How the entries of each group are called in formulas and elsewhere.
PREFIXES = {"facts": "", "rates": "rate.", "settings": "setting.", "values": "value.", "sources": "source:", "appeals": "appeal:"}
ENTRIES = (*PREFIXES, "conditions", "rules", "parts", "routes")
_STAND_IN = "?"
_QUOTES = "is read as a number, a day or true/false: put it in quotes"

_KINDS = {
    schema.KEBAB: "small letters and figures joined by hyphens, as in benefit-applied",
    schema.SNAKE: "small letters and figures joined by underscores, as in net_rent",
    schema.FACT: "words joined by a dot, as in lease.rent",
    schema.SCHEME: "an area and a name, as in transitional.subsidy",
    schema.SOURCE: "small letters and figures joined by hyphens, as in bek-718-2013",
}
_WANTED = {
    "string_type": "write a text",
    "list_type": "write a list, as in [a, b]",
    "dict_type": "write 'name: value' lines here",
    "model_type": "write 'name: value' lines here",
    "model_attributes_type": "write 'name: value' lines here",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
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
            return Problem(place, "S_VALUE", f"{dotted}: '{item['input']}' {_QUOTES}")
        return Problem(place, "R_TRANSLATION", f"{parent} has no text in '{last}': every text is given in Danish (da) and English (en)")
    if _kind_at(form, path) is schema.TextForm and kind in ("model_type", "model_attributes_type"):
        return Problem(place, "R_TRANSLATION", f"{dotted} is given in both languages: write {{da: ..., en: ...}}")
    if kind == "missing":
        return Problem(place, "S_MISSING", f"{parent} needs '{last}'")
    if kind == "extra_forbidden":
        keys = _keys_at(form, path[:-1])
        if item["input"] is None and (" " in last or keys == ["da", "en"]):
            return Problem(place, "S_COMMA", f"'{last}' is taken as a key of {parent}: put a text with a comma or a colon in quotes")
        hint = near(last, keys) or f" (known here: {', '.join(keys)})"
        return Problem(place, "S_UNKNOWN_KEY", f"unknown key '{last}' in {parent}{hint}")
    if kind == "string_pattern_mismatch":
        return Problem(place, "S_NAME", f"'{item['input']}' is no name of this kind: {_KINDS[item['ctx']['pattern']]}")
    if kind == "literal_error":
        wanted = item["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        return Problem(place, "S_VALUE", f"{dotted}: '{item['input']}' is none of {wanted}{near(str(item['input']), wanted.split(', '))}")
    given = item["input"]
    if given is None or kind in ("string_too_short", "too_short"):
        return Problem(place, "S_VALUE", f"{dotted} is empty")
    if kind == "string_type" and not isinstance(given, dict | list):
        return Problem(place, "S_VALUE", f"{dotted}: '{given}' {_QUOTES}")
    message = _WANTED.get(kind, str(item["msg"]))
    if kind.startswith("model_"):
        message += f" ({', '.join(_keys_at(form, path)[:6])}, ...)"
    shown = f"'{given}': " if not isinstance(given, dict | list) else ""
    return Problem(place, "S_VALUE", f"{dotted}: {shown}{message}")


def _dotted(path: Path) -> str:
    """A path as messages name it; of several in a list the line tells which."""
    return ".".join(part for part in path if isinstance(part, str)) or "the file"


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
