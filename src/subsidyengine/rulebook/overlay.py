"""Overlays: a municipality's lawyer settles what the law leaves open, in the same format, with citation and name.

An overlay fills an unknown or narrows. It never contradicts: a value where the base has one is refused, both places named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from ..formula import near
from ..inference import Conclusion
from ..words import say
from . import schema, vocabulary
from .book import Overlay, Rulebook
from .content import content_hash
from .fill import fill_condition, fill_rate
from .forms import read_form
from .lint import LINTS, why
from .load import one_document
from .model import Scheme
from .problems import Problem, RulebookError
from .routes import lay_appeals, lay_route
from .schemes import SchemeBuilder, reach
from .source import Document, Place


def apply_overlay(base: Rulebook, name: str, texts: dict[str, str], unreadable: Sequence[Problem] = ()) -> Rulebook:
    """``base`` with an overlay's files laid over it; RulebookError with every problem."""
    problems = [*unreadable]
    documents: dict[str, Document] = {}
    for file, text in texts.items():
        document = one_document(f"{name}/{file}", text, problems)
        if document is not None:
            documents[file] = document
    head_document = documents.pop("overlay.yaml", None)
    head = read_form(head_document, schema.OverlayFile, problems) if head_document else None
    if "overlay.yaml" not in texts:
        message = say("an overlay says who settled what: write overlay.yaml with by, on, layer and reason")
        problems.append(Problem(Place(f"{name}/overlay.yaml", 1), "O_HEAD", message))
    book = base
    sources = documents.pop("sources.yaml", None)
    if sources is not None:
        book = _sources(book, sources, problems)
    for file, document in documents.items():
        if file == "settings.yaml":
            book = _settings(book, document, problems)
        elif file.startswith("rates/"):
            book = _rates(book, document, problems)
        elif file == "appeals.yaml":
            book = lay_appeals(book, document, problems)
        elif file == "facts.yaml":
            message = say(
                "an overlay has no {file}: it settles rates, settings, conditions and appeal routes, and may add sources", file=file
            )
            problems.append(Problem(document.place(()), "O_FILE", message))
        else:
            book = _scheme(base, book, document, problems, head.layer if head else "")
    before = {problem for lint in LINTS for problem in lint(base)}
    problems += [problem for lint in LINTS for problem in lint(book) if problem not in before]
    if problems or head is None:
        raise RulebookError(problems)
    mark = Overlay(name, head.by, head.on, head.layer, vocabulary.must(head.reason))
    return replace(book, hash=overlaid_hash(base.hash, texts), overlays=(*base.overlays, mark), below=base)


def day_of(name: str, texts: dict[str, str]) -> date:
    """The day of an overlay; the earliest there is where its head cannot be read (laying it over says why)."""
    document = one_document(f"{name}/overlay.yaml", texts.get("overlay.yaml", ""), [])
    head = read_form(document, schema.OverlayFile, []) if document else None
    return head.on if head else date.min


def overlaid_hash(base: str, texts: Mapping[str, str]) -> str:
    """The hash of a rulebook with an overlay's files laid over it."""
    digest = hashlib.sha256(f"{base}\n{content_hash(texts)}".encode()).hexdigest()
    return f"sha256:{digest}"


def _sources(book: Rulebook, document: Document, problems: list[Problem]) -> Rulebook:
    form = read_form(document, schema.SourcesFile, problems)
    if form is None:
        return replace(book, unread=book.unread | {"sources"})
    new = vocabulary.build_sources(document, form)
    for key in new.keys() & book.sources.keys():
        place = book.sources[key].place
        message = say("source {name} stands at {place}: cite that one, or give this another key", name=key, place=place)
        problems.append(Problem(new[key].place, "O_CONTRADICTS", message))
    return replace(book, sources={**new, **book.sources})


def _settings(book: Rulebook, document: Document, problems: list[Problem]) -> Rulebook:
    form = read_form(document, schema.SettingsOverlayFile, problems)
    if form is None:
        return book
    settings = dict(book.settings)
    for name, given in form.settings.items():
        place = document.place(("settings", name))
        if name not in settings:
            problems.append(Problem(place, "O_NAME", say("unknown setting '{name}'{hint}", name=name, hint=near(name, settings))))
            continue
        old = settings[name]
        if old.settled:
            message = say("setting {name} is settled at {place}; an overlay settles only what is not", name=name, place=old.place)
            problems.append(Problem(place, "O_CONTRADICTS", message))
            continue
        value = vocabulary.setting_value(name, given.value, document.place(("settings", name, "value")), problems)
        if isinstance(value, bool) != isinstance(old.value, bool):
            problems.append(Problem(place, "S_VALUE", say("setting {name} is {type} ({place})", name=name, type=old.type, place=old.place)))
            continue
        cites = vocabulary.read_cites(given.cite, document, "settings", name)
        if problem := vocabulary.outside(old, value, document.place(("settings", name, "value"))):
            problems.append(problem)
            continue
        settings[name] = replace(old, value=value, settled=True, cites=cites, why=vocabulary.text_of(given.why), place=place)
    return replace(book, settings=settings)


def _rates(book: Rulebook, document: Document, problems: list[Problem]) -> Rulebook:
    form = read_form(document, schema.RatesOverlayFile, problems)
    if form is None:
        return book
    rates = dict(book.rates)
    for name, given in form.rates.items():
        if name not in rates:
            place = document.place(("rates", name))
            problems.append(Problem(place, "O_NAME", say("unknown rate '{name}'{hint}", name=name, hint=near(name, rates))))
            continue
        for row in vocabulary.build_rate_rows(document, name, given.values, problems):
            rates[name] = fill_rate(rates[name], row, problems)
    return replace(book, rates=rates)


def _scheme(base: Rulebook, book: Rulebook, document: Document, problems: list[Problem], layer: str) -> Rulebook:
    form = read_form(document, schema.SchemeOverlayForm, problems)
    if form is None:
        return book
    if form.scheme not in book.schemes:
        hint = near(form.scheme, book.schemes)
        problems.append(Problem(document.place(("scheme",)), "O_NAME", say("unknown scheme '{name}'{hint}", name=form.scheme, hint=hint)))
        return book
    problems.extend(why.check(document, form))
    scheme = book.schemes[form.scheme]
    builder = SchemeBuilder(document, book.facts, book.rates, book.settings, problems, [], set())
    builder.layer = layer
    builder.value_types = {n: v.type for n, v in scheme.values.items()}
    built = builder.conditions(form.conditions, None, any(c.period for c in scheme.clauses))
    conditions = dict(scheme.conditions)
    for name, condition in built.items():
        if name in form.narrows and name in conditions:
            place = conditions[name].place
            message = say("condition {name} stands at {place}; a narrowing condition has a new name", name=name, place=place)
            problems.append(Problem(condition.place, "O_CONTRADICTS", message))
        elif name in form.narrows:
            conditions[name] = condition
        elif name in conditions:
            conditions[name] = fill_condition(conditions[name], condition, problems)
        else:
            hint = near(name, conditions) or say(": to narrow the scheme by it, list it under narrows")
            message = say("condition {name} is not in {scheme}{hint}", name=name, scheme=scheme.id, hint=hint)
            problems.append(Problem(condition.place, "O_NAME", message))
    for index, name in enumerate(form.narrows):
        if name not in built:
            place = document.place(("narrows", index))
            message = say("narrows '{name}', which is no condition of this file{hint}", name=name, hint=near(name, built))
            problems.append(Problem(place, "O_NAME", message))
    names = tuple(n for n in form.narrows if n in built and n not in scheme.conditions)
    scheme = lay_route(base, scheme, form.appeal, document, problems)
    schemes = {**book.schemes, scheme.id: _narrowed(replace(scheme, conditions=conditions), names)}
    return replace(book, schemes=schemes)


def _narrowed(scheme: Scheme, names: tuple[str, ...]) -> Scheme:
    """Every clause's conclusion also needs the new conditions."""
    if not names:
        return scheme
    targets = {c.conclusion for c in scheme.clauses}
    conclusions: list[Conclusion] = []
    for conclusion in scheme.conclusions:
        if conclusion.name not in targets:
            conclusions.append(conclusion)
        elif conclusion.kind == "all":
            conclusions.append(replace(conclusion, members=(*conclusion.members, *names)))
        else:
            inner = f"{conclusion.name}:base"
            while any(c.name == inner for c in scheme.conclusions):  # narrowed before, by another overlay
                inner += ":base"
            conclusions.append(replace(conclusion, name=inner))
            conclusions.append(Conclusion(conclusion.name, "all", (inner, *names)))
    clauses = tuple(replace(c, conditions=reach(c.conclusion, conclusions, scheme.conditions)) for c in scheme.clauses)
    return replace(scheme, conclusions=tuple(conclusions), clauses=clauses)
