"""Jobs build halls too; an asset that is a hall's architecture is a room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ASSET = sa.table("asset", sa.column("id", sa.String), sa.column("document", sa.JSON))
_HALL = sa.table(
    "hall", sa.column("id", sa.Integer), sa.column("draft", sa.JSON), sa.column("published", sa.JSON(none_as_null=True))
)


def upgrade() -> None:
    op.add_column("job", sa.Column("kind", sa.String(length=16), nullable=False, server_default="reconstruction"))
    op.add_column("job", sa.Column("template", sa.String(length=64), nullable=True))
    op.add_column("job", sa.Column("summary", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("job", sa.Column("hall_slug", sa.String(length=64), nullable=True))
    connection = op.get_bind()
    rooms = set()
    for hall in connection.execute(sa.select(_HALL)).all():
        documents = {name: _with_room(document) for name in ("draft", "published") if (document := hall._mapping[name])}
        rooms |= {document["architecture"]["asset"] for document in documents.values()}
        connection.execute(sa.update(_HALL).where(_HALL.c.id == hall.id).values(**documents))
    for asset in connection.execute(sa.select(_ASSET).where(_ASSET.c.id.in_(rooms))).all():
        connection.execute(
            sa.update(_ASSET).where(_ASSET.c.id == asset.id).values(document={**asset.document, "use": "room"})
        )


def downgrade() -> None:
    for column in ("hall_slug", "summary", "template", "kind"):
        op.drop_column("job", column)


def _with_room(hall: dict[str, Any]) -> dict[str, Any]:
    """The hall with its copy of the architecture's asset marked as what it is."""
    key = hall["architecture"]["asset"]
    assets = {**hall["assets"], key: {**hall["assets"][key], "use": "room"}}
    return {**hall, "assets": assets}
