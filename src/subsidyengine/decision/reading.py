"""Reading one scheme against one case on one day: the environment that formulas read from.

Keeps every sub-expression's value, which settings were leaned on though not settled, and the weakest citation that
each result rests on.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ..facts import Case
from ..formula import Cause, Formula, Node, Unknown, Value, merge
from ..rulebook import RateRow, Rulebook, value_of
from .program import Program, ReadyClause, ReadyCondition, program_for

UNKNOWN_RANK = 3


class Reading:
    """The :class:`~subsidyengine.formula.Env` of one case, scheme and day."""

    __slots__ = (
        "_derived",
        "_leaned",
        "_periods",
        "_values",
        "assumed",
        "case",
        "clause",
        "facts",
        "inner",
        "known",
        "not_established",
        "on",
        "program",
        "rank",
        "rates_read",
        "record",
        "rulebook",
        "schemes",
    )  # fmt: skip

    def __init__(
        self, rulebook: Rulebook, program: Program, case: Case, on: date, known: date | None,
        schemes: tuple[str, ...] = (), facts: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.rulebook, self.program, self.case, self.on, self.known = rulebook, program, case, on, known
        self.facts: dict[str, Any] = case.on_day(on, known) if facts is None else facts
        self.record: dict[Node, Any] = {}
        #: Unsettled settings that some result leans on, in order of use.
        self.assumed: dict[str, None] = {}
        #: Rates that were read, and the readings of other schemes that gave a fact: what this answer can turn on.
        self.rates_read: set[str] = set()
        #: Rows of rates that were read and are not established, for the reason why.
        self.not_established: dict[str, RateRow] = {}
        self.inner: list[Reading] = []
        #: Weakest citation rank of what is being computed.
        self.rank = 0
        self.clause: ReadyClause = program.clauses[0]
        #: Schemes above this one, when it derives a fact for another (guards against a circle).
        self.schemes = schemes
        #: Results, each with the rank and the unsettled settings that it leans on.
        self._values: dict[str, tuple[Any, int, dict[str, None]]] = {}
        self._periods: dict[tuple[str, str], tuple[Any, int, dict[str, None]]] = {}
        self._leaned: dict[tuple[str, date], dict[str, None]] = {}
        self._derived: dict[tuple[str, date], tuple[Any, int]] = {}

    # what formulas read ----------------------------------------------------------------------------------------

    def fact(self, name: str) -> Value:
        """A fact that was not given: derived from another scheme where the vocabulary says so, else unknown."""
        return self._derive(name, self.on)

    def fact_at(self, name: str, day: date) -> Value:
        """A fact on another day."""
        value = self.case.value_at(name, day, self.known)
        return self._derive(name, day) if value is None else value

    def _derive(self, name: str, day: date) -> Value:
        scheme_id = self.rulebook.facts[name].derived_from
        missing = self.program.missing[name]
        if scheme_id is None or scheme_id in self.schemes or scheme_id not in self.rulebook.schemes:
            return missing
        if scheme_id == self.program.scheme.id:
            return missing
        key = (name, day)
        if key not in self._derived:
            from .answer import derived_amount

            above = (*self.schemes, self.program.scheme.id)
            reading = Reading(self.rulebook, program_for(self.rulebook, scheme_id), self.case, day, self.known, above)
            self._derived[key] = derived_amount(reading)
            self._leaned[key] = reading.assumed
            self.inner.append(reading)
        value, rank = self._derived[key]
        if value is None:
            return missing
        self.assumed.update(self._leaned[key])
        self.rank = max(self.rank, rank)
        return value  # type: ignore[no-any-return]

    def values_read(self) -> dict[str, Formula]:
        """Named values that were read on the way, with the formula of their version."""
        found = {}
        for name in self._values:
            row, _ = self._version(self.program.values[name], self.program.value_law_of[name])
            if row is not None and row.version.formula is not None:
                found[name] = row.version.formula
        return found

    def shown(self, name: str) -> Any:
        """A fact's value on the day, given or derived; None when it is unknown."""
        value = self.facts.get(name)
        return self._derived.get((name, self.on), (None, 0))[0] if value is None else value

    def derived(self) -> dict[str, tuple[Any, str]]:
        """Facts that were computed rather than given on this day: value and the scheme that gave it."""
        facts = self.rulebook.facts
        return {
            name: (value, facts[name].derived_from or "")
            for (name, day), (value, _) in self._derived.items()
            if day == self.on and value is not None
        }

    def rate(self, name: str, day: date | None) -> Value:
        """A rate on a day, as known; not established is unknown."""
        self.rates_read.add(name)
        row = self.rulebook.rates[name].at(day or self.on, self.known)
        if row.value is None:
            self.not_established[name] = row
            self.rank = UNKNOWN_RANK
            return Unknown((Cause("law_not_known", f"rate.{name}"),))
        for cite in row.cites:
            self.rank = max(self.rank, cite.rank)
        return row.value

    def value(self, name: str) -> Value:
        """A named value, computed once."""
        found = self._values.get(name)
        if found is None:
            outer, self.rank, above, self.assumed = self.rank, 0, self.assumed, {}
            rows = self.program.values[name]
            row, missing = self._version(rows, self.program.value_law_of[name])
            value: Any
            if row is None:
                value = missing
            elif row.run is None:
                value, self.rank = row.not_known, UNKNOWN_RANK
            else:
                value = row.run(self)
                self.rank = max(self.rank, row.rank)
                if type(value) is Unknown:
                    value = value.named(name)
            found = self._values[name] = (value, self.rank, self.assumed)
            self.rank, self.assumed = outer, above
        self.rank = max(self.rank, found[1])
        self.assumed.update(found[2])
        return found[0]  # type: ignore[no-any-return]

    def setting(self, name: str) -> Value:
        """A setting; one that is not settled by law is noted as leaned on."""
        setting = self.rulebook.settings[name]
        if not setting.settled:
            self.assumed[name] = None
        for cite in setting.cites:
            self.rank = max(self.rank, cite.rank)
        return setting.value

    def period(self, end: str) -> Value:
        """The period of the clause being read."""
        key = (self.clause.clause.name, end)
        found = self._periods.get(key)
        if found is None:
            outer, self.rank, above, self.assumed = self.rank, 0, self.assumed, {}
            value = self._period(end)
            found = self._periods[key] = (value, self.rank, self.assumed)
            self.rank, self.assumed = outer, above
        self.rank = max(self.rank, found[1])
        self.assumed.update(found[2])
        return found[0]  # type: ignore[no-any-return]

    def _period(self, end: str) -> Any:
        rows = self.program.periods.get(self.clause.clause.name)
        if rows is None:
            return Unknown((Cause("no_value", "no period"),))
        row, missing = self._version(rows, self.program.scheme.law_of)
        if row is None:
            return missing
        run = row.start if end == "from" else row.end
        if run is None:
            if end == "to" and row.start is not None and row.version.why is None:
                return Unknown((Cause("no_value", "open-ended"),))
            self.rank = UNKNOWN_RANK
            return row.not_known
        if end == "to" and row.open_when is not None and row.open_when(self) is True:
            return Unknown((Cause("no_value", "open-ended"),))
        value = run(self)
        self.rank = max(self.rank, row.rank)
        return value

    # versions and conditions -----------------------------------------------------------------------------------

    def _version(self, rows: tuple[Any, ...], law_of: str | None) -> tuple[Any, Any]:
        """The version that is law; None and the reason when the day that chooses it is unknown."""
        if len(rows) == 1:
            return rows[0], None
        day: Any = self.on
        if law_of is not None:
            day = self.law_day(law_of)
            if type(day) is Unknown:
                return None, day
        for row in reversed(rows):
            if row.version.from_ is None or row.version.from_ <= day:
                return row, None
        return rows[0], None

    def law_day(self, law_of: str | None) -> Any:
        """The day whose law counts: that of a fact or a named value, or the day asked for."""
        if law_of is None:
            return self.on
        if (value := value_of(law_of)) is not None:
            return self.value(value)
        return self.facts.get(law_of, self.program.missing[law_of])

    def condition(self, name: str) -> tuple[ReadyCondition, Any, int]:
        """The version of a condition, its truth (None: it does not bear on the case) and the rank that rests on."""
        rows = self.program.conditions[name]
        if len(rows) == 1:
            row = rows[0]
        else:
            row, missing = self._version(rows, self.program.law_of[name])
            if row is None:
                return rows[-1], missing, rows[-1].rank
        self.rank = row.rank
        bears: Any = True
        if row.when is not None:
            bears = row.when(self)
            if bears is False:
                return row, None, 0
        if row.holds is None:
            truth: Any = row.not_known
            self.rank = UNKNOWN_RANK
        else:
            truth = row.holds(self)
        if bears is not True:
            # Whether it bears is unknown: that is what is open, and what it would ask for then.
            truth = bears if truth is True or truth is False else merge(bears, truth)
        return row, truth, self.rank
