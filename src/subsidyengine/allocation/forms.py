"""The form of an agreement file (``rules/agreements/*.yaml``), as pydantic models. docs/agreements.md says what each part means."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from ..rulebook import Cites, Day, Flag, Form, FormulaText, KebabName, Number, Said, SnakeName, TextForm

_SHARE = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})")

Kind = Literal["family", "youth", "elderly", "private", "special"]
Cause = Literal[
    "notice", "death", "eviction", "end_of_term", "new_building", "internal_move", "swap", "household_takeover",
    "for_sale", "staff", "single_room", "shared_home", "other",
]  # fmt: skip
Unit = Literal["department", "organisation", "municipality", "property"]
Position = Literal["first", "last"]


def read_share(value: Any) -> Fraction | Literal["unknown"]:
    """``1/3``, ``0.25`` or ``1`` as an exact share between 0 and 1; ``unknown`` where nobody knows it."""
    if value == "unknown":
        return "unknown"
    share: Fraction | None = None
    if isinstance(value, str) and (match := _SHARE.fullmatch(value.strip())) and int(match[2]):
        share = Fraction(int(match[1]), int(match[2]))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        share = Fraction(value)
    elif isinstance(value, Fraction):
        share = value
    if share is None or not 0 < share <= 1:
        raise PydanticCustomError("share", "no share")
    return share


def _settled(value: Any) -> Any:
    return value if isinstance(value, dict) else {"is": value}


Share = Annotated[Any, BeforeValidator(read_share)]


class CitedForm(Form):
    """What stands beside a parameter: whether law or agreement settles it, where, and why not."""

    settled: Flag = True
    cite: Cites | None = None
    why: TextForm | None = None


class UnitForm(CitedForm):
    is_: Unit = Field(alias="is")


class PositionForm(CitedForm):
    is_: Position = Field(alias="is")


class PassingForm(CitedForm):
    """``carried`` needs ``at_most``, the number of turns that may stand over."""

    is_: Literal["used", "kept", "carried"] = Field(alias="is")
    at_most: int | None = Field(default=None, ge=0)


class WithdrawalForm(CitedForm):
    is_: Literal["used", "passed"] = Field(alias="is")


class OutsideForm(CitedForm):
    """A vacancy outside the limits of a right: not counted, or counted while the turn waits for one that fits."""

    is_: Literal["not_counted", "waits"] = Field(alias="is")


class SeveralForm(CitedForm):
    """What a right counts beside others: every vacancy of the stream, or what earlier rights leave."""

    is_: Literal["stream", "remainder"] = Field(alias="is")


class CountedForm(CitedForm):
    is_: Literal["counted", "not_counted"] = Field(alias="is")


class SilenceForm(CitedForm):
    is_: Literal["passed", "open"] = Field(alias="is")


class NotOfferedForm(CitedForm):
    """A turn of the municipality that the landlord let without offering it: lost, or kept for the next vacancy."""

    is_: Literal["lost", "kept"] = Field(alias="is")


class RentForm(CitedForm):
    """Rent for a dwelling that the municipality passed in time: until it is let, at most to the end of a notice; or none."""

    is_: Literal["until_let", "none"] = Field(alias="is")


class EarlierForm(CitedForm):
    """Where an earlier agreement, or the statute, counted the same dwellings: the count begins anew, or goes on."""

    is_: Literal["anew", "continued"] = Field(alias="is")


class CountingForm(Form):
    """How vacancies are counted. What is left out is as the statute file has it."""

    unit: Annotated[UnitForm | None, BeforeValidator(_settled)] = None
    position: Annotated[PositionForm | None, BeforeValidator(_settled)] = None
    passing: Annotated[PassingForm | None, BeforeValidator(_settled)] = None
    withdrawal: Annotated[WithdrawalForm | None, BeforeValidator(_settled)] = None
    outside_limits: Annotated[OutsideForm | None, BeforeValidator(_settled)] = None
    several_rights: Annotated[SeveralForm | None, BeforeValidator(_settled)] = None
    internal_moves: Annotated[CountedForm | None, BeforeValidator(_settled)] = None
    new_buildings: Annotated[CountedForm | None, BeforeValidator(_settled)] = None
    silence: Annotated[SilenceForm | None, BeforeValidator(_settled)] = None
    not_offered: Annotated[NotOfferedForm | None, BeforeValidator(_settled)] = None
    rent_when_passed: Annotated[RentForm | None, BeforeValidator(_settled)] = None
    earlier_count: Annotated[EarlierForm | None, BeforeValidator(_settled)] = None


class RangeForm(Form):
    """At least ``from`` and at most ``to``, both included."""

    from_: Number | None = Field(default=None, alias="from")
    to: Number | None = None


class LimitsForm(Form):
    """Which dwellings a right is about. Rent is a month, without consumption; areas in m2."""

    rent: RangeForm | None = None
    area_m2: RangeForm | None = None
    rooms: RangeForm | None = None


class StepForm(Form):
    """A share for some departments, or for some days."""

    share: Share
    departments: list[Said] = Field(default=[])
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None


class DecisionForm(Form):
    """The council's decision to use a right of the statute."""

    on: Day
    cite: Cites | None = None


class RightForm(Form):
    """One right in the order of draws. One of ``share``, ``steps``, ``quota_per_year`` or ``dwellings`` says how much."""

    right: SnakeName
    basis: SnakeName
    share: Share | None = None
    steps: list[StepForm] = Field(default=[])
    quota_per_year: int | None = Field(default=None, ge=1)
    dwellings: list[Said] = Field(default=[])
    property_dwellings: int | None = Field(default=None, ge=1)
    kinds: list[Kind] = Field(default=[])
    limits: LimitsForm | None = None
    position: Position | None = None
    unit: Unit | None = None
    counts: Literal["stream", "remainder"] | None = None
    let_by: Literal["municipality", "organisation", "landlord"] | None = None
    council_decision: DecisionForm | None = None
    cite: Cites | None = None
    why: TextForm | None = None


class ExemptForm(CitedForm):
    cause: Cause


class AnswerForm(CitedForm):
    """How long the municipality has to answer an offer."""

    days: int | None = Field(default=None, ge=0, le=366)
    #: In the statute: the rate that has the days.
    days_rate: SnakeName | None = None
    counted_in: Literal["weekdays", "calendar_days"]


class GuaranteeForm(CitedForm):
    """What the municipality answers for beside the rent. ``arrears_months``: arrears of the first months of the tenancy."""

    restoration: Flag = True
    arrears_months: int = Field(default=0, ge=0)


class NoticeForm(Form):
    """How the agreement can be ended."""

    months: int = Field(ge=0, le=120)
    cite: Cites | None = None


class CriterionForm(Form):
    """A local criterion: a formula over the applicant's facts; ``gate`` shuts out, ``priority`` only ranks."""

    criterion: KebabName
    right: SnakeName
    holds: FormulaText
    effect: Literal["gate", "priority"]
    says: TextForm
    cite: Cites | None = None


class CompensationForm(Form):
    """Private rentals: what the municipality pays the owner for each dwelling, in DKK (godtgørelse)."""

    per_dwelling: Number
    cite: Cites | None = None


class SpreadForm(Form):
    """The council binds organisations that did not sign (almenboligloven § 60 b)."""

    organisations: list[Said]
    covered_dwellings: int = Field(ge=0)
    all_dwellings: int = Field(ge=1)
    decided_on: Day
    review_by: Day | None = None
    minister_allows: Flag = False
    cite: Cites | None = None


class AgreementForm(Form):
    """One file."""

    agreement: KebabName
    title: TextForm
    sector: Literal["social", "private"]
    basis: Literal["statute", "agreement"]
    municipality: Said | None = None
    organisations: list[Said] = Field(default=[])
    departments: list[Said] = Field(default=[])
    properties: list[Said] = Field(default=[])
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    signed_on: Day | None = None
    synthetic: Flag = False
    replaces: list[KebabName] = Field(default=[])
    cite: Cites
    notice_to_end: NoticeForm | None = None
    counting: CountingForm = CountingForm()
    rights: Annotated[list[RightForm], Field(min_length=1)]
    exempt: list[ExemptForm] | None = None
    answer: AnswerForm | None = None
    guarantee: GuaranteeForm | None = None
    compensation: CompensationForm | None = None
    criteria: list[CriterionForm] = Field(default=[])
    spread: SpreadForm | None = None
    not_known: list[TextForm] = Field(default=[])
    note: TextForm | None = None


class BasisForm(Form):
    """A basis of law for a right: at most which share, for which dwellings, who lets.

    ``ceiling_rate``: the rate that has the ceiling; ``ceiling_from``: first day of the ceiling; ``since``: first day that a kind of
    dwelling is covered.
    """

    title: TextForm
    sector: Literal["social", "private"]
    ceiling: Share | None = None
    ceiling_rate: SnakeName | None = None
    ceiling_from: Day | None = None
    kinds: list[Kind]
    also_kinds: list[Kind] = Field(default=[])
    since: dict[Kind, Day] = Field(default={})
    drawn_by: Literal["municipality", "organisation", "landlord"]
    needs_decision: Flag = False
    cite: Cites
    note: TextForm | None = None


class BasesFile(Form):
    bases: dict[SnakeName, BasisForm]
