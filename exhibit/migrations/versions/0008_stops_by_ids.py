"""The stops of tours are a map with an order, and the log of edits is thinned.

Edits that were made before do not fit halls with tours any more, and edits more than 1,000 versions behind are never
told: these rows lose their changes, and say only who did what, and when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TOLD = 1000

_PUBLISHABLE = sa.table(
    "publishable",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("draft", sa.JSON),
    sa.column("draft_version", sa.Integer),
    sa.column("published", sa.JSON(none_as_null=True)),
)
_REVISION = sa.table(
    "revision",
    sa.column("publishable_id", sa.Integer),
    sa.column("version", sa.Integer),
    sa.column("document", sa.JSON),
)
_EDIT = sa.table(
    "hall_edit",
    sa.column("hall_id", sa.Integer),
    sa.column("version", sa.Integer),
    sa.column("changes", sa.JSON(none_as_null=True)),
    sa.column("assets", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("hall_edit") as edits:
        edits.alter_column("changes", existing_type=sa.JSON(), nullable=True)
        edits.alter_column("assets", existing_type=sa.JSON(), nullable=True)
    _rewrite(_with_ids)
    connection = op.get_bind()
    for hall in connection.execute(sa.select(_PUBLISHABLE.c.id, _PUBLISHABLE.c.draft, _PUBLISHABLE.c.draft_version)):
        upto = hall.draft_version if hall.draft.get("tours") else hall.draft_version - _TOLD
        connection.execute(
            sa.update(_EDIT)
            .where(_EDIT.c.hall_id == hall.id, _EDIT.c.version <= upto)
            .values(changes=None, assets=None)
        )


def downgrade() -> None:
    _rewrite(_as_lists)
    op.get_bind().execute(sa.delete(_EDIT).where(_EDIT.c.changes.is_(None)))
    with op.batch_alter_table("hall_edit") as edits:
        edits.alter_column("changes", existing_type=sa.JSON(), nullable=False)
        edits.alter_column("assets", existing_type=sa.JSON(), nullable=False)


def _rewrite(stops: Callable[[Any], Any]) -> None:
    """Every draft, what is published, and every version that is kept."""
    connection = op.get_bind()
    for hall in connection.execute(sa.select(_PUBLISHABLE).where(_PUBLISHABLE.c.kind == "hall")).all():
        written = {"draft": _tours(hall.draft, stops)}
        if hall.published is not None:
            written["published"] = _tours(hall.published, stops)
        connection.execute(sa.update(_PUBLISHABLE).where(_PUBLISHABLE.c.id == hall.id).values(**written))
        own = _REVISION.c.publishable_id == hall.id
        for version in connection.scalars(sa.select(_REVISION.c.version).where(own)).all():
            this = sa.and_(own, _REVISION.c.version == version)
            document = connection.execute(sa.select(_REVISION.c.document).where(this)).scalar_one()
            if document.get("tours"):
                connection.execute(sa.update(_REVISION).where(this).values(document=_tours(document, stops)))


def _tours(document: Any, stops: Callable[[Any], Any]) -> Any:
    if not document.get("tours"):
        return document
    return {**document, "tours": {key: stops(tour) for key, tour in document["tours"].items()}}


def _with_ids(tour: Any) -> Any:
    keys = ["stop" if number == 1 else f"stop-{number}" for number in range(1, len(tour["stops"]) + 1)]
    return {**tour, "stops": dict(zip(keys, tour["stops"], strict=True)), "stop_order": keys}


def _as_lists(tour: Any) -> Any:
    stops = [tour["stops"][key] for key in tour["stop_order"]]
    return {**{name: value for name, value in tour.items() if name != "stop_order"}, "stops": stops}
