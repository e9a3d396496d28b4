"""The workspace: results come back as they went, fresh means unchanged, one process at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import recon
from recon.errors import BadOptions
from recon.types import DepthMap, DepthMaps, Frame, Photo, PhotoSet, SparseModel, View
from recon.workspace import Workspace, key_of


def photo(path: Path) -> Photo:
    return Photo("龙窑 一.jpg", path, 640, 480, None, "a|b", 12.5, 0.4, "2026-01-02T03:04:05")


def test_a_result_comes_back_as_it_went(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work")
    scratch = workspace.scratch("depth", "k")
    view = View("a.jpg", scratch / "a.jpg", 640, 480, np.eye(3), np.eye(4)[:3])
    sparse = SparseModel(
        scratch / "model", (view,), np.ones((2, 3)), np.zeros((2, 3), np.uint8), np.zeros(2),
        (np.array([0, 1], np.int32),), Frame("metre", "a bar", "ground", 0.01), 0.5, ("a.jpg",), (("b.jpg", "why"),),
    )  # fmt: skip
    back = workspace.finish("depth", "k", DepthMaps(sparse, (DepthMap("a.jpg", scratch / "maps" / "0.npz"),)))
    assert isinstance(back, DepthMaps)
    assert back.maps[0].path == workspace.stage("depth") / "maps" / "0.npz"
    assert back.sparse.frame == sparse.frame
    assert back.sparse.missing == sparse.missing
    assert np.array_equal(back.sparse.points, sparse.points)
    assert np.array_equal(back.sparse.observations[0], sparse.observations[0])


def test_a_workspace_can_be_moved(tmp_path: Path) -> None:
    before = Workspace(tmp_path / "before")
    scratch = before.scratch("photos", "k")
    (scratch / "0.jpg").write_bytes(b"pixels")
    before.finish("photos", "k", PhotoSet((photo(scratch / "0.jpg"),)))
    (tmp_path / "before").rename(tmp_path / "after")
    after = Workspace(tmp_path / "after").load("photos")
    assert after.photos[0].path.read_bytes() == b"pixels"


def test_a_workspace_of_version_0_1_is_read_back(tmp_path: Path) -> None:
    """Its results lie in noun.json and noun.npz, their types under "$noun"."""
    workspace = Workspace(tmp_path / "work")
    stage = workspace.stage("photos")
    taken = PhotoSet((photo(stage / "0.jpg"),))
    workspace.scratch("photos", "k")
    workspace.finish("photos", "k", taken)
    text = (stage / "result.json").read_text(encoding="utf-8")
    (stage / "noun.json").write_text(text.replace('"result"', '"noun"').replace("$type", "$noun"), encoding="utf-8")
    (stage / "result.json").unlink()
    (stage / "result.npz").rename(stage / "noun.npz")
    assert workspace.fresh("photos", "k")
    assert workspace.load("photos") == taken


def test_fresh_means_same_key_and_scratch_keeps_only_its_own(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work")
    assert key_of("a", 1, {"x": 1}) != key_of("a", 2, {"x": 1}) != key_of("a", 2, {"x": 2})
    scratch = workspace.scratch("photos", "one")
    (scratch / "unit").touch()
    assert (workspace.scratch("photos", "one") / "unit").exists()
    assert not (workspace.scratch("photos", "two") / "unit").exists()
    workspace.finish("photos", "two", PhotoSet((photo(workspace.scratch("photos", "two") / "0.jpg"),)))
    assert workspace.fresh("photos", "two")
    assert not workspace.fresh("photos", "one")


def test_one_process_at_a_time_and_a_dead_one_does_not_count(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work")
    with workspace.locked(), pytest.raises(BadOptions, match="Another run is at work"), workspace.locked():
        pass
    work = tmp_path / "work"
    hold = "import sys, recon.workspace as w; from pathlib import Path; l = w.Workspace(Path(sys.argv[1])).locked(); "
    hold += "l.__enter__(); print('held', flush=True); input()"
    command = [sys.executable, "-c", hold, str(work)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BadOptions, match=f"process {other.pid}") as refused, workspace.locked():
            pass
        assert f"kill {other.pid}" in refused.value.hint()
        assert f"进程号 {other.pid}" in refused.value.message("zh")
        signed = (work / ".lock").read_text()
        (work / ".lock").write_text(f"{other.pid} 窑厂\n")
        with pytest.raises(BadOptions, match=f"process {other.pid} of the machine 窑厂"), workspace.locked():
            pass
        other.kill()
    with workspace.locked():
        assert signed.replace(str(other.pid), str(os.getpid())) == (work / ".lock").read_text()


def test_a_stage_never_takes_the_place_of_the_photos(tmp_path: Path) -> None:
    """`recon build kiln/photos --work kiln`: the stage `photos` would be put where the photos are."""
    photos = tmp_path / "kiln" / "photos"
    photos.mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        Image.new("RGB", (160, 160)).save(photos / name)
    with pytest.raises(BadOptions, match=r"photos is in the way"):
        recon.build(photos, tmp_path / "kiln")
    assert sorted(path.name for path in (tmp_path / "kiln").rglob("*")) == ["a.jpg", "b.jpg", "c.jpg", "photos"]
    (tmp_path / "other" / "mesh").mkdir(parents=True)  # someone's own
    with pytest.raises(BadOptions, match=r"mesh is in the way"):
        recon.build(photos, tmp_path / "other")
    finished = tmp_path / "kiln" / "photos" / "noun.json"
    finished.touch()  # as if the photos had been a finished stage
    with pytest.raises(BadOptions, match=r"photos is in the way"):
        Workspace(tmp_path / "kiln").check_free(["photos"], photos / "upright")


def test_two_processes_that_find_a_dead_lock_do_not_both_enter(tmp_path: Path) -> None:
    """Each of two processes enters many times and would see the other's mark, were it inside too."""
    work = tmp_path / "work"
    work.mkdir()
    (work / ".lock").write_text("999999 0.0")  # as version 0.1 left it when it was killed
    enter = (
        "import sys; from pathlib import Path; from recon.errors import BadOptions\n"
        "from recon.workspace import Workspace\n"
        "work, entered = Workspace(Path(sys.argv[1])), 0\n"
        "while entered < 200:\n"
        "    try:\n"
        "        with work.locked():\n"
        "            (work.root / 'inside').touch(exist_ok=False)\n"
        "            (work.root / 'inside').unlink()\n"
        "            entered += 1\n"
        "    except BadOptions:\n"
        "        pass\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", enter, str(work)], stderr=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        assert run.communicate()[1] == b""
        assert run.returncode == 0


def test_a_refused_run_leaves_no_folder_and_no_lock_that_two_could_hold(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "work")
    with workspace.locked():
        pass
    assert not workspace.root.exists()
    with workspace.locked(), pytest.raises(BadOptions), workspace.locked():
        pass
