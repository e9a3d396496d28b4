"""PLY out and back; foreign byte orders; broken files."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import open3d as o3d
import pytest

from recon.errors import BadScan
from recon.formats.ply import Ply, PlyWriter, ply_blocks, read_ply


def cloud(count: int = 100) -> Ply:
    random = np.random.default_rng(3)
    return Ply(
        points=random.normal(size=(count, 3)).astype(np.float32),
        normals=random.normal(size=(count, 3)).astype(np.float32),
        colors=random.integers(0, 256, (count, 3)).astype(np.uint8),
        num_views=random.integers(0, 20, count).astype(np.uint8),
        sigma=random.random(count).astype(np.float32),
        intensity=random.random(count).astype(np.float32),
        classes=random.integers(0, 19, count).astype(np.uint8),
        num_scans=random.integers(0, 9, count).astype(np.uint8),
    )


def save(path: Path, ply: Ply) -> None:
    with PlyWriter(path) as out:
        out.append(ply)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = cloud()
    save(tmp_path / "cloud.ply", written)
    read = read_ply(tmp_path / "cloud.ply")
    for f in fields(Ply):
        assert np.array_equal(getattr(read, f.name), getattr(written, f.name)), f.name
    assert sorted(tmp_path.iterdir()) == [tmp_path / "cloud.ply"]


def test_open3d_reads_it(tmp_path: Path) -> None:
    written = cloud()
    save(tmp_path / "cloud.ply", written)
    read = o3d.io.read_point_cloud(str(tmp_path / "cloud.ply"))
    assert np.allclose(np.asarray(read.points), written.points)
    assert written.colors is not None
    assert np.allclose(np.asarray(read.colors) * 255, written.colors)


def test_blocks_of_one_file_keep_their_places(tmp_path: Path) -> None:
    far = cloud(40)
    far.points[:20, 0] += 30_000
    save(tmp_path / "far.ply", far)
    read = [block.points for block in ply_blocks(tmp_path / "far.ply", 10)]
    assert np.array_equal(np.concatenate(read), far.points)


def test_written_and_read_block_by_block(tmp_path: Path) -> None:
    whole = cloud(1000)

    def part(chosen: slice) -> Ply:
        return Ply(*(getattr(whole, f.name)[chosen] for f in fields(Ply) if f.name not in ("faces", "offset")))

    path = tmp_path / "cloud.ply"
    with PlyWriter(path) as out:
        for start in range(0, 1000, 300):
            out.append(part(slice(start, start + 300)))
            assert not path.exists()
    assert out.count == 1000
    for block, start in zip(ply_blocks(path, 170), range(0, 1000, 170), strict=True):
        for name, expected in vars_of(part(slice(start, start + 170))):
            assert np.array_equal(dict(vars_of(block))[name], expected), name
    for name, expected in vars_of(whole):
        assert np.array_equal(dict(vars_of(read_ply(path)))[name], expected), name
    assert np.allclose(np.asarray(o3d.io.read_point_cloud(str(path)).points), whole.points)


def vars_of(ply: Ply) -> list[tuple[str, np.ndarray]]:
    return [(f.name, getattr(ply, f.name)) for f in fields(Ply) if getattr(ply, f.name) is not None]


def test_a_cloud_of_no_points_is_one(tmp_path: Path) -> None:
    with PlyWriter(tmp_path / "none.ply"):
        pass
    assert len(read_ply(tmp_path / "none.ply").points) == 0
    assert list(ply_blocks(tmp_path / "none.ply", 10)) == []


def test_a_failed_writer_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with PlyWriter(tmp_path / "half.ply") as out:
            out.append(cloud())
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ascii_text", [True, False])
def test_reads_what_open3d_writes(tmp_path: Path, ascii_text: bool) -> None:
    ball = o3d.geometry.TriangleMesh.create_sphere(resolution=6)
    ball.compute_vertex_normals()
    o3d.io.write_triangle_mesh(str(tmp_path / "ball.ply"), ball, write_ascii=ascii_text)
    read = read_ply(tmp_path / "ball.ply")
    assert np.allclose(read.points, np.asarray(ball.vertices), atol=1e-5)
    assert np.array_equal(read.faces, np.asarray(ball.triangles))  # type: ignore[arg-type]


def test_big_endian(tmp_path: Path) -> None:
    header = b"ply\nformat binary_big_endian 1.0\nelement vertex 2\n"
    header += b"".join(b"property double %c\n" % axis for axis in b"xyz") + b"end_header\n"
    (tmp_path / "big.ply").write_bytes(header + np.arange(6, dtype=">f8").tobytes())
    assert read_ply(tmp_path / "big.ply").points.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"solid stl", "not a PLY"),
        (b"ply\nformat ascii 1.0\nelement vertex 9\n", "incomplete or wrong"),
        (
            b"ply\nformat binary_little_endian 1.0\nelement vertex 999999999\nproperty float x\nend_header\n",
            "cut short",
        ),
        (b"ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\n1\n", "no points"),
        (b"ply\nformat ascii 1.0\nelement vertex 1\nproperty strange x\nend_header\n1\n", "incomplete or wrong"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "broken.ply").write_bytes(content)
    with pytest.raises(BadScan, match=says) as refusal:
        read_ply(tmp_path / "broken.ply")
    assert refusal.value.hint()
