"""Numbers, days and provisions as letters write them, in both languages. ``~`` stands for a no-break space."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from subsidyengine.letters import wording

NBSP = "\N{NO-BREAK SPACE}"


def shown(text):
    return text.replace(NBSP, "~")


@pytest.mark.parametrize(
    ("value", "unit", "da", "en"),
    [
        (Decimal("1234.50"), "DKK", "1.234,50~kr.", "1,234.50~kr."),
        (Decimal("1234.50"), "DKK/month", "1.234,50~kr. om måneden", "1,234.50~kr. a month"),
        (5500, "DKK/month", "5.500,00~kr. om måneden", "5,500.00~kr. a month"),
        (Decimal("-0.50"), "DKK", "-0,50~kr.", "-0.50~kr."),
        (1000000, "DKK/year", "1.000.000,00~kr. om året", "1,000,000.00~kr. a year"),
        # Half up, never to the even neighbour.
        (Fraction(5, 1000), "DKK", "0,01~kr.", "0.01~kr."),
        (Fraction(25, 1000), "DKK", "0,03~kr.", "0.03~kr."),
        (Fraction(5600, 3), "DKK/month", "1.866,67~kr. om måneden", "1,866.67~kr. a month"),
        (Fraction(45, 2), "DKK/m2/year", "22,50~kr. pr. m² om året", "22.50~kr. per m² a year"),
        (Fraction(3, 20), "share", "15~%", "15~%"),
        (Fraction(1, 3), "", "1/3", "1/3"),
        (Fraction(97, 2), "m2", "48,5~m²", "48.5~m²"),
        (1, "month", "1~måned", "1~month"),
        (2, "month", "2~måneder", "2~months"),
        (1, "day", "1~dag", "1~day"),
        (5, "year", "5~år", "5~years"),
        (1, "year", "1~år", "1~year"),
        (3, "count", "3", "3"),
        (3, "", "3", "3"),
    ],
)
def test_numbers(value, unit, da, en):
    assert (shown(wording.number(value, unit, "da")), shown(wording.number(value, unit, "en"))) == (da, en)


def test_days():
    assert shown(wording.day(date(2028, 8, 31), "da")) == "31.~august 2028"
    assert shown(wording.day(date(2028, 8, 1), "en")) == "1~August 2028"


@pytest.mark.parametrize(
    ("value", "da"),
    [(True, "ja"), (False, "nej"), (date(2026, 3, 1), "1.~marts 2026"), ((date(2026, 3, 1), date(2026, 4, 1)), "1.~marts 2026, 1.~april 2026"), ("et ord", "et ord")],
)  # fmt: skip
def test_other_values(value, da):
    assert shown(wording.typed(value, "", "da")) == da


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("efter § 63 stk. 3 nr. 2", "efter §~63 stk.~3 nr.~2"),
        ("§§ 66 og 67", "§§~66 og 67"),
        ("serviceloven § 163 a stk. 1", "serviceloven §~163~a stk.~1"),
        ("§ 163 a", "§~163~a"),
        ("§ 5 af loven", "§~5 af loven"),
        ("inden 4 uger", "inden 4~uger"),
        ("within 4 weeks", "within 4~weeks"),
        ("den 1. marts 2026", "den 1.~marts 2026"),
        ("on 1 March 2026", "on 1~March 2026"),
        ("højst 2 år (5 år fra 1. juli 2023)", "højst 2~år (5~år fra 1.~juli 2023)"),
        ("over 3.500 kr. om måneden", "over 3.500~kr. om måneden"),
        ("BEK 718/2013 § 1", "BEK~718/2013 §~1"),
        ("lov 482/2023", "lov~482/2023"),
        ("nr. 3. Derefter", "nr.~3. Derefter"),
        ("3 ansøgere", "3 ansøgere"),
    ],
)
def test_what_must_stay_on_its_line(text, bound):
    assert shown(wording.bind(text)) == bound


def test_provisions_as_a_lawyer_writes_them_each_once():
    given = [
        "almenboligloven § 63 stk. 3; serviceloven § 163 a stk. 1",
        "almenboligloven § 63 stk. 3",
        "almenboligloven § 4 stk. 1 nr. 9 2. pkt.",
    ]
    assert [shown(p) for p in wording.provisions(given)] == [
        "almenboligloven §~63, stk.~3",
        "serviceloven §~163~a, stk.~1",
        "almenboligloven §~4, stk.~1, nr.~9, 2. pkt.",
    ]


@pytest.mark.parametrize(
    ("title", "inside"), [("Refusion af husleje", "refusion af husleje"), ("SU og uddannelse", "SU og uddannelse"), ("", "")]
)
def test_title_inside_a_sentence(title, inside):
    assert wording.lower_first(title) == inside
