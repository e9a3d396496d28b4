"""What can go wrong in the exhibition server: one sentence that says what is wrong, and a hint that says what to do.

An error is raised by its key; both texts live in the catalogue as error.<key> and error.<key>.hint, in both languages,
because a curator reads on the page what a technician reads in the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
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


class NotFound(ExhibitError):
    status = 404


class SignInNeeded(ExhibitError):
    status = 401


class Refused(ExhibitError):
    """Signed in or not, this request is not allowed."""

    status = 403


class StaleVersion(ExhibitError):
    """Someone saved in between; nothing was written."""

    status = 409


class VersionMissing(ExhibitError):
    status = 428


class TooManyAttempts(ExhibitError):
    status = 429


class NotReady(ExhibitError):
    """This machine lacks a part that the answer needs."""

    status = 503
