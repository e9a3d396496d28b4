"""The desk's page of a hall's versions: what differs from one to the next, and how to have an older one again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.errors import ExhibitError
from exhibit.halls import edit_log, forms, services
from exhibit.halls.differences import Difference, Verb, differences
from exhibit.halls.models import Hall
from exhibit.people.services import names
from exhibit.publishing.models import Revision
from exhibit.publishing.services import revisions

_ON_A_PAGE = 8  # so many documents of halls are read at once, and one more


@dataclass(frozen=True, slots=True)
class Version:
    """A version, who worked at it, and what differs from the one before it; None: it is the first that is kept."""

    revision: Revision
    authors: list[str]
    differences: list[Difference] | None

    def by_verb(self) -> list[tuple[Verb, list[Difference]]]:
        return [(verb, list(done)) for verb, done in groupby(self.differences or (), key=lambda each: each.verb)]


def history(session: Session, hall: Hall) -> ResponseReturnValue:
    return _history_page(session, hall)


def restore_version(session: Session, hall: Hall, version: int) -> ResponseReturnValue:
    try:
        services.restore(session, hall, version, forms.version(request.form))
    except ExhibitError as error:
        return _history_page(session, hall, error)
    return web.go("halls.history", slug=hall.slug, restored=version)


def _history_page(session: Session, hall: Hall, error: ExhibitError | None = None) -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    kept = [each for each in revisions(session, hall) if before is None or each.version < before]
    shown = kept[:_ON_A_PAGE]
    began = names(session, {each.saved_by for each in shown if each.saved_by is not None})
    older = {new.version: old for new, old in pairwise(kept)}
    versions = [
        Version(
            each,
            _authors(session, hall, each, older.get(each.version), began),
            differences(older[each.version].document, each.document) if each.version in older else None,
        )
        for each in shown
    ]
    return web.page(
        "halls/history.html",
        error.status if error else 200,
        hall=hall,
        versions=versions,
        next_before=shown[-1].version if len(kept) > len(shown) else None,
        restored=request.args.get("restored", type=int),
        error=error,
    )


def _authors(
    session: Session, hall: Hall, kept: Revision, older: Revision | None, began: Mapping[int, str]
) -> list[str]:
    """From the log, which knows all; of what is from before the log, and of a new hall, who saved it."""
    logged = edit_log.authors(session, hall, older.version if older else 0, kept.version)
    return logged or [name for account, name in began.items() if account == kept.saved_by]
