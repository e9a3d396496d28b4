"""What leads beyond the page: previews of links, frames, other hosts, the app, the kiosk."""

from __future__ import annotations

import io
import json
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import NAME, PASSWORD, Browser
from flask import Flask
from PIL import Image
from test_pages import DESK, Page

from exhibit import create_app
from exhibit.config import Config
from exhibit.web import HEADERS

POLICY = "Content-Security-Policy"


@pytest.fixture
def built(app: Flask, tmp_path: Path) -> None:
    """A viewer as Vite leaves it."""
    app.static_folder = str(tmp_path / "static")
    viewer = tmp_path / "static" / "viewer"
    viewer.mkdir(parents=True)
    for source in (Path(__file__).parents[2] / "exhibit" / "static").glob("*.*"):
        (tmp_path / "static" / source.name).write_bytes(source.read_bytes())
    manifest = {
        "src/main.ts": {
            "file": "assets/main.js",
            "css": ["assets/main.css"],
            "imports": ["_words.js"],
            "dynamicImports": ["src/app/visit.ts"],
        },
        "src/page.ts": {"file": "assets/page.js"},
        "src/app/visit.ts": {"file": "assets/visitor.js", "assets": ["assets/draco_decoder-1.wasm"]},
        "src/studio.ts": {"file": "assets/studio.js", "imports": ["_words.js"]},
        "_words.js": {"file": "assets/words.js"},
        "draco.js": {"file": "assets/draco_decoder-1.js"},
    }
    (viewer / "manifest.json").write_text(json.dumps(manifest))


def named(page: Page, attribute: str) -> dict[str, str | None]:
    return {str(meta[attribute]): meta["content"] for meta in page.all("meta") if attribute in meta}


def test_links_have_a_face(visitor: Browser, published: str, hall: dict[str, Any]) -> None:
    for language, locale in (("zh", "zh_CN"), ("en", "en_GB")):
        told = named(Page(visitor.get(f"/halls/{published}?lang={language}").text), "property")
        assert hall["title"][language] in str(told["og:title"])
        assert told["og:description"] == hall["summary"][language]
        poster = hall["assets"]["room"]["files"]["thumb"]["sha256"]
        assert told["og:image"] == f"http://localhost/media/{poster}"
        assert (told["og:url"], told["og:locale"]) == (f"http://localhost/halls/{published}", locale)
    home = named(Page(visitor.get("/").text), "property")
    assert home["og:image"] == told["og:image"]
    assert "og:image" in named(Page(visitor.get("/nowhere").text), "property")


def test_a_frame_for_those_who_may(visitor: Browser, config: Config, published: str) -> None:
    answer = visitor.get(f"/embed/{published}?lang=en")
    assert answer.headers[POLICY] == HEADERS[POLICY]
    [element] = Page(answer.text).all("longyao-hall")
    assert (element["src"], element["pages"]) == (f"/api/halls/{published}", "/embed/")
    app = create_app(replace(config, frame_ancestors="'self' https://museum.example"))
    try:
        answer = app.test_client().get(f"/embed/{published}")
        assert answer.headers[POLICY].endswith("frame-ancestors 'self' https://museum.example")
        assert app.test_client().get(f"/halls/{published}").headers[POLICY] == HEADERS[POLICY]
    finally:
        app.extensions["longyao"].database.close()


def test_oembed(visitor: Browser, published: str, hall: dict[str, Any]) -> None:
    page = Page(visitor.get(f"/halls/{published}?lang=en").text)
    [link] = [each for each in page.all("link") if each.get("type") == "application/json+oembed"]
    told = visitor.get(f"{link['href']}&maxwidth=400").get_json()
    assert (told["type"], told["version"], told["title"]) == ("rich", "1.0", hall["title"]["en"])
    assert (told["width"], told["height"]) == (400, 600)
    assert f'src="http://localhost/embed/{published}?lang=en"' in told["html"]
    whole = visitor.get(f"/oembed?url=http://localhost/halls/{published}")
    assert (
        whole.get_json()["thumbnail_url"]
        == f"http://localhost/media/{hall['assets']['room']['files']['thumb']['sha256']}"
    )
    for address in ("", "/", "/desk", f"https://elsewhere.example/halls/{published}", "http://[", "/halls/atlantis"):
        assert visitor.get("/oembed", query_string={"url": address}).status_code in (404, 422)


def test_other_hosts_fetch_only_where_a_setting_says_so(config: Config, published: str, hall: dict[str, Any]) -> None:
    file = f"/media/{hall['assets']['saggar']['files']['model']['sha256']}"
    shared = ["/api/halls", f"/api/halls/{published}", file, "/static/exhibit.css"]
    ours = ["/", f"/halls/{published}", "/desk/sign-in", f"/api/halls/{published}/draft", "/healthz"]
    origin = "https://museum.example"
    for allowed, asking, granted in (
        ("", origin, False),
        (f"https://a.example {origin}", origin, True),
        (origin, "https://museum.example.evil.example", False),
    ):
        app = create_app(replace(config, allowed_origins=allowed))
        client = app.test_client()
        for address in [*shared, *ours]:
            headers = client.get(address, headers={"Origin": asking}, buffered=True).headers
            reach = "cross-origin" if allowed and address in shared else "same-origin"
            assert headers["Cross-Origin-Resource-Policy"] == reach, address
            if granted and address in shared:
                assert headers["Access-Control-Allow-Origin"] == origin, address
                assert "Origin" in headers["Vary"], address
            else:
                assert "Access-Control-Allow-Origin" not in headers, address
            assert "Access-Control-Allow-Credentials" not in headers
        app.extensions["longyao"].database.close()


def test_below_a_prefix_every_address_has_it(curator: Browser, built: None, published: str) -> None:
    """As a server of ours or another (WSGI's SCRIPT_NAME) mounts the exhibition below a path."""
    at = {"base_url": "http://localhost/museum/"}
    curator.client.set_cookie("lang", "en")
    for address in ["/", f"/halls/{published}", f"/embed/{published}", "/offline", "/nowhere", *DESK]:
        page = Page(curator.get(address, **at).text)
        assert next(page.all("html"))["data-root"] == "/museum/"
        told = [
            (tag, name, value)
            for tag, attributes in page.tags
            for name, value in attributes.items()
            if name in ("href", "src", "action", "poster", "media", "pages", "data-api") and value
        ]
        assert len(told) > 5
        local = [each for each in told if urlsplit(each[2]).netloc in ("", "localhost") and each[2][0] != "#"]
        assert [each for each in local if not urlsplit(each[2]).path.startswith("/museum/")] == [], address
    manifest = json.loads(curator.get("/manifest.webmanifest", **at).data)
    assert {manifest[name] for name in ("id", "start_url", "scope")} == {"/museum/"}
    worker = curator.get("/service-worker.js", **at).text
    for found in re.findall(r"^const (?:SHELL|VIEWER) = (.*);$", worker, re.M):
        assert all(path.startswith("/museum/") for path in json.loads(found))
    assert "Disallow: /museum/desk\n" in curator.get("/robots.txt", **at).text
    told = curator.get(f"/oembed?url=http://localhost/museum/halls/{published}", **at).get_json()
    assert f'src="http://localhost/museum/embed/{published}?lang=en"' in told["html"]


def test_signing_in_below_a_prefix_leads_to_where_one_wanted(visitor: Browser) -> None:
    at = {"base_url": "http://localhost/museum/"}
    sent = visitor.get("/desk/assets", **at)
    assert sent.headers["Location"] == "/museum/desk/sign-in?next=/desk/assets"
    page = visitor.get("/desk/sign-in?next=/desk/assets", **at)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    form = {"csrf_token": found[1], "name": NAME, "password": PASSWORD, "next": "/desk/assets"}
    assert visitor.client.post("/desk/sign-in", data=form, **at).headers["Location"] == "/museum/desk/assets"


def test_an_app_to_install(visitor: Browser) -> None:
    answer = visitor.get("/manifest.webmanifest?lang=en")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.data)
    assert (told["start_url"], told["scope"], told["display"], told["lang"]) == ("/", "/", "standalone", "en")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        with Image.open(io.BytesIO(visitor.get(icon["src"]).data)) as drawn:
            assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
            assert drawn.getpixel((0, 0)) == (0x8F, 0x34, 0x20)  # the ground reaches the corners
    assert visitor.get("/icon-100000.png").status_code == 404


def test_the_service_worker_knows_what_the_pages_are_made_of(visitor: Browser, built: None) -> None:
    answer = visitor.get("/service-worker.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    shell, viewer = (json.loads(found) for found in re.findall(r"^const (?:SHELL|VIEWER) = (.*);$", answer.text, re.M))
    assert shell[-2:] == ["/offline?lang=zh", "/offline?lang=en"]
    names = [re.sub(r"\?.*", "", path) for path in shell[:-2]]
    assert names == [
        "/static/exhibit.css",
        "/static/icon.svg",
        "/static/first-paint.js",
        "/static/viewer/assets/page.js",
        "/static/viewer/assets/main.js",
        "/static/viewer/assets/main.css",
        "/static/viewer/assets/words.js",
    ]
    assert viewer == ["/static/viewer/assets/visitor.js", "/static/viewer/assets/draco_decoder-1.wasm"]
    assert visitor.get("/service-worker.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_halls_page_names_all_scripts_of_a_visit(visitor: Browser, built: None, published: str) -> None:
    """So that none waits for another to name it (static/first-paint.js)."""
    for address in (f"/halls/{published}", f"/embed/{published}"):
        page = Page(visitor.get(address).text)
        (first,) = [script for script in page.all("script") if "data-visit" in script]
        assert str(first["data-visit"]).split() == ["/static/viewer/assets/visitor.js"]
        early = [link["href"] for link in page.all("link") if link["rel"] == "modulepreload"]
        assert early == ["/static/viewer/assets/words.js"]
        shown = str(next(page.all("longyao-hall"))["thumbnail"])
        with Image.open(io.BytesIO(b64decode(shown.removeprefix("data:image/webp;base64,")))) as picture:
            assert max(picture.size) == 48
    assert "data-visit" not in visitor.get("/").text


def test_a_kiosk_has_no_way_out(visitor: Browser, built: None, published: str) -> None:
    page = Page(visitor.get(f"/halls/{published}?kiosk=1&lang=en").text)
    assert next(page.all("html"))["data-kiosk"] == "90"
    links = [str(link["href"]) for link in page.all("a")]
    assert not [link for link in links if "desk" in link or "catalogue" in link or link.startswith("http")]
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert "kiosk" in ids
    assert "keep" not in ids
    again = next(Page(visitor.get("/").text).all("html"))  # the browser remembers
    assert again["data-kiosk"] == "90"
    assert next(Page(visitor.get("/?kiosk=30").text).all("html"))["data-kiosk"] == "30"
    for end in ("/?kiosk=0", "/"):
        assert "data-kiosk" not in next(Page(visitor.get(end).text).all("html"))
    assert "data-kiosk" not in next(Page(visitor.get("/?kiosk=soon").text).all("html"))


def test_a_server_can_be_a_kiosk(config: Config) -> None:
    app = create_app(replace(config, kiosk_seconds=45))
    assert next(Page(app.test_client().get("/").text).all("html"))["data-kiosk"] == "45"
    app.extensions["longyao"].database.close()


def test_the_desk_is_no_app(curator: Browser, built: None) -> None:
    page = Page(curator.get("/desk").text)
    assert [str(script["src"]).partition("?")[0] for script in page.all("script")] == ["/static/first-paint.js"]
    assert not [link for link in page.all("link") if link["rel"] == "manifest"]
