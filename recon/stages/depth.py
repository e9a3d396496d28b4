"""Depth: how far each pixel of every view is, by multi-view stereo on the CPU.

There are two passes over the views; each view is one unit of work on disk. The first pass starts from a coarse plane
sweep and refines it by PatchMatch up to half size, from the photos alone. The second pass refines to full size,
compares each view with its neighbours' depth from the first pass, extends planes into areas that are too plain to be
matched, and leaves out the sky. Memory holds one reference and its neighbours, whatever the number of photos.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import pycolmap

from recon.errors import NoReconstruction
from recon.executor import HERE, Executor
from recon.formats import colmap_stereo
from recon.geometry import neighbours, patchmatch, planar, sweep
from recon.geometry.depth_regions import in_large_regions
from recon.geometry.pad import padded
from recon.geometry.sky import sky
from recon.messages import Message
from recon.progress import Progress
from recon.stages import depth_files
from recon.types import BoolArray, ByteArray, DepthMap, DepthMaps, Float32Array, FloatArray, SparseModel, View

VERSION = 8

COARSE_SIDE = 384  # px, of the plane sweep
SWEEP_NEIGHBOURS = 4
PREVIEW_NEIGHBOURS = 5
MIN_PLANES, MAX_PLANES = 48, 256
CREDIBLE_COST = 0.25  # largest cost of a pixel whose plane may be extended into plain surroundings
NEARER = 3.0  # than the nearest of the sweep's planes: how near PatchMatch may come from pixel to pixel
PARALLAX = 0.2  # cost by which what has a depth is matched worse at infinity
LARGEST_JUMP = 1.5  # px of disparity between neighbours in one island of depth
INFERRED = 1  # confidence, of 255, of depth that was extended from the surroundings, not measured
LARGEST_SIDE = {"preview": 768, "standard": 1536, "high": 3072}


@dataclass(frozen=True, kw_only=True)
class DepthOptions:
    quality: Literal["preview", "standard", "high"] = "standard"  # size of the maps: 768, 1536, 3072 px
    neighbours: int = 8  # views that each view is matched with, at most five in a preview; more is better and slower
    max_cost: float = 0.6  # 1 - NCC above which a pixel stays empty
    min_region: int = 60  # px; smaller islands of depth are dropped
    cuda: bool = True  # match on an NVIDIA GPU where there is one, and pycolmap-cuda12 to reach it
    sweep: bool = True  # start from a coarse plane sweep rather than at random
    consistency: bool = True  # compare each view's depth with its neighbours' depth
    planar_prior: bool = True  # extend planes into plain walls and plates; such depth is marked as inferred
    sky: bool = True  # leave out what looks like sky, above the horizon and without a depth; not on a GPU


@dataclass(frozen=True, slots=True)
class _Task:
    """A view, the views it is matched with, and the range of inverse depth that its sparse points span."""

    index: int
    others: list[int]
    w_range: tuple[float, float]

    @property
    def bounds(self) -> tuple[float, float]:
        """Of PatchMatch, which follows the ground to the picture's lower edge, nearer than any sparse point."""
        return self.w_range[0], NEARER * self.w_range[1]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A pass over one view: all that a worker needs beside the files in `scratch`."""

    task: _Task
    views: dict[int, View]  # by index: this one and those it is matched with
    scratch: Path
    side: int  # px
    upright: bool  # the world's +Y is up
    options: DepthOptions

    @property
    def view(self) -> View:
        return self.views[self.task.index]


def build(
    sparse: SparseModel, options: DepthOptions, *, scratch: Path, progress: Progress, executor: Executor = HERE
) -> DepthMaps:
    """Write scratch/maps/NNNNN.npz per view (recon.types.DepthMap). Views that are done are not done again."""
    tasks = _tasks(sparse, options)
    if not tasks:
        raise NoReconstruction("no_neighbours")
    side = LARGEST_SIDE[options.quality]
    (scratch / "maps").mkdir(exist_ok=True)
    progress.start(2 * len(tasks), "view")
    if options.cuda and pycolmap.has_cuda:
        _match_on_gpu(sparse, tasks, side, scratch, progress)
    else:
        _match_on_cpu(sparse, tasks, side, options, scratch, progress, executor)
    return DepthMaps(
        sparse, tuple(DepthMap(sparse.views[t.index].name, scratch / "maps" / f"{t.index:05d}.npz") for t in tasks)
    )


def _match_on_gpu(sparse: SparseModel, tasks: list[_Task], side: int, scratch: Path, progress: Progress) -> None:
    """COLMAP's patch match (Schönberger 2016), with the same neighbours and depths as ours; it skips what is done."""
    folder, views = scratch / "colmap", sparse.views
    colmap_stereo.write_workspace(
        folder,
        [v.path for v in views],
        [(v.width, v.height) for v in views],
        [v.k for v in views],
        [v.cam_from_world for v in views],
        sparse.points,
        sparse.observations,
    )
    for consistent in (False, True):  # every view's photometric map before the first geometric one
        for task in tasks:
            target = scratch / "maps" / f"{task.index:05d}.npz"
            if not target.exists():
                colmap_stereo.choose_pictures(folder, task.index, task.others)
                chosen = pycolmap.PatchMatchOptions(
                    max_image_size=side,
                    depth_min=1 / task.w_range[1],
                    depth_max=1 / task.w_range[0],
                    geom_consistency=consistent,
                    filter=consistent,
                )
                pycolmap.patch_match_stereo(folder, options=chosen)
                if consistent:
                    depth, normal = colmap_stereo.read_maps(folder, task.index)
                    if (kept := views[task.index].kept(depth.shape[1], depth.shape[0])) is not None:
                        depth = np.where(kept, depth, 0)
                    depth_files.save(
                        target,
                        depth=depth,
                        normal=np.round(normal * 127).astype(np.int8),
                        confidence=np.where(depth > 0, 255, 0).astype(np.uint8),
                    )
            progress.advance()
    shutil.rmtree(folder)


def _match_on_cpu(
    sparse: SparseModel,
    tasks: list[_Task],
    side: int,
    options: DepthOptions,
    scratch: Path,
    progress: Progress,
    executor: Executor,
) -> None:
    upright = sparse.frame.up_source != "none"
    units = [
        _Unit(t, {j: sparse.views[j] for j in (t.index, *t.others)}, scratch, side, upright, options) for t in tasks
    ]
    for folder in ("grey", "first"):
        (scratch / folder).mkdir(exist_ok=True)
    for run, folder in ((_run_first_pass, "first"), (_run_second_pass, "maps")):
        waiting = [unit for unit in units if not _file(unit, folder).exists()]
        progress.advance(len(units) - len(waiting))
        for _ in executor.map(run, waiting):
            progress.advance()
    for folder in ("grey", "first"):
        shutil.rmtree(scratch / folder)
    for draft in (scratch / "maps").glob("*.draft"):  # of workers that were killed
        draft.unlink()
    shares = [share for unit in units if (share := _sky_share(_file(unit, "maps"))) > 0]
    if shares:
        progress.warn(
            Message("warning.sky_left_out", count=len(shares), total=len(units), share=float(np.mean(shares)))
        )


def _file(unit: _Unit, folder: str) -> Path:
    return unit.scratch / folder / f"{unit.task.index:05d}.npz"


def _run_first_pass(unit: _Unit) -> None:
    target = _file(unit, "first")
    if not target.exists():
        depth_files.save(target, **_first_pass(unit))


def _run_second_pass(unit: _Unit) -> None:
    target = _file(unit, "maps")
    if not target.exists():
        depth_files.save(target, **_second_pass(unit))


def _tasks(sparse: SparseModel, options: DepthOptions) -> list[_Task]:
    table, ranges = sparse.neighbour_scores(), []
    for view, seen in zip(sparse.views, sparse.observations, strict=True):
        z = sparse.points @ view.cam_from_world[2, :3] + view.cam_from_world[2, 3]
        px = (sparse.points @ view.cam_from_world[:, :3].T + view.cam_from_world[:, 3]) @ view.k.T
        ahead = z > 0
        inside = ahead & (px[:, 0] > 0) & (px[:, 1] > 0)
        inside &= (px[:, 0] < z * view.width) & (px[:, 1] < z * view.height)
        # In inverse depth, a wider range costs little far away and much close by; so the far limit is generous.
        near, far = (np.percentile(z[seen], 0.5), z[inside].max()) if len(seen) else (1.0, 1.0)
        ranges.append((1 / (far * 1.5), 1 / (near * 0.75)))
    count = min(options.neighbours, PREVIEW_NEIGHBOURS) if options.quality == "preview" else options.neighbours
    tasks = [_Task(i, neighbours.choose(table[i], count), ranges[i]) for i in range(len(sparse.views))]
    return [t for t in tasks if t.others]


def levels_of(width: int, height: int, side: int) -> list[int]:
    """Longer sides of the pyramid, px, coarse to fine; the coarsest is what the sweep works on."""
    levels = [min(side, max(width, height))]
    while levels[0] > COARSE_SIDE * 4 // 3:
        levels.insert(0, levels[0] // 2)
    return levels


def _first_pass(unit: _Unit) -> dict[str, Float32Array]:
    """Planes up to the pyramid's last level but one: sweep, then PatchMatch level by level, photometric only."""
    task, options = unit.task, unit.options
    levels = levels_of(unit.view.width, unit.view.height, unit.side)
    level = levels[0]
    reference = _grey(unit, task.index, level)
    sources = _sources(unit, reference, level)
    step = _w_step(sources, reference.shape, task.w_range)
    num_planes = int(np.clip((task.w_range[1] - task.w_range[0]) / step, MIN_PLANES, MAX_PLANES))
    if options.sweep:
        w = _swept(reference, sources, np.linspace(*task.w_range, num_planes))
    else:
        w = np.random.default_rng(task.index).uniform(*task.w_range, reference.shape).astype(np.float32)
    planes = patchmatch.evaluate(reference, sources, w, _gradient(w))
    iteration = 0
    for iteration in range(4):
        patchmatch.iterate(
            reference, sources, planes, w_range=task.bounds, w_step=2 * step, iteration=iteration, num_random=4
        )
    w, gradient = planes.w, planes.gradient
    for level in levels[1:-1]:
        reference = _grey(unit, task.index, level)
        sources = _sources(unit, reference, level)
        step = _w_step(sources, reference.shape, task.w_range)
        planes = patchmatch.evaluate(reference, sources, *patchmatch.upsample(w, gradient, *reference.shape))
        for _ in range(3):
            iteration += 1
            patchmatch.iterate(
                reference, sources, planes, w_range=task.bounds, w_step=step, iteration=iteration, num_random=3
            )
        w, gradient = planes.w, planes.gradient
    return {"w": w, "gradient": gradient, "cost": planes.cost}


def _swept(reference: ByteArray, sources: patchmatch.Sources, ladder: FloatArray) -> Float32Array:
    """Inverse depth (H, W) by a plane sweep over the `ladder` of inverse depths, against the best few neighbours."""
    few = range(min(SWEEP_NEIGHBOURS, len(sources.a)))
    pictures = [
        (sources.quads[k, : sources.sizes[k, 0], : sources.sizes[k, 1]] & patchmatch.BYTE).astype(np.float32)
        for k in few
    ]
    return sweep.sweep(reference.astype(np.float32), pictures, [(sources.a[k], sources.b[k]) for k in few], ladder)[0]


def _second_pass(unit: _Unit) -> dict[str, np.ndarray]:
    """The finished map at `side`: planes of the first pass, refined under geometric consistency, then filtered."""
    task, view, options = unit.task, unit.view, unit.options
    with np.load(_file(unit, "first")) as stored:
        w, gradient = stored["w"], stored["gradient"]
    iteration, prior, left_out = 20, None, np.zeros((0, 0), bool)
    for level in levels_of(view.width, view.height, unit.side)[-2:]:
        reference = _grey(unit, task.index, level)
        sources = _sources(unit, reference, level, with_maps=options.consistency)
        step = _w_step(sources, reference.shape, task.w_range)
        planes = patchmatch.evaluate(reference, sources, *patchmatch.upsample(w, gradient, *reference.shape))
        if prior is not None:
            prior = patchmatch.upsample(*prior, *reference.shape)
        if not left_out.size:
            credible = planes.cost < CREDIBLE_COST
            if options.consistency:
                credible &= patchmatch.agreement(sources, planes.w, 1.0) >= 2
            if options.planar_prior:
                prior = planar.planar_prior(planes.w, planes.gradient, planes.cost, credible, step)
            left_out = _sky(unit, reference, sources, planes, credible)
        for _ in range(2):
            iteration += 1
            patchmatch.iterate(
                reference, sources, planes, w_range=task.bounds, w_step=step, iteration=iteration, num_random=3,
                prior=prior,
            )  # fmt: skip
        w, gradient = planes.w, planes.gradient
    k = view.scaled(w.shape[1], w.shape[0])
    measured: BoolArray = planes.cost < options.max_cost
    inferred = np.zeros(w.shape, bool)
    if prior is not None:
        inferred = ~measured & (prior[0] > 0) & (np.abs(w - prior[0]) < step)
    good = measured | inferred
    if (kept := view.kept(w.shape[1], w.shape[0])) is not None:
        good &= kept
    left_out = _resized(left_out, w.shape)
    good &= ~left_out
    good = in_large_regions(w, gradient, good, jump=LARGEST_JUMP * step, fewest=options.min_region)
    depth = np.where(good, 1 / np.maximum(w, 1e-12), 0).astype(np.float32)
    confidence = np.where(
        inferred, INFERRED, np.maximum(np.round(255 * (1 - planes.cost / options.max_cost)), INFERRED + 1)
    )
    return {
        "depth": depth,
        "normal": np.round(_normals(w, gradient, k) * 127).astype(np.int8),
        "confidence": np.where(good, confidence, 0).astype(np.uint8),
        "sky": np.array(left_out.mean()),
    }


def _sky(
    unit: _Unit, reference: ByteArray, sources: patchmatch.Sources, planes: patchmatch.Planes, credible: BoolArray
) -> BoolArray:
    """(H, W) what is sky, with its rim. What has a credible (H, W) depth is not sky if it matches worse at infinity."""
    height, width = reference.shape
    view = unit.view
    if not (unit.options.sky and unit.upright):
        return np.zeros(reference.shape, bool)
    up = view.cam_from_world[:, 1] @ np.linalg.inv(view.scaled(width, height))  # what a pixel's ray rises by
    above = up[0] * (np.arange(width) + 0.5) + up[1] * (np.arange(height)[:, None] + 0.5) + up[2] > 0
    picture = cv2.resize(
        cv2.imread(str(view.path), cv2.IMREAD_COLOR_RGB), (width, height), interpolation=cv2.INTER_AREA
    )
    colored = np.asarray(picture, np.uint8)
    found = sky(colored, above, np.zeros(reference.shape, bool))
    if found.any():
        rows = int(np.nonzero(found)[0].max()) + 1
        nowhere = np.zeros((rows, width, 2), np.float32)
        infinite = patchmatch.evaluate(reference[:rows], sources, nowhere[..., 0], nowhere)
        measured = credible.copy()
        measured[:rows] &= infinite.cost > planes.cost[:rows] + PARALLAX
        found = sky(colored, above, measured)
    return np.asarray(cv2.dilate(found.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)


def _resized(mask: BoolArray, shape: tuple[int, ...]) -> BoolArray:
    return np.asarray(cv2.resize(mask.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST), bool)


def _sky_share(path: Path) -> float:
    """Of the picture of a depth map."""
    with np.load(path) as stored:
        return float(stored["sky"])


def _grey(unit: _Unit, index: int, side: int) -> ByteArray:
    kept = unit.scratch / "grey" / f"{index:05d}.npy"
    return depth_files.grey(unit.views[index].path, kept, side, max(LARGEST_SIDE.values()))


def _sources(unit: _Unit, reference: ByteArray, side: int, *, with_maps: bool = False) -> patchmatch.Sources:
    task, view = unit.task, unit.view
    k_reference = view.scaled(reference.shape[1], reference.shape[0])
    pictures = [_grey(unit, j, side) for j in task.others]
    there = [unit.views[j] for j in task.others]
    ks = [v.scaled(p.shape[1], p.shape[0]) for v, p in zip(there, pictures, strict=True)]
    warps = [
        np.append(*patchmatch.relative(k_reference, view.cam_from_world, k, v.cam_from_world))
        for k, v in zip(ks, there, strict=True)
    ]
    back = [
        np.append(*patchmatch.relative(k, v.cam_from_world, k_reference, view.cam_from_world))
        for k, v in zip(ks, there, strict=True)
    ]
    maps = [_first_map(unit.scratch, j) for j in task.others] if with_maps else []
    sizes = np.array([p.shape for p in pictures], np.int32)
    return patchmatch.Sources(
        patchmatch.in_quads(padded(pictures)),
        sizes,
        np.array(warps),
        padded(maps) if with_maps else np.zeros((len(pictures), 0, 0), np.float32),
        np.array([m.shape for m in maps], float) / sizes if with_maps else np.ones((len(pictures), 2)),
        np.array(back),
    )


def _first_map(scratch: Path, index: int) -> Float32Array:
    """Inverse depth that a neighbour found in the first pass; 0 where it is unsure or has none."""
    path = scratch / "first" / f"{index:05d}.npz"
    if not path.exists():
        return np.zeros((1, 1), np.float32)
    with np.load(path) as stored:
        return np.where(stored["cost"] < 0.6, stored["w"], 0).astype(np.float32)


def _w_step(sources: patchmatch.Sources, shape: tuple[int, ...], w_range: tuple[float, float]) -> float:
    """The inverse depth that moves the picture's centre by a pixel in the middling neighbour."""
    p = np.array([shape[1] / 2, shape[0] / 2, 1.0])
    w = float(np.mean(w_range))
    q = sources.a @ p + w * sources.b
    speed = np.linalg.norm(sources.b[:, :2] - q[:, :2] / q[:, 2:] * sources.b[:, 2:], axis=1) / np.abs(q[:, 2])
    return 1.0 / max(float(np.median(speed)), 1e-9)


def _gradient(w: Float32Array) -> Float32Array:
    """Slope of a smoothed inverse depth, (H, W, 2) per px: first planes that lean as the surface does."""
    smooth = cv2.GaussianBlur(cv2.medianBlur(w, 5), (0, 0), 2)
    return np.stack(
        [cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3) / 8, cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3) / 8], axis=-1
    )


def _normals(w: Float32Array, gradient: Float32Array, k: FloatArray) -> FloatArray:
    """Unit normals (H, W, 3) in the camera frame, towards the camera.

    A plane m . X = 1 has w = m . K^-1 p, so m = K^T (gu, gv, w - gu px - gv py).
    """
    height, width = w.shape
    px, py = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    constant = w - gradient[..., 0] * px - gradient[..., 1] * py
    m = np.stack([gradient[..., 0], gradient[..., 1], constant], axis=-1).astype(np.float64) @ k
    normal: FloatArray = -m / np.maximum(np.linalg.norm(m, axis=-1, keepdims=True), 1e-12)
    return normal
