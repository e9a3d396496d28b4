"""HTML pages: rendering, redirects, and the functions and filters that templates use."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from exhibit import access
from exhibit import viewer as viewers
from exhibit.documents import years
from exhibit.documents.sources import cited
from exhibit.documents.texts import pick
from exhibit.documents.types import Text
from exhibit.i18n import HTML_LANG, LANGUAGES, Language, say
from exhibit.web.context import kiosk_seconds, language, person, say_or


def install(app: Flask) -> None:
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
        said_marked=_said_marked,
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


def static_url(filename: str) -> str:
    """URL of a file of ours. It changes with the file's content, so browsers may keep it."""
    path = Path(current_app.static_folder or "") / filename
    return url_for("static", filename=filename, v=_fingerprint(path, path.stat().st_mtime_ns))


@functools.lru_cache(maxsize=64)
def _fingerprint(path: Path, changed: int) -> str:  # noqa: ARG001
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(access.csrf_token())


def _in_language(wish: Language) -> str:
    """URL of this page in the other language."""
    values = dict(request.view_args or {}) | request.args.to_dict() | {"lang": wish}
    if request.endpoint is None or request.method != "GET":
        return url_for("visitors.home", lang=wish)
    return url_for(request.endpoint, **values)


def _said(text: Text) -> Markup:
    """A curator's text; where only the other language has it, marked as such for screen readers."""
    words, spoken = pick(text, language())
    if spoken == language():
        return escape(words)
    return Markup('<span lang="{}">{}</span>').format(HTML_LANG[spoken], words)


def _said_marked(text: Text) -> Markup:
    """As `said`, and where only the other language has the text, a word that it is not translated yet."""
    words, spoken = pick(text, language())
    if spoken == language() or not words:
        return escape(words)
    return Markup('{} <small class="untranslated">{}</small>').format(_said(text), say("site.untranslated", language()))


def _said_plain(text: Text) -> str:
    return pick(text, language())[0]


def _moment(when: dt.datetime) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(
        when.isoformat(timespec="seconds"), f"{when:%Y-%m-%d %H:%M} UTC"
    )
