"""``subsidyengine letter``: the commands and their help. Imports of weight wait until a command runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from .common import JsonOption, KnownOption, LangOption, Language, OnOption, OverlayOption, RulesOption, parse_day
from .ledger import DEFAULT, IdArgument, KeyOption, UrlOption

letter = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Letters to the citizen, as tagged PDF. Needs the extra 'letters'.")

SourceArgument = Annotated[
    str,
    typer.Argument(help="With --ledger the id of a decision; else a case file with one case (- for standard input).", metavar="ID|CASE"),
]
SchemeOption = Annotated[str | None, typer.Option("--scheme", metavar="ID", help="The scheme, when the case touches several.")]
LedgerOption = Annotated[str | None, typer.Option("--ledger", metavar="FILE|URL", help="The ledger that holds the decision.")]
ChannelOption = Annotated[
    str | None, typer.Option("--channel", metavar="WORD", help="Record it in the ledger as sent on its day, e.g. digital-post or post.")
]
SenderOption = Annotated[Path, typer.Option("--sender", metavar="FILE", help="The municipality's file: letterhead, where appeals go.")]
ReaderOption = Annotated[
    str | None,
    typer.Option("--reader", metavar="NAME", help="Who reads name and address from the ledger; recorded.", show_default="who signs"),
]
RecipientOption = Annotated[
    Path | None, typer.Option("--recipient", metavar="FILE", help="The recipient's file: name, address.", show_default="from the ledger")
]
SignedByOption = Annotated[str | None, typer.Option("--signed-by", metavar="NAME", help="The person who signs.", show_default="ledger")]
RoleOption = Annotated[str | None, typer.Option("--role", metavar="ROLE", help="That person's role.")]
SignedOnOption = Annotated[date | None, typer.Option("--signed-on", parser=parse_day, metavar="DAY", help="The day of the signature.")]
DatedOption = Annotated[
    date | None,
    typer.Option("--dated", parser=parse_day, metavar="DAY", help="The day on the letter.", show_default="day of the signature"),
]
AnswerOption = Annotated[date | None, typer.Option("--answer-by", parser=parse_day, metavar="DAY", help="The day to answer by.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The PDF to write.", show_default="CASE-SCHEME-KIND.pdf")]
TemplatesOption = Annotated[Path | None, typer.Option("--templates", metavar="DIR", help="The municipality's own templates.")]
LetterLangOption = Annotated[Language, typer.Option("--lang", help="Language of the letter; en is a courtesy copy.")]


@letter.command(
    "decision",
    epilog="Examples:  subsidyengine letter decision 48f6a3 --ledger ledger.db --sender municipality.yaml --received-on 2026-03-04 "
    "--channel digital-post  |  subsidyengine letter decision case.yaml --sender municipality.yaml --recipient recipient.yaml "
    "--signed-by 'A. Jensen' --role rådgiver --signed-on 2026-03-02",
)
def decision(
    source: SourceArgument, sender: SenderOption, ledger: LedgerOption = None, key: KeyOption = None, channel: ChannelOption = None,
    recipient: RecipientOption = None, reader: ReaderOption = None, signed_by: SignedByOption = None, role: RoleOption = None,
    signed_on: SignedOnOption = None, dated: DatedOption = None,
    received_on: Annotated[date | None, typer.Option("--received-on", parser=parse_day, metavar="DAY",
                           help="The day the citizen gets it; the time to appeal runs from it.")] = None,
    heard_on: Annotated[date | None, typer.Option("--heard-on", parser=parse_day, metavar="DAY",
                        help="The day the hearing letter was sent.")] = None,
    no_hearing: Annotated[str, typer.Option("--no-hearing", metavar="WHY", help="Why no hearing was needed.")] = "",
    partly: Annotated[bool, typer.Option("--partly", help="The citizen asked for more than is granted: say how to appeal.")] = False,
    scheme: SchemeOption = None, on: OnOption = None, known: KnownOption = None, lang: LetterLangOption = Language.da,
    out: OutOption = None, templates: TemplatesOption = None, json: JsonOption = False, rules: RulesOption = None,
    overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Write the decision letter: what is decided, the rules, the reasons, the facts given weight, how to appeal."""
    from .letter import Job, run_decision

    job = Job(source, ledger, key, channel, scheme, on, known, lang, sender, recipient, reader, signed_by, role, signed_on, dated, out,
              templates, json, rules, overlay)  # fmt: skip
    run_decision(job, received_on, heard_on, no_hearing, partly)


@letter.command(
    "hearing",
    epilog="Example:  subsidyengine letter hearing case.yaml --sender municipality.yaml --recipient recipient.yaml "
    "--signed-by 'A. Jensen' --role rådgiver --signed-on 2026-03-02 --answer-by 2026-03-16",
)
def hearing(
    source: SourceArgument, sender: SenderOption, ledger: LedgerOption = None, key: KeyOption = None, channel: ChannelOption = None,
    recipient: RecipientOption = None, reader: ReaderOption = None, answer_by: AnswerOption = None,
    fact: Annotated[list[str] | None, typer.Option("--fact", metavar="NAME", help="Also put this fact to the citizen.")] = None,
    signed_by: SignedByOption = None, role: RoleOption = None, signed_on: SignedOnOption = None, dated: DatedOption = None,
    scheme: SchemeOption = None, on: OnOption = None, known: KnownOption = None, lang: LetterLangOption = Language.da,
    out: OutOption = None, templates: TemplatesOption = None, json: JsonOption = False, rules: RulesOption = None,
    overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Write the hearing letter (partshøring): facts that count against the citizen and came from elsewhere."""
    from .letter import Job, run_hearing

    job = Job(source, ledger, key, channel, scheme, on, known, lang, sender, recipient, reader, signed_by, role, signed_on, dated, out,
              templates, json, rules, overlay)  # fmt: skip
    run_hearing(job, answer_by, fact or [])


@letter.command(
    "facts",
    epilog="Example:  subsidyengine letter facts case.yaml --sender municipality.yaml --recipient recipient.yaml "
    "--signed-by 'A. Jensen' --role rådgiver --signed-on 2026-03-02 --answer-by 2026-03-16",
)
def facts(
    source: SourceArgument, sender: SenderOption, ledger: LedgerOption = None, key: KeyOption = None, channel: ChannelOption = None,
    recipient: RecipientOption = None, reader: ReaderOption = None, answer_by: AnswerOption = None,
    signed_by: SignedByOption = None, role: RoleOption = None, signed_on: SignedOnOption = None, dated: DatedOption = None,
    scheme: SchemeOption = None, on: OnOption = None, known: KnownOption = None, lang: LetterLangOption = Language.da,
    out: OutOption = None, templates: TemplatesOption = None, json: JsonOption = False, rules: RulesOption = None,
    overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Write the letter that asks for exactly the facts that are missing."""
    from .letter import Job, run_facts

    job = Job(source, ledger, key, channel, scheme, on, known, lang, sender, recipient, reader, signed_by, role, signed_on, dated, out,
              templates, json, rules, overlay)  # fmt: skip
    run_facts(job, answer_by)


@letter.command("sent", epilog="Example:  subsidyengine letter sent 48f6a3 K-2026-0001-decision.pdf --on 2026-03-03 --channel digital-post")
def sent(
    id: IdArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The PDF that was sent, to the byte.")],
    on: Annotated[date, typer.Option("--on", parser=parse_day, metavar="DAY", help="The day it was sent.")],
    channel: Annotated[str, typer.Option("--channel", metavar="WORD", help="How, e.g. digital-post or post.")],
    kind: Annotated[str, typer.Option("--kind", metavar="WORD", help="decision, hearing or facts.")] = "decision",
    url: UrlOption = DEFAULT, key: KeyOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """Record in the ledger that a letter was sent: the hash of the file, the day and the channel."""
    from .letter_ledger import run_sent

    run_sent(url, key, id, file, on, channel, kind, json)


@letter.command("reconcile", epilog="Example:  subsidyengine letter reconcile outbox/*.pdf --ledger ledger.db")
def reconcile(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="Letters that left the house, to be found too.")] = None,
    url: UrlOption = DEFAULT, key: KeyOption = None, lang: LangOption = None, json: JsonOption = False,
) -> None:  # fmt: skip
    """List decisions without letters and letters without decisions. Exits 1 while a list is not empty."""
    from .letter_ledger import run_reconcile

    run_reconcile(url, key, files or [], lang, json)


@letter.command("templates", epilog="Example:  subsidyengine letter templates our-letters/")
def templates(
    folder: Annotated[Path, typer.Argument(help="A new folder.", metavar="DIR")],
) -> None:
    """Copy the shipped templates, to change them and use them with --templates."""
    from .letter import run_templates

    run_templates(folder)
