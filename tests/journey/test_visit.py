"""What a visitor does, in a real browser on a real server: comes in, walks, looks closely, reads, and leaves."""

from __future__ import annotations

import io
import json
import math
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Route, expect
from walkthrough import DESKTOP, HALL, PHONE, SHARP, OpenPage, Visitor

from exhibit.space.kiln_gallery import DOOR_HALF, HALF_LENGTH, HALF_WIDTH, NICHE

BODY = 0.3  # m, its radius
TAG = {"zh": "zh-Hans", "en": "en"}
LANGUAGES = ("zh", "en")
RING = "getComputedStyle(document.querySelector('.ly-canvas')).outlineStyle"
NUMBERS = """() => [...document.querySelectorAll(".ly-marker:not([hidden])")].map((marker) => {
  const { x, y, width, height } = marker.getBoundingClientRect();
  const [middle, top] = [x + width / 2, y + height / 2];
  const found = document.elementFromPoint(middle, top)?.closest(".ly-marker") ?? marker; // a panel may lie above
  return { x: middle, y: top, size: Math.min(width, height), free: found === marker };
})"""


def paragraphs(html: str) -> list[str]:
    """The texts of a note's paragraphs."""
    return [re.sub(r"<[^>]+>", "", paragraph) for paragraph in re.findall(r"<p>(.*?)</p>", html)]


def siblings(visitor: Visitor, note: str) -> list[str]:
    hall = visitor.exhibition.hall
    at = hall["notes"][note].get("placement")
    return [other for other in hall["note_order"] if hall["notes"][other].get("placement") == at]


def expect_note(visitor: Visitor, note: str, lang: str = "zh") -> None:
    """The note is open: its text in the panel, its name in the address, its saved view before the eye."""
    page, noted = visitor.page, visitor.exhibition.hall["notes"][note]
    expect(page.locator(".ly-panel h2")).to_have_text(noted["title"][lang])
    expect(page.locator(".ly-panel .ly-text p")).to_have_text(paragraphs(noted["body"][lang]))
    expect(page).to_have_url(re.compile(f"#note={note}$"))
    visitor.await_mode("orbit")
    visitor.await_still()
    # The eye is on the line from the view's target through its position; a panel that takes room makes it step back.
    view = noted["view"]
    saved = [a - b for a, b in zip(view["position"], view["target"], strict=True)]
    found = [a - b for a, b in zip(visitor.position, view["target"], strict=True)]
    near, far = math.hypot(*saved), math.hypot(*found)
    assert sum(a * b for a, b in zip(saved, found, strict=True)) / near / far == pytest.approx(1, abs=1e-5)
    assert 0.999 * near <= far <= 2.001 * near


# Coming in


def test_from_the_home_page_into_the_hall_by_mouse(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.go("/?lang=zh")
    hall, page = visitor.exhibition.hall, visitor.page
    page.get_by_role("heading", name=hall["title"]["zh"]).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(hall["title"]["zh"])
    assert (visitor.hall("state"), visitor.hall("mode"), visitor.hall("position")) == ("closed", None, None)
    page.get_by_role("link", name="进入展厅").click()
    visitor.await_hall()
    assert [name for name, _ in visitor.told] == ["hall-ready"]
    assert visitor.hall("mode") == "walk"
    assert visitor.position == pytest.approx(hall["start"]["position"], abs=0.1)
    stood = visitor.position
    screen = page.viewport_size
    assert screen
    page.mouse.click(screen["width"] / 2, screen["height"] * 0.85)  # the floor ahead
    page.wait_for_function("(x) => document.querySelector('longyao-hall').position[0] > x", arg=stood[0] + 0.5)
    visitor.await_still()
    assert visitor.hall("mode") == "walk"
    assert visitor.position[1] == pytest.approx(stood[1], abs=0.01)
    page.get_by_role("button", name="离开展厅").click()
    expect(page.locator("dialog.ly-visit")).to_have_count(0)
    assert visitor.hall("state") == "closed"
    expect(page).to_have_url(re.compile(f"{HALL}$"))


def test_from_the_home_page_into_the_hall_by_keyboard(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.go("/?lang=en")
    page = visitor.page
    visitor.tab_to(f"h3 a[href='{HALL}']")
    visitor.key("Enter")
    page.wait_for_url(re.compile(HALL))
    visitor.tab_to("a[href='#walk']")
    visitor.key("Enter")
    visitor.await_hall()
    assert page.evaluate("document.activeElement.matches('.ly-canvas')")
    assert page.evaluate(RING) == "solid"
    stood = visitor.position
    page.keyboard.down("ArrowUp")
    page.wait_for_function("(x) => document.querySelector('longyao-hall').position[0] > x", arg=stood[0] + 0.5)
    page.keyboard.up("ArrowUp")
    visitor.await_still()
    walked = visitor.position
    visitor.tab_to(".ly-tag")
    title = page.evaluate("document.activeElement.textContent")
    visitor.key("Enter")
    visitor.await_mode("orbit")
    expect(page.locator(".ly-panel h2")).to_have_text(title)
    visitor.key("Escape")
    visitor.await_mode("walk")
    visitor.await_still()
    assert visitor.position == pytest.approx(walked, abs=1e-6)
    visitor.key("Escape")
    expect(page.locator("dialog.ly-visit")).to_have_count(0)
    expect(page.locator("a[href='#walk']")).to_be_focused()


def test_straight_into_the_hall_and_out_onto_its_page(open_page: OpenPage) -> None:
    """The page's pictures do not keep the hall waiting; they are there when the visitor leaves."""
    visitor = open_page(screen=PHONE)
    page = visitor.page
    pictures: list[str] = []
    page.on("request", lambda request: pictures.append(request.url) if request.resource_type == "image" else None)
    visitor.walk_in("en")
    lazy = page.locator("img[loading=lazy]")
    of_the_page = {visitor.exhibition.url + str(picture.get_attribute("src")) for picture in lazy.all()}
    written = page.request.get(f"{visitor.exhibition.url}{HALL}?lang=en").text()
    for tag in re.findall(r"<(?:img|video)[^>]*>", written):  # some show the same, and are asked for before any script
        if "lazy" not in tag:
            of_the_page -= {visitor.exhibition.url + path for path in re.findall(r'"(/media/\w+)"', tag)}
    assert len(of_the_page) > 5
    assert of_the_page & set(pictures) == set()
    assert page.evaluate("document.activeElement.matches('.ly-canvas')")
    assert page.evaluate(RING) == "none"
    visitor.key("ArrowLeft")
    assert page.evaluate(RING) == "none"  # a key that steers needs no ring; one that moves the focus has one
    page.locator(".ly-close").focus()
    visitor.key("Tab")
    assert page.evaluate(RING) == "solid"
    page.locator(".ly-canvas").focus()
    visitor.key("Escape")
    expect(page.locator("dialog.ly-visit")).to_have_count(0)
    expect(page.get_by_role("link", name="Walk in")).to_be_focused()
    for first in (page.locator("longyao-hall img"), page.locator("img[loading=lazy]:visible").first):
        first.scroll_into_view_if_needed()
        page.wait_for_function("(picture) => picture.naturalWidth > 0", arg=first.element_handle())


# Walking


def test_walls_hold_whoever_walks_against_them(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in()

    def inside(x: float, z: float) -> bool:
        in_the_room = abs(x) <= HALF_LENGTH - BODY + 0.01 and abs(z) <= HALF_WIDTH - BODY + 0.01
        in_the_door = -HALF_LENGTH - NICHE + BODY - 0.01 <= x <= 0 and abs(z) <= DOOR_HALF - BODY + 0.01
        return in_the_room or in_the_door

    way = visitor.walk_until_stopped("KeyS", "ShiftLeft")  # backwards, into the corner of the closed door behind
    assert math.dist(way[0], way[-1]) > 1
    assert all(inside(x, z) for x, _, z in way)
    x, _, z = way[-1]
    assert (x, z) == pytest.approx((-HALF_LENGTH - NICHE + BODY, DOOR_HALF - BODY), abs=0.02)
    assert math.dist(way[-2], way[-1]) < 1e-3


def test_draws_nothing_when_nothing_moves(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in()
    drawn = visitor.await_still()
    wait = "let n = 90; const next = () => n-- ? requestAnimationFrame(next) : done(); next();"
    visitor.page.evaluate(f"() => new Promise((done) => {{ {wait} }})")
    assert visitor.hall("stats")["frames"] == drawn
    assert visitor.hall("stats")["triangles"] > 0
    visitor.key("ArrowLeft")
    assert visitor.await_still() > drawn


# Looking closely


def test_an_exhibit_from_all_round_and_back(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in()
    page, hall = visitor.page, visitor.exhibition.hall
    stood = visitor.position
    page.get_by_role("button", name="展品目录").click()
    page.get_by_role("button", name=hall["placements"]["meiping"]["title"]["zh"]).last.click()
    visitor.await_mode("orbit")
    visitor.await_still()
    assert ["exhibit-open", {"id": "meiping"}] in [list(event) for event in visitor.told]
    expect(page).to_have_url(re.compile("#exhibit=meiping$"))
    expect(page.locator(".ly-panel .ly-label")).to_have_text(hall["placements"]["meiping"]["label"]["zh"])
    x, _, z = hall["placements"]["meiping"]["translation"]
    before = visitor.position
    page.mouse.move(100, 480)
    page.mouse.down()
    page.mouse.move(200, 480, steps=2)
    page.mouse.up()
    visitor.await_still()
    after = visitor.position
    assert math.dist(before, after) > 0.1
    assert math.hypot(after[0] - x, after[2] - z) == pytest.approx(math.hypot(before[0] - x, before[2] - z), rel=0.02)
    page.mouse.move(100, 480)
    page.mouse.wheel(0, -300)
    visitor.await_still()
    assert math.hypot(visitor.position[0] - x, visitor.position[2] - z) < math.hypot(after[0] - x, after[2] - z)
    visitor.key("Escape")
    visitor.await_mode("walk")
    visitor.await_still()
    assert visitor.position == pytest.approx(stood, abs=1e-6)
    expect(page).to_have_url(re.compile("#walk$"))


def test_an_exhibit_by_finger(open_page: OpenPage) -> None:
    visitor = open_page(screen=PHONE)
    visitor.walk_in("en")
    page = visitor.page
    page.get_by_role("button", name="List of exhibits").tap()
    page.get_by_role("button", name=visitor.exhibition.hall["placements"]["censer"]["title"]["en"]).last.tap()
    visitor.await_mode("orbit")
    expect(page.locator(".ly-panel h2")).to_have_text(visitor.exhibition.hall["placements"]["censer"]["title"]["en"])
    sheet, screen = page.locator(".ly-panel").bounding_box(), page.viewport_size
    assert sheet
    assert screen
    assert sheet["y"] + sheet["height"] == pytest.approx(screen["height"], abs=1)
    page.get_by_role("button", name="Back to where I stood").tap()
    visitor.await_mode("walk")
    expect(page.locator(".ly-panel")).to_be_hidden()


# Reading notes


def test_a_note_by_its_address_and_its_neighbours(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in(at="#note=ivory-white")
    expect_note(visitor, "ivory-white")
    page, order = visitor.page, siblings(visitor, "ivory-white")
    after = order[(order.index("ivory-white") + 1) % len(order)]
    page.get_by_role("button", name="下一条").click()
    expect_note(visitor, after)
    page.get_by_role("button", name="上一条").click()
    expect_note(visitor, "ivory-white")
    assert [detail["id"] for name, detail in visitor.told if name == "note-open"] == [
        "ivory-white",
        after,
        "ivory-white",
    ]
    page.get_by_role("button", name="回到原处").click()
    visitor.await_mode("walk")
    visitor.await_still()
    expect(page.locator(".ly-panel")).to_be_hidden()
    expect(page).to_have_url(re.compile("#walk$"))
    assert visitor.position == pytest.approx(visitor.exhibition.hall["start"]["position"], abs=0.1)


def test_a_note_by_its_marker(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in("en", at="#exhibit=censer")
    note = next(note for note, noted in visitor.exhibition.hall["notes"].items() if noted.get("placement") == "censer")
    visitor.page.locator(".ly-marker:visible").first.click()
    expect_note(visitor, note, "en")
    visitor.page.locator(".ly-belongs button").click()
    expect(visitor.page).to_have_url(re.compile("#exhibit=censer$"))


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_note_covers_another(open_page: OpenPage, screen: dict[str, Any]) -> None:
    """Numbers make room for one another: 24 px and more from each to the next (WCAG 2.5.8)."""
    visitor = open_page(screen=screen)
    hall = visitor.exhibition.hall
    placed = [note["placement"] for note in hall["notes"].values() if "placement" in note]
    most = max(sorted(set(placed)), key=placed.count)
    visitor.walk_in(at=f"#exhibit={most}")
    seen = visitor.page.evaluate(NUMBERS)
    assert len(seen) >= 2
    assert all(marker["free"] and marker["size"] >= 24 for marker in seen)
    apart = [math.hypot(a["x"] - b["x"], a["y"] - b["y"]) for i, a in enumerate(seen) for b in seen[i + 1 :]]
    assert min(apart) >= 32


def test_a_note_of_the_hall_from_the_list(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in()
    stood = visitor.position
    visitor.key("l")
    title = visitor.exhibition.hall["notes"]["world-heritage"]["title"]["zh"]
    visitor.page.locator(".ly-panel").get_by_role("button", name=title).press("Enter")
    expect_note(visitor, "world-heritage")
    visitor.key("Escape")
    visitor.await_mode("walk")
    visitor.await_still()
    assert visitor.position == pytest.approx(stood, abs=1e-6)


# Two languages


def test_another_language_in_the_visit(open_page: OpenPage) -> None:
    visitor = open_page()
    visitor.walk_in("zh", at="#note=throwing")
    page, hall = visitor.page, visitor.exhibition.hall
    page.evaluate("window.sameDocument = true")
    for lang, name in (("en", "English"), ("zh", "中文")):
        page.get_by_role("button", name=name, exact=True).click()
        expect_note(visitor, "throwing", lang)
        expect(page.locator("html")).to_have_attribute("lang", TAG[lang])
        expect(page.locator(".ly-title")).to_have_text(hall["title"][lang])
        expect(page).to_have_url(re.compile(rf"lang={lang}#note=throwing$"))
        assert page.evaluate("window.sameDocument") is True
    assert [detail["lang"] for name, detail in visitor.told if name == "language-change"] == ["en", "zh"]
    page.get_by_role("button", name="English", exact=True).click()
    visitor.key("Escape")
    visitor.await_mode("walk")
    visitor.key("Escape")  # back to the page, which the server writes in the visitor's language
    expect(page.get_by_role("heading", level=1)).to_have_text(hall["title"]["en"])
    expect(page.locator("html")).to_have_attribute("lang", "en")
    visitor.go("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_another_language_on_the_page(open_page: OpenPage) -> None:
    visitor = open_page(locale="zh-CN")
    visitor.go(HALL)
    page, title = visitor.page, visitor.exhibition.hall["title"]
    for lang, other, name in (("zh", "en", "English"), ("en", "zh", "中文")):
        expect(page.locator("html")).to_have_attribute("lang", TAG[lang])
        expect(page.get_by_role("heading", level=1)).to_have_text(title[lang])
        page.locator("header").get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(rf"lang={other}"))
    expect(page.locator("html")).to_have_attribute("lang", TAG["zh"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_way_in_is_on_a_phones_first_screen(open_page: OpenPage, lang: str) -> None:
    visitor = open_page(screen=PHONE)
    visitor.go(f"{HALL}?lang={lang}")
    expect(visitor.page.locator("a[href='#walk']")).to_be_in_viewport(ratio=1)


# For everyone

DESK = (
    "/desk",
    "/desk/halls/new",
    "/desk/halls/dehua-dragon-kiln",
    "/desk/halls/dehua-dragon-kiln/preview",
    "/desk/halls/dehua-dragon-kiln/placements/meiping",
    "/desk/halls/dehua-dragon-kiln/notes/ivory-white",
    "/desk/assets",
    "/desk/assets/new",
    "/desk/assets/meiping",
    "/desk/jobs",
    "/desk/jobs/new",
)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_pages(open_page: OpenPage, phone: bool) -> None:
    visitor = open_page(screen=PHONE if phone else DESKTOP)
    found: dict[str, list[str]] = {}
    for path in ("/", HALL, "/desk/sign-in"):
        for lang in LANGUAGES:
            visitor.go(f"{path}?lang={lang}")
            found[f"{path} {lang}"] = visitor.violations()
    page = visitor.page
    page.locator("[name=name]").fill(visitor.exhibition.name)
    page.locator("[name=password]").fill(visitor.exhibition.password)
    page.locator("main button").click()
    page.wait_for_url(re.compile("/desk$"))
    for path in DESK:
        for lang in LANGUAGES:
            visitor.go(f"{path}?lang={lang}")
            found[f"{path} {lang}"] = visitor.violations()
    assert {where: rules for where, rules in found.items() if rules} == {}


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_the_visit(open_page: OpenPage, phone: bool) -> None:
    visitor = open_page(screen=PHONE if phone else DESKTOP)
    visitor.walk_in("zh")
    page = visitor.page
    found: dict[str, list[str]] = {}
    for lang, other in (("zh", "English"), ("en", None)):
        for state, opening in (
            ("on foot", "#walk"),
            ("note", "#note=saggars"),
            ("exhibit", "#exhibit=meiping"),
            ("list", "l"),
            ("help", "?"),
        ):
            if opening.startswith("#"):
                page.evaluate("(hash) => { location.hash = hash; }", opening)
                visitor.await_mode("walk" if opening == "#walk" else "orbit")
            else:
                page.locator(".ly-canvas").focus()
                visitor.key(opening)
                expect(page.locator(f".ly-panel[data-kind={state}]")).to_be_visible()
            visitor.await_still()
            found[f"{state} {lang}"] = visitor.violations()
        if other:
            page.get_by_role("button", name=other, exact=True).click()
            expect(page.locator("html")).to_have_attribute("lang", "en")
    assert {where: rules for where, rules in found.items() if rules} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_complete_without_javascript(open_page: OpenPage, lang: str) -> None:
    visitor = open_page(java_script_enabled=False)
    visitor.go(f"{HALL}?lang={lang}")
    page, hall = visitor.page, visitor.exhibition.hall
    expect(page.locator("html")).to_have_attribute("lang", TAG[lang])
    expect(page.get_by_role("heading", level=1)).to_have_text(hall["title"][lang])
    expect(page.locator("longyao-hall .lead")).to_have_text(hall["summary"][lang])
    expect(page.locator("longyao-hall noscript")).to_be_visible()
    loaded: Any = page.locator("longyao-hall img")
    expect(loaded).to_be_visible()
    assert loaded.bounding_box()["height"] > 100
    expect(page.locator(".exhibit h3")).to_have_text(
        [hall["placements"][placement]["title"][lang] for placement in hall["placement_order"]]
    )
    for placement in hall["placements"].values():
        for line in placement["label"][lang].split("\n"):
            expect(page.locator(".exhibit .label", has_text=line)).to_be_visible()
    for key, note in hall["notes"].items():
        expect(page.locator(f"#note-{key} p:not(.with-viewer)")).to_have_text(paragraphs(note["body"][lang]))


@pytest.mark.parametrize(("lang", "apology"), [("zh", "无法进入展厅"), ("en", "cannot be walked into")])
def test_without_webgl_the_page_says_so_and_stays(
    open_page: OpenPage, chromium_without_webgl: Browser, lang: str, apology: str
) -> None:
    visitor = open_page(browser=chromium_without_webgl)
    visitor.go(f"{HALL}?lang={lang}")
    page = visitor.page
    page.locator("a[href='#walk']").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("WebGL 2")
    expect(said).to_contain_text(apology)
    expect(said).to_be_in_viewport()
    assert (visitor.hall("state"), page.locator("dialog.ly-visit").count()) == ("closed", 0)
    assert [name for name, _ in visitor.told] == ["error"]
    page.locator("a.button[href='#exhibits']").click()
    expect(page.locator("#exhibits h2").first).to_be_in_viewport()
    assert visitor.violations() == []


def test_a_board_far_away_shows_its_face(open_page: OpenPage) -> None:
    """A millimetre before its own back, seventy metres from the eye, through a long lens."""
    visitor = open_page(screen=DESKTOP, device_scale_factor=SHARP)
    noted = visitor.exhibition.hall["note_order"][0]

    def retell(route: Route) -> None:
        hall = route.fetch().json()
        hall["placements"]["welcome"] |= {"translation": [0, 40, 0], "rotation": [0, 0, 0, 1]}
        note = hall["notes"][noted]
        note.pop("placement", None)
        view = {"position": [3, 40, 70], "target": [0, 40, 0], "fov_deg": 3}
        hall["notes"][noted] = note | {"anchor": [0, 40, 0], "view": view}
        route.fulfill(body=json.dumps(hall), content_type="application/json")

    visitor.page.route("**/api/halls/*", retell)
    visitor.walk_in("en", at=f"#note={noted}")
    visitor.await_mode("orbit")
    visitor.await_still()
    shot = Image.open(io.BytesIO(visitor.page.locator(".ly-canvas").screenshot())).convert("RGB")
    seen = np.asarray(shot, int)[:, :1000]
    face, back = ((np.abs(seen - colour).max(2) < 4).sum() for colour in ((0xF8, 0xF5, 0xEE), (0xCF, 0xC6, 0xB8)))
    assert face > 50_000
    assert back < 0.05 * face  # its edge; faces that fight for depth would show half of it
