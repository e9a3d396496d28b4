"""Writes what the demonstration starts from: a bundle of each object, recording and survey, and photographs of one
object."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from assets.demo.errors import DemoError
from assets.demo.exhibits import EXHIBITS, MODELS
from assets.demo.reconstruction import kiln_options
from assets.demo.recordings import RECORDINGS
from recon.modelling.bundle import write_bundle
from recon.modelling.model import Model
from recon.modelling.studio import Truth, photograph_model
from recon.progress import Progress, Silent


def _scanned_bay(out: Path) -> None:
    from assets.demo.scanned_bay import write_scanned_bay  # it loads Open3D and what draws

    write_scanned_bay(out)


SURVEYS: dict[str, Callable[[Path], None]] = {"scanned-bay": _scanned_bay}
"""What is measured, by the id of its cloud: each writes this bundle and those of its drawings into a folder."""


def model_of(name: str) -> Model:
    """The exact mesh and surface of the object `name`. Raises DemoError for a name that does not exist."""
    if name not in MODELS:
        raise DemoError(f"There is no object called {name!r}.", hint=f"Choose one of: {', '.join(MODELS)}.")
    return MODELS[name].model()


def write_photos(name: str, out: Path, *, num_photos: int = 28, width: int = 1280, progress: Progress) -> Truth:
    """Photographs of `name` (4:3 JPEGs with EXIF) from all sides into the folder `out`, and the truth they show."""
    model = model_of(name)
    progress.start(num_photos, "photo")
    return photograph_model(model, out, num_photos=num_photos, width=width, on_photo=progress.advance)


def write_models(out: Path, names: Sequence[str], *, workers: int = 1, progress: Progress | None = None) -> list[Path]:
    """Write a bundle for each object, recording or survey into out/<name>/ and return the folders.

    A bundle that is already there is kept. With more `workers`, in as many processes.
    """
    listener = progress or Silent()
    listener.start(len(names), "model")
    if workers == 1:
        for name in names:
            _write_model(out, name)
            listener.advance()
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for done in as_completed([pool.submit(_write_model, out, name) for name in names]):
                done.result()
                listener.advance()
    return [out / name for name in names]


def _write_model(out: Path, name: str) -> None:
    if (out / name / "asset.json").exists():  # the last file of a bundle
        return
    if name in SURVEYS:
        SURVEYS[name](out)
    elif name in RECORDINGS:
        RECORDINGS[name](out / name)
    else:
        model = model_of(name)
        exhibit = MODELS[name]
        write_bundle(out / name, model, exhibit.title, exhibit.statement, exhibit.seen_from)


def write_all(out: Path, *, num_photos: int, width: int, modelling: Progress, photographing: Progress) -> None:
    """Write all bundles to out/models, photographs of the dragon kiln to out/photos, and out/kiln/options.toml.

    With these options `recon build` rebuilds the kiln in metres, with its doors to the front.
    """
    write_models(out / "models", (*SURVEYS, *RECORDINGS, *EXHIBITS), workers=os.cpu_count() or 1, progress=modelling)
    truth = write_photos("dragon-kiln", out / "photos", num_photos=num_photos, width=width, progress=photographing)
    (out / "kiln").mkdir(exist_ok=True)
    (out / "kiln" / "options.toml").write_text(kiln_options(truth), encoding="utf-8")
