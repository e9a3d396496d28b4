"""Cameras against the rendered truth, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pycolmap
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from truth import Photographed, Solved

from recon.errors import BadOptions, NoReconstruction
from recon.messages import Message
from recon.progress import Silent
from recon.stages import align, features, matches, photos, sparse
from recon.types import Cameras, PhotoSet, Targets

FIRST = "龙窑 正面 photo-001.jpg"


def test_every_photo_is_placed_to_a_thousandth_of_its_distance(solved: Solved) -> None:
    """The cameras stand 0.8 m away: 0.8 mm at most, and half of that in the mean, with no lens given."""
    truth = solved.photographed.truth
    assert set(solved.cameras.registered) == set(truth.cameras)
    rotation, translation = solved.world_from_truth[:3, :3], solved.world_from_truth[:3, 3]
    errors = []
    for view in solved.sparse.views:
        expected = rotation @ truth.cameras[view.name].centre + translation
        errors.append(np.linalg.norm(view.centre - expected))
        turn = view.cam_from_world[:, :3] @ rotation @ truth.cameras[view.name].cam_from_world[:, :3].T
        # Two pixels: with ten photos, turning trades with the principal point.
        assert np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1))) < 0.2
    assert max(errors) < 8e-4
    assert np.mean(errors) < 4e-4
    assert solved.sparse.reprojection_px < 0.3


def test_it_stands_upright_on_its_table_in_metres(solved: Solved) -> None:
    """The truth's frame has +Y up and the table at y = 0: ours must differ by a turn about Y only."""
    assert solved.sparse.frame.unit == "metre"
    assert solved.sparse.frame.up_source == "ground"
    up = solved.world_from_truth[:3, :3] @ [0, 1, 0]
    assert np.degrees(np.arccos(up[1])) < 0.2
    assert abs(solved.world_from_truth[1, 3]) < 1e-3


def test_the_photographers_side_is_the_front(solved: Solved) -> None:
    mean = np.mean([v.centre for v in solved.sparse.views], axis=0)
    assert mean[2] > abs(mean[0])


def test_up_without_a_table() -> None:
    """Level cameras looking down by 0 to 60 degrees, up found to a hundredth of a degree."""
    rng = np.random.default_rng(3)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    up = turn @ [0, 1, 0]
    rotations = []
    for angle, tilt in zip(np.linspace(0, 5, 12), np.radians(rng.uniform(0, 60, 12)), strict=True):
        forward = np.array([np.cos(angle) * np.cos(tilt), -np.sin(tilt), np.sin(angle) * np.cos(tilt)])
        right = np.cross(forward, [0, 1, 0]) / np.linalg.norm(np.cross(forward, [0, 1, 0]))
        rotations.append(turn @ np.stack([right, np.cross(forward, right), forward], axis=1))
    found, level = align.upright(np.array(rotations))
    assert level
    assert np.degrees(np.arccos(np.clip(found @ up, -1, 1))) < 0.01


def test_held_out_photos_are_placed_but_not_among_the_views(solved: Solved, tmp_path: Path) -> None:
    name = solved.taken.photos[3].name
    kept = align.build(
        solved.taken,
        solved.cameras,
        Targets.none(),
        None,
        align.AlignOptions(hold_out=(name,)),
        scratch=tmp_path,
        progress=Silent(),
    )
    assert name in kept.registered
    assert kept.held_out == (name,)
    assert name not in {v.name for v in kept.views}
    assert len(kept.views) == len(solved.taken) - 1


@pytest.mark.parametrize(
    "baseline", ["a.jpg", f"nobody.jpg,{FIRST},1", f"{FIRST},龙窑 正面 photo-002.jpg,-1", f"{FIRST},{FIRST},1"]
)
def test_a_baseline_that_makes_no_sense_is_refused(solved: Solved, tmp_path: Path, baseline: str) -> None:
    with pytest.raises(BadOptions) as refused:
        align.build(
            solved.taken,
            solved.cameras,
            Targets.none(),
            None,
            align.AlignOptions(baseline=baseline),
            scratch=tmp_path,
            progress=Silent(),
        )
    assert "align.baseline" in refused.value.hint() or "metres" in refused.value.hint()


def test_photos_without_overlap_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "photos"
    source.mkdir()
    for i in range(5):
        rng = np.random.default_rng(i)
        small = rng.integers(0, 256, (45, 60, 3), np.uint8)
        Image.fromarray(small).resize((480, 360), Image.Resampling.BICUBIC).save(source / f"{i}.jpg")
    folders = [tmp_path / name for name in ("p", "f", "m")]
    for folder in folders:
        folder.mkdir()
    taken = photos.build(source, photos.PhotosOptions(), scratch=folders[0], progress=Silent())
    found = features.build(taken, features.FeaturesOptions(), scratch=folders[1], progress=Silent())
    with pytest.raises(NoReconstruction, match="No two photos show the same"):
        matches.build(taken, found, matches.MatchesOptions(), scratch=folders[2], progress=Silent())


def zoomed(relief: Photographed, folder: Path, zooms: Sequence[float], *, stated: bool) -> Path:
    """The relief's photos, the middle of each enlarged as a phone's digital zoom does it: one FocalLength for all.

    stated: whether EXIF says so with other 35 mm equivalents.
    """
    folder.mkdir()
    for zoom, path in zip(zooms, sorted(relief.folder.iterdir()), strict=True):
        with Image.open(path) as photo:
            exif, (width, height) = photo.getexif(), photo.size
            detail = exif.get_ifd(IFD.Exif)
            detail[Base.FocalLength] = 5.0
            if stated:
                detail[Base.FocalLengthIn35mmFilm] = round(detail[Base.FocalLengthIn35mmFilm] * zoom)
            middle = (width / 2 * (1 - 1 / zoom), height / 2 * (1 - 1 / zoom))
            box = (*middle, width - middle[0], height - middle[1])
            photo.resize(photo.size, Image.Resampling.BICUBIC, box=box).save(folder / path.name, exif=exif, quality=95)
    return folder


def solve(source: Path, scratch: Path, progress: Silent) -> tuple[PhotoSet, Cameras]:
    places = {name: scratch / name for name in ("photos", "features", "matches", "sparse")}
    for place in places.values():
        place.mkdir()
    taken = photos.build(source, photos.PhotosOptions(), scratch=places["photos"], progress=progress)
    quick = features.FeaturesOptions(first_octave=0)  # a quarter of the time, and enough
    found = features.build(taken, quick, scratch=places["features"], progress=progress)
    graph = matches.build(taken, found, matches.MatchesOptions(), scratch=places["matches"], progress=progress)
    return taken, sparse.build(taken, graph, sparse.SparseOptions(), scratch=places["sparse"], progress=progress)


def test_two_digital_zooms_are_two_cameras(relief: Photographed, tmp_path: Path) -> None:
    told = Silent()
    taken, solved = solve(zoomed(relief, tmp_path / "zoomed", [1.0, 1.6] * 5, stated=True), tmp_path, told)
    assert len({photo.camera_key for photo in taken}) == 2
    assert told.warnings == []
    model = pycolmap.Reconstruction(solved.folder)
    ours = {image.name: image.projection_center() for image in model.images.values()}
    assert ours.keys() == relief.truth.cameras.keys()
    theirs = np.array([relief.truth.cameras[name].centre for name in ours])
    moved = similarity(np.array(list(ours.values())), theirs)
    errors_mm = 1000 * np.linalg.norm(moved - theirs, axis=1)
    assert errors_mm.max() < 4  # at 0.8 m; as one camera they are off by up to 190


def test_a_photo_of_another_zoom_is_named(relief: Photographed, tmp_path: Path) -> None:
    """Nothing in EXIF tells it apart, so it is solved with the lens of all, which does not fit it."""
    told = Silent()
    zooms = [1.0] * 4 + [1.3] + [1.0] * 5
    taken, _ = solve(zoomed(relief, tmp_path / "zoomed", zooms, stated=False), tmp_path, told)
    assert len({photo.camera_key for photo in taken}) == 1
    assert len(told.warnings) == 1
    assert (
        "10 photos were solved as of one lens at one zoom, but 1 of them (龙窑 正面 photo-005.jpg)" in told.warnings[0]
    )


def test_a_lens_that_fits_nothing_is_said(solved: Solved) -> None:
    """One at a time: EXIF that says 0.6 of the true focal length; an axis far beside the picture's middle."""
    model = pycolmap.Reconstruction(solved.cameras.folder)
    assert list(sparse._lens_warnings(solved.taken, model)) == []
    (camera,) = model.cameras.values()
    focal = camera.mean_focal_length()
    cropped = PhotoSet(tuple(replace(photo, focal_px=0.6 * focal) for photo in solved.taken))
    (warning,) = sparse._lens_warnings(cropped, model)
    about = {"name": FIRST, "count": 10}
    assert warning == Message("warning.lens_focal", **about, stated=round(0.6 * focal), solved=round(focal))
    camera.principal_point_x += 0.2 * camera.width
    (warning,) = (w for w in sparse._lens_warnings(solved.taken, model) if w.key != "warning.lens_shared")
    assert (warning.key, warning.values["count"]) == ("warning.lens_centre", 10)
    assert warning.values["share"] == pytest.approx(0.2, abs=0.02)


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """`source` moved, turned and scaled onto `target`, both (N, 3), by least squares (Umeyama 1991)."""
    from_mean, to_mean = source - source.mean(0), target - target.mean(0)
    u, singular, vt = np.linalg.svd(to_mean.T @ from_mean)
    flip = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    scale = (singular * flip).sum() / (from_mean**2).sum()
    return np.asarray(scale * from_mean @ (u * flip @ vt).T + target.mean(0))
