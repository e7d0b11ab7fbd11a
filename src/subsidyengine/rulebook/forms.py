"""From a YAML document to a checked form: every error of form with its place and the near match."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..formula import near
from .problems import Problem
from .source import Document, Path, Place

F = TypeVar("F", bound=BaseModel)


def read_form(document: Document, form: type[F], problems: list[Problem]) -> F | None:
    """Validate ``document`` as ``form``; on failure every problem is added and None returned."""
    try:
        return form.model_validate(document.data)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            problems.append(_problem(document, form, item))
        return None


def _problem(document: Document, form: type[BaseModel], item: Any) -> Problem:
    path = tuple(part for part in item["loc"] if part != "[key]")
    place = document.place(path)
    dotted = ".".join(str(p) for p in path) or form.__name__
    last = str(path[-1]) if path else ""
    if item["type"] == "missing":
        if last in ("da", "en"):
            return Problem(place, "R_TRANSLATION", f"{_parent(path)} has no text in '{last}'")
        return Problem(place, "S_MISSING", f"{_parent(path)} needs '{last}'")
    if item["type"] == "extra_forbidden":
        if item["input"] is None and " " in last:
            return Problem(place, "S_COMMA", f"'{last}' is taken as a key: put a text with a comma in quotes")
        keys = _keys_at(form, path[:-1])
        return Problem(place, "S_UNKNOWN_KEY", f"unknown key '{last}' in {_parent(path)}{near(last, keys)}")
    if item["type"] == "string_pattern_mismatch" and "[key]" in item["loc"]:
        return Problem(place, "S_NAME", f"'{last}' is no name of this kind (pattern {item['ctx']['pattern']})")
    message = str(item["msg"])
    return Problem(place, "S_VALUE", f"{dotted}: {message[:1].lower()}{message[1:]}")


def _parent(path: Path) -> str:
    return ".".join(str(p) for p in path[:-1]) or "the file"


def _keys_at(form: type[BaseModel], path: Path) -> list[str]:
    """The keys allowed at ``path``: every key of the models that can stand there (for the near match)."""
    models: list[type[BaseModel]] = [form]
    for part in path:
        inner: list[type[BaseModel]] = []
        for model in models:
            for name, field in model.model_fields.items():
                if part in (name, field.alias):
                    inner += _models_in(field.annotation)
        models = inner or models
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for arg in getattr(annotation, "__args__", ()) for m in _models_in(arg)]


def at(document: Document, *path: str | int) -> Place:
    """Place of a path in a document."""
    return document.place(path)
