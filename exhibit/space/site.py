"""A building site collects a hall's sheets, solids, lamps, anchors and doors while the hall is built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exhibit.documents.types import AnchorKind, Text
from exhibit.space.light_sources import Skylight, Spot
from exhibit.space.sheets import Mesh, Sheet
from recon.modelling.grids import cells

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Vec = tuple[float, float, float]

_BOX = np.array(
    [
        (0, 3, 1), (0, 2, 3), (4, 7, 6), (4, 5, 7), (0, 5, 4), (0, 1, 5),
        (2, 7, 3), (2, 6, 7), (0, 6, 2), (0, 4, 6), (1, 7, 5), (1, 3, 7),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place for an exhibit to stand or hang, in the hall's frame."""

    kind: AnchorKind
    position: Vec  # plinth, vitrine: the middle of the top; else the middle of the face
    facing_deg: float  # the yaw about +Y that turns its local +Z to where its visitors stand
    width: float  # m
    height: float  # m: of the room above a top, or of the face


@dataclass(frozen=True, slots=True)
class Door:
    """A way to another hall."""

    title: Text
    position: Vec  # on the floor, in the middle of the opening
    facing_deg: float  # the yaw about +Y that turns local +Z into the hall
    width: float
    height: float


@dataclass
class Site:
    """What is added is given in the frame of `at` and kept in the hall's frame."""

    sheets: list[Sheet] = field(default_factory=list)
    solids: list[tuple[FloatArray, IntArray]] = field(default_factory=list)
    lamps: list[Spot] = field(default_factory=list)
    skylights: list[Skylight] = field(default_factory=list)
    anchors: dict[str, Anchor] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)
    hall_from_here: FloatArray = field(default_factory=lambda: np.eye(4))

    def at(self, x: float, y: float, z: float, yaw_deg: float = 0.0) -> Site:
        """The same site, measured from (x, y, z) and turned by `yaw_deg` about +Y."""
        c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
        moved = np.array([[c, 0, s, x], [0, 1, 0, y], [-s, 0, c, z], [0, 0, 0, 1.0]])
        return replace(self, hall_from_here=self.hall_from_here @ moved)

    def mirrored(self) -> Site:
        """The same site with x running the other way; its sheets still face the same way."""
        return replace(self, hall_from_here=self.hall_from_here @ np.diag([-1.0, 1, 1, 1]))

    def point(self, local: ArrayLike) -> FloatArray:
        return np.asarray(local, float) @ self.hall_from_here[:3, :3].T + self.hall_from_here[:3, 3]

    def yaw(self, local_deg: float) -> float:
        """A facing in this frame as one in the hall's."""
        z = self.hall_from_here[:3, :3] @ (np.sin(np.radians(local_deg)), 0, np.cos(np.radians(local_deg)))
        return float(np.round(np.degrees(np.arctan2(z[0], z[2])), 6))

    def show(self, *made: Sheet | Iterable[Sheet]) -> None:
        turned_over = np.linalg.det(self.hall_from_here[:3, :3]) < 0
        for one in made:
            for sheet in [one] if isinstance(one, Sheet) else one:
                grid, spread = self.point(sheet.grid), sheet.spread
                cut = sheet.cut
                if turned_over:
                    grid, spread = grid[:, ::-1], None if spread is None else spread[:, ::-1]
                    wide = float(np.linalg.norm(grid[0, 1] - grid[0, 0]))
                    cut = [(wide, 0.0) + loop * (-1.0, 1.0) for loop in cut]
                leaves = sheet.leaves and self._leaves(sheet.leaves, turned_over)
                self.sheets.append(
                    replace(sheet, grid=np.ascontiguousarray(grid), spread=spread, cut=cut, leaves=leaves)
                )

    def _leaves(self, leaves: Mesh, turned_over: bool) -> Mesh:
        shares = leaves.shares
        if turned_over and shares is not None:
            shares = np.array([1.0, 0.0]) + shares * (-1.0, 1.0)
        normals = leaves.normals @ self.hall_from_here[:3, :3].T
        return replace(leaves, points=self.point(leaves.points), normals=normals, shares=shares)

    def lamp(self, spot: Spot) -> None:
        self.lamps.append(replace(spot, position=_vec(self.point(spot.position)), target=_vec(self.point(spot.target))))

    def skylight(self, light: Skylight) -> None:
        turn = self.hall_from_here[:3, :3]
        edges = {"along_s": _vec(turn @ light.along_s), "along_t": _vec(turn @ light.along_t)}
        self.skylights.append(replace(light, corner=_vec(self.point(light.corner)), **edges))

    def block(self, low: ArrayLike, high: ArrayLike) -> None:
        """A box that visitors stand on and cannot enter."""
        a, b = np.asarray(low, float), np.asarray(high, float)
        corner = np.array([[(a, b)[(i >> k) & 1][k] for k in range(3)] for i in range(8)])
        self._solid(corner, _BOX)

    def ramp(self, lower: ArrayLike, upper: ArrayLike, deep: float = 0.3) -> None:
        """A solid below the quad between two edges (2, 3) each; its top is walked on."""
        top = np.concatenate([np.asarray(lower, float), np.asarray(upper, float)])
        under = top - (0, deep, 0)
        self._solid(np.concatenate([under[:2], top[:2], under[2:], top[2:]]), _BOX)

    def ground(self, grid: FloatArray) -> None:
        """A surface (R, C, 3) to walk on; its columns run right and its rows away from whoever looks at it."""
        rows, columns = grid.shape[:2]
        triangles = cells(rows, columns)[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
        self.solids.append((self.point(grid.reshape(-1, 3)), triangles))

    def prism(self, base: ArrayLike, low: float, high: float) -> None:
        """An upright solid over a convex quadrangle: its corners (4, 2) as x and z, one after the other."""
        a, b, c, d = np.asarray(base, float)
        corner = [(x, y, z) for edge in ((a, b), (d, c)) for y in (low, high) for x, z in edge]
        self._solid(np.array(corner), _BOX)

    def surface(self, points: ArrayLike, triangles: IntArray) -> None:
        """A surface to walk on: points (V, 3), triangles (F, 3) counter-clockwise seen from above."""
        self.solids.append((self.point(points), triangles))

    def _solid(self, points: FloatArray, faces: IntArray) -> None:
        p = self.point(points)
        corner = p[faces] - p.mean(0)
        inside_out = np.linalg.det(corner).sum() < 0
        self.solids.append((p, faces[:, ::-1] if inside_out else faces))

    def collider(self) -> tuple[FloatArray, IntArray]:
        """All solids as one: vertices (V, 3) in the hall's frame, triangles (F, 3)."""
        vertices, faces, first = [], [], 0
        for points, triangles in self.solids:
            vertices.append(points)
            faces.append(triangles + first)
            first += len(points)
        return np.concatenate(vertices), np.concatenate(faces)

    def anchor(
        self, name: str, kind: AnchorKind, position: Vec,
        facing_deg: float, width: float, height: float,
    ) -> None:  # fmt: skip
        assert name not in self.anchors, name
        self.anchors[name] = Anchor(kind, _vec(self.point(position)), self.yaw(facing_deg), width, height)

    def door(self, name: str, title: Text, position: Vec, facing_deg: float, width: float, height: float) -> None:
        assert name not in self.doors, name
        self.doors[name] = Door(title, _vec(self.point(position)), self.yaw(facing_deg), width, height)


def _vec(point: FloatArray) -> Vec:
    x, y, z = (round(float(v), 4) + 0.0 for v in point)
    return x, y, z
