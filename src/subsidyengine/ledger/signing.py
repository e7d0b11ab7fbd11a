"""When a proposal may be signed, and when a decision may replace another.

No decision with legal effect by automation alone (GDPR art. 22 [text]); reasons name the main considerations of an assessment and the
facts given decisive weight (forvaltningsloven § 24 [secondary]): so a person signs, and an assessment has somebody who made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ..rulebook import Rulebook
from . import lookup
from .append import read_entry
from .errors import NotAllowed
from .records import Entry
from .schema import records


def check(decision: Entry, rules: Rulebook, on: date) -> None:
    """NotAllowed unless a person may sign ``decision`` on ``on``."""
    if decision.outcome == "undetermined":
        points = decision.document["open"]
        listed = "".join(f"\n  - {point['question']} ({point.get('fact') or point.get('rule') or point['kind']})" for point in points)
        raise NotAllowed(
            f"{decision.id} is not decided yet, and what is open is never signed as a refusal. Give what is missing, "
            f"and record the new answer with --replaces {decision.id}:{listed}"
        )
    unnamed = sorted(set(_unnamed(decision, rules)))
    if unnamed:
        message = f"{decision.id} rests on an assessment that nobody stands behind: give `by` and `on` with {', '.join(unnamed)}"
        raise NotAllowed(message)
    if on < decision.decided_on:
        raise NotAllowed(f"{decision.id} was decided on {decision.decided_on}: it cannot be signed on {on}")
    if decision.replaced_by:
        raise NotAllowed(f"{decision.id} was replaced by {decision.replaced_by}: sign that one")


def _unnamed(decision: Entry, rules: Rulebook) -> Iterator[str]:
    """Assessments in the case, given without who made them and when."""
    for name, statements in decision.case_data["facts"].items():
        if name in rules.facts and rules.facts[name].assessment:
            for one in statements if isinstance(statements, list) else [statements]:
                if not _named(one):
                    yield name


def _named(statement: Any) -> bool:
    if not isinstance(statement, dict):
        return False
    return statement["value"] is None or bool(statement.get("by") and statement.get("on"))


def check_free(connection: Connection, decision: str) -> None:
    """NotAllowed when a decision was signed or replaced, perhaps a moment ago."""
    query = select(records.c.kind, records.c.id, records.c.entry).where(records.c.ref == decision).order_by(records.c.seq)
    for kind, newer, said in connection.execute(query):
        if kind == "signature":
            acted = read_entry(said)
            raise NotAllowed(f"{decision} was signed by {acted['by']} on {acted['signed_on']}")
        if kind == "decision":
            raise NotAllowed(f"{decision} was replaced by {newer}: sign that one")


def check_replacement(connection: Connection, given: str, case: str, scheme: str) -> str:
    """The whole id of the decision that is to be replaced; NotAllowed when it is another case's, or replaced already."""
    old = lookup.entry(connection, given)
    if (old.case, old.scheme) != (case, scheme):
        raise NotAllowed(f"{old.id} is a decision of case {old.case} under {old.scheme}, not of case {case} under {scheme}")
    return old.id


def check_unreplaced(connection: Connection, old: str) -> None:
    """NotAllowed when a decision was replaced already: a chain of corrections has no forks."""
    query = select(records.c.id).where(records.c.ref == old, records.c.kind == "decision")
    if newer := connection.execute(query).scalar():
        raise NotAllowed(f"{old} was replaced by {newer} already: replace that one")
