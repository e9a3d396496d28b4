"""Pictures that scanners took: they look where the points' colours say, whatever their file says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from scanned import Scanned
from scipy.spatial import cKDTree

from recon.geometry import cube_map
from recon.geometry.visibility import project
from recon.messages import Message
from recon.modelling.scanner import Measured
from recon.progress import Silent
from recon.stages import clean, views
from recon.types import CleanCloud, PlacedScans, ScanPicture, View

SCAN_FROM_CAMERA = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]])  # looks along the scan's +X
BEHIND = np.diag([-1.0, 1.0, -1.0, 1.0])
WIDTH = 768


class Heard(Silent):
    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def warn(self, message: Message) -> None:
        self.keys.append(message.key)


def panorama(measured: Measured) -> NDArray[np.uint8]:
    """What the scanner saw, (WIDTH / 2, WIDTH, 3) BGR: in each direction the colour of the nearest ray."""
    row, column = np.mgrid[: WIDTH // 2, :WIDTH] + 0.5
    azimuth, down = (column / WIDTH - 0.5) * 2 * np.pi, (row / WIDTH - 0.25) * 2 * np.pi
    ways = np.stack([np.sin(azimuth) * np.cos(down), np.sin(down), np.cos(azimuth) * np.cos(down)], -1)
    rays = measured.points @ SCAN_FROM_CAMERA[:3, :3]
    nearest = cKDTree(rays / np.linalg.norm(rays, axis=1, keepdims=True)).query(ways.reshape(-1, 3))[1]
    return np.ascontiguousarray(measured.colors[nearest].reshape(WIDTH // 2, WIDTH, 3)[..., ::-1])


@pytest.fixture(scope="module")
def cleaned(workshop: Scanned, tmp_path_factory: pytest.TempPathFactory) -> tuple[PlacedScans, CleanCloud]:
    scans = (replace(workshop.placed.scans[0], scanner=np.zeros(3)),)
    placed = replace(workshop.placed, scans=scans, world_from_scan=workshop.world_from_scan[:1])
    scratch = tmp_path_factory.mktemp("clean")
    return placed, clean.build(placed, clean.CleanOptions(), scratch=scratch, progress=Silent())


@pytest.fixture(scope="module")
def pictures(workshop: Scanned, tmp_path_factory: pytest.TempPathFactory) -> tuple[ScanPicture, ScanPicture]:
    """A panorama of the first station, and a pinhole picture that looks along the scan's +X."""
    folder = tmp_path_factory.mktemp("pictures")
    whole, side = panorama(workshop.measured[0]), 300
    cv2.imwrite(str(folder / "panorama.png"), whole)
    cv2.imwrite(str(folder / "pinhole.png"), cube_map.face(whole, np.eye(3), side))
    wide = ScanPicture("p", folder / "panorama.png", WIDTH, WIDTH // 2, "spherical", None, SCAN_FROM_CAMERA)
    narrow = ScanPicture("p", folder / "pinhole.png", side, side, "pinhole", cube_map.face_k(side), SCAN_FROM_CAMERA)
    return wide, narrow


def seen(cleaned: tuple[PlacedScans, CleanCloud], picture: ScanPicture, folder: Path) -> tuple[list[View], list[str]]:
    """The views of the first station with this picture, and what was warned of."""
    placed, cloud = cleaned
    placed = replace(placed, scans=(replace(placed.scans[0], pictures=(picture,)),))
    heard = Heard()
    folder.mkdir(exist_ok=True)
    made = views.build(placed, cloud, views.ViewsOptions(), scratch=folder, progress=heard)
    return list(made.views), heard.keys


@pytest.mark.parametrize("which", [0, 1])
def test_a_picture_shows_each_point_in_its_colour(
    cleaned: tuple[PlacedScans, CleanCloud], pictures: tuple[ScanPicture, ScanPicture], tmp_path: Path, which: int
) -> None:
    found, warned = seen(cleaned, pictures[which], tmp_path)
    assert (len(found), warned) == ((6, 1)[which], [])
    sample = cleaned[1].cloud.sample(20_000)
    points = sample.points.astype(np.float64)
    shown = 0
    for view in found:
        px, depth = project(view, points)
        inside = (depth > 0) & (px > 1).all(axis=1) & (px < (view.width - 1, view.height - 1)).all(axis=1)
        column, row = px[inside].astype(int).T
        off = np.abs(cv2.imread(str(view.path))[row, column, ::-1].astype(int) - sample.colors[inside]).max(axis=1)
        assert np.median(off) <= 8
        shown += int(inside.sum())
    assert shown > (0.9, 0.1)[which] * len(points)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("turn", [BEHIND, np.diag([1.0, -1.0, -1.0, 1.0])])
def test_a_wrong_direction_is_noticed_and_mended(
    cleaned: tuple[PlacedScans, CleanCloud],
    pictures: tuple[ScanPicture, ScanPicture],
    tmp_path: Path,
    which: int,
    turn: NDArray[np.float64],
) -> None:
    picture = pictures[which]
    right, _ = seen(cleaned, picture, tmp_path / "right")
    found, warned = seen(cleaned, replace(picture, scan_from_camera=SCAN_FROM_CAMERA @ turn), tmp_path / "wrong")
    if which == 0 and turn is not BEHIND:  # no program writes a panorama upside down
        assert (found, warned) == ([], ["warning.scan_picture_elsewhere"])
        return
    assert warned == ["warning.scan_picture_turned"]
    for one, other in zip(found, right, strict=True):
        np.testing.assert_allclose(one.cam_from_world, other.cam_from_world, atol=1e-12)


def test_a_picture_of_another_place_is_left_out(
    cleaned: tuple[PlacedScans, CleanCloud],
    pictures: tuple[ScanPicture, ScanPicture],
    workshop: Scanned,
    tmp_path: Path,
) -> None:
    cv2.imwrite(str(tmp_path / "other.png"), panorama(workshop.measured[2])[:, ::-1])
    found, warned = seen(cleaned, replace(pictures[0], path=tmp_path / "other.png"), tmp_path)
    assert (found, warned) == ([], ["warning.scan_picture_elsewhere"])
