"""What a document means, by the cases that the viewer keeps too (viewer/test/document.test.ts)."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
import samples
from browser import Browser
from test_pages import Page

from exhibit.documents import contract
from exhibit.documents.order import (
    exhibit_numbers,
    milestones_in_order,
    notes_of,
    placements_by_chapter,
    variants_in_order,
)
from exhibit.documents.sources import cited, source_numbers, sources_of_exhibit
from exhibit.documents.texts import pick
from exhibit.documents.types import AssetDocument, HallDocument, Zone
from exhibit.documents.years import milestone_years, period_text, year_text
from exhibit.errors import BadHall
from exhibit.halls import services
from exhibit.halls.anchors import places
from exhibit.halls.edits.story import PARTS, things
from exhibit.halls.translations import untranslated
from exhibit.i18n import LANGUAGES, Language, say
from exhibit.space.templates import begin_document
from exhibit.visitors.origin import file_facts, original_facts
from exhibit.visitors.twin import twin_of
from exhibit.web import Site

HALLS = sorted(samples.CASES.glob("hall-*.json"))


def read(path: Path) -> tuple[HallDocument, dict[str, Any]]:
    case = json.loads(path.read_text("utf-8"))
    return contract.hall_document(case["hall"]), case["expected"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_years(language: Language) -> None:
    for case in samples.cases("years"):
        first, last = case.get("from"), case.get("to")
        if first and last:
            assert milestone_years(samples.milestone(case), language) == case[language]
        assert period_text(first, last, language, circa=case.get("circa", False)) == case[language]
        if first == last and first and not case.get("circa"):
            assert year_text(first, language) == case[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts(language: Language) -> None:
    for case in samples.cases("texts"):
        text, spoken = pick(case["text"], language)
        assert text == case[language]
        assert text in ("", case["text"][spoken])


@pytest.mark.parametrize("case", samples.cases("origin"), ids=lambda case: case["about"])
def test_where_an_asset_comes_from(case: dict[str, Any]) -> None:
    document = cast(AssetDocument, {"origin": case["origin"], "original": case.get("original", {})})
    for language in LANGUAGES:
        facts = [*original_facts(document, language), *file_facts(document, language)]
        assert [[fact.term, pick(fact.text, language)[0]] for fact in facts] == case["facts"][language]


def test_labels_of_facts() -> None:
    labels = json.loads((samples.CASES / "origin.json").read_text("utf-8"))["labels"]
    for term, label in labels.items():
        assert {language: say(f"library.fact.{term}", language) for language in LANGUAGES} == label


@pytest.mark.parametrize("path", HALLS, ids=lambda path: path.stem)
def test_order_and_numbers(path: Path) -> None:
    hall, expected = read(path)
    assert exhibit_numbers(hall) == expected["numbers"]
    told = {key: [note for note, _ in notes_of(hall, key or None)] for key in expected["notes"]}
    assert told == expected["notes"]
    assert [key for key, _ in milestones_in_order(hall)] == expected["milestones"]
    assert [key for key, _ in things(hall, "milestones")] == expected["milestones"]  # the desk
    assert [list(part) for part in placements_by_chapter(hall)] == expected["chapters"]
    shapes = {key: variants_in_order(hall["placements"][key]) for key in expected["variants"]}
    titles = {key: [shape["title"]["en"] for shape in each] for key, each in shapes.items()}
    assert titles == expected["variants"]


@pytest.mark.parametrize("path", HALLS, ids=lambda path: path.stem)
def test_years_of_a_hall(path: Path) -> None:
    hall, expected = read(path)

    def both(told: Any) -> dict[str, str]:
        return {language: told(language) for language in LANGUAGES}

    milestones = dict(milestones_in_order(hall))
    years = {key: both(lambda language, each=each: milestone_years(each, language)) for key, each in milestones.items()}
    assert years == expected["milestone_years"]
    assert {
        key: both(lambda language, each=each: period_text(each.get("from_year"), each.get("to_year"), language))
        for key, each in hall.get("chapters", {}).items()
    } == expected["periods"]


@pytest.mark.parametrize("path", HALLS, ids=lambda path: path.stem)
def test_sources(path: Path, site: Site) -> None:
    hall, expected = read(path)
    numbers = source_numbers(hall)
    assert numbers == expected["sources"]
    assert list(numbers.values()) == [*range(1, len(numbers) + 1)]
    told = {key: [list(each) for each in cited(sources_of_exhibit(hall, key), numbers)] for key in hall["placements"]}
    assert told == expected["exhibit_sources"]


@pytest.mark.parametrize("path", HALLS, ids=lambda path: path.stem)
def test_the_page_keeps_to_them(path: Path, site: Site) -> None:
    hall, expected = read(path)
    twin = twin_of(hall, "en", site.storage, {})
    exhibits = {exhibit.key: exhibit for chapter in twin.chapters for exhibit in chapter.exhibits}
    assert {key: each.number for key, each in exhibits.items() if each.number} == expected["numbers"]
    assert exhibits.keys() == hall["placements"].keys()
    assert twin.source_numbers() == expected["sources"]
    assert [key for key, _ in twin.milestones] == expected["milestones"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_writes_these_years(visitor: Browser, site: Site, hall: dict[str, Any], language: Language) -> None:
    with site.database.writing() as session:
        services.publish(session, services.create_hall(session, samples.dated(samples.story(hall)), slug="dated"), 1)
    words = Page(visitor.get(f"/halls/dated?lang={language}").text).words
    written = [case[language] for case in samples.cases("years") if case[language]]
    assert [years for years in written if years not in words] == []


@pytest.mark.parametrize("year", ["year", "to_year"])
def test_there_is_no_year_0(year: str) -> None:
    hall = json.loads((samples.CASES / "hall-story.json").read_text("utf-8"))["hall"]
    key, milestone = next(iter(hall["timeline"]["milestones"].items()))
    milestone[year] = 0
    with pytest.raises(BadHall) as refused:
        contract.hall_document(hall)
    place = f"/timeline/milestones/{key}/{year}"
    assert f"{place}：没有公元0年，公元前1年写作-1" in refused.value.message("zh")
    assert f"{place}: there is no year 0; 1 BCE is -1" in refused.value.message("en")
    milestone[year] = -1 if year == "year" else 1
    contract.hall_document(hall)


def shuffled(value: Any, random: Random) -> Any:
    """The same document, with the keys of its maps in another order."""
    if isinstance(value, list):
        return [shuffled(each, random) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: shuffled(value[key], random) for key in random.sample(sorted(value), len(value))}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_keys_means_nothing(seed: int, site: Site) -> None:
    hall = begin_document("porcelain-gallery", "room") | read(samples.CASES / "hall-story.json")[0]
    hall["doors"] = {key: {**door, "hall": "next"} for key, door in hall["doors"].items()}
    zone: Zone = {"title": {"zh": "窑边", "en": ""}, "min": [0, 0, 0], "max": [1, 1, 1], "sound": "film"}
    hall["zones"] = {"fire": zone, "clay": zone}
    other: HallDocument = shuffled(hall, Random(seed))
    assert any(list(other[name]) != list(hall[name]) for name in ("zones", "sources", "anchors"))
    assert twin_of(other, "en", site.storage, {"next": hall}) == twin_of(hall, "en", site.storage, {"next": hall})
    assert [things(other, part) for part in PARTS] == [things(hall, part) for part in PARTS]
    assert places(other) == places(hall)
    assert untranslated(other) == untranslated(hall)
