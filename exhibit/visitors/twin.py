"""The 2D twin of a hall: all that stands and is told in it, in its order, as a page and a printed catalogue show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from exhibit.documents import types as document
from exhibit.documents.order import (
    by_id,
    exhibit_numbers,
    milestones_in_order,
    notes_of,
    placements_by_chapter,
    placements_in_order,
    stops_in_order,
    variants_in_order,
)
from exhibit.documents.sources import source_numbers
from exhibit.documents.types import AssetDocument, File, HallDocument, Id, Note, OwnVariant, Placement, Text, Variant
from exhibit.i18n import Language
from exhibit.storage import Storage
from recon.formats.webvtt import Cue, read_webvtt


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A placement and what belongs to it. Panels have no number and no asset."""

    key: Id
    number: int | None
    placement: Placement
    asset: AssetDocument | None
    notes: tuple[tuple[Id, Note], ...]
    shapes: tuple[tuple[OwnVariant | Variant, AssetDocument], ...]  # its own among them; empty without others
    transcript: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the story; `key` and `chapter` are None for what is in none of them."""

    key: Id | None
    chapter: document.Chapter | None
    exhibits: tuple[Exhibit, ...]
    shown_before: tuple[Exhibit, ...]  # in a chapter before this one


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a tour, with the still picture of what it stops at."""

    stop: document.Stop
    exhibit: Exhibit | None
    note: tuple[Id, Note] | None
    picture: File | None
    narration: AssetDocument | None


@dataclass(frozen=True, slots=True)
class Tour:
    key: Id
    tour: document.Tour
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """A way to a hall on show."""

    title: Text
    slug: str
    hall: HallDocument


@dataclass(frozen=True, slots=True)
class Source:
    key: Id
    number: int
    source: document.Source


@dataclass(frozen=True, slots=True)
class Twin:
    hall: HallDocument
    room: AssetDocument  # the architecture's
    num_exhibits: int
    notes: tuple[tuple[Id, Note], ...]  # of the hall as a whole
    tours: tuple[Tour, ...]
    milestones: tuple[tuple[Id, document.Milestone], ...]  # by their years
    chapters: tuple[Chapter, ...]
    sounds: tuple[tuple[document.Zone, AssetDocument], ...]  # (zone, its sound)
    doors: tuple[Door, ...]
    sources: tuple[Source, ...]  # numbered as they are first named

    def source_numbers(self) -> dict[Id, int]:
        return {source.key: source.number for source in self.sources}


def twin_of(hall: HallDocument, language: Language, storage: Storage, others: Mapping[str, HallDocument]) -> Twin:
    """The twin in a language, which narration and transcripts are in; `others` are the halls on show, by slug."""
    exhibits = _exhibits(hall, language, storage)
    return Twin(
        hall,
        hall["assets"][hall["architecture"]["asset"]],
        sum(exhibit.number is not None for exhibit in exhibits.values()),
        tuple(notes_of(hall, None)),
        tuple(_tour(hall, key, exhibits, language) for key in hall.get("tour_order", ())),
        tuple(milestones_in_order(hall)),
        _chapters(hall, exhibits),
        tuple((zone, hall["assets"][zone["sound"]]) for _, zone in by_id(hall.get("zones")) if "sound" in zone),
        _doors(hall, others),
        tuple(Source(key, number, hall["sources"][key]) for key, number in source_numbers(hall).items()),
    )


def _exhibits(hall: HallDocument, language: Language, storage: Storage) -> dict[Id, Exhibit]:
    numbers = exhibit_numbers(hall)
    found = {}
    for key, placement in placements_in_order(hall):
        asset = hall["assets"][placement["asset"]] if "asset" in placement else None
        found[key] = Exhibit(
            key,
            numbers.get(key),
            placement,
            asset,
            tuple(notes_of(hall, key)),
            _shapes(hall, placement),
            transcript(asset, language, storage),
        )
    return found


def _shapes(hall: HallDocument, placement: Placement) -> tuple[tuple[OwnVariant | Variant, AssetDocument], ...]:
    if not placement.get("variants"):
        return ()
    return tuple(
        (variant, hall["assets"][variant["asset"] if "asset" in variant else placement["asset"]])
        for variant in variants_in_order(placement)
    )


def transcript(asset: AssetDocument | None, language: Language, storage: Storage) -> tuple[Cue, ...]:
    """What is said in a recording; empty where nothing is written of it."""
    captions = asset["files"].get("captions") if asset else None
    return _read(storage.path(captions[language]["sha256"])) if captions else ()


@lru_cache(maxsize=256)
def _read(captions: Path) -> tuple[Cue, ...]:
    return tuple(read_webvtt(captions))  # a file of the storage never changes


def _chapters(hall: HallDocument, exhibits: dict[Id, Exhibit]) -> tuple[Chapter, ...]:
    """A page shows an exhibit once: in its first chapter."""
    chapters = []
    left = dict(exhibits)
    for key, placements in placements_by_chapter(hall):
        before = tuple(exhibits[each] for each in placements if each not in left)
        own = tuple(left.pop(each) for each in placements if each in left)
        chapters.append(Chapter(key, hall["chapters"][key] if key is not None else None, own, before))
    return tuple(chapters) or (Chapter(None, None, (), ()),)


def _tour(hall: HallDocument, key: Id, exhibits: dict[Id, Exhibit], language: Language) -> Tour:
    tour = hall["tours"][key]
    return Tour(key, tour, tuple(_stop(hall, stop, exhibits, language) for _, stop in stops_in_order(tour)))


def _stop(hall: HallDocument, stop: document.Stop, exhibits: dict[Id, Exhibit], language: Language) -> Stop:
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


def _doors(hall: HallDocument, others: Mapping[str, HallDocument]) -> tuple[Door, ...]:
    """Two doors to one hall are one way on."""
    ways = {door["hall"]: door for _, door in by_id(hall.get("doors")) if door.get("hall") in others}
    return tuple(Door(door["title"], slug, others[slug]) for slug, door in ways.items())


def poster_of(hall: HallDocument) -> File:
    """The picture that stands for a hall."""
    return hall["assets"][hall["architecture"]["asset"]]["files"]["thumb"]
