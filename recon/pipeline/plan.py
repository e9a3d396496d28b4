"""What a reconstruction of a folder will cost, stage by stage; only headers are read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from recon import film_frames, foreign
from recon.budget import predict_source, sizes_of
from recon.cost_history import Forecast, forecast
from recon.errors import BadScan
from recon.options import Options
from recon.pipeline.build import num_photos
from recon.stages import photos, scans

BYTES_PER_POINT = 40  # of text, which says only when it is read how many points it holds


def plan(source: Path, options: Options) -> list[Forecast]:
    """Predicted cost per stage of the photos, scans or both below `source`, by what earlier builds took here.

    Raises BadPhotos where there are none, and BadScan where no scan can be read.
    """
    files = scans.find(source)
    counts = _counts(files) if files else []
    pictured = not files or num_photos(source) >= photos.MIN_PHOTOS
    sizes = _sizes(source, options) if pictured else []
    return forecast(predict_source(sizes, counts, options))


def _sizes(source: Path, options: Options) -> list[tuple[int, int]]:
    """Width and height of the photos, and of as many frames of the films as may be taken at most."""
    found = photos.find(source)
    sizes = sizes_of(found.photos)
    for film in found.films:
        if (told := film_frames.size(film)) is not None:
            width, height, frames = told
            sizes += [(width, height)] * min(frames, options.photos.film_frames)
    return sizes


def _counts(files: Sequence[Path]) -> list[int]:
    """Points of each scan; files that cannot be read are set aside by `build` too."""
    counts: list[int] = []
    first: BadScan | None = None
    for file in files:
        arguments = {"path": os.fspath(file.absolute()), "name": file.name}
        try:
            with closing(foreign.values("recon.formats.scan_look:records", arguments, name=file.name)) as told:
                counts += [count or file.stat().st_size // BYTES_PER_POINT for count in next(told)]
        except BadScan as problem:
            first = first or problem
    if not counts and first is not None:
        raise first
    return counts
