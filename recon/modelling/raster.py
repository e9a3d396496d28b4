"""A small z-buffer: triangles seen by a pinhole camera, with perspective-correct texture."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
NEAR = 0.02  # metres: triangles that reach nearer are left out, so models must be cut fine where they pass the camera


def visible(
    vertices: NDArray[np.floating],
    faces: IntArray,
    k: FloatArray,
    cam_from_world: FloatArray,
    width: int,
    height: int,
    samples: int = 1,
) -> tuple[IntArray, FloatArray]:
    """Per sample of a (height x samples, width x samples) grid: the triangle seen (-1 = none) and its depth along +Z
    (0 = none).

    Back faces are not seen. The samples of a pixel are the centres of its samples x samples cells.
    """
    seen = vertices @ cam_from_world[:, :3].T + cam_from_world[:, 3]
    z = seen[:, 2]
    safe = np.where(z > NEAR, z, 1.0)
    u = (k[0, 0] * seen[:, 0] / safe + k[0, 2]) * samples
    v = (k[1, 1] * seen[:, 1] / safe + k[1, 2]) * samples
    found: tuple[IntArray, FloatArray] = _rasterise(
        u, v, np.where(z > NEAR, 1.0 / safe, -1.0), faces, width * samples, height * samples
    )
    return found


@numba.njit(cache=True)
def _rasterise(u, v, inverse_z, faces, width, height):  # type: ignore[no-untyped-def]
    triangle = np.full((height, width), -1, np.int32)
    nearest = np.zeros((height, width), np.float64)  # 1/z
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        if inverse_z[a] < 0 or inverse_z[b] < 0 or inverse_z[c] < 0:
            continue
        ax, ay, bx, by, cx, cy = u[a], v[a], u[b], v[b], u[c], v[c]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area >= -1e-12:  # v points down: what turns counter-clockwise in space has negative area here
            continue
        x0 = max(0, int(np.ceil(min(ax, bx, cx) - 0.5)))
        x1 = min(width - 1, int(np.floor(max(ax, bx, cx) - 0.5)))
        y0 = max(0, int(np.ceil(min(ay, by, cy) - 0.5)))
        y1 = min(height - 1, int(np.floor(max(ay, by, cy) - 0.5)))
        for y in range(y0, y1 + 1):
            py = y + 0.5
            for x in range(x0, x1 + 1):
                px = x + 0.5
                wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area
                wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area
                wc = 1.0 - wa - wb
                if wa < 0 or wb < 0 or wc < 0:
                    continue
                near = wa * inverse_z[a] + wb * inverse_z[b] + wc * inverse_z[c]
                if near > nearest[y, x]:
                    nearest[y, x] = near
                    triangle[y, x] = f
    for y in range(height):
        for x in range(width):
            if nearest[y, x] > 0:
                nearest[y, x] = 1.0 / nearest[y, x]
    return triangle, nearest


def interpolated(
    triangle: IntArray,
    depth: FloatArray,
    vertices: NDArray[np.floating],
    faces: IntArray,
    values: NDArray[np.floating],
    k: FloatArray,
    cam_from_world: FloatArray,
    samples: int,
) -> Float32Array:
    """Vertex values (V, D) at the visible points: (H, W, D), perspective-correct; 0 where nothing is seen."""
    seen = vertices @ cam_from_world[:, :3].T + cam_from_world[:, 3]
    rays = (k[0, 0] * samples, k[1, 1] * samples, k[0, 2] * samples, k[1, 2] * samples)
    out: Float32Array = _interpolate(triangle, depth, seen, faces, values.astype(np.float32), *rays)
    return out


@numba.njit(cache=True)
def _interpolate(triangle, depth, seen, faces, values, fx, fy, cx, cy):  # type: ignore[no-untyped-def]
    height, width = triangle.shape
    out = np.zeros((height, width, values.shape[1]), np.float32)
    for y in range(height):
        for x in range(width):
            f = triangle[y, x]
            if f < 0:
                continue
            z = depth[y, x]
            a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
            px, py, pz = (x + 0.5 - cx) / fx * z - seen[a, 0], (y + 0.5 - cy) / fy * z - seen[a, 1], z - seen[a, 2]
            bx, by, bz = seen[b, 0] - seen[a, 0], seen[b, 1] - seen[a, 1], seen[b, 2] - seen[a, 2]
            ex, ey, ez = seen[c, 0] - seen[a, 0], seen[c, 1] - seen[a, 1], seen[c, 2] - seen[a, 2]
            bb, be, ee = bx * bx + by * by + bz * bz, bx * ex + by * ey + bz * ez, ex * ex + ey * ey + ez * ez
            pb, pe = px * bx + py * by + pz * bz, px * ex + py * ey + pz * ez
            scale = 1.0 / (bb * ee - be * be)
            wb = (ee * pb - be * pe) * scale
            wc = (bb * pe - be * pb) * scale
            for i in range(values.shape[1]):
                out[y, x, i] = (1.0 - wb - wc) * values[a, i] + wb * values[b, i] + wc * values[c, i]
    return out
