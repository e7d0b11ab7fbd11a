"""The prose reading: a formula as a sentence in Danish or English, built from what things are called in the rulebook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from .functions import FUNCTIONS
from .nodes import Formula, Node
from .value import exact_decimal

Lang = Literal["da", "en"]
#: What a node that is a name is called: (kind, name, language) -> phrase. Kinds: fact, rate, value, setting, enum:<fact>.
Titles = Callable[[str, str, Lang], str]

_COMPARE = {
    "da": {"==": "{0} er {1}", "!=": "{0} er ikke {1}", "<": "{0} er under {1}", "<=": "{0} er højst {1}",
           ">": "{0} er over {1}", ">=": "{0} er mindst {1}"},
    "en": {"==": "{0} is {1}", "!=": "{0} is not {1}", "<": "{0} is under {1}", "<=": "{0} is at most {1}",
           ">": "{0} is over {1}", ">=": "{0} is at least {1}"},
}  # fmt: skip
_DATES = {
    "da": {"<": "{0} er før {1}", "<=": "{0} er senest {1}", ">": "{0} er efter {1}", ">=": "{0} er tidligst {1}"},
    "en": {"<": "{0} is before {1}", "<=": "{0} is no later than {1}", ">": "{0} is after {1}",
           ">=": "{0} is no earlier than {1}"},
}  # fmt: skip
_WORDS: dict[str, dict[str, str]] = {
    "da": {"and": " og ", "or": " eller ", "not": "det gælder ikke, at {0}", "in": "{0} er en af: {1}",
           "if": "{1}, hvis {0}, ellers {2}", "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} x {1}",
           "div": "{0} : {1}", "neg": "minus {0}", "on": "dagen i dag", "from": "periodens første dag",
           "to": "periodens sidste dag", "unknown": "retstilstanden er ikke kendt", "at": "{0} den {1}",
           "is_known": "{0} er oplyst", "known_or": "{0} (er det ikke oplyst: {1})", "not_in": "{0} er ingen af: {1}",
           "at_least": "mindst {0} af disse gælder: {1}", "true": "ja", "false": "nej", "span_add": "{0} + {1}"},
    "en": {"and": " and ", "or": " or ", "not": "it is not so that {0}", "in": "{0} is one of: {1}",
           "if": "{1} if {0}, otherwise {2}", "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} x {1}",
           "div": "{0} / {1}", "neg": "minus {0}", "on": "the day in question", "from": "the first day of the period",
           "to": "the last day of the period", "unknown": "the law is not known", "at": "{0} on {1}",
           "is_known": "{0} is given", "known_or": "{0} (if not given: {1})", "not_in": "{0} is none of: {1}",
           "at_least": "at least {0} of these hold: {1}", "true": "yes", "false": "no", "span_add": "{0} + {1}"},
}  # fmt: skip
_MONTHS = {
    "da": ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}


def day_text(day: date, lang: Lang) -> str:
    """``1. juli 2023`` or ``1 July 2023``."""
    return f"{day.day}{'.' if lang == 'da' else ''} {_MONTHS[lang][day.month - 1]} {day.year}"


def number_text(value: int | Fraction, lang: Lang) -> str:
    """``3.500`` or ``3,500``; a fraction without finite decimals stays a fraction."""
    decimal = Decimal(value) if isinstance(value, int) else exact_decimal(value)
    if decimal is None:
        return f"{value.numerator}/{value.denominator}"
    text = f"{decimal:,f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "da" else text


def prose(formula: Formula, lang: Lang, titles: Titles) -> str:
    """The formula as one sentence without a full stop."""
    text = _say(formula.root, lang, titles)
    return text[:1].upper() + text[1:]


def _say(node: Node, lang: Lang, titles: Titles) -> str:
    words = _WORDS[lang]
    match node.op:
        case "literal":
            return _literal(node, lang)
        case "fact" | "rate" | "value" | "setting":
            return titles(node.op, node.name, lang)
        case "on" | "unknown":
            return words[node.op]
        case "period":
            return words[node.name]
        case "and" | "or":
            parts = [_inner(a, node, lang, titles) for a in node.args]
            return words[node.op].join(parts)
        case "not" if node.args[0].op == "in":
            inside = node.args[0]
            return words["not_in"].format(_say(inside.args[0], lang, titles), _items(inside, lang, titles))
        case "in":
            return words["in"].format(_say(node.args[0], lang, titles), _items(node, lang, titles))
        case "compare":
            return _compare(node, lang, titles)
        case "call" if node.name == "date" and all(a.op == "literal" for a in node.args):
            year, month, day = (int(a.literal) for a in node.args)  # type: ignore[arg-type]
            return day_text(date(year, month, day), lang)
        case "call":
            return _call(node, lang, titles)
    pattern = words["span_add"] if node.op == "add" and node.args[1].type.kind == "span" else words[node.op]
    return pattern.format(*(_inner(a, node, lang, titles) for a in node.args))


def _literal(node: Node, lang: Lang) -> str:
    value = node.literal
    if isinstance(value, bool):
        return _WORDS[lang]["true" if value else "false"]
    if isinstance(value, int | Fraction):
        return number_text(value, lang)
    return str(value)


def _items(node: Node, lang: Lang, titles: Titles) -> str:
    return ", ".join(_operand(node.args[0], a, lang, titles) for a in node.args[1:])


def _operand(beside: Node, node: Node, lang: Lang, titles: Titles) -> str:
    """An operand of a comparison; an enumeration's word is said as its fact's vocabulary has it."""
    if node.op == "literal" and isinstance(node.literal, str) and beside.op in ("fact", "at"):
        return titles(f"enum:{beside.name}", node.literal, lang)
    return _say(node, lang, titles)


def _compare(node: Node, lang: Lang, titles: Titles) -> str:
    left, right = node.args
    if right.op == "literal" and isinstance(right.literal, bool):
        positive = right.literal == (node.name == "==")
        text = _say(left, lang, titles)
        return text if positive else _WORDS[lang]["not"].format(text)
    patterns = _COMPARE[lang] | (_DATES[lang] if left.type.kind == "date" else {})
    return patterns[node.name].format(_operand(right, left, lang, titles), _operand(left, right, lang, titles))


def _call(node: Node, lang: Lang, titles: Titles) -> str:
    args = [_say(a, lang, titles) for a in node.args]
    if node.name == "at_least":
        return _WORDS[lang]["at_least"].format(args[0], "; ".join(args[1:]))
    if node.name in ("is_known", "known_or"):
        return _WORDS[lang][node.name].format(*args)
    function = FUNCTIONS[node.name]
    return (function.da if lang == "da" else function.en).format(*args, args=("; ".join(args)), date=", ".join(args))


_WEAK = {"and": 1, "or": 0, "if": -1, "add": 3, "sub": 3, "mul": 4, "div": 4}


def _inner(node: Node, outer: Node, lang: Lang, titles: Titles) -> str:
    """A part of a bigger phrase, in brackets where the reader would otherwise misread it."""
    text = _say(node, lang, titles)
    weaker = _WEAK.get(node.op, 9) < _WEAK.get(outer.op, -2)
    same_but_right = outer.op in ("sub", "div") and node is outer.args[-1] and node.op in _WEAK
    return f"({text})" if weaker or same_but_right or (outer.op == "not" and node.op in ("and", "or")) else text
