"""The desk's answers as tables for a person to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..allocation import Outcome, Vacancy, WhatIf
from ..allocation.whatif_words import band_titles, notes
from ..allocation.words import DOUBT, IRREGULAR, STATUS, missing_question, not_settled, owner_word
from ..document import number_of_kroner
from ..formula import Lang
from .allocate_words import words_in

if TYPE_CHECKING:
    from ..allocation import AccountOut, Change, Desk, ProposalOut

_COLOURS = {
    "used": "green",
    "on_offer": "bold cyan",
    "passed": "yellow",
    "silent": "yellow",
    "withdrawn": "red",
    "not_offered": "red",
    "undetermined": "yellow",
}
_MOST = 40
#: Rows of a table that are fitted to the screen.
_FITTED = 2_000
#: What a field that can change is called, where the table of answers has another word.
_FIELDS = {"turn": "whose", "answer_due": "due", "outcome": "municipal"}


def _table(*headings: tuple[str, bool]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, right in headings:
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    return table


def _show(screen: Console, headings: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str | Text]]) -> None:
    """The table fitted to the screen; one of very many rows as plain lines, since nobody waits for each cell to be folded."""
    if len(rows) <= _FITTED:
        table = _table(*headings)
        for row in rows:
            table.add_row(*row)
        screen.print(table)
        return
    widths = [max(len(heading), *(len(row[column]) for row in rows)) for column, (heading, _) in enumerate(headings)]
    for cells in ([heading for heading, _ in headings], *rows):
        fitted = (f"{cell!s:{'>' if right else '<'}{width}}" for cell, (_, right), width in zip(cells, headings, widths, strict=True))
        screen.file.write("  ".join(fitted).rstrip() + "\n")


def kroner(value: Decimal | Fraction | None, lang: Lang) -> str:
    """``1.234,50``; a question mark where it is not known."""
    if value is None:
        return "?"
    return number_of_kroner(Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value, lang)


def show_vacancies(screen: Console, desk: Desk, lang: Lang) -> None:
    """A line a vacancy, and below it once each default that answers lean on."""
    words = words_in(lang)
    left = ("vacant_from", "vacancy", "department", "whose", "status")
    headings = (
        *((words[name], False) for name in left), (words["count"], True), (words["due"], False), (words["days"], True),
        (words["rent"], True), (words["open"], False),
    )  # fmt: skip
    rows: list[tuple[str | Text, ...]] = []
    notes = _Footnotes()
    irregular: list[str] = []
    for item in desk.items:
        draw = item.draw
        rent = item.ruling.liability if draw.drawn is not None else None
        count = draw.count
        said = "" if count is None else f"{count.number}: {count.entitlement} - {count.used + count.lost + count.on_offer}"
        marks = [notes.mark(missing_question(desk.rulebook, draw, name).get(lang)) for name in draw.missing]
        marks += [notes.mark(not_settled(draw.terms, name, lang)) for name in draw.leans]
        marks += [notes.mark(DOUBT.get(lang).format(vacancies=name)) for name in draw.doubts]
        irregular += [f"{draw.vacancy.vacancy}: {IRREGULAR[name].get(lang)}" for name in draw.irregular]
        rows.append((
            draw.vacancy.vacant_from.isoformat(), draw.vacancy.vacancy, draw.vacancy.department,
            owner_word(draw.owner if draw.exempt else draw.turn, lang),
            Text(STATUS[draw.status].get(lang), style=_COLOURS.get(draw.status, "")), said, str(draw.answer_due or ""),
            "" if rent is None or rent.days is None else str(rent.days), "" if rent is None else kroner(rent.total, lang),
            " ".join(marks),
        ))  # fmt: skip
    _show(screen, headings, rows)
    _notes(screen, words["irregular"], irregular)
    _notes(screen, words["open"], notes.lines())


class _Footnotes:
    """Each open point once, with a number that rows refer to."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def mark(self, text: str) -> str:
        return str(self.numbers.setdefault(text, len(self.numbers) + 1))

    def lines(self) -> Iterable[str]:
        return (f"{number}. {text}" for text, number in self.numbers.items())


def _notes(screen: Console, title: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        screen.print(Text(title, style="bold"))
        for line in found:
            screen.print(Text(f"  {line}", style="yellow"))


def show_changes(screen: Console, found: Sequence[Change], lang: Lang) -> None:
    """Which answers have changed."""
    words = words_in(lang)
    if not found:
        screen.print(words["no_change"])
        return
    table = _table((words["vacancy"], False), (words["field"], False), (words["before"], False), (words["after"], False))
    for change in found:
        said = (_said(change.field, value, lang) for value in (change.before, change.after))
        table.add_row(change.vacancy, words[_FIELDS.get(change.field, change.field)], *said)
    screen.print(table)


def _said(field: str, value: str, lang: Lang) -> str:
    """A value of a change, in words."""
    if not value:
        return ""
    if field in ("turn", "owner"):
        return owner_word(value, lang)
    if field == "status":
        return STATUS[value].get(lang)
    if field == "rent":
        days, _, total = value.rpartition(" ")
        paid = total if total == "?" else kroner(Decimal(total), lang)
        return f"{days} {paid}" if days else paid
    if field in ("guarantee", "outcome"):
        return words_in(lang)[value]
    return words_in(lang)["new" if value == "new" else "removed"] if field == "vacancy" else value


def show_accounts(screen: Console, rows: Sequence[AccountOut], lang: Lang) -> None:
    """A line an account, and the totals."""
    words = words_in(lang)
    numbers = (
        "counted", "entitlement", "turns", "used", "withdrawn", "passed", "lost", "on_offer", "left", "unused", "share", "days", "rent",
    )  # fmt: skip
    table = _table((words["unit"], False), (words["right"], False), *((words[name], True) for name in numbers))
    defaults: dict[tuple[str, str | None], str] = {}
    for row in rows:
        name = row.name if row.name == row.municipality else f"{row.municipality} {row.name}".strip()
        year = f" {row.year}" if row.year else ""
        for point in row.open:
            defaults.setdefault((row.agreement, point.rule or point.fact), point.question)
        used = row.used + row.used_out_of_turn
        table.add_row(
            name, owner_word(row.right, lang) + year, str(row.counted), row.entitlement, str(row.turns), str(used),
            str(row.withdrawn), str(row.passed), str(row.lost), str(row.on_offer), str(row.left), str(row.unused),
            percent(row.share, lang), str(row.rent_days),
            kroner(Decimal(row.rent.value), lang) + ("+?" if row.rent_open else ""),
        )  # fmt: skip
    if len(rows) > 1:
        table.add_section()
        total = sum((Decimal(r.rent.value) for r in rows), Decimal("0.00"))
        table.add_row(
            words["total"], "", *(str(sum(getattr(r, name) for r in rows)) for name in ("counted",)), "",
            str(sum(r.turns for r in rows)), str(sum(r.used + r.used_out_of_turn for r in rows)),
            *(str(sum(getattr(r, name) for r in rows)) for name in ("withdrawn", "passed", "lost", "on_offer", "left", "unused")), "",
            str(sum(r.rent_days for r in rows)), kroner(total, lang),
        )  # fmt: skip
    screen.print(table)
    _notes(screen, words["defaults"], defaults.values())


def percent(share: str | None, lang: Lang) -> str:
    """``12,5 %``."""
    if share is None:
        return ""
    text = f"{Decimal(share) * 100:.1f} %"
    return text.replace(".", ",") if lang == "da" else text


def show_whatif(screen: Console, found: WhatIf, lang: Lang) -> None:
    """Three columns beside each other, and the difference between today's and the other terms."""
    words = words_in(lang)
    table = _table(("", False), (words["fact"], True), (words["now"], True), (words["then"], True), (words["difference"], True))
    columns = (found.used, found.now, found.then)

    def numbers(title: str, values: Sequence[int]) -> None:
        table.add_row(title, *(str(v) for v in values), f"{values[2] - values[1]:+d}")

    def money(title: str, values: Sequence[Any]) -> None:
        both = values[1] is not None and values[2] is not None
        table.add_row(
            title, *(kroner(v, lang) if v is not None else "-" for v in values), kroner(values[2] - values[1], lang) if both else ""
        )

    numbers(words["counted_of"], [c.counted for c in columns])
    numbers(words["dwellings"], [len(c.dwellings) for c in columns])
    for index, title in enumerate(band_titles(lang)):
        numbers(f"  {title}", [c.bands[index] for c in columns])
    if any(c.no_rent for c in columns):
        numbers(f"  {words['no_rent']}", [c.no_rent for c in columns])
    if found.other.passing is not None:
        numbers(words["passed_again"], [c.passed for c in columns])
    if any(c.open for c in columns):
        numbers(words["open_of"], [c.open for c in columns])
    money(words["lowest"], [c.rents[0] if c.rents else None for c in columns])
    money(words["middle"], [c.middle for c in columns])
    money(words["highest"], [c.rents[-1] if c.rents else None for c in columns])
    money(words["vacancy_rent"], [c.rent_total for c in columns])
    screen.print(table)
    for note in notes(found, lang):
        screen.print(note)
    _notes(screen, words["defaults"], [not_settled(terms, name, lang) for terms, name in found.leans])
    for title, moved in ((words["gained"], found.gained), (words["gone"], found.lost)):
        if moved:
            more = f" ... (+{len(moved) - _MOST})" if len(moved) > _MOST else ""
            names = (f"{v.vacancy} ({kroner(None if v.net_rent is None else Fraction(v.net_rent), lang)})" for v in moved[:_MOST])
            screen.print(f"{title} ({len(moved)}): {', '.join(names)}{more}")


def whatif_data(found: WhatIf, lang: Lang) -> dict[str, Any]:
    """The comparison for JSON: money as decimal text."""
    return {
        "used": _outcome(found.used), "now": _outcome(found.now), "then": _outcome(found.then), "days_without_tenant": found.days,
        "days_from": found.days_from, "gained": [_moved(v) for v in found.gained], "lost": [_moved(v) for v in found.lost],
        "private_left_out": [v.vacancy for v in found.private], "notes": list(notes(found, lang)),
        "open": [{"kind": "law_not_known", "rule": f"agreement.{name}", "agreement": terms.id} for terms, name in found.leans],
    }  # fmt: skip


def _moved(vacancy: Vacancy) -> dict[str, Any]:
    rent = vacancy.net_rent
    return {"vacancy": vacancy.vacancy, "rent": None if rent is None else _plain(Fraction(rent))}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "counted": outcome.counted, "dwellings": len(outcome.dwellings), "bands": list(outcome.bands), "no_rent": outcome.no_rent,
        "passed": outcome.passed, "cannot_be_decided": outcome.open,
        "rent_lowest": _plain(outcome.rents[0] if outcome.rents else None), "rent_median": _plain(outcome.middle),
        "rent_highest": _plain(outcome.rents[-1] if outcome.rents else None), "vacancy_rent": format(outcome.rent_total, "f"),
    }  # fmt: skip


def _plain(value: Fraction | None) -> str | None:
    return None if value is None else format(Decimal(value.numerator) / Decimal(value.denominator), ".2f")


def _not_afforded(row: ProposalOut, words: dict[str, str]) -> list[str]:
    """Why nobody knows whether the rent can be paid."""
    if row.rent.affordable != "unknown" or not row.rent.open:
        return []
    more = f" (+{len(row.rent.open) - 1})" if len(row.rent.open) > 1 else ""
    return [f"{words['affordable']}: {row.rent.open[0].question}{more}"]


def show_proposals(screen: Console, household: str, found: Sequence[ProposalOut], lang: Lang) -> None:
    """A line a vacancy, with the reasons below it."""
    words = words_in(lang)
    screen.print(Text(f"{words['household']} {household}", style="bold"))
    if not found:
        screen.print(words["nothing"])
        return
    table = _table(
        (words["vacancy"], False), (words["whose"], False), (words["may"], False), (words["due"], False), (words["net"], True),
        (words["can_pay"], True), (words["affordable"], False), (words["why"], False),
    )  # fmt: skip
    for row in found:
        net = row.rent.net
        table.add_row(
            row.vacancy, owner_word(row.owner, lang), words[row.outcome], str(row.answer_due or ""),
            kroner(Decimal(net.value), lang) if net else "?", kroner(Decimal(row.rent.can_pay.value), lang) if row.rent.can_pay else "?",
            words[row.rent.affordable], "; ".join([*(f"{words[r.status]}: {r.text}" for r in row.reasons), *_not_afforded(row, words)]),
        )  # fmt: skip
    screen.print(table)
