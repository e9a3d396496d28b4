"""A hall's catalogue as PDF: says what the hall says, is made once, and shows again what is published anew."""

from __future__ import annotations

import copy
import io
import re
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from exhibit.halls import services
from exhibit.visitors import typeface
from exhibit.visitors.markup import paragraphs
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
    assert reader.root_object["/Lang"] == answer.headers["Content-Language"]
    assert {tuple(map(float, page.mediabox[2:])) for page in reader.pages} == {(595.2756, 841.8898)}
    if typeface.find_family() is None:
        pytest.skip("no Chinese typeface on this machine: the PDF names its reader's own, which cannot be read back")
    text = squeezed(reader)
    parts = [story, *story["chapters"].values(), *story["placements"].values(), *story["tours"].values()]
    parts += [*story["timeline"]["milestones"].values(), *story["sources"].values(), *story["notes"].values()]
    for part in parts:
        assert "".join(part["title"][language].split()) in text
    for part in (story, *story["placements"].values()):
        assert "".join(part["title"][other].split()) in text  # in both scripts
    for stop in story["tours"]["short"]["stops"]:
        assert "".join(stop["caption"][language].split()) in text
    years = ["".join(case[language].split()) for case in samples.cases("years")]
    assert [each for each in years if each not in text] == []
    facts = {
        "zh": ("未说明·捐赠时没有说明。", "制作者：何朝宗", "藏品号：D-17", "制作日期：2024年5月", "许可：CCBY-NC4.0"),
        "en": (
            "Notstated·Notsaidwhen",
            "Maker:HeChaozong",
            "Inventorynumber:D-17",
            "Madeon:May2024",
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

    told = [(str(entry.title), reader.get_destination_page_number(entry) + 1) for entry in flat(reader.outline)]
    assert [title for title, _ in told] == [
        "About this hall",
        "Through the years",
        "Clay",
        "Welcome",
        "Fire",
        "Exhibit saggar",
        *["Part"] * 6,  # with the years of the cases
        "More exhibits",
        "Exhibit shard",
        "Tours",
        "A quarter of an hour",
        "Sources",
    ]
    assert [page for _, page in told] == sorted(page for _, page in told)
    assert "Fire" in reader.pages[dict(told)["Fire"] - 1].extract_text()
    contents = re.findall(r"(?:\. )+ ?(\d+)\n(.+)", reader.pages[1].extract_text())
    assert [(title, int(page)) for page, title in contents] == told


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


def test_every_catalogue_has_its_own_letters(visitor: Browser, site: Site, story: dict[str, Any]) -> None:
    """One process makes one after another."""
    if typeface.find_family() is None:
        pytest.skip("no Chinese typeface on this machine")
    for version, title in enumerate(("鑫", "淼", "焱"), start=1):
        with site.database.writing() as session:
            hall = services.get_hall(session, "kiln")
            services.save_draft(session, hall, copy.deepcopy(story) | {"title": {"zh": title, "en": title}}, version)
            services.publish(session, hall, version + 1)
        for language in ("zh", "en"):
            answer = visitor.get(f"/halls/kiln/catalogue.pdf?lang={language}")
            assert title in squeezed(PdfReader(io.BytesIO(answer.data)))


def test_only_of_what_is_on_show(visitor: Browser, site: Site, hall: dict[str, Any]) -> None:
    with site.database.writing() as session:
        services.create_hall(session, hall, slug="draft")
    assert visitor.get("/halls/draft/catalogue.pdf").status_code == 404
    assert not site.config.catalogues_folder.exists()


def test_without_a_typeface_the_readers_own(visitor: Browser, published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeface, "find_family", lambda: None)
    reader = PdfReader(io.BytesIO(visitor.get(f"/halls/{published}/catalogue.pdf?lang=zh").data))
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert "/STSong-Light" in fonts


def test_a_typeface_is_cut_to_what_is_written() -> None:
    family = typeface.find_family()
    if family is None:
        pytest.skip("no Chinese typeface on this machine")
    text = "龙窑“kiln’s”"
    fonts = [TTFont(io.BytesIO(typeface.cut(family[0], text, western=western))) for western in (False, True)]
    for font in fonts:
        assert "glyf" in font
        assert set(map(ord, text)) == set(font.getBestCmap())
    chinese, english = (font["hmtx"][font.getBestCmap()[ord("’")]][0] for font in fonts)
    assert english < chinese


def test_rich_text_as_paragraphs() -> None:
    found = paragraphs(
        "<p>A &lt;b&gt; <em>so<strong>ft</strong></em></p><ol><li>one</li><li><p>two</p></li></ol>"
        '<blockquote><p>said</p></blockquote>after <a href="https://example.org/?a=1&amp;b=2">it</a>'
    )
    assert [(each.kind, each.bullet, each.markup) for each in found] == [
        ("p", "", 'A &lt;b&gt; <font color="#74230f">so<b>ft</b></font>'),
        ("li", "1.", "one"),
        ("li", "2.", "two"),
        ("blockquote", "", "said"),
        ("p", "", 'after <a href="https://example.org/?a=1&amp;b=2" color="#96351f">it</a>'),
    ]


def test_no_file_is_left_behind(visitor: Browser, site: Site, story: dict[str, Any]) -> None:
    visitor.get("/halls/kiln/catalogue.pdf?lang=en")
    assert [path.suffix for path in Path(site.config.catalogues_folder).iterdir()] == [".pdf"]
