"""The desk's words for people, in Danish and English."""

from __future__ import annotations

from fractions import Fraction

from ..formula import Lang
from ..rulebook import Cite, Rulebook, Text
from .draw import Draw
from .terms import Terms

OWNERS = {
    "municipal": Text("kommunen", "the municipality"),
    "youth": Text("kommunen (ungdomsboliger)", "the municipality (youth dwellings)"),
    "rehousing": Text("kommunen (genhusning)", "the municipality (re-housing)"),
    "transitional": Text("kommunen (udslusning)", "the municipality (transitional)"),
    "elderly": Text("kommunen (ældreboliger)", "the municipality (elderly dwellings)"),
    "flexible": Text("fleksibel udlejning", "flexible letting"),
    "internal": Text("intern oprykning", "internal moves"),
    "external": Text("ekstern venteliste", "external waiting list"),
    "waiting_list": Text("ventelisten", "the waiting list"),
    "organisation": Text("boligorganisationen", "the housing organisation"),
    "landlord": Text("udlejeren", "the landlord"),
    "exempt": Text("uden for tællingen", "outside the count"),
}
NOBODY = Text("kan ikke afgøres", "cannot be decided")
STATUS = {
    "on_offer": Text("tilbudt", "on offer"),
    "used": Text("anvist", "used"),
    "passed": Text("afslået", "passed"),
    "silent": Text("ikke besvaret", "not answered"),
    "withdrawn": Text("opgivet", "withdrawn"),
    "not_offered": Text("ikke tilbudt", "not offered"),
    "let": Text("går til andre", "goes to others"),
    "exempt": Text("tæller ikke", "not counted"),
    "undetermined": Text("uafklaret", "open"),
}
EXEMPT = {
    "elderly": Text(
        "ældreboliger anvises af kommunen efter egne regler (§§ 54 og 57)",
        "elderly dwellings are allocated by the municipality under rules of their own (sections 54 and 57)",
    ),
    "for_sale": Text("boligen er udbudt til salg", "the dwelling is up for sale"),
    "swap": Text("bytte er ikke en ledig bolig", "a swap is no vacancy"),
    "household_takeover": Text(
        "et medlem af husstanden overtager boligen",
        "a member of the household takes the dwelling over",
    ),
    "staff": Text("funktionærbolig", "a staff dwelling"),
    "single_room": Text("enkeltværelse", "a single room"),
    "shared_home": Text("bofællesskab (§ 51 a)", "a shared home (section 51 a)"),
    "internal_move": Text(
        "intern flytning: kædens sidste bolig tæller",
        "an internal move: the last dwelling of the chain counts",
    ),
    "new_building": Text("første udlejning i nybyggeri", "the first letting of a new building"),
    "kind": Text(
        "ingen af aftalens rettigheder gælder denne boligtype",
        "no right of the agreement is about this kind of dwelling",
    ),
}
TWO_AGREEMENTS = Text(
    "To aftaler gælder lige meget for boligen. Hvilken skal bruges?", "Two agreements are equally about the dwelling. Which counts?"
)
MINE = Text("Kommunens tur ({right})", "The municipality's turn ({right})")
NOT_MINE = Text("Ikke kommunens tur: {owner}", "Not the municipality's turn: {owner}")
COUNTED = Text(
    "Nr. {number} i tællingen giver {share}, altså hele ture: {turns}; {used} brugt, {lost} bortfaldet, {on_offer} tilbudt",
    "No. {number} counted gives {share}, so whole turns: {turns}; {used} used, {lost} lost, {on_offer} on offer",
)
BROUGHT = Text(", heraf {brought} fra den tidligere aftale", ", of which {brought} from the earlier agreement")
CARRIED = Text(", {carried} overført", ", {carried} carried over")
ELDERLY_CITE = "almenboligloven § 54 stk. 5"
ELDERLY_RENT = Text(
    "Hvem der betaler lejen for en ledig ældrebolig, er ikke fastlagt: § 54 stk. 5 er ikke læst",
    "Who pays the rent of a vacant elderly dwelling is not established: section 54(5) was not read",
)
DOUBT = Text(
    "Hvad mangler for {vacancies}? Om de tæller, er ikke oplyst, og tællingen hviler på det",
    "What is missing for {vacancies}? Whether they count is not stated, and the count leans on it",
)
IRREGULAR = {
    "used_out_of_turn": Text(
        "Brugt af kommunen uden for tur: modregnes i næste tur",
        "Used by the municipality out of turn: set off against the next turn",
    ),
    "offered_out_of_turn": Text(
        "Tilbudt kommunen uden for tur; hvad det koster, er ikke fastlagt",
        "Offered to the municipality out of turn; what that costs is not established",
    ),
    "used_late": Text(
        "Brugt af kommunen efter svarfristen: modregnes i næste tur",
        "Used by the municipality after the time to answer: set off against the next turn",
    ),
    "used_outside_right": Text(
        "Brugt af kommunen, men ingen af dens rettigheder gælder boligen",
        "Used by the municipality, but none of its rights is about the dwelling",
    ),
    "used_exempt": Text(
        "Brugt af kommunen, men boligen tæller ikke",
        "Used by the municipality, but the dwelling does not count",
    ),
}
_VALUES = {
    ("unit", "department"): Text("der tælles pr. afdeling", "counted per department"),
    ("unit", "organisation"): Text("der tælles pr. boligorganisation", "counted per organisation"),
    ("unit", "municipality"): Text("der tælles i hele kommunen", "counted in the whole municipality"),
    ("unit", "property"): Text("der tælles pr. ejendom", "counted per property"),
    ("position", "first"): Text(
        "kommunen får den første bolig i hver omgang",
        "the municipality gets the first dwelling of each cycle",
    ),
    ("position", "last"): Text(
        "kommunen får den sidste bolig i hver omgang",
        "the municipality gets the last dwelling of each cycle",
    ),
    ("passing", "used"): Text("et nej bruger turen", "a pass uses the turn"),
    ("passing", "kept"): Text("et nej bruger ikke turen", "a pass does not use the turn"),
    ("passing", "carried"): Text("et nej bærer turen videre, højst {n}", "a pass carries the turn over, at most {n}"),
    ("withdrawal", "used"): Text("en opgivet bolig har brugt turen", "a withdrawn dwelling has used the turn"),
    ("withdrawal", "passed"): Text("en opgivet bolig regnes som et nej", "a withdrawn dwelling counts as a pass"),
    ("silence", "open"): Text("manglende svar lader tilbuddet stå", "silence leaves the offer standing"),
    ("silence", "passed"): Text("manglende svar inden fristen er et nej", "silence past the time limit is a pass"),
    ("not_offered", "lost"): Text("en tur, der ikke blev tilbudt, er tabt", "a turn that was not offered is lost"),
    ("not_offered", "kept"): Text("en tur, der ikke blev tilbudt, står ved magt", "a turn that was not offered stands"),
    ("outside_limits", "not_counted"): Text("boliger uden for grænserne tæller ikke", "dwellings outside the limits are not counted"),
    ("outside_limits", "waits"): Text(
        "boliger uden for grænserne tæller, og turen venter",
        "dwellings outside the limits are counted, and the turn waits",
    ),
    ("several_rights", "stream"): Text("hver rettighed tæller alle ledige boliger", "each right counts every vacancy"),
    ("several_rights", "remainder"): Text(
        "hver rettighed tæller det, de forrige levner",
        "each right counts what the earlier ones leave",
    ),
    ("internal_moves", "counted"): Text("interne flytninger tæller", "internal moves are counted"),
    ("internal_moves", "not_counted"): Text("interne flytninger tæller ikke", "internal moves are not counted"),
    ("new_buildings", "counted"): Text("nybyggeri tæller", "new buildings are counted"),
    ("new_buildings", "not_counted"): Text("nybyggeri tæller ikke", "new buildings are not counted"),
    ("rent_when_passed", "until_let"): Text(
        "et nej til en bolig til rådighed koster leje til udlejning, højst til en opsigelses virkning",
        "passing a dwelling at disposal costs rent until it is let, at most to the end of a notice",
    ),
    ("rent_when_passed", "none"): Text("et nej inden fristen koster ingen leje", "a pass in time costs no rent"),
    ("earlier_count", "anew"): Text("tællingen begynder forfra", "the count begins anew"),
    ("earlier_count", "continued"): Text("tællingen fortsætter fra den tidligere aftale", "the count goes on from the earlier agreement"),
}
_LEFT_OUT = {
    "staff": Text("funktionærboliger tæller ikke", "staff dwellings are not counted"),
    "single_room": Text("enkeltværelser tæller ikke", "single rooms are not counted"),
}
#: What an answer leans on that is no parameter of an agreement.
_OF_LAW = {
    "allocated_again": Text(
        "Ikke afgjort i loven: en bolig, der er brugt, regnes for anvist igen. Loven nævner en periode for det og ministeriets side en "
        "længere aftaleperiode. Hvordan de to passer sammen, er ikke fastlagt.",
        "Not settled by law: a dwelling that was used counts as allocated again. The act names a period for that and the ministry's page "
        "a longer agreement. How the two fit together is not established.",
    ),
    "same_day": Text(
        "Ikke afgjort i loven: boliger, der bliver ledige samme dag, tages efter deres id, og en anden rækkefølge flytter turen. Kolonnen "
        "sequence siger rækkefølgen.",
        "Not settled by law: dwellings that fall vacant on one day are taken by their id, and another order moves the turn. The column "
        "sequence states the order.",
    ),
    "saturday": Text(
        'Ikke afgjort i loven: lørdag regnes som hverdag. Om "hverdag" omfatter lørdag, er ikke fastslået.',
        'Not settled by law: Saturday counts as a weekday. Whether "hverdag" includes Saturday is not established.',
    ),
    "no_saturday": Text(
        'Ikke afgjort i loven: lørdag regnes ikke som hverdag. Om "hverdag" omfatter lørdag, er ikke fastslået.',
        'Not settled by law: Saturday does not count as a weekday. Whether "hverdag" includes Saturday is not established.',
    ),
}
_DEFAULT = {
    "agreement": Text(
        "Ikke afgjort: {what} efter standarden i denne aftale. {why}.", "Not settled: {what} by this agreement's default. {why}."
    ),
    "statute": Text("Ikke afgjort: {what} efter standarden. {why}.", "Not settled: {what} by default. {why}."),
}
_MISSING = {
    "kind": ("dwelling.kind", None),
    "rent": ("dwelling.rent", None),
    "area_m2": ("dwelling.area_m2", None),
    "rooms": ("dwelling.rooms", None),
    "department": ("dwelling.department", None),
    "council_decision": ("turn.council_decided", None),
    "property": (
        "",
        Text(
            "Hvilken ejendom ligger boligen i? (kolonnen property)",
            "Which property does the dwelling lie in? (column property)",
        ),
    ),
    "dwelling": ("", Text("Hvilken bolig er det? (kolonnen dwelling)", "Which dwelling is it? (column dwelling)")),
}


def owner_word(owner: str | None, lang: Lang) -> str:
    """Whose, in words; an agreement's own word as it stands."""
    if owner is None:
        return NOBODY.get(lang)
    return OWNERS[owner].get(lang) if owner in OWNERS else owner


def parameter_phrase(terms: Terms, name: str, lang: Lang) -> str:
    """What a parameter of ``terms`` says, as a phrase: ``counted per organisation``."""
    if name in _LEFT_OUT:
        return _LEFT_OUT[name].get(lang)
    param = terms.params[name]
    return parameter_words(name, param.value, param.at_most, lang)


def parameter_words(name: str, value: str, at_most: int | None, lang: Lang) -> str:
    """What a value of a parameter means: ``counted per organisation``."""
    return _VALUES[name, value].get(lang).format(n=at_most)


def lean_cites(terms: Terms, name: str) -> tuple[Cite, ...]:
    """What is cited for a default that an answer leans on."""
    if name in _OF_LAW:
        return terms.answer.cites if terms.answer is not None and name in ("saturday", "no_saturday") else terms.cites
    return terms.exempt[name].cites if name in terms.exempt else terms.params[name].cites


def not_settled(terms: Terms, name: str, lang: Lang) -> str:
    """The disclosure of a default that an answer leans on."""
    if name in _OF_LAW:
        return _OF_LAW[name].get(lang)
    stated = terms.exempt[name].why if name in _LEFT_OUT else terms.params[name].why
    why = stated.get(lang) if stated else ""
    return _DEFAULT[terms.basis].get(lang).format(what=parameter_phrase(terms, name, lang), why=why.rstrip("."))


def missing_fact(name: str) -> str:
    """The fact of a case file that an empty column is; empty where it is none."""
    return _MISSING.get(name, ("", None))[0]


def missing_question(rulebook: Rulebook, draw: Draw, name: str) -> Text:
    """What to ask for, or why nobody knows it."""
    if name == "agreement":
        return TWO_AGREEMENTS
    if name == "share":
        right = next((r for i, r in enumerate(draw.terms.rights) if i in draw.counted and draw.counted[i] is None and r.why), None)
        return right.why if right is not None and right.why is not None else draw.terms.title
    fact, own = _MISSING[name]
    return own if own is not None else rulebook.facts[fact].ask


def fraction_text(value: Fraction) -> str:
    """``9/4``; a whole number as itself."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
