"""The answer in one sentence, in Danish or English."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..decision import Amount, Answer, ClauseAnswer, Open
from ..formula import Lang, day_text
from ..rulebook import Setting
from ..timeline import Change

NOTHING = {
    "da": "Retten består, men beløbet er 0 kr. lige nu; det kan stige, når husleje eller boligstøtte ændrer sig",
    "en": "The right stands, but comes to 0 kr. at present; it can rise when rent or housing benefit change",
}
NO_WAY = {
    "da": "Ingen af ordningens veje omfatter sagens oplysninger",
    "en": "None of the scheme's ways covers the facts of the case",
}
NOTHING_BARS = {
    "da": "Ingen af ordningens betingelser gælder sagen, så intet er til hinder",
    "en": "None of the scheme's conditions bears on the case, so nothing stands in the way",
}
BASIS = {"local-practice": {"da": "lokal praksis", "en": "local practice"}}
_UNITS = {
    "da": {"DKK/month": "kr. om måneden", "DKK/year": "kr. om året", "DKK/day": "kr. pr. døgn", "DKK": "kr."},
    "en": {"DKK/month": "kr. a month", "DKK/year": "kr. a year", "DKK/day": "kr. a day", "DKK": "kr."},
}
_WORDS = {
    "da": {"granted": "Ja", "refused": "Nej", "undetermined": "Kan ikke afgøres endnu", "from": "fra", "to": "til og med",
           "because": "Ikke opfyldt", "missing": "Mangler", "no_end": "(sidste dag er ikke kendt)", "route": "Vej", "law": "Loven ændres",
           "amount": "Beløbet ændres fra", "till": "til", "leaned": "Datoerne er regnet med, hvad loven ikke har afgjort:"},
    "en": {"granted": "Yes", "refused": "No", "undetermined": "Cannot be decided yet", "from": "from", "to": "to",
           "because": "Not met", "missing": "Missing", "no_end": "(last day not known)", "route": "Route", "law": "The law changes",
           "amount": "The amount changes from", "till": "to", "leaned": "The dates were reckoned with what the law has not settled:"},
}  # fmt: skip


def number_of_kroner(value: Decimal, lang: Lang) -> str:
    """``3.100,00``."""
    from babel.numbers import format_decimal  # slow to import

    return format_decimal(value, format="#,##0.00", locale="da_DK" if lang == "da" else "en_GB")


def money(value: Decimal, unit: str, lang: Lang) -> str:
    """``3.100,00 kr. om måneden`` with a no-break space before kr.; a share as per cent."""
    if unit == "share":
        from babel.numbers import format_percent

        return format_percent(value, format="#,##0.##\N{NO-BREAK SPACE}%", locale="da_DK" if lang == "da" else "en_GB")
    return f"{number_of_kroner(value, lang)}\N{NO-BREAK SPACE}{_UNITS[lang].get(unit, unit)}"


def change_sentence(change: Change, lang: Lang) -> str:
    """What the timeline saw change."""
    if change.says is not None:
        return f"{_WORDS[lang]['law']}: {change.says.get(lang)}"
    assert change.before is not None
    assert change.after is not None
    before = number_of_kroner(change.before, lang)
    return f"{_WORDS[lang]['amount']} {before} {_WORDS[lang]['till']} {money(change.after, change.unit, lang)}"


def leaned_sentence(setting: Setting, lang: Lang) -> str:
    """The days of events lean on a setting that law has not settled."""
    value = str(setting.value).lower()
    why = setting.why.get(lang) if setting.why else ""
    return f"{_WORDS[lang]['leaned']} {setting.title.get(lang)} = {value}. {why}".strip()


def zero_amount(found: Answer) -> Amount | None:
    """The amount of a right that comes to nothing this month."""
    amount = found.chosen.amount if found.chosen else None
    return amount if amount is not None and found.outcome != "refused" and amount.value == 0 else None


def answer_sentence(found: Answer, points: Sequence[Open], lang: Lang) -> str:
    """What was decided, in one sentence that a caseworker can say aloud."""
    words = _WORDS[lang]
    title = found.reading.program.scheme.title.get(lang)
    parts = [f"{words[found.outcome]}: {title}"]
    if found.chosen is not None and found.chosen.clause.kind == "route":
        parts.append(f"{words['route']}: {found.chosen.clause.title.get(lang)}")
    if found.outcome == "refused":
        failed = list(dict.fromkeys(f.version.says.get(lang) for c in found.clauses for f in c.findings if f.status == "not_met"))
        parts.append(f"{words['because']}: " + "; ".join(failed or [NO_WAY[lang]]))
        return _joined(parts)
    if found.chosen is not None and (terms := _terms(found.chosen, lang)):
        parts.append(terms)
    if points:
        first = points[0].question.get(lang).rstrip(".")
        more = f" (+{len(points) - 1})" if len(points) > 1 else ""
        parts.append(f"{words['missing']}: {first}{more}")
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    """Sentences one after the other; ``kr.`` and a question end by themselves."""
    text = ". ".join(part.rstrip(".") for part in parts)
    return text if text.endswith("?") else text + "."


def _terms(clause: ClauseAnswer, lang: Lang) -> str:
    """Amount and period, as far as they are known."""
    words = _WORDS[lang]
    bits = []
    if clause.amount is not None:
        bits.append(money(clause.amount.value, clause.amount.unit, lang))
    if clause.start is not None:
        bits.append(f"{words['from']} {day_text(clause.start, lang)}")
    if clause.end is not None:
        bits.append(f"{words['to']} {day_text(clause.end, lang)}")
    elif clause.start is not None and not clause.open_ended:
        bits.append(words["no_end"])
    text = " ".join(bits)
    return text[:1].upper() + text[1:]
