"""The exhibition as an app to install and keep: manifest, icons, service worker, the page without a network."""

from __future__ import annotations

import hashlib
import io
import json
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.errors import NotFound
from exhibit.i18n import HTML_LANG, LANGUAGES, say
from exhibit.viewer import built

SIZES = (192, 512)  # px
_SUPERSAMPLE = 4
_BRICK, _HILL, _FIRE = "#8f3420", "#faf6ee", "#d8592f"


def manifest(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    """W3C Web Application Manifest."""
    spoken = web.language()
    response = jsonify(
        {
            "id": url_for("visitors.home"),
            "name": f"{say('site.name', spoken)} · {say('site.halls', spoken)}",
            "short_name": say("site.name", spoken),
            "description": say("site.motto", spoken),
            "lang": HTML_LANG[spoken],
            "start_url": url_for("visitors.home"),
            "scope": url_for("visitors.home"),
            "display": "standalone",
            "background_color": "#faf8f3",
            "theme_color": "#faf8f3",
            "icons": [
                {
                    "src": url_for("visitors.icon", size=size),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size in SIZES
                for purpose in ("any", "maskable")
            ],
        }
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(["Accept-Language", "Cookie"])
    return response


def icon(session: Session, size: int) -> ResponseReturnValue:  # noqa: ARG001
    if size not in SIZES:
        raise NotFound("no_file")
    response = Response(_draw_icon(size), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def service_worker(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    """static/service-worker.js, told which files this version of the pages is made of."""
    static = Path(current_app.static_folder or "")
    own = [web.static_url(name) for name in ("exhibit.css", "icon.svg", "first-paint.js")]
    found = built(static)
    shell: list[str] = [*own]
    viewer: list[str] = []
    if found and found.page:
        first = [found.page.script, *found.page.styles, found.hall.script, *found.hall.styles, *found.first]
        shell += dict.fromkeys(url_for("static", filename=file) for file in first)
        viewer += [url_for("static", filename=file) for file in found.files if file not in first]
    pages = [url_for("visitors.offline", lang=each) for each in LANGUAGES]
    source = (static / "service-worker.js").read_text(encoding="utf-8")
    told = f"const SHELL = {json.dumps([*shell, *pages])};\nconst VIEWER = {json.dumps(viewer)};\n"
    version = hashlib.sha256((told + source).encode()).hexdigest()[:12]
    response = Response(f'const VERSION = "{version}";\n{told}{source}', mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(version)
    return response.make_conditional(request)


def offline(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    """What is shown in place of a page that is not kept, while there is no network."""
    return web.page("visitors/offline.html")


@lru_cache(maxsize=4)
def _draw_icon(size: int) -> bytes:
    """The kiln on its hill, much as static/icon.svg has it, on a ground that fills the square for masks to cut."""
    unit = size * _SUPERSAMPLE / 64
    picture = Image.new("RGB", (size * _SUPERSAMPLE, size * _SUPERSAMPLE), _BRICK)
    pen = ImageDraw.Draw(picture)

    def place(x: float, y: float) -> tuple[float, float]:
        """On the icon's 64 units, within the circle that every mask leaves whole."""
        return ((x - 32) * 0.98 + 33) * unit, ((y - 34) * 0.98 + 32) * unit

    def vault(x: float, y: float, half: float, foot: float, colour: str) -> None:
        """A round-headed opening or back: a half circle on a box."""
        pen.ellipse((*place(x - half, y - half), *place(x + half, y + half)), fill=colour)
        pen.rectangle((*place(x - half, y), *place(x + half, foot)), fill=colour)

    for x, y, half in ((45, 30, 11), (29, 35, 10.5), (15.5, 41, 7.5)):
        vault(x, y, half, 50, _HILL)
    for x, y, half in ((45.5, 39, 4.5), (30.5, 42, 3.5), (16.8, 44, 2.8)):
        vault(x, y, half, 50, _FIRE)
    encoded = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(encoded, "PNG", optimize=True)
    return encoded.getvalue()
