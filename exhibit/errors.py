"""What can go wrong in the exhibition server: one sentence that says what is wrong, and a hint that says what to do.

An error is raised by its key; both texts live in the catalogue as error.<key> and error.<key>.hint, in both languages,
because a curator reads on the page what a technician reads in the terminal.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from exhibit.i18n import CATALOGUE, Language, say
from recon.formats.errors import BadFile
from recon.formats.errors import TooLarge as FileTooLarge


class ExhibitError(Exception):
    """A problem with what we were given. `status` is the HTTP status that tells it."""

    status = 400

    def __init__(self, key: str, **values: object):
        super().__init__(key)
        self.key = key
        self.values = values

    def message(self, language: Language = "en") -> str:
        return say(f"error.{self.key}", language, **self._told(language))

    def hint(self, language: Language = "en") -> str:
        return say(f"error.{self.key}.hint", language, **self._told(language))

    def _told(self, language: Language) -> dict[str, object]:
        """The values in this language; a form's field as its form calls it."""
        values = {k: v[language] if isinstance(v, dict) and language in v else v for k, v in self.values.items()}
        if "field" not in values:
            return values
        field = str(self.values["field"])
        stem, _, axis = field.rpartition("_")
        name, rest = (stem, f" {axis}") if axis in ("x", "y", "z") else (field, "")
        key = f"site.field.{name}"
        return self.values | {"field": say(key, language) + rest if key in CATALOGUE else field}

    def __str__(self) -> str:
        return f"{self.message()} {self.hint()}"


class BadConfig(ExhibitError):
    """A setting, a command-line value or the data folder is not usable."""

    status = 500


class BadInput(ExhibitError):
    """A form, a file name or a request cannot be understood."""

    status = 422


class BadBundle(ExhibitError):
    """An uploaded bundle, archive or model breaks the contract or is hostile."""

    status = 422


class BadHall(ExhibitError):
    """A hall document breaks the contract."""

    status = 422


class TooLarge(ExhibitError):
    status = 413


@contextmanager
def bad_files() -> Iterator[None]:
    """Raise what recon.formats says of a file as an error of ours: BadBundle, TooLarge."""
    try:
        yield
    except BadFile as error:
        kind = TooLarge if isinstance(error, FileTooLarge) else BadBundle
        raise kind(error.key, **error.values) from error


class NoRoom(ExhibitError):
    """The disk is full. Nothing was kept of what was being written."""

    status = 507


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SQLITE_FULL = 13  # SQLITE_FULL; also what a failed write to its files is (778: SQLITE_IOERR_WRITE)
_SQLITE_WRITE = 778
_POSTGRESQL_FULL = "53100"  # disk_full


def no_room(error: BaseException) -> NoRoom | None:
    """An error of the operating system or the database as the sentence for people, where a full disk is its cause."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy's wraps the driver's
    full = (
        (isinstance(cause, OSError) and cause.errno in _FULL)
        or getattr(cause, "sqlite_errorcode", None) in (_SQLITE_FULL, _SQLITE_WRITE)
        or getattr(cause, "sqlstate", None) == _POSTGRESQL_FULL
    )
    return NoRoom("no_room_on_disk") if full else None


@contextmanager
def full_disk() -> Iterator[None]:
    """Raise NoRoom for what fails for want of room on a disk."""
    try:
        yield
    except Exception as error:
        if (full := no_room(error)) is None:
            raise
        raise full from error


class NotFound(ExhibitError):
    status = 404


class Removed(NotFound):
    """Someone has removed what a form is about.

    `typed` is what the form says: a field's name, and its words. `part` is what the thing was called; `history` the
    address of the page on which it can be brought back.
    """

    def __init__(self, typed: Sequence[tuple[Mapping[str, object], str]], *, part: Mapping[str, object], history: str):
        super().__init__("removed_part", part=part)
        self.typed, self.history = typed, history


class SignInNeeded(ExhibitError):
    status = 401


class Refused(ExhibitError):
    """Signed in or not, this request is not allowed."""

    status = 403


class StaleVersion(ExhibitError):
    """Someone saved in between; nothing was written."""

    status = 409


class InUse(ExhibitError):
    """Something else still needs it; nothing was deleted."""

    status = 409


class VersionMissing(ExhibitError):
    status = 428


class TooManyAttempts(ExhibitError):
    status = 429


class NotReady(ExhibitError):
    """This machine lacks a part that the answer needs."""

    status = 503
