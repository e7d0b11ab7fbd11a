"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Records, the state that appends continue from, rulebooks with their files, personal data."""
    op.create_table(
        "ledger_state",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_records",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("id", sa.String(16), unique=True),
        sa.Column("ref", sa.String(16)),
        sa.Column("case_id", sa.Text),
        sa.Column("scheme", sa.Text),
        sa.Column("outcome", sa.String(16)),
        sa.Column("day", sa.String(10)),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("nodes", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
    )
    op.create_index("ledger_records_about", "ledger_records", ["ref", "kind"])
    op.create_table(
        "ledger_rulebooks",
        sa.Column("hash", sa.String(80), primary_key=True),
        sa.Column("layers", sa.Text, nullable=False),
    )
    op.create_table(
        "ledger_files",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "ledger_personal",
        sa.Column("id", sa.String(16), sa.ForeignKey("ledger_records.id"), primary_key=True),
        sa.Column("field", sa.String(16), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
    )
