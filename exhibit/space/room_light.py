"""Bakes a room's light into its vertices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from exhibit.space.light import irradiance
from exhibit.space.pictures import linear
from exhibit.space.progress import Report, unheard
from exhibit.space.room import Part, Room
from exhibit.space.sheets import sheet_normals
from recon.modelling.grids import cells

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]
EXPOSURE = np.array([1.22, 1.295, 1.285])  # also balances the red that the floor throws upon the walls


def baked(room: Room, pictures: Mapping[str, ByteArray], *, rays: int = 144, report: Report = unheard) -> list[Part]:
    """The room's triangles with its light; `pictures` is what `paint` paints."""
    vertices, points, normals, uvs, tints, faces, reflectance, owner, glowing = [], [], [], [], [], [], [], [], []
    names, sheets = list(pictures), room.all_sheets()
    looks = {(sheet.finish.picture, sheet.finish.band) for sheet in sheets}
    means = {(name, band): _mean(pictures[name], band) for name, band in looks}
    first = 0
    for sheet in sheets:
        rows, columns = sheet.grid.shape[:2]
        normal = sheet_normals(sheet.grid)
        quads = cells(rows, columns) + first
        # the diagonal alternates, so that interpolated light has no grain
        even = ((np.arange(rows - 1)[:, None] + np.arange(columns - 1)) % 2 == 0).ravel()
        a = np.where(even[:, None], quads[:, [0, 1, 2]], quads[:, [0, 1, 3]])
        b = np.where(even[:, None], quads[:, [0, 2, 3]], quads[:, [1, 2, 3]])
        faces.append(np.concatenate([a, b]))
        vertices.append(sheet.grid.reshape(-1, 3))
        points.append((_inset(sheet.grid) + 0.006 * normal).reshape(-1, 3))
        normals.append(normal.reshape(-1, 3))
        uvs.append(sheet.uv().reshape(-1, 2))
        tints.append(np.broadcast_to(sheet.finish.tint, (rows * columns, 3)))
        glowing.append(np.full(rows * columns, sheet.finish.glows))
        colour = means[sheet.finish.picture, sheet.finish.band] * np.asarray(sheet.finish.tint)
        reflectance.append(
            np.broadcast_to(np.zeros(3) if sheet.finish.glows else np.clip(colour, 0, 0.92), (2 * len(quads), 3))
        )
        owner.append(np.full(2 * len(quads), names.index(sheet.finish.picture)))
        first += rows * columns
    v, f = np.concatenate(vertices), np.concatenate(faces).astype(np.int32)
    light = irradiance(
        np.concatenate(points),
        np.concatenate(normals),
        v,
        f,
        np.concatenate(reflectance),
        room.skylights,
        [*room.spots, *room.furniture.lamps],
        rays=rays,
        report=report,
    )
    shown = _shoulder(light * EXPOSURE) * np.concatenate(tints)
    shown[np.concatenate(glowing)] = 1.0
    uv, owners = np.concatenate(uvs), np.concatenate(owner)
    parts = []
    for i, name in enumerate(names):
        mine = f[owners == i]
        used, index = np.unique(mine, return_inverse=True)
        parts.append(Part(name, v[used], uv[used], np.clip(shown[used], 0, 1), index.reshape(-1, 3).astype(np.int32)))
    return parts


def _mean(picture: ByteArray, band: tuple[float, float] | None) -> FloatArray:
    rows = picture if band is None else picture[round(band[0] * len(picture)) : round(band[1] * len(picture))]
    return np.asarray(linear(rows[::4, ::4].reshape(-1, 3) / np.float32(255)).mean(0), float)


def _inset(grid: FloatArray, by: float = 0.012) -> FloatArray:
    """The grid with its border drawn in a little, so that light is measured beside the neighbouring sheet, not
    inside it.
    """
    out = grid.copy()
    for axis in (0, 1):
        moved = np.moveaxis(out, axis, 0)
        if np.allclose(moved[0], moved[-1]):
            continue
        for end, inner in ((0, 1), (-1, -2)):
            step = moved[inner] - moved[end]
            length = np.linalg.norm(step, axis=-1, keepdims=True)
            moved[end] += step * np.minimum(by / np.maximum(length, 1e-9), 0.4)
    return out


def _shoulder(light: FloatArray) -> FloatArray:
    """Film's shoulder: straight to 0.55, then towards 1."""
    knee = 0.55
    return np.where(light < knee, light, knee + (1 - knee) * (1 - np.exp(-(light - knee) / (1 - knee))))
