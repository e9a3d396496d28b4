"""The 2D twin of a hall: all that stands and is told in it, in its order, as a page and a printed catalogue show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from exhibit.halls.document import Document
from exhibit.halls.edit import sorted_parts
from exhibit.i18n import LANGUAGES, Language
from exhibit.storage import Storage
from recon.formats.webvtt import Cue, read_webvtt


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A placement and what belongs to it. Panels have no number and no asset."""

    key: str
    number: int | None
    placement: Document
    asset: Document | None
    notes: tuple[tuple[str, Document], ...]
    shapes: tuple[tuple[Document, Document], ...]  # (variant, its asset), the placement's own first; empty without
    transcript: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the story; `key` and `chapter` are None for what is in none of them."""

    key: str | None
    chapter: Document | None
    exhibits: tuple[Exhibit, ...]
    shown_before: tuple[Exhibit, ...]  # in a chapter before this one


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a tour, with the still picture of what it stops at."""

    stop: Document
    exhibit: Exhibit | None
    note: tuple[str, Document] | None
    picture: Document | None  # a file
    narration: Document | None  # an audio asset


@dataclass(frozen=True, slots=True)
class Tour:
    key: str
    tour: Document
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """A way to a hall on show; `hall` is its document."""

    title: Document
    slug: str
    hall: Document


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    number: int
    source: Document


@dataclass(frozen=True, slots=True)
class Twin:
    hall: Document
    room: Document  # the architecture's asset
    num_exhibits: int
    notes: tuple[tuple[str, Document], ...]  # of the hall as a whole
    tours: tuple[Tour, ...]
    milestones: tuple[tuple[str, Document], ...]  # by their years
    chapters: tuple[Chapter, ...]
    sounds: tuple[tuple[Document, Document], ...]  # (zone, its sound)
    doors: tuple[Door, ...]
    sources: tuple[Source, ...]  # numbered as they are first named

    def source_numbers(self) -> dict[str, int]:
        return {source.key: source.number for source in self.sources}


def twin_of(hall: Document, language: Language, storage: Storage, others: Mapping[str, Document]) -> Twin:
    """The twin in a language, which narration and transcripts are in; `others` are the halls on show, by slug."""
    exhibits = _exhibits(hall, language, storage)
    notes = sorted_parts(hall, "note_order")
    hall_notes = tuple((key, note) for key, note in notes if "placement" not in note)
    milestones = tuple(
        sorted(
            hall.get("timeline", {}).get("milestones", {}).items(),
            key=lambda entry: (entry[1]["year"], entry[1].get("to_year", entry[1]["year"]), entry[0]),
        )
    )
    chapters = _chapters(hall, exhibits)
    return Twin(
        hall,
        hall["assets"][hall["architecture"]["asset"]],
        sum(exhibit.number is not None for exhibit in exhibits.values()),
        hall_notes,
        tuple(_tour(hall, key, exhibits, language) for key in hall.get("tour_order", ())),
        milestones,
        chapters,
        tuple((zone, hall["assets"][zone["sound"]]) for zone in hall.get("zones", {}).values() if "sound" in zone),
        _doors(hall, others),
        _sources(hall, [note for _, note in hall_notes], [each for _, each in milestones], chapters),
    )


def _exhibits(hall: Document, language: Language, storage: Storage) -> dict[str, Exhibit]:
    notes = sorted_parts(hall, "note_order")
    found = {}
    number = 0
    for key, placement in sorted_parts(hall, "placement_order"):
        asset = hall["assets"].get(placement.get("asset"))
        number += asset is not None
        shapes = []
        if placement.get("variants"):
            own = placement.get("variant", {"title": placement["title"]})
            shapes = [
                (each, hall["assets"][each.get("asset", placement["asset"])]) for each in [own, *placement["variants"]]
            ]
        found[key] = Exhibit(
            key,
            number if asset is not None else None,
            placement,
            asset,
            tuple((note_key, note) for note_key, note in notes if note.get("placement") == key),
            tuple(shapes),
            transcript(asset, language, storage),
        )
    return found


def transcript(asset: Document | None, language: Language, storage: Storage) -> tuple[Cue, ...]:
    """What is said in a recording; empty where nothing is written of it."""
    captions = (asset or {"files": {}})["files"].get("captions")
    return _read(storage.path(captions[language]["sha256"])) if captions else ()


@lru_cache(maxsize=256)
def _read(captions: Path) -> tuple[Cue, ...]:
    return tuple(read_webvtt(captions))  # a file of the storage never changes


def _chapters(hall: Document, exhibits: dict[str, Exhibit]) -> tuple[Chapter, ...]:
    chapters = []
    left = dict(exhibits)
    for key in hall.get("chapter_order", ()):
        chapter = hall["chapters"][key]
        before = tuple(exhibits[each] for each in chapter["placements"] if each not in left)
        own = tuple(left.pop(each) for each in chapter["placements"] if each in left)
        chapters.append(Chapter(key, chapter, own, before))
    if left or not chapters:
        chapters.append(Chapter(None, None, tuple(left.values()), ()))
    return tuple(chapters)


def _tour(hall: Document, key: str, exhibits: dict[str, Exhibit], language: Language) -> Tour:
    tour = hall["tours"][key]
    return Tour(key, tour, tuple(_stop(hall, stop, exhibits, language) for stop in tour["stops"]))


def _stop(hall: Document, stop: Document, exhibits: dict[str, Exhibit], language: Language) -> Stop:
    note = (stop["note"], hall["notes"][stop["note"]]) if "note" in stop else None
    exhibit = exhibits.get(stop.get("placement") or (note[1].get("placement") if note else None) or "")
    shown = exhibit.asset if exhibit else None
    if note and "picture" in note[1]:
        shown = hall["assets"][note[1]["picture"]]
    narration = stop.get("narration", {}).get(language)
    return Stop(
        stop,
        exhibit,
        note,
        shown["files"]["thumb"] if shown else None,
        hall["assets"][narration] if narration else None,
    )


def _doors(hall: Document, others: Mapping[str, Document]) -> tuple[Door, ...]:
    """Two doors to one hall are one way on."""
    ways = {door["hall"]: door for door in hall.get("doors", {}).values() if door.get("hall") in others}
    return tuple(Door(door["title"], slug, others[slug]) for slug, door in ways.items())


def _sources(
    hall: Document, notes: list[Document], milestones: list[Document], chapters: tuple[Chapter, ...]
) -> tuple[Source, ...]:
    """In the order in which the page names them, then those that nothing names."""
    exhibits = [exhibit for chapter in chapters for exhibit in chapter.exhibits]
    naming = [*notes, *milestones]
    for exhibit in exhibits:
        naming += [exhibit.placement, *(note for _, note in exhibit.notes)]
    keys = dict.fromkeys([key for thing in naming for key in thing.get("sources", ())] + [*hall.get("sources", {})])
    return tuple(Source(key, number, hall["sources"][key]) for number, key in enumerate(keys, start=1))


def poster_of(hall: Document) -> Document:
    """The file of the picture that stands for a hall."""
    poster: Document = hall["assets"][hall["architecture"]["asset"]]["files"]["thumb"]
    return poster


def has_words(text: Mapping[str, str] | None) -> bool:
    """Whether a text says anything in either language."""
    return text is not None and any(text.get(language, "").strip() for language in LANGUAGES)
