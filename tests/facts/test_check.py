"""One parsed case: what is accepted, exactly as what, and how a mistake is named."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from subsidyengine.facts import CaseError, Given, case_from_data


@pytest.fixture
def fact(vocabulary):
    """The one value of a fact given bare."""

    def _fact(name, value):
        case = case_from_data({"facts": {name: value}}, vocabulary)
        (given,) = case.facts[name]
        assert given == Given(given.value)
        return given.value

    return _fact


@pytest.fixture
def problems(vocabulary):
    """What is wrong with facts, or with a whole case."""

    def _problems(facts=None, **case):
        with pytest.raises(CaseError) as caught:
            case_from_data({"facts": facts or {}, **case}, vocabulary)
        return [str(p) for p in caught.value.problems]

    return _problems


def test_nested_dotted_and_mixed_names_are_the_same_case(vocabulary):
    nested = case_from_data({"facts": {"lease": {"rent": 1, "start": None}, "dwelling": {"kind": "youth"}}}, vocabulary)
    dotted = case_from_data({"facts": {"lease.rent": 1, "dwelling": {"kind": "youth"}}}, vocabulary)
    assert nested == dotted
    assert dict(nested.facts) == {"lease.rent": (Given(1),), "dwelling.kind": (Given("youth"),)}


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (5500, 5500), (Decimal("5500.00"), 5500), (Decimal("5500.50"), Fraction(11001, 2)), ("5500.50", Fraction(11001, 2)),
        ("+12", 12), (Decimal("1E+2"), 100), (0.1, Fraction(1, 10)), (5500.125, Fraction(44001, 8)), (Fraction(4, 2), 2),
        (5.5, Fraction(11, 2)), (Decimal("0.500"), Fraction(1, 2)), (Decimal("5500.500"), Fraction(11001, 2)), (-0.0, 0),
    ],
)  # fmt: skip
def test_numbers_are_exact(fact, value, exact):
    found = fact("lease.rent", value)
    assert found == exact
    assert type(found) is type(exact)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("5.500,00", "'5.500,00' is no number: write 5500.00, with a decimal point and no thousands separator"),
        ("5500,50", "'5500,50' is no number: write 5500.50, with a decimal point and no thousands separator"),
        ("5 500,50", "'5 500,50' is no number: write 5500.50, with a decimal point and no thousands separator"),
        ("5,500.00", "'5,500.00' is no number: write it like 5500.00"),
        ("kr. 5500", "'kr. 5500' is no number: write it like 5500.00"),
        ("", "'' is no number: write it like 5500.00"),
        (True, "true is no number: write it like 5500.00"),
        (float("nan"), "NaN is no number"),
        (float("inf"), "Infinity is no number"),
        (Decimal("-Infinity"), "-Infinity is no number"),
        ("NaN", "'NaN' is no number: write it like 5500.00"),
        (0.1 + 0.2, "0.30000000000000004 has more than 6 decimals: round it, or give it as text"),
        (Decimal("1E+999999999"), "1E+999999999 is too large"),
        (Decimal("1E-999999999"), "1E-999999999 has more than 18 decimals"),
        pytest.param(10**5000, "a number of very many digits is too large", id="huge"),
        (1e15, "1000000000000000.0 is too large"),
        (10**15, "1000000000000000 is too large"),
        (-1, "-1 is below 0, the least it can be"),
        (Decimal("-0.01"), "-0.01 is below 0, the least it can be"),
        (date(2026, 3, 1), "2026-03-01 is no number: write it like 5500.00"),
        (object(), "a value of type object is no number: write it like 5500.00"),
    ],
)
def test_what_is_no_number_is_refused(problems, value, says):
    assert problems({"lease.rent": value}) == [f"lease.rent: {says}"]


def test_a_thousands_point_is_never_taken_for_a_decimal_point(problems, fact):
    said = "can be read in two ways: write 5500, or 5.50 if that is meant"
    assert problems({"lease": {"rent": Decimal("5.500")}}) == [f"lease.rent: 5.500 {said}"]
    assert problems({"lease": {"rent": "5.500"}}) == [f"lease.rent: '5.500' {said}"]
    assert problems({"household": {"adults": "2.000"}}) == ["household.adults: '2.000' can be read in two ways: write 2000 or 2"]
    assert problems({"household": {"adults": "1.250"}}) == ["household.adults: '1.250' can be read in two ways: write 1250"]
    assert fact("area.conviction_ratio", Decimal("2.275")) == Fraction(91, 40)  # a ratio is not written in thousands


def test_a_whole_number_is_whole(problems, fact):
    assert fact("household.adults", Decimal("2.0")) == 2
    assert problems({"household.adults": 2.5}) == ["household.adults: 2.5 is no whole number"]


def test_a_share_is_no_percentage(problems):
    said = "40 is above 1, the most it can be (a share is written as a decimal: 40 % is 0.40)"
    assert problems({"fund.vacancy_share": 40}) == [f"fund.vacancy_share: {said}"]


@pytest.mark.parametrize("value", [date(2026, 3, 1), "2026-03-01", datetime(2026, 3, 1)])
def test_a_day_is_a_date_or_iso_text(fact, value):
    found = fact("lease.start", value)
    assert found == date(2026, 3, 1)
    assert type(found) is date


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("01-03-2026", "'01-03-2026' is no day: write 2026-03-01"),
        ("1.3.2026", "'1.3.2026' is no day: write 2026-03-01"),
        ("1/3/2026", "'1/3/2026' is no day: write 2026-03-01"),
        ("2026-3-1", "'2026-3-1' is no day: write 2026-03-01"),
        ("2026-03-01T00:00:00", "'2026-03-01T00:00:00' is no day: write 2026-03-01"),
        (20260301, "20260301 is no day: write 2026-03-01"),
        ("31-02-2026", "'31-02-2026' is no day: write it as YYYY-MM-DD"),
        ("2026-02-30", "2026-02-30 is no day of the calendar"),
        ("2026-W09-7", "'2026-W09-7' is no day: write it as YYYY-MM-DD"),
        ("soon", "'soon' is no day: write it as YYYY-MM-DD"),
        (2026, "2026 is no day: write it as YYYY-MM-DD"),
        (True, "true is no day: write it as YYYY-MM-DD"),
        (datetime(2026, 3, 1, 12), "2026-03-01 12:00:00 has a time of day: write 2026-03-01"),
        ("9999-12-31", "the year of 9999-12-31 is outside 1800-2299 (leave out a day that is not known)"),
        ("０１-03-2026", "'０１-03-2026' is no day: write it as YYYY-MM-DD"),
    ],
)
def test_what_is_no_day_is_refused_with_the_near_form(problems, value, says):
    assert problems({"lease.start": value}) == [f"lease.start: {says}"]


def test_days_may_be_one_or_a_list_and_are_sorted(fact, problems):
    assert fact("relabelling.vacant_on", "2026-03-01") == (date(2026, 3, 1),)
    assert fact("relabelling.vacant_on", ["2027-03-01", date(2026, 3, 1)]) == (date(2026, 3, 1), date(2027, 3, 1))
    assert fact("relabelling.vacant_on", []) == ()
    assert problems({"relabelling.vacant_on": ["2026-03-01", "2026-03-01"]}) == ["relabelling.vacant_on: a day stands twice in the list"]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("yes", ": write true, without quotes"), ("Nej", ": write false, without quotes"), (0, ": write false, without quotes"),
        ("true", ": write true, without quotes"), ("maybe", ""), (Decimal(1), ""), (2, ""), ({1}, ""),
    ],
)  # fmt: skip
def test_only_true_and_false_are_bools(problems, value, hint):
    (said,) = problems({"benefit.applied": value})
    assert said.endswith(f" is neither true nor false{hint}")


def test_an_enumeration_answers_with_the_near_match(problems, fact):
    assert fact("dwelling.kind", "family") == "family"
    assert problems({"dwelling.kind": "familiy"}) == ["dwelling.kind: 'familiy' is none of family, youth, elderly - did you mean 'family'?"]
    assert problems({"person.housing_before": "Section 110"})[0].endswith("did you mean 'section_110'?")
    assert problems({"dwelling.kind": 3}) == ["dwelling.kind: 3 is none of family, youth, elderly"]


def test_text_is_text(fact, problems):
    assert fact("dwelling.department", " Nørrevang ") == "Nørrevang"
    assert problems({"dwelling.department": 101}) == ["dwelling.department: 101 is no text: put it in quotes"]
    assert problems({"dwelling.department": " "}) == ["dwelling.department: is empty: leave it out when it is not known"]
    assert problems({"dwelling.department": "\ud800"}) == ["dwelling.department: '\\ud800' holds a broken character"]


def test_a_statement_carries_where_the_value_came_from(vocabulary):
    said = {"value": True, "by": "A. Jensen", "on": "2026-02-01", "why": "samlet vurdering", "source": "notat", "received": "2026-02-02"}
    case = case_from_data({"facts": {"assessment": {"redemption_loss": said}}}, vocabulary)
    (given,) = case.facts["assessment.redemption_loss"]
    assert given == Given(True, None, date(2026, 2, 2), "notat", "A. Jensen", date(2026, 2, 1), "samlet vurdering")


def test_a_day_of_receipt_alone_is_kept(vocabulary):
    case = case_from_data({"facts": {"lease.rent": {"value": 1, "received": "2026-02-02"}}}, vocabulary)
    assert case.facts["lease.rent"] == (Given(1, received=date(2026, 2, 2)),)


def test_dated_statements_are_put_in_order_of_day_then_of_receipt(vocabulary):
    rows = [
        {"from": "2025-01-01", "value": 3, "received": "2025-06-01"},
        {"from": "2025-01-01", "value": 2, "received": "2025-01-15"},
        {"from": "2026-01-01", "value": None},
        {"value": 1},
    ]
    case = case_from_data({"facts": {"lease": {"rent": rows}}}, vocabulary)
    assert [g.value for g in case.facts["lease.rent"]] == [1, 2, 3, None]
    assert case.value_at("lease.rent", date(2025, 2, 1), known=date(2025, 2, 1)) == 2
    assert case.value_at("lease.rent", date(2025, 2, 1), known=None) == 3
    assert case.value_at("lease.rent", date(2026, 2, 1), known=None) is None


def test_two_values_for_one_day_are_refused_unless_one_corrects_the_other(problems):
    rows = [{"from": "2025-01-01", "value": 1}, {"from": "2025-01-01", "value": 2}]
    assert problems({"lease.rent": rows}) == [
        "lease.rent[2]: another entry holds from 2025-01-01 too (a correction needs a later 'received', the day it became known)"
    ]
    assert problems({"lease.rent": [{"value": 1}, {"value": 2}]}) == [
        "lease.rent[2]: another entry has no 'from' either: only the first may lack it"
    ]


def test_mistakes_of_a_statement_are_named(problems):
    end = "a value holds until the next 'from' (to end it: {from: the day after, value: null})"
    assert problems({"lease.rent": {"value": 1, "until": "2025-01-01"}}) == [f"lease.rent.until: {end}"]
    assert problems({"lease.rent": {"valeu": 1}}) == ["lease.rent.valeu: unknown key of a statement - did you mean 'value'?"]
    assert problems({"lease.rent": {"from": "2025-01-01"}}) == ["lease.rent: a statement needs 'value'"]
    assert problems({"lease.rent": [{"from": "1-1-2025", "value": "x", "by": 3}, 7]}) == [
        "lease.rent[1]: 'x' is no number: write it like 5500.00",
        "lease.rent[1].from: '1-1-2025' is no day: write 2025-01-01",
        "lease.rent[1].by: 3 is no text: put it in quotes",
        "lease.rent[2]: 7 is no statement: a list holds {from: 2026-01-01, value: ...} entries",
    ]


def test_null_is_not_given(vocabulary):
    facts = {"lease": None, "dwelling": {"rent": None}, "benefit.applied": {"value": None}, "lease.rent": []}
    assert case_from_data({"facts": facts}, vocabulary).facts == {}
    assert case_from_data({"facts": None}, vocabulary).facts == {}


def test_an_unknown_fact_answers_with_the_near_match(problems):
    assert problems({"lease": {"rnt": 1}}) == ["lease.rnt: unknown fact - did you mean 'lease.rent'?"]
    assert problems({"leese": {"rent": 1}}) == ["leese: unknown group of facts - did you mean 'lease'?"]
    assert problems({"rent": 1}) == ["rent: unknown fact - did you mean 'dwelling.rent' or 'lease.rent'?"]
    assert problems({"lease": {"rnt": None}}) == ["lease.rnt: unknown fact - did you mean 'lease.rent'?"]
    assert problems({"lease": 5}) == ["lease: is a group of facts, not 5: give the facts in it, such as lease.start"]
    assert problems({7: 5}) == ["7: unknown fact"]


def test_a_fact_given_nested_and_dotted_is_given_twice(problems):
    assert problems({"lease": {"rent": 1}, "lease.rent": 1}) == ["lease.rent: is given twice, nested and dotted"]


def test_the_envelope_is_checked(vocabulary, problems):
    case = case_from_data({"case": 12, "on": "2026-03-01", "known": date(2026, 3, 2), "schemes": "a.b", "facts": {}}, vocabulary)
    assert (case.id, case.on, case.known, case.schemes, case.origin) == ("12", date(2026, 3, 1), date(2026, 3, 2), ("a.b",), "")
    assert problems(knwon="2026-03-01") == ["knwon: unknown key of a case - did you mean 'known'?"]
    assert problems(lease={"rent": 1}) == ["lease: facts stand under 'facts:'"]
    assert problems(on="1-3-2026", schemes=[3]) == [
        "on: '1-3-2026' is no day: write 2026-03-01",
        "schemes: 3 is no scheme id such as transitional.subsidy",
    ]


def test_schemes_are_checked_where_they_are_known(vocabulary):
    with pytest.raises(CaseError, match=r"no scheme 'fund\.rent_reductoin' in the rulebook - did you mean 'fund\.rent_reduction'"):
        case_from_data({"schemes": ["fund.rent_reductoin"]}, vocabulary, schemes=["fund.rent_reduction"])


def test_a_case_without_facts_asks_for_a_scheme(vocabulary, problems):
    assert case_from_data({"schemes": ["a.b"]}, vocabulary).facts == {}
    with pytest.raises(CaseError, match="a case needs 'facts'"):
        case_from_data({"case": "K"}, vocabulary)
    with pytest.raises(CaseError, match="a case is a mapping of case, on, known, schemes, facts, not a list"):
        case_from_data([], vocabulary)
    assert problems(facts=[1]) == ["facts: is a mapping of facts, not a list"]


@pytest.mark.parametrize("case_id", ["010190-1234", "0101901234", "010190 1234", "K 010190-1234", 101901234, 3112991234])
def test_a_cpr_number_is_no_id_and_is_never_repeated(problems, case_id):
    (said,) = problems(case=case_id)
    assert said == "case: the id looks like a CPR number: use one that says nothing about the person"


def test_a_cpr_number_given_as_a_value_is_struck_out(problems):
    assert problems({"person": {"birth_date": "010190-1234"}, "010190-1234": 1}) == [
        "person.birth_date: '######-####' is no day: write it as YYYY-MM-DD",
        "######-####: unknown fact",
    ]


@pytest.mark.parametrize("case_id", ["K-2026-0001", "550e8400-e29b-41d4-a716-446655440000", "ab123456-1234", "2026-000123"])
def test_ordinary_ids_are_no_cpr_numbers(vocabulary, case_id):
    assert case_from_data({"case": case_id, "facts": {}}, vocabulary).id == case_id


def test_an_id_is_one_line(problems):
    assert problems(case="a\nb") == ["case: an id is one line of at most 200 characters"]
    assert problems(case="") == ["case: '' is no case id: write a text such as K-2026-0001"]
    assert problems(case=True) == ["case: true is no case id: write a text such as K-2026-0001"]


def test_all_problems_come_at_once_and_survive_a_process_boundary(vocabulary):
    with pytest.raises(CaseError) as caught:
        case_from_data({"case": "K", "on": "x", "facts": {"lease.rent": "y", "benefit.applied": 1}}, vocabulary)
    assert len(caught.value.problems) == 3
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.problems, again.case, str(again)) == (caught.value.problems, "K", str(caught.value))


def test_a_long_value_is_cut_in_messages(problems):
    (said,) = problems({"lease.rent": "x\n" * 500})
    assert len(said) < 120
    assert "\n" not in said
