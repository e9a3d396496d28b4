"""Painting charts texel by texel, and filling what no chart covers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.geometry.compiled import compiled

Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]


@compiled
def cover(plane: Float32Array, width: int, height: int, grow: int) -> IntArray:
    """The triangle that holds each texel's centre, (height, width), -1 where there is none.

    plane (N, 3, 2) in texels. Texels within `grow` steps of a triangle take their neighbour's triangle, so that
    bilinear sampling at the outline finds colour on all sides.
    """
    face = np.full((height, width), -1, np.int32)
    for n in range(len(plane)):
        ax, ay = plane[n, 0, 0], plane[n, 0, 1]
        bx, by = plane[n, 1, 0] - ax, plane[n, 1, 1] - ay
        cx, cy = plane[n, 2, 0] - ax, plane[n, 2, 1] - ay
        twice = bx * cy - by * cx
        if abs(twice) < 1e-12:
            continue
        x0 = max(0, int(np.floor(min(0.0, bx, cx) + ax - 0.5)))
        x1 = min(width - 1, int(np.ceil(max(0.0, bx, cx) + ax - 0.5)))
        y0 = max(0, int(np.floor(min(0.0, by, cy) + ay - 0.5)))
        y1 = min(height - 1, int(np.ceil(max(0.0, by, cy) + ay - 0.5)))
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                px, py = x + 0.5 - ax, y + 0.5 - ay
                w1, w2 = (px * cy - py * cx) / twice, (bx * py - by * px) / twice
                if w1 >= -1e-6 and w2 >= -1e-6 and w1 + w2 <= 1 + 1e-6:
                    face[y, x] = n
    # triangles smaller than a texel still own the texels of their corners
    for n in range(len(plane)):
        for corner in range(3):
            x, y = int(plane[n, corner, 0]), int(plane[n, corner, 1])
            if 0 <= x < width and 0 <= y < height and face[y, x] < 0:
                face[y, x] = n
    for _ in range(grow):
        before = face.copy()
        for y in range(height):
            for x in range(width):
                if before[y, x] >= 0:
                    continue
                for dy in range(-1, 2):
                    for dx in range(-1, 2):
                        if 0 <= y + dy < height and 0 <= x + dx < width and before[y + dy, x + dx] >= 0:
                            face[y, x] = before[y + dy, x + dx]
    return face


@compiled
def interpolated(face: IntArray, plane: Float32Array, values: Float32Array) -> Float32Array:
    """The triangles' corner values (N, 3, C) interpolated at each texel's centre, (H, W, C); slightly extrapolated
    outside.
    """
    height, width = face.shape
    channels = values.shape[2]
    out = np.zeros((height, width, channels), np.float32)
    for y in range(height):
        for x in range(width):
            n = face[y, x]
            if n < 0:
                continue
            ax, ay = plane[n, 0, 0], plane[n, 0, 1]
            bx, by = plane[n, 1, 0] - ax, plane[n, 1, 1] - ay
            cx, cy = plane[n, 2, 0] - ax, plane[n, 2, 1] - ay
            twice = bx * cy - by * cx
            px, py = x + 0.5 - ax, y + 0.5 - ay
            w1, w2 = 1 / 3, 1 / 3
            if abs(twice) > 1e-6:
                w1, w2 = (px * cy - py * cx) / twice, (bx * py - by * px) / twice
                w1, w2 = min(max(w1, 0.0), 1.0), min(max(w2, 0.0), 1.0)
                if w1 + w2 > 1:
                    w1, w2 = w1 / (w1 + w2), w2 / (w1 + w2)
            for c in range(channels):
                out[y, x, c] = values[n, 0, c] * (1 - w1 - w2) + values[n, 1, c] * w1 + values[n, 2, c] * w2
    return out


@compiled
def add_spread(picture: Float32Array, at: Float32Array, change: Float32Array, reach: float) -> None:
    """Add `change` (S, 3) at places (S, 2) in texels to the picture (H, W, 3), fading out over `reach` texels."""
    height, width = picture.shape[:2]
    total = np.zeros((height, width, 4), np.float32)
    nearest = np.full((height, width), reach * reach, np.float32)
    for s in range(len(at)):
        x0, x1 = max(0, int(at[s, 0] - reach)), min(width - 1, int(at[s, 0] + reach))
        y0, y1 = max(0, int(at[s, 1] - reach)), min(height - 1, int(at[s, 1] + reach))
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                d = (x + 0.5 - at[s, 0]) ** 2 + (y + 0.5 - at[s, 1]) ** 2
                if d >= reach * reach:
                    continue
                nearest[y, x] = min(nearest[y, x], d)
                w = 1 / (d + 0.25) ** 1.5
                total[y, x, 3] += w
                for c in range(3):
                    total[y, x, c] += w * change[s, c]
    for y in range(height):
        for x in range(width):
            if total[y, x, 3] > 0:
                t = 1 - np.sqrt(nearest[y, x]) / reach
                fade = t * t * (3 - 2 * t) / total[y, x, 3]
                for c in range(3):
                    picture[y, x, c] += fade * total[y, x, c]


def bilinear(picture: NDArray[np.generic], px: Float32Array) -> Float32Array:
    """The picture (H, W, C) sampled at pixels (N, 2), (N, C). Pixel centres are at 0.5; border pixels are repeated
    outwards.
    """
    out = np.empty((len(px), picture.shape[2]), np.float32)
    for start in range(0, len(px), 30_000):  # remap's own limit is 32767 rows
        rows = slice(start, start + 30_000)
        x, y = (np.ascontiguousarray(px[rows, axis, None], np.float32) - np.float32(0.5) for axis in (0, 1))
        out[rows] = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, 0]
    return out


def fill_outside(atlas: ByteArray, covered: NDArray[np.bool_]) -> None:
    """Fill every texel outside the charts with the colours around it, in place, so that no mip level mixes black in.

    Push-pull. Source: Gortler et al., The Lumigraph, 1996, section 3.4.
    """
    levels: list[tuple[ByteArray, NDArray[np.bool_]]] = [(atlas, covered)]
    while min(levels[-1][0].shape[:2]) > 1 and not levels[-1][1].all():
        levels.append(_halved(*levels[-1]))
    for (fine, known), (coarse, _) in zip(levels[-2::-1], levels[:0:-1], strict=True):
        height, width = fine.shape[:2]
        for top in range(0, height, 1024):  # in strips: the enlarged picture never stands whole beside the atlas
            rows = slice(top, min(top + 1024, height))
            strip = cv2.resize(
                coarse[top // 2 : (rows.stop + 1) // 2], (width, rows.stop - top), interpolation=cv2.INTER_LINEAR
            )
            outside = ~known[rows]
            fine[rows][outside] = strip.reshape(rows.stop - top, width, 3)[outside]


def _halved(picture: ByteArray, known: NDArray[np.bool_]) -> tuple[ByteArray, NDArray[np.bool_]]:
    """The mean of the known pixels of each 2 x 2 block."""
    height, width = (picture.shape[0] + 1) // 2, (picture.shape[1] + 1) // 2
    total, count = np.zeros((height, width, 3), np.uint16), np.zeros((height, width), np.uint16)
    for dy in (0, 1):
        for dx in (0, 1):
            part, mask = picture[dy::2, dx::2], known[dy::2, dx::2]
            total[: part.shape[0], : part.shape[1]] += part * mask[..., None]
            count[: part.shape[0], : part.shape[1]] += mask
    return (total // np.maximum(count, 1)[..., None]).astype(np.uint8), count > 0
