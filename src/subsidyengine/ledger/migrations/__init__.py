"""Alembic migrations of the ledger's tables, shipped with the program."""
