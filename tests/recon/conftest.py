"""A bumpy ball, photographed and painted: what the delivery's tests are about; and a workshop, scanned."""

from __future__ import annotations

import pytest
from bumpy import Bumpy, on_disk, painted, photographed
from scanned import Scanned, scanned

from recon.progress import Silent
from recon.stages.mesh import MeshOptions
from recon.stages.mesh import build as build_mesh
from recon.stages.texture import TextureOptions
from recon.types import TexturedMesh


@pytest.fixture(scope="session")
def ball(tmp_path_factory: pytest.TempPathFactory) -> Bumpy:
    return photographed(tmp_path_factory.mktemp("ball"))


@pytest.fixture(scope="session")
def textured(ball: Bumpy, tmp_path_factory: pytest.TempPathFactory) -> TexturedMesh:
    scratch = tmp_path_factory.mktemp("texture")
    options = MeshOptions(fill="closed", max_triangles=20_000, threads=1)
    mesh = build_mesh(on_disk(ball.cloud, scratch), ball.sparse, options, scratch=scratch, progress=Silent())
    return painted(mesh, ball.sparse, TextureOptions(max_size=1024), scratch)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Four stations of some 60,000 points."""
    return scanned(tmp_path_factory.mktemp("workshop"))
