"""What whoever brings a file should know of it, though it is taken, or why it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from recon.messages import Message


class Remark(Message):
    """remark.<key> of texts.json: one sentence, or two: what was found, and what can be done about it."""

    __slots__ = ()

    def __init__(self, key: str, values: Mapping[str, object] = MappingProxyType({})):
        super().__init__(f"remark.{key}", **values)
