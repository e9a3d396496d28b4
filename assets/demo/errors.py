"""What can go wrong in the demonstration."""

from __future__ import annotations

from recon.errors import LongyaoError
from recon.messages import Language


class DemoError(LongyaoError):
    """A plan, a bundle or an argument of the demonstration cannot be used. In English: only developers run it."""

    def __init__(self, message: str, *, hint: str):
        super().__init__(message, hint=hint)  # so that it crosses a process border whole
        self._message, self._hint = message, hint

    def message(self, _language: Language = "en") -> str:
        return self._message

    def hint(self, _language: Language = "en") -> str:
        return self._hint
