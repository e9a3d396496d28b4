"""recon inspect: every kind of file and folder, and what is broken."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import open3d as o3d
import pytest
from PIL import Image
from test_glb import ball
from test_ply import cloud, save

from recon.errors import BadModel, LongyaoError
from recon.formats.glb import Draco, write_glb
from recon.inspect import as_text, inspect


def test_gltf(tmp_path: Path) -> None:
    write_glb(tmp_path / "ball.glb", [ball()], draco=Draco(), extras={"unit": "arbitrary"})
    found: dict[str, Any] = inspect(tmp_path / "ball.glb")
    assert found["kind"] == "glTF model"
    assert found["triangles"] == len(ball().faces)
    assert found["unit"] == "arbitrary"
    assert "KHR_draco_mesh_compression" in found["extensions"]
    (texture,) = found["textures"]
    assert (texture["width"], texture["height"], texture["mime"]) == (64, 64, "image/webp")
    assert json.loads(json.dumps(found)) == found


def test_ply(tmp_path: Path) -> None:
    save(tmp_path / "cloud.ply", cloud())
    found = inspect(tmp_path / "cloud.ply")
    assert (found["kind"], found["points"], found["triangles"]) == ("PLY cloud", 100, 0)
    assert found["properties"] == ["normals", "colors", "num_views", "sigma"]
    assert np.allclose(found["bounds"]["min"], cloud().points.min(0))  # type: ignore[index]


def test_ply_of_triangles(tmp_path: Path) -> None:
    o3d.io.write_triangle_mesh(str(tmp_path / "box.ply"), o3d.geometry.TriangleMesh.create_box())
    found = inspect(tmp_path / "box.ply")
    assert (found["kind"], found["points"], found["triangles"]) == ("PLY mesh", 8, 12)


def test_photo_is_told_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (64, 48))
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Seagull", 6
    picture.save(tmp_path / "photo.jpg", exif=exif)
    found = inspect(tmp_path / "photo.jpg")
    assert (found["width"], found["height"], found["orientation"], found["make"]) == (48, 64, 6, "Seagull")


def test_bundle(tmp_path: Path) -> None:
    data = b"picture"
    (tmp_path / "thumb.webp").write_bytes(data)
    thumb = {"path": "thumb.webp", "sha256": hashlib.sha256(data).hexdigest(), "bytes": 7, "mime": "image/webp"}
    asset = {"title": {"zh": "窑", "en": "Kiln"}, "unit": "metre", "files": {"thumb": thumb}}
    (tmp_path / "asset.json").write_text(json.dumps(asset))
    found = inspect(tmp_path)
    assert (found["kind"], found["complete"], found["title"]) == ("asset bundle", True, asset["title"])
    (tmp_path / "thumb.webp").unlink()
    broken = inspect(tmp_path)
    assert not broken["complete"]
    assert "thumb.webp is missing" in broken["problems"][0]  # type: ignore[index]


def test_reconstruction(tmp_path: Path) -> None:
    stage = {
        "done": True,
        "wall_seconds": 2.5,
        "cpu_seconds": 4.0,
        "peak_rss_mb": 300.0,
        "warnings": ["3 photos are soft"],
    }
    failed = {"done": False, "problem": "No pair matched.", "wall_seconds": 1.0, "warnings": []}
    journey = {"source": "kiln", "preset": "object", "stages": {"matches": failed, "photos": stage}}
    (tmp_path / "journey.json").write_text(json.dumps(journey))
    (tmp_path / "dense").mkdir()
    save(tmp_path / "dense" / "cloud.ply", cloud())
    found = inspect(tmp_path)
    assert list(found["stages"]) == ["photos", "matches"]  # type: ignore[call-overload]
    assert found["stages"]["photos"] == {"done": True, "seconds": 2.5, "cpu_seconds": 4.0, "memory_mb": 300.0}  # type: ignore[index]
    assert found["warnings"] == ["photos: 3 photos are soft"]
    assert [piece for piece, there in found["pieces"].items() if there] == ["dense/cloud.ply"]  # type: ignore[attr-defined]
    text = as_text(found)
    assert "No pair matched." in text
    assert "3 photos are soft" in text


def test_text_has_a_line_for_each_fact(tmp_path: Path) -> None:
    write_glb(tmp_path / "ball.glb", [ball()], extras={"unit": "metre"})
    text = as_text(inspect(tmp_path / "ball.glb"))
    assert f"{len(ball().faces):,}" in text
    assert "image/webp" in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("gone.glb", None, "does not exist"),
        ("notes.docx", b"x", "nothing that can be inspected"),
        ("broken.glb", b"glTF", "not a glTF file"),
        ("broken.ply", b"ply\n", "incomplete or wrong"),
        ("broken.jpg", b"\xff\xd8\xff", "broken"),
    ],
)
def test_unknown_and_broken_are_refused(tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(LongyaoError, match=says) as refusal:
        inspect(tmp_path / name)
    assert refusal.value.hint()


def test_broken_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="nothing that can be inspected"):
        inspect(tmp_path)
    (tmp_path / "cameras.bin").write_bytes(b"x")
    with pytest.raises(BadModel, match="broken"):
        inspect(tmp_path)
