"""What is published is rendered once: the same answer as without, told again only when it has changed."""

from __future__ import annotations

import copy
import gzip
import threading
from typing import Any

import brotli
import pytest
import samples
from browser import Browser
from flask import Flask, template_rendered
from sqlalchemy.exc import OperationalError

from exhibit import create_app
from exhibit.config import Config
from exhibit.halls import services
from exhibit.web import Site

PATHS = ("/", "/halls/dragon-kiln", "/embed/dragon-kiln", "/api/halls", "/api/halls/dragon-kiln")


@pytest.fixture
def rendered(app: Flask) -> Any:
    """The names of the templates that were rendered, as they are rendered."""
    names: list[str] = []

    def note(_: object, template: Any, **__: object) -> None:
        names.append(template.name)

    template_rendered.connect(note, app)
    yield names
    template_rendered.disconnect(note, app)


def publish(site: Site, title: str) -> None:
    with site.database.writing() as session:
        hall = services.get_hall(session, "dragon-kiln")
        document = copy.deepcopy(hall.draft) | {"title": {"zh": title, "en": title}}
        services.save_draft(session, hall, document, hall.draft_version)
        services.publish(session, hall, hall.draft_version)


@pytest.mark.parametrize("path", PATHS)
def test_every_coding_says_the_same(visitor: Browser, published: str, path: str) -> None:
    plain = visitor.get(path)
    assert plain.status_code == 200
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
    for coding, unpacked in unpack.items():
        answer = visitor.get(path, headers={"Accept-Encoding": coding})
        assert answer.headers["Content-Encoding"] == coding
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert unpacked(answer.data) == plain.data
        assert answer.headers["ETag"] == f"W/{plain.headers['ETag']}"
        assert {"Accept-Encoding", "Accept-Language", "Cookie"} - {*answer.vary} <= (
            {"Accept-Language", "Cookie"} if path.startswith("/api") else set()
        )
        for header in ("Content-Security-Policy", "Cache-Control", "Content-Type"):
            assert answer.headers[header] == plain.headers[header]
    assert visitor.get(path, headers={"Accept-Encoding": "br;q=0"}).data == plain.data


@pytest.mark.parametrize("path", PATHS)
def test_what_a_browser_has_is_not_sent_again(visitor: Browser, published: str, path: str) -> None:
    first = visitor.get(path, headers={"Accept-Encoding": "br"})
    again = visitor.get(path, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Encoding" not in again.headers


def test_rendered_once_a_language(visitor: Browser, published: str, rendered: list[str]) -> None:
    for _ in range(3):
        for language in ("zh", "en"):
            answer = visitor.get(f"/halls/{published}?lang={language}")
            assert answer.headers["Content-Language"] == {"zh": "zh-Hans", "en": "en"}[language]
    assert rendered.count("visitors/hall.html") == 2


def test_rendered_once_for_many_at_once(app: Flask, published: str, rendered: list[str]) -> None:
    start = threading.Barrier(8)
    answers = []

    def ask() -> None:
        start.wait()
        answers.append(app.test_client().get("/").data)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert rendered == ["visitors/home.html"]


def test_a_publication_is_seen_at_once_by_every_process(
    config: Config, visitor: Browser, site: Site, published: str
) -> None:
    other = create_app(config)
    try:
        before = other.test_client().get(f"/halls/{published}")
        assert "Anew" not in before.text
        publish(site, "Anew")
        for answer in (visitor.get(f"/halls/{published}"), other.test_client().get(f"/halls/{published}")):
            assert "Anew" in answer.text
            assert answer.headers["ETag"] != before.headers["ETag"]
        with site.database.writing() as session:
            services.unpublish(session, services.get_hall(session, published))
        for client in (visitor.client, other.test_client()):
            assert client.get(f"/halls/{published}").status_code == 404
            assert client.get("/api/halls").json == {"halls": []}
    finally:
        other.extensions["longyao"].database.close()


def test_a_curator_has_pages_of_her_own(curator: Browser, visitor: Browser, published: str) -> None:
    visitor.get("/")  # kept for everyone
    own = curator.get("/")
    assert "/desk" in own.text
    assert own.headers["Cache-Control"] == "no-store"
    assert "sign-out" not in visitor.get("/").text


@pytest.mark.parametrize(
    "headers", [{"Cookie": "kiosk=90"}, {"Origin": "https://example.org"}], ids=["kiosk", "other origin"]
)
def test_other_answers_are_not_mixed_up(app: Flask, published: str, headers: dict[str, str]) -> None:
    client = app.test_client(use_cookies=False)
    kept = client.get("/").data
    other = client.get("/", headers=headers)
    assert ("data-kiosk" in other.text) == ("Cookie" in headers)
    assert client.get("/").data == kept


def test_a_missing_hall_is_not_kept(visitor: Browser, site: Site, hall: dict[str, Any]) -> None:
    assert visitor.get("/halls/late").status_code == 404
    with site.database.writing() as session:
        services.publish(session, services.create_hall(session, samples.story(hall), slug="late"), 1)
    assert visitor.get("/halls/late").status_code == 200


def test_a_database_that_is_away_is_said(app: Flask, published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    assert client.get("/").status_code == 200
    site: Site = app.extensions["longyao"]

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(type(site.database.engine), "connect", away)
    assert client.get("/").status_code >= 500


def test_head_has_no_body(visitor: Browser, published: str) -> None:
    full = visitor.get("/")
    head = visitor.client.head("/")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(full.data))
