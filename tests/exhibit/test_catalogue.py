"""A hall's catalogue as PDF: says what the hall says, is made once, and shows again what is published anew."""

from __future__ import annotations

import copy
import importlib
import io
import re
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser
from PIL import Image
from pypdf import PdfReader

from exhibit.halls import services
from exhibit.visitors import catalogue
from exhibit.web import Site


@pytest.fixture
def story(site: Site, hall: dict[str, Any]) -> dict[str, Any]:
    """A hall on show, with one note that runs over pages."""
    told = samples.dated(samples.story(hall))
    told["assets"]["saggar"] = samples.with_origin(told["assets"]["saggar"])
    told["notes"]["firing"]["body"]["en"] = "<ul>" + "<li>Pine &amp; <strong>patience</strong></li>" * 120 + "</ul>"
    told["placements"]["saggar"]["label"]["en"] = "A long label of a saggar. " * 300
    told["placements"]["saggar"]["variants"] *= 6
    told["timeline"]["milestones"]["early"]["text"]["en"] = "Kilns were small. " * 400  # longer than a page
    with site.database.writing() as session:
        services.publish(session, services.create_hall(session, told, slug="kiln"), 1)
    return told


def descriptor(font: Any) -> Any:
    return font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()


def squeezed(reader: PdfReader) -> str:
    """All text without spaces, which lines break."""
    return "".join("".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_says_what_the_hall_says(visitor: Browser, story: dict[str, Any], language: str, other: str) -> None:
    answer = visitor.get(f"/halls/kiln/catalogue.pdf?lang={language}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Language"] == {"zh": "zh-Hans", "en": "en"}[language]
    reader = PdfReader(io.BytesIO(answer.data))
    assert reader.metadata
    assert reader.metadata.title == story["title"][language]
    assert str(reader.root_object["/Lang"]) == answer.headers["Content-Language"]
    assert {tuple(round(float(side), 2) for side in page.mediabox[2:]) for page in reader.pages} == {(595.28, 841.89)}
    text = squeezed(reader)
    parts = [story, *story["chapters"].values(), *story["placements"].values(), *story["tours"].values()]
    parts += [*story["timeline"]["milestones"].values(), *story["sources"].values(), *story["notes"].values()]
    for part in parts:
        assert "".join(part["title"][language].split()) in text
    for part in (story, *story["placements"].values()):
        assert "".join(part["title"][other].split()) in text  # in both scripts
    for stop in story["tours"]["short"]["stops"].values():
        assert "".join(stop["caption"][language].split()) in text
    years = ["".join(case[language].split()) for case in samples.cases("years")]
    assert [each for each in years if each not in text] == []
    facts = {
        "zh": ("未说明捐赠时没有说明。", "制作者：何朝宗", "藏品号：D-17", "制作日期：2024年5月", "许可：CCBY-NC4.0"),
        "en": (
            "NotstatedNotsaidwhen",
            "Maker:HeChaozong",
            "Inventorynumber:D-17",
            "Datemade:May2024",
            "Licence:CCBY-NC4.0",
        ),
    }
    assert [fact for fact in facts[language] if fact not in text] == []
    if language == "en":
        assert text.count("Pine&patience") == 120


def test_contents_tell_the_pages(visitor: Browser, story: dict[str, Any]) -> None:
    reader = PdfReader(io.BytesIO(visitor.get("/halls/kiln/catalogue.pdf?lang=en").data))

    def flat(outline: Any) -> Any:
        for entry in outline:
            yield from flat(entry) if isinstance(entry, list) else [entry]

    def page(entry: Any) -> int:
        number = reader.get_destination_page_number(entry)
        assert number is not None
        return number + 1

    told = [(str(entry.title), page(entry)) for entry in flat(reader.outline)]
    assert [title for title, _ in told] == [
        "About this hall",
        "Tours",
        "A quarter of an hour",
        "Through the years",
        "Clay",
        "Welcome",
        "Fire",
        "Exhibit saggar",
        *["Part"] * 6,  # with the years of the cases
        "More exhibits",
        "Exhibit shard",
        "Sources",
    ]
    assert [page for _, page in told] == sorted(page for _, page in told)
    assert "Fire" in reader.pages[dict(told)["Fire"] - 1].extract_text()
    contents = re.findall(r"^(.+?)(?: \.)+ ?(\d+)$", reader.pages[1].extract_text(), re.MULTILINE)
    assert [(title, int(page)) for title, page in contents] == told


def test_made_once_for_what_is_published(visitor: Browser, site: Site, story: dict[str, Any]) -> None:
    first = visitor.get("/halls/kiln/catalogue.pdf?lang=en")
    [made] = site.config.catalogues_folder.iterdir()
    changed = made.stat().st_mtime_ns
    again = visitor.get("/halls/kiln/catalogue.pdf?lang=en")
    assert (again.data, made.stat().st_mtime_ns) == (first.data, changed)
    tag = first.headers["ETag"]
    assert visitor.get("/halls/kiln/catalogue.pdf?lang=en", headers={"If-None-Match": tag}).status_code == 304
    visitor.get("/halls/kiln/catalogue.pdf?lang=zh")
    anew = copy.deepcopy(story) | {"title": {"zh": "新题", "en": "Another title"}}
    with site.database.writing() as session:
        hall = services.get_hall(session, "kiln")
        services.save_draft(session, hall, anew, 1)
        services.publish(session, hall, 2)
    answer = visitor.get("/halls/kiln/catalogue.pdf?lang=en")
    metadata = PdfReader(io.BytesIO(answer.data)).metadata
    assert metadata
    assert metadata.title == "Another title"
    assert answer.headers["ETag"] != tag
    assert not made.exists()
    assert sorted(file.name.split(".")[1] for file in site.config.catalogues_folder.iterdir()) == ["en", "zh"]


def test_every_catalogue_has_its_own_letters(visitor: Browser, site: Site, hall: dict[str, Any]) -> None:
    """One process makes one after another."""
    for slug, title in (("gold", "鑫"), ("water", "淼"), ("fire", "焱")):
        with site.database.writing() as session:
            named = hall | {"title": {"zh": title, "en": title}}
            services.publish(session, services.create_hall(session, named, slug=slug), 1)
        for language in ("zh", "en"):
            answer = visitor.get(f"/halls/{slug}/catalogue.pdf?lang={language}")
            assert title in squeezed(PdfReader(io.BytesIO(answer.data)))


def test_only_of_what_is_on_show(visitor: Browser, site: Site, hall: dict[str, Any]) -> None:
    with site.database.writing() as session:
        services.create_hall(session, hall, slug="draft")
    assert visitor.get("/halls/draft/catalogue.pdf").status_code == 404
    assert not site.config.catalogues_folder.exists()


def test_without_a_chinese_typeface_it_says_so(
    visitor: Browser, site: Site, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No catalogue of empty boxes."""
    catalogue.has_chinese_typeface.cache_clear()
    (site.config.data / "fonts.conf").write_text("<fontconfig></fontconfig>")  # names no folder of fonts
    monkeypatch.setenv("FONTCONFIG_FILE", str(site.config.data / "fonts.conf"))
    try:
        answer = visitor.get(f"/halls/{published}/catalogue.pdf?lang=en")
    finally:
        catalogue.has_chinese_typeface.cache_clear()
    assert answer.status_code == 503
    assert "fonts-noto-cjk" in answer.text
    assert not site.config.catalogues_folder.exists()


def test_is_tagged_for_screen_readers(visitor: Browser, story: dict[str, Any]) -> None:
    """PDF/UA: a structure tree of headings, pictures with their alternative text, the language of each part."""
    reader = PdfReader(io.BytesIO(visitor.get("/halls/kiln/catalogue.pdf?lang=en").data))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"].value is True
    tags: dict[str, list[Any]] = {}

    def walk(element: Any) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for child in element:
                walk(child)
        elif isinstance(element, dict):
            if "/S" in element:
                tags.setdefault(str(element["/S"]), []).append(element)
            if "/K" in element:
                walk(element["/K"])

    walk(root["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/H3", "/P", "/Figure", "/L"} <= tags.keys()
    assert len(tags["/H1"]) == 1
    assert all("/Alt" in figure for figure in tags["/Figure"])


def test_letters_beyond_latin_1(visitor: Browser, site: Site, story: dict[str, Any]) -> None:
    """The kundika of Sanskrit, in both languages."""
    told = copy.deepcopy(story)
    told["title"] = {"zh": "净瓶 kuṇḍikā", "en": "The kuṇḍikā"}
    with site.database.writing() as session:
        hall = services.get_hall(session, "kiln")
        services.save_draft(session, hall, told, 1)
        services.publish(session, hall, 2)
    for language in ("zh", "en"):
        reader = PdfReader(io.BytesIO(visitor.get(f"/halls/kiln/catalogue.pdf?lang={language}").data))
        assert "kuṇḍikā" in squeezed(reader)
        for page in reader.pages:
            resources: Any = page["/Resources"]
            for font in resources["/Font"].values():
                assert "/FontFile3" in (d := descriptor(font)) or "/FontFile2" in d  # embedded, whole words of it


def test_no_file_is_left_behind(visitor: Browser, site: Site, story: dict[str, Any]) -> None:
    visitor.get("/halls/kiln/catalogue.pdf?lang=en")
    assert [path.suffix for path in Path(site.config.catalogues_folder).iterdir()] == [".pdf"]


def test_pictures_that_are_cut_off_stay_an_error() -> None:
    """WeasyPrint's import lets Pillow take them, in the whole process."""
    importlib.import_module("exhibit.visitors.typesetting")
    whole = io.BytesIO()
    Image.new("RGB", (64, 64), "brown").save(whole, "JPEG")
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(whole.getvalue()[:-40])).load()
