"""What a reconstruction of a folder will cost, stage by stage; only headers are read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from recon import foreign
from recon.budget import BASE_MB, Cost, predict, predict_scans, predict_surface, sizes_of
from recon.errors import BadScan
from recon.options import Options
from recon.pipeline.build import num_photos
from recon.stages import photos, scans

BYTES_PER_POINT = 40  # of text, which says only when it is read how many points it holds


def plan(source: Path, options: Options) -> list[Cost]:
    """Predicted cost per stage of the photos, scans or both below `source`.

    Raises BadPhotos where there are none, and BadScan where no scan can be read.
    """
    files = scans.find(source)
    if not files:
        return predict(sizes_of(photos.find(source).photos), options)
    counts = _counts(files)
    scanned = predict_scans(counts, options)
    if num_photos(source) < photos.MIN_PHOTOS:
        return [*scanned, *predict_surface(options, points=sum(counts), painting_s=1e-5 * sum(counts))]
    pictured = predict(sizes_of(photos.find(source).photos), options)
    join = Cost("join", 10 + 4e-6 * sum(counts), BASE_MB + 500, 33e-6 * sum(counts))
    return [*scanned, *pictured[:-3], join, *pictured[-3:]]


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
