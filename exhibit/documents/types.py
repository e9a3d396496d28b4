"""Types of hall documents. Written by scripts/document_types.py from assets/schema/hall.schema.json: do not edit.

A key that a document may lack is NotRequired. Lengths, patterns and ranges are not in the types: the schema
checks them.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict, final

from recon.formats.asset_document import (
    AssetDocument,
    AssetKind,
    AssetWarning,
    Bounds,
    Captions,
    Check,
    Colourcheck,
    File,
    Files,
    Georeference,
    Method,
    Mime,
    Origin,
    Original,
    Quality,
    Sha256,
    Text,
    Tiles,
    Unit,
    Use,
    Vec3,
    Year,
)

__all__ = [
    "Anchor",
    "AnchorKind",
    "Architecture",
    "AssetDocument",
    "AssetKind",
    "AssetWarning",
    "Bounds",
    "Building",
    "Captions",
    "Chapter",
    "Check",
    "Colour",
    "Colourcheck",
    "Door",
    "File",
    "Files",
    "Furnishing",
    "Georeference",
    "Group",
    "HallDocument",
    "Id",
    "KeyLight",
    "Light",
    "Method",
    "Milestone",
    "Mime",
    "Narration",
    "Note",
    "Opening",
    "Order",
    "Origin",
    "Original",
    "OwnVariant",
    "Placement",
    "PlacementKind",
    "Plan",
    "PlanRoom",
    "Platform",
    "ProcessStep",
    "Quality",
    "Quaternion",
    "Sha256",
    "Source",
    "Stair",
    "Stop",
    "Subject",
    "TemplateBuilding",
    "Text",
    "Tiles",
    "Timeline",
    "Tour",
    "Unit",
    "Use",
    "Variant",
    "Vec2",
    "Vec3",
    "View",
    "Wall",
    "Year",
    "Zone",
]
Id: TypeAlias = str

Order: TypeAlias = list[Id]

Colour: TypeAlias = str


@final
class View(TypedDict):
    # The eye.
    position: Vec3
    # What it looks at.
    target: Vec3
    # Vertical.
    fov_deg: NotRequired[float]


@final
class Architecture(TypedDict):
    """The room: a model in the hall's frame with its collider.

    Its light is baked into vertex colours or textures.
    """

    asset: Id
    background: NotRequired[Colour]
    building: NotRequired[Building]


# What the room's model is built from, at the latest when the hall is published; without it the model came as a file.
Building: TypeAlias = "TemplateBuilding | Plan"


@final
class TemplateBuilding(TypedDict):
    """A hall template with its sizes."""

    template: Id
    # By the names that the template gives them; the others are the template's own.
    sizes: NotRequired[dict[str, float]]


# x and z on the floor, metres, hall frame.
Vec2: TypeAlias = list[float]


@final
class Plan(TypedDict):
    """Rooms as drawn.

    What walls enclose is a room.
    """

    walls: dict[Id, Wall]
    openings: NotRequired[dict[Id, Opening]]
    # How rooms look; a room that none of these is in has the defaults.
    rooms: NotRequired[dict[Id, PlanRoom]]
    platforms: NotRequired[dict[Id, Platform]]
    stairs: NotRequired[dict[Id, Stair]]


# A straight wall, its thickness half on either side of the line.
Wall = TypedDict(
    "Wall",
    {
        "from": Vec2,
        "to": Vec2,
        "height_m": float,
        "thickness_m": float,
    },
)


@final
class Opening(TypedDict):
    wall: Id
    # A door leads out of the hall: the hall's door of the same id. A passage is walked through.
    kind: Literal["door", "passage", "window"]
    # Of its middle along the wall, from `from`.
    at_m: float
    width_m: float
    height_m: float
    # Of its lower edge above the floor; windows only.
    sill_m: NotRequired[float]


@final
class PlanRoom(TypedDict):
    # A point inside the room that it is about.
    at: Vec2
    floor: NotRequired[Literal["oak", "granite", "brick", "paving", "concrete"]]
    walls: NotRequired[Literal["white", "grey", "dark", "brick", "stone", "earth"]]
    ceiling: NotRequired[Literal["white", "timber", "skylight", "open"]]
    # even: from the whole ceiling; spots: on walls and furniture; dim: spots alone, for what must not be lit brightly.
    light: NotRequired[Literal["even", "spots", "dim"]]


@final
class Platform(TypedDict):
    """A raised floor."""

    min: Vec2
    max: Vec2
    height_m: float


@final
class Stair(TypedDict):
    """A way up."""

    kind: Literal["steps", "ramp"]
    # The middle of its foot.
    position: Vec2
    # Yaw about +Y that turns local +Z to where it is entered from below: it goes up towards local -Z.
    facing_deg: float
    width_m: float
    rise_m: float
    # Its length on the plan.
    run_m: float


@final
class Furnishing(TypedDict):
    kind: Literal["plinth", "platform", "vitrine", "panel", "standing_panel", "screen", "bench", "lamp"]
    # The middle of its foot; panels and screens: of the lower edge at the wall; a lamp: where it hangs.
    position: Vec3
    # Yaw about +Y that turns local +Z towards the visitors.
    facing_deg: float
    # A lamp: the diameter of its shade.
    width_m: float
    depth_m: float
    # A vitrine: of its base; its glass is 0.75 m high. A standing panel: of its face, which begins 0.6 m above the
    # foot. A lamp: down to its rim.
    height_m: float


@final
class KeyLight(TypedDict):
    # The way the light travels.
    direction: Vec3
    intensity: float
    colour: Colour


@final
class Light(TypedDict):
    """Light on lit materials; colours sRGB, intensities in three.js's physical units."""

    ambient: NotRequired[float]
    sky: NotRequired[Colour]
    ground: NotRequired[Colour]
    key: NotRequired[KeyLight]


AnchorKind: TypeAlias = Literal["plinth", "vitrine", "panel", "screen", "label"]


@final
class Anchor(TypedDict):
    kind: AnchorKind
    # Plinths and vitrines: the middle of the surface to stand on; others: the middle of the face.
    position: Vec3
    # Yaw about +Y that turns local +Z towards the visitors.
    facing_deg: float
    width_m: float
    # Of the room above the surface, or of the face.
    height_m: float


@final
class Door(TypedDict):
    title: Text
    # On the floor, in the middle of the opening.
    position: Vec3
    # Yaw about +Y that turns local +Z into the hall.
    facing_deg: float
    width_m: float
    height_m: float
    # Slug of the hall behind it; without one the door stays shut.
    hall: NotRequired[str]


# Unit quaternion x y z w.
Quaternion: TypeAlias = list[float]

# A video hangs like a picture; audio is a listening post, a panel with a voice.
PlacementKind: TypeAlias = Literal["object", "picture", "panel", "video", "audio"]

# What of an industry it shows.
Subject: TypeAlias = Literal["product", "equipment", "person", "scene", "document", "brand", "craft"]


@final
class Variant(TypedDict):
    title: Text
    asset: Id
    year: NotRequired[Year]


@final
class OwnVariant(TypedDict):
    """Title and year of the placement's own asset among its variants."""

    title: Text
    year: NotRequired[Year]


@final
class ProcessStep(TypedDict):
    title: Text
    text: NotRequired[Text]
    from_s: float
    to_s: float


@final
class Placement(TypedDict):
    """An asset standing in the hall, or a text panel (no asset)."""

    kind: PlacementKind
    subject: NotRequired[Subject]
    sources: NotRequired[Order]
    # Other shapes of the same thing in the same frame: before and after, by year, with a layer taken away. The
    # placement's own asset comes last, unless all have a year.
    variants: NotRequired[list[Variant]]
    variant: NotRequired[OwnVariant]
    # Steps of the model's glTF animation, in order.
    process: NotRequired[list[ProcessStep]]
    asset: NotRequired[Id]
    title: Text
    # Plain text: the museum label.
    label: NotRequired[Text]
    # hall_from_asset; metres.
    translation: Vec3
    rotation: Quaternion
    # Uniform.
    scale: float
    # Pictures and panels: width on the wall; they face their local +Z.
    width_m: NotRequired[float]
    # The curator has fixed its place: the studio does not move it.
    locked: NotRequired[Literal[True]]


@final
class Group(TypedDict):
    # Placements; of the groups that name one, the first by its id has it.
    members: Order


@final
class Note(TypedDict):
    # The placement it belongs to; without one it belongs to the hall.
    placement: NotRequired[Id]
    title: Text
    # Rich text: sanitised HTML of p, strong, em, ul, ol, li, a, br, blockquote.
    body: Text
    # Where its marker is, in the hall's frame.
    anchor: Vec3
    # The saved view it opens with, hall frame.
    view: NotRequired[View]
    # A picture asset shown above the words.
    picture: NotRequired[Id]
    sources: NotRequired[Order]


@final
class Chapter(TypedDict):
    title: Text
    summary: NotRequired[Text]
    from_year: NotRequired[Year]
    to_year: NotRequired[Year]
    placements: Order


@final
class Milestone(TypedDict):
    year: Year
    to_year: NotRequired[Year]
    circa: NotRequired[bool]
    title: Text
    # Plain text.
    text: NotRequired[Text]
    chapter: NotRequired[Id]
    placement: NotRequired[Id]
    sources: NotRequired[Order]


@final
class Timeline(TypedDict):
    """Milestones, by their years on a wall and on the page."""

    title: Text
    # The panel or screen that it hangs on; without one it is in the list and on the page only.
    anchor: NotRequired[Id]
    milestones: dict[Id, Milestone]


@final
class Narration(TypedDict):
    """Audio assets that say the caption."""

    zh: NotRequired[Id]
    en: NotRequired[Id]


@final
class Stop(TypedDict):
    placement: NotRequired[Id]
    note: NotRequired[Id]
    # From where to look; without one the placement's or the note's, without those the entrance.
    view: NotRequired[View]
    # What is said, word for word; plain text.
    caption: Text
    narration: NotRequired[Narration]
    # To stay; without it as long as the caption takes to read or the narration to speak.
    seconds: NotRequired[float]


@final
class Tour(TypedDict):
    title: Text
    summary: NotRequired[Text]
    stops: dict[Id, Stop]
    stop_order: Order


@final
class Zone(TypedDict):
    title: Text
    # Corners of an upright box, hall frame.
    min: Vec3
    max: Vec3
    # An audio asset, looped while someone is inside and has sound on.
    sound: NotRequired[Id]
    # What is to be heard, for who does not hear it.
    caption: NotRequired[Text]
    # Instead of the hall's light while someone is inside.
    ambient: NotRequired[float]


@final
class Source(TypedDict):
    # As a bibliography would have it.
    title: Text
    address: NotRequired[str]


@final
class HallDocument(TypedDict):
    """A hall and what stands in it.

    Maps keyed by stable ids plus order arrays; one {zh, en} map for every text a person reads; right-handed, +Y up,
    metres. Files are fetched at media/<sha256> of the server that gave the document.
    """

    schema: Literal["longyao:hall/1"]
    title: Text
    # Plain text, a few sentences.
    summary: Text
    credit: NotRequired[Text]
    assets: dict[Id, AssetDocument]
    architecture: Architecture
    light: NotRequired[Light]
    # Where a visitor enters; position is the eye.
    start: View
    # Places that the architecture has made for exhibits; whoever arranges a hall puts placements there. What is written
    # on labels and panels is drawn by the viewer, in the visitor's language.
    anchors: NotRequired[dict[Id, Anchor]]
    # Ways to other halls.
    doors: NotRequired[dict[Id, Door]]
    # What a curator has put into the room to show things on: it is built and baked with the room. Each piece has its
    # anchors under its own id and `<id>-label`.
    furniture: NotRequired[dict[Id, Furnishing]]
    placements: dict[Id, Placement]
    # Placements that a curator chooses, moves and turns together; visitors see nothing of it.
    groups: NotRequired[dict[Id, Group]]
    # The order in which a visitor is led and the page lists.
    placement_order: Order
    notes: dict[Id, Note]
    note_order: Order
    # The hall's story in parts, to follow or to ignore.
    chapters: NotRequired[dict[Id, Chapter]]
    chapter_order: NotRequired[Order]
    timeline: NotRequired[Timeline]
    tours: NotRequired[dict[Id, Tour]]
    tour_order: NotRequired[Order]
    # Parts of the hall with a sound or a light of their own.
    zones: NotRequired[dict[Id, Zone]]
    # Where facts come from; notes, milestones and placements name them.
    sources: NotRequired[dict[Id, Source]]
