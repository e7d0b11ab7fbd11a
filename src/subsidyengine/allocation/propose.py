"""Which vacancies may lawfully be offered to a household, and can it pay the rent?

Nothing is ranked and nobody is decided. For each vacancy that is the municipality's and not yet answered stand the findings of the area
and household rules, the agreement's own criteria, and the rent after calculated housing benefit against what the household can pay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from ..decision import Conclude, Reading, answer, open_points, program_for
from ..document import AmountOut, Document, OpenOut, OutcomeWord, Part, decide, open_out
from ..facts import Case, Given
from ..formula import FactsOnly, Lang, compile_formula
from ..rulebook import Rulebook
from .desk import Desk
from .draw import Draw
from .report import HOUSEHOLD, amount_out
from .terms import Criterion
from .vacancies import Vacancy

PLACEMENT, BENEFIT = "transitional.placement", "benefit.calculated"
ASSESSMENTS = ("assessment.pressing_social_need", "assessment.resident_composition_done")
LIMIT = "household.can_pay_monthly"
Affordable = Literal["within", "above", "unknown"]


class RentOut(Part):
    """What the dwelling costs the household. ``benefit`` and ``net`` are None where they can't be computed; then ``open`` says why."""

    rent: AmountOut | None
    benefit: AmountOut | None
    net: AmountOut | None
    can_pay: AmountOut | None
    affordable: Affordable
    open: list[OpenOut]


class CriterionOut(Part):
    """A local criterion of the agreement."""

    criterion: str
    status: Literal["met", "not_met", "unknown"]
    effect: Literal["gate", "priority"]
    text: str
    cite: str


class ReasonOut(Part):
    """A condition that failed, or what is still to ask."""

    status: Literal["not_met", "open"]
    text: str


class ProposalOut(Part):
    """One household and one vacancy. ``outcome``: granted means that it may be offered."""

    household: str
    vacancy: str
    owner: str
    answer_due: date | None
    outcome: OutcomeWord
    reasons: list[ReasonOut]
    rent: RentOut
    criteria: list[CriterionOut]
    decision: Document


def proposals(household: Case, desk: Desk, lang: Lang) -> Iterator[ProposalOut]:
    """Each vacancy on offer to the municipality, in order of the sequence."""
    for item in desk.items:
        if item.draw.status == "on_offer" and item.draw.vacancy.ordered_on <= desk.law.on:
            yield propose(household, item.draw, desk.rulebook, desk.law.on, desk.law.known, lang)


def propose(household: Case, draw: Draw, rulebook: Rulebook, on: date, known: date | None, lang: Lang) -> ProposalOut:
    """One household and one vacancy."""
    assert draw.drawn is not None
    assert draw.owner is not None
    transitional = draw.drawn.basis.key == "section_63"
    case = _together(household, draw.vacancy, transitional, on, known)
    scheme = PLACEMENT if transitional else HOUSEHOLD
    found = decide(case, rulebook, scheme, lang)
    criteria = [_criterion(c, case, rulebook, on, known, lang) for c in draw.terms.criteria if c.right == draw.drawn.name]
    shut = [c for c in criteria if c.effect == "gate" and c.status == "not_met"]
    asked = [c for c in criteria if c.effect == "gate" and c.status == "unknown"]
    outcome: OutcomeWord = "refused" if shut or found.outcome == "refused" else "undetermined" if asked else found.outcome
    failed = [f.text for f in found.findings if f.status == "not_met"] + [c.text for c in shut]
    reasons = [ReasonOut(status="not_met", text=text) for text in failed]
    unassessed = [n for n in ASSESSMENTS if not transitional and case.value_at(n, on, known) is None]
    if unassessed and outcome == "granted":
        outcome = "undetermined"  # nobody is allocated without the individual assessment (almenboligloven § 59 stk. 1 2. pkt.)
    if not reasons:
        asks = [o.question for o in found.open] + [c.text for c in asked]
        asks += [rulebook.facts[name].ask.get(lang) for name in unassessed]
        reasons = [ReasonOut(status="open", text=text) for text in asks]
    return ProposalOut(
        household=household.id, vacancy=draw.vacancy.vacancy, owner=draw.owner, answer_due=draw.answer_due, outcome=outcome,
        reasons=reasons, rent=_rent(case, draw.vacancy, rulebook, on, known, lang), criteria=criteria, decision=found,
    )  # fmt: skip


def _together(household: Case, vacancy: Vacancy, transitional: bool, on: date, known: date | None) -> Case:
    """The household's facts with those of the dwelling; what the table has a column for comes from the vacancy alone."""
    dwelling: dict[str, Any] = {
        "dwelling.kind": vacancy.kind, "dwelling.area_m2": vacancy.area_m2, "dwelling.rooms": vacancy.rooms,
        "dwelling.rent": vacancy.rent, "dwelling.consumption_in_rent": vacancy.consumption_in_rent,
        "dwelling.area_status": vacancy.area_status, "dwelling.for_sale": vacancy.for_sale,
        "lease.rent": vacancy.net_rent, "lease.allocated_by_municipality": True,
        "agreement.transitional": True if transitional else None,
    }  # fmt: skip
    # What the table has no column for (who pays for heating, for instance) may stand in the household's file.
    facts = {name: given for name, given in household.facts.items() if not name.startswith("turn.") and name not in dwelling}
    facts |= {name: (Given(value),) for name, value in dwelling.items() if value is not None}
    return replace(household, on=on, known=known or household.known, facts=facts)


def _rent(case: Case, vacancy: Vacancy, rulebook: Rulebook, on: date, known: date | None, lang: Lang) -> RentOut:
    """Rent after calculated housing benefit against what the household can pay a month."""
    found = answer(Reading(rulebook, program_for(rulebook, BENEFIT), case, on, known), Conclude(), events=False)
    benefit = found.chosen.amount.value if found.chosen is not None and found.chosen.amount is not None else None
    if found.outcome == "refused":
        benefit = None
    points = [open_out(p, rulebook, lang) for p in open_points(found)]
    rent = vacancy.net_rent
    net = None
    if rent is not None and found.outcome == "refused":
        net = Fraction(rent)
    elif rent is not None and benefit is not None:
        net = Fraction(rent) - Fraction(benefit)
    limit = case.value_at(LIMIT, on, known)
    affordable: Affordable = "unknown"
    if net is not None and isinstance(limit, int | Fraction):
        affordable = "within" if net <= limit else "above"
    if limit is None:
        points.append(OpenOut(kind="missing_fact", fact=LIMIT, question=rulebook.facts[LIMIT].ask.get(lang)))
    return RentOut(
        rent=amount_out(rent), benefit=amount_out(None if benefit is None else Fraction(benefit)), net=amount_out(net),
        can_pay=amount_out(limit) if isinstance(limit, int | Fraction) else None, affordable=affordable, open=points,
    )  # fmt: skip


class _Applicant(FactsOnly):
    """What a criterion reads from: the facts of the case."""

    def __init__(self, case: Case, on: date, known: date | None) -> None:
        super().__init__(case.on_day(on, known), on)
        self.case, self.known = case, known

    def fact_at(self, name: str, day: date) -> Any:
        value = self.case.value_at(name, day, self.known)
        return self.fact(name) if value is None else value


def _criterion(criterion: Criterion, case: Case, rulebook: Rulebook, on: date, known: date | None, lang: Lang) -> CriterionOut:
    truth = None if criterion.holds is None else compile_formula(criterion.holds)(_Applicant(case, on, known))
    status: Literal["met", "not_met", "unknown"] = "met" if truth is True else "not_met" if truth is False else "unknown"
    cite = rulebook.cite_text(criterion.cites)
    return CriterionOut(criterion=criterion.name, status=status, effect=criterion.effect, text=criterion.says.get(lang), cite=cite)
