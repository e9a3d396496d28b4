"""Reads what a request brings: a form's texts in both languages, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import request

from exhibit.documents.texts import bilingual
from exhibit.documents.types import Text
from exhibit.errors import BadInput


def both(name: str, form: Mapping[str, str]) -> Text:
    """A text in both languages from the fields <name>_zh and <name>_en, without control characters."""
    return bilingual(lambda language: _clean(form.get(f"{name}_{language}", "")))


def _clean(words: str) -> str:
    kept = (character for character in words.replace("\r\n", "\n") if character >= " " or character in "\n\t")
    return "".join(kept).strip()


def json_body() -> Any:
    """The request's JSON, in the strict sense: numbers are finite doubles and no key is doubled. Raises BadInput.

    Half a character (a lone surrogate, as of an emoji cut in two) becomes U+FFFD, as where browsers encode it.
    """

    def refuse(token: str) -> Any:
        raise ValueError(token)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("doubled key")
        return found

    def finite(digits: str) -> float:
        number = float(digits)
        if number in (float("inf"), float("-inf")):
            raise ValueError(digits)
        return number

    def whole(digits: str) -> int:
        finite(digits)
        return int(digits)

    data = request.get_data()
    try:
        found = json.loads(data, parse_constant=refuse, object_pairs_hook=once, parse_float=finite, parse_int=whole)
        if b"\\ud" in data.lower():
            text = json.dumps(found, ensure_ascii=False)
            found = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        return found
    except (ValueError, RecursionError):
        raise BadInput("not_json") from None
