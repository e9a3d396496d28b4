"""The library is searched by words, kind, tag, and by what is still to be done."""

from __future__ import annotations

from typing import Any

import pytest
from browser import Browser

from exhibit.db import Database
from exhibit.documents.types import AssetDocument
from exhibit.library.forms import read, written
from exhibit.library.models import Asset
from exhibit.library.searching import Wanted, is_wanted, tags_of

FORM = {"title_zh": "匣", "use": "exhibit", "method": "scan"}


def test_tags_are_words_between_commas_each_once(library: dict[str, AssetDocument]) -> None:
    assert read(FORM | {"tags": " white  ware,白瓷，宋代、 Song ;song\n"}).tags == [
        "white ware",
        "白瓷",
        "宋代",
        "song",
    ]
    assert read(FORM).tags == []
    tagged: AssetDocument = {**library["saggar"], "tags": ["Song", "白瓷"]}
    assert read(written(tagged)).tags == ["Song", "白瓷"]


def test_what_is_looked_for(library: dict[str, AssetDocument]) -> None:
    saggar: AssetDocument = {**library["saggar"], "tags": ["Song", "白瓷"]}
    title, statement = saggar["title"], saggar["origin"]["statement"]

    def found(**wanted: str) -> bool:
        return is_wanted(Wanted(**wanted), "saggar", saggar, used={"saggar"})

    for words in ("", title["zh"], title["en"].upper(), "song", "白瓷", "SAGGAR song", statement["en"]):
        assert found(words=words), words
    assert not found(words="song porcelain-that-is-not-there")
    assert found(kind="model", tag="Song")
    assert not found(kind="picture")
    assert not found(tag="So")
    assert not found(lack="use")
    assert is_wanted(Wanted(lack="use"), "saggar", saggar, used=set())
    assert tags_of([saggar, saggar, library["room"]]) == ["Song", "白瓷"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"saggar", "room"}),
        ("q=nothing-like-it", set()),
        ("tag=Song", {"saggar"}),
        ("kind=audio&lang=zh", set()),
        ("kind=spoon", {"saggar", "room"}),  # what the form does not offer says nothing
    ],
)
def test_the_page(curator: Browser, database: Database, library: dict[str, Any], asked: str, shown: set[str]) -> None:
    with database.writing() as session:
        asset = session.get_one(Asset, "saggar")
        asset.document = {**asset.document, "tags": ["Song"]}
    page = curator.get(f"/desk/assets?{asked}").text
    assert {each for each in ("saggar", "room") if f'href="/desk/assets/{each}"' in page} == shown
    assert ('<p role="status">' in page) == (shown != {"saggar", "room"})
    assert 'value="Song"' in page
