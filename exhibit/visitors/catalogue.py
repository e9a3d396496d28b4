"""A hall's catalogue as PDF (A4, tagged): the story of the hall's page, typeset for print by WeasyPrint.

Built once for what was published, in one language, and kept in the data folder; every title is in both scripts.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import threading
from functools import cache
from pathlib import Path

from flask import current_app, render_template, request, url_for

from exhibit.errors import NotReady
from exhibit.i18n import Language
from exhibit.storage import Storage
from exhibit.visitors.story import story_values
from exhibit.visitors.twin import Twin

VERSION = 4  # counts changes of what a catalogue looks like
_building = threading.Lock()  # one at a time: each takes a second of a core and some hundred megabytes


def catalogue_file(twin: Twin, slug: str, language: Language, storage: Storage, folder: Path) -> Path:
    """The catalogue of this hall as it is now, built where the folder does not have it; older ones of it go.

    Raises NotReady where this machine has no Chinese typeface or not the libraries to set one.
    """
    stamp = json.dumps([VERSION, twin.hall, [door.hall["title"] for door in twin.doors]], sort_keys=True)
    file = folder / f"{slug}.{language}.{hashlib.sha256(stamp.encode()).hexdigest()[:16]}.pdf"
    if file.is_file():
        return file
    if not has_chinese_typeface():
        raise NotReady("no_chinese_typeface")
    with _building:
        if not file.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                built = Path(scratch) / "catalogue.pdf"
                _typeset(twin, slug, storage, built)
                os.replace(built, file)  # noqa: PTH105
            for older in folder.glob(f"{slug}.{language}.*.pdf"):
                if older != file:
                    older.unlink()
    return file


@cache
def has_chinese_typeface() -> bool:
    """Whether Fontconfig, which chooses the typefaces, finds one for Chinese."""
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def _typeset(twin: Twin, slug: str, storage: Storage, out: Path) -> None:
    page = render_template(
        "visitors/catalogue.html",
        **story_values(twin),
        slug=slug,
        viewer=None,
        kiosk=0,
        printed=True,
    )
    try:
        from exhibit.visitors.typesetting import Pictures, typeset
    except OSError as missing:  # a system library: the rest of the exhibition goes on without it
        raise NotReady("no_pango", reason=missing) from missing
    pictures = Pictures(storage, url_for("library.media", sha256="", _external=True))
    typeset(page, request.url_root, pictures, Path(current_app.static_folder or "") / "catalogue.css", out)
