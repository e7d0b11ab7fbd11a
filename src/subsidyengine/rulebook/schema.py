"""The form of rule files, as pydantic models. See docs/rule-language.md for what each part means."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def in_calendar(text: str) -> bool:
    """Is a day written as 2024-01-31 a day of the calendar?"""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _formula_text(value: Any) -> Any:
    """YAML reads `true`, `5` and a day as themselves; in a formula they are text again."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    day = value.isoformat() if isinstance(value, date) else value
    if isinstance(day, str) and (match := ISO_DAY.fullmatch(day)):
        return "date({}, {}, {})".format(*map(int, match.groups()))  # in the calendar or not: the formula's reader says
    return value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _day(value: Any) -> Any:
    if isinstance(value, str) and ISO_DAY.fullmatch(value) and not in_calendar(value):
        raise PydanticCustomError("no_day", "no day of the calendar")
    if type(value) is not date:
        raise PydanticCustomError("day", "no day")
    return value


def _flag(value: Any) -> Any:
    if type(value) is not bool:
        raise PydanticCustomError("flag", "neither true nor false")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number", "no number")
    return value


def _number_or_word(value: Any) -> Any:
    return value if isinstance(value, str) else _number(value)


def _setting_value(value: Any) -> Any:
    return value if isinstance(value, bool) else _number_or_word(value)


FACT = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$"
SNAKE = r"^[a-z][a-z0-9_]*$"
KEBAB = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
SOURCE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SCHEME = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"

Day = Annotated[date, BeforeValidator(_day)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Number = Annotated[Any, BeforeValidator(_number)]
NumberOrWord = Annotated[Any, BeforeValidator(_number_or_word)]
SettingValue = Annotated[Any, BeforeValidator(_setting_value)]
FormulaText = Annotated[str, BeforeValidator(_formula_text), StringConstraints(min_length=1)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Cites = Annotated[list[Said], BeforeValidator(_listed)]
FactName = Annotated[str, StringConstraints(pattern=FACT)]
SnakeName = Annotated[str, StringConstraints(pattern=SNAKE)]
KebabName = Annotated[str, StringConstraints(pattern=KEBAB)]
SourceKey = Annotated[str, StringConstraints(pattern=SOURCE)]
SchemeId = Annotated[str, StringConstraints(pattern=SCHEME)]
Layer = Literal["statute", "order", "local-agreement", "local-policy"]
Rounding = Literal["ore-half-up", "krone-half-up", "krone-down", "exact"]


class Form(BaseModel):
    """Base: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)


class TextForm(Form):
    """A text in both languages."""

    da: Said
    en: Said


class SpanForm(Form):
    """Days on which a version is law, both inclusive."""

    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None


class ConditionForm(SpanForm):
    holds: FormulaText
    when: FormulaText | None = None
    cite: Cites | None = None
    says: TextForm
    ask: TextForm | None = None
    why: TextForm | None = None
    note: TextForm | None = None
    judgement: Flag = False
    law_of: FactName | None = None
    version: str | None = None


class ValueForm(SpanForm):
    is_: FormulaText = Field(alias="is")
    title: TextForm | None = None
    cite: Cites | None = None
    why: TextForm | None = None
    note: TextForm | None = None
    law_of: FactName | None = None


class AmountForm(SpanForm):
    is_: FormulaText = Field(alias="is")
    unit: str
    round: Rounding
    cite: Cites | None = None
    why: TextForm | None = None
    zero_says: TextForm | None = None


class PeriodForm(Form):
    """`from` and `to` are formulas here, so a version of a period is bounded by `law_from` and `law_until`."""

    from_: FormulaText = Field(alias="from")
    to: FormulaText | None = None
    open_when: FormulaText | None = None
    law_from: Day | None = None
    law_until: Day | None = None
    cite: Cites | None = None
    why: TextForm | None = None


class EventForm(Form):
    on: FormulaText
    kind: SnakeName
    says: TextForm
    cite: Cites | None = None
    basis: Literal["local-practice"] | None = None
    when: FormulaText | None = None


class NoteForm(Form):
    says: TextForm
    when: FormulaText | None = None
    open: Literal["law_not_known", "needs_assessment"] | None = None
    cite: Cites | None = None


class ConclusionForm(Form):
    all: list[KebabName] | None = None
    any: list[KebabName] | None = None


def _versions(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Conditions = dict[KebabName, Annotated[list[ConditionForm], BeforeValidator(_versions)]]
Values = dict[SnakeName, Annotated[list[ValueForm], BeforeValidator(_versions)]]
Amounts = Annotated[list[AmountForm], BeforeValidator(_versions)]
Periods = Annotated[list[PeriodForm], BeforeValidator(_versions)]


class ClauseForm(Form):
    """A part or a route."""

    title: TextForm
    touched_by: list[str] | None = None
    when: FormulaText | None = None
    all: list[KebabName] | None = None
    any: list[KebabName] | None = None
    amount: Amounts | None = None
    period: Periods | None = None
    events: list[EventForm] = []


class KnownSinceForm(Form):
    day: Day
    why: TextForm
    cite: Cites


class SchemeForm(Form):
    scheme: SchemeId
    title: TextForm
    decided_by: TextForm
    appeal: KebabName
    layer: Layer = "statute"
    known_since: KnownSinceForm | None = None
    touched_by: list[str]
    law_of: FactName | None = None
    values: Values = {}
    conditions: Conditions
    rules: dict[KebabName, ConclusionForm] = {}
    amount: Amounts | None = None
    period: Periods | None = None
    events: list[EventForm] = []
    notes: list[NoteForm] = []
    parts: dict[SnakeName, ClauseForm] = {}
    routes: dict[SnakeName, ClauseForm] = {}
    pick: Literal["first", "strictest"] = "first"
    charge: Flag = False


class SchemeOverlayForm(Form):
    """What an overlay may say of a scheme of the base."""

    scheme: SchemeId
    appeal: KebabName | None = None
    conditions: Conditions = {}
    narrows: list[KebabName] = []


class RateRowForm(Form):
    from_: Day | None = Field(default=None, alias="from")
    known_from: Day | None = None
    value: NumberOrWord
    cite: Cites | None = None
    why: TextForm | None = None
    note: TextForm | None = None


class RateForm(Form):
    title: TextForm
    unit: str
    note: TextForm | None = None
    values: list[RateRowForm]


class RateRowOverlayForm(RateRowForm):
    """A row of an overlay may end before the next row of the base begins."""

    until: Day | None = None


class RateOverlayForm(Form):
    values: list[RateRowOverlayForm]


class SettingForm(Form):
    title: TextForm
    unit: str = ""
    value: SettingValue
    settled: Flag
    min: NumberOrWord | None = None
    max: NumberOrWord | None = None
    why: TextForm | None = None
    cite: Cites | None = None
    note: TextForm | None = None


class SettingOverlayForm(Form):
    value: SettingValue
    settled: Literal[True] = True
    cite: Cites
    why: TextForm | None = None


class FactForm(Form):
    type: Literal["bool", "number", "money", "integer", "date", "dates", "enum", "text"]
    unit: str = ""
    values: dict[SnakeName, TextForm] | None = None
    min: Number | None = None
    max: Number | None = None
    title: TextForm
    ask: TextForm
    note: TextForm | None = None
    assessment: Flag = False
    personal: Flag = False
    derived_from: SchemeId | None = None
    about: Literal["others", "residence"] | None = None


class SourceForm(Form):
    title: TextForm
    short: Said
    kind: Literal["statute", "order", "guide", "bill", "agency", "secondary"]
    versions: list[str] = []
    urls: list[str] = []
    read: TextForm | None = None


class DeadlineForm(Form):
    """`when_closed`: what a last day does that is a Saturday, a Sunday, a public holiday or a day when the office is closed."""

    weeks: int | None = None
    when_closed: Literal["next-weekday", "same-day"] | None = None
    from_: TextForm | None = Field(default=None, alias="from")


class AppealForm(Form):
    title: TextForm
    established: Flag
    body: TextForm | None = None
    sent_to: TextForm | None = None
    deadline: DeadlineForm | None = None
    suspensive: Flag | None = None
    cite: Cites | None = None
    note: TextForm | None = None


class FactsFile(Form):
    facts: dict[FactName, FactForm]


class SourcesFile(Form):
    sources: dict[SourceKey, SourceForm]


class AppealsFile(Form):
    appeals: dict[KebabName, AppealForm]


class SettingsFile(Form):
    settings: dict[SnakeName, SettingForm]


class RatesFile(Form):
    rates: dict[SnakeName, RateForm]


class OverlayFile(Form):
    """`overlay.yaml`: who settled what the law leaves open, and when."""

    by: Said
    on: Day
    layer: Literal["order", "local-agreement", "local-policy"]
    reason: TextForm


class SettingsOverlayFile(Form):
    settings: dict[SnakeName, SettingOverlayForm]


class RatesOverlayFile(Form):
    rates: dict[SnakeName, RateOverlayForm]
