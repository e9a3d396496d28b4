"""How far a stage is, and what the user should know about it. A user's request to stop takes effect here."""

from __future__ import annotations

from typing import Protocol

from recon.messages import Message


class Progress(Protocol):
    """A stage calls `start` once with the number of its units, then for each `advance`, or `fail` where it came to
    nothing.

    All three raise recon.errors.Cancelled when the user has asked to stop.
    """

    def start(self, total: int, unit: str) -> None: ...

    def advance(self, done: int = 1) -> None: ...

    def fail(self, failed: int = 1) -> None: ...

    def warn(self, message: Message) -> None:
        """Report what the user should know; it is kept in journey.json."""


class Silent:
    """Progress for tests and library use: keeps the warnings, prints nothing."""

    def __init__(self) -> None:
        self.warnings: list[str] = []  # in English

    def start(self, total: int, unit: str) -> None: ...

    def advance(self, done: int = 1) -> None: ...

    def fail(self, failed: int = 1) -> None: ...

    def warn(self, message: Message) -> None:
        self.warnings.append(str(message))
