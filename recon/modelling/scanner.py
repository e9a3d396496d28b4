"""A simulated terrestrial laser scanner: it turns on a tripod, and measures surfaces made in code.

It makes the errors that real ones make: noise along the ray, ranges between two surfaces where the beam meets an edge
(mixed pixels), no return from what is too far, too dark, too glancing or polished. World: metres, +Y up, as all models
here. Scanner frame: +Z up, its origin where the beam leaves, as E57 and PTX files have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import open3d
from numpy.typing import ArrayLike, NDArray

from recon.formats.srgb import encoded
from recon.modelling.grids import cells
from recon.modelling.surfaces import Patch
from recon.modelling.textures import Painter, Texels

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

RIM = 4  # rays on the rim of a beam that meets an edge, besides the one in its middle
DAYLIGHT = np.array([0.25, 0.62, -0.74])  # from where most light comes
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True, slots=True)
class Scanner:
    """What a scanner can do; the defaults are a phase scanner of the middle class."""

    step_deg: float = 0.18  # between neighbouring rays, both ways
    lowest_deg: float = -60.0  # below that is the tripod
    highest_deg: float = 88.0
    range_noise_m: float = 0.003  # standard deviation along the ray
    max_range_m: float = 60.0
    min_range_m: float = 0.4
    beam_m: float = 0.004  # diameter where the beam leaves
    divergence_rad: float = 0.0004  # by which it widens, full angle
    weakest: float = 0.004  # share of the light of a white wall straight ahead that still gives a range


@dataclass(frozen=True, slots=True)
class Measured:
    """What one scan measured, ray by ray; N rays had a return."""

    points: Float32Array  # (N, 3) scanner frame, metres
    colors: ByteArray  # (N, 3) RGB
    intensity: Float32Array  # (N,) 0..1
    row: IntArray  # (N,) of the grid, from the top
    column: IntArray  # (N,) of the grid, clockwise seen from above
    shape: tuple[int, int]  # rows, columns of the grid
    patch: IntArray  # (N,) index into the scene's patches that the middle of the beam met
    mixed: BoolArray  # (N,) whether the range lies between two surfaces

    def __len__(self) -> int:
        return len(self.points)


class ScanScene:
    """Patches as triangles for ray casting; build it once for all stations."""

    def __init__(self, patches: Sequence[Patch]) -> None:
        self.patches = tuple(patches)
        vertices, faces, owner, start = [], [], [], 0
        for number, patch in enumerate(self.patches):
            rows, columns, _ = patch.grid.shape
            corners = cells(rows, columns)
            vertices.append(patch.grid.reshape(-1, 3))
            faces.append(np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]]) + start)
            owner.append(np.full(len(faces[-1]), number, np.int32))
            start += rows * columns
        self.vertices: Float32Array = np.concatenate(vertices).astype(np.float32)  # (V, 3)
        self.faces: LongArray = np.concatenate(faces)  # (F, 3)
        self.owner: IntArray = np.concatenate(owner)  # (F,) index into patches
        self._rays: Any = open3d.t.geometry.RaycastingScene()
        self._rays.add_triangles(open3d.core.Tensor(self.vertices), open3d.core.Tensor(self.faces.astype(np.uint32)))

    def cast(self, origin: FloatArray, way: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
        """Range (N,), inf where nothing is met; patch (N,), -1 there; the face's normal (N, 3), towards the ray.

        origin (3,) or (N, 3), way (N, 3) unit.
        """
        rays = np.concatenate([np.broadcast_to(origin, way.shape), way], 1).astype(np.float32)
        found = self._rays.cast_rays(open3d.core.Tensor(rays))
        far = found["t_hit"].numpy().astype(np.float64)
        face = found["primitive_ids"].numpy().astype(np.int64)
        hit = np.isfinite(far)
        normal = found["primitive_normals"].numpy().astype(np.float64)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        normal *= -np.sign((normal * way).sum(1, keepdims=True) + 1e-12)
        patch = np.full(len(way), -1, np.int32)
        patch[hit] = self.owner[face[hit]]
        return far, patch, normal

    def openness(self, points: FloatArray, normal: FloatArray, rays: int, seed: int, reach: float = 1.5) -> FloatArray:
        """Share (N,) of `rays` random directions about the normal that meet nothing within `reach` metres."""
        rng = np.random.default_rng([seed, 5])
        free = np.zeros(len(points))
        for _ in range(rays):
            way = normal + _unit(rng.standard_normal(points.shape))
            free += self.cast(points + 0.004 * normal, _unit(way))[0] > reach
        return free / max(rays, 1)


def station(x: float, z: float, *, height: float = 1.6, heading_deg: float = 0.0) -> FloatArray:
    """world_from_scanner (4, 4) of a levelled scanner at x, z of the floor, turned by `heading_deg` about its axis."""
    c, s = np.cos(np.radians(heading_deg)), np.sin(np.radians(heading_deg))
    upright = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])  # +Z of the scanner is +Y of the world
    pose = np.eye(4)
    pose[:3, :3] = upright @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    pose[:3, 3] = x, height, z
    return pose


def scan(
    scene: ScanScene, world_from_scanner: ArrayLike, scanner: Scanner, *, seed: int, occlusion_rays: int = 0
) -> Measured:
    """One turn of the scanner. `occlusion_rays` a point darken corners as daylight does; 0 leaves them."""
    pose = np.asarray(world_from_scanner, float)
    rng = np.random.default_rng(seed)
    way, shape = _directions(scanner)
    ahead = way @ pose[:3, :3].T
    true, patch, normal = scene.cast(pose[:3, 3], ahead)
    incidence = np.abs((normal * ahead).sum(1))
    hit = np.isfinite(true)
    color, albedo = np.zeros((len(way), 3)), np.zeros(len(way))
    color[hit], albedo[hit] = _painted(scene, pose[:3, 3] + true[hit, None] * ahead[hit], normal[hit], patch[hit], seed)
    strength = np.where(hit, albedo * incidence / (1 + (np.where(hit, true, 0) / 25.0) ** 2), 0.0)

    measured = true.copy()
    edge = _beside_an_edge(true, shape, scanner)
    measured[edge], mixed_here = _through_edges(scene, pose, ahead[edge], true[edge], strength[edge], scanner, rng)
    mixed = np.zeros(len(way), bool)
    mixed[edge] = mixed_here

    returned = hit & (true > scanner.min_range_m) & (true < scanner.max_range_m)
    returned &= strength > scanner.weakest * rng.lognormal(0.0, 0.35, len(way))
    at = np.flatnonzero(returned)
    ranges = measured[at] + rng.normal(0.0, scanner.range_noise_m, len(at))
    light = 0.62 + 0.42 * np.clip(normal[at] @ DAYLIGHT, 0, None)
    if occlusion_rays:
        place = pose[:3, 3] + true[at, None] * ahead[at]
        light = light * (0.35 + 0.65 * scene.openness(place, normal[at], occlusion_rays, seed))
    seen = encoded(np.clip(color[at] * light[:, None] * rng.normal(1.0, 0.03), 0, 1))
    return Measured(
        points=(way[at] * ranges[:, None]).astype(np.float32),
        colors=np.clip(np.round(seen * 255 + rng.normal(0, 1.5, seen.shape)), 0, 255).astype(np.uint8),
        intensity=np.clip(np.sqrt(strength[at]) * rng.normal(1, 0.02, len(at)), 0, 1).astype(np.float32),
        row=(at // shape[1]).astype(np.int32),
        column=(at % shape[1]).astype(np.int32),
        shape=shape,
        patch=patch[at],
        mixed=mixed[at],
    )


def _directions(scanner: Scanner) -> tuple[FloatArray, tuple[int, int]]:
    """Unit rays (rows * columns, 3) in the scanner frame, row by row from the top, and (rows, columns)."""
    up = np.radians(np.arange(scanner.highest_deg, scanner.lowest_deg, -scanner.step_deg))
    around = -np.radians(np.arange(round(360 / scanner.step_deg)) * scanner.step_deg)
    u, a = np.meshgrid(up, around, indexing="ij")
    way = np.stack([np.cos(u) * np.cos(a), np.cos(u) * np.sin(a), np.sin(u)], -1)
    return way.reshape(-1, 3), (len(up), len(around))


def _beside_an_edge(ranges: FloatArray, shape: tuple[int, int], scanner: Scanner) -> BoolArray:
    """(N,) whether a ray's range departs from the line through its neighbours': where the beam may meet an edge."""
    depth = np.where(np.isfinite(ranges), ranges, 4 * scanner.max_range_m).reshape(shape)
    edge = np.zeros(shape, bool)
    padded = np.pad(depth, ((1, 1), (0, 0)), mode="edge")
    for before, after in ((padded[:-2], padded[2:]), (np.roll(depth, 1, 1), np.roll(depth, -1, 1))):
        edge |= np.abs(1 / before + 1 / after - 2 / depth) * depth**2 > 0.03
    return edge.ravel() & np.isfinite(ranges)


def _through_edges(
    scene: ScanScene, pose: FloatArray, ahead: FloatArray, true: FloatArray, strength: FloatArray, scanner: Scanner,
    rng: np.random.Generator
) -> tuple[FloatArray, BoolArray]:  # fmt: skip
    """Ranges (N,) of beams as wide as they are: a mean of what they meet; and whether two surfaces are in it."""
    side = _unit(np.cross(ahead, np.eye(3)[np.argmin(np.abs(ahead), 1)]))
    above = np.cross(ahead, side)
    radius = scanner.beam_m / 2 + scanner.divergence_rad / 2 * true
    first = rng.uniform(0, 2 * np.pi, len(ahead))
    total, weight = true * 1.5, np.full(len(ahead), 1.5)
    low, high = true.copy(), true.copy()
    for k in range(RIM):
        angle = first + 2 * np.pi * k / RIM
        rim = (np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * above) * radius[:, None]
        far = scene.cast(pose[:3, 3], _unit(ahead * true[:, None] + rim))[0]
        share = np.where(np.isfinite(far), rng.uniform(0.5, 1.0, len(far)), 0.0)
        far = np.where(np.isfinite(far), far, true)
        total, weight = total + share * far, weight + share
        low, high = np.minimum(low, far), np.maximum(high, far)
    mean = total / weight
    mixed = (np.abs(mean - true) > 0.01) & (high - low < 3.0)  # further apart, it tells two returns from each other
    return np.where(mixed, mean, true), mixed & (strength > 0)


def _painted(
    scene: ScanScene, points: FloatArray, normal: FloatArray, patch: IntArray, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Linear colour (N, 3), and what share of the laser's light comes back (N,): polished metal throws it elsewhere."""
    color, albedo = np.zeros((len(points), 3)), np.zeros(len(points))
    numbers: dict[int, int] = {}
    painters: list[Painter] = []
    of_patch = np.zeros(len(scene.patches), np.int32)
    for i, p in enumerate(scene.patches):
        if id(p.painter) not in numbers:
            numbers[id(p.painter)] = len(painters)
            painters.append(p.painter)
        of_patch[i] = numbers[id(p.painter)]
    chosen = of_patch[patch]
    order = np.argsort(chosen, kind="stable")
    ends = np.searchsorted(chosen[order], np.arange(len(painters) + 1))
    for number, paint in enumerate(painters):
        here = order[ends[number] : ends[number + 1]]
        if len(here) == 0:
            continue
        x = Texels(
            s=np.zeros((1, len(here)), np.float32),
            t=np.zeros((1, len(here)), np.float32),
            position=points[None, here].astype(np.float32),
            normal=normal[None, here].astype(np.float32),
            rng=np.random.default_rng([seed, number]),
        )
        made = paint(x)
        color[here] = made.color[0]
        bare = np.broadcast_to(np.asarray(made.metallic, np.float64), (1, len(here)))[0]
        rough = made.roughness[0].astype(np.float64)
        albedo[here] = (made.color[0] @ LUMINANCE) * (1 - 0.85 * bare * (1 - rough))
    return color, albedo


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))
