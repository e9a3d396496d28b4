"""How far the build of a hall is; whoever listens can stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
Report = Callable[[float], object]  # takes the share that is done, 0..1; raises to stop the build


def unheard(share: float) -> None:
    """The report of a build that nobody watches."""


def portion(report: Report, first: float, last: float) -> Report:
    """The report of a part of the work, which takes the whole from the share `first` to `last`."""
    return lambda share: report(first + (last - first) * share)


def reported(items: Sequence[T], report: Report) -> Iterator[T]:
    """The items, one after the other; each is reported when it is done."""
    for done, item in enumerate(items, 1):
        yield item
        report(done / len(items))
