"""What is left out as background: what stands still while the object turns, and plain backdrops; and nothing else."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import open3d as o3d
import pycolmap
import synthetic
from numpy.typing import NDArray
from PIL import Image
from truth import Solved, rigid

from recon.geometry import background
from recon.geometry.visibility import Occluders
from recon.modelling.studio import Camera
from recon.progress import Silent
from recon.stages import background as stage
from recon.stages import features, matches, photos, sparse
from recon.types import Features

HEIGHT, WIDTH, RADIUS = 120, 160, 22


def pattern(seed: int, height: int = HEIGHT, width: int = WIDTH) -> NDArray[np.uint8]:
    coarse = np.random.default_rng(seed).integers(40, 215, (height // 6, width // 6, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def circling(count: int = 12) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A patterned disc that circles before a pattern, with noise, its own exposures and a shadow; and where it is."""
    random, room, disc = np.random.default_rng(3), pattern(1), pattern(2, HEIGHT * 2, WIDTH * 2)
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH]
    pictures, truth = [], []
    for number in range(count):
        turn = 2 * np.pi * number / count
        x, y = 80 + 18 * np.cos(turn), 60 + 18 * np.sin(turn)
        inside = (u - x) ** 2 + (v - y) ** 2 < RADIUS**2
        shadow = (u - x - 14) ** 2 + (v - y - 10) ** 2 < RADIUS**2
        shown = np.where(shadow[..., None], room * 0.7, room)
        moved = disc[60 + number * 5 : 60 + number * 5 + HEIGHT, 70 : 70 + WIDTH]
        shown = np.where(inside[..., None], moved, shown) * (1 + 0.06 * np.cos(number))
        pictures.append(np.clip(shown + random.normal(0, 1.5, shown.shape), 0, 255).astype(np.uint8))
        truth.append(inside)
    return np.stack(pictures), np.stack(truth)


def overlap(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return float((found & truth).sum() / (found | truth).sum())


def test_what_moves_is_told_from_what_stands_still() -> None:
    pictures, truth = circling()
    found = background.moving(pictures)
    assert found is not None
    assert min(overlap(f, t) for f, t in zip(found, truth, strict=True)) > 0.65  # a hard shadow leaves its edge
    assert (found & truth).sum() > 0.96 * truth.sum()
    still = np.repeat(pattern(1)[None], 8, axis=0)
    assert background.moving(still) is None


def test_a_plain_backdrop_is_left_out_and_a_patterned_one_is_not() -> None:
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH]
    truth = (u - 85) ** 2 + (v - 55) ** 2 < 35**2
    for darkest in (4, 190):
        falling = (darkest + 20 * u / WIDTH + 15 * v / HEIGHT)[..., None] + np.random.default_rng(5).normal(
            0, 1, (HEIGHT, WIDTH, 3)
        )
        picture = np.where(truth[..., None], pattern(4) // 2 + 60, falling).clip(0, 255).astype(np.uint8)
        found = background.plain(picture)
        assert found is not None
        assert overlap(found, truth) > 0.93
    assert background.plain(pattern(4)) is None


def test_features_that_stay_are_counted_by_place_and_look() -> None:
    random = np.random.default_rng(7)
    places = random.uniform(0, 1000, (50, 2)).astype(np.float32)
    looks = random.integers(0, 200, (50, 128)).astype(np.uint8) ** 2
    moved, other = places.copy(), looks.copy()
    moved[20:] += 5
    other[:10] = random.integers(0, 200, (10, 128)).astype(np.uint8) ** 2
    count = background.recurring(places, looks, [(moved, other), (places, looks)], reach_px=1)
    assert np.array_equal(count, [1] * 10 + [2] * 10 + [1] * 30)


def test_photos_of_a_camera_that_moves_stay_whole(solved: Solved, tmp_path: Path) -> None:
    found, told = Features(solved.work / "features" / "database.db", ()), Silent()
    front = stage.build(solved.taken, found, stage.BackgroundOptions(), scratch=tmp_path, progress=told)
    assert (front.photos, front.features, told.warnings) == (solved.taken, found, [])


def test_plain_backdrops_are_masked_if_asked_for_and_masks_of_ones_own_stay(tmp_path: Path) -> None:
    truth = np.zeros((240, 320), bool)
    truth[60:, 100:220] = True  # its foot reaches the rim
    (tmp_path / "set").mkdir()
    for number in range(4):
        shown = np.where(truth[..., None], pattern(number, 240, 320), 14)
        Image.fromarray(shown.astype(np.uint8)).save(tmp_path / "set" / f"{number}.png")
    own = np.zeros((240, 320), np.uint8)
    own[:, :160] = 255
    Image.fromarray(own).save(tmp_path / "set" / "0.mask.png")
    places = {name: tmp_path / name for name in ("taken", "features", "kept", "masked")}
    for place in places.values():
        place.mkdir()
    told = Silent()
    taken = photos.build(tmp_path / "set", photos.PhotosOptions(), scratch=places["taken"], progress=told)
    found = features.build(taken, features.FeaturesOptions(), scratch=places["features"], progress=told)
    whole = stage.build(taken, found, stage.BackgroundOptions(), scratch=places["kept"], progress=told)
    assert (whole.photos, whole.features) == (taken, found)
    front = stage.build(taken, found, stage.BackgroundOptions(plain=True), scratch=places["masked"], progress=told)
    assert front.photos.photos[0] == taken.photos[0]
    masks = [cv2.imread(str(p.mask), cv2.IMREAD_GRAYSCALE) > 0 for p in front.photos]
    assert np.array_equal(masks[0], own > 0)
    assert min(overlap(mask, truth) for mask in masks[1:]) > 0.95
    assert told.warnings[-1].startswith("3 of 4 photos have a plain background")
    with pycolmap.Database.open(front.features.database) as opened:
        for image in opened.read_all_images():
            x, y = opened.read_keypoints(image.image_id)[:, :2].astype(int).T
            assert masks[image.image_id - 1][y, x].all()
            assert len(x) == dict(front.features.num_keypoints)[f"{image.image_id - 1}.png"] > 50


def test_an_object_on_a_turntable_is_placed_by_itself_and_turned_over(tmp_path: Path) -> None:
    """Before a wall and floor full of features, in two rounds: without the masks, these would be the model."""
    truth = synthetic.turntable(tmp_path / "photos", num_photos=7, width=320, arc_deg=90)
    told = Silent()
    places = {name: tmp_path / name for name in ("taken", "features", "background", "matches", "sparse")}
    for place in places.values():
        place.mkdir()
    taken = photos.build(tmp_path / "photos", photos.PhotosOptions(), scratch=places["taken"], progress=told)
    found = features.build(taken, features.FeaturesOptions(), scratch=places["features"], progress=told)
    front = stage.build(taken, found, stage.BackgroundOptions(), scratch=places["background"], progress=told)
    assert [warning.split(":")[0] for warning in told.warnings] == [
        "14 of 14 photos are of an object that turns before a camera that stands"
    ]
    graph = matches.build(
        front.photos, front.features, matches.MatchesOptions(), scratch=places["matches"], progress=told
    )
    cameras = sparse.build(front.photos, graph, sparse.SparseOptions(), scratch=places["sparse"], progress=told)
    assert set(cameras.registered) == set(truth)

    relief = synthetic.brick_relief()
    for photo in front.photos:
        assert photo.mask is not None
        kept = cv2.imread(str(photo.mask), cv2.IMREAD_GRAYSCALE) > 0
        shown = _silhouette(relief.vertices, relief.faces, truth[photo.name])
        assert (kept & shown).sum() > 0.9 * shown.sum(), photo.name
        assert (kept & ~shown).sum() < 0.1 * (~shown).sum(), photo.name
    model = pycolmap.Reconstruction(cameras.folder)
    ours = np.array([i.projection_center() for i in sorted(model.images.values(), key=lambda i: i.name)])
    theirs = np.array([truth[name].centre for name in sorted(truth)])
    scale = np.linalg.norm(theirs - theirs.mean(0)) / np.linalg.norm(ours - ours.mean(0))
    move = rigid(ours * scale, theirs)
    off = np.linalg.norm(ours * scale @ move[:3, :3].T + move[:3, 3] - theirs, axis=1)
    assert off.max() < 0.02  # of 0.85 m away, with 360 px
    points = np.array([p.xyz for p in model.points3D.values()]) * scale @ move[:3, :3].T + move[:3, 3]
    distance = _scene(relief.vertices, relief.faces).compute_distance(o3d.core.Tensor(points.astype(np.float32)))
    assert np.mean(distance.numpy() < 0.015) > 0.97


def _scene(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> o3d.t.geometry.RaycastingScene:
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(vertices), o3d.core.Tensor(faces.astype(np.uint32)))
    return scene


def _silhouette(vertices: NDArray[np.float32], faces: NDArray[np.int32], camera: Camera) -> NDArray[np.bool_]:
    depth, _, _ = Occluders(vertices, faces).picture(camera.k, camera.cam_from_world, camera.width, camera.height)
    return depth > 0
