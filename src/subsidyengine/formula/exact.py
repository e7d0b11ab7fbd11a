"""Exact numbers as columns: whole numerators over whole denominators, as the scalar reading's fractions are.

A column of a database has no fractions, and its floating numbers are not exact. So a number is three things: a column of whole
numbers, a fixed denominator (100 for øre, 12 for a twelfth) and, only where something was divided by a column, a column of
positive whole numbers. Sums and comparisons bring two numbers to a common denominator and then stay among whole numbers.

Each number carries the largest that its numerator can become. What fits 64 bits stays there; what does not is a decimal of 38
digits; what might not even fit that is refused when the plan is made (:class:`TooLarge`), so nothing overflows unseen.

A public face of the room, as ``columns`` is: it needs Ibis too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import ibis
import ibis.expr.operations as ops

INT64 = 2**63 - 1
WIDEST = 10**38 - 1
WIDE = "decimal(38, 0)"

#: A whole number, the same in every row, or a column of them.
Whole = Any


class TooLarge(ValueError):
    """A formula's numbers might not fit 38 digits: narrower limits of the facts it reads are needed."""


@dataclass(frozen=True, slots=True, eq=False)
class Num:
    """``n / (scale * d)``. ``n`` is an int or a column of whole numbers, NULL where the number is unknown.

    ``bound``: the most that ``|n|`` can be, ``dbound`` that of ``d``. ``sure``: is it never negative?
    """

    n: Whole
    bound: int
    scale: int = 1
    d: Whole = None
    dbound: int = 1
    sure: bool = False


def constant(value: int | Fraction) -> Num:
    """The same number in every row."""
    fraction = Fraction(value)
    return Num(fraction.numerator, abs(fraction.numerator), fraction.denominator, sure=fraction >= 0)


def null(kind: str) -> Any:
    """What is unknown in every row.

    Not a NULL that stands there: Ibis would turn ``x == NULL`` into ``x IS NULL``, and a comparison with what is unknown is unknown.
    """
    some: Any = {"int64": 0, "boolean": True, "string": "", "date": date(2000, 1, 1)}[kind]
    return ibis.literal(some, kind).nullif(ibis.literal(some, kind))


#: Known where all that they are of is known.
_STRICT = (
    ops.Comparison, ops.And, ops.Or, ops.Not, ops.InValues, ops.Add, ops.Subtract, ops.Multiply, ops.Negate, ops.Cast, ops.BitwiseBinary,
)  # fmt: skip


def never_null(op: Any) -> bool:
    """Is an expression known in every row, as far as its form and the columns that it reads tell?"""
    match op:
        case ops.Field():
            return not op.dtype.nullable
        case ops.Literal():
            return op.value is not None
        case ops.IsNull() | ops.NotNull():
            return True
        case ops.Coalesce():
            return any(never_null(arg) for arg in op.arg)
        case ops.SearchedCase():
            return all(never_null(result) for result in (*op.results, op.default))
        case _:
            return isinstance(op, _STRICT) and all(never_null(arg) for arg in op.__children__)


def unknown(x: Any) -> Any:
    """Where a column is NULL, said so that every engine reads it: not all take ``a IN (b) IS NULL``, or read NOT as expected there."""
    op = x.op()
    if never_null(op):
        return ibis.literal(False)
    if isinstance(op, ops.Not):
        return unknown(op.arg.to_expr())
    if isinstance(op, ops.InValues):  # only ever against words that stand there
        return unknown(op.value.to_expr())
    return x.isnull()


def nothing() -> Num:
    """An unknown number in every row."""
    return Num(null("int64"), 0, sure=True)


def column(n: Whole, bound: int, scale: int, sure: bool) -> Num:
    """A column of whole numbers that count ``1 / scale``."""
    return Num(n, bound, scale, sure=sure)


def known(a: Num) -> Any:
    """Where the number is known."""
    return ibis.literal(True) if isinstance(a.n, int) or never_null(a.n.op()) else a.n.notnull()


def add(a: Num, b: Num, sign: int = 1) -> Num:
    """``a + b``, or ``a - b`` for a sign of -1."""
    a, b = common(a, b)
    bound = a.bound + b.bound
    left, right = _fit(a.n, a.bound, bound), _fit(b.n, b.bound, bound)
    return replace(a, n=left + right if sign > 0 else left - right, bound=bound, sure=a.sure and b.sure and sign > 0)


def neg(a: Num) -> Num:
    """``-a``."""
    return replace(a, n=-a.n, sure=False)


def mul(a: Num, b: Num) -> Num:
    """``a * b``."""
    n, bound = _times(a.n, a.bound, b.n, b.bound)
    d, dbound = _product(a.d, a.dbound, b.d, b.dbound)
    made = Num(n, bound, a.scale * b.scale, d, dbound, a.sure and b.sure)
    if isinstance(a.n, int) or isinstance(b.n, int):
        constant_, other = (a, b) if isinstance(a.n, int) else (b, a)
        shared = gcd(constant_.n, made.scale)
        if shared > 1:  # 12 twelfths: smaller numbers from here on
            n, bound = _times(other.n, other.bound, constant_.n // shared, abs(constant_.n) // shared)
            made = replace(made, n=n, bound=bound, scale=made.scale // shared)
    return made


def div(a: Num, b: Num) -> Num:
    """``a / b``, unknown where ``b`` is zero."""
    if isinstance(b.n, int) and b.d is None:
        return mul(a, constant(Fraction(b.scale, b.n))) if b.n else nothing()
    top, bound = _times(a.n, a.bound, b.scale, b.scale)
    if b.d is not None:
        top, bound = _times(top, bound, b.d, b.dbound)
    if not b.sure:
        top = (b.n < 0).ifelse(-_column(top), _column(top))
    d, dbound = _product(a.d, a.dbound, b.n if b.sure else b.n.abs(), b.bound)
    n = ibis.cases((b.n != 0, _column(top)))
    # The denominator is never NULL: what stands beside this number in a choice is brought over it too.
    return Num(n, bound, a.scale, ibis.cases((b.n != 0, d), else_=_column(_fit(1, 1, dbound))), dbound, a.sure and b.sure)


COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def compare(symbol: str, a: Num, b: Num) -> Any:
    """``a < b`` and the like: NULL where either is unknown."""
    a, b = common(a, b)
    most = max(a.bound, b.bound)
    return COMPARISONS[symbol](_column(_fit(a.n, a.bound, most)), _column(_fit(b.n, b.bound, most)))


def pick(a: Num, b: Num, choose: Callable[[Any, Any], Any]) -> Num:
    """A number that is ``a`` in some rows and ``b`` in others: ``choose`` is given both numerators over one denominator."""
    a, b = common(a, b)
    bound = max(a.bound, b.bound)
    n = choose(_column(_fit(a.n, a.bound, bound)), _column(_fit(b.n, b.bound, bound)))
    return replace(a, n=n, bound=bound, sure=a.sure and b.sure)


def among(tests: Sequence[Any], numbers: Sequence[Num]) -> Num:
    """The number of the first test that holds; of the numbers, one more than the tests, the last where none does."""
    if any(number.d is not None for number in numbers):  # denominators of their own: two by two
        made = numbers[-1]
        for test, number in zip(reversed(tests), reversed(numbers[:-1]), strict=True):
            made = pick(number, made, lambda x, y, test=test: ibis.cases((test, x), else_=y))  # type: ignore[misc]
        return made
    scale = lcm(*(number.scale for number in numbers))
    scaled = [_scaled(number, scale) for number in numbers]
    bound = max(number.bound for number in scaled)
    *first, last = (_column(_fit(number.n, number.bound, bound)) for number in scaled)
    return Num(ibis.cases(*zip(tests, first, strict=True), else_=last), bound, scale, sure=all(n.sure for n in numbers))


def least(a: Num, b: Num) -> Num:
    """The smaller; unknown where either is (SQL's LEAST would skip what is NULL)."""
    return pick(a, b, lambda x, y: ibis.cases((x <= y, x), (x > y, y)))


def most(a: Num, b: Num) -> Num:
    """The larger; unknown where either is."""
    made = pick(a, b, lambda x, y: ibis.cases((x >= y, x), (x < y, y)))
    return replace(made, sure=a.sure or b.sure)


def rounded(a: Num, step: Fraction, down: bool) -> Num:
    """``a`` to whole ``step``s: down, or to the nearest with halves away from zero. Below 2**50 steps it is exact."""
    factor = Fraction(a.scale) * step
    n, bound = _times(a.n, a.bound, factor.denominator, factor.denominator)
    under, most_under = _product(factor.numerator, factor.numerator, a.d, a.dbound)
    if isinstance(under, int) and under == 1:
        return Num(n, bound, step.denominator, sure=a.sure)  # it has no smaller parts
    if isinstance(n, int) and isinstance(under, int):
        whole = n // under if down else (1 if n >= 0 else -1) * ((2 * abs(n) + under) // (2 * under))
        return mul(constant(whole), constant(step))
    n = _column(n)
    if down:
        wide = bound + most_under
        n, under = _fit(n, bound, wide), _fit(under, most_under, wide)
        rest = n % under
        over = n - (rest if a.sure else (rest < 0).ifelse(rest + under, rest))
        quotient = _exact_quotient(over, under)
    else:
        wide = 2 * (bound + most_under)
        n, under = _fit(n, bound, wide), _fit(under, most_under, wide)
        over = 2 * (n if a.sure else n.abs()) + under
        quotient = _exact_quotient(over - over % (2 * under), 2 * under)
        quotient = quotient if a.sure else (n < 0).ifelse(-quotient, quotient)
    least_under = factor.numerator
    return Num(quotient, min(bound // least_under + 1, 2**50), step.denominator, sure=a.sure)


def whole(a: Num) -> Any:
    """A column of the number where it is whole, NULL elsewhere."""
    if a.d is None and a.scale == 1:
        return _column(a.n)
    under, bound = _product(a.scale, a.scale, a.d, a.dbound)
    wide = max(a.bound, bound)
    n, under = _column(_fit(a.n, a.bound, wide)), _fit(under, bound, wide)
    return ibis.cases((n % under == 0, _exact_quotient(n, under)))


def common(a: Num, b: Num) -> tuple[Num, Num]:
    """Both over one denominator."""
    if a.scale != b.scale:
        scale = lcm(a.scale, b.scale)
        a, b = _scaled(a, scale), _scaled(b, scale)
    if a.d is None and b.d is None:
        return a, b
    if a.d is not None and b.d is not None and not isinstance(a.d, int) and a.d.equals(b.d):
        return a, b
    d, dbound = _product(a.d, a.dbound, b.d, b.dbound)
    return _over(a, b.d, b.dbound, d, dbound), _over(b, a.d, a.dbound, d, dbound)


def _scaled(a: Num, scale: int) -> Num:
    n, bound = _times(a.n, a.bound, scale // a.scale, scale // a.scale)
    return replace(a, n=n, bound=bound, scale=scale)


def _over(a: Num, other: Whole, most_other: int, d: Whole, dbound: int) -> Num:
    n, bound = (a.n, a.bound) if other is None else _times(a.n, a.bound, other, most_other)
    return replace(a, n=n, bound=bound, d=d, dbound=dbound)


def _exact_quotient(over: Any, under: Any) -> Any:
    """``over / under`` where that is whole: a floating quotient below 2**50 is less than a half from it."""
    return (over / under).round().cast("int64")


def _product(a: Whole, abound: int, b: Whole, bbound: int) -> tuple[Whole, int]:
    if a is None:
        return b, bbound
    return (a, abound) if b is None else _times(a, abound, b, bbound)


def _times(a: Whole, abound: int, b: Whole, bbound: int) -> tuple[Whole, int]:
    bound = abound * bbound
    if isinstance(a, int) and isinstance(b, int):
        return a * b, bound
    for one, other, most_other in ((a, b, bbound), (b, a, abound)):
        if isinstance(one, int) and one == 1:
            return other, most_other
    return _fit(a, abound, bound) * _fit(b, bbound, bound), bound


def _fit(n: Whole, bound: int, wanted: int) -> Whole:
    """``n`` in the type that holds ``wanted``; its own bound tells which type it has."""
    if wanted <= INT64:
        return n
    if wanted > WIDEST:
        raise TooLarge(f"numbers up to 10^{len(str(wanted)) - 1} do not fit 38 digits")
    if isinstance(n, int):
        return ibis.literal(Decimal(n), WIDE)
    return n.cast(WIDE) if bound <= INT64 else n


def _column(n: Whole) -> Any:
    """A constant as a column's expression."""
    if not isinstance(n, int):
        return n
    if abs(n) > INT64:
        return ibis.literal(Decimal(n), WIDE)
    # Engines take a small number that stands there for a small type, and its products would overflow.
    return ibis.literal(n, "int32").cast("int64") if abs(n) < 2**31 else ibis.literal(n, "int64")


def whole_or_null(n: int | None) -> Any:
    """A whole number as an expression; None is unknown."""
    return null("int64") if n is None else _column(n)
