"""Random rulebooks: a structure that ``brute.py`` evaluates by itself, and the same written as YAML.

Formulas are nested tuples. Nothing here is shared with the engine: names and numbers only.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Term = tuple[Any, ...]

BOOLS = [f"say.b{i}" for i in range(8)]
NUMBERS = [f"num.n{i}" for i in range(4)]
ENUMS = {"kind.e0": ["red", "green", "blue"], "kind.e1": ["north", "south"]}
DATES = ["day.d0", "day.d1", "day.d2"]
FACTS = [*BOOLS, *NUMBERS, *ENUMS, *DATES]
DAYS = [date(2020, 1, 1) + timedelta(days=91 * i) for i in range(24)]
OPERATORS = ["==", "!=", "<", "<=", ">", ">="]


@dataclass
class Version:
    from_: date | None
    until: date | None
    term: Term | None  # None: the law of these days is not known
    when: Term | None = None


@dataclass
class Condition:
    versions: list[Version]
    law_of: str | None = None

    @property
    def hollow(self) -> bool:
        return any(v.when is not None for v in self.versions)


@dataclass
class Clause:
    kind: str  # "all" or "any"
    members: list[str]
    when: Term | None = None
    touched_by: list[str] = field(default_factory=list)
    amount: Term | None = None
    start: Term | None = None


@dataclass
class Scheme:
    """``clauses`` of a scheme without parts and routes: one, named ''."""

    group: str  # "", "parts" or "routes"
    pick: str
    conditions: dict[str, Condition]
    rules: dict[str, tuple[str, list[str]]]
    clauses: dict[str, Clause]
    values: dict[str, list[Version]]
    open_from: date | None


@dataclass
class Book:
    scheme: Scheme
    #: Rows of each rate: first day, day known, amount (None: not established).
    rates: dict[str, list[tuple[date | None, date | None, int | None]]]
    #: Does the answer only become firmer with more facts? Not where a formula asks whether something is known.
    monotone: bool


class Maker:
    """Draws one rulebook."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.monotone = draw.random() < 0.8
        self.values: dict[str, list[Version]] = {}
        self.rates = {f"r{i}": self.rate() for i in range(2)}

    def book(self) -> Book:
        draw = self.draw
        for i in range(draw.randint(0, 2)):
            self.values[f"v{i}"] = self.versions(lambda: ("sum", draw.choice(NUMBERS), draw.choice([*NUMBERS, *self.rates])))
        conditions = {f"c{i}": self.condition() for i in range(draw.randint(1, 9))}
        rules, tops = self.rules(conditions)
        group = draw.choice(["", "", "parts", "routes"])
        clauses = self.clauses(group, tops, rules, conditions)
        open_from = draw.choice(DAYS[12:]) if draw.random() < 0.2 else None
        pick = draw.choice(["first", "strictest"]) if group == "routes" else "first"
        return Book(Scheme(group, pick, conditions, rules, clauses, self.values, open_from), self.rates, self.monotone)

    def rate(self) -> list[tuple[date | None, date | None, int | None]]:
        draw = self.draw
        rows: list[tuple[date | None, date | None, int | None]] = [(None, None, draw.choice([None, 50]))]
        for day in sorted(draw.sample(DAYS, draw.randint(0, 3))):
            rows.append((day, None, draw.choice([None, 30, 50, 70])))
            if draw.random() < 0.4:
                rows.append((day, day + timedelta(days=60), draw.choice([30, 50, 70])))
        return rows

    # formulas

    def term(self, depth: int = 0) -> Term:
        draw = self.draw
        if depth < 3 and draw.random() < 0.45:
            kind = draw.choice(["and", "or", "not", "if", "at_least"])
            if kind == "not":
                return ("not", self.term(depth + 1))
            if kind == "if":
                return ("if", self.term(depth + 1), self.term(depth + 1), self.term(depth + 1))
            parts = [self.term(depth + 1) for _ in range(draw.randint(2, 3))]
            return ("at_least", draw.randint(1, len(parts)), *parts) if kind == "at_least" else (kind, *parts)
        return self.atom()

    def atom(self) -> Term:
        draw = self.draw
        kinds = ["fact"] * 5 + ["number", "ratio", "enum", "in", "day", "span", "rate", "literal"]
        kinds += ["value"] * bool(self.values) + ["known", "known_or"] * (not self.monotone)
        kind = draw.choice(kinds)
        enum = draw.choice(list(ENUMS))
        return {
            "fact": lambda: ("fact", draw.choice(BOOLS)),
            "number": lambda: ("number", draw.choice(NUMBERS), draw.choice(OPERATORS), draw.choice([0, 30, 50, 70])),
            "ratio": lambda: ("ratio", *draw.sample(NUMBERS, 2), draw.choice(OPERATORS), draw.choice([0, 1])),
            "enum": lambda: ("enum", enum, [draw.choice(ENUMS[enum])]),
            "in": lambda: ("enum", enum, draw.sample(ENUMS[enum], 2)),
            "day": lambda: ("day", draw.choice(DATES), draw.choice(OPERATORS), draw.choice(["on", *DAYS])),
            "span": lambda: ("span", draw.choice(DATES), draw.randint(1, 800), draw.choice(OPERATORS)),
            "rate": lambda: ("rate", draw.choice(NUMBERS), draw.choice(OPERATORS), draw.choice(list(self.rates))),
            "value": lambda: ("value", draw.choice(list(self.values)), draw.choice(OPERATORS), draw.choice([60, 100])),
            "literal": lambda: ("literal", draw.random() < 0.5),
            "known": lambda: ("known", draw.choice(FACTS)),
            "known_or": lambda: ("known_or", draw.choice(BOOLS), draw.random() < 0.5),
        }[kind]()

    def versions(self, make: Any, when: bool = False) -> list[Version]:
        draw = self.draw
        changes = sorted(draw.sample(DAYS, draw.choice([0, 0, 0, 1, 2])))
        starts, ends = [None, *changes], [*(d - timedelta(days=1) for d in changes), None]
        bears = self.term(2) if when and draw.random() < 0.25 else None
        return [Version(s, e, None if draw.random() < 0.06 else make(), bears) for s, e in zip(starts, ends, strict=True)]

    # what follows from what

    def condition(self) -> Condition:
        return Condition(self.versions(self.term, when=True), self.draw.choice([None, None, None, *DATES]))

    def rules(self, conditions: dict[str, Condition]) -> tuple[dict[str, tuple[str, list[str]]], list[str]]:
        """Conclusions nested at random, and what is left on top; every condition leads somewhere."""
        draw = self.draw
        tops, rules = list(conditions), {}
        hollow = {name for name, c in conditions.items() if c.hollow}
        for i in range(draw.randint(0, 5)):
            chosen = draw.sample(tops, draw.randint(1, min(4, len(tops))))
            others = [n for n in (*conditions, *rules) if n not in tops]
            members = chosen + draw.sample(others, draw.randint(0, min(1, len(others))))
            kind = draw.choice(["all", "any"]) if not hollow & set(members) else "all"
            name = f"k{i}"
            rules[name] = (kind, members)
            if hollow & set(members) == set(members):
                hollow.add(name)
            tops = [n for n in tops if n not in chosen] + [name]
            draw.shuffle(tops)
        self.hollow = hollow
        return rules, tops

    def clauses(self, group: str, tops: list[str], rules: dict[str, Any], conditions: dict[str, Condition]) -> dict[str, Clause]:
        draw = self.draw
        count = draw.randint(1, 4) if group else 1
        shares: list[list[str]] = [[] for _ in range(count)]
        for name in tops:
            shares[draw.randrange(count)].append(name)
        clauses = {}
        for i, share in enumerate(shares):
            extra = draw.sample([*conditions, *rules], min(1, len(conditions))) if not share or draw.random() < 0.4 else []
            members = list(dict.fromkeys(share + extra))
            clause = Clause("all" if self.hollow & set(members) else draw.choice(["all", "any"]), members)
            if group and draw.random() < 0.5:
                clause.when = self.term(2)
            if group == "parts" and draw.random() < 0.4:
                clause.touched_by = draw.sample([*FACTS, "say", "num"], 2)
            if draw.random() < 0.3:
                clause.amount = draw.choice([("sum", "num.n0", "num.n1"), ("sum", "num.n2", "r0"), ("quotient", "num.n0", "num.n1")])
            if draw.random() < 0.3:
                clause.start = ("on", draw.choice(DATES))
            clauses[f"p{i}" if group else ""] = clause
        return clauses


# the same as YAML


def written(term: Term) -> str:
    """A formula's text."""
    kind, *args = term
    match kind:
        case "fact":
            return str(args[0])
        case "literal":
            return str(args[0]).lower()
        case "not":
            return f"not ({written(args[0])})"
        case "and" | "or":
            return f" {kind} ".join(f"({written(a)})" for a in args)
        case "if":
            return f"({written(args[1])}) if ({written(args[0])}) else ({written(args[2])})"
        case "at_least":
            return f"at_least({args[0]}, {', '.join(written(a) for a in args[1:])})"
        case "number":
            return f"{args[0]} {args[1]} {args[2]}"
        case "ratio":
            return f"{args[0]} / {args[1]} {args[2]} {args[3]}"
        case "enum":
            return f"{args[0]} == {args[1][0]}" if len(args[1]) == 1 else f"{args[0]} in [{', '.join(args[1])}]"
        case "day":
            other = args[2] if args[2] == "on" else f"date({args[2].year}, {args[2].month}, {args[2].day})"
            return f"{args[0]} {args[1]} {other}"
        case "span":
            return f"{args[0]} + days({args[1]}) {args[2]} on"
        case "rate":
            return f"{args[0]} {args[1]} rate.{args[2]}"
        case "value":
            return f"value.{args[0]} {args[1]} {args[2]}"
        case "known":
            return f"is_known({args[0]})"
        case "known_or":
            return f"known_or({args[0]}, {str(args[1]).lower()})"
        case "sum":
            return f"{args[0]} + {args[1] if '.' in args[1] else 'rate.' + args[1]}"
        case "quotient":
            return f"100 * {args[0]} / {args[1]}"
    return str(args[0])


TEXT = "{da: a, en: b}"
CITE = "cite: 'act § 1 [text]'"
ROUND = "unit: share, round: ore-half-up"


def _version(v: Version, key: str, more: str, when: bool) -> str:
    fields = [f"{name}: {day}" for name, day in (("from", v.from_), ("until", v.until)) if day]
    fields.append(f"{key}: unknown, why: {TEXT}" if v.term is None else f'{key}: "{written(v.term)}"')
    if when and v.when is not None:
        fields.append(f'when: "{written(v.when)}"')
    return "{" + ", ".join([*fields, CITE, more]) + "}"


def texts(book: Book) -> dict[str, str]:
    """The files of a rulebook."""
    facts = [f"  {n}: {{type: bool, title: {TEXT}, ask: {TEXT}}}" for n in BOOLS]
    facts += [f"  {n}: {{type: number, title: {TEXT}, ask: {TEXT}}}" for n in NUMBERS]
    facts += [f"  {n}: {{type: date, title: {TEXT}, ask: {TEXT}}}" for n in DATES]
    for name, values in ENUMS.items():
        listed = ", ".join(f"{v}: {TEXT}" for v in values)
        facts.append(f"  {name}: {{type: enum, values: {{{listed}}}, title: {TEXT}, ask: {TEXT}}}")
    rates = []
    for name, rows in book.rates.items():
        rates += [f"  {name}:", f"    title: {TEXT}", "    unit: share", "    values:"]
        for first, known, amount in rows:
            fields = [f"{k}: {d}" for k, d in (("from", first), ("known_from", known)) if d]
            fields.append(f"value: unknown, why: {TEXT}" if amount is None else f"value: {amount}, {CITE}")
            rates.append(f"      - {{{', '.join(fields)}}}")
    return {
        "facts.yaml": "facts:\n" + "\n".join(facts),
        "sources.yaml": f"sources: {{act: {{title: {TEXT}, short: act, kind: statute}}}}",
        "appeals.yaml": f"appeals: {{board: {{title: {TEXT}, established: false}}}}",
        "settings.yaml": "settings: {}",
        "rates/r.yaml": "rates:\n" + "\n".join(rates),
        "fuzz.yaml": _scheme(book.scheme),
    }


def _scheme(scheme: Scheme) -> str:
    lines = ["scheme: fuzz.one", f"title: {TEXT}", f"decided_by: {TEXT}", "appeal: board", "touched_by: [say]"]
    if scheme.group == "routes":
        lines.append(f"pick: {scheme.pick}")
    used = str(scheme)
    values = {n: v for n, v in scheme.values.items() if f"('value', '{n}'" in used}
    lines += ["values:"] * bool(values)
    for name, versions in values.items():
        lines += [f"  {name}:", *(f"    - {_version(v, 'is', f'title: {TEXT}', when=False)}" for v in versions)]
    lines.append("conditions:")
    for name, condition in scheme.conditions.items():
        more = f"says: {TEXT}" + (f", law_of: {condition.law_of}" if condition.law_of else "")
        lines += [f"  {name}:", *(f"    - {_version(v, 'holds', more, when=True)}" for v in condition.versions)]
    rules = [f"  {name}: {{{kind}: [{', '.join(members)}]}}" for name, (kind, members) in scheme.rules.items()]
    if not scheme.group:
        rules.append(f"  granted: {{{scheme.clauses[''].kind}: [{', '.join(scheme.clauses[''].members)}]}}")
    lines += ["rules:"] * bool(rules) + rules
    lines += [f"{scheme.group}:"] * bool(scheme.group)
    for name, clause in scheme.clauses.items():
        tab = "    " if scheme.group else ""
        if scheme.group:
            lines += [f"  {name}:", f"    title: {TEXT}", f"    {clause.kind}: [{', '.join(clause.members)}]"]
        if clause.when is not None:
            lines.append(f'    when: "{written(clause.when)}"')
        if clause.touched_by:
            lines.append(f"    touched_by: [{', '.join(clause.touched_by)}]")
        if clause.amount is not None:
            lines.append(f'{tab}amount: {{is: "{written(clause.amount)}", {ROUND}, {CITE}}}')
        if clause.start is not None:
            lines.append(f'{tab}period: {{from: "{written(clause.start)}", {CITE}}}')
    if scheme.open_from is not None:
        day = scheme.open_from
        lines.append(f'notes: [{{open: law_not_known, says: {TEXT}, when: "on >= date({day.year}, {day.month}, {day.day})"}}]')
    return "\n".join(lines) + "\n"


def facts_of_a_case(draw: random.Random, share: float) -> dict[str, Any]:
    """Random facts; the others are missing."""
    return {name: value_of(draw, name) for name in FACTS if draw.random() < share}


def value_of(draw: random.Random, name: str) -> Any:
    """A random value of one fact."""
    if name in BOOLS:
        return draw.random() < 0.6
    if name in NUMBERS:
        return draw.choice([0, 30, 50, 70, Fraction(101, 2)])
    return draw.choice(ENUMS.get(name, DAYS))
