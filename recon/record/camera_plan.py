"""Where the photos and scans were taken from, as drawings from above and from the side (SVG)."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np

from recon.record.facts import Facts
from recon.record.figures import Measured
from recon.record.pictures import Frame, axes, picture_from, webp
from recon.types import FloatArray

_SIDE = 640.0  # of the drawing
_PIXELS = 640  # of the model's picture
_FRUSTUM = 0.045  # of the drawing's side
_FAR_CAMERAS = 0.97  # cameras farther away than nearly all are drawn at the edge


@dataclass(frozen=True, slots=True)
class Drawing:
    svg: str
    outside: int  # cameras that lie outside and are not drawn


def camera_plan(facts: Facts, measured: Measured, model: Frame, side: str, label: str) -> Drawing:
    """Seen from `side` (recon.record.pictures.SIDES), the model below its cameras. label: id of what names it."""
    right, up = axes(side)
    centres = [view.centre for view in facts.sparse.views]
    scanners = [] if facts.sparse.surveyed is None else [*facts.sparse.surveyed.scanners]
    frame = _frame(model, np.array([*centres, *scanners]).reshape(-1, 3), right, up)
    unit = _SIDE / frame.side

    def place(point: FloatArray) -> tuple[float, float]:
        off = point - frame.middle
        return _SIDE / 2 + float(off @ right) * unit, _SIDE / 2 - float(off @ up) * unit

    picture = base64.b64encode(webp(picture_from(measured, frame, side, _PIXELS))).decode("ascii")
    parts = [f'<image width="{_SIDE:.0f}" height="{_SIDE:.0f}" href="data:image/webp;base64,{picture}"/>']
    outside = 0
    for view in facts.sparse.views:
        x, y = place(view.centre)
        if not (0 <= x <= _SIDE and 0 <= y <= _SIDE):
            outside += 1
            continue
        length = _FRUSTUM * frame.side
        corners = np.array([[0, 0, 1], [view.width, 0, 1], [view.width, view.height, 1], [0, view.height, 1]])
        in_cam = corners @ np.linalg.inv(view.k).T * length
        ends = [place(c) for c in (in_cam - view.cam_from_world[:, 3]) @ view.cam_from_world[:, :3]]
        path = "".join(f"M{x:.1f} {y:.1f}L{a:.1f} {b:.1f}" for a, b in ends)
        outline = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in ends) + "Z"
        parts.append(f'<path class="cone" d="{outline}"/><path class="ray" d="{path}"/>')
        parts.append(f'<circle class="camera" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>')
    for centre in scanners:
        x, y = place(centre)
        if not (0 <= x <= _SIDE and 0 <= y <= _SIDE):
            outside += 1
            continue
        parts.append(
            f'<circle class="scanner" cx="{x:.1f}" cy="{y:.1f}" r="9"/><circle class="camera" cx="{x:.1f}" '
            f'cy="{y:.1f}" r="2.6"/>'
        )
    if facts.metric:
        parts.append(_scale_bar(unit))
    size = f"{_SIDE:.0f}"
    svg = f'<svg viewBox="0 0 {size} {size}" role="img" aria-labelledby="{label}">{"".join(parts)}</svg>'
    return Drawing(svg, outside)


def round_length(most: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is no more than `most`."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(factor * power for factor in (5, 2, 1) if factor * power <= most * (1 + 1e-9)))


def length_text(metres: float) -> str:
    if metres >= 1:
        return f"{metres:g} m"
    return f"{metres * 100:g} cm" if metres >= 0.01 else f"{metres * 1000:g} mm"


def _scale_bar(unit: float) -> str:
    metres = round_length(0.25 * _SIDE / unit)
    width, y = metres * unit, _SIDE - 18
    return (
        f'<path class="bar" d="M16 {y - 5:.0f}v5h{width:.1f}v-5"/>'
        f'<text x="{16 + width / 2:.1f}" y="{y - 9:.0f}" text-anchor="middle">{length_text(metres)}</text>'
    )


def _frame(model: Frame, centres: FloatArray, right: FloatArray, up: FloatArray) -> Frame:
    """Around the model and nearly all cameras."""
    if not len(centres):
        return model
    half = model.side / 2
    ends = []
    for axis in (right, up):
        middle, along = float(model.middle @ axis), np.sort(centres @ axis)
        cut = int((1 - _FAR_CAMERAS) / 2 * len(along))
        low, high = along[cut], along[len(along) - 1 - cut]
        ends.append((min(middle - half, low), max(middle + half, high)))
    side = max(high - low for low, high in ends) * 1.16
    towards = np.cross(right, up)
    across, upward = ((low + high) / 2 for low, high in ends)
    middle = across * right + upward * up + float(model.middle @ towards) * towards
    return Frame(middle, float(side))
