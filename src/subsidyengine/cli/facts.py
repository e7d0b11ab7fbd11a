"""`subsidyengine facts`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..formula import Lang
from ..words import say
from .common import Language, console, language, one_of, rulebook


def run_schema(lang: Language | None, rules: Path | None) -> None:
    """Print the JSON Schema of a case file; its texts in both languages unless one is asked for."""
    from ..facts import case_schema

    schema = case_schema(rulebook(rules, None), None if lang is None else language(lang))
    print(json.dumps(schema, ensure_ascii=False, indent=2))


def run_explain(name: str, lang: Language | None, as_json: bool, rules: Path | None) -> None:
    """Explain one fact, or list the facts of a group."""
    from ..facts import explain

    book = rulebook(rules, None)
    chosen = language(lang)
    group = [f for f in book.facts if f.startswith(name + ".")]
    if group and name not in book.facts:
        if as_json:
            print(json.dumps([explain(book, f) for f in group], ensure_ascii=False))
            return
        for fact in group:
            print(f"{fact:45} {book.facts[fact].title.get(chosen)}")
        return
    one_of(name, list(book.facts), say("fact"))
    found = explain(book, name)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    _show(found, chosen)


_WORDS = {
    "da": {"ask": "Spørg", "type": "Form", "values": "Ord", "note": "Bemærk", "example": "Skrives", "read_by": "Læses af",
           "assessment": "En person skal vurdere det; skriv by og on", "derived": "Beregnes af", "min": "mindst", "max": "højst"},
    "en": {"ask": "Ask", "type": "Form", "values": "Words", "note": "Note", "example": "Written", "read_by": "Read by",
           "assessment": "A person must judge it; give by and on", "derived": "Computed by", "min": "at least", "max": "at most"},
}  # fmt: skip


def _show(found: dict[str, Any], lang: Lang) -> None:
    """One fact for a person to read."""
    words, screen = _WORDS[lang], console()
    screen.print(f"[bold]{found['fact']}[/bold]: {found['title'][lang]}")
    bounds = [f"{words[k]} {found[k]}" for k in ("min", "max") if found.get(k) is not None]
    rows = [
        (words["ask"], found["ask"][lang]),
        (words["type"], ", ".join(str(b) for b in (found["type"], found.get("unit"), *bounds) if b)),
        (words["values"], "; ".join(f"{word} ({title[lang]})" for word, title in (found.get("values") or {}).items())),
        (words["note"], found["note"][lang] if found.get("note") else ""),
        ("", words["assessment"] if found.get("assessment") else ""),
        (words["derived"], found.get("derived_from") or ""),
        (words["example"], found["example"]),
    ]
    for name, text in rows:
        if text:
            screen.print(f"  {name + ':' if name else '':11}{text}", markup=False)
    for use in found["read_by"]:
        names = ", ".join([*use["conditions"], *(f"value.{v}" for v in use["values"])])
        screen.print(f"  {words['read_by']}: {use['scheme']} ({use['title'][lang]}): {names}", markup=False)
