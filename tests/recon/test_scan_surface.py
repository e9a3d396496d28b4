"""From scans to a textured model, and photos laid on scans, against the workshop that was scanned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import open3d as o3d
import pytest
from numpy.typing import NDArray
from scanned import Scanned

from recon.errors import NoReconstruction
from recon.formats.glb_reader import read_glb
from recon.formats.ply import Ply, PlyWriter
from recon.pipeline.build import build
from recon.progress import Silent
from recon.stages import clean, join, views
from recon.survey import read_survey
from recon.types import CleanCloud, Frame, Joined, PointCloud, Points, SparseModel, View
from recon.workspace import Workspace

SETTINGS = (
    "mesh.max_triangles=15000",
    "texture.max_size=1024",
    "texture.max_pages=1",
    "gltf.last_level_triangles=20000",
)


@pytest.fixture(scope="module")
def work(workshop: Scanned, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three scans of unknown poses, rebuilt."""
    folder = tmp_path_factory.mktemp("scans")
    (folder / "source").mkdir()
    for scan in workshop.scans.scans[:3]:
        (folder / "source" / scan.path.name).hardlink_to(scan.path)
    build(folder / "source", folder / "work", preset="room", settings=SETTINGS)
    return folder / "work"


def test_the_model_has_the_workshops_size_and_says_how_it_was_made(work: Path) -> None:
    asset = json.loads((work / "gltf" / "asset.json").read_text(encoding="utf-8"))
    assert asset["unit"] == "metre"
    assert (asset["origin"]["method"], asset["origin"]["scans"]) == ("scan", 3)
    assert "photos" not in asset["origin"]
    assert asset["quality"]["registration_m"] < 0.02
    size = np.array(asset["bounds"]["max"]) - asset["bounds"]["min"]
    assert sorted(size) == pytest.approx(sorted([16.0, 10.0, 5.0]), abs=0.6)


def test_faces_say_that_scans_measured_them_and_are_coloured(work: Path) -> None:
    (part,) = read_glb(work / "texture" / "master.glb").parts
    assert part.num_scans is not None
    assert part.num_views is not None
    assert not part.num_views.any()
    filled = (part.num_scans[part.faces] == 0).all(axis=1)
    assert 0 < filled.mean() < 0.3
    assert part.material is not None
    assert part.material.base_color_texture is not None
    pixels = part.material.base_color_texture.pixels()[..., :3]
    assert pixels.std() > 20


def test_a_second_run_reads_everything_back(work: Path) -> None:
    stages: dict[str, tuple[bool, Silent]] = {}
    build(
        work.with_name("source"),
        work,
        preset="room",
        settings=SETTINGS,
        listener=lambda stage, fresh: stages.setdefault(stage, (fresh, Silent()))[1],
    )
    assert [stage for stage, (fresh, _) in stages.items() if fresh] == [
        "scans",
        "register",
        "clean",
        "views",
        "mesh",
        "colour",
        "texture",
        "gltf",
    ]


@pytest.fixture(scope="module")
def cleaned(workshop: Scanned, tmp_path_factory: pytest.TempPathFactory) -> tuple[CleanCloud, SparseModel]:
    scratch = tmp_path_factory.mktemp("cleaned")
    scans = tuple(replace(scan, scanner=np.zeros(3)) for scan in workshop.placed.scans[:2])
    placed = replace(workshop.placed, scans=scans, world_from_scan=workshop.world_from_scan[:2])
    (scratch / "clean").mkdir()
    made = clean.build(placed, clean.CleanOptions(), scratch=scratch / "clean", progress=Silent())
    return made, views.build(placed, made, views.ViewsOptions(), scratch=scratch, progress=Silent())


FLOOR = np.array([1.5, 0, -0.5])  # the corner of a square metre of it, of which there are close-ups
SCALE, TURN = 0.985, np.array([[0.36, 0.48, -0.8], [-0.8, 0.6, 0], [0.48, 0.64, 0.6]])


def photographed(workshop: Scanned, folder: Path, *, fake: bool = False) -> tuple[PointCloud, SparseModel]:
    """What photos with a scale that is a little wrong would give: points of half the bay's surface, and a view.

    fake: points of something else.
    """
    mesh = o3d.geometry.TriangleMesh(
        o3d.utility.Vector3dVector(workshop.scene.vertices), o3d.utility.Vector3iVector(workshop.scene.faces)
    )
    o3d.utility.random.seed(4)
    sampled = mesh.sample_points_uniformly(60_000, use_triangle_normal=True)
    points, normals = np.asarray(sampled.points), np.asarray(sampled.normals)
    random = np.random.default_rng(3)
    kept = points[:, 0] > -1.0
    points, normals = points[kept] + random.normal(0, 0.006, (int(kept.sum()), 3)), normals[kept]
    close_up = FLOOR + random.random((20_000, 3)) * [1, 0, 1] + random.normal(0, 0.0005, (20_000, 3))
    points, normals = np.concatenate([points, close_up]), np.concatenate([normals, np.tile([0.0, 1, 0], (20_000, 1))])
    if fake:
        points = random.normal(size=points.shape)
        normals = points / np.linalg.norm(points, axis=1, keepdims=True)
    ours = (SCALE * points @ TURN.T + [3, -1, 2]).astype(np.float32)
    count = len(ours)
    with PlyWriter(folder / "photos.ply") as out:
        three, sigma = np.full(count, 3, np.uint8), np.full(count, 0.006 * SCALE, np.float32)
        sigma[-20_000:] = 0.0005 * SCALE
        out.append(Ply(ours, (normals @ TURN.T).astype(np.float32), np.zeros((count, 3), np.uint8), three, sigma))
    k = np.array([[500.0, 0, 320], [0, 500, 240], [0, 0, 1]])
    centre = SCALE * TURN @ [4.0, 1.6, 0] + [3, -1, 2]
    view = View("a.jpg", folder / "a.png", 640, 480, k, np.column_stack([TURN.T, -TURN.T @ centre]))
    sparse = SparseModel(
        folder=None,
        views=(view,),
        points=ours[:100].astype(np.float64),
        point_colors=np.zeros((100, 3), np.uint8),
        point_errors_px=np.zeros(100),
        observations=(np.arange(100, dtype=np.int32),),
        frame=Frame("metre", "a tape on the floor"),
        reprojection_px=0.5,
        registered=("a.jpg",),
    )
    return PointCloud(folder / "photos.ply", count), sparse


@pytest.fixture(scope="module")
def joined(
    workshop: Scanned, cleaned: tuple[CleanCloud, SparseModel], tmp_path_factory: pytest.TempPathFactory
) -> Joined:
    scratch = tmp_path_factory.mktemp("joined")
    photos = photographed(workshop, scratch)
    return join.build(*photos, *cleaned, join.JoinOptions(), scratch=scratch, progress=Silent())


def test_photos_take_the_scans_scale_and_place(joined: Joined) -> None:
    (view,) = joined.sparse.views
    assert view.centre == pytest.approx([4.0, 1.6, 0], abs=0.02)
    assert view.cam_from_world[:, :3] == pytest.approx(np.eye(3), abs=0.005)
    assert joined.sparse.frame.unit == "metre"
    assert joined.sparse.registered == ("a.jpg",)


def test_photos_and_scans_are_more_complete_than_either_and_as_exact(
    joined: Joined, cleaned: tuple[CleanCloud, SparseModel], workshop: Scanned
) -> None:
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(workshop.scene.vertices), o3d.core.Tensor(workshop.scene.faces.astype("u4")))

    def median_error(points: NDArray[np.float32]) -> float:
        return float(np.median(scene.compute_distance(o3d.core.Tensor(points)).numpy()))

    both, alone = joined.cloud.load(), cleaned[0].cloud.load()
    assert median_error(both.points) < 1.3 * median_error(alone.points) + 0.001
    lost = _cells(alone) - _cells(both)
    assert len(lost) < 0.005 * len(_cells(alone))  # a scan's point may make way for a finer one beyond a cube's wall
    assert len(_cells(both)) > 1.1 * len(_cells(alone))
    sources = both.measured_by > 0
    assert (sources[:, 0] & sources[:, 1]).any()
    assert (sources[:, 0] & ~sources[:, 1]).sum() == joined.added > 1000
    assert (~sources[:, 0] & sources[:, 1]).any()


def test_photos_replace_scans_where_they_show_finer_things(
    joined: Joined, cleaned: tuple[CleanCloud, SparseModel]
) -> None:
    both, alone = (_within(cloud.load(), FLOOR, 1.0) for cloud in (joined.cloud, cleaned[0].cloud))
    assert joined.finer > 10_000
    assert len(both) > 5 * len(alone) > 0
    assert (both.measured_by > 0).all(axis=1).mean() > 0.9


def _within(points: Points, corner: NDArray[np.float64], side: float) -> Points:
    """Those on a level square with this corner, but for its rim."""
    off = np.abs(points.points - corner - [side / 2, 0, side / 2])
    return points.only(np.asarray((off < [0.4 * side, 0.02, 0.4 * side]).all(axis=1)))


def test_a_survey_of_both_is_the_joined_cloud_and_its_photos(joined: Joined, workshop: Scanned, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.scratch("register", "key")
    workspace.provenance.write_text("{}", encoding="utf-8")
    folder = workspace.scratch("join", "key")
    (folder / "cloud.ply").hardlink_to(joined.cloud.path)
    (view,) = joined.sparse.views
    photos = replace(joined.sparse, views=(replace(view, path=folder / "a.png"),), surveyed=None)
    placed = replace(workshop.placed, scans=(), world_from_scan=workshop.world_from_scan[:0])
    workspace.finish("register", "key", placed)
    cloud = PointCloud(folder / "cloud.ply", len(joined.cloud))
    workspace.finish("join", "key", replace(joined, cloud=cloud, sparse=photos))
    survey = read_survey(tmp_path)
    assert len(survey.points) == len(joined.cloud)
    assert [view.name for view in survey.views] == ["a.jpg"]
    assert survey.method == "photographs"


def _cells(points: Points) -> set[tuple[int, ...]]:
    """Cubes of 20 cm with a point in them."""
    return set(map(tuple, np.unique(np.floor(points.points / 0.2).astype(int), axis=0).tolist()))


def test_photos_of_something_else_are_refused(
    workshop: Scanned, cleaned: tuple[CleanCloud, SparseModel], tmp_path: Path
) -> None:
    photos = photographed(workshop, tmp_path, fake=True)
    with pytest.raises(NoReconstruction, match="beyond doubt"):
        join.build(*photos, *cleaned, join.JoinOptions(), scratch=tmp_path, progress=Silent())
