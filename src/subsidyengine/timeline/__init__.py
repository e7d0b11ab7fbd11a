"""The timeline: when the answer of a case changes, and which days matter.

Change points come from dated facts, from law and rate versions and from days that conditions compare with; between two
of them nothing can change, so one reading a segment is exact.
"""

from .segments import Change, Segment, Timeline, timeline

__all__ = ["Change", "Segment", "Timeline", "timeline"]
