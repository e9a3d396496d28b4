"""Compression of answers, and what it does to ETags."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from flask import Flask, Response, current_app, g, request, send_from_directory
from flask_compress import Compress

from exhibit.errors import BadInput, VersionMissing

ENCODINGS = ["br", "gzip"]
COMPRESSED_TYPES = [
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

_compress = Compress()


def install(app: Flask) -> None:
    app.view_functions["static"] = _static
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_MIMETYPES=COMPRESSED_TYPES,
        COMPRESS_ALGORITHM=ENCODINGS,
        COMPRESS_ALGORITHM_STREAMING=ENCODINGS,
    )
    _compress.init_app(app)
    app.after_request(_compressed)


def matched_version() -> int:
    """The version in If-Match, on which the request builds. Raises VersionMissing, BadInput.

    The ETag of a version is its number. RFC 9110 (13.1.1) lets weak tags never match, because they may stand for other
    bytes; here they match: what a save is checked against is the number, and compression makes every tag weak.
    """
    if "If-Match" not in request.headers:
        raise VersionMissing("no_if_match")
    match = re.fullmatch(r'(?:W/)?"(\d{1,9})"', request.headers["If-Match"].strip(), re.ASCII)
    if match is None:
        raise BadInput("bad_if_match")
    return int(match[1])


def _static(filename: str) -> Response:
    """A file of ours, or the viewer's own compressed copy of it: smaller than what there is time for here."""
    folder = current_app.static_folder or ""
    if request.accept_encodings["br"] and (Path(folder) / f"{filename}.br").is_file():
        mime = mimetypes.guess_type(filename)[0]
        response = send_from_directory(folder, f"{filename}.br", mimetype=mime, conditional=False)
        response.headers["Content-Encoding"] = "br"
    else:
        response = send_from_directory(folder, filename)
    response.vary.add("Accept-Encoding")
    return response


def _compressed(response: Response) -> Response:
    """Not at the desk: its pages hold secrets beside what the URL says (BREACH). Not models that are packed already."""
    packed = response.mimetype == "model/gltf-binary" and not g.get("compressible", False)
    if packed or request.path.startswith("/desk") or "Content-Range" in response.headers:
        return response
    body = response.response
    etag, _ = response.get_etag()
    compressed: Response = _compress.after_request(response)
    if compressed.response is body:
        return compressed
    if etag is not None:
        # The same content in other bytes. A weak tag is found again in If-None-Match; Flask-Compress's "tag:br" is not.
        compressed.set_etag(etag, weak=True)
    if hasattr(body, "close"):
        compressed.call_on_close(body.close)  # the compressing iterator does not close the file that it reads
    return compressed
