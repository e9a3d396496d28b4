"""The jobs that build rooms of halls. Only workers import this module: it loads recon and the builders."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from exhibit.config import Config
from exhibit.db import Database
from exhibit.documents.types import Building, Furnishing, HallDocument, Id, Text
from exhibit.errors import BadInput
from exhibit.halls import rooms, services
from exhibit.halls.templates import begin_hall
from exhibit.halls.unused_rooms import remove_unused_rooms
from exhibit.jobs.models import Job
from exhibit.jobs.worker import Listener
from exhibit.library.bundle import read_bundle
from exhibit.library.models import Asset
from exhibit.library.services import ingest
from exhibit.library.upload import workplace
from exhibit.space.build import DRAFT, Quality, bake_room, built
from exhibit.storage import Storage


def build_hall(
    job: Job, config: Config, database: Database, storage: Storage, listener: Listener, *, quality: Quality = DRAFT
) -> dict[str, str]:
    """Build the room unless the library has it, then put the hall into it. Returns the job's results.

    A job of kind `hall` begins a draft; one of kind `room` edits the hall's draft. The bake takes 10 to 60 s and 1.3 GB
    of memory. A job that is cancelled meanwhile stops within seconds, and leaves nothing behind. Built rooms that no
    hall can show again are removed first.
    """
    remove_unused_rooms(database, storage, job.id)
    if job.kind == "room":
        return _rebuild(job, config, database, storage, listener, quality)
    building: Building = job.building or {"template": job.template or ""}
    room = _room(job.title, building, {}, config, database, storage, listener, quality)
    listener("draft", False)
    with database.writing() as session:
        asset = session.get_one(Asset, room)
        hall = begin_hall(session, building, asset, job.title, job.summary or {"zh": "", "en": ""})
        return {"asset_id": room, "hall_slug": hall.slug}


def _rebuild(
    job: Job, config: Config, database: Database, storage: Storage, listener: Listener, quality: Quality
) -> dict[str, str]:
    slug = job.hall_slug or ""
    with database.reading() as session:
        draft = services.get_hall(session, slug).draft
    building = rooms.building_of(draft)
    if building is None:
        raise BadInput("room_changed")
    room = _room(draft["title"], building, draft.get("furniture", {}), config, database, storage, listener, quality)
    listener("draft", False)
    with database.writing(author_id=job.author_id) as session:
        hall = services.get_hall(session, slug, to_write=True)
        if rooms.wanted_room(hall.draft) != room:
            raise BadInput("room_changed")
        if hall.draft["architecture"]["asset"] != room:
            services.edit_draft(session, hall, "build-room", partial(_in_room, room, building), hall.draft_version)
    return {"asset_id": room}


def _in_room(room: Id, building: Building, document: HallDocument) -> HallDocument:
    return {**document, "architecture": {**document["architecture"], "asset": room, "building": building}}


def _room(
    title: Text,
    building: Building,
    furniture: Mapping[Id, Furnishing],
    config: Config,
    database: Database,
    storage: Storage,
    listener: Listener,
    quality: Quality,
) -> Id:
    """The room's id in the library, where it is from now on."""
    room = rooms.room_of(building, furniture)
    with database.reading() as session:
        if session.get(Asset, room) is not None:
            return room
    listener("room", False)
    listener.start(100, "percent")
    with workplace(config) as folder:
        made = built(rooms.accepted(building), furniture)
        bundle = read_bundle(bake_room(made, folder / room, quality=quality, report=partial(_tell, listener)), config)
        if room.startswith(rooms.BUILT):
            bundle.document["title"] = title
        listener("library", False)
        ingest(database, storage, bundle, room)
    return room


def _tell(listener: Listener, share: float) -> None:
    listener.advance(max(0, int(100 * share) - int(listener.figures()["done"])))
