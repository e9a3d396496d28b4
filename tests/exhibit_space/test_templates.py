"""What is said of the hall templates is what is built, and it is quick to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import exhibit
from exhibit.space.build import BUILDERS
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
    assert loaded.stdout == "['exhibit.space.templates']\n"
