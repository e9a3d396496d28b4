"""Run by Alembic, always with a connection of ours (exhibit.db)."""

from __future__ import annotations

from alembic import context

from exhibit.db import Base
from exhibit.migrations import models  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
