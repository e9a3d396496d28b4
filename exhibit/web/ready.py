"""Published pages and documents, rendered and compressed once per publication and language, in front of Flask.

A visitor who is not signed in is given the same bytes as everyone else in that language. What was rendered counts as
long as the publications' stamp stands still; every process reads the stamp with each request, so all of them show a new
publication at once.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import brotli
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header, parse_cookie, parse_etags
from werkzeug.wrappers import Response

from exhibit.i18n import LANGUAGES, choose
from exhibit.web.routing import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 64 << 20  # of all answers in memory, compressed ones included
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=9)),
    "gzip": lambda body: gzip.compress(body, mtime=0),
}
_QUERIES = ("", *(f"lang={language}" for language in LANGUAGES))
_NOT_IN_304 = ("Content-Length", "Content-Type", "Content-Encoding")


@dataclass(slots=True)
class _Answer:
    status: str
    headers: Headers  # without ETag, Content-Encoding and Content-Length
    tag: str
    bodies: dict[str, bytes] = field(default_factory=dict)  # by content coding; "" is none

    @property
    def is_ok(self) -> bool:
        return self.status.startswith("200 ")

    def body(self, coding: str) -> bytes:
        """Compressed when first asked for."""
        if coding not in self.bodies:
            self.bodies[coding] = _COMPRESS[coding](self.bodies[""])
        return self.bodies[coding]


class ReadyAnswers:
    """WSGI middleware. `stamp` is another value after every change of what is published."""

    def __init__(self, app: WSGIApplication, routes: Sequence[Route], stamp: Callable[[], Hashable]):
        self._app, self._stamp = app, stamp
        rules = (re.sub(r"<[^>]+>", "[^/]+", route.rule) for route in routes if route.ready)
        self._paths = re.compile("|".join(rules))
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._kept_stamp: Hashable = None
        self._lock = threading.Lock()  # of what is kept
        self._building = [threading.Lock() for _ in range(16)]  # by key: many ask for one page, one renders it

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self._app(environ, start_response)
        try:
            stamp = self._stamp()
        except SQLAlchemyError:
            return self._app(environ, start_response)  # says what is wrong
        answer = self._find(key, stamp)
        if answer is None:
            with self._building[hash(key) % len(self._building)]:
                answer = self._find(key, stamp) or self._build(key, stamp, environ)
        return self._send(answer, environ, start_response)

    def _key(self, environ: WSGIEnvironment) -> Hashable | None:
        """All that the bytes depend on beside the publications; None where this answer is not for everyone."""
        query = environ.get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or query not in _QUERIES or "HTTP_ORIGIN" in environ:
            return None
        path = environ.get("PATH_INFO", "")
        if not self._paths.fullmatch(path):
            return None
        cookies = parse_cookie(environ.get("HTTP_COOKIE"))
        if "longyao" in cookies or "kiosk" in cookies:
            return None
        accepted = [tag for tag, _ in parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"))]
        spoken = choose(query.removeprefix("lang=") or None, cookies.get("lang"), accepted)
        navigates = environ.get("HTTP_SEC_FETCH_MODE", "navigate") == "navigate"  # then the page sets a cookie
        place = environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), environ.get("SCRIPT_NAME"), path
        return *place, query, spoken, navigates

    def _find(self, key: Hashable, stamp: Hashable) -> _Answer | None:
        with self._lock:
            if stamp != self._kept_stamp:
                self._kept.clear()
                self._kept_stamp = stamp
            answer = self._kept.get(key)
            if answer is not None:
                self._kept.move_to_end(key)
            return answer

    def _build(self, key: Hashable, stamp: Hashable, environ: WSGIEnvironment) -> _Answer:
        """Ask the application for the whole plain answer; keep it if it is one for everyone."""
        asked: dict[str, Any] = {
            name: value
            for name, value in environ.items()
            if name not in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
        } | {"REQUEST_METHOD": "GET"}
        response = Response.from_app(self._app, asked, buffered=True)
        body = response.get_data()
        response.vary.add("Accept-Encoding")
        for header in ("ETag", "Content-Length"):
            response.headers.remove(header)
        answer = _Answer(response.status, response.headers, hashlib.sha256(body).hexdigest()[:20], {"": body})
        if answer.is_ok:
            for coding in _COMPRESS:
                answer.body(coding)
            with self._lock:
                if stamp == self._kept_stamp:
                    self._kept[key] = answer
                    while sum(len(body) for kept in self._kept.values() for body in kept.bodies.values()) > MOST_BYTES:
                        self._kept.popitem(last=False)
        return answer

    def _send(self, answer: _Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING"))
        coding = next((each for each in _COMPRESS if accepted.quality(each) > 0), "")
        headers = answer.headers.copy()
        if answer.is_ok:
            # Weak where the same content may come in other bytes (RFC 9110, 8.8.1).
            headers["ETag"] = f'W/"{answer.tag}"' if coding else f'"{answer.tag}"'
            if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(answer.tag):
                for header in _NOT_IN_304:
                    headers.remove(header)
                start_response("304 NOT MODIFIED", headers.to_wsgi_list())
                return []
        body = answer.body(coding)
        if coding:
            headers["Content-Encoding"] = coding
        headers["Content-Length"] = str(len(body))
        start_response(answer.status, headers.to_wsgi_list())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
