"""Builds a hall template: its architecture as glTF with baked light, as an asset bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from exhibit.space.building import BUILDERS, built
from exhibit.space.delivery import write_hall
from exhibit.space.hall import Hall, View
from exhibit.space.lightmap import DRAFT, FULL, ROUGH, Quality
from exhibit.space.poster import Standing, exhibits
from exhibit.space.progress import Report, unheard


def build_template(
    template: str,
    out: Path,
    standing: Sequence[Standing] = (),
    *,
    sizes: Mapping[str, float] | None = None,
    quality: Quality = FULL,
    poster: View | None = None,
    report: Report = unheard,
) -> Path:
    """Write the hall called `template` as an asset bundle into out/<template>/ and return that folder.

    `sizes` are by the names that the template gives them (`Template.sizes`); the others are its own.

    `standing` are exhibits that the poster shows; they do not go into the model. `exhibits(document, bundles)` finds
    them. `poster` is the poster's view, by default the template's own; `quality` is the bake's. Raises KeyError for a
    template that does not exist. `report` takes the share that is done, 0..1; what it raises stops the build.
    """
    made = BUILDERS[template].built(sizes or {})
    return bake_room(made, out / template, standing, quality=quality, poster=poster, report=report)


def bake_room(
    made: Hall,
    folder: Path,
    standing: Sequence[Standing] = (),
    *,
    quality: Quality = FULL,
    poster: View | None = None,
    report: Report = unheard,
) -> Path:
    """Bake what `built` has built and write it as an asset bundle into `folder`, which it returns."""
    if poster is not None:
        made = replace(made, poster=poster)
    return write_hall(folder, made, standing, quality=quality, report=report)


__all__ = [
    "BUILDERS",
    "DRAFT",
    "FULL",
    "ROUGH",
    "Quality",
    "Standing",
    "bake_room",
    "build_template",
    "built",
    "exhibits",
]
