"""Views of scans: where the scanners stood, and the pictures that they took, as pinhole views for mesh and texture."""

from __future__ import annotations

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

VERSION = 1

_MOST_POINTS = 200_000  # that the pictures' exposure is compared at
_NEAR = 0.02  # share of the depth by which a point may lie behind what hides it


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
    views: list[View] = []
    for picture, world_from_scan in pictures:
        views += _views(picture, world_from_scan, folder, len(views), options, progress)
        progress.advance()
    known = [pose[:3, :3] @ scan.scanner + pose[:3, 3] for scan, pose in scans if scan.scanner is not None]
    sample = clean.cloud.sample(_MOST_POINTS)
    points = sample.points.astype(np.float64)
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


def _views(
    picture: ScanPicture,
    world_from_scan: FloatArray,
    folder: Path,
    number: int,
    options: ViewsOptions,
    progress: Progress,
) -> list[View]:
    pixels = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    if pixels is None:
        progress.warn(Message("warning.scan_picture_unreadable", name=picture.name))
        return []
    height, width = pixels.shape[:2]
    camera_from_world = np.asarray(np.linalg.inv(world_from_scan @ picture.scan_from_camera), np.float64)
    if picture.projection == "pinhole" and picture.k is not None:
        path = _written(pixels, folder / f"{number:05d}.png")
        return [View(picture.name, path, width, height, picture.k, camera_from_world[:3].copy())]
    if picture.projection != "spherical":
        progress.warn(Message("warning.scan_picture_projection", name=picture.name, projection=picture.projection))
        return []
    side = options.face_px or cube_map.face_side(width)
    found = []
    for face, rotation in enumerate(cube_map.FACE_FROM_CAMERA):
        path = _written(cube_map.face(pixels, rotation, side), folder / f"{number + face:05d}.png")
        pose = np.asarray(rotation @ camera_from_world[:3], np.float64)
        found.append(View(f"{picture.name}#{face + 1}", path, side, side, cube_map.face_k(side), pose))
    return found


def _written(pixels: ByteArray, path: Path) -> Path:
    cv2.imwrite(str(path), pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return path


def _seen(view: View, points: FloatArray) -> IntArray:
    """Indices of the points that nothing hides from the view: those that are nearest in a coarse picture's pixels."""
    px, depth = project(view, points)
    inside = np.flatnonzero((depth > 0) & (px > 0).all(axis=1) & (px < (view.width, view.height)).all(axis=1))
    column, row = (px[inside] / (max(view.width, view.height) / 256)).astype(np.int64).T
    nearest = np.full((257, 257), np.inf)
    np.minimum.at(nearest, (row, column), depth[inside])
    shown = inside[depth[inside] <= (1 + _NEAR) * nearest[row, column]]
    return np.asarray(shown, np.int32)
