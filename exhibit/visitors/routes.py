"""What visitors see: the halls, a hall's page, and what machines ask for."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.documents.order import exhibit_numbers
from exhibit.documents.types import HallDocument
from exhibit.errors import BadConfig, NotFound
from exhibit.halls import services
from exhibit.halls.api import find_hall, find_published, find_version
from exhibit.halls.models import Hall
from exhibit.i18n import HTML_LANG
from exhibit.publishing.models import Revision
from exhibit.publishing.services import revision
from exhibit.visitors.app import icon, manifest, offline, service_worker
from exhibit.visitors.catalogue import catalogue_file
from exhibit.visitors.embed import embed, oembed
from exhibit.visitors.story import story_values
from exhibit.visitors.thumbnail import thumbnail
from exhibit.visitors.twin import poster_of, twin_of
from exhibit.web import Route


def home(session: Session) -> ResponseReturnValue:
    """The halls on show, in the order in which they were made: a way to follow."""
    halls = [
        {"slug": slug, "hall": hall, "poster": poster_of(hall), "num_exhibits": len(exhibit_numbers(hall))}
        for slug, hall in services.published(session).items()
    ]
    return web.page("visitors/home.html", halls=halls)


def hall(session: Session, hall: Hall) -> ResponseReturnValue:
    return _hall_page(
        session, hall.slug, cast(HallDocument, hall.published), url_for("api.hall", slug=hall.slug), preview=None
    )


def preview(session: Session, hall: Hall) -> ResponseReturnValue:
    """The draft as visitors would see it."""
    return _hall_page(session, hall.slug, hall.draft, url_for("api.draft", slug=hall.slug), preview=hall)


def preview_version(session: Session, hall: Hall, version: int) -> ResponseReturnValue:
    """A version that is kept, as visitors would have seen it."""
    kept = revision(session, hall, version)
    source = url_for("api.version", slug=hall.slug, version=version)
    return _hall_page(session, hall.slug, kept.document, source, preview=hall, version=kept)


def catalogue(slug: str) -> ResponseReturnValue:
    """The hall to print. Built before it is sent, outside the database's session: that takes seconds."""
    site = web.site()
    with site.database.reading() as session:
        published = services.published(session)
    if slug not in published:
        raise NotFound("no_hall", hall=slug)
    spoken = web.language()
    twin = twin_of(published[slug], spoken, site.storage, published)
    file = catalogue_file(twin, slug, spoken, site.storage, site.config.catalogues_folder)
    response = send_file(file.resolve(), "application/pdf", download_name=f"{slug}-{spoken}.pdf", etag=file.stem)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Language"] = HTML_LANG[spoken]
    response.vary.update(["Accept-Language", "Cookie"])
    return response


def health(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    """200 if the database has this version's tables and the storage can be written and read, else 503."""
    told: dict[str, str] = {}
    try:
        web.site().database.check()
        told["database"] = "ok"
    except (BadConfig, SQLAlchemyError):
        told["database"] = "failed"
    try:
        web.site().storage.check()
        told["storage"] = "ok"
    except OSError:
        told["storage"] = "failed"
    response = jsonify(told)
    response.status_code = 200 if set(told.values()) == {"ok"} else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def robots(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    root = request.script_root
    return Response(f"User-agent: *\nDisallow: {root}/desk\nDisallow: {root}/api/\n", mimetype="text/plain")


def _hall_page(
    session: Session,
    slug: str,
    document: HallDocument,
    source: str,
    preview: Hall | None,
    version: Revision | None = None,
) -> ResponseReturnValue:
    storage = web.site().storage
    twin = twin_of(document, web.language(), storage, services.published(session))
    return web.page(
        "visitors/hall.html",
        **story_values(twin),
        thumbnail=thumbnail(storage.path(poster_of(document)["sha256"])),
        slug=slug,
        told=any((twin.tours, twin.milestones, twin.sounds, twin.doors, twin.sources, len(twin.chapters) > 1)),
        source=source,
        preview=preview,
        version=version,
    )


_PREVIEW: dict[str, Any] = {"verb": Verb.READ, "find": find_hall}

ROUTES = (
    Route(rule="/", handler=home, ready=True),
    Route(rule="/halls/<slug>", handler=hall, find=find_published, ready=True),
    Route(rule="/halls/<slug>/catalogue.pdf", handler=catalogue, own_session=True),
    Route(rule="/desk/halls/<slug>/preview", handler=preview, **_PREVIEW),
    Route(
        rule="/desk/halls/<slug>/history/<int(max=2147483647):version>",
        handler=preview_version,
        verb=Verb.READ,
        find=find_version,
    ),
    Route(rule="/embed/<slug>", handler=embed, find=find_published, ready=True),
    Route(rule="/oembed", handler=oembed),
    Route(rule="/manifest.webmanifest", handler=manifest),
    Route(rule="/icon-<int:size>.png", handler=icon),
    Route(rule="/service-worker.js", handler=service_worker),
    Route(rule="/offline", handler=offline),
    Route(rule="/healthz", handler=health),
    Route(rule="/robots.txt", handler=robots),
)
