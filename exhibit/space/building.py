"""What a hall's room is built from: a template with its sizes, or a plan, and the furniture in it; not yet baked.

It loads nothing that bakes, so a web process may ask it where anchors and doors are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from exhibit.documents.types import Building, Furnishing, Id
from exhibit.space import (
    courtyard_house,
    dragon_kiln,
    factory_nave,
    hillside,
    kiln_gallery,
    plan,
    porcelain_gallery,
    tulou,
)
from exhibit.space.furnishing import furnish
from exhibit.space.hall import Hall
from exhibit.space.sizes import Size, chosen


@dataclass(frozen=True, slots=True)
class Builder:
    """A template in code: `build` takes the sizes by name, and the doors, of which `doors` says how many."""

    build: Callable[..., Hall]
    sizes: Sequence[Size] = ()
    doors: Sequence[object] = ()

    def built(self, given: Mapping[str, float]) -> Hall:
        """The room with these sizes; the others are the template's own. Raises BadSize."""
        differing = chosen(self.sizes, given)
        doors = differing.pop("doors", None)
        more = {} if doors is None else {"doors": self.doors[: int(doors)]}
        return self.build(**differing, **more)


BUILDERS: dict[str, Builder] = {
    "kiln-gallery": Builder(kiln_gallery.hall, kiln_gallery.SIZES, kiln_gallery.DOORS),
    "courtyard-house": Builder(courtyard_house.hall, courtyard_house.SIZES, courtyard_house.DOORS),
    "tulou": Builder(tulou.hall, tulou.SIZES, tulou.DOORS),
    "factory-nave": Builder(factory_nave.hall, factory_nave.SIZES, factory_nave.DOORS),
    "dragon-kiln": Builder(dragon_kiln.hall, dragon_kiln.SIZES, dragon_kiln.DOORS),
    "porcelain-gallery": Builder(porcelain_gallery.hall, porcelain_gallery.SIZES, porcelain_gallery.DOORS),
    "hillside": Builder(hillside.hall, hillside.SIZES, hillside.DOORS),
}


def built(building: Building, furniture: Mapping[Id, Furnishing] | None = None) -> Hall:
    """The room before it is baked. Raises KeyError for a template that does not exist, BadSize."""
    if "walls" in building:
        return plan.hall(building, furniture)
    made = BUILDERS[building["template"]].built(building.get("sizes", {}))
    if furniture:
        furnish(made.site, furniture)
    return made
