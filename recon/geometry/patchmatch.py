"""PatchMatch stereo on a CPU: slanted planes, several views, same result whatever the number of threads.

Bleyer, Rhemann, Rother, "PatchMatch stereo", BMVC 2011; checkerboard propagation and view choice after Galliani 2015
and Xu & Tao, "Multi-scale geometric consistency guided multi-view stereo", CVPR 2019. Written for CPUs:

- A plane is kept as its inverse depth w and gradient (gu, gv) in pixels, since 1/z is linear in the picture: a
  neighbour's plane is carried over by one multiply-add, and the warp into another view is (A + b (gu, gv, c)) p with
  no division by normals.
- A patch is warped by the homography's derivative at its centre (affine), not by the homography.
- The reference patch, its bilateral weights and moments are computed once per pixel and used for every hypothesis.
- A source is kept as quads: a pixel and those to its right, below it and right below it in one integer, so that one
  read brings all that bilinear interpolation needs.
- Inner kernels take the few arrays they read, not the tuple of all: to pass that on costs as much as they compute.
- Kernels that others call are compiled into these (forceinline). As functions of their own, with fastmath, they are
  rounded otherwise in the process that compiles them than in one that reads numba's cache: a machine's first build
  would differ from all later ones.
- Random numbers are a hash of pixel and iteration; red pixels read only black ones and the other way round.

Frames: pixel coordinates with (0.5, 0.5) the centre of the first; arrays indexed [row, column].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

RADIUS = 4  # px: an 11 x 11 footprint on every other pixel, 25 samples
STEP = 2
NUM_BEST = 4  # views that a hypothesis is scored on
ALONE = (0.35, 0.6)  # one view is enough if it scores below the first and no other below the second
SPATIAL_SIGMA = 5.0  # px
COLOUR_SIGMA = 10.0  # grey levels
MIN_VARIANCE = 1.0  # grey levels squared; a flatter patch cannot be matched and costs 1
GEOMETRIC_WEIGHT = 0.02  # cost of a pixel of forward-backward disagreement: enough to choose between equals; more makes
# views agree on wrong depths, which fusion then counts as measured
GEOMETRIC_CAP = 2.5  # px, beyond which disagreement costs no more
PRIOR_WEIGHT = 0.15  # cost of leaving the prior's plane altogether: above noise, below a mismatch of textured patches

SAMPLES = (2 * RADIUS // STEP + 1) ** 2
LANES = -(-SAMPLES // 8) * 8  # samples with some of weight 0 at the centre: loops over whole vectors are twice as fast
DY, DX = np.zeros((2, LANES), np.float32)
DY[:SAMPLES], DX[:SAMPLES] = np.mgrid[-RADIUS : RADIUS + 1 : STEP, -RADIUS : RADIUS + 1 : STEP].reshape(2, -1)
NEARNESS = np.exp(-(DX * DX + DY * DY) / np.float32(2 * SPATIAL_SIGMA**2))
LIKENESS = np.exp(-np.minimum(0.5 * (np.arange(256) / COLOUR_SIGMA) ** 2, 8)).astype(np.float32)  # by grey difference

UNIT = 16384  # a view's cost is stored in steps of 1 / UNIT
BYTE, RIGHT, BELOW, RIGHT_BELOW = np.uint32(255), np.uint32(8), np.uint32(16), np.uint32(24)  # where a quad has them


class Sources(NamedTuple):
    """The K views that a reference is matched with, padded to one size. It is a tuple because kernels accept tuples."""

    quads: NDArray[np.uint32]  # (K, H, W) grey pictures, see `in_quads`
    sizes: NDArray[np.int32]  # (K, 2) rows, columns really used
    warps: NDArray[np.float64]  # (K, 12) source_from_reference: q = a p + w b; a (3, 3) row by row, then b (3,)
    maps: NDArray[np.float32]  # (K, h, w) their own inverse depth for geometric consistency, 0 unknown; or (K, 0, 0)
    map_scale: NDArray[np.float64]  # (K, 2) map rows, columns per picture pixel
    back: NDArray[np.float64]  # (K, 12) reference_from_source

    @property
    def a(self) -> NDArray[np.float64]:
        """(K, 3, 3)"""
        return self.warps[:, :9].reshape(-1, 3, 3)

    @property
    def b(self) -> NDArray[np.float64]:
        """(K, 3)"""
        return self.warps[:, 9:]


@dataclass(frozen=True, slots=True)
class Planes:
    """A plane hypothesis for every pixel of the reference, changed in place by `iterate`."""

    w: NDArray[np.float32]  # (H, W) inverse depth
    gradient: NDArray[np.float32]  # (H, W, 2) of inverse depth, per px along x and y
    cost: NDArray[np.float32]  # (H, W) on the chosen views, photometric and geometric
    view_cost: NDArray[np.uint16]  # (H, W, K) photometric cost per view, see UNIT


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


def in_quads(pictures: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Grey pictures (K, H, W) with, in each pixel's higher bytes, the pixels to its right, below it and right below it;
    0 beyond the edge.
    """
    made = pictures.astype(np.uint32)
    for quads in made:  # one at a time, for the memory
        quads[:, :-1] |= quads[:, 1:] << RIGHT
        quads[:-1] |= quads[1:] << BELOW
    return made


def evaluate(
    reference: NDArray[np.uint8], sources: Sources, w: NDArray[np.float32], gradient: NDArray[np.float32]
) -> Planes:
    """Score planes as they are on every view. w (H, W), gradient (H, W, 2)."""
    planes = Planes(
        np.ascontiguousarray(w, np.float32),
        np.ascontiguousarray(gradient, np.float32),
        np.empty(w.shape, np.float32),
        np.empty((*w.shape, len(sources.warps)), np.uint16),
    )
    _evaluate(reference, *sources, planes.w, planes.gradient, planes.cost, planes.view_cost)
    return planes


def iterate(
    reference: NDArray[np.uint8],
    sources: Sources,
    planes: Planes,
    *,
    w_range: tuple[float, float],
    w_step: float,
    iteration: int,
    num_random: int,
    prior: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None,
) -> None:
    """One red and one black half-step in place: neighbours' planes, the prior's, then `num_random` perturbations of the
    winner.

    w_range limits inverse depth; w_step is the inverse depth that moves a pixel by about one pixel in the other views
    and sets the size of the perturbations. prior: inverse depth (H, W), 0 where there is none, and gradient (H, W, 2)
    of what the surface is likely to be where the photos do not say.
    """
    trial = np.arange(num_random)
    salts = (iteration * 8 + trial) * 4
    sizes = (w_step * 2.0 ** -((iteration + trial) % 4)).astype(np.float32)
    expected, slope = prior or (np.zeros((0, 0), np.float32), np.zeros((0, 0, 2), np.float32))
    bounds = np.array(w_range, np.float32)
    for colour in (0, 1):
        _sweep(
            reference, *sources, planes.w, planes.gradient, planes.cost, planes.view_cost, expected, slope, bounds,
            np.float32(w_step), colour, salts, sizes,
        )  # fmt: skip


def agreement(sources: Sources, w: NDArray[np.float32], max_error_px: float) -> NDArray[np.uint8]:
    """How many sources' own maps put the pixel where inverse depth w (H, W) does, to max_error_px there and back."""
    count = np.empty(w.shape, np.uint8)
    _agreement(sources.warps, sources.maps, sources.map_scale, sources.back, w, np.float32(max_error_px), count)
    return count


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


@njit(cache=True, fastmath=True, forceinline=True)
def _reference_patch(reference, x, y, values, weights):
    """Fill the patch's values (centred) and bilateral weights (of sum 1); return the weighted variance. Both (LANES,),
    the last ones 0.
    """
    height, width = reference.shape
    centre = np.int64(reference[y, x])
    total = np.float32(0)
    mean = np.float32(0)
    for i in range(SAMPLES):
        row = min(max(y + np.int64(DY[i]), 0), height - 1)
        column = min(max(x + np.int64(DX[i]), 0), width - 1)
        grey = np.int64(reference[row, column])
        value = np.float32(grey)
        weight = NEARNESS[i] * LIKENESS[abs(grey - centre)]
        values[i] = value
        weights[i] = weight
        total += weight
        mean += weight * value
    mean /= total
    variance = np.float32(0)
    for i in range(SAMPLES):
        weights[i] /= total
        values[i] -= mean
        variance += weights[i] * values[i] * values[i]
    return variance


@njit(cache=True, fastmath=True, forceinline=True)
def _view_cost(quads, sizes, warps, k, x, y, w, gu, gv, values, weights, variance):
    """1 - NCC in 0..2 of the reference patch at array index (x, y) with its image under the plane in source k."""
    px, py = x + 0.5, y + 0.5
    q0 = warps[k, 0] * px + warps[k, 1] * py + warps[k, 2] + w * warps[k, 9]
    q1 = warps[k, 3] * px + warps[k, 4] * py + warps[k, 5] + w * warps[k, 10]
    q2 = warps[k, 6] * px + warps[k, 7] * py + warps[k, 8] + w * warps[k, 11]
    if q2 < 1e-6:
        return np.float32(2)
    inverse = 1.0 / q2
    u, v = q0 * inverse, q1 * inverse
    h20, h21 = warps[k, 6] + warps[k, 11] * gu, warps[k, 7] + warps[k, 11] * gv
    ux = np.float32((warps[k, 0] + warps[k, 9] * gu - u * h20) * inverse)
    uy = np.float32((warps[k, 1] + warps[k, 9] * gv - u * h21) * inverse)
    vx = np.float32((warps[k, 3] + warps[k, 10] * gu - v * h20) * inverse)
    vy = np.float32((warps[k, 4] + warps[k, 10] * gv - v * h21) * inverse)
    area = abs(ux * vy - uy * vx)
    if not (np.float32(0.1) < area < np.float32(10)):  # seen too obliquely or at another scale: nothing to compare
        return np.float32(2)
    reach_u = RADIUS * (abs(ux) + abs(uy))
    reach_v = RADIUS * (abs(vx) + abs(vy))
    u -= 0.5
    v -= 0.5
    rows, columns = sizes[k, 0], sizes[k, 1]
    if not (reach_u <= u < columns - 1.001 - reach_u and reach_v <= v < rows - 1.001 - reach_v):
        return np.float32(2)
    picture = quads[k].ravel()
    stride = np.int32(quads.shape[2])
    cu, cv = np.float32(u), np.float32(v)
    mean = np.float32(0)
    square = np.float32(0)
    cross = np.float32(0)
    for i in range(LANES):
        su = cu + ux * DX[i] + uy * DY[i]
        sv = cv + vx * DX[i] + vy * DY[i]
        iu, iv = np.int32(su), np.int32(sv)
        du, dv = su - np.float32(iu), sv - np.float32(iv)
        # Unsigned, since numba tests signed indices for below zero, and flat, so that the loop becomes vector code.
        quad = picture[np.uint64(iv * stride + iu)]
        top, top_right = np.float32(np.int32(quad & BYTE)), np.float32(np.int32((quad >> RIGHT) & BYTE))
        low, low_right = np.float32(np.int32((quad >> BELOW) & BYTE)), np.float32(np.int32(quad >> RIGHT_BELOW))
        top += du * (top_right - top)
        low += du * (low_right - low)
        value = top + dv * (low - top)
        weighted = weights[i] * value
        mean += weighted
        square += weighted * value
        cross += weighted * values[i]
    other = square - mean * mean
    if variance < np.float32(MIN_VARIANCE) or other < np.float32(MIN_VARIANCE):
        return np.float32(1)
    ncc = cross / np.sqrt(variance * other)  # values are centred, so the cross term needs no mean
    return max(np.float32(0), np.float32(1) - ncc)


@njit(cache=True, fastmath=True, forceinline=True)
def _disagreement(warps, maps, map_scale, back, k, x, y, w):
    """Forward-backward reprojection error in px, capped: into the source, by the source's own depth back again."""
    px, py = x + 0.5, y + 0.5
    q2 = warps[k, 6] * px + warps[k, 7] * py + warps[k, 8] + w * warps[k, 11]
    if q2 < 1e-6:
        return np.float32(GEOMETRIC_CAP)
    u = (warps[k, 0] * px + warps[k, 1] * py + warps[k, 2] + w * warps[k, 9]) / q2
    v = (warps[k, 3] * px + warps[k, 4] * py + warps[k, 5] + w * warps[k, 10]) / q2
    column, row = int(u * map_scale[k, 1]), int(v * map_scale[k, 0])
    if u < 0 or v < 0 or row >= maps.shape[1] or column >= maps.shape[2]:
        return np.float32(GEOMETRIC_CAP)
    theirs = maps[k, row, column]
    if theirs <= 0:
        return np.float32(GEOMETRIC_CAP)
    r2 = back[k, 6] * u + back[k, 7] * v + back[k, 8] + theirs * back[k, 11]
    if r2 < 1e-6:
        return np.float32(GEOMETRIC_CAP)
    du = (back[k, 0] * u + back[k, 1] * v + back[k, 2] + theirs * back[k, 9]) / r2 - px
    dv = (back[k, 3] * u + back[k, 4] * v + back[k, 5] + theirs * back[k, 10]) / r2 - py
    return np.float32(min(np.sqrt(du * du + dv * dv), GEOMETRIC_CAP))


@njit(cache=True, fastmath=True, forceinline=True)
def _choose_views(score, chosen):
    """Write the indices of the NUM_BEST lowest scores into `chosen`, best first. Return how many to use: at least two,
    or only one if the best is good and all others see something else.
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
    if num > 1 and score[chosen[0]] < np.float32(ALONE[0]) and score[chosen[1]] > np.float32(ALONE[1]):
        return 1
    limit = max(score[chosen[0]] + np.float32(0.25), np.float32(0.5))
    while good < num and score[chosen[good]] < limit:
        good += 1
    return good


@njit(cache=True, fastmath=True, forceinline=True)
def _hypothesis_cost(
    quads, sizes, warps, maps, map_scale, back, x, y, w, gu, gv, values, weights, variance, chosen, num_chosen, limit,
    view_costs,
):  # fmt: skip
    """Mean cost over the chosen views, photometric plus geometric; 9 as soon as it must exceed `limit`."""
    geometric = maps.shape[1] > 0
    total = np.float32(0)
    budget = limit * num_chosen
    for c in range(num_chosen):
        k = chosen[c]
        cost = _view_cost(quads, sizes, warps, k, x, y, w, gu, gv, values, weights, variance)
        view_costs[c] = cost
        total += cost
        if geometric:
            total += np.float32(GEOMETRIC_WEIGHT) * _disagreement(warps, maps, map_scale, back, k, x, y, w)
        if total >= budget:
            return np.float32(9)
    return total / np.float32(num_chosen)


@njit(cache=True, fastmath=True, forceinline=True)
def _prior_cost(prior, x, y, w, w_step):
    """The cost of leaving the prior's plane, 0 where there is no prior."""
    if prior.shape[0] == 0 or prior[y, x] <= 0:
        return np.float32(0)
    off = (w - prior[y, x]) / w_step
    return np.float32(PRIOR_WEIGHT) * (np.float32(1) - np.exp(np.float32(-0.5) * off * off))


@njit(parallel=True, cache=True, fastmath=True)
def _agreement(warps, maps, map_scale, back, w, max_error, count):
    for index in prange(w.shape[0]):
        y = np.int64(index)
        for x in range(w.shape[1]):
            agree = 0
            for k in range(len(warps)):
                agree += _disagreement(warps, maps, map_scale, back, k, x, y, w[y, x]) < max_error
            count[y, x] = agree


@njit(parallel=True, cache=True, fastmath=True)
def _evaluate(reference, quads, sizes, warps, maps, map_scale, back, plane_w, gradient, cost, view_cost):
    height, width = reference.shape
    num_views = len(warps)
    for index in prange(height):
        y = np.int64(index)  # numba's loop index is unsigned, and unsigned minus signed is float
        values = np.zeros(LANES, np.float32)
        weights = np.zeros(LANES, np.float32)
        score = np.empty(num_views, np.float32)
        chosen = np.empty(NUM_BEST, np.int64)
        geometric = maps.shape[1] > 0
        for x in range(width):
            variance = _reference_patch(reference, x, y, values, weights)
            w, gu, gv = plane_w[y, x], gradient[y, x, 0], gradient[y, x, 1]
            for k in range(num_views):
                score[k] = _view_cost(quads, sizes, warps, k, x, y, w, gu, gv, values, weights, variance)
                view_cost[y, x, k] = _stored(score[k])
            num_chosen = _choose_views(score, chosen)
            total = np.float32(0)
            for c in range(num_chosen):
                total += score[chosen[c]]
                if geometric:
                    total += np.float32(GEOMETRIC_WEIGHT) * _disagreement(
                        warps, maps, map_scale, back, chosen[c], x, y, w
                    )
            cost[y, x] = total / np.float32(num_chosen)


@njit(cache=True, inline="always")
def _stored(cost):
    return np.uint16(cost * np.float32(UNIT) + np.float32(0.5))


@njit(parallel=True, cache=True, fastmath=True)
def _sweep(
    reference, quads, sizes, warps, maps, map_scale, back, plane_w, gradient, cost, view_cost, prior, prior_gradient,
    bounds, w_step, colour, salts, perturbations,
):  # fmt: skip
    height, width = reference.shape
    num_views = len(warps)
    geometric = maps.shape[1] > 0
    for index in prange(height):
        y = np.int64(index)  # numba's loop index is unsigned, and unsigned minus signed is float
        values = np.zeros(LANES, np.float32)
        weights = np.zeros(LANES, np.float32)
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
                score[k] = votes / count / np.float32(UNIT)
            num_chosen = _choose_views(score, chosen)
            variance = _reference_patch(reference, x, y, values, weights)
            w, gu, gv = plane_w[y, x], gradient[y, x, 0], gradient[y, x, 1]
            data = np.float32(0)
            for c in range(num_chosen):
                data += np.float32(view_cost[y, x, chosen[c]]) / np.float32(UNIT)
                if geometric:
                    data += np.float32(GEOMETRIC_WEIGHT) * _disagreement(
                        warps, maps, map_scale, back, chosen[c], x, y, w
                    )
            data /= np.float32(num_chosen)
            best = data + _prior_cost(prior, x, y, w, w_step)
            changed = False
            for trial in range(5 + len(salts)):
                if trial < 4:
                    slot = 0
                    for s in range(1, 8):
                        if found_cost[s] < found_cost[slot]:
                            slot = s
                    if found_cost[slot] >= np.float32(9):
                        continue
                    found_cost[slot] = np.float32(9)
                    cx, cy = found_x[slot], found_y[slot]
                    cu, cv = gradient[cy, cx, 0], gradient[cy, cx, 1]
                    cw = plane_w[cy, cx] + cu * np.float32(x - cx) + cv * np.float32(y - cy)
                    if (
                        abs(cw - w) < np.float32(0.02) * w_step
                        and abs(cu - gu) + abs(cv - gv) < np.float32(0.01) * w_step
                    ):
                        continue
                elif trial == 4:
                    if prior.shape[0] == 0 or prior[y, x] <= 0:
                        continue
                    cw, cu, cv = prior[y, x], prior_gradient[y, x, 0], prior_gradient[y, x, 1]
                else:
                    salt, size = salts[trial - 5], perturbations[trial - 5]
                    cw = w + size * _hash(x, y, salt)
                    cu = gu + size * np.float32(0.12) * _hash(x, y, salt + 1)
                    cv = gv + size * np.float32(0.12) * _hash(x, y, salt + 2)
                if cw < bounds[0] or cw > bounds[1]:
                    continue
                off_prior = _prior_cost(prior, x, y, cw, w_step)
                here = _hypothesis_cost(
                    quads, sizes, warps, maps, map_scale, back, x, y, cw, cu, cv, values, weights, variance, chosen,
                    num_chosen, best - off_prior, view_costs,
                )  # fmt: skip
                if here + off_prior < best:
                    data, best, w, gu, gv, changed = here, here + off_prior, cw, cu, cv, True
                    best_view_costs[:] = view_costs
            cost[y, x] = data
            if changed:
                plane_w[y, x], gradient[y, x, 0], gradient[y, x, 1] = w, gu, gv
                for k in range(num_views):  # the others too: the next pass chooses its views by these costs
                    score[k] = 9
                for c in range(num_chosen):
                    score[chosen[c]] = best_view_costs[c]
                for k in range(num_views):
                    if score[k] == 9:
                        score[k] = _view_cost(quads, sizes, warps, k, x, y, w, gu, gv, values, weights, variance)
                    view_cost[y, x, k] = _stored(score[k])
