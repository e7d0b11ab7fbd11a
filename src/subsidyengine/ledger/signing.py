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
from ..words import quoted, say
from . import lookup
from .append import read_entry
from .errors import NotAllowed
from .records import Entry
from .replay import Replayed
from .schema import records


def check(decision: Entry, rules: Rulebook, on: date) -> None:
    """NotAllowed unless a person may sign ``decision`` on ``on``."""
    if decision.outcome == "undetermined":
        points = decision.document["open"]
        listed = "".join(f"\n  - {point['question']} ({point.get('fact') or point.get('rule') or point['kind']})" for point in points)
        todo = say("give what is missing, and record the new answer with --replaces {id}", id=decision.id)
        text = say(
            "{id} is not decided yet, and what is open is never signed as a refusal; {todo}:{listed}",
            id=decision.id,
            todo=todo,
            listed=listed,
        )
        raise NotAllowed(text)
    unnamed = sorted(set(_unnamed(decision, rules)))
    if unnamed:
        who = say("give `by` and `on` with {names}", names=", ".join(unnamed))
        raise NotAllowed(say("{id} rests on an assessment that nobody stands behind: {todo}", id=decision.id, todo=who))
    if on < decision.decided_on:
        raise NotAllowed(say("{id} was decided on {day}: it cannot be signed on {on}", id=decision.id, day=decision.decided_on, on=on))
    if decision.replaced_by:
        raise NotAllowed(say("{id} was replaced by {newer}: sign that one", id=decision.id, newer=decision.replaced_by))


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


def check_again(again: Replayed) -> None:
    """NotAllowed unless the engine gives this answer from the stored facts and rules: a document that was made up, or that another
    program gave, has nothing behind it that a person could sign for. (Other words for the same answer are no hindrance.)"""
    id_ = again.entry.id
    if again.fault:
        raise NotAllowed(say("{id} cannot be decided again, so it cannot be signed: {reason}", id=id_, reason=quoted(again.fault)))
    if any(one.of_answer for one in again.differences):
        text = say(
            "{id} comes out otherwise when it is decided again from its own facts and rules: `subsidyengine ledger replay {id}` says how; "
            "record the case again with --replaces {id}, and sign that",
            id=id_,
        )
        raise NotAllowed(text)


def check_free(connection: Connection, decision: str) -> None:
    """NotAllowed when a decision was signed or replaced, perhaps a moment ago."""
    query = select(records.c.kind, records.c.id, records.c.entry).where(records.c.ref == decision).order_by(records.c.seq)
    for kind, newer, said in connection.execute(query):
        if kind == "signature":
            acted = read_entry(said)
            raise NotAllowed(say("{decision} was signed by {by} on {day}", decision=decision, by=acted["by"], day=acted["signed_on"]))
        if kind == "decision":
            raise NotAllowed(say("{id} was replaced by {newer}: sign that one", id=decision, newer=newer))


def check_replacement(connection: Connection, given: str, case: str, scheme: str) -> Entry:
    """The decision that is to be replaced; NotAllowed when it is another case's, or replaced already."""
    old = lookup.entry(connection, given)
    if (old.case, old.scheme) != (case, scheme):
        one, other = f"{old.case} ({old.scheme})", f"{case} ({scheme})"
        raise NotAllowed(say("{id} is a decision of case {one}, not of case {other}", id=old.id, one=one, other=other))
    return old


def check_unreplaced(connection: Connection, old: str) -> None:
    """NotAllowed when a decision was replaced already: a chain of corrections has no forks."""
    query = select(records.c.id).where(records.c.ref == old, records.c.kind == "decision")
    if newer := connection.execute(query).scalar():
        raise NotAllowed(say("{old} was replaced by {newer} already: replace that one", old=old, newer=newer))
