"""The hall templates: what each one is and how large, and its hall document with nothing in it.

The facts are in templates.json. scripts/hall_templates.py measures them from the built halls.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from exhibit.documents.types import AnchorKind, HallDocument, Text
from exhibit.space.sizes import Size


@dataclass(frozen=True, slots=True)
class Template:
    """A hall that `exhibit.space.build.build_template` can build.

    Sizes in metres are of the floor that a visitor can walk on and of the space above it.
    """

    key: str
    width_m: float  # along x: across the way from the entrance
    depth_m: float  # along z: the way from the entrance
    height_m: float  # from the floor to the highest ceiling or roof above it
    floor_area_m2: float
    document: HallDocument  # the hall with nothing in it
    sizes: Sequence[Size]  # what can be chosen; the numbers above are those of the defaults

    @property
    def title(self) -> Text:
        return self.document["title"]

    @property
    def summary(self) -> Text:
        """One sentence."""
        return self.document["summary"]

    @property
    def anchors(self) -> Mapping[AnchorKind, int]:
        """How many places for exhibits there are of each kind."""
        return Counter(anchor["kind"] for anchor in self.document.get("anchors", {}).values())

    @property
    def doors(self) -> Mapping[str, Text]:
        """The titles of the doors by id."""
        return {key: door["title"] for key, door in self.document.get("doors", {}).items()}

    @property
    def picture(self) -> str:
        """A picture of the empty hall, 640 x 360 px WebP, as a path below exhibit/static."""
        return f"templates/{self.key}.webp"


def begin_document(template: str, asset: str | None = None) -> HallDocument:
    """A hall document with the architecture of `template` and nothing in it yet: start, light, anchors and doors.

    `asset` is the id under which its bundle is in the library, by default the template's key. Raises KeyError for a
    template that does not exist.
    """
    document = copy.deepcopy(TEMPLATES[template].document)
    document["architecture"]["asset"] = asset or template
    return document


def _read() -> dict[str, Template]:
    facts = json.loads(Path(__file__).with_name("templates.json").read_text(encoding="utf-8"))
    return {
        key: Template(key=key, **{**fact, "sizes": [Size(**size) for size in fact.get("sizes", ())]})
        for key, fact in facts.items()
    }


TEMPLATES: Mapping[str, Template] = _read()
