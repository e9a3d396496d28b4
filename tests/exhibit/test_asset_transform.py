"""An asset is scaled by a known length and turned upright: its files say so, its halls are named, its history tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import samples
from browser import NAME, Browser
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial.transform import Rotation

from exhibit.db import Database
from exhibit.documents.assets import file_entries
from exhibit.errors import BadInput, StaleVersion
from exhibit.halls import services as halls
from exhibit.library import transform
from exhibit.library.bundle import Told
from exhibit.library.services import get_asset
from exhibit.library.upload import add
from exhibit.web import Site
from recon.formats.bundle import georeference
from recon.formats.gltf import read_gltf
from recon.formats.gltf_scene import Scene
from recon.formats.picture import read_picture
from recon.formats.points import Cloud, cloud_of, write_cloud
from recon.formats.splats import Splats, splats_of, write_splats

Document = Any
FORWARD = " ".join(map(repr, transform.TURNS["forward"]))


def document_with(before: Document, **entries: Any) -> Document:
    return before | entries


def document(site: Site, asset_id: str) -> Document:
    with site.database.reading() as session:
        return get_asset(session, asset_id).document


def apply(site: Site, asset_id: str, **form: str) -> Document:
    before = document(site, asset_id)
    asked = transform.read({name.rstrip("_"): value for name, value in form.items()}, before)
    transform.apply(site.database, site.storage, site.config, asset_id, before, asked)
    return document(site, asset_id)


def corners(site: Site, entry: Document) -> tuple[NDArray[Any], NDArray[Any]]:
    return Scene(read_gltf(site.storage.path(entry["sha256"]))).bounds()


def surveyed(document: Document, points: NDArray[Any]) -> NDArray[Any]:
    matrix = np.reshape(document["georeference"]["survey_from_asset"], (4, 4)).T
    return np.asarray(points @ matrix[:3, :3].T + matrix[:3, 3])


def test_a_box_is_scaled_by_two_points_and_turned_onto_its_back(site: Site, library: dict[str, Document]) -> None:
    assert library["shard"]["unit"] == "arbitrary"
    low, high = np.array(library["shard"]["bounds"]["min"]), np.array(library["shard"]["bounds"]["max"])
    np.testing.assert_allclose(high - low, (3, 1, 2))
    made = apply(site, "shard", along="points", from_="0 0 0", to="3 0 0", length_cm="12.4", rotation=FORWARD)
    width, height, depth = 0.124, 2 * 0.124 / 3, 0.124 / 3  # what was deep is high now
    for entry in (made["files"]["model"], made["files"]["collider"]):
        low, high = corners(site, entry)
        np.testing.assert_allclose(low, (-width / 2, 0, -depth / 2), atol=1e-7)
        np.testing.assert_allclose(high, (width / 2, height, depth / 2), atol=1e-7)
    np.testing.assert_allclose(made["bounds"]["max"], (width / 2, height, depth / 2), atol=1e-7)
    assert made["unit"] == "metre"
    assert made["warnings"][-1]["en"].startswith("Its size follows from one length measured by hand (12.4 cm)")
    thumb = made["files"]["thumb"]
    assert thumb["sha256"] != library["shard"]["files"]["thumb"]["sha256"]
    assert read_picture(site.storage.path(thumb["sha256"])).size == (thumb["width"], thumb["height"])
    for _, entry in file_entries(made):
        assert site.storage.path(entry["sha256"]).stat().st_size == entry["bytes"]
    # the old ones are gone: nothing else had them
    assert not site.storage.has(library["shard"]["files"]["model"]["sha256"])


def test_turned_and_turned_back_it_has_one_node_more_and_is_as_it_was(site: Site, library: dict[str, Document]) -> None:
    before = corners(site, library["saggar"]["files"]["model"])
    turned = apply(site, "saggar", rotation=FORWARD)
    back = apply(site, "saggar", rotation=" ".join(map(repr, transform.TURNS["back"])))
    assert (turned["unit"], back["unit"]) == ("metre", "metre")
    size = np.subtract(before[1], before[0])
    low, high = corners(site, back["files"]["model"])
    np.testing.assert_allclose(high - low, size, atol=1e-6)
    nodes = read_gltf(site.storage.path(back["files"]["model"]["sha256"])).document["nodes"]
    assert [node.get("name") for node in nodes].count("on the floor") == 1


def test_points_and_splats_are_turned_with_what_they_are_made_of(site: Site, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    places = rng.uniform((0, 0, 0), (1, 2, 3), (500, 3)).astype(np.float32)
    write_cloud(tmp_path / "cloud.glb", Cloud(places, None))
    turns = Rotation.random(500, random_state=5).as_quat().astype(np.float32)
    sizes = rng.uniform(0.01, 0.02, (500, 3)).astype(np.float32)
    ones = np.ones(500, np.float32)
    write_splats(tmp_path / "splats.glb", Splats(places, sizes, turns, ones, np.full((500, 3), 0.5, np.float32)))
    for name in ("cloud", "splats"):
        add(
            tmp_path / f"{name}.glb",
            Told({"zh": name, "en": name}),
            site.config,
            site.database,
            site.storage,
            asset_id=name,
        )
    survey = np.eye(4)
    survey[:3, :3] = np.array([[0.8, 0, 0.6], [0, 1, 0], [-0.6, 0, 0.8]])
    survey[:3, 3] = 500_123.25, -8, 3_200_456.5
    with site.database.writing() as session:
        asset = get_asset(session, "cloud")
        asset.document = {**asset.document, "georeference": georeference(survey, "EPSG:32650")}
    oblique = "0.1 0.2 0.3 0.9"
    turn = Rotation.from_quat([0.1, 0.2, 0.3, 0.9])
    old = cloud_of(read_gltf(site.storage.path(document(site, "cloud")["files"]["model"]["sha256"])))
    made = apply(site, "cloud", rotation=oblique, along="y", length_cm="400")
    factor = 4 / float(np.ptp(old.positions[:, 1]))
    new = cloud_of(read_gltf(site.storage.path(made["files"]["model"]["sha256"])))
    moved = turn.apply(old.positions) * factor
    np.testing.assert_allclose(new.positions - new.positions[0], moved - moved[0], atol=1e-3)
    assert new.positions[:, 1].min() == pytest.approx(0, abs=1e-5)
    assert made["georeference"]["crs"] == "EPSG:32650"
    np.testing.assert_allclose(
        surveyed(made, new.positions), old.positions @ survey[:3, :3].T + survey[:3, 3], rtol=0, atol=1e-5
    )
    old_splats = splats_of(read_gltf(site.storage.path(document(site, "splats")["files"]["model"]["sha256"])))
    made = apply(site, "splats", rotation=oblique)
    new_splats = splats_of(read_gltf(site.storage.path(made["files"]["model"]["sha256"])))
    expected = turn * Rotation.from_quat(old_splats.rotations)
    assert (expected * Rotation.from_quat(new_splats.rotations).inv()).magnitude().max() < 0.02
    with pytest.raises(BadInput, match="lacks a valid"):  # there is no surface that a point could be on
        apply(site, "splats", along="points", from_="0 0 0", to="1 0 0", length_cm="5")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Neither its size"),
        ({"rotation": "0 0 0 1"}, "Neither its size"),
        ({"rotation": "0 0 0 0"}, "lacks a valid 'Turn'"),
        ({"rotation": "a b c d"}, "'Turn' is not a usable number"),
        ({"along": "y", "length_cm": "nan"}, "'Real length' is not a usable number"),
        ({"along": "y", "length_cm": "-3"}, "'Real length' is not a usable number"),
        ({"along": "w", "length_cm": "3"}, "lacks a valid 'What you measured'"),
        ({"along": "points", "from": "0 0 0", "to": "0 0 0.00001", "length_cm": "3"}, "hardly any length"),
        ({"along": "points", "from": "0 0 0", "to": "", "length_cm": "3"}, "'Second point' is not a usable number"),
        ({"along": "y", "length_cm": "1e12"}, "cannot be meant"),
    ],
)
def test_what_cannot_be_done_is_said(library: dict[str, Document], form: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput) as refused:
        transform.read(form, library["saggar"])
    assert said in str(refused.value)


def test_an_untrue_warning_goes_and_a_second_scale_takes_the_first_ones_place(
    site: Site, library: dict[str, Document]
) -> None:
    recon = json.loads((samples.CASES.parents[2] / "recon" / "texts.json").read_text("utf-8"))
    stale = [recon["warning.no_scale"], recon["warning.model_unscaled"]]
    kept = {"zh": "缺了一角", "en": "A corner is missing"}
    with site.database.writing() as session:
        asset = get_asset(session, "shard")
        asset.document = document_with(asset.document, warnings=[*stale, kept])
    apply(site, "shard", along="x", length_cm="30")
    made = apply(site, "shard", along="y", length_cm="20")
    assert [warning["en"].split(";")[0] for warning in made["warnings"]] == [
        "A corner is missing",
        "Its size follows from one length measured by hand (20 cm)",
    ]
    assert made["bounds"]["max"][1] == pytest.approx(0.2)


def test_the_survey_coordinates_stay_where_they_still_hold(site: Site, library: dict[str, Document]) -> None:
    apply(site, "saggar", rotation=FORWARD)  # it stands over the origin now
    with site.database.writing() as session:
        asset = get_asset(session, "saggar")
        asset.document = {**asset.document, "offset": [500.0, 0.0, 70.0]}
    assert apply(site, "saggar", along="y", length_cm="33")["offset"] == [500, 0, 70]
    assert "offset" not in apply(site, "saggar", rotation=FORWARD)


def test_who_comes_second_is_told(site: Site, library: dict[str, Document]) -> None:
    before = document(site, "saggar")
    asked = transform.read({"rotation": FORWARD}, before)
    with site.database.writing() as session:  # another title meanwhile
        asset = get_asset(session, "saggar")
        asset.document = {**asset.document, "title": {"zh": "新", "en": "New"}}
    with pytest.raises(StaleVersion):
        transform.apply(site.database, site.storage, site.config, "saggar", before, asked)
    assert document(site, "saggar") == {**before, "title": {"zh": "新", "en": "New"}}
    apply(site, "saggar", rotation=FORWARD)
    with pytest.raises(StaleVersion):
        transform.apply(site.database, site.storage, site.config, "saggar", before, asked)


def test_a_curator_sees_what_will_be_and_what_it_changes(
    curator: Browser, database: Database, published: str, library: dict[str, Document]
) -> None:
    page = curator.get("/desk/assets/shard?lang=en").text
    assert "It has no scale" in page
    ask = "/desk/assets/shard/transform"
    told = curator.get(f"{ask}?along=x&length_cm=12&rotation=&lang=en").text
    assert "12 × 8 × 4 cm (L × W × H)" in told
    assert f'href="/desk/halls/{published}"' in told
    assert "Places in its draft: 1" in told
    assert curator.get(f"{ask}?lang=en").status_code == 422
    sha256 = library["shard"]["files"]["model"]["sha256"]
    form = {"along": "x", "length_cm": "12"}
    assert curator.post(ask, form | {"model": "0" * 64}).status_code == 409
    done = curator.post(ask, form | {"model": sha256})
    assert done.headers["Location"] == "/desk/assets/shard?transformed=1"
    assert curator.post(ask, form | {"model": sha256}).status_code == 409  # sent twice
    page = curator.get("/desk/assets/shard?lang=en").text
    assert "12 × 8 × 4 cm" in page
    assert "It has no scale" not in page
    assert "Scaled by its whole width: 12 cm (factor 0.04)" in page
    assert NAME in page
    # The halls keep their copy: the draft until its next edit, what is published until it is published again.
    with database.writing() as session:
        hall = halls.get_hall(session, published)
        assert hall.draft["assets"]["shard"] == hall.published["assets"]["shard"] == library["shard"]  # type: ignore[index]
        halls.edit_draft(session, hall, "describe-hall", lambda draft: {**draft, "summary": draft["title"]}, 1)
        assert hall.draft["assets"]["shard"] == get_asset(session, "shard").document
        assert hall.published["assets"]["shard"] == library["shard"]  # type: ignore[index]
    assert curator.get(f"/media/{sha256}").status_code == 200


@pytest.mark.parametrize(("azimuth_deg", "across"), [(0, 3), (90, 2), (270, 2), (180, 3)])
def test_the_thumbnail_is_drawn_from_the_chosen_side(
    curator: Browser, site: Site, library: dict[str, Document], azimuth_deg: int, across: float
) -> None:
    form = {"azimuth_deg": str(azimuth_deg), "elevation_deg": "0"}
    done = curator.post("/desk/assets/shard/thumb", form)
    assert done.headers["Location"] == "/desk/assets/shard?viewed=1"
    made = document(site, "shard")
    assert made == library["shard"] | {"files": library["shard"]["files"] | {"thumb": made["files"]["thumb"]}}
    with Image.open(site.storage.path(made["files"]["thumb"]["sha256"])) as picture:
        seen = np.asarray(picture.convert("RGBA"))[..., 3] > 127
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    # level with its middle, the front face alone is the outline
    assert np.ptp(columns) / np.ptp(rows) == pytest.approx(across / 1, rel=0.01)
    assert "Its picture was drawn from another side" in curator.get("/desk/assets/shard?lang=en").text


def test_a_side_that_is_none_is_refused(curator: Browser, library: dict[str, Document]) -> None:
    assert curator.post("/desk/assets/shard/thumb", {"azimuth_deg": "nan", "elevation_deg": "0"}).status_code == 422
    assert curator.post("/desk/assets/shard/thumb", {"azimuth_deg": "5"}).status_code == 422


def test_pictures_are_not_transformed_and_visitors_do_not(
    curator: Browser, visitor: Browser, site: Site, library: dict[str, Document], tmp_path: Path
) -> None:
    (tmp_path / "plan.png").write_bytes(samples.picture(kind="PNG"))
    add(
        tmp_path / "plan.png",
        Told({"zh": "图", "en": "Plan"}),
        site.config,
        site.database,
        site.storage,
        asset_id="plan",
    )
    assert "asset-transform" not in curator.get("/desk/assets/plan").text
    assert curator.get("/desk/assets/plan/transform?rotation=1+0+0+0").status_code == 422
    assert visitor.get("/desk/assets/saggar/transform").status_code in (303, 302)
