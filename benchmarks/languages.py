"""The conditions of ``rulebook/eligibility.yaml`` in the language of each other engine, written from their checked trees.

Only what those conditions use is known here. Every engine gets the form that its own manual would have you write.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from subsidyengine.formula import Node

#: The day the question is asked for; peers get it among the facts, named like this.
ON = "case.on"
_WORDS = {"and": " and ", "or": " or "}


def flat(name: str) -> str:
    """``lease.rent`` as ``lease_rent``, for engines whose names have no dots."""
    return name.replace(".", "_").replace("-", "_")


def day_of(node: Node) -> date | None:
    """The day that ``date(2023, 7, 1)`` names; None for any other node."""
    if node.op != "call" or node.name != "date":
        return None
    year, month, day = (int(str(a.literal)) for a in node.args)
    return date(year, month, day)


def _infix(node: Node, leaf: Callable[[Node], str], words: dict[str, str], within: Callable[[str, list[str]], str]) -> str:
    """Languages that look like ours: ``leaf`` writes names, words and days."""

    def write(n: Node) -> str:
        return _infix(n, leaf, words, within)

    match node.op:
        case "and" | "or":
            return "(" + words[node.op].join(write(a) for a in node.args) + ")"
        case "compare":
            return f"({write(node.args[0])} {node.name} {write(node.args[1])})"
        case "add":
            return f"({write(node.args[0])} + {write(node.args[1])})"
        case "in":
            return within(write(node.args[0]), [write(a) for a in node.args[1:]])
    return leaf(node)


def _leaf(node: Node, name: Callable[[str], str], text: Callable[[str], str], day: Callable[[date], str]) -> str:
    found = day_of(node)
    if found is not None:
        return day(found)
    if node.op in ("fact", "on"):
        return name(node.name if node.op == "fact" else ON)
    if node.op == "literal":
        return text(node.literal) if isinstance(node.literal, str) else str(node.literal)
    raise NotImplementedError(f"the benchmark's conditions do not use '{node.op}'")


def zen(node: Node) -> str:
    """ZEN's expression language. A day is a text; ``date()`` makes it a number of seconds."""

    def leaf(n: Node) -> str:
        written = _leaf(n, str, lambda text: f"'{text}'", lambda day: f"date('{day.isoformat()}')")
        return f"date({written})" if n.op in ("fact", "on") and n.type.kind == "date" else written

    return _infix(node, leaf, _WORDS, lambda value, items: f"({value} in [{', '.join(items)}])")


def rule_engine(node: Node) -> str:
    """rule-engine's language, with its own literals for days."""

    def leaf(n: Node) -> str:
        return _leaf(n, flat, lambda text: f"'{text}'", lambda day: f"d'{day.isoformat()}'")

    return _infix(node, leaf, _WORDS, lambda value, items: f"({value} in [{', '.join(items)}])")


def numpy(node: Node) -> str:
    """An OpenFisca formula's body: arrays, and ``person('name', period)`` to read a variable."""

    def leaf(n: Node) -> str:
        if n.op == "literal" and isinstance(n.literal, str):
            raise NotImplementedError("a word stands beside the enumeration that it belongs to")
        return _leaf(n, lambda name: f"person('{flat(name)}', period)", str, lambda day: f"datetime64('{day.isoformat()}')")

    def write(n: Node) -> str:
        if n.op in ("compare", "in") and n.args[0].type.kind == "enum":
            read = write(n.args[0])
            compare = n.name if n.op == "compare" else "=="
            return "(" + " | ".join(f"({read} {compare} {flat(n.args[0].name)}.{a.literal})" for a in n.args[1:]) + ")"
        if n.op in ("and", "or"):
            return "(" + (" & " if n.op == "and" else " | ").join(write(a) for a in n.args) + ")"
        if n.op == "compare":
            return f"({write(n.args[0])} {n.name} {write(n.args[1])})"
        if n.op == "add":
            return f"({write(n.args[0])} + {write(n.args[1])})"
        return leaf(n)

    return write(node)


def clips(node: Node) -> str:
    """CLIPS: prefix, variables with a question mark, words as symbols, a day as its number."""
    operators = {"==": "=", "!=": "<>"}

    def write(n: Node) -> str:
        if n.op in ("and", "or"):
            return f"({n.op} {' '.join(write(a) for a in n.args)})"
        if n.op == "in":
            value = write(n.args[0])
            return "(or " + " ".join(f"(eq {value} {write(a)})" for a in n.args[1:]) + ")"
        if n.op == "compare":
            name = operators.get(n.name, n.name)
            if n.args[0].type.kind == "enum":
                name = {"=": "eq", "<>": "neq"}[name]
            return f"({name} {write(n.args[0])} {write(n.args[1])})"
        if n.op == "add":
            return f"(+ {write(n.args[0])} {write(n.args[1])})"
        written = _leaf(n, lambda name: f"?{flat(name)}", str, lambda day: str(day.toordinal()))
        return f"(eq {written} TRUE)" if n.op == "fact" and n.type.kind == "bool" else written

    return write(node)


def names_read(node: Node) -> list[str]:
    """The facts that a condition reads (the day asked for among them), each once."""
    return list(dict.fromkeys(n.name if n.op == "fact" else ON for n in node.walk() if n.op in ("fact", "on")))
