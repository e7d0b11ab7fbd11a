"""The desk: from tables to answers, accounts and changes. What every face of the allocation room calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..formula import SATURDAY, Lang
from ..rulebook import Rulebook
from . import sequence
from .accounts import AccountOut, account_rows, costs
from .law import Law
from .load import Agreements
from .report import Answered, Reporter, VacancyDocument
from .terms import Terms
from .vacancies import Vacancy


@dataclass(slots=True)
class Desk:
    """Vacancies shared out under agreements, as things stand on a day as known on another."""

    rulebook: Rulebook
    result: sequence.Sequence
    items: tuple[Answered, ...]
    law: Law

    def documents(self, lang: Lang) -> Iterator[VacancyDocument]:
        """A document a vacancy, in order of the sequence."""
        reporter = Reporter(self.rulebook, self.law, lang)
        for item in self.items:
            yield reporter.document(item)

    def accounts(self, lang: Lang, progress: Callable[[int], None] | None = None) -> list[AccountOut]:
        """The running accounts, with what the empty dwellings cost."""
        return account_rows(self.result, costs(_told(self.items, progress)), self.rulebook, lang)


def share_out(
    vacancies: Iterable[Vacancy], rulebook: Rulebook, agreements: Agreements, on: date, known: date | None = None,
    terms: Terms | None = None, durable: bool = True,
) -> Desk:  # fmt: skip
    """Whose turn each vacancy is, as things stand on ``on``. ``terms`` overrides every agreement."""
    setting = rulebook.settings[SATURDAY]
    result = sequence.run(vacancies, agreements, on, setting.value is True, terms, saturday_settled=setting.settled)
    law = Law(rulebook, on, known, durable)
    return Desk(rulebook, result, tuple(Answered(draw, law) for draw in result.draws), law)


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that another table gives differently. ``field`` None: the vacancy is only in one of them."""

    vacancy: str
    field: str
    before: str
    after: str


_FIELDS = ("turn", "owner", "status", "answer_due", "count", "rent", "guarantee", "outcome")


def changes(before: Desk, after: Desk) -> list[Change]:
    """Which answers a late or changed event changes, in order of the later sequence; then vacancies that are gone."""
    old = {item.draw.vacancy.vacancy: item for item in before.items}
    found: list[Change] = []
    for item in after.items:
        name = item.draw.vacancy.vacancy
        was = old.pop(name, None)
        if was is None:
            found.append(Change(name, "vacancy", "", "new"))
            continue
        for field, one, two in zip(_FIELDS, _facets(was), _facets(item), strict=True):
            if one != two:
                found.append(Change(name, field, one, two))
    found += [Change(name, "vacancy", "gone", "") for name in old]
    return found


def _facets(item: Answered) -> Sequence[str]:
    draw = item.draw
    count = draw.count
    rent = item.ruling.liability if draw.drawn is not None else None
    return (
        draw.turn or "",
        draw.owner or "",
        draw.status,
        str(draw.answer_due or ""),
        "" if count is None else f"{count.number}: {count.entitlement} - {count.used} - {count.lost} - {count.on_offer}",
        "" if rent is None else f"{rent.from_ or ''}..{rent.to or ''} {rent.total if rent.total is not None else '?'}".removeprefix(".. "),
        "" if draw.drawn is None else item.ruling.guarantee or "",
        item.outcome,
    )


def _told(items: Iterable[Answered], progress: Callable[[int], None] | None) -> Iterator[Answered]:
    for number, item in enumerate(items, 1):
        yield item
        if progress is not None:
            progress(number)
