"""The HTTP server, waitress, with a place for large uploads: on the data folder's disk, and never without an answer.

Waitress takes a request in whole before the application sees it. Left alone it cuts the connection where the disk is
full, and answers in English where an upload is too large. Here the rest of such a body is read and dropped, and the
application answers as it answers everything else: in the user's language, on a page of the site.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from typing import Any, BinaryIO

import waitress
from flask import Flask
from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer

from exhibit.config import Config
from exhibit.errors import BadConfig, no_room
from exhibit.web import MEGABYTE
from exhibit.web.uploads import REFUSED_BODY

_UNLIMITED = 1 << 62  # bytes; _Body has the limit


def create_server(app: Flask, config: Config, listen: str) -> Any:
    """A server for `app` that is ready to run. Raises BadConfig where it cannot listen there."""
    config.incoming_folder.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(config.incoming_folder)  # the system's may be small, or in memory
    most = config.max_upload_mb * MEGABYTE

    class Parser(_Parser):
        max_body = most

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    try:
        server = waitress.create_server(
            app,
            listen=listen,
            threads=8,
            ident=None,
            max_request_body_size=_UNLIMITED,
            url_prefix=config.prefix,
            clear_untrusted_proxy_headers=config.proxies == 0,
        )
    except (OSError, ValueError) as error:
        raise BadConfig("listen", listen=listen, reason=error) from None
    for each in server.map.values() if isinstance(server, MultiSocketServer) else [server]:
        each.channel_class = Channel
    return server


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Receives a body into a _Body, and marks the request where that was refused."""

    max_body = _UNLIMITED

    def __init__(self, adj: Adjustments):
        super().__init__(adj)
        self.body: _Body | None = None

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.headers.pop(REFUSED_BODY, None)  # from outside
        if self.body_rcv is not None:
            self.body = self.body_rcv.buf = _Body(self.adj.inbuf_overflow, self.max_body)
            if self.content_length > self.max_body:
                self.body.refuse("too_large")

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.completed and self.body is not None and self.body.refused:
            self.headers[REFUSED_BODY] = self.body.refused
            self.headers["CONTENT_LENGTH"] = "0"
        return consumed


class _Body:
    """Waitress's buffer, which is emptied and takes nothing more once there is no room, or too much has come."""

    def __init__(self, overflow: int, most: int):
        self.kept: Any = OverflowableBuffer(overflow)
        self.most = most
        self.refused = ""  # else why: "too_large", "no_room"

    def __len__(self) -> int:
        return len(self.kept)

    def append(self, data: bytes) -> None:
        if self.refused:
            return
        try:
            self.kept.append(data)
        except OSError as error:
            if no_room(error) is None:
                raise
            self.refuse("no_room")
        if len(self.kept) > self.most:
            self.refuse("too_large")

    def refuse(self, why: str) -> None:
        self.refused = why
        full, self.kept = self.kept, OverflowableBuffer(1 << 20)
        with suppress(OSError):
            full.close()

    def getfile(self) -> BinaryIO:
        return io.BytesIO() if self.refused else self.kept.getfile()

    def close(self) -> None:
        self.kept.close()
