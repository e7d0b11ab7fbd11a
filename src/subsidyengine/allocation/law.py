"""What follows from the sequence for one vacancy: the scheme ``allocation.turn`` read over the counted facts.

The counting is the desk's; whether there is a right at all, what a vacant dwelling costs and until which day is law, and
stands in ``rules/allocation_rights/turn.yaml``. What a transitional dwelling costs is law of its own (almenboligloven § 63
stk. 4) and stands in ``rules/transitional_housing/liability.yaml``.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from ..decision import Answer, ClauseAnswer, Conclude, Open, Program, Reading, answer, part_points, program_for
from ..facts import Case, Given
from ..formula import quantize
from ..rulebook import Rulebook, Text
from . import words
from .draw import Draw

SCHEME = "allocation.turn"
TRANSITIONAL, SECTION_63 = "transitional.liability", "section_63"
PART_MONTH = "vacancy_rent_by_calendar_days"
_ONE_DAY = timedelta(days=1)
_YEAR_DAYS, _YEAR_MONTHS = 365, 12


@dataclass(frozen=True, slots=True)
class Liability:
    """What the municipality pays while the dwelling stands empty. ``total`` in DKK, to the øre; None when it can't be computed.

    ``to`` is the last day paid for so far; ``open_ended`` says that the rent still runs on the day asked for.
    """

    outcome: str
    from_: date | None
    to: date | None
    open_ended: bool
    days: int | None
    monthly: Decimal | None
    total: Decimal | None
    part_month: bool


NOTHING = Liability("refused", None, None, False, 0, None, Decimal("0.00"), False)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The law's answer for one draw; ``found``, and ``money`` where another scheme gives it, have findings, events and citations.

    ``points`` keep the turn open, ``rent_points`` the rent, ``guarantee_points`` the guarantee.
    """

    found: Answer
    money: Answer | None
    liability: Liability | None
    guarantee: str | None
    points: tuple[Open, ...]
    rent_points: tuple[Open, ...]
    guarantee_points: tuple[Open, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All that the answer rests on."""
        return (self.found,) if self.money is None else (self.found, self.money)


class Law:
    """Asks the schemes of one rulebook about a draw, on one day. Equal findings are chained once."""

    def __init__(self, rulebook: Rulebook, on: date, known: date | None = None, durable: bool = True) -> None:
        self.rulebook, self.on, self.known = rulebook, on, known
        self.program = program_for(rulebook, SCHEME)
        self.conclude = Conclude(durable)
        self.by_calendar = bool(rulebook.settings[PART_MONTH].value)
        self.settled = rulebook.settings[PART_MONTH].settled

    def before(self, draw: Draw) -> bool:
        """Did the vacancy come before the day that the law is known since? Then nothing is answered of it."""
        since = self.program.scheme.known_since
        return since is not None and draw.vacancy.ordered_on < since.day

    def rule(self, draw: Draw) -> Ruling:
        """Findings, liability and guarantee of one vacancy."""
        found, money = self.ask(self.program, self.facts(draw), draw), None
        if draw.drawn is not None and draw.drawn.basis.key == SECTION_63:
            money = self.ask(program_for(self.rulebook, TRANSITIONAL), self.transitional(draw), draw)
        asked = [(found, c) for c in found.clauses] + [(money, c) for c in (money.clauses if money else ()) if money]
        parts = {c.clause.name: c for _, c in asked}
        points = {c.clause.name: part_points(a, c) for a, c in asked}
        rent, guarantee = parts.get("vacancy_rent"), parts.get("restoration_guarantee")
        liability = self.liability(rent, draw) if rent is not None else None
        if money is not None and self.free(draw):
            liability = NOTHING
        rent_points = points.get("vacancy_rent", [])
        if liability is not None and liability is not NOTHING:
            rent_points = [*rent_points, *self._leans(draw, liability)]
            if rent_points and liability.outcome == "granted":
                liability = replace(liability, outcome="undetermined")
        outcome = guarantee.outcome if guarantee is not None else None
        if outcome == "granted" and not draw.terms.guarantee.restoration:
            outcome = "refused"
        return Ruling(
            found, money, liability, outcome, tuple(points.get("turn", [])), tuple(rent_points),
            tuple(points.get("restoration_guarantee", [])),
        )  # fmt: skip

    def ask(self, program: Program, facts: dict[str, Any], draw: Draw) -> Answer:
        """One scheme's answer; a fact that is None is unknown."""
        given = {name: (Given(value),) for name, value in facts.items() if value is not None and name in self.rulebook.facts}
        place = f"{draw.vacancy.file}:{draw.vacancy.row}"
        case = Case(draw.vacancy.vacancy, self.on, self.known, (program.scheme.id,), given, place)
        return answer(Reading(self.rulebook, program, case, self.on, self.known), self.conclude)

    @staticmethod
    def free(draw: Draw) -> bool:
        """A no costs nothing before the dwelling stood at disposal, nor where the agreement says so."""
        disposal, answered = draw.vacancy.disposal_from, draw.vacancy.answered_on
        if draw.status != "passed" or disposal is None or answered is None:
            return False
        return draw.terms.params["rent_when_passed"].value != "until_let" or disposal > answered

    def transitional(self, draw: Draw) -> dict[str, Any]:
        """The facts of the liability for a transitional dwelling. A no, and a silence that is one, give the unlet dwelling up."""
        vacancy = draw.vacancy
        given_up = {"withdrawn": vacancy.withdrawn_on, "passed": vacancy.answered_on, "silent": draw.answer_due}.get(draw.status)
        disposal = vacancy.disposal_from if draw.status != "not_offered" else None
        let = self.happened(vacancy.let_from)
        tenant = draw.status == "used" or (draw.status == "withdrawn" and let is not None and given_up is not None and let <= given_up)
        return {
            "turn.basis": SECTION_63,
            "turn.seeker_rejected_on": vacancy.seeker_rejected_on,
            "agreement.transitional": True,
            "dwelling.kind": vacancy.kind,
            "dwelling.rent": vacancy.rent,
            "dwelling.consumption_in_rent": vacancy.consumption_in_rent,
            "dwelling.available_to_municipality_from": disposal,
            "dwelling.let_from": vacancy.let_from,
            "lease.withdrawn_on": self.happened(given_up) if disposal is not None or draw.status == "withdrawn" else None,
            "lease.ordinary_notice_date": vacancy.ordinary_notice_date,
            "lease.start": let if tenant else None,
            "lease.allocated_by_municipality": True if tenant and let is not None else None,
        }

    def _leans(self, draw: Draw, liability: Liability) -> list[Open]:
        """What the rent leans on though neither law nor agreement settles it."""
        found = []
        if liability.part_month and not self.settled:
            found.append(self._unsettled())
        if draw.status == "passed" and not draw.terms.params["rent_when_passed"].settled:
            question = Text(*(words.not_settled(draw.terms, "rent_when_passed", lang) for lang in ("da", "en")))
            cites = draw.terms.params["rent_when_passed"].cites
            found.append(Open("law_not_known", "agreement.rent_when_passed", question, cites, 0, 0))
        return found

    def facts(self, draw: Draw) -> dict[str, Any]:
        """The facts of ``allocation.turn``: what was counted, and what happened by the day asked for."""
        vacancy, terms, right = draw.vacancy, draw.terms, draw.drawn
        private = terms.sector == "private"
        # Where silence had already passed the turn, a social landlord goes by the silence; private law asks when the answer came.
        silent = draw.status == "silent"
        answered = None if silent and not private else self.happened(vacancy.answered_on)
        said_no = draw.status == "passed" or (silent and private and vacancy.passed is True and answered is not None)
        taken = True if draw.status in ("used", "withdrawn") else False if said_no else None
        facts: dict[str, Any] = {
            "turn.counts": not draw.exempt,
            "turn.answer_due": None if private else draw.answer_due,
            "turn.silence_passes": None if private else terms.params["silence"].value == "passed",
            "turn.vacant_on": vacancy.ordered_on,
            "turn.seeker_rejected_on": vacancy.seeker_rejected_on,
            "turn.rent_when_passed": terms.params["rent_when_passed"].value == "until_let",
            "dwelling.kind": vacancy.kind,
            "dwelling.for_sale": vacancy.for_sale,
            "dwelling.rent": vacancy.rent,
            "dwelling.consumption_in_rent": vacancy.consumption_in_rent,
            "agreement.private_allocation": (terms.basis == "agreement") if private else None,
            "agreement.signed_on": terms.begins if private else None,
            "agreement.in_force_from": terms.from_ if private else None,
        }
        shown = right or next((r for r in terms.rights if draw.count is not None and r.name == draw.count.right), None)
        if shown is not None and draw.count is not None:
            count = draw.count
            facts["turn.basis"] = shown.basis.key
            facts["turn.left"] = 1 if draw.again else count.turns - count.used - count.lost - count.on_offer
            if shown.basis.needs_decision and shown.decided_on is not None:
                facts["turn.council_decided"] = shown.decided_on <= vacancy.ordered_on
            facts["agreement.property_dwellings"] = shown.property_dwellings
            facts["agreement.named_dwellings"] = len(shown.dwellings) or None
        if right is not None:
            facts |= {
                "agreement.notice_received_on": self.happened(vacancy.offered_on),
                "agreement.answered_on": answered,
                "agreement.accepted": taken,
                "dwelling.available_to_municipality_from": vacancy.disposal_from if draw.status != "not_offered" else None,
                "dwelling.let_from": vacancy.let_from,
                "lease.withdrawn_on": self.happened(vacancy.withdrawn_on) if draw.status == "withdrawn" else None,
                "lease.ordinary_notice_date": vacancy.ordinary_notice_date,
            }
        return facts

    def happened(self, day: date | None) -> date | None:
        """``day``, where it is not after the day asked for."""
        return day if day is not None and day <= self.on else None

    def liability(self, part: ClauseAnswer, draw: Draw) -> Liability:
        """Days and kroner of the rent for the vacant dwelling."""
        if part.outcome == "refused":
            return NOTHING
        end = self.on if part.open_ended else part.end
        monthly = draw.vacancy.net_rent
        shown = None if monthly is None else quantize(monthly, "0.01", ROUND_HALF_UP)
        if part.start is None or end is None:
            return Liability(part.outcome, part.start, None, part.open_ended, None, shown, None, False)
        days = (end - part.start).days + 1
        total = None if monthly is None else quantize(self.cost(part.start, end, monthly), "0.01", ROUND_HALF_UP)
        whole = part.start.day == 1 and (end + _ONE_DAY).day == 1
        return Liability(part.outcome, part.start, end, part.open_ended, days, shown, total, not whole)

    def cost(self, start: date, end: date, monthly: int | Fraction) -> Fraction:
        """Rent for closed days, exact: whole months in full, part of a month by the setting."""
        total = Fraction(0)
        for first, last in _months(start, end):
            length = monthrange(first.year, first.month)[1]
            days = (last - first).days + 1
            if days == length or self.by_calendar:
                total += Fraction(monthly) * days / length
            else:
                total += Fraction(monthly) * days * _YEAR_MONTHS / _YEAR_DAYS
        return total

    def _unsettled(self) -> Open:
        setting = self.rulebook.settings[PART_MONTH]
        why = setting.why or Text("", "")
        question = Text(f"Ikke afgjort i loven: {setting.title.da}. {why.da}", f"Not settled by law: {setting.title.en}. {why.en}")
        return Open("law_not_known", f"setting.{PART_MONTH}", question, setting.cites, 0, 0)


def _months(start: date, end: date) -> Iterable[tuple[date, date]]:
    """The closed days of each calendar month between two days."""
    first = start
    while first <= end:
        last = min(end, first.replace(day=monthrange(first.year, first.month)[1]))
        yield first, last
        first = last + _ONE_DAY
