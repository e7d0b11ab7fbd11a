"""Appeal routes in an overlay: given where the base leaves them open, never turned, never without what a letter needs."""

from __future__ import annotations

import pytest

from subsidyengine.rulebook import RulebookError
from subsidyengine.rulebook.load import build
from subsidyengine.rulebook.overlay import apply_overlay

HEAD = "by: Ida Holm, jurist\non: 2026-02-01\nlayer: local-policy\nreason: {da: Gennemgået, en: Gone through}\n"
TEXT = "{da: x, en: x}"


def route(key="board", established="true", weeks=4, cite="act § 9 [text]", more=""):
    limit = f"deadline: {{weeks: {weeks}}}, " if weeks else ""
    fields = f"title: {TEXT}, established: {established}, body: {TEXT}, sent_to: {TEXT}, {limit}cite: '{cite}'{more}"
    return {"overlay.yaml": HEAD, "appeals.yaml": f"appeals:\n  {key}: {{{fields}}}\n"}


def base(sound_texts, **routes):
    """The sound rulebook with these routes: each a piece of YAML."""
    texts = {**sound_texts, "appeals.yaml": "appeals:\n" + "".join(f"  {k}: {{title: {TEXT}, {v}}}\n" for k, v in routes.items())}
    book, problems = build(texts)
    assert not problems
    return book


OPEN = "established: false"
HALF = "established: true, cite: 'act § 9 [text]'"
FULL = f"{HALF}, body: {TEXT}, sent_to: {TEXT}, deadline: {{weeks: 6}}"


@pytest.mark.parametrize("was", [OPEN, HALF], ids=["not established", "without a time limit"])
def test_open_route_is_given_and_then_settled(sound_texts, was):
    book = base(sound_texts, board=was)
    assert not book.appeals["board"].settled
    laid = apply_overlay(book, "town", route(more=", suspensive: true"))
    assert (laid.appeals["board"].settled, laid.appeals["board"].weeks, laid.appeals["board"].suspensive) == (True, 4, True)
    assert laid.hash != book.hash


def test_what_the_overlay_does_not_say_is_kept(sound_texts):
    laid = apply_overlay(base(sound_texts, board=f"{OPEN}, suspensive: false"), "town", route())
    assert laid.appeals["board"].suspensive is False


def test_scheme_gets_a_route_of_the_overlay_where_its_own_is_open(sound_texts):
    texts = {**route("council"), "h.yaml": "scheme: home.support\nappeal: council\n"}
    laid = apply_overlay(base(sound_texts, board=OPEN), "town", texts)
    assert laid.schemes["home.support"].appeal == "council"
    assert laid.schemes["home.grants"].appeal == "board"


@pytest.mark.parametrize(
    ("was", "given", "said"),
    [
        (FULL, route(), "O_CONTRADICTS appeal board: it is established at appeals.yaml:2; an overlay gives only routes that are open"),
        (f"{OPEN}, deadline: {{weeks: 6}}", route(), "O_CONTRADICTS appeal board: deadline.weeks is 6 at appeals.yaml:2"),
        (f"{OPEN}, suspensive: false", route(more=", suspensive: true"), "O_CONTRADICTS appeal board: suspensive is false at appeals.yaml:2"),
        (OPEN, route(weeks=None), "O_UNKNOWN appeal board: an overlay gives a route with body, sent_to and deadline.weeks; it lacks deadline.weeks"),
        (OPEN, route(established="false"), "O_UNKNOWN appeal board: an overlay gives a route that is established; leave out those that stay open"),
        (OPEN, route(cite="act § 9 [unknown]"), "O_UNKNOWN appeal board: an established route does not rest on a citation marked [unknown]; read the provision and mark it"),
        (OPEN, route(cite="acts § 9 [text]"), "R_SOURCE appeal board cites 'acts', which is not in sources.yaml - did you mean 'act'?"),
        (OPEN, {**route("council"), "h.yaml": "scheme: home.support\nappeal: counsil\n"}, "R_APPEAL home.support: the appeal route 'counsil' is not in appeals.yaml - did you mean 'council'?"),
        (FULL, {**route("council"), "h.yaml": "scheme: home.support\nappeal: council\n"}, "O_CONTRADICTS home.support has the appeal route board (home/support.yaml:4); an overlay gives one only where it is open"),
        (OPEN, route(more=", deadlin: 4"), "S_UNKNOWN_KEY unknown key 'deadlin' in appeals.board - did you mean 'deadline'?"),
    ],
)  # fmt: skip
def test_what_is_no_route_is_said_exactly(sound_texts, was, given, said):
    with pytest.raises(RulebookError) as caught:
        apply_overlay(base(sound_texts, board=was), "town", given)
    assert [str(p).split(" ", 1)[1] for p in caught.value.problems] == [said]
