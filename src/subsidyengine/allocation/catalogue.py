"""Agreements for a reader: which there are, and what one says, as plain data in Danish or English.

Everything that is not settled or not known is said beside the part that it is about, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ..formula import Lang, exact_decimal, number_text, prose
from ..rulebook import CERTAINTIES, Cite, Rulebook, Text, weakest
from . import agreement_words as words
from .load import Agreements
from .terms import PARAMETERS, Criterion, Param, Right, Step, Terms
from .words import fraction_text, owner_word, parameter_phrase

Row = dict[str, Any]


def listed(agreements: Agreements, lang: Lang) -> list[Row]:
    """A row for each agreement by municipality, the statutes first and the invented ones last."""
    replaced = _replaced(agreements)
    return [_row(terms, replaced.get(terms.id), lang) for terms in _ordered(agreements)]


def shown(agreements: Agreements, name: str | None, rulebook: Rulebook, lang: Lang) -> list[Row]:
    """All that the agreement ``name`` says, or each of them, in the order of the list."""
    replaced = _replaced(agreements)
    return [described(t, rulebook, lang, replaced.get(t.id)) for t in _ordered(agreements) if name in (None, t.id)]


def _ordered(agreements: Agreements) -> list[Terms]:
    known = sorted(agreements.terms.values(), key=lambda t: (t.synthetic, not t.municipality, t.municipality, t.id))
    return [*agreements.statutes.values(), *known]


def _replaced(agreements: Agreements) -> dict[str, str]:
    """Agreements that another stands instead of, and which."""
    return {name: terms.id for terms in _ordered(agreements) for name in terms.replaces}


def described(terms: Terms, rulebook: Rulebook, lang: Lang, replaced_by: str | None = None) -> Row:
    """All that an agreement says: its parties and days, each parameter, the rights in the order of draws, what is not known."""
    guarantee = [words.RESTORATION[terms.guarantee.restoration].get(lang)]
    if terms.guarantee.arrears_months:
        guarantee.append(words.ARREARS.get(lang).format(n=terms.guarantee.arrears_months))
    answer = terms.answer
    return {
        **_row(terms, replaced_by, lang),
        "departments": sorted(terms.departments),
        "properties": sorted(terms.properties),
        "signed_on": _day(terms.signed_on),
        "notice_to_end": None if terms.notice_months is None else {
            "months": terms.notice_months, "says": words.MONTHS.get(lang).format(n=terms.notice_months),
            **_law(terms.notice_cites, rulebook),
        },
        **_law(terms.cites, rulebook),
        "rights": [_right(terms, right, rulebook, lang) for right in terms.rights],
        "parameters": [_parameter(terms, terms.params[name], rulebook, lang) for name in PARAMETERS],
        "exempt": [
            {"cause": e.cause, "says": words.CAUSES[e.cause].get(lang), "settled": e.settled,
             **_law(e.cites, rulebook), "why": _said(e.why, lang)}
            for e in terms.exempt.values()
        ],
        "answer": None if answer is None else {
            "days": answer.days, "weekdays": answer.weekdays, "says": words.ANSWER[answer.weekdays].get(lang).format(n=answer.days),
            "settled": answer.settled, **_law(answer.cites, rulebook), "why": _said(answer.why, lang),
        },
        "guarantee": {
            "restoration": terms.guarantee.restoration, "arrears_months": terms.guarantee.arrears_months, "says": ", ".join(guarantee),
            **_law(terms.guarantee.cites, rulebook),
        },
        "compensation": None if terms.compensation is None else {
            "per_dwelling": f"{exact_decimal(terms.compensation):.2f}",
            "says": words.COMPENSATION.get(lang).format(n=number_text(terms.compensation, lang)),
            **_law(terms.compensation_cites, rulebook),
        },
        "criteria": [_criterion(c, rulebook, lang) for c in terms.criteria],
        "spread": _spread(terms, rulebook, lang),
        "not_known": [text.get(lang) for text in _not_known(terms)],
        "note": _said(terms.note, lang),
    }  # fmt: skip


def _row(terms: Terms, replaced_by: str | None, lang: Lang) -> Row:
    applies = "everywhere" if terms.national else "named_only" if terms.named_only else "replaced" if replaced_by else "by_itself"
    first = next((r for r in terms.rights if r.basis.drawn_by == "municipality"), None)
    return {
        "agreement": terms.id, "title": terms.title.get(lang), "sector": terms.sector, "basis": terms.basis,
        "municipality": terms.municipality or None, "organisations": sorted(terms.organisations),
        "from": _day(terms.from_), "until": _day(terms.until), "synthetic": terms.synthetic,
        "applies": applies, "applies_says": words.APPLIES[applies].get(lang).format(by=replaced_by),
        "gives": _short(first, lang) if first else None,
        "share_known": all(step.share is not None for right in terms.rights for step in right.steps),
        "file": str(terms.place), "hash": terms.hash,
    }  # fmt: skip


def _right(terms: Terms, right: Right, rulebook: Rulebook, lang: Lang) -> Row:
    decision = None
    if right.basis.needs_decision:
        decided = right.decided_on
        decision = words.DECIDED.get(lang).format(day=decided) if decided else words.NO_DECISION.get(lang)
    return {
        "order": right.index + 1, "right": right.name, "owner": owner_word(right.name, lang),
        "basis": right.basis.key, "basis_title": right.basis.title.get(lang),
        "let_by": right.let_by, "let_by_says": words.DRAWN_BY[right.let_by].get(lang),
        "gives": _gives(right, lang),
        "shares": [_step(step) for step in right.steps],
        "quota_per_year": right.quota, "dwellings": sorted(right.dwellings), "property_dwellings": right.property_dwellings,
        "kinds": sorted(right.kinds), "kinds_say": ", ".join(words.KINDS[k].get(lang) for k in words.KINDS if k in right.kinds),
        "limits": {name: words.limit_words(name, limit, lang) for name, limit in right.limits.items()},
        "unit": None if right.residual else right.unit, "unit_says": None if right.residual else words.UNITS[right.unit].get(lang),
        "position": None if right.residual or not right.steps else right.position,
        "counts": None if right.residual else right.counts,
        "decision": decision, **_law((*right.cites, *right.basis.cites), rulebook), "why": _said(right.why, lang),
        "basis_note": _said(right.basis.note, lang),
    }  # fmt: skip


def _short(right: Right, lang: Lang) -> str:
    """How much a right gives, for a table: a share, the least and the greatest of several, or a number of dwellings."""
    if right.quota is not None:
        return words.QUOTA.get(lang).format(n=right.quota)
    if right.dwellings:
        return words.SOME.get(lang).format(n=len(right.dwellings))
    shares = sorted(step.share for step in right.steps if step.share is not None)
    if len(shares) < len(right.steps):
        return words.NOT_KNOWN.get(lang)
    low, high = fraction_text(shares[0]), fraction_text(shares[-1])
    return low if low == high else words.STEPS.get(lang).format(low=low, high=high)


def _gives(right: Right, lang: Lang) -> str:
    """How much a right gives, as a phrase."""
    if right.quota is not None:
        return words.QUOTA.get(lang).format(n=right.quota)
    if right.dwellings:
        return words.NAMED.get(lang).format(names="; ".join(sorted(right.dwellings)))
    if right.residual:
        return words.WHAT_IS_LEFT.get(lang)
    several = len(right.steps) > 1
    return "; ".join(_phrase(step, right, several, lang) for step in right.steps)


def _phrase(step: Step, right: Right, several: bool, lang: Lang) -> str:
    counts = words.COUNTS[right.counts].get(lang)
    share = words.NOT_KNOWN.get(lang) if step.share is None else fraction_text(step.share)
    parts = [share if step.share is None else words.SHARE.get(lang).format(share=share, counts=counts)]
    if step.departments:
        parts.append(words.IN_DEPARTMENTS.get(lang).format(names=", ".join(sorted(step.departments))))
    if step.from_:
        parts.append(words.FROM_DAY.get(lang).format(day=step.from_))
    if step.until:
        parts.append(words.TO_DAY.get(lang).format(day=step.until))
    if several and not (step.departments or step.from_ or step.until):
        parts.append(words.ELSEWHERE.get(lang))
    return " ".join(parts)


def _step(step: Step) -> Row:
    share = None if step.share is None else fraction_text(step.share)
    return {"share": share, "departments": sorted(step.departments), "from": _day(step.from_), "until": _day(step.until)}


def _parameter(terms: Terms, param: Param, rulebook: Rulebook, lang: Lang) -> Row:
    own = param.place.file == terms.place.file and not terms.national
    return {
        "parameter": param.name, "title": words.PARAMETER_TITLES[param.name].get(lang), "value": param.value, "at_most": param.at_most,
        "says": parameter_phrase(terms, param.name, lang), "settled": param.settled, "given_by": "agreement" if own else "statute",
        **_law(param.cites, rulebook), "why": _said(param.why, lang),
    }  # fmt: skip


def _criterion(criterion: Criterion, rulebook: Rulebook, lang: Lang) -> Row:
    def titles(kind: str, name: str, language: Lang) -> str:
        """What a fact, or a word of an enumeration, is called."""
        if kind == "fact":
            return rulebook.facts[name].title.get(language)
        fact = rulebook.facts.get(kind.removeprefix("enum:"))
        return f"»{fact.values[name].get(language)}«" if fact and name in fact.values else name

    holds = criterion.holds
    return {
        "criterion": criterion.name, "right": criterion.right, "owner": owner_word(criterion.right, lang), "effect": criterion.effect,
        "effect_says": words.EFFECTS[criterion.effect].get(lang), "says": criterion.says.get(lang),
        "formula": holds.text if holds else None, "reads": prose(holds, lang, titles) if holds else None,
        "facts": list(holds.facts) if holds else [], **_law(criterion.cites, rulebook),
    }  # fmt: skip


def _spread(terms: Terms, rulebook: Rulebook, lang: Lang) -> Row | None:
    spread = terms.spread
    if spread is None:
        return None
    says = words.SPREAD.get(lang).format(
        day=spread.decided_on, names=", ".join(spread.organisations), covered=spread.covered, all=spread.all, review=spread.review_by
    )
    return {
        "organisations": list(spread.organisations), "covered_dwellings": spread.covered, "all_dwellings": spread.all,
        "decided_on": _day(spread.decided_on), "review_by": _day(spread.review_by), "minister_allows": spread.minister_allows,
        "says": says, **_law(spread.cites, rulebook),
    }  # fmt: skip


def _not_known(terms: Terms) -> tuple[Text, ...]:
    """What the file says; that its first day is missing, where it says nothing."""
    return (words.WHY_NAMED_ONLY,) if terms.named_only and not terms.not_known else terms.not_known


def _law(cites: Sequence[Cite], rulebook: Rulebook) -> Row:
    """Citations as printed, each once, and the weakest mark among them."""
    once = list({(cite.source, cite.provision): cite for cite in cites}.values())
    return {"cite": rulebook.cite_text(once), "certainty": CERTAINTIES[weakest(cites)]}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _said(text: Text | None, lang: Lang) -> str | None:
    return text.get(lang) if text else None
