"""Builds a hall template: its architecture as glTF with baked light, as an asset bundle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

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
from exhibit.space.progress import Report, unheard
from exhibit.space.room import Room

BUILDERS: dict[str, Callable[[], Room | Hall]] = {
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
    report: Report = unheard,
) -> Path:
    """Write the hall called `template` as an asset bundle into out/<template>/ and return that folder.

    `standing` are exhibits that the poster shows; they do not go into the model. `exhibits(document, bundles)` finds
    them. `poster` is the poster's view, by default the template's own; `quality` is the bake's. Raises KeyError for a
    template that does not exist. `report` takes the share that is done, 0..1; what it raises stops the build.
    """
    made = BUILDERS[template]()
    if poster is not None:
        made = replace(made, poster=poster)
    if isinstance(made, Hall):
        return write_hall(out / template, made, standing, quality=quality, report=report)
    return write_bundle(out / template, made, standing, rays=min(144, 2 * quality.rays), report=report)


__all__ = [
    "BUILDERS",
    "DRAFT",
    "FULL",
    "ROUGH",
    "Quality",
    "Standing",
    "build_template",
    "exhibits",
]
