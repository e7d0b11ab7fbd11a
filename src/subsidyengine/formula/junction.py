"""``and`` (decided by a false) and ``or`` (decided by a true). All parts are read, so that the proof is whole.

A part that decides nothing weighs nothing: a junction that is decided rests on the part that decides it, and on the surest of
several. Only what undecided parts lean on is all of it leaned on.
"""

from __future__ import annotations

from typing import Any

from .env import Env, Run
from .nodes import WEEKDAY_FUNCTIONS, Node
from .value import Unknown, merge


def junction(node: Node, parts: tuple[Run, ...], decisive: bool) -> Run:
    """The reading of a junction whose parts are read by ``parts``."""
    weighed = _weighed(node, parts, decisive)
    if any(_leans(n) for n in node.walk()):
        return weighed

    def run(env: Env) -> Any:
        before = env.rank
        result: Any = not decisive
        for part in parts:
            value = part(env)
            if value is decisive:
                result = decisive
            elif type(value) is Unknown and result is not decisive:
                result = merge(result, value) if type(result) is Unknown else value
        if env.rank != before and result is decisive:  # a fact was not given but derived, and leans on citations
            env.rank = before
            return weighed(env)
        env.record[node] = result
        return result

    return run


def _leans(node: Node) -> bool:
    """Does reading this lean on a citation or a setting?"""
    return node.op in ("rate", "value", "setting", "period") or (node.op == "call" and node.name in WEEKDAY_FUNCTIONS)


def _weighed(node: Node, parts: tuple[Run, ...], decisive: bool) -> Run:
    def run(env: Env) -> Any:
        rank, assumed = env.rank, env.assumed
        result: Any = not decisive
        heaviest, all_leaned = rank, dict(assumed)
        surest: tuple[int, int] | None = None
        for part in parts:
            env.rank, env.assumed = 0, {}
            value = part(env)
            if value is decisive:
                result = decisive
                if surest is None or (len(env.assumed), env.rank) < surest:
                    surest = (len(env.assumed), env.rank)
                    heaviest, all_leaned = max(rank, env.rank), {**assumed, **env.assumed}
            elif result is not decisive:
                heaviest = max(heaviest, env.rank)
                all_leaned.update(env.assumed)
                if type(value) is Unknown:
                    result = merge(result, value) if type(result) is Unknown else value
        env.rank, env.assumed = heaviest, all_leaned
        env.record[node] = result
        return result

    return run
