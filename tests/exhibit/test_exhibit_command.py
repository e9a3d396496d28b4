"""The command `exhibit`: what it makes, and how it refuses: status 2, a sentence, a hint, nothing half-written."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import samples
from sqlalchemy import select

from exhibit import create_app
from exhibit.cli import main
from exhibit.config import Config
from exhibit.db import Database
from exhibit.errors import BadConfig
from exhibit.library.models import Asset
from exhibit.people.models import Account


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, *arguments: object) -> int:
    return main(["--data", str(data), *map(str, arguments)])


def refuses(capsys: pytest.CaptureFixture[str], data: Path, *arguments: object) -> str:
    """What is said on standard error: a sentence, and a hint on the next line."""
    capsys.readouterr()
    assert run(data, *arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"exhibit: .+[.:”]?\n  .+\.\n", said.err), said.err
    return said.err


def test_init_makes_everything_and_shows_the_password_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "init") == 0
    said = capsys.readouterr().out
    password = re.search(r"Password \(shown this once\): (\S{20,})", said)
    assert password
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700
    assert len((data / "secret.key").read_text()) == 64
    assert not any(password[1].encode() in path.read_bytes() for path in data.rglob("*") if path.is_file())
    client = create_app(Config(data=data)).test_client()
    token = re.search(r'csrf_token" value="([^"]+)', client.get("/desk/sign-in").text)
    assert token
    form = {"csrf_token": token[1], "name": "curator", "password": password[1]}
    assert client.post("/desk/sign-in", data=form).status_code == 303
    client.application.extensions["longyao"].database.close()


def test_init_twice_keeps_what_is_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(data, "init")
    key = (data / "secret.key").read_bytes()
    capsys.readouterr()
    assert run(data, "init") == 0
    assert "Password" not in capsys.readouterr().out
    assert (data / "secret.key").read_bytes() == key


def test_two_exhibitions_have_different_keys_and_passwords(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for name in ("a", "b"):
        run(tmp_path / name, "init")
        said.append(capsys.readouterr().out.rpartition(": ")[2])
    assert said[0] != said[1]
    assert (tmp_path / "a" / "secret.key").read_bytes() != (tmp_path / "b" / "secret.key").read_bytes()


def test_init_refuses_a_short_password_and_makes_nothing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("short")
    assert "too short" in refuses(capsys, data, "init", "--password-file", tmp_path / "password")
    assert not data.exists()
    assert "cannot be read" in refuses(capsys, data, "init", "--password-file", tmp_path / "nothing")


@pytest.mark.parametrize("command", [["add", "x.glb"], ["serve"], ["work", "--once"], ["password"]])
def test_what_needs_an_initialised_folder(
    data: Path, tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.glb").write_bytes(samples.box_glb())
    assert "is not yet a data folder" in refuses(capsys, data, *command)
    assert not data.exists()


def test_add(initialised: Path, config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "kiln door.glb"
    model.write_bytes(samples.box_glb())
    assert run(config.data, "add", model, "--metres") == 0
    assert capsys.readouterr().out == "kiln-door: added\n"
    assert run(config.data, "add", samples.bundle(tmp_path / "b"), "--id", "box") == 0
    assert capsys.readouterr().out == "box: added\n"
    database = Database(config.database_url)
    with database.reading() as session:
        units = {asset.id: asset.document["unit"] for asset in session.scalars(select(Asset))}
    database.close()
    assert units == {"kiln-door": "metre", "box": "metre"}


def test_add_scans(initialised: Path, config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They become a cloud in tiles, in metres, as at the desk; a broken one is a sentence, and nothing is taken in."""
    unit = np.random.default_rng(2).random((5000, 3))
    unit[:, 0] = unit[:, 0].round()
    np.savetxt(tmp_path / "hall.xyz", unit * [4000, 3000, 2000], fmt="%.1f")
    assert run(config.data, "add", tmp_path / "hall.xyz", "--unit", "mm") == 0
    assert capsys.readouterr().out.startswith("hall: added\n")
    (tmp_path / "broken.e57").write_bytes(b"ASTM-E57" + bytes(400))
    assert run(config.data, "add", tmp_path / "broken.e57") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search(r"exhibit: broken\.e57 .+\.\n  .+\.\n$", said.err), said.err
    database = Database(config.database_url)
    with database.reading() as session:
        (asset,) = session.scalars(select(Asset))
    database.close()
    document = asset.document
    assert (document["kind"], document["unit"], document["origin"]["method"]) == ("cloud", "metre", "scan")
    np.testing.assert_allclose(document["bounds"]["max"], [2, 2, 1.5], atol=0.01)
    assert document["files"]["tiles"]["archive"]["points"] == 5000


@pytest.mark.parametrize(
    ("name", "content", "more", "said"),
    [
        ("nothing.glb", None, [], "cannot be read"),
        ("cut.glb", samples.box_glb()[:-9], [], "cut.glb is incomplete."),
        ("text.txt", b"hello", [], "is not something the library can take in"),
        ("box.glb", samples.box_glb(), ["--id", "Not An Id"], "cannot be an id"),
    ],
)
def test_add_refuses(
    config: Config,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    more: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert said in refuses(capsys, config.data, "add", tmp_path / name, *more)
    assert [path for path in config.files_folder.rglob("*") if path.is_file()] == []


def test_another_password(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(config.database_url)
    with database.reading() as session:
        before = session.scalars(select(Account.password_hash)).one()
    assert run(config.data, "password") == 0
    assert "Password (shown this once): " in capsys.readouterr().out
    with database.reading() as session:
        assert session.scalars(select(Account.password_hash)).one() != before
    database.close()
    assert "There is no account" in refuses(capsys, config.data, "password", "--name", "nobody")


def test_an_old_database_is_not_served(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database(config.database_url)
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'other'")
    database.close()
    assert "does not have this version's tables" in refuses(capsys, config.data, "serve")
    with pytest.raises(BadConfig, match="Run `exhibit init` again"):
        create_app(config)


def test_work_on_an_empty_queue(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(config.data, "work", "--once") == 0
    assert capsys.readouterr().out == "0 done.\n"


def test_settings_come_from_the_environment(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {"LONGYAO_DATA": "/exhibition", "LONGYAO_SESSION_HOURS": "3", "LONGYAO_PROXIES": "1"}
    config = Config.from_environment(environment)
    assert (config.data, config.session_hours, config.proxies) == (Path("/exhibition"), 3, 1)
    assert Config.from_environment(environment, data=Path("given")).data == Path("given")
    assert (
        Config.from_environment({"LONGYAO_DATABASE": "postgresql://u@h/d"}).database_url == "postgresql+psycopg://u@h/d"
    )
    monkeypatch.setenv("LONGYAO_PROXIES", "many")
    assert "The setting LONGYAO_PROXIES cannot be 'many'." in refuses(capsys, data, "init")


def test_a_museum_has_heights_of_its_own() -> None:
    config = Config.from_environment({"LONGYAO_HEIGHTS": "picture_centre=1.40-1.45  clear_way=1.2"})
    assert config.heights == {"picture_centre": (1.4, 1.45), "clear_way": (1.2,)}
    assert Config.from_environment({}).heights == {}
    for wrong in ("centre=1.4", "clear_way=1-2", "picture_centre=1.5-1.4", "cane=0", "headroom=9", "cane=low", "cane"):
        with pytest.raises(BadConfig, match="LONGYAO_HEIGHTS"):
            Config.from_environment({"LONGYAO_HEIGHTS": wrong})


def test_serve_and_stop(config: Config) -> None:
    """The real server on a free port: the address it prints answers, and SIGTERM ends it.

    First it removes the upload that a killed process has left.
    """
    left = config.incoming_folder / "tmpleft"
    left.mkdir(parents=True)
    (left / "upload").write_bytes(b"cut short")
    os.utime(left, (0, 0))
    command = [sys.executable, "-m", "exhibit", "--data", str(config.data), "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "Removed 1 unfinished upload(s) of a process that was killed.\n"
            assert not left.exists()
            line = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:[1-9]\d*/", line)
            assert address, line
            with urllib.request.urlopen(f"{address[0]}healthz", timeout=30) as answer:
                assert (answer.status, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
                assert "Server" not in answer.headers
        finally:
            os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert errors == ""


def test_an_address_that_cannot_be_served(config: Config) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for listen in (f"127.0.0.1:{taken.getsockname()[1]}", "nonsense:port"):
            command = [sys.executable, "-m", "exhibit", "--data", str(config.data), "serve", "--listen", listen]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            assert (done.returncode, done.stdout) == (2, "")
            assert done.stderr.startswith(f"exhibit: Cannot serve at {listen}")
            assert done.stderr.count("\n") == 2
