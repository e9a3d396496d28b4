"""The hall document through the JSON API: what goes in comes out, what breaks the contract stays out."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from browser import Browser
from sqlalchemy import select

from exhibit.db import Database
from exhibit.errors import StaleVersion
from exhibit.halls import services
from exhibit.halls.models import Hall
from exhibit.library.models import PublishableFile

DRAFT = "/api/halls/dragon-kiln/draft"
Document = dict[str, Any]


def put(curator: Browser, document: Any, version: int, raw: bytes | None = None) -> Any:
    body = raw if raw is not None else json.dumps(document).encode()
    return curator.send("PUT", DRAFT, data=body, headers={"If-Match": f'"{version}"', "Accept-Language": "en"})


def test_round_trip(curator: Browser, visitor: Browser, published: str, hall: Document) -> None:
    draft = curator.get(DRAFT)
    assert draft.json == hall
    assert draft.headers["ETag"] == '"1"'
    changed = copy.deepcopy(hall)
    changed["title"]["en"] = "The Dragon Kiln at Dehua"
    changed["placements"]["saggar"]["rotation"] = [0, 0.6, 0, 0.8]
    answer = put(curator, changed, 1)
    assert (answer.status_code, answer.headers["ETag"], answer.json) == (200, '"2"', changed)
    assert visitor.get("/api/halls/dragon-kiln").json == hall  # not published yet
    answer = curator.send("POST", "/api/halls/dragon-kiln/publish", headers={"If-Match": '"2"'})
    assert answer.status_code == 200
    assert visitor.get("/api/halls/dragon-kiln").json == changed
    assert visitor.get("/api/halls").json == {
        "halls": [{"slug": "dragon-kiln", "title": changed["title"], "summary": changed["summary"]}]
    }


def test_the_halls_at_the_desk_are_listed_for_who_leads_a_door_to_them(
    curator: Browser, visitor: Browser, published: str, hall: Document, database: Database
) -> None:
    with database.writing() as session:
        services.create_hall(session, hall | {"title": {"zh": "茶山", "en": "Tea hillside"}}, slug="tea")
    picture = hall["assets"]["room"]["files"]["thumb"]["sha256"]
    assert curator.get("/api/drafts").json == {
        "halls": [
            {"slug": "dragon-kiln", "title": hall["title"], "picture": picture, "published": True},
            {"slug": "tea", "title": {"zh": "茶山", "en": "Tea hillside"}, "picture": picture, "published": False},
        ]
    }
    assert visitor.get("/api/drafts").status_code == 401


def test_text_in_every_script_survives(curator: Browser, published: str, hall: Document) -> None:
    hall["summary"] = {"zh": "窑火\n“昼夜”不息 𠮷 🔥", "en": '<b>not markup</b> & "quotes" \u2028 \' {braces}'}
    assert put(curator, hall, 1).json == hall
    assert curator.get(DRAFT).json == hall


def test_half_a_character_is_replaced(curator: Browser, published: str, hall: Document) -> None:
    hall["summary"]["zh"] = "火🔥" + "🔥".encode("utf-16", "surrogatepass")[2:4].decode("utf-16-le", "surrogatepass")
    assert put(curator, hall, 1).get_json()["summary"]["zh"] == "火🔥\ufffd"
    assert curator.get(DRAFT).get_json()["summary"]["zh"] == "火🔥\ufffd"


def test_published_is_asked_for_again_by_etag(visitor: Browser, published: str) -> None:
    first = visitor.get("/api/halls/dragon-kiln")
    again = visitor.get("/api/halls/dragon-kiln", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_compressed_draft_can_be_saved_again(curator: Browser, published: str, hall: Document, coding: str) -> None:
    draft = curator.get(DRAFT, headers={"Accept-Encoding": coding})
    assert (draft.headers["Content-Encoding"], draft.headers["ETag"]) == (coding, 'W/"1"')
    headers = {"If-Match": draft.headers["ETag"], "Accept-Encoding": coding}
    saved = curator.send("PUT", DRAFT, json=hall, headers=headers)
    assert (saved.status_code, saved.headers["ETag"]) == (200, 'W/"2"')
    assert curator.send("PUT", DRAFT, json=hall, headers=headers).status_code == 409
    headers["If-Match"] = saved.headers["ETag"]
    assert curator.send("POST", "/api/halls/dragon-kiln/publish", headers=headers).status_code == 200


@pytest.mark.parametrize("address", ["/api/halls/dragon-kiln", "/service-worker.js", "/static/exhibit.css"])
def test_what_was_compressed_is_not_sent_again(visitor: Browser, published: str, address: str) -> None:
    headers = {"Accept-Encoding": "br"}
    first = visitor.get(address, headers=headers)
    assert first.headers["Content-Encoding"] == "br"
    again = visitor.get(address, headers=headers | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_unpublished_is_gone_for_visitors(
    curator: Browser, visitor: Browser, published: str, database: Database
) -> None:
    assert curator.send("POST", "/api/halls/dragon-kiln/unpublish").status_code == 200
    assert visitor.get("/api/halls/dragon-kiln").status_code == 404
    assert visitor.get("/halls/dragon-kiln").status_code == 404
    assert visitor.get("/api/halls").json == {"halls": []}
    assert curator.get(DRAFT).status_code == 200
    with database.reading() as session:
        assert session.scalars(select(PublishableFile).where(PublishableFile.published)).all() == []


def test_a_stale_save_loses_nothing(curator: Browser, published: str, hall: Document) -> None:
    mine, theirs = copy.deepcopy(hall), copy.deepcopy(hall)
    mine["title"]["en"], theirs["title"]["en"] = "Mine", "Theirs"
    assert put(curator, theirs, 1).status_code == 200
    answer = put(curator, mine, 1)
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert curator.get(DRAFT).json == theirs
    assert curator.send("POST", "/api/halls/dragon-kiln/publish", headers={"If-Match": '"1"'}).status_code == 409


def test_a_race_has_one_winner(database: Database, published: str, hall: Document) -> None:
    """Both have read version 1; the database, not the reading, decides."""
    with database.reading() as first:
        stale = services.get_hall(first, "dragon-kiln")
    with database.writing() as second:
        services.save_draft(second, services.get_hall(second, "dragon-kiln"), hall, 1)
    with database.writing() as third, pytest.raises(StaleVersion):
        services.save_draft(third, third.merge(stale, load=False), hall, 1)
    with database.reading() as session:
        assert session.scalars(select(Hall.draft_version)).one() == 2


@pytest.mark.parametrize(("header", "status"), [(None, 428), ("*", 422), ("1", 422), ('"x"', 422), ('"1", "2"', 422)])
def test_saves_name_their_version(
    curator: Browser, published: str, hall: Document, header: str | None, status: int
) -> None:
    headers = {} if header is None else {"If-Match": header}
    assert curator.send("PUT", DRAFT, json=hall, headers=headers).status_code == status


def change(path: str, value: Any) -> Callable[[Document], None]:
    def apply(hall: Document) -> None:
        *steps, last = path.split("/")
        at: Any = hall
        for step in steps:
            at = at[step]
        if value is ...:
            del at[last]
        else:
            at[last] = value

    return apply


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        (change("title", ...), "'title' is a required property"),
        (change("title", {"zh": "只有中文"}), "/title: 'en' is a required property"),
        (change("colour", "red"), "'colour' was unexpected"),
        (change("schema", "longyao:hall/2"), "/schema:"),
        (change("placement_order", ["welcome", "saggar"]), "/placement_order: must name each"),
        (change("placement_order", ["welcome", "saggar", "shard", "ghost"]), "/placement_order: must name each"),
        (change("placement_order", ["welcome", "saggar", "saggar", "shard"]), "/placement_order:"),
        (change("note_order", []), "/note_order: must name each of the notes"),
        (change("architecture/asset", "palace"), "/architecture/asset: the hall has no model 'palace'"),
        (change("assets/room/files/collider", ...), "/architecture/asset: 'room' has no collider"),
        (change("placements/saggar/asset", "ghost"), "/placements/saggar/asset: the hall has no model 'ghost'"),
        (change("placements/saggar/asset", ...), "/placements/saggar"),
        (change("placements/saggar/kind", "picture"), "/placements/saggar/asset: the hall has no picture 'saggar'"),
        (change("placements/welcome/asset", "saggar"), "/placements/welcome"),
        (change("placements/saggar/rotation", [0, 0, 0, 2]), "/placements/saggar/rotation: must be a unit quaternion"),
        (change("placements/saggar/rotation", [0, 0, 1]), "/placements/saggar/rotation"),
        (change("placements/saggar/scale", 0), "/placements/saggar/scale"),
        (change("placements/saggar/scale", -1), "/placements/saggar/scale"),
        (change("placements/saggar/translation", [0, 0, 1e9]), "/placements/saggar/translation: is farther"),
        (change("placements/Bad Id", {}), "/placements"),
        (change("notes/firing/placement", "ghost"), "/notes/firing/placement: the hall has no placement 'ghost'"),
        (change("notes/firing/view/target", [0, 1.5, 1]), "/notes/firing/view/target: is where the eye is"),
        (change("notes/firing/anchor", [0, "1", 0]), "/notes/firing/anchor"),
        (change("start/fov_deg", 180), "/start/fov_deg"),
        (change("assets/saggar/files/model/sha256", "../../etc/passwd"), "/assets/saggar/files/model/sha256"),
        (change("light/key/colour", "red"), "/light/key/colour"),
    ],
)
def test_what_breaks_the_contract_is_refused(
    curator: Browser, published: str, hall: Document, broken: Callable[[Document], None], place: str
) -> None:
    stored = copy.deepcopy(hall)
    broken(hall)
    answer = put(curator, hall, 1)
    assert answer.status_code == 422
    assert place in answer.json["title"]
    assert set(answer.json) == {"type", "title", "status", "detail"}
    draft = curator.get(DRAFT)
    assert (draft.json, draft.headers["ETag"]) == (stored, '"1"')


def test_files_must_be_in_the_library(curator: Browser, published: str, hall: Document) -> None:
    hall["assets"]["saggar"] = copy.deepcopy(hall["assets"]["saggar"])
    hall["assets"]["saggar"]["files"]["model"]["sha256"] = "f" * 64
    answer = put(curator, hall, 1)
    assert (answer.status_code, answer.json["type"]) == (422, "urn:longyao:problem:hall_files")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 1' + b"0" * 400 + b"}",
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
    ],
)
def test_what_is_not_a_document(curator: Browser, published: str, raw: bytes) -> None:
    assert put(curator, None, 1, raw).status_code == 422


def test_too_long_a_document(curator: Browser, published: str) -> None:
    assert put(curator, None, 1, b" " * (5 << 20)).status_code == 413


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p onclick='x()'>火<script>alert(1)</script></p>", "<p>火</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer">x</a>'),
        ('<img src="https://elsewhere.example/p.gif">', ""),
        ('<p style="color:red">x</p><iframe src="//e"></iframe>', "<p>x</p>"),
        (
            '<blockquote><em>a</em><a href="https://e.example">b</a></blockquote>',
            '<blockquote><em>a</em><a href="https://e.example" rel="noopener noreferrer">b</a></blockquote>',
        ),
    ],
)
def test_rich_text_is_sanitised(curator: Browser, published: str, hall: Document, typed: str, kept: str) -> None:
    hall["notes"]["firing"]["body"]["en"] = typed
    assert put(curator, hall, 1).json["notes"]["firing"]["body"]["en"] == kept
    assert curator.get(DRAFT).get_json()["notes"]["firing"]["body"]["en"] == kept


def test_assets_that_nothing_shows_are_dropped(curator: Browser, published: str, hall: Document) -> None:
    del hall["placements"]["shard"]
    hall["placement_order"].remove("shard")
    assert put(curator, hall, 1).json["assets"].keys() == {"room", "saggar"}


def test_no_such_hall(curator: Browser) -> None:
    answer = curator.get("/api/halls/atlantis", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.get_json()["title"]) == (404, "There is no hall 'atlantis'.")
