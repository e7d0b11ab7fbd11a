"""A workbook of which vacancies may be offered to a household, why, and whether it can pay the rent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..document import AmountOut
from ..formula import Lang
from . import words
from .desk import Desk
from .propose import ProposalOut
from .sheets import Book
from .workbook import rests


def write_proposals(found: Sequence[ProposalOut], desk: Desk, path: Path, lang: Lang) -> None:
    """Write the proposals, in their order, for all the households asked about; raises what ``write_workbook`` does."""
    with Book(path, lang) as book:
        book.sheet(
            "proposals",
            ("household", "vacancy", "organisation", "department", "vacant_from", "turn", "may", "due", "monthly", "benefit", "net",
             "can_pay", "affordable", "agreement"),
            _proposals(book, found, desk, lang),
        )  # fmt: skip
        book.sheet(
            "reasons",
            ("household", "vacancy", "fulfilled", "reason"),
            ((p.household, p.vacancy, book.cell(r.status), r.text) for p in found for r in p.reasons),
        )
        book.sheet(
            "purse",
            ("household", "vacancy", "missing", "source"),
            ((p.household, p.vacancy, o.question, o.cite) for p in found for o in p.rent.open),
        )
        book.sheet(
            "criteria",
            ("household", "vacancy", "criterion", "fulfilled", "reason", "source"),
            ((p.household, p.vacancy, c.criterion, book.cell(c.status), c.text, c.cite) for p in found for c in p.criteria),
        )
        rests(book, desk)


def _proposals(book: Book, found: Sequence[ProposalOut], desk: Desk, lang: Lang) -> Iterable[Sequence[Any]]:
    draws = {item.draw.vacancy.vacancy: item.draw for item in desk.items}
    for row in found:
        draw, rent = draws[row.vacancy], row.rent
        yield (
            row.household, row.vacancy, draw.vacancy.organisation, draw.vacancy.department, draw.vacancy.vacant_from,
            words.owner_word(row.owner, lang), book.cell(row.outcome), row.answer_due,
            *(_kroner(amount) for amount in (rent.rent, rent.benefit, rent.net, rent.can_pay)), book.cell(rent.affordable),
            draw.terms.id,
        )  # fmt: skip


def _kroner(amount: AmountOut | None) -> Decimal | None:
    return None if amount is None else Decimal(amount.value)
