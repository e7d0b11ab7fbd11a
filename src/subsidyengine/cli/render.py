"""Decisions and timelines for a person to read: tables in a terminal, plain text when piped."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..decision import Conclude, Reading, answer, program_for
from ..document import Document, money
from ..document import document as build_document
from ..facts import Case
from ..formula import Lang, Step, day_text, plain, trace
from ..rulebook import Rulebook
from ..timeline import timeline

_WORDS = {
    "da": {"met": "opfyldt", "not_met": "ikke opfyldt", "unknown": "uafklaret", "findings": "Betingelser", "open": "Det mangler",
           "dates": "Datoer", "timeline": "Tidslinje", "notes": "Bemærk", "parts": "Dele", "routes": "Veje", "law": "Hjemmel",
           "certainty": "Sikkerhed", "granted": "ja", "refused": "nej", "undetermined": "kan ikke afgøres endnu", "case": "Sag",
           "rulebook": "Regler", "on": "pr.", "failed": "fejler på", "missing_fact": "spørg", "needs_assessment": "vurdér",
           "law_not_known": "lov ukendt", "instead": "eller oplys", "open_end": "uden slutdato", "decided_by": "Afgøres af",
           "text": "ordlyd læst", "secondary": "anden kilde", "inferred": "udledt", "u": "usikker", "known": "kendt"},
    "en": {"met": "met", "not_met": "not met", "unknown": "open", "findings": "Conditions", "open": "What is missing",
           "dates": "Dates", "timeline": "Timeline", "notes": "Note", "parts": "Parts", "routes": "Routes", "law": "Law",
           "certainty": "Certainty", "granted": "yes", "refused": "no", "undetermined": "cannot be decided yet", "case": "Case",
           "rulebook": "Rules", "on": "on", "failed": "fails on", "missing_fact": "ask", "needs_assessment": "assess",
           "law_not_known": "law not known", "instead": "or give", "open_end": "open-ended", "decided_by": "Decided by",
           "text": "provision read", "secondary": "secondary source", "inferred": "inferred", "u": "uncertain", "known": "known"},
}  # fmt: skip
_SIGNS = {"met": ("✓", "green"), "not_met": ("✗", "red"), "unknown": ("?", "yellow"),
          "granted": ("✓", "green"), "refused": ("✗", "red"), "undetermined": ("?", "yellow")}  # fmt: skip
BAR_WIDTH = 48


class Page:
    """Prints decisions to one console in one language."""

    def __init__(self, screen: Console, lang: Lang) -> None:
        self.screen, self.lang, self.words = screen, lang, _WORDS[lang]

    def decision(self, book: Rulebook, case: Case, scheme: str, why: bool = False) -> None:
        """One decision: the answer, findings, what is open, dates."""
        assert case.on is not None
        book = book.as_known(case.known)
        conclude = Conclude()
        found = answer(Reading(book, program_for(book, scheme), case, case.on, case.known), conclude)
        shown = build_document(found, timeline(found, conclude), self.lang)
        self.head(shown)
        self.findings(shown)
        self.parts(shown)
        self.open(shown)
        self.bars(shown)
        self.dates(shown)
        self.notes(shown)
        if why:
            self.why(found.reading, found.clauses)
        self.foot(shown)

    def timeline(self, shown: Document) -> None:
        """Segments and events only."""
        self.head(shown)
        self.bars(shown)
        self.dates(shown)
        self.screen.print()

    def head(self, shown: Document) -> None:
        known = f", {self.words['known']} {shown.known}" if shown.known else ""
        self.screen.print(
            Text(
                f"{self.words['case']} {shown.case} · {shown.scheme} · {self.words['on']} {shown.on}{known}",
                style="dim",
            )
        )
        sign, colour = _SIGNS[shown.outcome]
        self.screen.print(Text(f"{sign} {shown.answer}", style=f"bold {colour}"))

    def findings(self, shown: Document) -> None:
        if not shown.findings:
            return
        self.title("findings")
        for finding in shown.findings:
            sign, colour = _SIGNS[finding.status]
            self.screen.print(Text.assemble((f"  {sign} ", colour), finding.text, (f" ({self.words[finding.status]})", colour)))
            mark = self.words["u" if finding.certainty == "unknown" else finding.certainty]
            facts = ", ".join(f"{n} = {_shown(v)}" for n, v in finding.facts.items())
            self.screen.print(Text(f"      {finding.cite} [{mark}]" + (f"  {facts}" if facts else ""), style="dim"))
            for extra in (finding.why, finding.note if finding.status == "unknown" else None):
                if extra:
                    self.screen.print(Text(f"      {extra}", style="yellow"))

    def parts(self, shown: Document) -> None:
        if shown.parts and len(shown.parts) > 0:
            self.title("parts")
            for part in shown.parts:
                sign, colour = _SIGNS[part.outcome]
                bits = [part.title, self.words[part.outcome]]
                if part.amount:
                    bits.append(_money(part.amount.value, part.amount.unit, self.lang))
                if part.period:
                    bits.append(self.span(part.period.from_, part.period.to))
                self.screen.print(Text.assemble((f"  {sign} ", colour), " · ".join(bits)))
                if shown.outcome != "undetermined":
                    for point in part.open:
                        self.screen.print(
                            Text(f"      [{self.words[point.kind]}] {point.question}  {point.fact or point.rule}", style="yellow")
                        )
        if shown.routes:
            self.title("routes")
            for route in shown.routes:
                sign, colour = _SIGNS[route.outcome]
                failed = f" · {self.words['failed']} {', '.join(route.failed)}" if route.failed else ""
                self.screen.print(Text.assemble((f"  {sign} ", colour), f"{route.title} ({route.route}){failed}"))

    def open(self, shown: Document) -> None:
        if not shown.open:
            return
        self.title("open")
        for index, point in enumerate(shown.open, 1):
            name = point.fact or point.rule or ""
            self.screen.print(Text.assemble(f"  {index}. [{self.words[point.kind]}] {point.question}", (f"  {name}", "dim")))
            if point.instead:
                self.screen.print(Text(f"      {self.words['instead']}: {', '.join(point.instead)}", style="dim"))

    def bars(self, shown: Document) -> None:
        """Each segment as a bar whose length is its share of the time shown."""
        if len(shown.segments) < 1:
            return
        self.title("timeline")
        lengths = [((s.to - s.from_).days + 1) if s.to else None for s in shown.segments]
        known = [n for n in lengths if n is not None]
        longest = sum(known) or 1
        table = Table(box=None, show_header=False, pad_edge=False)
        for segment, length in zip(shown.segments, lengths, strict=True):
            sign, colour = _SIGNS[segment.outcome]
            width = max(1, round(BAR_WIDTH * length / longest)) if length is not None else 6
            bar = "━" * width + ("▶" if length is None else "")
            amount = _money(segment.amount.value, segment.amount.unit, self.lang) if segment.amount else self.words[segment.outcome]
            amount += f" ({segment.route})" if segment.route else ""
            table.add_row(
                f"  {segment.from_}",
                str(segment.to or self.words["open_end"]),
                Text(f"{sign} {bar}", style=colour),
                amount,
            )
        self.screen.print(table)

    def dates(self, shown: Document) -> None:
        if not shown.events:
            return
        self.title("dates")
        for event in shown.events:
            self.screen.print(Text.assemble(f"  {event.on}  {event.text}", (f"  {event.cite}", "dim")))

    def notes(self, shown: Document) -> None:
        if shown.notes:
            self.title("notes")
            for note in shown.notes:
                self.screen.print(Text.assemble(f"  {note.text}", (f"  {note.cite}", "dim")))

    def foot(self, shown: Document) -> None:
        certainty = self.words["u" if shown.certainty == "unknown" else shown.certainty]
        overlays = f" + {', '.join(shown.overlays)}" if shown.overlays else ""
        bits = [
            f"{self.words['decided_by']}: {shown.decided_by}",
            f"{self.words['certainty']}: {certainty}",
            f"{self.words['rulebook']} {shown.rulebook[:19]}{overlays}",
            shown.engine,
        ]
        line = " · ".join(bits)
        self.screen.print(Text(line, style="dim"))
        self.screen.print()

    def why(self, reading: Reading, clauses: Any) -> None:
        """Each formula with the values it read, sub-expression by sub-expression."""
        for clause in clauses:
            for finding in clause.findings:
                if finding.version.holds is not None:
                    self.screen.print(Text(f"  {finding.name}", style="bold"))
                    self.step(trace(finding.version.holds, reading.record), 2)
            if clause.amount is not None:
                self.screen.print(Text("  amount", style="bold"))
                self.step(trace(clause.amount.ready.version.formula, reading.record), 2)

        for name, formula in reading.values_read().items():
            self.screen.print(Text(f"  value.{name}", style="bold"))
            self.step(trace(formula, reading.record), 2)

    def step(self, step: Step, depth: int) -> None:
        value = plain(step.value) if step.evaluated else "-"
        if step.kind != "literal":
            self.screen.print(Text(f"{'  ' * depth}{step.text} = {_shown(value)}"))
        for inner in step.steps:
            self.step(inner, depth + 1)

    def title(self, key: str) -> None:
        self.screen.print(Text(self.words[key], style="bold"))

    def span(self, start: date | None, end: date | None) -> str:
        first = day_text(start, self.lang) if start else "?"
        return f"{first} - {day_text(end, self.lang) if end else self.words['open_end']}"


def _shown(value: Any) -> str:
    return "?" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _money(value: str, unit: str, lang: Lang) -> str:
    from decimal import Decimal

    return money(Decimal(value), unit, lang)
