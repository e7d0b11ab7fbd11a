"""Letters from the library, warm: a case decided, its letter made and printed as tagged PDF. Every one is another case's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from subsidyengine.facts import Case, read_cases
from subsidyengine.letters import Envelope, Grounds, Letter, Signature, decision_letter, facts_letter, pdf, read_recipient, read_sender
from subsidyengine.rulebook import open_rulebook

from .report import Figure
from .timing import ROOT, ROUNDS, held_memory, interleaved

GROUP = "Letters (PDF/UA-1), decision and all"
BAR, GROWTH_BAR = 150.0, 20.0
SCHEME = "transitional.subsidy"
FOLDER = ROOT / "fixtures" / "letters"


def measure(rounds: int = ROUNDS, inputs: int = 4, many: int = 400) -> list[Figure]:
    """A grant, a refusal and a letter that asks; then the memory of many."""
    book = open_rulebook(None, (FOLDER / "overlay",))
    sender, recipient = read_sender(FOLDER / "municipality.yaml"), read_recipient(FOLDER / "recipient.yaml")
    counter = iter(range(10**9))

    def case(name: str) -> Case:
        found = next(iter(read_cases([str(ROOT / "fixtures" / "cases" / f"transitional-subsidy-{name}.yaml")], book)))
        assert isinstance(found, Case)
        return found

    def letter(given: Case, make: Callable[[Grounds, Envelope], Letter]) -> bytes:
        """A letter that no letter before it was like: typst remembers what it has set."""
        number = next(counter)
        day = given.on or date(2026, 3, 1)
        envelope = Envelope(
            sender, recipient.model_copy(update={"name": f"Prøve Testperson {number}"}), Signature("Prøve", "rådgiver", day)
        )
        return pdf(make(Grounds(replace(given, id=f"K-{number}"), book, SCHEME, "da", day, given.known), envelope))

    granted, refused, missing = case("rent-rises"), case("benefit-not-applied"), case("facts-missing")
    runs: dict[str, Callable[[Any], Any]] = {
        "everything granted, 3 pages": lambda _: letter(granted, decision_letter),
        "a refusal with appeal guidance, 2 pages": lambda _: letter(refused, _refusal),
        "the missing facts, 1 page": lambda _: letter(missing, lambda g, e: facts_letter(g, e, date(2099, 1, 1))),
    }
    times = interleaved(runs, {name: range(inputs) for name in runs}, rounds)
    figures = [Figure(GROUP, name, times.seconds(name) * 1e3, "ms", BAR) for name in runs]
    for _ in range(many // 4):
        letter(refused, _refusal)
    before = held_memory()
    for _ in range(many):
        letter(refused, _refusal)
    return [*figures, Figure(GROUP, f"growth of memory over {many} letters", held_memory() - before, "MiB", GROWTH_BAR)]


def _refusal(grounds: Grounds, envelope: Envelope) -> Letter:
    return decision_letter(grounds, envelope, received=envelope.day, no_hearing="-")
