"""A workbook of letting agreements: what each says of rights and counting, what settles it, and what nobody has established."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..formula import Lang
from ..rulebook import Rulebook
from .catalogue import Row, shown
from .load import Agreements
from .sheets import Book


def write_agreements(agreements: Agreements, name: str | None, rulebook: Rulebook, path: Path, lang: Lang) -> None:
    """Write the agreement ``name``, or every one that is known; raises what ``write_workbook`` does."""
    rows = shown(agreements, name, rulebook, lang)
    with Book(path, lang) as book:
        book.sheet(
            "agreements",
            ("agreement", "title", "municipality", "parties", "from", "to", "gives", "applies", "answer", "guarantees", "notice",
             "compensation", "source", "certainty", "file"),
            (_agreement(book, row) for row in rows),
        )  # fmt: skip
        book.sheet(
            "rights",
            ("agreement", "order", "right", "basis", "kinds", "gives", "limits", "unit", "let_by", "decision", "source", "certainty",
             "why"),
            ((row["agreement"], *_right(book, right)) for row in rows for right in row["rights"]),
        )  # fmt: skip
        book.sheet(
            "counting",
            ("agreement", "what", "says", "given_by", "settled", "source", "certainty", "why"),
            ((row["agreement"], *_parameter(book, p)) for row in rows for p in row["parameters"]),
        )
        book.sheet(
            "exempt",
            ("agreement", "cause", "settled", "source", "certainty", "why"),
            ((row["agreement"], e["says"], *_settled(book, e)) for row in rows for e in row["exempt"]),
        )
        book.sheet(
            "criteria",
            ("agreement", "right", "criterion", "effect", "reads", "source", "certainty"),
            ((row["agreement"], *_criterion(book, c)) for row in rows for c in row["criteria"]),
        )
        book.sheet("not_known", ("agreement", "what", "says"), _not_known(book, rows))
        book.sheet("rests", ("what", "says"), ((book.cell("rulebook"), rulebook.hash), (book.cell("agreement"), agreements.hash)))


def _agreement(book: Book, row: Row) -> Sequence[Any]:
    title = f"{row['title']} ({book.cell('invented')})" if row["synthetic"] else row["title"]
    compensation, notice = row["compensation"], row["notice_to_end"]
    return (
        row["agreement"], title, row["municipality"], ", ".join(row["organisations"]), _day(row["from"]), _day(row["until"]), row["gives"],
        row["applies_says"], row["answer"] and row["answer"]["says"], row["guarantee"]["says"], notice and notice["says"],
        compensation and Decimal(compensation["per_dwelling"]), row["cite"], _mark(book, row), row["file"],
    )  # fmt: skip


def _right(book: Book, right: Row) -> Sequence[Any]:
    return (
        right["order"], right["owner"], right["basis_title"], right["kinds_say"], right["gives"], "; ".join(right["limits"].values()),
        right["unit_says"], right["let_by_says"], right["decision"], right["cite"], _mark(book, right), right["why"],
    )  # fmt: skip


def _parameter(book: Book, parameter: Row) -> Sequence[Any]:
    given = book.cell("by_agreement" if parameter["given_by"] == "agreement" else "statute")
    return (parameter["title"], parameter["says"], given, *_settled(book, parameter))


def _settled(book: Book, part: Row) -> Sequence[Any]:
    return (book.cell("yes" if part["settled"] else "no"), part["cite"], _mark(book, part), None if part["settled"] else part["why"])


def _criterion(book: Book, criterion: Row) -> Sequence[Any]:
    return (
        criterion["owner"], criterion["says"], criterion["effect_says"], criterion["reads"], criterion["cite"], _mark(book, criterion),
    )  # fmt: skip


def _not_known(book: Book, rows: Iterable[Row]) -> Iterable[Sequence[Any]]:
    for row in rows:
        yield from ((row["agreement"], book.cell("not_known"), text) for text in row["not_known"])
        if row["note"]:
            yield (row["agreement"], book.cell("note"), row["note"])


def _mark(book: Book, part: Row) -> str:
    """How sure the law is, in words."""
    return book.cell("uncertain" if part["certainty"] == "unknown" else part["certainty"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
