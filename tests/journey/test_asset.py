"""A curator scales a model without scale by two points that are picked on it, with the keyboard alone, and turns it."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import samples
from curator import SCREEN, Curator
from playwright.sync_api import expect
from walkthrough import PHONE, OpenPage

SIZE = (2.0, 1.0, 0.5)  # of a unit that nobody knows


def test_two_points_and_a_length_give_a_model_its_size(open_page: OpenPage, tmp_path: Path) -> None:
    visitor = open_page(screen=SCREEN)
    curator = Curator(visitor.page, visitor.exhibition)
    curator.sign_in()
    page = curator.page
    (tmp_path / "chest.glb").write_bytes(samples.box_glb(size=SIZE, at=(5, 5, 5)))
    curator.go("/desk/assets/new?lang=en")
    page.locator("[name=file]").set_input_files(tmp_path / "chest.glb")
    page.get_by_role("button", name="Take it in").click()
    page.wait_for_url("**/desk/assets/chest")
    page.locator(".asset-view[data-open]").wait_for()
    expect(page.get_by_text("It has no scale").first).to_be_visible()
    page.get_by_role("button", name="Scale by two points").focus()
    page.keyboard.press("Enter")
    status = page.locator(".av-status")
    expect(status).to_have_text("Pick the first point.")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(status).to_have_text("Pick the second point: the farther, the better.")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Its real length, cm")).to_be_focused()
    page.keyboard.type("12.4")
    picked = [[float(v) for v in page.locator(f"[name={end}]").input_value().split()] for end in ("from", "to")]
    for point in picked:  # each lies on a face of the box, which the library has put on the floor over the origin
        beyond = np.abs(np.array(point) - (0, SIZE[1] / 2, 0)) - np.array(SIZE) / 2
        assert beyond.max() == pytest.approx(0, abs=1e-5)
    factor = 0.124 / math.dist(*picked)
    expect(page.locator(".av-outcome")).to_contain_text(f"Factor {factor:.4g}".rstrip("0"))
    page.get_by_role("button", name="Forward").click()
    expect(page.get_by_label("Turn it upright")).to_have_value(re.compile(r"^0\.7071\S* 0 0 0\.7071\S*$"))
    assert curator.violations() == []
    page.get_by_role("button", name="See what will change").click()
    page.wait_for_url("**/transform?*")
    expect(page.get_by_text("No hall shows it.")).to_be_visible()
    assert curator.violations() == []
    page.get_by_role("button", name="Change it").click()
    page.wait_for_url("**/desk/assets/chest?transformed=1")
    expect(page.get_by_text("Scaled by two points: 12.4 cm")).to_be_visible()
    page.locator(".asset-view[data-open]").wait_for()
    listed = json.loads(page.request.get(f"{curator.exhibition.url}/api/assets").text())["assets"]
    (chest,) = [each["document"] for each in listed if each["id"] == "chest"]
    width, depth, height = SIZE[0] * factor, SIZE[1] * factor, SIZE[2] * factor  # its top is its front now
    assert chest["unit"] == "metre"
    assert chest["bounds"]["min"] == pytest.approx([-width / 2, 0, -depth / 2], abs=1e-6)
    assert chest["bounds"]["max"] == pytest.approx([width / 2, height, depth / 2], abs=1e-6)
    page.get_by_role("button", name="Use this view as its picture").click()
    page.wait_for_url("**/desk/assets/chest?viewed=1")
    curator.go("/desk/assets/chest/delete?lang=en")
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/desk/assets?deleted=1")


def test_on_a_phone_the_page_has_no_fault(open_page: OpenPage) -> None:
    visitor = open_page(screen=PHONE)
    curator = Curator(visitor.page, visitor.exhibition)
    curator.sign_in()
    for lang in ("zh", "en"):
        curator.go(f"/desk/assets/saggar?lang={lang}")
        curator.page.locator(".asset-view[data-open]").wait_for()
        assert curator.violations() == []
        assert curator.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
