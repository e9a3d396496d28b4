#!/usr/bin/env python3
"""Write exhibit/space/templates.json: what each hall template is and how large, measured from the built hall.

--check       only say whether the file is fresh
--pictures    also bake every hall, and an empty plan, and write its picture to exhibit/static/templates (minutes)
--only KEY    with --pictures: bake this template alone
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import open3d as o3d
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from exhibit.halls.templates import PLAN, chosen_building  # noqa: E402
from exhibit.space.build import BUILDERS, DRAFT, bake_room, build_template, built  # noqa: E402
from exhibit.space.collision import RADIUS, Ground, on_foot  # noqa: E402
from exhibit.space.hall import Hall  # noqa: E402
from exhibit.space.sheets import grid_faces  # noqa: E402

FACTS = ROOT / "exhibit" / "space" / "templates.json"
PICTURES = ROOT / "exhibit" / "static" / "templates"
PICTURE_SIZE = (640, 360)
CELL = 0.25  # m, of the floor when its area is measured
HIGHEST = 40.0  # m: what is farther above a floor is the sky


def facts() -> str:
    """The content of templates.json."""
    measured = {key: _measured(key) for key in BUILDERS}
    return json.dumps(measured, ensure_ascii=False, indent=1) + "\n"


def _measured(key: str) -> dict[str, Any]:
    made = BUILDERS[key].built({})
    document = made.document(key)
    floor = Ground(*made.collider()).reachable(on_foot(document), CELL)
    width, _, depth = np.ptp(floor, axis=0) + 2 * RADIUS
    return {
        "width_m": round(float(width), 1),
        "depth_m": round(float(depth), 1),
        "height_m": round(_clear_height(made, floor), 1),
        "floor_area_m2": round(len(floor) * CELL**2),
        "sizes": [asdict(size) for size in BUILDERS[key].sizes],
        "document": document,
    }


def _clear_height(made: Hall, floor: np.ndarray) -> float:
    """From the floor (N, 3) to the highest thing above it that is not the sky, metres."""
    scene = o3d.t.geometry.RaycastingScene()
    for sheet in made.site.sheets:
        if not (sheet.finish.clear and sheet.finish.glows):
            scene.add_triangles(
                o3d.core.Tensor(sheet.grid.reshape(-1, 3).astype(np.float32)),
                o3d.core.Tensor(grid_faces(*sheet.grid.shape[:2]).astype(np.uint32)),
            )
    head, up = floor + np.array([0, 1.7, 0]), np.broadcast_to((0.0, 1.0, 0.0), floor.shape)
    rays = np.concatenate([head, up], 1).astype(np.float32)
    above = scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy()
    return float(above[above < HIGHEST].max() + 1.7)


def _write_pictures(keys: Sequence[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        folders = [build_template(key, Path(scratch), quality=DRAFT) for key in keys if key != PLAN]
        if PLAN in keys:
            folders.append(bake_room(built(chosen_building(PLAN, {})), Path(scratch) / PLAN, quality=DRAFT))
        for folder in folders:
            with Image.open(folder / "thumb.webp") as poster:
                small = poster.resize(PICTURE_SIZE, Image.Resampling.LANCZOS)
            small.save(PICTURES / f"{folder.name}.webp", quality=80, method=6)


def main(arguments: Sequence[str]) -> int:
    text = facts()
    if "--check" in arguments:
        fresh = FACTS.read_text(encoding="utf-8") == text
        print("fresh" if fresh else f"{FACTS.relative_to(ROOT)} is stale: run scripts/hall_templates.py")
        return 0 if fresh else 1
    FACTS.write_text(text, encoding="utf-8")
    if "--pictures" in arguments:
        only = arguments[arguments.index("--only") + 1] if "--only" in arguments else None
        _write_pictures([only] if only else [*BUILDERS, PLAN])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
