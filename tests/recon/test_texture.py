"""The texture stage against photos whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from bumpy import Bumpy, colour, encoded, on_disk, painted, photographed
from PIL import Image
from seams import seam_steps

from recon.errors import BadOptions, BadPhotos, NoReconstruction
from recon.formats.glb_reader import read_glb
from recon.formats.srgb import decoded_bytes
from recon.geometry import atlas, raster
from recon.geometry.bake import Textured
from recon.geometry.exposure import radius_squared_grid
from recon.geometry.surface import face_areas, face_normals
from recon.geometry.visibility import Occluders, faces_in_view, project
from recon.progress import Silent
from recon.stages.mesh import MeshOptions
from recon.stages.mesh import build as build_mesh
from recon.stages.texture import TextureOptions
from recon.types import Mesh, TexturedMesh

GAINS = np.array([1.0, 1.25, 0.8, 1.1, 0.9, 1.2, 0.85, 1.0, 1.15])
MAGENTA = np.array([220, 20, 200])


@pytest.fixture(scope="module")
def ball(tmp_path_factory: pytest.TempPathFactory) -> Bumpy:
    return photographed(tmp_path_factory.mktemp("ball"), gains=GAINS, passer_by=4)


@pytest.fixture(scope="module")
def mesh(ball: Bumpy, tmp_path_factory: pytest.TempPathFactory) -> Mesh:
    options = MeshOptions(fill="closed", max_triangles=16_000, threads=1)
    scratch = tmp_path_factory.mktemp("mesh")
    cloud = on_disk(ball.cloud, scratch)
    return build_mesh(cloud, ball.sparse, options, scratch=scratch, progress=Silent())


@pytest.fixture(scope="module")
def textured(ball: Bumpy, mesh: Mesh, tmp_path_factory: pytest.TempPathFactory) -> TexturedMesh:
    return painted(mesh, ball.sparse, TextureOptions(max_size=1024), tmp_path_factory.mktemp("texture"))


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
    return np.asarray(np.abs(found * gain - truth).mean(axis=1))


def test_truth(textured: TexturedMesh, ball: Bumpy) -> None:
    wrong = error(textured, ball)
    assert np.median(wrong) < 4
    assert np.percentile(wrong, 95) < 20  # the checks' edges, half a pixel off
    assert textured.uv.min() >= 0
    assert textured.uv.max() <= 1


def test_exposures_are_equalised_and_seams_levelled(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    plain = TextureOptions(max_size=1024, level=False, blend_px=0)
    raw = painted(textured.mesh, ball.sparse, plain, tmp_path, equalise=False)
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
    seen = np.zeros(len(ball.faces), bool)
    for view in ball.sparse.views:
        occluders, normals = Occluders(ball.vertices, ball.faces), face_normals(ball.vertices, ball.faces)
        seen |= faces_in_view(occluders, ball.vertices, ball.faces, normals, view).quality > 0
    area = face_areas(ball.vertices, ball.faces)
    assert textured.unseen_share == pytest.approx(area[~seen].sum() / area.sum(), abs=0.03)
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
    (picture,) = pictures(textured)
    assert np.array_equal(part.material.base_color_texture.pixels(), picture)
    assert np.array_equal(part.positions[part.faces], textured.mesh.vertices[textured.mesh.faces])
    assert part.uv is not None
    assert np.array_equal(part.uv[part.faces], textured.uv)
    assert master.extras["unit"] == "metre"
    assert master.extras["frame"] == "right-handed, +Y up"


def test_same_photos_same_bytes(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    painted(textured.mesh, ball.sparse, TextureOptions(max_size=1024), tmp_path)
    for name in ("atlas-1.png", "master.glb"):
        assert (tmp_path / name).read_bytes() == textured.atlases[0].with_name(name).read_bytes()


def test_a_smaller_texture_is_kept_to(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    small = painted(textured.mesh, ball.sparse, TextureOptions(max_size=256, max_pages=1), tmp_path)
    assert [picture.shape for picture in pictures(small)] == [(256, 256, 3)]
    assert np.median(error(small, ball)) < 12


def test_nothing_to_paint_is_refused(ball: Bumpy, tmp_path: Path) -> None:
    nothing = Mesh(
        np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), np.zeros(0, np.uint8), np.zeros(0, np.uint8)
    )
    with pytest.raises(NoReconstruction, match="no faces") as refusal:
        painted(nothing, ball.sparse, TextureOptions(), tmp_path)
    assert refusal.value.hint()


def test_a_lost_photo_is_told(mesh: Mesh, tmp_path: Path) -> None:
    other = photographed(tmp_path / "other", num_photos=3)
    other.sparse.views[1].path.unlink()
    with pytest.raises(BadPhotos, match=r"01\.png"):
        painted(mesh, other.sparse, TextureOptions(), tmp_path)


def test_bad_options_are_refused() -> None:
    with pytest.raises(BadOptions):
        TextureOptions(max_size=100_000)
    with pytest.raises(BadOptions):
        TextureOptions(candidates=0)


def seam_ratio(textured: TexturedMesh) -> float:
    mesh = textured.mesh
    return seam_steps(mesh.vertices, mesh.faces, textured.uv, textured.page, pictures(textured)).ratio


def test_seams_cannot_be_told_from_the_texture_itself(mesh: Mesh, tmp_path: Path) -> None:
    """Exposures over two stops and corners at half the light: the step across seams is that inside charts."""
    gains = np.array([0.6, 1.2, 0.8, 1.1, 0.5, 1.0, 0.7, 1.15, 0.9])
    ball = photographed(tmp_path / "ball", gains=gains)
    for view in ball.sparse.views:
        linear = decoded_bytes(np.asarray(Image.open(view.path)))
        dark = np.exp(-0.7 * radius_squared_grid(view.width, view.height)).astype(np.float32)
        Image.fromarray(np.rint(encoded(linear * dark[..., None])).astype(np.uint8)).save(view.path)
    options = TextureOptions(max_size=1024)
    good = painted(mesh, ball.sparse, options, tmp_path / "good")
    plain = replace(options, level=False, blend_px=0)
    raw = painted(mesh, ball.sparse, plain, tmp_path / "raw", equalise=False)
    assert seam_ratio(good) < 1.25
    assert seam_ratio(raw) > 2


def test_outlines_do_not_break_at_seams_where_cameras_are_two_pixels_off(
    ball: Bumpy, mesh: Mesh, tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    views = []
    for view in ball.sparse.views:
        off = 2 * float(np.linalg.norm(view.centre)) / view.k[0, 0] * random.normal(size=3) * (1, 1, 0)
        views.append(replace(view, cam_from_world=view.cam_from_world + np.column_stack([np.zeros((3, 3)), off])))
    sparse = replace(ball.sparse, views=tuple(views))
    options = TextureOptions(max_size=1024)
    blended = painted(mesh, sparse, options, tmp_path / "blended")
    hard = painted(mesh, sparse, replace(options, blend_px=0), tmp_path / "hard")
    assert seam_ratio(blended) < 1.12
    assert seam_ratio(blended) - 1 < 0.6 * (seam_ratio(hard) - 1)


def test_nothing_is_left_of_people_who_walked_through_two_of_twelve_photos(mesh: Mesh, tmp_path: Path) -> None:
    ball = photographed(tmp_path / "ball", num_photos=12)
    behind = np.zeros(len(ball.cloud), bool)
    person = np.zeros((220, 90, 3), np.uint8)
    person[:50] = (214, 170, 140)  # a face, a striped coat, trousers
    person[50:140] = np.where((np.arange(90) // 9 % 2)[None, :, None] == 0, (40, 50, 110), (160, 160, 150))
    person[140:] = (60, 45, 35)
    for number, left in ((3, 150), (4, 230)):
        view = ball.sparse.views[number]
        photo = np.asarray(Image.open(view.path)).copy()
        photo[70:290, left : left + 90] = person
        Image.fromarray(photo).save(view.path)
        px, _ = project(view, ball.cloud.points)
        shows = Occluders(ball.vertices, ball.faces).sees(view.centre, ball.cloud.points)
        behind |= shows & (px > (left, 70)).all(axis=1) & (px < (left + 90, 290)).all(axis=1)
    result = painted(mesh, ball.sparse, TextureOptions(max_size=1024), tmp_path / "out")
    wrong = np.abs(shown(result, ball.cloud.points) - encoded(colour(ball.cloud.points))).mean(axis=1)
    assert behind.sum() > 2000
    assert np.median(wrong[behind]) < 4
    assert np.percentile(wrong[behind], 99) < 1.15 * np.percentile(wrong[~behind], 99)


def test_the_photos_own_detail_is_kept_on_as_many_pages_as_it_needs(
    textured: TexturedMesh, ball: Bumpy, tmp_path: Path
) -> None:
    paged = painted(textured.mesh, ball.sparse, TextureOptions(max_size=256), tmp_path)
    assert len(paged.atlases) > 1
    assert {picture.shape for picture in pictures(paged)} == {(256, 256, 3)}
    assert set(paged.page) == set(range(len(paged.atlases)))
    assert np.median(error(paged, ball)) < 1.1 * np.median(error(textured, ball))


def rings(outer: np.ndarray, inner: np.ndarray, stretch: np.ndarray) -> atlas.Charts:
    """A chart each: elliptic rings of these radii, px."""
    plane, of_face = [], []
    for number, (far, near, flat) in enumerate(zip(outer, inner, stretch, strict=True)):
        for a, b in pairwise(np.linspace(0, 2 * np.pi, 24)):
            arc = np.array([[np.cos(a), np.sin(a)], [np.cos(b), np.sin(b)]]) * (1, flat)
            quad = np.concatenate([arc * near, arc * far]) + 500
            plane += [quad[[0, 1, 2]], quad[[1, 3, 2]]]
            of_face += [number, number]
    numbers = np.arange(len(outer), dtype=np.int32)
    return atlas.Charts(np.array(of_face, np.int32), np.array(plane, np.float32), numbers)


def test_charts_never_overlap() -> None:
    """Each chart and its margin has its texels to itself, whatever its shape."""
    random = np.random.default_rng(3)
    outer = random.uniform(3, 60, 60)
    charts = rings(outer, outer * random.uniform(0.5, 0.95, 60), random.uniform(0.3, 1, 60))
    layout = atlas.laid_out(charts, max_side=256, margin=3, max_pages=6)
    assert layout.scale == 1
    assert layout.num_pages > 1
    owner = np.full((layout.num_pages, layout.side, layout.side), -1)
    for chart in range(60):
        local = (charts.plane[charts.of_face == chart] - layout.origin[chart]).astype(np.float32)
        width, height = layout.size[chart]
        (x, y), mine = layout.place[chart], raster.cover(local, width, height, 3) >= 0
        box = owner[layout.page[chart], y : y + height, x : x + width]
        assert (box[mine] == -1).all()
        box[mine] = chart


def test_a_chart_may_stand_in_the_hole_of_another() -> None:
    charts = rings(np.array([120.0, 50.0]), np.array([110.0, 1.0]), np.ones(2))
    layout = atlas.laid_out(charts, max_side=256, margin=3)
    assert (layout.scale, layout.side, layout.num_pages) == (1, 256, 1)
    assert layout.size.prod(axis=1).sum() > 256**2


def test_no_face_is_painted_from_behind_a_mask(ball: Bumpy, mesh: Mesh, tmp_path: Path) -> None:
    """The passer-by is masked in his photo: he is not on the texture, although no photo is doubted."""
    kept = np.full((360, 480), 255, np.uint8)
    kept[120:260, 200:290] = 0
    Image.fromarray(kept).save(tmp_path / "mask.png")
    masked = replace(ball.sparse.views[4], mask=tmp_path / "mask.png")
    views = tuple(masked if number == 4 else view for number, view in enumerate(ball.sparse.views))
    options = TextureOptions(max_size=512, outlier_tolerance=1e6, level=False, blend_px=0)
    result = painted(mesh, replace(ball.sparse, views=views), options, tmp_path)
    assert not any((np.abs(p.astype(int) - MAGENTA).max(-1) < 40).any() for p in pictures(result))
