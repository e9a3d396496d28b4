"""Small things to put into an exhibition: models, bundles, halls, archives."""

from __future__ import annotations

import copy
import io
import json
import struct
import wave
import zipfile
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
from PIL import Image

from exhibit.config import Config, assets_folder
from exhibit.documents.assets import file_entries
from exhibit.documents.types import Milestone
from exhibit.library.bare import from_model
from exhibit.library.bundle import Bundle, Told
from recon.formats.asset_document import Use

CASES = assets_folder() / "schema" / "cases"
BOX_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.float32)
BOX_FACES = np.array(
    [
        [0, 1, 3],
        [0, 3, 2],
        [4, 6, 7],
        [4, 7, 5],
        [0, 4, 5],
        [0, 5, 1],
        [2, 3, 7],
        [2, 7, 6],
        [0, 2, 6],
        [0, 6, 4],
        [1, 5, 7],
        [1, 7, 3],
    ],
    dtype=np.uint32,
)


def glb(document: object, binary: bytes) -> bytes:
    """A GLB file of any document, good or bad."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def box_document(
    size: tuple[float, float, float] = (1, 1, 1),
    at: tuple[float, float, float] = (0, 0, 0),
    colour: tuple[float, ...] = (0.6, 0.2, 0.1, 1),
) -> tuple[dict[str, Any], bytes]:
    """A box of this size whose lowest corner is at `at`."""
    points = (BOX_CORNERS * np.array(size, np.float32) + np.array(at, np.float32)).astype("<f4")
    binary = BOX_FACES.astype("<u4").tobytes() + points.tobytes()
    split = BOX_FACES.size * 4
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 1}, "indices": 0, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": list(colour)}}],
        "accessors": [
            {"bufferView": 0, "componentType": 5125, "count": BOX_FACES.size, "type": "SCALAR"},
            {
                "bufferView": 1,
                "componentType": 5126,
                "count": 8,
                "type": "VEC3",
                "min": points.min(0).tolist(),
                "max": points.max(0).tolist(),
            },
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": split},
            {"buffer": 0, "byteOffset": split, "byteLength": len(binary) - split},
        ],
        "buffers": [{"byteLength": len(binary)}],
    }, binary


def box_glb(**shape: Any) -> bytes:
    return glb(*box_document(**shape))


def delivery_glb() -> bytes:
    """A box as recon delivers it: Draco geometry, a WebP picture, unlit."""
    geometry = DracoPy.encode(BOX_CORNERS, BOX_FACES, tex_coord=BOX_CORNERS[:, :2].astype(np.float64))
    image = picture(kind="WEBP")
    document, _ = box_document()
    primitive = document["meshes"][0]["primitives"][0]
    primitive["attributes"] = {"POSITION": 1, "TEXCOORD_0": 2}
    stored = {attribute["attribute_type"]: attribute["unique_id"] for attribute in DracoPy.decode(geometry).attributes}
    compressed = {"bufferView": 0, "attributes": {"POSITION": stored[0], "TEXCOORD_0": stored[3]}}
    primitive["extensions"] = {"KHR_draco_mesh_compression": compressed}
    for accessor in document["accessors"]:
        del accessor["bufferView"]
    document["accessors"].append({"componentType": 5126, "count": 8, "type": "VEC2"})
    document["materials"] = [
        {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}, "extensions": {"KHR_materials_unlit": {}}}
    ]
    document["textures"] = [{"extensions": {"EXT_texture_webp": {"source": 0}}}]
    document["images"] = [{"bufferView": 1, "mimeType": "image/webp"}]
    padding = b"\0" * (-len(geometry) % 4)
    document["bufferViews"] = [
        {"buffer": 0, "byteLength": len(geometry)},
        {"buffer": 0, "byteOffset": len(geometry) + len(padding), "byteLength": len(image)},
    ]
    document["buffers"] = [{"byteLength": len(geometry) + len(padding) + len(image)}]
    document["extensionsRequired"] = ["KHR_draco_mesh_compression", "EXT_texture_webp"]
    document["extensionsUsed"] = [*document["extensionsRequired"], "KHR_materials_unlit"]
    return glb(document, geometry + padding + image)


def bundle(
    folder: Path,
    *,
    zh: str = "匣钵",
    en: str = "Saggar",
    metres: bool = True,
    use: Use = "exhibit",
    model: bytes = b"",
    **shape: Any,
) -> Path:
    """A bundle of a box, made as the library makes it."""
    folder.mkdir(parents=True)
    source = folder.parent / f"{folder.name}.source.glb"
    source.write_bytes(model or box_glb(**shape))
    told = Told({"zh": zh, "en": en}, in_metres=metres, use=use)
    return on_disk(from_model(source, folder, told, Config(data=folder.parent)), folder)


def skinned_box() -> bytes:
    """A box that two joints hold: 100 times too large in the file, and made small by the first joint, at (5, 6, 7).

    The second joint, a child of the first, holds the upper corners and moves them by 0.5 along x: the box that is drawn
    is 1 x 2 x 1 and leans. Its own node has a scale, which glTF 3.7.3.1 says to ignore.
    """
    document, binary = box_document(size=(100, 200, 100), colour=(1, 0, 1, 1))
    joints = np.zeros((8, 4), np.uint8)
    joints[BOX_CORNERS[:, 1] > 0, 0] = 1
    extra = joints.tobytes() + np.tile([1, 0, 0, 0], (8, 1)).astype("<f4").tobytes()  # joints and weights
    at = len(binary)
    document["bufferViews"] += [
        {"buffer": 0, "byteOffset": at, "byteLength": 32},
        {"buffer": 0, "byteOffset": at + 32, "byteLength": 128},
    ]
    document["accessors"] += [
        {"bufferView": 2, "componentType": 5121, "count": 8, "type": "VEC4"},
        {"bufferView": 3, "componentType": 5126, "count": 8, "type": "VEC4"},
    ]
    document["meshes"][0]["primitives"][0]["attributes"] |= {"JOINTS_0": 2, "WEIGHTS_0": 3}
    document["materials"][0]["extensions"] = {"KHR_materials_unlit": {}}
    document["extensionsUsed"] = ["KHR_materials_unlit"]
    document["nodes"] = [
        {"mesh": 0, "skin": 0, "scale": [7, 7, 7]},
        {"scale": [0.01] * 3, "translation": [5, 6, 7], "children": [2]},
        {"translation": [50, 0, 0]},
    ]
    document["skins"] = [{"joints": [1, 2]}]
    document["scenes"] = [{"nodes": [0, 1]}]
    document["buffers"] = [{"byteLength": len(binary) + len(extra)}]
    return glb(document, binary + extra)


def on_disk(made: Bundle, folder: Path) -> Path:
    """What the library has made in `folder`, as a bundle there."""
    document = copy.deepcopy(made.document)
    names = {stored["sha256"]: path.name for path, stored in made.files}
    for content, stored in made.made:
        names[stored["sha256"]] = stored["sha256"]
        (folder / stored["sha256"]).write_bytes(content)
    for _, entry in file_entries(document):
        entry["path"] = names[entry["sha256"]]
    (folder / "asset.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return folder


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_entry(name: str, *, mode: int = 0, flag: int = 0) -> bytes:
    """A zip of one entry, whatever its name, mode and flags."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = name
        entry.external_attr = mode << 16
        archive.writestr(entry, "/etc/passwd")
    content = buffer.getvalue()
    if flag:
        for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = content.index(magic)
            content = content[: start + at] + flag.to_bytes(2, "little") + content[start + at + 2 :]
    return content


def packed_as(names: dict[bytes, bytes], extra: bytes = b"") -> bytes:
    """A zip whose names are these bytes, without a mark of their encoding, as Windows and .NET write them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, content in enumerate(names.values()):
            entry = zipfile.ZipInfo(f"{number:08}".ljust(len(list(names)[number]), "~"))
            entry.extra = extra
            archive.writestr(entry, content)
    packed = buffer.getvalue()
    for number, name in enumerate(names):
        packed = packed.replace(f"{number:08}".ljust(len(name), "~").encode(), name)
    return packed


def zipped_folder(folder: Path, inside: str = "") -> bytes:
    return zipped(
        {
            inside + path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    )


def picture(width: int = 64, height: int = 48, kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (150, 53, 31)).save(buffer, kind)
    return buffer.getvalue()


VTT = b"""WEBVTT

NOTE for the test

first
00:00.000 --> 00:02.500
<v Potter>Pine &amp; clay</v>

01:00:02.500 --> 01:00:04.000 line:0
Two
lines
"""


def wav(seconds: float = 0.01) -> bytes:
    """Silence."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * int(8000 * seconds)))
    return buffer.getvalue()


def webm(codec: bytes = b"V_VP9") -> bytes:
    """The beginning of a WebM, enough to know it by."""
    return b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm" + b"\0" * 40 + b"\x86\x85" + codec + b"\0" * 40


def hall(assets: dict[str, Any], architecture: str = "room", shown: tuple[str, ...] = ("saggar",)) -> dict[str, Any]:
    """A hall with everything that a hall can have, which shows the assets `shown` in the room `architecture`."""
    placements: dict[str, Any] = {
        name: {
            "kind": "object",
            "asset": name,
            "title": {"zh": f"展品{name}", "en": f"Exhibit {name}"},
            "label": {"zh": "匣钵，德化。\n第二行。", "en": "A saggar, Dehua.\nSecond line."},
            "translation": [index * 1.5, 0, -1],
            "rotation": [0, 0, 0, 1],
            "scale": 1,
        }
        for index, name in enumerate(shown)
    }
    placements["welcome"] = {
        "kind": "panel",
        "title": {"zh": "欢迎", "en": "Welcome"},
        "label": {"zh": "请进。", "en": "Come in."},
        "translation": [0, 1.6, -3],
        "rotation": [0, 0, 0, 1],
        "scale": 1,
        "width_m": 1.5,
    }
    return {
        "schema": "longyao:hall/1",
        "title": {"zh": "龙窑展厅", "en": "The Dragon Kiln"},
        "summary": {"zh": "一座依山而建的龙窑。", "en": "A kiln that climbs a hillside."},
        "credit": {"zh": "德化", "en": "Dehua"},
        "assets": assets,
        "architecture": {"asset": architecture, "background": "#e9e4da"},
        "light": {"ambient": 0.6, "key": {"direction": [0.3, -1, -0.4], "intensity": 2, "colour": "#fff3e0"}},
        "start": {"position": [0, 1.6, 3], "target": [0, 1.4, 0], "fov_deg": 60},
        "placements": placements,
        "placement_order": ["welcome", *shown],
        "notes": {
            "firing": {
                "placement": shown[0],
                "title": {"zh": "烧成", "en": "Firing"},
                "body": {
                    "zh": "<p>松柴<strong>昼夜</strong>不息。</p>",
                    "en": "<p>Pine, <strong>day and night</strong>.</p>",
                },
                "anchor": [0, 0.5, -0.5],
                "view": {"position": [0, 1.5, 1], "target": [0, 0.5, -0.5]},
            },
            "hillside": {
                "title": {"zh": "山势", "en": "The hillside"},
                "body": {"zh": "<p>火随山势上升。</p>", "en": "<p>Fire climbs the hill.</p>"},
                "anchor": [0, 1, 0],
            },
        },
        "note_order": ["firing", "hillside"],
    }


def with_origin(asset: dict[str, Any]) -> dict[str, Any]:
    """The asset with all that can be said about where it comes from, but for how it was made."""
    origin = {
        "method": "not-stated",
        "statement": {"zh": "捐赠时没有说明。", "en": "Not said when it was given."},
        "made": "2024-05",
        "source": {"zh": "德化县档案馆", "en": "Dehua archive"},
        "credit": {"zh": "摄影：王工", "en": "Photo: Wang"},
        "licence": "CC-BY-NC-4.0",
        "rights": {"zh": "请注明出处", "en": "Name the source"},
    }
    original = {"maker": {"zh": "何朝宗", "en": "He Chaozong"}, "year": 1600, "to_year": 1640, "circa": True}
    return {**asset, "origin": origin, "original": {**original, "inventory_number": "D-17"}}


def story(hall: dict[str, Any]) -> dict[str, Any]:
    """The hall (which shows a saggar) with a story told around it."""

    def text(zh: str, en: str) -> dict[str, str]:
        return {"zh": zh, "en": en}

    told = copy.deepcopy(hall)
    told["placements"]["saggar"] |= {
        "subject": "equipment",
        "sources": ["survey"],
        "variant": {"title": text("新的", "New"), "year": 1950},
        "variants": [{"title": text("烧过的", "Fired"), "asset": "shard", "year": 1960}],
        "process": [
            {"title": text("练泥", "Wedging"), "text": text("去掉气泡。", "The air goes out."), "from_s": 0, "to_s": 2},
            {"title": text("成型", "Shaping"), "from_s": 2, "to_s": 5},
        ],
    }
    told["notes"]["firing"]["sources"] = ["book", "survey"]
    return told | {
        "chapters": {
            "clay": {
                "title": text("泥", "Clay"),
                "summary": text("山里来的泥。", "Clay from the hills."),
                "from_year": 960,
                "to_year": 1127,
                "placements": ["welcome"],
            },
            "fire": {"title": text("火", "Fire"), "from_year": 1620, "placements": ["saggar", "welcome"]},
        },
        "chapter_order": ["clay", "fire"],
        "timeline": {
            "title": text("年表", "Through the years"),
            "milestones": {
                "modern": {"year": 1949, "title": text("新厂", "A new works"), "sources": ["survey"]},
                "early": {
                    "year": -221,
                    "to_year": 8,
                    "circa": True,
                    "title": text("陶", "Pottery"),
                    "text": text("窑还很小。", "Kilns were small."),
                    "chapter": "clay",
                    "placement": "saggar",
                },
            },
        },
        "tours": {
            "short": {
                "title": text("一刻钟", "A quarter of an hour"),
                "summary": text("从泥到火。", "From clay to fire."),
                "stops": {
                    "saggar": {"caption": text("先看匣钵。", "First the saggar."), "placement": "saggar"},
                    "firing": {"caption": text("再看烧成。", "Then the firing."), "note": "firing"},
                    "back": {"caption": text("回头一望。", "Look back.")},
                },
                "stop_order": ["saggar", "firing", "back"],
            }
        },
        "tour_order": ["short"],
        "zones": {
            "kiln": {
                "title": text("窑边", "By the kiln"),
                "min": [-4, 0, -5],
                "max": [4, 3.25, 0],
                "caption": text("松柴在烧。", "Pine wood burns."),
                "ambient": 0.4,
            }
        },
        "sources": {
            "survey": {"title": text("德化窑调查", "A survey of the kilns"), "address": "https://example.org/survey"},
            "book": {"title": text("陶书", "A book on pots")},
            "unnamed": {"title": text("县志", "County annals")},
        },
    }


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of assets/schema/cases/<name>.json, which the viewer keeps too."""
    found: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))["cases"]
    return found


def milestone(case: dict[str, Any]) -> Milestone:
    made: Milestone = {"year": case["from"], "to_year": case["to"], "title": {"zh": "事", "en": "Event"}}
    return {**made, "circa": True} if case.get("circa") else made


def dated(story: dict[str, Any]) -> dict[str, Any]:
    """The hall with the years of cases/years.json: open periods as chapters of nothing, the others as milestones."""
    told = copy.deepcopy(story)
    for i, case in enumerate(cases("years")):
        if "from" in case and "to" in case:
            told["timeline"]["milestones"][f"case-{i}"] = milestone(case)
        elif case["zh"]:
            years = {f"{name}_year": case[name] for name in ("from", "to") if name in case}
            told["chapters"][f"case-{i}"] = {"title": {"zh": "章", "en": "Part"}, "placements": []} | years
            told["chapter_order"].append(f"case-{i}")
    return told
