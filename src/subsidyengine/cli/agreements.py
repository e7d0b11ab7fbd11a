"""`subsidyengine allocate agreements`: which letting agreements there are, and what one says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ..words import say
from .common import Language, console, language, one_of, rulebook

if TYPE_CHECKING:
    from rich.console import Console

    from ..formula import Lang

_WORDS = {
    "da": {
        "agreement": "aftale", "municipality": "kommune", "organisations": "udlejere", "days": "dage", "gives": "kommunens andel",
        "applies": "gælder", "departments": "afdelinger", "properties": "ejendom", "signed_on": "underskrevet",
        "notice_to_end": "opsigelse",
        "rights": "Rettigheder, i den rækkefølge der trækkes", "parameters": "Sådan tælles der", "exempt": "Tæller ikke",
        "answer": "svarfrist", "guarantee": "garanti", "compensation": "godtgørelse", "criteria": "Lokale kriterier",
        "spread": "Udbredelse (§ 60 b)", "not_known": "Ikke fastslået", "note": "Bemærk", "statute": "loven", "by_agreement": "aftalen",
        "settled": "afgjort", "open": "ikke afgjort", "none": "ingen frist kendt", "invented": "digtet", "law": "kilde",
        "text": "ordlyd læst", "secondary": "anden kilde", "inferred": "udledt", "unknown": "usikker",
        "more": "Vis én: subsidyengine allocate agreements ID", "count": "{n} aftaler, {open} med ukendt andel",
    },
    "en": {
        "agreement": "agreement", "municipality": "municipality", "organisations": "landlords", "days": "days",
        "gives": "municipality's share", "applies": "applies", "departments": "departments", "properties": "property",
        "signed_on": "signed", "notice_to_end": "notice to end", "rights": "Rights, in the order of draws",
        "parameters": "How vacancies are counted", "exempt": "Not counted", "answer": "answer deadline", "guarantee": "guarantee",
        "compensation": "compensation", "criteria": "Local criteria", "spread": "Spread (section 60 b)", "not_known": "Not established",
        "note": "Note", "statute": "the law", "by_agreement": "the agreement", "settled": "settled", "open": "not settled",
        "none": "no time limit known", "invented": "invented", "law": "source", "text": "provision read",
        "secondary": "secondary source", "inferred": "inferred", "unknown": "uncertain",
        "more": "Show one: subsidyengine allocate agreements ID", "count": "{n} agreements, {open} with an unknown share",
    },
}  # fmt: skip


def run_agreements(
    name: str | None, lang: Language | None, as_json: bool, paths: Sequence[Path], rules: Path | None, overlay: list[Path] | None,
    xlsx: Path | None = None,
) -> None:  # fmt: skip
    """The list of agreements, or all that one says; ``paths`` are agreement files or folders beside the shipped ones."""
    from ..allocation.catalogue import listed, shown
    from .allocate import the_agreements, written

    book, chosen = rulebook(rules, overlay), language(lang)
    known = the_agreements(book, rules, list(paths))
    page = _Page(console(), chosen)
    if name is None:
        rows = listed(known, chosen)
        if not as_json:
            page.rows(rows)
    else:
        one_of(name, [*known.terms, *(terms.id for terms in known.statutes.values())], say("agreement"))
        rows = shown(known, name, book, chosen)
        if not as_json:
            page.one(rows[0])
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    if xlsx is not None:
        from ..allocation.catalogue_book import write_agreements

        written(xlsx, lambda: write_agreements(known, name, book, xlsx, chosen))


class _Page:
    """Prints agreements to one console in one language."""

    def __init__(self, screen: Console, lang: Lang) -> None:
        self.screen, self.lang, self.words = screen, lang, _WORDS[lang]

    def rows(self, rows: list[dict[str, Any]]) -> None:
        """One line an agreement."""
        table = Table(box=None, pad_edge=False)
        for heading in ("agreement", "municipality", "organisations", "days", "gives", "applies"):
            table.add_column(self.words[heading], overflow="fold", no_wrap=heading in ("agreement", "days"))
        for row in rows:
            table.add_row(
                Text(row["agreement"]), Text(row["municipality"] or "-"), Text(", ".join(row["organisations"]) or "-"), Text(_days(row)),
                Text(row["gives"] or "-"), Text(row["applies_says"]),
            )  # fmt: skip
        self.screen.print(table)
        local = [row for row in rows if row["applies"] != "everywhere"]
        unknown = sum(not row["share_known"] for row in local)
        self.screen.print(f"{self.words['count'].format(n=len(local), open=unknown)}. {self.words['more']}", style="dim")

    def one(self, shown: dict[str, Any]) -> None:
        """Everything that one says."""
        title = Text(f"{shown['agreement']} · {shown['title']}", style="bold")
        if shown["synthetic"]:
            title.append(f" ({self.words['invented']})", style="not bold dim")
        self.screen.print(title)
        self.facts(shown)
        self.rights(shown["rights"])
        self.parameters(shown["parameters"])
        self.lines("exempt", [f"{e['says']}{self.why(e)}" for e in shown["exempt"]])
        self.criteria(shown["criteria"])
        self.lines("spread", [shown["spread"]["says"]] if shown["spread"] else [])
        self.lines("not_known", shown["not_known"], "yellow")
        self.lines("note", [shown["note"]] if shown["note"] else [])
        self.screen.print()
        self.screen.print(Text(f"{shown['file']} · {shown['hash'][:19]}", style="dim"))

    def facts(self, shown: dict[str, Any]) -> None:
        """Parties, days and what goes with them, one to a line."""
        pairs = [
            ("municipality", shown["municipality"]),
            *((key, ", ".join(shown[key])) for key in ("organisations", "departments", "properties")),
            ("days", _days(shown).removesuffix("-")),
            ("applies", shown["applies_says"]),
            ("signed_on", shown["signed_on"]),
            ("notice_to_end", self.cited(shown["notice_to_end"])),
            ("answer", self.cited(shown["answer"]) or self.words["none"]),
            *((key, self.cited(shown[key])) for key in ("guarantee", "compensation")),
            ("law", self.source(shown)),
        ]
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for key, text in pairs:
            if text:
                table.add_row(self.words[key].capitalize(), Text(text))
        self.screen.print(table)

    def rights(self, rights: list[dict[str, Any]]) -> None:
        """The order of draws."""
        self.title("rights")
        for right in rights:
            bits = [f"{right['kinds_say']}: {right['gives']}", *right["limits"].values()]
            bits += [right[key] for key in ("unit_says", "decision") if right[key]]
            self.screen.print(Text.assemble(f"  {right['order']}. ", (right["owner"], "bold"), f" · {'; '.join(bits)}"))
            self.screen.print(Text(f"     {right['let_by_says']} · {self.source(right)}", style="dim"))
            if right["why"]:
                self.screen.print(Text(f"     {right['why']}", style="yellow"))

    def parameters(self, parameters: list[dict[str, Any]]) -> None:
        """Each parameter in words, by what it is given, and why it is open."""
        self.title("parameters")
        for p in parameters:
            given = self.words["by_agreement" if p["given_by"] == "agreement" else "statute"]
            state = self.words["settled" if p["settled"] else "open"]
            style = "green" if p["settled"] else "yellow"
            self.screen.print(Text.assemble(("  ✓ " if p["settled"] else "  ? ", style), p["says"], (f" ({given}, {state})", style)))
            self.screen.print(Text(f"      {self.source(p)}", style="dim"))
            if p["why"]:
                self.screen.print(Text(f"      {p['why']}", style="yellow"))

    def criteria(self, criteria: list[dict[str, Any]]) -> None:
        """Local criteria with their formulas."""
        if not criteria:
            return
        self.title("criteria")
        for c in criteria:
            self.screen.print(Text.assemble(f"  {c['owner']}: ", c["says"], (f" ({c['effect_says']})", "green")))
            self.screen.print(Text(f"      {c['formula']}  [{c['right']}]", style="dim"))

    def lines(self, key: str, texts: list[str], style: str = "") -> None:
        """A heading with a line each."""
        if texts:
            self.title(key)
            for text in texts:
                self.screen.print(Text(f"  {text}", style=style))

    def title(self, key: str) -> None:
        self.screen.print()
        self.screen.print(Text(self.words[key], style="bold"))

    def cited(self, part: dict[str, Any] | None) -> str | None:
        """What a part says, with its source."""
        if part is None:
            return None
        return f"{part['says']} ({self.source(part)}){self.why(part)}"

    def source(self, part: dict[str, Any]) -> str:
        return f"{part['cite']} [{self.words[part['certainty']]}]"

    def why(self, part: dict[str, Any]) -> str:
        return "" if part.get("settled", True) else f" ({self.words['open']}: {part['why']})"


def _days(row: dict[str, Any]) -> str:
    """``2024-01-01 – 2027-12-31``; an end that is not known as ``?``, none as nothing."""
    if row["from"] is None and row["until"] is None:
        return "-"
    return f"{row['from'] or '?'} – {row['until'] or ''}".rstrip()
