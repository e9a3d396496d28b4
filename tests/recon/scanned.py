"""The workshop that is made in code, scanned from known places: exact truth for all that is done with scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.formats.ply import Ply, PlyWriter
from recon.modelling import workshop
from recon.modelling.machine_tools import Piece
from recon.modelling.scanner import Measured, Scanner, ScanScene, scan
from recon.types import Frame, PlacedScans, Scan, ScanSet

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Scanned:
    """The truth, and what a scanner's owner would have of it: scans that do not know where they stood."""

    shop: workshop.Workshop
    scene: ScanScene
    measured: tuple[Measured, ...]
    world_from_scan: FloatArray  # (S, 4, 4) truth; the world's +Y is up, its floor y = 0
    scans: ScanSet

    @property
    def placed(self) -> PlacedScans:
        """As a perfect registration would hand them on."""
        frame = Frame("metre", "scans", "scanner")
        return PlacedScans(self.scans.scans, self.world_from_scan, frame)


def scanned(
    folder: Path,
    *,
    count: int = 4,
    step_deg: float = 0.92,
    seed: int = 0,
    scanner: Scanner | None = None,
    people: Sequence[Sequence[Piece]] = (),
) -> Scanned:
    """`count` stations, some 60,000 points each at 0.92 degrees; people[i] stand there while station i turns."""
    shop = workshop.build()
    scene = shop.scene()
    poses = workshop.stations(count, seed=seed)
    chosen = scanner or Scanner(step_deg=step_deg)
    measured = tuple(
        scan(shop.scene(*people[i]) if people and people[i] else scene, pose, chosen, seed=100 * seed + i)
        for i, pose in enumerate(poses)
    )
    scans = tuple(
        on_disk(folder / f"station{i + 1}.ply", m.points, m.colors, m.intensity) for i, m in enumerate(measured)
    )
    return Scanned(shop, scene, measured, np.array(poses), ScanSet(scans))


def on_disk(
    path: Path,
    points: NDArray[np.float32],
    colors: NDArray[np.uint8] | None = None,
    intensity: NDArray[np.float32] | None = None,
    *,
    scanner: FloatArray | None = None,
) -> Scan:
    """A scan in its own frame, as the stage that reads files leaves it."""
    with PlyWriter(path) as out:
        out.append(Ply(points, colors=colors, intensity=intensity))
    near = np.asarray(cKDTree(points).query(points[:: max(1, len(points) // 2000)], 2)[0])
    return Scan(
        name=path.name,
        path=path,
        count=len(points),
        low=points.min(0).astype(np.float64),
        high=points.max(0).astype(np.float64),
        spacing_m=float(np.median(near[:, 1])),
        file_from_scan=np.eye(4),
        posed=False,
        scanner=np.zeros(3) if scanner is None else scanner,
    )
