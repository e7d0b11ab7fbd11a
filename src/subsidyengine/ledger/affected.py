"""Reopening: which signed decisions would be answered otherwise today, because of one change or of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ..formula import near
from ..rulebook import Rate, Rulebook
from ..words import say
from .difference import EXACT, Voice
from .errors import LedgerError
from .records import Entry
from .replay import Replayed, under_other_law

if TYPE_CHECKING:
    from .ledger import Ledger


@dataclass(frozen=True, slots=True)
class Change:
    """What changed: a rate (``rate.NAME``), a setting (``setting.NAME``), a whole scheme, or one condition (``SCHEME/CONDITION``)."""

    kind: str
    name: str
    condition: str = ""

    @staticmethod
    def parse(text: str, law: Rulebook) -> Change:
        """The change that a text names in today's law; LedgerError with the near match for one that it does not know."""
        names = {"rate": law.rates, "setting": law.settings}
        head, _, rest = text.partition(".")
        if head in names:
            if rest not in names[head]:
                raise LedgerError(say("there is no {name}{hint}", name=text, hint=near(rest, list(names[head]))))
            return Change(head, rest)
        scheme, _, condition = text.partition("/")
        if scheme not in law.schemes:
            hint = near(scheme, list(law.schemes))
            text = say(
                "there is no scheme '{scheme}'{hint}: name a scheme, SCHEME/CONDITION, rate.NAME or setting.NAME", scheme=scheme, hint=hint
            )
            raise LedgerError(text)
        if condition and condition not in law.schemes[scheme].conditions:
            raise LedgerError(
                say(
                    "{scheme} has no condition '{condition}'{hint}",
                    scheme=scheme,
                    condition=condition,
                    hint=near(condition, list(law.schemes[scheme].conditions)),
                )
            )
        return Change("scheme", scheme, condition)

    def bears_on(self, entry: Entry) -> bool:
        """Whether the decision could turn on it at all."""
        return self.kind != "scheme" or self.name == entry.scheme or bool(entry.document.get("derived"))

    def applied(self, stored: Rulebook, law: Rulebook, known: date) -> Rulebook:
        """The rules of the decision with this one thing as it is today."""
        match self.kind:
            case "rate":
                return replace(stored, rates={**stored.rates, self.name: known_now(law.rates[self.name], known)})
            case "setting":
                return replace(stored, settings={**stored.settings, self.name: law.settings[self.name]})
        scheme = law.schemes[self.name]
        if self.condition and self.name in stored.schemes:
            old = stored.schemes[self.name]
            scheme = replace(old, conditions={**old.conditions, self.condition: scheme.conditions[self.condition]})
        return replace(stored, schemes={**stored.schemes, self.name: scheme})


def known_now(rate: Rate, known: date) -> Rate:
    """A rate with only what is known on ``known``, known from ever: so that an old decision can be read with it."""
    rows = tuple(row for row in rate.rows if row.known_from is None or row.known_from <= known)
    return replace(rate, rows=tuple(replace(row, known_from=None) for row in rows))


def affected(
    ledger: Ledger, law: Rulebook, known: date, by: str = "", entries: Iterable[Entry] | None = None, voice: Voice = EXACT
) -> Iterator[Replayed]:  # fmt: skip
    """Decisions in force whose answer would be another: by one change alone (``by``), or by all of today's law.

    ``law`` is today's rulebook, ``known`` the day up to which everything is known. One that cannot be decided again is among them.
    """
    change = Change.parse(by, law) if by else None
    asked = ledger.entries(in_force=True) if entries is None else entries
    laws: dict[str, Rulebook] = {}
    for entry in asked:
        if change is None:
            found = next(under_other_law(ledger, [entry], law, known, voice))
        elif change.bears_on(entry):
            if entry.rulebook not in laws:
                laws[entry.rulebook] = change.applied(ledger.rulebook(entry.rulebook), law, known)
            found = next(under_other_law(ledger, [entry], laws[entry.rulebook], entry.known, voice))
        else:
            continue
        if found.fault or any(one.of_answer for one in found.differences):
            yield found
