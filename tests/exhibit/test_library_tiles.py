"""3D Tiles in the library: checked, stored as one file, served one by one, moved with their asset."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import samples
from browser import Browser

from exhibit.documents import contract
from exhibit.errors import BadBundle
from exhibit.halls import services as halls
from exhibit.library import transform
from exhibit.library.bundle import read_bundle
from exhibit.library.services import get_asset, ingest
from exhibit.library.uses import delete_asset
from exhibit.web import Site
from recon.formats.bundle import asset_document, file_entry, write_asset
from recon.formats.gltf import read_gltf
from recon.formats.points import Cloud, cloud_of, write_cloud
from recon.formats.tile_archive import MIME, TileArchiveWriter
from recon.progress import Silent
from recon.stages import tiles
from recon.types import ScanPoints

Document = Any


class Ball:
    """Points on a ball of 1 m over the origin."""

    def __init__(self) -> None:
        points = np.random.default_rng(3).normal(size=(6000, 3))
        self.points = (points / np.linalg.norm(points, axis=1, keepdims=True) + [0, 1, 0]).astype(np.float32)
        self.low, self.high = np.array([-1.0, 0, -1]), np.array([1.0, 2, 1])

    def __len__(self) -> int:
        return len(self.points)

    def blocks(self) -> Iterator[ScanPoints]:
        yield ScanPoints(self.points)


@pytest.fixture(scope="module")
def ball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of a cloud with tiles."""
    folder = tmp_path_factory.mktemp("ball")
    points = Ball()
    made = tiles.build(points, tiles.TilesOptions(), scratch=folder, progress=Silent())
    write_cloud(folder / "model.glb", Cloud(points.points[::4], None))
    (folder / "thumb.webp").write_bytes(samples.picture(kind="WEBP"))
    document = asset_document(
        "cloud",
        {"zh": "球", "en": "Ball"},
        {
            "thumb": file_entry(folder, "thumb.webp"),
            "model": file_entry(folder, "model.glb", points=1500),
            "tiles": {"archive": file_entry(folder, "tiles.3tz", mime=MIME, points=made.num_points)},
        },
        {"method": "scan", "statement": {"zh": "扫描", "en": "Scanned"}},
        unit="metre",
    )
    return write_asset(folder, document)


@pytest.fixture
def kept(site: Site, ball: Path) -> Document:
    ingest(site.database, site.storage, read_bundle(ball, site.config), "ball")
    return document(site)


def document(site: Site) -> Document:
    with site.database.reading() as session:
        return get_asset(session, "ball").document


def shown(client: Browser, document: Document, folder: Path) -> Cloud:
    """The root tile, as a browser finds it from the document."""
    tileset = document["files"]["tiles"]["tileset"]["sha256"]
    root = json.loads(client.get(f"/media/{tileset}").data)["root"]
    (folder / "tile.glb").write_bytes(client.get(f"/media/{root['content']['uri']}").data)
    return cloud_of(read_gltf(folder / "tile.glb"))


def test_tiles_are_served_one_by_one(site: Site, ball: Path, kept: Document, curator: Browser, tmp_path: Path) -> None:
    assert contract.problems("asset", kept) == []
    assert len(shown(curator, kept, tmp_path)) == len(Ball())
    archive = kept["files"]["tiles"]["archive"]["sha256"]
    with zipfile.ZipFile(ball / "tiles.3tz") as packed:
        names = [name for name in packed.namelist() if not name.startswith("@")]
        for name in names:
            plain = curator.get(f"/media/{archive}/{name}")
            assert plain.data == packed.read(name)
            small = curator.get(f"/media/{archive}/{name}", headers={"Accept-Encoding": "gzip, br"})
            is_packed = packed.getinfo(name).compress_type == zipfile.ZIP_DEFLATED
            assert ("Content-Encoding" in small.headers) == is_packed
            assert (gzip.decompress(small.data) if is_packed else small.data) == plain.data
            assert plain.mimetype == ("application/json" if name.endswith(".json") else "model/gltf-binary")
            assert plain.headers["Cache-Control"] == "private, max-age=31536000, immutable"
            again = curator.get(f"/media/{archive}/{name}", headers={"If-None-Match": plain.headers["ETag"]})
            assert again.status_code == 304
    assert names == ["r.glb", "tileset.json"]
    assert len(small.data) < len(plain.data)  # of the tileset, the last
    for wrong in ("r9.glb", "@3dtilesIndex1@", "a/r.glb", "../r.glb", "r.png"):
        assert curator.get(f"/media/{archive}/{wrong}").status_code == 404
    assert curator.get(f"/media/{kept['files']['model']['sha256']}/r.glb").status_code == 404


def test_visitors_see_tiles_of_published_halls_alone(
    site: Site, kept: Document, library: dict[str, Document], visitor: Browser, tmp_path: Path
) -> None:
    archive = kept["files"]["tiles"]["archive"]["sha256"]
    assert visitor.get(f"/media/{archive}/r.glb").status_code == 404
    hall = samples.hall({**library, "ball": kept}, shown=("ball",))
    with site.database.writing() as session:
        halls.publish(session, halls.create_hall(session, hall, slug="ball-hall"), 1)
    answer = visitor.get(f"/media/{archive}/r.glb")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert len(shown(visitor, kept, tmp_path)) == len(Ball())


def test_tiles_move_with_their_asset(site: Site, kept: Document, curator: Browser, tmp_path: Path) -> None:
    before = shown(curator, kept, tmp_path).positions
    for along, length, turn in (("y", "500", "forward"), ("x", "250", "around_right")):
        asked = transform.read(
            {"along": along, "length_cm": length, "rotation": " ".join(map(repr, transform.TURNS[turn]))},
            document(site),
        )
        transform.apply(site.database, site.storage, site.config, "ball", document(site), asked)
    moved = document(site)
    assert moved["files"]["tiles"]["archive"] == kept["files"]["tiles"]["archive"]
    tileset = json.loads(site.storage.path(moved["files"]["tiles"]["tileset"]["sha256"]).read_bytes())
    matrix = np.reshape(tileset["root"]["transform"], (4, 4)).T
    upright = np.column_stack([before[:, 0], -before[:, 2], before[:, 1], np.ones(len(before))]) @ matrix.T
    found = upright[:, [0, 2, 1]] * [1, 1, -1]
    np.testing.assert_allclose(found.min(axis=0), moved["bounds"]["min"], atol=0.02)  # of a quarter of the points
    np.testing.assert_allclose(found.max(axis=0), moved["bounds"]["max"], atol=0.02)
    model = cloud_of(read_gltf(site.storage.path(moved["files"]["model"]["sha256"])))
    distance = np.abs(found[None, ::7] - model.positions[:50, None]).sum(axis=2).min(axis=1)
    assert np.median(distance) < 0.2


def test_tiles_go_with_their_asset(site: Site, kept: Document) -> None:
    hashes = [entry["sha256"] for entry in kept["files"]["tiles"].values()]
    assert all(site.storage.has(each) for each in hashes)
    delete_asset(site.database, site.storage, "ball")
    assert not any(site.storage.has(each) for each in hashes)


def test_the_desk_tells_how_much_there_is(kept: Document, curator: Browser) -> None:
    assert "6,000 points" in curator.get("/desk/assets/ball?lang=en").text
    assert "6,000 个点" in curator.get("/desk/assets/ball?lang=zh").text
    megabytes = sum({e["sha256"]: e["bytes"] for e in _entries(kept)}.values()) / 1e6
    assert f"{megabytes:.1f} MB" in curator.get("/desk/assets/ball/delete?lang=en").text


def _entries(document: Document) -> list[Document]:
    files = document["files"]
    return [files["thumb"], files["model"], *files["tiles"].values()]


@pytest.mark.parametrize(
    ("root", "key"),
    [
        (None, "tileset_broken"),
        ({"content": 5}, "tileset_broken"),
        ({"content": {"uri": "r.glb"}}, "tile_missing"),
        ({"content": {"uri": "a.b3dm"}}, "tile_kind"),
        ({"content": {"uri": "//else/a.glb"}}, "tile_kind"),
        ({"content": {"uri": "picture.glb"}}, "tile_kind"),
        ({"content": {"uri": "tileset.json"}}, "tile_kind"),
        ({"implicitTiling": {}}, "tile_kind"),
    ],
)
def test_broken_tiles_are_refused(site: Site, ball: Path, tmp_path: Path, root: object, key: str) -> None:
    with TileArchiveWriter(tmp_path / "tiles.3tz") as out:
        out.add("tileset.json", json.dumps({"geometricError": 1, "root": root}).encode())
        out.add("picture.glb", b"GIF89a")
        out.add("a.b3dm", b"b3dm")
    document = json.loads((ball / "asset.json").read_text(encoding="utf-8"))
    for name in ("thumb.webp", "model.glb"):
        (tmp_path / name).write_bytes((ball / name).read_bytes())
    document["files"]["tiles"]["archive"] = file_entry(tmp_path, "tiles.3tz", mime=MIME)
    write_asset(tmp_path, document)
    with pytest.raises(BadBundle) as caught:
        read_bundle(tmp_path, site.config)
    assert caught.value.key == key
