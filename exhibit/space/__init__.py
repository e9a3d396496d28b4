"""Halls: their architecture as glTF with the light baked in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from exhibit.space import (
    courtyard_house,
    dragon_kiln,
    factory_nave,
    hillside,
    kiln_gallery,
    porcelain_gallery,
    tulou,
)
from exhibit.space.bundle import write_bundle
from exhibit.space.delivery import write_hall
from exhibit.space.hall import Hall, View
from exhibit.space.lightmap import DRAFT, FULL, ROUGH, Quality
from exhibit.space.poster import Standing, exhibits
from exhibit.space.room import Room

TEMPLATES: dict[str, Callable[[], Room | Hall]] = {
    "kiln-gallery": kiln_gallery.room,
    "courtyard-house": courtyard_house.hall,
    "tulou": tulou.hall,
    "factory-nave": factory_nave.hall,
    "dragon-kiln": dragon_kiln.hall,
    "porcelain-gallery": porcelain_gallery.hall,
    "hillside": hillside.hall,
}


def build_template(
    template: str,
    out: Path,
    standing: Sequence[Standing] = (),
    *,
    quality: Quality = FULL,
    poster: View | None = None,
) -> Path:
    """Write the hall called `template` as an asset bundle into out/<template>/ and return that folder.

    `standing` puts exhibits into the poster, nowhere else: `exhibits(document, bundles)` finds them. `poster` is from
    where it is seen if not from the template's own place, `quality` the bake's. Raises KeyError for a template that
    does not exist.
    """
    made = TEMPLATES[template]()
    if poster is not None:
        made = replace(made, poster=poster)
    if isinstance(made, Hall):
        return write_hall(out / template, made, standing, quality=quality)
    return write_bundle(out / template, made, standing, rays=min(144, 2 * quality.rays))


def begin_document(template: str, asset: str | None = None) -> dict[str, Any]:
    """A hall document with the architecture of `template` and nothing in it yet: start, light, anchors and doors.

    `asset` is the id under which its bundle will be taken in, by default the template's own name. Raises KeyError for
    a template that does not exist.
    """
    return TEMPLATES[template]().document(asset or template)


__all__ = [
    "DRAFT",
    "FULL",
    "ROUGH",
    "TEMPLATES",
    "Hall",
    "Quality",
    "Standing",
    "begin_document",
    "build_template",
    "exhibits",
]
