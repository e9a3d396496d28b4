"""Clean: placed scans become one cloud, thinned, without what does not belong to the place, and understood.

Out of core, in units that survive a kill: a scan is surveyed, chunks of scans are sorted into boxes of space, boxes are
cleaned, and boxes get their classes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recon.errors import NoReconstruction, check_range
from recon.formats.discard import discard
from recon.formats.ply import Ply, PlyWriter, ply_blocks
from recon.formats.point_buckets import PointBuckets
from recon.geometry import mixed_pixels, panorama
from recon.geometry.intensity_shades import PLAIN, Shades
from recon.geometry.partition import Census, Partition
from recon.geometry.scan_cleaning import Limits, Station, clean
from recon.geometry.structure import Wanted
from recon.messages import Message
from recon.progress import Progress
from recon.stages import clean_structure
from recon.types import CleanCloud, Float32Array, FloatArray, PlacedScans, PointCloud, Scan, ScanPoints

VERSION = 2

FEWEST_POINTS = 500
_BOX = 1_500_000  # points in memory at a time, without a box's margin
_CHUNK = 16  # blocks of a scan between two savings
_MOST_CELLS = 40_000_000  # of the sphere around a scanner
_COARSE_PITCH = 0.00175  # radians (0.1 degrees), of what is kept of each scan to tell what moved
_CENSUS = 1024  # cells along the longest side, in which points are counted
_MARGIN = (0.3, 16)  # metres, and points: how far a box looks beyond its walls, at least
_FINEST = 0.001  # metres between points
_THINNEST = 0.05  # metres; what is thinner may slip between a scanner's rays
_RECORD = np.dtype(
    [("xyz", "<f4", 3), ("range", "<f4"), ("intensity", "<f4"), ("scan", "<u2"), ("rgb", "u1", 3), ("class", "u1"),
     ("home", "?")]
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CleanOptions:
    spacing_m: float = 0.0  # points are thinned to this distance; 0 takes the scans' own
    mixed: bool = True  # drop ranges between two surfaces, which scanners measure at edges
    moved: bool = True  # drop people and things at places that more other scanners looked through than measured
    moved_margin_m: float = 0.1  # a scanner must have seen this much beyond a place to know that it was empty
    stray: bool = True  # drop points that lie off the surface around them
    stray_times: float = 5.0  # as a multiple of that surface's own noise
    lonely: bool = True  # drop points with no neighbours
    lonely_times: float = 6.0  # as a multiple of the distance between the scanner's rays there
    ground: Literal["auto", "floor", "terrain", "none"] = (
        "auto"  # floor: the lowest large level plane; terrain: however the ground rises; auto: terrain without a floor
    )
    least_plane_m2: float = 0.1  # smaller planes are not listed
    least_cylinder_m: float = 0.3  # shorter cylinders are not listed
    least_coverage: float = 0.3  # share of a cylinder's circumference that scanners must have seen
    largest_radius_m: float = 5.0  # of a cylinder
    structure_points: int = 1_000_000  # planes and cylinders are looked for in so many points; more finds smaller ones
    neighbours: int = 16  # points that a point's normal and noise are measured on

    def __post_init__(self) -> None:
        check_range("clean.spacing_m", self.spacing_m, 0)
        check_range("clean.moved_margin_m", self.moved_margin_m, 0.01)
        check_range("clean.stray_times", self.stray_times, 1)
        check_range("clean.lonely_times", self.lonely_times, 1)
        check_range("clean.least_plane_m2", self.least_plane_m2, 1e-6)
        check_range("clean.least_cylinder_m", self.least_cylinder_m, 0.001)
        check_range("clean.least_coverage", self.least_coverage, 0.1, 1)
        check_range("clean.largest_radius_m", self.largest_radius_m, 0.01)
        check_range("clean.structure_points", self.structure_points, FEWEST_POINTS)
        check_range("clean.neighbours", self.neighbours, 6, 64)


def build(placed: PlacedScans, options: CleanOptions, *, scratch: Path, progress: Progress) -> CleanCloud:
    """Clean into scratch/cloud.ply, and list what stands there in scratch/structure.json.

    Memory: a box of some million points, one scanner's sphere, and a coarse picture of what each scanner saw.
    """
    num_read = sum(len(scan) for scan in placed.scans)
    if num_read < FEWEST_POINTS:
        raise NoReconstruction("few_points", points=num_read, least=FEWEST_POINTS)
    progress.start(4 * num_read, "point")
    low, high = _bounds(placed)
    census = Census(float(np.max(high - low)) / _CENSUS + 1e-6)
    stations, shades = [], Shades()
    for number, scan in enumerate(placed.scans):
        stations.append(_surveyed(placed, number, census, shades, _folder(scratch / "survey")))
        progress.advance(len(scan))
    spacing = options.spacing_m or _own_spacing(placed)
    margin = max(_MARGIN[0], _MARGIN[1] * spacing)
    boxes = Partition.of(census, _BOX)
    buckets = PointBuckets(_folder(scratch / "buckets"), _RECORD)
    mixed = _sorted(placed, stations, shades, boxes, margin, buckets, options, progress, scratch / "survey")
    limits = Limits(
        cell=spacing,
        neighbours=options.neighbours,
        moved=options.moved,
        moved_margin=options.moved_margin_m,
        thinnest=_THINNEST,
        stray=options.stray,
        stray_times=options.stray_times,
        lonely=options.lonely,
        lonely_times=options.lonely_times,
    )
    dropped = {"mixed": mixed}
    cleaned = _folder(scratch / "boxes")
    for box in range(len(boxes)):
        facts = _cleaned(box, buckets, stations, limits, (low + high) / 2, cleaned)
        for reason, count in facts.items():
            dropped[reason] = dropped.get(reason, 0) + count
        progress.advance(int(boxes.counts[box]))
    left = sum(len(cloud) for cloud in clean_structure.clouds(cleaned))
    if left < FEWEST_POINTS:
        raise NoReconstruction("few_points", points=left, least=FEWEST_POINTS)
    wanted = Wanted(
        least_area=options.least_plane_m2,
        least_length=options.least_cylinder_m,
        least_coverage=options.least_coverage,
        largest_radius=options.largest_radius_m,
        ground=options.ground,
    )
    found, labels = clean_structure.understood(cleaned, wanted, options.structure_points, spacing)
    codes = clean_structure.codes(found)
    classed = _folder(scratch / "classed")
    for box in range(len(boxes)):
        clean_structure.classify(cleaned / f"{box:05d}.ply", classed / f"{box:05d}.ply", labels, codes)
        progress.advance(int(boxes.counts[box]))
    cloud = _joined(classed, scratch / "cloud.ply")
    _say(dropped, num_read, placed, progress)
    made = CleanCloud(
        cloud,
        spacing,
        num_read,
        tuple(dropped.items()),
        clean_structure.planes(found),
        clean_structure.cylinders(found),
        shades.colored_by,
    )
    (scratch / "structure.json").write_text(json.dumps(clean_structure.document(made), indent=1), encoding="utf-8")
    discard(scratch, "survey", "buckets", "boxes", "classed")
    return made


def _folder(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    return path


def _bounds(placed: PlacedScans) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest world coordinates of all scans' boxes, (3,) each."""
    corners = []
    for scan, world_from_scan in zip(placed.scans, placed.world_from_scan, strict=True):
        ends = np.stack([scan.low, scan.high])
        box = np.stack(np.meshgrid(*ends.T), -1).reshape(-1, 3)
        corners.append(_moved_to(box, world_from_scan))
    every = np.concatenate(corners)
    return every.min(axis=0), every.max(axis=0)


def _own_spacing(placed: PlacedScans) -> float:
    """Metres between the scans' points: their median, each scan counted by its points."""
    spacing = np.array([scan.spacing_m for scan in placed.scans])
    order = np.argsort(spacing)
    share = np.cumsum(np.array([len(scan) for scan in placed.scans])[order])
    return max(_FINEST, float(spacing[order][np.searchsorted(share, share[-1] / 2)]))


def _moved_to(points: NDArray[np.floating], target_from_source: FloatArray) -> FloatArray:
    return np.asarray(points.astype(np.float64) @ target_from_source[:3, :3].T + target_from_source[:3, 3])


def _surveyed(placed: PlacedScans, number: int, census: Census, shades: Shades, folder: Path) -> Station:
    """What a scan saw, its points counted in the census and by their colours; kept in `folder`, and read from there if
    it is known.
    """
    scan, world_from_scan = placed.scans[number], placed.world_from_scan[number]
    facts, seen_file = folder / f"{number:05d}.npz", _seen_file(folder, number)
    nearest_file = folder / f"{number:05d}-nearest.npy"
    if not facts.exists():
        own, colours = Census(census.cell), Shades()
        spacing, noise = scan.spacing_m, 0.0
        if scan.scanner is not None:
            finest = float(np.sqrt(4 * np.pi / _MOST_CELLS))
            spacing = panorama.pitch_of((_from_scanner(block, scan) for block in scan.blocks()), finest)
            fine, coarse = _spheres(spacing)
            seen, nearest = panorama.empty_points(fine), panorama.empty_ranges(coarse)
        for block in scan.blocks():
            own.add(_moved_to(block.points, world_from_scan))
            colours.add(len(block), block.colors, block.intensity)
            if scan.scanner is not None:
                points = _from_scanner(block, scan)
                panorama.add_points(points, fine.width, fine.start, seen)
                panorama.add_ranges(points, coarse.width, coarse.start, nearest)
        if scan.scanner is not None:
            noise = mixed_pixels.noise(seen, fine.width, fine.start)
            np.save(seen_file, seen)
            np.save(nearest_file, nearest)
        keys, counts = own.table
        partial = facts.with_suffix(".partial.npz")
        np.savez(partial, keys=keys, counts=counts, spacing=spacing, noise=noise, shades=colours.counts)
        partial.replace(facts)
    with np.load(facts) as stored:
        census.merge(stored["keys"], stored["counts"])
        shades.merge(Shades(stored["shades"]))
        spacing, noise = float(stored["spacing"]), float(stored["noise"])
    scan_from_world = np.linalg.inv(world_from_scan)
    if scan.scanner is None:
        return Station(scan_from_world, spacing, noise)
    scan_from_world[:3, 3] -= scan.scanner
    return Station(scan_from_world, spacing, noise, _spheres(spacing)[1], np.load(nearest_file, mmap_mode="r"))


def _seen_file(folder: Path, number: int) -> Path:
    return folder / f"{number:05d}-seen.npy"


def _spheres(pitch: float) -> tuple[panorama.Sphere, panorama.Sphere]:
    """For what a scanner measured, ray by ray; and for what of it tells what moved."""
    return panorama.Sphere.of(pitch), panorama.Sphere.of(max(2 * pitch, _COARSE_PITCH))


def _from_scanner(block: ScanPoints, scan: Scan) -> Float32Array:
    """Points relative to the scanner, (N, 3)."""
    assert scan.scanner is not None
    return np.asarray(block.points - scan.scanner, np.float32)


def _sorted(
    placed: PlacedScans,
    stations: list[Station],
    shades: Shades,
    boxes: Partition,
    margin: float,
    buckets: PointBuckets,
    options: CleanOptions,
    progress: Progress,
    survey: Path,
) -> int:
    """Sort all points into the boxes' buckets; returns how many were mixed and dropped."""
    mixed, chunk = 0, 0
    for number, (scan, station) in enumerate(zip(placed.scans, stations, strict=True)):
        seen: Float32Array | None = None
        blocks = scan.blocks()
        while batch := list(islice(blocks, _CHUNK)):
            if not buckets.has(chunk):
                if seen is None and scan.scanner is not None and options.mixed:
                    seen = np.load(_seen_file(survey, number))
                parts, lost = [], 0
                for block in batch:
                    records, wrong = _records(
                        block, scan, number, placed.world_from_scan[number], station, seen, shades
                    )
                    lost += wrong
                    index, box, home = boxes.holders(records["xyz"], margin)
                    records = records[index]
                    records["home"] = home
                    parts.append((records, box))
                buckets.write(
                    chunk,
                    np.concatenate([records for records, _ in parts]),
                    np.concatenate([box for _, box in parts]),
                    len(boxes),
                    mixed=lost,
                )
            mixed += buckets.facts(chunk)["mixed"]
            chunk += 1
            progress.advance(sum(len(block) for block in batch))
    return mixed


def _records(
    block: ScanPoints,
    scan: Scan,
    number: int,
    world_from_scan: FloatArray,
    station: Station,
    seen: Float32Array | None,
    shades: Shades,
) -> tuple[NDArray[np.void], int]:
    """A block's points as they lie in the buckets, without mixed ones if `seen` is given; and how many these were."""
    records = np.zeros(len(block), _RECORD)
    records["xyz"] = _moved_to(block.points, world_from_scan)
    records["range"] = np.inf
    records["scan"] = number
    records["class"] = 0 if block.classes is None else block.classes
    if block.intensity is not None:
        records["intensity"] = block.intensity
    if block.colors is not None:
        records["rgb"] = block.colors
    elif block.intensity is not None:
        records["rgb"] = shades.grey(block.intensity)[:, None]
    else:
        records["rgb"] = PLAIN
    if scan.scanner is None:
        return records, 0
    points = _from_scanner(block, scan)
    records["range"] = np.linalg.norm(points, axis=1)
    if seen is None:
        return records, 0
    fine = _spheres(station.spacing)[0]
    wrong = mixed_pixels.mixed(points, seen, fine.width, fine.start, fine.pitch, station.noise)
    return records[~wrong], int(wrong.sum())


def _cleaned(
    box: int,
    buckets: PointBuckets,
    stations: list[Station],
    limits: Limits,
    middle: FloatArray,
    folder: Path,
) -> dict[str, int]:
    """Clean a box into `folder`, unless it is there; returns how many points were dropped, by reason."""
    file, facts = folder / f"{box:05d}.ply", folder / f"{box:05d}.json"
    if not facts.exists():
        records = buckets.read(box)
        points = np.ascontiguousarray(records["xyz"])
        made = clean(points, records["scan"], records["range"], records["home"], stations, limits, middle)
        chosen = records[made.chosen]
        with PlyWriter(file) as out:
            out.append(
                Ply(
                    np.ascontiguousarray(chosen["xyz"]),
                    made.normals,
                    chosen["rgb"],
                    np.zeros(len(chosen), np.uint8),
                    made.sigma,
                    chosen["intensity"],
                    chosen["class"],
                    made.num_scans,
                )
            )
        partial = facts.with_suffix(".partial")
        partial.write_text(json.dumps(made.dropped))
        partial.replace(facts)
    return {reason: int(count) for reason, count in json.loads(facts.read_text()).items()}


def _joined(folder: Path, path: Path) -> PointCloud:
    with PlyWriter(path) as out:
        for file in sorted(folder.glob("*.ply")):
            for ply in ply_blocks(file, PointCloud.AT_ONCE):
                out.append(ply)
    return PointCloud(path, out.count)


def _say(dropped: dict[str, int], num_read: int, placed: PlacedScans, progress: Progress) -> None:
    for reason, count in dropped.items():
        if count:
            progress.warn(Message(f"warning.scan_{reason}", count=count, share=count / num_read))
    unknown = [scan.name for scan in placed.scans if scan.scanner is None]
    if unknown:
        progress.warn(Message("warning.scanner_unknown", names=unknown))
