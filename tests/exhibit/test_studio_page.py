"""The studio's page and what it asks the library for; tests/journey/test_curating.py opens it in a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from flask import Flask
from test_pages import Page

STUDIO = "/desk/halls/dragon-kiln/studio"


@pytest.fixture
def built(app: Flask, tmp_path: Path) -> None:
    """A viewer with a studio, as Vite leaves it."""
    source, folder = Path(app.static_folder or ""), tmp_path / "static"
    (folder / "viewer").mkdir(parents=True)
    for file in source.glob("*.*"):
        (folder / file.name).write_bytes(file.read_bytes())
    manifest = {
        "src/main.ts": {"file": "assets/main.js"},
        "src/page.ts": {"file": "assets/page.js"},
        "src/studio.ts": {"file": "assets/studio.js", "css": ["assets/studio.css"], "imports": ["_hall.js"]},
        "_hall.js": {"file": "assets/hall.js", "css": ["assets/hall.css"]},
    }
    (folder / "viewer" / "manifest.json").write_text(json.dumps(manifest))
    app.static_folder = str(folder)


def test_the_page_loads_the_studio_alone(curator: Browser, built: None, published: str) -> None:
    page = Page(curator.get(STUDIO).text)
    scripts = [script["src"] for script in page.all("script") if "viewer" in (script["src"] or "")]
    assert scripts == ["/static/viewer/assets/studio.js"]
    styles = [link["href"] for link in page.all("link") if link["rel"] == "stylesheet"]
    assert styles[1:] == ["/static/viewer/assets/studio.css", "/static/viewer/assets/hall.css"]
    (shell,) = [each for each in page.all("div") if each.get("id") == "studio"]
    assert (shell["data-slug"], bool(shell["data-csrf"]), bool(shell["data-account"])) == (published, True, True)
    assert json.loads(shell["data-heights"] or "") == {}
    desk = Page(curator.get(f"/desk/halls/{published}").text)
    assert STUDIO in [link["href"] for link in desk.all("a")]
    for public in ("/", f"/halls/{published}"):
        assert "studio" not in curator.get(public).text


def test_without_the_viewer_the_forms_are_offered(
    app: Flask, tmp_path: Path, curator: Browser, built: None, published: str
) -> None:
    (tmp_path / "static" / "viewer" / "manifest.json").unlink()
    page = Page(curator.get(f"{STUDIO}?lang=en").text)
    assert list(page.all("script")) == []
    assert "The 3D pages are not built on this server. The hall can be arranged with forms." in page.words
    assert STUDIO not in [link["href"] for link in Page(curator.get(f"/desk/halls/{published}").text).all("a")]


def test_the_library_is_the_curators(curator: Browser, visitor: Browser, library: dict[str, Any]) -> None:
    listed = curator.get("/api/assets").get_json()["assets"]
    assert {each["id"]: each["document"] for each in listed} == {key: library[key] for key in ("saggar", "shard")}
    assert visitor.get("/api/assets").status_code == 401
    assert visitor.get(STUDIO).headers["Location"].startswith("/desk/sign-in")
