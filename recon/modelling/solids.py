"""Closed solids with bevelled edges: plates, blocks, turned pieces, bars along a path.

A bevel is one face that catches the light; the normals of the flat sides stay flat. Each solid is one patch (columns
around it, rows along it), and its texels are distributed by length.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.modelling.grids import length_along
from recon.modelling.surfaces import Patch, lathe, moved, turn_about
from recon.modelling.textures import Painter

FloatArray = NDArray[np.float64]


def mm(text: str) -> FloatArray:
    """Points (N, 2) or (N, 3) in metres, from "x,y x,y ..." in millimetres as on a drawing."""
    return np.array([[float(v) for v in point.split(",")] for point in text.split()]) / 1000


def plate(
    outline: ArrayLike, depth: float, painter: Painter, *, bevel: float = 0.002, density: float = 1.0, z: float = 0.0
) -> Patch:
    """An outline (N, 2) in x and y, every corner of which is seen from its middle, `depth` thick about z."""
    line = _counter_clockwise(np.asarray(outline, float))
    inner = inset(line, bevel)
    middle = np.broadcast_to((line.min(0) + line.max(0)) / 2, line.shape)
    rings = [(middle, -depth / 2), (inner, -depth / 2), (line, bevel - depth / 2)]
    rings += [(p, -level) for p, level in reversed(rings)]
    grid = np.stack([np.concatenate([p, np.full((len(p), 1), z + level)], 1) for p, level in rings])
    return Patch(np.concatenate([grid, grid[:, :1]], 1), painter, density, even=True)


def holed(
    outer: ArrayLike, inner: ArrayLike, depth: float, painter: Painter, *, bevel: float = 0.002, density: float = 1.0,
    middle: ArrayLike | None = None
) -> Patch:  # fmt: skip
    """A plate with an opening, `depth` thick about z = 0: both outlines (N, 2) in x and y, every corner of both seen
    from `middle` (the opening's).
    """
    out, hole = (_counter_clockwise(np.asarray(line, float)) for line in (outer, inner))
    centre = (hole.min(0) + hole.max(0)) / 2 if middle is None else np.asarray(middle, float)
    corners = np.concatenate([out, hole]) - centre
    angle = np.unique(np.arctan2(corners[:, 1], corners[:, 0]))
    angle = angle[np.append(True, np.diff(angle) > 4e-4)]  # closer angles look the same
    step = np.append(angle[1:], angle[0] + 2 * np.pi) - angle
    angle = np.concatenate(
        [a + s * np.arange(n) / n for a, s in zip(angle, step, strict=True) for n in [int(s / 0.2) + 1]]
    )
    a, b = (
        _reach(line - centre, angle)[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1) + centre
        for line in (out, hole)
    )
    a_in, b_in = a + _inwards(a, -bevel), b + _inwards(b, bevel)
    d = depth / 2
    rings = [
        (b, d - bevel),
        (b, bevel - d),
        (b_in, -d),
        (a_in, -d),
        (a, bevel - d),
        (a, d - bevel),
        (a_in, d),
        (b_in, d),
        (b, d - bevel),
    ]
    grid = np.stack([np.concatenate([p, np.full((len(p), 1), level)], 1) for p, level in rings])
    return Patch(np.concatenate([grid, grid[:, :1]], 1), painter, density, even=True)


def _counter_clockwise(line: FloatArray) -> FloatArray:
    after = np.roll(line, -1, 0)
    return line if float((line[:, 0] * after[:, 1] - after[:, 0] * line[:, 1]).sum()) > 0 else line[::-1]


def _inwards(line: FloatArray, by: float) -> FloatArray:
    """The offset that moves each corner of a counter-clockwise outline `by` outwards."""
    return np.asarray(inset(line, -by) - line)


def _reach(line: FloatArray, angle: FloatArray) -> FloatArray:
    """How far an outline lies from the origin, which sees all of it, at each angle."""
    a, b = line, np.roll(line, -1, 0)
    way = np.stack([np.cos(angle), np.sin(angle)], -1)[:, None]
    edge = (b - a)[None]
    across = way[..., 0] * edge[..., 1] - way[..., 1] * edge[..., 0]
    safe = np.where(np.abs(across) < 1e-12, np.nan, across)
    far = (a[:, 0] * edge[..., 1] - a[:, 1] * edge[..., 0]) / safe
    share = (a[:, 0] * way[..., 1] - a[:, 1] * way[..., 0]) / safe
    hit = (far > 0) & (share >= -1e-7) & (share <= 1 + 1e-7)
    return np.asarray(np.nanmin(np.where(hit, far, np.inf), axis=1))


def block(
    size: ArrayLike, painter: Painter, *, at: ArrayLike = (0, 0, 0), bevel: float = 0.003, density: float = 1.0
) -> Patch:
    """A box of `size` (x, y, z) with its base's middle on `at`."""
    x, y, z = np.asarray(size, float)
    bevel = min(bevel, x / 3, y / 3, z / 3)
    made = plate(rectangle(x, y, bevel), z, painter, bevel=bevel, density=density)
    return Patch(made.grid + np.asarray(at, float) + (0, y / 2, 0), painter, density, even=True)


def rectangle(width: float, height: float, corner: float, steps: int = 1) -> FloatArray:
    """The outline (N, 2) of a rectangle about the origin, its corners cut or, with more steps, rounded."""
    a, b = width / 2 - corner, height / 2 - corner
    turn = np.linspace(0, np.pi / 2, steps + 1)
    arc = corner * np.stack([np.cos(turn), np.sin(turn)], -1)
    corners = [(a, b, 0.0), (-a, b, 90.0), (-a, -b, 180.0), (a, -b, 270.0)]
    return np.concatenate([arc @ _turn(deg).T + (p, q) for p, q, deg in corners])


def circle(radius: float, count: int = 32, *, middle: ArrayLike = (0, 0)) -> FloatArray:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.asarray(radius * np.stack([np.cos(angle), np.sin(angle)], -1) + np.asarray(middle, float))


def polygon(sides: int, radius: float, corner: float = 0.12) -> FloatArray:
    """A regular outline whose corners are cut by the share `corner` of a side."""
    angle = np.arange(sides) * 2 * np.pi / sides
    tips = radius * np.stack([np.cos(angle), np.sin(angle)], -1)
    after, before = np.roll(tips, -1, 0), np.roll(tips, 1, 0)
    return np.stack([tips + (before - tips) * corner, tips + (after - tips) * corner], 1).reshape(-1, 2)


def stadium(a: ArrayLike, b: ArrayLike, radius_a: float, radius_b: float, steps: int = 10) -> FloatArray:
    """The outline round two circles and their common tangents: a link, a crank, a lever."""
    p, q = np.asarray(a, float), np.asarray(b, float)
    along = np.arctan2(*(q - p)[::-1])
    lean = np.arccos((radius_a - radius_b) / float(np.linalg.norm(q - p)))
    turn_b = np.linspace(along - lean, along + lean, steps + 1)
    turn_a = np.linspace(along + lean, along - lean + 2 * np.pi, steps + 1)
    round_b = q + radius_b * np.stack([np.cos(turn_b), np.sin(turn_b)], -1)
    round_a = p + radius_a * np.stack([np.cos(turn_a), np.sin(turn_a)], -1)
    return np.concatenate([round_b, round_a])


def inset(outline: FloatArray, by: float) -> FloatArray:
    """The outline (N, 2), counter-clockwise, moved inwards."""
    edge = np.roll(outline, -1, 0) - outline
    normal = np.stack([edge[:, 1], -edge[:, 0]], -1) / np.maximum(np.linalg.norm(edge, axis=1), 1e-12)[:, None]
    before = np.roll(normal, 1, 0)
    share = np.maximum(1 + (normal * before).sum(1), 0.25)[:, None]
    return np.asarray(outline - by * (normal + before) / share)


def turned(
    corners: ArrayLike,
    painter: Painter,
    *,
    columns: int = 48,
    bevel: float = 0.002,
    density: float = 1.0,
    ring: bool = False,
    relief: bool = False,
) -> Patch:
    """A profile of (radius, height) turned about +Y, its corners bevelled; outside lies right of the way it is drawn.

    It runs from the axis to the axis, or, as a `ring`, back to its start.
    """
    line = np.asarray(corners, float)
    profile = bevelled(line, bevel, ring=ring)
    if ring:
        profile = np.concatenate([profile, profile[:1]])
    made = lathe(profile, painter, columns=columns, density=density, relief=relief)
    return Patch(made.grid, painter, density, relief, even=True)


def bevelled(line: FloatArray, bevel: float, *, ring: bool = False) -> FloatArray:
    """The polyline (N, 2) with a point before and after each corner that turns by more than 25 degrees; points that
    repeat the one before are left out.
    """
    line = line[np.append(True, np.linalg.norm(np.diff(line, axis=0), axis=1) > 1e-9)]
    if bevel <= 0:
        return line
    out: list[FloatArray] = []
    count = len(line)
    for i, point in enumerate(line):
        if not ring and i in (0, count - 1):
            out.append(point)
            continue
        a, b = line[i - 1] - point, line[(i + 1) % count] - point
        la, lb = float(np.linalg.norm(a)), float(np.linalg.norm(b))
        if la < 1e-9 or lb < 1e-9 or -(a @ b) / (la * lb) > np.cos(np.radians(25)):
            out.append(point)
            continue
        cut = min(bevel, 0.35 * la, 0.35 * lb)
        out += [point + a / la * cut, point + b / lb * cut]
    return np.array(out)


def bar(
    path: ArrayLike,
    section: ArrayLike,
    painter: Painter,
    *,
    scale: ArrayLike = 1.0,
    up: ArrayLike = (0, 1, 0),
    closed: bool = False,
    bevel: float = 0.002,
    density: float = 1.0,
) -> Patch:
    """A section (M, 2), counter-clockwise as seen from the path's end, drawn along `path` (N, 3); `scale` (N,) or
    (N, 2) along it. The section's second axis keeps to `up`, its first to up x path. `closed` joins its ends.
    """
    line = np.asarray(path, float)
    shape = np.asarray(section, float)
    size = np.asarray(scale, float)
    size = np.broadcast_to(size[:, None] if size.ndim == 1 else size, (len(line), 2))
    ahead = np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    side = np.cross(np.asarray(up, float), ahead)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    above = np.cross(ahead, side)
    at = shape[None] * size[:, None]
    grid = line[:, None] + at[..., :1] * side[:, None] + at[..., 1:] * above[:, None]
    if closed:
        grid = np.concatenate([grid, grid[:1]])
    else:
        ends = []
        for i, way in ((0, 1.0), (-1, -1.0)):
            cut = min(bevel, 0.3 * float(np.ptp(shape * size[i], axis=0).min()))
            small = inset(shape * size[i], cut)
            rim = line[i] + small[:, :1] * side[i] + small[:, 1:] * above[i]
            centre = np.broadcast_to((rim.min(0) + rim.max(0)) / 2, rim.shape)
            ends.append([centre, rim])
            grid[i] += ahead[i] * cut * way
        grid = np.concatenate([np.stack(ends[0]), grid, np.stack(ends[1][::-1])])
    return Patch(np.concatenate([grid, grid[:, :1]], 1), painter, density, even=True)


def rod(a: ArrayLike, b: ArrayLike, radius: float | ArrayLike, painter: Painter, *, sides: int = 16,
        bevel: float = 0.001, density: float = 1.0) -> Patch:  # fmt: skip
    """A round bar from a to b; `radius` one or (N,) along it."""
    p, q = np.asarray(a, float), np.asarray(b, float)
    r = np.atleast_1d(np.asarray(radius, float))
    r = np.repeat(r, 2) if len(r) == 1 else r
    path = p + np.linspace(0, 1, len(r))[:, None] * (q - p)
    up = (0, 0, 1) if abs((q - p)[1]) > 0.9 * np.linalg.norm(q - p) else (0, 1, 0)
    return bar(path, circle(1.0, sides), painter, scale=r, up=up, bevel=min(bevel, 0.3 * float(r.min())),
               density=density)  # fmt: skip


def wire(path: ArrayLike, radius: float | ArrayLike, painter: Painter, *, sides: int = 10, density: float = 1.0,
         up: ArrayLike = (0, 1, 0), closed: bool = False) -> Patch:  # fmt: skip
    """A round bar along a bent path (N, 3) that nowhere runs along `up`."""
    return bar(path, circle(1.0, sides), painter, scale=radius, up=up, closed=closed, density=density,
               bevel=0.25 * float(np.min(radius)))  # fmt: skip


def curve(points: ArrayLike, count: int, *, closed: bool = False) -> FloatArray:
    """A Catmull-Rom curve through `points` (N, D) at `count` equal steps; `closed` returns to its start without
    repeating it.
    """
    p = np.asarray(points, float)
    p = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    u = np.linspace(0, 1, 20, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    line = np.concatenate([*pieces, p[-2:-1]])
    walked = length_along(line)
    at = np.linspace(0, walked[-1], count, endpoint=not closed)
    return np.stack([np.interp(at, walked, line[:, i]) for i in range(line.shape[1])], -1)


def round_about(axis: str, count: int, patches: Sequence[Patch], *, first_deg: float = 0.0) -> list[Patch]:
    """`count` copies of the patches, evenly round the axis "x", "y" or "z"."""
    return [p for i in range(count) for p in moved(patches, turn=turn_about(axis, first_deg + 360 * i / count))]


def _turn(degrees: float) -> FloatArray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s], [s, c]])
