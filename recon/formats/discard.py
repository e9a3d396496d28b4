"""Remove folders so that a kill leaves each of them whole or gone: half of one would be taken for what is done."""

from __future__ import annotations

import shutil
from pathlib import Path


def discard(folder: Path, *names: str) -> None:
    """Remove these folders in `folder`; they are moved aside first, which takes no time."""
    aside = folder / "discarded"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for name in names:
        (folder / name).replace(aside / name)
    shutil.rmtree(aside)
