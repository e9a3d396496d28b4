"""The Python types of documents are those of assets/schema; the viewer's are held by viewer/test/schema.test.ts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_types_are_what_the_schemas_say() -> None:
    command = [sys.executable, "scripts/document_types.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
