"""A picture of a textured surface from where the photographers stood, on a soft light background."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.geometry.bake import Textured
from recon.geometry.visibility import Occluders

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

_LIGHT, _SHADE = np.array([252.0, 250.0, 246.0]), np.array([226.0, 221.0, 212.0])  # the background's middle and corners

_FROM_NOWHERE = np.array([0.5, 0.45, 0.74])  # where nobody knows from where it was measured: from above the front right

_ROOM_BACKS = 0.6  # share of backs among what is seen from outside that makes it a room

_MARGIN = 0.3  # of the middle's extent; what lies further out may fall outside the picture


def portrait(model: Textured, centres: Sequence[FloatArray], *, side: int, fine: int = 3) -> ByteArray:
    """A picture (side, side, 3) RGB. centres: the cameras' centres, (3,) each. Each pixel has `fine` x `fine` rays."""
    corner = model.vertices[model.faces].astype(np.float64)
    places = corner.mean(axis=1)
    # faces weigh by their texels: the photographers' subject has the most, and fills the picture
    weight = model.texels()
    target = (places * weight[:, None]).sum(axis=0) / max(float(weight.sum()), 1e-30)
    large = side * fine
    direction = _from_side(target, centres)
    occluders = Occluders(model.vertices, model.faces)
    if is_room(model, occluders):
        direction = np.array([0.48, 0.72, 0.5])
        k, cam_from_world = _framed(places, weight, direction / np.linalg.norm(direction), target, large)
        face, weights = occluders.picture_of_fronts(k, cam_from_world, large, large)
    else:
        k, cam_from_world = _framed(places, weight, direction, target, large)
        _, face, weights = occluders.picture(k, cam_from_world, large, large)
    picture = _ground(large)
    hit = face >= 0
    picture[hit] = model.colors(face[hit], weights[hit])
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(np.rint(small), 0, 255), np.uint8)


def is_room(model: Textured, occluders: Occluders) -> bool:
    """Whether it was measured from within: from outside, above its corner, mostly backs would be seen."""
    corner = model.vertices[model.faces].astype(np.float64)
    normals = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    low, high = model.vertices.min(axis=0), model.vertices.max(axis=0)
    away = np.array([0.5, 0.6, 0.62]) * float(np.linalg.norm(high - low)) * 2
    k = np.array([[64.0, 0, 32], [0, 64.0, 32], [0, 0, 1.0]])
    backs = seen = 0
    for turn in range(4):
        eye = (low + high) / 2 + away * ([1, 1, 1], [-1, 1, 1], [-1, 1, -1], [1, 1, -1])[turn]
        forward = (low + high) / 2 - eye
        forward /= np.linalg.norm(forward)
        rotation = _looking(forward)
        face = occluders.picture(k, np.column_stack([rotation, -rotation @ eye]), 64, 64)[1]
        hit = face[face >= 0]
        backs += int((normals[hit] @ forward > 0).sum())
        seen += len(hit)
    return backs > _ROOM_BACKS * max(1, seen)


def _from_side(target: FloatArray, centres: Sequence[FloatArray]) -> FloatArray:
    """Unit direction from the target to the viewer: the cameras' or scanners' mean; the first one's if they stand
    around.
    """
    if not len(centres):
        return _FROM_NOWHERE
    away = np.array([c - target for c in centres])
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-12)
    mean = away.mean(axis=0)
    if np.linalg.norm(mean[[0, 2]]) < 0.3:
        mean = np.array([away[0, 0], mean[1], away[0, 2]])
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12))


def _framed(
    points: FloatArray, weight: FloatArray, direction: FloatArray, target: FloatArray, side: int
) -> tuple[FloatArray, FloatArray]:
    """Intrinsics and pose of a camera with a long lens on what nearly all of the points' weight is close to.

    What stands far away beside it, such as a house behind the object in a few photos, may fall outside the picture.
    """
    rotation = _looking(-direction)
    local = (points - target) @ rotation.T
    core = np.stack([_quantiles(local[:, axis], weight, (0.06, 0.94)) for axis in (0, 1)], -1)
    margin = _MARGIN * (core[1] - core[0])
    near = np.all((local[:, :2] >= core[0] - margin) & (local[:, :2] <= core[1] + margin), axis=1)
    local, weight = local[near], weight[near]
    low, high = np.stack([_quantiles(local[:, axis], weight, (0.01, 0.99)) for axis in (0, 1)], -1)
    middle = np.array([*(low + high) / 2, 0.0])
    half_angle = np.tan(np.radians(14))
    reach = np.abs(local[:, :2] - middle[:2]).max(axis=1) / (0.92 * half_angle) - local[:, 2]
    distance = float(_quantiles(reach, weight, (0.99,))[0])
    focal = side / 2 / half_angle
    k = np.array([[focal, 0, side / 2], [0, focal, side / 2], [0, 0, 1.0]])
    centre = target + rotation.T @ (middle - (0, 0, distance))
    return k, np.column_stack([rotation, -rotation @ centre])


def _looking(forward: FloatArray) -> FloatArray:
    """(3, 3) from the world to a camera that looks along `forward` (3,), unit, upright."""
    up = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.99 else np.array([0.0, 0.0, -1.0])
    right = np.cross(forward, up)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def _quantiles(values: FloatArray, weight: FloatArray, shares: Sequence[float]) -> FloatArray:
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    return np.asarray(values[order][np.minimum(np.searchsorted(total, np.array(shares) * total[-1]), len(values) - 1)])


def _ground(side: int) -> NDArray[np.float32]:
    y, x = (np.mgrid[:side, :side] + 0.5) / side - 0.5
    t = np.clip((x**2 + (y - 0.05) ** 2) * 2, 0, 1)[..., None]
    return np.asarray(_LIGHT * (1 - t) + _SHADE * t, np.float32)
