"""The prose reading: a formula as a sentence in Danish or English, built from what things are called in the rulebook."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .functions import FUNCTIONS
from .nodes import BOUNDS, Formula, Node
from .prose_words import DATES, MONTHS, NUMBERS, OPPOSITE, SPANS, SWAPPED, UNITS, WORDS, Lang, subordinate
from .value import exact_decimal

#: What a node that is a name is called: (kind, name, language) -> phrase. Kinds: fact, rate, value, setting, enum:<fact>.
Titles = Callable[[str, str, Lang], str]

_SIGN = {"add": "+", "sub": "-", "mul": "×", "div": "/"}
_NAMES = ("fact", "rate", "value", "setting")
#: Counts of days in words, of which one is one day.
_COUNTED = ("add_weekdays", *BOUNDS, "add_days_outside")
#: A plain number among these is a year: 2022, not 2.022.
_CALENDAR_YEARS = range(1900, 2101)


def day_text(day: date, lang: Lang) -> str:
    """``1. juli 2023`` or ``1 July 2023``."""
    return f"{day.day}{'.' if lang == 'da' else ''} {MONTHS[lang][day.month - 1]} {day.year}"


def number_text(value: int | Fraction, lang: Lang) -> str:
    """``3.500`` or ``3,500``; a fraction without finite decimals stays a fraction."""
    decimal = Decimal(value) if isinstance(value, int) else exact_decimal(value)
    if decimal is None:
        return f"{value.numerator}/{value.denominator}"
    text = f"{decimal:,f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "da" else text


def prose(formula: Formula, lang: Lang, titles: Titles) -> str:
    """The formula as one sentence without a full stop."""
    text = _Speaker(lang, titles).say(formula.root)
    text = re.sub(r",(?= ?[,;:)]|$)", "", text)  # the closing comma of a title, where another stop follows anyway
    return re.sub(r"^\(?[^(]", lambda first: first[0].upper(), text)


class _Speaker:
    """Says one formula. ``sub``: a clause after hvis, at or om."""

    def __init__(self, lang: Lang, titles: Titles) -> None:
        self.lang, self.titles, self.words = lang, titles, WORDS[lang]

    def say(self, node: Node, sub: bool = False) -> str:
        match node.op:
            case "literal":
                return self.literal(node, None)
            case "fact" | "rate" | "value" | "setting":
                return self.title(node)
            case "on" | "unknown":
                return self.words[node.op]
            case "period":
                return self.words[node.name]
            case "not":
                return self.negated(node.args[0], sub)
            case "and" | "or":
                return self.junction(node, sub)
            case "compare":
                return self.compare(node, node.name, sub)
            case "in":
                return self.member(node, "==", sub)
            case "if":
                return self.choice(node)
            case "at":
                return self.words["at"].format(self.title(node.args[0]), self.bracketed(node.args[1]))
            case "neg":
                return self.words["neg"].format(self.bracketed(node.args[0]))
            case "call":
                return self.call(node, sub)
        return self.arithmetic(node)

    # names and literals -----------------------------------------------------------------------------------------

    def title(self, node: Node) -> str:
        """A title with an open relative clause ("dato, boligen er ledig fra") gets its closing comma."""
        text = self.titles(node.op, node.name, self.lang)
        return f"{text}," if node.type.kind != "bool" and text.count(",") % 2 and "(" not in text else text

    def literal(self, node: Node, beside: Node | None) -> str:
        """A literal; a bare number is counted in what stands beside it, a word is said as its fact's vocabulary has it."""
        value = node.literal
        if isinstance(value, bool):
            return self.words["true" if value else "false"]
        if isinstance(value, int | Fraction):
            unit = beside.type.unit if beside is not None else None
            if unit is not None and not unit.powers and value in _CALENDAR_YEARS:
                return str(value)
            if unit is not None and not unit.powers and 0 < value < 1:
                return self.percent(value) or number_text(value, self.lang)
            counted = UNITS[self.lang].get(str(unit)) if unit is not None else None
            written = number_text(value, self.lang)
            if counted and str(unit).startswith("DKK") and re.search(r"[.,]\d$", written):
                written += "0"  # kroner and øre
            return f"{written} {counted[value != 1] if counted else ''}".strip()
        fact = next((n for n in beside.walk() if n.op == "fact" and n.type.kind == "enum"), None) if beside is not None else None
        if fact is not None and node.type.kind == "enum":
            return self.titles(f"enum:{fact.name}", str(value), self.lang)
        return self.words["quote"].format(value)

    def percent(self, value: int | Fraction) -> str | None:
        """``60 pct.`` for a share with at most two decimals of a per cent."""
        return self.words["percent"].format(number_text(value * 100, self.lang)) if (value * 10_000) % 1 == 0 else None

    def operand(self, node: Node, beside: Node) -> str:
        return self.literal(node, beside) if node.op == "literal" else self.bracketed(node, arithmetic=True)

    def bracketed(self, node: Node, arithmetic: bool = False) -> str:
        """A part of a bigger phrase, in brackets where the reader would otherwise misread it."""
        text = self.say(node)
        loose = (
            node.op in ("if", "and", "or")
            or self.bound(node) is not None
            or (not arithmetic and node.op in _SIGN and not self.plain_shift(node) and not self.between(node))
        )
        return f"({text})" if loose else text

    def listed(self, parts: Sequence[str], word: str, stop: str = "") -> str:
        """``a``, ``a og b``, ``a, b og c``."""
        word = f"{stop} {self.words[word]} "
        if len(parts) > 2 and not any("," in p or " og " in p or " and " in p for p in parts):
            return ", ".join(parts[:-1]) + word + parts[-1]
        return word.join(parts)

    # statements -------------------------------------------------------------------------------------------------

    def junction(self, node: Node, sub: bool) -> str:
        if node.op == "and" and len(node.args) == 2 and all(a.op == "compare" for a in node.args):
            first, second = node.args
            if first.args[1] is second.args[0]:  # a chain: a <= b < c
                middle = first.args[1]
                low = self.said_of(middle, first.args[0], SWAPPED[first.name], sub)
                high = self.said_of(middle, second.args[1], second.name, sub).removeprefix("er ").removeprefix("is ")
                return f"{self.operand(middle, first.args[0])} {low} {self.words['and']} {high}"
        parts = []
        for index, arg in enumerate(node.args):
            text = self.say(arg, sub)
            last = index == len(node.args) - 1
            parts.append(f"({text})" if self.compound(arg) or (not last and self.open_ended(arg)) else text)
        return self.listed(parts, node.op, "" if sub else ",")  # a comma stands between main clauses

    def compound(self, node: Node) -> bool:
        """Does the phrase of a statement hold an »og« or »eller« of its own?"""
        if node.op == "not" and node.args[0].op == "in":
            return self.compound(node.args[0])
        if node.op == "compare":
            return node.args[0].type.kind == "bool" and all(a.op != "literal" for a in node.args)
        return node.op in ("and", "or", "if") or (node.op == "in" and len(node.args) > 2) or (node.op == "call" and node.name == "at_least")

    def open_ended(self, node: Node) -> bool:
        """Does the phrase end in an at- or om-clause, which what follows would seem to belong to?"""
        inner = node.args[0] if node.op == "not" else node
        if inner.op == "call":
            return inner.name in ("is_known", "known_or") and inner.args[0].type.kind == "bool"
        return node.op == "not" and inner.op in _NAMES

    def negated(self, node: Node, sub: bool) -> str:
        if node.op == "compare":
            return self.compare(node, OPPOSITE[node.name], sub)
        if node.op == "in":
            return self.member(node, "!=", sub)
        if node.op == "not":
            return self.say(node.args[0], sub)
        if node.op == "call" and node.name == "is_known":
            return self.known(node.args[0], sub, negated=True)
        if node.op == "call" and node.name == "known_or" and node.args[1].literal is False:
            return self.phrase("not_known_or_false", sub).format(self.say(node.args[0], True), self.how_known(node.args[0]))
        if node.op == "literal":
            return self.words["false" if node.literal else "true"]
        text = self.say(node, True)
        return self.phrase("not", sub).format(f"({text})" if self.compound(node) else text)

    def phrase(self, name: str, sub: bool) -> str:
        return self.order(self.words[name], sub)

    def order(self, phrase: str, sub: bool) -> str:
        return subordinate(phrase, self.lang) if sub else phrase

    def compare(self, node: Node, symbol: str, sub: bool) -> str:
        left, right = node.args
        if left.op == "literal" and right.op != "literal":
            left, right, symbol = right, left, SWAPPED[symbol]
        if left.type.kind == "bool":
            if right.op == "literal":
                return self.say(left, sub) if right.literal == (symbol == "==") else self.negated(left, sub)
            if symbol == "!=":
                return self.words["either"].format(self.say(left), self.say(right))
            parts = [f"({t})" if self.compound(n) else t for n, t in ((left, self.say(left, sub)), (right, self.say(right, True)))]
            return self.words["iff"].format(*parts)
        return f"{self.operand(left, right)} {self.said_of(left, right, symbol, sub)}"

    def said_of(self, left: Node, right: Node, symbol: str, sub: bool) -> str:
        """``er mindst 18 år``."""
        days = left.type.kind == "date" or any(n.op == "call" and n.name == "year_of" for n in (left, right))
        pattern = (NUMBERS[self.lang] | (DATES[self.lang] if days else {}))[symbol]
        return self.order(pattern, sub).format(self.operand(right, left))

    def member(self, node: Node, symbol: str, sub: bool) -> str:
        first, *items = node.args
        pattern = self.order(NUMBERS[self.lang][symbol], sub)
        return f"{self.operand(first, items[0])} {pattern.format(self.listed([self.operand(i, first) for i in items], 'or'))}"

    def choice(self, node: Node) -> str:
        test, yes, no = node.args
        cases = node.type.kind == "bool" or "unknown" in (yes.op, no.op)
        then = f"({self.say(yes)})" if yes.op == "if" else self.operand(yes, no)
        otherwise = self.say(no) if no.op == "if" else self.operand(no, yes)
        return self.words["cases" if cases else "if"].format(self.say(test, True), then, otherwise)

    def how_known(self, node: Node) -> str:
        """A fact is stated, a rate established, what follows from them known."""
        kind = node.args[0].op if node.op in ("at", "compare") else node.op
        return self.words[f"{kind if kind in ('rate', 'value') else 'fact'}_known"]

    def known(self, node: Node, sub: bool, negated: bool = False) -> str:
        name = f"{'not' if negated else 'is'}_known{'_bool' if node.type.kind == 'bool' else ''}"
        return self.phrase(name, sub).format(
            self.say(node, True) if node.type.kind == "bool" else self.bracketed(node), self.how_known(node)
        )

    # numbers, days and functions ----------------------------------------------------------------------------------

    def plain_shift(self, node: Node) -> bool:
        """A date and one span of so many days, months or years: said as ``6 måneder før ...``."""
        return (
            node.op in ("add", "sub")
            and node.args[1].type.kind == "span"
            and node.args[1].args[0].op == "literal"
            and not (node.args[0].op in ("add", "sub") and node.args[0].type.kind == "date")
        )

    def between(self, node: Node) -> bool:
        return node.op == "sub" and node.args[1].type.kind == "date"

    def arithmetic(self, node: Node) -> str:
        left, right = node.args
        if self.plain_shift(node):
            return self.words["after" if node.op == "add" else "before"].format(self.bracketed(left), self.say(right))
        if self.between(node):
            return self.words["between"].format(self.bracketed(left), self.bracketed(right))
        if node.op == "mul":
            for part, other in ((left, right), (right, left)):
                share = self.percent(part.literal) if isinstance(part.literal, Fraction) and 0 < part.literal < 1 else None
                if share:
                    return self.words["share"].format(share, self.bracketed(other))
        product = node.op in ("mul", "div")
        says = []
        for part, other in ((left, right), (right, left)):
            weak = part.op in ("add", "sub") if product else False
            again = part is right and node.op in ("sub", "div") and part.op in _SIGN and (node.op == "div" or part.op in ("add", "sub"))
            if part.op == "literal":
                says.append(self.say(part) if product else self.literal(part, other))
            elif self.plain_shift(part) and part is left and node.type.kind == "date":
                says.append(self.chain_start(part))
            else:
                text = self.bracketed(part, arithmetic=True)
                says.append(f"({text})" if (weak or again) and not _bracketed(text) else text)
        return f"{says[0]} {_SIGN[node.op]} {says[1]}"

    def chain_start(self, node: Node) -> str:
        return f"{self.bracketed(node.args[0])} {_SIGN[node.op]} {self.say(node.args[1])}"

    def bound(self, node: Node) -> tuple[Node, Node] | None:
        """``max(0, x)`` is x, but at least 0: the x and the figure."""
        if node.op != "call" or node.name not in ("min", "max") or len(node.args) != 2 or node.type.kind != "number":
            return None
        figures = [a for a in node.args if a.op == "literal"]
        others = [a for a in node.args if a.op != "literal"]
        return (others[0], figures[0]) if len(figures) == 1 else None

    def call(self, node: Node, sub: bool) -> str:
        args = node.args
        if node.name == "is_known":
            return self.known(args[0], sub)
        if node.name == "known_or":
            return self.known_or(node, sub)
        if node.name == "at_least":
            return self.words["at_least"].format(self.say(args[0]), "; ".join(self.say(a) for a in args[1:]))
        if node.name in ("min", "max"):
            bound = self.bound(node)
            if bound:
                return self.words[f"{node.name}_bound"].format(self.bracketed(bound[0], arithmetic=True), self.literal(bound[1], bound[0]))
            name = f"{node.name}{'2' if len(args) == 2 else ''}{'_date' if node.type.kind == 'date' else ''}"
            beside = next((a for a in args if a.op != "literal"), args[0])
            texts = [self.operand(a, beside) for a in args]
            clear = not any(re.search(r",| og | and ", t) for t in texts)
            return f"{self.words[name]} {self.listed(texts, 'and')}" if clear else f"{self.words[name]}: {'; '.join(texts)}"
        if node.name in SPANS:
            return self.span(node)
        if node.name in ("date", "first_of_year", *_COUNTED):
            special = self.special(node)
            if special:
                return special
        function = FUNCTIONS[node.name]
        return (function.da if self.lang == "da" else function.en).format(*(self.bracketed(a) for a in args))

    def known_or(self, node: Node, sub: bool) -> str:
        first, other = node.args
        how = self.how_known(first)
        if other.literal is True:
            return self.phrase("known_or_true", sub).format(self.say(first, sub), how)
        if other.literal is False:
            return self.words["known_or_false"].format(self.say(first, True), how)
        return self.words["known_or"].format(self.bracketed(first), self.operand(other, first), how)

    def span(self, node: Node) -> str:
        """``5 år``; a named length in years is not said to be so many years once more."""
        length, unit = node.args[0], SPANS[node.name]
        if length.op == "literal":
            return f"{self.say(length)} {UNITS[self.lang][unit][length.literal != 1]}"
        text = self.bracketed(length)
        return text if str(length.type.unit) == unit else f"{text} {UNITS[self.lang][unit][1]}"

    def day_of(self, day: int, month: int, year: Node) -> str:
        """``1. juli i året for indflytning``."""
        pattern = "day_of_month" if any(n.op == "call" and n.name == "year_of" for n in year.walk()) else "day_of_year"
        return self.words[pattern].format(day, MONTHS[self.lang][month - 1], self.bracketed(year))

    def special(self, node: Node) -> str | None:
        """Functions of literals that read better as what they come to."""
        numbers = [a.literal if isinstance(a.literal, int) else None for a in node.args]
        if node.name == "first_of_year":
            if numbers[0] is not None:
                return day_text(date(numbers[0], 1, 1), self.lang) if 1 <= numbers[0] <= 9999 else None
            return self.day_of(1, 1, node.args[0])
        if node.name == "date" and numbers[1] is not None and numbers[2] is not None and 1 <= numbers[1] <= 12:
            if numbers[0] is not None:
                return day_text(date(numbers[0], numbers[1], numbers[2]), self.lang)  # the reader refused any other
            return self.day_of(numbers[2], numbers[1], node.args[0])
        if node.name in _COUNTED:
            months = [MONTHS[self.lang][n - 1] if n is not None and 1 <= n <= 12 else None for n in numbers[2:]]
            texts = [m or self.bracketed(a) for m, a in zip(months, node.args[2:], strict=True)]
            text = (FUNCTIONS[node.name].da if self.lang == "da" else FUNCTIONS[node.name].en).format(
                self.bracketed(node.args[0]), self.bracketed(node.args[1]), *texts
            )
            return re.sub(r"^1 (hverdag|weekday|dag|day)(?:e|s) ", r"1 \1 ", text)
        return None


def _bracketed(text: str) -> bool:
    """Does one pair of brackets hold the whole phrase?"""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return text[0] == "(" and place == len(text) - 1
    return False


__all__ = ["Lang", "Titles", "day_text", "number_text", "prose"]
