"""The dragon kiln, the potter's wheel and the white ware: sound, upright, and bundled as the contract says."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from coarse import coarse_model
from jsonschema import Draft202012Validator

from assets.demo.errors import DemoError
from assets.demo.exhibits import MODELS
from assets.demo.models import write_models, write_photos
from recon.progress import Silent

SCHEMA = Path(__file__).parents[2] / "assets" / "schema" / "asset.schema.json"
THINGS = ("dragon-kiln", "meiping", "censer", "saggar", "kick-wheel")


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_is_sound(thing: str) -> None:
    model = coarse_model(thing)
    assert np.isfinite(model.vertices).all()
    assert np.isfinite(model.normals).all()
    corner = model.vertices[model.faces].astype(float)
    turned = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    assert (np.linalg.norm(turned, axis=1) > 0).all()
    agree = (turned * model.normals[model.faces].astype(float).sum(1)).sum(1) > 0
    assert agree.mean() > 0.995  # creases of displaced brick may differ from their smoothed normals
    assert model.uv.min() > 0
    assert model.uv.max() < 1
    low, high = model.vertices.min(0), model.vertices.max(0)
    assert abs(low[1]) < 0.008
    assert np.abs((low + high)[[0, 2]] / 2).max() < 0.08 * (high - low).max()


def test_the_kiln_is_as_long_as_it_says() -> None:
    size = np.ptp(coarse_model("dragon-kiln").vertices, axis=0)
    np.testing.assert_allclose(size, (1.62, 0.66, 0.82), atol=0.03)


def test_a_bundle_keeps_the_contract(tmp_path: Path) -> None:
    (folder,) = write_models(tmp_path, ["censer"])
    described = json.loads((folder / "asset.json").read_text("utf-8"))
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(described)
    assert described["origin"]["method"] == "modelled"
    files = described["files"]
    assert files["thumb"]["bytes"] < 200_000
    triangles = [
        files["model"]["triangles"],
        *(lod["triangles"] for lod in files["lods"]),
        files["collider"]["triangles"],
    ]
    assert triangles == sorted(triangles, reverse=True)
    for file in (files["thumb"], files["model"], files["collider"], *files["lods"]):
        assert (folder / file["path"]).stat().st_size == file["bytes"]


def test_an_unknown_object_is_refused_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="teapot") as refused:
        write_photos("teapot", tmp_path, num_photos=2, width=64, progress=Silent())
    assert all(name in refused.value.hint() for name in MODELS)
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)  # from a worker's process
