"""Splats and point clouds taken into the library."""

from __future__ import annotations

import gzip
import json
import struct
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import open3d as o3d
import pygltflib as gltf
import pytest
from browser import Browser
from khronos import khronos_problems
from PIL import Image
from scipy.spatial.transform import Rotation

from exhibit.config import Config
from exhibit.library.bundle import Told
from exhibit.library.services import get_asset
from exhibit.library.upload import add, opened
from exhibit.web import Site
from recon.formats.errors import BadFile, TooLarge
from recon.formats.gltf import pack_glb, read_gltf
from recon.formats.points import Cloud, PointsDocument, cloud_of, strays, thinned, write_cloud
from recon.formats.splat_drawing import draw_splats
from recon.formats.splat_files import is_splats, read_splats
from recon.formats.splats import EXTENSION, SH0, Splats, most_visible, splats_of, write_splats

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGE = 1 << 30
TOLD = Told({"zh": "匣钵", "en": "A saggar"}, "scan", in_metres=True)


def some_splats(num: int = 600) -> Splats:
    rng = np.random.default_rng(3)
    columns = (
        rng.normal(size=(num, 3)),
        np.exp(rng.uniform(-5, -1, (num, 3))),
        Rotation.random(num, random_state=rng).as_quat(),
        rng.uniform(0.05, 0.95, num),
        rng.uniform(0.1, 0.9, (num, 3)),
    )
    return Splats(*(column.astype(np.float32) for column in columns))


def same(a: Splats, b: Splats, *, place: float, size: float, turn: float, shade: float) -> None:
    """Equal within a length, a ratio, radians and a share of full colour."""
    assert np.abs(a.centres - b.centres).max() <= place
    assert np.abs(np.log(a.scales / b.scales)).max() <= size
    between = (Rotation.from_quat(a.rotations) * Rotation.from_quat(b.rotations).inv()).magnitude()
    assert between.max() <= turn
    assert np.abs(a.opacities - b.opacities).max() <= shade
    assert np.abs(a.colours - b.colours).max() <= shade


def upside_down(splats: Splats) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Centres and rotations (w, x, y, z) in the frame of trained files, Y down and Z ahead."""
    turn = Rotation.from_euler("x", 180, degrees=True)
    x, y, z, w = (turn * Rotation.from_quat(splats.rotations)).as_quat().T
    return turn.apply(splats.centres), np.column_stack([w, x, y, z])


def ply(splats: Splats, kind: str = "float") -> bytes:
    """As the original trainer writes it; editors of large scenes write doubles."""
    centres, wxyz = upside_down(splats)
    logit = np.log(splats.opacities / (1 - splats.opacities))
    rest = np.full((len(splats), 9), 0.1)
    table = np.column_stack(
        [centres, 0 * centres, (splats.colours - 0.5) / SH0, rest, logit, np.log(splats.scales), 2 * wxyz]
    )
    names = ["x", "y", "z", "nx", "ny", "nz", *(f"f_dc_{i}" for i in range(3)), *(f"f_rest_{i}" for i in range(9))]
    names += ["opacity", *(f"scale_{i}" for i in range(3)), *(f"rot_{i}" for i in range(4))]
    head = ["ply", "format binary_little_endian 1.0", f"element vertex {len(splats)}"]
    lines = [*head, *(f"property {kind} {name}" for name in names), "end_header", ""]
    return "\n".join(lines).encode() + table.astype("<f4" if kind == "float" else "<f8").tobytes()


def spz(splats: Splats, version: int) -> bytes:
    """As Niantic's library packs it, of degree 1."""
    x, y, z, _ = np.where(splats.rotations[:, 3:] < 0, -splats.rotations, splats.rotations).T
    fixed = np.round(splats.centres * 4096).astype("<i4").view(np.uint8).reshape(-1, 4)
    if version == 2:
        turns = np.round(np.column_stack([x, y, z]) * 127.5 + 127.5).astype(np.uint8).tobytes()
    else:
        turns = b"".join(smallest_three(quaternion) for quaternion in splats.rotations)
    streams = [
        fixed.reshape(-1, 3, 4)[..., :3].tobytes(),
        np.round(splats.opacities * 255).astype(np.uint8).tobytes(),
        np.round(((splats.colours - 0.5) / SH0 * 0.15 + 0.5) * 255).astype(np.uint8).tobytes(),
        np.round((np.log(splats.scales) + 10) * 16).astype(np.uint8).tobytes(),
        turns,
        bytes([128]) * 9 * len(splats),
    ]
    head = struct.pack("<4sIIBBBB", b"NGSP", version, len(splats), 1, 12, 0, len(streams) if version == 4 else 0)
    if version < 4:
        return gzip.compress(head + b"".join(streams))
    packed = [zstd.compress(stream) for stream in streams]
    table = b"".join(struct.pack("<QQ", len(p), len(s)) for p, s in zip(packed, streams, strict=True))
    return head + struct.pack("<I12x", 32) + table + b"".join(packed)


def smallest_three(quaternion: np.ndarray[Any, Any]) -> bytes:
    largest = int(np.argmax(np.abs(quaternion)))
    flip = quaternion[largest] < 0
    word = largest
    for i, value in enumerate(quaternion):
        if i != largest:
            word = word << 10 | int((value < 0) != flip) << 9 | round(511 * abs(float(value)) / np.sqrt(0.5))
    return struct.pack("<I", word)


def records(splats: Splats) -> bytes:
    centres, wxyz = upside_down(splats)
    rows = np.zeros(len(splats), [("xyz", "<f4", 3), ("scale", "<f4", 3), ("rgba", "u1", 4), ("wxyz", "u1", 4)])
    rows["xyz"], rows["scale"] = centres, splats.scales
    rows["rgba"] = np.round(np.column_stack([splats.colours, splats.opacities]) * 255)
    rows["wxyz"] = np.round(wxyz * 128 + 128).clip(0, 255)
    return rows.tobytes()


@pytest.mark.parametrize(
    ("name", "write", "within"),
    [
        ("a.ply", ply, {"place": 1e-6, "size": 1e-5, "turn": 1e-3, "shade": 1e-5}),
        ("a.spz", lambda splats: spz(splats, 2), {"place": 2e-4, "size": 0.04, "turn": 0.2, "shade": 5e-3}),
        ("a.spz", lambda splats: spz(splats, 3), {"place": 2e-4, "size": 0.04, "turn": 0.01, "shade": 5e-3}),
        ("a.spz", lambda splats: spz(splats, 4), {"place": 2e-4, "size": 0.04, "turn": 0.01, "shade": 5e-3}),
        ("a.splat", records, {"place": 1e-6, "size": 1e-5, "turn": 0.03, "shade": 2.1e-3}),
    ],
    ids=["ply", "spz2", "spz3", "spz4", "splat"],
)
def test_every_kind_of_file_says_the_same(name: str, write: Any, within: dict[str, float], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(write(some_splats()))
    assert is_splats(path, name)
    same(read_splats(path, max_bytes=LARGE), some_splats(), **within)


def test_gltf_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "a.glb"
    write_splats(path, some_splats())
    unknown = {f"{EXTENSION}:{name}" for name in ("ROTATION", "SCALE", "OPACITY", "SH_DEGREE_0_COEF_0")}
    found = khronos_problems(path)  # the validator is older than the extension, whose attributes are all that it finds
    assert {problem.rsplit("/", 1)[-1] for problem in found} == unknown
    assert len(found) == len(unknown)
    read = splats_of(read_gltf(path, max_bytes=LARGE))
    same(read, some_splats(), place=1e-4, size=0.022, turn=0.02, shade=2.1e-3)


def test_a_lone_gaussian_is_drawn_as_its_equation_says() -> None:
    """One at 4 m, deviations 0.2 by 0.05 m, seen at 100 px a metre."""

    def row(*values: float) -> np.ndarray[Any, np.dtype[np.float32]]:
        return np.array([values], np.float32)

    turned = Rotation.from_euler("z", 30, degrees=True).as_quat()
    splat = Splats(row(0, 0, -4), row(0.2, 0.05, 0.01), row(*turned), np.array([0.8], np.float32), row(1, 0.5, 0))
    picture = draw_splats(splat, np.eye(4), np.degrees(2 * np.arctan(0.25)), 200, 200)
    right, up = np.meshgrid(np.arange(200) + 0.5 - 100, 100 - np.arange(200) - 0.5)
    along = right * np.cos(np.pi / 6) + up * np.sin(np.pi / 6)
    across = up * np.cos(np.pi / 6) - right * np.sin(np.pi / 6)
    squared = along**2 / (20**2 + 0.3) + across**2 / (5**2 + 0.3)
    thin = 20 * 5 / np.sqrt((20**2 + 0.3) * (5**2 + 0.3))
    expected = np.where(squared <= 9, 0.8 * thin * np.exp(-squared / 2), 0)
    assert np.abs(picture[..., 3] - expected).max() < 0.01
    assert np.abs(picture[..., 0] - picture[..., 3]).max() < 1e-6
    assert np.abs(picture[..., 1] - picture[..., 3] / 2).max() < 1e-6


def test_the_nearest_hides_the_others() -> None:
    columns = ([[0, 0, -3], [0, 0, -2]], [[1, 1, 0.01]] * 2, [[0, 0, 0, 1]] * 2, [0.99, 0.99], [[1, 0, 0], [0, 0, 1]])
    picture = draw_splats(Splats(*(np.array(column, np.float32) for column in columns)), np.eye(4), 60, 20, 20)
    assert picture[10, 10, 2] > 0.97
    assert picture[10, 10, 0] < 0.02


def test_fewer_splats_are_those_that_show_most() -> None:
    splats = some_splats(1000)
    few = most_visible(splats, 100)
    axes = np.sort(splats.scales, axis=1)
    weight = splats.opacities * axes[:, 1] * axes[:, 2]
    assert len(few) == 100
    kept = {tuple(centre) for centre in few.centres}
    assert kept == {tuple(centre) for centre in splats.centres[np.argsort(weight)[-100:]]}


def test_a_broken_file_is_refused_and_said(tmp_path: Path) -> None:
    whole = {"a.ply": ply(some_splats()), "a.spz": spz(some_splats(), 4), "b.spz": spz(some_splats(), 3)}
    for name, content in whole.items():
        for cut in (40, len(content) // 2):
            (tmp_path / name).write_bytes(content[:cut])
            with pytest.raises(BadFile) as refused:
                read_splats(tmp_path / name, max_bytes=LARGE)
            assert refused.value.key in ("model_broken", "spz_version", "cut_short", "ply_header")
    (tmp_path / "c.splat").write_bytes(records(some_splats())[:-1])
    with pytest.raises(BadFile):
        read_splats(tmp_path / "c.splat", max_bytes=LARGE)
    bomb = spz(some_splats(), 3)
    opened_up = bytearray(gzip.decompress(bomb))
    opened_up[8:12] = struct.pack("<I", 1 << 31)
    (tmp_path / "d.spz").write_bytes(gzip.compress(bytes(opened_up)))
    with pytest.raises(TooLarge):
        read_splats(tmp_path / "d.spz", max_bytes=LARGE)


def test_real_splats(real_data: Path, tmp_path: Path) -> None:
    """A guitar of SuperSplat's and a biker of SPZ 4, both upright."""
    for name, metres in (("guitar.compressed.ply", 4.3), ("biker.spz", 3.1)):
        splats = read_splats(real_data / "splats" / name, max_bytes=LARGE)
        low, high = splats.bounds()
        assert high[1] - low[1] == pytest.approx(metres, abs=0.1)
        assert (high - low).argmax() == 1
        assert low[1] == pytest.approx(0, abs=0.1)  # on the ground
    with opened(real_data / "splats" / "biker.spz", TOLD, Config(data=tmp_path)) as bundle:
        assert (bundle.document["kind"], bundle.document["origin"]["method"]) == ("splat", "scan")
        thumb, *models = bundle.files
        with Image.open(thumb[0]) as picture:
            covered = np.asarray(picture.convert("RGBA"))[..., 3] > 128
        rows, columns = np.nonzero(covered)
        assert rows.max() - rows.min() > 600  # stands as high as the picture
        assert columns.max() - columns.min() < 350
        lighter = bundle.document["files"]["lods"]
        assert [entry["points"] for entry in lighter] == [bundle.document["files"]["model"]["points"] // 4]
        assert len(models) == 2


@pytest.mark.parametrize("kind", ["ply", "glb"])
def test_a_cloud_stands_on_the_floor_in_levels(kind: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    points = rng.uniform([3, -2, 5], [5, 1, 6], (260_000, 3))
    colours = rng.integers(0, 256, points.shape).astype(np.uint8)
    source = tmp_path / f"scan.{kind}"
    if kind == "ply":
        cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))
        cloud.colors = o3d.utility.Vector3dVector(colours / 255)
        o3d.io.write_point_cloud(str(source), cloud)
    else:
        write_cloud(source, Cloud(points.astype(np.float32), colours))
        assert khronos_problems(source) == []
    with opened(source, TOLD, Config(data=tmp_path)) as bundle:
        document = bundle.document
        assert document["kind"] == "cloud"
        np.testing.assert_allclose(document["bounds"]["min"], [-1, 0, -0.5], atol=1e-3)
        np.testing.assert_allclose(document["bounds"]["max"], [1, 3, 0.5], atol=1e-3)
        sizes = [document["files"]["model"]["points"], *(lod["points"] for lod in document["files"]["lods"])]
        assert sizes[0] == len(points)
        assert all(2.5 * fewer < more for more, fewer in pairwise(sizes))
        shown = cloud_of(read_gltf(bundle.files[1][0], max_bytes=LARGE))
        assert shown.colours is not None
        moved = points - [4, -2, 5.5]
        np.testing.assert_allclose(shown.positions, moved, atol=1e-4)
        assert np.abs(shown.colours.astype(int) - colours).max() <= 1
        assert json.dumps(document)


UTM = np.array([500_000.25, 30.0, -4_649_776.5])  # easting, height, and northing to the south
STRAYS = np.array([[0, 0, 0], [500_000.25, 30.0, 9e6], [5e5, -4e5, -4.6e6]])


def utm_cloud(kind: str, path: Path, places: np.ndarray[Any, Any]) -> None:
    """The places in the world's own coordinates, with strays: a scanner's origin, a bird, a point below the ground."""
    if kind == "glb":  # a node carries them there
        document = PointsDocument()
        document.model.nodes = [gltf.Node(mesh=0, translation=UTM.tolist())]
        near = np.concatenate([places, STRAYS - UTM]).astype(np.float32)
        document.show({"POSITION": document.vertices(near, bounds=True)})
        document.write(path)
        return
    points = np.concatenate([places + UTM, STRAYS])
    form = {"ascii": "ascii", "big": "binary_big_endian", "little": "binary_little_endian"}[kind]
    axes = "".join(f"property double {axis}\n" for axis in "xyz")
    head = f"ply\nformat {form} 1.0\nelement vertex {len(points)}\n{axes}end_header\n".encode()
    if kind == "ascii":
        path.write_bytes(head + "".join(f"{x!r} {y!r} {z!r}\n" for x, y, z in points.tolist()).encode())
    else:
        path.write_bytes(head + points.astype(">f8" if kind == "big" else "<f8").tobytes())


@pytest.mark.parametrize("kind", ["little", "big", "ascii", "glb"])
def test_a_cloud_far_from_the_origin_keeps_its_shape_and_strays_are_named(kind: str, tmp_path: Path) -> None:
    places = np.random.default_rng(9).uniform([0, 0, 0], [40, 10, 30], (20_000, 3))
    source = tmp_path / f"utm.{'glb' if kind == 'glb' else 'ply'}"
    utm_cloud(kind, source, places)
    with opened(source, TOLD, Config(data=tmp_path)) as bundle:
        document = bundle.document
        (warning,) = document["warnings"]
        assert isinstance(warning, dict)
        assert warning["en"].startswith("3 of 20003 points lay so far from all others")
        assert warning["zh"].startswith("共 20003 个点，其中 3 个")
        assert document["files"]["model"]["points"] == 20_000
        shown = cloud_of(read_gltf(bundle.files[1][0], max_bytes=LARGE)).positions
        middle = np.array([20, 0, 15])
        np.testing.assert_allclose(document["offset"], UTM + middle, atol=0.01)
        np.testing.assert_allclose(document["offset"] + shown.astype(float), places + UTM, atol=40 / 65535)


@pytest.mark.parametrize("kind", ["ply", "glb"])
def test_splats_far_from_the_origin_keep_their_places(kind: str, tmp_path: Path) -> None:
    splats = some_splats(5_000)
    source = tmp_path / f"utm.{kind}"
    if kind == "ply":
        far = replace(splats, centres=np.concatenate([splats.centres[:-3] + UTM, STRAYS]))
        source.write_bytes(ply(far, "double"))
    else:
        write_splats(source, splats)
        read = read_gltf(source)
        read.document["nodes"][0]["translation"] = (read.document["nodes"][0]["translation"] + UTM).tolist()
        source.write_bytes(pack_glb(read.document, read.binary))
    kept = splats.centres[: 4_997 if kind == "ply" else 5_000]
    with opened(source, TOLD, Config(data=tmp_path)) as bundle:
        assert len(bundle.document.get("warnings", [])) == (kind == "ply")
        shown = splats_of(read_gltf(bundle.files[1][0], max_bytes=LARGE))
        place = np.asarray(bundle.document["offset"]) + shown.centres
        np.testing.assert_allclose(place, kept + UTM, atol=3 * float(np.ptp(kept, axis=0).max()) / 65535)


def test_what_lies_apart_but_not_far_is_no_stray() -> None:
    near = np.random.default_rng(4).uniform(-1, 1, (1000, 3))
    assert strays(np.concatenate([near, [[15, 0, 0], [0, -20, 0], [0, 0, 30]]])).tolist() == [False] * 1002 + [True]
    assert not strays(np.concatenate([np.zeros((500, 3)), np.ones((1, 3))])).any()  # no size to compare with


def test_they_travel_compressed(curator: Browser, site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_bytes(ply(some_splats(20_000)))
    asset, _ = add(tmp_path / "a.ply", TOLD, site.config, site.database, site.storage)
    with site.database.reading() as session:
        file = get_asset(session, asset).document["files"]["model"]
    answer = curator.get(f"/media/{file['sha256']}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 0.6 * file["bytes"]
    assert gzip.decompress(answer.data) == site.storage.path(file["sha256"]).read_bytes()


def test_thinning_is_even() -> None:
    """Where a scan is denser by far, it is thinned by more."""
    rng = np.random.default_rng(6)
    dense, sparse = rng.uniform(0, 1, (90_000, 3)), rng.uniform([1, 0, 0], [2, 1, 1], (10_000, 3))
    cloud = Cloud(np.concatenate([dense, sparse]).astype(np.float32), None)
    few = thinned(cloud, 8_000)
    assert 7_000 < len(few) <= 8_000
    right = float((few.positions[:, 0] > 1).mean())
    assert 0.35 < right < 0.65


def test_splats_are_no_measured_surface_however_they_were_made(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_bytes(ply(some_splats()))
    with opened(tmp_path / "a.ply", Told(TOLD.title), Config(data=tmp_path)) as bundle:
        origin = bundle.document["origin"]
        assert origin["method"] == "not-stated"
        assert origin["statement"]["en"].endswith("they are no measured surface.")
