"""Photos, scans or both to glTF: whatever a folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recon.errors import BadOptions, BadPhotos
from recon.pipeline import from_both, from_photos, from_scans
from recon.pipeline.run import Listener
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
) -> GltfBundle:
    """Rebuild the photos, scans or both below `source` as glTF in the folder `work`; a second run reads back what is
    fresh.

    settings are "stage.option=value"; hold_out names photos that are placed but kept from depth and texture.
    Raises a recon.errors.LongyaoError with a hint when the source, options or machine do not allow it.
    """
    if not scans.find(source):
        return from_photos.build(source, work, preset=preset, settings=settings, hold_out=hold_out, listener=listener)
    if num_photos(source) >= photos.MIN_PHOTOS:
        return from_both.build(source, work, preset=preset, settings=settings, hold_out=hold_out, listener=listener)
    if hold_out:
        raise BadOptions("hold_out_unknown", names=list(hold_out))
    return from_scans.build(source, work, preset=preset, settings=settings, listener=listener)


def num_photos(source: Path) -> int:
    """How many photos lie below `source`."""
    try:
        return len(photos.find(source).photos) if source.is_dir() else 0
    except BadPhotos:
        return 0
