"""The pages: both languages, nothing from elsewhere, nothing inline, whole without script."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
import samples
from browser import Browser
from flask import Flask

from exhibit.documents.texts import pick
from exhibit.halls import services
from exhibit.i18n import CATALOGUE, choose
from exhibit.web import HEADERS, Site

PUBLIC = ["/", "/halls/dragon-kiln", "/halls/atlantis", "/nowhere", "/desk/sign-in"]
DESK = [
    "/desk",
    "/desk/halls/new",
    "/desk/halls/dragon-kiln",
    "/desk/halls/dragon-kiln/preview",
    "/desk/halls/dragon-kiln/placements/saggar",
    "/desk/halls/dragon-kiln/placements/welcome",
    "/desk/halls/dragon-kiln/notes/firing",
    "/desk/halls/dragon-kiln/story",
    "/desk/assets",
    "/desk/assets/new",
    "/desk/assets/saggar",
    "/desk/assets/shard",
    "/desk/jobs",
    "/desk/jobs/new",
]
LOADED = {
    "img": "src",
    "script": "src",
    "link": "href",
    "longyao-hall": "src",
    "form": "action",
    "iframe": "src",
    "source": "src",
    "track": "src",
    "audio": "src",
    "video": "poster",
}
VOID = {"meta", "link", "img", "input", "br", "hr", "source", "track"}


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            (self.inline if self.open and self.open[-1] in ("script", "style") else self.words).append(data.strip())

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)


@pytest.fixture
def pages(visitor: Browser, curator: Browser, published: str) -> dict[str, str]:
    return {address: visitor.get(address).text for address in PUBLIC} | {
        address: curator.get(address).text for address in DESK
    }


@pytest.mark.parametrize(("language", "tag", "other"), [("zh", "zh-Hans", "English"), ("en", "en", "中文")])
def test_every_page_in_both_languages(
    visitor: Browser, curator: Browser, published: str, language: str, tag: str, other: str
) -> None:
    for browser, address in [*((visitor, a) for a in PUBLIC), *((curator, a) for a in DESK)]:
        answer = browser.get(f"{address}?lang={language}")
        page = Page(answer.text)
        assert next(page.all("html"))["lang"] == tag, address
        assert answer.headers["Content-Language"] == tag
        assert other in page.words, address  # the way to the other language
        assert len([*page.all("h1")]) == 1, address
        assert {"Accept-Language", "Cookie"} <= {part.strip() for part in answer.headers["Vary"].split(",")}


def test_english_pages_have_no_chinese_chrome(visitor: Browser, curator: Browser, published: str) -> None:
    """What a curator wrote aside, an English page speaks English: it has none of the catalogue's Chinese."""
    content = ("site.this_language", "library.statement.")  # the switch, and what goes into an asset's document
    chinese = {texts["zh"] for key, texts in CATALOGUE.items() if not key.startswith(content)} - {"{n}%", "{n} MB"}
    for browser, address in [*((visitor, a) for a in PUBLIC), *((curator, a) for a in DESK)]:
        words = set(Page(browser.get(f"{address}?lang=en").text).words)
        assert words & chinese == set(), address


def test_language_is_remembered(app: Flask, published: str) -> None:
    client = app.test_client()
    assert 'lang="zh-Hans"' in client.get("/").text
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.5"}).text
    client.get("/?lang=en")
    assert "The Dragon Kiln" in client.get("/halls/dragon-kiln").text
    assert "Set-Cookie" not in client.get("/?lang=fr").headers
    kept = client.get("/?lang=zh", headers={"Sec-Fetch-Mode": "cors"})  # by a service worker, beside the other one
    assert 'lang="zh-Hans"' in kept.text
    assert "Set-Cookie" not in kept.headers


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "language"),
    [
        (None, None, [], "zh"),
        ("en", "zh", ["zh"], "en"),
        ("xx", "en", ["zh"], "en"),
        (None, "xx", ["de", "en-US"], "en"),
        (None, None, ["zh-TW"], "zh"),
        (None, None, ["de"], "zh"),
    ],
)
def test_choice_of_language(query: str | None, cookie: str | None, accepted: list[str], language: str) -> None:
    assert choose(query, cookie, accepted) == language


def test_a_missing_translation_shows_the_other(curator: Browser, published: str) -> None:
    assert pick({"zh": "窑", "en": " "}, "en") == ("窑", "zh")
    form = {"title_zh": "只有中文", "title_en": "", "summary_zh": "", "summary_en": "", "version": "1"}
    curator.post("/desk/halls/dragon-kiln/text", form)
    heading = '<h1><span lang="zh-Hans">只有中文</span> <small class="untranslated">(not yet in English)</small></h1>'
    assert heading in curator.get("/desk/halls/dragon-kiln/preview?lang=en").text
    assert "尚无中文" not in curator.get("/desk/halls/dragon-kiln/preview?lang=zh").text


def test_nothing_from_elsewhere_and_nothing_inline(pages: dict[str, str], app: Flask) -> None:
    client = app.test_client()
    seen = set()
    for address, text in pages.items():
        page = Page(text)
        assert page.inline == [], address
        for tag, attributes in page.tags:
            assert not any(name.startswith("on") or name == "style" for name in attributes), (address, tag, attributes)
            wish = attributes.get(LOADED.get(tag, ""), None)
            if wish:
                assert urlsplit(wish)[:2] == ("", ""), (address, wish)
                if wish.startswith("/static/"):
                    seen.add(wish)
    for wish in seen:
        assert client.get(wish, buffered=True).status_code == 200, wish
    styles = "".join(path.read_text() for path in Path(app.static_folder or "").glob("*.css"))
    assert not re.search(r"@import|url\(|https?:|//[a-z]", re.sub(r"/\*.*?\*/", "", styles, flags=re.S))


def test_every_answer_has_the_headers(visitor: Browser, curator: Browser, published: str) -> None:
    addresses = [
        *PUBLIC,
        *DESK,
        "/healthz",
        "/robots.txt",
        "/api/halls",
        "/api/halls/x",
        "/static/exhibit.css",
        "/media/x",
    ]
    for address in addresses:
        answer = curator.get(address)
        for header, value in HEADERS.items():
            assert answer.headers[header] == value, address
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';")
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy


def test_pages_hold_their_structure(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        page = Page(text)
        ids = [str(attributes["id"]) for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), address
        for image in page.all("img"):
            assert "alt" in image, address
        for tag, attributes in page.tags:
            for name in ("aria-labelledby", "aria-describedby", "for"):
                if name in attributes:
                    assert attributes[name] in ids, (address, tag, attributes)


def test_the_hall_page_is_the_whole_hall(visitor: Browser, published: str, hall: dict[str, Any]) -> None:
    for language in ("zh", "en"):
        text = visitor.get(f"/halls/dragon-kiln?lang={language}").text
        page = Page(text)
        [element] = page.all("longyao-hall")
        assert element["src"] == "/api/halls/dragon-kiln"
        assert (element["lang"], element["media"]) == (language, "/media/")
        said = " ".join(page.words)
        for part in (hall, *hall["placements"].values(), *hall["notes"].values()):
            assert part["title"][language] in said
        assert hall["summary"][language] in said
        for placement in hall["placements"].values():
            assert placement["label"][language] in said
        for note in hall["notes"].values():
            assert note["body"][language] in text
        assert hall["assets"]["saggar"]["origin"]["statement"][language] in said
        order = [text.index(f'id="exhibit-{key}"') for key in hall["placement_order"]]
        assert order == sorted(order)
        assert said.count(CATALOGUE["library.unscaled"][language]) == 1  # the shard's, and no size beside it
        assert CATALOGUE["library.centimetres"][language].format(x="100", y="100", z="100") in said


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        (
            "zh",
            "未说明 捐赠时没有说明。 制作者 何朝宗 年代 约1600—1640年 藏品号 D-17 (尺寸 .* 厘米 )制作日期 "
            "2024年5月 来源 德化县档案馆 署名 摄影：王工 许可 CC BY-NC 4.0 使用条件 请注明出处",
        ),
        (
            "en",
            "Not stated Not said when it was given. Maker He Chaozong Date c. 1600–1640 Inventory number D-17 "
            "(Size .* )Date made May 2024 Source Dehua archive Credit Photo: Wang Licence CC BY-NC 4.0 "
            "Terms of use Name the source",
        ),
    ],
)
def test_where_an_exhibit_comes_from(
    visitor: Browser, site: Site, hall: dict[str, Any], language: str, facts: str
) -> None:
    hall["assets"]["saggar"] = samples.with_origin(hall["assets"]["saggar"])
    with site.database.writing() as session:
        services.publish(session, services.create_hall(session, hall, slug="kiln"), 1)
    page = visitor.get(f"/halls/kiln?lang={language}").text
    said = " ".join(" ".join(Page(page).words).split())
    assert re.search(facts, said)
    address = "https://creativecommons.org/licenses/by-nc/4.0/"
    assert f'<a href="{address}" rel="license">CC BY-NC 4.0</a>' in page
    assert address not in visitor.get(f"/halls/kiln?lang={language}&kiosk=1").text


def test_the_halls_text_cannot_become_markup(curator: Browser, published: str) -> None:
    form = {
        "title_zh": "<script>alert(1)</script>",
        "title_en": '"><img src=x>',
        "summary_zh": "&",
        "summary_en": "{{ 7*7 }}",
    }
    curator.post("/desk/halls/dragon-kiln/text", form | {"version": "1"})
    for address in ("/desk", "/desk/halls/dragon-kiln", "/desk/halls/dragon-kiln/preview"):
        for language in ("zh", "en"):
            page = Page(curator.get(f"{address}?lang={language}").text)
            assert page.inline == []
            assert not [image for image in page.all("img") if image.get("src") == "x"]
            assert "49" not in page.words


@pytest.fixture
def built(app: Flask, tmp_path: Path) -> Path:
    """A place of our own for static files, so that a viewer can be there or not."""
    folder = tmp_path / "static"
    folder.mkdir()
    for file in Path(app.static_folder or "").glob("*.*"):
        (folder / file.name).write_bytes(file.read_bytes())
    app.static_folder = str(folder)
    return folder / "viewer"


def test_without_the_viewer_the_page_is_a_page(visitor: Browser, built: Path, published: str) -> None:
    text = visitor.get("/halls/dragon-kiln").text
    assert "#walk" not in text
    assert "<script" not in text
    assert 'href="#exhibits"' in text


def test_with_the_viewer_one_can_walk_in(visitor: Browser, built: Path, published: str) -> None:
    (built / "assets").mkdir(parents=True)
    (built / "assets" / "main-abc.js").write_text("export {}")
    (built / "assets" / "main-abc.css").write_text("")
    manifest = {"src/main.ts": {"file": "assets/main-abc.js", "css": ["assets/main-abc.css"], "isEntry": True}}
    (built / "manifest.json").write_text(json.dumps(manifest))
    page = Page(visitor.get("/halls/dragon-kiln?lang=en").text)
    assert [script["src"] for script in page.all("script")] == ["/static/viewer/assets/main-abc.js"]
    assert "/static/viewer/assets/main-abc.css" in [link["href"] for link in page.all("link")]
    links = [link["href"] for link in page.all("a")]
    assert {"#walk", "#exhibit=saggar", "#exhibit=shard", "#note=firing", "#note=hillside"} <= set(links)
    answer = visitor.get("/static/viewer/assets/main-abc.js")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/javascript"


def test_no_hall_yet(visitor: Browser) -> None:
    assert "No hall is on show" in visitor.get("/?lang=en").text


def test_health(visitor: Browser, site: Site) -> None:
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"database": "ok", "storage": "ok"})
    (site.config.files_folder / "incoming").rmdir()
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"database": "ok", "storage": "failed"})
    site.storage.create()
    with site.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = 'other'")
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"database": "failed", "storage": "ok"})


def test_robots(visitor: Browser) -> None:
    assert visitor.get("/robots.txt").text.splitlines() == ["User-agent: *", "Disallow: /desk", "Disallow: /api/"]


def test_errors_are_pages_or_problems(visitor: Browser, curator: Browser, app: Flask) -> None:
    page = visitor.get("/halls/atlantis?lang=en")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "There is no hall &#39;atlantis&#39;." in page.text
    problem = visitor.get("/api/halls/atlantis", headers={"Accept-Language": "en"})
    assert problem.mimetype == "application/problem+json"
    assert problem.json == {
        "type": "urn:longyao:problem:no_hall",
        "title": "There is no hall 'atlantis'.",
        "status": 404,
        "detail": "It may have been moved, or is not published yet.",
    }
    wrong_method = visitor.client.delete("/api/halls")
    assert (wrong_method.status_code, wrong_method.mimetype) == (405, "application/problem+json")
    assert "GET" in wrong_method.headers["Allow"]


def test_a_crash_shows_no_trace(visitor: Browser, site: Site, published: str, caplog: pytest.LogCaptureFixture) -> None:
    with site.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE publishable SET published = '{\"broken\": 1}'")
    for address, kind in (("/halls/dragon-kiln", "text/html"), ("/api/halls", "application/problem+json")):
        answer = visitor.get(f"{address}?lang=en")
        assert (answer.status_code, answer.mimetype) == (500, kind)
        assert "Something went wrong on the server." in answer.text
        assert "Traceback" not in answer.text
        assert "KeyError" not in answer.text
    assert "GET /halls/dragon-kiln failed" in caplog.text


def test_behind_a_proxy(app: Flask) -> None:
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    assert "Strict-Transport-Security" not in app.test_client().get("/", headers=forged).headers


def test_what_the_build_has_squeezed_is_sent_as_it_is(visitor: Browser, built: Path) -> None:
    (built / "assets").mkdir(parents=True)
    script, squeezed = b"export const hall = 1;" * 99, brotli.compress(b"export const hall = 1;" * 99)
    for name, content in (("main-abc.js", script), ("main-abc.js.br", squeezed), ("main-abc.wasm", b"\0asm" * 999)):
        (built / "assets" / name).write_bytes(content)
    address = "/static/viewer/assets/main-abc.js"
    packed = visitor.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert (packed.headers["Content-Encoding"], packed.data) == ("br", squeezed)
    assert packed.mimetype == visitor.get(address).mimetype == "text/javascript"
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for offered in ({}, {"Accept-Encoding": "identity"}):
        plain = visitor.get(address, headers=offered)
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert plain.data == script
    other = visitor.get("/static/viewer/assets/main-abc.wasm", headers={"Accept-Encoding": "br"})
    assert brotli.decompress(other.data) == b"\0asm" * 999


@pytest.mark.parametrize(("offered", "unpack"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress)])
def test_text_travels_compressed_but_for_the_desk(visitor: Browser, offered: str, unpack: Any) -> None:
    for address in ("/", "/static/exhibit.css"):
        plain, packed = visitor.get(address), visitor.get(address, headers={"Accept-Encoding": offered})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == offered.rpartition(", ")[2]
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert unpack(packed.data) == plain.data
        assert len(packed.data) < 0.6 * len(plain.data)
    desk = visitor.get("/desk/sign-in", headers={"Accept-Encoding": offered})
    assert "Content-Encoding" not in desk.headers
