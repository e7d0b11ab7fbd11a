"""The scalar reading, which is the reference: a tree becomes a function of one case's facts on one day.

Kleene logic throughout. Every node's value is kept in ``Env.record``, so that a proof can show each sub-expression.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

from . import functions
from .calendar import shift
from .env import Env, Run
from .junction import junction
from .nodes import SATURDAY, Formula, Node
from .value import Cause, Unknown, Value, merge


def compile_formula(formula: Formula) -> Run:
    """The function that computes ``formula`` in an environment and records each node's value."""
    return _compile(formula.root)


def _compile(node: Node) -> Run:
    return _READERS[node.op](node)


def _junction(decisive: bool) -> Callable[[Node], Run]:
    return lambda node: junction(node, tuple(_compile(a) for a in node.args), decisive)


def _literal(node: Node) -> Run:
    value = node.literal
    return lambda env: value


def _unknown(node: Node) -> Run:
    return _recorded(node, Unknown((Cause("law_not_known", ""),)))


def _recorded(node: Node, value: Any) -> Run:
    def run(env: Env) -> Any:
        env.record[node] = value
        return value

    return run


def _fact(node: Node) -> Run:
    name = node.name

    def run(env: Env) -> Any:
        value = env.facts.get(name)
        if value is None:
            value = env.fact(name)
        env.record[node] = value
        return value

    return run


def _reader(read: Callable[[Env, str], Value]) -> Callable[[Node], Run]:
    def compile_(node: Node) -> Run:
        name = node.name

        def run(env: Env) -> Any:
            value = env.record[node] = read(env, name)
            return value

        return run

    return compile_


def _at(node: Node) -> Run:
    what, day_run = node.args[0], _compile(node.args[1])
    name, is_rate = what.name, what.op == "rate"

    def run(env: Env) -> Any:
        day = day_run(env)
        if type(day) is not Unknown:
            day = env.rate(name, day) if is_rate else env.fact_at(name, day)
        env.record[node] = day
        return day

    return run


def _not(node: Node) -> Run:
    arg = _compile(node.args[0])

    def run(env: Env) -> Any:
        value = arg(env)
        if type(value) is not Unknown:
            value = not value
        env.record[node] = value
        return value

    return run


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _strict(operate: Callable[[Any, Any], Any]) -> Callable[[Node], Run]:
    """A two-sided operation that is unknown when a side is."""

    def compile_(node: Node) -> Run:
        left_run, right_run = _compile(node.args[0]), _compile(node.args[1])

        def run(env: Env) -> Any:
            left, right = left_run(env), right_run(env)
            if type(left) is Unknown:
                left = merge(left, right) if type(right) is Unknown else left
            elif type(right) is Unknown:
                left = right
            else:
                left = operate(left, right)
            env.record[node] = left
            return left

        return run

    return compile_


def _compare(node: Node) -> Run:
    operate = _COMPARISONS[node.name]
    left, right = node.args
    constant = _constant(right)
    if left.op != "fact" or constant is None:
        return _strict(operate)(node)
    # A fact against a constant is the common case: one step instead of three.
    name, shown = left.name, right.op != "literal"

    def run(env: Env) -> Any:
        record = env.record
        value = env.facts.get(name)
        if value is None:
            value = env.fact(name)
        record[left] = value
        if shown:
            record[right] = constant
        if type(value) is not Unknown:
            value = operate(value, constant)
        record[node] = value
        return value

    return run


def _fact_step(node: Node, fact: Node, test: Callable[[Any], bool]) -> Run:
    """A test of one fact, which needs nothing else."""
    name = fact.name

    def run(env: Env) -> Any:
        value = env.facts.get(name)
        if value is None:
            value = env.fact(name)
        record = env.record
        record[fact] = value
        if type(value) is not Unknown:
            value = test(value)
        record[node] = value
        return value

    return run


def _constant(node: Node) -> Any:
    """The value of a literal, or of a call of literals such as ``date(2023, 7, 1)``; None where it reads anything."""
    if node.op == "literal":
        return node.literal
    if node.op != "call" or node.name in _FORMS or any(a.op != "literal" for a in node.args):
        return None
    function = functions.FUNCTIONS[node.name]
    return None if function.weekdays else function.run(*(a.literal for a in node.args))


def _add(node: Node) -> Run:
    if node.args[1].type.kind == "span":
        return _shift(node, 1)
    return _strict(operator.add)(node)


def _sub(node: Node) -> Run:
    if node.args[1].type.kind == "span":
        return _shift(node, -1)
    if node.args[0].type.kind == "date":
        return _strict(lambda a, b: (a - b).days)(node)
    return _strict(operator.sub)(node)


def _shift(node: Node, sign: int) -> Run:
    missing = Unknown((Cause("no_value", "outside the calendar", node.asked()),))
    return _strict(lambda day, span: shift(day, span, sign) or missing)(node)


def _div(node: Node) -> Run:
    missing = Unknown((Cause("no_value", "division by zero", node.asked()),))
    return _strict(lambda left, right: Fraction(left) / right if right else missing)(node)


def _neg(node: Node) -> Run:
    arg = _compile(node.args[0])

    def run(env: Env) -> Any:
        value = arg(env)
        if type(value) is not Unknown:
            value = -value
        env.record[node] = value
        return value

    return run


def _in(node: Node) -> Run:
    runs = tuple(_compile(a) for a in node.args)
    # An enumeration against words is the common case: one look-up.
    words = frozenset(a.literal for a in node.args[1:]) if all(a.op == "literal" for a in node.args[1:]) else None
    if words is not None and node.args[0].op == "fact":
        return _fact_step(node, node.args[0], words.__contains__)

    def run(env: Env) -> Any:
        value = runs[0](env)
        if words is not None:
            if type(value) is not Unknown:
                value = value in words
        else:
            items = [r(env) for r in runs[1:]]
            unknowns = [v for v in (value, *items) if type(v) is Unknown]
            found = type(value) is not Unknown and any(type(i) is not Unknown and i == value for i in items)
            value = True if found else (reduce(merge, unknowns) if unknowns else False)
        env.record[node] = value
        return value

    return run


def _if(node: Node) -> Run:
    test_run, yes_run, no_run = (_compile(a) for a in node.args)

    def run(env: Env) -> Any:
        test = test_run(env)
        if type(test) is Unknown:
            leaned_on = dict(env.assumed)
            yes, no = yes_run(env), no_run(env)
            if type(yes) is not Unknown and type(no) is not Unknown and yes == no:
                value = yes
            else:
                # Neither side was used in the end, nor what they lean on.
                value, env.assumed = test, leaned_on
        else:
            value = yes_run(env) if test else no_run(env)
        env.record[node] = value
        return value

    return run


def _call(node: Node) -> Run:
    form = _FORMS.get(node.name)
    if form is not None:
        return form(node)
    constant = _constant(node)
    if constant is not None:
        return _recorded(node, constant)
    function = functions.FUNCTIONS[node.name]
    runs = tuple(_compile(a) for a in node.args)
    operate, weekdays = function.run, function.weekdays
    missing = Unknown((Cause("no_value", function.no_value, node.asked()),))

    def run(env: Env) -> Any:
        values = [r(env) for r in runs]
        result: Any = None
        for value in values:
            if type(value) is Unknown:
                result = value if result is None else merge(result, value)
        if result is None:
            result = operate(*values, False) if weekdays else operate(*values)
            # Whether Saturday counts is asked only where it makes a difference.
            if weekdays and result != operate(*values, True):
                saturday = env.setting(SATURDAY)
                result = saturday if type(saturday) is Unknown else operate(*values, saturday)
            if result is None:
                result = missing
        env.record[node] = result
        return result

    return run


def _is_known(node: Node) -> Run:
    arg = _compile(node.args[0])

    def run(env: Env) -> Any:
        value = env.record[node] = type(arg(env)) is not Unknown
        return value

    return run


def _known_or(node: Node) -> Run:
    first, other = (_compile(a) for a in node.args)

    def run(env: Env) -> Any:
        value = first(env)
        if type(value) is Unknown:
            value = other(env)
        env.record[node] = value
        return value

    return run


def _at_least(node: Node) -> Run:
    wanted, parts = node.args[0].literal, tuple(_compile(a) for a in node.args[1:])
    assert isinstance(wanted, int)

    def run(env: Env) -> Any:
        values = [part(env) for part in parts]
        unknowns = [v for v in values if type(v) is Unknown]
        true = sum(1 for v in values if v is True)
        result: Any = true >= wanted
        if not result and true + len(unknowns) >= wanted:
            result = unknowns[0]
            for other in unknowns[1:]:
                result = merge(result, other)
        env.record[node] = result
        return result

    return run


_FORMS: dict[str, Callable[[Node], Run]] = {
    "is_known": _is_known, "known_or": _known_or, "at_least": _at_least,
}  # fmt: skip

_READERS: dict[str, Callable[[Node], Run]] = {
    "literal": _literal, "unknown": _unknown, "fact": _fact, "at": _at, "not": _not,
    "and": _junction(False), "or": _junction(True), "compare": _compare, "in": _in,
    "add": _add, "sub": _sub, "mul": _strict(operator.mul), "div": _div, "neg": _neg,
    "if": _if, "call": _call,
    "on": _reader(lambda env, _: env.on),
    "rate": _reader(lambda env, name: env.rate(name, None)),
    "value": _reader(lambda env, name: env.value(name)),
    "setting": _reader(lambda env, name: env.setting(name)),
    "period": _reader(lambda env, name: env.period(name)),
}  # fmt: skip
