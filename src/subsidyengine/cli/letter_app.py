"""``subsidyengine letter``: the commands and their help. Imports of weight wait until a command runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from .common import JsonOption, KnownOption, Language, OnOption, OverlayOption, RulesOption, parse_day

letter = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Letters to the citizen, as tagged PDF.")

CaseArgument = Annotated[str, typer.Argument(help="A case file with one case; - for standard input.", metavar="CASE")]
SchemeOption = Annotated[str | None, typer.Option("--scheme", metavar="ID", help="The scheme (when the case touches several).")]
SenderOption = Annotated[Path, typer.Option("--sender", metavar="FILE", help="The municipality's file: letterhead, where appeals go.")]
RecipientOption = Annotated[Path, typer.Option("--recipient", metavar="FILE", help="The recipient's file: name and address.")]
SignedByOption = Annotated[str | None, typer.Option("--signed-by", metavar="NAME", help="The person who decides.")]
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
    epilog="Example:  subsidyengine letter decision case.yaml --sender municipality.yaml --recipient recipient.yaml --overlay settled/ "
    "--signed-by 'A. Jensen' --role rådgiver --signed-on 2026-03-02 --received-on 2026-03-04",
)
def decision(
    case: CaseArgument, sender: SenderOption, recipient: RecipientOption, signed_by: SignedByOption = None, role: RoleOption = None,
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

    job = Job(case, scheme, on, known, lang, sender, recipient, signed_by, role, signed_on, dated, out, templates, json, rules, overlay)
    run_decision(job, received_on, heard_on, no_hearing, partly)


@letter.command(
    "hearing",
    epilog="Example:  subsidyengine letter hearing case.yaml --sender municipality.yaml --recipient recipient.yaml "
    "--signed-by 'A. Jensen' --role rådgiver --signed-on 2026-03-02 --answer-by 2026-03-16",
)
def hearing(
    case: CaseArgument, sender: SenderOption, recipient: RecipientOption, answer_by: AnswerOption = None,
    fact: Annotated[list[str] | None, typer.Option("--fact", metavar="NAME", help="Also put this fact to the citizen.")] = None,
    signed_by: SignedByOption = None, role: RoleOption = None, signed_on: SignedOnOption = None, dated: DatedOption = None,
    scheme: SchemeOption = None, on: OnOption = None, known: KnownOption = None, lang: LetterLangOption = Language.da,
    out: OutOption = None, templates: TemplatesOption = None, json: JsonOption = False, rules: RulesOption = None,
    overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Write the hearing letter (partshøring): facts that count against the citizen and came from elsewhere."""
    from .letter import Job, run_hearing

    job = Job(case, scheme, on, known, lang, sender, recipient, signed_by, role, signed_on, dated, out, templates, json, rules, overlay)
    run_hearing(job, answer_by, fact or [])


@letter.command(
    "facts",
    epilog="Example:  subsidyengine letter facts case.yaml --sender municipality.yaml --recipient recipient.yaml "
    "--signed-by 'A. Jensen' --role rådgiver --signed-on 2026-03-02 --answer-by 2026-03-16",
)
def facts(
    case: CaseArgument, sender: SenderOption, recipient: RecipientOption, answer_by: AnswerOption = None,
    signed_by: SignedByOption = None, role: RoleOption = None, signed_on: SignedOnOption = None, dated: DatedOption = None,
    scheme: SchemeOption = None, on: OnOption = None, known: KnownOption = None, lang: LetterLangOption = Language.da,
    out: OutOption = None, templates: TemplatesOption = None, json: JsonOption = False, rules: RulesOption = None,
    overlay: OverlayOption = None,
) -> None:  # fmt: skip
    """Write the letter that asks for exactly the facts that are missing."""
    from .letter import Job, run_facts

    job = Job(case, scheme, on, known, lang, sender, recipient, signed_by, role, signed_on, dated, out, templates, json, rules, overlay)
    run_facts(job, answer_by)


@letter.command("templates", epilog="Example:  subsidyengine letter templates our-letters/")
def templates(
    folder: Annotated[Path, typer.Argument(help="A new folder.", metavar="DIR")],
) -> None:
    """Copy the shipped templates, to change them and use them with --templates."""
    from .letter import run_templates

    run_templates(folder)
