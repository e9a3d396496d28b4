"""Edits of a hall document, a file for each kind of thing that is edited. Knows no database.

An edit takes a hall and gives back another one; the hall that it took is unchanged. Functions named `drop...` serve the
edits: they change the document that they are given, which is the edit's own copy.
"""

from __future__ import annotations

from collections.abc import Callable

from exhibit.documents.types import HallDocument

Edit = Callable[[HallDocument], HallDocument]
