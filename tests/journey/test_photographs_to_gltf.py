"""The promise to technicians: photos become a glTF, work survives a kill, and bad input is told in a sentence."""

from __future__ import annotations

import fcntl
import io
import json
import shutil
from pathlib import Path

import numpy as np
import open3d as o3d
import pytest
from jsonschema import Draft202012Validator
from khronos import khronos_problems
from killed_run import CHOICES, SETTINGS, STAGES, tree
from PIL import Image
from truth import Photographed, rigid

from recon.cli import main
from recon.formats.glb_reader import read_glb
from recon.pipeline.from_photos import build
from recon.progress import Silent
from recon.workspace import Workspace

ROOT = Path(__file__).parents[2]


def test_a_second_run_reads_everything_back(
    relief: Photographed, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file: when for file, when in tree(work).items() if file != ".lock"}  # who is at work
    assert main(["build", str(relief.folder), "--work", str(work), *CHOICES]) == 0
    told = capsys.readouterr().err
    assert [line.split()[0] for line in told.splitlines() if "is there already" in line] == STAGES
    assert {file: when for file, when in tree(work).items() if file != ".lock"} == before


def results(work: Path) -> dict[str, int]:
    """What stages have finished, and when; but for COLMAP's databases, which change their date when they are read."""
    return {name: at for name, at in tree(work).items() if name.split("/")[0] in STAGES and not name.endswith(".db")}


class Stopped(Silent):
    """Ctrl-C when the first unit of a stage is done."""

    def advance(self, done: int = 1) -> None:
        if done:
            raise KeyboardInterrupt


@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_in_a_stage_leaves_all_that_was_done(
    stage: str, relief: Photographed, work: Path, tmp_path: Path
) -> None:
    """Also in a moved work folder: all but the stage is read back, and nothing half-written passes for finished."""
    moved = tmp_path / "moved"
    shutil.copytree(work, moved)
    shutil.rmtree(moved / stage)
    others = results(moved)
    read_back: list[str] = []

    def listener(name: str, fresh: bool) -> Silent:
        if fresh:
            read_back.append(name)
        return Stopped() if name == stage else Silent()

    with pytest.raises(KeyboardInterrupt):
        build(relief.folder, moved, preset="object", settings=SETTINGS, listener=listener)
    assert read_back == STAGES[: STAGES.index(stage)]
    assert results(moved) == others
    journey = json.loads((moved / "journey.json").read_text("utf-8"))
    assert {name for name, entry in journey["stages"].items() if not entry["done"]} == {stage}
    with Workspace(moved).locked():  # the lock was given back
        pass


def test_the_fixed_places(relief: Photographed, work: Path) -> None:
    for place in (
        "align/model/cameras.bin",
        "texture/master.glb",
        "gltf/model.glb",
        "gltf/thumb.webp",
        "gltf/collider.glb",
    ):
        assert (work / place).is_file()
    journey = json.loads((work / "journey.json").read_text(encoding="utf-8"))
    assert list(journey["stages"]) == STAGES
    for entry in journey["stages"].values():
        assert entry["done"]
        assert entry["units_done"] == entry["units"]
        assert {"version", "options", "libraries", "inputs", "warnings"} <= entry.keys()
        assert entry["wall_seconds"] >= 0
        assert entry["cpu_seconds"] >= 0
        assert entry["peak_rss_mb"] > 50
    assert not any((work / ".building").iterdir())
    with (work / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody holds it
    assert str(Path.home()) not in (work / "journey.json").read_text(encoding="utf-8")
    asset = json.loads((work / "gltf" / "asset.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "assets" / "schema" / "asset.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(asset)
    assert asset["unit"] == "metre"
    assert asset["origin"]["photos"] == len(relief.truth.cameras)
    assert asset["files"]["collider"]["triangles"] <= 200_000


@pytest.mark.parametrize("place", ["texture/master.glb", "gltf/model.glb", "gltf/collider.glb", "gltf/lods/1.glb"])
def test_khronos_has_nothing_to_say(work: Path, place: str) -> None:
    assert khronos_problems(work / place) == []


def test_the_model_lies_on_the_truth(relief: Photographed, work: Path) -> None:
    """Of what the master shows, the middling error is under a millimetre and four in five are within 2.5 mm."""
    placed = Workspace(work).load("align")
    names = {v.name: v.centre for v in placed.views}
    theirs = np.array([relief.truth.cameras[name].centre for name in names])
    to_ours = rigid(theirs, np.array(list(names.values())))
    moved = relief.truth.vertices @ to_ours[:3, :3].T + to_ours[:3, 3]
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(
        o3d.core.Tensor(moved.astype(np.float32)), o3d.core.Tensor(relief.truth.faces.astype(np.uint32))
    )
    parts = read_glb(work / "texture" / "master.glb").parts
    vertices = np.concatenate([np.asarray(part.positions, np.float32) for part in parts])
    distance = scene.compute_distance(o3d.core.Tensor(vertices)).numpy()
    assert np.median(distance) < 0.001
    assert np.mean(distance < 0.0025) > 0.8


def picture(seed: int, size: tuple[int, int] = (480, 360)) -> bytes:
    """A JPEG of blurred noise: full of features, shared with no other seed."""
    small = np.random.default_rng(seed).integers(0, 256, (45, 60, 3), np.uint8)
    data = io.BytesIO()
    Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).save(data, "JPEG")
    return data.getvalue()


BAD: dict[str, tuple[dict[str, bytes], str]] = {
    "empty": ({}, "There are no photos in"),
    "two": ({"a.jpg": picture(1), "b.jpg": picture(2)}, "Photos given: 2. That is too few"),
    "cut": ({"a.jpg": picture(1)[:2000]}, "damaged or cut short"),
    "text": ({"a.jpg": b"a letter, not a photo"}, "not a picture"),
    "pixel": ({"a.jpg": picture(1, (1, 1))}, "only 1 x 1 pixels"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_photos_end_in_one_sentence(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files, words = BAD[kind]
    source = tmp_path / "photos"
    source.mkdir()
    for name, data in files.items():
        (source / name).write_bytes(data)
    assert main(["build", str(source), "--work", str(tmp_path / "work")]) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("recon: ")]
    assert len(told) == 1
    assert words in told[0]
    assert not (tmp_path / "work").exists()


def test_photos_without_overlap_end_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "photos"
    source.mkdir()
    for i in range(5):
        (source / f"{i}.jpg").write_bytes(picture(i))
    assert main(["build", str(source), "--work", str(tmp_path / "work")]) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("recon: ")]
    assert len(told) == 1
    assert "No two photos show the same part" in told[0]
    assert not (tmp_path / "work" / "sparse").exists()
    assert not (tmp_path / "work" / "gltf").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere", "--work", "w"], "There is no folder"),
        (["build", "nowhere", "--work", "w", "--preset", "castle"], "no preset"),
        (["build", "nowhere", "--work", "w", "--set", "depth.colour=red"], "no option"),
        (["plan", "nowhere"], "There is no folder"),
        (["inspect", "nowhere.glb"], "nowhere.glb"),
        (["view", "nowhere"], "nowhere"),
    ],
)
def test_bad_arguments_end_in_one_sentence(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1
    assert words in told[0]
    assert not any(tmp_path.iterdir())


def test_plan_tells_time_memory_and_disk(relief: Photographed, work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And memory is not promised too low: every stage of the real run stayed below it."""
    assert main(["plan", str(relief.folder), "--json", *CHOICES]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert list(plan["stages"]) == STAGES
    assert plan["total"]["peak_memory_mb"] == max(stage["memory_mb"] for stage in plan["stages"].values())
    journey = json.loads((work / "journey.json").read_text(encoding="utf-8"))
    assert max(e["peak_rss_mb"] for e in journey["stages"].values()) < 1.5 * plan["total"]["peak_memory_mb"]


def test_inspect_and_view(work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(work), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert main(["inspect", str(work / "gltf" / "model.glb")]) == 0
    assert "triangles" in capsys.readouterr().out
    picture = tmp_path / "view.png"
    assert main(["view", str(work), "--picture", str(picture)]) == 0
    with Image.open(picture) as drawn:
        assert np.asarray(drawn.convert("L")).std() > 5
