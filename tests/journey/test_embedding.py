"""The exhibition where it is not at the root of a host of its own: below a path, and on pages of other hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect
from walkthrough import HALL, LISTEN, NEXT_DOOR, SLUG, WINDOW, Exhibition, Visitor, Witness, serving

Serve = Callable[..., Exhibition]


@pytest.fixture
def serve(exhibition: Exhibition) -> Iterator[Serve]:
    """Another server for the same exhibition, set up otherwise."""
    with ExitStack() as servers:

        def serve(path: str = "", **environment: str) -> Exhibition:
            return replace(exhibition, url=servers.enter_context(serving(exhibition.data, **environment)) + path)

        yield serve


@contextmanager
def museum(folder: Path) -> Iterator[str]:
    """Another host with pages of its own; its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def look_closer(visitor: Visitor) -> None:
    """Opens an exhibit, for which a visit fetches more."""
    page = visitor.page
    page.evaluate("location.hash = '#exhibit=saggar'")
    visitor.await_mode("orbit")
    tools = page.locator(".ly-strip")
    tools.wait_for()
    assert tools.evaluate("(strip) => getComputedStyle(strip).position") == "absolute"  # its styles are there


def test_below_a_path(serve: Serve, chromium: Browser) -> None:
    below = serve("/museum", LONGYAO_PREFIX="/museum")
    witness = Witness(below.url)
    context = chromium.new_context(**WINDOW, reduced_motion="reduce")  # with a service worker
    context.set_default_timeout(120_000)
    context.add_init_script(LISTEN)
    witness.watch(context)
    visitor = Visitor(context.new_page(), below)
    visitor.go("/?lang=en")
    page = visitor.page
    scope = page.evaluate("navigator.serviceWorker.ready.then(({ scope }) => scope)")
    assert scope == f"{below.url}/"
    page.locator(f"a[href='/museum{HALL}']").first.click()
    page.wait_for_url(f"{below.url}{HALL}")
    page.get_by_role("link", name="Walk in").first.click()
    visitor.await_hall()
    look_closer(visitor)
    visitor.key("Escape")
    visitor.key("l")
    page.locator("[data-key=door-east]").click()
    page.wait_for_url(f"{below.url}/halls/{NEXT_DOOR}#walk")
    visitor.await_hall()
    context.close()
    assert (witness.abroad, witness.complaints) == ([], [])


def test_on_a_page_of_another_host(serve: Serve, chromium: Browser, tmp_path: Path) -> None:
    with museum(tmp_path) as host:
        halls = serve(LONGYAO_ALLOWED_ORIGINS=host)
        visitor = Visitor(chromium.new_page(), halls)
        visitor.go(f"{HALL}?lang=en")
        script, style = (
            visitor.page.locator(f"{tag}[{name}*='/viewer/assets/main-']").evaluate(f"(element) => element.{name}")
            for tag, name in (("script", "src"), ("link", "href"))
        )
        visitor.page.close()
        (tmp_path / "index.html").write_text(
            f"""<!doctype html><html lang="fr"><meta charset="utf-8"><title>Musée</title><link rel="icon" href="data:,">
            <link rel="stylesheet" href="{style}"><script type="module" src="{script}"></script>
            <longyao-hall src="{halls.url}/api/halls/{SLUG}" lang="en"></longyao-hall><a href="#walk">Walk in</a>"""
        )
        context = chromium.new_context(**WINDOW, reduced_motion="reduce")
        context.set_default_timeout(120_000)
        context.add_init_script(LISTEN)
        complaints = Witness(host)
        complaints.watch(context)
        visitor = Visitor(context.new_page(), halls)
        page = visitor.page
        page.goto(f"{host}/")
        page.get_by_role("link", name="Walk in").click()
        visitor.await_hall()
        look_closer(visitor)
        visitor.key("Escape")
        visitor.key("l")
        page.locator("[data-key=door-east]").click()
        page.wait_for_function("told.some(([name]) => name === 'hall-change')")
        visitor.await_hall()
        page.get_by_role("button", name="中文").click()
        page.locator("dialog.ly-visit[lang=zh-Hans]").wait_for()
        # The page's address, language and cookies are the museum's own.
        assert page.url == f"{host}/#walk"
        assert page.evaluate("[document.documentElement.lang, document.cookie]") == ["fr", ""]
        page.locator(".ly-canvas").focus()
        visitor.key("Escape")
        expect(page.locator("dialog.ly-visit")).to_have_count(0)
        assert page.title() == "Musée"
        context.close()
        assert complaints.complaints == []
        assert {address for address in complaints.abroad if not address.startswith(halls.url)} == set()
