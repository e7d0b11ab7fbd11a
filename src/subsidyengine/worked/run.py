"""Reading `<scheme>.cases.yaml` and comparing each case's answer with what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ..decision import Answer, Conclude, Reading, answer, open_points, program_for
from ..document import Document, document
from ..facts import Case, CaseError, case_from_data
from ..formula import near
from ..rulebook import Day, Place, Problem, Rulebook, SourceError, load_documents, read_form
from ..rulebook import Document as YamlDocument
from ..timeline import timeline
from ..words import Message, say


class WorkedError(ValueError):
    """A file of worked cases cannot be used; ``problems`` says why, with places."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in problems))


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Why(_Form):
    """The reason for an expectation, checked by hand against the law."""

    says: str
    cite: str | list[str] | None = None


class Expectation(_Form):
    """What is compared. Only what is given is compared; ``amount: null`` means that none can be computed."""

    outcome: str | None = None
    amount: Decimal | int | None = None
    unit: str | None = None
    period: dict[str, Day] | None = None
    findings: dict[str, str] | None = None
    open: list[str] | None = None
    open_kinds: dict[str, str] | None = None
    events: dict[str, Day | list[Day]] | None = None
    route: str | None = None
    parts: dict[str, Expectation] | None = None
    segments: list[dict[str, Any]] | None = None
    certainty: str | None = None


class WorkedForm(_Form):
    case: str
    extends: str | None = None
    why: Why
    on: Day | None = None
    known: Day | None = None
    facts: dict[str, Any] = {}
    expect: Expectation


class WorkedFile(_Form):
    scheme: str
    cases: list[WorkedForm] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One worked case, with what it inherited."""

    scheme: str
    name: str
    why: Why
    case: Case
    expect: Expectation
    place: Place


def load_worked(path: Path, rulebook: Rulebook, name: str | None = None) -> list[WorkedCase]:
    """The worked cases of one file; WorkedError with every problem."""
    label = name or str(path)
    try:
        source = next(load_documents(path.read_text(encoding="utf-8"), label))
    except SourceError as error:
        raise WorkedError([Problem(error.place, "Y_SYNTAX", error.message)]) from None
    problems: list[Problem] = []
    form = read_form(source, WorkedFile, problems)
    if form is None:
        raise WorkedError(problems)
    if form.scheme not in rulebook.schemes:
        raise WorkedError(
            [
                Problem(
                    source.place(("scheme",)),
                    "R_MEMBER",
                    say("unknown scheme '{name}'{hint}", name=form.scheme, hint=near(form.scheme, rulebook.schemes)),
                )
            ]
        )
    merged: dict[str, dict[str, Any]] = {}
    days: dict[str, tuple[date | None, date | None]] = {}
    cases = []
    for index, item in enumerate(form.cases):
        place = source.place(("cases", index))
        base: Mapping[str, Any] = {}
        on, known = item.on, item.known
        if item.case in merged:
            problems.append(Problem(place, "R_TWICE", say("case '{name}' stands twice", name=item.case)))
        if item.extends is not None:
            if item.extends not in merged:
                message = say("extends '{name}', which does not stand above", name=item.extends)
                problems.append(Problem(place, "R_MEMBER", message))
            base = merged.get(item.extends, {})
            inherited = days.get(item.extends, (None, None))
            on, known = on or inherited[0], known or inherited[1]
        facts = {**base, **_flat(item.facts)}
        merged[item.case], days[item.case] = facts, (on, known)
        if on is None:
            problems.append(Problem(place, "S_MISSING", say("case '{name}' needs 'on'", name=item.case)))
            continue
        given = {key: value for key, value in facts.items() if value is not None}
        try:
            case = case_from_data(
                {"case": item.case, "on": on, **({"known": known} if known else {}), "facts": given},
                rulebook.facts, _place_of(source, index), item.case,
            )  # fmt: skip
        except CaseError as error:
            problems.extend(
                Problem(p.place, "S_VALUE", say("{name}: {path}: {message}", name=item.case, path=p.path, message=p.message))
                for p in error.problems
            )
            continue
        cases.append(WorkedCase(form.scheme, item.case, item.why, case, item.expect, place))
    if problems:
        raise WorkedError(problems)
    return cases


def _place_of(source: YamlDocument, index: int) -> Any:
    return lambda path: source.place(("cases", index, *path))


def _flat(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested names as dotted ones; a statement (``value``) and a list are values."""
    flat: dict[str, Any] = {}
    for key, value in facts.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and "value" not in value:
            flat.update(_flat(value, f"{name}."))
        else:
            flat[name] = value
    return flat


def run_worked(worked: WorkedCase, rulebook: Rulebook) -> tuple[Answer, list[str]]:
    """The answer, and how it differs from what was expected (nothing when it does not)."""
    assert worked.case.on is not None
    reading = Reading(rulebook, program_for(rulebook, worked.scheme), worked.case, worked.case.on, worked.case.known)
    conclude = Conclude()
    found = answer(reading, conclude)
    shown = document(found, timeline(found, conclude), "en")
    return found, list(_differences(worked.expect, found, shown))


def _differences(expect: Expectation, found: Answer, shown: Document) -> Iterator[str]:
    yield from _compare(expect, shown.outcome, shown.amount, shown.period, shown.findings, "")
    given = expect.model_fields_set
    if "route" in given and expect.route != shown.route:
        yield _differs("route", expect.route, shown.route)
    if "certainty" in given and expect.certainty != shown.certainty:
        yield _differs("certainty", expect.certainty, shown.certainty)
    points = open_points(found)
    if expect.open is not None and sorted(expect.open) != sorted(p.name for p in points):
        yield _differs("open", sorted(expect.open), sorted(p.name for p in points))
    for name, kind in (expect.open_kinds or {}).items():
        kinds = [p.kind for p in points if p.name == name]
        if kind not in kinds:
            yield _differs(f"open {name}", kind, kinds)
    for kind, wanted in (expect.events or {}).items():
        days = [e.on for e in shown.events if e.kind == kind]
        if (days != wanted) if isinstance(wanted, list) else (wanted not in days):
            yield _differs(f"event {kind}", wanted, ", ".join(map(str, days)) or say("none"))
    for name, part in (expect.parts or {}).items():
        got = next((p for p in shown.parts or [] if p.part == name), None)
        if got is None:
            yield say("part {name}: not answered", name=name)
        else:
            yield from _compare(part, got.outcome, got.amount, got.period, got.findings, f"part {name}: ")
    if expect.segments is not None:
        segments = [s.plain() for s in shown.segments]
        wanted_segments = [_plain_segment(s) for s in expect.segments]
        got_segments = [_plain_segment(s) for s in segments]
        if len(got_segments) != len(wanted_segments) or any(
            w.items() - g.items() for w, g in zip(wanted_segments, got_segments, strict=False)
        ):
            yield _differs("segments", wanted_segments, got_segments)


def _differs(key: str, expected: object, got: object) -> Message:
    """``key`` is where it stands in the worked case, as the file has it."""
    return say("{key}: expected {expected}, got {got}", key=key, expected=expected, got=got)


def _plain_segment(segment: Mapping[str, Any]) -> dict[str, str]:
    flat = dict(segment)
    amount = flat.get("amount")
    if isinstance(amount, Mapping):
        flat["amount"] = amount["value"]
    if isinstance(flat.get("amount"), int | Decimal):
        flat["amount"] = format(Decimal(flat["amount"]).quantize(Decimal("0.01")), "f")
    return {k: str(v) for k, v in flat.items()}


def _compare(expect: Expectation, outcome: str, amount: Any, period: Any, findings: Any, where: str) -> Iterator[str]:
    given = expect.model_fields_set
    if expect.outcome is not None and expect.outcome != outcome:
        yield _differs(f"{where}outcome", expect.outcome, outcome)
    if "amount" in given:
        got = None if amount is None else Decimal(amount.value)
        wanted = None if expect.amount is None else Decimal(expect.amount)
        if got != wanted:
            yield _differs(f"{where}amount", wanted, got)
    if expect.unit is not None and expect.unit != (amount.unit if amount else None):
        yield _differs(f"{where}unit", expect.unit, amount.unit if amount else None)
    if "period" in given:
        wanted_period = {k: v.isoformat() for k, v in (expect.period or {}).items()}
        got_period = {k: v for k, v in period.plain().items() if v is not None} if period is not None else {}
        if wanted_period != got_period:
            yield _differs(f"{where}period", wanted_period, got_period)
    statuses = {f.condition: f.status for f in findings}
    for name, status in (expect.findings or {}).items():
        got_status = statuses.get(name, say("left out"))
        if got_status != status:
            yield _differs(f"{where}finding {name}", status, got_status)
