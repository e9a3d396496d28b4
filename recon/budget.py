"""What a reconstruction will cost: an estimate by the sizes of photos and scans, and what is done where memory cannot
hold it.

The figures per megapixel and photo were measured on two cores with real photographs (`scripts/bench`). What earlier
builds took on this machine corrects them (recon.cost_history). A stage that does not fit in memory is made with the
largest smaller setting that fits, and says so; where none fits, it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from recon.errors import NotEnoughMemory
from recon.formats.photo_formats import read_size
from recon.messages import Message
from recon.options import Options
from recon.stages import features, register
from recon.stages.depth import LARGEST_SIDE, levels_of
from recon.types import DepthMaps, PhotoSet, SparseModel

BASE_MB = 450  # the interpreter with its libraries
PHOTO_MB_PER_MEGAPIXEL = 12  # decoded, turned upright, in grey: 11 measured with 200 megapixels
BYTES_PER_TRIANGLE = 1500  # Poisson's octree and the points that it is solved from, per triangle that is asked for
POINTS_PER_MEGAPIXEL = 220_000  # fused, per megapixel of depth maps
DEPTH_S = 2.5  # CPU seconds of a pass of depth's kernels over a megapixel
RESERVE = 0.9  # of the memory that is free now
ESTIMATE = 1  # counted up when a figure below changes: what was measured against other estimates corrects none of them

# Settings that need less memory, the largest first. Those of a stage change nothing that was built before it.
SMALLER: dict[str, tuple[str, ...]] = {
    "features": ("features.max_side=2400", "features.max_side=1600"),
    "depth": ("depth.quality=standard", "depth.quality=preview"),
    "dense": ("dense.neighbours=8", "dense.neighbours=5", "dense.neighbours=3"),
    "mesh": tuple(f"mesh.max_triangles={count}" for count in (350_000, 250_000, 150_000, 100_000, 50_000)),
    "texture": ("texture.max_size=3072", "texture.max_size=2048", "texture.max_size=1024"),
}


@dataclass(frozen=True, slots=True)
class Cost:
    stage: str
    cpu_seconds: float
    memory_mb: float
    disk_mb: float


def predict(sizes: Sequence[tuple[int, int]], options: Options) -> list[Cost]:
    """Predicted cost per stage of photos of these (width, height) in px."""
    count = len(sizes)
    full = sum(w * h for w, h in sizes) / 1e6
    searched = sum(_megapixels(s, options.features.max_side) for s in sizes)
    mapped = sum(_megapixels(s, LARGEST_SIDE[options.depth.quality]) for s in sizes)
    largest_map = max((_megapixels(s, LARGEST_SIDE[options.depth.quality]) for s in sizes), default=0)
    largest = max((w * h / 1e6 for w, h in sizes), default=0)
    searching = max(
        (features.at_once(s, options.features) * features.memory_mb(s, options.features) for s in sizes), default=0
    )
    alike = count * min(count - 1, options.matches.overlap) * 0.75  # half of the choices are mutual
    pairs = min(count * (count - 1) / 2, alike) if count > options.matches.exhaustive_up_to else count * (count - 1) / 2
    points = mapped * POINTS_PER_MEGAPIXEL
    views = 1 + options.depth.neighbours
    return [
        Cost("photos", 0.1 * count + 0.02 * full, BASE_MB + PHOTO_MB_PER_MEGAPIXEL * largest, 0.01 * full),
        Cost("features", 0.9 * searched, BASE_MB + searching, 1.9 * count),
        Cost("background", 0.1 * count + 0.02 * full, BASE_MB + 250 + 8 * largest, 0.02 * full + 1.9 * count),
        Cost("matches", 0.25 * pairs, BASE_MB + 60, 2.4 * count),
        Cost("sparse", 1.2 * count, BASE_MB + 4 * count, 1.5 * count),
        Cost("targets", 2 + 0.12 * full, BASE_MB + 40 * largest, 0.1),
        Cost("align", 0.08 * full + 0.3 * count, BASE_MB + 16 * largest, 0.5 * full),
        Cost(
            "depth",
            DEPTH_S * sum(_swept(s, LARGEST_SIDE[options.depth.quality]) for s in sizes),
            BASE_MB + largest_map * (views * 22 + 110),
            8 * mapped,
        ),
        Cost(
            "dense",
            0.8 * mapped,
            BASE_MB + 60 + largest_map * 18 * (options.dense.neighbours + 2),
            points * 33 / 1e6,
        ),
        *predict_surface(options, points=points, painting_s=3 * mapped, searched=count, largest=largest),
    ]


def predict_scans(counts: Sequence[int], options: Options) -> list[Cost]:
    """Predicted cost per stage of scans of so many points each, up to one clean cloud.

    Memory does not grow with them: all that is in memory at a time are blocks, boxes and samples.
    """
    scans, millions = len(counts), sum(counts) / 1e6
    partners = scans - 1 if scans <= register.ALL_PAIRS else 2 * options.register.partners
    return [
        Cost("scans", 1 + 1.0 * millions, BASE_MB + 60, 19 * millions),
        Cost("register", 1 + scans + 0.8 * millions + 1.5 * scans * partners / 2, BASE_MB + 200, 0.1 * scans),
        Cost("clean", 25 + 10 * millions, BASE_MB + 500, 27 * millions),
        Cost("views", 0.1 + 0.1 * millions, BASE_MB + 200, 7),
    ]


def predict_surface(
    options: Options, *, points: float, painting_s: float, searched: int = 0, largest: float = 0
) -> list[Cost]:
    """Predicted cost of the stages that photos, scans and both share, from a cloud of so many points on.

    painting_s: CPU seconds of what grows with what the surface is painted with. searched: photos, of at most `largest`
    megapixels, in which a colour chart is looked for.
    """
    triangles = options.mesh.max_triangles
    return [
        Cost("mesh", 5 + points * 1e-6 + triangles * 3e-5, BASE_MB + triangles * BYTES_PER_TRIANGLE / 1e6, 30),
        Cost("colour", 1 + 1.3 * searched, BASE_MB + 60 + 4 * 12 * largest, 0.1),
        Cost("texture", 20 + painting_s, BASE_MB + 300 + 1400 * (options.texture.max_size / 4096) ** 2, 120),
        Cost("gltf", 10 + triangles * 3.5e-5, BASE_MB + 1000 + triangles * 1e-3, 30),
    ]


def predict_source(sizes: Sequence[tuple[int, int]], counts: Sequence[int], options: Options) -> list[Cost]:
    """Predicted cost per stage of photos of these (width, height) in px, scans of so many points each, or both."""
    if not counts:
        return predict(sizes, options)
    scanned = predict_scans(counts, options)
    if not sizes:
        return [*scanned, *predict_surface(options, points=sum(counts), painting_s=1e-5 * sum(counts))]
    pictured = predict(sizes, options)
    join = Cost("join", 10 + 4e-6 * sum(counts), BASE_MB + 500, 33e-6 * sum(counts))
    return [*scanned, *pictured[:-4], join, *pictured[-4:]]


def check_start(files: Sequence[Path]) -> list[tuple[int, int]]:
    """The sizes of those photos that can be used; reads headers only.

    Raises NotEnoughMemory where not even the libraries and the largest of the photos fit.
    """
    _refuse_beyond(BASE_MB + 0.05 * len(files), "memory_start")
    sizes = {file: size for file in files for size in sizes_of([file])}
    if sizes:
        largest = max(sizes, key=lambda file: _megapixels(sizes[file], max(sizes[file])))
        megapixels = _megapixels(sizes[largest], max(sizes[largest]))
        needed = BASE_MB + PHOTO_MB_PER_MEGAPIXEL * megapixels
        _refuse_beyond(needed, "memory_photo", name=largest.name, megapixels=round(megapixels))
    return list(sizes.values())


def fitted(
    name: str, options: Options, inputs: Sequence[Any], memory_mb: Callable[[Cost], float]
) -> tuple[Options, Message | None]:
    """The options that let a stage fit in memory, and what to say where they are smaller than those asked for.

    memory_mb corrects an estimate. Raises NotEnoughMemory where not even the smallest fit.
    """
    needed_mb, free_mb = memory_mb(_estimate(name, options, inputs)), _free_mb()
    if needed_mb <= RESERVE * free_mb:
        return options, None
    for setting in SMALLER.get(name, ()):
        smaller = options.with_setting(setting)
        less_mb = memory_mb(_estimate(name, smaller, inputs))
        if less_mb < needed_mb and less_mb <= RESERVE * free_mb:
            figures = {"needed_gb": needed_mb / 1000, "free_gb": free_mb / 1000}
            return smaller, Message("warning.memory_smaller", stage=name, setting=setting, **figures)
    raise NotEnoughMemory("memory_stage", stage=name, needed_gb=needed_mb / 1000, free_gb=free_mb / 1000)


def _estimate(name: str, options: Options, inputs: Sequence[Any]) -> Cost:
    costs = [*predict(_sizes(inputs), options), *predict_scans((), options)]
    return next((cost for cost in costs if cost.stage == name), Cost(name, 0, 0, 0))


def _refuse_beyond(needed_mb: float, key: str, **values: object) -> None:
    free_mb = _free_mb()
    if needed_mb > RESERVE * free_mb:
        raise NotEnoughMemory(key, needed_gb=needed_mb / 1000, free_gb=free_mb / 1000, **values)


def _free_mb() -> float:
    """What this process may take in all: what it has, and what is free."""
    return float(psutil.virtual_memory().available / 1e6 + psutil.Process().memory_info().rss / 1e6)


def _sizes(inputs: Sequence[Any]) -> list[tuple[int, int]]:
    for value in inputs:
        if isinstance(value, PhotoSet):
            return [(p.width, p.height) for p in value]
        sparse = value.sparse if isinstance(value, DepthMaps) else value
        if isinstance(sparse, SparseModel):
            return [(v.width, v.height) for v in sparse.views]
    return []


def sizes_of(files: Sequence[Path]) -> list[tuple[int, int]]:
    """Width and height of those photos that can be used, by their headers; `build` says what is wrong with the rest."""
    sizes = []
    for file in files:
        with suppress(Exception):  # a reader met with foreign bytes may raise anything
            sizes.append(read_size(file))
    return sizes


def _swept(size: tuple[int, int], side: int) -> float:
    """Megapixels that depth's kernels pass over for a photo: its levels, each as often as recon.stages.depth does."""
    levels = [_megapixels(size, level) for level in levels_of(*size, side)]
    return 7 * levels[0] + 4 * sum(levels[1:-1]) + 3 * sum(levels[-2:])


def _megapixels(size: tuple[int, int], side: int) -> float:
    scale = min(1.0, side / max(size))
    return size[0] * size[1] * scale * scale / 1e6
