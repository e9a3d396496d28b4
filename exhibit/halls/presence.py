"""Who is editing a hall now. A page that has not asked for a quarter of a minute is gone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from exhibit.db import now
from exhibit.documents.edit_types import Client, Path, PresentEditor
from exhibit.halls.models import Hall, HallEditor
from exhibit.people.models import Account

FORGOTTEN = dt.timedelta(seconds=15)
_REFRESHED = dt.timedelta(seconds=5)  # so that not every question is a write


def is_fresh(session: Session, hall: Hall, client: Client, chosen: Path | None) -> bool:
    """Whether it is known that this page is there and what it has chosen."""
    editor = session.get(HallEditor, (hall.id, client))
    return editor is not None and editor.chosen == chosen and editor.seen_at > now() - _REFRESHED


def appear(session: Session, hall: Hall, client: Client, account_id: int, chosen: Path | None) -> None:
    """This page is there, and has chosen this."""
    session.execute(delete(HallEditor).where(HallEditor.seen_at < now() - FORGOTTEN))
    session.merge(HallEditor(hall_id=hall.id, client=client, account_id=account_id, chosen=chosen, seen_at=now()))


def others(session: Session, hall: Hall, client: Client) -> list[PresentEditor]:
    """The pages but this one, by their accounts' names."""
    rows = session.execute(
        select(HallEditor, Account.name)
        .join(Account, Account.id == HallEditor.account_id)
        .where(HallEditor.hall_id == hall.id, HallEditor.client != client, HallEditor.seen_at >= now() - FORGOTTEN)
        .order_by(Account.name, HallEditor.client)
    )
    return [_present(editor, name) for editor, name in rows]


def _present(editor: HallEditor, name: str) -> PresentEditor:
    present: PresentEditor = {"client": editor.client, "name": name}
    if editor.chosen is not None:
        present["chosen"] = editor.chosen
    return present
