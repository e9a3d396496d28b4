"""The database: SQLite beside the files by default, PostgreSQL by its URL; the same code for both."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, String, create_engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from exhibit.errors import BadConfig

_BUSY_MS = 10_000


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware time in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=value.tzinfo or dt.UTC).astimezone(dt.UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: UtcTime, dict[str, Any]: JSON, list[str]: JSON, str: String}  # noqa: RUF012


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Database:
    """Hands out sessions: `reading` for looking, `writing` for a transaction that ends whole or not at all."""

    def __init__(self, url: str):
        try:
            self.engine = create_engine(url)
        except ModuleNotFoundError:
            raise BadConfig("no_driver") from None
        except (ArgumentError, NoSuchModuleError, ValueError):
            raise BadConfig("database_url") from None
        if self.engine.dialect.name == "sqlite":
            _teach_sqlite(self.engine)
        self._writing_engine = self.engine.execution_options(writing=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, *, author_id: int | None = None) -> Iterator[Session]:
        """`author_id` is the account that writes; None for a command or a worker."""
        info = {"author_id": author_id}
        with Session(self._writing_engine, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables to this version's. Raises BadConfig where the database cannot be reached."""
        try:
            with self.engine.connect() as connection:
                settings = _alembic()
                settings.attributes["connection"] = connection
                command.upgrade(settings, "head")
                connection.commit()
        except OperationalError:
            raise BadConfig("database_away") from None

    def check(self) -> None:
        """Raise BadConfig unless the database answers and has exactly this version's tables."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
                current = MigrationContext.configure(connection).get_current_heads()
        except OperationalError:
            raise BadConfig("database_away") from None
        if set(current) != set(ScriptDirectory.from_config(_alembic()).get_heads()):
            raise BadConfig("database_old")

    def close(self) -> None:
        self.engine.dispose()


def author_id(session: Session) -> int | None:
    """The account on whose behalf this session writes; None for a command or a worker."""
    found: int | None = session.info.get("author_id")
    return found


def _alembic() -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    return settings


def _teach_sqlite(engine: Engine) -> None:
    """Write-ahead log, foreign keys, waiting instead of failing, and transactions that begin when we say so."""

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, record: object) -> None:  # noqa: ARG001
        connection.isolation_level = None  # the driver's own BEGIN comes too late for a consistent read
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # a reader that turns into a writer cannot wait for its turn in SQLite: who will write says so at once
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
