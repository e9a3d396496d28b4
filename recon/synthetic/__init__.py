"""Things modelled in code and photographed in a studio whose every camera is known: the demonstration and the tests' truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from recon.errors import BadOptions
from recon.progress import Progress
from recon.synthetic.kiln import dragon_kiln
from recon.synthetic.model import Model
from recon.synthetic.studio import Camera, Truth, photograph_thing

THINGS: dict[str, Callable[[], Model]] = {"dragon-kiln": dragon_kiln}


def write_photos(thing: str, out: Path, *, num_photos: int = 28, width: int = 1280, progress: Progress) -> Truth:
    """Photographs of `thing` (4:3 JPEGs with EXIF) from all round into the folder `out`, and the truth they show."""
    if thing not in THINGS:
        raise BadOptions(f"There is no thing called {thing!r}.", hint=f"Choose one of: {', '.join(THINGS)}.")
    return photograph_thing(THINGS[thing](), out, num_photos=num_photos, width=width, progress=progress)


__all__ = ["THINGS", "Camera", "Truth", "write_photos"]
