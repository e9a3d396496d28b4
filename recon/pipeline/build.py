"""Photos, scans or both to glTF: whatever a folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon.errors import BadOptions, BadPhotos
from recon.pipeline import from_both, from_photos, from_scans
from recon.pipeline.run import Control, Listener
from recon.stages import photos, scans
from recon.types import GltfBundle


def build(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    hold_out: Sequence[str] = (),
    listener: Listener | None = None,
    control: Control | None = None,
) -> GltfBundle:
    """Rebuild the photos, scans or both below `source` as glTF in the folder `work`; a second run reads back what is
    fresh.

    settings are "stage.option=value"; hold_out names photos that are placed but kept from depth and texture. With
    control.to_stage, Reached is raised when that stage is done: there is no bundle to return then.
    Raises a recon.errors.LongyaoError with a hint when the source, options or machine do not allow it.
    """
    if not scans.find(source):
        return from_photos.build(
            source, work, preset=preset, settings=settings, hold_out=hold_out, listener=listener, control=control
        )
    if num_photos(source) >= photos.MIN_PHOTOS:
        return from_both.build(
            source, work, preset=preset, settings=settings, hold_out=hold_out, listener=listener, control=control
        )
    if hold_out:
        raise BadOptions("hold_out_unknown", names=list(hold_out))
    return from_scans.build(source, work, preset=preset, settings=settings, listener=listener, control=control)


def num_photos(source: Path) -> int:
    """How many photos lie below `source`; a film counts as enough of them."""
    try:
        found = photos.find(source) if source.is_dir() else None
    except BadPhotos:
        return 0
    return 0 if found is None else len(found.photos) + photos.MIN_PHOTOS * len(found.films)
