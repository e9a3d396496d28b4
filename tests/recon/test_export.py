"""Models and clouds in the formats of other programs, read back by others' readers."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import laspy
import numpy as np
import pye57
import pytest
import trimesh
from test_glb import ball

from recon.cli import main
from recon.errors import BadModel, BadOptions
from recon.export import export
from recon.formats.glb import write_glb
from recon.formats.glb_reader import read_glb
from recon.formats.ply import Ply, PlyWriter, read_ply
from recon.formats.scan_file import START, open_scan
from recon.types import CleanCloud, Frame, Georeference, PlacedScans, PointCloud
from recon.workspace import Workspace

SURVEY = np.array([[0.8, 0, -0.6, 500_123.25], [0.6, 0, 0.8, 2_765_456.5], [0, 1, 0, 41], [0, 0, 0, 1]])


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A workspace of one scan: a ball without poles, and its points."""
    workspace = Workspace(tmp_path / "球")
    frame = Frame("metre", "scans", "scanner", georeference=Georeference(SURVEY, "EPSG:32650"))
    placed = PlacedScans((), np.zeros((0, 4, 4)), frame)
    workspace.finish("register", _begun(workspace, "register"), placed)
    key = _begun(workspace, "clean")
    positions = ball().positions
    with PlyWriter(workspace.scratch("clean", key) / "cloud.ply") as out:
        count = len(positions)
        out.append(
            Ply(
                positions, positions, np.tile(np.array([[250, 10, 0]], np.uint8), (count, 1)),
                np.zeros(count, np.uint8), np.full(count, 0.001, np.float32), num_scans=np.ones(count, np.uint8),
            )
        )  # fmt: skip
    cloud = PointCloud(out.path, count)
    workspace.finish("clean", key, CleanCloud(cloud, 0.1, count, (), (), (), "color"))
    workspace.stage("texture").mkdir()
    write_glb(workspace.stage("texture") / "master.glb", [ball()])
    return workspace.root


def _begun(workspace: Workspace, stage: str) -> str:
    key = stage * 8
    workspace.scratch(stage, key)
    return key


def test_a_surface_goes_to_other_programs(work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "export", str(work), "--to", "OBJ, stl,usdz", "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    files = [Path(line) for line in told.out.splitlines()]
    assert [file.name for file in files] == ["球.obj", "球.stl", "球.usdz"]
    assert re.search(r"球\.stl: 2 openings were closed to make a solid body, 0\.5%", told.err)
    read = trimesh.load(files[0], process=False)
    assert isinstance(read, trimesh.Trimesh)
    assert len(read.faces) == len(ball().faces)
    np.testing.assert_allclose(read.triangles, ball().positions[ball().faces], atol=1e-6)
    assert isinstance(read.visual, trimesh.visual.TextureVisuals)
    np.testing.assert_allclose(read.visual.uv[0], ball().uv[0] * [1, -1] + [0, 1], atol=1e-6)  # type: ignore[index]
    painted = read_glb(work / "texture" / "master.glb").pictures[0].pixels()
    assert np.abs(np.asarray(read.visual.material.image, int) - painted).mean() < 4
    body = trimesh.load(files[1])
    assert isinstance(body, trimesh.Trimesh)
    assert body.is_watertight
    assert body.is_winding_consistent
    assert body.volume == pytest.approx(4.19e9, rel=0.05)  # cubic millimetres; a ball with flat faces
    np.testing.assert_allclose(body.bounds[1], [1000, 1000, 995], atol=12)


def test_usdz_is_stored_and_aligned(work: Path, tmp_path: Path) -> None:
    (file,), told = export(work, ["usdz"], tmp_path)
    assert told == []
    data = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["model.usda", "0.jpg"]
        for info in archive.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            name, extra = np.frombuffer(data, "<u2", 2, info.header_offset + 26)
            assert (info.header_offset + 30 + int(name) + int(extra)) % 64 == 0
        text = archive.read("model.usda").decode()
    assert text.startswith("#usda 1.0")
    assert "metersPerUnit = 1" in text
    points = re.search(r"point3f\[\] points = \[(.*)\]", text)
    assert points is not None
    found = np.array([float(v) for v in re.findall(r"[-\d.e]+", points[1])]).reshape(-1, 3)
    np.testing.assert_allclose(found, ball().positions, atol=1e-6)
    assert text.count("{") == text.count("}")
    assert text.count("(") == text.count(")")


def test_a_cloud_goes_out_in_the_surveys_coordinates(work: Path, tmp_path: Path) -> None:
    (las, ply), told = export(work, ["las", "ply"], tmp_path)
    assert told == []
    read = laspy.read(las)
    expected = ball().positions.astype(np.float64) @ SURVEY[:3, :3].T + SURVEY[:3, 3]
    np.testing.assert_allclose(read.xyz, expected, atol=1e-4)
    assert (int(read.red[0]) >> 8, int(read.green[0]) >> 8, int(read.blue[0])) == (250, 10, 0)
    assert any("32650" in str(vlr.string) for vlr in read.header.vlrs)
    np.testing.assert_array_equal(read_ply(ply).points, ball().positions)


def test_a_cloud_goes_out_as_e57_with_its_place(work: Path, tmp_path: Path) -> None:
    (file,), told = export(work, ["e57"], tmp_path)
    assert told == []
    expected = ball().positions.astype(np.float64) @ SURVEY[:3, :3].T + SURVEY[:3, 3]
    others = pye57.E57(str(file)).read_scan(0, colors=True, ignore_missing_fields=True)
    found = np.stack([others[f"cartesian{axis}"] for axis in "XYZ"], -1)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert (others["colorRed"][0], others["colorGreen"][0], others["colorBlue"][0]) == (250, 10, 0)
    read = open_scan(file, file.name)
    (header,) = read.headers
    assert (header.name, header.records, header.colors, header.crs) == ("球", len(expected), True, "EPSG:32650")
    (block,) = read.blocks(0, START, 1 << 18)
    ours = block.points @ header.file_from_scan[:3, :3].T + header.file_from_scan[:3, 3]
    np.testing.assert_allclose(ours, expected, atol=1e-6)
    (again,), _ = export(work, ["e57"], tmp_path / "again")
    assert again.read_bytes() == file.read_bytes()


def test_what_cannot_be_exported_is_said(work: Path, tmp_path: Path) -> None:
    with pytest.raises(BadOptions, match="no export to fbx"):
        export(work, ["obj", "fbx"], tmp_path)
    with pytest.raises(BadModel):
        export(tmp_path / "nothing", ["obj"], tmp_path)
    workspace = Workspace(work)
    frame = Frame("arbitrary")
    workspace.finish("register", _begun(workspace, "register"), PlacedScans((), np.zeros((0, 4, 4)), frame))
    with pytest.raises(BadModel, match="no scale"):
        export(work, ["stl"], tmp_path)
    _, told = export(work, ["las"], tmp_path)
    assert [message.key for message in told] == ["warning.export_unscaled"]
