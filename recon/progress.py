"""How far a stage is: told to whoever listens, and the place where a user's cancel is heard."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A stage calls `start` once with the number of its units, then for each `advance`, or `fail` where it came to
    nothing.

    All three raise recon.errors.Cancelled when the user has asked to stop.
    """

    def start(self, total: int, unit: str) -> None: ...

    def advance(self, done: int = 1) -> None: ...

    def fail(self, failed: int = 1) -> None: ...

    def warn(self, message: str) -> None:
        """Something the user should know, kept in journey.json."""


class Silent:
    """Progress for tests and library use: keeps the warnings, prints nothing."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def start(self, total: int, unit: str) -> None: ...

    def advance(self, done: int = 1) -> None: ...

    def fail(self, failed: int = 1) -> None: ...

    def warn(self, message: str) -> None:
        self.warnings.append(message)
