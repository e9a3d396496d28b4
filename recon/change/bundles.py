"""The two surveys and the map of their changes as asset bundles in one frame, which a hall shows as epochs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recon.change import colours
from recon.change.detect import Changes
from recon.formats.asset_document import Files, Origin, Text
from recon.formats.bundle import asset_document, file_entry, write_asset
from recon.formats.glb import Draco, Part, joined, write_glb
from recon.formats.point_levels import write_levels
from recon.formats.points import Cloud
from recon.formats.srgb import decoded_bytes
from recon.formats.thumbnail import render_thumb
from recon.geometry.surface import decimated, manifold
from recon.messages import Message
from recon.survey import Survey

_COLLIDER_TRIANGLES = 20_000
_BARE = (170, 165, 160)  # sRGB, of points without colour


def write_epoch(folder: Path, survey: Survey, title: Text, statement: Text) -> None:
    """The survey as it is, in the frame that it has by now."""
    if survey.parts:
        _write_model(folder, survey.parts, survey, title, statement)
        return
    found = survey.colors
    _write_cloud(folder, Cloud(survey.points, found), survey, title, statement)


def write_map(
    folder: Path, changes: Changes, first: Survey, second: Survey, full: float, title: Text, statement: Text
) -> None:
    """The first survey coloured by what became of it, and of the second what is new."""
    if first.parts:
        parts = [_painted(part, colours.of_first(changes, part.positions, full)) for part in first.parts]
        for part in second.parts:
            new = colours.new_of_second(changes, part.positions)[part.faces].all(axis=1)
            if new.any():
                used, faces = np.unique(part.faces[new], return_inverse=True)
                piece = Part(positions=part.positions[used], faces=faces.reshape(-1, 3).astype(np.int32))
                parts.append(_painted(piece, np.tile(np.array(colours.NEW, np.uint8), (len(used), 1))))
        _write_model(folder, tuple(parts), first, title, statement)
        return
    new = second.points[colours.new_of_second(changes, second.points)]
    points = np.concatenate([first.points, new])
    shade = np.concatenate(
        [colours.of_first(changes, first.points, full), np.tile(np.array(colours.NEW, np.uint8), (len(new), 1))]
    )
    _write_cloud(folder, Cloud(points, shade), first, title, statement)


def _painted(part: Part, shade: NDArray[np.uint8]) -> Part:
    linear = np.concatenate([decoded_bytes(shade), np.ones((len(shade), 1), np.float32)], axis=1)
    return Part(
        positions=part.positions, faces=part.faces, normals=part.normals, colors=linear, num_views=part.num_views
    )


def _write_model(folder: Path, parts: tuple[Part, ...], survey: Survey, title: Text, statement: Text) -> None:
    folder = _emptied(folder)
    extras = {"title": title, "unit": survey.unit}
    write_glb(folder / "model.glb", parts, draco=Draco(), extras=extras)
    vertices, faces = joined(parts)
    simple, corners = manifold(*decimated(vertices, faces, _COLLIDER_TRIANGLES))
    used = np.unique(corners)
    collider = Part(positions=simple[used], faces=np.searchsorted(used, corners), node="collider")
    write_glb(folder / "collider.glb", [collider], extras={"unit": survey.unit})
    width, height = render_thumb(parts, folder / "thumb.webp")
    files: Files = {
        "thumb": file_entry(folder, "thumb.webp", width=width, height=height),
        "model": file_entry(folder, "model.glb", triangles=sum(len(part.faces) for part in parts)),
        "collider": file_entry(folder, "collider.glb", triangles=len(collider.faces)),
    }
    bounds = (vertices.min(axis=0), vertices.max(axis=0))
    write_asset(
        folder, asset_document("model", title, files, _origin(survey, statement), unit=survey.unit, bounds=bounds)
    )


def _write_cloud(folder: Path, cloud: Cloud, survey: Survey, title: Text, statement: Text) -> None:
    folder = _emptied(folder)
    files = write_levels(folder, cloud)
    num = files["model"]["points"]
    warnings: list[Text] = []
    if num < len(cloud):
        told = Message("warning.cloud_thinned", count=num, total=len(cloud))
        warnings.append({"zh": told.text("zh"), "en": told.text("en")})
    origin = _origin(survey, statement)
    write_asset(
        folder,
        asset_document("cloud", title, files, origin, unit=survey.unit, bounds=cloud.bounds(), warnings=warnings),
    )


def _origin(survey: Survey, statement: Text) -> Origin:
    origin: Origin = {"method": survey.method, "statement": statement, "software": "Longyao"}
    if survey.made:
        origin["made"] = survey.made
    return origin


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
