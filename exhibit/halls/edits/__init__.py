"""Commands that edit a hall document, a file for each kind of thing that is edited. Knows no database.

A command takes a hall and gives back another one; the hall that it took is unchanged. What differs is the edit (see
documents/changes.py). Functions named `drop...` serve the commands: they change the document that they are given, which
is the command's own copy.
"""

from __future__ import annotations

from collections.abc import Callable

from exhibit.documents.types import HallDocument

Command = Callable[[HallDocument], HallDocument]
