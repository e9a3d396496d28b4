"""A hall on pages of others: a page made for frames, and oEmbed, by which other sites' editors find it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from exhibit import web
from exhibit.documents.texts import pick
from exhibit.errors import BadInput, NotFound
from exhibit.halls import services
from exhibit.halls.models import Hall
from exhibit.i18n import say
from exhibit.visitors.thumbnail import thumbnail
from exhibit.visitors.twin import poster_of

WIDTH, HEIGHT = 960, 600  # px of a frame, where nobody asks for less


def embed(session: Session, hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    """The hall alone, to fill a frame. Who may frame it is a setting."""
    document = hall.published
    assert document is not None
    poster = poster_of(document)
    response = web.page(
        "visitors/embed.html",
        hall=document,
        slug=hall.slug,
        poster=poster,
        thumbnail=thumbnail(web.site().storage.path(poster["sha256"])),
        source=url_for("api.hall", slug=hall.slug),
    )
    policy = web.HEADERS["Content-Security-Policy"]
    ancestors = web.site().config.frame_ancestors
    response.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'self'", f"frame-ancestors {ancestors}"
    )
    return response


def oembed(session: Session) -> ResponseReturnValue:
    """https://oembed.com, section 2.3: `url` is a hall's page; `maxwidth` and `maxheight` are kept."""
    hall = services.get_hall(session, _slug(request.args.get("url", "")))
    if hall.published is None:
        raise NotFound("no_hall", hall=hall.slug)
    spoken = web.language()
    document = hall.published
    title, poster = pick(document["title"], spoken)[0], poster_of(document)
    width = min(WIDTH, request.args.get("maxwidth", WIDTH, int))
    height = min(HEIGHT, request.args.get("maxheight", HEIGHT, int))
    address = url_for("visitors.embed", slug=hall.slug, lang=spoken, _external=True)
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": say("site.name", spoken),
        "provider_url": url_for("visitors.home", _external=True),
        "width": width,
        "height": height,
        "html": f'<iframe src="{escape(address)}" width="{width}" height="{height}" title="{escape(title)}" '
        'allow="fullscreen; xr-spatial-tracking" loading="lazy"></iframe>',
        "thumbnail_url": url_for("library.media", sha256=poster["sha256"], _external=True),
    }
    if "width" in poster and "height" in poster:
        answer |= {"thumbnail_width": poster["width"], "thumbnail_height": poster["height"]}
    response = jsonify(answer)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _slug(address: str) -> str:
    """Of the hall whose page this is. Raises BadInput for an address that is no hall's of ours."""
    try:
        parts = urlsplit(address)
        inside = parts.path.removeprefix(request.script_root)
        endpoint, values = current_app.url_map.bind(request.host).match(inside)
    except (HTTPException, ValueError):
        raise BadInput("bad_form", field="url") from None
    if parts.netloc not in ("", request.host) or endpoint not in ("visitors.hall", "visitors.embed"):
        raise BadInput("bad_form", field="url")
    return str(values["slug"])
