"""The built wheel is whole: installed alone, away from the checkout, its commands work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
KEPT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".*", "build", "*.egg-info", "demo-work", "tests")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a virtual environment that has Longyao as a wheel; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT, folder / "source", ignore=KEPT_OUT, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, folder / "source", cwd=folder)
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    [wheel] = folder.glob("longyao-*.whl")
    run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    [packages] = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv" / "bin"


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=own_environment(), check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def own_environment() -> Mapping[str, str]:
    """Without what leads Python back to the checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONUNBUFFERED": "1"}


def test_it_is_the_wheel_that_runs(environment: Path, tmp_path: Path) -> None:
    for package in ("recon", "exhibit"):
        where = run(environment / "python", "-c", f"import {package}; print({package}.__file__)", cwd=tmp_path)
        assert Path(where.strip()).is_relative_to(environment.parent)


def test_recon_inspects(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "cloud.ply").write_text(
        "ply\nformat ascii 1.0\nelement vertex 2\n"
        "property float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n1 2 3\n"
    )
    told = json.loads(run(environment / "recon", "inspect", "--json", "cloud.ply", cwd=tmp_path))
    assert told["points"] == 2


def test_exhibit_checks_stores_and_serves(environment: Path, tmp_path: Path) -> None:
    run(environment / "exhibit", "--data", "data", "init", cwd=tmp_path)
    Image.new("RGB", (64, 48), "teal").save(tmp_path / "plan.png")
    run(environment / "exhibit", "--data", "data", "add", "plan.png", cwd=tmp_path)  # checked by the schemas
    command: list[str | Path] = [environment / "exhibit", "--data", "data", "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=own_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout is not None
            address = next(match[0] for line in server.stdout if (match := re.search(r"http://[\d.:]+", line)))
            with urlopen(address) as answer:
                page = answer.read().decode()
            assert "</html>" in page
            for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
                with urlopen(address + path) as answer:
                    assert answer.status == 200
        finally:
            server.terminate()
