"""A hall's room from what its document says: sketched, built by a job, put into the draft, asked for at publishing."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from browser import NAME, Browser
from sqlalchemy import delete, select, update

from exhibit.db import Database
from exhibit.documents.hall import checked
from exhibit.documents.types import Building, Furnishing, HallDocument
from exhibit.errors import BadHall, BadInput
from exhibit.halls import rooms, services, unused_rooms
from exhibit.halls.building import build_hall
from exhibit.halls.models import HallEdit
from exhibit.halls.templates import begin_hall, rectangle
from exhibit.jobs import worker
from exhibit.jobs.models import Job
from exhibit.library.bundle import read_bundle
from exhibit.library.models import Asset, AssetFile, File
from exhibit.library.services import ingest
from exhibit.publishing.models import Revision
from exhibit.space.lightmap import Quality
from exhibit.space.templates import TEMPLATES
from exhibit.web import Site

ROOT = Path(__file__).parents[2]
ROOM = "/api/halls/drawn/room"
QUICK = Quality(256, 2, 1, 1, (64, 36, 1))
PLINTH: Furnishing = {
    "kind": "plinth", "position": [1, 0, 0], "facing_deg": 0, "width_m": 0.6, "depth_m": 0.6, "height_m": 1,
}  # fmt: skip


def no_reconstruction(*_: Any, **__: Any) -> Any:
    raise AssertionError("nobody has asked for one")


def ask(curator: Browser, what: str, body: Any, method: str = "POST") -> Any:
    headers = {"Accept-Language": "en", "Content-Type": "application/json"}
    return curator.send(method, f"{ROOM}{what}", data=json.dumps(body).encode(), headers=headers)


@pytest.fixture
def drawn(curator: Browser, site: Site, database: Database, bundles: dict[str, Path]) -> str:
    """A hall from a plan of one room, which is in the library."""
    building = rectangle(8, 6)
    ingest(database, site.storage, read_bundle(bundles["room"], site.config), rooms.room_of(building, {}))
    with database.writing() as session:
        asset = session.get_one(Asset, rooms.room_of(building, {}))
        return begin_hall(session, building, asset, {"zh": "图", "en": "Drawn"}, {"zh": "", "en": ""}).slug


def draft(database: Database) -> HallDocument:
    with database.reading() as session:
        return services.get_hall(session, "drawn").draft


def furnish(database: Database, furniture: dict[str, Furnishing]) -> None:
    with database.writing() as session:
        hall = services.get_hall(session, "drawn")
        services.edit_draft(
            session, hall, "add-furniture", lambda document: {**document, "furniture": furniture}, hall.draft_version
        )


def work(site: Site) -> int:
    return worker.work(
        site.config, no_reconstruction, partial(build_hall, quality=QUICK), once=True, say=lambda _: None
    )


def test_a_room_is_told_by_its_content() -> None:
    plan = rectangle(8, 6)
    turned: Building = json.loads(json.dumps(dict(reversed(list(plan.items())))))
    assert rooms.room_of(plan, {}) == rooms.room_of(turned, {}) != rooms.room_of(rectangle(8, 6.5), {})
    assert rooms.room_of(plan, {"a": PLINTH}) != rooms.room_of(plan, {})
    for template in TEMPLATES.values():
        assert rooms.room_of({"template": template.key}, {}) == rooms.room_id(template.key)
        own = {size.name: size.default for size in template.sizes}
        assert rooms.room_of({"template": template.key, "sizes": own}, {}) == rooms.room_id(template.key)
        for size in template.sizes:
            other: Building = {"template": template.key, "sizes": {size.name: size.least}}
            assert (rooms.room_of(other, {}) == rooms.room_id(template.key)) == (size.least == size.default)


def test_a_hall_without_building_and_furniture_is_never_stale(hall: HallDocument) -> None:
    assert rooms.wanted_room(hall) is None
    assert not rooms.is_stale(hall)
    rooms.check_room(hall)


def test_a_plan_that_breaks_the_contract_is_told_by_its_place(hall: HallDocument) -> None:
    plan: Any = rectangle(8, 6)
    del plan["walls"]["north"]["height_m"]
    architecture = {**hall["architecture"], "building": plan}
    with pytest.raises(BadHall, match="/architecture/building/walls/north: 'height_m' is a required property"):
        checked({**hall, "architecture": architecture})


def test_furniture_in_a_room_from_a_file_needs_no_building(
    curator: Browser, visitor: Browser, site: Site, database: Database, hall: HallDocument
) -> None:
    with database.writing() as session:
        services.create_hall(session, {**hall, "furniture": {"a": PLINTH}}, slug="filed")
    assert curator.send("POST", "/api/halls/filed/room/build").json == {"stale": False, "job": None}
    assert curator.send("POST", "/api/halls/filed/publish", headers={"If-Match": '"1"'}).status_code == 200
    shown = visitor.get("/api/halls/filed").json
    assert shown is not None
    assert shown["furniture"] == {"a": PLINTH}  # the visitors' browsers show it
    assert work(site) == 0


def test_a_room_is_sketched_and_nothing_is_saved(curator: Browser, drawn: str, database: Database) -> None:
    before = draft(database)
    bodies: list[dict[str, Any]] = [
        {"building": rectangle(6, 5), "furniture": {"a": PLINTH}},
        {"building": {"template": "porcelain-gallery", "sizes": {"rooms": 2}}},
        {"furniture": {"a": PLINTH}},
        {"building": {"walls": {}}},
        {},
    ]
    for body in bodies:
        answer = ask(curator, "/sketch", body)
        assert (answer.status_code, answer.mimetype) == (200, "model/gltf-binary")
        assert answer.data[:4] == b"glTF"
    assert draft(database) == before
    assert ask(curator, "", None, "GET").json == {"stale": False, "job": None}


def test_facts_are_what_a_hall_begins_with(curator: Browser, drawn: str, database: Database) -> None:
    own = draft(database)
    found = ask(curator, "/facts", {"building": rectangle(8, 6), "furniture": {"a": PLINTH}}).json
    assert found["doors"] == own["doors"]
    assert found["doors"]["entrance"]["position"] == [0, 0, 3]
    assert found["start"] == own["start"]
    assert found["light"] == own["light"]
    assert found["background"] == own["architecture"]["background"]
    assert set(found["anchors"]) == {"a", "a-label"}
    template = TEMPLATES["dragon-kiln"]
    found = ask(curator, "/facts", {"building": {"template": "dragon-kiln"}}).json
    assert found["anchors"] == template.document["anchors"]
    assert found["doors"] == template.document["doors"]
    more = ask(curator, "/facts", {"building": {"template": "dragon-kiln", "sizes": {"chambers": 7, "doors": 1}}}).json
    assert len(more["anchors"]) > len(found["anchors"])
    assert list(more["doors"]) == list(template.document["doors"])[:1]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"building": {"template": "palace"}}, "room_template"),
        ({"building": {"template": "tulou", "sizes": {"storeys": 9}}}, "room_size"),
        ({"building": {"template": "tulou", "sizes": {"storeys": 2.5}}}, "room_size"),
        ({"building": {"template": "tulou", "sizes": {"colour": 1}}}, "room_size_unknown"),
        ({"building": {"walls": {"a": {"from": [0, 0], "to": [1, 0]}}}}, "room_contract"),
        ({"walls": {}}, "room_contract"),
        ([], "room_contract"),
        ({"furniture": {f"p{i}": PLINTH for i in range(301)}}, "room_limit"),
        ({"furniture": {"a": {**PLINTH, "position": [0, 0, 1e9]}}}, "room_far"),
    ],
)
def test_what_cannot_be_built_is_refused_by_name(curator: Browser, drawn: str, body: Any, key: str) -> None:
    for what in ("/sketch", "/facts"):
        answer = ask(curator, what, body)
        assert answer.status_code == 422
        assert answer.json["type"] == f"urn:longyao:problem:{key}"
        assert answer.json["detail"]


def test_only_curators_ask(visitor: Browser, curator: Browser, drawn: str) -> None:
    asked = [("GET", ""), *(("POST", f"/{what}") for what in ("sketch", "facts", "build")), ("DELETE", "/build")]
    for method, what in asked:
        assert visitor.client.open(f"{ROOM}{what}", method=method).status_code == 401
        if method != "GET":
            assert curator.client.open(f"{ROOM}{what}", method=method).status_code == 403  # without the page's token


def test_a_room_is_built_put_into_the_draft_and_then_published(
    curator: Browser, drawn: str, site: Site, database: Database
) -> None:
    furnish(database, {"a": PLINTH})
    publish = partial(curator.send, "POST", "/api/halls/drawn/publish")
    refused = publish(headers={"If-Match": '"2"', "Accept-Language": "en"})
    assert refused.json is not None
    assert (refused.status_code, refused.json["type"]) == (422, "urn:longyao:problem:room_stale")
    assert ask(curator, "", None, "GET").json == {"stale": True, "job": None}

    asked = ask(curator, "/build", None)
    assert asked.status_code == 202
    job = asked.json["job"]
    assert (job["state"], job["over"]) == ("queued", False)
    assert ask(curator, "/build", None).json["job"]["id"] == job["id"]  # once is enough
    assert curator.get(f"/desk/jobs/{job['id']}?lang=en").status_code == 200
    before = draft(database)
    assert work(site) == 1
    done = ask(curator, "", None, "GET").json
    assert (done["stale"], done["job"]["state"]) == (False, "done")
    after = draft(database)
    room = rooms.room_of(rectangle(8, 6), {"a": PLINTH})
    assert after["architecture"] == before["architecture"] | {"asset": room}
    assert after["assets"][room]["title"] == {"zh": "图", "en": "Drawn"}
    assert after["assets"][room]["use"] == "room"

    question = {"client": str(uuid.uuid4()), "version": 2, "edits": []}
    log = curator.send("POST", "/api/halls/drawn/edits", json=question).json
    assert log is not None
    (edit,) = log["edits"]
    assert (edit["name"], edit["author"]) == ("build-room", NAME)
    assert edit["changes"] == [{"path": ["architecture", "asset"], "from": before["architecture"]["asset"], "to": room}]
    assert publish(headers={"If-Match": '"3"'}).status_code == 200
    assert ask(curator, "/build", None).json == done  # there is nothing to do


def test_a_room_that_changes_while_it_is_built_is_not_put_into_the_draft(
    curator: Browser, drawn: str, site: Site, database: Database
) -> None:
    furnish(database, {"a": PLINTH})
    ask(curator, "/build", None)
    with database.reading() as session:
        job = session.query(Job).one()

    class Meddling(worker.Listener):
        def __call__(self, stage: str, fresh: bool) -> worker.Listener:
            if stage == "draft":
                furnish(database, {"b": PLINTH})
            return super().__call__(stage, fresh)

    with pytest.raises(BadInput, match="changed while it was being built"):
        build_hall(job, site.config, database, site.storage, Meddling(), quality=QUICK)
    assert rooms.is_stale(draft(database))


def test_built_rooms_that_nothing_names_are_removed(
    curator: Browser, drawn: str, site: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three rooms, one is shown, one is in a version that is kept and in an edit, and one in nothing."""
    sweep = partial(unused_rooms.remove_unused_rooms, database, site.storage)
    furnish(database, {"a": PLINTH})
    ask(curator, "/build", None)
    assert work(site) == 1
    first, second = rooms.room_of(rectangle(8, 6), {}), rooms.room_of(rectangle(8, 6), {"a": PLINTH})
    lost = "room-0123456789ab"
    with database.writing() as session:
        session.add(Asset(id=lost, document=session.get_one(Asset, second).document))
        session.add(Asset(id="room-of-our-own", document=session.get_one(Asset, second).document))
        session.add(File(sha256="0" * 64, bytes=1, mime="model/gltf-binary"))
        session.flush()
        session.add(AssetFile(asset_id=lost, sha256="0" * 64))
        job = Job(kind="room", title={"zh": "", "en": ""}, state="running")
        session.add(job)
        session.flush()
        running = job.id
    assert sweep(running) == []  # all are new
    monkeypatch.setattr(unused_rooms, "KEPT", dt.timedelta(0))
    assert sweep() == []  # one is being built
    assert sweep(running) == [lost]
    with database.writing() as session:
        assert session.get(File, "0" * 64) is None
        assert {first, second, "room-of-our-own"} <= set(session.scalars(select(Asset.id)))
        hall = services.get_hall(session, "drawn")
        session.execute(update(HallEdit).values(changes=None, assets=None))  # they are too old
        session.execute(
            delete(Revision).where(Revision.publishable_id == hall.id, Revision.version < hall.draft_version)
        )
    assert sweep(running) == [first]
    assert draft(database)["architecture"]["asset"] == second


def test_a_build_is_cancelled(curator: Browser, drawn: str, database: Database) -> None:
    furnish(database, {"a": PLINTH})
    ask(curator, "/build", None)
    assert ask(curator, "/build", None, "DELETE").json["job"]["state"] == "cancelled"
    assert ask(curator, "/build", None).json["job"]["state"] == "queued"  # another one


def test_walls_that_enclose_nothing_are_not_built(curator: Browser, drawn: str, database: Database) -> None:
    plan = rectangle(8, 6)
    assert "walls" in plan
    del plan["walls"]["north"]
    with database.writing() as session:
        hall = services.get_hall(session, "drawn")
        changed = {**hall.draft, "architecture": {**hall.draft["architecture"], "building": plan}}
        services.save_draft(session, hall, changed, hall.draft_version)
    answer = ask(curator, "/build", None)
    assert (answer.status_code, answer.json["type"]) == (422, "urn:longyao:problem:room_open")


def test_a_web_process_sketches_without_what_bakes() -> None:
    code = (
        "import sys, exhibit, exhibit.space.building, exhibit.space.sketch, exhibit.space.furnishing;"
        "print({'open3d', 'pycolmap', 'exhibit.space.lightmap'} & {*sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout == "set()\n"


def test_templates_and_their_sizes_are_told_to_curators(curator: Browser) -> None:
    told = curator.get("/api/templates").json
    assert told is not None
    assert told["templates"].keys() == TEMPLATES.keys()
    nave = {size.pop("name"): size for size in told["templates"]["factory-nave"]["sizes"]}
    title = {"zh": "厂房宽度", "en": "Width of the nave"}
    assert nave["width"] == {"title": title, "least": 12, "most": 22, "step": 1, "default": 16, "unit": "m"}
