"""What can go wrong, said so that a technician or curator knows what to do next.

An error is raised by its key. Its sentence and its hint are error.<key> and error.<key>.hint in texts.json, in both
languages.
"""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Any

from recon.messages import Language, Message, printable, say


class LongyaoError(Exception):
    """A problem with what the user gave us: one sentence that says what is wrong, and a hint that says what to do."""

    def __init__(self, key: str, /, **values: object):
        super().__init__(key)
        self.key = key
        self.values = values

    def message(self, language: Language = "en") -> str:
        return say(f"error.{self.key}", language, **self.values)

    def hint(self, language: Language = "en") -> str:
        return say(f"error.{self.key}.hint", language, **self.values)

    def text(self, language: Language = "en") -> str:
        """The sentence and the hint."""
        return self.message(language) + ("" if language == "zh" else " ") + self.hint(language)

    def as_json(self) -> dict[str, Any]:
        """What journey.json keeps (recon.messages.Message.as_json)."""
        return {**Message(f"error.{self.key}", **self.values).as_json(), "hint": self.hint()}

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[object, ...]:  # keeps key and values when the error crosses a process border
        return (_revive, (type(self), self.key, self.values))


def _revive(kind: type[LongyaoError], key: str, values: dict[str, Any]) -> LongyaoError:
    return kind(key, **values)


class BadPhotos(LongyaoError):
    """The photos cannot be read or cannot be used together."""


class BadScan(LongyaoError):
    """A point cloud or mesh cannot be read."""


class BadControl(LongyaoError):
    """A file of control points cannot be read."""


class BadChart(LongyaoError):
    """A file of a chart's measured colours cannot be read."""


class BadModel(LongyaoError):
    """A glTF, bundle or COLMAP model cannot be read."""


class BadOptions(LongyaoError):
    """An option does not exist or its value is out of range."""


class NoReconstruction(LongyaoError):
    """The photos are fine, but no surface or camera could be found from them."""


class NotEnoughMemory(LongyaoError):
    """A stage would need more memory than this machine has."""


class NoWorkers(LongyaoError):
    """The processes or machines that were to do the work are not there, or were lost."""


class DiskProblem(LongyaoError):
    """The operating system refused to read or write: no room, no permission, a read-only or broken disk."""


class Cancelled(LongyaoError):
    """The user stopped the work; what was finished stays."""


ROOM = 32 << 20  # bytes; more than COLMAP writes between two checks

_OF_ERRNO = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "file_limit",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
    errno.EROFS: "read_only",
    errno.EIO: "disk_broken",
    errno.ENAMETOOLONG: "name_too_long",
}


def disk_problem(error: OSError, place: object = "") -> DiskProblem:
    """The operating system's error as a sentence and a hint; `place` is named where the error names no file."""
    key = _OF_ERRNO.get(error.errno or 0, "system_refused")
    path = printable(error.filename or place)
    if key == "system_refused":
        return DiskProblem("system_refused", path=path, reason=error.strerror or type(error).__name__)
    return DiskProblem(key, path=path)


def check_room(folder: Path) -> None:
    """Raise DiskProblem while COLMAP could still be hurt: where its database cannot grow, it ends the whole process."""
    if shutil.disk_usage(folder).free < ROOM:
        raise DiskProblem("disk_full", path=folder)


def check_range(option: str, value: float, low: float, high: float | None = None) -> None:
    """Raise BadOptions unless low <= value <= high; without `high` there is no upper limit."""
    if high is None and not value >= low:
        raise BadOptions("option_least", option=option, value=value, low=low)
    if high is not None and not low <= value <= high:
        raise BadOptions("option_range", option=option, value=value, low=low, high=high)
