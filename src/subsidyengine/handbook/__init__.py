"""The rulebook as a handbook: one page a scheme, in Danish or English, with every version and its citation."""

from .pages import scheme_data, scheme_page, write_handbook
from .titles import titles_of

__all__ = ["scheme_data", "scheme_page", "titles_of", "write_handbook"]
