"""COLMAP's dense workspace: written for its patch match on an NVIDIA GPU, whose maps are read back.

    folder/images/00000.jpg ...        undistorted pictures
    folder/sparse/                     their pinhole cameras, and points with what sees them
    folder/stereo/patch-match.cfg      which pictures each is matched with
    folder/stereo/{depth,normal}_maps/00000.jpg.{photometric,geometric}.bin

Source: COLMAP 4.2, src/colmap/mvs/workspace.cc and patch_match.cc.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def write_workspace(
    folder: Path,
    pictures: Sequence[Path],
    sizes: Sequence[tuple[int, int]],
    intrinsics: Sequence[NDArray[np.float64]],
    cam_from_world: Sequence[NDArray[np.float64]],
    points: NDArray[np.float64],
    observations: Sequence[NDArray[np.int32]],
) -> None:
    """V pictures with (width, height) in px, intrinsics (3, 3), cam_from_world (3, 4); points (N, 3) and, per picture,
    which it sees. The pictures are linked to, not copied.
    """
    for part in ("images", "sparse", "stereo/depth_maps", "stereo/normal_maps", "stereo/consistency_graphs"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    import pycolmap  # here, so that who reads a picture does not load COLMAP

    model = pycolmap.Reconstruction()
    tracks = [pycolmap.Track() for _ in points]
    for index, (picture, (width, height), k, pose, seen) in enumerate(
        zip(pictures, sizes, intrinsics, cam_from_world, observations, strict=True)
    ):
        link = folder / "images" / picture_name(index)
        if not link.is_symlink():
            link.symlink_to(picture.resolve())
        camera = pycolmap.Camera(
            model="PINHOLE",
            width=width,
            height=height,
            params=[k[0, 0], k[1, 1], k[0, 2], k[1, 2]],
            camera_id=index + 1,
        )
        model.add_camera_with_trivial_rig(camera)
        projected = (points[seen] @ pose[:, :3].T + pose[:, 3]) @ k.T
        image = pycolmap.Image(
            name=picture_name(index),
            keypoints=projected[:, :2] / projected[:, 2:],
            camera_id=index + 1,
            image_id=index + 1,
        )
        placed = pycolmap.Rigid3d(pycolmap.Rotation3d(pose[:, :3]), pose[:, 3])
        model.add_image_with_trivial_frame(image, placed)
        for number, point in enumerate(seen):
            tracks[point].add_element(index + 1, number)
    for point, track in zip(points, tracks, strict=True):
        if track.length() >= 2:
            model.add_point3D(point, track, np.zeros(3, np.uint8))
    model.write(folder / "sparse")


def choose_pictures(folder: Path, reference: int, others: Sequence[int]) -> None:
    """Say that the next run is to match picture `reference` with `others`, and nothing else."""
    names = ", ".join(picture_name(j) for j in others)
    (folder / "stereo" / "patch-match.cfg").write_text(f"{picture_name(reference)}\n{names}\n", encoding="utf-8")


def read_maps(folder: Path, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Depth (H, W) along +Z, 0 where unknown, and normals (H, W, 3) in the camera's frame, towards it."""
    name = f"{picture_name(index)}.geometric.bin"
    import pycolmap

    depth, normal = pycolmap.DepthMap(), pycolmap.NormalMap()
    depth.read(folder / "stereo" / "depth_maps" / name)
    normal.read(folder / "stereo" / "normal_maps" / name)
    return np.asarray(depth.to_array(), np.float32), np.asarray(normal.to_array(), np.float32)


def picture_name(index: int) -> str:
    """What picture number `index` is called in the workspace."""
    return f"{index:05d}.jpg"
