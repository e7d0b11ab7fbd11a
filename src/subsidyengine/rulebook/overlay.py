"""Overlays: a municipality's lawyer settles what the law leaves open, in the same format, with citation and name.

An overlay fills an unknown or narrows. It never contradicts: a value where the base has one is refused, both places named.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from ..formula import near
from ..inference import Conclusion
from . import schema, vocabulary
from .book import Overlay, Rulebook
from .content import content_hash
from .forms import read_form
from .lint import LINTS
from .model import Condition, ConditionVersion, Rate, RateRow, Scheme, Versions
from .problems import Problem, RulebookError
from .schemes import SchemeBuilder, reach
from .source import Document, Place, SourceError, load_documents

DAY = timedelta(days=1)


def apply_overlay(base: Rulebook, name: str, texts: dict[str, str]) -> Rulebook:
    """``base`` with an overlay's files laid over it; RulebookError with every problem."""
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    for file, text in texts.items():
        try:
            documents[file] = next(load_documents(text, f"{name}/{file}"))
        except SourceError as error:
            problems.append(Problem(error.place, "Y_SYNTAX", error.message))
        except StopIteration:
            problems.append(Problem(Place(f"{name}/{file}", 1), "Y_SYNTAX", "the file is empty"))
    head_document = documents.pop("overlay.yaml", None)
    head = read_form(head_document, schema.OverlayFile, problems) if head_document else None
    if head is None and not problems:
        message = "an overlay needs overlay.yaml with by, on, layer and reason"
        problems.append(Problem(Place(f"{name}/overlay.yaml", 1), "O_HEAD", message))
    book = base
    sources = documents.pop("sources.yaml", None)
    if sources is not None and (form := read_form(sources, schema.SourcesFile, problems)):
        book = replace(book, sources={**vocabulary.build_sources(sources, form), **book.sources})
    for file, document in documents.items():
        if file == "settings.yaml":
            book = _settings(book, document, problems)
        elif file.startswith("rates/"):
            book = _rates(book, document, problems)
        else:
            book = _scheme(book, document, problems)
    if not problems:
        for lint in LINTS:
            problems.extend(p for p in lint(book) if p.place.file.startswith(f"{name}/"))
    if problems or head is None:
        raise RulebookError(problems)
    digest = hashlib.sha256(f"{base.hash}\n{content_hash(texts)}".encode()).hexdigest()
    mark = Overlay(name, head.by, head.on, head.layer, vocabulary.must(head.reason))
    return replace(book, hash=f"sha256:{digest}", overlays=(*base.overlays, mark))


def _settings(book: Rulebook, document: Document, problems: list[Problem]) -> Rulebook:
    form = read_form(document, schema.SettingsOverlayFile, problems)
    if form is None:
        return book
    settings = dict(book.settings)
    for name, given in form.settings.items():
        place = document.place(("settings", name))
        if name not in settings:
            problems.append(Problem(place, "O_NAME", f"unknown setting '{name}'{near(name, settings)}"))
            continue
        old = settings[name]
        if old.settled:
            problems.append(Problem(place, "O_CONTRADICTS", f"setting {name} is settled at {old.place}"))
            continue
        value = vocabulary.setting_value(name, given.value, place, problems)
        if isinstance(value, bool) != isinstance(old.value, bool):
            problems.append(Problem(place, "S_VALUE", f"setting {name} is {old.type}"))
            continue
        cites = vocabulary.read_cites(given.cite, place)
        settings[name] = replace(old, value=value, settled=True, cites=cites, why=vocabulary.text_of(given.why), place=place)
    return replace(book, settings=settings)


def _rates(book: Rulebook, document: Document, problems: list[Problem]) -> Rulebook:
    form = read_form(document, schema.RatesOverlayFile, problems)
    if form is None:
        return book
    rates = dict(book.rates)
    for name, given in form.rates.items():
        place = document.place(("rates", name))
        if name not in rates:
            problems.append(Problem(place, "O_NAME", f"unknown rate '{name}'{near(name, rates)}"))
            continue
        rate = rates[name]
        for row in vocabulary.build_rate_rows(document, name, given.values, problems):
            rate = _fill(rate, row, problems)
        rates[name] = rate
    return replace(book, rates=rates)


def _fill(rate: Rate, row: RateRow, problems: list[Problem]) -> Rate:
    """``rate`` with an unknown stretch filled by ``row``; the base's rows go on after it."""
    first = row.from_ or date.min
    # Rows that hold on some day of the new one: those that begin inside it, and the one it begins in.
    begun = [r for r in rate.rows if (r.from_ or date.min) <= first]
    inside = [r for r in rate.rows if first < (r.from_ or date.min) <= (row.until or date.max)]
    latest = max((r.from_ or date.min for r in begun), default=date.min)
    touched = [*(r for r in begun if (r.from_ or date.min) == latest), *inside]
    for other in touched:
        if other.value is not None:
            problems.append(Problem(row.place, "O_CONTRADICTS", f"rate {rate.name} is given for these days at {other.place}"))
            return rate
    rows = [r for r in rate.rows if r not in inside and not (r in touched and r.from_ == row.from_)]
    rows.append(replace(row, until=None))
    if row.until is not None:
        after = row.until + DAY
        tail = max(touched, key=lambda r: r.from_ or date.min)
        if not any(r.from_ == after for r in rate.rows):
            rows.append(replace(tail, from_=after))
    return replace(rate, rows=tuple(sorted(rows, key=lambda r: (r.from_ or date.min, r.known_from or date.min))))


def _scheme(book: Rulebook, document: Document, problems: list[Problem]) -> Rulebook:
    form = read_form(document, schema.SchemeOverlayForm, problems)
    if form is None:
        return book
    if form.scheme not in book.schemes:
        hint = near(form.scheme, book.schemes)
        problems.append(Problem(document.place(("scheme",)), "O_NAME", f"unknown scheme '{form.scheme}'{hint}"))
        return book
    scheme = book.schemes[form.scheme]
    builder = SchemeBuilder(document, book.facts, book.rates, book.settings, problems, [])
    builder.value_types = {n: v.type for n, v in scheme.values.items()}
    period = any(c.period for c in scheme.clauses)
    built = builder.conditions(form.conditions, None, period)
    conditions = dict(scheme.conditions)
    for name, condition in built.items():
        if name in form.narrows:
            if name in conditions:
                message = f"condition {name} stands at {conditions[name].place}; a narrowing condition has a new name"
                problems.append(Problem(condition.place, "O_CONTRADICTS", message))
            conditions[name] = condition
        elif name in conditions:
            conditions[name] = _fill_condition(conditions[name], condition, problems)
        else:
            message = f"condition {name} is new; list it under 'narrows'{near(name, conditions)}"
            problems.append(Problem(condition.place, "O_NAME", message))
    for name in form.narrows:
        if name not in built:
            problems.append(Problem(document.place(("narrows",)), "O_NAME", f"narrows '{name}', which is not given here"))
    schemes = {**book.schemes, scheme.id: _narrowed(replace(scheme, conditions=conditions), tuple(form.narrows))}
    return replace(book, schemes=schemes)


def _fill_condition(old: Condition, new: Condition, problems: list[Problem]) -> Condition:
    """Versions where the law is not known, replaced by the overlay's for the same days."""
    rows: list[ConditionVersion] = list(old.versions.rows)
    for version in new.versions.rows:
        match = next((r for r in rows if r.holds is None and _covers(r, version)), None)
        if match is None:
            clash = next((r for r in rows if r.holds is not None and _overlaps(r, version)), rows[0])
            message = f"condition {old.name} is law for these days at {clash.place}"
            problems.append(Problem(version.place, "O_CONTRADICTS", message))
            continue
        index = rows.index(match)
        pieces = [version]
        if version.from_ is not None and (match.from_ is None or match.from_ < version.from_):
            pieces.insert(0, replace(match, until=version.from_ - DAY))
        if version.until is not None and (match.until is None or match.until > version.until):
            pieces.append(replace(match, from_=version.until + DAY))
        rows[index : index + 1] = pieces
    return replace(old, versions=Versions(tuple(rows)))


def _covers(old: ConditionVersion, new: ConditionVersion) -> bool:
    return (old.from_ or date.min) <= (new.from_ or date.min) and (old.until or date.max) >= (new.until or date.max)


def _overlaps(old: ConditionVersion, new: ConditionVersion) -> bool:
    return (old.from_ or date.min) <= (new.until or date.max) and (new.from_ or date.min) <= (old.until or date.max)


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
            conclusions.append(replace(conclusion, name=inner))
            conclusions.append(Conclusion(conclusion.name, "all", (inner, *names)))
    clauses = tuple(replace(c, conditions=reach(c.conclusion, conclusions, scheme.conditions)) for c in scheme.clauses)
    return replace(scheme, conclusions=tuple(conclusions), clauses=clauses)
