"""The texture stage against photos whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bumpy import Bumpy, colour, encoded, photographed
from PIL import Image

from recon.errors import BadOptions, BadPhotos, NoReconstruction
from recon.formats.glb_reader import read_glb
from recon.geometry.bake import Textured
from recon.geometry.visibility import Occluders
from recon.nouns import Mesh, TexturedMesh
from recon.progress import Silent
from recon.stages.mesh import MeshOptions
from recon.stages.mesh import build as build_mesh
from recon.stages.texture import TextureOptions, build

GAINS = np.array([1.0, 1.25, 0.8, 1.1, 0.9, 1.2, 0.85, 1.0, 1.15])
MAGENTA = np.array([220, 20, 200])


@pytest.fixture(scope="module")
def ball(tmp_path_factory: pytest.TempPathFactory) -> Bumpy:
    return photographed(tmp_path_factory.mktemp("ball"), gains=GAINS, passer_by=4)


@pytest.fixture(scope="module")
def mesh(ball: Bumpy, tmp_path_factory: pytest.TempPathFactory) -> Mesh:
    options = MeshOptions(fill="closed", max_triangles=16_000, threads=1)
    return build_mesh(ball.cloud, ball.sparse, options, scratch=tmp_path_factory.mktemp("mesh"), progress=Silent())


@pytest.fixture(scope="module")
def textured(ball: Bumpy, mesh: Mesh, tmp_path_factory: pytest.TempPathFactory) -> TexturedMesh:
    return build(
        mesh,
        ball.sparse,
        TextureOptions(max_size=1024),
        scratch=tmp_path_factory.mktemp("texture"),
        progress=Silent(),
    )


def pictures(textured: TexturedMesh) -> tuple[np.ndarray, ...]:
    return tuple(np.asarray(Image.open(atlas).convert("RGB")) for atlas in textured.atlases)


def shown(textured: TexturedMesh, points: np.ndarray) -> np.ndarray:
    """(N, 3) grey levels of the texture at the surface's places nearest to the points."""
    model = Textured(textured.mesh.vertices, textured.mesh.faces, textured.uv, textured.page, pictures(textured))
    face, weights = Occluders(model.vertices, model.faces).closest(points.astype(np.float32))
    return model.colors(face, weights)


def error(textured: TexturedMesh, ball: Bumpy) -> np.ndarray:
    """(N,) grey levels between texture and truth at the points of the cloud, one common gain a channel taken out."""
    points = ball.cloud.points[::3]
    found, truth = shown(textured, points), encoded(colour(points))
    gain = np.median(truth / np.maximum(found, 1), axis=0)
    return np.abs(found * gain - truth).mean(axis=1)


def test_truth(textured: TexturedMesh, ball: Bumpy) -> None:
    wrong = error(textured, ball)
    assert np.median(wrong) < 4
    assert np.percentile(wrong, 95) < 20  # the checks' edges, half a pixel off
    assert textured.uv.min() >= 0
    assert textured.uv.max() <= 1


def test_exposures_are_equalised_and_seams_levelled(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    plain = TextureOptions(max_size=1024, equalise=False, level=False, blend_px=0)
    raw = build(textured.mesh, ball.sparse, plain, scratch=tmp_path, progress=Silent())
    assert error(textured, ball).mean() < 0.6 * error(raw, ball).mean()


def test_a_passer_by_does_not_stay(textured: TexturedMesh, ball: Bumpy) -> None:
    distance = np.abs(shown(textured, ball.cloud.points) - MAGENTA).max(axis=1)
    assert (distance < 60).mean() < 0.0003


def test_no_black_bleeds_in(textured: TexturedMesh, ball: Bumpy) -> None:
    (picture,) = pictures(textured)
    darkest_of_all_photos = min(np.asarray(Image.open(v.path)).max(axis=2).min() for v in ball.sparse.views)
    assert picture.max(axis=2).min() > 0.6 * darkest_of_all_photos


def test_what_no_photo_shows_is_counted_and_painted_from_its_surroundings(textured: TexturedMesh, ball: Bumpy) -> None:
    below = textured.mesh.vertices[textured.mesh.faces].mean(axis=1)
    below = below[below[:, 1] < 0.01]
    assert len(below)
    assert 0.005 < textured.unseen_share < 0.1
    rim = ball.cloud.points[ball.cloud.points[:, 1] < ball.cloud.points[:, 1].min() + 0.06]
    around, painted = shown(textured, rim), shown(textured, below)
    assert np.all(painted.min(axis=0) >= around.min(axis=0) - 3)
    assert np.all(painted.max(axis=0) <= around.max(axis=0) + 3)


def test_master_is_the_texture_without_loss(textured: TexturedMesh) -> None:
    master = read_glb(textured.atlases[0].with_name("master.glb"))
    (part,) = master.parts
    assert part.material is not None
    assert part.material.unlit
    assert part.material.base_color_texture is not None
    assert np.array_equal(part.material.base_color_texture.pixels(), *pictures(textured))
    assert np.array_equal(part.positions[part.faces], textured.mesh.vertices[textured.mesh.faces])
    assert part.uv is not None
    assert np.array_equal(part.uv[part.faces], textured.uv)
    assert master.extras["unit"] == "metre"
    assert master.extras["frame"] == "right-handed, +Y up"


def test_same_photos_same_bytes(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    build(textured.mesh, ball.sparse, TextureOptions(max_size=1024), scratch=tmp_path, progress=Silent())
    for name in ("atlas-1.png", "master.glb"):
        assert (tmp_path / name).read_bytes() == textured.atlases[0].with_name(name).read_bytes()


def test_a_smaller_texture_is_kept_to(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    small = build(textured.mesh, ball.sparse, TextureOptions(max_size=256), scratch=tmp_path, progress=Silent())
    assert [picture.shape for picture in pictures(small)] == [(256, 256, 3)]
    assert np.median(error(small, ball)) < 12


def test_nothing_to_paint_is_refused(ball: Bumpy, tmp_path: Path) -> None:
    nothing = Mesh(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), np.zeros(0, np.uint8))
    with pytest.raises(NoReconstruction, match="no faces") as refusal:
        build(nothing, ball.sparse, TextureOptions(), scratch=tmp_path, progress=Silent())
    assert refusal.value.hint


def test_a_lost_photo_is_told(mesh: Mesh, tmp_path: Path) -> None:
    other = photographed(tmp_path / "other", num_photos=3)
    other.sparse.views[1].path.unlink()
    with pytest.raises(BadPhotos, match=r"01\.png"):
        build(mesh, other.sparse, TextureOptions(), scratch=tmp_path, progress=Silent())


def test_bad_options_are_refused() -> None:
    with pytest.raises(BadOptions):
        TextureOptions(max_size=100_000)
    with pytest.raises(BadOptions):
        TextureOptions(candidates=0)
