"""The ledger against a simple model of itself: whatever is done in whatever order, both agree, and every proof holds."""

from __future__ import annotations

import itertools
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import postgres
import pytest
from conftest import CASES, DECIDED, PERSON, Clock
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from subsidyengine.decision import Conclude
from subsidyengine.document import decide
from subsidyengine.facts import Case, read_cases
from subsidyengine.ledger import Ledger, NotAllowed, NotThere, open_rules
from subsidyengine.ledger.prove import prove_entry, prove_growth
from subsidyengine.ledger.verifier import Head, check_proof
from subsidyengine.ledger.verify import verify

SCHEME = "transitional.subsidy"


@dataclass
class Row:
    """What the model remembers of a decision."""

    case: str
    outcome: str
    person: bool
    signed: bool = False
    replaces: str | None = None
    replaced_by: str | None = None
    letters: int = 0


class LedgerAgainstModel(RuleBasedStateMachine):
    #: Where each run gets a database of its own; set for PostgreSQL.
    server: str | None = None
    decisions = Bundle("decisions")
    heads = Bundle("heads")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.rules = RULES
        self.model: dict[str, Row] = {}
        #: What makes a decision the same one: case, day, facts, what it replaces.
        self.ids: dict[tuple[str, date | None, bool, str | None], str] = {}
        self.size = 1
        self.readings = 0

    @initialize()
    def create(self) -> None:
        folder = Path(self.folder.name)
        self.key = folder / "signing.key"
        self.stack = ExitStack()
        name = f"model_{os.getpid()}_{next(NUMBERS)}"
        self.url = self.stack.enter_context(postgres.database(self.server, name)) if self.server else str(folder / "ledger.db")
        self.ledger = Ledger.create(self.url, self.key, Clock())

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            assert verify(self.ledger).sound
            self.ledger.close()
            self.stack.close()
        self.folder.cleanup()

    def propose(self, granted: bool, number: int, person: bool, replaces: str | None) -> str | None:
        base = BASES[granted]
        case = replace(base, id=self.model[replaces].case if replaces else f"K-{number}", on=DECIDED + timedelta(days=number))
        document = decide(case, self.rules.book, SCHEME, conclude=CONCLUDE)
        more = {"replaces": replaces, "why": "rettet"} if replaces else {}
        before = set(self.model)
        there = self.ids.get((case.id, case.on, granted, replaces))
        if there and person and not self.model[there].person:
            with pytest.raises(NotAllowed, match="recorded already"):
                self.ledger.add(case, document, self.rules, decided_on=DECIDED, person=PERSON, **more)
            return there
        try:
            entry = self.ledger.add(case, document, self.rules, decided_on=DECIDED, person=PERSON if person else None, **more)
        except NotAllowed:
            assert replaces is not None
            assert self.model[replaces].replaced_by is not None
            return None
        assert entry.outcome == ("granted" if granted else "undetermined")
        self.ids[case.id, case.on, granted, replaces] = entry.id
        if entry.id not in before:
            self.model[entry.id] = Row(case.id, entry.outcome, person, replaces=replaces)
            self.size += 1
            if replaces:
                assert self.model[replaces].replaced_by is None
                self.model[replaces].replaced_by = entry.id
        return entry.id

    @rule(target=decisions, granted=st.booleans(), number=st.integers(0, 5), person=st.booleans())
    def add(self, granted: bool, number: int, person: bool) -> str:
        found = self.propose(granted, number, person, None)
        assert found is not None
        return found

    @rule(old=decisions, granted=st.booleans(), number=st.integers(0, 5))
    def correct(self, old: str, granted: bool, number: int) -> None:
        self.propose(granted, number, False, old)

    @rule(which=st.integers(0, 30))
    def sign(self, which: int) -> None:
        if not self.model:
            return
        decision = sorted(self.model)[which % len(self.model)]
        row = self.model[decision]
        allowed = row.outcome == "granted" and not row.signed and row.replaced_by is None
        try:
            self.ledger.sign(decision, by="A", role="r", on=DECIDED)
        except NotAllowed:
            assert not allowed
        else:
            assert allowed
            row.signed = True
            self.size += 1

    @rule(decision=decisions)
    def read(self, decision: str) -> None:
        row = self.model[decision]
        if row.person:
            assert self.ledger.personal(decision, reader="B", purpose="p") == PERSON
            self.readings += 1
            self.size += 1
        else:
            with pytest.raises(NotThere):
                self.ledger.personal(decision, reader="B", purpose="p")

    @rule(decision=decisions)
    def forget(self, decision: str) -> None:
        if self.model[decision].person:
            assert self.ledger.forget(by="A", why="w", entry=decision) == (decision,)
            self.model[decision].person = False
            self.size += 1

    @rule(decision=decisions, day=st.integers(1, 3))
    def send(self, decision: str, day: int) -> None:
        before = len(self.ledger.letters(decision))
        self.ledger.record_letter(decision, "decision", "ab" * 32, date(2026, 3, day), "Digital Post")
        self.size += len(self.ledger.letters(decision)) - before
        self.model[decision].letters = len(self.ledger.letters(decision))

    @rule(target=heads)
    def hand_out(self) -> Head:
        return self.ledger.head()

    @rule(head=heads)
    def it_only_grew(self, head: Head) -> None:
        assert check_proof(prove_growth(self.ledger, head))
        assert verify(self.ledger, [head]).sound

    @rule(decision=decisions)
    def it_stands_there(self, decision: str) -> None:
        assert check_proof(prove_entry(self.ledger, decision))

    @rule()
    def open_again(self) -> None:
        self.ledger.close()
        self.ledger = Ledger.open(self.url, self.key, Clock())

    @invariant()
    def both_agree(self) -> None:
        if not hasattr(self, "ledger"):
            return
        entries = {entry.id: entry for entry in self.ledger.entries()}
        assert list(entries) == list(self.model)
        assert self.ledger.head().size == self.size
        assert len(self.ledger.readings()) == self.readings
        for decision, row in self.model.items():
            entry = entries[decision]
            newer, superseded = row.replaced_by, False
            while newer:
                superseded |= self.model[newer].signed
                newer = self.model[newer].replaced_by
            assert (entry.case, entry.outcome, entry.signed, entry.replaces) == (row.case, row.outcome, row.signed, row.replaces)
            assert (entry.replaced_by, entry.in_force) == (row.replaced_by, row.signed and not superseded)
            assert len(entry.letters) == row.letters
            assert bool(self.ledger.masked(decision)) == row.person
        wanted = [d for d, row in self.model.items() if entries[d].in_force and not row.letters]
        assert list(self.ledger.decisions_without_letter()) == wanted


RULES, CONCLUDE = open_rules(), Conclude()
BASES: dict[bool, Case] = {
    granted: next(c for c in read_cases([CASES / f"transitional-subsidy-{name}.yaml"], RULES.book) if isinstance(c, Case))
    for granted, name in ((True, "rent-rises"), (False, "facts-missing"))
}
NUMBERS = itertools.count()
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 15), ("postgresql", 6)])
def test_whatever_is_done_in_whatever_order_the_ledger_and_its_model_agree(kind, examples, request):
    server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None

    class Machine(LedgerAgainstModel):
        pass

    Machine.server = server
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=QUIET)
    )
