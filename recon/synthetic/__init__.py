"""Things modelled in code and photographed in a studio whose every camera is known: the demonstration and the tests'
truth.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from recon.errors import BadOptions
from recon.progress import Progress, Silent
from recon.synthetic.bundle import write_bundle
from recon.synthetic.demo import kiln_options
from recon.synthetic.exhibits import EXHIBITS, MODELLED, THINGS
from recon.synthetic.model import Model
from recon.synthetic.recordings import RECORDINGS
from recon.synthetic.studio import Camera, Truth, photograph_thing


def model_of(thing: str) -> Model:
    """The thing's exact mesh and surface."""
    if thing not in THINGS:
        raise BadOptions(f"There is no thing called {thing!r}.", hint=f"Choose one of: {', '.join(THINGS)}.")
    return THINGS[thing].model()


def write_photos(thing: str, out: Path, *, num_photos: int = 28, width: int = 1280, progress: Progress) -> Truth:
    """Photographs of `thing` (4:3 JPEGs with EXIF) from all round into the folder `out`, and the truth they show."""
    return photograph_thing(model_of(thing), out, num_photos=num_photos, width=width, progress=progress)


def write_models(
    out: Path, things: Sequence[str] | None = None, *, workers: int = 1, progress: Progress | None = None
) -> list[Path]:
    """A bundle per thing or recording in out/<name>/, kept if it is there already; without `things`, of what the first
    hall shows as modelled. With more `workers`, in as many processes.
    """
    names = list(MODELLED if things is None else things)
    heard = progress or Silent()
    heard.start(len(names), "model")
    if workers == 1:
        for name in names:
            _write_model(out, name)
            heard.advance()
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for done in as_completed([pool.submit(_write_model, out, name) for name in names]):
                done.result()
                heard.advance()
    return [out / name for name in names]


def _write_model(out: Path, name: str) -> None:
    if (out / name / "asset.json").exists():  # the last file of a bundle
        return
    if name in RECORDINGS:
        RECORDINGS[name](out / name)
    else:
        model = model_of(name)
        thing = THINGS[name]
        write_bundle(out / name, model, thing.title, thing.statement, thing.seen_from)


def write_demo(out: Path, *, num_photos: int, width: int, modelling: Progress, photographing: Progress) -> None:
    """What the demonstration starts from: out/models/<thing>/ bundles, out/photos of the dragon kiln, and
    out/kiln/options.toml, the workspace's options that rebuild it in metres, its doors to the front.
    """
    write_models(out / "models", (*RECORDINGS, *EXHIBITS), workers=os.cpu_count() or 1, progress=modelling)
    truth = write_photos("dragon-kiln", out / "photos", num_photos=num_photos, width=width, progress=photographing)
    (out / "kiln").mkdir(exist_ok=True)
    (out / "kiln" / "options.toml").write_text(kiln_options(truth), encoding="utf-8")


__all__ = [
    "EXHIBITS",
    "MODELLED",
    "RECORDINGS",
    "THINGS",
    "Camera",
    "Truth",
    "model_of",
    "write_demo",
    "write_models",
    "write_photos",
]
