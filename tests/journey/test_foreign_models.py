"""Models that other programs wrote, as a browser draws them after the library has taken them in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import samples
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import binary_dilation, binary_erosion
from scipy.spatial import ConvexHull
from walkthrough import SHARP, Hung, OpenPage, hang, pose

from exhibit.config import Config
from exhibit.library.bare import from_model
from exhibit.library.bundle import Told

TOLD = Told({"zh": "匣钵", "en": "A box"})
BOX = samples.BOX_CORNERS - np.array([0.5, 0, 0.5])  # a box of 1 m on the floor, as the library places it
LEANING = BOX * [1, 2, 1] + np.where(BOX[:, 1:2] > 0, [0.25, 0, 0], [-0.25, 0, 0])
DIFFUSE = [0.6, 0.15, 0.05, 1]
GLOSSINESS = 0.2
SCALE = 0.3


def glossy_box() -> bytes:
    """A box in the archived material of diffuse colour, specular colour and glossiness."""
    document, binary = samples.box_document()
    name = "KHR_materials_pbrSpecularGlossiness"
    material = {"diffuseFactor": DIFFUSE, "specularFactor": [0.04] * 3, "glossinessFactor": GLOSSINESS}
    document["materials"] = [{"extensions": {name: material}}]
    document["extensionsUsed"] = [name]
    return samples.glb(document, binary)


def rough_box() -> bytes:
    """The same box in glTF's own material: 0.04 is what every dielectric reflects head on (glTF 2.0, B.3.2)."""
    document, binary = samples.box_document()
    plain = {"baseColorFactor": DIFFUSE, "metallicFactor": 0, "roughnessFactor": 1 - GLOSSINESS}
    document["materials"] = [{"pbrMetallicRoughness": plain}]
    return samples.glb(document, binary)


def test_skins_and_glossiness(open_page: OpenPage, tmp_path: Path) -> None:
    """A skinned box is where its joints put it; a box in the archived material has the colour of its equal."""
    visitor = open_page(device_scale_factor=SHARP)
    start = visitor.exhibition.hall["start"]
    eye = np.array(start["position"])
    gaze = np.array(start["target"]) - eye
    back = -gaze * [1, 0, 1] / np.hypot(gaze[0], gaze[2])
    right = np.cross([0, 1, 0], back)
    half = np.arctan2(back[0], back[2]) / 2
    turned = (0.0, float(np.sin(half)), 0.0, float(np.cos(half)))  # their fronts are turned to the eye
    turn = np.column_stack([right, [0, 1, 0], back])
    spots = {
        "skinned": eye - 3 * back - [0, 0.2, 0],
        "glossy": eye - 3 * back - 0.8 * right - [0, 0.2, 0],
        "rough": eye - 3 * back + 0.8 * right - [0, 0.2, 0],
    }
    hung = {}
    for name, content in (("skinned", samples.skinned_box()), ("glossy", glossy_box()), ("rough", rough_box())):
        (tmp_path / f"{name}.glb").write_bytes(content)
        made = from_model(tmp_path / f"{name}.glb", tmp_path / name, TOLD, Config(data=tmp_path))
        hung[name] = Hung(samples.on_disk(made, tmp_path / name), spots[name], turned, SCALE)
    hang(visitor, **hung)
    visitor.walk_in("en")
    visitor.page.evaluate("document.querySelector('.ly-markers').style.visibility = 'hidden'")
    shot = Image.open(io.BytesIO(visitor.page.locator(".ly-canvas").screenshot())).convert("RGB")
    seen = np.asarray(shot, float)
    eye_from_world = np.linalg.inv(pose(np.array(visitor.position), -gaze / np.linalg.norm(gaze)))

    def outline(corners: NDArray[Any], spot: NDArray[Any]) -> NDArray[np.bool_]:
        """The pixels of a convex body."""
        points = (corners * SCALE) @ turn.T + spot
        x, y, z = (points @ eye_from_world[:3, :3].T + eye_from_world[:3, 3]).T
        focal = shot.height / 2 / np.tan(np.radians(start.get("fov_deg", 60)) / 2)
        pixels = np.column_stack([shot.width / 2 - focal * x / z, shot.height / 2 + focal * y / z])
        mask = Image.new("1", shot.size)
        ImageDraw.Draw(mask).polygon([tuple(pixels[i]) for i in ConvexHull(pixels).vertices], fill=1)
        return np.asarray(mask)

    red, green, blue = seen.transpose(2, 0, 1)
    magenta = (np.abs(red - blue) < 8) & (red > green + 60)  # darker where its own shadow lies on its foot
    skinned = outline(LEANING, spots["skinned"])
    assert skinned.sum() > 5_000
    assert magenta[binary_erosion(skinned, iterations=2)].all()
    assert not magenta[~binary_dilation(skinned, iterations=2)].any()
    front = BOX[BOX[:, 2] > 0]
    glossy, rough = (
        seen[binary_erosion(outline(front, spots[name]), iterations=3)].mean(0) for name in ("glossy", "rough")
    )
    assert np.abs(glossy - rough).max() < 4, (glossy, rough)
    assert glossy[0] > glossy[1] + 60 > glossy[2] + 60, glossy
