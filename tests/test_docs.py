"""The READMEs say what the code does: commands, stages, presets, links, places."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from exhibit import cli as exhibit_cli
from recon import cli as recon_cli
from recon.options import PRESETS, Options
from recon.pipeline import cloud, from_photos, from_scans
from recon.pipeline.run import name_of

ROOT = Path(__file__).parents[1]
DOCS = sorted(p for p in [*ROOT.glob("*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("assets/*/README.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_readme_opens_with_a_picture_and_the_two_commands() -> None:
    top = "\n".join(read("README.md").splitlines()[:16])
    assert re.search(r"!\[[^\]]{20,}\]\([^)]+\)", top)
    for command in ("./scripts/demo", "./scripts/test"):
        assert command in top
        assert (ROOT / command).stat().st_mode & 0o111
    assert re.search(r"[一-鿿]{20,}", top)


def commands(program: str) -> set[str]:
    helped = subprocess.run(
        [sys.executable, "-m", program, "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(re.findall(r"^    ([a-z]+) {2,}\S", helped.stdout, re.M))


@pytest.mark.parametrize("program", ["recon", "exhibit"])
def test_every_command_is_in_its_readme(program: str) -> None:
    told = set(re.findall(rf"^\| `{program} ([a-z]+)", read(f"{program}/README.md"), re.M))
    assert commands(program) == told
    for name in re.findall(rf"\.venv/bin/{program} ([a-z]+)", read("README.md")):
        assert name in told


def test_the_demonstrations_commands_are_in_its_readme() -> None:
    told = re.findall(r"^\| `python -m assets\.demo ([a-z]+)", read("assets/demo/README.md"), re.M)
    assert commands("assets.demo") == set(told)


def test_recon_readme_tells_every_stage_and_preset() -> None:
    text = read("recon/README.md")
    stages = list(Options.__dataclass_fields__)
    assert re.findall(r"^\| `([a-z]+)` \|", text, re.M) == stages
    assert all(" -> ".join(map(name_of, each.STAGES)) in text for each in (from_photos, from_scans, cloud))
    assert " -> ".join(map(name_of, from_photos.STAGES)) in read("README.md")
    assert "|".join(PRESETS) in text
    assert {p.stem for p in (ROOT / "recon" / "presets").glob("*.toml")} == set(PRESETS)


def test_every_option_says_what_it_is() -> None:
    """Each field of each stage's options carries a comment; it is the option's only documentation."""
    for stage in Options.__dataclass_fields__:
        source = read(f"recon/stages/{stage}.py")
        body = source.split(f"class {stage.capitalize()}Options:")[1].split("\n\n\n")[0].split("\n    def ")[0]
        for match in re.finditer(r"^    (\w+): .+?(?=^    \w+: |\Z)", body, re.M | re.S):
            assert "#" in match[0], f"{stage}.{match[1]} has no comment"


def hints() -> list[tuple[str, str]]:
    """(key and language, text) of every text that may say what to do."""
    files = [*ROOT.glob("recon/**/texts.json"), *ROOT.glob("exhibit/**/texts.json")]
    texts = [item for file in sorted(files) for item in json.loads(file.read_text(encoding="utf-8")).items()]
    return [(f"{key}.{language}", text) for key, entry in texts for language, text in entry.items()]


def switches(parser: argparse.ArgumentParser) -> set[str]:
    """The --options of a program and of its commands."""
    found = {word for action in parser._actions for word in action.option_strings}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= set().union(*(switches(command) for command in action.choices.values()))
    return found


def test_hints_name_what_there_is() -> None:
    """A command, an option, a stage's option or a script that a text tells people to use exists."""
    known = {program: commands(program) for program in ("recon", "exhibit")}
    all_switches = switches(recon_cli._parser()) | switches(exhibit_cli._parser())
    stages = "|".join(Options.__dataclass_fields__)
    wrong = []
    for key, text in hints():
        # "exhibit" is a word of English too: as a command it stands between backticks, or in a Chinese text
        for program, name in re.findall(r"\b(recon|(?<=`)exhibit|(?<=[一-鿿] )exhibit) ([a-z]+)", text):
            wrong += [f"{key}: {program} {name}"] if name not in known[program] else []
        for stage, name in re.findall(rf"(?<![\w.])({stages})\.([a-z_0-9]+)", text):
            wrong += [f"{key}: {stage}.{name}"] if not hasattr(getattr(Options(), stage), name) else []
        wrong += [f"{key}: {name}" for name in re.findall(r"(?<!\S)--[a-z-]+", text) if name not in all_switches]
        wrong += [f"{key}: {name}" for name in re.findall(r"scripts/[a-z]+", text) if not (ROOT / name).exists()]
        wrong += [f"{key}: Run {name}" for name in re.findall(rf"[Rr]un (?:the )?({stages})\b", text)]
    assert not wrong


def test_changelog_has_an_open_section_and_the_version() -> None:
    assert "## [Unreleased]" in read("CHANGELOG.md")
    project = tomllib.loads(read("pyproject.toml"))["project"]
    package = re.search(r'"version": "([^"]+)"', read("viewer/package.json"))
    assert package is not None
    assert package[1] == project["version"]


def test_nothing_of_this_machine_or_a_registry_is_committed() -> None:
    if not shutil.which("git"):
        pytest.skip("not a git checkout: git is not installed")
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=False, cwd=ROOT)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        assert path.stat().st_size < 1_000_000, f"{name} is over 1 MB"
        text = path.read_bytes().decode("utf-8", "ignore")
        for word in (
            "files.python" + "hosted",
            "registry.npm" + "js",
            '"resol' + 'ved":',
            "/ro" + "ot/",
            "/wo" + "rk/main",
        ):
            assert word not in text, f"{name} holds {word}"
