"""PatchMatch stereo on a CPU: slanted planes, several views, same result whatever the number of threads.

Bleyer, Rhemann, Rother, "PatchMatch stereo", BMVC 2011; checkerboard propagation and view choice after Galliani 2015
and Xu & Tao, "Multi-scale geometric consistency guided multi-view stereo", CVPR 2019. Written for CPUs:

- A plane is kept as its inverse depth w and gradient (gu, gv) in pixels, since 1/z is linear in the picture: a
  neighbour's plane is carried over by one multiply-add, and the warp into another view is (A + b (gu, gv, c)) p with
  no division by normals.
- A patch is warped by the homography's derivative at its centre (affine), not by the homography.
- The reference patch, its bilateral weights and moments are computed once per pixel and used for every hypothesis.
- Random numbers are a hash of pixel and iteration; red pixels read only black ones and the other way round.

Frames: pixel coordinates with (0.5, 0.5) the centre of the first; arrays indexed [row, column].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

RADIUS = 4  # px: an 11 x 11 footprint on every other pixel, 25 samples
STEP = 2
SAMPLES = 25
NUM_BEST = 4  # views that a hypothesis is scored on
SPATIAL_SIGMA = 5.0  # px
COLOUR_SIGMA = 12.0  # grey levels
MIN_VARIANCE = 1.0  # grey levels squared; a flatter patch says nothing and costs 1
GEOMETRIC_WEIGHT = 0.12  # cost of one pixel of forward-backward disagreement
GEOMETRIC_CAP = 2.5  # px, beyond which disagreement costs no more


@dataclass(frozen=True, slots=True)
class Sources:
    """The views that a reference is matched with, K of them, padded to one size."""

    pictures: NDArray[np.float32]  # (K, H, W) grey 0..255
    sizes: NDArray[np.int32]  # (K, 2) rows, columns really used
    a: NDArray[np.float64]  # (K, 3, 3) source_from_reference: q = a p + w b
    b: NDArray[np.float64]  # (K, 3)
    inverse_depths: NDArray[
        np.float32
    ]  # (K, h, w) their own maps for geometric consistency, 0 unknown; (K, 0, 0) for none
    map_scale: NDArray[np.float64]  # (K, 2) map rows, columns per picture pixel
    back_a: NDArray[np.float64]  # (K, 3, 3) reference_from_source
    back_b: NDArray[np.float64]  # (K, 3)


@dataclass(frozen=True, slots=True)
class Planes:
    """A plane hypothesis for every pixel of the reference, changed in place by `iterate`."""

    w: NDArray[np.float32]  # (H, W) inverse depth
    gradient: NDArray[np.float32]  # (H, W, 2) of inverse depth, per px along x and y
    cost: NDArray[np.float32]  # (H, W) on the chosen views
    view_cost: NDArray[np.uint8]  # (H, W, K) photometric cost per view, hundredths


def relative(
    k_from: NDArray[np.float64],
    cam_from_world_from: NDArray[np.float64],
    k_to: NDArray[np.float64],
    cam_from_world_to: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(a, b) with q = a p + w b: the pixel q in the second camera of pixel p at inverse depth w in the first. All (3,
    3), (3, 4).
    """
    rotation = cam_from_world_to[:, :3] @ cam_from_world_from[:, :3].T
    translation = cam_from_world_to[:, 3] - rotation @ cam_from_world_from[:, 3]
    return k_to @ rotation @ np.linalg.inv(k_from), k_to @ translation


def evaluate(
    reference: NDArray[np.float32], sources: Sources, w: NDArray[np.float32], gradient: NDArray[np.float32]
) -> Planes:
    """Score planes as they are on every view. w (H, W), gradient (H, W, 2)."""
    planes = Planes(
        np.ascontiguousarray(w, np.float32),
        np.ascontiguousarray(gradient, np.float32),
        np.empty(w.shape, np.float32),
        np.empty((*w.shape, len(sources.a)), np.uint8),
    )
    _evaluate(reference, *_arrays(sources), planes.w, planes.gradient, planes.cost, planes.view_cost)
    return planes


def iterate(
    reference: NDArray[np.float32],
    sources: Sources,
    planes: Planes,
    *,
    w_range: tuple[float, float],
    w_step: float,
    iteration: int,
    num_random: int,
) -> None:
    """One red and one black half-step in place: neighbours' planes, then `num_random` perturbations of the winner.

    w_range limits inverse depth; w_step is the inverse depth that moves a pixel by about one pixel in the other views
    and sets the size of the perturbations.
    """
    for colour in (0, 1):
        _sweep(
            reference,
            *_arrays(sources),
            planes.w,
            planes.gradient,
            planes.cost,
            planes.view_cost,
            w_range[0],
            w_range[1],
            w_step,
            colour,
            iteration,
            num_random,
        )


def upsample(
    w: NDArray[np.float32], gradient: NDArray[np.float32], height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Planes (h, w), (h, w, 2) of a smaller picture for one of height x width: each pixel takes the plane it lies
    on.
    """
    rows, columns = w.shape
    ratio_y, ratio_x = rows / height, columns / width
    y, x = (np.arange(height) + 0.5) * ratio_y, (np.arange(width) + 0.5) * ratio_x
    iy, ix = np.minimum(y.astype(np.int64), rows - 1), np.minimum(x.astype(np.int64), columns - 1)
    coarse = gradient[iy[:, None], ix[None, :]]
    carried = (
        w[iy[:, None], ix[None, :]]
        + coarse[..., 0] * (x - ix - 0.5)[None, :]
        + coarse[..., 1] * (y - iy - 0.5)[:, None]
    )
    return carried.astype(np.float32), (coarse * np.array([ratio_x, ratio_y])).astype(np.float32)


def _arrays(s: Sources) -> tuple[NDArray[np.generic], ...]:
    return s.pictures, s.sizes, s.a, s.b, s.inverse_depths, s.map_scale, s.back_a, s.back_b


@njit(cache=True, inline="always")
def _hash(x, y, salt):
    """A well-mixed 32 bit value of pixel and salt, as a float in [-1, 1) (murmur3's finaliser)."""
    h = np.uint32(
        np.uint32(x) * np.uint32(0x9E3779B1)
        ^ np.uint32(y) * np.uint32(0x85EBCA77)
        ^ np.uint32(salt) * np.uint32(0xC2B2AE3D)
    )
    h ^= h >> np.uint32(16)
    h = np.uint32(h * np.uint32(0x85EBCA6B))
    h ^= h >> np.uint32(13)
    h = np.uint32(h * np.uint32(0xC2B2AE35))
    h ^= h >> np.uint32(16)
    return np.float32(h) * np.float32(2.0 / 4294967296.0) - np.float32(1.0)


@njit(cache=True, fastmath=True)
def _reference_patch(reference, x, y, values, weights):
    """Fill the patch's values and bilateral weights (normalised to sum 1); return weighted mean and variance."""
    height, width = reference.shape
    centre = reference[y, x]
    total = np.float32(0)
    mean = np.float32(0)
    i = 0
    for dy in range(-RADIUS, RADIUS + 1, STEP):
        for dx in range(-RADIUS, RADIUS + 1, STEP):
            value = reference[min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)]
            difference = (value - centre) / np.float32(COLOUR_SIGMA)
            weight = np.exp(
                -np.float32(dx * dx + dy * dy) / np.float32(2 * SPATIAL_SIGMA * SPATIAL_SIGMA)
                - min(np.float32(0.5) * difference * difference, np.float32(3.0))
            )
            values[i] = value
            weights[i] = weight
            total += weight
            mean += weight * value
            i += 1
    mean /= total
    variance = np.float32(0)
    for j in range(SAMPLES):
        weights[j] /= total
        values[j] -= mean
        variance += weights[j] * values[j] * values[j]
    return variance


@njit(cache=True, fastmath=True)
def _view_cost(picture, rows, columns, a, b, x, y, w, gu, gv, values, weights, variance):
    """1 - NCC in 0..2 of the reference patch at array index (x, y) with its image under the plane in one source."""
    px, py = x + 0.5, y + 0.5
    q0 = a[0, 0] * px + a[0, 1] * py + a[0, 2] + w * b[0]
    q1 = a[1, 0] * px + a[1, 1] * py + a[1, 2] + w * b[1]
    q2 = a[2, 0] * px + a[2, 1] * py + a[2, 2] + w * b[2]
    if q2 < 1e-6:
        return np.float32(2)
    inverse = 1.0 / q2
    u, v = q0 * inverse, q1 * inverse
    h20, h21 = a[2, 0] + b[2] * gu, a[2, 1] + b[2] * gv
    ux = np.float32((a[0, 0] + b[0] * gu - u * h20) * inverse)
    uy = np.float32((a[0, 1] + b[0] * gv - u * h21) * inverse)
    vx = np.float32((a[1, 0] + b[1] * gu - v * h20) * inverse)
    vy = np.float32((a[1, 1] + b[1] * gv - v * h21) * inverse)
    area = abs(ux * vy - uy * vx)
    if not (np.float32(0.1) < area < np.float32(10)):  # seen too obliquely or at another scale: nothing to compare
        return np.float32(2)
    reach_u = RADIUS * (abs(ux) + abs(uy))
    reach_v = RADIUS * (abs(vx) + abs(vy))
    u -= 0.5
    v -= 0.5
    if not (reach_u <= u < columns - 1.001 - reach_u and reach_v <= v < rows - 1.001 - reach_v):
        return np.float32(2)
    cu, cv = np.float32(u), np.float32(v)
    mean = np.float32(0)
    square = np.float32(0)
    cross = np.float32(0)
    i = 0
    for dy in range(-RADIUS, RADIUS + 1, STEP):
        fu = cu + uy * dy
        fv = cv + vy * dy
        for dx in range(-RADIUS, RADIUS + 1, STEP):
            su = fu + ux * dx
            sv = fv + vx * dx
            iu, iv = int(su), int(sv)
            du, dv = su - iu, sv - iv
            top = picture[iv, iu] + du * (picture[iv, iu + 1] - picture[iv, iu])
            low = picture[iv + 1, iu] + du * (picture[iv + 1, iu + 1] - picture[iv + 1, iu])
            value = top + dv * (low - top)
            weighted = weights[i] * value
            mean += weighted
            square += weighted * value
            cross += weighted * values[i]
            i += 1
    other = square - mean * mean
    if variance < np.float32(MIN_VARIANCE) or other < np.float32(MIN_VARIANCE):
        return np.float32(1)
    ncc = cross / np.sqrt(variance * other)  # values are centred, so the cross term needs no mean
    return max(np.float32(0), np.float32(1) - ncc)


@njit(cache=True, fastmath=True)
def _disagreement(depth_map, scale_y, scale_x, a, b, back_a, back_b, x, y, w):
    """Forward-backward reprojection error in px, capped: into the source, by the source's own depth back again."""
    px, py = x + 0.5, y + 0.5
    q2 = a[2, 0] * px + a[2, 1] * py + a[2, 2] + w * b[2]
    if q2 < 1e-6:
        return np.float32(GEOMETRIC_CAP)
    u = (a[0, 0] * px + a[0, 1] * py + a[0, 2] + w * b[0]) / q2
    v = (a[1, 0] * px + a[1, 1] * py + a[1, 2] + w * b[1]) / q2
    column, row = int(u * scale_x), int(v * scale_y)
    if u < 0 or v < 0 or row >= depth_map.shape[0] or column >= depth_map.shape[1]:
        return np.float32(GEOMETRIC_CAP)
    theirs = depth_map[row, column]
    if theirs <= 0:
        return np.float32(GEOMETRIC_CAP)
    r2 = back_a[2, 0] * u + back_a[2, 1] * v + back_a[2, 2] + theirs * back_b[2]
    if r2 < 1e-6:
        return np.float32(GEOMETRIC_CAP)
    du = (back_a[0, 0] * u + back_a[0, 1] * v + back_a[0, 2] + theirs * back_b[0]) / r2 - px
    dv = (back_a[1, 0] * u + back_a[1, 1] * v + back_a[1, 2] + theirs * back_b[1]) / r2 - py
    return np.float32(min(np.sqrt(du * du + dv * dv), GEOMETRIC_CAP))


@njit(cache=True, fastmath=True)
def _choose_views(score, chosen):
    """Indices of the NUM_BEST lowest scores into `chosen`, best first; returns how many are worth using, at least two
    if there are.
    """
    num = 0
    for k in range(len(score)):
        slot = num
        while slot > 0 and score[chosen[slot - 1]] > score[k]:
            slot -= 1
        if slot < NUM_BEST:
            for s in range(min(num, NUM_BEST - 1), slot, -1):
                chosen[s] = chosen[s - 1]
            chosen[slot] = k
            num = min(num + 1, NUM_BEST)
    good = min(num, 2)
    limit = max(score[chosen[0]] + np.float32(0.25), np.float32(0.5))
    while good < num and score[chosen[good]] < limit:
        good += 1
    return good


@njit(cache=True, fastmath=True)
def _hypothesis_cost(
    pictures,
    sizes,
    a,
    b,
    maps,
    map_scale,
    back_a,
    back_b,
    x,
    y,
    w,
    gu,
    gv,
    values,
    weights,
    variance,
    chosen,
    num_chosen,
    limit,
    view_costs,
):
    """Mean cost over the chosen views, photometric plus geometric; gives up (returns 9) once it must exceed `limit`."""
    geometric = maps.shape[1] > 0
    total = np.float32(0)
    budget = limit * num_chosen
    for c in range(num_chosen):
        k = chosen[c]
        cost = _view_cost(pictures[k], sizes[k, 0], sizes[k, 1], a[k], b[k], x, y, w, gu, gv, values, weights, variance)
        view_costs[c] = cost
        total += cost
        if geometric:
            total += np.float32(GEOMETRIC_WEIGHT) * _disagreement(
                maps[k], map_scale[k, 0], map_scale[k, 1], a[k], b[k], back_a[k], back_b[k], x, y, w
            )
        if total >= budget:
            return np.float32(9)
    return total / np.float32(num_chosen)


@njit(parallel=True, cache=True, fastmath=True)
def _evaluate(reference, pictures, sizes, a, b, maps, map_scale, back_a, back_b, plane_w, gradient, cost, view_cost):
    height, width = reference.shape
    num_views = len(a)
    for index in prange(height):
        y = np.int64(index)  # numba's loop index is unsigned, and unsigned minus signed is float
        values = np.empty(SAMPLES, np.float32)
        weights = np.empty(SAMPLES, np.float32)
        score = np.empty(num_views, np.float32)
        chosen = np.empty(NUM_BEST, np.int64)
        view_costs = np.empty(NUM_BEST, np.float32)
        for x in range(width):
            variance = _reference_patch(reference, x, y, values, weights)
            w, gu, gv = plane_w[y, x], gradient[y, x, 0], gradient[y, x, 1]
            for k in range(num_views):
                score[k] = _view_cost(
                    pictures[k], sizes[k, 0], sizes[k, 1], a[k], b[k], x, y, w, gu, gv, values, weights, variance
                )
                view_cost[y, x, k] = np.uint8(min(score[k], np.float32(2)) * 100)
            num_chosen = _choose_views(score, chosen)
            cost[y, x] = _hypothesis_cost(
                pictures,
                sizes,
                a,
                b,
                maps,
                map_scale,
                back_a,
                back_b,
                x,
                y,
                w,
                gu,
                gv,
                values,
                weights,
                variance,
                chosen,
                num_chosen,
                np.float32(9),
                view_costs,
            )


@njit(parallel=True, cache=True, fastmath=True)
def _sweep(
    reference,
    pictures,
    sizes,
    a,
    b,
    maps,
    map_scale,
    back_a,
    back_b,
    plane_w,
    gradient,
    cost,
    view_cost,
    w_min,
    w_max,
    w_step,
    colour,
    iteration,
    num_random,
):
    height, width = reference.shape
    num_views = len(a)
    for index in prange(height):
        y = np.int64(index)  # numba's loop index is unsigned, and unsigned minus signed is float
        values = np.empty(SAMPLES, np.float32)
        weights = np.empty(SAMPLES, np.float32)
        score = np.empty(num_views, np.float32)
        chosen = np.empty(NUM_BEST, np.int64)
        view_costs = np.empty(NUM_BEST, np.float32)
        best_view_costs = np.empty(NUM_BEST, np.float32)
        found_x = np.empty(8, np.int64)
        found_y = np.empty(8, np.int64)
        found_cost = np.empty(8, np.float32)
        for x in range((y + colour) & 1, width, 2):
            # Where to look: in each direction the cheapest of three close and of five far pixels of the other colour.
            for direction in range(4):
                sx = 1 if direction == 0 else -1 if direction == 1 else 0
                sy = 1 if direction == 2 else -1 if direction == 3 else 0
                for far in range(2):
                    slot = direction * 2 + far
                    found_cost[slot] = np.float32(9)
                    for i in range(5 if far else 3):
                        if far:
                            cx, cy = x + sx * (3 + 4 * i), y + sy * (3 + 4 * i)
                        elif i == 0:
                            cx, cy = x + sx, y + sy
                        else:
                            side = 1 if i == 1 else -1
                            cx, cy = x + 2 * sx + side * sy, y + 2 * sy + side * sx
                        if 0 <= cx < width and 0 <= cy < height and cost[cy, cx] < found_cost[slot]:
                            found_cost[slot], found_x[slot], found_y[slot] = cost[cy, cx], cx, cy
            # Which views to trust: those that this pixel and its four neighbours are matched best in.
            for k in range(num_views):
                votes = np.float32(view_cost[y, x, k]) * np.float32(2)
                count = np.float32(2)
                for direction in range(4):
                    cx = x + (1 if direction == 0 else -1 if direction == 1 else 0)
                    cy = y + (1 if direction == 2 else -1 if direction == 3 else 0)
                    if 0 <= cx < width and 0 <= cy < height:
                        votes += np.float32(view_cost[cy, cx, k])
                        count += np.float32(1)
                score[k] = votes / count / np.float32(100)
            num_chosen = _choose_views(score, chosen)
            variance = _reference_patch(reference, x, y, values, weights)
            w, gu, gv = plane_w[y, x], gradient[y, x, 0], gradient[y, x, 1]
            best = _hypothesis_cost(
                pictures,
                sizes,
                a,
                b,
                maps,
                map_scale,
                back_a,
                back_b,
                x,
                y,
                w,
                gu,
                gv,
                values,
                weights,
                variance,
                chosen,
                num_chosen,
                np.float32(9),
                best_view_costs,
            )
            changed = False
            for _ in range(4):
                slot = 0
                for s in range(1, 8):
                    if found_cost[s] < found_cost[slot]:
                        slot = s
                if found_cost[slot] >= np.float32(9):
                    break
                found_cost[slot] = np.float32(9)
                cx, cy = found_x[slot], found_y[slot]
                cu, cv = gradient[cy, cx, 0], gradient[cy, cx, 1]
                cw = plane_w[cy, cx] + cu * (x - cx) + cv * (y - cy)
                alike = abs(cw - w) < 0.02 * w_step and abs(cu - gu) + abs(cv - gv) < 0.01 * w_step
                if alike or cw < w_min or cw > w_max:
                    continue
                cost_here = _hypothesis_cost(
                    pictures,
                    sizes,
                    a,
                    b,
                    maps,
                    map_scale,
                    back_a,
                    back_b,
                    x,
                    y,
                    cw,
                    cu,
                    cv,
                    values,
                    weights,
                    variance,
                    chosen,
                    num_chosen,
                    best,
                    view_costs,
                )
                if cost_here < best:
                    best, w, gu, gv, changed = cost_here, cw, cu, cv, True
                    best_view_costs[:] = view_costs
            for r in range(num_random):
                salt = (iteration * 8 + r) * 4
                size = 2.0 ** -((iteration + r) % 4)
                cw = w + w_step * size * _hash(x, y, salt)
                cu = gu + w_step * size * 0.12 * _hash(x, y, salt + 1)
                cv = gv + w_step * size * 0.12 * _hash(x, y, salt + 2)
                if cw < w_min or cw > w_max:
                    continue
                cost_here = _hypothesis_cost(
                    pictures,
                    sizes,
                    a,
                    b,
                    maps,
                    map_scale,
                    back_a,
                    back_b,
                    x,
                    y,
                    cw,
                    cu,
                    cv,
                    values,
                    weights,
                    variance,
                    chosen,
                    num_chosen,
                    best,
                    view_costs,
                )
                if cost_here < best:
                    best, w, gu, gv, changed = cost_here, cw, cu, cv, True
                    best_view_costs[:] = view_costs
            cost[y, x] = best
            for c in range(num_chosen):
                view_cost[y, x, chosen[c]] = np.uint8(min(best_view_costs[c], np.float32(2)) * 100)
            if changed:
                plane_w[y, x], gradient[y, x, 0], gradient[y, x, 1] = w, gu, gv
                for k in range(num_views):
                    used = False
                    for c in range(num_chosen):
                        used = used or chosen[c] == k
                    if not used:
                        other = _view_cost(
                            pictures[k],
                            sizes[k, 0],
                            sizes[k, 1],
                            a[k],
                            b[k],
                            x,
                            y,
                            w,
                            gu,
                            gv,
                            values,
                            weights,
                            variance,
                        )
                        view_cost[y, x, k] = np.uint8(min(other, np.float32(2)) * 100)
