"""Decides Danish housing and resettlement subsidies from rules kept as data, with reasons and citations."""

__version__ = "0.1.0"
