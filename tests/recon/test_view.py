"""recon view, drawn without a display."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from test_glb import ball
from test_ply import cloud, save

from recon.errors import BadModel, NoReconstruction
from recon.formats.glb import write_glb
from recon.view import view


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def test_mesh_with_its_texture(tmp_path: Path) -> None:
    (tmp_path / "texture").mkdir()
    write_glb(tmp_path / "texture" / "master.glb", [ball()])
    view(tmp_path, tmp_path / "view.png")
    found = pixels(tmp_path / "view.png")
    middle = found[300:500, 540:740].reshape(-1, 3)
    assert found.shape == (800, 1280, 3)
    assert (found[5, 640] == 255).all()
    assert middle[:, 2].std() > 60  # the checks


def test_cloud(tmp_path: Path) -> None:
    (tmp_path / "dense").mkdir()
    save(tmp_path / "dense" / "cloud.ply", cloud())
    view(tmp_path, tmp_path / "view.png")
    assert (pixels(tmp_path / "view.png").min(axis=2) < 200).sum() > 100


def test_nothing_to_see_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoReconstruction, match="nothing to see") as refusal:
        view(tmp_path, tmp_path / "view.png")
    assert refusal.value.hint()


def test_a_broken_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "align" / "model").mkdir(parents=True)
    with pytest.raises(BadModel, match="COLMAP"):
        view(tmp_path, tmp_path / "view.png")
