"""Edits as a curator makes them, at random: each gives back a hall that keeps the contract."""

from __future__ import annotations

import copy
from random import Random

from exhibit.documents.types import AssetDocument, HallDocument, Id, Text
from exhibit.halls.edits import notes, order, placements, story

WORDS = ["龙窑", "匣钵", "梅瓶", "“火”", "𠮷", "saggar", "kiln", "pine", "<b>fire</b>", "&", "clay"]
_ORDERS: tuple[order.Order, ...] = ("placement_order", "note_order", "chapter_order", "tour_order")


def edited(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    """(name, the next hall): one edit, in which things of `assets` may be placed."""
    return random.choice(
        [_text, _text, _move, _move, _reorder, _place, _remove, _note, _note, _unnote, _tell, _untell, _cite, _chapter]
    )(random, copy.deepcopy(hall), assets)


def words(random: Random) -> Text:
    return {"zh": " ".join(random.choices(WORDS, k=2)), "en": " ".join(random.choices(WORDS, k=3))}


def _text(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    if random.random() < 0.3:
        hall["title"][random.choice(("zh", "en"))] = words(random)["zh"]
    elif random.random() < 0.5 and "credit" in hall:
        del hall["credit"]
    elif hall["placements"]:
        placement = hall["placements"][random.choice(sorted(hall["placements"]))]
        placement["title"] = words(random)
        placement["label"] = words(random)
    else:
        hall["credit"] = words(random)
    return "write", hall


def _move(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    if hall["placements"]:
        placement = hall["placements"][random.choice(sorted(hall["placements"]))]
        placement["translation"] = [random.uniform(-4, 4), 0, random.randint(-40, 40) / 8]
        placement["scale"] = random.choice([1, 1.0, 0.1, 2e-7])
    return "move-placement", hall


def _reorder(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    for name in _ORDERS:
        keys = hall.get(name, [])
        if keys:
            hall = order.move(hall, name, random.choice(keys), random.choice((-3, -1, 1, 4)))
    return "move-in-order", hall


def _place(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    asset = random.choice([None, *sorted(assets)])
    return "add-placement", placements.add(hall, asset, assets[asset] if asset else None)[0]


def _remove(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    if hall["placements"]:
        key = random.choice(sorted(hall["placements"]))
        hall = placements.remove(hall, key, with_notes=random.random() < 0.5)
    return "remove-placement", hall


def _note(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    placement = random.choice([None, *sorted(hall["placements"])])
    return "add-note", notes.add(hall, placement, words(random))[0]


def _unnote(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    if hall["notes"]:
        hall = notes.remove(hall, random.choice(sorted(hall["notes"])))
    return "remove-note", hall


def _tell(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    things: dict[story.Part, story.Thing] = {
        "chapters": {"title": words(random), "placements": random.sample(*_some(hall))},
        "milestones": {"title": words(random), "year": random.randint(-300, 2000)},
        "tours": {"title": words(random), "stops": {"stop": {"caption": words(random)}}, "stop_order": ["stop"]},
        "zones": {"title": words(random), "min": [0, 0, 0], "max": [1, 2, random.uniform(1, 3)]},
        "sources": {"title": words(random)},
    }
    part = random.choice(story.PARTS)
    return f"add-{part}", story.add(hall, part, things[part])[0]


def _untell(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    there = [part for part in story.PARTS if story.things(hall, part)]
    if not there:
        return "remove-nothing", hall
    part = random.choice(there)
    return f"remove-{part}", story.remove(hall, part, random.choice(story.things(hall, part))[0])


def _cite(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    known = sorted(hall.get("sources", {}))
    for thing in [*hall["placements"].values(), *hall["notes"].values()]:
        if random.random() < 0.3:
            thing["sources"] = random.sample(known, random.randint(0, len(known)))
    return "cite", hall


def _chapter(random: Random, hall: HallDocument, assets: dict[Id, AssetDocument]) -> tuple[str, HallDocument]:
    for chapter in hall.get("chapters", {}).values():
        chapter["placements"] = random.sample(*_some(hall))
    return "fill-chapters", hall


def _some(hall: HallDocument) -> tuple[list[Id], int]:
    keys = hall["placement_order"]
    return keys, min(len(keys), 3)
