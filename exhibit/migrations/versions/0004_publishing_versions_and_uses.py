"""Halls become publishables, every version is kept, and rows say which assets and files are used by what.

What was saved and published before is the first that is kept: of older versions nothing is known. Who saved it is not
known either. file_release goes: a file is public where a publication shows it (publishable_file.published).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _halls(name: str, *more: sa.ColumnClause[Any]) -> sa.TableClause:
    """A table with the columns that hall had and publishable has."""
    return sa.table(
        name,
        *more,
        sa.column("id", sa.Integer),
        sa.column("slug", sa.String),
        sa.column("draft", sa.JSON),
        sa.column("draft_version", sa.Integer),
        sa.column("published", sa.JSON(none_as_null=True)),
        sa.column("published_version", sa.Integer),
        sa.column("published_at", _MOMENT),
        sa.column("created_at", _MOMENT),
        sa.column("changed_at", _MOMENT),
    )


_HALL = _halls("hall")
_PUBLISHABLE = _halls("publishable", sa.column("kind", sa.String))
_REVISION = sa.table(
    "revision",
    sa.column("publishable_id", sa.Integer),
    sa.column("version", sa.Integer),
    sa.column("document", sa.JSON),
    sa.column("saved_at", _MOMENT),
    sa.column("published_at", _MOMENT),
)
_ASSET = sa.table("asset", sa.column("id", sa.String), sa.column("document", sa.JSON))
_FILE = sa.table("file", sa.column("sha256", sa.String))
_ASSET_FILE = sa.table("asset_file", sa.column("asset_id", sa.String), sa.column("sha256", sa.String))
_PUBLISHABLE_ASSET = sa.table(
    "publishable_asset",
    sa.column("publishable_id", sa.Integer),
    sa.column("asset_id", sa.String),
    sa.column("draft", sa.Boolean),
    sa.column("published", sa.Boolean),
)
_PUBLISHABLE_FILE = sa.table(
    "publishable_file",
    sa.column("publishable_id", sa.Integer),
    sa.column("sha256", sa.String),
    sa.column("published", sa.Boolean),
)
_FILE_RELEASE = sa.table("file_release", sa.column("sha256", sa.String), sa.column("shown_by", sa.String))


def upgrade() -> None:
    _create_tables()
    connection = op.get_bind()
    halls = [dict(row._mapping) for row in connection.execute(sa.select(_HALL).order_by(_HALL.c.id))]
    assets = {row.id: row.document for row in connection.execute(sa.select(_ASSET))}
    known = set(connection.scalars(sa.select(_FILE.c.sha256)))
    _insert(_PUBLISHABLE, [{"kind": "hall", **hall} for hall in halls])
    _insert(_REVISION, [revision for hall in halls for revision in _revisions(hall)])
    _insert(
        _ASSET_FILE,
        [
            {"asset_id": key, "sha256": sha256}
            for key, document in assets.items()
            for sha256 in sorted(_hashes(document) & known)
        ],
    )
    for hall in halls:
        draft, published = (hall[name] or {"assets": {}} for name in ("draft", "published"))
        drafts, shown = draft["assets"].keys(), published["assets"].keys()
        _insert(
            _PUBLISHABLE_ASSET,
            [
                {"publishable_id": hall["id"], "asset_id": key, "draft": key in drafts, "published": key in shown}
                for key in sorted((drafts | shown) & assets.keys())
            ],
        )
        public = _hashes(*published["assets"].values()) & known
        _insert(
            _PUBLISHABLE_FILE,
            [
                {"publishable_id": hall["id"], "sha256": sha256, "published": sha256 in public}
                for sha256 in sorted((_hashes(*draft["assets"].values()) & known) | public)
            ],
        )
    op.drop_table("file_release")
    op.drop_table("hall")
    _go_on_counting("publishable")
    with op.batch_alter_table("job") as job:
        job.drop_constraint("fk_job_asset_id_asset", type_="foreignkey")
        job.create_foreign_key("fk_job_asset_id_asset", "asset", ["asset_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("job") as job:
        job.drop_constraint("fk_job_asset_id_asset", type_="foreignkey")
        job.create_foreign_key("fk_job_asset_id_asset", "asset", ["asset_id"], ["id"])
    op.create_table(
        "hall",
        *_shared_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
        sa.UniqueConstraint("slug", name=op.f("uq_hall_slug")),
    )
    op.create_table(
        "file_release",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shown_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["file.sha256"], name=op.f("fk_file_release_sha256_file")),
        sa.PrimaryKeyConstraint("sha256", "shown_by", name=op.f("pk_file_release")),
    )
    connection = op.get_bind()
    halls = connection.execute(sa.select(*[_PUBLISHABLE.c[column.name] for column in _HALL.columns]))
    _insert(_HALL, [dict(row._mapping) for row in halls])
    public = connection.execute(sa.select(_PUBLISHABLE_FILE).where(_PUBLISHABLE_FILE.c.published))
    _insert(_FILE_RELEASE, [{"sha256": row.sha256, "shown_by": f"hall:{row.publishable_id}"} for row in public])
    _go_on_counting("hall")
    for index, table in (
        ("ix_publishable_file_sha256", "publishable_file"),
        ("ix_publishable_asset_asset_id", "publishable_asset"),
        ("ix_asset_file_sha256", "asset_file"),
    ):
        op.drop_index(op.f(index), table)
        op.drop_table(table)
    op.drop_table("revision")
    op.drop_table("publishable")


def _create_tables() -> None:
    op.create_table(
        "publishable",
        sa.Column("kind", sa.String(length=16), nullable=False),
        *_shared_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishable")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_publishable_kind_slug")),
    )
    op.create_table(
        "revision",
        sa.Column("publishable_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("published_at", _MOMENT, nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        _reference("revision", "publishable_id", "publishable", "CASCADE"),
        _reference("revision", "saved_by", "account", "SET NULL"),
        _reference("revision", "published_by", "account", "SET NULL"),
        sa.PrimaryKeyConstraint("publishable_id", "version", name=op.f("pk_revision")),
    )
    op.create_table(
        "asset_file",
        sa.Column("asset_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        _reference("asset_file", "asset_id", "asset", "CASCADE"),
        _reference("asset_file", "sha256", "file"),
        sa.PrimaryKeyConstraint("asset_id", "sha256", name=op.f("pk_asset_file")),
    )
    op.create_index(op.f("ix_asset_file_sha256"), "asset_file", ["sha256"])
    op.create_table(
        "publishable_asset",
        sa.Column("publishable_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.String(length=64), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        _reference("publishable_asset", "publishable_id", "publishable", "CASCADE"),
        _reference("publishable_asset", "asset_id", "asset"),
        sa.PrimaryKeyConstraint("publishable_id", "asset_id", name=op.f("pk_publishable_asset")),
    )
    op.create_index(op.f("ix_publishable_asset_asset_id"), "publishable_asset", ["asset_id"])
    op.create_table(
        "publishable_file",
        sa.Column("publishable_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        _reference("publishable_file", "publishable_id", "publishable", "CASCADE"),
        _reference("publishable_file", "sha256", "file"),
        sa.PrimaryKeyConstraint("publishable_id", "sha256", name=op.f("pk_publishable_file")),
    )
    op.create_index(op.f("ix_publishable_file_sha256"), "publishable_file", ["sha256"])


def _shared_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("published", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("published_version", sa.Integer(), nullable=True),
        sa.Column("published_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
    ]


def _reference(table: str, column: str, other: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    key = "sha256" if other == "file" else "id"
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=name, ondelete=on_delete)


def _revisions(hall: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The version that is published, and the draft's where it is a later one."""
    if hall["published"] is not None:
        moment = hall["published_at"] or hall["changed_at"]
        yield _revision(hall, hall["published_version"], hall["published"], moment, moment)
    if hall["draft_version"] != hall["published_version"]:
        yield _revision(hall, hall["draft_version"], hall["draft"], hall["changed_at"], None)


def _revision(hall: dict[str, Any], version: int, document: Any, saved: Any, published: Any) -> dict[str, Any]:
    return {
        "publishable_id": hall["id"],
        "version": version,
        "document": document,
        "saved_at": saved,
        "published_at": published,
    }


def _hashes(*assets: dict[str, Any]) -> set[str]:
    """SHA-256 of every file that asset documents name, however deep."""
    found: set[str] = set()
    pending: list[Any] = [asset.get("files", {}) for asset in assets]
    while pending:
        at = pending.pop()
        if isinstance(at, dict):
            if isinstance(at.get("sha256"), str):
                found.add(at["sha256"])
            pending += at.values()
        elif isinstance(at, list):
            pending += at
    return found


def _insert(table: sa.TableClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        op.get_bind().execute(sa.insert(table), rows)


def _go_on_counting(table: str) -> None:
    """PostgreSQL counts on after the ids that were copied."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        highest = f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table})"
        connection.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest}, false)"))
