"""Agreement files become terms, or a full list of what is wrong with them.

A folder holds ``bases.yaml`` (what the law lets a right be), ``statute-social.yaml`` and ``statute-private.yaml`` (what holds
without an agreement, and the defaults) and one file an agreement. ``open_agreements`` reads the shipped ones and any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from ..formula import BOOL, FormulaError, Scope, Span, near, parse, shift
from ..rulebook import (
    CERTAINTIES,
    Cite,
    Document,
    Place,
    Problem,
    Rulebook,
    RulebookError,
    Text,
    TextForm,
    content_hash,
    one_document,
    read_form,
    read_texts,
    shipped_folder,
)
from ..rulebook import Path as Keys
from ..words import quoted, say
from . import forms
from .terms import (
    PARAMETERS,
    AnswerTerm,
    Basis,
    Criterion,
    Exempt,
    Guarantee,
    Param,
    Range,
    Right,
    Spread,
    Step,
    Terms,
)

#: What the folder of agreements is called in a rulebook.
FOLDER = "agreements"
BASES = "bases.yaml"
STATUTES = {"social": "statute-social.yaml", "private": "statute-private.yaml"}


@dataclass(frozen=True)
class Agreements:
    """Every agreement that was read, and the statute for each sector."""

    bases: Mapping[str, Basis]
    statutes: Mapping[str, Terms]
    terms: Mapping[str, Terms]
    hash: str

    @cached_property
    def alone(self) -> tuple[Terms, ...]:
        """The agreements that may apply without being named."""
        replaced = {name for terms in self.terms.values() for name in terms.replaces}
        return tuple(t for t in self.terms.values() if not t.named_only and t.id not in replaced)

    @cached_property
    def _near(self) -> dict[tuple[str, str], tuple[Terms, ...]]:
        return {}

    def _candidates(self, sector: str, municipality: str) -> tuple[Terms, ...]:
        """Those of them that can be about a dwelling of the municipality; kept, for tables of many thousand vacancies."""
        found = self._near.get((sector, municipality))
        if found is None:
            towns = ("", municipality)
            found = tuple(t for t in self.alone if t.sector == sector and (not municipality or t.municipality in towns))
            self._near[sector, municipality] = found
        return found

    def for_dwelling(self, sector: str, municipality: str, organisation: str, department: str, property_: str, day: date) -> Terms:
        """The terms in force on ``day`` that are most closely about a dwelling; the statute where no agreement is.

        An agreement whose first day is not known applies to nothing by itself. Raises ValueError when two are equally close:
        nobody but the parties can say which one counts.
        """
        best, rank, twin = self.statutes[sector], 1, None
        for terms in self._candidates(sector, municipality):
            if terms.holds_on(day):
                close = terms.reach(municipality, organisation, department, property_, day)
                if close > rank:
                    best, rank, twin = terms, close, None
                elif close == rank and close > 1:
                    twin = terms
        if twin is not None:
            raise ValueError(f"two agreements are equally close on {day}: {best.id} and {twin.id}")
        return best


def open_agreements(rulebook: Rulebook, folders: Sequence[Path] = (), shipped: Path | None = None) -> Agreements:
    """The shipped agreements and those of ``folders`` (or single files); RulebookError with every problem."""
    found, problems = read_agreements(rulebook, folders, shipped)
    if problems:
        raise RulebookError(problems)
    return found


def read_agreements(rulebook: Rulebook, folders: Sequence[Path] = (), shipped: Path | None = None) -> tuple[Agreements, list[Problem]]:
    """The agreements as far as they can be read, and every problem of form and of law (lint)."""
    from .lint import LINTS, TOGETHER

    texts, problems = _texts_of(shipped or shipped_folder() / "agreements", FOLDER)
    words = {name: texts.pop(f"{FOLDER}/{name}", None) for name in (BASES, *STATUTES.values())}
    for folder in folders:
        more, bad = _texts_of(folder, str(folder))
        problems += bad
        texts |= more
    reader = _Reader(rulebook, problems)
    reader.bases(_document(BASES, words[BASES], problems))
    statutes: dict[str, Terms] = {}
    for sector, file in STATUTES.items():
        document = _document(file, words[file], problems)
        if document is not None and (terms := reader.terms(document, None, _mark(file, words[file] or ""))) is not None:
            statutes[sector] = terms
    known: dict[str, Terms] = {}
    for name, text in texts.items():
        document = one_document(name, text, problems)
        terms = reader.terms(document, statutes, _mark(name, text)) if document else None
        if terms is None:
            continue
        first = known.get(terms.id) or next((t for t in statutes.values() if t.id == terms.id), None)
        if first is not None:
            what = say("agreement '{name}'", name=terms.id)
            problems.append(Problem(terms.place, "A_TWICE", say("{what} stands twice (first at {place})", what=what, place=first.place)))
        known.setdefault(terms.id, terms)
    for terms in (*statutes.values(), *known.values()):
        problems.extend(found for lint in LINTS for found in lint(terms, rulebook))
    problems.extend(found for lint in TOGETHER for found in lint(known))
    marks = {_mark(name, text): "" for name, text in (*words.items(), *texts.items()) if text is not None}
    return Agreements(reader.known_bases, statutes, known, content_hash(marks)), sorted(set(problems))


def _mark(name: str, text: str) -> str:
    """Names a file by its last name and content, wherever it lies."""
    return content_hash({Path(name).name: text})


def _document(name: str, text: str | None, problems: list[Problem]) -> Document | None:
    """A file that the folder of agreements must have."""
    if text is None:
        problems.append(Problem(Place(f"{FOLDER}/{name}", 1), "S_MISSING", say("the folder of agreements has no {name}", name=name)))
        return None
    return one_document(f"{FOLDER}/{name}", text, problems)


def _texts_of(path: Path, shown: str) -> tuple[dict[str, str], list[Problem]]:
    """The files of a folder, or one file, by the name that messages show."""
    if path.is_dir():
        try:
            texts, problems = read_texts(path, shown)
        except RulebookError as error:
            return {}, [Problem(Place(shown, 1), p.code, say("no agreement (*.yaml) in this folder")) for p in error.problems]
        return {f"{shown}/{name}": text for name, text in texts.items()}, problems
    try:
        return {shown: path.read_text(encoding="utf-8-sig")}, []
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, UnicodeDecodeError):
            return {}, [Problem(Place(shown, 1), "Y_SYNTAX", say("not UTF-8 text: save the file as UTF-8"))]
        reason = quoted(error.strerror or str(error))
        return {}, [Problem(Place(shown, 1), "Y_SYNTAX", say("cannot be read: {reason}", reason=reason))]


class _Reader:
    """Turns forms into terms; problems are collected, never raised."""

    def __init__(self, rulebook: Rulebook, problems: list[Problem]) -> None:
        self.rulebook, self.problems = rulebook, problems
        self.known_bases: dict[str, Basis] = {}

    def bases(self, document: Document | None) -> None:
        """What the law lets a right be."""
        if document is None:
            return
        form = read_form(document, forms.BasesFile, self.problems)
        for key, item in (form.bases if form else {}).items():
            cites = self.cites(document, item.cite, ("bases", key, "cite"))
            ceiling = item.ceiling if isinstance(item.ceiling, Fraction) else None
            self.known_bases[key] = Basis(
                key, _text(item.title), item.sector, ceiling, tuple(item.kinds), tuple(item.also_kinds), item.drawn_by,
                item.needs_decision, cites, _said(item.note), item.ceiling_from, {str(kind): day for kind, day in item.since.items()},
                item.ceiling_rate,
            )  # fmt: skip

    def figure(self, name: str, day: date | None, place: Place) -> Fraction | None:
        """A rate on the day that an agreement begins (without a day: today's law); None where it is not established."""
        rate = self.rulebook.rates.get(name)
        if rate is None:
            self.problems.append(
                Problem(place, "F_NAME", say("unknown name '{name}'{hint}", name=name, hint=near(name, self.rulebook.rates)))
            )
            return None
        value = rate.at(day or date.max).value
        return None if value is None else Fraction(value)

    def again(self, form: forms.AgreementForm, place: Place) -> tuple[date | None, date | None]:
        """Until when a private dwelling that was used once may be allocated again: surely, and perhaps."""
        days = [day for day in (form.signed_on, form.from_) if day is not None]
        if form.sector != "private" or not days:
            return None, None
        # Whether the years run from the signing or from the first day is not established.
        first, last = min(days), max(days)
        years = self.figure("private_allocation_years", first, place)
        at_most = self.figure("private_agreement_years_max", first, place)
        sure = None if years is None else shift(first, Span(years=int(years)))
        perhaps = None if at_most is None else shift(last, Span(years=int(at_most)))
        return sure, perhaps

    def cites(self, document: Document, texts: Iterable[str] | None, path: Keys) -> tuple[Cite, ...]:
        place = document.place(path)
        found = tuple(Cite.parse(text, place) for text in texts or ())
        for cite in found:
            if cite.source not in self.rulebook.sources:
                hint = near(cite.source, self.rulebook.sources)
                self.problems.append(
                    Problem(place, "R_SOURCE", say("'{source}' is not in sources.yaml{hint}", source=cite.source, hint=hint))
                )
            if cite.mark not in CERTAINTIES:
                message = say(
                    "the citation '{cite}' has no mark that is known: write [text], [secondary], [inferred] or [unknown]",
                    cite=f"{cite.source} {cite.provision} {cite.mark}".strip(),
                )  # fmt: skip
                self.problems.append(Problem(place, "R_MARK", message))
        return found

    def terms(self, document: Document, statutes: Mapping[str, Terms] | None, mark: str) -> Terms | None:
        """One agreement; ``statutes`` None for a statute file, which must give every parameter."""
        form = read_form(document, forms.AgreementForm, self.problems)
        if form is None:
            return None
        statute = statutes.get(form.sector) if statutes is not None else None
        if statutes is not None and statute is None:
            return None  # its own problems are enough
        cites = self.cites(document, form.cite, ("cite",))
        params = self.params(document, form, statute, cites)
        if params is None:
            return None
        rights = [self.right(document, i, item, form.signed_on or form.from_, params, cites) for i, item in enumerate(form.rights)]
        exempt = dict(statute.exempt) if statute else {}
        if form.exempt is not None:
            exempt = {}
            for i, item in enumerate(form.exempt):
                own = self.cites(document, item.cite, ("exempt", i, "cite")) or cites
                exempt[item.cause] = Exempt(item.cause, item.settled, own, _said(item.why))
        answer = statute.answer if statute else None
        if form.answer is not None:
            own = self.cites(document, form.answer.cite, ("answer", "cite")) or cites
            place, rate = document.place(("answer",)), form.answer.days_rate
            if (form.answer.days is None) == (rate is None):
                self.problems.append(Problem(place, "S_MISSING", say("answer needs 'days'")))
            weekdays = form.answer.counted_in == "weekdays"
            answer = AnswerTerm(form.answer.days or 0, weekdays, form.answer.settled, own, _said(form.answer.why), rate)
        begins = form.signed_on or form.from_
        if answer is not None and answer.rate is not None:
            answer = replace(answer, days=int(self.figure(answer.rate, begins, document.place(("answer",))) or answer.days))
        guarantee = statute.guarantee if statute else Guarantee(True, 0, cites)
        if form.guarantee is not None:
            own = self.cites(document, form.guarantee.cite, ("guarantee", "cite")) or cites
            guarantee = Guarantee(form.guarantee.restoration, form.guarantee.arrears_months, own)
        return Terms(
            form.agreement, _text(form.title), form.sector, form.basis, form.municipality or "", frozenset(form.organisations),
            frozenset(form.departments), frozenset(form.properties), form.from_, form.until, form.signed_on, form.synthetic, cites,
            form.notice_to_end.months if form.notice_to_end else None, params, tuple(r for r in rights if r is not None), exempt,
            answer, guarantee, self.criteria(document, form, cites), self.spread(document, form, cites),
            tuple(_text(item) for item in form.not_known), _said(form.note), document.place(("agreement",)), mark,
            tuple(form.replaces), _number(form.compensation.per_dwelling) if form.compensation else None,
            self.cites(document, form.compensation.cite if form.compensation else None, ("compensation", "cite")) or cites,
            self.cites(document, form.notice_to_end.cite if form.notice_to_end else None, ("notice_to_end", "cite")) or cites,
            self.again(form, document.place(("agreement",))), document,
        )  # fmt: skip

    def params(
        self, document: Document, form: forms.AgreementForm, statute: Terms | None, cites: tuple[Cite, ...]
    ) -> dict[str, Param] | None:
        found = dict(statute.params) if statute else {}
        sound = True
        for name in PARAMETERS:
            item = getattr(form.counting, name)
            place = document.place(("counting", name))
            if item is None:
                if statute is None:
                    self.problems.append(
                        Problem(place, "S_MISSING", say("counting needs '{name}': the statute file gives every parameter", name=name))
                    )
                    sound = False
                continue
            own = self.cites(document, item.cite, ("counting", name, "cite"))
            at_most = getattr(item, "at_most", None)
            if (item.is_ == "carried") != (at_most is not None) and name == "passing":
                self.problems.append(Problem(place, "A_CARRIED", say("'carried' needs 'at_most', and nothing else has it")))
            found[name] = Param(name, item.is_, item.settled, own or cites, _said(item.why), place, at_most)
        return found if sound else None

    def right(
        self, document: Document, index: int, form: forms.RightForm, begins: date | None, params: Mapping[str, Param],
        cites: tuple[Cite, ...],
    ) -> Right | None:  # fmt: skip
        at: Callable[[str], Place] = lambda key: document.place(("rights", index, key))  # noqa: E731
        basis = self.known_bases.get(form.basis)
        if basis is None:
            if self.known_bases:
                hint = near(form.basis, self.known_bases) or say(" (known here: {keys})", keys=", ".join(self.known_bases))
                self.problems.append(Problem(at("basis"), "A_BASIS", say("unknown basis '{name}'{hint}", name=form.basis, hint=hint)))
            return None
        if basis.ceiling_rate is not None:
            basis = replace(basis, ceiling=self.figure(basis.ceiling_rate, begins, at("basis")))
        ways = [w for w in ("share", "steps", "quota_per_year", "dwellings") if getattr(form, w)]
        if len(ways) > 1:
            message = say("{right}: {ways} each say how much: keep one", right=form.right, ways=", ".join(ways))
            self.problems.append(Problem(at("right"), "A_WAYS", message))
        steps = [Step(_share(s.share), frozenset(s.departments), s.from_, s.until) for s in form.steps]
        if form.share is not None:
            steps = [Step(_share(form.share), frozenset(), None, None)]
        limits = {}
        for name in ("rent", "area_m2", "rooms"):
            limit = getattr(form.limits, name) if form.limits else None
            if limit is not None:
                if limit.from_ is not None and limit.to is not None and limit.to < limit.from_:
                    what = say("{right}: the limit of {name} ends before it begins", right=form.right, name=name)
                    self.problems.append(Problem(document.place(("rights", index, "limits", name)), "A_RANGE", what))
                limits[name] = Range(_number(limit.from_), _number(limit.to))
        decision = form.council_decision
        own = self.cites(document, form.cite, ("rights", index, "cite"))
        decided = self.cites(document, decision.cite if decision else None, ("rights", index, "council_decision", "cite"))
        return Right(
            form.right, basis, tuple(steps), form.quota_per_year, frozenset(form.dwellings), form.property_dwellings,
            frozenset(form.kinds or basis.kinds), limits, form.position or params["position"].value, form.unit or params["unit"].value,
            form.counts or params["several_rights"].value, decision.on if decision else None,
            (own or cites) + decided, _said(form.why), at("right"),
            form.let_by or basis.drawn_by, index,
        )  # fmt: skip

    def criteria(self, document: Document, form: forms.AgreementForm, cites: tuple[Cite, ...]) -> tuple[Criterion, ...]:
        scope = Scope({n: f.type for n, f in self.rulebook.facts.items()}, {}, {}, {}, period=False)
        found = []
        for i, item in enumerate(form.criteria):
            place = document.place(("criteria", i, "holds"))
            try:
                formula = parse(item.holds, scope, BOOL)
            except FormulaError as error:
                spot = document.inside(("criteria", i, "holds"), error.column)
                self.problems.append(Problem(spot, error.code, error.message))
                continue
            own = self.cites(document, item.cite, ("criteria", i, "cite")) or cites
            found.append(Criterion(item.criterion, item.right, formula, item.effect, _text(item.says), own, place))
        return tuple(found)

    def spread(self, document: Document, form: forms.AgreementForm, cites: tuple[Cite, ...]) -> Spread | None:
        item = form.spread
        if item is None:
            return None
        own = self.cites(document, item.cite, ("spread", "cite")) or cites
        return Spread(
            tuple(item.organisations), item.covered_dwellings, item.all_dwellings, item.decided_on, item.review_by,
            item.minister_allows, own, document.place(("spread",)),
        )  # fmt: skip


def _text(form: TextForm) -> Text:
    return Text(form.da, form.en)


def _said(form: TextForm | None) -> Text | None:
    return None if form is None else _text(form)


def _share(value: Any) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def _number(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)
