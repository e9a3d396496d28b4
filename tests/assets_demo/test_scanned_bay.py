"""The scanned bay of the demonstration: its points are where surfaces are, its bundles keep the contract."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assets.demo import scanned_bay
from assets.demo.models import write_models
from exhibit.config import Config
from exhibit.library.bundle import read_bundle
from recon.modelling import workshop

STEP_DEG = 1.2  # a twentieth of the rays that the demonstration has


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("survey")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanned_bay, "SCANNER", replace(scanned_bay.SCANNER, step_deg=STEP_DEG))
        patch.setattr(scanned_bay, "SHADE", 1)
        patch.setattr(scanned_bay, "DPI", 40)
        write_models(folder, ["scanned-bay"])
    return folder


def test_its_bundles_keep_the_contract_and_say_that_it_is_simulated(bundles: Path) -> None:
    config = Config.from_environment(data=bundles / "data")
    cloud = read_bundle(bundles / "scanned-bay", config).document
    assert cloud["kind"] == "cloud"
    assert cloud["origin"]["method"] == "simulated-scan"
    assert "代码建模" in cloud["origin"]["statement"]["zh"]
    assert "neither a real place" in cloud["origin"]["statement"]["en"]
    assert cloud["files"]["tiles"]["archive"]["points"] > 50_000
    size = np.array(cloud["bounds"]["max"]) - cloud["bounds"]["min"]
    np.testing.assert_allclose(size, scanned_bay.SIZE, atol=1e-9)
    for name in ("bay-plan", "bay-section"):
        picture = read_bundle(bundles / name, config).document
        assert picture["files"]["picture"]["width"] > picture["files"]["picture"]["height"]
        assert "not a real place" in picture["origin"]["statement"]["en"]
        assert json.loads((bundles / name / "asset.json").read_text("utf-8"))["title"] == picture["title"]


def test_its_points_lie_on_what_was_scanned() -> None:
    scene = workshop.build().scene()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanned_bay, "SCANNER", replace(scanned_bay.SCANNER, step_deg=2.4))
        patch.setattr(scanned_bay, "SHADE", 0)
        bay = scanned_bay.scan_bay(scene)
    there = bay.points + np.array([scanned_bay.MIDDLE, 0, 0], np.float32)
    for spot in bay.stations:
        assert np.abs(spot[[0, 2]]).max() < 6
    away = np.full(len(there), np.inf)
    for spot in bay.stations + np.array([scanned_bay.MIDDLE, 0, 0]):
        ray = there - spot
        far = np.linalg.norm(ray, axis=1)
        met = scene.cast(spot, ray / far[:, None])[0]
        away = np.minimum(away, np.abs(met - far))
    assert np.median(away) < 0.002
    assert (away < 0.01).mean() > 0.97  # the others are where a beam met an edge
