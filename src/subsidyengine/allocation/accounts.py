"""Running accounts: what each right has given in each counting unit, what was used, and what the empty dwellings cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from ..document import AmountOut, OpenOut, Part
from ..formula import Lang, quantize
from ..rulebook import Rulebook
from . import words
from .account import Account
from .report import Answered
from .sequence import Sequence


class AccountOut(Part):
    """One right in one counting unit. ``share`` is the used part of the vacancies that count, in decimals; ``brought`` the part of the
    entitlement that stood over from an earlier agreement.

    ``rent`` is the rent of empty dwellings in DKK as far as it can be computed; ``rent_open`` counts the vacancies where it can't.
    """

    right: str
    municipality: str
    unit: str
    name: str
    year: int | None = None
    agreement: str
    counted: int
    entitlement: str
    brought: str
    turns: int
    used: int
    used_out_of_turn: int
    passed: int
    not_answered: int
    withdrawn: int
    not_offered: int
    lost: int
    on_offer: int
    left: int
    unused: int
    outside_limits: int
    allocated_again: int
    share: str | None
    rent: AmountOut
    rent_days: int
    rent_open: int
    guarantees: int
    open: list[OpenOut]


@dataclass(slots=True)
class Cost:
    """The rent and guarantees of one account."""

    total: Decimal = Decimal("0.00")
    days: int = 0
    open: int = 0
    guarantees: int = 0


def costs(items: Iterable[Answered]) -> dict[int, Cost]:
    """What the vacancies of each account cost, by the identity of the account."""
    found: dict[int, Cost] = {}
    for item in items:
        if item.draw.account is None:
            continue
        cost = found.setdefault(id(item.draw.account), Cost())
        ruling = item.ruling
        cost.guarantees += ruling.guarantee == "granted"
        rent = ruling.liability
        if rent is None:
            cost.open += item.draw.status in ("used", "on_offer") and item.draw.vacancy.disposal_from is None
        elif rent.total is None or rent.days is None:
            cost.open += 1
        else:
            cost.total += rent.total
            cost.days += rent.days
    return found


def account_rows(sequence: Sequence, spent: dict[int, Cost], rulebook: Rulebook, lang: Lang) -> list[AccountOut]:
    """Every account of the sequence, in order of agreement, right and unit."""
    return [_row(account, spent.get(id(account), Cost()), rulebook, lang) for account in sequence.accounts]


def _row(account: Account, cost: Cost, rulebook: Rulebook, lang: Lang) -> AccountOut:
    taken = account.used + account.out_of_turn
    share = None
    if account.counted:
        share = format(quantize(Fraction(taken, account.counted), "0.0001", ROUND_HALF_UP), "f")
    opens = []
    for name in account.leans:
        cites = words.lean_cites(account.terms, name)
        question = words.not_settled(account.terms, name, lang)
        opens.append(OpenOut(kind="law_not_known", rule=f"agreement.{name}", question=question, cite=rulebook.cite_text(cites)))
    if account.right.basis.needs_decision and account.right.decided_on is None:
        opens.insert(
            0, OpenOut(kind="missing_fact", fact="turn.council_decided", question=rulebook.facts["turn.council_decided"].ask.get(lang))
        )
    given = {"year": account.year} if account.year else {}
    return AccountOut(
        right=account.right.name, municipality=account.key[0], unit=account.right.unit, name=account.key[-1], agreement=account.terms.id,
        counted=account.counted, entitlement=words.fraction_text(account.entitlement),
        brought=words.fraction_text(account.brought), turns=account.turns, used=account.used,
        used_out_of_turn=account.out_of_turn, passed=account.passed, not_answered=account.silent, withdrawn=account.withdrawn,
        not_offered=account.not_offered, lost=account.lost, on_offer=account.on_offer, left=account.left,
        unused=account.unused, outside_limits=account.outside, allocated_again=account.again, share=share,
        rent=AmountOut(value=format(cost.total, "f"), unit="DKK"), rent_days=cost.days, rent_open=cost.open, guarantees=cost.guarantees,
        open=opens, **given,
    )  # fmt: skip
