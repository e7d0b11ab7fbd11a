"""The sequence: vacancies one by one, whose turn each is, and what became of it.

A fold over days. On each day what happened to earlier vacancies comes first, then the vacancies that arrive, in order. So a
later vacancy never changes an earlier answer, and an event changes only answers of its own day and later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from heapq import heappop, heappush
from itertools import groupby

from ..formula import add_weekdays
from .account import Account
from .counting import Counting
from .draw import ELDERLY, EXEMPT, Count, Counted, Draw, Event, Step
from .load import Agreements
from .terms import Right, Terms
from .vacancies import Vacancy

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sequence:
    """All answers in order of the sequence, and the accounts after the last event."""

    on: date
    draws: tuple[Draw, ...]
    accounts: tuple[Account, ...]


def run(
    vacancies: Iterable[Vacancy], agreements: Agreements, on: date, saturday: bool = False, terms: Terms | None = None,
    all_used: bool = False, saturday_settled: bool = False, passes: bool = False,
) -> Sequence:  # fmt: skip
    """Share out ``vacancies`` as things stand on the day ``on``: events after it have not happened.

    ``saturday``: does Saturday count as a weekday in time limits, and is that settled? ``terms`` overrides every agreement.
    ``all_used``: what if the municipality used every turn at once, whatever happened? With ``passes`` all but the dwellings it passed.
    """
    desk = _Desk(agreements, on, saturday, terms, all_used, saturday_settled)
    desk.passes = passes
    for day, together in groupby(sorted(vacancies, key=lambda v: v.order), key=lambda v: v.ordered_on):
        before = len(desk.draws)
        for vacancy in together:
            desk.until(day)
            desk.arrive(vacancy)
        desk.counting.same_day(desk.draws[before:])
    desk.until(on)
    return Sequence(on, tuple(desk.draws), tuple(desk.counting.accounts[key] for key in sorted(desk.counting.accounts)))


def answer_due(vacancy: Vacancy, terms: Terms, saturday: bool) -> date | None:
    """The last day of the municipality's answer; None where no time limit is known or nothing was offered."""
    if terms.answer is None or vacancy.offered_on is None:
        return None
    if terms.answer.weekdays:
        return add_weekdays(vacancy.offered_on, terms.answer.days, saturday)
    return vacancy.offered_on + timedelta(days=terms.answer.days)


class _Desk:
    def __init__(
        self, agreements: Agreements, on: date, saturday: bool, terms: Terms | None, all_used: bool, saturday_settled: bool
    ) -> None:
        self.agreements, self.on, self.saturday, self.override, self.all_used = agreements, on, saturday, terms, all_used
        self.saturday_settled = saturday_settled
        self.passes = False
        self.draws: list[Draw] = []
        self.counting = Counting()
        self.events: list[tuple[date, int, Draw, int, Account, Event]] = []
        self.pushed = 0

    # days --------------------------------------------------------------------------------------------------------

    def until(self, day: date) -> None:
        """Everything that has happened by ``day``."""
        while self.events and self.events[0][0] <= day:
            when, _, draw, index, account, what = heappop(self.events)
            self.happen(when, draw, index, account, what)

    def push(self, day: date, draw: Draw, index: int, account: Account, what: Event) -> None:
        if day <= self.on:
            self.pushed += 1
            heappush(self.events, (day, self.pushed, draw, index, account, what))

    def arrive(self, vacancy: Vacancy) -> None:
        """A vacancy comes: whose turn is it?"""
        sector = "private" if vacancy.kind == "private" else "social"
        where = (vacancy.municipality, vacancy.organisation, vacancy.department, vacancy.property_)
        missing: tuple[str, ...] = ()
        terms = self.override
        if terms is None:
            try:
                terms = self.agreements.for_dwelling(sector, *where, vacancy.ordered_on)
            except ValueError:
                terms, missing = self.agreements.statutes[sector], ("agreement",)
        draw = Draw(vacancy, terms, missing=missing)
        self.draws.append(draw)
        if missing:
            return
        if vacancy.kind is None:
            draw.missing = ("kind",)
            self.counting.doubt(draw, None)
            return
        if reason := self.exempt(draw):
            draw.exempt, draw.owner, draw.status = reason, ELDERLY if reason == ELDERLY else EXEMPT, "exempt"
            draw.irregular = ("used_exempt",) if vacancy.used and reason != ELDERLY else ()
            return
        for index, right in enumerate(terms.rights):
            if not right.residual and right.counts == "stream":
                self.count(draw, index, right)
        self.offer(draw, 0, vacancy.ordered_on)
        self.settle(draw, vacancy.ordered_on)

    def exempt(self, draw: Draw) -> str:
        """Why a vacancy is left out of every count; empty when it is not."""
        vacancy, terms = draw.vacancy, draw.terms
        cause = "for_sale" if vacancy.for_sale else vacancy.cause
        left_out, settled = "", True
        if vacancy.kind == "elderly" and not any("elderly" in r.kinds for r in terms.rights):
            return ELDERLY
        if cause is not None and cause in terms.exempt:
            left_out, settled = cause, terms.exempt[cause].settled
        for name, found in (("internal_moves", "internal_move"), ("new_buildings", "new_building")):
            if cause == found:
                param = terms.params[name]
                settled = param.settled
                left_out = cause if param.value == "not_counted" else ""
                if not settled:
                    self.lean(draw, name)
        if left_out in terms.exempt and not settled:
            self.lean(draw, left_out)
        if not left_out and not any(vacancy.kind in r.kinds for r in terms.rights):
            left_out = "kind"
        return left_out

    def lean(self, draw: Draw, name: str) -> None:
        """Every account that would count this vacancy leans on a parameter from here on."""
        draw.leans = (*draw.leans, name)
        for index, right in enumerate(draw.terms.rights):
            if not right.residual and draw.vacancy.kind in right.kinds and (account := self.counting.account(draw, index, right)):
                account.lean(name)

    # counting ----------------------------------------------------------------------------------------------------

    def count(self, draw: Draw, index: int, right: Right) -> None:
        """Count a vacancy for a right that is about it."""
        vacancy = draw.vacancy
        if vacancy.kind not in right.kinds:
            return
        if right.basis.needs_decision:
            if right.decided_on is None:
                draw.missing = tuple(dict.fromkeys((*draw.missing, "council_decision")))
            elif right.decided_on > vacancy.ordered_on:
                return
        share: Fraction | int | None = right.share_at(vacancy.department, vacancy.ordered_on) if right.steps else 0
        if right.steps and share == 0:
            return
        account = self.counting.account(draw, index, right)
        if account is None or share is None:
            draw.counted[index] = None
            if share is None:
                draw.missing = (*draw.missing, "share")
            else:
                self.counting.doubt(draw, None)
            return
        if vacancy.dwelling and vacancy.dwelling in account.taken and (may := self.again(draw.terms, vacancy.ordered_on)) is not False:
            draw.again = True
            if may is None:
                account.lean("allocated_again")
            draw.counted[index] = Counted(account, True, account.left)
            return
        fits = right.fits(vacancy.net_rent, vacancy.area_m2, vacancy.rooms)
        if fits is None:
            draw.missing = tuple(dict.fromkeys((*draw.missing, *right.missing(vacancy.net_rent, vacancy.area_m2, vacancy.rooms))))
            draw.counted[index] = None
            self.counting.doubt(draw, account)
            return
        if right.dwellings:
            if not vacancy.dwelling:
                draw.missing, draw.counted[index] = (*draw.missing, "dwelling"), None
                self.counting.doubt(draw, account)
                return
            fits = vacancy.dwelling in right.dwellings
            share = 1 if fits else 0
        if not fits and draw.terms.params["outside_limits"].value == "not_counted" and not right.dwellings:
            account.outside += 1
            if not draw.terms.params["outside_limits"].settled:
                account.lean("outside_limits")
            return
        if not draw.terms.params["unit"].settled:
            self.counting.widen(account, vacancy)
        left = account.left
        account.counted += 1
        account.entitlement += share
        draw.counted[index] = Counted(account, fits, left)

    @staticmethod
    def again(terms: Terms, day: date) -> bool | None:
        """May a private dwelling that was used once still be allocated again? None where the law is not established."""
        sure, perhaps = terms.again
        if sure is None or day < sure:
            return True
        return None if perhaps is None or day < perhaps else False

    # drawing -----------------------------------------------------------------------------------------------------

    def offer(self, draw: Draw, start: int, day: date, passed: bool = False) -> None:
        """Go down the order of draws from ``start``; after a pass the municipality's other rights are passed over too."""
        rights = draw.terms.rights
        for index in range(start, len(rights)):
            right = rights[index]
            if passed and right.basis.drawn_by == "municipality":
                continue
            if right.residual:
                if draw.vacancy.kind in right.kinds:
                    self.keep(draw, right.name, day)
                    return
                continue
            if right.counts == "remainder" and index not in draw.counted:
                self.count(draw, index, right)
            if index not in draw.counted:
                continue
            entry = draw.counted[index]
            if entry is None:
                draw.owner, draw.status = None, "undetermined"
                return
            self.see(draw, right, entry)
            if entry.fits and (draw.again or entry.account.left >= 1):
                self.give(draw, index, right, entry.account, day)
                return
        self.keep(draw, "organisation" if draw.terms.sector == "social" else "landlord", day)

    def see(self, draw: Draw, right: Right, entry: Counted) -> None:
        """Remember the account that a reader wants to see: the municipality's first, as it stood before the draw."""
        account = entry.account
        draw.leans = tuple(dict.fromkeys((*draw.leans, *account.leans)))
        wider = self.counting.unsure.get((draw.terms.id, draw.vacancy.municipality, draw.vacancy.organisation), ())
        if account.unsure or wider:
            draw.doubts = tuple(dict.fromkeys((*draw.doubts, *account.unsure, *wider)))
        if draw.count is None or (draw.turn is None and account.left >= 1 and right.basis.drawn_by == "municipality"):
            draw.count = Count(
                right.name, account.key, account.counted, account.entitlement, account.turns, account.used + account.out_of_turn,
                account.lost, account.on_offer, max(0, entry.left_before), account.brought,
            )  # fmt: skip

    def keep(self, draw: Draw, owner: str, day: date) -> None:
        """The vacancy goes to whoever takes what is left."""
        draw.owner = owner
        if draw.turn is None:
            draw.turn, draw.status = owner, "let"
        draw.steps.append(Step(owner, "let", day))

    def give(self, draw: Draw, index: int, right: Right, account: Account, day: date) -> None:
        """A turn is drawn. The municipality's stays on offer until its answer is known."""
        draw.owner = right.name
        if right.basis.drawn_by != "municipality":
            account.used += 1
            if draw.turn is None:
                draw.turn, draw.status = right.name, "let"
            draw.steps.append(Step(right.name, "let", day))
            return
        vacancy, terms = draw.vacancy, draw.terms
        draw.turn, draw.drawn, draw.account, draw.status = right.name, right, account, "on_offer"
        draw.answer_due = due = answer_due(vacancy, terms, self.saturday)
        draw.steps.append(Step(right.name, "on_offer", day))
        if draw.again:
            account.again += 1
        else:
            account.on_offer += 1
        if self.all_used:
            again = self.passes and vacancy.passed and vacancy.answered_on is not None and vacancy.answered_on <= self.on
            self.happen(day, draw, index, account, "passed" if again else "used")
            return
        if due is not None and not terms.params["silence"].settled:
            account.lean("silence")
        silence = max(due + ONE_DAY, day) if due is not None and terms.params["silence"].value == "passed" else None
        answered = vacancy.answered_on or vacancy.offered_on or day if vacancy.used or vacancy.passed else None
        if due is not None and not self.saturday_settled:
            other = answer_due(vacancy, terms, not self.saturday) or due
            if other != due and (answered is None or min(due, other) < answered <= max(due, other)):
                name = "saturday" if self.saturday else "no_saturday"
                draw.leans = tuple(dict.fromkeys((*draw.leans, name)))
                account.lean(name)
        if answered is not None and (silence is None or answered < silence):
            self.push(max(answered, day), draw, index, account, "used" if vacancy.used else "passed")
            if vacancy.withdrawn_on is not None:
                self.push(max(vacancy.withdrawn_on, day), draw, index, account, "withdrawn")
        elif silence is not None and (vacancy.let_from is None or vacancy.let_from >= silence):
            self.push(silence, draw, index, account, "silent")
            if vacancy.used and answered is not None:
                self.push(max(answered, silence), draw, index, account, "used_late")
        elif vacancy.let_from is not None:
            # Let before any answer was due is let without asking; where no time limit is known, silence ends with the letting.
            asked = vacancy.offered_on is not None and due is None
            self.push(max(vacancy.let_from, day), draw, index, account, "silent" if asked else "not_offered")

    def settle(self, draw: Draw, day: date) -> None:
        """Does the municipality take a vacancy that is not its turn? Then the next turn pays for it, from that day."""
        vacancy = draw.vacancy
        if self.all_used or draw.drawn is not None or draw.owner is None:
            return
        if not vacancy.used:
            if vacancy.offered_on is not None and vacancy.offered_on <= self.on:
                draw.irregular = (*draw.irregular, "offered_out_of_turn")
            return
        when = max(vacancy.answered_on or vacancy.offered_on or day, day)
        for index, entry in draw.counted.items():
            if entry is not None and draw.terms.rights[index].basis.drawn_by == "municipality":
                self.push(when, draw, index, entry.account, "out_of_turn")
                if vacancy.withdrawn_on is not None:
                    self.push(max(vacancy.withdrawn_on, when), draw, index, entry.account, "withdrawn")
                return
        if when <= self.on:
            draw.irregular = (*draw.irregular, "used_outside_right")

    def take(self, draw: Draw, account: Account, irregular: str) -> None:
        """A dwelling taken without a turn."""
        account.out_of_turn += 1
        draw.owner, draw.drawn, draw.account, draw.status = account.right.name, account.right, account, "used"
        draw.irregular = (*draw.irregular, irregular)

    def happen(self, day: date, draw: Draw, index: int, account: Account, what: Event) -> None:
        """What became of a vacancy."""
        if what == "out_of_turn" or what == "used_late":  # noqa: PLR1714 - spelt out, it narrows the type
            draw.steps.append(Step(account.right.name, "used", day))
            self.take(draw, account, "used_out_of_turn" if what == "out_of_turn" else "used_late")
            return
        draw.status = what
        draw.steps.append(Step(account.right.name, what, day))
        if what == "used":
            if not draw.again:
                account.on_offer -= 1
                account.used += 1
                if account.right.property_dwellings is not None and draw.vacancy.dwelling:
                    account.taken.add(draw.vacancy.dwelling)
            return
        if what == "withdrawn":
            self.withdraw(draw, account)
        else:
            account.passed += what == "passed"
            account.silent += what == "silent"
            if not draw.again:
                account.on_offer -= 1
                if what == "not_offered":
                    account.let_unoffered()
                else:
                    account.give_up()
        self.offer(draw, index + 1, day, passed=True)

    @staticmethod
    def withdraw(draw: Draw, account: Account) -> None:
        account.withdrawn += 1
        account.taken.discard(draw.vacancy.dwelling)
        param = draw.terms.params["withdrawal"]
        if not param.settled:
            account.lean("withdrawal")
        if param.value == "passed" and not draw.again:
            if draw.irregular:
                account.out_of_turn -= 1
            else:
                account.used -= 1
                account.give_up()
