"""The Khronos glTF validator, run by Node on a file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VALIDATOR = ROOT / "viewer" / "node_modules" / "gltf-validator"
_ASK = """
const validator = require(process.argv[1]);
const data = new Uint8Array(require("fs").readFileSync(process.argv[2]));
validator.validateBytes(data, {maxIssues: 20}).then(report => console.log(JSON.stringify(report.issues)));
"""


def khronos_problems(path: Path) -> list[str]:
    """What the Khronos validator calls an error or a warning; skips where it is not installed."""
    node = Path(sys.executable).with_name("node")
    if not VALIDATOR.is_dir():
        pytest.skip("gltf-validator is not installed: run npm ci in viewer/")
    if not node.exists():
        pytest.skip("node is not installed: pip install longyao[dev]")
    asked = subprocess.run([node, "-e", _ASK, VALIDATOR, path], capture_output=True, text=True, check=True)
    issues = json.loads(asked.stdout)
    return [f"{m['code']} {m['message']} {m.get('pointer')}" for m in issues["messages"] if m["severity"] < 2]
