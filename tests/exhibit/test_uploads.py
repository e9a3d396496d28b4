"""Large uploads take neither memory nor open files; a full disk is one sentence, and loses nothing."""

from __future__ import annotations

import http.client
import io
import os
import resource
import tempfile
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import samples
from browser import Browser
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from waitress import wasyncore

from exhibit import create_app
from exhibit.config import Config
from exhibit.errors import NoRoom, no_room
from exhibit.jobs import services, worker
from exhibit.jobs.models import Job
from exhibit.serving import create_server
from exhibit.web import Site
from exhibit.web.uploads import UploadStream

FULL = {"zh": "服务器的磁盘已满，没有保存任何内容。", "en": "The server's disk is full; nothing was kept."}


@contextmanager
def limited(what: int, soft: int) -> Iterator[None]:
    """The system refuses to go beyond `soft`, as it does where the disk is full or files are used up."""
    before = resource.getrlimit(what)
    resource.setrlimit(what, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, before)


def photograph(seed: int = 0, side: int = 160) -> bytes:
    """Noise, which does not compress: about three bytes a pixel as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


class Form(io.RawIOBase):
    """A multipart form of `count` files, made while it is read: the test itself holds no more than one of them."""

    def __init__(self, fields: dict[str, str], file: bytes, count: int):
        self.content_type = "multipart/form-data; boundary=kiln"
        self.parts = self._made(fields, file, count)
        self.content_length = sum(map(len, self._made(fields, file, count)))
        self.rest = b""
        self.place = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Only so that the test's client finds the length."""
        self.place = self.content_length if whence == io.SEEK_END else offset
        return self.place

    def tell(self) -> int:
        return self.place

    @staticmethod
    def _made(fields: dict[str, str], file: bytes, count: int) -> Iterator[bytes]:
        for name, value in fields.items():
            yield f'--kiln\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for number in range(count):
            head = f'--kiln\r\nContent-Disposition: form-data; name="photos"; filename="{number}.png"\r\n\r\n'
            yield head.encode() + file + b"\r\n"
        yield b"--kiln--\r\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest and (part := next(self.parts, None)) is not None:
            self.rest = part
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def test_many_photographs_take_neither_memory_nor_open_files(app: Flask, curator: Browser, site: Site) -> None:
    """Of 45 MB, in a process that may have 40 more files open, less than 10 are held."""
    file = photograph() * 2  # what follows a PNG's end does not matter
    fields = {"csrf_token": curator.token(), "preset": "object", "title_en": "Kiln"}
    form = Form(fields, file, count=300)
    assert form.content_length > 45_000_000
    num_open = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    tracemalloc.start()
    try:
        with limited(resource.RLIMIT_NOFILE, num_open + 40):
            answer = curator.client.post(
                "/desk/jobs/new",
                input_stream=form,
                content_type=form.content_type,
            )
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert answer.status_code == 303
    kept = sorted(services.photos_folder(site.config, 1).iterdir())
    assert len(kept) == 300
    assert all(path.stat().st_size == len(file) for path in kept)
    assert kept[0].read_bytes() == file
    assert list(site.config.incoming_folder.iterdir()) == []


def test_an_upload_is_read_as_it_was_written(tmp_path: Path) -> None:
    stream = UploadStream(tmp_path / "upload")
    content = bytes(range(256)) * 1000
    stream.write(content[:1000])
    stream.write(content[1000:])
    stream.seek(0)
    assert stream.read() == content
    assert stream.read() == b""
    assert stream.tell() == len(content)
    stream.seek(-6, io.SEEK_END)
    assert stream.read(10) == content[-6:]
    stream.seek(0)
    assert stream.read(300) == content[:300]
    stream.close()
    assert list(tmp_path.iterdir()) == []


def form(kind: str) -> dict[str, Any]:
    """What fills a disk that takes files of 40 KB: while it is received, or only once it is unpacked."""
    if kind == "received":
        return {"photos": (io.BytesIO(photograph()), "龙窑.png")}
    return {"photos": (io.BytesIO(samples.zipped({"龙窑.png": photograph(), "blank.png": b"\0" * 500_000})), "x.zip")}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("kind", "limit"), [("received", 40_000), ("unpacked", 200_000), ("stored", 6_000)])
def test_a_full_disk_is_one_sentence_and_loses_nothing(
    curator: Browser, site: Site, kind: str, limit: int, language: str
) -> None:
    sent = {"preset": "object", "title_en": "Kiln"}
    small = (io.BytesIO(samples.picture(160, 128)), "龙窑.jpg")
    token = curator.token()
    with limited(resource.RLIMIT_FSIZE, limit):
        answer = curator.client.post(
            f"/desk/jobs/new?lang={language}",
            data=sent | {"csrf_token": token} | ({"photos": small} if kind == "stored" else form(kind)),
            buffered=True,
        )
    assert answer.status_code == 507
    assert FULL[language] in answer.text.replace("&#39;", "'")
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
    for folder in (site.config.jobs_folder, site.config.incoming_folder):
        assert not folder.exists() or list(folder.iterdir()) == []
    again = {"photos": (io.BytesIO(photograph()), "龙窑.png")}
    assert curator.post("/desk/jobs/new", sent | again).status_code == 303  # there is room again
    assert [path.name for path in services.photos_folder(site.config, 1).iterdir()] == ["龙窑.png"]


@pytest.mark.parametrize(("language", "limit", "status"), [("zh", 1_000_000, 507), ("en", None, 413)])
def test_what_the_server_cannot_take_is_answered_by_the_site(
    config: Config, language: str, limit: int | None, status: int
) -> None:
    """Waitress takes the whole body first: it must neither cut the connection nor answer in its own words."""
    app = create_app(replace(config, max_upload_mb=4))
    server = create_server(app, replace(config, max_upload_mb=4), "127.0.0.1:0")
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        body = b"x" * (3_000_000 if limit else 5_000_000)
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
        with limited(resource.RLIMIT_FSIZE, limit or resource.RLIM_INFINITY):
            connection.request("POST", f"/desk/jobs/new?lang={language}", body, {"Content-Type": "text/plain"})
            answer = connection.getresponse()
            text = answer.read().decode()
        assert answer.status == status
        assert (FULL["zh"] if limit else "The upload is too large.") in text
        connection.request("GET", "/healthz")  # on the same connection: nothing of the body is left in it
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        server.trigger.pull_trigger(partial(wasyncore.close_all, server._map))  # in the thread that watches them
        thread.join()
        server.task_dispatcher.shutdown()
        app.extensions["longyao"].database.close()
        tempfile.tempdir = None


def test_a_full_disk_at_the_library(curator: Browser, site: Site) -> None:
    token = curator.token()
    sent = {"csrf_token": token, "title_en": "Kiln", "file": (io.BytesIO(photograph()), "kiln.png")}
    with limited(resource.RLIMIT_FSIZE, 40_000):
        answer = curator.client.post("/desk/assets/new?lang=zh", data=sent, buffered=True)
    assert (answer.status_code, FULL["zh"] in answer.text) == (507, True)
    assert list(site.config.incoming_folder.iterdir()) == []
    assert [path for path in site.config.files_folder.rglob("*") if path.is_file()] == []


def test_a_reconstruction_that_fills_the_disk_says_so(site: Site, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "1.jpg").write_bytes(samples.picture(160, 128))
    with site.database.writing() as session:
        services.enqueue(session, site.config, title={"zh": "窑", "en": ""}, preset="object", photos=photos)

    def build(source: Path, work: Path, **_: object) -> Any:
        with limited(resource.RLIMIT_FSIZE, 40_000), (work / "large").open("wb", buffering=0) as target:
            target.write(b"\0" * 40_000)
            target.write(b"\0")

    def build_hall(*_: object, **__: object) -> Any:
        raise AssertionError

    worker.work(site.config, build, build_hall, once=True, say=lambda _: None)
    with site.database.reading() as session:
        job = services.get_job(session, 1)
    assert job.state == "failed"
    assert job.failure
    assert job.failure["message"] == FULL


def test_other_errors_are_not_taken_for_a_full_disk() -> None:
    assert no_room(PermissionError(13, "Permission denied")) is None
    assert no_room(RuntimeError("No space left on device")) is None
    assert isinstance(no_room(OSError(28, "No space left on device")), NoRoom)
