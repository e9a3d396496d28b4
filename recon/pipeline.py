"""The journey from photographs to glTF, as one straight function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pycolmap

from recon import budget
from recon.errors import BadOptions
from recon.journey import Journey
from recon.nouns import GltfBundle, PhotoSet
from recon.options import Options
from recon.progress import Progress, Silent
from recon.stages import align, dense, depth, features, gltf, matches, mesh, photos, sparse, texture
from recon.workspace import Workspace, key_of

pycolmap.logging.minloglevel = pycolmap.logging.Level.ERROR.value  # else COLMAP writes its diary to standard error

STAGES = (photos, features, matches, sparse, align, depth, dense, mesh, texture, gltf)

Listener = Callable[[str, bool], Progress]
"""Told a stage's name and whether it is read back; gives what hears of its progress."""


def build(
    source: Path,
    work: Path,
    *,
    preset: str = "object",
    settings: Sequence[str] = (),
    hold_out: Sequence[str] = (),
    listener: Listener | None = None,
) -> GltfBundle:
    """Rebuild the photos below `source` as glTF in the folder `work`; a second run reads back what is fresh.

    settings are "stage.option=value"; hold_out names photos that are placed but kept from depth and texture.
    Raises a recon.errors.LongyaoError with a hint when the photos, options or machine do not allow it.
    """
    listener = listener or _silent
    workspace = Workspace(work)
    options = Options.gather(preset, workspace.options, settings)
    if hold_out:
        options = options.with_table({"align": {"hold_out": tuple(hold_out)}})
    files = photos.find(source)
    with workspace.locked():
        journey = Journey(workspace.journey, source=source, preset=preset)
        budget.check_start(len(files))

        def step(stage: ModuleType, *inputs: tuple[Any, str]) -> tuple[Any, str]:
            """Read the stage back if nothing that it depends on changed, else build it; returns its noun and key."""
            name = stage.__name__.rpartition(".")[2]
            chosen = getattr(options, name)
            key = key_of(name, stage.VERSION, chosen, *(k for _, k in inputs))
            if workspace.fresh(name, key):
                listener(name, True)
                return workspace.load(name), key
            told = _Recorded(listener(name, False))
            scratch = workspace.scratch(name, key)
            with journey.stage(name, number=stage.VERSION, options=chosen, inputs=[k for _, k in inputs]) as entry:
                told.entry = entry
                budget.check_stage(name, options, [n for n, _ in inputs])
                noun = workspace.finish(
                    name, key, stage.build(*(n for n, _ in inputs), chosen, scratch=scratch, progress=told)
                )
                entry["result"] = str(noun)
            return noun, key

        taken = step(photos, (source, photos.fingerprint(source)))
        _check_names(taken[0], options)
        found = step(features, taken)
        graph = step(matches, taken, found)
        solved = step(sparse, taken, graph)
        placed = step(align, taken, solved)
        depths = step(depth, placed)
        cloud = step(dense, depths)
        surface = step(mesh, cloud, placed)
        textured = step(texture, surface, placed)
        bundle: GltfBundle = step(gltf, textured, placed)[0]
        return bundle


def _silent(_stage: str, _fresh: bool) -> Progress:
    return Silent()


def _check_names(taken: PhotoSet, options: Options) -> None:
    names = {p.name for p in taken}
    unknown = sorted(set(options.align.hold_out) - names)
    if unknown:
        raise BadOptions(
            f"The photo to hold out is not among the photos: {', '.join(unknown)}.",
            hint="Name it as it is below the source folder.",
        )


class _Recorded:
    """Passes progress on and keeps count and warnings for the journey."""

    def __init__(self, listener: Progress):
        self.listener = listener
        self.entry: dict[str, Any] = {}

    def start(self, total: int, unit: str) -> None:
        self.entry |= {"units": total, "unit": unit}
        self.listener.start(total, unit)

    def advance(self, done: int = 1) -> None:
        self.entry["units_done"] += done
        self.listener.advance(done)

    def fail(self, failed: int = 1) -> None:
        self.entry["units_failed"] += failed
        self.listener.fail(failed)

    def warn(self, message: str) -> None:
        self.entry["warnings"].append(message)
        self.listener.warn(message)
