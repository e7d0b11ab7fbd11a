"""What a comparison of terms says of itself: the terms tried, what is assumed, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..formula import Lang
from ..rulebook import Text
from .agreement_words import limit_words
from .whatif import BANDS, TRIED, Other, WhatIf
from .words import fraction_text, parameter_words

_BELOW = Text("under {n} kr.", "below kr. {n}")
_BETWEEN = Text("{low} til under {n} kr.", "kr. {low} to below {n}")
_FROM = Text("fra {n} kr.", "kr. {n} and over")
_TRIED = Text("Andre vilkår: {what}", "Other terms: {what}")
_SHARE = Text("andel {share}", "share {share}")
_EVERY = Text("På begge vilkår regnes hver tur for brugt.", "Under both terms every turn counts as used.")
_PASSES = Text(
    "På begge vilkår regnes hver tur for brugt, undtagen boliger, som kommunen faktisk sagde nej til: dem siger den nej til igen, og "
    "der er ikke regnet lejetab for dem.",
    "Under both terms every turn counts as used, except dwellings that the municipality passed in fact: it passes them again, and no "
    "vacancy rent is reckoned for them.",
)
_DAYS = Text(
    "Lejetab er regnet med {days} døgn uden lejer pr. bolig ({how}).",
    "Vacancy rent is reckoned with {days} days without a tenant a dwelling ({how}).",
)
_HOW = {
    "given": Text("som angivet", "as given"),
    "none": Text("et skøn: ingen bolig er brugt", "a guess: no dwelling was used"),
    "one": Text("som den ene brugte bolig", "as the one dwelling used"),
    "several": Text("medianen af {n} brugte boliger", "the median of {n} dwellings used"),
}
_PRIVATE_ONE = Text(
    "En privat lejebolig er ikke med ({names}): retten til den står i boligforholdsloven og følger ikke disse vilkår.",
    "One private rental is left out ({names}): the right to it stands in lov om boligforhold and does not follow these terms.",
)
_PRIVATE = Text(
    "{n} private lejeboliger er ikke med ({names}): retten til dem står i boligforholdsloven og følger ikke disse vilkår.",
    "{n} private rentals are left out ({names}): the right to them stands in lov om boligforhold and does not follow these terms.",
)
_MOST = 10


def band_titles(lang: Lang) -> list[str]:
    """The rent bands in words."""
    shown = [f"{n:,}".replace(",", "." if lang == "da" else ",") for n in BANDS]
    between = [_BETWEEN.get(lang).format(low=low, n=n) for low, n in pairwise(shown)]
    return [_BELOW.get(lang).format(n=shown[0]), *between, _FROM.get(lang).format(n=shown[-1])]


def notes(found: WhatIf, lang: Lang) -> Iterator[str]:
    """Sentences that a reader of the comparison needs, in order."""
    yield _TRIED.get(lang).format(what="; ".join(_terms(found.other, lang)))
    yield (_PASSES if found.other.passing is not None else _EVERY).get(lang)
    how = "given" if found.days_from is None else "none" if found.days_from == 0 else "one" if found.days_from == 1 else "several"
    yield _DAYS.get(lang).format(days=found.days, how=_HOW[how].get(lang).format(n=found.days_from))
    if found.private:
        names = ", ".join(v.vacancy for v in found.private[:_MOST]) + (" ..." if len(found.private) > _MOST else "")
        yield (_PRIVATE_ONE if len(found.private) == 1 else _PRIVATE).get(lang).format(n=len(found.private), names=names)


def _terms(other: Other, lang: Lang) -> Iterator[str]:
    if other.share is not None:
        yield _SHARE.get(lang).format(share=fraction_text(other.share))
    if other.rent is not None:
        yield limit_words("rent", other.rent, lang)
    for name in TRIED:
        value = getattr(other, name)
        if value is not None:
            yield parameter_words(name, value, other.at_most, lang)
