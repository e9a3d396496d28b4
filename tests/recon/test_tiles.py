"""3D Tiles of a textured surface: what the standard asks of them, and that nothing is lost on the way."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from bumpy import Bumpy, colour, encoded
from khronos import khronos_problems

from recon.errors import BadOptions
from recon.formats.glb_reader import read_glb
from recon.formats.tile_archive import MIME
from recon.formats.tiles import TileNode, box
from recon.geometry.bake import Textured
from recon.geometry.tiling import cut_out, tree
from recon.progress import Silent
from recon.stages.gltf import GltfOptions, build
from recon.types import GltfBundle, TexturedMesh

SCHEMA = Path(__file__).parents[2] / "assets" / "schema" / "asset.schema.json"
OPTIONS = GltfOptions(tiles="always", tile_triangles=2000, last_level_triangles=2000)


@pytest.fixture(scope="module")
def bundle(ball: Bumpy, textured: TexturedMesh, tmp_path_factory: pytest.TempPathFactory) -> GltfBundle:
    made = build(textured, ball.sparse, OPTIONS, scratch=tmp_path_factory.mktemp("bundle"), progress=Silent())
    with zipfile.ZipFile(made.folder / "tiles.3tz") as archive:
        archive.extractall(made.folder / "tiles")
    return made


def tileset(bundle: GltfBundle) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((bundle.folder / "tiles" / "tileset.json").read_text(encoding="utf-8"))
    return document


def tiles(tile: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tile
    for child in tile.get("children", []):
        yield from tiles(child)


def bounds(volume: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    centre, half = np.array(volume["box"][:3]), np.abs(np.array(volume["box"][3:]).reshape(3, 3)).sum(axis=0)
    return centre - half, centre + half


def test_it_is_a_tileset(bundle: GltfBundle) -> None:
    made = tileset(bundle)
    assert made["asset"]["version"] == "1.1"
    assert made["root"]["refine"] == "REPLACE"
    assert made["geometricError"] > made["root"]["geometricError"]
    assert made["asset"]["extras"]["unit"] == "metre"
    found = list(tiles(made["root"]))
    assert len(found) > 8
    assert all(tile["content"]["uri"].endswith(".glb") for tile in found)


def test_children_are_finer_and_inside(bundle: GltfBundle) -> None:
    for tile in tiles(tileset(bundle)["root"]):
        low, high = bounds(tile["boundingVolume"])
        for child in tile.get("children", []):
            assert child["geometricError"] < tile["geometricError"]
            inner_low, inner_high = bounds(child["boundingVolume"])
            assert (inner_low >= low - 1e-9).all()
            assert (inner_high <= high + 1e-9).all()
        assert (tile["geometricError"] == 0) == ("children" not in tile)


def test_boxes_hold_their_contents_tightly(bundle: GltfBundle) -> None:
    """Readers turn the glTF from +Y up to +Z up: (x, y, z) becomes (x, -z, y)."""
    for tile in tiles(tileset(bundle)["root"]):
        model = read_glb(bundle.folder / "tiles" / tile["content"]["uri"])
        points = np.concatenate([part.positions for part in model.parts])
        turned = np.stack([points[:, 0], -points[:, 2], points[:, 1]], -1)
        low, high = bounds(tile["boundingVolume"])
        assert (turned.min(axis=0) >= low - 1e-6).all()
        assert (turned.max(axis=0) <= high + 1e-6).all()
        if "children" not in tile:
            assert np.allclose([turned.min(axis=0), turned.max(axis=0)], [low, high], atol=3e-4)


def test_every_content_is_valid_by_khronos(bundle: GltfBundle) -> None:
    found = [tile["content"]["uri"] for tile in tiles(tileset(bundle)["root"])]
    assert len(set(found)) == len(found)
    checked = [found[0], found[len(found) // 2], found[-1]]
    assert {uri: khronos_problems(bundle.folder / "tiles" / uri) for uri in checked} == {uri: [] for uri in checked}


def test_leaves_together_are_the_model(bundle: GltfBundle, textured: TexturedMesh, ball: Bumpy) -> None:
    leaves = [tile for tile in tiles(tileset(bundle)["root"]) if "children" not in tile]
    models = [read_glb(bundle.folder / "tiles" / leaf["content"]["uri"]) for leaf in leaves]
    assert sum(model.triangles for model in models) == len(textured.mesh.faces)
    middles = np.concatenate([p.positions[p.faces].mean(axis=1) for model in models for p in model.parts])
    true = textured.mesh.vertices[textured.mesh.faces].mean(axis=1)
    assert np.abs(np.sort(middles, axis=0) - np.sort(true, axis=0)).max() < 3e-4
    assert len(leaves) >= 4


def test_neighbouring_tiles_meet(bundle: GltfBundle) -> None:
    """Tiles of one level are rounded on one grid: a vertex that two of them share is at the same place in both."""
    leaves = [tile for tile in tiles(tileset(bundle)["root"]) if "children" not in tile]
    places = [
        {tuple(p) for part in read_glb(bundle.folder / "tiles" / leaf["content"]["uri"]).parts for p in part.positions}
        for leaf in leaves
    ]
    shared = sum(len(a & b) for i, a in enumerate(places) for b in places[:i])
    assert shared > 50


def test_tiles_have_the_models_colours(bundle: GltfBundle, ball: Bumpy) -> None:
    for tile in tiles(tileset(bundle)["root"]):
        if "children" in tile:
            continue
        (part,) = read_glb(bundle.folder / "tiles" / tile["content"]["uri"]).parts
        assert part.uv is not None
        assert part.material is not None
        assert part.material.base_color_texture is not None
        picture = part.material.base_color_texture.pixels()
        page = np.zeros(len(part.faces), np.uint8)
        model = Textured(part.positions, part.faces.astype(np.int32), part.uv[part.faces], page, (picture,))
        middle = np.full((len(part.faces), 2), 1 / 3, np.float32)
        found = model.colors(np.arange(len(part.faces), dtype=np.int32), middle)
        places = part.positions[part.faces].mean(axis=1)
        seen = places[:, 1] > 0.2
        if seen.sum() > 100:
            assert np.median(np.abs(found - encoded(colour(places)))[seen]) < 8


def test_asset_names_every_file(bundle: GltfBundle) -> None:
    asset = json.loads((bundle.folder / "asset.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(asset)
    entry = asset["files"]["tiles"]["archive"]
    assert (entry["path"], entry["mime"]) == ("tiles.3tz", MIME)
    assert hashlib.sha256((bundle.folder / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


def test_a_small_model_needs_no_tiles(textured: TexturedMesh, ball: Bumpy, tmp_path: Path) -> None:
    made = build(textured, ball.sparse, replace(OPTIONS, tiles="auto"), scratch=tmp_path, progress=Silent())
    assert not (made.folder / "tiles.3tz").exists()
    with pytest.raises(BadOptions):
        GltfOptions(tile_triangles=10)


def test_a_cut_out_piece_is_copied_texel_by_texel() -> None:
    """Two quads on two noisy pages: the piece shows exactly what the whole shows, and no more than it needs."""
    random = np.random.default_rng(3)
    pages = tuple(random.integers(0, 256, (256, 256, 3)).astype(np.uint8) for _ in range(2))
    vertices = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [2, 0, 0], [2, 1, 0]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3], [1, 4, 5], [1, 5, 2]], np.int32)
    square = np.array([[10, 10], [74, 10], [74, 74], [10, 74]], np.float32) / np.float32(256)
    uv = np.stack([square[[0, 1, 2]], square[[0, 2, 3]]] * 2)
    whole = Textured(vertices, faces, uv, np.array([0, 0, 1, 1], np.uint8), pages)
    piece = cut_out(whole, np.array([2, 3], np.int32))
    assert (len(piece.pictures), piece.side) == (1, 128)
    face, weights = np.repeat([0, 1], 500).astype(np.int32), random.dirichlet((1, 1, 1), 1000)[:, 1:].astype(np.float32)
    assert np.abs(piece.colors(face, weights) - whole.colors(face + 2, weights)).max() < 1


def test_a_tree_holds_every_face_of_every_level_once() -> None:
    random = np.random.default_rng(5)
    blank = (np.zeros((8, 8, 3), np.uint8),)
    levels = []
    for count in (4000, 1000, 250):
        middle = random.random((count, 1, 3)) * [10, 1, 10]
        vertices = (middle + random.random((count, 3, 3)) * 0.1).reshape(-1, 3).astype(np.float32)
        faces = np.arange(3 * count, dtype=np.int32).reshape(-1, 3)
        levels.append(Textured(vertices, faces, np.zeros((count, 3, 2), np.float32), np.zeros(count, np.uint8), blank))
    root = tree(levels, most_faces=300, most_texels=10**9)
    for number, level in enumerate(levels):
        found = np.concatenate([tile.faces for tile in root if tile.level == number])
        assert np.array_equal(np.sort(found), np.arange(len(level.faces)))
    assert all((child.low >= tile.low).all() and (child.high <= tile.high).all() for tile in root for child in tile)
    flat = [tile for tile in root if tile.level == 0]
    assert {round(float(tile.low[1])) for tile in flat} == {0}  # the short axis is not cut: a quadtree


def test_wrong_trees_are_refused() -> None:
    fine = TileNode("1.glb", (0, 0, 0), (1, 1, 1), 0.0)
    with pytest.raises(ValueError, match="not finer"):
        TileNode("0.glb", (0, 0, 0), (1, 1, 1), 0.0, (fine,))
    with pytest.raises(ValueError, match="sticks out"):
        TileNode("0.glb", (0, 0, 0), (1, 1, 0.5), 1.0, (fine,))
    assert box((0, 0, 0), (2, 4, 6), 6) == pytest.approx([1, -3, 2, 1, 0, 0, 0, 3, 0, 0, 0, 2], abs=1e-5)
