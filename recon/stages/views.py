"""Views of scans: where the scanners stood, and the pictures that they took, as pinhole views for mesh and texture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from recon.errors import check_range
from recon.geometry import cube_map
from recon.geometry.visibility import project
from recon.messages import Message
from recon.progress import Progress
from recon.types import (
    ByteArray,
    CleanCloud,
    FloatArray,
    IntArray,
    PlacedScans,
    ScanPicture,
    SparseModel,
    Surveyed,
    View,
)

VERSION = 2

_MOST_POINTS = 200_000  # that the pictures' exposure is compared at
_NEAR = 0.02  # share of the depth by which a point may lie behind what hides it

# Programs that write files do not agree which way a camera looks; the points' own colours tell.
_NOT_CONTRADICTED = 0.45  # correlation of brightness; another place in the same room has up to 0.38
_AGREES = 0.6
_FEWEST_SHOWN = 300  # points
_PLAIN = 3.0  # of three colours of 255: what has less contrast tells nothing
_PINHOLE_TURNS: tuple[FloatArray, ...] = (
    np.eye(3),
    np.diag([1.0, -1.0, -1.0]),
    np.diag([-1.0, -1.0, 1.0]),
    np.diag([-1.0, 1.0, -1.0]),
)
_PANORAMA_TURNS: tuple[FloatArray, ...] = tuple(
    np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float64) for c, s in ((1, 0), (-1, 0), (0, 1), (0, -1))
)


@dataclass(frozen=True, kw_only=True)
class ViewsOptions:
    pictures: bool = True  # paint with the pictures that scanners took; false: with the points' colours
    face_px: int = 0  # side of the six faces that a panorama is cut into; 0: as fine as the panorama

    def __post_init__(self) -> None:
        check_range("views.face_px", self.face_px, 0, 16384)


def build(
    placed: PlacedScans, clean: CleanCloud, options: ViewsOptions, *, scratch: Path, progress: Progress
) -> SparseModel:
    """The scanners' places and pictures in the world frame; pictures are written to scratch/views."""
    scans = list(zip(placed.scans, placed.world_from_scan, strict=True))
    pictures = [(p, pose) for scan, pose in scans for p in scan.pictures if options.pictures]
    progress.start(len(pictures) + 1, "picture")
    folder = scratch / "views"
    folder.mkdir(exist_ok=True)
    sample = clean.cloud.sample(_MOST_POINTS)
    points = sample.points.astype(np.float64)
    colored = (points, sample.colors) if clean.colored_by == "color" else None
    views: list[View] = []
    for picture, world_from_scan in pictures:
        views += _views(picture, world_from_scan, folder, len(views), colored, options, progress)
        progress.advance()
    known = [pose[:3, :3] @ scan.scanner + pose[:3, 3] for scan, pose in scans if scan.scanner is not None]
    errors = [pair.rmse_m for pair in placed.pairs if pair.used]
    progress.advance()
    return SparseModel(
        folder=None,
        views=tuple(views),
        points=points,
        point_colors=sample.colors,
        point_errors_px=np.zeros(len(points)),
        observations=tuple(_seen(view, points) for view in views),
        frame=placed.frame,
        reprojection_px=0.0,
        registered=(),
        surveyed=Surveyed(
            scans=tuple(scan.name for scan in placed.scans),
            left_out=placed.left_out,
            scanners=np.array(known, np.float64).reshape(-1, 3),
            cloud=clean.cloud,
            colored_by=clean.colored_by,
            rmse_m=float(np.median(errors)) if errors else None,
        ),
    )


@dataclass(frozen=True)
class _Cut:
    """A pinhole picture, or a part of a panorama that became one."""

    name: str
    pixels: ByteArray
    k: FloatArray
    part_from_camera: FloatArray  # (3, 3)

    def view(self, path: Path, camera_from_world: FloatArray) -> View:
        height, width = self.pixels.shape[:2]
        pose = np.asarray(self.part_from_camera @ camera_from_world[:3], np.float64)
        return View(self.name, path, width, height, self.k, pose)


def _views(
    picture: ScanPicture,
    world_from_scan: FloatArray,
    folder: Path,
    number: int,
    colored: tuple[FloatArray, ByteArray] | None,
    options: ViewsOptions,
    progress: Progress,
) -> list[View]:
    """The views of one picture, written to `folder` from `number` on; none, and a warning, where it is of no use.

    colored: points (N, 3) world and their colours, which tell whether the picture looks where its file says.
    """
    pixels = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    if pixels is None:
        progress.warn(Message("warning.scan_picture_unreadable", name=picture.name))
        return []
    if picture.projection == "pinhole" and picture.k is not None:
        cuts, turns = [_Cut(picture.name, pixels, picture.k, np.eye(3))], _PINHOLE_TURNS
    elif picture.projection == "spherical":
        side = options.face_px or cube_map.face_side(pixels.shape[1])
        cuts = [
            _Cut(f"{picture.name}#{face + 1}", cube_map.face(pixels, rotation, side), cube_map.face_k(side), rotation)
            for face, rotation in enumerate(cube_map.FACE_FROM_CAMERA)
        ]
        turns = _PANORAMA_TURNS
    else:
        progress.warn(Message("warning.scan_picture_projection", name=picture.name, projection=picture.projection))
        return []
    camera_from_world = np.asarray(np.linalg.inv(world_from_scan @ picture.scan_from_camera)[:3], np.float64)
    turn = turns[0]
    if colored is not None:
        found = _turn(cuts, camera_from_world, turns, *colored)
        if found is None:
            progress.warn(Message("warning.scan_picture_elsewhere", name=picture.name))
            return []
        if found is not turn:
            progress.warn(Message("warning.scan_picture_turned", name=picture.name))
        turn = found
    views = []
    for at, cut in enumerate(cuts, number):
        path = folder / f"{at:05d}.png"
        cv2.imwrite(str(path), cut.pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        views.append(cut.view(path, turn @ camera_from_world))
    return views


def _turn(
    cuts: Sequence[_Cut],
    camera_from_world: FloatArray,
    turns: Sequence[FloatArray],
    points: FloatArray,
    colors: ByteArray,
) -> FloatArray | None:
    """The one of `turns`, as files are written, with which the picture has the points' colours; None: with none.

    The first, which the format's standard says, needs only not to be contradicted.
    """
    best, found = _AGREES, None
    for turn in turns:
        agrees = _agreement(cuts, turn @ camera_from_world, points, colors)
        if turn is turns[0] and (agrees is None or agrees >= _NOT_CONTRADICTED):
            return turn
        if agrees is not None and agrees > best:
            best, found = agrees, turn
    return found


def _agreement(
    cuts: Sequence[_Cut], camera_from_world: FloatArray, points: FloatArray, colors: ByteArray
) -> float | None:
    """Correlation of the points' brightness with the picture's where it shows them; None where too few are shown."""
    shades = []
    for cut in cuts:
        view = cut.view(Path(), camera_from_world)
        shown = _seen(view, points)
        column, row = project(view, points[shown])[0].astype(np.int64).T
        shades.append(np.stack([cut.pixels[row, column].sum(axis=-1), colors[shown].sum(axis=-1)]))
    picture, cloud = np.concatenate(shades, axis=1).astype(np.float64)
    if len(cloud) < _FEWEST_SHOWN or min(picture.std(), cloud.std()) < _PLAIN:
        return None
    return float(np.corrcoef(picture, cloud)[0, 1])


def _seen(view: View, points: FloatArray) -> IntArray:
    """Indices of the points that nothing hides from the view: those that are nearest in a coarse picture's pixels."""
    px, depth = project(view, points)
    inside = np.flatnonzero((depth > 0) & (px > 0).all(axis=1) & (px < (view.width, view.height)).all(axis=1))
    column, row = (px[inside] / (max(view.width, view.height) / 256)).astype(np.int64).T
    nearest = np.full((257, 257), np.inf)
    np.minimum.at(nearest, (row, column), depth[inside])
    shown = inside[depth[inside] <= (1 + _NEAR) * nearest[row, column]]
    return np.asarray(shown, np.int32)
