"""How a request becomes an answer: route table, language, errors, headers, page chrome. Knows no capability."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import logging
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from exhibit import access
from exhibit import viewer as viewers
from exhibit.access import Access, Person
from exhibit.config import KIOSK_SECONDS, Config
from exhibit.db import Database
from exhibit.documents import years
from exhibit.documents.sources import cited
from exhibit.errors import BadInput, ExhibitError, SignInNeeded
from exhibit.i18n import CATALOGUE, HTML_LANG, LANGUAGES, Language, choose, pick, say
from exhibit.storage import Storage

SMALL_REQUEST = 256 * 1024  # bytes of a request from someone who is not signed in
MEGABYTE = 1 << 20

SQUEEZED = [
    "text/html",
    "text/css",
    "text/javascript",
    "text/plain",
    "text/vtt",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "application/wasm",
    "model/gltf-binary",
    "image/svg+xml",
]

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self' blob: data:; worker-src 'self' blob:; media-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), xr-spatial-tracking=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


_compress = Compress()


@dataclass(frozen=True, slots=True)
class Site:
    """What the routes of one server work with."""

    config: Config
    database: Database
    storage: Storage


@dataclass(frozen=True, kw_only=True)
class Route:
    """A line of a route table.

    `find` turns the values in the address into the handler's arguments, or raises NotFound. The handler is called with
    a session (reading for GET, one whole writing transaction otherwise), unless `own_session`: long work opens its own.
    """

    rule: str
    handler: Callable[..., ResponseReturnValue]
    methods: Sequence[str] = ("GET",)
    access: Access = Access.EVERYONE
    find: Callable[..., dict[str, Any]] | None = None
    own_session: bool = False
    shared: bool = False  # pages of the origins that a setting names may fetch it


def site() -> Site:
    found: Site = current_app.extensions["longyao"]
    return found


def person() -> Person | None:
    """Who is asking; None for a visitor."""
    found: Person | None = g.person
    return found


def language() -> Language:
    if "language" not in g:
        accepted = [tag for tag, _ in request.accept_languages]
        g.language = choose(request.args.get("lang"), request.cookies.get("lang"), accepted)
    found: Language = g.language
    return found


def kiosk_seconds() -> int:
    """After how long without anyone a kiosk goes back to its beginning; 0 where this is no kiosk.

    Asked for by ?kiosk=1 (or ?kiosk=<seconds>; 0 ends it), remembered by the browser, or set for the whole server.
    """
    wish = request.args.get("kiosk", request.cookies.get("kiosk", ""))
    if wish.isascii() and wish.isdigit() and len(wish) <= 4:
        seconds = int(wish)
        return KIOSK_SECONDS if seconds == 1 else seconds
    return site().config.kiosk_seconds


def say_or(key: str, other: str) -> str:
    """The text `key` in the visitor's language, or `other` where the catalogue has none."""
    return say(key, language()) if key in CATALOGUE else other


def mount(app: Flask, name: str, routes: Sequence[Route]) -> None:
    """Add a capability's route table; endpoints are named <capability>.<handler>."""
    for route in routes:
        endpoint = f"{name}.{route.handler.__name__}"
        app.add_url_rule(route.rule, endpoint, _guarded(route), methods=list(route.methods))


def _guarded(route: Route) -> Callable[..., ResponseReturnValue]:
    """Permission, then the object, then the handler."""

    @functools.wraps(route.handler)
    def answer(**values: Any) -> ResponseReturnValue:
        g.shared = route.shared
        if g.person is None:
            request.max_content_length = SMALL_REQUEST
        access.admit(route.access, g.person)
        access.check_csrf(request)
        database = site().database
        if route.own_session:
            return route.handler(**values)
        with database.reading() if request.method in access.SAFE_METHODS else database.writing() as session:
            found = route.find(session, **values) if route.find else values
            return route.handler(session, **found)

    return answer


def install(app: Flask, identify: Callable[[Session], Person | None]) -> None:
    """Prepare every request and answer of `app`. `identify` tells who is asking from the cookie."""
    app.session_interface = _SessionCookie()
    app.before_request(functools.partial(_identify, identify))
    app.view_functions["static"] = _static
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_MIMETYPES=SQUEEZED,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
    )
    _compress.init_app(app)
    app.after_request(_squeeze)
    app.after_request(_finish)
    app.register_error_handler(ExhibitError, _tell)
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(Exception, _tell_crash)
    app.jinja_env.globals.update(
        t=lambda key, spoken=None, **values: say(key, spoken or language(), **values),
        language=language,
        say_or=say_or,
        csrf_field=_csrf_field,
        csrf_token=access.csrf_token,
        person=person,
        in_language=_in_language,
        static_url=static_url,
        LANGUAGES=LANGUAGES,
        HTML_LANG=HTML_LANG,
    )
    app.context_processor(lambda: {"viewer": viewers.built(Path(app.static_folder or "")), "kiosk": kiosk_seconds()})
    app.jinja_env.filters.update(
        said=_said,
        spoken=lambda text: pick(text, language()),
        said_plain=_said_plain,
        moment=_moment,
        year=lambda year: years.year_text(year, language()),
        period=lambda chapter: years.period_text(chapter.get("from_year"), chapter.get("to_year"), language()),
        cited=cited,
        milestone_years=lambda milestone: years.milestone_years(milestone, language()),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def page(template: str, status: int = 200, **values: Any) -> Response:
    """An HTML page in the visitor's language."""
    response = make_response(render_template(template, **values), status)
    response.headers["Content-Language"] = HTML_LANG[language()]
    response.headers["Cache-Control"] = "no-cache" if g.get("person") is None else "no-store"
    response.vary.update(["Accept-Language", "Cookie"])
    return response


def go(endpoint: str, anchor: str | None = None, **values: Any) -> ResponseReturnValue:
    """After a form: on to another page."""
    return redirect(url_for(endpoint, _anchor=anchor, **values), 303)


def both(name: str, form: Mapping[str, str]) -> dict[str, str]:
    """A text in both languages from the fields <name>_zh and <name>_en, without control characters."""
    return {language: _clean(form.get(f"{name}_{language}", "")) for language in LANGUAGES}


def _clean(words: str) -> str:
    kept = (character for character in words.replace("\r\n", "\n") if character >= " " or character in "\n\t")
    return "".join(kept).strip()


def json_body() -> Any:
    """The request's JSON, in the strict sense: numbers are finite and no key is doubled. Raises BadInput."""

    def refuse(token: str) -> Any:
        raise ValueError(token)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("doubled key")
        return found

    def finite(digits: str) -> float:
        number = float(digits)
        if number in (float("inf"), float("-inf")):
            raise ValueError(digits)
        return number

    try:
        return json.loads(request.get_data(), parse_constant=refuse, object_pairs_hook=once, parse_float=finite)
    except (ValueError, RecursionError):
        raise BadInput("not_json") from None


class _SessionCookie(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


def _identify(identify: Callable[[Session], Person | None]) -> None:
    g.person = None
    if request.endpoint != "static" and cookie:
        with site().database.reading() as session:
            g.person = identify(session)


def _static(filename: str) -> Response:
    """A file of ours, or what the viewer's build has squeezed of it: better than there is time for here."""
    folder = current_app.static_folder or ""
    if request.accept_encodings["br"] and (Path(folder) / f"{filename}.br").is_file():
        mime = mimetypes.guess_type(filename)[0]
        response = send_from_directory(folder, f"{filename}.br", mimetype=mime, conditional=False)
        response.headers["Content-Encoding"] = "br"
    else:
        response = send_from_directory(folder, filename)
    response.vary.add("Accept-Encoding")
    return response


def _squeeze(response: Response) -> Response:
    """Text gets smaller on its way; not at the desk, whose pages hold secrets beside what an address says (BREACH)."""
    packed = response.mimetype == "model/gltf-binary" and not g.get("loose", False)
    if packed or request.path.startswith("/desk") or "Content-Range" in response.headers:
        return response
    body = response.response
    squeezed: Response = _compress.after_request(response)
    if squeezed.response is not body and hasattr(body, "close"):
        squeezed.call_on_close(body.close)  # of a file: what reads it now does not
    return squeezed


def _finish(response: Response) -> Response:
    for header, value in HEADERS.items():
        response.headers.setdefault(header, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and ("v" in request.args or request.path.startswith("/static/viewer/assets/")):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if origins := site().config.allowed_origins.split():
        _share(response, origins)
    if "kiosk" in request.args and response.mimetype == "text/html":
        response.set_cookie("kiosk", str(kiosk_seconds()), samesite="Lax", secure=request.is_secure, httponly=True)
    # Not what a service worker takes in: it keeps pages in both languages.
    goes_there = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if request.args.get("lang") in LANGUAGES and response.mimetype == "text/html" and goes_there:
        response.set_cookie(
            "lang", language(), max_age=31536000, samesite="Lax", secure=request.is_secure, httponly=True
        )
    return response


def _share(response: Response, origins: list[str]) -> None:
    """Let pages of these origins fetch what is public anyway: published halls, their files, the viewer."""
    if not (g.get("shared", False) or request.endpoint == "static"):
        return
    response.vary.add("Origin")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # styles and pictures come without an origin
    if (origin := request.headers.get("Origin")) in origins:
        response.headers["Access-Control-Allow-Origin"] = origin


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def problem(key: str, status: int, title: str, hint: str, **more: Any) -> Response:
    """An error of the JSON API as RFC 9457 problem details."""
    response = jsonify({"type": f"urn:longyao:problem:{key}", "title": title, "status": status, "detail": hint} | more)
    response.status_code = status
    response.mimetype = "application/problem+json"
    response.headers["Content-Language"] = HTML_LANG[language()]
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(key: str, status: int, title: str, hint: str) -> Response:
    if _wants_json():
        return problem(key, status, title, hint)
    response = page("error.html", status, title=title, hint=hint, code=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _tell(error: ExhibitError) -> ResponseReturnValue:
    if isinstance(error, SignInNeeded) and not _wants_json():
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return go("people.sign_in_page", next=wanted)
    if error.status >= 500:
        current_app.logger.error("%s", error)
    return _answer(error.key, error.status, error.message(language()), error.hint(language()))


def _tell_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    status = error.code or 500
    key = f"http_{status}" if f"error.http_{status}" in CATALOGUE else "http_400"
    told = _answer(key, status, say(f"error.{key}", language()), say(f"error.{key}.hint", language()))
    if isinstance(error, MethodNotAllowed):
        told.headers["Allow"] = ", ".join(sorted(error.valid_methods or []))
    if isinstance(error, RequestEntityTooLarge):
        told.headers["Connection"] = "close"
    return told


def _tell_crash(error: Exception) -> ResponseReturnValue:
    current_app.logger.log(logging.ERROR, "%s %s failed", request.method, request.path, exc_info=error)
    g.setdefault("person", None)
    return _answer(
        "http_500",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        say("error.http_500", language()),
        say("error.http_500.hint", language()),
    )


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(access.csrf_token())


def _in_language(wish: Language) -> str:
    """This page's address in the other language."""
    values = dict(request.view_args or {}) | request.args.to_dict() | {"lang": wish}
    if request.endpoint is None or request.method != "GET":
        return url_for("visitors.home", lang=wish)
    return url_for(request.endpoint, **values)


def _said(text: Mapping[str, str]) -> Markup:
    """A curator's text; where only the other language has it, marked as such for screen readers."""
    words, spoken = pick(text, language())
    if spoken == language():
        return escape(words)
    return Markup('<span lang="{}">{}</span>').format(HTML_LANG[spoken], words)


def _said_plain(text: Mapping[str, str]) -> str:
    return pick(text, language())[0]


def _moment(when: dt.datetime) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(
        when.isoformat(timespec="seconds"), f"{when:%Y-%m-%d %H:%M} UTC"
    )


def static_url(filename: str) -> str:
    """The address of a file of ours, changed with its content so that browsers may keep it."""
    path = Path(current_app.static_folder or "") / filename
    return url_for("static", filename=filename, v=_fingerprint(path, path.stat().st_mtime_ns))


@functools.lru_cache(maxsize=64)
def _fingerprint(path: Path, changed: int) -> str:  # noqa: ARG001
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
