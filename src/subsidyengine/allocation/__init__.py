"""The allocation desk: whose turn is this vacancy, and what does it cost?

``read_vacancies`` gives a table's vacancies, ``open_agreements`` the terms, ``share_out`` the :class:`Desk` with an answer for each
vacancy and a running account for each right. ``near_misses`` names what
keeps an agreement from a vacancy by its spelling. ``what_if`` replays the same vacancies under other terms, ``proposals`` tests a household
against what is on offer.
Law: almenboligloven §§ 51-64 and lov om boligforhold §§ 49-57 a, in ``rules/allocation_rights/`` and ``rules/agreements/``.
"""

from .accounts import AccountOut
from .desk import Change, Desk, changes, share_out
from .load import Agreements, open_agreements, read_agreements
from .propose import ProposalOut, proposals
from .report import VacancyDocument
from .spelling import near_misses
from .terms import Terms
from .vacancies import Table, Vacancy, read_vacancies
from .whatif import Other, Outcome, WhatIf, what_if

__all__ = [
    "AccountOut",
    "Agreements",
    "Change",
    "Desk",
    "Other",
    "Outcome",
    "ProposalOut",
    "Table",
    "Terms",
    "Vacancy",
    "VacancyDocument",
    "WhatIf",
    "changes",
    "near_misses",
    "open_agreements",
    "proposals",
    "read_agreements",
    "read_vacancies",
    "share_out",
    "what_if",
]
