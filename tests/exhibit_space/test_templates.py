"""What is said of the hall templates is what is built, and it is quick to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import exhibit
from exhibit.space.build import BUILDERS
from exhibit.space.collision import Ground, on_foot
from exhibit.space.delivery import mean_colour
from exhibit.space.sizes import BadSize, Size, chosen
from exhibit.space.sketch import COLOURS
from exhibit.space.templates import TEMPLATES, begin_document

ROOT = Path(__file__).parents[2]


def test_the_facts_are_those_of_the_built_halls() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "hall_templates.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.stdout == "fresh\n", checked.stdout + checked.stderr
    assert TEMPLATES.keys() == BUILDERS.keys()


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_template_has_what_a_curator_chooses_by(key: str) -> None:
    template = TEMPLATES[key]
    assert 0 < template.floor_area_m2 < template.width_m * template.depth_m
    assert template.height_m > 2.0
    assert sum(template.anchors.values()) == len(template.document["anchors"])
    assert len(template.doors) >= 2
    assert template.summary["zh"].endswith("。")
    assert template.summary["en"].endswith(".")
    with Image.open(Path(exhibit.__file__).parent / "static" / template.picture) as picture:
        assert picture.size == (640, 360)


def test_a_hall_begins_with_a_document_of_its_own() -> None:
    document = begin_document("tulou", "my-tulou")
    assert document["architecture"]["asset"] == "my-tulou"
    document["anchors"].clear()
    assert TEMPLATES["tulou"].document["architecture"]["asset"] == "tulou"
    assert TEMPLATES["tulou"].document["anchors"]
    with pytest.raises(KeyError):
        begin_document("castle")


def test_templates_are_read_without_the_code_that_builds_them() -> None:
    code = "import sys, exhibit.space.templates; print([m for m in sys.modules if m.startswith('exhibit.space.')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout == "['exhibit.space.sizes', 'exhibit.space.templates']\n"


@pytest.mark.parametrize(("key", "size"), [(key, size) for key in TEMPLATES for size in TEMPLATES[key].sizes])
def test_every_size_can_be_built_from_the_least_to_the_most(key: str, size: Size) -> None:
    assert size.least <= size.default <= size.most
    assert size.title["zh"]
    assert size.title["en"]
    for value in (size.least, size.most):
        made = BUILDERS[key].built({size.name: value})
        document = made.document("room")
        floor = Ground(*made.collider()).reachable(on_foot(document), 0.6)
        assert len(floor) * 0.6**2 > 30
        if size.name == "doors":
            assert len(document["doors"]) == value


def test_other_sizes_are_refused() -> None:
    for sizes in ({"rooms": 6}, {"rooms": 1.5}, {"width": 8.25}, {"colour": 1.0}):
        with pytest.raises(BadSize):
            BUILDERS["porcelain-gallery"].built(sizes)
    assert chosen(BUILDERS["porcelain-gallery"].sizes, {"rooms": 3, "width": 9.0, "depth": 8.0}) == {"depth": 8.0}


def test_a_sketch_has_the_colours_of_the_finishes() -> None:
    for name in ("oak", "plaster", "granite", "red_brick"):
        assert np.abs(mean_colour(name) - COLOURS[name]).max() < 0.002
