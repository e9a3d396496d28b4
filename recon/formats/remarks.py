"""What whoever brings a file should know of it, though it is taken: by a key, in both languages in texts.json."""

from __future__ import annotations

from dataclasses import dataclass, field

from recon.formats.errors import TEXTS


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence, or two: what was found, and what can be done about it."""

    key: str
    values: dict[str, object] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """{zh, en}."""
        return {language: text.format(**self.values) for language, text in TEXTS[f"remark.{self.key}"].items()}
