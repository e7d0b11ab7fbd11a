"""Which account counts a vacancy: one for each right in each counting unit, and of a quota for each year.

An agreement that begins in the middle of a stream opens accounts of its own; whether they go on from the earlier ones is its to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from .account import Account, Key
from .draw import Draw
from .terms import Right, Terms
from .vacancies import Vacancy


class Counting:
    """The accounts of one run, and what nobody can say about the count."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, int, str, Key, int], Account] = {}
        #: The last account of a right in a unit, and in a part of one, to find what an earlier agreement counted.
        self.latest: dict[tuple[str, str, Key], Account] = {}
        self.within: dict[tuple[str, str, Key], Account] = {}
        self.members: dict[Key, set[str]] = defaultdict(set)
        #: Vacancies of which nobody can say what counts them, by agreement and organisation.
        self.unsure: dict[Key, tuple[str, ...]] = {}

    def account(self, draw: Draw, index: int, right: Right) -> Account | None:
        """The account of a right for a vacancy; None when its counting unit is not known."""
        vacancy, unit = draw.vacancy, right.unit
        key: Key = (vacancy.municipality,)
        if unit != "municipality":
            key = (*key, vacancy.organisation)
        if unit in ("department", "property"):
            last = vacancy.department if unit == "department" else vacancy.property_
            if not last:
                draw.missing = tuple(dict.fromkeys((*draw.missing, unit)))
                return None
            key = (*key, last)
        year = vacancy.ordered_on.year if right.quota is not None else 0
        whole = (draw.terms.id, index, right.name, key, year)
        account = self.accounts.get(whole)
        if account is None:
            account = self.open(draw.terms, index, right, key, year)
        return account

    def open(self, terms: Terms, index: int, right: Right, key: Key, year: int) -> Account:
        account = Account(terms, right, key, year)
        self.accounts[terms.id, index, right.name, key, year] = account
        if right.steps:
            self.succeed(account)
        if right.quota is not None:
            account.entitlement = Fraction(right.quota)
            if any(name[:4] == (terms.id, index, right.name, key) and name[4] < year for name in self.accounts):
                # Years without a vacancy count too: their turns may stand over.
                last = self.accounts.get((terms.id, index, right.name, key, year - 1))
                account.before = last or self.open(terms, index, right, key, year - 1)
        shares = [r for r in terms.rights if not r.residual and r.basis.drawn_by == "municipality" and r.kinds & right.kinds]
        if len(shares) > 1 and not terms.params["several_rights"].settled:
            account.lean("several_rights")
        if any(step.share != 1 for step in right.steps) and not terms.params["position"].settled:
            account.lean("position")
        return account

    def succeed(self, account: Account) -> None:
        """Does the count of an earlier agreement, or of the statute, go on? Only one of the same unit can."""
        right, key, terms = account.right.name, account.key, account.terms
        wider = [(terms.sector, right, key[:n]) for n in range(1, len(key))]
        same = (terms.sector, right, key)
        earlier = self.latest.get(same)
        other = earlier or next((self.latest[n] for n in wider if n in self.latest), self.within.get(same))
        self.latest[same] = account
        self.within |= dict.fromkeys(wider, account)
        param = terms.params["earlier_count"]
        if other is None or other.terms.id == terms.id or (earlier is not None and not earlier.over and not earlier.on_offer):
            return
        if not param.settled:
            account.lean("earlier_count")
        if param.value == "continued" and earlier is not None:
            account.brought = account.entitlement = earlier.over

    def doubt(self, draw: Draw, account: Account | None) -> None:
        """Whether this vacancy counts is not known, so the count of later ones is not either."""
        vacancy = draw.vacancy
        if account is not None:
            account.unsure = (*account.unsure, vacancy.vacancy)
        else:
            key = (draw.terms.id, vacancy.municipality, vacancy.organisation)
            self.unsure[key] = (*self.unsure.get(key, ()), vacancy.vacancy)

    def widen(self, account: Account, vacancy: Vacancy) -> None:
        """Does it matter which unit is counted? Only where another unit would put other vacancies together."""
        if "unit" in account.leans:
            return
        town, organisation = (account.terms.id, vacancy.municipality), (account.terms.id, vacancy.municipality, vacancy.organisation)
        self.members[town].add(vacancy.organisation)
        self.members[organisation].add(vacancy.department)
        if len(self.members[town]) > 1 or len(self.members[organisation]) > 1:
            account.lean("unit")

    @staticmethod
    def same_day(draws: Sequence[Draw]) -> None:
        """Vacancies of one day have no order of their own: where nobody stated it and it moves a turn, the answers say so."""
        together: dict[int, list[Draw]] = defaultdict(list)
        for draw in draws if len(draws) > 1 else ():
            for entry in draw.counted.values():
                if entry is not None and not entry.account.right.dwellings and not draw.again and draw.turn is not None:
                    together[id(entry.account)].append(draw)
        for group in together.values():
            stated = {draw.vacancy.sequence for draw in group} - {None}
            if len(stated) < len(group) and len({draw.turn for draw in group}) > 1:
                for draw in group:
                    draw.leans = tuple(dict.fromkeys((*draw.leans, "same_day")))
