"""COLMAP reads the workspace that we write, and we read the maps that it writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pycolmap

from recon.formats import colmap_stereo

K = np.array([[500.0, 0, 320], [0, 500, 240], [0, 0, 1]])


def test_colmap_reads_our_workspace(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    points = rng.uniform([-1, -1, 4], [1, 1, 6], (40, 3))
    poses = [np.hstack([np.eye(3), np.array([[0.3 * i], [0], [0]])]) for i in range(3)]
    seen = [np.arange(0, 30, dtype=np.int32), np.arange(10, 40, dtype=np.int32), np.arange(39, 40, dtype=np.int32)]
    pictures = [tmp_path / f"view {i}.jpg" for i in range(3)]
    for picture in pictures:
        picture.write_bytes(b"a picture")
    folder = tmp_path / "workspace"
    colmap_stereo.write_workspace(folder, pictures, [(640, 480)] * 3, [K] * 3, poses, points, seen)
    model = pycolmap.Reconstruction(folder / "sparse")
    assert [model.images[i].name for i in (1, 2, 3)] == [colmap_stereo.picture_name(i) for i in range(3)]
    for number, pose in enumerate(poses, 1):
        assert np.allclose(model.images[number].cam_from_world().matrix(), pose)
        assert np.allclose(model.cameras[number].calibration_matrix(), K)
        assert (folder / "images" / model.images[number].name).read_bytes() == b"a picture"
    # The points that two see, each with a track of those two; where they lie is where they are seen.
    assert len(model.points3D) == 21
    for point in model.points3D.values():
        for element in point.track.elements:
            image = model.images[element.image_id]
            assert np.allclose(image.project_point(point.xyz), image.points2D[element.point2D_idx].xy)
    colmap_stereo.choose_pictures(folder, 1, [2, 0])
    assert (folder / "stereo" / "patch-match.cfg").read_text() == "00001.jpg\n00002.jpg, 00000.jpg\n"


def test_we_read_colmaps_maps(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    depth = rng.uniform(1, 2, (6, 9)).astype(np.float32)
    normal = rng.normal(size=(6, 9, 3)).astype(np.float32)
    for kind in ("depth_maps", "normal_maps"):
        (tmp_path / "stereo" / kind).mkdir(parents=True)
    pycolmap.DepthMap.from_array(depth, 1.0, 2.0).write(tmp_path / "stereo" / "depth_maps" / "00004.jpg.geometric.bin")
    pycolmap.NormalMap.from_array(normal).write(tmp_path / "stereo" / "normal_maps" / "00004.jpg.geometric.bin")
    read = colmap_stereo.read_maps(tmp_path, 4)
    assert np.array_equal(read[0], depth)
    assert np.array_equal(read[1], normal)
