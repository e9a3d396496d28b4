"""Rooms: a hall's architecture as glTF with its light baked in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from exhibit.space import kiln_gallery
from exhibit.space.bundle import write_bundle
from exhibit.space.poster import Standing, exhibits
from exhibit.space.room import Room

TEMPLATES: dict[str, Callable[[], Room]] = {"kiln-gallery": kiln_gallery.room}


def build_template(template: str, out: Path, standing: Sequence[Standing] = ()) -> Path:
    """Write the room called `template` as an asset bundle into out/<template>/ and return that folder.

    `standing` puts exhibits into the poster, nowhere else: `exhibits(document, bundles)` finds them. Raises KeyError
    for a template that does not exist.
    """
    return write_bundle(out / template, TEMPLATES[template](), standing)


__all__ = ["TEMPLATES", "Standing", "build_template", "exhibits"]
