"""Every route, taken from the application itself: who gets in, and that nothing changes without the page's token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import Browser
from flask import Flask

from exhibit import access
from exhibit.access import SAFE_METHODS

OPEN = {
    "/",
    "/halls/<slug>",
    "/halls/<slug>/catalogue.pdf",
    "/embed/<slug>",
    "/oembed",
    "/manifest.webmanifest",
    "/icon-<int:size>.png",
    "/service-worker.js",
    "/offline",
    "/healthz",
    "/robots.txt",
    "/media/<sha256>",
    "/media/<sha256>/<path:name>",
    "/api/halls",
    "/api/halls/<slug>",
    "/desk/sign-in",
}
VALUES = {
    "slug": "dragon-kiln",
    "key": "saggar",
    "parts": "placements",
    "part": "chapters",
    "asset": "saggar",
    "job": 1,
    "version": 1,
    "size": 192,
    "sha256": "0" * 64,
    "name": "r.glb",
}


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(rule, an address of it, method)."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {name: VALUES[name] for name in rule.arguments}
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield rule.rule, adapter.build(rule.endpoint, values, method=method), method


def test_only_these_are_open(app: Flask, visitor: Browser, published: str) -> None:
    seen = set()
    for rule, address, method in routes(app):
        answer = visitor.client.open(address, method=method, buffered=True)
        if rule in OPEN and method != "DELETE":
            seen.add(rule)
            assert answer.status_code in (200, 403, 404, 422), (method, address)
        elif address.startswith("/api/"):
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), (method, address)
        else:
            assert answer.status_code == 303, (method, address)
            assert answer.headers["Location"].startswith("/desk/sign-in"), (method, address)
    assert seen == OPEN


def test_no_change_without_the_token(app: Flask, curator: Browser, published: str) -> None:
    tried = 0
    for _, address, method in routes(app):
        if method in SAFE_METHODS:
            continue
        tried += 1
        for headers in ({}, {"X-CSRF-Token": "guess"}):
            assert curator.client.open(address, method=method, headers=headers).status_code == 403, (method, address)
        crossed = {"X-CSRF-Token": curator.token(), "Sec-Fetch-Site": "cross-site"}
        assert curator.client.open(address, method=method, headers=crossed).status_code == 403, (method, address)
    assert tried > 15
    assert curator.get("/api/halls/dragon-kiln/draft").headers["ETag"] == '"1"'


def test_someone_elses_token_does_not_help(app: Flask, curator: Browser) -> None:
    other = Browser(app.test_client()).token("/desk/sign-in")
    assert curator.client.post("/desk/sign-out", data={"csrf_token": other}).status_code == 403


def test_strangers_cannot_send_much(visitor: Browser) -> None:
    token = visitor.token("/desk/sign-in")
    answer = visitor.client.post("/desk/sign-in", data={"csrf_token": token, "name": "x" * 300_000})
    assert answer.status_code == 413


def test_a_policy_that_refuses_needs_no_handler(
    curator: Browser, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another answer of access.may is all that a role takes: the thing found is what it is asked about."""
    asked = []

    def may(person: access.Person | None, verb: access.Verb, thing: object) -> bool:
        asked.append((person is not None, verb, getattr(thing, "slug", None)))
        return verb is not access.Verb.PUBLISH

    monkeypatch.setattr(access, "may", may)
    assert curator.get("/api/halls/dragon-kiln/draft").status_code == 200
    assert asked[-1] == (True, access.Verb.READ, "dragon-kiln")
    refused = curator.send("POST", "/api/halls/dragon-kiln/unpublish")
    assert (refused.status_code, refused.get_json()["type"]) == (403, "urn:longyao:problem:not_allowed")
    assert asked[-1] == (True, access.Verb.PUBLISH, "dragon-kiln")
    assert curator.get("/api/halls/dragon-kiln").status_code == 200
