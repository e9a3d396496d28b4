"""What a reconstruction says - warnings, and why it failed - is kept in both languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_JOB = sa.table(
    "job",
    sa.column("id", sa.Integer()),
    sa.column("warnings", sa.JSON()),
    sa.column("message", sa.String()),
    sa.column("hint", sa.String()),
    sa.column("failure", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    op.add_column("job", sa.Column("failure", sa.JSON(none_as_null=True), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_JOB)).all():
        failure = None
        if row.message is not None:
            failure = {"message": _english(row.message), "hint": _english(row.hint or "")}
        warnings = [_english(warning) for warning in row.warnings]
        connection.execute(sa.update(_JOB).where(_JOB.c.id == row.id).values(warnings=warnings, failure=failure))
    with op.batch_alter_table("job") as job:
        job.drop_column("message")
        job.drop_column("hint")


def downgrade() -> None:
    op.add_column("job", sa.Column("message", sa.String(), nullable=True))
    op.add_column("job", sa.Column("hint", sa.String(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_JOB)).all():
        failure = row.failure or {"message": {"en": None}, "hint": {"en": None}}
        told = {"message": failure["message"]["en"], "hint": failure["hint"]["en"]}
        warnings = [warning["en"] for warning in row.warnings]
        connection.execute(sa.update(_JOB).where(_JOB.c.id == row.id).values(warnings=warnings, **told))
    with op.batch_alter_table("job") as job:
        job.drop_column("failure")


def _english(words: str) -> dict[str, str]:
    """Until now it was in English only."""
    return {"zh": "", "en": words}
