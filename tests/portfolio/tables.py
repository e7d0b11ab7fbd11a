"""Random cases for a scheme, heavy on boundaries: the limits that its formulas name, the days on which law changes, and the days around them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from subsidyengine.facts import Case, Given
from subsidyengine.formula import Formula, Node, shift
from subsidyengine.formula.calendar import Span
from subsidyengine.portfolio.plan import facts_of
from subsidyengine.rulebook import Fact, Rulebook, shipped_folder
from subsidyengine.worked.run import load_worked

NEAR = (-1, 0, 0, 1)
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


def formulas(rulebook: Rulebook, scheme_id: str) -> Iterator[Formula]:
    """Every formula that decides something."""
    scheme = rulebook.schemes[scheme_id]
    for value in scheme.values.values():
        yield from (v.formula for v in value.versions.rows if v.formula)
    for condition in scheme.conditions.values():
        yield from (f for v in condition.versions.rows for f in (v.when, v.holds) if f)
    for clause in scheme.clauses:
        yield from (f for f in (clause.when,) if f)
        yield from (v.formula for v in (clause.amount.rows if clause.amount else ()) if v.formula)
        yield from (f for v in (clause.period.rows if clause.period else ()) for f in (v.start, v.end, v.open_when) if f)
    yield from (n.when for n in scheme.notes if n.open and n.when)


def days_of(rulebook: Rulebook, scheme_id: str) -> list[date]:
    """Days on which something turns: new versions, new rates, days that formulas name."""
    scheme, found = rulebook.schemes[scheme_id], set()
    for versioned in (*scheme.conditions.values(), *scheme.values.values()):
        found.update(versioned.versions.starts())
    for formula in formulas(rulebook, scheme_id):
        for name in formula.rates:
            found.update(rulebook.rates[name].starts())
        for node in formula.root.walk():
            if node.op == "call" and node.name == "date" and all(isinstance(a.literal, int) for a in node.args):
                found.add(date(*(a.literal for a in node.args)))
    found.update({date(2024, 2, 29), date(2023, 8, 31), date(2026, 1, 1), date(2025, 12, 31), date(2025, 4, 18), date(2024, 3, 28)})
    return sorted(found)


def numbers_of(rulebook: Rulebook, scheme_id: str) -> list[Fraction]:
    """Numbers that formulas or their rates name."""
    found = {Fraction(0), Fraction(1)}
    for formula in formulas(rulebook, scheme_id):
        for node in formula.root.walk():
            if node.op == "literal" and isinstance(node.literal, int | Fraction) and not isinstance(node.literal, bool):
                found.add(Fraction(node.literal))
        for name in formula.rates:
            found.update(Fraction(r.value) for r in rulebook.rates[name].rows if r.value is not None)
    return sorted(found)


class Maker:
    """Draws cases for one scheme."""

    def __init__(self, rulebook: Rulebook, scheme_id: str, seed: int) -> None:
        self.rulebook, self.scheme_id, self.draw = rulebook, scheme_id, random.Random(seed)
        ids = [scheme_id]
        for name in facts_of(rulebook, scheme_id):
            source = rulebook.facts[name].derived_from
            if source in rulebook.schemes:
                ids.append(source)
        self.days = sorted({d for i in ids for d in days_of(rulebook, i)})
        self.numbers = sorted({n for i in ids for n in numbers_of(rulebook, i)})
        self.names = sorted(facts_of(rulebook, scheme_id))
        files = [
            f for f in sorted(shipped_folder().rglob("*.cases.yaml")) if f"\nscheme: {scheme_id}\n" in f"\n{f.read_text(encoding='utf-8')}"
        ]
        self.worked = [w.case for f in files for w in load_worked(f, rulebook)]
        self.at_read = sorted(
            {n.name for i in ids for f in formulas(rulebook, i) for n in f.root.walk() if n.op == "at" and n.args[0].op == "fact"}
        )

    def case(self, number: int) -> Case:
        """Half of them from a worked case with a few facts changed: those come near to a yes."""
        if self.worked and self.draw.random() < 0.6:
            return self.changed(self.draw.choice(self.worked), number)
        return self.drawn(number)

    def changed(self, base: Case, number: int) -> Case:
        draw = self.draw
        facts, on = dict(base.facts), base.on or self.day()
        if draw.random() < 0.4:
            on = self.near(draw.choice([on, *(d for given in facts.values() for g in given if isinstance(d := g.value, date))]), Span())
        for name in draw.sample(self.names, draw.choice([0, 1, 1, 2, 4])):
            if draw.random() < 0.3:
                facts.pop(name, None)
            else:
                facts[name] = self.statements(self.rulebook.facts[name], on, on)
        return Case(f"T{number}", on, draw.choice([base.known, None]), (), {n: g for n, g in facts.items() if n in self.names})

    def drawn(self, number: int) -> Case:
        draw = self.draw
        anchor = self.day()
        share = draw.choice([0.3, 0.7, 0.9, 0.97, 1.0])
        on = self.near(anchor, Span(months=draw.choice([0, 0, 3, 12, 24, 60])))
        facts: dict[str, tuple[Given, ...]] = {}
        for name in self.names:
            fact = self.rulebook.facts[name]
            derived = fact.derived_from is not None and draw.random() < 0.5
            if draw.random() < share and not derived:
                facts[name] = self.statements(fact, anchor, on)
        known = draw.choice([None, None, None, on, self.near(on, Span())])
        return Case(f"T{number}", on, known, (), facts)

    def statements(self, fact: Fact, anchor: date, on: date) -> tuple[Given, ...]:
        draw = self.draw
        dated = 0.4 if fact.name in self.at_read else 0.08
        if fact.kind == "dates" or draw.random() > dated:
            return (Given(self.value(fact, anchor)),)
        starts = sorted({self.near(on, Span(months=draw.choice([-12, 0, 0, 1]))) for _ in range(draw.randint(1, 3))})
        rows: list[Given] = []
        if draw.random() < 0.5:
            rows.append(Given(self.value(fact, anchor)))
        for start in starts:
            value = None if draw.random() < 0.15 else self.value(fact, anchor)
            rows.append(Given(value, start, received=draw.choice([None, None, on, on + timedelta(days=1)])))
            if draw.random() < 0.2:
                rows.append(Given(self.value(fact, anchor), start, received=on + timedelta(days=5)))
        rows.sort(key=lambda g: (g.from_ or date.min, g.received or date.min))
        seen: dict[Any, Given] = {(g.from_, g.received): g for g in rows}
        return tuple(seen.values())

    def value(self, fact: Fact, anchor: date) -> Any:
        draw = self.draw
        match fact.kind:
            case "bool":
                return draw.random() < 0.65
            case "enum":
                return draw.choice(list(fact.values))
            case "date":
                return self.near(anchor, Span(months=draw.choice([0, 0, 0, 1, 3, 24, 60, -24, -18 * 12 if "birth" in fact.name else 6])))
            case "dates":
                return tuple(sorted({self.near(anchor, Span(months=draw.choice([0, 3, 12, 60]))) for _ in range(draw.randint(1, 3))}))
            case "text":
                return draw.choice(["alfa", "beta", "0101"])
            case "integer":
                return self.whole(fact)
        return self.number(fact)

    def whole(self, fact: Fact) -> int:
        near = int(self.draw.choice(self.numbers)) + self.draw.choice(NEAR)
        value = self.draw.choice([0, 1, 1, 2, 3, near]) if "year" not in fact.name else self.draw.choice([2022, 2023, 2024, 2025, near])
        return min(max(value, int(fact.min or 0)), int(fact.max or 9_000))

    def number(self, fact: Fact) -> int | Fraction:
        draw = self.draw
        step = Fraction(1, 100) if fact.unit else Fraction(1, 1000)
        near = draw.choice(self.numbers) + draw.choice(NEAR) * draw.choice([step, 1])
        money = Fraction(draw.randrange(0, 900_000), 100) * (40 if fact.unit.endswith("year") else 1)
        value = draw.choice([near, near, money if fact.unit.startswith("DKK") else Fraction(draw.randrange(0, 9_000), 100), Fraction(0)])
        value = Fraction(round(value / step)) * step
        if fact.min is not None:
            value = max(value, Fraction(fact.min))
        if fact.max is not None:
            value = min(value, Fraction(fact.max))
        value = min(value, Fraction(900_000))
        return int(value) if value.denominator == 1 else value

    def day(self) -> date:
        return self.draw.choice(self.days)

    def near(self, day: date, span: Span) -> date:
        found = shift(day, span) or day
        found += timedelta(days=self.draw.choice([-1, 0, 0, 1, 1, 30]))
        return min(max(found, FIRST), LAST)


def cases_for(rulebook: Rulebook, scheme_id: str, count: int, seed: int) -> list[Case]:
    """``count`` random cases."""
    maker = Maker(rulebook, scheme_id, seed)
    return [maker.case(i) for i in range(count)]


__all__ = ["Node", "cases_for"]
