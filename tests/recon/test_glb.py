"""glTF out and back: what is written is what is read, and the Khronos validator has nothing to say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from khronos import khronos_problems
from scipy.spatial import cKDTree

from recon.errors import BadModel
from recon.formats.glb import Draco, Material, Part, Picture, write_glb
from recon.formats.glb_reader import read_glb
from recon.geometry.tangents import tangents


def ball(rows: int = 12, columns: int = 24) -> Part:
    """A unit sphere with normals and texture coordinates, poles open."""
    tilt, turn = np.meshgrid(np.linspace(0.1, np.pi - 0.1, rows), np.linspace(0, 2 * np.pi, columns), indexing="ij")
    positions = np.stack([np.sin(tilt) * np.cos(turn), np.cos(tilt), -np.sin(tilt) * np.sin(turn)], -1)
    corner = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (x.ravel() for x in (corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]))
    flat = positions.reshape(-1, 3).astype(np.float32)
    return Part(
        positions=flat,
        faces=np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]),
        normals=flat / np.linalg.norm(flat, axis=1, keepdims=True),
        uv=np.stack([turn / (2 * np.pi), tilt / np.pi], -1).reshape(-1, 2).astype(np.float32),
        material=Material(base_color_texture=Picture.webp(checks()), unlit=True, wrap="clamp"),
    )


def checks(side: int = 64) -> np.ndarray:
    y, x = np.mgrid[:side, :side]
    return np.stack([x * 4, y * 4, ((x // 8 + y // 8) % 2) * 255], -1).astype(np.uint8)


def brass(node: str) -> Part:
    plain = ball()
    assert plain.normals is not None
    assert plain.uv is not None
    flat = np.full((8, 8, 3), (128, 128, 255), np.uint8)
    material = Material(
        name="brass",
        base_color=(0.8, 0.6, 0.3, 1.0),
        metallic=1.0,
        roughness=0.4,
        base_color_texture=Picture.jpeg(checks()),
        metallic_roughness_texture=Picture.png(checks()),
        normal_texture=Picture.png(flat),
    )
    return Part(
        positions=plain.positions + np.float32(3),
        faces=plain.faces,
        normals=plain.normals,
        uv=plain.uv,
        tangents=tangents(plain.positions, plain.faces, plain.normals, plain.uv),
        material=material,
        node=node,
    )


@pytest.mark.parametrize("draco", [None, Draco()], ids=["plain", "draco"])
def test_valid_by_khronos(tmp_path: Path, draco: Draco | None) -> None:
    path = tmp_path / "ball.glb"
    xmp = {"dc:title": {"@type": "rdf:Alt", "rdf:_1": {"@language": "en", "@value": "Ball"}}}
    write_glb(path, [ball(), brass("lathe"), brass("room")], draco=draco, extras={"unit": "metre"}, xmp=xmp)
    assert khronos_problems(path) == []


@pytest.mark.parametrize("draco", [None, Draco(position_bits=14, uv_bits=14)], ids=["plain", "draco"])
def test_what_is_written_is_read(tmp_path: Path, draco: Draco | None) -> None:
    path, part = tmp_path / "ball.glb", ball()
    write_glb(path, [part], draco=draco, extras={"unit": "metre", "frame": {"up": "+Y"}}, copyright="Museum")
    read = read_glb(path)
    (back,) = read.parts
    step = 0.0 if draco is None else 2.0 / 2**14  # the ball's extent over the quantisation steps
    assert read.triangles == len(part.faces)
    assert _distance(back.positions[back.faces].mean(1), part.positions[part.faces].mean(1)) <= step
    assert back.uv is not None
    assert part.uv is not None
    assert _distance(back.uv[back.faces].mean(1), part.uv[part.faces].mean(1)) <= (1 / 2**14 if draco else 0)
    assert read.extras == {"unit": "metre", "frame": {"up": "+Y"}}
    assert read.copyright == "Museum"
    assert back.material == part.material
    assert ("KHR_draco_mesh_compression" in read.extensions) == (draco is not None)
    low, high = read.bounds
    assert np.allclose([low, high], [part.positions.min(0), part.positions.max(0)], atol=max(step, 1e-6))


def test_draco_bounds_are_those_of_the_decoded_mesh(tmp_path: Path) -> None:
    path = tmp_path / "ball.glb"
    write_glb(path, [ball()], draco=Draco(position_bits=8))
    data = path.read_bytes()
    tree = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
    declared = tree["accessors"][tree["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
    assert np.allclose([declared["min"], declared["max"]], read_glb(path).bounds, rtol=0, atol=1e-7)
    assert "bufferView" not in declared


def test_lit_materials_and_shared_pictures(tmp_path: Path) -> None:
    path = tmp_path / "room.glb"
    parts = [brass("lathe"), brass("room")]
    write_glb(path, parts)
    read = read_glb(path)
    assert [p.node for p in read.parts] == ["lathe", "room"]
    assert read.parts[0].material == parts[0].material
    assert (read.materials, len(read.pictures)) == (1, 3)
    assert read.extensions == ()


def test_tangents_follow_the_texture() -> None:
    part = ball()
    assert part.normals is not None
    assert part.uv is not None
    found = tangents(part.positions, part.faces, part.normals, part.uv)
    east = np.cross([0.0, 1.0, 0.0], part.normals)  # +u turns counter-clockwise seen from above
    east /= np.linalg.norm(east, axis=1, keepdims=True)
    assert np.degrees(np.arccos(np.clip((found[:, :3] * east).sum(1), -1, 1))).max() < 10
    up = np.cross(part.normals, found[:, :3]) * found[:, 3:]
    assert up[:, 1].min() > 0  # the picture's up is the ball's north


@pytest.mark.parametrize("draco", [None, Draco()], ids=["plain", "draco"])
def test_evidence_survives(tmp_path: Path, draco: Draco | None) -> None:
    """Which vertices were measured, by how many photos and scans: the same at the same places, valid by Khronos."""
    path, count = tmp_path / "ball.glb", len(ball().positions)
    views, scans = (np.arange(count) % 7).astype("u1"), (np.arange(count) % 5).astype("u1")
    part = replace(brass("ball"), num_views=views, num_scans=scans)
    write_glb(path, [part], draco=draco)
    assert khronos_problems(path) == []
    (back,) = read_glb(path).parts
    assert back.num_views is not None
    assert back.num_scans is not None
    nearest = cKDTree(_places(part)).query(_places(back))[1]
    assert np.array_equal(back.num_views, views[nearest])
    assert np.array_equal(back.num_scans, scans[nearest])
    assert len(back.num_views) == len(back.num_scans) == count


@pytest.mark.parametrize("draco", [None, Draco()], ids=["plain", "draco"])
def test_tangent_frames_survive(tmp_path: Path, draco: Draco | None) -> None:
    path, part = tmp_path / "ball.glb", brass("ball")
    write_glb(path, [part], draco=draco)
    (back,) = read_glb(path).parts
    nearest = cKDTree(_places(part)).query(_places(back))[1]
    for name, tolerance in (("normals", 0.5), ("tangents", 2.0)):
        found, true = getattr(back, name), getattr(part, name)[nearest]
        angle = np.degrees(np.arccos(np.clip((found[:, :3] * true[:, :3]).sum(1), -1, 1)))
        assert angle.max() < (tolerance if draco else 0.1)
    assert np.array_equal(np.sign(back.tangents[:, 3]), part.tangents[nearest, 3])  # type: ignore[index]
    assert back.uv is not None
    assert np.abs(back.uv - part.uv[nearest]).max() < 1e-4  # type: ignore[index]


def test_same_input_same_bytes(tmp_path: Path) -> None:
    for name in ("a.glb", "b.glb"):
        write_glb(tmp_path / name, [ball(), brass("x")], draco=Draco())
    assert (tmp_path / "a.glb").read_bytes() == (tmp_path / "b.glb").read_bytes()


def test_trimesh_reads_the_plain_file(tmp_path: Path) -> None:
    import trimesh

    path = tmp_path / "ball.glb"
    part = ball()
    plain = Material(base_color_texture=Picture.png(checks()), unlit=True)
    write_glb(path, [Part(positions=part.positions, faces=part.faces, uv=part.uv, material=plain)])
    (mesh,) = trimesh.load(path, force="scene", process=False).dump()
    assert len(mesh.faces) == len(part.faces)
    assert np.allclose(mesh.visual.uv[:, 1], 1 - part.uv[:, 1])  # type: ignore[index]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"glTF\x02\0\0\0\xff\xff\xff\x7f", "not a glTF file"),
        (b"not a model at all", "not a glTF file"),
        (b'{"asset": {"version": "1.0"}}', "only 2.0 is read"),
        (b'{"asset": {"version": "2.0"}}', "no triangles"),
        (b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "../../x", "byteLength": 4}]}', "../../x, which did not"),
        (
            b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "gone.bin", "byteLength": 4}]}',
            "gone.bin, which did not",
        ),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "broken.glb"
    path.write_bytes(content)
    with pytest.raises(BadModel, match=says) as refusal:
        read_glb(path)
    assert refusal.value.hint()


def _places(part: Part) -> np.ndarray:
    """(N, 5) positions and texture coordinates."""
    assert part.uv is not None
    return np.column_stack([part.positions, part.uv])


def _distance(a: np.ndarray, b: np.ndarray) -> float:
    """Largest distance from a row of `a` to the nearest of `b`."""
    return float(np.max(cKDTree(b).query(a)[0]))
