"""A file from elsewhere cannot be taken, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from recon.errors import BadModel, BadScan

TEXTS: Mapping[str, Mapping[str, str]] = json.loads(Path(__file__).with_name("texts.json").read_text(encoding="utf-8"))


class BadFile(BadModel, BadScan):
    """A file is broken, or of a kind that is not read, whatever is in it."""


class TooLarge(BadFile):
    """A file is sound, but over a limit."""
