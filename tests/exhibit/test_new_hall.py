"""From a fresh install to a hall on show: templates, the job that builds a room, places for exhibits."""

from __future__ import annotations

import io
import math
import re
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser

from exhibit.db import Database
from exhibit.documents.assets import file_entries
from exhibit.documents.types import Anchor, HallDocument, Placement, Timeline
from exhibit.errors import BadInput
from exhibit.halls import services
from exhibit.halls.anchors import free_places, put_at
from exhibit.halls.building import build_hall
from exhibit.halls.models import Hall
from exhibit.halls.rooms import is_stale, room_id, template_of
from exhibit.halls.rotation import turn
from exhibit.halls.templates import PLAN_SIZES, rectangle
from exhibit.jobs import worker
from exhibit.jobs.models import Job
from exhibit.library.bundle import read_bundle
from exhibit.library.models import Asset
from exhibit.library.services import ingest
from exhibit.space.build import ROUGH
from exhibit.space.lightmap import Quality
from exhibit.space.templates import TEMPLATES, begin_document
from exhibit.web import Site
from recon import Cancelled, GltfBundle

BUILT = "porcelain-gallery"  # the quickest to build


def no_reconstruction(source: Path, work: Path, *, preset: str, listener: worker.Listener) -> GltfBundle:
    raise AssertionError("nobody has asked for one")


def made(curator: Browser, template: str, title: str) -> str:
    answer = curator.post("/desk/halls/new", {"title_en": title, "summary_en": "S", "room": f"template:{template}"})
    assert answer.status_code == 303
    return answer.headers["Location"]


def draft_of(database: Database, slug: str) -> HallDocument:
    with database.reading() as session:
        return next(hall.draft for hall in session.query(Hall) if hall.slug == slug)


def test_from_a_fresh_install_to_a_hall_on_show(
    curator: Browser, visitor: Browser, site: Site, database: Database
) -> None:
    page = curator.get("/desk/halls/new?lang=en").text
    assert re.findall(r'value="template:([a-z-]+)"', page) == [*TEMPLATES, "plan"]
    for template in TEMPLATES.values():
        assert template.title["en"] in page
        assert curator.get(f"/static/{template.picture}").status_code == 200

    job_page = made(curator, BUILT, "White Gold")
    assert re.fullmatch(r"/desk/jobs/\d+", job_page)
    assert TEMPLATES[BUILT].title["en"] in curator.get(job_page + "?lang=en").text
    assert "White Gold" in curator.get("/desk?lang=en").text
    said: list[str] = []
    builder = partial(build_hall, quality=ROUGH)
    assert worker.work(site.config, no_reconstruction, builder, once=True, say=said.append) == 1
    assert said[-1].endswith(": done")
    assert 'href="/desk/halls/white-gold"' in curator.get(job_page).text
    with database.reading() as session:
        room = session.get_one(Asset, room_id(BUILT)).document
        job = session.query(Job).one()
    assert (room["use"], room["title"], job.state) == ("room", dict(TEMPLATES[BUILT].title), "done")
    assert list(site.config.incoming_folder.iterdir()) == []
    draft = draft_of(database, "white-gold")
    expected = begin_document(BUILT, room_id(BUILT))
    assert draft["title"] == {"zh": "", "en": "White Gold"}
    built = itemgetter("anchors", "doors", "light", "start")
    assert built(draft) == built(expected)
    assert draft["architecture"] == expected["architecture"] | {"building": {"template": BUILT}}

    assert made(curator, BUILT, "White Again") == "/desk/halls/white-again"  # its room is there
    uploaded = curator.post("/desk/assets/new", {"file": (io.BytesIO(samples.box_glb()), "cup.glb"), "in_metres": "on"})
    assert uploaded.headers["Location"] == "/desk/assets/cup"
    desk = "/desk/halls/white-gold"
    offered = set(
        re.findall(
            r'<option value="([a-z0-9-]+)">(?:Plinth|Vitrine|Panel|Screen) ', curator.get(desk + "?lang=en").text
        )
    )
    assert offered == {key for key, anchor in draft["anchors"].items() if anchor["kind"] != "label"}
    plinth = next(key for key, anchor in draft["anchors"].items() if anchor["kind"] == "plinth")
    assert curator.post(f"{desk}/placements", {"asset": "cup", "at": plinth, "version": "1"}).status_code == 303
    placement = draft_of(database, "white-gold")["placements"]["cup"]
    assert placement["translation"] == draft["anchors"][plinth]["position"]
    assert turn(placement["rotation"]) == pytest.approx(draft["anchors"][plinth]["facing_deg"])
    assert f'value="{plinth}"' not in curator.get(desk).text  # it is taken
    assert f'value="{plinth}"' in curator.get(f"{desk}/placements/cup").text  # but not by another one
    assert curator.post(f"{desk}/publish", {"version": "2", "untranslated": "on"}).status_code == 303
    shown = visitor.get("/halls/white-gold?lang=en").text
    assert "White Gold" in shown
    assert "Not stated" in shown
    for _, entry in file_entries(room):
        assert visitor.get(f"/media/{entry['sha256']}").status_code == 200


class Watching(worker.Listener):
    """Remembers how far a build said that it is, and stops it at a number of percent."""

    def __init__(self, stop_at: int):
        super().__init__()
        self.percent: list[int] = []
        self.stop_at = stop_at

    def advance(self, done: int = 1) -> None:
        super().advance(done)
        self.percent.append(int(self.figures()["done"]))
        if self.percent[-1] >= self.stop_at:
            self.stopped.set()


def test_a_build_tells_how_far_it_is_and_can_be_cancelled(curator: Browser, site: Site, database: Database) -> None:
    made(curator, BUILT, "White Gold")
    with database.reading() as session:
        job = session.query(Job).one()
    listener = Watching(stop_at=17)
    with pytest.raises(Cancelled):
        build_hall(job, site.config, database, site.storage, listener, quality=ROUGH)
    assert listener.percent == sorted(listener.percent)
    assert 3 < len(set(listener.percent)) <= 18  # stopped early
    assert listener.figures() == {"stage": "room", "done": listener.percent[-1], "total": 100}
    assert list(site.config.incoming_folder.iterdir()) == []
    with database.reading() as session:
        assert (session.query(Asset).count(), session.query(Hall).count()) == (0, 0)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_begins_a_hall(curator: Browser, site: Site, bundles: dict[str, Path], template: str) -> None:
    """First its room is asked for; once the library has it, halls open at once."""
    job_page = made(curator, template, "First")
    with site.database.reading() as session:
        job = session.query(Job).one()
        assert (job.kind, job.building, job.state) == ("hall", {"template": template}, "queued")
    curator.post(f"{job_page}/cancel")
    ingest(site.database, site.storage, read_bundle(bundles["room"], site.config), room_id(template))
    assert template_of(room_id(template)) == template
    assert made(curator, template, "Second") == "/desk/halls/second"
    draft = draft_of(site.database, "second")
    assert draft["anchors"] == TEMPLATES[template].document.get("anchors")
    assert set(draft["doors"]) == set(TEMPLATES[template].doors)
    places = free_places(draft)
    counts = TEMPLATES[template].anchors
    assert len(places) == sum(counts[kind] for kind in ("plinth", "vitrine", "panel", "screen"))
    assert [place.number for place in places if place.kind == "plinth"] == list(range(1, counts["plinth"] + 1))


def test_rooms_are_rooms_and_exhibits_exhibits(curator: Browser, library: dict[str, Any], published: str) -> None:
    page = curator.get("/desk/halls/new").text
    assert 'value="room"' in page
    assert 'value="saggar"' not in page
    hall = curator.get(f"/desk/halls/{published}").text
    for form, offered in (("placements", {"saggar", "shard", ""}), ("room", {"room"})):
        action = hall.index(f'action="/desk/halls/{published}/{form}"')
        [options] = re.findall(
            r'name="(?:asset|room)">(.*?)</select>', hall[action : hall.index("</form>", action)], re.S
        )
        assert set(re.findall(r'<option value="([^"]*)"', options)) == offered
    refused = curator.post(f"/desk/halls/{published}/placements?lang=en", {"asset": "room", "version": "1"})
    assert (refused.status_code, "This is not an exhibit." in refused.text) == (422, True)
    answer = curator.post("/desk/halls/new?lang=en", {"title_en": "T", "room": "saggar"})
    assert (answer.status_code, "The form lacks a valid &#39;Room&#39;." in answer.text) == (422, True)


@pytest.mark.parametrize("form", [{"room": "template:palace"}, {"room": ""}, {}])
def test_a_room_that_nobody_has(curator: Browser, database: Database, form: dict[str, str]) -> None:
    answer = curator.post("/desk/halls/new", {"title_zh": "新展"} | form)
    assert answer.status_code == 422
    assert 'value="新展"' in answer.text
    with database.reading() as session:
        assert session.query(Job).count() == 0


# places


ANCHORS: dict[str, Anchor] = {
    "table": {"kind": "plinth", "position": [1, 0.9, -2], "facing_deg": 90, "width_m": 0.5, "height_m": 1.2},
    "wall": {"kind": "panel", "position": [0, 1.5, -5], "facing_deg": 0, "width_m": 2, "height_m": 0.8},
    "sign": {"kind": "label", "position": [0, 1, -5], "facing_deg": 0, "width_m": 0.3, "height_m": 0.16},
    "case": {"kind": "vitrine", "position": [3, 0.9, -2], "facing_deg": -90, "width_m": 0.5, "height_m": 0.5},
}


@pytest.fixture
def furnished(hall: HallDocument) -> HallDocument:
    return {**hall, "anchors": ANCHORS}


def test_what_is_true_to_size_keeps_it(furnished: HallDocument) -> None:
    moved = put_at(furnished, furnished["placements"]["saggar"], "table")
    assert (moved["translation"], moved["scale"]) == ([1, 0.9, -2], 1)
    assert moved["rotation"] == pytest.approx([0, math.sqrt(0.5), 0, math.sqrt(0.5)])


def test_what_has_no_scale_is_fitted(furnished: HallDocument) -> None:
    """The shard is 3 by 1 by 2 of no unit: its longest side takes nine tenths of the table."""
    moved = put_at(furnished, furnished["placements"]["shard"], "table")
    assert moved["scale"] == pytest.approx(0.15)


def test_boards_hang_before_the_wall(furnished: HallDocument) -> None:
    moved = put_at(furnished, furnished["placements"]["welcome"], "wall")
    assert moved["translation"] == pytest.approx([0, 1.5, -5 + 0.012])
    assert moved["width_m"] == pytest.approx(1.8)
    picture: Placement = {
        "kind": "picture",
        "asset": "saggar",
        "title": {"zh": "", "en": ""},
        "translation": [0, 0, 0],
        "rotation": [0, 0, 0, 1],
        "scale": 1,
    }
    thumb = furnished["assets"]["saggar"]["files"]["thumb"]
    width = put_at(furnished, picture, "wall")["width_m"]
    assert width == pytest.approx(min(1.8, 0.72 * thumb["width"] / thumb["height"]), abs=1e-3)


@pytest.mark.parametrize(
    ("key", "anchor", "error"),
    [
        ("saggar", "wall", "An object cannot hang"),
        ("welcome", "table", "cannot stand on a plinth"),
        ("saggar", "sign", "An object cannot hang"),
        ("saggar", "moon", "valid 'Place'"),
    ],
)
def test_not_made_for_it(furnished: HallDocument, key: str, anchor: str, error: str) -> None:
    with pytest.raises(BadInput, match=error):
        put_at(furnished, furnished["placements"][key], anchor)


def test_what_is_taken_is_not_offered(furnished: HallDocument) -> None:
    assert [place.key for place in free_places(furnished)] == ["table", "case", "wall"]
    for key, anchor in (("saggar", "case"), ("welcome", "wall")):
        furnished["placements"][key] = put_at(furnished, furnished["placements"][key], anchor)
    assert [place.key for place in free_places(furnished)] == ["table"]
    assert [place.key for place in free_places(furnished, but_for="saggar")] == ["table", "case"]
    timeline: Timeline = {"title": {"zh": "", "en": ""}, "milestones": {}, "anchor": "table"}
    assert free_places({**furnished, "timeline": timeline}) == []


def test_a_hall_like_another(curator: Browser, published: str, database: Database, hall: dict[str, Any]) -> None:
    model = samples.story(hall) | {"anchors": begin_document(BUILT, "room")["anchors"]}
    with database.writing() as session:
        services.save_draft(session, services.get_hall(session, published), model, 1)
    assert 'href="/desk/halls/new?like=dragon-kiln"' in curator.get(f"/desk/halls/{published}").text
    page = curator.get("/desk/halls/new?like=dragon-kiln&lang=en").text
    assert 'value="龙窑展厅（副本）"' in page
    assert re.search(r'value="hall:dragon-kiln" required checked', page)
    assert re.search(r'name="with_contents" checked', page)
    form = {"title_zh": "副本", "title_en": "Copy", "summary_zh": "", "summary_en": "", "room": "hall:dragon-kiln"}
    assert curator.post("/desk/halls/new", form | {"with_contents": "on"}).headers["Location"] == "/desk/halls/copy"
    copied = draft_of(database, "copy")
    texts = {"title": {"zh": "副本", "en": "Copy"}, "summary": {"zh": "", "en": ""}}
    assert copied == model | texts
    assert curator.post("/desk/halls/new", form).headers["Location"] == "/desk/halls/copy-2"
    begun = draft_of(database, "copy-2")
    empty = {
        "placements": {},
        "placement_order": [],
        "notes": {},
        "note_order": [],
        "assets": {"room": model["assets"]["room"]},
    }
    kept = ("schema", "architecture", "light", "start", "anchors")
    assert begun == {key: model[key] for key in kept} | texts | empty
    assert draft_of(database, published) == model
    assert curator.post("/desk/halls/new", form | {"room": "hall:atlantis"}).status_code == 404
    assert curator.get("/desk/halls/new?like=atlantis").status_code == 404


# sizes


def test_a_template_with_other_sizes_and_an_empty_plan(curator: Browser, site: Site, database: Database) -> None:
    page = curator.get("/desk/halls/new?lang=en").text
    for key, sizes in [("plan", PLAN_SIZES), *((key, template.sizes) for key, template in TEMPLATES.items())]:
        for size in sizes:
            [field] = re.findall(rf'<input type="number" name="size_{key}_{size.name}"[^>]*>', page)
            for name, value in (("min", size.least), ("max", size.most), ("step", size.step), ("value", size.default)):
                assert f'{name}="{value:g}"' in field
    form = {"title_en": "Drawn", "room": "template:plan", "size_plan_width": "6", "size_plan_depth": "5"}
    assert curator.post("/desk/halls/new", form | {"size_tulou_storeys": "99"}).status_code == 303  # of another
    form = {"title_en": "White", "room": f"template:{BUILT}", f"size_{BUILT}_rooms": "1", f"size_{BUILT}_doors": "1"}
    assert curator.post("/desk/halls/new", form).status_code == 303
    quick = partial(build_hall, quality=Quality(256, 2, 1, 1, (64, 36, 1)))
    assert worker.work(site.config, no_reconstruction, quick, once=True, say=lambda _: None) == 2

    drawn, white = draft_of(database, "drawn"), draft_of(database, "white")
    assert drawn["architecture"]["building"] == rectangle(6, 5)
    assert (drawn["doors"]["entrance"]["position"], drawn["start"]["position"]) == ([0, 0, 2.5], [0, 1.6, 1.45])
    assert white["architecture"]["building"] == {"template": BUILT, "sizes": {"doors": 1, "rooms": 1}}
    assert list(white["doors"]) == ["south"]
    assert len(white["anchors"]) < len(begin_document(BUILT)["anchors"])
    for document in (drawn, white):
        assert not is_stale(document)
    assert curator.post("/desk/halls/new", form).headers["Location"] == "/desk/halls/white-2"  # its room is there
    rooms = curator.get("/desk/halls/new").text
    assert drawn["architecture"]["asset"] not in rooms  # it is that hall's; "like" takes it
    assert 'value="hall:drawn"' in rooms


@pytest.mark.parametrize("given", ["5.9", "13", "6.25", "much", "nan", "1e999"])
def test_a_size_that_cannot_be_built(curator: Browser, database: Database, given: str) -> None:
    form = {"title_en": "T", "room": "template:courtyard-house", "size_courtyard-house_court": given}
    answer = curator.post("/desk/halls/new?lang=en", form)
    assert answer.status_code == 422
    assert "“Depth of the courtyard” must be from 6 to 12, in steps of 0.5." in answer.text
    assert f'value="{given}"' in answer.text
    with database.reading() as session:
        assert session.query(Job).count() == 0
