"""The demonstration's halls: composed, published, and left alone the second time."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser
from sqlalchemy import func, select

from assets.demo import seed as seeding
from assets.demo.__main__ import main
from assets.demo.errors import DemoError
from exhibit.config import Config
from exhibit.db import Database
from exhibit.errors import BadHall
from exhibit.halls.models import Hall
from exhibit.halls.services import get_hall, save_draft
from exhibit.library.bare import from_recording
from exhibit.library.bundle import Told
from exhibit.library.models import Asset, File
from exhibit.storage import Storage
from exhibit.web import Site

PLANS = sorted(seeding.PLANS.glob("*.json"))


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """A demonstration of our own: two halls in one room, which is given as a bundle."""
    folder = tmp_path / "plans"
    folder.mkdir()
    for number, (slug, shown) in enumerate({"kiln": ("saggar", "shard"), "store": ("shard",)}.items()):
        (folder / f"{number}.json").write_text(json.dumps(plan(slug, shown)))
    return folder


def plan(slug: str, shown: tuple[str, ...]) -> dict[str, Any]:
    hall = samples.hall({}, shown=shown)
    places = zip((*shown, "welcome"), ("meiping", "censer", "welcome"), strict=False)
    for placement, anchor in {**dict(places), "welcome": "welcome"}.items():
        del hall["placements"][placement]["translation"], hall["placements"][placement]["rotation"]
        hall["placements"][placement]["at"] = anchor
    return {
        "slug": slug,
        "template": "kiln-gallery",
        "architecture": {"asset": "room"},
        **{key: hall[key] for key in ("title", "summary", "placements", "notes")},
    }


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


def test_composes_and_publishes(site: Site, visitor: Browser, bundles: dict[str, Path], plans: Path) -> None:
    made = seeding.seed(bundles, site.config, site.database, site.storage, plans=plans)
    assert made == {"kiln": "published", "store": "published"}
    document = visitor.get("/api/halls/kiln").get_json()
    assert document["assets"].keys() == {"room", "saggar", "shard"}
    for asset in document["assets"].values():
        for entry in (asset["files"]["model"], asset["files"]["thumb"], asset["files"]["collider"]):
            assert visitor.get(f"/media/{entry['sha256']}").status_code == 200
    assert visitor.get("/halls/kiln").status_code == 200
    assert visitor.get("/halls/store").status_code == 200


def test_twice_changes_nothing(site: Site, bundles: dict[str, Path], plans: Path) -> None:
    unchanged = {"kiln": "unchanged", "store": "unchanged"}
    seeding.seed(bundles, site.config, site.database, site.storage, plans=plans)
    before = everything(site.database)
    assert seeding.seed(bundles, site.config, site.database, site.storage, plans=plans) == unchanged
    assert everything(site.database) == before
    room = {"room": bundles["room"]}
    assert seeding.seed(room, site.config, site.database, site.storage, plans=plans) == unchanged
    assert seeding.seed({}, site.config, site.database, site.storage, plans=plans) == unchanged
    assert everything(site.database) == before


def test_a_curators_changes_are_not_overwritten(site: Site, bundles: dict[str, Path], plans: Path) -> None:
    seeding.seed(bundles, site.config, site.database, site.storage, plans=plans)
    with site.database.writing() as session:
        hall = get_hall(session, "kiln")
        changed = copy.deepcopy(hall.draft)
        changed["title"]["en"] = "Mine"
        save_draft(session, hall, changed, 1)
    before = everything(site.database)
    with pytest.raises(DemoError, match="differs from the demonstration"):
        seeding.seed(bundles, site.config, site.database, site.storage, plans=plans)
    assert everything(site.database) == before
    made = seeding.seed(bundles, site.config, site.database, site.storage, plans=plans, replace=True)
    assert made == {"kiln": "published", "store": "unchanged"}
    with site.database.reading() as session:
        assert get_hall(session, "kiln").draft["title"]["en"] == "The Dragon Kiln"


def test_only_the_halls_that_are_asked_for(site: Site, bundles: dict[str, Path], plans: Path) -> None:
    given = {key: bundles[key] for key in ("room", "shard")}
    made = seeding.seed(given, site.config, site.database, site.storage, plans=plans, halls=["store"])
    assert made == {"store": "published"}
    with pytest.raises(DemoError, match=r"has no hall 'stable'. It has: kiln, store\."):
        seeding.seed(given, site.config, site.database, site.storage, plans=plans, halls=["stable"])


def test_models_come_from_a_folder_that_may_hold_more(
    site: Site, bundles: dict[str, Path], plans: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    for key in ("saggar", "shard", "room"):
        shutil.copytree(bundles[key], models / key)
    shutil.copytree(bundles["shard"], models / "teapot")
    made = seeding.seed({}, site.config, site.database, site.storage, plans=plans, models=models)
    assert made == {"kiln": "published", "store": "published"}


def test_a_missing_asset_names_the_hall_and_the_command(site: Site, bundles: dict[str, Path], plans: Path) -> None:
    given = {key: bundles[key] for key in ("room", "shard")}
    with pytest.raises(DemoError, match=r"hall kiln needs the asset 'saggar'.*saggar=BUNDLE.*scripts/demo"):
        seeding.seed(given, site.config, site.database, site.storage, plans=plans)
    assert everything(site.database) == [[], [], 0]


def test_an_asset_that_is_not_needed(site: Site, bundles: dict[str, Path], plans: Path) -> None:
    with pytest.raises(DemoError, match=r"does not need 'teapot'. It needs: room, saggar, shard\."):
        seeding.seed(bundles | {"teapot": bundles["shard"]}, site.config, site.database, site.storage, plans=plans)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"slug": "x", "template": "kiln-gallery"}'])
def test_a_broken_plan(site: Site, plans: Path, content: str) -> None:
    (plans / "0.json").write_text(content)
    with pytest.raises(DemoError, match="cannot be read"):
        seeding.seed({}, site.config, site.database, site.storage, plans=plans)


def test_a_template_that_does_not_exist(site: Site, plans: Path) -> None:
    (plans / "0.json").write_text(json.dumps(plan("kiln", ("saggar",)) | {"template": "none"}))
    with pytest.raises(DemoError, match="no hall template 'none'"):
        seeding.seed({}, site.config, site.database, site.storage, plans=plans)


def test_an_anchor_that_does_not_exist(site: Site, plans: Path) -> None:
    broken = plan("kiln", ("saggar",))
    broken["placements"]["saggar"]["at"] = "attic"
    (plans / "0.json").write_text(json.dumps(broken))
    with pytest.raises(BadHall, match="/placements/saggar/at: the hall has no anchor 'attic'"):
        seeding.seed({}, site.config, site.database, site.storage, plans=plans)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def film(folder: Path) -> Path:
    """A bundle of a video with its captions."""
    words = written(folder / "words.vtt", samples.VTT)
    told = Told({"zh": "拉坯", "en": "Throwing"}, still=written(folder / "still.jpg", samples.picture()),
                captions={"zh": words, "en": words})  # fmt: skip
    film = written(folder / "film.webm", samples.webm())
    return samples.on_disk(from_recording(film, folder / "film", told, Config(data=folder)), folder / "film")


def shown(plan: dict[str, Any]) -> set[tuple[str, str]]:
    """(asset, kind) of everything that a hall shows or sounds."""
    placements = [p for p in plan["placements"].values() if "asset" in p]
    found = {(asset["asset"], p["kind"]) for p in placements for asset in (p, *p.get("variants", ()))}
    found |= {(note["picture"], "picture") for note in plan["notes"].values() if "picture" in note}
    found |= {(zone["sound"], "audio") for zone in plan.get("zones", {}).values() if "sound" in zone}
    return found


@pytest.mark.parametrize("path", PLANS, ids=lambda path: str(path.stem))
def test_the_demonstration_that_ships(
    path: Path,
    rough_hall: Callable[[str], Path],
    config: Config,
    database: Database,
    storage: Storage,
    visitor: Browser,
    tmp_path: Path,
) -> None:
    """Each plan keeps the contract; boxes stand for what takes long to make, the room is the real one."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    stand_ins = {
        "object": samples.bundle(tmp_path / "box", model=samples.delivery_glb()),
        "picture": written(tmp_path / "picture.png", samples.picture(kind="PNG")),
        "video": film(tmp_path),
        "audio": written(tmp_path / "sound.wav", samples.wav()),
    }
    given = {asset: stand_ins[kind] for asset, kind in shown(plan)}
    if "sizes" not in plan:  # else its room is built for it
        given[plan["template"]] = rough_hall(plan["template"])
    slug = plan["slug"]
    made = seeding.seed(given, config, database, storage, halls=[slug], light="rough")
    assert made == {slug: "published"}
    for language in ("zh", "en"):
        text = visitor.get(f"/halls/{slug}?lang={language}").text
        assert plan["title"][language] in text
        for placement in plan["placements"].values():
            assert placement["title"][language] in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "needs the asset"),
        (["kiln"], "is not ID=BUNDLE"),
        (["kiln="], "is not ID=BUNDLE"),
        (["a=.", "a=."], "given twice"),
        (["kiln=/nowhere"], "/nowhere does not exist"),
        (["--models", "/nowhere"], "/nowhere does not exist"),
    ],
)
def test_the_command_refuses(
    config: Config, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", "--data", str(config.data), *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"demo: .+\. .+\.\n", printed.err)
    assert said in printed.err


def test_the_command_needs_an_initialised_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", "--data", str(tmp_path / "none")]) == 2
    assert "is not yet a data folder" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
