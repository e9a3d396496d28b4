"""Furniture that a curator has put into a hall, by the cases that the viewer keeps too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from exhibit.documents.types import Furnishing
from exhibit.space.building import built
from exhibit.space.furnishing import anchors_of, furnish
from exhibit.space.site import Site

ROOT = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = json.loads((ROOT / "assets/schema/cases/furniture.json").read_text("utf-8"))["cases"]
PIECES: list[Furnishing] = [piece for case in CASES for piece in case["furniture"].values()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_anchors(case: dict[str, Any]) -> None:
    assert anchors_of(case["furniture"]) == case["anchors"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_what_visitors_cannot_enter(case: dict[str, Any]) -> None:
    assert case["solids"].keys() == case["furniture"].keys()
    for key, piece in case["furniture"].items():
        site = Site()
        moved: Any = {**piece, "position": [0, 0, 0], "facing_deg": 0}
        furnish(site, {key: moved})
        expected = case["solids"][key]
        assert len(site.solids) == (0 if expected is None else 1)
        if expected is not None:
            points, _ = site.collider()
            assert points.min(0) == pytest.approx(expected["min"])
            assert points.max(0) == pytest.approx(expected["max"])


def test_the_cases_have_every_kind() -> None:
    assert {piece["kind"] for piece in PIECES} == set(get_args(get_type_hints(Furnishing)["kind"]))


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: f"{piece['kind']} {piece['width_m']}")
def test_a_piece_is_as_large_as_it_says_and_stands_where_it_says(piece: Furnishing) -> None:
    site = Site()
    furnish(site, {"one": {**piece, "position": [0, 0, 0], "facing_deg": 0}})
    points = np.concatenate([sheet.grid.reshape(-1, 3) for sheet in site.sheets])
    assert np.isfinite(points).all()
    low, high = points.min(0), points.max(0)
    frame = 0.06 if piece["kind"] in ("panel", "screen") else 0.0  # around a face
    assert high[0] - low[0] == pytest.approx(piece["width_m"] + frame, abs=0.03)
    assert (low[0] + high[0]) == pytest.approx(0, abs=1e-6)
    expected = {"vitrine": piece["height_m"] + 0.795, "standing_panel": piece["height_m"] + 0.6}
    tall = expected.get(piece["kind"], piece["height_m"] + frame)
    assert high[1] - low[1] == pytest.approx(tall, abs=0.02)
    assert (high[1] if piece["kind"] == "lamp" else low[1]) == pytest.approx(0, abs=0.031)


def test_furniture_is_known_without_what_bakes() -> None:
    code = (
        "import sys, exhibit.space.furnishing, exhibit.space.plan_rooms; print({'open3d', 'pycolmap'} & {*sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout == "set()\n"


def test_furniture_joins_a_template_with_its_sheets_its_solids_and_its_anchors() -> None:
    piece: Furnishing = {
        "kind": "vitrine", "position": [-2, 0, 1], "facing_deg": 0, "width_m": 1, "depth_m": 0.6, "height_m": 0.9,
    }  # fmt: skip
    bare, furnished = built({"template": "kiln-gallery"}), built({"template": "kiln-gallery"}, {"mine": piece})
    assert furnished.site.anchors.keys() - bare.site.anchors.keys() == {"mine", "mine-label"}
    assert len(furnished.collider()[1]) == len(bare.collider()[1]) + 12
    more = furnished.site.sheets[len(bare.site.sheets) :]
    points = np.concatenate([sheet.grid.reshape(-1, 3) for sheet in more])
    assert points.min(0) == pytest.approx([-2.5, 0, 0.7], abs=0.05)
    assert points.max(0) == pytest.approx([-1.5, 1.695, 1.3], abs=0.05)
