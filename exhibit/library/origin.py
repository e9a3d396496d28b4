"""Where an asset comes from: how its files were made, of what original, under which licence, and what it is used for.

Nothing is assumed: what nobody has said is "not stated", and visitors read so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypedDict, final, get_args

from exhibit.documents.texts import bilingual
from exhibit.i18n import Language, say
from recon.formats.asset_document import AssetDocument, AssetKind, Method, Original, Text, Use

METHODS: tuple[Method, ...] = get_args(Method)
USES: tuple[Use, ...] = get_args(Use)
ALL_RIGHTS_RESERVED = "LicenseRef-AllRightsReserved"
LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", ALL_RIGHTS_RESERVED)  # that forms offer

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")


@final
class AskedOrigin(TypedDict, total=False):
    """The entries of the schema's origin that forms ask for, beside method and statement."""

    made: str
    source: Text
    credit: Text
    licence: str
    rights: Text


@dataclass(frozen=True, slots=True)
class Described:
    """What a person has said about an asset."""

    title: Text
    use: Use
    method: Method
    statement: Text  # empty: the method's own sentence
    origin: AskedOrigin
    original: Original
    tags: list[str]


def use_of(document: AssetDocument) -> Use:
    """What curators use an asset for."""
    return document.get("use", "exhibit")


def can_be_room(document: AssetDocument) -> bool:
    """Whether visitors could walk in it."""
    return document["kind"] == "model" and "collider" in document["files"]


def default_statement(kind: AssetKind, method: Method) -> Text:
    """What visitors read about how an asset was made where nobody has written a sentence."""
    made = "splat" if kind == "splat" and method != "rendered-photographs" else method
    return bilingual(lambda language: say(f"library.statement.{made}", language))


def is_default_statement(kind: AssetKind, statement: Text) -> bool:
    return any(statement == default_statement(kind, method) for method in METHODS)


def licence_name(licence: str, language: Language) -> str:
    """A licence as people read it; an identifier that is not known stays as it is."""
    if licence == ALL_RIGHTS_RESERVED:
        return say(f"library.licence.{licence}", language)
    if licence == "CC0-1.0":
        return "CC0 1.0"
    if found := _CREATIVE_COMMONS.fullmatch(licence):
        return f"CC {found[1]} {found[2]}"
    return licence


def licence_address(licence: str) -> str | None:
    """The page that explains a licence; None where there is none, or none is known."""
    if licence == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if found := _CREATIVE_COMMONS.fullmatch(licence):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return licence if licence.startswith(("https://", "http://")) else None
