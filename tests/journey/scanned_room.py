"""A scanned room: points on walls, floor, machines and pipes of a room in code, and the same in tiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import samples
from numpy.typing import NDArray

from exhibit.library.bare import TiledPoints, from_tiles
from exhibit.library.bundle import Told
from recon.progress import Silent
from recon.stages import tiles
from recon.types import ScanPoints

SIZE = (8.0, 3.2, 6.0)  # m: width, height, depth; the room stands on the floor around the origin
TOLD = Told({"zh": "扫描的车间", "en": "A scanned workshop"}, "scan", in_metres=True)
_BLOCK = 500_000

Floats = NDArray[np.float32]


def scanned_room(num: int, seed: int = 0) -> tuple[Floats, NDArray[np.uint8]]:
    """(positions (N, 3), sRGB colours (N, 3)) of about `num` points, evenly on all surfaces, with 2 mm of noise."""
    rng = np.random.default_rng(seed)
    width, height, depth = SIZE
    whole = np.array([[-width / 2, 0, -depth / 2], [width / 2, height, depth / 2]])
    boxes = [
        (whole, (205, 198, 184)),
        (np.array([[-3.2, 0, -2.2], [-1.6, 1.1, -0.9]]), (54, 96, 120)),
        (np.array([[1.4, 0, -2.4], [2.9, 1.9, -1.4]]), (150, 62, 40)),
        (np.array([[-0.6, 0, 0.9], [0.9, 0.8, 2.1]]), (92, 104, 70)),
    ]
    faces = [(box[0], box[1], axis, side, colour) for box, colour in boxes for axis in range(3) for side in range(2)]
    pipe = 2 * np.pi * 0.12 * width
    areas = np.array([np.prod(np.delete(high - low, axis)) for low, high, axis, _, _ in faces] + [pipe])
    counts = rng.multinomial(num, areas / areas.sum())
    positions, colours = [], []
    for (low, high, axis, side, colour), count in zip(faces, counts, strict=False):
        points = rng.uniform(low, high, (count, 3))
        points[:, axis] = (low, high)[side][axis]
        board = (np.floor(points * 2).astype(int).sum(axis=1) % 2 == 0)[:, None]  # squares of half a metre
        positions.append(points)
        colours.append(np.where(board, colour, np.array(colour) * 0.8))
    turn = rng.uniform(0, 2 * np.pi, counts[-1])
    along = rng.uniform(-width / 2, width / 2, counts[-1])
    ring = 0.12 * np.column_stack([np.cos(turn), np.sin(turn)])
    positions.append(np.column_stack([along, 2.6 + ring[:, 0], -1.0 + ring[:, 1]]))
    colours.append(np.tile([196.0, 170.0, 60.0], (counts[-1], 1)))
    placed = np.concatenate(positions) + rng.normal(0, 0.002, (num, 3))
    placed = np.clip(placed, whole[0], whole[1])
    shade = rng.normal(0, 4, (num, 1))
    return placed.astype(np.float32), (np.concatenate(colours) + shade).clip(0, 255).astype(np.uint8)


class _Blocks:
    """Points for the stage that makes tiles."""

    def __init__(self, positions: Floats, colours: NDArray[np.uint8]):
        self.positions, self.colours = positions, colours
        self.low, self.high = positions.min(0).astype(np.float64), positions.max(0).astype(np.float64)

    def __len__(self) -> int:
        return len(self.positions)

    def blocks(self) -> Iterator[ScanPoints]:
        for start in range(0, len(self), _BLOCK):
            piece = slice(start, start + _BLOCK)
            yield ScanPoints(self.positions[piece], self.colours[piece], None, None)


def write_scanned_room(folder: Path, num: int) -> int:
    """A bundle of the room in tiles, as the library makes it of a scan's file; how many points are in tiles."""
    positions, colours = scanned_room(num)
    scratch = folder / "tiled"
    scratch.mkdir()
    made = tiles.build(_Blocks(positions, colours), tiles.TilesOptions(), scratch=scratch, progress=Silent())
    tiled = TiledPoints(made.path, made.num_points, made.low, made.high, None)
    samples.on_disk(from_tiles(tiled, folder, TOLD), folder)
    return made.num_points
