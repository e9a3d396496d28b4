"""Edits of halls' drafts, who is editing them, and when a revision's first save was.

The edits that led to the versions so far are not known: a hall's log begins with its next edit.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("revision") as revisions:
        revisions.add_column(sa.Column("begun_at", _MOMENT, nullable=True))
    op.execute("UPDATE revision SET begun_at = saved_at")
    with op.batch_alter_table("revision") as revisions:
        revisions.alter_column("begun_at", existing_type=_MOMENT, nullable=False)
    op.create_table(
        "hall_edit",
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client", sa.String(length=36), nullable=False),
        sa.Column("edit_id", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("assets", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        _reference("hall_edit", "hall_id", "publishable", "CASCADE"),
        _reference("hall_edit", "author_id", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("hall_id", "version", name=op.f("pk_hall_edit")),
        sa.UniqueConstraint("hall_id", "edit_id", name=op.f("uq_hall_edit_hall_id_edit_id")),
    )
    op.create_table(
        "hall_editor",
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("seen_at", _MOMENT, nullable=False),
        _reference("hall_editor", "hall_id", "publishable", "CASCADE"),
        _reference("hall_editor", "account_id", "account", "CASCADE"),
        sa.PrimaryKeyConstraint("hall_id", "client", name=op.f("pk_hall_editor")),
    )


def downgrade() -> None:
    op.drop_table("hall_editor")
    op.drop_table("hall_edit")
    with op.batch_alter_table("revision") as revisions:
        revisions.drop_column("begun_at")


def _reference(table: str, column: str, other: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=on_delete
    )
