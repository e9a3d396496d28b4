"""Editing a hall step by step, by several people at once: POST /api/halls/<slug>/edits."""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from random import Random
from typing import Any

import pytest
import samples
from browser import NAME, PASSWORD, Browser
from flask import Flask
from random_edits import edited
from sqlalchemy import select, update

from exhibit.db import Database, now
from exhibit.documents.canonical import canonical
from exhibit.documents.changes import apply, difference, invert, normal
from exhibit.documents.contract import problems
from exhibit.documents.hall import checked, used_assets
from exhibit.halls import edit_log, services
from exhibit.halls.models import HallEdit, HallEditor
from exhibit.library.services import get_asset
from exhibit.people.models import Account
from exhibit.people.services import create_account
from exhibit.publishing.models import Revision
from exhibit.publishing.services import ONE_REVISION, revisions

Document = Any
DRAFT = "/api/halls/dragon-kiln/draft"


class Editor:
    """An editor's page: what it has confirmed, and what it has not."""

    def __init__(self, browser: Browser, slug: str = "dragon-kiln"):
        self.browser, self.slug = browser, slug
        self.headers = {"X-CSRF-Token": browser.token(), "Accept-Language": "en"}
        self.client, self.number = str(uuid.uuid4()), 0
        draft = browser.get(f"/api/halls/{slug}/draft")
        self.confirmed: Document = draft.get_json()
        self.version = int(draft.headers["ETag"].strip('"'))
        self.pending: list[Document] = []
        self.refused: list[Document] = []

    @property
    def document(self) -> Document:
        """What the page shows: the confirmed document with those of its own edits that still fit."""
        shown = self.confirmed
        for edit in self.pending:
            shown, _ = apply(shown, edit["changes"])
        return shown

    def edit(self, changes: list[Document], name: str = "move-placement") -> Document:
        self.number += 1
        edit = {"id": f"{self.client}-{self.number}", "name": name, "changes": changes}
        self.pending.append(edit)
        return edit

    def change(self, path: str, value: Document) -> Document:
        """Set a value; `...` takes its key away."""
        wanted = copy.deepcopy(self.document)
        *steps, last = path.split("/")
        at = wanted
        for step in steps:
            at = at[step]
        if value is ...:
            del at[last]
        else:
            at[last] = value
        return self.edit(difference(self.document, wanted))

    def ask(self, **more: Document) -> Any:
        request = {"client": self.client, "version": self.version, "edits": self.pending} | more
        return self.browser.client.post(f"/api/halls/{self.slug}/edits", json=request, headers=self.headers)

    def sync(self, **more: Document) -> Document:
        """Send what is pending and take in the answer, as the contract says."""
        response = self.ask(**more)
        assert response.status_code == 200, response.text
        answer = response.get_json()
        for edit in answer["edits"]:
            self.confirmed, conflicts = apply(self.confirmed, edit["changes"])
            assert conflicts == []
        assets = {**self.confirmed["assets"], **answer["assets"]}
        used = used_assets(self.confirmed)
        self.confirmed = {**self.confirmed, "assets": {key: assets[key] for key in assets if key in used}}
        self.version = answer["version"]
        settled = {edit["id"] for edit in [*answer["edits"], *answer["refused"]]}
        self.pending = [edit for edit in self.pending if edit["id"] not in settled]
        self.refused += answer["refused"]
        return answer


@pytest.fixture
def colleague(app: Flask, database: Database) -> Browser:
    with database.writing() as session:
        create_account(session, "林老师", PASSWORD)
    browser = Browser(app.test_client())
    assert browser.sign_in(name="林老师").status_code == 303
    return browser


@pytest.fixture
def mine(curator: Browser, published: str) -> Editor:
    return Editor(curator)


@pytest.fixture
def theirs(colleague: Browser, published: str) -> Editor:
    return Editor(colleague)


def test_two_editors_see_each_others_edits(mine: Editor, theirs: Editor) -> None:
    moved = mine.change("placements/saggar/translation", [1, 0, -2])
    answer = mine.sync()
    assert (answer["version"], answer["refused"], answer["assets"]) == (2, [], {})
    (edit,) = answer["edits"]
    assert (edit["id"], edit["client"], edit["version"]) == (moved["id"], mine.client, 2)
    assert (edit["name"], edit["author"], edit["changes"]) == ("move-placement", NAME, moved["changes"])
    assert dt.datetime.fromisoformat(edit["at"]).utcoffset() == dt.timedelta(0)
    theirs.change("title/zh", "德化龙窑")
    theirs.change("placements/saggar/scale", 2)
    answer = theirs.sync()
    assert [(edit["version"], edit.get("author")) for edit in answer["edits"]] == [
        (2, NAME),
        (3, "林老师"),
        (4, "林老师"),
    ]
    assert mine.sync()["version"] == 4
    assert mine.confirmed == theirs.confirmed == mine.browser.get(DRAFT).get_json()
    assert mine.confirmed["placements"]["saggar"]["translation"] == [1, 0, -2]
    assert mine.confirmed["placements"]["saggar"]["scale"] == 2
    assert problems("edit", {"client": mine.client, "version": 4, "edits": [moved]}) == []


def test_a_lost_answer_makes_nothing_twice(mine: Editor, theirs: Editor) -> None:
    mine.edit([{"path": ["title", "en"], "from": "The Dragon Kiln", "to": "Kiln"}])
    assert mine.ask().status_code == 200  # the answer is lost
    theirs.change("title/zh", "窑")
    theirs.sync()
    mine.change("summary/en", "Short.")
    answer = mine.sync()
    assert [(edit["version"], edit["client"] == mine.client) for edit in answer["edits"]] == [
        (2, True),
        (3, False),
        (4, True),
    ]
    assert mine.pending == []
    doubled = mine.change("summary/zh", "短。")
    assert [edit["id"] for edit in mine.sync(edits=[doubled, doubled])["edits"]] == [doubled["id"]]


def test_a_conflict_is_refused_and_the_others_go_on(mine: Editor, theirs: Editor) -> None:
    theirs.change("title/en", "Theirs")
    theirs.sync()
    first, clash, last = (
        mine.change(*each) for each in (("summary/en", "Mine"), ("title/en", "Mine"), ("title/zh", "我的"))
    )
    answer = mine.sync()
    assert [edit["id"] for edit in answer["edits"]][1:] == [first["id"], last["id"]]
    assert answer["refused"] == [
        {
            "id": clash["id"],
            "key": "edit_conflict",
            "message": "Someone else changed the same thing; this step was not saved.",
            "hint": "Compare the two and save the one to keep.",
            "conflicts": [{"change": clash["changes"][0], "current": "Theirs"}],
        }
    ]
    theirs.sync()
    assert mine.confirmed == theirs.confirmed
    assert mine.confirmed["title"] == {"zh": "我的", "en": "Theirs"}


BROKEN: list[tuple[str, Document, str]] = [
    ("title", ..., "'title' is a required property"),
    ("title/en", 5, "/title/en: 5 is not of type 'string'"),
    ("placements/saggar", 5, "/placements/saggar: 5 is not of type 'object'"),
    ("placements/saggar/scale", 0, "/placements/saggar/scale"),
    ("placements/saggar/asset", "ghost", "/placements/saggar/asset: the hall has no model 'ghost'"),
    ("placements/saggar/asset", ..., "/placements/saggar"),
    ("placements/saggar/rotation", [0, 0, 0, 2], "/placements/saggar/rotation: must be a unit quaternion"),
    ("placements/ghost", {}, "/placements/ghost: 'kind' is a required property"),
    ("placements/Bad Id", {}, "/placements"),
    ("notes/firing/placement", "ghost", "/notes/firing/placement: the hall has no placement 'ghost'"),
    ("notes/firing/view", {"position": [0, 0, 0]}, "/notes/firing/view: 'target' is a required property"),
    ("chapters", {"fire": {"title": {"zh": "", "en": ""}, "placements": []}}, "/chapter_order"),
    ("chapters", {"fire": {"title": {"zh": "", "en": ""}}}, "/chapters/fire: 'placements' is a required property"),
    ("placement_order", ["saggar"], "/placement_order: must name each of the placements"),
    ("light/key/colour", "red", "/light/key/colour"),
    ("zones", {"a": 1}, "/zones/a: 1 is not of type 'object'"),
]


def test_what_breaks_the_contract_is_refused(mine: Editor) -> None:
    before = mine.confirmed
    for path, value, place in BROKEN:
        edit = mine.change(path, value)
        (refused,) = mine.sync()["refused"]
        assert (refused["id"], refused["conflicts"]) == (edit["id"], [])
        assert place in refused["message"]
    mine.edit([{"path": ["title", "en"], "from": "The Dragon Kiln", "to": nested(400)}])
    mine.change("summary/zh", "照常。")
    assert [refused["key"] for refused in mine.sync()["refused"]] == ["hall_contract"]
    assert mine.browser.get(DRAFT).get_json() == before | {"summary": before["summary"] | {"zh": "照常。"}}


def nested(depth: int) -> list[Document]:
    value: list[Document] = []
    for _ in range(depth):
        value = [value]
    return value


def test_a_request_that_breaks_the_contract(mine: Editor) -> None:
    broken: list[Document] = [
        {"client": "me"},
        {"version": 0},
        {"edits": [{}]},
        {"edits": [{"id": f"{uuid.uuid4()}-1", "name": "x", "changes": []}]},  # another client's
        {"edits": [{"id": "x", "name": "x", "changes": []}]},
        {"edits": {}},
        {"chosen": []},
        {"more": 1},
    ]
    for more in broken:
        response = mine.ask(**more)
        assert (response.status_code, response.get_json()["type"]) == (422, "urn:longyao:problem:edits_contract")
    assert mine.browser.get(DRAFT).headers["ETag"] == '"1"'


def test_a_version_that_the_log_does_not_know(
    mine: Editor, theirs: Editor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit_log, "MOST_TOLD", 1)
    theirs.edit([])
    theirs.edit([])
    assert theirs.ask().status_code == 409  # too many to tell: the draft is read anew
    theirs.pending = []
    mine.change("title/en", "Kiln")
    assert mine.ask(version=7).status_code == 409  # a draft that was restored from a copy
    assert mine.browser.get(DRAFT).headers["ETag"] == '"1"'  # and nothing was made
    mine.sync()
    with database.writing() as session:
        session.delete(session.scalars(select(HallEdit)).one())  # as of a hall from before there was a log
    assert mine.ask(version=1).status_code == 409
    assert mine.ask(version=2).status_code == 200


def test_the_log_says_for_ever_who_did_what_and_not_for_ever_what_it_changed(
    mine: Editor, theirs: Editor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit_log, "MOST_TOLD", 5)
    random, made = Random(1), list[tuple[str, str, str]]()
    while len(made) < 30:
        editor, name = random.choice([(mine, NAME), (theirs, "林老师")])
        for number in range(random.randint(1, 3)):
            edit = editor.change("title/en", f"{len(made)} {number}")
            made.append((edit["id"], edit["name"], name))
        editor.sync()
        other = theirs if editor is mine else mine
        other.sync()
        with database.reading() as session:
            rows = list(session.scalars(select(HallEdit).order_by(HallEdit.version)))
            names = [session.get_one(Account, row.author_id).name for row in rows]
        assert [(row.edit_id, row.name, name) for row, name in zip(rows, names, strict=True)] == made
        told = [row.version for row in rows if row.changes is not None]
        assert told == [row.version for row in rows if row.assets is not None] == [row.version for row in rows][-5:]
    version = mine.version
    for behind, status in ((0, 200), (5, 200), (6, 409), (len(made), 409)):
        assert mine.ask(version=version - behind).status_code == status


def test_who_may(visitor: Browser, curator: Browser, published: str) -> None:
    request = {"client": str(uuid.uuid4()), "version": 1, "edits": []}
    assert visitor.client.post("/api/halls/dragon-kiln/edits", json=request).status_code == 401
    assert curator.client.post("/api/halls/dragon-kiln/edits", json=request).status_code == 403  # without the token
    assert curator.send("POST", "/api/halls/atlantis/edits", json=request).status_code == 404
    answer = curator.send("POST", "/api/halls/dragon-kiln/edits", json=request)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_rich_text_comes_back_sanitised(mine: Editor) -> None:
    mine.change("notes/firing/body/en", "<p onclick='x()'>Fire<script>alert(1)</script></p>")
    (edit,) = mine.sync()["edits"]
    assert [change["to"] for change in edit["changes"]] == ["<p>Fire</p>"]
    assert mine.confirmed == mine.browser.get(DRAFT).get_json()


def test_assets_follow(mine: Editor, theirs: Editor, library: dict[str, Document], database: Database) -> None:
    """A thing that is placed brings its asset; the last one that goes takes it away; the library's words come along."""
    shard, order = mine.confirmed["placements"]["shard"], {"order": ["placement_order"], "id": "shard"}
    mine.edit([{"path": ["placements", "shard"], "from": shard}, {**order, "from": "saggar"}])
    mine.sync()
    assert mine.confirmed["assets"].keys() == {"room", "saggar"}
    theirs.sync()
    theirs.edit([{"path": ["placements", "shard"], "to": shard}, {**order, "to": "saggar"}], "add-placement")
    assert theirs.sync()["assets"].keys() == {"shard"}
    assert mine.sync()["assets"] == {"shard": library["shard"]}
    assert mine.confirmed == theirs.confirmed == mine.browser.get(DRAFT).get_json()
    with database.writing() as session:
        asset = get_asset(session, "saggar")
        asset.document = {**asset.document, "title": {"zh": "匣钵", "en": "A saggar"}}
    mine.change("title/zh", "窑")
    assert mine.sync()["assets"]["saggar"]["title"]["en"] == "A saggar"


def test_forms_and_documents_are_edits_too(mine: Editor, theirs: Editor) -> None:
    text = {"title_zh": "窑", "title_en": "Kiln", "summary_zh": "", "summary_en": "", "version": "1"}
    assert mine.browser.post("/desk/halls/dragon-kiln/text", text).status_code == 303
    document = mine.browser.get(DRAFT).get_json()
    document["summary"]["en"] = "By the API."
    mine.browser.send("PUT", DRAFT, json=document, headers={"If-Match": '"2"'})
    mine.browser.post("/desk/halls/dragon-kiln/placements/shard/move", {"to": "up", "version": "3"})
    mine.browser.post("/desk/halls/dragon-kiln/publish", {"version": "4", "untranslated": "on"})
    theirs.change("placements/saggar/scale", 3)
    answer = theirs.sync()
    assert [(edit["name"], edit["author"]) for edit in answer["edits"]] == [
        ("change-text", NAME),
        ("save-document", NAME),
        ("move-in-order", NAME),
        ("move-placement", "林老师"),
    ]
    assert theirs.confirmed == mine.browser.get(DRAFT).get_json()
    assert theirs.confirmed["placement_order"] == ["welcome", "shard", "saggar"]


def test_an_edit_undone(mine: Editor) -> None:
    before = mine.confirmed
    edit = mine.change("placements/saggar/label", ...)
    mine.sync()
    mine.edit(invert(edit["changes"]), "undo")
    mine.sync()
    assert canonical(mine.confirmed) == canonical(before)


def test_who_is_there(mine: Editor, theirs: Editor, database: Database) -> None:
    assert mine.sync()["present"] == []
    assert theirs.sync(chosen=["placements", "saggar"])["present"] == [{"client": mine.client, "name": NAME}]
    there = {"client": theirs.client, "name": "林老师", "chosen": ["placements", "saggar"]}
    assert mine.sync()["present"] == [there]
    theirs.sync(chosen=["notes", "firing"])
    assert mine.sync()["present"] == [there | {"chosen": ["notes", "firing"]}]
    with database.writing() as session:  # a quarter of a minute goes by
        session.execute(update(HallEditor).values(seen_at=now() - dt.timedelta(seconds=16)))
    assert mine.sync()["present"] == []
    assert theirs.sync()["present"] == [{"client": mine.client, "name": NAME}]


def test_what_is_typed_is_one_version(mine: Editor, theirs: Editor, database: Database) -> None:
    """What an author saves within ten minutes is one revision, but for what has been published."""

    def kept() -> list[tuple[int, str]]:
        with database.reading() as session:
            hall = services.get_hall(session, "dragon-kiln")
            assert hall.draft == revisions(session, hall)[0].document
            return [(each.version, each.document["title"]["en"]) for each in revisions(session, hall)]

    for typed in ("K", "Ki", "Kiln"):
        mine.change("title/en", typed)
        mine.sync()
    assert kept() == [(4, "Kiln"), (1, "The Dragon Kiln")]
    for editor, typed in ((theirs, "T"), (mine, "M"), (theirs, "Th"), (mine, "Mi")):  # both at once
        editor.sync()
        editor.change("title/en", typed)
        editor.sync()
        assert [version for version, _ in kept()] == [editor.version, 4, 1]
    assert "curator, 林老师" in mine.browser.get("/desk/halls/dragon-kiln/history?lang=en").text
    mine.browser.post("/desk/halls/dragon-kiln/publish", {"version": "8"})
    mine.change("title/en", "After")
    mine.sync()
    assert [version for version, _ in kept()] == [9, 8, 4, 1]
    with database.writing() as session:
        session.execute(update(Revision).values(begun_at=now() - ONE_REVISION))
    mine.change("title/en", "Later")
    mine.sync()
    assert [version for version, _ in kept()] == [10, 9, 8, 4, 1]


@pytest.mark.parametrize("seed", range(3))
def test_editors_who_work_at_once_end_with_the_same_hall(
    seed: int, mine: Editor, theirs: Editor, database: Database, library: dict[str, Document]
) -> None:
    """At random they edit, ask, lose answers, and repeat; refused edits are dropped."""
    random = Random(seed)
    with database.writing() as session:
        hall = services.get_hall(session, "dragon-kiln")
        services.save_draft(session, hall, samples.story(dict(hall.draft)), 1)
    editors = [mine, theirs]
    for _ in range(60):
        editor = random.choice(editors)
        did = random.random()
        if did < 0.6:
            shown = editor.document
            name, wanted = edited(random, shown | {"assets": library}, {"saggar": library["saggar"]})
            editor.edit(difference(shown, wanted), name)
        elif did < 0.7:
            editor.ask()
        else:
            editor.sync()
    for editor in [*editors, *editors]:
        editor.sync()
    draft = mine.browser.get(DRAFT).get_json()
    assert mine.pending == theirs.pending == []
    assert canonical(mine.confirmed) == canonical(theirs.confirmed) == canonical(draft)
    assert canonical(checked(draft)) == canonical(normal(draft)) == canonical(draft)
    assert {refused["key"] for refused in mine.refused + theirs.refused} == {"edit_conflict"}
