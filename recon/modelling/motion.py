"""How a machine's parts move: exact kinematics, sampled over one cycle for a glTF animation."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recon.formats.glb import Animation, Track

FloatArray = NDArray[np.float64]
AXES = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """One node's motion in the model's frame, at evenly spaced instants of the cycle; the last is the first again.

    The node turns about `axis` through `origin` by `angles` (N,), and `origin` moves by `shifts` (N, 3).
    """

    node: str
    origin: tuple[float, float, float]
    axis: str = "z"
    angles: FloatArray | None = None  # radians against the rest pose
    shifts: FloatArray | None = None  # metres against the rest pose


@dataclass(frozen=True, slots=True)
class Motion:
    name: str
    seconds: float
    movements: tuple[Movement, ...] = field(default=())

    def moved(self, offset: ArrayLike) -> Motion:
        """The same about origins that lie elsewhere."""
        shift = np.asarray(offset, float)
        return Motion(
            self.name,
            self.seconds,
            tuple(
                Movement(m.node, tuple(float(v) for v in m.origin + shift), m.axis, m.angles, m.shifts)  # type: ignore[arg-type]
                for m in self.movements
            ),
        )

    def origins(self) -> dict[str, FloatArray]:
        return {m.node: np.asarray(m.origin, float) for m in self.movements}

    @property
    def samples(self) -> int:
        """How many instants differ: the last of a cycle is the first again."""
        first = self.movements[0]
        return len(first.angles if first.angles is not None else first.shifts) - 1  # type: ignore[arg-type]

    def pose(self, node: str, instant: int) -> FloatArray:
        """(3, 4): from the rest pose to where the node is at the cycle's `instant`."""
        for m in self.movements:
            if m.node == node:
                turn = np.eye(3) if m.angles is None else rotation(m.axis, float(m.angles[instant]))
                shift = np.zeros(3) if m.shifts is None else m.shifts[instant]
                origin = np.asarray(m.origin, float)
                return np.concatenate([turn, (origin + shift - turn @ origin)[:, None]], 1)
        return np.eye(3, 4)

    def animation(self) -> Animation:
        tracks = []
        for m in self.movements:
            count = len(m.angles if m.angles is not None else m.shifts)  # type: ignore[arg-type]
            times = np.linspace(0, self.seconds, count).astype(np.float32)
            turns = None
            if m.angles is not None:
                half = m.angles[:, None] / 2
                turns = np.concatenate([np.sin(half) * AXES[m.axis], np.cos(half)], 1).astype(np.float32)
            places = None
            if m.shifts is not None:
                places = (np.asarray(m.origin) + m.shifts).astype(np.float32)
            tracks.append(Track(m.node, times, places, turns))
        return Animation(self.name, tuple(tracks))


def rotation(axis: str, radians: float) -> FloatArray:
    k = np.asarray(AXES[axis], float)
    cross = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    return np.asarray(np.eye(3) + np.sin(radians) * cross + (1 - np.cos(radians)) * cross @ cross)


def cycle(samples: int, turns: float = 1.0) -> FloatArray:
    """Angles (samples + 1,) of a steady rotation, `turns` times round; samples > 2 |turns|, so that no key's step
    reaches half a turn.
    """
    return np.linspace(0, 2 * np.pi * turns, samples + 1)


def slider_crank(crank: FloatArray, throw: float, rod: float) -> tuple[FloatArray, FloatArray]:
    """Crosshead's distance (N,) from the shaft, on the crank's -x side, and the rod's lean (N,) about +z: exact.

    At crank angle q the pin is at throw (cos q, sin q); the rod, `rod` long, ends on the x axis at -distance.
    """
    lean = np.arcsin(throw * np.sin(crank) / rod)
    return rod * np.cos(lean) - throw * np.cos(crank), lean
