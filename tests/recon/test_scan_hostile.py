"""Files that are cut, bent or lie: each is read, or refused in a sentence; no reader raises anything else."""

from __future__ import annotations

import os
import random
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from test_ply import cloud, save
from test_scan_files import matrix, save_e57, save_las

from recon import foreign
from recon.errors import BadScan, LongyaoError
from recon.formats.scan_import import take
from recon.progress import Silent
from recon.stages import scans

POINTS = np.random.default_rng(5).random((40, 3))
PCD = "VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 40\nHEIGHT 1\nPOINTS 40\nDATA {}\n"
PTX = "2\n2\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n1 0 0 0\n0 1 0 0\n0 0 1 0\n5 6 7 1\n" + "1 2 3 0.5 1 2 3\n" * 4
LIES = (b"0", b"-1", b"99999999999999999999", b"4294967296", b"1e400", b"nan", b"x", b"", b"1000000000")


def sound(folder: Path) -> list[Path]:
    """A small sound file of each format."""
    save(folder / "a.ply", cloud(40))
    save_las(folder / "a.las", POINTS)
    save_las(folder / "a.laz", POINTS)
    save_e57(folder / "a.e57", [(POINTS, matrix(0.5, 1, 2, 3))], [(0, b"no picture")])
    columns = POINTS.astype("<f4")
    literal = b"".join(bytes([31]) + part for part in re.findall(rb".{32}", columns.T.tobytes(), re.S))
    (folder / "a.pcd").write_bytes(PCD.format("binary").encode() + columns.tobytes())
    (folder / "b.pcd").write_text(PCD.format("ascii") + "1 2 3\n" * 40)
    packed = struct.pack("<II", len(literal), 480) + literal
    (folder / "c.pcd").write_bytes(PCD.format("binary_compressed").encode() + packed)
    (folder / "a.ptx").write_text(PTX * 2)
    (folder / "a.pts").write_text("3\n" + "1 2 3 -7 1 2 3\n" * 3)
    (folder / "a.csv").write_text("X;Y;Z;Intensity\n" + "1,0;2;3;4\n" * 9)
    (folder / "a.vtk").write_text(
        "# vtk DataFile Version 3.0\na\nASCII\nDATASET POLYDATA\nPOINTS 2 float\n1 2 3\n4 5 6\n"
    )
    return sorted(folder.iterdir())


def bent(content: bytes, chance: random.Random) -> bytes:
    """Cut somewhere; a number in it replaced by a lie; some bytes changed."""
    way = chance.randrange(3)
    numbers = list(re.finditer(rb"\d+", content[:4000]))
    if way == 0:
        return content[: chance.randrange(len(content))]
    if way == 1 and numbers:
        one = chance.choice(numbers)
        return content[: one.start()] + chance.choice(LIES) + content[one.end() :]
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 20))):
        changed[chance.randrange(min(len(changed), 400))] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
    return bytes(changed)


def read_bent(tries: int) -> Iterator[list[str]]:
    """Runs in one child: what came of each try, as the file's name and the error's key."""
    chance = random.Random(11)
    with TemporaryDirectory() as kept, TemporaryDirectory() as made:
        for file in sound(Path(kept)):
            content = file.read_bytes()
            for number in range(tries):
                path = Path(made) / f"{number}-{file.name}"
                path.write_bytes(bent(content, chance) if number else content)
                with TemporaryDirectory() as folder:
                    try:
                        for _ in take(str(path), path.name, folder, 1.0, 0.0):
                            pass
                        yield [path.name, "read"]
                    except LongyaoError as error:
                        yield [path.name, error.key, error.text("en"), error.text("zh")]


@pytest.fixture(autouse=True)
def _found_by_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *sys.path]))


def test_what_is_bent_is_read_or_refused() -> None:
    found = list(foreign.values("test_scan_hostile:read_bent", {"tries": 40}, name="all"))
    assert len(found) == 40 * 11
    assert [name for name, key, *_ in found if name.startswith("0-") and key != "read"] == []
    assert all(name in text for name, _, *texts in found for text in texts)
    refused = {name.partition("-")[2] for name, key, *_ in found if key != "read"}
    assert len(refused) == 11


def test_a_claim_of_more_points_than_the_file_holds(tmp_path: Path) -> None:
    save_las(tmp_path / "a.laz", POINTS)
    content = bytearray((tmp_path / "a.laz").read_bytes())
    content[107:111] = struct.pack("<I", 4_000_000_000)
    (tmp_path / "a.laz").write_bytes(content)
    (tmp_path / "work").mkdir()
    with pytest.raises(BadScan, match="claims far more points") as problem:
        scans.build(tmp_path / "a.laz", scans.ScansOptions(), scratch=tmp_path / "work", progress=Silent())
    assert problem.value.hint()


def test_names_of_any_bytes_and_links(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    save_las(folder / "a.las", POINTS)
    save_e57(folder / "a.e57", [(POINTS, np.eye(4))], [])
    (folder / "a.pts").write_text("3\n" + "1 2 3\n" * 3)
    for file in list(folder.iterdir()):
        file.rename(os.fsdecode(os.fsencode(folder) + b"/\xb3\xb5") + file.suffix)  # GB18030
    (folder / "link.las").symlink_to(next(folder.glob("*.las")))
    (folder / "loop.las").symlink_to(folder / "loop.las")
    (folder / "gone.las").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.las")
    (tmp_path / "work").mkdir()
    found = scans.build(folder, scans.ScansOptions(), scratch=tmp_path / "work", progress=Silent())
    assert sorted(scan.name for scan in found) == ["link.las", "车.e57", "车.las", "车.pts"]
    assert not found.set_aside
