"""A folder of YAML files becomes a rulebook, or a full list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from . import schema, vocabulary
from .book import Rulebook
from .content import content_hash, rule_files
from .forms import read_form
from .lint import LINTS
from .model import Appeal, Fact, Rate, Scheme, Setting, Source
from .problems import Problem, RulebookError
from .schemes import SchemeBuilder
from .source import Document, Place, SourceError, load_documents

F = TypeVar("F", bound=BaseModel)
T = TypeVar("T")

SINGLE_FILES = ("facts.yaml", "sources.yaml", "appeals.yaml", "settings.yaml")


@dataclass(slots=True)
class Draft:
    """A rulebook being read."""

    problems: list[Problem] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)
    rates: dict[str, Rate] = field(default_factory=dict)
    schemes: dict[str, Scheme] = field(default_factory=dict)

    def document(self, name: str, text: str) -> Document | None:
        """The one document of a rule file."""
        try:
            documents = list(load_documents(text, name))
        except SourceError as error:
            self.problems.append(Problem(error.place, "Y_SYNTAX", error.message))
            return None
        if len(documents) != 1:
            self.problems.append(Problem(Place(name, 1), "Y_SYNTAX", "a rule file holds one YAML document"))
            return None
        return documents[0]

    def form(self, document: Document, form: type[F]) -> F | None:
        return read_form(document, form, self.problems)

    def add(self, into: dict[str, T], new: dict[str, T], what: str, place: Callable[[T], Place]) -> None:
        """Merge, refusing a name that stands twice in the rulebook."""
        for name, item in new.items():
            if name in into:
                first = place(into[name])
                self.problems.append(Problem(place(item), "R_TWICE", f"{what} '{name}' stands twice (first at {first})"))
            else:
                into[name] = item


def read_texts(folder: Path) -> dict[str, str]:
    """Every rule file of ``folder`` by its relative name with forward slashes; RulebookError when there is none."""
    files = rule_files(folder)
    if not files:
        raise RulebookError([Problem(Place(str(folder), 1), "Y_SYNTAX", "no rule files in this folder")])
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError) as error:
            problems.append(Problem(Place(name, 1), "Y_SYNTAX", f"cannot be read: {error}"))
    if problems:
        raise RulebookError(problems)
    return texts


def build(texts: dict[str, str]) -> tuple[Rulebook, list[Problem]]:
    """The rulebook as far as it can be read, and every problem that reading and linting found."""
    draft = Draft()
    documents = {name: draft.document(name, text) for name, text in texts.items()}
    _words(draft, documents)
    for name, document in documents.items():
        if document is not None and name not in SINGLE_FILES and not name.startswith("rates/"):
            _scheme(draft, document)
    rulebook = Rulebook(
        content_hash(texts), draft.facts, draft.sources, draft.appeals, draft.settings,
        draft.rates, draft.schemes, broken=tuple(draft.broken),
    )  # fmt: skip
    for lint in LINTS:
        draft.problems.extend(lint(rulebook))
    return rulebook, sorted(set(draft.problems))


def _words(draft: Draft, documents: dict[str, Document | None]) -> None:
    """Facts, sources, appeal routes, settings and rates, before any scheme reads them."""
    for name in SINGLE_FILES:
        if name not in documents:
            draft.problems.append(Problem(Place(name, 1), "S_MISSING", f"the rulebook has no {name}"))
    if document := documents.get("facts.yaml"):
        facts = draft.form(document, schema.FactsFile)
        draft.facts = vocabulary.build_facts(document, facts, draft.problems) if facts else {}
    if document := documents.get("sources.yaml"):
        sources = draft.form(document, schema.SourcesFile)
        draft.sources = vocabulary.build_sources(document, sources) if sources else {}
    if document := documents.get("appeals.yaml"):
        appeals = draft.form(document, schema.AppealsFile)
        draft.appeals = vocabulary.build_appeals(document, appeals) if appeals else {}
    if document := documents.get("settings.yaml"):
        settings = draft.form(document, schema.SettingsFile)
        draft.settings = vocabulary.build_settings(document, settings, draft.problems) if settings else {}
    for name, document in documents.items():
        if document is not None and name.startswith("rates/"):
            rates = draft.form(document, schema.RatesFile)
            new = vocabulary.build_rates(document, rates, draft.problems) if rates else {}
            draft.add(draft.rates, new, "rate", lambda r: r.place)


def _scheme(draft: Draft, document: Document) -> None:
    form: Any = draft.form(document, schema.SchemeForm)
    if form is None:
        # What an unreadable scheme names counts as used: its own problems are enough.
        draft.broken.append(str(document.data))
        return
    builder = SchemeBuilder(document, draft.facts, draft.rates, draft.settings, draft.problems, draft.broken)
    draft.add(draft.schemes, {form.scheme: builder.build(form)}, "scheme", lambda s: s.place)


def read_folder(folder: Path) -> tuple[Rulebook, list[Problem]]:
    """The rulebook of ``folder`` as far as it can be read, and its problems; RulebookError when no file can be."""
    return build(read_texts(folder))


def check_folder(folder: Path) -> list[Problem]:
    """Every problem of the rulebook in ``folder``, in order of place."""
    try:
        return list(build(read_texts(folder))[1])
    except RulebookError as error:
        return list(error.problems)


def load_folder(folder: Path) -> Rulebook:
    """The rulebook in ``folder``; RulebookError with all problems when it has any."""
    rulebook, problems = build(read_texts(folder))
    if problems:
        raise RulebookError(problems)
    return rulebook
