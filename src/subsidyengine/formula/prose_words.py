"""The phrases of the prose reading, in the order of words of a main clause."""

from __future__ import annotations

import re
from typing import Literal

Lang = Literal["da", "en"]

#: What is said of the left side of a comparison, main clause. Swapped: the same said of the right side.
NUMBERS = {
    "da": {"==": "er {0}", "!=": "er ikke {0}", "<": "er under {0}", "<=": "er højst {0}", ">": "er over {0}", ">=": "er mindst {0}"},
    "en": {"==": "is {0}", "!=": "is not {0}", "<": "is under {0}", "<=": "is at most {0}", ">": "is over {0}", ">=": "is at least {0}"},
}
DATES = {
    "da": {"<": "er før {0}", "<=": "er senest {0}", ">": "er efter {0}", ">=": "er tidligst {0}"},
    "en": {"<": "is before {0}", "<=": "is no later than {0}", ">": "is after {0}", ">=": "is no earlier than {0}"},
}
SWAPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

WORDS: dict[Lang, dict[str, str]] = {
    "da": {
        "and": "og", "or": "eller", "true": "ja", "false": "nej", "on": "den pågældende dag", "from": "periodens første dag",
        "to": "periodens sidste dag", "unknown": "retstilstanden er ikke kendt", "quote": "»{0}«", "at": "{0} pr. {1}",
        "not": "det gælder ikke, at {0}",
        "iff": "{0}, hvis og kun hvis {1}", "either": "netop én af disse gælder: {0}; {1}",
        "if": "{1}, hvis {0}, ellers {2}", "cases": "hvis {0}: {1}; ellers: {2}",
        "neg": "minus {0}", "between": "antal dage fra {1} til {0}", "after": "{1} efter {0}", "before": "{1} før {0}",
        "percent": "{0} pct.", "share": "{0} af {1}",
        "is_known": "{0} er {1}", "not_known": "{0} er ikke {1}",
        "is_known_bool": "det er {1}, om {0}", "not_known_bool": "det er ikke {1}, om {0}",
        "known_or": "{0} (hvis ikke {2}: {1})", "known_or_true": "{0} (eller det er ikke {1})",
        "known_or_false": "det er {1}, at {0}", "not_known_or_false": "det er ikke {1}, at {0}",
        "fact_known": "oplyst", "rate_known": "fastlagt", "value_known": "kendt",
        "at_least": "mindst {0} af disse gælder: {1}", "max_bound": "{0}, dog mindst {1}", "min_bound": "{0}, dog højst {1}",
        "min": "det mindste af", "max": "det største af", "min2": "det mindste af", "max2": "det største af",
        "min_date": "den tidligste af", "max_date": "den seneste af", "min2_date": "den tidligste af", "max2_date": "den seneste af",
        "day_of_month": "{0}. {1} i {2}", "day_of_year": "{0}. {1} (år: {2})",
    },
    "en": {
        "and": "and", "or": "or", "true": "yes", "false": "no", "on": "the day in question", "from": "the first day of the period",
        "to": "the last day of the period", "unknown": "the law is not known", "quote": "“{0}”", "at": "{0} as of {1}",
        "not": "it is not the case that {0}",
        "iff": "{0} if and only if {1}", "either": "exactly one of these holds: {0}; {1}",
        "if": "{1} if {0}, otherwise {2}", "cases": "if {0}: {1}; otherwise: {2}",
        "neg": "minus {0}", "between": "the number of days from {1} to {0}", "after": "{1} after {0}", "before": "{1} before {0}",
        "percent": "{0} %", "share": "{0} of {1}",
        "is_known": "{0} is {1}", "not_known": "{0} is not {1}",
        "is_known_bool": "it is {1} whether {0}", "not_known_bool": "it is not {1} whether {0}",
        "known_or": "{0} (if not {2}: {1})", "known_or_true": "{0} (or that is not {1})",
        "known_or_false": "it is {1} that {0}", "not_known_or_false": "it is not {1} that {0}",
        "fact_known": "stated", "rate_known": "established", "value_known": "known",
        "at_least": "at least {0} of these hold: {1}", "max_bound": "{0}, but at least {1}", "min_bound": "{0}, but at most {1}",
        "min": "the lowest of", "max": "the highest of", "min2": "the lower of", "max2": "the higher of",
        "min_date": "the earliest of", "max_date": "the latest of", "min2_date": "the earlier of", "max2_date": "the later of",
        "day_of_month": "{0} {1} of {2}", "day_of_year": "{0} {1} (year: {2})",
    },
}  # fmt: skip


def subordinate(phrase: str, lang: Lang) -> str:
    """The phrase after hvis, at or om: there Danish says »ikke er« for »er ikke«."""
    return re.sub(r"\b(er|gælder) ikke\b", r"ikke \1", phrase) if lang == "da" else phrase


MONTHS = {
    "da": ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}

#: What a bare number is counted in, by the unit of what it stands beside: for one, for several.
UNITS: dict[Lang, dict[str, tuple[str, str]]] = {
    "da": {
        "DKK": ("kr.", "kr."), "DKK/month": ("kr. om måneden", "kr. om måneden"), "DKK/year": ("kr. om året", "kr. om året"),
        "DKK/day": ("kr. pr. døgn", "kr. pr. døgn"), "DKK/m2/year": ("kr. pr. m² om året", "kr. pr. m² om året"),
        "DKK/m2": ("kr. pr. m²", "kr. pr. m²"), "m2": ("m²", "m²"), "km": ("km", "km"),
        "year": ("år", "år"), "month": ("måned", "måneder"), "day": ("dag", "dage"),
    },
    "en": {
        "DKK": ("kr.", "kr."), "DKK/month": ("kr. a month", "kr. a month"), "DKK/year": ("kr. a year", "kr. a year"),
        "DKK/day": ("kr. a day", "kr. a day"), "DKK/m2/year": ("kr. per m² a year", "kr. per m² a year"),
        "DKK/m2": ("kr. per m²", "kr. per m²"), "m2": ("m²", "m²"), "km": ("km", "km"),
        "year": ("year", "years"), "month": ("month", "months"), "day": ("day", "days"),
    },
}  # fmt: skip
SPANS = {"years": "year", "months": "month", "days": "day"}
