"""On every day inside a segment the answer is the segment's: first day, last day and days between, for all worked cases."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest

from subsidyengine.decision import Conclude, Reading, answer, program_for
from subsidyengine.rulebook import open_rulebook, shipped_folder
from subsidyengine.timeline import timeline
from subsidyengine.worked import load_worked

RULES = shipped_folder()
FILES = sorted(path.relative_to(RULES).as_posix() for path in RULES.rglob("*.cases.yaml"))


@pytest.fixture(scope="session")
def book():
    return open_rulebook(cache=False)


def face(found):
    amount = found.chosen.amount if found.chosen is not None and found.outcome != "refused" else None
    return found.outcome, amount.value if amount else None, found.route


@pytest.mark.parametrize("name", FILES)
def test_a_day_inside_a_segment_has_its_answer(book, name):
    rng = random.Random(name)
    conclude = Conclude(durable=False)
    for worked in load_worked(RULES / name, book, name):
        program, case = program_for(book, worked.scheme), worked.case
        found = answer(Reading(book, program, case, case.on, case.known), conclude)
        line = timeline(found, conclude)
        for segment in line.segments:
            # An open-ended answer is followed for a hundred years; the last stretch is tested for thirty days.
            last = segment.to or segment.from_ + timedelta(days=30)
            inside = [segment.from_ + timedelta(days=rng.randint(0, (last - segment.from_).days)) for _ in range(4)]
            for day in {segment.from_, last, *inside}:
                on_day = answer(Reading(book, program, case, day, case.known), conclude, events=False)
                assert face(on_day) == (segment.outcome, segment.amount, segment.route), (worked.name, day)


@pytest.mark.parametrize("name", FILES)
def test_segments_follow_each_other_without_gap(book, name):
    conclude = Conclude(durable=False)
    for worked in load_worked(RULES / name, book, name):
        reading = Reading(book, program_for(book, worked.scheme), worked.case, worked.case.on, worked.case.known)
        segments = timeline(answer(reading, conclude), conclude).segments
        assert segments, worked.name
        for before, after in pairwise(segments):
            assert isinstance(before.to, date)
            assert after.from_ == before.to + timedelta(days=1), worked.name
