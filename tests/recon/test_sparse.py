"""Cameras against the rendered truth, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pycolmap
import pytest
from flight import flown
from PIL import Image
from PIL.ExifTags import IFD, Base
from truth import Photographed, Solved

from recon.errors import BadOptions, NoReconstruction
from recon.geometry.view_graph import shared_points, weak_links
from recon.messages import Message
from recon.progress import Silent
from recon.stages import align, features, matches, photos, sparse, sparse_chances, sparse_diagnosis
from recon.types import Cameras, MatchGraph, Photo, PhotoSet, Targets
from recon.workspace import Workspace

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


def test_refused_photos_get_a_second_chance(solved: Solved, tmp_path: Path) -> None:
    """Two photos of ten that the mapper left out are placed on the final model; the global mapper finds all ten too."""
    graph = Workspace(solved.work).load("matches")
    models, _ = sparse._map(solved.taken, graph.database, tmp_path, None)
    model = models[0]
    for image in list(model.images.values())[2:4]:
        model.deregister_frame(image.frame_id)
    assert model.num_reg_images() == 8
    lenses = sparse._refine(model, graph.database, sparse.SparseOptions())
    assert len(lenses) == 1
    others = sparse_chances.all_at_once(graph.database, solved.taken.photos[0].path.parent, tmp_path)
    name_of = {photo.path.name: photo.name for photo in solved.taken}
    for made in (model, others[0]):
        ours = {name_of[image.name]: image.projection_center() for image in made.images.values() if image.has_pose}
        truth = solved.photographed.truth.cameras
        assert ours.keys() == truth.keys()
        theirs = np.array([truth[name].centre for name in ours])
        errors = np.linalg.norm(similarity(np.array(list(ours.values())), theirs) - theirs, axis=1)
        assert errors.max() < (8e-4 if made is model else 4e-3)  # the other's lens has one term
    best, fewer = (model, lenses), (models[0], ())
    assert sparse._better(best, None) is best
    assert sparse._better(best, fewer) is best
    assert sparse._better(None, fewer) is fewer


def test_models_that_are_apart_are_joined(solved: Solved, tmp_path: Path) -> None:
    """Six photos, and four in a frame of their own, with which they share points but no photo."""
    graph = Workspace(solved.work).load("matches")
    models, _ = sparse._map(solved.taken, graph.database, tmp_path, None)
    rest, part = pycolmap.Reconstruction(models[0]), pycolmap.Reconstruction(models[0])
    for number, image in enumerate(sorted(models[0].images.values(), key=lambda image: str(image.name))):
        (rest if number < 4 else part).deregister_frame(image.frame_id)
    part.transform(pycolmap.Sim3d(2.5, pycolmap.Rotation3d(np.array([0.3, 0.1, -0.2])), np.array([1.0, 2, 3])))
    with pycolmap.Database.open(graph.database) as opened:
        cache = pycolmap.DatabaseCache.create(opened, pycolmap.DatabaseCacheOptions())
    mapper = pycolmap.IncrementalMapper(cache)
    mapper.begin_reconstruction(rest)
    triangulation = pycolmap.IncrementalTriangulatorOptions()
    assert len(sparse_chances.join(mapper, cache.correspondence_graph, part, triangulation)) == 4
    mapper.end_reconstruction(False)
    ours, truth = (
        np.array([image.projection_center() for _, image in sorted(model.images.items())])
        for model in (rest, models[0])
    )
    np.testing.assert_allclose(similarity(ours, truth), truth, atol=1e-6 * np.ptp(truth))


def test_every_photo_that_is_not_placed_has_its_reason(solved: Solved) -> None:
    first, second, third, *_ = solved.taken.photos
    graph: MatchGraph = Workspace(solved.work).load("matches")

    def reason(photo: Photo, matches: int, apart: dict[str, int] | None = None) -> str:
        pairs = ((photo.name, third.name, matches),) if matches else ()
        taken = replace(solved.taken, photos=(photo, *solved.taken.photos[1:]))
        return sparse_diagnosis.why(photo, taken, replace(graph, pairs=pairs), apart or {}).text()

    assert reason(first, 0) == "it shares no view with any other photo"
    assert reason(first, 30) == "its best neighbour shares only 30 points with it"
    assert reason(first, 90).startswith("its matches contradict the other photos")
    assert reason(first, 90, {first.name: 4}).startswith("it belongs to a group of 4 photos that hangs together")
    blurred = replace(first, sharpness=0.1 * second.sharpness)
    assert reason(blurred, 20).startswith("it is blurred")
    assert reason(blurred, 90).startswith("its matches contradict")


def test_a_model_that_hangs_by_a_thread_says_where() -> None:
    """Photos 0 to 3 share a hundred points each, so do 4 to 6, and only 3 and 5 share 12 across."""
    left, right = np.arange(100), np.arange(100, 200)
    seen = [left, left, left, np.r_[left, 500:512], right, np.r_[right, 500:512], right]
    (link,) = weak_links(shared_points(seen), 40)
    assert (set(link.photos), link.shared, link.part) == ({3, 5}, 12, (4, 5, 6))
    assert weak_links(shared_points([left, left]), 40) == []
    flight = flown()
    assert list(sparse_diagnosis.weak_spots(flight.model)) == []
    for number, point in list(flight.model.points3D.items()):
        if any(element.image_id == 1 for element in point.track.elements) and point.track.length() > 2:
            flight.model.delete_point3D(number)
    told = {message.key: message.values["names"] for message in sparse_diagnosis.weak_spots(flight.model)}
    assert told == {"warning.weak_link": ["01.jpg"], "warning.seen_by_two": ["00.jpg", "01.jpg"]}


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """`source` moved, turned and scaled onto `target`, both (N, 3), by least squares (Umeyama 1991)."""
    from_mean, to_mean = source - source.mean(0), target - target.mean(0)
    u, singular, vt = np.linalg.svd(to_mean.T @ from_mean)
    flip = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    scale = (singular * flip).sum() / (from_mean**2).sum()
    return np.asarray(scale * from_mean @ (u * flip @ vt).T + target.mean(0))
