"""Lines where a plane cuts triangles, joined and simplified; and outlines of what is seen."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.drawing.projection import Projection
from recon.formats.glb import Part

FloatArray = NDArray[np.float64]
_LEAST_REGION = 60  # px of an outlined piece


def cut_lines(parts: Sequence[Part], drawing: Projection, tolerance: float) -> list[FloatArray]:
    """Polylines (N, 2) in the drawing's plane; a closed one ends where it begins. The material is on their left.

    tolerance: how far a simplified line may lie from the true one, metres.
    """
    assert drawing.cut is not None
    pieces = [_segments(part, drawing) for part in parts]
    segments = np.concatenate(pieces) if pieces else np.zeros((0, 2, 2))
    return [simplified(line, tolerance) for line in _joined(segments)]


def _segments(part: Part, drawing: Projection) -> FloatArray:
    """(S, 2, 2) directed so that the triangles' outer sides are on the right."""
    assert drawing.cut is not None
    corner = part.positions.astype(np.float64)[part.faces]
    height = corner @ drawing.ahead - drawing.cut
    height[height == 0] = 1e-12  # a corner on the plane belongs to the far side
    crossed = (height.min(axis=1) < 0) & (height.max(axis=1) > 0)
    corner, height = corner[crossed], height[crossed]
    alone = np.where((height > 0).sum(axis=1) == 1, (height > 0).argmax(axis=1), (height < 0).argmax(axis=1))
    rows = np.arange(len(corner))
    ends = []
    for k in (1, 2):
        other = (alone + k) % 3
        a, b = height[rows, alone], height[rows, other]
        share = (a / (a - b))[:, None]
        ends.append(corner[rows, alone] + share * (corner[rows, other] - corner[rows, alone]))
    flat = np.stack([drawing.flat(end) for end in ends], axis=1)
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    outward = drawing.flat(normal)
    along = flat[:, 1] - flat[:, 0]
    wrong = along[:, 1] * outward[:, 0] - along[:, 0] * outward[:, 1] < 0  # the right of `along` must look outward
    flat[wrong] = flat[wrong][:, ::-1]
    return flat


def _joined(segments: FloatArray) -> list[FloatArray]:
    """Chains of segments that share an end, to a hundredth of a millimetre."""
    segments = segments[np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1) > 1e-6]
    keys = np.round(segments / 1e-5).astype(np.int64)
    at_start: dict[tuple[int, int], list[int]] = {}
    num_ends: dict[tuple[int, int], int] = {}
    for i, (start, end) in enumerate(keys.tolist()):
        at_start.setdefault(tuple(start), []).append(i)
        num_ends[tuple(end)] = num_ends.get(tuple(end), 0) + 1
    used = np.zeros(len(segments), bool)
    lines = []
    first = [i for i in range(len(segments)) if tuple(keys[i, 0].tolist()) not in num_ends]
    for i in [*first, *range(len(segments))]:  # open lines from their beginning, then rings from anywhere
        if used[i]:
            continue
        chain, at = [segments[i, 0]], i
        while True:
            used[at] = True
            chain.append(segments[at, 1])
            following = [j for j in at_start.get(tuple(keys[at, 1].tolist()), ()) if not used[j]]
            if not following:
                break
            at = following[0]
        lines.append(np.array(chain))
    return lines


def simplified(line: FloatArray, tolerance: float) -> FloatArray:
    """Douglas and Peucker 1973. A ring is cut at the two places that are farthest apart."""
    closed = len(line) > 3 and np.linalg.norm(line[0] - line[-1]) < 1e-4
    if closed:
        ring = line[:-1]
        ring = np.roll(ring, -int(np.linalg.norm(ring - ring.mean(axis=0), axis=1).argmax()), axis=0)
        half = int(np.linalg.norm(ring - ring[0], axis=1).argmax())
        ring = np.concatenate([ring, ring[:1]])
        first, second = _thinned(ring[: half + 1], tolerance), _thinned(ring[half:], tolerance)
        return np.concatenate([first, second[1:]])
    return _thinned(line, tolerance)


def _thinned(line: FloatArray, tolerance: float) -> FloatArray:
    kept = np.zeros(len(line), bool)
    kept[[0, -1]] = True
    stack = [(0, len(line) - 1)]
    while stack:
        a, b = stack.pop()
        if b - a < 2:
            continue
        along = line[b] - line[a]
        away = line[a + 1 : b] - line[a]
        size = np.linalg.norm(along)
        if size > 0:
            distance = np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]) / size
        else:
            distance = np.linalg.norm(away, axis=1)
        far = int(distance.argmax())
        if distance[far] > tolerance:
            kept[a + 1 + far] = True
            stack += [(a, a + 1 + far), (a + 1 + far, b)]
    return line[kept]


def hatching(lines: Sequence[FloatArray], spacing: float) -> list[FloatArray]:
    """Slanted lines (2, 2) that fill the material of closed lines, by even and odd; `spacing` apart, metres."""
    rings = [line for line in lines if len(line) > 3 and np.linalg.norm(line[0] - line[-1]) < 1e-4]
    rings = [ring for ring in rings if _enclosed(rings, ring)]
    if not rings:
        return []
    turn = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)  # columns: along and across the hatching
    turned = [ring @ turn.T for ring in rings]
    edges = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in turned])
    low, high = edges[..., 1].min(), edges[..., 1].max()
    strokes = []
    for level in np.arange(np.ceil(low / spacing), np.floor(high / spacing) + 1) * spacing + 1e-9:
        a, b = edges[:, 0], edges[:, 1]
        crossed = (a[:, 1] > level) != (b[:, 1] > level)
        a, b = a[crossed], b[crossed]
        x = np.sort(a[:, 0] + (level - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0]))
        for start, end in zip(x[0::2], x[1::2], strict=False):
            strokes.append(np.array([[start, level], [end, level]]) @ turn)
    return strokes


def _enclosed(rings: Sequence[FloatArray], ring: FloatArray) -> bool:
    """Whether it bounds material: as a solid's outline, or as a hole in one. A room's walls seen from within do not."""
    x, y = ring[:-1].T
    area = float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2
    if area > 0:  # counter-clockwise: the material is within
        return True
    return any(
        other is not ring
        and cv2.pointPolygonTest(other.astype(np.float32), ring[0].astype(np.float32).tolist(), False) > 0
        for other in rings
    )


def outlines(depth: NDArray[np.float32], step: float, gap: int = 0) -> list[FloatArray]:
    """Edges of what is seen, as polylines (N, 2) of pixel coordinates; `step` is a jump of depth, metres.

    Gaps of a cloud, up to `gap` pixels, are filled first with the depth around them. depth (H, W): infinite where
    nothing is. Pixel (0.5, 0.5) is the centre of the top left pixel.
    """
    seen = np.isfinite(depth)
    filled = np.where(seen, depth, 1e6)
    if gap:
        filled = cv2.morphologyEx(
            filled, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap + 1, gap + 1))
        )
        seen = filled < 1e6
    low, high = cv2.erode(filled, np.ones((3, 3))), cv2.dilate(filled, np.ones((3, 3)))
    inner = (seen & (high - low < step)).astype(np.uint8)
    found = []
    for mask in (seen.astype(np.uint8), inner):
        contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        for contour in contours:
            if cv2.contourArea(contour) >= _LEAST_REGION:
                line = cv2.approxPolyDP(contour, 1.0, True)[:, 0].astype(np.float64) + 0.5
                found.append(np.concatenate([line, line[:1]]))
    return found
