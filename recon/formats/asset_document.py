"""Types of asset.json. Written by scripts/document_types.py from assets/schema/asset.schema.json: do not edit.

A key that a document may lack is NotRequired. Lengths, patterns and ranges are not in the types: the schema
checks them.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict, final


@final
class Text(TypedDict):
    """One text in both languages."""

    zh: str
    en: str


Vec3: TypeAlias = list[float]

Sha256: TypeAlias = str

Mime: TypeAlias = Literal[
    "model/gltf-binary",
    "image/webp",
    "image/png",
    "image/jpeg",
    "application/json",
    "video/webm",
    "video/mp4",
    "audio/webm",
    "audio/mp4",
    "audio/mpeg",
    "audio/wav",
    "text/vtt",
    "application/vnd.maxar.archive.3tz+zip",
]


@final
class File(TypedDict):
    # Relative to asset.json, forward slashes; only in bundles on disk.
    path: NotRequired[str]
    sha256: Sha256
    bytes: int
    mime: Mime
    # Models only.
    triangles: NotRequired[int]
    # Clouds and splats only: how many.
    points: NotRequired[int]
    # Pictures only, px.
    width: NotRequired[int]
    height: NotRequired[int]


# cloud = a scan's points; splat = Gaussians (KHR_gaussian_splatting), which show how a thing looks and measure
# nothing.
AssetKind: TypeAlias = Literal["model", "cloud", "splat", "picture", "video", "audio"]

# arbitrary = unscaled: nobody may print lengths of it.
Unit: TypeAlias = Literal["metre", "arbitrary"]


@final
class Bounds(TypedDict):
    min: Vec3
    max: Vec3


@final
class Captions(TypedDict):
    """WebVTT of what is said and heard, a file per language."""

    zh: File
    en: File


@final
class Tiles(TypedDict):
    """3D Tiles 1.1 of a large model or a cloud."""

    # All of it in one .3tz, tileset.json too. The server gives each of its files at media/<sha256 of the archive>/<path
    # in it>.
    archive: File
    # Only in a library: tileset.json, which names its contents <sha256 of the archive>/<path in it>, and has the
    # transform where the asset was scaled or turned.
    tileset: NotRequired[File]


@final
class Files(TypedDict):
    # A picture below 200 KB, shown first.
    thumb: File
    # The full delivery model; of a cloud or splats, glTF points.
    model: NotRequired[File]
    # Fewer triangles or points than model, most detailed first.
    lods: NotRequired[list[File]]
    # Uncompressed glTF, positions only, at most 200000 triangles.
    collider: NotRequired[File]
    picture: NotRequired[File]
    video: NotRequired[File]
    audio: NotRequired[File]
    captions: NotRequired[Captions]
    # The full delivery model once more, its textures as KTX2.
    ktx2: NotRequired[File]
    tiles: NotRequired[Tiles]


# not-stated = nobody has said how it was made.
Method: TypeAlias = Literal[
    "not-stated",
    "photographs",
    "rendered-photographs",
    "scan",
    "simulated-scan",
    "photographs-and-scan",
    "modelled",
    "picture",
    "recording",
]

# What curators use an asset for: exhibit = shown in a hall; room = a hall's architecture; supporting = pictures of
# notes, narration, sounds of a hall.
Use: TypeAlias = Literal["exhibit", "room", "supporting"]


@final
class Origin(TypedDict):
    """How this came to be, told honestly."""

    method: Method
    # One or two sentences for visitors.
    statement: Text
    photos: NotRequired[int]
    scans: NotRequired[int]
    software: NotRequired[str]
    # ISO 8601: when the files were made, not the original. A day, a month or a year.
    made: NotRequired[str]
    # Where the files come from: an archive, a collection, an address.
    source: NotRequired[Text]
    credit: NotRequired[Text]
    # SPDX identifier (LicenseRef-AllRightsReserved = all rights reserved) or a rights statement's address.
    # cases/licences.json has the names that people read.
    licence: NotRequired[str]
    # Terms in words, beside a licence or in place of one.
    rights: NotRequired[Text]


@final
class Original(TypedDict):
    """The real thing that an asset shows; of a photograph, drawing or recording, that one."""

    maker: NotRequired[Text]
    # When it was made.
    year: NotRequired[Year]
    to_year: NotRequired[Year]
    circa: NotRequired[bool]
    inventory_number: NotRequired[str]


@final
class Quality(TypedDict):
    reprojection_px: NotRequired[float]
    # By how much scans differ where they overlap, metres: the median over pairs.
    registration_m: NotRequired[float]
    # Of the surface's area, by at least one photo or scan.
    measured_share: NotRequired[float]
    filled_share: NotRequired[float]
    # Texture painted from the surroundings.
    unseen_share: NotRequired[float]
    # Lengths and places that were known, each left out of the model's making and found by the others.
    checks: NotRequired[list[Check]]
    colour: NotRequired[Colourcheck]


@final
class Colourcheck(TypedDict):
    """How true colours are by the colour charts that photos show: CIEDE2000 of their patches, means."""

    # Whose colours are taken as true: classic-2014 and classic-2005, the ColorChecker Classic's editions, or a file.
    chart: str
    # That show the chart.
    photos: int
    # As the photos show it.
    delta_e_before: float
    # Corrected, as the model's texture is.
    delta_e_after: float
    # Each patch as the correction by all others leaves it.
    delta_e_left_out: float


@final
class Check(TypedDict):
    # A scale bar, a ground control point.
    kind: Literal["bar", "control"]
    name: str
    error_m: float
    # False: the others contradict it, and the model does not rest on it.
    used: NotRequired[bool]


# Before the Common Era: negative. There is no year 0.
Year: TypeAlias = int


@final
class Georeference(TypedDict):
    """Where an asset stood when it was measured."""

    # The survey's coordinate reference system, as EPSG:32650; absent: a system of the survey's own.
    crs: NotRequired[str]
    # 4 x 4, column after column as in glTF, in double precision: from the asset's coordinates to the survey's, which
    # are metres.
    survey_from_asset: list[float]


# In both languages; a string is English, from before there were both.
AssetWarning: TypeAlias = "Text | str"


@final
class AssetDocument(TypedDict):
    schema: Literal["longyao:asset/1"]
    kind: AssetKind
    title: Text
    # Absent: exhibit.
    use: NotRequired[Use]
    # Words that curators find it by.
    tags: NotRequired[list[str]]
    unit: Unit
    bounds: NotRequired[Bounds]
    files: Files
    origin: Origin
    original: NotRequired[Original]
    quality: NotRequired[Quality]
    # What was taken from the coordinates of the file that this was made of, in its own unit, to stand it at the origin:
    # theirs = ours + offset.
    offset: NotRequired[Vec3]
    georeference: NotRequired[Georeference]
    # What whoever uses it should know.
    warnings: NotRequired[list[AssetWarning]]
