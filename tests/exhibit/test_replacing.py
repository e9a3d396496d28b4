"""A new file takes an asset's place: its words and its halls stay, its size is the new file's."""

from __future__ import annotations

import io
from typing import Any

import pytest
import samples
from browser import Browser

from exhibit.db import Database
from exhibit.halls import services as halls
from exhibit.library.services import get_asset

PAGE = "/desk/assets/saggar/file"


def test_a_new_model_keeps_the_words_and_the_halls(
    curator: Browser, database: Database, published: str, library: dict[str, Any]
) -> None:
    old = library["saggar"]
    assert f'href="/desk/halls/{published}"' in curator.get(PAGE).text
    new = (io.BytesIO(samples.box_glb(size=(30, 20, 10))), "better.glb")
    assert curator.post(PAGE, {"file": new, "unit": "cm"}).headers["Location"] == "/desk/assets/saggar?transformed=1"
    with database.reading() as session:
        made = get_asset(session, "saggar").document
        assert halls.get_hall(session, published).draft["assets"]["saggar"] == old
    for kept in ("title", "origin", "original", "use", "tags"):
        assert made.get(kept) == old.get(kept)
    assert made["bounds"]["max"] == pytest.approx([0.15, 0.2, 0.05])
    assert made["files"]["model"]["sha256"] != old["files"]["model"]["sha256"]
    assert "Its file was replaced by better.glb" in curator.get("/desk/assets/saggar?lang=en").text


def test_another_kind_or_no_file_changes_nothing(curator: Browser, database: Database, library: dict[str, Any]) -> None:
    picture = samples.picture(kind="PNG")
    refused = curator.post(f"{PAGE}?lang=en", {"file": (io.BytesIO(picture), "plan.png")})
    assert (refused.status_code, "of another kind" in refused.text) == (422, True)
    assert curator.post(PAGE, {}).status_code == 422
    assert curator.post("/desk/assets/room/file", {"file": (io.BytesIO(picture), "plan.png")}).status_code == 422
    with database.reading() as session:
        assert get_asset(session, "saggar").document == library["saggar"]
