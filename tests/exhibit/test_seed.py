"""The demonstration hall: composed, published, and left alone the second time."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser
from sqlalchemy import func, select

from exhibit.config import Config, assets_folder
from exhibit.db import Database
from exhibit.errors import BadConfig, BadInput
from exhibit.halls import seed as seeding
from exhibit.halls.models import Hall
from exhibit.halls.services import get_hall, save_draft
from exhibit.library.models import Asset, File
from exhibit.storage import Storage
from exhibit.web import Site


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A demonstration of our own, whose room is given as a bundle."""
    document = samples.hall({}, shown=("saggar", "shard"))
    (tmp_path / "hall.json").write_text(json.dumps({"slug": "kiln", "template": "none"} | document))
    return tmp_path / "hall.json"


def everything(database: Database) -> list[Any]:
    with database.reading() as session:
        halls = [
            (hall.draft, hall.draft_version, hall.published, hall.published_at)
            for hall in session.scalars(select(Hall))
        ]
        assets = [
            (asset.id, asset.document, asset.changed_at) for asset in session.scalars(select(Asset).order_by(Asset.id))
        ]
        return [halls, assets, session.scalar(select(func.count()).select_from(File))]


def test_composes_and_publishes(site: Site, visitor: Browser, bundles: dict[str, Path], plan: Path) -> None:
    assert seeding.seed(bundles, site.config, site.database, site.storage, plan=plan) == ("kiln", "published")
    document = visitor.get("/api/halls/kiln").json
    assert document["assets"].keys() == {"room", "saggar", "shard"}
    for asset in document["assets"].values():
        for entry in (asset["files"]["model"], asset["files"]["thumb"], asset["files"]["collider"]):
            assert visitor.get(f"/media/{entry['sha256']}").status_code == 200
    assert visitor.get("/halls/kiln").status_code == 200


def test_twice_changes_nothing(site: Site, bundles: dict[str, Path], plan: Path) -> None:
    seeding.seed(bundles, site.config, site.database, site.storage, plan=plan)
    before = everything(site.database)
    assert seeding.seed(bundles, site.config, site.database, site.storage, plan=plan) == ("kiln", "unchanged")
    assert everything(site.database) == before
    assert (
        seeding.seed({"room": bundles["room"]}, site.config, site.database, site.storage, plan=plan)[1] == "unchanged"
    )


def test_a_curators_changes_are_not_overwritten(site: Site, bundles: dict[str, Path], plan: Path) -> None:
    seeding.seed(bundles, site.config, site.database, site.storage, plan=plan)
    with site.database.writing() as session:
        hall = get_hall(session, "kiln")
        changed = copy.deepcopy(hall.draft)
        changed["title"]["en"] = "Mine"
        save_draft(session, hall, changed, 1)
    before = everything(site.database)
    with pytest.raises(BadInput, match="differs from the demonstration"):
        seeding.seed(bundles, site.config, site.database, site.storage, plan=plan)
    assert everything(site.database) == before
    seeding.seed(bundles, site.config, site.database, site.storage, plan=plan, replace=True)
    with site.database.reading() as session:
        assert get_hall(session, "kiln").draft["title"]["en"] == "The Dragon Kiln"


def test_a_missing_asset_names_the_command(site: Site, bundles: dict[str, Path], plan: Path) -> None:
    given = {key: bundles[key] for key in ("room", "saggar")}
    with pytest.raises(BadInput, match=r"needs the asset 'shard'.*`recon build`.*shard=BUNDLE"):
        seeding.seed(given, site.config, site.database, site.storage, plan=plan)
    assert everything(site.database) == [[], [], 0]


def test_an_asset_that_is_not_needed(site: Site, bundles: dict[str, Path], plan: Path) -> None:
    with pytest.raises(BadInput, match=r"does not need 'teapot'. It needs: room, saggar, shard\."):
        seeding.seed(bundles | {"teapot": bundles["shard"]}, site.config, site.database, site.storage, plan=plan)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"slug": "x", "template": "y"}'])
def test_a_broken_plan(site: Site, plan: Path, content: str) -> None:
    plan.write_text(content)
    with pytest.raises(BadConfig, match="cannot be read"):
        seeding.seed({}, site.config, site.database, site.storage, plan=plan)


def test_a_template_that_does_not_exist(site: Site, bundles: dict[str, Path], plan: Path) -> None:
    given = {key: bundles[key] for key in ("saggar", "shard")}
    with pytest.raises(BadInput, match="no hall template 'none'"):
        seeding.seed(given, site.config, site.database, site.storage, plan=plan)


def test_the_demonstration_that_ships(
    config: Config, database: Database, storage: Storage, visitor: Browser, tmp_path: Path
) -> None:
    """assets/demo/hall.json keeps the contract; boxes stand for what takes long to make, the room is the real one."""
    plan = json.loads((assets_folder() / "demo" / "hall.json").read_text(encoding="utf-8"))
    needed = {placement["asset"] for placement in plan["placements"].values() if "asset" in placement}
    given = dict.fromkeys(needed, samples.bundle(tmp_path / "box", model=samples.delivery_glb()))
    slug, outcome = seeding.seed(given, config, database, storage)
    assert (slug, outcome) == (plan["slug"], "published")
    for language in ("zh", "en"):
        text = visitor.get(f"/halls/{slug}?lang={language}").text
        assert plan["title"][language] in text
        for placement in plan["placements"].values():
            assert placement["title"][language] in text
