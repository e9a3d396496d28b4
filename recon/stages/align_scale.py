"""How many metres a unit of the model is, by what is known of it: ground control points, bars between targets, a length
on the model, the distance between two cameras, or the cameras' satellite positions. The surest counts, the others are
checked against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from recon.errors import BadOptions
from recon.geometry import targets
from recon.geometry.positioning import Position
from recon.messages import Message
from recon.progress import Progress
from recon.types import Check, FloatArray, Targets

_CONTRADICTS = 0.01  # share by which two ways to a scale may differ
_BAR = re.compile(r"\s*(\d+)\s*-\s*(\d+)\s*=\s*([0-9.eE+-]+)\s*")


@dataclass(frozen=True, slots=True)
class Known:
    """What options say of lengths."""

    bars: str
    length: str
    baseline: str


@dataclass(frozen=True, slots=True)
class Scaled:
    metres_per_unit: float
    source: Message  # how it is known
    check_m: float | None = None  # Frame.scale_check_m
    checks: tuple[Check, ...] = ()  # Frame.checks
    error: float = 0.0  # share, one standard deviation, where it is known to be large


def scale(
    known: Known,
    poses: Mapping[str, FloatArray],
    placed: Targets,
    control: Scaled | None,
    position: Position | None,
    unscaled: float,
    progress: Progress,
) -> Scaled | None:
    """None where nothing tells it.

    control: what ground control points say, position: satellites.
    poses (3, 4) cam_from_model by photo; unscaled: what a unit of the model is in the model that has no scale, in whose
    coordinates Known.length is told.
    """
    ways = [
        way
        for way in (
            control,
            _of_bars(known.bars, placed, progress),
            _of_length(known.length, unscaled),
            _of_cameras(known, poses),
            _of_position(position),
        )
        if way is not None
    ]
    for way in ways[1:]:
        off = way.metres_per_unit / ways[0].metres_per_unit - 1
        if abs(off) > max(_CONTRADICTS, 3 * way.error):
            progress.warn(Message("warning.scale_contradicts", other=way.source, taken=ways[0].source, share=off))
    return replace(ways[0], checks=tuple(check for way in ways for check in way.checks)) if ways else None


def _of_position(position: Position | None) -> Scaled | None:
    if position is None:
        return None
    metres = float(np.cbrt(np.linalg.det(position.local_from_model[:3, :3])))
    return Scaled(metres, Message("scale.gps", rms=position.rms_m), error=position.scale_error)


def _of_bars(told: str, placed: Targets, progress: Progress) -> Scaled | None:
    places = {int(number): point for number, point in zip(placed.numbers, placed.points, strict=True)}
    lengths = _lengths(told)
    if told:
        unseen = sorted({number for ends in lengths for number in ends} - places.keys())
        if unseen:
            progress.warn(Message("warning.targets_unseen", numbers=unseen))
    elif placed.markers == targets.OURS:
        lengths = dict(targets.SHEET_BARS)
    bars = targets.bars_between(lengths, places)
    if not bars:
        return None
    if not told:
        progress.warn(Message("warning.bars_as_printed", bars=list(map(str, bars)), length=targets.SHEET_BAR_M))
    found = targets.scale_of(bars)
    if found is None:
        ratios = [f"{bar} ({bar.length_m / bar.units:.5g})" for bar in bars]
        progress.warn(Message("warning.bars_contradict", bars=ratios))
        return None
    for bar, off in found.wrong:
        says = found.metres_per_unit * bar.units
        progress.warn(Message("warning.bar_wrong", bar=str(bar), told=bar.length_m, found=says, share=off))
    if len(found.used) == 1:
        progress.warn(Message("warning.bar_alone", bar=str(found.used[0])))
    check = float(np.sqrt(np.mean(np.square(found.errors_m)))) if found.errors_m else None
    checks = [Check("bar", str(bar), abs(error)) for bar, error in zip(found.used, found.errors_m, strict=False)]
    checks += [Check("bar", str(bar), abs(off) * bar.length_m, used=False) for bar, off in found.wrong]
    return Scaled(found.metres_per_unit, Message("scale.bars", bars=list(map(str, found.used))), check, tuple(checks))


def _lengths(told: str) -> dict[tuple[int, int], float]:
    """ "12-13=0.5, 40-41=0.2" by its ends."""
    lengths: dict[tuple[int, int], float] = {}
    for part in filter(None, (part.strip() for part in told.split(","))):
        match = _BAR.fullmatch(part)
        metres = _number(match[3]) if match else 0.0
        if match is None or not metres > 0 or match[1] == match[2]:
            raise BadOptions("bar_unusable", bar=part)
        lengths[int(match[1]), int(match[2])] = metres
    return lengths


def _of_length(told: str, unscaled: float) -> Scaled | None:
    if not told:
        return None
    parts = [part.split() for part in told.split(",")]
    if [len(part) for part in parts] != [3, 3, 1]:
        raise BadOptions("length_unusable", length=told)
    a, b, (metres,) = ([_number(text) for text in part] for part in parts)
    distance = float(np.linalg.norm(np.subtract(a, b)))
    if not (np.isfinite(distance) and distance > 1e-6 and metres > 0):
        raise BadOptions("length_unusable", length=told)
    return Scaled(metres * unscaled / distance, Message("scale.length"))


def _of_cameras(known: Known, poses: Mapping[str, FloatArray]) -> Scaled | None:
    if not known.baseline:
        return None
    try:
        first, second, text = (part.strip() for part in known.baseline.rsplit(",", 2))
        metres = float(text)
        a, b = (-poses[n][:, :3].T @ poses[n][:, 3] for n in (first, second))
    except (ValueError, KeyError) as problem:
        raise BadOptions("baseline_unusable", baseline=known.baseline) from problem
    distance = float(np.linalg.norm(a - b))
    if not metres > 0 or distance == 0:
        raise BadOptions("baseline_no_length", baseline=known.baseline)
    return Scaled(metres / distance, Message("scale.cameras", first=first, second=second))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
