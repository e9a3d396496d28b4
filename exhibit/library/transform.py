"""An asset scaled by a known length and turned upright: its files are written anew, so that they alone say how it is.

Each glTF file gets the transform as its root node; what it shows is not touched. Afterwards the asset stands on the
floor over the origin, as all that the library takes in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from exhibit.config import Config
from exhibit.db import Database
from exhibit.documents.assets import file_entries
from exhibit.documents.texts import bilingual
from exhibit.documents.types import AssetDocument
from exhibit.errors import BadInput, StaleVersion, bad_files
from exhibit.i18n import say
from exhibit.library import georeference, services
from exhibit.library.bundle import MODELS, OBJECTS, Bundle, bounds_of, stored
from exhibit.library.thumb import THUMB, draw_thumb, pathless
from exhibit.library.tiles import moved_tileset
from exhibit.library.upload import workplace
from exhibit.storage import Storage
from recon.formats.asset_document import AssetWarning, File, Files
from recon.formats.bundle import file_entry
from recon.formats.gltf import Gltf, pack_glb, read_gltf
from recon.formats.gltf_mend import moved
from recon.formats.remarks import Remark

Floats = NDArray[np.float64]
AXES = ("x", "y", "z")  # width, height, depth
BETWEEN_POINTS = "points"
_HALF = math.sqrt(0.5)
TURNS = {  # quarter and half turns that a form offers: where what is on top, or in front, goes; quaternions x y z w
    "forward": (_HALF, 0, 0, _HALF),
    "back": (-_HALF, 0, 0, _HALF),
    "left": (0, 0, _HALF, _HALF),
    "right": (0, 0, -_HALF, _HALF),
    "over": (1, 0, 0, 0),
    "around_right": (0, _HALF, 0, _HALF),
    "around_left": (0, -_HALF, 0, _HALF),
    "around": (0, 1, 0, 0),
}
_SMALLEST_M, _LARGEST_M = 1e-4, 1e5  # an asset's largest side
_NO_SCALE = ("No scale is known:", "The model has no scale:")  # how recon's warnings of that begin (recon/texts.json)
_STILL = 1e-6  # radians of a turn, metres of a move, that are none


@dataclass(frozen=True, slots=True)
class Transform:
    """Scale, then turn."""

    rotation: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)  # unit quaternion x, y, z, w
    factor: float = 1.0
    along: str | None = None  # what was measured: an axis, or BETWEEN_POINTS; None: nothing
    length_m: float | None = None  # how long that really is

    @property
    def turns(self) -> bool:
        return float(self._rotation.magnitude()) > _STILL

    @property
    def is_quarter_turn(self) -> bool:
        """Whether the axes lie on axes again, so that a box's corners say all about its new size."""
        matrix: Floats = np.asarray(self._rotation.as_matrix())
        return bool(np.abs(matrix - np.round(matrix)).max() < _STILL)

    @property
    def _rotation(self) -> Rotation:
        return Rotation.from_quat(self.rotation)

    def size_of(self, document: AssetDocument) -> Floats:
        """(3,) width, height, depth afterwards; of another than a quarter turn, the most that they can be."""
        low, high = (np.asarray(document["bounds"][corner]) for corner in ("min", "max"))
        return np.asarray(np.abs(self._rotation.as_matrix()) @ (high - low) * self.factor)

    def in_metres(self, document: AssetDocument) -> bool:
        return document["unit"] == "metre" or self.length_m is not None


def can_be_transformed(document: AssetDocument) -> bool:
    return document["kind"] in OBJECTS and "bounds" in document


def read(form: Mapping[str, str], document: AssetDocument) -> Transform:
    """What a form asks for. Raises BadInput for what cannot be done, or where nothing would change.

    `rotation` is a quaternion; `length_cm` the real length of what `along` names: an axis of the asset as it lies now,
    or the points `from` and `to` in its frame.
    """
    rotation = _numbers(form, "rotation", 4) if form.get("rotation", "").strip() else [0.0, 0.0, 0.0, 1.0]
    norm = math.hypot(*rotation)
    if norm < _STILL:
        raise BadInput("bad_form", field="rotation")
    x, y, z, w = (value / norm for value in rotation)
    transform = Transform((x, y, z, w))
    if form.get("length_cm", "").strip():
        transform = _scaled(form, document, (x, y, z, w))
        largest = float(transform.size_of(document).max())
        if not _SMALLEST_M <= largest <= _LARGEST_M:
            raise BadInput("size_unlikely", size=f"{largest:.3g}")
    if not transform.turns and transform.length_m is None:
        raise BadInput("nothing_to_transform")
    return transform


def _scaled(form: Mapping[str, str], document: AssetDocument, rotation: tuple[float, float, float, float]) -> Transform:
    (length_cm,) = _numbers(form, "length_cm", 1)
    if length_cm <= 0:
        raise BadInput("bad_number", field="length_cm")
    extent = np.asarray(document["bounds"]["max"]) - document["bounds"]["min"]
    along = form.get("along", "")
    if along in AXES:
        measured = float(extent[AXES.index(along)])
    elif along == BETWEEN_POINTS:
        if document["kind"] == "splat":  # they have no surface that a point could be on
            raise BadInput("bad_form", field="along")
        measured = math.dist(_numbers(form, "from", 3), _numbers(form, "to", 3))
    else:
        raise BadInput("bad_form", field="along")
    if measured < 1e-4 * float(extent.max()):
        raise BadInput("points_too_near")
    return Transform(rotation, length_cm / 100 / measured, along, length_cm / 100)


def _numbers(form: Mapping[str, str], field: str, count: int) -> list[float]:
    try:
        values = [float(word) for word in form.get(field, "").split()]
    except ValueError:
        values = []
    if len(values) != count or not all(map(math.isfinite, values)):
        raise BadInput("bad_number", field=field)
    return values


def apply(
    database: Database,
    storage: Storage,
    config: Config,
    asset_id: str,
    document: AssetDocument,
    transform: Transform,
    *,
    author_id: int | None = None,
) -> None:
    """Write the asset's files anew and let it have them. Raises StaleVersion if it no longer is `document`.

    Halls keep the copy that they have: a draft takes the library's at its next edit, what is published stays.
    """
    with workplace(config) as folder, bad_files():
        try:
            bundle = _transformed(document, transform, storage, folder, config)
        except FileNotFoundError:  # it has other files by now, and these are gone
            raise StaleVersion("asset_changed") from None
        what, details = _told(transform)
        services.replace(database, storage, bundle, asset_id, document, what=what, details=details, author_id=author_id)


def _transformed(
    document: AssetDocument, transform: Transform, storage: Storage, folder: Path, config: Config
) -> Bundle:
    def read(entry: File) -> Gltf:
        return read_gltf(storage.path(entry["sha256"]), max_bytes=config.max_model_mb << 20)

    def placed(entry: File) -> Gltf:
        return moved(read(entry), -floor, transform.factor, transform.rotation)

    kind = document["kind"]
    turned = moved(read(document["files"]["model"]), np.zeros(3), transform.factor, transform.rotation)
    bounds = bounds_of(turned, kind, config)
    low, high = np.asarray(bounds["min"]), np.asarray(bounds["max"])
    floor = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    paths: dict[str, Path] = {}  # of what is written, by its SHA-256
    made: dict[str, File] = {}  # by the SHA-256 of what it comes in place of
    for role, entry in file_entries(document):
        if role in MODELS and entry["sha256"] not in made:
            gltf = placed(entry)
            path = folder / f"{len(made)}.glb"
            path.write_bytes(pack_glb(gltf.document, gltf.binary))
            made[entry["sha256"]] = {**entry, **pathless(file_entry(folder, path.name))}
            paths[made[entry["sha256"]]["sha256"]] = path
    if "tiles" in document["files"]:
        tileset = document["files"]["tiles"]["tileset"]
        path = folder / "tileset.json"
        data = storage.path(tileset["sha256"]).read_bytes()
        path.write_bytes(moved_tileset(data, -floor, transform.factor, transform.rotation))
        made[tileset["sha256"]] = {**tileset, **pathless(file_entry(folder, path.name))}
        paths[made[tileset["sha256"]]["sha256"]] = path
    thumb = draw_thumb(placed(document["files"]["model"]), kind, folder, config)
    paths[thumb["sha256"]] = folder / THUMB
    changed: AssetDocument = {**document, "files": _with_files(document["files"], made, thumb)}
    changed["bounds"] = {"min": (low - floor).tolist(), "max": (high - floor).tolist()}
    if transform.length_m is not None:
        changed["unit"] = "metre"
        changed["warnings"] = _warnings(document, transform.length_m)
    if "offset" in changed and (transform.turns or np.abs(floor).max() > _STILL):
        del changed["offset"]  # theirs = ours + offset holds no longer
    if there := changed.get("georeference"):
        changed_from_asset = np.eye(4)
        changed_from_asset[:3, :3] = transform.factor * Rotation.from_quat(transform.rotation).as_matrix()
        changed_from_asset[:3, 3] = -floor
        changed["georeference"] = georeference.moved(there, changed_from_asset)
    entries = [entry for _, entry in file_entries(changed)]
    return Bundle(changed, tuple((paths.get(e["sha256"], storage.path(e["sha256"])), stored(e)) for e in entries))


def _with_files(files: Files, made: Mapping[str, File], thumb: File) -> Files:
    changed: Files = {**files, "thumb": thumb, "model": made[files["model"]["sha256"]]}
    if "collider" in files:
        changed["collider"] = made[files["collider"]["sha256"]]
    if "ktx2" in files:
        changed["ktx2"] = made[files["ktx2"]["sha256"]]
    if "tiles" in files:
        changed["tiles"] = {**files["tiles"], "tileset": made[files["tiles"]["tileset"]["sha256"]]}
    if "lods" in files:
        changed["lods"] = [made[level["sha256"]] for level in files["lods"]]
    return changed


def _told(transform: Transform) -> tuple[str, dict[str, str]]:
    """The entry of the asset's history: (what, details)."""
    if transform.length_m is None:
        return "turned", {}
    what = f"scaled_{transform.along}" + ("_turned" if transform.turns else "")
    return what, {"cm": _centimetres(transform.length_m), "factor": f"{transform.factor:.4g}"}


def _warnings(before: AssetDocument, length_m: float) -> list[AssetWarning]:
    """Those that are still true, and how the scale came about: nobody knows how well a hand has measured."""
    size = max(np.subtract(before["bounds"]["max"], before["bounds"]["min"]))
    millimetres = bilingual(Remark("perhaps_millimetres", {"size": f"{size:,.0f}"}).text)
    earlier = say("library.scaled_by_hand", "en", cm="\0").partition("\0")[0]
    untrue = (earlier, *_NO_SCALE)
    kept = [
        warning
        for warning in before.get("warnings", [])
        if warning != millimetres and not (warning if isinstance(warning, str) else warning["en"]).startswith(untrue)
    ]
    return [*kept, bilingual(lambda language: say("library.scaled_by_hand", language, cm=_centimetres(length_m)))]


def _centimetres(length_m: float) -> str:
    return f"{length_m * 100:.6g}"
