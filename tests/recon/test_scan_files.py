"""Scan files of every format become scans of ours: counts, places, colours, units; what is killed goes on."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import laspy
import numpy as np
import pye57
import pytest
from PIL import Image
from pye57 import libe57
from test_ply import cloud, save

from recon.errors import BadScan
from recon.formats import scan_import
from recon.geometry.spacing import median_spacing
from recon.progress import Silent
from recon.stages import scans
from recon.types import ScanSet


def built(source: Path, scratch: Path, told: Silent | None = None, **options: object) -> ScanSet:
    scratch.mkdir(exist_ok=True)
    chosen = scans.ScansOptions(**options)  # type: ignore[arg-type]
    return scans.build(source, chosen, scratch=scratch, progress=told or Silent())


def save_las(path: Path, points: np.ndarray) -> None:
    """Points (N, 3) as LAS 1.2 with colours of 16 bits; LAZ by the name's ending."""
    header = laspy.LasHeader(point_format=3, version="1.2")
    header.scales, header.offsets = np.full(3, 0.001), np.floor(points.mean(0))
    las = laspy.LasData(header)
    las.xyz = points
    las.intensity = np.arange(len(points)) % 256
    las.red = las.green = las.blue = np.full(len(points), 257 * 100)
    las.classification = np.full(len(points), 6)
    las.write(path)


def test_a_folder_of_scans(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    (folder / "厂房").mkdir(parents=True)
    save(folder / "hall.ply", cloud())
    far = np.random.default_rng(0).random((500, 3)) * [20, 10, 5] + [500_000, 3_500_000, 40]
    save_las(folder / "厂房" / "bay.laz", far)
    (folder / "empty.ply").write_bytes(b"ply\nformat ascii 1.0\nelement vertex 0\nproperty float x\nend_header\n")
    (folder / "notes.docx").write_bytes(b"x")
    told = Silent()
    found = built(folder, tmp_path / "work", told)
    assert [s.name for s in found] == ["hall.ply", "厂房/bay.laz"]
    assert [name for name, _ in found.set_aside] == ["empty.ply"]
    hall, bay = found
    assert (len(hall), hall.posed, hall.crs) == (100, False, None)
    read = next(iter(hall.blocks()))
    for part in ("points", "colors", "intensity", "classes"):
        assert np.array_equal(getattr(read, part), getattr(cloud(), part)), part
    read = bay.sample(500)
    placed = read.points.astype(np.float64) + bay.file_from_scan[:3, 3]
    assert np.abs(placed - far).max() < 0.0006
    assert bay.posed
    assert np.abs(bay.low).max() < 20
    assert np.unique(np.asarray(read.colors)).tolist() == [100]
    assert np.unique(np.asarray(read.classes)).tolist() == [6]
    assert np.allclose(np.asarray(read.intensity), np.arange(500) % 256 / 255)


@pytest.mark.parametrize("spacing", [0.0, 0.5])
def test_what_was_killed_goes_on_behind_its_last_block(tmp_path: Path, spacing: float) -> None:
    save(tmp_path / "hall.ply", cloud(1000))
    arguments = (str(tmp_path / "hall.ply"), "hall.ply", str(tmp_path), None, spacing)
    stopped = scan_import.take(*arguments, size=100)
    for _ in range(4):
        next(stopped)
    del stopped  # as a kill would
    with (tmp_path / "0.ply.partial").open("ab") as partial:
        partial.write(b"half a block")
    shares = list(scan_import.take(*arguments, size=100))
    assert shares == [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1]  # the first four blocks are not read again
    saved = (tmp_path / "0.ply").read_bytes()
    assert list(scan_import.take(*arguments, size=100)) == [1, 1]
    assert (tmp_path / "0.ply").read_bytes() == saved
    (again := tmp_path / "again").mkdir()
    list(scan_import.take(*arguments[:2], str(again), *arguments[3:]))
    assert (again / "0.ply").read_bytes() == saved


def test_millimetres_are_asked_about(tmp_path: Path) -> None:
    shop = np.random.default_rng(0).random((500, 3)) * [16_000, 10_000, 5_000]
    save_las(tmp_path / "shop.las", shop)
    with pytest.raises(BadScan, match="perhaps they are millimetres") as asked:
        built(tmp_path, tmp_path / "work")
    assert "scans.unit=millimetre" in asked.value.hint()
    (scan,) = built(tmp_path, tmp_path / "other", unit="millimetre")
    assert np.allclose(scan.high - scan.low, [16, 10, 5], atol=0.3)


def test_thinned_while_it_is_read(tmp_path: Path) -> None:
    ply = cloud(2000)
    save(tmp_path / "hall.ply", ply)
    told = Silent()
    (scan,) = built(tmp_path, tmp_path / "work", told, least_spacing_m=0.5)
    assert len(scan) == len(np.unique(np.floor(ply.points / 0.5), axis=0))
    assert f"{2000 - len(scan):,} points" in told.warnings[0]


def matrix(yaw: float, x: float, y: float, z: float) -> np.ndarray:
    pose = np.eye(4)
    pose[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    pose[:3, 3] = x, y, z
    return pose


def save_e57(path: Path, stations: list[tuple[np.ndarray, np.ndarray]], pictures: list[tuple[int, bytes]]) -> None:
    """Stations are points (N, 3) with colours, and poses (4, 4); pictures are JPEGs of 40 x 30 px of these stations."""
    file = pye57.E57(str(path), mode="w")
    root, guids = file.image_file, list[str]()
    for points, pose in stations:
        columns = {f"cartesian{axis}": points[:, i] for i, axis in enumerate("XYZ")}
        columns |= {f"color{name}": np.full(len(points), 50 + i) for i, name in enumerate(("Red", "Green", "Blue"))}
        columns["cartesianInvalidState"] = (np.arange(len(points)) < 3).astype(np.int8)
        yaw = np.arctan2(pose[1, 0], pose[0, 0]) / 2
        file.write_scan_raw(columns, rotation=np.array([np.cos(yaw), 0, 0, np.sin(yaw)]), translation=pose[:3, 3])
        guids.append(file.data3d[len(guids)]["guid"].value())
    for station, content in pictures:
        node, inside = libe57.StructureNode(root), libe57.StructureNode(root)
        file.root["images2D"].append(node)
        node.set("name", libe57.StringNode(root, "north"))
        node.set("associatedData3DGuid", libe57.StringNode(root, guids[station]))
        pose_node, moved = libe57.StructureNode(root), libe57.StructureNode(root)
        node.set("pose", pose_node)
        pose_node.set("translation", moved)
        for axis, value in zip("xyz", stations[station][1][:3, 3], strict=True):
            moved.set(axis, libe57.FloatNode(root, float(value)))
        node.set("pinholeRepresentation", inside)
        blob = libe57.BlobNode(root, len(content))
        inside.set("jpegImage", blob)
        blob.write(np.frombuffer(content, np.uint8), 0, len(content))
        for key, number in (("imageWidth", 40), ("imageHeight", 30)):
            inside.set(key, libe57.IntegerNode(root, number))
        for key, length in (
            ("focalLength", 0.005), ("pixelWidth", 0.0001), ("pixelHeight", 0.0001),
            ("principalPointX", 20.0), ("principalPointY", 15.0),
        ):  # fmt: skip
            inside.set(key, libe57.FloatNode(root, length))
    file.close()


def test_stations_and_pictures_of_e57(tmp_path: Path) -> None:
    points = np.random.default_rng(1).random((200, 3)) * 8 + 1
    poses = [np.eye(4), matrix(0.5, 500_010, 3_500_020, 3)]
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    save_e57(tmp_path / "hall.e57", [(points, pose) for pose in poses], [(1, content.getvalue()), (1, b"no picture")])
    told = Silent()
    first, second = built(tmp_path / "hall.e57", tmp_path / "work", told)
    assert (first.name, second.name) == ("hall.e57#1", "hall.e57#2")
    assert (len(first), len(second)) == (197, 197)
    assert told.warnings[0] == "3 points of hall.e57#1 (1.5%) were left out: the file marks them as invalid."
    assert told.warnings[-1] == "1 of the 2 pictures in hall.e57 cannot be decoded and are set aside."
    assert first.posed and second.posed  # noqa: PT018 - the identity is meant, since the other pose is none
    assert np.allclose(second.file_from_scan, poses[1])
    assert np.allclose(second.sample(200).points, points[3:], atol=1e-6)
    assert np.asarray(second.sample(200).colors)[0].tolist() == [50, 51, 52]
    assert not first.pictures
    (picture,) = second.pictures
    assert (picture.name, picture.width, picture.height, picture.projection) == ("north", 40, 30, "pinhole")
    assert np.allclose(np.asarray(picture.k), [[50, 0, 20], [0, 50, 15], [0, 0, 1]])
    forward, up = picture.scan_from_camera[:3, 2], -picture.scan_from_camera[:3, 1]
    assert np.allclose(forward, [0, 0, -1])  # E57's camera looks along -Z, +Y is up in its picture
    assert np.allclose(up, matrix(-0.5, 0, 0, 0)[:3, 1])
    assert np.allclose(picture.scan_from_camera[:3, 3], 0, atol=1e-6)
    with Image.open(picture.path) as read:
        assert read.size == (40, 30)


def test_stations_of_ptx(tmp_path: Path) -> None:
    text = ""
    for x in (0, 100):
        text += f"2\n3\n{x} 5 1\n1 0 0\n0 1 0\n0 0 1\n0 1 0 0\n-1 0 0 0\n0 0 1 0\n{x} 5 1 1\n"
        text += "1 0 0 0.5 255 0 0\n0 2 0 0.25 0 255 0\n0 0 0 0.5 0 0 0\n" * 2
    (tmp_path / "bay.ptx").write_bytes(text.replace("\n", "\r\n").encode())
    first, second = built(tmp_path, tmp_path / "work")
    placed = second.sample(9).points @ second.file_from_scan[:3, :3].T + second.file_from_scan[:3, 3]
    assert np.allclose(placed[:2], [[100, 6, 1], [98, 5, 1]])
    assert (len(first), len(second), second.posed) == (4, 4, True)
    assert np.allclose(np.asarray(second.scanner), 0)
    assert np.asarray(second.sample(9).colors)[:2].tolist() == [[255, 0, 0], [0, 255, 0]]
    assert np.asarray(second.sample(9).intensity)[:2].tolist() == [0.5, 0.25]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xyz", "1 2 3\n4 5 6\n"),
        ("a.csv", "\ufeffX;Y;Z;Red;Green;Blue\r\n1,0;2,0;3,0;255;0;0\r\n4;5;6;0;255;0\r\n"),
        ("a.txt", "//X,Y,Z,R,G,B\n1,2,3,255,0,0\n4,5,6,0,255,0"),
        ("a.asc", "# made by a scanner\n\n2\n1 2 3 255 0 0\n\nno numbers here\n4 5 6 0 255 0\n"),
        ("a.pts", "1\n1 2 3 -2048 255 0 0\n1\n4 5 6 2047 0 255 0\n"),
        ("a.pcd", "VERSION .7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F U\nWIDTH 2\nPOINTS 2\nDATA ascii\n"
                  "1 2 3 16711680\n4 5 6 65280\n"),
        ("a.ply", "ply\nformat ascii 1.0\nelement vertex 2\nproperty float y\nproperty float x\nproperty float z\n"
                  "property float red\nproperty float green\nproperty float blue\nend_header\n"
                  "2 1 3 1 0 0\n5 4 6 0 1 0\n"),
    ],
)  # fmt: skip
def test_points_as_text(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(content.encode())
    told = Silent()
    found = built(tmp_path, tmp_path / "work", told)
    read = [scan.sample(9) for scan in found]
    assert np.concatenate([part.points for part in read]).tolist() == [[1, 2, 3], [4, 5, 6]]
    if name != "a.xyz":
        colors = np.concatenate([np.asarray(part.colors) for part in read])
        assert colors.tolist() == [[255, 0, 0], [0, 255, 0]]
    assert told.warnings == (
        ["1 points of a.asc (33.3%) were left out: their lines are no coordinates."] if name == "a.asc" else []
    )


def test_degrees_become_metres(tmp_path: Path) -> None:
    """A degree of latitude is 110.6 km at the equator, one of longitude 111.3 km."""
    header = laspy.LasHeader(point_format=0, version="1.2")
    header.scales = np.array([1e-7, 1e-7, 0.001])
    keys = np.array([1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326], "<u2").tobytes()
    header.vlrs.append(laspy.VLR("LASF_Projection", 34735, "", keys))
    las = laspy.LasData(header)
    las.xyz = np.array([[110, 0, 0], [110.001, 0, 0], [109.999, 0, 0], [110, 0.001, 0], [110, -0.001, 7]])
    las.write(tmp_path / "site.las")
    told = Silent()
    (scan,) = built(tmp_path, tmp_path / "work", told)
    assert np.allclose(scan.high - scan.low, [222.64, 221.15, 7], atol=0.01)
    assert scan.crs == "EPSG:4978"
    assert np.linalg.norm(scan.file_from_scan[:3, 3]) == pytest.approx(6_378_137)
    assert "is in degrees" in told.warnings[0]


def test_spacing_is_that_of_the_whole_cloud() -> None:
    """Points of a grid in any order: neighbours lie in other blocks."""
    x, y = np.meshgrid(np.arange(100), np.arange(100))
    points = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], -1).astype(np.float32) * 0.05
    np.random.default_rng(0).shuffle(points)
    for size in (250, 3000, 10_000):
        blocks = [points[start : start + size] for start in range(0, len(points), size)]
        assert median_spacing(lambda blocks=blocks: iter(blocks), len(points)) == pytest.approx(0.05, rel=1e-3)  # type: ignore[misc]
    assert median_spacing(lambda: iter([points[:1]]), 1) == 0
