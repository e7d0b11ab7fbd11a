"""What the ledger says to people, in Danish and English."""

from __future__ import annotations

from ..formula import Lang

WORDS: dict[Lang, dict[str, str]] = {
    "da": {
        "dossier": "Afgørelsesdossier", "case": "Sag", "scheme": "Ordning", "status": "Status",
        "proposal": "forslag, ikke underskrevet",
        "signed": "underskrevet af {by} ({role}) den {on}", "replaced": "rettet ved {id} ({how})", "replaced_signed": "underskrevet",
        "replaced_open": "endnu et forslag", "superseded": "gælder ikke længere", "in_force": "gælder", "id": "Id", "day": "Afgjort for",
        "known": "kendt",
        "decided": "Besluttet", "effective": "Virkning fra", "recorded": "Registreret", "replaces": "Retter", "why": "fordi",
        "rules": "Regler", "program": "Program",
        "place": "Plads i protokollen", "person": "Person", "erased": "slettet",
        "nobody": "ingen personoplysninger", "facts": "Oplysninger, som de blev givet", "from": "fra", "received": "modtaget",
        "source": "kilde", "by": "vurderet af", "on": "den", "conditions": "Betingelser", "open": "Det mangler", "timeline": "Tidslinje",
        "dates": "Datoer", "notes": "Bemærk", "sources": "Retskilder", "letters": "Breve", "no_letter": "intet afgørelsesbrev registreret",
        "sent": "sendt", "decides": "Afgøres af", "certainty": "Sikkerhed", "met": "opfyldt", "not_met": "ikke opfyldt",
        "unknown": "uafklaret", "granted": "bevilget", "refused": "afslået", "undetermined": "ikke afgjort", "text": "ordlyd læst",
        "secondary": "anden kilde", "inferred": "udledt", "uncertain": "usikker", "open_end": "uden slutdato", "parts": "Dele",
        "routes": "Veje", "readings": "Læsninger af personoplysninger", "entry": "post", "of": "af", "yes": "ja", "no": "nej",
        "assessed": "vurderet", "derived": "Beregnet af programmet", "letter_decision": "afgørelsesbrev", "letter_hearing": "partshøring",
        "letter_facts": "brev om manglende oplysninger", "amount": "Beløb", "period": "Periode", "route": "Vej", "outcome": "Resultat",
        "condition": "Betingelse", "part": "Del", "rate": "Sats", "segments": "Tidslinje", "fact": "Oplysning", "wording": "Kun ordlyden",
        "appeal": "Klage", "not_established": "ikke fastlagt",
        "copy": "Kopi", "in_da": "registreret på dansk", "in_en": "registreret på engelsk; dette er en oversat kopi",
        "name": "navn", "address": "adresse", "cpr": "CPR", "then": "dengang", "now": "nu",
    },
    "en": {
        "dossier": "Decision dossier", "case": "Case", "scheme": "Scheme", "status": "Status", "proposal": "proposal, not signed",
        "signed": "signed by {by} ({role}) on {on}", "replaced": "corrected by {id} ({how})", "replaced_signed": "signed",
        "replaced_open": "still a proposal", "superseded": "no longer in force", "in_force": "in force", "id": "Id", "day": "Decided for",
        "known": "as known", "decided": "Decided", "effective": "Effective from", "recorded": "Recorded", "replaces": "Corrects",
        "why": "because", "rules": "Rules", "program": "Program", "place": "Place in the ledger", "person": "Person", "erased": "erased",
        "nobody": "no personal data", "facts": "Facts as given", "from": "from", "received": "received", "source": "source",
        "by": "assessed by", "on": "on", "conditions": "Conditions", "open": "What is missing", "timeline": "Timeline", "dates": "Dates",
        "notes": "Note", "sources": "Sources of law", "letters": "Letters", "no_letter": "no decision letter recorded", "sent": "sent",
        "decides": "Decided by", "certainty": "Certainty", "met": "met", "not_met": "not met", "unknown": "open", "granted": "granted",
        "refused": "refused", "undetermined": "undetermined", "text": "provision read", "secondary": "secondary source",
        "inferred": "inferred", "uncertain": "uncertain", "open_end": "open-ended", "parts": "Parts", "routes": "Routes",
        "readings": "Readings of personal data", "entry": "entry", "of": "of", "yes": "yes", "no": "no", "assessed": "assessed",
        "derived": "Computed by the program", "letter_decision": "decision letter", "letter_hearing": "hearing letter",
        "letter_facts": "letter asking for facts", "amount": "Amount", "period": "Period", "route": "Route", "outcome": "Outcome",
        "condition": "Condition", "part": "Part", "rate": "Rate", "segments": "Timeline", "fact": "Fact", "wording": "Only the wording",
        "appeal": "Appeal", "not_established": "not established",
        "copy": "Copy", "in_da": "recorded in Danish; this is a courtesy copy", "in_en": "recorded in English",
        "name": "name", "address": "address", "cpr": "CPR", "then": "then", "now": "now",
    },
}  # fmt: skip

#: What a verification found: with the entry it names, and what more is known of it.
TROUBLES: dict[Lang, dict[str, str]] = {
    "da": {
        "changed": "{entry} er ændret", "removed": "{entry} er fjernet", "inserted": "{entry} er skudt ind",
        "reordered": "{entry} står et andet sted, end den blev skrevet", "cut": "protokollen er kortet af: {entry} og det følgende mangler",
        "personal": "personoplysninger passer ikke til {entry}: {detail}", "rulebook": "et regelsæt er ændret: {detail}",
        "head": "et udleveret hoved passer ikke til protokollen: {detail}",
        "key": "protokollen er ikke underskrevet med denne nøgle: {detail}",
        "state": "protokollens afslutning er ændret", "storage": "databasen er beskadiget: {detail}", "unopened": "protokollen er tom",
    },
    "en": {
        "changed": "{entry} was changed", "removed": "{entry} was removed", "inserted": "{entry} was inserted",
        "reordered": "{entry} stands elsewhere than it was written", 
        "cut": "the ledger was cut: {entry} and what follows are missing",
        "personal": "personal data do not agree with {entry}: {detail}", "rulebook": "a rulebook was changed: {detail}",
        "head": "a head that was handed out does not agree with the ledger: {detail}",
        "key": "the ledger is not signed by this key: {detail}",
        "state": "the end of the ledger was changed", "storage": "the database is damaged: {detail}", "unopened": "the ledger is empty",
    },
}  # fmt: skip


def certainty_word(certainty: str, lang: Lang) -> str:
    """A mark of certainty in words."""
    return WORDS[lang]["uncertain" if certainty == "unknown" else certainty]


def trouble_text(trouble: str, seq: int | None, decision: str | None, detail: str, lang: Lang) -> str:
    """One problem of a verification in a sentence."""
    words = WORDS[lang]
    entry = words["entry"] if seq is None else f"{words['entry']} {seq}"
    if decision:
        entry += f" ({decision})"
    return TROUBLES[lang][trouble].format(entry=entry, detail=detail).rstrip(": ")
