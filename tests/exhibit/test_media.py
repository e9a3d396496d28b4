"""Files over HTTP: what a published hall shows is everyone's, kept forever; the rest does not exist for visitors."""

from __future__ import annotations

from typing import Any

import pytest
from browser import Browser
from flask import Flask

from exhibit.web import Site


def model_of(hall: dict[str, Any]) -> str:
    sha256: str = hall["assets"]["saggar"]["files"]["model"]["sha256"]
    return sha256


def test_a_file(visitor: Browser, site: Site, published: str, hall: dict[str, Any]) -> None:
    sha256 = model_of(hall)
    answer = visitor.get(f"/media/{sha256}")
    assert answer.status_code == 200
    assert answer.data == site.storage.path(sha256).read_bytes()
    assert answer.mimetype == "model/gltf-binary"
    assert answer.headers["ETag"] == f'"{sha256}"'
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    thumb = hall["assets"]["saggar"]["files"]["thumb"]["sha256"]
    assert visitor.get(f"/media/{thumb}").mimetype == "image/webp"


def test_again(visitor: Browser, published: str, hall: dict[str, Any]) -> None:
    sha256 = model_of(hall)
    answer = visitor.get(f"/media/{sha256}", headers={"If-None-Match": f'"{sha256}"'})
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize(
    ("wish", "part"), [("bytes=0-3", slice(0, 4)), ("bytes=10-19", slice(10, 20)), ("bytes=-8", slice(-8, None))]
)
def test_a_part(visitor: Browser, site: Site, published: str, hall: dict[str, Any], wish: str, part: slice) -> None:
    sha256 = model_of(hall)
    whole = site.storage.path(sha256).read_bytes()
    answer = visitor.get(f"/media/{sha256}", headers={"Range": wish})
    assert (answer.status_code, answer.data) == (206, whole[part])
    start, stop, _ = part.indices(len(whole))
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"


def test_a_part_beyond_the_end(visitor: Browser, published: str, hall: dict[str, Any]) -> None:
    assert visitor.get(f"/media/{model_of(hall)}", headers={"Range": "bytes=99999999-"}).status_code == 416


@pytest.mark.parametrize("name", ["0" * 64, "nonsense", "..%2f..%2fsecret.key", "%2e%2e"])
def test_no_such_file(visitor: Browser, curator: Browser, published: str, name: str) -> None:
    assert visitor.get(f"/media/{name}").status_code == 404
    assert curator.get(f"/media/{name}").status_code == 404


def test_drafts_are_the_curators(app: Flask, visitor: Browser, curator: Browser, library: dict[str, Any]) -> None:
    sha256 = library["saggar"]["files"]["model"]["sha256"]
    assert visitor.get(f"/media/{sha256}").status_code == 404
    answer = curator.get(f"/media/{sha256}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("private")


def test_taken_down_is_gone(visitor: Browser, curator: Browser, published: str, hall: dict[str, Any]) -> None:
    assert visitor.get(f"/media/{model_of(hall)}").status_code == 200
    curator.post("/desk/halls/dragon-kiln/unpublish")
    assert visitor.get(f"/media/{model_of(hall)}").status_code == 404


def test_a_file_that_the_disk_has_lost(visitor: Browser, site: Site, published: str, hall: dict[str, Any]) -> None:
    site.storage.path(model_of(hall)).unlink()
    assert visitor.get(f"/media/{model_of(hall)}").status_code == 404
