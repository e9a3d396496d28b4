"""The mesh stage against a known surface."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
import trimesh
from bumpy import Bumpy, on_disk
from numpy.typing import NDArray

from recon.errors import BadOptions, NoReconstruction
from recon.geometry import pieces, surface
from recon.geometry.region import Region
from recon.geometry.visibility import Occluders
from recon.messages import Message
from recon.progress import Silent
from recon.stages import mesh as stage
from recon.stages.mesh import MeshOptions, build
from recon.types import Mesh, PointCloud, Points


@pytest.fixture(scope="module")
def mesh(ball: Bumpy, tmp_path_factory: pytest.TempPathFactory) -> Mesh:
    return meshed(ball, tmp_path_factory.mktemp("mesh"))


def meshed(
    ball: Bumpy, scratch: Path, cloud: Points | None = None, progress: Silent | None = None, **options: object
) -> Mesh:
    chosen = MeshOptions(max_triangles=20_000, **options)  # type: ignore[arg-type]
    fused = on_disk(cloud or ball.cloud, scratch)
    return build(fused, ball.sparse, chosen, scratch=scratch, progress=progress or Silent())


def without(cloud: Points, gone: np.ndarray) -> Points:
    return cloud.only(~gone)


def test_truth(ball: Bumpy, mesh: Mesh) -> None:
    measured = mesh.vertices[np.unique(mesh.faces[mesh.num_views > 0])]
    error_mm = 1000 * ball.distance(measured)
    assert error_mm.mean() < 0.5  # the points' own noise has a standard deviation of 0.5 mm an axis
    assert np.percentile(error_mm, 95) < 1.5  # the rest is the rim, where the points end
    assert error_mm.max() < 30
    outwards = mesh.vertices[mesh.faces].mean(1) - (0, 0.5, 0)
    inside_out = (surface.face_normals(mesh.vertices, mesh.faces) * outwards).sum(1) <= 0
    assert inside_out.mean() < 1e-3  # decimation folds one over now and then
    assert mesh.num_views.max() <= len(ball.sparse.views)


def test_what_no_photo_saw_is_cut_off_or_marked(ball: Bumpy, mesh: Mesh, tmp_path: Path) -> None:
    open_below, closed = mesh, meshed(ball, tmp_path, fill="closed")
    seen_floor = ball.cloud.points[:, 1].min()
    assert open_below.vertices[:, 1].min() > seen_floor - 0.03
    assert open_below.filled_share < 0.02
    assert watertight(closed)
    lowest = closed.vertices[closed.faces].mean(1)[:, 1] < seen_floor - 0.03
    assert lowest.any()
    assert not closed.num_views[lowest].any()
    assert closed.filled_share > open_below.filled_share


def watertight(mesh: Mesh) -> bool:
    return bool(trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).is_watertight)


def test_what_was_photographed_all_round_is_closed_flat_where_it_stood(ball: Bumpy, tmp_path: Path) -> None:
    ground = float(ball.cloud.points[:, 1].min()) - 0.01
    standing = dataclasses.replace(ball.sparse, frame=dataclasses.replace(ball.sparse.frame, cut_height=ground))
    whole = meshed(dataclasses.replace(ball, sparse=standing), tmp_path, fill="round")
    assert watertight(whole)
    assert whole.vertices[:, 1].min() == pytest.approx(ground, abs=2e-3)  # decimation moves the rim a little
    centre = np.bincount(whole.faces.ravel()).argmax()
    underside = (whole.faces == centre).any(axis=1)
    assert underside.sum() > 20
    assert whole.vertices[centre, 1] == pytest.approx(ground, abs=2e-3)
    assert not whole.num_views[underside].any()


def test_what_was_photographed_from_one_side_stays_open_and_says_so(ball: Bumpy, tmp_path: Path) -> None:
    progress, half = Silent(), without(ball.cloud, ball.cloud.points[:, 2] < 0)
    options = MeshOptions(max_triangles=20_000, fill="round")
    mesh = build(on_disk(half, tmp_path), ball.sparse, options, scratch=tmp_path, progress=progress)
    assert mesh.vertices[:, 2].min() > -0.03
    assert not watertight(mesh)
    assert any("not go all round" in warning for warning in progress.warnings)


def test_a_surface_goes_on_only_where_few_photos_look(ball: Bumpy, tmp_path: Path) -> None:
    half = without(ball.cloud, ball.cloud.points[:, 2] < 0)

    def beyond(few_photos: int) -> Mesh:
        return meshed(ball, tmp_path, half, margin=8.0, few_photos=few_photos)

    def strip(mesh: Mesh) -> NDArray[np.bool_]:
        return np.asarray(mesh.vertices[mesh.faces].mean(1)[:, 2] < -0.03)

    everywhere, nowhere = beyond(len(ball.sparse.views)), beyond(0)
    assert strip(everywhere).sum() > 50
    assert not everywhere.num_views[strip(everywhere)].any()
    assert not strip(nowhere).any()


def test_small_holes_are_filled_and_marked(ball: Bumpy, tmp_path: Path) -> None:
    side = ball.cloud.points[np.argmax(ball.cloud.points @ np.array([0.6, 0.2, 0.8]))]
    cloud = without(ball.cloud, np.linalg.norm(ball.cloud.points - side, axis=1) < 0.06)
    filled, left_open = meshed(ball, tmp_path, cloud), meshed(ball, tmp_path, cloud, max_hole=0)

    def marked(mesh: Mesh) -> int:
        near = np.linalg.norm(mesh.vertices[mesh.faces].mean(1) - side, axis=1) < 0.025
        assert not mesh.num_views[near].any()
        return int(near.sum())

    assert marked(filled) > 0
    assert marked(left_open) == 0


def test_manifold_and_within_budget(mesh: Mesh) -> None:
    assert len(mesh.faces) <= 20_000
    edges = np.sort(mesh.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    assert np.unique(edges, axis=0, return_counts=True)[1].max() <= 2
    assert np.array_equal(np.unique(mesh.faces), np.arange(len(mesh.vertices)))


def test_a_cloud_is_read_in_blocks_or_evenly_sampled(
    ball: Bumpy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PointCloud, "AT_ONCE", 999)
    cloud = on_disk(ball.cloud, tmp_path)
    blocks = list(cloud.blocks())
    assert {len(block) for block in blocks[:-1]} == {999}
    assert sum(map(len, blocks)) == len(cloud) == len(ball.cloud)
    assert cloud.load().points.tobytes() == ball.cloud.points.tobytes()
    assert cloud.sample(1000).sigma.tobytes() == ball.cloud.sigma[:: -(-len(cloud) // 1000)].tobytes()
    assert cloud.sample(1000).points.tobytes() == ball.cloud.points[:: -(-len(cloud) // 1000)].tobytes()


def test_sheets_that_touch_are_split() -> None:
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0], [0, 0, 1]], np.float32)
    bow_tie = np.array([[0, 1, 2], [0, 3, 4]], np.int32)
    assert len(surface.manifold(vertices, bow_tie)[0]) == 6
    three_on_an_edge = np.array([[0, 1, 2], [1, 0, 4], [0, 1, 5]], np.int32)
    assert len(surface.manifold(vertices, three_on_an_edge)[0]) == 9
    whole = np.array([[0, 1, 2], [0, 2, 3], [0, 2, 3], [1, 1, 2]], np.int32)
    split = surface.manifold(vertices, whole)
    assert (len(split[0]), len(split[1])) == (4, 2)


def globe(centre: tuple[float, float, float], radius: float, count: int) -> Points:
    """Points all round a ball, as three photos might have measured them."""
    unit = np.random.default_rng(1).normal(size=(count, 3))
    unit = (unit / np.linalg.norm(unit, axis=1, keepdims=True)).astype(np.float32)
    views, none = np.full(count, 3, np.uint8), np.zeros(count, np.uint8)
    place = unit * np.float32(radius) + np.array(centre, np.float32)
    return Points(place, unit, np.zeros((count, 3), np.uint8), views, np.zeros(count, np.float32), none)


def together(*clouds: Points) -> Points:
    return Points(*(np.concatenate([getattr(c, f.name) for c in clouds]) for f in dataclasses.fields(Points)))


def test_small_pieces_are_dropped_and_counted(ball: Bumpy, tmp_path: Path) -> None:
    progress, floating = Silent(), globe((0.9, 0.5, 0), 0.03, 400)
    assert meshed(ball, tmp_path, together(ball.cloud, floating), progress=progress).vertices[:, 0].max() < 0.7
    (said,) = (warning for warning in progress.warnings if "pieces" in warning)
    assert said.startswith(("0.", "1."))  # per cent: 400 of some tens of thousands of points
    assert said.endswith("was left out; --set mesh.min_component=0 keeps them.")


@pytest.mark.parametrize("looked_at", [0.01, 1])
def test_a_small_piece_that_most_photos_look_at_stays_and_is_counted(
    ball: Bumpy, tmp_path: Path, looked_at: float
) -> None:
    """A ball in the middle of the pictures, which fills 2 % of them, and one 25 times as large beside the cameras."""
    progress, told = Silent(), {0.01: ("that most photos look at, and stays",), 1: ("was left out",)}
    things = together(globe((0, 0.5, 0), 0.12, 4000), globe((3, 0.5, 0), 0.6, 40_000))
    whole = meshed(ball, tmp_path, things, progress=progress, min_component=0.1, looked_at=looked_at)
    assert (whole.vertices[:, 0].min() < 0) == (looked_at < 1)
    for warning, words in zip(progress.warnings, (*told[looked_at], "is not in the model"), strict=True):
        assert words in warning


def test_a_piece_is_looked_at_where_nothing_hides_it(ball: Bumpy) -> None:
    """Balls in the middle: a small one, one inside another; one at the edge; one that fills too little."""
    centres, radii = ((0, 0.5, 0), (0, 0.5, 0), (0, 1.1, 0), (0, 0.5, 0.3)), (0.2, 0.1, 0.15, 0.03)
    places = [globe(centre, radius, 3000).points for centre, radius in zip(centres, radii, strict=True)]
    number = np.repeat(np.arange(4), 3000)
    found = pieces.looked_at(np.concatenate(places), number, ball.sparse.views, 0.01)
    assert found.tolist() == [True, False, False, False]
    assert not pieces.looked_at(places[0], number[:3000], [], 0.01).any()


def test_what_the_photos_show_beside_the_model_is_said(ball: Bumpy, tmp_path: Path) -> None:
    progress, truth = Silent(), Occluders(ball.vertices, ball.faces)
    meshed(ball, tmp_path, progress=progress, fill="closed")
    bare = [(truth.picture(v.k, v.cam_from_world, v.width, v.height)[1] < 0).mean() for v in ball.sparse.views]
    (said,) = (warning for warning in progress.warnings if "is not in the model" in warning)
    shares = [int(number) / 100 for number in re.findall(r"(\d+)%", said)]
    assert shares == pytest.approx([np.mean(bare), np.max(bare)], abs=0.015)


def test_a_model_ends_at_its_region_and_says_what_is_left_out(ball: Bumpy, tmp_path: Path) -> None:
    told = Silent()
    height = float(np.median(ball.cloud.points[:, 1]))
    top = Region.of(f"-10 {height} -10, 10 10 10")
    mesh = meshed(ball, tmp_path, progress=told, region=str(top))
    inside = top.holds(ball.cloud.points)
    assert str(Message("warning.outside_region", share=1 - float(inside.mean()))) in told.warnings
    assert mesh.vertices[:, 1].min() == pytest.approx(height, abs=0.02)
    assert mesh.vertices[:, 1].max() == pytest.approx(ball.cloud.points[:, 1].max(), abs=0.005)
    with pytest.raises(NoReconstruction, match="only 0 points in the region"):
        meshed(ball, tmp_path, region="50 50 50, 51 51 51")


@pytest.mark.parametrize("region", ["1 2 3", "0 0 0, 1 1 0", "0 0 0, 1 1 nan", "a b c, d e f", "0 0, 1 1"])
def test_a_region_that_is_no_box_is_refused(region: str) -> None:
    with pytest.raises(BadOptions, match="region"):
        MeshOptions(region=region)


def test_same_points_same_mesh(ball: Bumpy, mesh: Mesh, tmp_path: Path) -> None:
    first, second = mesh, meshed(ball, tmp_path)
    assert first.vertices.tobytes() == second.vertices.tobytes()
    assert first.faces.tobytes() == second.faces.tobytes()
    assert first.num_views.tobytes() == second.num_views.tobytes()


def test_too_few_points_are_refused(ball: Bumpy, tmp_path: Path) -> None:
    few = without(ball.cloud, np.arange(len(ball.cloud)) >= 100)
    with pytest.raises(NoReconstruction, match="Only 100 surface points") as refusal:
        meshed(ball, tmp_path, few)
    assert "overlap" in refusal.value.hint()


def test_bad_options_are_refused() -> None:
    with pytest.raises(BadOptions):
        MeshOptions(finest_depth=40)
    with pytest.raises(BadOptions):
        MeshOptions(max_triangles=0)
    with pytest.raises(BadOptions):
        MeshOptions(reach=3.0, margin=2.0)


def test_a_solver_that_hangs_is_stopped_and_told(ball: Bumpy, tmp_path: Path) -> None:
    progress, scratch = Silent(), tmp_path / "scratch"
    with pytest.raises(NoReconstruction, match="No surface could be solved"):
        build(
            on_disk(ball.cloud, tmp_path), ball.sparse, MeshOptions(time_limit_s=0), scratch=scratch, progress=progress
        )
    assert "took longer" in progress.warnings[0]
    assert list(scratch.iterdir()) == []


def test_a_solver_that_crashes_says_how(tmp_path: Path) -> None:
    why = stage._attempt([str(tmp_path / "none.npz"), "x", "8", "1.1", "1"], 60)
    assert why == Message("reason.solver_status", status=1)


def test_clusters_are_parted_by_gaps() -> None:
    """A ball of 2000 points and a crumb of 50 beside it: the crumb is apart, what touches the ball is not."""
    rng = np.random.default_rng(3)
    ball = rng.normal(size=(2000, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    handle = np.stack([np.linspace(1, 2, 100), np.zeros(100), np.zeros(100)], 1)
    crumb = rng.normal(size=(50, 3)) * 0.05 + [0, 2, 0]
    cluster = surface.clusters(np.concatenate([ball, handle, crumb]).astype(np.float32), 0.2)
    assert len(set(cluster[:2100])) == 1
    assert set(cluster[2100:]) == {1 - cluster[0]}
