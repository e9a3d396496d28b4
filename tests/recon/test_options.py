"""Options: defaults < preset < file < settings, and errors that name what exists."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

import recon.options
from recon.cli import main
from recon.errors import BadOptions
from recon.messages import LANGUAGES, Language, say
from recon.options import PRESETS, Options, described


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_its_file_over_the_defaults(preset: str) -> None:
    table = tomllib.loads((Path(recon.options.__file__).parent / "presets" / f"{preset}.toml").read_text("utf-8"))
    options, defaults = asdict(Options.gather(preset)), asdict(Options())
    for stage, values in table.items():
        for name, value in values.items():
            assert options[stage][name] == value
            assert defaults[stage][name] != value, f"{preset}: {stage}.{name} is the default already"
        options[stage] |= {name: defaults[stage][name] for name in values}
    assert options == defaults  # nothing else is changed


def test_presets_differ() -> None:
    assert len({repr(Options.gather(preset)) for preset in PRESETS}) == len(PRESETS)


def test_every_option_is_listed_with_its_default_its_presets_and_its_comment() -> None:
    listed = {f"{option.stage}.{option.name}": option for option in described()}
    assert list(listed) == [f"{stage}.{name}" for stage, group in asdict(Options()).items() for name in group]
    assert all(option.comment for option in listed.values())
    ground = listed["align.ground"]
    assert (ground.kind, ground.default, ground.presets["object"]) == ("none | stand | cut", "none", "cut")
    assert ground.comment == 'find the plane that it stands on; "cut" also removes that plane'
    assert listed["align.hold_out"].kind == "str,…"
    for option in listed.values():  # what is listed can be set
        if option.default:
            assert Options().with_setting(f"{option.stage}.{option.name}={option.default}") == Options()
    assert [option.name for option in described("dense")] == list(asdict(Options().dense))
    with pytest.raises(BadOptions, match="no stage 'dnese'"):
        described("dnese")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_lists_options_in_the_readers_language(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", language, "options", "align"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(say("cli.options_frame", language))
    assert "[align]" + (" 摆正" if language == "zh" else "\n") in said
    assert "align.ground = none    none | stand | cut\n" in said
    assert ("预设中的值：object cut" if language == "zh" else "presets: object cut") in said


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
        ("dnese.min_views=3", "photos, features, background, matches"),
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
    assert words in refused.value.hint()


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
