"""What differs between two answers to the same case, condition by condition, and which rates or texts of law made the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from ..decision import Conclude, Reading, answer, program_for
from ..document import money
from ..formula import Lang, plain
from ..rulebook import RateRow, Rulebook
from .casedata import case_of
from .records import Entry, versions
from .words import WORDS

What = Literal[
    "outcome", "amount", "period", "route", "part", "condition", "open", "segments", "certainty", "fact", "rate", "program", "text"
]
#: The answer itself; the rest are its reasons.
ANSWER: tuple[What, ...] = ("outcome", "amount", "period", "route", "part", "segments")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: ``name`` is the condition, fact, part or rate; empty text means that it was not there."""

    what: What
    name: str
    before: str
    after: str

    @property
    def of_answer(self) -> bool:
        """Whether the answer differs, not only its reasons."""
        return self.what in ANSWER


@dataclass(frozen=True, slots=True)
class Voice:
    """How both sides are put: as they stand in the documents (for programs), or in somebody's language."""

    lang: Lang | None = None

    def word(self, key: str) -> str:
        """An outcome, a status or a certainty; what has no word of its own stands as it is."""
        return WORDS[self.lang].get(key, key) if self.lang else key

    def amount(self, amount: Mapping[str, str] | None) -> str:
        if not amount:
            return ""
        return money(Decimal(amount["value"]), amount["unit"], self.lang) if self.lang else f"{amount['value']} {amount['unit']}"


EXACT = Voice()
#: Puts one side of a difference into words.
_Tell = Callable[[Any, Voice], str]

#: An entry, the rules it is read by, and what is known.
Law = tuple[Entry, Rulebook, date | None]


def differences(then: Mapping[str, Any], now: Mapping[str, Any], laws: Sequence[Law] = (), voice: Voice = EXACT) -> tuple[Difference, ...]:
    """What differs between two documents of one case: the answer first, then each condition, then the facts that only one of the days
    knew, then the rates that both laws read."""
    found = [*_answer(then, now, voice), *_conditions(then, now, voice), *_open(then, now)]
    if found and laws:
        found += [*_facts(laws[0], laws[1]), *_rates(laws[0], laws[1])]
    return tuple(found)


def program_difference(entry: Entry) -> tuple[Difference, ...]:
    """Only the program differs, or only the words of a text."""
    now = versions()
    changed = [name for name in sorted(entry.program.keys() | now.keys()) if entry.program.get(name) != now.get(name)]
    found = [Difference("program", name, entry.program.get(name, ""), now.get(name, "")) for name in changed]
    return tuple(found) or (Difference("text", "", "", ""),)


def _answer(then: Mapping[str, Any], now: Mapping[str, Any], voice: Voice) -> Iterator[Difference]:
    tell: dict[What, _Tell] = {
        "outcome": lambda d, v: v.word(d["outcome"]), "amount": lambda d, v: v.amount(d["amount"]),
        "period": lambda d, _: _period(d["period"]), "route": lambda d, _: d["route"] or "",
        "certainty": lambda d, v: v.word("uncertain" if d["certainty"] == "unknown" and v.lang else d["certainty"]), "segments": _segments,
    }  # fmt: skip
    for what, told in tell.items():
        yield from _sides(what, "", then, now, told, voice)
    parts = [{part["part"]: part for part in document.get("parts") or ()} for document in (then, now)]
    for name in dict.fromkeys([*parts[0], *parts[1]]):
        yield from _sides("part", name, parts[0].get(name), parts[1].get(name), _part, voice)


def _sides(what: What, name: str, then: Any, now: Any, tell: _Tell, voice: Voice) -> Iterator[Difference]:
    """Both sides where they differ, which is seen from them as they stand: what is rounded or translated may look the same."""
    if tell(then, EXACT) != tell(now, EXACT):
        yield Difference(what, name, tell(then, voice), tell(now, voice))


def _period(period: Mapping[str, str] | None) -> str:
    if not period:
        return ""
    last = "..." if "to" not in period else period["to"] or "?"
    return f"{period.get('from') or '?'} - {last}"


def _segments(document: Mapping[str, Any], voice: Voice) -> str:
    return "; ".join(
        f"{one['from']} - {one.get('to') or '...'}: {voice.amount(one.get('amount')) or voice.word(one['outcome'])}"
        for one in document["segments"]
    )


def _part(part: Mapping[str, Any] | None, voice: Voice) -> str:
    if not part:
        return ""
    return " ".join(filter(None, (voice.word(part["outcome"]), voice.amount(part["amount"]), _period(part["period"]))))


def _conditions(then: Mapping[str, Any], now: Mapping[str, Any], voice: Voice) -> Iterator[Difference]:
    """Status, provision and facts of each condition; ``amount`` and the like are findings too."""
    before, after = ({one["condition"]: one for one in document["findings"]} for document in (then, now))
    for name in dict.fromkeys([*before, *after]):
        yield from _sides("condition", name, before.get(name), after.get(name), _finding, voice)


def _finding(found: Mapping[str, Any] | None, voice: Voice) -> str:
    if found is None:
        return ""
    facts = ", ".join(f"{name} = {'?' if value is None else value}" for name, value in found["facts"].items())
    return f"{voice.word(found['status'])} ({found['cite']}{f'; {facts}' if facts else ''})"


def _open(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = (
        {one.get("fact") or one.get("rule") or one["kind"]: one["kind"] for one in document["open"]} for document in (then, now)
    )
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield Difference("open", name, before.get(name, ""), after.get(name, ""))


def _facts(then: Law, now: Law) -> Iterator[Difference]:
    """Facts that had come in by the one day and not by the other: the reason why."""
    for name, given in then[0].case_data["facts"].items():
        before, after = (_come_in(given if isinstance(given, list) else [given], known) for _, _, known in (then, now))
        if before != after:
            yield Difference("fact", name, before, after)


def _come_in(statements: Sequence[Any], known: date | None) -> str:
    found = []
    for one in (each if isinstance(each, dict) else {"value": each} for each in statements):
        received = one.get("received")
        if not (known and received) or date.fromisoformat(received) <= known:
            value = "?" if one["value"] is None else one["value"]
            found.append(" ".join([f"{one['from']}: {value}" if "from" in one else str(value), *([f"({received})"] if received else [])]))
    return "; ".join(found)


def _rates(then: Law, now: Law) -> Iterator[Difference]:
    """Rates that either law read and that the two do not agree on: the reason why."""
    read = sorted(_read(then) | _read(now))
    for name in read:
        before, after = (_row(law, name) for law in (then, now))
        if before != after:
            yield Difference("rate", name, before, after)


def _read(law: Law) -> set[str]:
    entry, rules, known = law
    reading = Reading(rules, program_for(rules, entry.scheme), case_of(entry.case_data, rules), entry.on, known)
    answer(reading, Conclude())
    found: set[str] = set()
    ahead = [reading]
    while ahead:
        one = ahead.pop()
        found |= one.rates_read
        ahead += one.inner
    return found


def _row(law: Law, name: str) -> str:
    entry, rules, known = law
    if name not in rules.rates:
        return ""
    row: RateRow = rules.rates[name].at(entry.on, known)
    value = "?" if row.value is None else plain(row.value)
    said = ", ".join(str(part) for part in (rules.cite_text(row.cites), row.known_from) if part)
    return f"{value} ({said})" if said else str(value)
