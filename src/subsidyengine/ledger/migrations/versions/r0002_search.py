"""Search by case and by rulebook: a million entries are not read through for one case or one change of the rules."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    """A column that repeats the entry's rulebook, filled from the entries; an index over cases."""
    op.add_column("ledger_records", sa.Column("rulebook", sa.Text))
    op.create_index("ledger_records_case", "ledger_records", ["case_id"])
    columns = (sa.column("seq", sa.BigInteger), sa.column("kind", sa.String), sa.column("entry", sa.Text), sa.column("rulebook", sa.Text))
    records = sa.table("ledger_records", *columns)
    connection = op.get_bind()
    last = -1
    while True:
        query = sa.select(records.c.seq, records.c.entry).where(records.c.seq > last, records.c.kind == "decision")
        rows = connection.execute(query.order_by(records.c.seq).limit(BATCH)).all()
        if not rows:
            return
        for seq, entry in rows:
            named = json.loads(entry)["rulebook"]
            connection.execute(records.update().where(records.c.seq == seq).values(rulebook=named))
        last = rows[-1][0]
