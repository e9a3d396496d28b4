"""Files for everyone who may see them, and single tiles out of archives of tiles."""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Response, g, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.errors import NotFound
from exhibit.library import uses
from exhibit.library.models import File
from exhibit.library.tiles import MIMES
from exhibit.web import Route
from recon.formats.tile_archive import MIME, tile_archive

YEAR_SECONDS = 31536000
_SAMPLE = 1 << 19  # bytes


def media(session: Session, file: File, public: bool) -> ResponseReturnValue:  # noqa: ARG001
    path = _path(file)
    response = send_file(path.resolve(), file.mime, etag=file.sha256, conditional=True)
    g.compressible = file.mime == "model/gltf-binary" and _is_compressible(path)
    return _kept_forever(response, public)


def tile(session: Session, file: File, public: bool, name: str) -> ResponseReturnValue:  # noqa: ARG001
    """One file of an archive: as it is packed there, to whoever takes gzip."""
    mime = MIMES.get(PurePosixPath(name).suffix)
    if file.mime != MIME or mime is None:
        raise NotFound("no_file")
    with tile_archive(_path(file)) as archive:
        packed = archive.get(name)
    if packed is None:
        raise NotFound("no_file")
    as_gzip = packed.deflated and bool(request.accept_encodings["gzip"])
    response = Response(packed.gzipped() if as_gzip else packed.unpacked(), mimetype=mime)
    if as_gzip:
        response.headers["Content-Encoding"] = "gzip"
    if packed.deflated:
        response.vary.add("Accept-Encoding")
    response.set_etag(f"{packed.crc:08x}-{packed.size}", weak=packed.deflated)
    response.make_conditional(request)
    return _kept_forever(response, public)


def _path(file: File) -> Path:
    path = web.site().storage.path(file.sha256)
    if not path.is_file():
        raise NotFound("no_file")
    return path


def _kept_forever(response: Response, public: bool) -> Response:
    reach = "public" if public else "private"
    response.headers["Cache-Control"] = f"{reach}, max-age={YEAR_SECONDS}, immutable"
    return response


@lru_cache(maxsize=4096)
def _is_compressible(model: Path) -> bool:
    """Whether a model gets smaller on its way, as colliders, points, splats and small models with many parts do; others
    are packed already."""
    with model.open("rb") as source:
        source.seek(max(0, (model.stat().st_size - _SAMPLE) // 2))
        sample = source.read(_SAMPLE)
    return len(zlib.compress(sample, 1)) < 0.9 * len(sample)


def find_media(session: Session, sha256: str) -> dict[str, Any]:
    """A file that a published hall shows, or any for the curator; to others the rest does not exist."""
    file = session.get(File, sha256)
    public = file is not None and uses.is_public(session, sha256)
    if file is None or not (public or web.person()):
        raise NotFound("no_file")
    return {"file": file, "public": public}


def find_tile(session: Session, sha256: str, name: str) -> dict[str, Any]:
    return {**find_media(session, sha256), "name": name}


ROUTES = (
    Route(rule="/media/<sha256>", handler=media, find=find_media, shared=True),
    Route(rule="/media/<sha256>/<path:name>", handler=tile, find=find_tile, shared=True),
)
