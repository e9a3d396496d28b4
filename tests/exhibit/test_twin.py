"""A hall's page tells all that the hall tells, in its order, in both languages, without a script."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser
from test_pages import Page

from exhibit.documents.types import HallDocument, Text
from exhibit.halls import services
from exhibit.library import upload
from exhibit.library.bundle import Told
from exhibit.library.models import Asset
from exhibit.visitors.twin import twin_of
from exhibit.web import Site


@pytest.fixture
def told(site: Site, hall: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """A hall with a story, a video and a sound, on show beside another hall."""
    (tmp_path / "film.webm").write_bytes(samples.webm())
    (tmp_path / "fire.wav").write_bytes(samples.wav())
    (tmp_path / "words.vtt").write_bytes(samples.VTT)
    title: Text = {"zh": "拉坯", "en": "Throwing"}
    words = {"zh": tmp_path / "words.vtt", "en": tmp_path / "words.vtt"}
    for name, told in (("film.webm", Told(title, "recording", captions=words)), ("fire.wav", Told(title, "recording"))):
        upload.add(tmp_path / name, told, site.config, site.database, site.storage, asset_id=name.partition(".")[0])
    story = samples.story(hall)
    with site.database.reading() as session:
        for key in ("film", "fire"):
            story["assets"][key] = session.get_one(Asset, key).document
    story["placements"]["film"] = {**story["placements"]["shard"], "kind": "video", "asset": "film", "title": title}
    story["placement_order"].append("film")
    story["tours"]["short"]["stops"]["saggar"]["narration"] = {"zh": "fire"}
    box = {"min": [0, 0, 0], "max": [1, 1, 1], "title": {"zh": "窑口", "en": "At the mouth"}}
    story["zones"] = {"mouth": box | {"sound": "fire", "caption": {"zh": "柴火。", "en": "Crackling."}}}
    door = {"title": {"zh": "门", "en": "Door"}, "position": [0, 0, 0], "facing_deg": 0, "width_m": 1, "height_m": 2}
    story["doors"] = {
        "east": door | {"hall": "tea"},
        "again": door | {"hall": "tea"},
        "shut": door,
        "nowhere": door | {"hall": "not-on-show"},
    }
    other = copy.deepcopy(hall) | {"title": {"zh": "茶山", "en": "Tea hills"}}
    with site.database.writing() as session:
        for slug, document in (("kiln", story), ("tea", other), ("not-on-show", hall)):
            stored = services.create_hall(session, document, slug=slug)
            if slug != "not-on-show":
                services.publish(session, stored, 1)
    return story


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_the_hall_says(visitor: Browser, told: dict[str, Any], language: str) -> None:
    page = Page(visitor.get(f"/halls/kiln?lang={language}").text)
    words = "\n".join(page.words)

    def said(thing: Any) -> list[str]:
        """Every text in a part of the document, rich text as its first words."""
        if isinstance(thing, dict):
            if thing.keys() == {"zh", "en"} and isinstance(thing["zh"], str):
                return [thing[language]]
            return [text for each in thing.values() for text in said(each)]
        return [text for each in thing for text in said(each)] if isinstance(thing, list) else []

    shown = {key: told[key] for key in ("title", "summary", "chapters", "timeline", "tours", "zones", "sources")}
    for text in said(shown) + said(list(told["placements"].values())):
        assert text in words


def test_the_order_of_the_story(visitor: Browser, told: dict[str, Any]) -> None:
    page = Page(visitor.get("/halls/kiln?lang=en").text)
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    order = ["tour-short", "milestone-early", "milestone-modern", "chapter-clay", "exhibit-welcome", "chapter-fire"]
    order += ["exhibit-saggar", "exhibit-shard", "exhibit-film", "sounds", "ways", "source-survey"]
    assert [each for each in ids if each in order] == order
    assert len(ids) == len(set(ids))
    inside = {href[1:] for link in page.all("a") if (href := link["href"] or "").startswith("#")}
    assert {link for link in inside if "=" not in link} <= {*ids, "walk"}


def test_what_plays(visitor: Browser, told: dict[str, Any]) -> None:
    for language, tag in (("zh", "zh-Hans"), ("en", "en")):
        page = Page(visitor.get(f"/halls/kiln?lang={language}").text)
        files = told["assets"]["film"]["files"]
        [video] = page.all("video")
        assert video["poster"] == f"/media/{files['thumb']['sha256']}"
        assert "controls" in video
        assert video["aria-label"] == told["placements"]["film"]["title"][language]
        assert [(source["src"], source["type"]) for source in page.all("source")] == [
            (f"/media/{files['video']['sha256']}", "video/webm")
        ]
        tracks = {track["srclang"]: track for track in page.all("track")}
        assert tracks.keys() == {"zh-Hans", "en"}
        assert [each for each, track in tracks.items() if "default" in track] == [tag]
        sounds = [audio["src"] for audio in page.all("audio")]
        assert sounds == [f"/media/{told['assets']['fire']['files']['audio']['sha256']}"] * (
            2 if language == "zh" else 1
        )
        assert "Pine & clay" in "\n".join(page.words)  # the transcript


def test_ways_lead_to_halls_on_show_alone(visitor: Browser, told: dict[str, Any]) -> None:
    page = Page(visitor.get("/halls/kiln").text)
    assert [link["href"] for link in page.all("a") if str(link["href"]).endswith(("/tea", "-show"))] == ["/halls/tea"]


def test_sources_are_numbered_as_they_are_named(site: Site, told: HallDocument) -> None:
    twin = twin_of(told, "en", site.storage, {})
    assert twin.source_numbers() == {"survey": 1, "book": 2, "unnamed": 3}
    assert [exhibit.number for chapter in twin.chapters for exhibit in chapter.exhibits] == [None, 1, 2, 3]


def test_a_stop_shows_what_it_stops_at(site: Site, told: HallDocument) -> None:
    [tour] = twin_of(told, "en", site.storage, {}).tours
    thumb = told["assets"]["saggar"]["files"]["thumb"]
    assert [stop.picture for stop in tour.stops] == [thumb, thumb, None]
    assert [stop.narration for stop in tour.stops] == [None, None, None]  # nothing is spoken in English
