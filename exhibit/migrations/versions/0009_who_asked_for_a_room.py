"""A job that builds a room knows who asked for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job") as jobs:
        jobs.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        jobs.create_foreign_key(op.f("fk_job_author_id_account"), "account", ["author_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("job") as jobs:
        jobs.drop_constraint(op.f("fk_job_author_id_account"), type_="foreignkey")
        jobs.drop_column("author_id")
