"""Clouds as 3D Tiles: every point is in one tile, near its place; memory, resume and the archive's format."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from khronos import khronos_problems
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.errors import BadModel
from recon.formats.errors import BadFile
from recon.formats.gltf import read_gltf
from recon.formats.gltf_arrays import fractions
from recon.formats.gltf_scene import Scene
from recon.formats.point_tile import FINE, point_tile
from recon.formats.points import Cloud, cloud_of
from recon.formats.srgb import decoded
from recon.formats.tile_archive import Packed, TileArchiveWriter, tile_archive
from recon.geometry.point_tiles import MOST, Cube, cells_of
from recon.progress import Silent
from recon.stages import tiles
from recon.stages.tiles import TilesOptions
from recon.types import ScanPoints, TiledCloud

SMALL = TilesOptions(run_points=30_000, chunk_points=60_000)
EXTRAS = {"unit": "metre"}
Json = dict[str, Any]
Floats = NDArray[np.float64]


@dataclass
class Room:
    """Floor, walls and a dense post: (N, 3) points in blocks of uneven sizes."""

    points: NDArray[np.float32]
    colors: NDArray[np.uint8]
    classes: NDArray[np.uint8] | None = None

    @classmethod
    def of(cls, count: int, *, size: float = 8.0, at: float = 0.0) -> Room:
        rng = np.random.default_rng(7)
        u, v = rng.random((2, count)) * size
        points = np.stack([u, np.zeros(count), v], axis=1)
        wall = rng.integers(0, 4, count)
        points[wall == 1] = points[wall == 1][:, [1, 0, 2]]
        points[wall == 2] = points[wall == 2][:, [0, 2, 1]]
        post = wall == 3
        points[post] = points[post] * [0.02, 0, 0.02] + rng.random((int(post.sum()), 3)) * [0, size / 4, 0] + size / 2
        points += rng.normal(size=points.shape) * 0.0004 * size + at
        return cls(points.astype(np.float32), rng.integers(0, 256, (count, 3)).astype(np.uint8))

    @property
    def low(self) -> Floats:
        return np.asarray(np.nan_to_num(self.points.astype(np.float64)).min(axis=0))

    @property
    def high(self) -> Floats:
        return np.asarray(np.nan_to_num(self.points.astype(np.float64)).max(axis=0))

    def __len__(self) -> int:
        return len(self.points)

    def blocks(self) -> Iterator[ScanPoints]:
        for start in range(0, len(self), 17_001):
            block = slice(start, start + 17_001)
            classes = None if self.classes is None else self.classes[block]
            yield ScanPoints(self.points[block], self.colors[block], None, classes)


@pytest.fixture(scope="module")
def room() -> Room:
    return Room.of(400_000)


@pytest.fixture(scope="module")
def made(room: Room, tmp_path_factory: pytest.TempPathFactory) -> TiledCloud:
    return tiles.build(room, SMALL, scratch=tmp_path_factory.mktemp("tiles"), progress=Silent(), extras=EXTRAS)


def shown(path: Path, name: str, folder: Path) -> Cloud:
    """The points of one tile."""
    with tile_archive(path) as archive:
        packed = archive.get(name)
        assert packed is not None
        (folder / "tile.glb").write_bytes(packed.unpacked())
    return cloud_of(read_gltf(folder / "tile.glb"))


def nodes(path: Path, name: str = "tileset.json") -> Iterator[tuple[Json, Json | None]]:
    """(tile, its parent) of the tileset and of those that it names."""
    with tile_archive(path) as archive:
        packed = archive.get(name)
        assert packed is not None
        todo: list[tuple[Json, Json | None]] = [(json.loads(packed.unpacked())["root"], None)]
    while todo:
        tile, parent = todo.pop()
        if tile.get("content", {}).get("uri", "").endswith(".json"):
            for below, above in nodes(path, tile["content"]["uri"]):
                yield below, above or parent
        else:
            yield tile, parent
        todo += [(child, tile) for child in tile.get("children", ())]


def box(tile: Json) -> tuple[Floats, Floats]:
    """(centre, half axes), +Z up."""
    numbers = np.array(tile["boundingVolume"]["box"])
    return numbers[:3], np.diag(numbers[3:].reshape(3, 3))


def everything(path: Path, folder: Path) -> Cloud:
    clouds = [shown(path, tile["content"]["uri"], folder) for tile, _ in nodes(path) if "content" in tile]
    colors = [cloud.colours for cloud in clouds if cloud.colours is not None]
    return Cloud(np.concatenate([cloud.positions for cloud in clouds]), np.concatenate(colors))


def test_every_point_is_in_one_tile(room: Room, made: TiledCloud, tmp_path: Path) -> None:
    found = everything(made.path, tmp_path)
    assert len(found) == made.num_points == len(room) - made.coincident
    assert made.coincident < 10
    distance, which = map(np.asarray, cKDTree(room.points).query(found.positions))
    assert found.colours is not None
    assert distance.max() < FINE / 2 * 3**0.5
    assert len(np.unique(which)) > 0.999 * len(room)
    assert np.abs(found.colours[distance < 1e-5].astype(int) - room.colors[which[distance < 1e-5]]).max() <= 13


def test_it_is_a_tileset_of_points(made: TiledCloud, tmp_path: Path) -> None:
    found = list(nodes(made.path))
    assert len([tile for tile, _ in found if "content" in tile]) == made.num_tiles
    for tile, parent in found:
        centre, half = box(tile)
        if parent is not None:
            outer, reach = box(parent)
            assert (np.abs(centre - outer) + half <= reach + 1e-9).all()
            assert 0 < tile["geometricError"] < parent["geometricError"]
        if "content" in tile:
            points = shown(made.path, tile["content"]["uri"], tmp_path).positions[:, [0, 2, 1]] * [1, -1, 1]
            assert len(points) <= MOST
            assert (np.abs(points - centre) <= half + 1e-6).all()
    first = next(tile for tile, parent in found if parent is None)
    assert khronos_problems(tmp_path / "tile.glb") == []
    root = shown(made.path, first["content"]["uri"], tmp_path)
    gaps = np.asarray(cKDTree(root.positions).query(root.positions, k=2)[0])[:, 1]
    assert np.median(gaps) == pytest.approx(first["geometricError"], rel=0.35)


def test_a_kill_costs_one_run_or_chunk(room: Room, made: TiledCloud, tmp_path: Path) -> None:
    class Killed(Silent):
        left = 0

        def advance(self, done: int = 1) -> None:
            Killed.left -= 1
            if Killed.left == 0:
                raise KeyboardInterrupt

    for after in (3, 12, 17):
        Killed.left = after
        with pytest.raises(KeyboardInterrupt):
            tiles.build(room, SMALL, scratch=tmp_path, progress=Killed())
        done = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*.json")}
        assert len(done) >= min(after, 14)
    again = tiles.build(room, SMALL, scratch=tmp_path, progress=Silent(), extras=EXTRAS)
    assert again.path.read_bytes() == made.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["tiles.3tz"]


def test_large_tilesets_name_others(
    room: Room, made: TiledCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "_INLINE", 3)
    apart = tiles.build(room, SMALL, scratch=tmp_path, progress=Silent())
    with tile_archive(apart.path) as archive:
        names = [name for name, _ in archive.all()]
    assert sum(name.endswith(".json") for name in names) == 3
    assert (apart.num_tiles, apart.num_points) == (made.num_tiles, made.num_points)

    def plain(path: Path) -> list[tuple[str, float]]:
        return sorted((tile["content"]["uri"], tile["geometricError"]) for tile, _ in nodes(path) if "content" in tile)

    assert plain(apart.path) == plain(made.path)


def test_points_in_one_place_and_nowhere(tmp_path: Path) -> None:
    room = Room.of(3000)
    room.points[1000:2000] = room.points[0]
    room.points[5] = np.nan
    progress = Silent()
    made = tiles.build(room, SMALL, scratch=tmp_path, progress=progress)
    assert (made.num_points, made.coincident) == (1999, 1000)
    assert any("1 of 3000" in each for each in progress.warnings)
    assert any("1000 of 3000" in each for each in progress.warnings)
    room.points[:] = np.nan
    with pytest.raises(BadModel, match="no point"):
        tiles.build(room, SMALL, scratch=tmp_path, progress=Silent())


def test_classes_and_colours_survive(tmp_path: Path) -> None:
    room = Room.of(2000)
    room.classes = (np.arange(2000) % 7).astype(np.uint8)
    made = tiles.build(room, SMALL, scratch=tmp_path, progress=Silent())
    with tile_archive(made.path) as archive:
        glb = archive.get("r.glb")
    assert glb is not None
    (tmp_path / "r.glb").write_bytes(glb.unpacked())
    assert khronos_problems(tmp_path / "r.glb") == []
    (points,) = Scene(read_gltf(tmp_path / "r.glb")).points(limit=2000)
    which = cKDTree(room.points).query(points.positions)[1]
    assert np.array_equal(points.attributes["_CLASSIFICATION"].ravel(), room.classes[which])


def test_dark_colours_keep_their_mean(tmp_path: Path) -> None:
    """8 bits of linear light are coarse in the dark: 20 and 21 of sRGB would become the same."""
    cells = np.stack(np.unravel_index(np.arange(4096), (16, 16, 16)), axis=1).astype(np.uint32)
    for value in (5, 20, 21, 90, 200):
        glb, _, _ = point_tile(cells, (0, 0, 0), 0.01, np.full((4096, 3), value, np.uint8), None)
        (tmp_path / "tile.glb").write_bytes(glb)
        (points,) = Scene(read_gltf(tmp_path / "tile.glb")).points(limit=4096)
        mean = fractions(points.attributes["COLOR_0"]).mean(axis=0)
        assert mean[:3] * 255 == pytest.approx(decoded(np.full(3, value / 255)) * 255, abs=0.5 if value > 128 else 0.02)


def test_large_tiles_are_exact(tmp_path: Path) -> None:
    """A tile of a kilometre: 16 bits would move points by 8 mm."""
    cells = np.array([[0, 0, 0], [2**21 - 1, 5, 7], [12_345, 2**20 + 1, 3]], np.uint32)
    step = 1000 / 2**21
    glb, low, high = point_tile(cells, (100.0, 0.0, -4.0), step, None, None)
    (tmp_path / "tile.glb").write_bytes(glb)
    assert khronos_problems(tmp_path / "tile.glb") == []
    found = cloud_of(read_gltf(tmp_path / "tile.glb"))
    np.testing.assert_allclose(found.positions + found.offset, cells * step + [100, 0, -4], atol=1e-4)
    np.testing.assert_allclose([low, high], [[100, 0, -4], cells.max(0) * step + [100, 0, -4]], atol=1e-9)


def test_the_archive_is_a_zip(tmp_path: Path) -> None:
    files = {f"r{i}.glb": bytes([i % 256]) * i for i in range(300)}
    with TileArchiveWriter(tmp_path / "a.3tz") as out:
        for name, data in files.items():
            out.add(name, data)
    with zipfile.ZipFile(tmp_path / "a.3tz") as read:
        assert read.testzip() is None
        assert read.namelist() == [*files, "@3dtilesIndex1@"]
        assert all(read.read(name) == data for name, data in files.items())
    with tile_archive(tmp_path / "a.3tz") as archive:
        assert len(archive) == 300
        assert {name: packed.unpacked() for name, packed in archive.all()} == files
        assert archive.get("r300.glb") is None
        packed = archive.get("r200.glb")
        assert packed is not None
        assert gzip.decompress(packed.gzipped()) == files["r200.glb"]


def test_a_broken_archive_is_refused(made: TiledCloud, tmp_path: Path) -> None:
    whole = made.path.read_bytes()
    for name, data in {"short": whole[:-40], "empty": b"", "zip": b"PK\x05\x06" + b"\0" * 18}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadFile, match="not a whole archive"), tile_archive(tmp_path / name):
            pass
    with pytest.raises(ValueError, match="broken"):
        Packed(b"abc", 3, 0, deflated=False).unpacked()


def test_keys_lead_back_to_cells() -> None:
    rng = np.random.default_rng(1)
    cells = rng.integers(0, 2**21, (1000, 3)).astype(np.uint32)
    cube = Cube((-3.0, 0.0, 10.0), 0.25)
    assert np.array_equal(cells_of(cube.keys(cells * 0.25 + [-3, 0, 10])), cells)
    with pytest.raises(ValueError, match="outside"):
        cube.keys(np.array([[-4.0, 1.0, 11.0]]))
