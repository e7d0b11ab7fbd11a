"""What a random rulebook says of a case, worked out the long way: plain Python, True, False and None for unknown."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .generator import Book, Clause, Term, Version

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
Truth = bool | None


def every(values: list[Truth]) -> Truth:
    """Kleene's and."""
    if False in values:
        return False
    return None if None in values else True


def some(values: list[Truth]) -> Truth:
    """Kleene's or."""
    if True in values:
        return True
    return None if None in values else False


@dataclass
class Verdict:
    outcome: str
    clauses: dict[str, str]
    route: str | None
    findings: dict[str, Truth]


@dataclass
class Judge:
    """One rulebook and one case on one day."""

    book: Book
    facts: dict[str, Any]
    on: date
    known: date | None

    def term(self, term: Term) -> Any:
        kind, *args = term
        get = self.facts.get
        match kind:
            case "fact":
                return get(args[0])
            case "literal":
                return args[0]
            case "known":
                return args[0] in self.facts
            case "known_or":
                return get(args[0], args[1])
            case "not":
                inner = self.term(args[0])
                return None if inner is None else not inner
            case "and":
                return every([self.term(a) for a in args])
            case "or":
                return some([self.term(a) for a in args])
            case "at_least":
                parts = [self.term(a) for a in args[1:]]
                if parts.count(True) >= args[0]:
                    return True
                return None if parts.count(True) + parts.count(None) >= args[0] else False
            case "if":
                test, yes, no = (self.term(a) for a in args)
                if test is None:
                    return yes if yes == no else None
                return yes if test else no
            case "number":
                return self.compare(args[1], get(args[0]), args[2])
            case "ratio":
                over, under = get(args[0]), get(args[1])
                return None if over is None or not under else self.compare(args[2], Fraction(over) / under, args[3])
            case "enum":
                return None if get(args[0]) is None else get(args[0]) in args[1]
            case "day":
                return self.compare(args[1], get(args[0]), self.on if args[2] == "on" else args[2])
            case "span":
                day = get(args[0])
                return None if day is None else self.compare(args[2], day + timedelta(days=args[1]), self.on)
            case "rate":
                return self.compare(args[1], get(args[0]), self.rate(args[2]))
            case "value":
                version = self.version(self.book.scheme.values[args[0]], self.on)
                return self.compare(args[1], None if version.term is None else self.term(version.term), args[2])
            case "sum":
                left, right = get(args[0]), get(args[1]) if "." in args[1] else self.rate(args[1])
                return None if left is None or right is None else left + right
            case "quotient":
                over, under = get(args[0]), get(args[1])
                return None if over is None or not under else Fraction(100 * over) / under
            case "on":
                return get(args[0])
        raise AssertionError(kind)

    @staticmethod
    def compare(symbol: str, left: Any, right: Any) -> Truth:
        return None if left is None or right is None else COMPARE[symbol](left, right)

    def rate(self, name: str) -> int | None:
        """Of the rows that begin on or before the day the latest; of those the one known latest, but known by then."""
        rows = [r for r in self.book.rates[name] if r[0] is None or r[0] <= self.on]
        if self.known is not None:
            rows = [r for r in rows if r[1] is None or r[1] <= self.known]
        return max(rows, key=lambda r: (r[0] or date.min, r[1] or date.min))[2]

    @staticmethod
    def version(versions: list[Version], day: date) -> Version:
        (found,) = [v for v in versions if (v.from_ or date.min) <= day <= (v.until or date.max)]
        return found

    def finding(self, name: str) -> Truth | str:
        """True, False, None, or 'left out'."""
        condition = self.book.scheme.conditions[name]
        day: date | None = self.on
        if condition.law_of is not None and len(condition.versions) > 1:
            day = self.facts.get(condition.law_of)
            if day is None:
                return None
        version = self.version(condition.versions, day)
        if version.when is not None:
            bears = self.term(version.when)
            if bears is not True:
                return None if bears is None else "left out"
        return None if version.term is None else self.term(version.term)

    def follows(self, name: str) -> Truth:
        if name in self.book.scheme.conditions:
            found = self.finding(name)
            return True if found == "left out" else found  # type: ignore[return-value]
        kind, members = self.book.scheme.rules[name]
        return (every if kind == "all" else some)([self.follows(m) for m in members])

    def under(self, members: list[str]) -> set[str]:
        """Conditions that some conclusions rest on."""
        rules = self.book.scheme.rules
        return {c for m in members for c in (self.under(rules[m][1]) if m in rules else {m})}

    def touched(self, clause: Clause) -> bool:
        """Is any fact given that the clause is touched by?"""
        return not clause.touched_by or any(f == t or f.startswith(t + ".") for t in clause.touched_by for f in self.facts)

    def bears(self, clause: Clause) -> Truth:
        if not self.touched(clause):
            return False
        return True if clause.when is None else self.term(clause.when)

    def clause(self, clause: Clause, bears: Truth) -> str:
        held = (every if clause.kind == "all" else some)([self.follows(m) for m in clause.members])
        held = every([bears, held])
        if held is False:
            return "refused"
        computable = [self.term(t) for t in (clause.amount, clause.start) if t is not None]
        open_note = self.book.scheme.open_from is not None and self.on >= self.book.scheme.open_from
        return "granted" if held and None not in computable and not open_note else "undetermined"

    def verdict(self) -> Verdict:
        scheme = self.book.scheme
        bearing = {n: b for n, c in scheme.clauses.items() if (b := self.bears(c)) is not False}
        clauses = {n: self.clause(scheme.clauses[n], b) for n, b in bearing.items()}
        read = {c for n in bearing for c in self.under(scheme.clauses[n].members)}
        findings = {n: f for n in read if (f := self.finding(n)) != "left out"}
        outcomes = list(clauses.values())
        # A part that no fact touches has not failed: without any other the answer is open.
        outcome = "refused" if outcomes or all(map(self.touched, scheme.clauses.values())) else "undetermined"
        if "granted" in outcomes:
            outcome = "granted"
        elif "undetermined" in outcomes:
            outcome = "undetermined"
        route = None
        if scheme.group == "routes":
            route = next((n for n, o in clauses.items() if o == "granted"), None)
            if route is None and outcome == "refused":
                route = "none"
            elif route is not None and scheme.pick == "strictest" and "undetermined" in outcomes[: list(clauses).index(route)]:
                outcome = "undetermined"
        return Verdict(outcome, clauses, route, findings)  # type: ignore[arg-type]
