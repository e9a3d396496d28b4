"""A bay of a workshop as a simulated scanner measured it: a cloud in tiles, and drawings at a scale made of it.

Frame of the bay: +Y up, metres, its floor at y = 0, x along the overhead shaft, the wall with the lathes at -z.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recon.draw import draw
from recon.drawing.projection import plan, section
from recon.formats.bundle import asset_document, file_entry, write_asset
from recon.formats.point_levels import write_levels
from recon.formats.points import Cloud
from recon.formats.tile_archive import MIME
from recon.geometry.scan_voxels import best_points
from recon.modelling import workshop
from recon.modelling.bundle import Title, origin
from recon.modelling.media import write_picture
from recon.modelling.scanner import Scanner, ScanScene, scan, station
from recon.progress import Silent
from recon.stages import tiles
from recon.survey import Survey
from recon.types import ScanPoints

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]

MIDDLE = -1.25  # of the bay, along the workshop
SIZE = (8.3, 4.97, 10.52)  # m: along the shaft, up to below the ceiling, across with the depth of the windows
STATIONS = ((-1.6, -0.4), (-3.1, 2.7), (2.3, 3.6), (1.6, -4.0), (-5.6, -1.2))  # x, z in the workshop
SCANNER = Scanner(step_deg=0.25, range_noise_m=0.002, highest_deg=80.0)
SPACING = 0.008  # m
SHADE = 3  # rays a point that darken corners
DRAWN_SPACING = 0.015  # m, of the points that drawings are made of: wide enough to close what was scanned from afar
DPI = 140

TITLE = Title("扫描的车间一跨", "A scanned bay of a workshop")
SCANNED = Title(
    "由程序模拟的扫描仪对一座用代码建模的车间扫描而成，不是真实的地方，也不是真实的测量；误差、遮挡与杂点按真实扫描仪模拟。",
    "Scanned by a scanner that is simulated in code, in a workshop that is modelled in code. It is neither a real "
    "place nor a real survey; noise, shadows and stray points are simulated after those of real scanners.",
)
DRAWN = Title(
    "由模拟扫描的点云按比例绘制；车间是用代码建模的，不是真实的地方。",
    "Drawn to scale from the points of the simulated scan; the workshop is modelled in code, not a real place.",
)
PLAN = Title("车间一跨平面图", "Plan of the bay")
SECTION = Title("车间一跨纵剖面", "Section along the bay")


@dataclass(frozen=True, slots=True)
class Bay:
    """The points of all stations, the best one of each 8 mm, in the frame of the bay."""

    points: Float32Array  # (N, 3)
    colors: ByteArray  # (N, 3) RGB
    stations: FloatArray  # (S, 3)

    @property
    def low(self) -> FloatArray:
        return np.asarray(self.points.min(0), np.float64)

    @property
    def high(self) -> FloatArray:
        return np.asarray(self.points.max(0), np.float64)

    def __len__(self) -> int:
        return len(self.points)

    def blocks(self) -> Iterator[ScanPoints]:
        yield ScanPoints(self.points, self.colors)


def scan_bay(scene: ScanScene | None = None) -> Bay:
    """Scan the workshop from all stations and keep what lies in the bay; the boards of the ceiling are left out."""
    scene = scene or workshop.build().scene()
    shift = np.array([-MIDDLE, 0.0, 0.0])
    half = np.array([SIZE[0] / 2, SIZE[1], SIZE[2] / 2])
    points, colors, ranges, owner, stood = [], [], [], [], []
    for number, (x, z) in enumerate(STATIONS):
        pose = station(x, z, heading_deg=67.0 * number)
        measured = scan(scene, pose, SCANNER, seed=number, occlusion_rays=SHADE)
        placed = measured.points @ pose[:3, :3].T + pose[:3, 3] + shift
        inside = (np.abs(placed) < half).all(1)
        points.append(placed[inside].astype(np.float32))
        colors.append(measured.colors[inside])
        ranges.append(np.linalg.norm(measured.points[inside], axis=1).astype(np.float32))
        owner.append(np.full(int(inside.sum()), number, np.uint16))
        stood.append(pose[:3, 3] + shift)
    together = np.concatenate(points)
    best = best_points(together, np.concatenate(owner), np.concatenate(ranges), SPACING)[0]
    return Bay(together[best], np.concatenate(colors)[best], np.array(stood))


def write_scanned_bay(out: Path) -> None:
    """Write the bundles out/bay-plan, out/bay-section and out/scanned-bay, this last."""
    bay = scan_bay()
    _write_drawings(bay, out)
    _write_cloud(bay, out / "scanned-bay")


def _write_cloud(bay: Bay, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    made = tiles.build(bay, tiles.TilesOptions(), scratch=folder, progress=Silent(), extras={"unit": "metre"})
    files = write_levels(folder, Cloud(bay.points, bay.colors))
    files["tiles"] = {"archive": file_entry(folder, made.path.name, mime=MIME, points=made.num_points)}
    width, height, depth = SIZE
    bounds = ((-width / 2, 0, -depth / 2), (width / 2, height, depth / 2))
    described = asset_document(
        "cloud",
        {"zh": TITLE.zh, "en": TITLE.en},
        files,
        origin("simulated-scan", SCANNED),
        unit="metre",
        bounds=bounds,
    )
    write_asset(folder, described)


def _write_drawings(bay: Bay, out: Path) -> None:
    """What `recon draw` makes of a scan, as pictures to hang."""
    alike = np.zeros(len(bay))
    even = best_points(bay.points, alike.astype(np.uint16), alike.astype(np.float32), DRAWN_SPACING)[0]
    survey = Survey(
        f"{TITLE.zh} {TITLE.en}",
        "metre",
        bay.points[even],
        colors=bay.colors[even],
        stations=bay.stations,
        method="simulated-scan",
        north=np.array([0.0, 0.0, -1.0]),
    )
    chosen = [plan(survey, 1.2, 0.0), section("z=0.6")]
    titles = {"bay-plan": PLAN, "bay-section": SECTION}
    with tempfile.TemporaryDirectory() as folder:
        made = draw(survey, chosen, Path(folder), scale=50, formats=("png",), dpi=DPI, north=survey.north)
        for drawn, (name, title) in zip(made, titles.items(), strict=True):
            with Image.open(drawn.files[0]) as picture:
                write_picture(out / name, np.asarray(picture.convert("RGB")), title, DRAWN)
