"""Options: defaults < preset < file < settings, and errors that name what exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon.errors import BadOptions
from recon.options import PRESETS, Options


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_reads(preset: str) -> None:
    Options.gather(preset)


def test_each_source_beats_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "options.toml"
    assert Options().depth.neighbours == 8
    assert Options.gather("room").depth.neighbours == 10
    file.write_text("[depth]\nneighbours = 12\n[dense]\nmin_views = 4\nmax_error_px = 2\n")
    assert Options.gather("room", file).depth.neighbours == 12
    options = Options.gather(
        "room", file, ["dense.min_views=5", "align.hold_out=a.jpg,龙 b.jpg", "sparse.self_calibrate=no"]
    )
    assert options.dense.min_views == 5
    assert options.dense.max_error_px == 2.0
    assert options.align.hold_out == ("a.jpg", "龙 b.jpg")
    assert options.sparse.self_calibrate is False


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("dense.min_views", "stage.option=value"),
        ("min_views=3", "stage.option=value"),
        ("dnese.min_views=3", "The stages are photos, features"),
        ("dense.min_viewz=3", "Its options are min_views"),
        ("dense.min_views=many", "such as 3"),
        ("dense.min_views=2.5", "such as 3"),
        ("depth.quality=best", "preview, standard, high"),
        ("sparse.self_calibrate=perhaps", "true or false"),
    ],
)
def test_bad_settings_are_refused_with_what_exists(setting: str, words: str) -> None:
    with pytest.raises(BadOptions) as refused:
        Options.gather("object", None, [setting])
    assert words in refused.value.hint


def test_bad_preset_and_file(tmp_path: Path) -> None:
    with pytest.raises(BadOptions, match="no preset 'castle'"):
        Options.gather("castle")
    file = tmp_path / "options.toml"
    file.write_text("[dense\n")
    with pytest.raises(BadOptions, match="is not TOML"):
        Options.gather("object", file)
    file.write_text("dense = 3\n")
    with pytest.raises(BadOptions, match="dense is a stage"):
        Options.gather("object", file)
