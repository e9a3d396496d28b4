"""The sizes of a hall template: what a museum can choose, from where to where. Plain data, quick to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exhibit.documents.types import Text


class BadSize(ValueError):
    """A size that cannot be built: of that name there is none, or its value is not one of `size`."""

    def __init__(self, name: str, size: Size | None = None) -> None:
        super().__init__(name)
        self.name, self.size = name, size


@dataclass(frozen=True, slots=True)
class Size:
    """One number: metres, or how many."""

    name: str
    title: Text
    least: float
    most: float
    step: float
    default: float
    unit: str = "m"  # or "": a count

    def accept(self, value: float) -> float:
        """The value where it is one of those that can be built; whole where it counts. Raises BadSize."""
        steps = (value - self.least) / self.step
        if not self.least <= value <= self.most or abs(steps - round(steps)) > 1e-6:
            raise BadSize(self.name, self)
        exact = round(self.least + round(steps) * self.step, 6)
        return exact if self.unit else int(exact)


def chosen(sizes: Sequence[Size], given: Mapping[str, float]) -> dict[str, float]:
    """What differs from the template's own sizes, by name. Raises BadSize."""
    known = {size.name: size for size in sizes}
    if unknown := sorted(given.keys() - known.keys()):
        raise BadSize(unknown[0])
    accepted = {name: known[name].accept(given[name]) for name in sorted(given)}
    return {name: value for name, value in accepted.items() if value != known[name].default}


def doors_size(most: int) -> Size:
    """How many doors to other halls a template has."""
    return Size("doors", {"zh": "通往其他展厅的门", "en": "Doors to other halls"}, 0, most, 1, most, unit="")
