"""Tiles: a cloud of any size as 3D Tiles, which viewers load piece by piece.

The points never lie in memory together. They are written as sorted runs; the octree is cut into chunks that fit in
memory; each chunk's tiles are made; what their roots show goes up to the tiles above. A run or a chunk that is done is
not done again after the process was killed, and the same points make the same file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from itertools import product
from math import inf
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recon.errors import BadModel, check_range
from recon.formats.discard import discard
from recon.formats.point_tile import point_tile
from recon.formats.points import reach
from recon.formats.tile_archive import ROOT, Packed, TileArchiveWriter
from recon.formats.tiles import TileNode, tileset
from recon.geometry.intensity_shades import PLAIN
from recon.geometry.point_tiles import (
    BITS,
    DEEPEST,
    Cube,
    Keys,
    Node,
    cells_of,
    end_key,
    first_key,
    grow,
    taken_by_parent,
)
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, FloatArray, PlacedScans, ScanPoints, TiledCloud

VERSION = 2

_SAMPLE = 400_000  # points that say where a cloud's core lies
_INLINE = 1000  # tiles of which tileset.json tells all; of more, it names a tileset for each chunk
_STILL_FINER = 0.9  # of a parent's error, where a child's own is as large


class Source(Protocol):
    """Points in the world frame, read block by block, the same blocks each time."""

    @property
    def low(self) -> FloatArray: ...  # (3,) corner of a box around them

    @property
    def high(self) -> FloatArray: ...

    def __len__(self) -> int: ...

    def blocks(self) -> Iterator[ScanPoints]: ...


class PlacedPoints:
    """The points of placed scans in the world frame; what lies far from nearly all others is left out."""

    def __init__(self, placed: PlacedScans):
        self.placed = placed
        self.strays = 0  # left out of what has been read
        corners, some = [], []
        for scan, world_from_scan in zip(placed.scans, placed.world_from_scan, strict=True):
            box = np.array(list(product(*zip(scan.low, scan.high, strict=True))))
            corners.append(_moved(box, world_from_scan))
            some.append(_moved(scan.sample(_SAMPLE // len(placed.scans) + 1).points, world_from_scan))
        inner = reach(np.concatenate(some))
        slack = 1e-6 * float(np.ptp(np.concatenate(corners)))  # 32-bit points are not quite where their scan's box ends
        self.low: FloatArray = np.maximum(np.min(np.concatenate(corners), axis=0) - slack, inner[0])
        self.high: FloatArray = np.minimum(np.max(np.concatenate(corners), axis=0) + slack, inner[1])

    def __len__(self) -> int:
        return sum(len(scan) for scan in self.placed.scans)

    def blocks(self) -> Iterator[ScanPoints]:
        self.strays = 0
        for scan, world_from_scan in zip(self.placed.scans, self.placed.world_from_scan, strict=True):
            for block in scan.blocks():
                points = _moved(block.points, world_from_scan).astype(np.float32)
                kept = ~((points < self.low) | (points > self.high)).any(axis=1)  # what is nowhere is told by others
                self.strays += int((~kept).sum())
                columns = {f.name: getattr(block, f.name) for f in fields(ScanPoints)} | {"points": points}
                left: dict[str, Any] = {name: of if of is None else of[kept] for name, of in columns.items()}
                yield ScanPoints(**left)


def _moved(points: NDArray[Any], target_from_source: FloatArray) -> FloatArray:
    return np.asarray(points @ target_from_source[:3, :3].T + target_from_source[:3, 3])


@dataclass(frozen=True, kw_only=True)
class TilesOptions:
    run_points: int = 2_000_000  # points that are sorted at once
    chunk_points: int = 4_000_000  # points that one piece of the octree may have, to be made into tiles at once

    def __post_init__(self) -> None:
        check_range("tiles.run_points", self.run_points, 1)
        check_range("tiles.chunk_points", self.chunk_points, 1)


def build(
    cloud: PlacedScans | Source,
    options: TilesOptions,
    *,
    scratch: Path,
    progress: Progress,
    extras: Mapping[str, Any] | None = None,
) -> TiledCloud:
    """Writes scratch/tiles.3tz; `extras` goes into tileset.json. Raises BadModel where there are no points."""
    source = PlacedPoints(cloud) if isinstance(cloud, PlacedScans) else cloud
    runs = -(-len(source) // options.run_points)
    progress.start(2 * runs, "block")
    cube = Cube.around(source.low, source.high)
    spool = _Spool(scratch / "runs", options.run_points)
    spool.fill(source, cube, progress)
    if spool.strays:
        progress.warn(Message("warning.points_stray", count=spool.strays, total=len(source)))
    if not spool.num_points:
        raise BadModel("cloud_empty")
    if spool.nowhere:
        progress.warn(Message("warning.points_nowhere", count=spool.nowhere, total=len(source)))
    made = _Builder(spool, cube, options, scratch / "chunks", progress).write(scratch / "tiles.3tz", runs, extras or {})
    if isinstance(cloud, PlacedScans):
        made = replace(made, georeference=cloud.frame.georeference)
    if made.coincident:
        progress.warn(Message("warning.points_coincident", count=made.coincident, total=len(source)))
    discard(scratch, "runs", "chunks")
    return made


@dataclass(frozen=True, slots=True)
class _Run:
    """Points that are sorted by their keys: keys (N,), and RGB and class (N, 4)."""

    keys: Keys
    columns: ByteArray


class _RunFile:
    """Points on disk, sorted by their keys: keys (N,), then RGB and class (N, 4)."""

    EVERY = 1024  # keys, of which one is kept in memory

    def __init__(self, path: Path, num_points: int):
        self.path, self.num_points = path, num_points
        self.some = np.memmap(path, np.uint64, "r", shape=(num_points,))[:: self.EVERY].copy()

    @staticmethod
    def write(path: Path, run: _Run) -> None:
        with path.open("wb") as file:
            file.write(run.keys.tobytes())
            file.write(run.columns.tobytes())

    def below(self, key: int) -> int:
        """How many points have a lower key."""
        start = max(0, int(np.searchsorted(self.some, np.uint64(key))) - 1) * self.EVERY
        keys = self._keys(start, min(start + self.EVERY, self.num_points))
        return start + int(np.searchsorted(keys, np.uint64(key)))

    def read(self, start: int, stop: int) -> _Run:
        rows = np.fromfile(self.path, np.uint8, 4 * (stop - start), offset=8 * self.num_points + 4 * start)
        return _Run(self._keys(start, stop), rows.reshape(-1, 4))

    def _keys(self, start: int, stop: int) -> Keys:
        return np.fromfile(self.path, np.uint64, stop - start, offset=8 * start)


class _Spool:
    """The runs on disk. Of each, its .json is written last: a run that has none is written again.

    Once all are there, all.json says so, and the source is not read again.
    """

    def __init__(self, folder: Path, run_points: int):
        self.folder, self.run_points = folder, run_points
        self.runs: list[_RunFile] = []
        self.num_points = 0
        self.nowhere = 0  # points whose coordinates are no numbers
        self.strays = 0  # points that the source left out
        self.colored = self.classified = False

    def fill(self, source: Source, cube: Cube, progress: Progress) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = self.folder / "all.json"
        known = whole.is_file()
        if not known:
            count = 0
            for number, blocks in enumerate(_regrouped(source.blocks(), self.run_points)):
                count = number + 1
                if not self._about(number).is_file():
                    self._write(self._about(number), blocks, cube)
                progress.advance()
            strays = source.strays if isinstance(source, PlacedPoints) else 0
            _replace(whole, json.dumps({"runs": count, "strays": strays}).encode())
        said = json.loads(whole.read_bytes())
        if known:
            progress.advance(said["runs"])
        self.strays = said["strays"]
        for number in range(said["runs"]):
            self._open(self._about(number))

    def _about(self, number: int) -> Path:
        return self.folder / f"{number:06}.json"

    def _write(self, about: Path, blocks: list[ScanPoints], cube: Cube) -> None:
        points = np.concatenate([block.points for block in blocks])
        columns = np.concatenate([_columns(block) for block in blocks])
        placed = np.isfinite(points).all(axis=1)
        if not placed.all():
            points, columns = points[placed], columns[placed]
        keys = cube.keys(points)
        order = np.argsort(keys, kind="stable")
        _RunFile.write(about.with_suffix(".run"), _Run(keys[order], columns[order]))
        said = {
            "points": len(keys),
            "nowhere": int((~placed).sum()),
            "colored": any(block.colors is not None or block.intensity is not None for block in blocks),
            "classified": bool(columns[:, 3].any()),
        }
        _replace(about, json.dumps(said).encode())

    def _open(self, about: Path) -> None:
        said = json.loads(about.read_bytes())
        self.nowhere += said["nowhere"]
        self.colored |= said["colored"]
        self.classified |= said["classified"]
        if said["points"]:
            self.runs.append(_RunFile(about.with_suffix(".run"), said["points"]))
            self.num_points += said["points"]

    def num_points_in(self, path: str) -> int:
        return sum(stop - start for start, stop in self._ranges(path))

    def read(self, path: str) -> tuple[_Run, int]:
        """The points in a node, one at each place; and how many others lie where one of them does."""
        pieces = [run.read(start, stop) for run, (start, stop) in zip(self.runs, self._ranges(path), strict=True)]
        keys = np.concatenate([piece.keys for piece in pieces])
        columns = np.concatenate([piece.columns for piece in pieces])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        first = np.ones(len(keys), np.bool_)
        first[1:] = keys[1:] != keys[:-1]
        kept = order[first]
        return _Run(keys[first], columns[kept]), len(keys) - len(kept)

    def _ranges(self, path: str) -> list[tuple[int, int]]:
        return [(run.below(first_key(path)), run.below(end_key(path))) for run in self.runs]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A piece of the octree whose tiles are on disk, but for its root's."""

    path: str
    root: _Run  # what its root shows, before its parent takes some of it
    cells: int  # a side, of the root's grid
    coincident: int
    tiles: list[dict[str, Any]]  # those below its root, parents before their children
    data: Path  # their bytes

    @classmethod
    def load(cls, about: Path) -> _Chunk:
        with np.load(about.with_suffix(".npz")) as kept:
            root = _Run(kept["keys"], kept["columns"])
        return cls(root=root, data=about.with_suffix(".tiles"), **json.loads(about.read_bytes()))


@dataclass(slots=True)
class _Top:
    """A node above the chunks, or a chunk's root."""

    path: str
    run: _Run  # what it shows; its parent takes some of it
    cells: int
    tops: list[_Top]
    chunk: _Chunk | None = None


class _Builder:
    """Makes the tiles of all chunks, then those above them, and puts them together."""

    def __init__(self, spool: _Spool, cube: Cube, options: TilesOptions, folder: Path, progress: Progress):
        self.spool, self.cube, self.options, self.folder, self.progress = spool, cube, options, folder, progress
        self.num_points = self.num_tiles = 0
        self.pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))

    def write(self, path: Path, units: int, extras: Mapping[str, Any]) -> TiledCloud:
        """units: to be reported as done, all chunks together."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.pool:
            chunks = []
            seen = 0
            for name in self._cut(""):
                chunks.append(self._chunk(name))
                before, seen = seen, seen + self.spool.num_points_in(name)
                self.progress.advance(seen * units // self.spool.num_points - before * units // self.spool.num_points)
            self.inline = sum(len(chunk.tiles) + 1 for chunk in chunks) <= _INLINE
            with TileArchiveWriter(path) as out:
                root = self._finished(self._top("", chunks), inf, out)
                assert root is not None
                out.add(ROOT, tileset(root, refine="ADD", extras=extras))
        coincident = sum(chunk.coincident for chunk in chunks)
        return TiledCloud(path, self.num_points, self.num_tiles, np.array(root.low), np.array(root.high), coincident)

    def _cut(self, path: str) -> Iterator[str]:
        """The paths of the chunks, in the octree's order."""
        num_points = self.spool.num_points_in(path)
        if 0 < num_points <= self.options.chunk_points or (num_points and len(path) >= DEEPEST):
            yield path
        elif num_points:
            for octant in range(8):
                yield from self._cut(f"{path}{octant}")

    def _chunk(self, path: str) -> _Chunk:
        """The chunk, made now unless it is on disk: its .json is written last."""
        about = self.folder / f"r{path}.json"
        if not about.is_file():
            run, coincident = self.spool.read(path)
            root = grow(run.keys, path)
            nodes = list(root.all())[1:]
            with about.with_suffix(".tiles").open("wb") as file:
                made = self.pool.map(lambda node: self._tile(run, node.rows), nodes)
                tiles = [_kept(node, tile, file) for node, tile in zip(nodes, made, strict=True)]
            np.savez(about.with_suffix(".npz"), keys=run.keys[root.rows], columns=run.columns[root.rows])
            said = {"path": path, "cells": root.cells, "coincident": coincident, "tiles": tiles}
            _replace(about, json.dumps(said).encode())
        return _Chunk.load(about)

    def _tile(self, run: _Run, rows: NDArray[np.int64] | slice) -> _Tile | None:
        """None where it shows no points but those that its parents do."""
        keys, columns = run.keys[rows], run.columns[rows]
        if not len(keys):
            return None
        colors = columns[:, :3] if self.spool.colored else None
        classes = columns[:, 3] if self.spool.classified else None
        glb, low, high = point_tile(cells_of(keys), self.cube.low, self.cube.step, colors, classes)
        return Packed.of(glb), len(keys), low, high

    def _top(self, path: str, chunks: list[_Chunk]) -> _Top:
        """The node at `path`, in which these chunks lie."""
        if chunks[0].path == path:
            return _Top(path, chunks[0].root, chunks[0].cells, [], chunks[0])
        inside: dict[str, list[_Chunk]] = {}
        for chunk in chunks:
            inside.setdefault(chunk.path[: len(path) + 1], []).append(chunk)
        tops = [self._top(each, those) for each, those in inside.items()]
        taken, cells = taken_by_parent([top.run.keys for top in tops], len(path))
        shown = [(top.run.keys[mask], top.run.columns[mask]) for top, mask in zip(tops, taken, strict=True)]
        for top, mask in zip(tops, taken, strict=True):
            top.run = _Run(top.run.keys[~mask], top.run.columns[~mask])
        keys, columns = (np.concatenate(each) for each in zip(*shown, strict=True))
        return _Top(path, _Run(keys, columns), cells, tops)

    def _finished(self, top: _Top, error: float, out: TileArchiveWriter) -> TileNode | None:
        """Put the tiles of a node and of all below it into the archive. error: its parent's."""
        error = self._error(top.path, top.cells, error)
        children = [self._finished(each, error, out) for each in top.tops]
        if top.chunk:
            children = self._copied(top.chunk, error, out)
        tile = self._tile(top.run, slice(None))
        node = self._node(top.path, tile, error, [child for child in children if child], out)
        if node is None or top.chunk is None or not children or self.inline:
            return node
        name = f"r{top.path}.json"
        out.add(name, tileset(node, refine="ADD"))
        return TileNode(name, node.low, node.high, node.error)

    def _copied(self, chunk: _Chunk, error: float, out: TileArchiveWriter) -> list[TileNode | None]:
        """The tiles below a chunk's root, as they lie on disk."""
        inside: dict[str, list[dict[str, Any]]] = {}
        for tile in chunk.tiles:
            inside.setdefault(tile["path"][:-1], []).append(tile)
        with chunk.data.open("rb") as file:

            def below(path: str, error: float) -> list[TileNode | None]:
                nodes = []
                for said in inside.get(path, []):
                    own = self._error(said["path"], said["cells"], error)
                    tile = _read(said, file)
                    nodes.append(self._node(said["path"], tile, own, [n for n in below(said["path"], own) if n], out))
                return nodes

            return below(chunk.path, error)

    def _node(
        self, path: str, tile: _Tile | None, error: float, children: list[TileNode], out: TileArchiveWriter
    ) -> TileNode | None:
        """Add the tile to the archive. None where there is nothing in it, nor below."""
        corners = [(child.low, child.high) for child in children]
        name = None
        if tile is not None:
            packed, num_points, *corner = tile
            corners.append((corner[0], corner[1]))
            name = f"r{path}.glb"
            out.add(name, packed)
            self.num_points += num_points
            self.num_tiles += 1
        if not corners:
            return None
        low = np.min([low for low, _ in corners], axis=0).tolist()
        return TileNode(name, low, np.max([high for _, high in corners], axis=0).tolist(), error, tuple(children))

    def _error(self, path: str, cells: int, parents: float) -> float:
        """How far points of this tile lie apart; always less than its parent's."""
        return min(self.cube.step * 2.0 ** (BITS - len(path)) / cells, _STILL_FINER * parents)


_Tile: TypeAlias = tuple[Packed, int, list[float], list[float]]
"""Its bytes, how many points it has, their lowest and highest corner."""


def _kept(node: Node, tile: _Tile | None, file: BinaryIO) -> dict[str, Any]:
    """Append a tile to the file; what `_read` needs to know of it."""
    said: dict[str, Any] = {"path": node.path, "cells": node.cells}
    if tile is not None:
        packed, num_points, low, high = tile
        said |= {"points": num_points, "low": low, "high": high, "at": file.tell(), "bytes": len(packed.data)}
        said |= {"size": packed.size, "crc": packed.crc, "deflated": packed.deflated}
        file.write(packed.data)
    return said


def _read(said: dict[str, Any], file: BinaryIO) -> _Tile | None:
    if "points" not in said:
        return None
    file.seek(said["at"])
    packed = Packed(file.read(said["bytes"]), said["size"], said["crc"], said["deflated"])
    return packed, said["points"], said["low"], said["high"]


def _regrouped(blocks: Iterable[ScanPoints], size: int) -> Iterator[list[ScanPoints]]:
    """The same points, in the same order, `size` at a time."""
    group: list[ScanPoints] = []
    missing = size
    for block in blocks:
        start = 0
        while start < len(block):
            piece = slice(start, start + missing)
            columns: dict[str, Any] = {f.name: getattr(block, f.name) for f in fields(ScanPoints)}
            cut: dict[str, Any] = {name: of if of is None else of[piece] for name, of in columns.items()}
            part = ScanPoints(**cut)
            group.append(part)
            start += len(part)
            missing -= len(part)
            if not missing:
                yield group
                group, missing = [], size
    if group:
        yield group


def _columns(points: ScanPoints) -> ByteArray:
    """(N, 4) RGB and class; grey by intensity where there is no colour."""
    columns = np.zeros((len(points), 4), np.uint8)
    if points.colors is not None:
        columns[:, :3] = points.colors
    elif points.intensity is not None:
        columns[:, :3] = np.round(np.nan_to_num(points.intensity).clip(0, 1) * 255)[:, None]
    else:
        columns[:, :3] = PLAIN
    if points.classes is not None:
        columns[:, 3] = points.classes
    return columns


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)
