"""The answer for one vacancy as a document, in the form of the contract with the count beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from pydantic import Field

from ..decision import Conclude, Open, Reading, answer, program_for
from ..document import (
    AmountOut,
    CertaintyWord,
    EventOut,
    FindingOut,
    OpenOut,
    OutcomeWord,
    Part,
    PeriodOut,
    finding_out,
    happening_out,
    open_out,
)
from ..facts import Case, Given
from ..formula import Lang, quantize
from ..rulebook import CERTAINTIES, Cite, Rulebook, weakest
from . import words
from .draw import ELDERLY, Count, Draw
from .law import SCHEME, Law, Ruling
from .sequence import Sequence as Shared
from .terms import Right, Terms

HOUSEHOLD = "allocation.household"


class CountOut(Part):
    """The account when the vacancy came, with it counted and before its turn was drawn. ``entitlement`` is an exact fraction."""

    right: str
    unit: list[str]
    number: int
    entitlement: str
    turns: int
    used: int
    lost: int
    on_offer: int
    carried: int
    #: The part of the entitlement that stood over from an earlier agreement.
    brought: str = "0"


class RentOut(Part):
    """The rent that the municipality pays while the dwelling stands empty: ``amount`` in all, ``monthly`` the rent of a month."""

    part: str = "vacancy_rent"
    outcome: OutcomeWord
    amount: AmountOut | None
    monthly: AmountOut | None
    period: PeriodOut | None
    days: int | None
    open: list[OpenOut]


class GuaranteeOut(Part):
    """The municipality's guarantee. ``arrears_months``: by agreement also arrears of the first months."""

    part: str = "restoration_guarantee"
    outcome: OutcomeWord
    arrears_months: int
    open: list[OpenOut]


class StepOut(Part):
    """What became of the vacancy, one after the other."""

    on: date
    right: str
    what: str


class BarOut(Part):
    """A bar of the area that the household proposed must be tested against."""

    condition: str
    text: str
    cite: str


class AgreementOut(Part):
    id: str
    title: str
    hash: str


class VacancyDocument(Part):
    """One vacancy: whose it is, why, what it costs, and what the answer leans on."""

    case: str
    scheme: str
    on: date
    outcome: OutcomeWord
    answer: str
    turn: str | None
    owner: str | None
    status: str
    route: str | None
    count: CountOut | None
    basis: str | None
    cite: str
    answer_due: date | None
    parts: list[RentOut | GuaranteeOut]
    findings: list[FindingOut]
    open: list[OpenOut]
    events: list[EventOut]
    steps: list[StepOut]
    #: None: the kind of area is not stated, so whether there are any is not known.
    bars: list[BarOut] | None
    irregular: list[str] = Field(default_factory=list)
    agreement: AgreementOut
    rulebook: str
    certainty: CertaintyWord


@dataclass(slots=True)
class Answered:
    """A draw with what the law makes of it; the ruling is asked for when it is needed."""

    draw: Draw
    law: Law
    _ruling: Ruling | None = None

    @property
    def ruling(self) -> Ruling:
        if self._ruling is None:
            self._ruling = self.law.rule(self.draw)
        return self._ruling

    @property
    def costly(self) -> bool:
        """Does the law say whose the rent of the empty dwelling is? It had the municipality's turn, or a seeker was rejected (§ 51 c)."""
        rejected = self.draw.vacancy.seeker_rejected_on
        return self.draw.drawn is not None or (not self.draw.exempt and rejected is not None and rejected <= self.law.on)

    @property
    def outcome(self) -> OutcomeWord:
        """granted: the municipality's and nothing is open; refused: not its turn; undetermined: something is open."""
        draw = self.draw
        if draw.owner is None or draw.missing or draw.leans or draw.doubts or self.law.before(draw):
            return "undetermined"
        if draw.exempt:
            return "granted" if draw.owner == ELDERLY else "refused"
        turn = next((c.outcome for c in self.ruling.found.clauses if c.clause.name == "turn"), None)
        if draw.drawn is None:
            return "refused"
        return turn if turn is not None else "undetermined"


def answered(sequence: Shared, law: Law) -> Iterator[Answered]:
    """Each draw, in order of the sequence."""
    for draw in sequence.draws:
        yield Answered(draw, law)


class Reporter:
    """Makes documents of one sequence in one language. Bars of areas are read once for each kind of area."""

    def __init__(self, rulebook: Rulebook, law: Law, lang: Lang) -> None:
        self.rulebook, self.law, self.lang = rulebook, law, lang
        self._bars: dict[tuple[str, str], list[BarOut]] = {}

    def document(self, item: Answered) -> VacancyDocument:
        """One vacancy."""
        draw, lang = item.draw, self.lang
        right = draw.drawn or _right(draw.terms, draw.count)
        cites = right.basis.cites if right is not None else draw.terms.cites
        if draw.exempt in draw.terms.exempt:
            cites = draw.terms.exempt[draw.exempt].cites
        asked = self.law.before(draw) or (right is not None and not draw.exempt)
        points = self.open(item, asked)
        findings = self.findings(item) if asked else []
        return VacancyDocument(
            case=draw.vacancy.vacancy,
            scheme=SCHEME,
            on=self.law.on,
            outcome=item.outcome,
            answer=self.sentence(item, points),
            turn=draw.turn,
            owner=draw.owner,
            status=draw.status,
            route=draw.owner,
            count=_count(draw.count),
            basis=right.basis.title.get(lang) if right is not None else None,
            cite=self.rulebook.cite_text(cites),
            answer_due=draw.answer_due,
            parts=self.parts(item) if item.costly else self.elderly(draw),
            findings=findings,
            open=points,
            events=self.events(item) if draw.drawn is not None else [],
            steps=[StepOut(on=s.on, right=s.right, what=s.what) for s in draw.steps],
            bars=self.bars(draw),
            irregular=[words.IRREGULAR[name].get(lang) for name in draw.irregular],
            agreement=AgreementOut(id=draw.terms.id, title=draw.terms.title.get(lang), hash=draw.terms.hash),
            rulebook=self.rulebook.hash,
            certainty=CERTAINTIES[self.rank(item, cites)],
        )

    def findings(self, item: Answered) -> list[FindingOut]:
        """What the scheme found: for the turn always, for money only where the municipality had the dwelling."""
        seen: dict[str, FindingOut] = {}
        for found in item.ruling.answers:
            for clause in found.clauses:
                if clause.clause.name == "turn" or item.costly:
                    for finding in clause.findings:
                        seen.setdefault(finding.name, finding_out(finding, found.reading, self.lang))
        return list(seen.values())

    def open(self, item: Answered, asked: bool) -> list[OpenOut]:
        """What is missing, what the law leaves open, and each default that the answer leans on."""
        draw, out = item.draw, []
        for name in draw.missing:
            out.append(self.missing(draw, name))
        if asked:
            known = {p.fact for p in out}
            out += [open_out(p, self.rulebook, self.lang) for p in item.ruling.points if p.name not in known]
        if draw.doubts:
            question = words.DOUBT.get(self.lang).format(vacancies=", ".join(draw.doubts))
            out.append(OpenOut(kind="missing_fact", question=question))
        for name in draw.leans:
            cites = words.lean_cites(draw.terms, name)
            question = words.not_settled(draw.terms, name, self.lang)
            out.append(OpenOut(kind="law_not_known", rule=f"agreement.{name}", question=question, cite=self.rulebook.cite_text(cites)))
        return out

    def missing(self, draw: Draw, name: str) -> OpenOut:
        """An empty column that matters, or a figure of the agreement that nobody knows."""
        question = words.missing_question(self.rulebook, draw, name).get(self.lang)
        if name == "share":
            return OpenOut(kind="law_not_known", rule="agreement.share", question=question, cite=self.rulebook.cite_text(draw.terms.cites))
        fact = words.missing_fact(name)
        return OpenOut(kind="missing_fact", question=question, **({"fact": fact} if fact else {}))

    def parts(self, item: Answered) -> list[RentOut | GuaranteeOut]:
        """Rent while vacant, and the guarantee."""
        ruling, out = item.ruling, []
        rent = ruling.liability
        if rent is not None:
            period = None
            if rent.from_ is not None:
                last: dict[str, Any] = {} if rent.open_ended else {"to": rent.to}
                period = PeriodOut(from_=rent.from_, **last)
            out.append(
                RentOut(part="vacancy_rent", outcome=rent.outcome, amount=amount_out(rent.total, "DKK"),
                        monthly=amount_out(rent.monthly), period=period, days=rent.days,
                        open=self.points(ruling.rent_points))
            )  # fmt: skip
        result: list[RentOut | GuaranteeOut] = list(out)
        if ruling.guarantee is not None:
            months = item.draw.terms.guarantee.arrears_months
            result.append(
                GuaranteeOut(part="restoration_guarantee", outcome=ruling.guarantee, arrears_months=months,
                             open=self.points(ruling.guarantee_points))
            )  # fmt: skip
        return result

    def elderly(self, draw: Draw) -> list[RentOut | GuaranteeOut]:
        """The rent of a vacant elderly dwelling at the municipality's disposal: the provision was not read."""
        if draw.owner != ELDERLY or draw.vacancy.disposal_from is None:
            return []
        point = OpenOut(
            kind="law_not_known", rule="elderly.vacancy_rent", question=words.ELDERLY_RENT.get(self.lang), cite=words.ELDERLY_CITE
        )
        return [RentOut(outcome="undetermined", amount=None, monthly=None, period=None, days=None, open=[point])]

    def points(self, points: Sequence[Open]) -> list[OpenOut]:
        """Open points of a part."""
        return [open_out(p, self.rulebook, self.lang) for p in points]

    def events(self, item: Answered) -> list[EventOut]:
        """Days that matter, in order."""
        rent = item.ruling.liability
        none = rent is not None and rent.outcome == "refused"
        events = [e for found in item.ruling.answers for e in found.events if not (none and e.part == "vacancy_rent")]
        found = [happening_out(e, self.rulebook, self.lang) for e in events]
        return sorted(found, key=lambda e: (e.on, e.kind))

    def rank(self, item: Answered, cites: tuple[Cite, ...]) -> int:
        """The weakest citation that the answer rests on."""
        rank = max(weakest(cites), weakest(item.draw.terms.cites))
        if item.draw.leans or "share" in item.draw.missing or self.law.before(item.draw):
            rank = len(CERTAINTIES) - 1
        if item.costly:
            rank = max(rank, *(found.rank for found in item.ruling.answers))
        return rank

    def sentence(self, item: Answered, points: list[OpenOut]) -> str:
        """The answer in one sentence, and the count behind it."""
        draw, lang = item.draw, self.lang
        if draw.exempt:
            return f"{words.STATUS['exempt'].get(lang).capitalize()}: {words.EXEMPT[draw.exempt].get(lang)}."
        if draw.owner is None:
            head = words.NOBODY.get(lang).capitalize()
            return f"{head}: {points[0].question}" if points else f"{head}."
        if draw.drawn is not None:
            head = words.MINE.get(lang).format(right=draw.drawn.basis.title.get(lang))
        else:
            head = words.NOT_MINE.get(lang).format(owner=words.owner_word(draw.owner, lang))
        after = "" if draw.status in ("let", "on_offer") else f" {words.STATUS[draw.status].get(lang).capitalize()}."
        return f"{head}.{after}{_counted(draw, lang)}"

    def bars(self, draw: Draw) -> list[BarOut] | None:
        """The bars that the area sets up for whoever the municipality allocates (almenboligloven § 59 stk. 6-7).

        None where the kind of area is not stated.
        """
        status, kind = draw.vacancy.area_status, draw.vacancy.kind
        if draw.terms.sector == "private" or status == "none" or draw.exempt:
            return []
        if status is None or kind is None:
            return None
        if (status, kind) not in self._bars:
            facts = {"dwelling.area_status": (Given(status),), "dwelling.kind": (Given(kind),)}
            case = Case("", self.law.on, self.law.known, (HOUSEHOLD,), facts)
            found = answer(
                Reading(self.rulebook, program_for(self.rulebook, HOUSEHOLD), case, self.law.on, self.law.known),
                Conclude(False),
                events=False,
            )
            self._bars[status, kind] = [
                BarOut(condition=f.name, text=f.version.says.get(self.lang), cite=self.rulebook.cite_text(f.version.cites))
                for c in found.clauses
                for f in c.findings
                if any(name.startswith("household.") for name in f.facts)
            ]
        return self._bars[status, kind]


def _right(terms: Terms, count: Count | None) -> Right | None:
    return None if count is None else next(r for r in terms.rights if r.name == count.right)


def _count(count: Count | None) -> CountOut | None:
    if count is None:
        return None
    return CountOut(
        right=count.right, unit=list(count.key), number=count.number, entitlement=words.fraction_text(count.entitlement),
        turns=count.turns, used=count.used, lost=count.lost, on_offer=count.on_offer, carried=count.carried,
        brought=words.fraction_text(count.brought),
    )  # fmt: skip


def amount_out(value: int | Fraction | Decimal | None, unit: str = "DKK/month") -> AmountOut | None:
    """Money to the øre, as decimal text; None where it is not known."""
    if value is None:
        return None
    return AmountOut(value=format(quantize(Fraction(value), "0.01", ROUND_HALF_UP), "f"), unit=unit)


def _counted(draw: Draw, lang: Lang) -> str:
    """The count in words: ``No. 9 counted gives 9/4, so 2 turns: 1 used, 1 lost``."""
    count = draw.count
    if count is None:
        return ""
    said = words.COUNTED.get(lang).format(
        number=count.number, share=words.fraction_text(count.entitlement), turns=count.turns, used=count.used, lost=count.lost,
        on_offer=count.on_offer,
    )  # fmt: skip
    if count.brought:
        said += words.BROUGHT.get(lang).format(brought=words.fraction_text(count.brought))
    carried = words.CARRIED.get(lang).format(carried=count.carried) if count.carried else ""
    return f" {said}{carried}."
