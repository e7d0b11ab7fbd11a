"""`subsidyengine timeline`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from ..document import Document, calendar_bytes
from ..words import quoted, say
from .batch import Batch
from .common import UNUSABLE, Language, console, fail, language, rulebook, tell


def run_timeline(
    paths: list[str], on: date | None, known: date | None, schemes: list[str], lang: Language | None, as_json: bool,
    rules: Path | None, overlay: list[Path] | None, ics: Path | None,
) -> None:  # fmt: skip
    """Show segments and events of every case; with ``ics`` also write the events as a calendar."""
    batch = Batch(rulebook(rules, overlay), paths, on, known, schemes, language(lang))
    kept: list[Document] = []
    page = None
    if not as_json:
        from .render import Page

        page = Page(console(), batch.lang)
    for document in batch.documents():
        if ics is not None:
            kept.append(document)
        if page is None:
            whole = document.plain()
            shown = {key: whole[key] for key in ("case", "scheme", "on", "outcome", "segments", "events")}
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
        else:
            page.timeline(document)
    if ics is not None:
        try:
            ics.write_bytes(calendar_bytes(kept))
        except OSError as error:
            fail(say("{file}: cannot be written: {reason}", file=ics, reason=quoted(error.strerror or str(error))), UNUSABLE)
        tell(say("{file}: {count} events", file=ics, count=sum(len(d.events) for d in kept)))
    batch.finish()
