"""Laser scans come in at the desk and become clouds in tiles."""

from __future__ import annotations

import io
import json
from pathlib import Path

import laspy
import numpy as np
import pytest
import samples
from browser import Browser
from laspy.vlrs.known import WktCoordinateSystemVlr
from scipy.spatial import cKDTree

import recon
from exhibit.documents import contract
from exhibit.documents.types import AssetDocument
from exhibit.halls.building import build_hall
from exhibit.jobs import services, worker
from exhibit.jobs.models import Job
from exhibit.jobs.photos import SCANS_AND_PHOTOS
from exhibit.library.models import Asset
from exhibit.web import Site
from recon.errors import NoReconstruction
from recon.formats.gltf import read_gltf
from recon.formats.ply import Ply, PlyWriter
from recon.formats.points import cloud_of
from recon.formats.scan_file import SUFFIXES
from recon.types import GltfBundle


def scan(path: Path, *, at: float = 0.0, count: int = 5000) -> bytes:
    """The walls, floor and ceiling of a room of 4 x 3 x 2 m, +Z up, and one stray."""
    random = np.random.default_rng(2)
    unit = random.random((count, 3))
    side = random.integers(0, 6, count)
    unit[np.arange(count), side // 2] = side % 2
    points = (unit * [4, 3, 2] + at).astype(np.float32)
    points[-1] = 5000
    with PlyWriter(path) as out:
        out.append(Ply(points, colors=(points * 50).clip(0, 255).astype(np.uint8)))
    return path.read_bytes()


def send(curator: Browser, files: list[tuple[bytes, str]], **form: str) -> int:
    """The job's number."""
    told = {"title_zh": "车间", "title_en": "Workshop", "unit": "auto"} | form
    uploads = [(io.BytesIO(data), name) for data, name in files]
    answer = curator.post("/desk/jobs/scans", {**told, "scans": uploads})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def done(site: Site, job_id: int) -> Job:
    worker.work(site.config, recon.build, build_hall, once=True, say=lambda _: None)
    with site.database.reading() as session:
        return services.get_job(session, job_id)


def asset(site: Site, job: Job) -> AssetDocument:
    with site.database.reading() as session:
        return session.get_one(Asset, job.asset_id).document


def test_a_scan_becomes_a_cloud_in_tiles(site: Site, curator: Browser, tmp_path: Path) -> None:
    archive = samples.zipped({"scans/hall.ply": scan(tmp_path / "hall.ply"), "scans/notes.pdf": b"hello"})
    job = done(site, send(curator, [(archive, "scans.zip")]))
    assert (job.state, job.failure, job.num_photos) == ("done", None, 1)
    assert [warning["en"] for warning in job.warnings] == [
        "scans/notes.pdf is left out: it is no scan that can be read.",
        "1 of 5000 points lie far from all others and are left out.",
    ]
    made = asset(site, job)
    assert contract.problems("asset", made) == []
    assert (made["kind"], made["unit"], made["origin"]["method"]) == ("cloud", "metre", "scan")
    np.testing.assert_allclose(made["bounds"]["min"], [-2, 0, -1.5], atol=0.01)
    np.testing.assert_allclose(made["bounds"]["max"], [2, 2, 1.5], atol=0.01)
    assert made["files"]["model"]["points"] == made["files"]["tiles"]["archive"]["points"] == 4999
    shown = cloud_of(read_gltf(site.storage.path(made["files"]["model"]["sha256"]))).positions
    np.testing.assert_allclose([shown.min(0), shown.max(0)], [[-2, 0, -1.5], [2, 2, 1.5]], atol=0.01)
    tileset = json.loads(site.storage.path(made["files"]["tiles"]["tileset"]["sha256"]).read_bytes())
    matrix = np.reshape(tileset["root"]["transform"], (4, 4)).T
    (tmp_path / "r.glb").write_bytes(curator.get(f"/media/{tileset['root']['content']['uri']}").data)
    tile = cloud_of(read_gltf(tmp_path / "r.glb")).positions
    placed = np.column_stack([tile[:, 0], -tile[:, 2], tile[:, 1], np.ones(len(tile))]) @ matrix.T
    np.testing.assert_allclose([placed.min(0)[:3], placed.max(0)[:3]], [[-2, -1.5, 0], [2, 1.5, 2]], atol=0.01)
    assert not services.work_folder(site.config, job.id).exists()
    page = curator.get(f"/desk/jobs/{job.id}?lang=en").text
    assert "See the cloud" in page
    assert f"/desk/assets/{job.asset_id}" in page


def test_a_cloud_keeps_its_survey_coordinates(site: Site, curator: Browser, tmp_path: Path) -> None:
    points = np.random.default_rng(5).random((5000, 3)) * [4, 3, 2] + [500_123.25, 2_765_456.5, 41]
    las = laspy.LasData(laspy.LasHeader(point_format=3, version="1.4"))
    las.header.offsets, las.header.scales = points.min(0), np.full(3, 1e-4)
    las.header.global_encoding.wkt = True
    las.header.vlrs.append(WktCoordinateSystemVlr('PROJCS["WGS 84 / UTM zone 50N",AUTHORITY["EPSG","32650"]]'))
    las.xyz = points
    las.write(tmp_path / "a.las")
    job = done(site, send(curator, [((tmp_path / "a.las").read_bytes(), "a.las")]))
    made = asset(site, job)
    assert made["georeference"]["crs"] == "EPSG:32650"
    survey_from_asset = np.reshape(made["georeference"]["survey_from_asset"], (4, 4)).T
    shown = cloud_of(read_gltf(site.storage.path(made["files"]["model"]["sha256"]))).positions
    placed = shown @ survey_from_asset[:3, :3].T + survey_from_asset[:3, 3]
    away, nearest = cKDTree(points).query(placed)
    assert np.max(away) < 0.02  # tiles keep a tenth of their points' spacing
    assert np.abs((placed - points[nearest]).mean(0)).max() < 0.0005
    assert len(np.unique(nearest)) == len(points)
    page = curator.get(f"/desk/assets/{job.asset_id}?lang=en").text
    assert "EPSG:32650: the origin is at 500,125.2" in page


def test_what_is_invited_is_what_is_read(curator: Browser) -> None:
    page = curator.get("/desk/jobs/scans?lang=en").text
    assert f'accept="{",".join(SCANS_AND_PHOTOS)}"' in page
    assert all(suffix.lstrip(".").upper() in page for suffix in SUFFIXES)
    assert "/desk/jobs/scans" in curator.get("/desk/assets/new").text


def test_broken_scans_fail_with_a_sentence(site: Site, curator: Browser, tmp_path: Path) -> None:
    job = done(site, send(curator, [(scan(tmp_path / "a.ply")[:-70_000], "a.ply")]))
    assert job.state == "failed"
    assert job.failure is not None
    assert "a.ply" in job.failure["message"]["zh"]


def test_scans_that_fit_nothing_are_not_piled_up(site: Site, curator: Browser, tmp_path: Path) -> None:
    ball = np.random.default_rng(7).normal(size=(5000, 3))
    ball = (ball / np.linalg.norm(ball, axis=1, keepdims=True)).astype(np.float32)
    with PlyWriter(tmp_path / "b.ply") as out:
        out.append(Ply(ball, colors=np.full((5000, 3), 90, np.uint8)))
    files = [(scan(tmp_path / "a.ply"), "a.ply"), ((tmp_path / "b.ply").read_bytes(), "b.ply")]
    job = done(site, send(curator, files))
    assert job.failure is not None
    assert job.failure["message"]["en"] == "None of these scans fits another: a.ply, b.ply."


def test_a_surface_is_rebuilt_by_recon_from_scans_and_photos(site: Site, curator: Browser, tmp_path: Path) -> None:
    job_id = send(curator, [(scan(tmp_path / "a.ply"), "a.ply"), (b"text", "b.txt.pdf")], kind="surface", preset="room")
    given: list[tuple[list[str], str]] = []

    def build(source: Path, work: Path, *, preset: str, listener: worker.Listener) -> GltfBundle:
        given.append((sorted(path.name for path in source.iterdir()), preset))
        raise NoReconstruction("no_surface")

    worker.work(site.config, build, build_hall, once=True, say=lambda _: None)
    assert given == [(["a.ply"], "room")]
    page = curator.get(f"/desk/jobs/{job_id}?lang=en").text
    assert "What was scanned" in page
    assert "A room" in page


@pytest.mark.parametrize(
    ("name", "form", "told"),
    [
        ("notes.pdf", {}, "There is no scan that can be read."),
        ("a.ply", {"unit": "cubit"}, "Unit"),
    ],
)
def test_what_cannot_be_queued_is_told(
    curator: Browser, tmp_path: Path, name: str, form: dict[str, str], told: str
) -> None:
    data = {"title_zh": "", "title_en": "", "unit": "auto", **form, "scans": [(io.BytesIO(b"ply"), name)]}
    answer = curator.post("/desk/jobs/scans?lang=en", data)
    assert answer.status_code == 422
    assert told in answer.text
