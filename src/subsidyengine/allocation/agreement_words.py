"""What the parts of an agreement are called, in Danish and English."""

from __future__ import annotations

from ..formula import Lang, number_text
from ..rulebook import Text
from .terms import Range

PARAMETER_TITLES = {
    "unit": Text("tællested", "counting unit"),
    "position": Text("plads i omgangen", "place in the cycle"),
    "passing": Text("når kommunen siger nej", "when the municipality passes"),
    "withdrawal": Text("når kommunen opgiver en bolig", "when the municipality gives a dwelling up"),
    "silence": Text("når kommunen ikke svarer", "when the municipality does not answer"),
    "not_offered": Text("når boligen ikke tilbydes", "when the dwelling is not offered"),
    "outside_limits": Text("boliger uden for grænserne", "dwellings outside the limits"),
    "several_rights": Text("flere rettigheder", "several rights"),
    "internal_moves": Text("interne flytninger", "internal moves"),
    "new_buildings": Text("nybyggeri", "new buildings"),
    "rent_when_passed": Text("leje efter et nej", "rent after a pass"),
    "earlier_count": Text("tidligere tælling", "earlier count"),
}
KINDS = {
    "family": Text("familieboliger", "family dwellings"),
    "youth": Text("ungdomsboliger", "youth dwellings"),
    "elderly": Text("ældreboliger", "elderly dwellings"),
    "private": Text("private lejeboliger", "private rentals"),
    "special": Text("skæve boliger", "odd dwellings"),
}
DRAWN_BY = {
    "municipality": Text("kommunen", "the municipality"),
    "organisation": Text("boligorganisationen", "the housing organisation"),
    "landlord": Text("udlejeren", "the landlord"),
}
UNITS = {
    "department": Text("pr. afdeling", "by department"),
    "organisation": Text("pr. boligorganisation", "by organisation"),
    "municipality": Text("i hele kommunen", "in the whole municipality"),
    "property": Text("pr. ejendom", "by property"),
}
COUNTS = {
    "stream": Text("af alle ledige boliger", "of every vacancy"),
    "remainder": Text("af det, de forrige levner", "of what the earlier ones leave"),
}
EFFECTS = {
    "gate": Text("skal være opfyldt", "must hold"),
    "priority": Text("giver fortrin", "gives priority"),
}
APPLIES = {
    "everywhere": Text("hvor der ingen aftale er", "where there is no agreement"),
    "by_itself": Text("af sig selv", "by itself"),
    "named_only": Text("kun når den nævnes", "only where named"),
    "replaced": Text("kun når den nævnes ({by} træder i stedet)", "only where named ({by} stands instead)"),
}
WHY_NAMED_ONLY = Text("Dens første dag er ikke fastslået", "Its first day is not established")
LIMITS = {"rent": Text("leje", "rent"), "area_m2": Text("areal", "area"), "rooms": Text("rum", "rooms")}
LIMIT_UNITS = {"rent": Text(" kr.", " kr."), "area_m2": Text(" m²", " m²"), "rooms": Text("", "")}
BETWEEN = Text("{low} til {high}{unit}", "{low} to {high}{unit}")
AT_LEAST = Text("mindst {low}{unit}", "at least {low}{unit}")
AT_MOST = Text("højst {high}{unit}", "at most {high}{unit}")

#: How much a right gives: short, and as a phrase.
STEPS = Text("{low} til {high}", "{low} to {high}")
SOME = Text("{n} boliger", "{n} dwellings")
SHARE = Text("{share} {counts}", "{share} {counts}")
NOT_KNOWN = Text("ikke fastslået", "not established")
IN_DEPARTMENTS = Text("i afdeling {names}", "in department {names}")
ELSEWHERE = Text("ellers", "elsewhere")
FROM_DAY = Text("fra {day}", "from {day}")
TO_DAY = Text("til {day}", "to {day}")
QUOTA = Text("{n} boliger om året", "{n} dwellings a year")
NAMED = Text("bestemte boliger: {names}", "named dwellings: {names}")
WHAT_IS_LEFT = Text("det, der er tilbage", "what is left")
DECIDED = Text("besluttet {day}", "decided on {day}")
NO_DECISION = Text("kræver kommunalbestyrelsens beslutning", "needs a decision of the council")

ANSWER = {True: Text("{n} hverdage", "{n} weekdays"), False: Text("{n} kalenderdage", "{n} calendar days")}
RESTORATION = {
    True: Text("kommunen garanterer istandsættelse", "the municipality guarantees restoration"),
    False: Text("ingen garanti for istandsættelse", "no guarantee of restoration"),
}
ARREARS = Text("restancer i de første {n} måneder", "arrears of the first {n} months")
#: Neither decides an answer of the desk yet, so both say so.
MONTHS = Text(
    "{n} måneder; en opsigelse virker her først, når aftalens sidste dag er rettet",
    "{n} months; notice given has no effect here until the agreement's last day is changed",
)
COMPENSATION = Text(
    "{n} kr. pr. bolig; er ikke med i kontoens beløb, for hvordan den opgøres, er ikke fastslået",
    "{n} kr. a dwelling; not in the amounts of the account, for how it is reckoned is not established",
)
SPREAD = Text(
    "besluttet {day} for {names}; {covered} af {all} familieboliger er omfattet; tages op igen senest {review}",
    "decided on {day} for {names}; {covered} of {all} family dwellings are covered; reviewed by {review} at the latest",
)
CAUSES = {
    "swap": Text("bytte", "swap"),
    "household_takeover": Text("et medlem af husstanden overtager", "a member of the household takes over"),
    "for_sale": Text("udbudt til salg", "up for sale"),
    "staff": Text("funktionærbolig", "staff dwelling"),
    "single_room": Text("enkeltværelse", "single room"),
    "shared_home": Text("bofællesskab", "shared home"),
    "notice": Text("opsigelse", "notice"),
    "death": Text("dødsfald", "death"),
    "eviction": Text("udsættelse", "eviction"),
    "end_of_term": Text("udløb af en tidsbegrænset lejeaftale", "end of a fixed term"),
    "new_building": Text("nybyggeri", "new building"),
    "internal_move": Text("intern flytning", "internal move"),
    "other": Text("andet", "other"),
}


def limit_words(name: str, limit: Range, lang: Lang) -> str:
    """A limit of a right: ``rent 4,000 to 6,000 kr.``."""
    low, high = (None if end is None else number_text(end, lang) for end in (limit.low, limit.high))
    text = AT_MOST if low is None else AT_LEAST if high is None else BETWEEN
    return f"{LIMITS[name].get(lang)} {text.get(lang).format(low=low, high=high, unit=LIMIT_UNITS[name].get(lang))}"
