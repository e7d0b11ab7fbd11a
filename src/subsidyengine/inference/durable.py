"""The adapter around durable-rules: what follows from the given atoms, by a Rete network in C.

Every precaution here answers a fault that was seen, most of them a crash of the process. In short: one call at a time;
one short-lived session a call, always deleted; one atom a fact; no fact that no rule handles; rules are conjunctions
of equality tests and nothing else.
"""

import itertools
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from math import isqrt
from typing import Any

from .limits import check_limits
from .model import InferenceFault, RuleSet

VERSION = "2.0.28"
"""The only version that this adapter is known to be safe with."""
MAX_COMPILED = 64
"""Compiled rule sets kept at a time; some hold a megabyte. The one not used for longest is released first."""
_ATTEMPTS = 3


class _Compiled:
    """A rule set inside durable-rules, with its facts written out in advance."""

    __slots__ = ("_tails", "always", "rules")

    def __init__(self, host: Any, ruleset: RuleSet) -> None:
        # durable-rules compares a fact with each value that its property is tested for, one after the other. Atoms
        # in groups need two short walks instead of a long one: 2 to 4 times faster, and no limit of 512 values.
        asked = sorted(ruleset.premises)
        groups = isqrt(len(asked)) + 1
        group_of = {atom: number % groups for number, atom in enumerate(asked)}
        # The end of each atom's fact; the beginning holds the session. Written as the library writes the rules,
        # since it compares the JSON text.
        self._tails = {atom: f'"atom":{json.dumps(atom, ensure_ascii=False)},"group":{group}}}' for atom, group in group_of.items()}
        self.always = tuple(rule.conclusion for rule in ruleset.rules if not rule.premises)
        definition: dict[str, dict[str, Any]] = {}
        for number, rule in enumerate(ruleset.rules):
            # A premise given twice would wait for two different facts.
            premises = dict.fromkeys(rule.premises)
            if premises:
                definition[f"r{number}"] = {
                    "all": [{f"m_{place}": {"$and": [{"group": group_of[atom]}, {"atom": atom}]}} for place, atom in enumerate(premises)],
                    "run": _concluding(rule.conclusion),
                }
        # Catches every fact, once at the end. Without it a fact that no rule handles is an error, and a session in
        # which no action has run cannot be deleted: durable-rules frees memory that it never set.
        definition["seen"] = {"all": [{"m": {"$ex": {"atom": 1}}}], "cap": 10_000, "pri": 1, "run": _nothing}
        self.rules = host.add(ruleset.name, definition)
        # The same memory is used for every session of a rule set, so one session that surely runs an action makes it
        # safe to delete any later one, even one that failed at its first fact.
        self.rules.chain('[{"sid":"0","atom":""}]', None)
        self.rules.forget("0")

    def fact(self, sid: str, atom: str) -> str | None:
        """The fact as JSON, or None where no rule asks for the atom."""
        tail = self._tails.get(atom)
        return None if tail is None else f'{{"sid":"{sid}",{tail}'


class _Call:
    """One question: its own session, and its own list of what is known."""

    __slots__ = ("_compiled", "_sid", "known")

    def __init__(self, compiled: _Compiled, sid: str, atoms: Iterable[str]) -> None:
        self._compiled = compiled
        self._sid = sid
        self.known = dict.fromkeys(atoms)
        self.known.update(dict.fromkeys(compiled.always))

    def run(self) -> frozenset[str]:
        compiled, sid = self._compiled, self._sid
        facts = [fact for atom in self.known if (fact := compiled.fact(sid, atom)) is not None]
        # An empty batch crashes the process; and from nothing that is asked for, nothing follows.
        if facts:
            try:
                compiled.rules.chain(f"[{','.join(facts)}]", self)
            finally:
                compiled.rules.forget(sid)
        return frozenset(self.known)

    def conclude(self, atom: str) -> None:
        # Several rules can have one conclusion, and durable-rules refuses an equal fact.
        if atom not in self.known:
            self.known[atom] = None
            fact = self._compiled.fact(self._sid, atom)
            if fact is not None:
                self._compiled.rules.tell(fact)


class _Engine:
    """The one place where durable-rules is called: it is not safe to use from two threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sids = itertools.count(1)
        self._compiled: OrderedDict[str, _Compiled] = OrderedDict()
        self._host: Any = None
        self._mistaken: type[Exception] = Exception
        self.reason: str | None = None
        try:
            installed = version("durable_rules")
            inside = import_module("subsidyengine.inference._host")
        except (ImportError, PackageNotFoundError) as error:
            self.reason = f"durable-rules cannot be imported: {error}"
            return
        if installed != VERSION:
            self.reason = f"durable-rules {installed} is installed, and only {VERSION} is known to be safe"
            return
        self._host = inside.QuietHost()
        self._mistaken = inside.FactMistaken

    def conclude(self, ruleset: RuleSet, atoms: tuple[str, ...]) -> frozenset[str]:
        with self._lock:
            try:
                compiled = self._get(ruleset)
                for _ in range(_ATTEMPTS):
                    try:
                        # A fresh number: with another session the facts have other hashes.
                        return _Call(compiled, str(next(self._sids)), atoms).run()
                    except self._mistaken:
                        continue
            except InferenceFault:
                raise
            except Exception as error:
                # Whatever state it is in now, it is not used again.
                self._drop(ruleset.name)
                raise InferenceFault(f"durable-rules failed on rule set {ruleset.name}: {error!r}") from error
        raise InferenceFault(f"durable-rules took facts of rule set {ruleset.name} for one another {_ATTEMPTS} times")

    def _get(self, ruleset: RuleSet) -> _Compiled:
        name = ruleset.name
        compiled = self._compiled.get(name)
        if compiled is None:
            if over := check_limits(ruleset):
                raise InferenceFault(f"rule set {name} is over the limits of durable-rules: {'; '.join(over)}")
            while len(self._compiled) >= MAX_COMPILED:
                self._drop(next(iter(self._compiled)))
            compiled = self._compiled[name] = _Compiled(self._host, ruleset)
        self._compiled.move_to_end(name)
        return compiled

    def _drop(self, name: str) -> None:
        self._compiled.pop(name, None)
        self._host.drop(name)


def _concluding(atom: str) -> Any:
    # One argument and no more: durable-rules takes a function of two for an asynchronous one.
    def conclude(call: _Call) -> None:
        call.conclude(atom)

    return conclude


def _nothing(call: object) -> None:
    """The action of the rule that catches every fact."""


_engine_lock = threading.Lock()
_engine: _Engine | None = None


def _get_engine() -> _Engine:
    global _engine  # noqa: PLW0603  one engine a process, made when it is first asked for
    with _engine_lock:
        if _engine is None:
            _engine = _Engine()
        return _engine


def _start_anew() -> None:
    """For a forked process: the thread that holds the lock was not copied into it, so nobody would release it."""
    global _engine, _engine_lock
    _engine, _engine_lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)


def available() -> bool:
    """Whether durable-rules can be used here. It cannot on Python 3.13 and later, nor where it is not installed."""
    return why_unavailable() is None


def why_unavailable() -> str | None:
    """Why durable-rules cannot be used here, in a sentence; None where it can."""
    return _get_engine().reason


def conclude(ruleset: RuleSet, atoms: Iterable[str]) -> frozenset[str]:
    """All atoms that are true at the end: the given ones and what follows from them. Safe to call from any thread.

    Raises:
        InferenceFault: durable-rules is not available, the rule set is over its limits, or it failed.
    """
    engine = _get_engine()
    if engine.reason is not None:
        raise InferenceFault(engine.reason)
    return engine.conclude(ruleset, tuple(atoms))
