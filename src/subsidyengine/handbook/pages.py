"""Pages of the handbook, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..formula import Formula, Lang, Titles, day_text, prose
from ..rulebook import CERTAINTIES, Cite, Clause, Condition, ConditionVersion, Rate, Rulebook, Scheme, formulas, value_of
from .titles import quantity, titles_of, unit_text

_WORDS = {
    "da": {
        "decided_by": "Afgøres af", "appeal": "Klage", "law_on": "Retstilstanden den", "known": "som kendt den",
        "conditions": "Betingelser", "follows": "Hvad der følger af hvad", "all": "alle", "any": "mindst én",
        "when": "Gælder kun, når", "exactly": "Præcist", "law": "Lov", "since": "fra", "until": "til og med", "always": "uden tidsgrænse",
        "values": "Mellemresultater", "amount": "Beløb", "period": "Periode", "events": "Datoer", "notes": "Bemærk",
        "unknown": "Retstilstanden er ikke fastlagt", "from": "Fra", "to": "Til og med", "open": "uden slutdato",
        "rates": "Satser", "local-practice": "lokal praksis", "overlay": "Lokalt fastlagt",
        "judgement": "Kræver en konkret vurdering", "by_day": "Loven af dagen for",
        "parts": "Dele", "not_before": "Ikke fastlagt før {day}:",
        "routes": "Veje", "not_established": "ikke fastlagt", "sources": "Kilder", "schemes": "Ordninger", "round": "Afrunding",
        "known_from": "kendt fra", "contents": "Regelhåndbog", "settings": "Indstillinger", "unsettled": "ikke afgjort i loven",
        "rounding": {"ore-half-up": "til hele øre", "krone-half-up": "til hele kroner", "krone-down": "ned til hele kroner",
                     "exact": "ingen"},
    },
    "en": {
        "decided_by": "Decided by", "appeal": "Appeal", "law_on": "The law on", "known": "as known on",
        "conditions": "Conditions", "follows": "What follows from what", "all": "all of", "any": "at least one of",
        "when": "Bears on the case only when", "exactly": "Exactly", "law": "Law", "since": "from", "until": "to",
        "always": "without limit in time",
        "values": "Named results", "amount": "Amount", "period": "Period", "events": "Dates", "notes": "Note",
        "unknown": "The law is not established", "from": "From", "to": "To", "open": "open-ended",
        "rates": "Rates", "local-practice": "local practice", "overlay": "Settled locally",
        "judgement": "A person must judge", "by_day": "The law of the day of",
        "parts": "Parts", "not_before": "Not established before {day}:",
        "routes": "Routes", "not_established": "not established", "sources": "Sources", "schemes": "Schemes", "round": "Rounding",
        "known_from": "known from", "contents": "Handbook of the rules", "settings": "Settings", "unsettled": "not settled by law",
        "rounding": {"ore-half-up": "to whole øre", "krone-half-up": "to whole kroner", "krone-down": "down to whole kroner",
                     "exact": "none"},
    },
}  # fmt: skip
_MARKS = {
    "da": {"text": "ordlyd læst", "secondary": "anden kilde", "inferred": "udledt", "unknown": "usikkert"},
    "en": {"text": "provision read", "secondary": "secondary source", "inferred": "inferred", "unknown": "uncertain"},
}


class _Writer:
    """One page in one language; ``day`` None shows every version."""

    def __init__(self, book: Rulebook, scheme: Scheme, lang: Lang, day: date | None, known: date | None) -> None:
        self.book, self.scheme, self.lang, self.day, self.known = book, scheme, lang, day, known
        self.words: dict[str, Any] = _WORDS[lang]
        self.titles: Titles = titles_of(book, scheme, day, known)

    def cite(self, cites: Sequence[Cite]) -> str:
        parts = [f"{self.book.cite_text([c])} ({_MARKS[self.lang].get(c.mark, c.mark)})" for c in cites]
        return "; ".join(parts)

    def say(self, formula: Formula) -> str:
        return f"{prose(formula, self.lang, self.titles)}  \n  `{' '.join(formula.text.split())}`"

    def page(self) -> Iterator[str]:
        scheme, lang, words = self.scheme, self.lang, self.words
        yield f"# {scheme.title.get(lang)}\n"
        yield f"`{scheme.id}`\n"
        if self.day is not None:
            known = f", {words['known']} {day_text(self.known, lang)}" if self.known else ""
            yield f"**{words['law_on']} {day_text(self.day, lang)}{known}**\n"
        for overlay in self.book.overlays:
            yield f"**{words['overlay']}: {overlay.name}** ({overlay.by}, {day_text(overlay.on, lang)}): {overlay.reason.get(lang)}\n"
        appeal = self.book.appeals[scheme.appeal]
        yield f"- {words['decided_by']}: {scheme.decided_by.get(lang)}"
        yield f"- {words['appeal']}: {appeal.title.get(lang)}{'' if appeal.established else ' (' + words['not_established'] + ')'}\n"
        if (since := scheme.known_since) is not None and (self.day is None or self.day < since.day):
            day = day_text(since.day, lang)
            yield f"**{words['not_before'].format(day=day)}** {since.why.get(lang)} {self.cite(since.cites)}\n"
        yield f"## {words['conditions']}\n"
        for condition in scheme.conditions.values():
            yield from self.condition(condition)
        if len(scheme.clauses) > 1 or scheme.clauses[0].kind != "scheme":
            yield f"## {words['parts'] if scheme.clauses[0].kind == 'part' else words['routes']}\n"
            for clause in scheme.clauses:
                yield from self.clause(clause)
        else:
            yield f"## {words['follows']}\n"
            for conclusion in scheme.conclusions:
                members = ", ".join(f"`{m}`" for m in conclusion.members)
                yield f"- `{conclusion.name}`: {words[conclusion.kind]} {members}"
            yield ""
            yield from self.terms(scheme.clauses[0], "##")
        if scheme.values:
            yield f"## {words['values']}\n"
            for value in scheme.values.values():
                yield f"**{value.title.get(lang)}** (`value.{value.name}`)\n"
                for version in self.current(value.versions):
                    text = self.say(version.formula) if version.formula else words["unknown"]
                    yield f"- {self.days(version)}{text}  \n  {self.cite(version.cites)}".rstrip()
                    if version.note:
                        yield f"  \n  _{version.note.get(lang)}_"
                yield ""
        if scheme.notes:
            yield f"## {words['notes']}\n"
            for note in scheme.notes:
                when = f" ({words['when']}: {prose(note.when, lang, self.titles)})" if note.when else ""
                yield f"- {note.says.get(lang)}{when} {self.cite(note.cites)}".rstrip()
            yield ""
        yield from self.rates()

    def condition(self, condition: Condition) -> Iterator[str]:
        lang, words = self.lang, self.words
        for version in self.current(condition.versions):
            yield f"### {version.says.get(lang)}\n"
            yield f"`{condition.name}`{' · ' + self.days(version).rstrip(': ') if self.days(version) else ''}\n"
            if condition.law_of and len(self.scheme.written(condition.versions)) > 1:
                value = value_of(condition.law_of)
                dated = self.book.facts[condition.law_of] if value is None else self.scheme.values[value]
                yield f"- {words['by_day']} {dated.title.get(lang)}"
            if version.when is not None:
                yield f"- {words['when']}: {self.say(version.when)}"
            if version.holds is None:
                why = version.why.get(lang) if version.why else ""
                yield f"- **{words['unknown']}**: {why}"
            else:
                yield f"- {words['exactly']}: {self.say(version.holds)}"
            if version.judgement:
                yield f"- {words['judgement']}"
            yield f"- {words['law']}: {self.cite(version.cites)}"
            if version.note:
                yield f"- _{version.note.get(lang)}_"
            yield ""

    def clause(self, clause: Clause) -> Iterator[str]:
        yield f"### {clause.title.get(self.lang)}\n"
        yield f"`{clause.name}`\n"
        if clause.when is not None:
            yield f"- {self.words['when']}: {self.say(clause.when)}"
        yield f"- {self.words['all']}: {', '.join(f'`{c}`' for c in clause.conditions)}\n"
        yield from self.terms(clause, "####")

    def terms(self, clause: Clause, level: str) -> Iterator[str]:
        words, lang = self.words, self.lang
        if clause.amount:
            yield f"{level} {words['amount']}\n"
            for amount in self.current(clause.amount):
                text = self.say(amount.formula) if amount.formula else words["unknown"]
                rounding = words["rounding"][amount.round]
                unit = unit_text(amount.unit, lang)
                unit = f"{unit[:1].upper()}{unit[1:]}. " if unit else ""
                yield f"- {self.days(amount)}{text}  \n  {unit}{words['round']}: {rounding}. {self.cite(amount.cites)}"
            yield ""
        if clause.period:
            yield f"{level} {words['period']}\n"
            for period in self.current(clause.period):
                start = self.say(period.start) if period.start else words["unknown"]
                end = self.say(period.end) if period.end else (words["unknown"] if period.why else words["open"])
                yield f"- {self.days(period)}{words['from']}: {start}"
                yield f"- {words['to']}: {end}"
                yield f"- {words['law']}: {self.cite(period.cites)}"
            yield ""
        if clause.events:
            yield f"{level} {words['events']}\n"
            for event in clause.events:
                basis = self.cite(event.cites) or self.words[event.basis]
                yield f"- {event.says.get(lang)}: {self.say(event.on)}  \n  `{event.kind}` {basis}"
            yield ""

    def rates(self) -> Iterator[str]:
        names = [n for n in self.book.rates if n in _rates_of(self.scheme)]
        if not names:
            return
        yield f"## {self.words['rates']}\n"
        for name in names:
            yield from self.rate(self.book.rates[name])

    def rate(self, rate: Rate) -> Iterator[str]:
        lang = self.lang
        yield f"**{rate.title.get(lang)}** (`rate.{rate.name}`)\n"
        rows = [rate.at(self.day, self.known)] if self.day is not None else list(rate.rows)
        for row in rows:
            since = f"{self.words['since']} {day_text(row.from_, lang)}" if row.from_ else self.words["always"]
            known = f", {self.words['known_from']} {day_text(row.known_from, lang)}" if row.known_from else ""
            if row.value is None:
                why = row.why.get(lang) if row.why else ""
                yield f"- {since}{known}: {self.words['not_established']}. {why}"
            else:
                yield f"- {since}{known}: **{quantity(row.value, rate.unit, lang)}** {self.cite(row.cites)}"
        yield ""

    def current(self, versions: Any) -> Sequence[Any]:
        """The version of the page's day, or all."""
        if self.day is not None:
            return (versions.at(self.day),)
        return self.scheme.written(versions)

    def days(self, version: Any) -> str:
        """``from 1 July 2023: `` for a thing that has versions."""
        parts = []
        if version.from_ is not None:
            parts.append(f"{self.words['since']} {day_text(version.from_, self.lang)}")
        if version.until is not None:
            parts.append(f"{self.words['until']} {day_text(version.until, self.lang)}")
        return f"{' '.join(parts)}: " if parts else ""


def _rates_of(scheme: Scheme) -> set[str]:
    return {name for formula in formulas(scheme) for name in formula.rates}


def scheme_page(book: Rulebook, scheme_id: str, lang: Lang, day: date | None = None, known: date | None = None) -> str:
    """One scheme as Markdown: the law of ``day``, or every version when no day is given."""
    return "\n".join(_Writer(book, book.schemes[scheme_id], lang, day, known).page()).strip() + "\n"


def scheme_data(book: Rulebook, scheme_id: str, day: date, known: date | None, lang: Lang) -> dict[str, Any]:
    """One day's law of a scheme as plain data."""
    scheme = book.schemes[scheme_id]
    titles = titles_of(book, scheme, day, known)

    def shown(name: str, version: ConditionVersion) -> dict[str, Any]:
        return {
            "condition": name,
            "says": version.says.get(lang),
            "holds": version.holds.text if version.holds else None,
            "prose": prose(version.holds, lang, titles) if version.holds else None,
            "when": version.when.text if version.when else None,
            "why": version.why.get(lang) if version.why else None,
            "from": version.from_.isoformat() if version.from_ else None,
            "until": version.until.isoformat() if version.until else None,
            "cite": book.cite_text(version.cites),
            "certainty": CERTAINTIES[max((c.rank for c in version.cites), default=0)],
        }

    return {
        "scheme": scheme.id, "title": scheme.title.get(lang), "on": day.isoformat(),
        "known": known.isoformat() if known else None,
        "conditions": [shown(n, v) for n, v in book.as_of(day, known).law(scheme_id).items()],
        "rulebook": book.hash,
    }  # fmt: skip


def write_handbook(book: Rulebook, folder: Path, lang: Lang) -> int:
    """Write every scheme's page, an index and the list of sources; the number of pages."""
    words = _WORDS[lang]
    folder.mkdir(parents=True, exist_ok=True)
    index = [f"# {words['contents']}\n", f"{book.hash}\n", f"## {words['schemes']}\n"]
    for scheme in sorted(book.schemes.values(), key=lambda s: s.id):
        (folder / f"{scheme.id}.md").write_text(scheme_page(book, scheme.id, lang), encoding="utf-8")
        index.append(f"- [{scheme.title.get(lang)}]({scheme.id}.md) `{scheme.id}`")
    index.append(f"\n## {words['settings']}\n")
    for setting in book.settings.values():
        state = "" if setting.settled else f" ({words['unsettled']})"
        why = f" {setting.why.get(lang)}" if setting.why else ""
        index.append(f"- {setting.title.get(lang)} (`setting.{setting.name}`): {setting.value}{state}.{why}")
    (folder / "index.md").write_text("\n".join(index) + "\n", encoding="utf-8")
    lines = [f"# {words['sources']}\n"]
    for source in sorted(book.sources.values(), key=lambda s: s.key):
        read = f" _{source.read.get(lang)}_" if source.read else ""
        links = " ".join(f"<{url}>" for url in source.urls)
        lines.append(f"- **{source.short}** (`{source.key}`): {source.title.get(lang)}.{read} {links}".rstrip())
    (folder / "sources.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(book.schemes) + 2
