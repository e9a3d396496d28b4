"""Bakes a hall's light into one high-range lightmap: sun, sky, lamps, and light between surfaces.

Every texel sends cosine-weighted rays once; each bounce reads the light of the texels that they hit (Monte Carlo
radiosity; Cohen and Wallace, Radiosity and Realistic Image Synthesis, 1993, ch. 4). What is kept is irradiance / pi, so
that a surface shows albedo x texel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import open3d as o3d
from numpy.typing import NDArray

from exhibit.space.charts import Chart, charts
from exhibit.space.light import arriving, cosine_rays
from exhibit.space.light_sources import Sky, Skylight, Spot, Sun
from exhibit.space.progress import Report, portion, reported, unheard
from exhibit.space.sheets import Sheet, sheet_normals

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
BLOCK = 2**20  # rays cast at once
PALER = 0.4  # how much of its colour bounced light loses, as the eye's white balance would take it
FAINTEST = 0.012  # a lamp's light is not followed where it is less
BRIGHTEST = 6.0  # no single ray brings more: fewer specks for a little light


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a bake: the lightmap's side in texels, and rays per texel."""

    side: int = 2048
    rays: int = 80
    sun_rays: int = 12
    bounces: int = 3
    poster: tuple[int, int, int] = (1280, 720, 2)  # width, height, rays per pixel's side


FULL = Quality()
DRAFT = Quality(1024, 24, 4, 3, (1280, 720, 1))
ROUGH = Quality(512, 8, 2, 2, (640, 360, 1))  # for tests: seconds


@dataclass(frozen=True, slots=True, eq=False)
class Lightmap:
    light: Float32Array  # (side, side, 3) irradiance / pi
    charts: Sequence[Chart]  # one for each sheet


def bake(
    sheets: Sequence[Sheet],
    albedo: FloatArray,
    sky: Sky,
    sun: Sun | None,
    lamps: Sequence[Spot],
    quality: Quality = FULL,
    shade: Sequence[Sheet] = (),
    skylights: Sequence[Skylight] = (),
    report: Report = unheard,
) -> Lightmap:
    """`albedo` (len(sheets), 3); sheets that glow send their finish's radiance. `shade` takes light and is not kept."""
    placed = charts(sheets, quality.side)
    texels = _Texels(sheets, placed, quality.side)
    scene, face_sheet, face_uv = _scene([*sheets, *shade], placed, quality.side)
    direct = np.zeros((len(texels.points), 3), np.float32)
    start = texels.points + 0.008 * texels.normals
    if sun is not None:
        direct += _from_sun(scene, start, texels.normals, sun, quality.sun_rays, portion(report, 0, 0.15))
    for lamp in reported(lamps, portion(report, 0.15, 0.3)):
        direct += _from_lamp(scene, start, texels.normals, lamp)
    even = np.zeros_like(direct)
    for k, light in enumerate(skylights):
        even += _from_skylight(scene, start, texels.normals, light, max(4, quality.rays // 3), np.random.default_rng(k))
    glow = np.zeros((len(sheets), 3), np.float32)
    for i, sheet in enumerate(sheets):
        if sheet.finish.glows:
            glow[i] = np.asarray(sheet.finish.tint) * sheet.finish.radiance
    rest = portion(report, 0.3, 0.85)
    reflecting = albedo.astype(np.float32)
    gathered, hidden = _gather(
        scene, texels, start, direct + even, reflecting, glow, face_sheet, face_uv, sky, quality, rest
    )
    soft = _softened(gathered + even, texels, hidden, quality.side, portion(report, 0.85, 1))
    return Lightmap(_filled(direct + soft, texels, hidden, quality.side), placed)


class _Texels:
    """The texels that lie on sheets: their places and normals in the hall, and where they are in the map."""

    def __init__(self, sheets: Sequence[Sheet], placed: Sequence[Chart], side: int) -> None:
        points, normals, index, owner = [], [], [], []
        for i, (sheet, chart) in enumerate(zip(sheets, placed, strict=True)):
            # the outer texels lie on the edges; they are measured a little inside, clear of what joins there
            s = np.clip(np.arange(chart.columns) / (chart.columns - 1), 0.25 / chart.columns, 1 - 0.25 / chart.columns)
            t = np.clip(np.arange(chart.rows) / (chart.rows - 1), 0.25 / chart.rows, 1 - 0.25 / chart.rows)
            points.append(_bilinear(sheet.grid, chart, s, t).reshape(-1, 3))
            normals.append(_bilinear(sheet_normals(sheet.grid), chart, s, t).reshape(-1, 3))
            at = (chart.y + np.arange(chart.rows))[:, None] * side + chart.x + np.arange(chart.columns)
            index.append(at.ravel())
            owner.append(np.full(at.size, i))
        self.points = np.concatenate(points)
        n = np.concatenate(normals)
        self.normals = n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)
        self.index = np.concatenate(index)
        self.owner = np.concatenate(owner)


def _bilinear(values: FloatArray, chart: Chart, s: FloatArray, t: FloatArray) -> FloatArray:
    def between(at: FloatArray, knots: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
        i = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
        return i, (at - knots[i]) / (knots[i + 1] - knots[i])

    j, b = between(t, chart.t)
    i, a = between(s, chart.s)
    a, b = a[None, :, None], b[:, None, None]
    low = values[j][:, i] * (1 - a) + values[j][:, i + 1] * a
    high = values[j + 1][:, i] * (1 - a) + values[j + 1][:, i + 1] * a
    return np.asarray(low * (1 - b) + high * b)


def _scene(
    sheets: Sequence[Sheet], placed: Sequence[Chart], side: int
) -> tuple[o3d.t.geometry.RaycastingScene, NDArray[np.int32], Float32Array]:
    """The scene, each triangle's sheet (-1: none of those that keep light), and its corners in texels (F, 3, 2)."""
    vertices, faces, owner, corners = [], [], [], []
    first = 0
    for i, sheet in enumerate(sheets):
        mesh = sheet.mesh
        vertices.append(mesh.points)
        faces.append(mesh.triangles + first)
        kept = i < len(placed)
        owner.append(np.full(len(mesh.triangles), i if kept else -1, np.int32))
        uv = placed[i].uv_of(mesh, side) * side if kept else np.zeros((len(mesh.points), 2))
        corners.append(uv[mesh.triangles].astype(np.float32))
        first += len(mesh.points)
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(
        o3d.core.Tensor(np.concatenate(vertices).astype(np.float32)),
        o3d.core.Tensor(np.concatenate(faces).astype(np.uint32)),
    )
    return scene, np.concatenate(owner), np.concatenate(corners)


def _from_sun(
    scene: o3d.t.geometry.RaycastingScene,
    points: FloatArray,
    normals: FloatArray,
    sun: Sun,
    rays: int,
    report: Report,
) -> Float32Array:
    axis = np.asarray(sun.towards) / np.linalg.norm(sun.towards)
    across = np.cross(axis, (0.3, 0.1, 0.9))
    across /= np.linalg.norm(across)
    other = np.cross(axis, across)
    lit = np.zeros(len(points), np.float32)
    facing = np.clip(normals @ axis, 0, None)
    wanted = np.flatnonzero(facing > 1e-4)
    for k in reported(range(rays), report):
        radius = np.tan(np.radians(sun.radius_deg)) * np.sqrt((k + 0.5) / rays)
        direction = axis + radius * (np.cos(2.4 * k) * across + np.sin(2.4 * k) * other)
        for i in range(0, len(wanted), BLOCK):
            mine = wanted[i : i + BLOCK]
            ray = np.concatenate([points[mine], np.broadcast_to(direction, (len(mine), 3))], 1).astype(np.float32)
            lit[mine] += ~scene.test_occlusions(o3d.core.Tensor(ray)).numpy()
    return np.asarray((lit / rays * facing)[:, None] * np.asarray(sun.colour), np.float32)


def _from_lamp(
    scene: o3d.t.geometry.RaycastingScene, points: FloatArray, normals: FloatArray, lamp: Spot
) -> Float32Array:
    out = np.zeros((len(points), 3), np.float32)
    axis = np.asarray(lamp.target) - np.asarray(lamp.position)
    axis = axis / np.linalg.norm(axis)
    away = points - np.asarray(lamp.position)
    angle = np.degrees(np.arccos(np.clip(away @ axis / np.maximum(np.linalg.norm(away, axis=1), 1e-6), -1, 1)))
    cone = np.clip((lamp.half_angle_deg - angle) / (0.55 * lamp.half_angle_deg), 0, 1) ** 1.5
    reach = np.sqrt(lamp.intensity / (np.pi * FAINTEST))
    mine = np.flatnonzero((cone > 0) & (np.linalg.norm(away, axis=1) < reach))
    across = np.cross(axis, (0.31, 0.2, 0.93))
    across /= np.linalg.norm(across)
    for k in range(4):
        shift = 0.05 * (np.cos(2.4 * k) * across + np.sin(2.4 * k) * np.cross(axis, across))
        share = arriving(scene, points[mine], normals[mine], np.asarray(lamp.position) + shift, None)
        out[mine] += (share * cone[mine] * lamp.intensity / np.pi / 4)[:, None] * np.asarray(lamp.color)
    return out


def _from_skylight(
    scene: o3d.t.geometry.RaycastingScene,
    points: FloatArray,
    normals: FloatArray,
    light: Skylight,
    rays: int,
    rng: np.random.Generator,
) -> Float32Array:
    """From places along the skylight's first edge, drawn anew for each point: one in each of `rays` equal parts."""
    a, b = np.asarray(light.along_s), np.asarray(light.along_t)
    facing = np.cross(a, b)
    area = float(np.linalg.norm(facing))
    facing = facing / area
    out = np.zeros(len(points))
    for k in range(rays):
        s, t = (k + rng.random((len(points), 1))) / rays, rng.random((len(points), 1))
        out += arriving(scene, points, normals, np.asarray(light.corner) + s * a + t * b + 0.03 * facing, facing)
    return np.asarray((out * area / rays / np.pi)[:, None] * np.asarray(light.radiance), np.float32)


def _gather(
    scene: o3d.t.geometry.RaycastingScene,
    texels: _Texels,
    start: FloatArray,
    direct: Float32Array,
    albedo: Float32Array,
    glow: Float32Array,
    face_sheet: NDArray[np.int32],
    face_uv: Float32Array,
    sky: Sky,
    quality: Quality,
    report: Report,
) -> tuple[Float32Array, NDArray[np.bool_]]:
    """(what arrives from sky, glow and other surfaces, which texels lie inside something)."""
    n, rays = len(start), quality.rays
    rng = np.random.default_rng(0)
    constant = np.zeros((n, 3), np.float32)
    behind = np.zeros(n, np.float32)
    hit = np.empty((n, rays), np.int32)
    where = np.full(quality.side * quality.side, n, np.int32)
    where[texels.index] = np.arange(n, dtype=np.int32)
    per = max(1, BLOCK // rays)
    for i in reported(range(0, n, per), portion(report, 0, 0.7)):
        part = slice(i, min(n, i + per))
        direction = cosine_rays(texels.normals[part], rays, rng).reshape(-1, 3).astype(np.float32)
        origin = np.repeat(start[part].astype(np.float32), rays, 0)
        answer = scene.cast_rays(o3d.core.Tensor(np.concatenate([origin, direction], 1)))
        face = answer["primitive_ids"].numpy().astype(np.int64)
        missed = face >= len(face_sheet)
        face[missed] = 0
        back = ~missed & ((answer["primitive_normals"].numpy() * direction).sum(1) > 0)
        sheet = np.where(missed | back, -1, face_sheet[face])
        found = sheet >= 0
        sent = np.where(missed[:, None], sky.radiance(direction), 0)
        sent[found] += glow[sheet[found]]
        constant[part] = sent.reshape(-1, rays, 3).mean(1)
        behind[part] = back.reshape(-1, rays).mean(1)
        bary = answer["primitive_uvs"].numpy()[found]
        corner = face_uv[face[found]]
        uv = corner[:, 0] + bary[:, :1] * (corner[:, 1] - corner[:, 0]) + bary[:, 1:] * (corner[:, 2] - corner[:, 0])
        at = np.full(len(face), n, np.int32)
        at[found] = where[uv[:, 1].astype(np.int64) * quality.side + uv[:, 0].astype(np.int64)]
        hit[part] = at.reshape(-1, rays)
    hidden = behind > 0.35
    grey = albedo.mean(1, keepdims=True)
    reflects = (albedo + PALER * (grey - albedo))[texels.owner]
    arriving = constant
    for _ in reported(range(quality.bounces), portion(report, 0.7, 1)):
        sent = np.concatenate([reflects * (direct + arriving) * ~hidden[:, None], np.zeros((1, 3), np.float32)])
        arriving = constant.copy()
        sent = np.minimum(sent, BRIGHTEST)
        for k in range(rays):
            arriving += sent[hit[:, k]] / rays
    return arriving, hidden


def _softened(
    value: Float32Array, texels: _Texels, hidden: NDArray[np.bool_], side: int, report: Report
) -> Float32Array:
    """Denoised with its edges kept: bilateral means over texels of the same chart, near and farther (an a-trous filter;
    Dammertz et al., High Performance Graphics 2010).
    """
    margin = 8
    owner = np.full((side, side), -1, np.int32)
    owner.ravel()[texels.index] = np.where(hidden, -2, texels.owner)
    owner = np.pad(owner, margin, constant_values=-1)
    y, x = (v + margin for v in np.divmod(texels.index, side))
    out = value
    for step, reach in reported(((1, 1.6), (2, 0.9), (4, 0.5), (1, 0.4)), report):
        image = np.zeros((side + 2 * margin, side + 2 * margin, 3), np.float32)
        image[y, x] = out
        total, weight = out.copy(), np.ones(len(out), np.float32)
        bright = np.log(out.mean(1) + 0.01)
        for dy in range(-2, 3):
            for dx in range(-2, 3):
                if dx or dy:
                    there = image[y + step * dy, x + step * dx]
                    same = owner[y + step * dy, x + step * dx] == texels.owner
                    apart = (np.log(there.mean(1) + 0.01) - bright) / reach
                    w = same * np.exp(-(dx * dx + dy * dy) / 4.0 - apart * apart).astype(np.float32)
                    total += w[:, None] * there
                    weight += w
        out = np.asarray(total / weight[:, None], np.float32)
    return out


def _filled(value: Float32Array, texels: _Texels, hidden: NDArray[np.bool_], side: int) -> Float32Array:
    """The map; what lies hidden, and the gutters, take their neighbours' light."""
    image = np.zeros((side, side, 3), np.float32)
    image.reshape(-1, 3)[texels.index] = value
    known = np.zeros((side, side), bool)
    known.reshape(-1)[texels.index[~hidden]] = True
    image[~known] = 0
    for _ in range(6):
        total, count = np.zeros_like(image), np.zeros(known.shape, np.float32)
        for shift in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            near = np.roll(known, shift, (0, 1))
            total += np.roll(image, shift, (0, 1)) * near[..., None]
            count += near
        fresh = ~known & (count > 0)
        image[fresh] = total[fresh] / count[fresh, None]
        known |= fresh
    far_inside = texels.index[~known.reshape(-1)[texels.index]]
    if len(far_inside) and not hidden.all():  # a part of them may still be seen at the edge: the map's mean, not black
        image.reshape(-1, 3)[far_inside] = value[~hidden].mean(0)
    return image
