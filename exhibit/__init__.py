"""The exhibition server: what it is made of, on one screen."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from exhibit import web
from exhibit.config import Config
from exhibit.db import Database
from exhibit.errors import BadConfig
from exhibit.halls import api, room_api
from exhibit.halls import routes as halls
from exhibit.halls import services as hall_services
from exhibit.jobs import routes as jobs
from exhibit.library import routes as library
from exhibit.people import routes as people
from exhibit.people.services import identify
from exhibit.storage import Storage
from exhibit.visitors import routes as visitors

__all__ = ["create_app"]


def create_app(config: Config | None = None) -> Flask:
    """A WSGI application for an initialised data folder; without `config`, as the environment says.

    Raises BadConfig where the data folder or its database is not ready.
    """
    config = config or Config.from_environment()
    if not config.secret_key_file.is_file():
        raise BadConfig("not_initialised", folder=config.data)
    database = Database(config.database_url)
    database.check()

    app = Flask("exhibit")
    app.json.ensure_ascii = app.json.sort_keys = False  # type: ignore[attr-defined]
    app.secret_key = config.secret_key_file.read_text()
    app.config.update(
        MAX_CONTENT_LENGTH=config.max_upload_mb * web.MEGABYTE,
        MAX_FORM_MEMORY_SIZE=8 * web.MEGABYTE,
        MAX_FORM_PARTS=5000,  # a set of photographs is one form
        SESSION_COOKIE_NAME="longyao",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["longyao"] = web.Site(config, database, Storage(config.files_folder))
    ready = web.ReadyAnswers(
        app.wsgi_app, [*visitors.ROUTES, *api.ROUTES], lambda: hall_services.publication_stamp(database)
    )
    app.wsgi_app = ready  # type: ignore[method-assign]
    if config.proxies:
        n = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]

    web.install(app, identify)
    web.mount(app, "people", people.ROUTES)
    web.mount(app, "library", library.ROUTES)
    web.mount(app, "jobs", jobs.ROUTES)
    web.mount(app, "halls", halls.ROUTES)
    web.mount(app, "story", halls.STORY)
    web.mount(app, "api", api.ROUTES)
    web.mount(app, "room", room_api.ROUTES)
    web.mount(app, "visitors", visitors.ROUTES)
    return app
