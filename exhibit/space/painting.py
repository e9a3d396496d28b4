"""What the painters of materials share: a material, brushes that repeat without a seam, and relief made visible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exhibit.space.pictures import ByteArray, Float32Array, cloud, finished, rgb
from recon.modelling.textures import ramp


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    base: ByteArray  # (N, N, 3) sRGB; (N, N, 4) with alpha: what is clear is cut out
    normal: ByteArray | None = None  # (M, M, 3) tangent space, +Y up (glTF)
    roughness: float | ByteArray = 0.9  # one, or (M, M)
    metallic: float = 0.0


def field(size: int, metres: float) -> tuple[Float32Array, Float32Array]:
    """(x, y) in metres at every pixel, y downwards."""
    line = ((np.arange(size) + 0.5) * metres / size).astype(np.float32)
    x, y = np.meshgrid(line, line)
    return x, y


def flat(code: str, size: int) -> Float32Array:
    return np.broadcast_to(rgb(code), (size, size, 3))


def pick(codes: tuple[str, ...], chance: NDArray[np.floating]) -> Float32Array:
    palette = np.stack([rgb(c) for c in codes])
    return np.asarray(palette[np.minimum((chance * len(codes)).astype(int), len(codes) - 1)], np.float32)


def from_height(
    color: NDArray[np.floating],
    height: NDArray[np.floating],
    roughness: float | NDArray[np.floating],
    *,
    relief_m: float,
    metres: float,
    painted: float = 0.12,
) -> Material:
    """`height` 0..1 is `relief_m` deep; `painted` is how much of the relief the colour itself shows."""
    size = len(height)
    half = height.reshape(size // 2, 2, size // 2, 2).mean((1, 3)) * relief_m
    pixel = 2 * metres / size
    dx = (np.roll(half, -1, 1) - np.roll(half, 1, 1)) / (2 * pixel)
    dy = (np.roll(half, 1, 0) - np.roll(half, -1, 0)) / (2 * pixel)
    normal = np.stack([-dx, -dy, np.ones_like(dx)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    rough: float | ByteArray
    if isinstance(roughness, float):
        rough = roughness
    else:
        rough = in_bytes(roughness.reshape(size // 4, 4, size // 4, 4).mean((1, 3)))
    return Material(finished(np.clip(color, 0, 1), height, painted), in_bytes(normal * 0.5 + 0.5), rough)


def in_bytes(value: NDArray[np.floating]) -> ByteArray:
    return np.asarray(np.clip(np.round(value * 255), 0, 255), np.uint8)


def courses(
    size: int, metres: float, tall: float, long: float, joint: float, rng: np.random.Generator, soft: float = 0.002
) -> tuple[Float32Array, Float32Array, Float32Array, Float32Array, Float32Array]:
    """A running bond: (inside 0..1, distance to the joint, two chances per brick, place along the brick 0..1)."""
    x, y = field(size, metres)
    warp = cloud((size, size), size / 16, rng) * 0.0012
    rows, columns = round(metres / tall), round(metres / long)
    v = (y + warp) / metres * rows
    row = np.floor(v).astype(int)
    u = (x + np.roll(warp, size // 3, 0)) / metres * columns + np.where(row % 2 == 0, 0.0, 0.5)
    column = np.floor(u).astype(int) % columns
    chance = rng.random((rows, columns, 2)).astype(np.float32)[row % rows, column]
    edge = np.minimum(np.minimum(u % 1, 1 - u % 1) * metres / columns, np.minimum(v % 1, 1 - v % 1) * metres / rows)
    inside = ramp(edge, joint / 2, joint / 2 + soft)
    return inside, edge.astype(np.float32), chance[..., 0], chance[..., 1], (u % 1).astype(np.float32)
