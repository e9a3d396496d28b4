"""A full disk, a signal, files that were cut short: one sentence, nothing half-written, and the next run goes on."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recon import BadOptions, DiskProblem, NoReconstruction, build
from recon.cli import main
from recon.cost_history import History
from recon.messages import Message, printable
from recon.pipeline.run import Control, Reached
from recon.progress import Silent

TOO_LARGE = 100_000  # bytes, for a file: less than an upright photo takes


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three photos of noise, turned, so that each is written again, with 230 kB; nothing can be rebuilt from them."""
    folder = tmp_path / "source"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x0112] = 6
    for seed in range(3):
        noise(seed).save(folder / f"{seed}.png", exif=exif)
    return folder


def noise(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (240, 320, 3), np.uint8))


def recon(*words: object, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command; `limit` is the most bytes that it may write into one file."""
    most = resource.RLIM_INFINITY if limit is None else limit
    return subprocess.run(
        [sys.executable, "-m", "recon", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY)),
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a run that was refused says last."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A disk of 400 kB; None where this process may not mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    ).returncode
    yield None if mounted else disk
    if not mounted:
        subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_a_sentence_and_the_next_run_goes_on(
    source: Path, tmp_path: Path, small_disk: Path | None
) -> None:
    work = (small_disk or tmp_path) / "work"
    full = recon("build", source, "--work", work, limit=None if small_disk else TOO_LARGE)
    assert sentence(full).startswith("recon: The disk is full" if small_disk else f"recon: {work}")
    assert not (work / "photos").exists()
    assert not list(work.rglob("*.draft"))
    if (work / "journey.json").exists():
        assert not json.loads((work / "journey.json").read_text())["stages"]["photos"]["done"]
    if small_disk:
        subprocess.run(["mount", "-o", "remount,size=100m", small_disk], check=True)
    with pytest.raises(NoReconstruction):  # there is room now: the photos are read, and have nothing in common
        build(source, work)
    assert json.loads((work / "journey.json").read_text())["stages"]["photos"]["done"]


def test_colmap_is_not_begun_where_its_database_has_no_room(
    source: Path, tmp_path: Path, small_disk: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would end the process. 400 kB hold the features' database, but not what is added to it."""
    if small_disk is None:
        monkeypatch.setattr("recon.errors.ROOM", 1 << 60)
    else:
        subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
    with pytest.raises(DiskProblem, match="disk is full"):
        build(source, (small_disk or tmp_path) / "work")


def test_a_folder_that_may_not_be_written_is_a_sentence(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = sentence(recon("build", source, "--work", tmp_path / "file" / "work"))
    assert str(tmp_path / "file") in said
    assert "run the same command again" in said
    said = sentence(recon("--lang", "zh", "build", source, "--work", "/proc/work"))
    assert "/proc/work" in said
    assert any("一" <= letter <= "鿿" for letter in said)


def test_sigterm_stops_a_run_as_ctrl_c_does(source: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    command = [sys.executable, "-m", "recon", "build", source, "--work", work]
    with subprocess.Popen([*map(str, command)], stderr=subprocess.PIPE, text=True) as run:
        while not (work / ".building").exists():  # from here on COLMAP is loaded
            assert run.poll() is None
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate()
    assert run.returncode == 143
    assert said.splitlines()[-1] == "recon: stopped; run the same command again to go on where it was."
    assert "Traceback" not in said
    assert "@" not in said  # COLMAP's stack
    with pytest.raises(NoReconstruction):
        build(source, work)


class Listening:
    """Keeps what a run says, and which stages it reads back."""

    def __init__(self) -> None:
        self.heard = Silent()
        self.read_back: list[str] = []

    def __call__(self, stage: str, fresh: bool) -> Silent:
        if fresh:
            self.read_back.append(stage)
        return self.heard


@pytest.mark.parametrize("left", [b"", b'{"stages": {"photos": {"done"', b"[]", b"\xff\xfe"])
def test_a_journey_that_was_cut_short_is_put_aside(source: Path, tmp_path: Path, left: bytes) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "journey.json").write_bytes(left)
    listening = Listening()
    with pytest.raises(NoReconstruction):
        build(source, work, listener=listening)
    assert listening.heard.warnings[0] == str(Message("warning.provenance_broken", file="journey.broken.json"))
    assert (work / "journey.broken.json").read_bytes() == left
    assert json.loads((work / "journey.json").read_text())["stages"]["photos"]["done"]


def test_results_that_were_cut_short_are_made_again(source: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    with pytest.raises(NoReconstruction):
        build(source, work)
    arrays = work / "features" / "result.npz"
    arrays.write_bytes(arrays.read_bytes()[:20])
    listening = Listening()
    with pytest.raises(NoReconstruction):
        build(source, work, listener=listening)
    assert listening.read_back == ["photos", "background"]
    assert str(Message("warning.result_broken", stage="features")) in listening.heard.warnings


def test_a_run_goes_to_a_stage_and_from_a_stage(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    work = tmp_path / "work"
    command = ["build", str(source), "--work", str(work)]
    assert main([*command, "--to", "features"]) == 0
    assert capsys.readouterr().out.strip() == str(work / "features")
    assert not (work / "matches").exists()
    made = {stage: (work / stage).stat().st_ino for stage in ("photos", "features")}
    listening = Listening()
    with pytest.raises(Reached) as reached:
        build(source, work, listener=listening, control=Control(from_stage="features", to_stage="features"))
    assert (reached.value.stage, reached.value.folder) == ("features", work / "features")
    assert listening.read_back == ["photos"]
    assert (work / "photos").stat().st_ino == made["photos"]
    assert (work / "features").stat().st_ino != made["features"]
    remembered = [run.stage for run in History.read().runs]
    assert sorted(remembered) == ["features", "features", "photos"]
    for words, said in (
        (["--to", "register"], "photos, features, background, matches, sparse"),
        (["--from", "depth", "--to", "sparse"], "--from"),
    ):
        assert main([*command, *words]) == 2
        assert said in capsys.readouterr().err


def test_a_disk_that_is_too_small_is_said_before_it_is_full(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    room = shutil.disk_usage(tmp_path)._replace(free=64 << 20)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: room)
    listening = Listening()
    with pytest.raises(Reached):
        build(source, tmp_path / "work", listener=listening, control=Control(to_stage="photos"))
    assert len(listening.heard.warnings) == 1
    assert listening.heard.warnings[0].startswith("About 0.")
    assert "0.1 GB are free" in listening.heard.warnings[0]


def test_warnings_of_a_stage_that_is_read_back_are_said_again(source: Path, tmp_path: Path) -> None:
    """In the same words, also those that another version kept; but not those of an attempt that failed."""
    (source / "broken.jpg").write_bytes(b"no picture")
    work, first, second, third = tmp_path / "work", Listening(), Listening(), Listening()
    for listening in (first, second):
        with pytest.raises(NoReconstruction):
            build(source, work, listener=listening)
    assert second.read_back == ["photos", "features", "background"]
    assert any("broken.jpg" in warning for warning in first.heard.warnings)
    assert second.heard.warnings == first.heard.warnings
    journey = json.loads((work / "journey.json").read_text())
    journey["stages"]["photos"]["warnings"] = ["a text alone", {"key": "gone", "values": {}, "text": "a key is gone"}]
    journey["stages"]["features"] |= {"done": False, "warnings": [Message("warning.no_horizon").as_json()]}
    (work / "journey.json").write_text(json.dumps(journey))
    with pytest.raises(NoReconstruction):
        build(source, work, listener=third)
    repeated = [Message("warning.kept_as_text", text=text) for text in ("a text alone", "a key is gone")]
    assert third.heard.warnings == [str(message) for message in repeated]


def test_options_that_were_cut_short_are_named(source: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "options.toml").write_text("[dense\n")
    with pytest.raises(BadOptions, match=r"options\.toml is not TOML") as refused:
        build(source, work)
    assert "delete the file" in refused.value.hint()
    (work / "options.toml").write_text("")
    with pytest.raises(NoReconstruction):
        build(source, work)


NAMES = [b"[/b].png", b"[copy] [red]a.png", b"caf\xe9.png", "龙窑 ÿ.png".encode()]


def test_names_are_printed_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Square brackets are no markup, and bytes that are not UTF-8 do not end a run."""
    source, work = tmp_path / "source", tmp_path / "work"
    (source / "[").mkdir(parents=True)  # "[/b].png" lies in it
    for seed, name in enumerate(NAMES):
        noise(seed).save(source / "x.png")
        (source / "x.png").rename(os.fsdecode(os.fsencode(source) + b"/" + name))
    noise(0).save(source / "[bold]twin.png")
    done = recon("build", source, "--work", work)
    assert "No two photos show the same part" in sentence(done)
    said = " ".join(done.stderr.split())
    assert "[bold]twin.png" in said
    assert "[/b].png" in said
    stored = (work / "journey.json").read_text(encoding="utf-8")
    assert "[bold]twin.png" in stored
    for command in (["plan", source], ["inspect", work], ["inspect", "--json", work]):
        assert main([*map(str, command)]) == 0
    assert "[bold]twin.png" in capsys.readouterr().out
    odd = os.fsdecode(os.fsencode(source) + b"/" + NAMES[2])
    assert main(["inspect", "--json", odd]) == 0
    assert "caf" in json.loads(capsys.readouterr().out)["file"]
    for folder in (f"{odd}x", f"{source}/[/b]"):
        commands: list[list[object]] = [
            ["build", folder, "--work", work],
            ["plan", folder],
            ["inspect", folder],
            ["view", folder, "--picture", tmp_path / "view.png"],
        ]
        for command in commands:
            assert main([*map(str, command)]) == 2
            said = capsys.readouterr().err
            assert len(said.strip().splitlines()) == 1
            assert printable(folder) in said
