"""`subsidyengine ledger show|list|verify|prove|export`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..words import quoted, say
from .common import FAULT, UNUSABLE, Language, console, fail, language, one_of, tell
from .ledger_common import emit, opened, write_file

if TYPE_CHECKING:
    from ..ledger import Ledger
    from ..ledger.dossier import Dossier
    from ..ledger.verifier import Head

_WORDS = {
    "da": {"sound": "{n} poster, alt er som det blev registreret", "heads": "stemmer med tidligere hoveder: {n}", "unsound": "Ikke i orden",
           "id": "id", "case": "sag", "scheme": "ordning", "outcome": "resultat", "decided": "besluttet", "signed": "underskrevet af",
           "person": "person", "granted": "bevilget", "refused": "afslået", "undetermined": "ikke afgjort", "superseded": "(rettet)",
           "none": "ingen afgørelser", "reader": "læser", "purpose": "formål", "fields": "felter", "at": "tidspunkt", "entries": "poster"},
    "en": {"sound": "{n} entries, all as they were recorded", "heads": "agrees with earlier heads: {n}", "unsound": "Not in order",
           "id": "id", "case": "case", "scheme": "scheme", "outcome": "outcome", "decided": "decided", "signed": "signed by",
           "person": "person", "granted": "granted", "refused": "refused", "undetermined": "undetermined", "superseded": "(corrected)",
           "none": "no decisions", "reader": "reader", "purpose": "purpose", "fields": "fields", "at": "at", "entries": "entries"},
}  # fmt: skip


def run_show(
    url: str, key: Path | None, id_: str, lang: Language | None, as_json: bool, personal: bool, reader: str | None, purpose: str | None
) -> None:
    """The dossier, as a page or as JSON."""
    with opened(url, key) as ledger:
        read: dict[str, str] = {}
        if personal:
            if not reader or not purpose:
                fail(say("reading personal data is recorded: give --reader and --purpose"), UNUSABLE)
            read = ledger.personal(id_, reader=reader, purpose=purpose)
        if as_json:
            found = ledger.entry(id_).plain()
            emit({**found, "person": read} if personal else found)
            return
        from ..ledger.dossier import dossier

        _print(dossier(ledger, id_, language(lang) if lang else None), read)


def _print(page: Dossier, person: dict[str, str]) -> None:
    from rich.table import Table
    from rich.text import Text

    screen = console()
    screen.print(Text(page.heading, style="bold"))
    screen.print(Text(f"{page.sign} {page.answer}", style="bold"))
    rows = [*page.about, *((name, value.replace("\n", ", ")) for name, value in person.items())]
    table = Table(box=None, show_header=False, pad_edge=False)
    for label, text in rows:
        table.add_row(f"  {label}", text)
    screen.print(table)
    if page.conditions:
        screen.print(Text(page.word("conditions"), style="bold"))
    for one in page.conditions:
        screen.print(Text(f"  {one.sign} {one.text} ({one.status})"))
        cites = "; ".join(link.text for link in one.cites)
        screen.print(Text(f"      {cites} [{one.certainty}]" + (f"  {one.facts}" if one.facts else ""), style="dim"))
        for note in one.notes:
            screen.print(Text(f"      {note}", style="yellow"))
    screen.print(Text(page.word("facts"), style="bold"))
    for fact in page.facts:
        screen.print(Text.assemble(f"  {fact.title}: {fact.value}", (f"  {fact.name}" + (f" · {fact.said}" if fact.said else ""), "dim")))
    for name, lines in page.lists:
        screen.print(Text(page.word(name), style="bold"))
        for label, text, cites_ in lines:
            cited = "; ".join(link.text for link in cites_)
            screen.print(Text.assemble("  " + "  ".join(part for part in (label, text) if part), (f"  {cited}" if cited else "", "dim")))
    if page.sources:
        screen.print(Text(page.word("sources"), style="bold"))
        for short, title, urls in page.sources:
            screen.print(Text.assemble(f"  {short}: {title}", (f"  {urls[0]}" if urls else "", "dim")))


def run_list(
    url: str, key: Path | None, case: str | None, scheme: str | None, outcome: str | None, signed: bool | None, in_force: bool,
    readings: bool, lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Decisions, or readings, one a line."""
    if outcome is not None:
        one_of(outcome, ["granted", "refused", "undetermined"], say("outcome"))
    words = _WORDS[language(lang)]
    with opened(url, key) as ledger:
        if readings:
            _readings(ledger, words, as_json)
            return
        count = 0
        for entry in ledger.entries(case=case, scheme=scheme, outcome=outcome, signed=signed, in_force=in_force):
            masked = ledger.masked(entry.id) if entry.personal else {}
            count += 1
            if as_json:
                whole = entry.plain()
                emit({k: v for k, v in whole.items() if k not in ("facts", "document", "program")} | {"person": masked})
                continue
            if count == 1:
                print(_row(*(words[name] for name in ("id", "decided", "case", "scheme", "outcome", "person", "signed"))))
            done = f"{entry.signed_by} {entry.signed_on}" if entry.signed else "-"
            done += f" {words['superseded']}" if entry.superseded else ""
            person = " ".join(value for name, value in masked.items() if name != "address") or "-"
            print(_row(entry.id, str(entry.decided_on), entry.case, entry.scheme, words[entry.outcome], person, done))
        if not count and not as_json:
            print(words["none"])


def _row(*cells: str) -> str:
    widths = (16, 10, 16, 24, 12, 18)
    return "  ".join([f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False)] + list(cells[len(widths) :])).rstrip()


def _readings(ledger: Ledger, words: dict[str, str], as_json: bool) -> None:
    for one in ledger.readings():
        at = one.at.isoformat(timespec="seconds")
        if as_json:
            emit({"id": one.decision, "reader": one.reader, "purpose": one.purpose, "fields": list(one.fields), "at": at})
        else:
            print(f"{one.decision}  {at}  {one.reader}  {one.purpose}  ({', '.join(one.fields)})")


def run_verify(url: str, key: Path | None, heads: list[Path], trust: str | None, lang: Language | None, as_json: bool) -> None:
    """Check everything; exit 1 with the first entry that was touched."""
    with opened(url, key) as ledger:
        from ..ledger.verify import verify
        from ..ledger.words import trouble_text

        read = [_head(path) for path in heads]
        report = _watched(lambda tell: verify(ledger, read, trust or "", tell), _size(ledger), _WORDS[language(lang)]["entries"])
        if as_json:
            problems = [{"trouble": p.trouble, "seq": p.seq, "id": p.id, "detail": p.detail} for p in report.problems]
            emit({"sound": report.sound, "entries": report.entries, "head": report.head, "key": report.key, "problems": problems})
        else:
            words = _WORDS[language(lang)]
            if report.sound:
                earlier = f"; {words['heads'].format(n=report.heads_checked)}" if report.heads_checked else ""
                print(f"✓ {words['sound'].format(n=report.entries)}{earlier}")
                print(report.head.rstrip("\n"))
            else:
                print(f"✗ {words['unsound']}")
                for p in report.problems:
                    print(f"  {trouble_text(p.trouble, p.seq, p.id, p.detail, language(lang))}")
        if not report.sound:
            fail(say("the ledger is not as it was recorded"), FAULT)


def _size(ledger: Ledger) -> int:
    """How many entries to expect; 0 when the ledger cannot even say that."""
    from ..ledger import LedgerError

    try:
        return ledger.head().size
    except LedgerError:
        return 0


def _watched(run: Any, total: int, what: str) -> Any:
    """A bar on stderr while somebody is watching and it takes long."""
    if not sys.stderr.isatty():
        return run(None)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        return run(lambda done: progress.update(task, completed=done))


def _head(path: Path) -> Head:
    from ..ledger.verifier import Head, ProofError

    try:
        return Head.read(path.read_text(encoding="utf-8"))
    except OSError as error:
        fail(say("{path}: cannot be read: {reason}", path=path, reason=quoted(str(error.strerror))), UNUSABLE)
    except (ProofError, UnicodeDecodeError):
        fail(say("{path}: this is no head of a ledger: `subsidyengine ledger prove --head --out FILE` writes one", path=path), UNUSABLE)


def run_prove(url: str, key: Path | None, id_: str | None, act: str, head: bool, since: Path | None, bare: bool, out: Path | None) -> None:
    """A proof, or the head, to standard output or to a file."""
    one_of(act, ["decision", "signature", "letter", "erasure"], say("act"))
    if [id_ is not None, head, since is not None].count(True) != 1:
        fail(say("say what to prove: an ID, --head, or --since HEAD"), UNUSABLE)
    with opened(url, key) as ledger:
        from ..ledger.prove import prove_entry, prove_growth
        from ..ledger.verifier import read_key

        if head:
            text = ledger.head().text(read_key(ledger.public_key())[1])
        else:
            proof = prove_entry(ledger, id_, act, not bare) if id_ is not None else prove_growth(ledger, _head(since or Path()))
            text = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
        if out is None:
            sys.stdout.write(text)
        else:
            write_file(out, text)
            tell(say("{file}: written", file=out))


def run_export(url: str, key: Path | None, ids: list[str], out: Path, lang: Language | None, as_json: bool) -> None:
    """Dossiers as HTML, each under its decision's id."""
    with opened(url, key) as ledger:
        from ..ledger.dossier import dossier, html

        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fail(say("{path}: cannot be made: {reason}", path=out, reason=quoted(str(error.strerror))), UNUSABLE)
        count = 0
        for each in ids or (entry.id for entry in ledger.entries()):
            found = ledger.entry(each).id
            path = out / f"{found}.html"
            write_file(path, html(dossier(ledger, found, language(lang) if lang else None, masked=False)))
            count += 1
            if as_json:
                emit({"id": found, "file": str(path)})
        tell(say("{file}: {count} dossiers", file=out, count=count))
