"""Text to typed tree. A closed grammar on Python's ``ast``: what is not listed here is refused, nothing is ever run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NoReturn

from ..words import quoted, say
from .errors import FormulaError, near
from .functions import DAYS, FORMS, FUNCTIONS, calendar_day, check_call
from .nodes import Formula, Node, Op, formula_of
from .types import BOOL, COUNT, DATE, LITERAL, PLAIN, TEXT, Type, mismatch, unify

MAX_CHARACTERS = 2_000
MAX_DEPTH = 40
MAX_NODES = 400
MAX_DIGITS = 15

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Op] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
#: Printable ASCII and line breaks. No comments: lines are joined, so that one would hide the lines after it. No escapes.
_REFUSED = re.compile(r"[^\r\n\t\x20-\x7e]|[#\\]")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_SYMBOL = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_WORDS = {"true", "false", "unknown", "on"}


@dataclass(frozen=True)
class Scope:
    """What a formula may name, each with its type. ``period`` is False where a period is being defined."""

    facts: Mapping[str, Type]
    rates: Mapping[str, Type]
    values: Mapping[str, Type]
    settings: Mapping[str, Type]
    period: bool = True

    def names(self) -> Iterable[str]:
        """Every dotted name, for the near match."""
        yield from self.facts
        for prefix, group in (("rate", self.rates), ("value", self.values), ("setting", self.settings)):
            yield from (f"{prefix}.{name}" for name in group)
        if self.period:
            yield from ("period.from", "period.to")


def parse(text: str, scope: Scope, expected: Type | None = None) -> Formula:
    """Read ``text`` against ``scope``; FormulaError with a code, a message and the column when it is refused."""
    if len(text) > MAX_CHARACTERS:
        raise FormulaError("F_SIZE", say("a formula has at most {most} characters, this one {count}", most=MAX_CHARACTERS, count=len(text)))
    refused = _REFUSED.search(text)
    if refused:
        raise FormulaError("F_SYNTAX", say("unexpected character {sign}", sign=repr(refused[0])), refused.start())
    flat = re.sub(r"[\r\n\t]", " ", text)
    # `from` is a keyword of Python but a name of ours; the stand-in is as long, so that columns stay right.
    readable = re.sub(r"\bperiod\.from\b", "period.frem", flat)
    stripped = len(readable) - len(readable.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python only warns of ("1if x") is no formula
            tree = ast.parse(readable.lstrip(), mode="eval").body
    except (SyntaxError, MemoryError, RecursionError, ValueError, Warning) as error:
        column = (getattr(error, "offset", None) or 1) - 1 + stripped
        reason = quoted(getattr(error, "msg", None) or "too deeply nested")
        raise FormulaError("F_SYNTAX", say("not a formula: {reason}", reason=reason), min(column, len(text))) from None
    _measure(tree)
    checker = _Checker(flat, stripped, scope)
    root = checker.node(tree, expected)
    if root.op != "unknown":
        root = checker.expect(root, expected) if expected else root
    return formula_of(flat, root)


def _measure(tree: ast.expr) -> None:
    """Refuse a tree that is too deep or too big before anything recursive touches it."""
    level: list[ast.AST] = [tree]
    total = depth = 0
    while level:
        depth += 1
        total += len(level)
        if depth > 2 * MAX_DEPTH or total > 3 * MAX_NODES:
            message = say("a formula nests at most {depth} deep and has at most {parts} parts", depth=MAX_DEPTH, parts=MAX_NODES)
            raise FormulaError("F_SIZE", message)
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _no_part(at: object) -> str:
    return say("{part} is not part of the formula language", part=type(at).__name__)


def _no_sum(left: Type, op: Op, right: Type) -> str:
    return say("cannot compute {left} {sign} {right}", left=left, sign=_SYMBOL[op], right=right)


class _Checker:
    """One pass: each ast node becomes a typed node or an error."""

    def __init__(self, text: str, offset: int, scope: Scope) -> None:
        self.text, self.offset, self.scope = text, offset, scope

    def fail(self, code: str, message: str, at: ast.AST | Node) -> NoReturn:
        start = at.start if isinstance(at, Node) else getattr(at, "col_offset", 0) + self.offset
        raise FormulaError(code, message, start)

    def make(self, op: Op, type_: Type, at: ast.expr, *args: Node, name: str = "",
             literal: bool | int | Fraction | str | None = None) -> Node:  # fmt: skip
        start, end = at.col_offset + self.offset, (at.end_col_offset or 0) + self.offset
        return Node(op, type_, args, name, literal, start, end)

    def expect(self, node: Node, wanted: Type) -> Node:
        """``node``, checked to be of ``wanted`` type (a bare literal takes it on)."""
        if unify(node.type, wanted) is None:
            self.fail(mismatch(node.type, wanted), say("expected {wanted}, got {given}", wanted=wanted, given=node.type), node)
        return node

    def node(self, at: ast.expr, wanted: Type | None = None) -> Node:
        match at:
            case ast.Constant():
                return self.constant(at)
            case ast.Name():
                return self.word(at, wanted)
            case ast.Attribute():
                return self.dotted(at)
            case ast.BoolOp():
                args = [self.expect(self.node(v, BOOL), BOOL) for v in at.values]
                return self.make("and" if isinstance(at.op, ast.And) else "or", BOOL, at, *args)
            case ast.UnaryOp(op=ast.Not()):
                return self.make("not", BOOL, at, self.expect(self.node(at.operand, BOOL), BOOL))
            case ast.UnaryOp(op=ast.USub()):
                arg = self.node(at.operand)
                if arg.type.kind != "number":
                    self.fail("F_TYPE", say("- needs a number, got {given}", given=arg.type), at)
                return self.make("neg", arg.type, at, arg)
            case ast.BinOp():
                return self.arithmetic(at)
            case ast.Compare():
                return self.compare(at)
            case ast.IfExp():
                return self.choice(at, wanted)
            case ast.Call():
                return self.call(at, wanted)
        self.fail("F_FORM", _no_part(at), at)

    def constant(self, at: ast.Constant) -> Node:
        if isinstance(at.value, bool):
            self.fail("F_FORM", say("write '{word}' in lower case", word=str(at.value).lower()), at)
        if isinstance(at.value, str):
            return self.make("literal", TEXT, at, literal=at.value.replace("period.frem", "period.from"))
        if isinstance(at.value, int | float):
            written = self.text[at.col_offset + self.offset : (at.end_col_offset or 0) + self.offset]
            if not _NUMBER.fullmatch(written) or len(written) > MAX_DIGITS:
                message = say("a number is written with at most {most} digits, as in 3500 or 0.15", most=MAX_DIGITS)
                self.fail("F_NUMBER", message, at)
            value = Fraction(written)
            return self.make("literal", LITERAL, at, literal=int(value) if value.denominator == 1 else value)
        self.fail("F_FORM", _no_part(at.value), at)

    def word(self, at: ast.Name, wanted: Type | None) -> Node:
        if at.id in ("true", "false"):
            return self.make("literal", BOOL, at, literal=at.id == "true")
        if at.id == "unknown":
            return self.make("unknown", wanted or BOOL, at)
        if at.id == "on":
            return self.make("on", DATE, at)
        if wanted is not None and wanted.kind == "enum":
            if at.id not in wanted.values:
                hint = near(at.id, wanted.values)
                self.fail("F_NAME", say("'{name}' is none of {names}{hint}", name=at.id, names=", ".join(wanted.values), hint=hint), at)
            return self.make("literal", wanted, at, literal=at.id)
        if wanted is not None and wanted.kind == "text":
            return self.make("literal", TEXT, at, literal=at.id)
        hint = near(at.id, [*self.scope.names(), *_WORDS])
        self.fail("F_NAME", say("unknown name '{name}'{hint}", name=at.id, hint=hint), at)

    def dotted(self, at: ast.Attribute) -> Node:
        parts: list[str] = []
        inner: ast.expr = at
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            self.fail("F_FORM", say("a dot joins names only, as in lease.rent"), at)
        name = ".".join([inner.id, *reversed(parts)])
        if "period.from" in self.text[at.col_offset + self.offset : (at.end_col_offset or 0) + self.offset]:
            name = name.replace("period.frem", "period.from")
        head, _, tail = name.partition(".")
        groups: dict[str, tuple[Op, Mapping[str, Type]]] = {
            "rate": ("rate", self.scope.rates),
            "value": ("value", self.scope.values),
            "setting": ("setting", self.scope.settings),
        }
        if head in groups and tail in groups[head][1]:
            return self.make(groups[head][0], groups[head][1][tail], at, name=tail)
        if name in ("period.from", "period.to") and self.scope.period:
            return self.make("period", DATE, at, name=tail)
        if name in self.scope.facts:
            return self.make("fact", self.scope.facts[name], at, name=name)
        self.fail("F_NAME", say("unknown name '{name}'{hint}", name=name, hint=near(name, self.scope.names())), at)

    def arithmetic(self, at: ast.BinOp) -> Node:
        if type(at.op) not in _ARITHMETIC:
            self.fail("F_FORM", _no_part(at.op), at)
        op = _ARITHMETIC[type(at.op)]
        left, right = self.node(at.left), self.node(at.right)
        kinds = (left.type.kind, right.type.kind)
        if kinds == ("date", "span") and op in ("add", "sub"):
            return self.make(op, DATE, at, left, right)
        if kinds == ("date", "date") and op == "sub":
            return self.make(op, DAYS, at, left, right)
        if kinds != ("number", "number"):
            self.fail("F_TYPE", _no_sum(left.type, op, right.type), at)
        if op in ("mul", "div"):
            if left.type.unit is None and right.type.unit is None:
                return self.make(op, LITERAL, at, left, right)
            unit = (left.type.unit or PLAIN).combine(right.type.unit or PLAIN, 1 if op == "mul" else -1)
            return self.make(op, Type("number", unit), at, left, right)
        common = unify(left.type, right.type)
        if common is None:
            self.fail("F_UNIT", _no_sum(left.type, op, right.type), at)
        return self.make(op, common, at, left, right)

    def compare(self, at: ast.Compare) -> Node:
        operands: list[ast.expr] = [at.left, *at.comparators]
        # A bare word is read against the type of the operand beside it, on either side.
        later = (ast.Name, ast.List, ast.Tuple, ast.Set)
        found: list[Node | None] = [None if isinstance(o, later) else self.node(o) for o in operands]
        parts: list[Node] = []
        for index, op in enumerate(at.ops):
            symbol = _COMPARE.get(type(op))
            if symbol is None:
                self.fail("F_FORM", say("'{part}' is not part of the formula language", part=type(op).__name__), at)
            right_at = operands[index + 1]
            if symbol in ("in", "not in"):
                member = self.membership(at, operands[index], found[index], right_at, symbol)
                parts.append(self.within(at, operands[index], right_at, member))
                continue
            neighbour = found[index] or found[index + 1]
            hint = neighbour.type if neighbour else None
            left = found[index] or self.node(operands[index], hint)
            right = found[index + 1] or self.node(right_at, left.type)
            found[index], found[index + 1] = left, right
            self.comparable(at, left, right, symbol)
            parts.append(self.within(at, operands[index], right_at, self.make("compare", BOOL, at, left, right, name=symbol)))
        return parts[0] if len(parts) == 1 else self.make("and", BOOL, at, *parts)

    def within(self, at: ast.Compare, first: ast.expr, last: ast.expr, node: Node) -> Node:
        """``node``, placed where its own link of a chain stands (``a < b`` of ``a < b < c``)."""
        if len(at.ops) == 1:
            return node
        start, end = first.col_offset + self.offset, (last.end_col_offset or 0) + self.offset
        # Python leaves the brackets of an operand out of its place.
        depth = lowest = 0
        for sign in self.text[start:end]:
            depth += (sign == "(") - (sign == ")")
            lowest = min(lowest, depth)
        for _ in range(-lowest):
            start = self.text.rindex("(", 0, start)
        for _ in range(depth - lowest):
            end = self.text.index(")", end) + 1
        args = tuple(replace(a, start=start, end=end) for a in node.args) if node.op == "not" else node.args
        return replace(node, args=args, start=start, end=end)

    def comparable(self, at: ast.Compare, left: Node, right: Node, symbol: str) -> None:
        if unify(left.type, right.type) is None:
            message = say("cannot compare {left} with {right}", left=left.type, right=right.type)
            self.fail(mismatch(left.type, right.type), message, at)
        if symbol not in ("==", "!=") and left.type.kind not in ("number", "date"):
            self.fail("F_TYPE", say("{sign} compares numbers or dates, not {given}", sign=symbol, given=left.type), at)
        if left.type.kind in ("dates", "span"):
            self.fail("F_TYPE", say("{given} cannot be compared", given=left.type), at)

    def membership(self, at: ast.Compare, left_at: ast.expr, left: Node | None, right_at: ast.expr, symbol: str) -> Node:
        left = left or self.node(left_at)
        if not isinstance(right_at, ast.List) or not right_at.elts:
            self.fail("F_FORM", say("'in' takes a list, as in dwelling.kind in [family, youth]"), right_at)
        items = [self.node(item, left.type) for item in right_at.elts]
        for item in items:
            self.comparable(at, left, item, "==")
        found = self.make("in", BOOL, at, left, *items)
        return found if symbol == "in" else self.make("not", BOOL, at, found)

    def choice(self, at: ast.IfExp, wanted: Type | None) -> Node:
        test = self.expect(self.node(at.test, BOOL), BOOL)
        yes, no = self.node(at.body, wanted), self.node(at.orelse, wanted)
        if yes.op == "unknown":
            yes = replace(yes, type=no.type)
        elif no.op == "unknown":
            no = replace(no, type=yes.type)
        common = unify(yes.type, no.type)
        if common is None:
            message = say("the two sides of 'if' differ: {first} and {second}", first=yes.type, second=no.type)
            self.fail(mismatch(yes.type, no.type), message, at)
        return self.make("if", common, at, test, yes, no)

    def call(self, at: ast.Call, wanted: Type | None) -> Node:
        if not isinstance(at.func, ast.Name):
            self.fail("F_FORM", say("only the named functions can be called"), at)
        name = at.func.id
        if name not in FUNCTIONS and name not in FORMS:
            self.fail("F_NAME", say("unknown function '{name}'{hint}", name=name, hint=near(name, [*FUNCTIONS, *FORMS])), at)
        if at.keywords or any(isinstance(a, ast.Starred) for a in at.args):
            self.fail("F_ARGUMENTS", say("{name} takes plain arguments only", name=name), at)
        if name in FORMS:
            return self.form(at, name, wanted)
        args = tuple(self.node(a) for a in at.args)
        literals = [a.literal for a in args if isinstance(a.literal, int)]
        if name == "date" and len(literals) == len(args) == 3 and calendar_day(*literals) is None:
            day = f"{literals[0]}-{literals[1]:02}-{literals[2]:02}"
            self.fail("F_NUMBER", say("the calendar has no such day: {day}", day=day), at)
        try:
            return self.make("call", check_call(name, tuple(a.type for a in args)), at, *args, name=name)
        except FormulaError as error:
            self.fail(error.code, error.message, at)

    def form(self, at: ast.Call, name: str, wanted: Type | None) -> Node:
        counts = {"at": 2, "is_known": 1, "known_or": 2}
        if name in counts and len(at.args) != counts[name]:
            message = say("{name} takes {wanted} arguments, got {given}", name=name, wanted=counts[name], given=len(at.args))
            self.fail("F_ARGUMENTS", message, at)
        if name == "at":
            what, day = self.node(at.args[0]), self.expect(self.node(at.args[1], DATE), DATE)
            if what.op not in ("fact", "rate"):
                self.fail("F_ARGUMENTS", say("at() takes a fact or a rate, and a day"), at)
            return self.make("at", what.type, at, what, day, name=what.name)
        if name == "is_known":
            return self.make("call", BOOL, at, self.node(at.args[0]), name=name)
        if name == "known_or":
            first = self.node(at.args[0], wanted)
            other = self.node(at.args[1], first.type)
            common = unify(first.type, other.type)
            if common is None:
                message = say("the two sides of known_or differ: {first} and {second}", first=first.type, second=other.type)
                self.fail(mismatch(first.type, other.type), message, at)
            return self.make("call", common, at, first, other, name=name)
        if len(at.args) < 2:
            self.fail("F_ARGUMENTS", say("at_least takes a number and one or more statements"), at)
        count = self.expect(self.node(at.args[0]), COUNT)
        if not isinstance(count.literal, int) or not 0 < count.literal < len(at.args):
            message = say("the first argument of at_least is a whole number, at most that of the statements")
            self.fail("F_ARGUMENTS", message, at)
        parts = [self.expect(self.node(a, BOOL), BOOL) for a in at.args[1:]]
        return self.make("call", BOOL, at, count, *parts, name=name)
