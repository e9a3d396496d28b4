"""The shadow that the raking lamp throws, as a browser draws it, against rays to the lamp."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Route, expect
from scipy.ndimage import binary_erosion
from walkthrough import DESKTOP, SHARP, OpenPage, pose

from recon.formats.glb import Part, write_glb

FloatArray = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

HALF = 0.5  # the plate's half side, m; it lies in z = 0, the eye is at +z
PEG = np.array([[-0.06, 0.05, 0], [0.06, 0.17, 0.2]])  # lowest and highest corner, m
FOV_DEG = 60
PLAIN = (530, 310)  # row and column of a pixel of the plate where no shadow falls
LAMPS = ((90, 25), (200, 50))  # degrees clockwise from above, degrees towards the eye


def peg_on_plate() -> list[Part]:
    plate = np.array([[x, y, 0] for x in (-HALF, HALF) for y in (-HALF, HALF)], np.float32)
    corners = np.array([[PEG[i >> axis & 1][axis] for axis in range(3)] for i in range(8)], np.float32)
    sides = ([0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5])
    faces = np.array([corner for a, b, c, d in sides for corner in ((a, b, c), (a, c, d))])
    return [Part(positions=plate, faces=np.array([[0, 2, 3], [0, 3, 1]])), Part(positions=corners, faces=faces)]


def meets_peg(places: FloatArray, ways: FloatArray) -> Mask:
    """Whether rays from (..., 3) places along (..., 3) ways meet the peg."""
    low, high = ((corner - places) / np.where(np.abs(ways) < 1e-9, 1e-9, ways) for corner in PEG)
    enter, leave = np.minimum(low, high).max(-1), np.maximum(low, high).min(-1)
    return np.asarray(leave > np.maximum(enter, 1e-4))


def shadowed(eye: FloatArray, lamp: tuple[int, int], middle: FloatArray, shape: tuple[int, int]) -> tuple[Mask, Mask]:
    """Which pixels show the plate, and which of its places are in the peg's shadow.

    The eye, in the plate's frame, looks upright at the middle of plate and peg, which is at row and column `middle`.
    """
    back = eye - PEG.mean(0) * [0, 0, 1]
    axes = pose(eye, back / np.linalg.norm(back))[:3, :3]
    turn, rise = np.radians(lamp)
    to_lamp = axes @ [np.cos(rise) * np.sin(turn), np.cos(rise) * np.cos(turn), np.sin(rise)]
    row, column = np.mgrid[: shape[0], : shape[1]] + 0.5
    focal = shape[0] / 2 / np.tan(np.radians(FOV_DEG) / 2)
    ways = np.stack([column - middle[1], middle[0] - row, np.full(shape, -focal)], -1) @ axes.T
    places = eye - (eye[2] / ways[..., 2])[..., None] * ways
    plate = (np.abs(places[..., :2]) < HALF).all(-1) & ~meets_peg(np.broadcast_to(eye, ways.shape), ways)
    return plate, meets_peg(places, np.broadcast_to(to_lamp, ways.shape))


def extent(mask: Mask) -> FloatArray:
    """First and last row, first and last column: (2, 2)."""
    return np.array([[where.min(), where.max()] for where in mask.nonzero()], float)


def test_the_lamp_throws_the_shadow_that_geometry_says(open_page: OpenPage, tmp_path: Path) -> None:
    visitor = open_page(screen=DESKTOP, device_scale_factor=SHARP)
    page = visitor.page
    write_glb(tmp_path / "peg.glb", peg_on_plate())
    data = (tmp_path / "peg.glb").read_bytes()
    model = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "mime": "model/gltf-binary"}
    start = visitor.exhibition.hall["start"]
    back = (np.array(start["position"]) - start["target"]) * [1, 0, 1]
    back /= np.linalg.norm(back)
    spot = np.array(start["position"]) - 2.5 * back - [0, 0.2, 0]
    half = np.arctan2(back[0], back[2]) / 2  # turned to whoever comes in

    def retell(route: Route) -> None:
        hall = route.fetch().json()
        thing = hall["assets"]["saggar"]
        thing["files"] = {"thumb": thing["files"]["thumb"], "model": model}
        thing["bounds"] = {"min": [-HALF, -HALF, 0], "max": [HALF, HALF, PEG[1, 2]]}
        turned = [0, float(np.sin(half)), 0, float(np.cos(half))]
        hall["placements"]["saggar"] |= {"translation": spot.tolist(), "rotation": turned, "scale": 1}
        route.fulfill(body=json.dumps(hall), content_type="application/json")

    page.route("**/api/halls/*", retell)
    page.route(f"**/media/{model['sha256']}", lambda route: route.fulfill(path=tmp_path / "peg.glb"))
    visitor.walk_in("en", at="#exhibit=saggar")
    page.mouse.move(500, 400)
    page.mouse.wheel(0, 150)  # farther, so that no bar covers the plate
    visitor.await_still()
    page.locator(".ly-strip [data-key=light]").click()
    page.get_by_role("button", name="Shape only").click()
    expect(page.locator(".ly-card[data-tool=light]")).to_be_visible()
    for lamp in LAMPS:
        sliders = page.locator(".ly-card input[type=range]")
        for i, degrees in enumerate(lamp):
            sliders.nth(i).fill(str(degrees))
        visitor.await_still()
        shot = Image.open(io.BytesIO(page.locator(".ly-canvas").screenshot())).convert("L")
        seen = np.asarray(shot, float)
        eye = (np.array(visitor.position) - spot) @ np.column_stack([np.cross([0, 1, 0], back), [0, 1, 0], back])
        lit = np.abs(seen - seen[PLAIN]) < 4
        lit[:70] = lit[600:] = lit[:, :90] = lit[:, 1000:] = False  # the bars, the card, the panel
        middle = np.array([shot.height, shot.width]) / 2
        plate, dark = shadowed(eye, lamp, middle, (shot.height, shot.width))
        middle += (extent(lit) - extent(plate & ~dark)).mean(1)  # in the midst of what no panel covers
        plate, dark = shadowed(eye, lamp, middle, (shot.height, shot.width))
        inside = binary_erosion(plate, iterations=2)
        black = seen < 0.75 * seen[PLAIN]
        assert (inside & dark).sum() > 2000
        assert (inside & dark & black).sum() > 0.96 * (inside & (dark | black)).sum(), lamp
