"""Headers and cookies of every answer."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface

from exhibit.i18n import LANGUAGES
from exhibit.web.context import kiosk_seconds, language, site

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


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie; sent over https only where the request came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


def add_headers(response: Response) -> Response:
    for header, value in HEADERS.items():
        response.headers.setdefault(header, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and ("v" in request.args or request.path.startswith("/static/viewer/assets/")):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if origins := site().config.allowed_origins.split():
        _share(response, origins)
    if response.mimetype == "text/html":
        _remember_choices(response)
    return response


def _share(response: Response, origins: list[str]) -> None:
    """Let pages of these origins fetch what is public: published halls, their files, the viewer."""
    if not (g.get("shared", False) or request.endpoint == "static"):
        return
    response.vary.add("Origin")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # styles and pictures send no Origin
    if (origin := request.headers.get("Origin")) in origins:
        response.headers["Access-Control-Allow-Origin"] = origin


def _remember_choices(response: Response) -> None:
    """The query's language and kiosk as cookies."""
    if "kiosk" in request.args:
        response.set_cookie("kiosk", str(kiosk_seconds()), samesite="Lax", secure=request.is_secure, httponly=True)
    # A service worker fetches pages in both languages: that is no choice of the visitor.
    is_navigation = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if request.args.get("lang") in LANGUAGES and is_navigation:
        response.set_cookie(
            "lang", language(), max_age=31536000, samesite="Lax", secure=request.is_secure, httponly=True
        )
