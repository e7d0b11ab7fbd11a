"""`subsidyengine facts`."""

from __future__ import annotations

import json
from pathlib import Path

from .common import Language, console, language, one_of, rulebook


def run_schema(rules: Path | None) -> None:
    """Print the JSON Schema of a case file."""
    from ..facts import case_schema

    print(json.dumps(case_schema(rulebook(rules, None)), ensure_ascii=False, indent=2))


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
    one_of(name, list(book.facts), "fact")
    found = explain(book, name)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    screen = console()
    for key, value in found.items():
        shown = value.get(chosen, value) if isinstance(value, dict) and "da" in value else value
        if isinstance(shown, list):
            shown = "\n".join(str(s) for s in shown)
        elif isinstance(shown, dict):
            shown = "\n".join(f"{k}: {v.get(chosen, v) if isinstance(v, dict) else v}" for k, v in shown.items())
        if shown not in (None, "", []):
            screen.print(f"[bold]{key}[/bold]", str(shown), sep="\n  ", markup=True)
