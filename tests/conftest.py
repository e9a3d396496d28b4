"""Fixtures that several tests share: rendered photographs with exact truth, real data where it is at hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import synthetic
from recon.synthetic.studio import Truth

ROOT = Path(__file__).parents[1]
REAL_DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Photographed:
    """A folder of rendered photos and the truth they show."""

    folder: Path
    truth: Truth


@pytest.fixture(scope="session")
def relief(tmp_path_factory: pytest.TempPathFactory) -> Photographed:
    """A brick relief in ten photos of 640 px on an arc."""
    folder = tmp_path_factory.mktemp("relief") / "photos"
    return Photographed(
        folder, synthetic.photograph(synthetic.brick_relief(), folder, num_photos=10, width=640, arc_deg=110)
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real photos, scans and hostile files; they are not part of the project."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}")
    return REAL_DATA
