"""recon view, drawn without a display."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from test_glb import ball
from test_ply import cloud, save

from recon.errors import BadModel, BadOptions, NoReconstruction
from recon.formats.glb import write_glb
from recon.geometry.region import Region
from recon.options import Options
from recon.types import PointCloud
from recon.view import drawn, picked, view
from recon.workspace import Workspace


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
    workspace = Workspace(tmp_path)
    file = workspace.scratch("dense", "key") / "cloud.ply"
    save(file, cloud())
    workspace.finish("dense", "key", PointCloud(file, len(cloud().points)))
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


def test_two_points_are_picked_on_the_surface(tmp_path: Path) -> None:
    (tmp_path / "texture").mkdir()
    write_glb(tmp_path / "texture" / "master.glb", [ball()])

    def press(plotter: Any) -> None:
        for x, y in ((560, 400), (720, 400)):
            plotter.iren._mouse_right_button_press(x, y)
            plotter.iren._mouse_right_button_release()

    a, b = picked(tmp_path, "en", press)
    radius = np.linalg.norm(ball().positions, axis=1).max()
    assert np.linalg.norm([a, b], axis=1) == pytest.approx([radius, radius], rel=0.02)
    assert np.linalg.norm(a - b) > 0.3 * radius
    with pytest.raises(BadOptions, match="0 were picked"):
        picked(tmp_path, "en", lambda _: None)


def test_a_box_is_drawn_around_what_is_to_stay(tmp_path: Path) -> None:
    (tmp_path / "texture").mkdir()
    write_glb(tmp_path / "texture" / "master.glb", [ball()])

    def press(plotter: Any) -> None:
        (widget,) = plotter.widgets.box_widgets
        widget.SetPlaceFactor(1)
        widget.PlaceWidget(-0.5, 0.5, 0, 0.5, -0.25, 2)
        widget.InvokeEvent("EndInteractionEvent")

    region = drawn(tmp_path, "en", press)
    assert Region.of(str(region)) == region
    assert region.holds(np.array([[0, 0.2, 0], [0, 0.2, -0.4], [0.6, 0.2, 0]])).tolist() == [True, False, False]
    with pytest.raises(BadOptions, match="not changed"):
        drawn(tmp_path, "en", lambda _: None)


def test_a_length_is_kept_among_other_options(tmp_path: Path) -> None:
    file = tmp_path / "options.toml"
    Options.keep(file, "align", "length", "0 0 0, 1 0 0, 2")
    assert file.read_text("utf-8") == '[align]\nlength = "0 0 0, 1 0 0, 2"\n'
    rest = 'ground = "cut"\n\n[mesh]\nmax_triangles = 5000\n'
    file.write_text(f'# 我的选项\n[align] # how\nlength = "old"\n{rest}', "utf-8")
    Options.keep(file, "align", "length", "0 0 0, 1 0 0, 3")
    assert file.read_text("utf-8") == f'# 我的选项\n[align] # how\nlength = "0 0 0, 1 0 0, 3"\n{rest}'
    file.write_text("no toml", "utf-8")
    with pytest.raises(BadOptions):
        Options.keep(file, "align", "length", "0 0 0, 1 0 0, 3")
    assert file.read_text("utf-8") == "no toml"
