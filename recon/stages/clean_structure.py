"""What stands in a cleaned cloud: planes and cylinders are looked for in a sample of its boxes, listed for people, and
become the classes of all points. The second half of recon.stages.clean.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon.formats.ply import PlyWriter, ply_blocks, ply_count
from recon.geometry.clouds import Cells
from recon.geometry.scan_voxels import keys as voxel_keys
from recon.geometry.structure import Labels, Structure, Wanted, understand
from recon.types import CleanCloud, Cylinder, Float32Array, Plane, PointCloud, Points

_FINEST_SAMPLE = 0.01  # metres between the points that planes and cylinders are looked for in


def understood(boxes: Path, wanted: Wanted, most: int, spacing: float) -> tuple[Structure, Labels]:
    """What stands in the clouds of a folder, and what tells which of it any point is of.

    most: points that it is looked for in; spacing: metres between the clouds' points.
    """
    sample = _sample(boxes, most, spacing)
    found = understand(sample.points, sample.normals, sample.sigma, sample.spacing, wanted)
    return found, Labels(found, sample.points, sample.spacing)


def clouds(folder: Path) -> list[PointCloud]:
    files = sorted(folder.glob("*.ply"))
    return [PointCloud(file, ply_count(file)) for file in files]


@dataclass(frozen=True, slots=True)
class _Sample:
    """Some points of the clean cloud, evenly spread."""

    points: Float32Array  # (N, 3)
    normals: Float32Array  # (N, 3)
    sigma: Float32Array  # (N,)
    spacing: float


def _sample(folder: Path, most: int, spacing: float) -> _Sample:
    """At most about `most` points, one a voxel; in memory at once: these, and a block."""
    cell = max(spacing, _FINEST_SAMPLE)
    while True:
        cells, parts = Cells(), list[Points]()
        for cloud in clouds(folder):
            for block in cloud.blocks():
                _, first = cells.number(voxel_keys(block.points, cell))
                parts.append(block.only(first))
            if cells.count > most:
                break
        if cells.count <= most:
            points, normals, sigma = (
                np.concatenate([getattr(part, name) for part in parts]) for name in ("points", "normals", "sigma")
            )
            return _Sample(points, normals, sigma, cell)
        cell *= 1.25


def codes(found: Structure) -> NDArray[np.uint8]:
    """The class of each label; the last two are those of the labels below 0."""
    of_kind = {"floor": CleanCloud.GROUND, "ceiling": CleanCloud.CEILING, "wall": CleanCloud.WALL}
    made = [of_kind.get(kind, CleanCloud.PLANE) for kind, _, _ in found.flat]
    made += [CleanCloud.CYLINDER] * len(found.round)
    return np.array([*made, CleanCloud.GROUND, CleanCloud.UNCLASSIFIED], np.uint8)  # TERRAIN -2, NOTHING -1


def classify(file: Path, made: Path, labels: Labels, codes: NDArray[np.uint8]) -> None:
    """A box's points with their classes, unless they are there; what the scans' own files say of them stays."""
    if made.exists():
        return
    with PlyWriter(made) as out:
        for ply in ply_blocks(file, PointCloud.AT_ONCE):
            assert ply.classes is not None
            told = ply.classes > CleanCloud.UNCLASSIFIED  # 0 and 1: nobody classified it
            out.append(replace(ply, classes=np.where(told, ply.classes, codes[labels.of(ply.points)])))


def planes(found: Structure) -> tuple[Plane, ...]:
    return tuple(
        Plane(
            kind=kind,
            normal=piece.normal,
            centre=around.centre,
            along=around.along,
            length_m=around.length,
            width_m=around.width,
            area_m2=around.area,
            residual_m=piece.residual,
            num_points=len(piece.members),
        )
        for kind, piece, around in found.flat
    )


def cylinders(found: Structure) -> tuple[Cylinder, ...]:
    return tuple(
        Cylinder(
            start=piece.centre + piece.low * piece.axis,
            end=piece.centre + piece.high * piece.axis,
            radius_m=piece.radius,
            hollow=piece.hollow,
            coverage=piece.coverage,
            residual_m=piece.residual,
            num_points=len(piece.members),
        )
        for piece in found.round
    )


def document(made: CleanCloud) -> dict[str, Any]:
    """structure.json: what stands there, for people and their programs. Metres, world frame (+Y up)."""
    return {
        "unit": "metre",
        "points": len(made.cloud),
        "points_read": made.num_read,
        "spacing_m": _rounded(made.spacing_m),
        "dropped": [{"reason": reason, "points": count} for reason, count in made.dropped],
        "planes": [{f.name: _rounded(getattr(plane, f.name)) for f in fields(Plane)} for plane in made.planes],
        "cylinders": [
            {"length_m": _rounded(round_one.length_m)}
            | {f.name: _rounded(getattr(round_one, f.name)) for f in fields(Cylinder)}
            for round_one in made.cylinders
        ],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [round(float(v), 6) for v in value]
    return round(value, 6) if isinstance(value, float) else value
