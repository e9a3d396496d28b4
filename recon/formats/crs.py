"""Which coordinate reference system a file names, and its unit: out of WKT, or of GeoTIFF keys.

Sources: OGC 01-009 (WKT 1), OGC 12-063 (WKT 2), OGC 19-008 (GeoTIFF 1.1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_US_FOOT = 1200 / 3937
_UNITS = {9001: 1.0, 9002: 0.3048, 9003: _US_FOOT, 9036: 1000.0}  # EPSG codes of lengths, in metres
_GEOGRAPHIC, _PROJECTED, _VERTICAL = 2048, 3072, 4096  # GeoTIFF keys that hold EPSG codes
_MODEL_TYPE, _PROJECTED_UNIT, _VERTICAL_UNIT, _GEOCENTRIC = 1024, 3076, 4099, 3
_USER_DEFINED = 32767
_DEGREES = {4326, 4979, 4490, 4480, 4258, 4937, 4269, 4283, 7843, 7844, 4610, 4214}  # EPSG codes that people meet
_GEOCENTRIC_CODES = {4978, 4479, 4936, 7842}
_PROJ_UNITS = {"m": 1.0, "km": 1000.0, "mm": 0.001, "cm": 0.01, "ft": 0.3048, "us-ft": _US_FOOT}
_MOST_DEEP = 50
_NAMELESS = ("", "unnamed", "unknown")
_TOKEN = re.compile(r'"((?:[^"]|"")*)"|([A-Za-z_][A-Za-z0-9_]*)\s*[\[(]|([\])])|(-?[0-9.][0-9.eE+-]*)|([A-Za-z_]\w*)')

_GEOGRAPHIC_WORDS = ("GEOGCS", "GEOGCRS", "GEOGRAPHICCRS")
_PROJECTED_WORDS = ("PROJCS", "PROJCRS", "PROJECTEDCRS")
_COMPOUND_WORDS = ("COMPD_CS", "COMPOUNDCRS")
_VERTICAL_WORDS = ("VERT_CS", "VERTCRS", "VERTICALCRS")
_GEOCENTRIC_WORDS = ("GEOCCS", "GEODCRS", "GEODETICCRS")
_LOCAL_WORDS = ("LOCAL_CS", "ENGCRS", "ENGINEERINGCRS")
_BOUND_WORDS = ("BOUNDCRS",)


@dataclass(frozen=True, slots=True)
class Reference:
    """None where nothing is said."""

    name: str | None = None  # "EPSG:32650", "EPSG:2991+6360" with heights of their own, or what the file calls it
    geographic: bool = False  # degrees
    metres_per_unit: float | None = None  # of the horizontal axes
    metres_per_unit_up: float | None = None  # of the heights, where they have their own


@dataclass(slots=True)
class _Node:
    """KEYWORD[values and nodes ...]"""

    word: str
    values: list[str] = field(default_factory=list)
    nodes: list[_Node] = field(default_factory=list)

    def first(self, *words: str) -> _Node | None:
        return next((node for node in self.nodes if node.word in words), None)


def from_wkt(text: str) -> Reference:
    """What a WKT string says; an empty Reference where it is none."""
    root = _parse(text)
    while root is not None and root.word in _BOUND_WORDS:  # a system with a transformation to another
        source = root.first("SOURCECRS")
        root = source.nodes[0] if source is not None and source.nodes else None
    if root is None:
        return Reference()
    level, up = root, None
    if root.word in _COMPOUND_WORDS:
        inner = [node for node in root.nodes if node.word not in _VERTICAL_WORDS and node.values]
        level = next((n for n in inner if n.word in (*_PROJECTED_WORDS, *_GEOGRAPHIC_WORDS, *_GEOCENTRIC_WORDS)), root)
        up = root.first(*_VERTICAL_WORDS)
    code, level_code = _epsg(root), _epsg(level)
    if code is None and level_code is not None:
        up_code = _epsg(up) if up is not None else None
        code = f"{level_code}+{up_code}" if up_code is not None else level_code
    called = root.values[0] if root.values and root.values[0].lower() not in _NAMELESS else None
    name = f"EPSG:{code}" if code is not None else called
    geographic = level.word in _GEOGRAPHIC_WORDS or (level.word in _GEOCENTRIC_WORDS and _is_ellipsoidal(level))
    return Reference(
        name=name,
        geographic=geographic,
        metres_per_unit=None if geographic else _length(level),
        metres_per_unit_up=_length(up) if up is not None else None,
    )


def _is_ellipsoidal(node: _Node) -> bool:
    """WKT 2 writes geocentric and geographic systems with one word; their CS tells them apart."""
    axes = node.first("CS")
    return axes is not None and "ellipsoidal" in [value.lower() for value in axes.values]


def _epsg(node: _Node) -> str | None:
    """The EPSG code of a node: AUTHORITY["EPSG","2991"] or ID["EPSG",2991]."""
    for inner in node.nodes:
        if inner.word in ("AUTHORITY", "ID") and len(inner.values) >= 2 and inner.values[0].upper() == "EPSG":
            return inner.values[1] if inner.values[1].isdecimal() else None
    return None


def _length(node: _Node) -> float | None:
    """Metres per unit of a system's axes."""
    places = [node, *(inner for inner in node.nodes if inner.word == "AXIS")]
    for place in places:
        unit = place.first("UNIT", "LENGTHUNIT")
        if unit is not None and len(unit.values) >= 2:
            try:
                metres = float(unit.values[1])
            except ValueError:
                return None
            return metres if 1e-6 < metres < 1e6 else None
    return None


def _parse(text: str) -> _Node | None:
    """The outermost node; None where the brackets do not close."""
    top = _Node("")
    open_nodes = [top]
    for quoted, word, closing, number, plain in _TOKEN.findall(text[:1_000_000]):
        if word:
            node = _Node(word.upper())
            open_nodes[-1].nodes.append(node)
            open_nodes.append(node)
            if len(open_nodes) > _MOST_DEEP:
                return None
        elif closing:
            if len(open_nodes) == 1:
                return None
            open_nodes.pop()
        else:
            open_nodes[-1].values.append(number or plain or quoted.replace('""', '"'))
    return top.nodes[0] if len(open_nodes) == 1 and top.nodes else None


def from_text(text: str) -> Reference | None:
    """What people write: an EPSG code, "WGS84 UTM 50N", a PROJ string or WKT; None where it is none of these."""
    text = text.strip()
    if match := re.fullmatch(r"EPSG[:\s]*(\d{4,6})", text, re.I):
        code = int(match[1])
        if code in _GEOCENTRIC_CODES:
            return None
        return Reference(f"EPSG:{code}", geographic=code in _DEGREES)
    if match := re.fullmatch(r"WGS\s*84[\s/]+UTM(?:\s+zone)?\s+(\d{1,2})\s*([NS])", text, re.I):
        return _utm(int(match[1]), south=match[2].upper() == "S")
    if re.fullmatch(r"WGS\s*84(?:\s+lat[\s/-]*lon(?:g)?)?", text, re.I):
        return Reference("EPSG:4326", geographic=True)
    if text.startswith("+"):
        return _from_proj(text)
    return found if (found := from_wkt(text)) != Reference() else None


def _utm(zone: int, *, south: bool) -> Reference | None:
    return Reference(f"EPSG:{327 if south else 326}{zone:02d}", metres_per_unit=1.0) if 1 <= zone <= 60 else None


def _from_proj(text: str) -> Reference | None:
    """Source: proj.org, "Cartographic projection": +proj, +zone, +south, +units, +to_meter."""
    said = dict(part.lstrip("+").partition("=")[::2] for part in text.split())
    kind = said.get("proj", "")
    if kind in ("longlat", "latlong", "latlon", "lonlat"):
        return Reference("EPSG:4326", geographic=True)
    on_wgs84 = said.get("datum", said.get("ellps", "WGS84")) == "WGS84"
    if kind == "utm" and on_wgs84 and said.get("zone", "").isdecimal() and said.get("units", "m") == "m":
        return _utm(int(said["zone"]), south="south" in said)
    try:
        metres = float(said["to_meter"]) if "to_meter" in said else _PROJ_UNITS[said.get("units", "m")]
    except (KeyError, ValueError):
        return None
    return Reference(text, metres_per_unit=metres) if kind and kind != "geocent" else None


def from_geo_keys(words: Sequence[int], text: str = "") -> Reference:
    """What GeoTIFF keys say: 16-bit `words` of the directory, `text` of the keys that are text."""
    keys: dict[int, int] = {}
    said: dict[int, str] = {}
    for start in range(4, min(len(words), 4 + 4 * (words[3] if len(words) > 3 else 0)) - 3, 4):
        key, place, count, value = words[start : start + 4]
        if place == 0:
            keys[key] = value
        elif place == 34737:
            said[key] = text[value : value + count].rstrip("|\0 ")

    def code(key: int) -> int | None:
        value = keys.get(key, 0)
        return value if 1024 <= value < _USER_DEFINED else None

    geographic = keys.get(_MODEL_TYPE) == 2
    level = code(_PROJECTED) if not geographic else code(_GEOGRAPHIC)
    up = code(_VERTICAL) if keys.get(_VERTICAL, 0) not in (5030,) else None  # heights above the ellipsoid
    name = f"EPSG:{level}+{up}" if level and up else f"EPSG:{level}" if level else None
    return Reference(
        name=name or said.get(3073) or said.get(1026) or None,
        geographic=geographic,
        metres_per_unit=_UNITS.get(keys.get(_PROJECTED_UNIT, 0)),
        metres_per_unit_up=_UNITS.get(keys.get(_VERTICAL_UNIT, 0)),
    )
