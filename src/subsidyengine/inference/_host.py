"""durable-rules with everything taken out that can go wrong by itself. Importing this module needs durable-rules.

Nothing outside `durable.py` uses this. It leans on the inside of durable-rules 2.0.28, so the version is pinned there.
"""

from typing import Any, Protocol

import durable_rules_engine as native  # type: ignore[import-not-found,unused-ignore]
from durable import engine  # type: ignore[import-untyped,unused-ignore]

_HANDLED, _OBSERVED = 0, 2
_NO_SUCH_SESSION = "error code: 309"


class FactMistaken(Exception):
    """A new fact was taken for one that is there: only a 32-bit hash of content and session tells facts apart."""


class Session(Protocol):
    """What the actions of a rule set are handed: the call they run for."""

    def conclude(self, atom: str) -> None:
        """Note the atom as concluded, and tell the rules."""


class DirectRuleset(engine.Ruleset):  # type: ignore[misc]
    """A compiled rule set whose actions run at once, in the calling thread, and whose errors are raised.

    The library's own loop keeps an exception of an action as text in the session's state, and drops the rest of the
    work in silence when the wall clock moves by ten seconds during an action. This loop has neither, and it is faster.
    """

    def chain(self, facts: str, session: Session) -> None:
        """Assert facts (a JSON array with at least one) and run actions until no rule has anything more to say."""
        handle = self._handle
        offset = self._accepted(native.assert_facts(handle, facts))
        started = native.start_action_for_state(handle, offset)
        if started is None:
            raise RuntimeError("no rule fired, not even the one that always does")
        fired: str | None = started[1]
        while fired is not None:
            # {"<rule>":{... matched facts ...}}: only the rule matters, so the rest is not parsed.
            name = fired[2 : fired.index('"', 2)]
            self._actions[name]._func(session)
            fired = native.complete_and_start_action(handle, offset)

    def tell(self, fact: str) -> None:
        """Assert one more fact (a JSON object) in the session of a running action."""
        self._accepted(native.assert_fact(self._handle, fact))

    def forget(self, sid: str) -> None:
        """Delete the session, if it began: 1,024 that are not deleted are the end of the rule set."""
        try:
            native.delete_state(self._handle, sid)
        except Exception as error:
            if _NO_SUCH_SESSION not in str(error):
                raise

    def release(self) -> None:
        """Give the compiled rules' memory back; the rule set must not be used again."""
        native.delete_ruleset(self._handle)

    @staticmethod
    def _accepted(result: tuple[int, int]) -> int:
        code, offset = result
        if code == _HANDLED:
            return offset
        if code == _OBSERVED:
            raise FactMistaken
        raise RuntimeError(f"a fact was not handled (code {code})")


class QuietHost(engine.Host):  # type: ignore[misc]
    """A host without the two background threads of the library's own, which read and act while a call is running."""

    def _run(self) -> None:
        """Start nothing."""

    def add(self, name: str, definition: dict[str, dict[str, Any]]) -> DirectRuleset:
        """Compile a rule set given as plain dictionaries; each rule's `run` is a function of one `Session`."""
        ruleset = DirectRuleset(name, self, definition)
        self._ruleset_directory[name] = ruleset
        return ruleset

    def drop(self, name: str) -> None:
        """Release a rule set, if it is there."""
        ruleset: DirectRuleset | None = self._ruleset_directory.pop(name, None)
        if ruleset is not None:
            ruleset.release()
