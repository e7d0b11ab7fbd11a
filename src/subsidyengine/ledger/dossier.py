"""One decision with everything about it, as a lawyer reads it years later: a page of rows, and the same page as HTML.

Facts with source and day received, the law with its consolidation and its links, each condition with the values compared, who decided and
signed, the three days (decided, effective, recorded), program and rule versions, letters, place in the ledger (users.md 4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..document import money
from ..formula import Lang, day_text
from ..rulebook import Fact as FactOf
from ..rulebook import Rulebook, Source
from ..words import say
from .difference import differences
from .errors import Damaged
from .records import Entry, stamp
from .replay import decide_again
from .words import WORDS, certainty_word

if TYPE_CHECKING:
    from .ledger import Ledger

_SECTION = re.compile(r"§+ ?(\d+)(?: ([a-z])\b)?")
_SIGNS = {"met": "✓", "not_met": "✗", "unknown": "?", "granted": "✓", "refused": "✗", "undetermined": "?"}


@dataclass(frozen=True, slots=True)
class Link:
    """A citation as printed, and where it can be read."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a fact, in words."""

    title: str
    name: str
    value: str
    said: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One finding."""

    sign: str
    text: str
    status: str
    cites: tuple[Link, ...]
    certainty: str
    facts: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """The page. ``about`` are label and text; the other lists are in the order they are read."""

    lang: Lang
    heading: str
    sign: str
    answer: str
    about: tuple[tuple[str, str], ...]
    conditions: tuple[Condition, ...]
    facts: tuple[Fact, ...]
    lists: tuple[tuple[str, tuple[tuple[str, str, tuple[Link, ...]], ...]], ...]
    sources: tuple[tuple[str, str, tuple[str, ...]], ...]

    def word(self, name: str) -> str:
        """A word of the page in its language."""
        return WORDS[self.lang][name]


def dossier(ledger: Ledger, given: str, lang: Lang | None = None, *, masked: bool = True) -> Dossier:
    """The dossier of a decision, in the language it was recorded in, or as a courtesy copy in the other one: then its texts are made
    again from the stored facts and rules. Damaged when those do not give the same answer any more. ``masked``: personal data as lists
    show them; else (a file that ``forget`` does not reach) only which are held."""
    entry = ledger.entry(given)
    rules = ledger.rulebook(entry.rulebook)
    if lang is None or lang == entry.lang:
        return _Maker(ledger, entry, rules, entry.document, entry.lang, masked).page()
    copy = decide_again(entry, rules, known=entry.known, lang=lang).plain()
    if any(one.of_answer for one in differences(entry.document, copy)):
        raise Damaged(say("{id}: decided again it comes out otherwise, so there is no copy in another language", id=entry.id))
    return _Maker(ledger, entry, rules, copy, lang, masked).page()


class _Maker:
    def __init__(self, ledger: Ledger, entry: Entry, rules: Rulebook, document: dict[str, Any], lang: Lang, masked: bool) -> None:
        self.masked = masked
        self.ledger, self.entry, self.rules, self.document, self.lang = ledger, entry, rules, document, lang
        self.words = WORDS[lang]
        #: Longest first: one short name may begin another.
        self.sources = sorted(rules.sources.values(), key=lambda s: -len(s.short))
        #: Sources that the page cites, with the pages of them that it links to.
        self.cited: dict[str, tuple[Source, dict[str, None]]] = {}

    def page(self) -> Dossier:
        document, words = self.document, self.words
        conditions = tuple(self.condition(found) for found in document["findings"])
        lists = (
            ("parts", tuple(self.part(part) for part in document.get("parts", ()))),
            (
                "routes",
                tuple(
                    (_SIGNS[r["outcome"]], f"{r['title']} ({', '.join(r['failed']) or r['route']})", ()) for r in document.get("routes", ())
                ),
            ),
            ("open", tuple((words["unknown"], point["question"], self.links(point.get("cite", ""))) for point in document["open"])),
            ("timeline", tuple(self.segment(one) for one in document["segments"])),
            ("dates", tuple((one["on"], one["text"], self.links(one["cite"])) for one in document["events"])),
            ("notes", tuple(("", one["text"], self.links(one["cite"])) for one in document["notes"])),
            ("derived", tuple((name, f"{_said(one['value'])} ({one['scheme']})", ()) for name, one in document.get("derived", {}).items())),
            ("letters", self.letters()),
        )
        cited = sorted(self.cited.values(), key=lambda found: found[0].short)
        sources = tuple(
            (one.short, ", ".join([one.title.get(self.lang), *(v for v in one.versions if v != one.short)]), tuple(urls))
            for one, urls in cited
        )
        return Dossier(
            self.lang, f"{words['dossier']} {self.entry.id}", _SIGNS[document["outcome"]], document["answer"], self.about(), conditions,
            self.facts(), tuple((name, rows) for name, rows in lists if rows), sources,
        )  # fmt: skip

    def about(self) -> tuple[tuple[str, str], ...]:
        entry, words, document = self.entry, self.words, self.document
        day = self.day(entry.on) + (f", {words['known']} {self.day(entry.known)}" if entry.known else "")
        overlays = f" + {', '.join(document['overlays'])}" if document.get("overlays") else ""
        program = ", ".join(f"{name} {version}" for name, version in entry.program.items())
        rows = [
            (words["status"], self.status()), (words["case"], entry.case), (words["scheme"], f"{document['title']} ({entry.scheme})"),
            (words["day"], day), (words["decided"], self.day(entry.decided_on)), (words["effective"], self.day(entry.effective_from)),
            (words["recorded"], stamp(entry.recorded_at)), (words["decides"], document["decided_by"]),
            (words["certainty"], certainty_word(document["certainty"], self.lang)),
        ]  # fmt: skip
        if entry.replaces:
            rows.insert(1, (words["replaces"], f"{entry.replaces}, {words['why']} {entry.why}"))
        appeal = self.rules.appeals.get(document["appeal"])
        if appeal is not None:
            said = appeal.title.get(self.lang)
            known = appeal.established or words["not_established"] in said
            rows.append((words["appeal"], said if known else f"{said} ({words['not_established']})"))
        rows.append((words["person"], self.person()))
        rows.append((words["rules"], f"{entry.rulebook}{overlays}"))
        rows.append((words["program"], f"{program}; {document['engine']}"))
        rows.append((words["place"], f"{words['entry']} {entry.seq}"))
        if self.lang != entry.lang:
            rows.append((words["copy"], words[f"in_{entry.lang}"]))
        return tuple(rows)

    def status(self) -> str:
        entry, words = self.entry, self.words
        if entry.signed_by and entry.signed_on and entry.role:
            said = words["signed"].format(by=entry.signed_by, role=entry.role, on=self.day(entry.signed_on))
            said += f"; {words['in_force' if entry.in_force else 'superseded']}"
        else:
            said = words["proposal"]
        if entry.replaced_by:
            how = words["replaced_signed" if entry.superseded else "replaced_open"]
            said += f"; {words['replaced'].format(id=entry.replaced_by, how=how)}"
        return said

    def person(self) -> str:
        masked = self.ledger.masked(self.entry.id)
        shown = [f"{self.words[name]}: {value if self.masked else '***'}" for name, value in masked.items()]
        shown += [f"{self.words[name]}: {self.words['erased']}" for name in self.entry.erased]
        return "; ".join(shown) or self.words["nobody"]

    def condition(self, found: dict[str, Any]) -> Condition:
        facts = ", ".join(f"{name} = {_said(value)}" for name, value in found["facts"].items())
        notes = tuple(found[key] for key in ("why", "note") if found.get(key) and (key == "why" or found["status"] == "unknown"))
        return Condition(
            _SIGNS[found["status"]], found["text"], self.words[found["status"]], self.links(found["cite"]),
            certainty_word(found["certainty"], self.lang), facts, notes,
        )  # fmt: skip

    def facts(self) -> tuple[Fact, ...]:
        found = []
        for name, statements in self.entry.case_data["facts"].items():
            fact = self.rules.facts.get(name)
            for one in statements if isinstance(statements, list) else [statements]:
                value = one["value"] if isinstance(one, dict) else one
                said = self.statement(one) if isinstance(one, dict) else ""
                found.append(Fact(fact.title.get(self.lang) if fact else name, name, self.value(fact, value), said))
        return tuple(found)

    def statement(self, one: dict[str, Any]) -> str:
        """Where a fact came from, when it was received, and who assessed it."""
        words = self.words
        pairs = ((words["from"], "from"), (words["source"], "source"), (words["received"], "received"), (words["by"], "by"),
                 (words["on"], "on"), (words["why"], "why"))  # fmt: skip
        return ", ".join(f"{label} {one[key]}" for label, key in pairs if key in one)

    def value(self, fact: FactOf | None, value: Any) -> str:
        """A fact's value in words, with its unit."""
        if isinstance(value, bool):
            return self.words["yes" if value else "no"]
        if fact is None or value is None:
            return _said(value)
        if fact.unit.startswith("DKK"):
            return money(Decimal(str(value)), fact.unit, self.lang)
        known = fact.values.get(value) if isinstance(value, str) else None
        return known.get(self.lang) if known else f"{_said(value)}{' m²' if fact.unit == 'm2' else ''}"

    def part(self, part: dict[str, Any]) -> tuple[str, str, tuple[Link, ...]]:
        amount = f" · {self.money(part['amount'])}" if part["amount"] else ""
        return (_SIGNS[part["outcome"]], f"{part['title']} · {self.words[part['outcome']]}{amount}", ())

    def segment(self, one: dict[str, Any]) -> tuple[str, str, tuple[Link, ...]]:
        what = self.money(one["amount"]) if one.get("amount") else self.words[one["outcome"]]
        route = f" ({one['route']})" if one.get("route") else ""
        return (f"{one['from']} - {one.get('to') or self.words['open_end']}", f"{what}{route}", ())

    def letters(self) -> tuple[tuple[str, str, tuple[Link, ...]], ...]:
        words = self.words
        rows = [
            (one.sent_on.isoformat(), f"{words.get(f'letter_{one.kind}', one.kind)} · {one.channel} · sha256:{one.sha256}", ())
            for one in self.entry.letters
        ]
        if self.entry.in_force and not any(one.kind == "decision" for one in self.entry.letters):
            rows.append(("!", words["no_letter"], ()))
        return tuple(rows)

    def links(self, cite: str) -> tuple[Link, ...]:
        """Each citation of a text, with the page of its section where the rulebook names one."""
        return tuple(self.link(part) for part in cite.split("; ") if part)

    def link(self, part: str) -> Link:
        source = next((s for s in self.sources if part == s.short or part.startswith(f"{s.short} ")), None)
        if source is None:
            return Link(part, None)
        linked = self.cited.setdefault(source.key, (source, {}))[1]
        section = _SECTION.search(part)
        number = f"{section[1]}{section[2] or ''}" if section else ""
        exact = [url for url in source.urls if number and url.rstrip("/").rsplit("/", 1)[-1] == number]
        page = next((url for url in [*exact, *source.urls] if url.startswith(("https://", "http://"))), None)
        if page is not None:
            linked[page] = None
        return Link(part, page)

    def money(self, amount: dict[str, str]) -> str:
        return money(Decimal(amount["value"]), amount["unit"], self.lang)

    def day(self, day: Any) -> str:
        return day_text(day, self.lang)


def _said(value: Any) -> str:
    if value is None:
        return "?"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def html(page: Dossier) -> str:
    """The page as one HTML file that needs nothing else: for the archive, the court, the citizen's file."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(Path(__file__).with_name("dossier.html.j2").read_text(encoding="utf-8"))
    return template.render(page=page)
