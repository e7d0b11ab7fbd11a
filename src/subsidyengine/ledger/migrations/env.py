"""Run by Alembic; the connection comes from ``storage.migrate``."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="ledger_version")
with context.begin_transaction():
    context.run_migrations()
