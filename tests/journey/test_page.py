"""On every page: how it looks, sharing, a hall kept and visited without a network; and the public screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from walkthrough import HALL, PHONE, SLUG, WINDOW, OpenPage, Visitor

from exhibit.documents.assets import file_entries

LARGE_TARGET = 24  # px, WCAG 2.5.8
KEPT = """async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)"""
COMPLETE = """() => [...document.images].every((image) => image.loading === "lazy" || image.naturalWidth > 0)"""


def html(visitor: Visitor, name: str) -> str | None:
    found: str | None = visitor.page.evaluate("(name) => document.documentElement.dataset[name] ?? null", name)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_settings_by_keyboard_last(open_page: OpenPage, lang: str) -> None:
    visitor = open_page()
    page = visitor.page
    visitor.go(f"/?lang={lang}")
    size = page.evaluate("getComputedStyle(document.body).fontSize")
    visitor.tab_to("#settings-button")
    visitor.key("Enter")
    dialog = page.get_by_role("dialog", name={"zh": "显示设置", "en": "Settings"}[lang])
    expect(dialog).to_be_visible()
    assert visitor.violations() == []
    groups = {
        "zh": ["文字大小", "对比度", "动画", "操作按钮", "展厅声音"],
        "en": ["Text size", "Contrast", "Motion", "Controls for the", "Sound in the halls"],
    }[lang]
    for group in groups:
        expect(dialog.get_by_role("group", name=group)).to_be_visible()
    visitor.tab_to("input[name=text]:checked")
    visitor.key("ArrowDown")
    assert html(visitor, "text") == "large"
    assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) == pytest.approx(
        1.25 * float(size[:-2])
    )
    for name, value in (("contrast", "high"), ("motion", "calm"), ("hand", "left"), ("sound", "off")):
        dialog.locator(f"input[name={name}][value={value}]").check()
    visitor.key("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "settings-button"
    visitor.go(f"{HALL}?lang={lang}")  # another page, before its first paint
    assert [html(visitor, name) for name in ("text", "contrast", "motion", "hand", "sound")] == [
        "large",
        "high",
        "calm",
        "left",
        "off",
    ]
    assert visitor.violations() == []
    page.locator("#settings-button").click()
    page.locator("#settings button[type=reset]").click()
    assert [html(visitor, name) for name in ("text", "contrast", "motion", "hand", "sound")] == [None] * 5
    page.reload()
    assert html(visitor, "text") is None


def test_the_largest_text_fits_a_phone(open_page: OpenPage) -> None:
    visitor = open_page(screen=PHONE)
    visitor.page.add_init_script("""localStorage.setItem("longyao-look", '{"text": "larger", "contrast": "high"}')""")
    for path in ("/", HALL):
        for lang in ("zh", "en"):
            visitor.go(f"{path}?lang={lang}")
            assert html(visitor, "text") == "larger"
            assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


@pytest.mark.parametrize(
    "settings", [{"forced_colors": "active"}, {"contrast": "more"}, {"java_script_enabled": False}]
)
def test_pages_bear_what_systems_ask(open_page: OpenPage, settings: dict[str, Any]) -> None:
    visitor = open_page(screen=PHONE, **settings)
    for path in ("/", HALL):
        visitor.go(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
        if settings.get("java_script_enabled", True):
            # where the system forces its colours, axe-core still measures ours
            own = [] if "forced_colors" not in settings else ["color-contrast"]
            assert [each for each in visitor.violations() if each.split(":")[0] not in own] == []
        else:
            expect(visitor.page.locator("#settings-button")).to_be_hidden()
            expect(visitor.page.locator("[data-share]").first).to_be_hidden()


@pytest.mark.parametrize("path", ["/", HALL, f"/embed/{SLUG}", "/offline", "/nowhere-at-all", "/desk/sign-in"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_public_page_is_accessible(open_page: OpenPage, path: str, lang: str) -> None:
    visitor = open_page(screen=PHONE)
    visitor.page.context.route("**/nowhere-at-all*", lambda route: route.fulfill(response=route.fetch(), status=200))
    visitor.go(f"{path}?lang={lang}")
    assert visitor.violations() == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_an_exhibit_is_shared(open_page: OpenPage) -> None:
    visitor = open_page(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.go(f"{HALL}?lang=en")
    key = next(
        k for k in visitor.exhibition.hall["placement_order"] if "asset" in visitor.exhibition.hall["placements"][k]
    )
    page.locator(f"#exhibit-{key} [data-share]").first.click()
    expect(page.get_by_role("status").filter(has_text="The link is copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{visitor.exhibition.url}{HALL}?lang=en#exhibit={key}"


def test_a_view_is_shared(open_page: OpenPage) -> None:
    """Who follows the link stands where the sharer stood and sees what the sharer saw."""
    visitor = open_page(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    visitor.walk_in("en")
    visitor.walk_until_stopped("ArrowRight")
    stood = visitor.position
    page.get_by_role("button", name="Share this place").click()
    expect(page.get_by_text("The link is copied.").first).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"#view=(-?[\d.]+,){5}-?[\d.]+$", copied)
    page.goto("about:blank")
    page.goto(copied)
    visitor.await_hall()
    assert visitor.hall("mode") == "walk"
    assert visitor.position == pytest.approx(stood, abs=0.02)
    expect(page).to_have_url(re.compile("#walk$"))
    page.locator(".ly-visit").get_by_role("button", name="Settings").click()  # the page's own, above the visit
    dialog = page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("radio", name="Large", exact=True).check()
    dialog.get_by_role("radio", name="High").check()
    assert visitor.violations() == []
    visitor.key("Escape")
    expect(dialog).to_be_hidden()
    assert visitor.hall("state") == "ready"
    assert visitor.violations() == []
    page.get_by_role("button", name="Share this place").click()
    assert page.evaluate("navigator.clipboard.readText()") == copied  # the same view once more


def test_a_tour_by_keyboard_from_home_to_its_end(open_page: OpenPage) -> None:
    visitor = open_page()
    page, hall = visitor.page, visitor.exhibition.hall
    [key, *_] = hall["tour_order"]
    tour = hall["tours"][key]
    visitor.go("/?lang=en")
    visitor.tab_to(f"h3 a[href='{HALL}']")
    visitor.key("Enter")
    page.wait_for_url(re.compile(HALL))
    visitor.tab_to(f"a[href='#tour={key}&stop=1']")
    assert page.evaluate("document.activeElement.innerText").startswith("Begin the tour")
    visitor.key("Enter")
    visitor.await_hall()
    visitor.tab_to("[aria-label='Pause the tour']")  # it goes on by itself
    visitor.key("Enter")
    expect(page.get_by_role("button", name="Go on with the tour")).to_be_focused()
    assert visitor.violations() == []
    visitor.tab_to("[aria-label='Next stop']")
    reached = re.search(r"stop=(\d+)$", page.url)
    stops = [tour["stops"][each] for each in tour["stop_order"]]
    for number in range(int(reached[1]) if reached else 1, len(stops)):
        expect(page).to_have_url(re.compile(rf"#tour={key}{'&stop=' + str(number) if number > 1 else ''}$"))
        expect(page.locator(".ly-tour")).to_contain_text(stops[number - 1]["caption"]["en"])
        visitor.key("Enter")
    expect(page).to_have_url(re.compile(rf"#tour={key}&stop={len(stops)}$"))
    expect(page.locator(".ly-tour")).to_contain_text(stops[-1]["caption"]["en"])
    visitor.key("Escape")
    visitor.await_mode("walk")
    expect(page).to_have_url(re.compile("#walk$"))


def test_a_hall_is_kept_and_visited_without_a_network(open_page: OpenPage) -> None:
    visitor = open_page(screen=WINDOW, service_workers="allow")
    page, hall = visitor.page, visitor.exhibition.hall
    visitor.go(f"{HALL}?lang=en")
    button = page.get_by_role("button", name=re.compile("Keep this hall offline"))
    files = {file["sha256"]: file["bytes"] for asset in hall["assets"].values() for _, file in file_entries(asset)}
    expect(button).to_have_text(f"Keep this hall offline ({sum(files.values()) / 1e6:.1f} MB)")
    models = [asset["files"]["model"]["sha256"] for asset in hall["assets"].values() if "model" in asset["files"]]
    button.click()
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    assert {f"/media/{sha256}" for sha256 in files} <= set(page.evaluate(KEPT, "longyao-media"))
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="The connection is lost.")).to_be_visible()
    for lang in ("zh", "en"):
        page.goto(f"{visitor.exhibition.url}{HALL}?lang={lang}")
        expect(page.get_by_role("heading", level=1)).to_have_text(hall["title"][lang])
        assert page.evaluate(COMPLETE)
    page.goto(f"{visitor.exhibition.url}/")
    expect(page.get_by_role("heading", name=hall["title"]["en"])).to_be_visible()  # in the language read last
    page.goto(f"{visitor.exhibition.url}/halls/another")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    page.goto(f"{visitor.exhibition.url}{HALL}?lang=en#walk")
    visitor.await_hall()
    assert [name for name, _ in visitor.told] == ["hall-ready"]  # and no error: everything is there
    visitor.key("Escape")
    page.wait_for_function("() => document.querySelector('longyao-hall').state === 'closed'")
    page.context.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="The connection is back.")).to_be_visible()
    page.goto(f"{visitor.exhibition.url}{HALL}?lang=en")
    page.get_by_role("button", name="Remove from this device").click()
    expect(page.get_by_text("Removed from this device.")).to_be_visible()
    assert not set(page.evaluate(KEPT, "longyao-media")) & {f"/media/{file}" for file in models}
    assert not [path for path in page.evaluate(KEPT, "longyao-pages") if "/desk" in path or path.startswith("/halls/")]


def test_a_kiosk_begins_anew(open_page: OpenPage) -> None:
    visitor = open_page()
    page = visitor.page
    page.clock.install()
    visitor.go(f"{HALL}?kiosk=60&lang=zh")
    visitor.go("/?lang=en")
    page.evaluate("localStorage.setItem('longyao-look', JSON.stringify({text: 'larger'}))")
    page.clock.run_for(59_000)
    page.mouse.move(50, 50)  # someone is there
    page.clock.run_for(59_000)
    expect(page.locator("#kiosk")).to_be_hidden()
    page.clock.run_for(2_000)
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible()
    counted = int(dialog.get_by_role("timer").inner_text())
    assert 0 < counted <= 15
    assert visitor.violations() == []
    page.clock.run_for(5_000)
    assert int(dialog.get_by_role("timer").inner_text()) <= counted - 5
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_be_hidden()
    page.clock.run_for(61_000)
    expect(dialog).to_be_visible()
    with page.expect_navigation(url=re.compile(HALL)):
        page.clock.run_for(17_000)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert html(visitor, "text") is None
    expect(page.locator("#kiosk")).to_be_attached()


def test_targets_are_large_enough_in_a_kiosk(open_page: OpenPage) -> None:
    visitor = open_page(screen=PHONE)
    visitor.go("/?kiosk=1&lang=en")
    boxes = [
        box
        for link in visitor.page.locator("main .button, .bar button, .bar nav a").all()
        if (box := link.bounding_box())
    ]
    assert boxes
    assert min(box["height"] for box in boxes) >= 56 > LARGE_TARGET
