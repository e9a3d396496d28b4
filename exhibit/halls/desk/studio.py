"""The studio: a hall as its curator arranges it, in the browser. The page is a shell; viewer/src/studio fills it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.halls.models import Hall


def studio(session: Session, hall: Hall) -> ResponseReturnValue:  # noqa: ARG001
    return web.page("halls/studio.html", hall=hall, heights=web.site().config.heights)
