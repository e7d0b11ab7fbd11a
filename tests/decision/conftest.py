"""A small made-up rulebook: one scheme of each shape, figures that are easy to work out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from subsidyengine.document import Document, decide
from subsidyengine.facts import case_from_data
from subsidyengine.rulebook import Rulebook
from subsidyengine.rulebook.load import build

WORDS = {
    "facts.yaml": """
facts:
  home.rent: {type: number, unit: DKK/month, title: {da: husleje, en: rent}, ask: {da: Hvad er huslejen?, en: What is the rent?}}
  home.start: {type: date, title: {da: indflytning, en: move-in}, ask: {da: Hvornår?, en: When?}}
  home.kind: {type: enum, values: {flat: {da: lejlighed, en: flat}, room: {da: værelse, en: room}}, title: {da: boligtype, en: kind}, ask: {da: Hvilken?, en: Which kind?}}
  home.left: {type: date, title: {da: fraflytning, en: moving out}, ask: {da: Hvornår flyttet?, en: When left?}}
  who.needy: {type: bool, title: {da: borgeren har behov, en: the person is in need}, ask: {da: Er der behov?, en: Is the person in need?}}
  who.young: {type: bool, title: {da: borgeren er ung, en: the person is young}, ask: {da: Ung?, en: Young?}}
  who.adults: {type: integer, title: {da: antal voksne, en: adults}, ask: {da: Hvor mange voksne?, en: How many adults?}}
  help.amount: {type: number, unit: DKK/month, title: {da: hjælp, en: help}, ask: {da: Hvor meget hjælp?, en: How much help?}, derived_from: small.help}
  help.income: {type: number, unit: DKK/month, title: {da: indkomst, en: income}, ask: {da: Hvad er indkomsten?, en: What is the income?}}
  assessment.suited: {type: bool, assessment: true, title: {da: boligen er egnet, en: the home is suited}, ask: {da: Er den egnet?, en: Is it suited?}}
""",
    "sources.yaml": """
sources:
  act: {title: {da: loven, en: the act}, short: loven, kind: statute}
  order-7: {title: {da: bekendtgørelsen, en: the order}, short: BEK 7/2020, kind: order}
""",
    "appeals.yaml": "appeals: {board: {title: {da: nævnet, en: the board}, established: true, cite: 'act § 9 [text]'}}",
    "settings.yaml": """
settings:
  days: {title: {da: dage i en måned, en: days in a month}, unit: day/month, value: 30, settled: false, why: {da: Ikke fastlagt., en: Not settled.}}
""",
    "rates/all.yaml": """
rates:
  own_day:
    title: {da: døgnpris, en: daily price}
    unit: DKK/day
    values:
      - {value: 10, cite: 'act § 4 [text]'}
      - {from: 2024-01-01, value: 11.50, cite: 'act § 4 [secondary]'}
      - {from: 2025-01-01, value: unknown, why: {da: Ikke offentliggjort., en: Not published.}}
""",
}
SUPPORT = """
scheme: small.support
title: {da: støtte, en: support}
decided_by: {da: rådet, en: the council}
appeal: board
touched_by: [home]
values:
  net: {title: {da: netto, en: net}, is: home.rent - help.amount, cite: 'act § 2 [text]'}
conditions:
  need:
    - {until: 2023-06-30, law_of: home.start, holds: who.needy and who.young, cite: 'act § 1 [text]', says: {da: ung med behov, en: young and in need}}
    - {from: 2023-07-01, law_of: home.start, holds: who.needy or who.young, cite: 'act § 1 [secondary]', says: {da: ung eller behov, en: young or in need}}
  flat: {holds: home.kind == flat, cite: 'act § 3 [text]', says: {da: det er en lejlighed, en: it is a flat}}
  suited: {when: who.young, holds: assessment.suited, cite: 'act § 5 [text]', says: {da: boligen er egnet, en: the home is suited}}
  in-period: {holds: period.from <= on <= period.to, cite: 'act § 6 [text]', says: {da: inden for perioden, en: within the period}}
rules:
  eligible: {all: [need, flat]}
  granted: {all: [eligible, suited, in-period]}
amount: {is: "max(0, value.net)", unit: DKK/month, round: ore-half-up, cite: 'act § 2 [text]', zero_says: {da: nul nu, en: nothing now}}
period: {from: home.start, to: "min(home.start + years(2) - days(1), known_or(home.left, home.start + years(2) - days(1)))", cite: 'act § 6 [inferred]'}
events:
  - {on: period.to, kind: support_ends, says: {da: slut, en: end}, cite: 'act § 6 [text]'}
  - {on: "period.to - months(3)", kind: review_due, says: {da: gennemgang, en: review}, basis: local-practice}
"""
HELP = """
scheme: small.help
title: {da: hjælp, en: help}
decided_by: {da: rådet, en: the council}
appeal: board
touched_by: [help.income]
conditions:
  low-income: {holds: help.income <= 1000, cite: 'order-7 § 1 [secondary]', says: {da: lav indkomst, en: low income}}
rules: {granted: {all: [low-income]}}
amount: {is: 1000 - help.income, unit: DKK/month, round: krone-half-up, cite: 'order-7 § 2 [secondary]'}
"""
STAY = """
scheme: small.stay
title: {da: ophold, en: stay}
decided_by: {da: rådet, en: the council}
appeal: board
touched_by: [who]
conditions:
  need: {holds: who.needy, cite: 'act § 1 [text]', says: {da: behov, en: in need}}
rules: {granted: {all: [need]}}
amount: {is: rate.own_day * setting.days, unit: DKK/month, round: ore-half-up, cite: 'act § 4 [text]'}
notes:
  - {says: {da: husk, en: remember}, when: "on >= date(2024, 1, 1)", cite: 'act § 8 [inferred]'}
  - {open: law_not_known, says: {da: ny lov, en: new law}, when: "on >= date(2024, 6, 1)", cite: 'act § 8 [inferred]'}
"""
PARTS = """
scheme: small.parts
title: {da: dele, en: parts}
decided_by: {da: rådet, en: the council}
appeal: board
touched_by: [home, who]
conditions:
  need: {holds: who.needy, cite: 'act § 1 [text]', says: {da: behov, en: in need}}
  flat: {holds: home.kind == flat, cite: 'act § 3 [secondary]', says: {da: lejlighed, en: flat}}
parts:
  rent_part:
    title: {da: husleje, en: rent}
    touched_by: [home.rent]
    all: [flat]
    amount: {is: home.rent / who.adults, unit: DKK/month, round: ore-half-up, cite: 'act § 2 [text]'}
  need_part:
    title: {da: behov, en: need}
    touched_by: [who.needy]
    all: [need]
"""
ROUTES = """
scheme: small.routes
title: {da: veje, en: routes}
decided_by: {da: rådet, en: the council}
appeal: board
touched_by: [home]
conditions:
  need: {holds: who.needy, cite: 'act § 1 [text]', says: {da: behov, en: in need}}
  young: {holds: who.young, cite: 'act § 1 [text]', says: {da: ung, en: young}}
routes:
  strict: {title: {da: streng, en: strict}, when: home.kind == flat, all: [need, young]}
  mild: {title: {da: mild, en: mild}, when: home.kind == flat, all: [young]}
  room: {title: {da: værelse, en: room}, when: home.kind == room, all: [need]}
pick: PICK
"""


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The small rulebook; it must be sound."""
    rulebook, problems = build(
        {
            **WORDS,
            "a.yaml": SUPPORT,
            "b.yaml": HELP,
            "c.yaml": STAY,
            "d.yaml": PARTS,
            "e.yaml": ROUTES.replace("PICK", "first"),
            "f.yaml": ROUTES.replace("PICK", "strictest").replace("small.routes", "small.strictest"),
        }
    )
    assert not problems, "\n".join(map(str, problems))
    return rulebook


Ask = Callable[..., Document]


@pytest.fixture
def ask(book: Rulebook) -> Ask:
    """``ask(scheme, on, known=..., **{"home.rent": 5})`` decides and gives the document in English."""

    def run(scheme: str, on: str, facts: dict[str, Any], known: str | None = None) -> Document:
        day = date.fromisoformat(on)
        data = {"case": "T-1", "on": day, "facts": facts, **({"known": date.fromisoformat(known)} if known else {})}
        case = case_from_data(data, book.facts)
        return decide(case, book, f"small.{scheme}", "en")

    return run


@pytest.fixture
def words() -> dict[str, str]:
    """The vocabulary, sources and rates of the small rulebook, for a scheme of a test's own."""
    return dict(WORDS)
