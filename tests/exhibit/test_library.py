"""Taking assets in: what is good arrives whole, what is bad or hostile leaves one sentence and nothing else."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
import pytest
import samples
from browser import Browser
from PIL import Image
from sqlalchemy import func, select

from exhibit.config import Config, assets_folder
from exhibit.db import Database
from exhibit.documents import contract
from exhibit.documents.assets import file_entries
from exhibit.documents.types import Check, Origin
from exhibit.errors import BadBundle, ExhibitError
from exhibit.i18n import LANGUAGES
from exhibit.ids import slug
from exhibit.library import upload
from exhibit.library.bare import from_model, from_picture
from exhibit.library.bundle import Told
from exhibit.library.models import Asset, File
from exhibit.library.origin import licence_name
from exhibit.web import Site
from recon.formats import errors
from recon.formats.glb import Part
from recon.formats.gltf import read_gltf
from recon.formats.gltf_scene import Scene

TOLD = Told({"zh": "匣钵", "en": "Saggar"})


def parts_of(path: Path, most: int = 100) -> list[Part]:
    return Scene(read_gltf(path)).parts(max_triangles=most)


def write(folder: Path, document: Any) -> None:
    (folder / "asset.json").write_text(json.dumps(document))


def read(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "asset.json").read_text())
    return document


@pytest.fixture
def saggar(bundles: dict[str, Path], tmp_path: Path) -> Path:
    """A good bundle, to be spoilt."""
    return Path(shutil.copytree(bundles["saggar"], tmp_path / "saggar"))


# bundles


def test_a_bundle_arrives_whole(site: Site, saggar: Path) -> None:
    asset_id, outcome = upload.add(saggar, TOLD, site.config, site.database, site.storage)
    assert (asset_id, outcome) == ("saggar", "added")
    with site.database.reading() as session:
        document = session.get_one(Asset, "saggar").document
        files = {file.sha256: file for file in session.scalars(select(File))}
    assert contract.problems("asset", document) == []
    for role, entry in file_entries(document):
        assert "path" not in entry
        stored = site.storage.path(entry["sha256"]).read_bytes()
        assert stored == (saggar / {"thumb": "thumb.webp"}.get(role, f"{role}.glb")).read_bytes()
        assert (files[entry["sha256"]].bytes, files[entry["sha256"]].mime) == (len(stored), entry["mime"])
    assert len(files) == 3


def test_loose_tiles_of_old_bundles_stay_behind(site: Site, saggar: Path) -> None:
    document = read(saggar)
    tile = {"path": "tiles/0.glb", "sha256": "0" * 64, "bytes": 8, "mime": "model/gltf-binary"}
    document["files"]["tiles"] = {"tileset": {**tile, "mime": "application/json"}, "contents": [tile]}
    write(saggar, document)
    upload.add(saggar, TOLD, site.config, site.database, site.storage)
    with site.database.reading() as session:
        kept = session.get_one(Asset, "saggar").document
    assert contract.problems("asset", kept) == []
    assert "tiles" not in kept["files"]


def test_again_changes_nothing_and_another_replaces(site: Site, saggar: Path, bundles: dict[str, Path]) -> None:
    def add(folder: Path) -> tuple[str, str]:
        return upload.add(folder, TOLD, site.config, site.database, site.storage, asset_id="saggar")

    assert add(saggar) == ("saggar", "added")
    document = read(saggar)
    document["origin"]["made"] = "2031-01-01T00:00:00+00:00"
    write(saggar, document)
    assert add(saggar) == ("saggar", "unchanged")
    assert add(bundles["shard"]) == ("saggar", "changed")


def test_titles_make_ids_that_nobody_has(site: Site, saggar: Path) -> None:
    ids = [upload.add(saggar, TOLD, site.config, site.database, site.storage)[0] for _ in range(3)]
    assert ids == ["saggar", "saggar-2", "saggar-3"]


def spoilt(path: str, value: Any) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        document = read(folder)
        *steps, last = path.split("/")
        at = document
        for step in steps:
            at = at[step]
        if value is ...:
            del at[last]
        else:
            at[last] = value
        write(folder, document)

    return spoil


def flipped(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[-5] ^= 1
        (folder / name).write_bytes(content)

    return spoil


def replaced(role: str, content: bytes, **entry: Any) -> Callable[[Path], None]:
    """Another file, honestly declared."""

    def spoil(folder: Path) -> None:
        document = read(folder)
        told = document["files"][role]
        (folder / told["path"]).write_bytes(content)
        told |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} | entry
        write(folder, document)

    return spoil


def linked_outside(folder: Path) -> None:
    outside = folder.parent / "outside.glb"
    shutil.move(folder / "model.glb", outside)
    (folder / "model.glb").symlink_to(outside)


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda folder: (folder / "asset.json").unlink(), "archive_several"),
        (lambda folder: (folder / "asset.json").write_text("{"), "asset_not_json"),
        (lambda folder: (folder / "asset.json").write_text("[" * 100_000), "asset_not_json"),
        (lambda folder: (folder / "asset.json").write_bytes(b"\xff\xfe\x00"), "asset_not_json"),
        (lambda folder: (folder / "asset.json").write_text(" " * (2 << 20)), "model_size"),
        (spoilt("title", ...), "asset_contract"),
        (spoilt("title/en", 7), "asset_contract"),
        (spoilt("unit", "inch"), "asset_contract"),
        (spoilt("files/model/path", "../secret.key"), "asset_contract"),
        (spoilt("files/model/path", "/etc/passwd"), "asset_contract"),
        (spoilt("files/model/path", ...), "file_missing"),
        (spoilt("files/model/path", "nothing.glb"), "file_missing"),
        (spoilt("files/collider", ...), "asset_files"),
        (spoilt("files/model/bytes", 1), "file_hash"),
        (spoilt("files/model/mime", "image/png"), "file_kind"),
        (spoilt("files/thumb/width", 1), "picture_size"),
        (flipped("model.glb"), "file_hash"),
        (flipped("thumb.webp"), "file_hash"),
        (linked_outside, "file_missing"),
        (replaced("model", b"MZ" + b"\0" * 100), "not_a_glb"),
        (replaced("thumb", b"GIF89a" + b"\0" * 100), "picture_broken"),
        (replaced("thumb", samples.picture()), "picture_broken"),
        (replaced("collider", samples.box_glb() + b"more"), "glb_truncated"),
    ],
)
def test_a_bad_bundle_says_why_and_leaves_nothing(
    site: Site, saggar: Path, spoil: Callable[[Path], object], key: str
) -> None:
    spoil(saggar)
    with pytest.raises(ExhibitError) as told:
        upload.add(saggar, TOLD, site.config, site.database, site.storage, asset_id="saggar")
    assert told.value.key == key
    assert_nothing_arrived(site)


def assert_nothing_arrived(site: Site) -> None:
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Asset)) == 0
        assert session.scalar(select(func.count()).select_from(File)) == 0
    assert [path for path in site.config.files_folder.rglob("*") if path.is_file()] == []
    assert not site.config.incoming_folder.exists() or list(site.config.incoming_folder.iterdir()) == []


# models


def test_a_bare_model_stands_on_the_floor(tmp_path: Path) -> None:
    config = Config(data=tmp_path)
    (tmp_path / "box.glb").write_bytes(samples.box_glb(size=(2, 3, 4), at=(10, -7, 5)))
    bundle = from_model(tmp_path / "box.glb", tmp_path / "bundle", TOLD, config)
    assert bundle.document["bounds"] == {"min": [-1, 0, -2], "max": [1, 3, 2]}
    assert bundle.document["unit"] == "arbitrary"
    for name in ("model.glb", "collider.glb"):
        parts = parts_of(tmp_path / "bundle" / name)
        points = np.concatenate([part.positions for part in parts])
        np.testing.assert_allclose([points.min(0), points.max(0)], [[-1, 0, -2], [1, 3, 2]], atol=1e-6)
    with Image.open(tmp_path / "bundle" / "thumb.webp") as thumb:
        assert thumb.size == (960, 720)
        alpha = np.asarray(thumb.getchannel("A"))
    shown = np.argwhere(alpha > 128)
    assert 0.15 < len(shown) / alpha.size < 0.8
    assert shown.min() > 0
    assert (shown.max(0) < np.array(alpha.shape) - 1).all()  # nothing is cut off


def test_nodes_turn_scale_and_mirror(tmp_path: Path) -> None:
    document, binary = samples.box_document(size=(1, 2, 3))
    half = 2**-0.5
    document["nodes"] = [
        {"children": [1], "translation": [5, 0, 0]},
        {"mesh": 0, "rotation": [0, half, 0, half], "scale": [2, 1, -1]},
    ]
    (tmp_path / "box.glb").write_bytes(samples.glb(document, binary))
    [part] = parts_of(tmp_path / "box.glb", 12)
    # +90 degrees about y takes (x, y, z) to (z, y, -x)
    np.testing.assert_allclose([part.positions.min(0), part.positions.max(0)], [[2, 0, -2], [5, 2, 0]], atol=1e-9)
    corner = part.positions[part.faces]
    volume = np.einsum("fk,fk->", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])) / 6
    unplaced = samples.BOX_CORNERS[samples.BOX_FACES].astype(float)
    sign = np.sign(np.einsum("fk,fk->", unplaced[:, 0], np.cross(unplaced[:, 1], unplaced[:, 2])))
    assert volume == pytest.approx(sign * 12)  # the mirror has not turned the surface inside out


def draco_box(**extension: Any) -> bytes:
    encoded = DracoPy.encode(samples.BOX_CORNERS, samples.BOX_FACES, quantization_bits=14)
    document, _ = samples.box_document()
    primitive = document["meshes"][0]["primitives"][0]
    primitive["extensions"] = {
        "KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}} | extension
    }
    for accessor in document["accessors"]:
        accessor.pop("bufferView")
    document["bufferViews"] = [{"buffer": 0, "byteLength": len(encoded)}]
    document["buffers"] = [{"byteLength": len(encoded)}]
    document["extensionsUsed"] = document["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    return samples.glb(document, encoded)


def test_draco_is_read(tmp_path: Path) -> None:
    (tmp_path / "box.glb").write_bytes(draco_box())
    [part] = parts_of(tmp_path / "box.glb", 12)
    np.testing.assert_allclose([part.positions.min(0), part.positions.max(0)], [[0, 0, 0], [1, 1, 1]], atol=1e-3)
    assert len(part.faces) == 12


def edited(path: str, value: Any) -> bytes:
    document, binary = samples.box_document()
    *steps, last = path.split("/")
    at: Any = document
    for step in steps:
        at = at[int(step) if isinstance(at, list) else step]
    at[int(last) if isinstance(at, list) else last] = value
    return samples.glb(document, binary)


GOOD = samples.box_glb()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "not_a_glb"),
        (b"glTF", "not_a_glb"),
        (b"PK\x03\x04", "not_a_zip"),
        (b"glTF" + (1).to_bytes(4, "little") + GOOD[8:], "glb_version"),
        (GOOD[:-1], "glb_truncated"),
        (GOOD[:100], "glb_truncated"),
        (GOOD + b"\0", "glb_truncated"),
        (GOOD[:12] + (1 << 31).to_bytes(4, "little") + GOOD[16:], "glb_truncated"),
        (samples.glb({}, b""), "model_broken"),
        (samples.glb([], b""), "model_broken"),
        (edited("asset/version", "1.0"), "glb_version"),
        (edited("buffers/0/byteLength", 1 << 20), "glb_truncated"),
        (edited("buffers/0/uri", "https://elsewhere.example/model.bin"), "model_external"),
        (edited("images", [{"uri": "file:///etc/passwd"}]), "model_external"),
        (edited("extensionsRequired", ["MAKER_secret"]), "model_extension"),
        (edited("bufferViews/0/byteOffset", 1 << 40), "model_broken"),
        (edited("bufferViews/0/byteLength", -4), "model_broken"),
        (edited("bufferViews/1/byteStride", 0), "model_broken"),
        (edited("accessors/0/count", 1 << 40), "model_broken"),
        (edited("accessors/0/count", 40), "model_broken"),
        (edited("accessors/1/bufferView", 9), "model_broken"),
        (edited("accessors/1/type", "VEC9"), "model_broken"),
        (edited("accessors/1/sparse", {"count": 1}), "model_broken"),
        (edited("meshes/0/primitives/0/attributes/POSITION", 7), "model_broken"),
        (edited("meshes/0/primitives/0/attributes/POSITION", True), "model_broken"),
        (edited("meshes/0/primitives/0/material", 3), "model_broken"),
        (edited("meshes/0/primitives/0/mode", 1), "model_empty"),
        (edited("nodes", [{"children": [0]}]), "model_broken"),
        (edited("nodes", [{"children": [1, 2]}, {"children": [2]}, {"mesh": 0}]), "model_broken"),
        (edited("nodes/0/scale", [0, 0, 0]), "model_empty"),
        (edited("nodes/0/translation", [1e400, 0, 0]), "model_broken"),
        (edited("nodes/0/mesh", -1), "model_broken"),
        (edited("scenes/0/nodes", []), "model_empty"),
        (edited("scene", 5), "model_broken"),
        (draco_box(bufferView=4), "model_broken"),
        (draco_box(attributes={"POSITION": 9}), "model_broken"),
        (draco_box()[:-60] + b"\xff" * 60, "model_broken"),
    ],
)
def test_a_bad_model_says_why_and_leaves_nothing(site: Site, tmp_path: Path, content: bytes, key: str) -> None:
    (tmp_path / "model.glb").write_bytes(content)
    with pytest.raises(ExhibitError) as told:
        upload.add(tmp_path / "model.glb", TOLD, site.config, site.database, site.storage)
    assert told.value.key == key
    assert_nothing_arrived(site)


def test_indices_out_of_range(tmp_path: Path) -> None:
    document, binary = samples.box_document()
    (tmp_path / "box.glb").write_bytes(samples.glb(document, (99).to_bytes(4, "little") + binary[4:]))
    with pytest.raises(errors.BadFile, match="broken inside"):
        parts_of(tmp_path / "box.glb", 12)


def test_limits_of_a_model(tmp_path: Path) -> None:
    (tmp_path / "box.glb").write_bytes(GOOD)
    with pytest.raises(errors.TooLarge):
        read_gltf(tmp_path / "box.glb", max_bytes=len(GOOD) - 1)
    with pytest.raises(errors.TooLarge, match="more than 11 triangles"):
        parts_of(tmp_path / "box.glb", 11)
    document, binary = samples.box_document()
    document["nodes"] = [{"mesh": 0} for _ in range(1000)]  # a thousand instances of one mesh
    document["scenes"] = [{"nodes": [*range(1000)]}]
    (tmp_path / "many.glb").write_bytes(samples.glb(document, binary))
    with pytest.raises(errors.TooLarge):
        parts_of(tmp_path / "many.glb", 11_999)


@pytest.mark.parametrize("name", ["heritage/venus/venus.glb", "heritage/saxophone/saxophone_draco.glb"])
def test_museum_models(site: Site, real_data: Path, name: str) -> None:
    asset_id, _ = upload.add(real_data / "gltf" / name, TOLD, site.config, site.database, site.storage)
    with site.database.reading() as session:
        document = session.get_one(Asset, asset_id).document
    assert document["bounds"]["min"][1] == pytest.approx(0, abs=1e-9)
    assert document["files"]["collider"]["triangles"] <= 20_000
    assert document["files"]["thumb"]["bytes"] < 200_000


def test_broken_models_of_the_gltf_validator(site: Site, real_data: Path) -> None:
    """Whatever Khronos found to break a reader ends in one of our sentences."""
    files = sorted((real_data / "gltf" / "hostile_validator").rglob("*.glb"))
    assert files
    for file in files:
        with contextlib.suppress(ExhibitError):  # anything else fails
            upload.add(file, TOLD, site.config, site.database, site.storage)


# pictures


def test_a_picture_is_turned_upright_and_loses_its_metadata(tmp_path: Path) -> None:
    image = Image.new("RGB", (60, 40), "white")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010F] = "Camera of a private person"
    image.save(tmp_path / "photo.jpg", exif=exif)
    bundle = from_picture(tmp_path / "photo.jpg", tmp_path / "bundle", TOLD)
    assert (bundle.document["kind"], bundle.document["files"]["picture"]["width"]) == ("picture", 40)
    assert b"private" not in (tmp_path / "bundle" / "picture.webp").read_bytes()


@pytest.mark.parametrize("content", [b"\xff\xd8\xff", samples.picture()[:200], b"<svg/>"])
def test_a_broken_picture(site: Site, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "photo.jpg").write_bytes(content)
    with pytest.raises(BadBundle, match="cannot be read"):
        upload.add(tmp_path / "photo.jpg", TOLD, site.config, site.database, site.storage)
    assert_nothing_arrived(site)


# the desk


def test_upload_of_a_zipped_bundle(curator: Browser, site: Site, saggar: Path) -> None:
    for inside in ("", "saggar/"):
        file = (io.BytesIO(samples.zipped_folder(saggar, inside)), "saggar.zip")
        answer = curator.post("/desk/assets/new", {"file": file})
        assert answer.status_code == 303
    assert answer.headers["Location"] == "/desk/assets/saggar-2"
    assert curator.get("/desk/assets/saggar-2").status_code == 200
    assert list(site.config.incoming_folder.iterdir()) == []


def test_upload_of_a_model_with_its_texts(curator: Browser, database: Database) -> None:
    form = {
        "file": (io.BytesIO(GOOD), "C:\\models\\匣钵.glb"),
        "title_zh": "匣钵",
        "title_en": "Saggar of Dehua",
        "method": "scan",
        "unit": "m",
        "credit_en": "Museum",
    }
    assert curator.post("/desk/assets/new", form).headers["Location"] == "/desk/assets/saggar-of-dehua"
    with database.reading() as session:
        document = session.get_one(Asset, "saggar-of-dehua").document
    assert document["title"] == {"zh": "匣钵", "en": "Saggar of Dehua"}
    assert (document["unit"], document["origin"]["method"]) == ("metre", "scan")
    assert document["origin"]["credit"] == {"zh": "", "en": "Museum"}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "No file was chosen."),
        ({"file": (b"hello", "notes.txt")}, "notes.txt is not something the library can take in."),
        ({"file": (GOOD[:-8], "kiln.glb")}, "kiln.glb is incomplete."),
        ({"file": (samples.with_entry("../evil"), "bundle.zip")}, "There is nothing in it that can be taken in"),
        ({"file": (GOOD, "kiln.glb"), "method": "magic"}, "The form lacks a valid &#39;How it was made&#39;."),
    ],
)
def test_a_bad_upload_shows_the_form_again(curator: Browser, site: Site, form: dict[str, Any], said: str) -> None:
    form = {k: (io.BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v for k, v in form.items()} | {
        "title_zh": "未完成"
    }
    answer = curator.post("/desk/assets/new?lang=en", form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "未完成" in answer.text
    assert_nothing_arrived(site)


def test_what_nobody_said_is_not_assumed(curator: Browser, database: Database) -> None:
    """A model and a photograph left at the form's defaults, and what visitors read of them."""
    for content, name in ((GOOD, "kiln.glb"), (samples.picture(), "kiln.jpg")):
        page = curator.post("/desk/assets/new?lang=en", {"file": (io.BytesIO(content), name)}).headers["Location"]
        assert "Nobody has said yet how this was made." in curator.get(page + "?lang=en").text
        with database.reading() as session:
            document = session.get_one(Asset, page.rpartition("/")[2]).document
        assert document["origin"] == {
            "method": "not-stated",
            "statement": {
                "zh": "提供者没有说明它是怎样制作的。",
                "en": "Whoever supplied this did not say how it was made.",
            },
        }
        assert not document.keys() & {"use", "original", "tags"}


ORIGIN_FORM = {
    "title_zh": "匣",
    "title_en": "Box",
    "use": "supporting",
    "method": "scan",
    "statement_zh": "甲",
    "statement_en": "A",
    "maker_zh": "何朝宗",
    "maker_en": "He Chaozong",
    "year": "1600",
    "to_year": "1640",
    "circa": "on",
    "inventory_number": "D-17",
    "made": "2024-05",
    "source_zh": "德化县档案馆",
    "credit_en": "Museum",
    "licence": "CC-BY-NC-4.0",
    "rights_zh": "请先联系本馆",
    "tags": "white ware, Song",
}


def test_what_was_said_can_be_changed(curator: Browser, library: dict[str, Any], database: Database) -> None:
    before = copy.deepcopy(library["saggar"])
    assert curator.post("/desk/assets/saggar", ORIGIN_FORM).status_code == 303
    with database.reading() as session:
        document = session.get_one(Asset, "saggar").document
    assert document["title"] == {"zh": "匣", "en": "Box"}
    assert document["use"] == "supporting"
    assert document["origin"] == {
        "method": "scan",
        "statement": {"zh": "甲", "en": "A"},
        "made": "2024-05",
        "source": {"zh": "德化县档案馆", "en": ""},
        "credit": {"zh": "", "en": "Museum"},
        "licence": "CC-BY-NC-4.0",
        "rights": {"zh": "请先联系本馆", "en": ""},
    }
    assert document["original"] == {
        "maker": {"zh": "何朝宗", "en": "He Chaozong"},
        "year": 1600,
        "to_year": 1640,
        "circa": True,
        "inventory_number": "D-17",
    }
    assert document["tags"] == ["white ware", "Song"]
    assert document["files"] == before["files"]
    assert contract.problems("asset", document) == []
    page = curator.get("/desk/assets/saggar").text
    for name, value in ORIGIN_FORM.items():
        if name in ("use", "method", "licence"):
            assert re.search(rf'value="{value}"( required)? (checked|selected)', page), name
        elif name != "circa" and not name.startswith(("statement", "rights")):
            assert f'name="{name}" value="{value}"' in page, name


def test_taking_back_what_was_said(curator: Browser, library: dict[str, Any], database: Database) -> None:
    """Empty fields leave nothing behind; what the form does not ask for stays."""
    with database.writing() as session:
        asset = session.get_one(Asset, "saggar")
        origin: Origin = {**asset.document["origin"], "made": "2026-02-03T04:05:06+00:00", "photos": 12}
        asset.document = {**asset.document, "origin": origin}
    curator.post("/desk/assets/saggar", ORIGIN_FORM | {"made": "2026-02-03"})
    with database.reading() as session:
        assert session.get_one(Asset, "saggar").document["origin"]["made"] == "2026-02-03T04:05:06+00:00"
    curator.post("/desk/assets/saggar", {"title_en": "Box", "use": "exhibit", "method": "scan"})
    with database.reading() as session:
        document = session.get_one(Asset, "saggar").document
    statement = {
        "zh": "由三维扫描得到；制作细节没有记录。",
        "en": "Made from a 3D scan; the details were not recorded.",
    }
    assert document["origin"] == {"method": "scan", "statement": statement, "photos": 12}
    assert not document.keys() & {"use", "original", "tags"}
    curator.post("/desk/assets/saggar", {"title_en": "Box", "use": "exhibit", "method": "modelled"})
    with database.reading() as session:
        assert session.get_one(Asset, "saggar").document["origin"]["statement"]["zh"].startswith("由人工建模")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_zh": "", "title_en": ""}, "There is no title yet."),
        ({"method": "magic"}, "The form lacks a valid &#39;How it was made&#39;."),
        ({"use": "toy"}, "The form lacks a valid &#39;Use&#39;."),
        ({"made": "2024-13"}, "&#39;Date made&#39; is not a usable date."),
        ({"year": "0"}, "&#39;Year&#39; is not a usable number."),
        ({"year": "1640", "to_year": "1600"}, "The last year is before the first."),
        ({"tags": "x" * 41}, "There are too many tags, or one is too long."),
        ({"licence": "WTFPL"}, "The form lacks a valid &#39;Licence&#39;."),
        ({"licence": "other", "rights_zh": ""}, "Another licence was chosen, but no terms of use are given."),
    ],
)
def test_a_bad_answer_loses_nothing(
    curator: Browser, library: dict[str, Any], database: Database, wrong: dict[str, str], said: str
) -> None:
    answer = curator.post("/desk/assets/saggar?lang=en", ORIGIN_FORM | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "德化县档案馆" in answer.text
    with database.reading() as session:
        assert session.get_one(Asset, "saggar").document == library["saggar"]


def test_a_licence_that_is_not_offered_stays(curator: Browser, library: dict[str, Any], database: Database) -> None:
    with database.writing() as session:
        asset = session.get_one(Asset, "saggar")
        origin: Origin = {**asset.document["origin"], "licence": "ODbL-1.0"}
        asset.document = {**asset.document, "origin": origin}
    assert '<option value="ODbL-1.0" selected>' in curator.get("/desk/assets/saggar").text
    assert curator.post("/desk/assets/saggar", ORIGIN_FORM | {"licence": "ODbL-1.0"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Asset, "saggar").document["origin"]["licence"] == "ODbL-1.0"


def test_only_what_can_be_walked_in_is_a_room(curator: Browser, site: Site, database: Database) -> None:
    refused = curator.post(
        "/desk/assets/new?lang=en", {"file": (io.BytesIO(samples.picture()), "kiln.jpg"), "use": "room"}
    )
    assert refused.status_code == 422
    assert "This cannot be the room of a hall." in refused.text
    assert_nothing_arrived(site)
    page = curator.post("/desk/assets/new", {"file": (io.BytesIO(GOOD), "kiln.glb"), "use": "room"}).headers["Location"]
    with database.reading() as session:
        assert session.get_one(Asset, page.rpartition("/")[2]).document["use"] == "room"


@pytest.mark.parametrize(
    "case",
    json.loads((assets_folder() / "schema/cases/licences.json").read_text(encoding="utf-8")),
    ids=lambda case: case["licence"],
)
def test_licences_by_their_names(case: dict[str, Any]) -> None:
    assert {language: licence_name(case["licence"], language) for language in LANGUAGES} == case["name"]


@pytest.mark.parametrize(
    ("title", "wish"), [("Dragon Kiln №3", "dragon-kiln-no3"), ("龙窑", ""), ("--Été--", "ete"), ("x" * 80, "x" * 48)]
)
def test_slugs(title: str, wish: str) -> None:
    assert slug(title) == wish


def test_check_errors_are_shown(curator: Browser, library: dict[str, Any], database: Database) -> None:
    checks: list[Check] = [
        {"kind": "bar", "name": "560-561", "error_m": 0.00012},
        {"kind": "control", "name": "P3", "error_m": 0.58, "used": False},
    ]
    with database.writing() as session:
        asset = session.get_one(Asset, "saggar")
        asset.document = {**asset.document, "quality": {"checks": checks}}
        assert contract.problems("asset", asset.document) == []
    for language, said in (
        ("en", ["Scale bar 560-561: 0.1 mm", "Control point P3: 580.0 mm (contradicts the others; not used)"]),
        ("zh", ["标尺 560-561：0.1 mm", "控制点 P3：580.0 mm（与其余不符，未采用）"]),
    ):
        page = curator.get(f"/desk/assets/saggar?lang={language}").text
        assert [line in page for line in said] == [True, True]
