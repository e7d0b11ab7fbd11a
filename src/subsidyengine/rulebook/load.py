"""A folder of YAML files becomes a rulebook, or a full list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from ..words import quoted, say
from . import schema, vocabulary
from .book import Rulebook
from .content import content_hash, misnamed_files, rule_files
from .forms import read_form
from .lint import FORM_LINTS, LINTS
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
    unread: set[str] = field(default_factory=set)
    facts: dict[str, Fact] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)
    rates: dict[str, Rate] = field(default_factory=dict)
    schemes: dict[str, Scheme] = field(default_factory=dict)

    def document(self, name: str, text: str) -> Document | None:
        """The one document of a rule file."""
        document = one_document(name, text, self.problems)
        if document is None:
            self.unread.add(group_of(name))
        return document

    def form(self, document: Document, form: type[F]) -> F | None:
        found = read_form(document, form, self.problems, self.unread)
        if found is None:
            self.unread.add(group_of(document.file))
        return found

    def add(self, into: dict[str, T], new: dict[str, T], what: Callable[[str], str], place: Callable[[T], Place]) -> None:
        """Merge, refusing a name that stands twice in the rulebook."""
        for name, item in new.items():
            if name in into:
                first = place(into[name])
                message = say("{what} stands twice (first at {place})", what=what(name), place=first)
                self.problems.append(Problem(place(item), "R_TWICE", message))
            else:
                into[name] = item


def group_of(name: str) -> str:
    """What is missing when a file cannot be read: a group of words, or a scheme that nobody knows the name of."""
    return "rates" if name.startswith("rates/") else name.removesuffix(".yaml") if name in SINGLE_FILES else "schemes"


def one_document(name: str, text: str, problems: list[Problem]) -> Document | None:
    """The one YAML document of a file; None, and a problem, when there is not exactly one."""
    try:
        documents = list(load_documents(text, name))
    except SourceError as error:
        problems.append(Problem(error.place, "Y_SYNTAX", error.message))
        return None
    if not documents or (len(documents) == 1 and documents[0].data is None):
        problems.append(Problem(Place(name, 1), "Y_SYNTAX", say("the file is empty: write its rules, or remove it")))
        return None
    if len(documents) > 1:
        second = documents[1].place(())
        message = say("a second YAML document begins here: a rule file holds one (no '---' inside)")
        problems.append(Problem(second, "Y_SYNTAX", message))
        return None
    return documents[0]


def read_texts(folder: Path, name: str = "") -> tuple[dict[str, str], list[Problem]]:
    """Every rule file of ``folder`` by its relative name with forward slashes, and the files that cannot be read.

    ``name`` stands before the file names in messages. RulebookError when there is no rule file at all.
    """
    files = rule_files(folder)
    if not files and not misnamed_files(folder):
        raise RulebookError([Problem(Place(str(folder), 1), "Y_SYNTAX", say("no rule files (*.yaml) in this folder"))])
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    before = f"{name}/" if name else ""
    for path in misnamed_files(folder):
        place = Place(before + path.relative_to(folder).as_posix(), 1)
        message = say("a rule file ends in '.yaml', not in '{suffix}': rename it, or it is not read", suffix=path.suffix)
        problems.append(Problem(place, "Y_NAME", message))
    for path in files:
        file = path.relative_to(folder).as_posix()
        try:
            # A byte order mark, as some editors write it, is no part of the law.
            texts[file] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = 1 + path.read_bytes()[: error.start].count(b"\n")
            problems.append(Problem(Place(before + file, line), "Y_SYNTAX", say("not UTF-8 text: save the file as UTF-8")))
        except OSError as error:
            message = say("cannot be read: {reason}", reason=quoted(error.strerror or str(error)))
            problems.append(Problem(Place(before + file, 1), "Y_SYNTAX", message))
    return texts, problems


def build(texts: dict[str, str], unreadable: Sequence[Problem] = ()) -> tuple[Rulebook, list[Problem]]:
    """The rulebook as far as it can be read, and every problem that reading and linting found."""
    draft = Draft([*unreadable], unread={group_of(problem.place.file) for problem in unreadable})
    documents = {name: draft.document(name, text) for name, text in texts.items()}
    _words(draft, documents)
    for name, document in documents.items():
        if document is not None and name not in SINGLE_FILES and not name.startswith("rates/"):
            _scheme(draft, document)
    rulebook = Rulebook(
        content_hash(texts), draft.facts, draft.sources, draft.appeals, draft.settings,
        draft.rates, draft.schemes, broken=tuple(draft.broken), unread=frozenset(draft.unread),
    )  # fmt: skip
    for lint in LINTS:
        draft.problems.extend(lint(rulebook))
    # A formula passed over in silence would count as law not known.
    assert draft.problems or not draft.broken, draft.broken
    return rulebook, sorted(set(draft.problems))


def _words(draft: Draft, documents: dict[str, Document | None]) -> None:
    """Facts, sources, appeal routes, settings and rates, before any scheme reads them."""
    for name in SINGLE_FILES:
        if name not in documents and not any(p.place.file == name for p in draft.problems):
            draft.unread.add(group_of(name))
            draft.problems.append(Problem(Place(name, 1), "S_MISSING", say("the rulebook has no {file}", file=name)))
    if document := documents.get("facts.yaml"):
        facts = draft.form(document, schema.FactsFile)
        draft.facts = vocabulary.build_facts(document, facts, draft.problems, draft.unread) if facts else {}
    if document := documents.get("sources.yaml"):
        sources = draft.form(document, schema.SourcesFile)
        draft.sources = vocabulary.build_sources(document, sources) if sources else {}
    if document := documents.get("appeals.yaml"):
        appeals = draft.form(document, schema.AppealsFile)
        draft.appeals = vocabulary.build_appeals(document, appeals) if appeals else {}
    if document := documents.get("settings.yaml"):
        settings = draft.form(document, schema.SettingsFile)
        draft.settings = vocabulary.build_settings(document, settings, draft.problems, draft.unread) if settings else {}
    for name, document in documents.items():
        if document is not None and name.startswith("rates/"):
            rates = draft.form(document, schema.RatesFile)
            new = vocabulary.build_rates(document, rates, draft.problems, draft.unread) if rates else {}
            draft.add(draft.rates, new, lambda rate: say("rate '{name}'", name=rate), lambda r: r.place)


def _scheme(draft: Draft, document: Document) -> None:
    form: Any = draft.form(document, schema.SchemeForm)
    if form is None:
        # What an unreadable scheme names counts as used: its own problems are enough.
        draft.broken.append(str(document.data))
        if isinstance(document.data, dict):
            draft.unread.add(f"scheme:{document.data.get('scheme')}")
        return
    for lint in FORM_LINTS:
        draft.problems.extend(lint(document, form))
    builder = SchemeBuilder(document, draft.facts, draft.rates, draft.settings, draft.problems, draft.broken, draft.unread)
    draft.add(draft.schemes, {form.scheme: builder.build(form)}, lambda scheme: say("scheme '{name}'", name=scheme), lambda s: s.place)


def read_folder(folder: Path) -> tuple[Rulebook, list[Problem]]:
    """The rulebook of ``folder`` as far as it can be read, and its problems; RulebookError when no file can be."""
    return build(*read_texts(folder))


def check_folder(folder: Path) -> list[Problem]:
    """Every problem of the rulebook in ``folder``, in order of place."""
    try:
        return build(*read_texts(folder))[1]
    except RulebookError as error:
        return list(error.problems)


def load_folder(folder: Path) -> Rulebook:
    """The rulebook in ``folder``; RulebookError with all problems when it has any."""
    rulebook, problems = build(*read_texts(folder))
    if problems:
        raise RulebookError(problems)
    return rulebook
