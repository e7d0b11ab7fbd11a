"""Cases in, documents out: the loop that `decide` and `timeline` share. Streams; a bad case never hides the good ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ..decision import touches
from ..document import Document, decide
from ..facts import Case, CaseError, read_cases
from ..rulebook import Rulebook
from ..words import Lang, say
from .common import FAULT, UNUSABLE, fail, one_of, tell


class Batch:
    """One run over paths; ``bad`` counts the cases that could not be used, ``faults`` those that met a fault."""

    def __init__(
        self, rulebook: Rulebook, paths: list[str], on: date | None, known: date | None, schemes: list[str],
        lang: Lang, today: date | None = None,
    ) -> None:  # fmt: skip
        for name in schemes:
            one_of(name, list(rulebook.schemes), say("scheme"))
        self.rulebook, self.paths, self.on, self.known = rulebook, paths, on, known
        self.schemes, self.lang = schemes, lang
        self.bad = self.cases = self.read = self.faults = 0
        self._today = today or date.today()

    def documents(self) -> Iterator[Document]:
        """A document for each case and scheme, in input order; problems of bad cases go to stderr."""
        for case, scheme in self.questions():
            try:
                yield decide(case, self.rulebook, scheme, self.lang)
            except Exception as fault:  # a fault in one case must not hide the others; it is told, and exits 1
                self.fault(case, scheme, fault)

    def fault(self, case: Case, scheme: str, fault: Exception) -> None:
        """A case that met a fault of the program: nothing is answered for it."""
        self.faults += 1
        kind = type(fault).__name__
        tell(say("{case}: {scheme}: fault: {kind}: {reason}", case=case.origin or case.id, scheme=scheme, kind=kind, reason=fault))

    def questions(self) -> Iterator[tuple[Case, str]]:
        """Each case with its day filled in, and a scheme to answer for it."""
        for item in read_cases(self.paths, self.rulebook, stdin=sys.stdin.buffer):
            self.read += 1
            if isinstance(item, CaseError):
                self.report(item)
                continue
            self.cases += 1
            day = self.on or item.on or self._today
            case = replace(item, on=day, known=self.known or item.known)
            for scheme in self.schemes_of(case):
                yield case, scheme

    def schemes_of(self, case: Case) -> list[str]:
        """Those asked for: on the command line, in the case, or every scheme that the facts touch."""
        if self.schemes:
            return self.schemes
        unknown = [s for s in case.schemes if s not in self.rulebook.schemes]
        if unknown:
            from ..formula import near

            self.bad += 1
            for name in unknown:
                hint = near(name, self.rulebook.schemes)
                tell(say("{case}: schemes: unknown scheme '{name}'{hint}", case=case.origin, name=name, hint=hint))
            return [s for s in case.schemes if s in self.rulebook.schemes]
        if case.schemes:
            return list(case.schemes)
        found = [s.id for s in self.rulebook.schemes.values() if touches(case.facts, s.touched_by)]
        if not found:
            self.bad += 1
            tell(say("{case}: no scheme is touched by these facts; name one with --scheme", case=case.origin or case.id))
        return found

    def report(self, error: CaseError) -> None:
        """The problems of one case that cannot be used."""
        self.bad += 1
        for problem in error.problems:
            tell(problem)

    def finish(self) -> None:
        """Exit 1 after a fault, 2 when some case was unusable."""
        if self.faults:
            fail(say("{count} decisions met a fault", count=self.faults), FAULT)
        if self.bad:
            fail(say("{bad} of {count} cases could not be used", bad=self.bad, count=self.read), UNUSABLE)
