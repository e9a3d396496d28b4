"""Files as other programs write them: each is taken for what its maker meant, or the sentence says what is wrong.

The kinds are made here; where ../shared/data/cases is at hand, its files are the proof that they are made right.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import meshopt
import numpy as np
import pytest
import samples
from PIL import Image, ImageCms

from exhibit.config import Config
from exhibit.errors import BadBundle
from exhibit.library.bundle import Bundle, Told
from exhibit.library.upload import opened
from recon.formats.glb import Part
from recon.formats.gltf import pack_glb, read_gltf
from recon.formats.gltf_scene import Scene
from recon.formats.picture import PAPER, thumb_of
from recon.formats.points import cloud_of
from recon.formats.webvtt import read_webvtt

TOLD = Told({"zh": "匣钵", "en": "Saggar"})
BLUE, RED = (20, 40, 220), (220, 30, 20)


class Taken:
    """What the library made of a file."""

    def __init__(self, bundle: Bundle):
        self.document = bundle.document
        by_role = {path.stem: path for path, _ in bundle.files}
        with Image.open(by_role["thumb"]) as thumb:
            self.thumb = np.asarray(thumb.convert("RGBA")).astype(int)
        self.content = {path.name: path.read_bytes() for path, _ in bundle.files}
        self.gltf = read_gltf(by_role["model"]) if "model" in by_role else None
        warnings = []
        for warning in bundle.document.get("warnings", []):
            assert not isinstance(warning, str)  # a string is from before there were two languages
            warnings.append(warning["en"])
        self.warnings = " ".join(warnings)

    @property
    def parts(self) -> list[Part]:
        assert self.gltf is not None
        return Scene(self.gltf).parts()

    @property
    def size(self) -> np.ndarray[Any, Any]:
        bounds = self.document["bounds"]
        return np.array(bounds["max"]) - bounds["min"]

    def colours(self) -> np.ndarray[Any, Any]:
        """(N, 3) of what the thumb shows whole."""
        return self.thumb[self.thumb[..., 3] > 250][:, :3]


def taken(path: Path, folder: Path, told: Told = TOLD) -> Taken:
    with opened(path, told, Config(data=folder)) as bundle:
        return Taken(bundle)


def save(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def textured(picture: bytes, uv: np.ndarray[Any, Any]) -> tuple[dict[str, Any], bytes]:
    """A box with a picture on it and texture coordinates (8, 2) as TEXCOORD_0; no material yet."""
    document, binary = samples.box_document()
    document["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_0"] = 2
    document["accessors"].append({"bufferView": 2, "componentType": 5126, "count": 8, "type": "VEC2"})
    for data in (uv.astype("<f4").tobytes(), picture):
        binary += b"\0" * (-len(binary) % 4)
        document["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(data)})
        binary += data
    document["buffers"] = [{"byteLength": len(binary)}]
    document["images"] = [{"bufferView": 3, "mimeType": "image/png"}]
    document["textures"] = [{"source": 0}]
    return document, binary


def halves(first: tuple[int, ...], second: tuple[int, ...]) -> bytes:
    """A picture of 8 x 8 px: the upper half of one colour, the lower of another."""
    pixels = np.zeros((8, 8, 3))
    pixels[:4], pixels[4:] = first, second
    return png(pixels)


SPREAD = np.array([[x, 0.2 + 0.6 * y] for x in (0, 1) for y in (0, 1) for _ in (0, 1)])


# glTF


def test_glossiness_becomes_roughness(tmp_path: Path) -> None:
    alpha = np.full((4, 4, 4), 200)
    alpha[..., :3], alpha[:2, :, 3] = (90, 60, 30), 100
    document, binary = textured(halves(BLUE, RED), SPREAD)
    old = {"diffuseTexture": {"index": 0}, "specularGlossinessTexture": {"index": 1}, "glossinessFactor": 0.5}
    document["materials"] = [{"extensions": {"KHR_materials_pbrSpecularGlossiness": old}}]
    document["extensionsUsed"] = document["extensionsRequired"] = ["KHR_materials_pbrSpecularGlossiness"]
    document["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(png(alpha))})
    document["images"].append({"bufferView": 4, "mimeType": "image/png"})
    document["textures"].append({"source": 1})
    document["buffers"] = [{"byteLength": len(binary) + len(png(alpha))}]
    found = taken(save(tmp_path, "old.glb", samples.glb(document, binary + png(alpha))), tmp_path)
    assert found.gltf is not None
    assert "extensionsRequired" not in found.gltf.document
    [part] = found.parts
    assert part.material is not None
    assert part.material.metallic == 0
    assert part.material.base_color_texture is not None
    assert part.material.metallic_roughness_texture is not None
    rough = part.material.metallic_roughness_texture.pixels()[..., 1].astype(int)
    assert abs(rough[0, 0] - (255 - 50)) <= 3
    assert abs(rough[3, 0] - (255 - 100)) <= 3
    extensions = found.gltf.document["materials"][0]["extensions"]
    assert extensions.keys() == {"KHR_materials_specular", "KHR_materials_ior"}
    assert "specular-glossiness" in found.warnings
    shown = found.colours()
    assert (shown[:, 2] > shown[:, 0] + 60).any()  # the blue half
    assert (shown[:, 0] > shown[:, 2] + 60).any()


def test_a_texture_transform_counts_in_the_first_picture(tmp_path: Path) -> None:
    document, binary = textured(halves(RED, BLUE), SPREAD)
    moved = {"offset": [0, 0.5], "scale": [1, 0.5]}
    base = {"index": 0, "extensions": {"KHR_texture_transform": moved}}
    document["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": base}}]
    document["extensionsUsed"] = ["KHR_texture_transform"]
    found = taken(save(tmp_path, "atlas.glb", samples.glb(document, binary)), tmp_path)
    assert (found.colours()[:, 2] > found.colours()[:, 0]).all()


def test_a_second_uv_set_counts_in_the_first_picture(tmp_path: Path) -> None:
    document, binary = textured(halves(RED, BLUE), np.array([[0.5, 0.75]] * 8))
    attributes = document["meshes"][0]["primitives"][0]["attributes"]
    attributes["TEXCOORD_1"] = attributes["TEXCOORD_0"]
    attributes["TEXCOORD_0"] = len(document["accessors"])
    document["accessors"].append({"componentType": 5126, "count": 8, "type": "VEC2"})  # zeros: the red corner
    document["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0, "texCoord": 1}}}]
    found = taken(save(tmp_path, "second.glb", samples.glb(document, binary)), tmp_path)
    assert (found.colours()[:, 2] > found.colours()[:, 0]).all()


def cylinder(mode: int) -> bytes:
    """Eight sides of a unit cylinder as a strip; as a fan, a disc of eight."""
    turn = np.linspace(0, 2 * np.pi, 9)
    rim = np.column_stack([np.cos(turn), np.zeros(9), -np.sin(turn)])
    points = np.stack([rim + np.array([0, 1, 0]), rim], 1).reshape(-1, 3) if mode == 5 else np.vstack([[0, 0, 0], rim])
    data = points.astype("<f4").tobytes()
    return samples.glb(
        {
            "asset": {"version": "2.0"},
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0}],
            "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "mode": mode}]}],
            "accessors": [{"bufferView": 0, "componentType": 5126, "count": len(points), "type": "VEC3"}],
            "bufferViews": [{"buffer": 0, "byteLength": len(data)}],
            "buffers": [{"byteLength": len(data)}],
        },
        data,
    )


@pytest.mark.parametrize(("mode", "triangles"), [(5, 16), (6, 8)])
def test_strips_and_fans_are_triangles(mode: int, triangles: int, tmp_path: Path) -> None:
    found = taken(save(tmp_path, "strip.glb", cylinder(mode)), tmp_path)
    assert found.document["files"]["model"]["triangles"] == triangles
    [part] = found.parts
    corner = part.positions[part.faces].astype(float)
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    outward = corner.mean(1) * [1, 0, 1] if mode == 5 else np.array([[0, 1, 0]])
    assert ((normal * outward).sum(1) > 0).all()  # all turned the same way


def test_sparse_positions_without_a_view(tmp_path: Path) -> None:
    document, binary = samples.box_document()
    points = document["accessors"][1]
    view = points.pop("bufferView")
    at = len(binary)
    binary += np.arange(8, dtype="<u2").tobytes()
    document["bufferViews"].append({"buffer": 0, "byteOffset": at, "byteLength": 16})
    document["buffers"] = [{"byteLength": len(binary)}]
    indices = {"bufferView": 2, "componentType": 5123}
    points["sparse"] = {"count": 8, "indices": indices, "values": {"bufferView": view}}
    found = taken(save(tmp_path, "sparse.glb", samples.glb(document, binary)), tmp_path)
    np.testing.assert_allclose(found.size, [1, 1, 1], atol=1e-6)


def test_padding_with_nul_is_corrected_and_said(tmp_path: Path) -> None:
    document, binary = samples.box_document()
    text = json.dumps(document).encode()
    text += b"\0" * (4 - len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    padded = struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks
    found = taken(save(tmp_path, "nul.glb", padded), tmp_path)
    assert "NUL" in found.warnings
    assert all(set(warning) == {"zh", "en"} for warning in found.document["warnings"])
    assert not read_gltf(save(tmp_path, "again.glb", found.content["model.glb"])).rewritten
    bundle = samples.bundle(tmp_path / "bundle")
    document = json.loads((bundle / "asset.json").read_text())
    save(bundle, "model.glb", padded)
    document["files"]["model"] |= {"bytes": len(padded), "sha256": hashlib.sha256(padded).hexdigest()}
    (bundle / "asset.json").write_text(json.dumps(document))
    with pytest.raises(BadBundle) as said:
        taken(bundle, tmp_path)
    assert said.value.key == "model_unpacked"  # a bundle is served as it is


def test_without_a_scene_all_is_shown_and_that_is_said(tmp_path: Path) -> None:
    document, binary = samples.box_document()
    del document["scene"], document["scenes"]
    found = taken(save(tmp_path, "bare.glb", samples.glb(document, binary)), tmp_path)
    np.testing.assert_allclose(found.size, [1, 1, 1], atol=1e-6)
    assert "which scene" in found.warnings


def with_data_uris() -> tuple[dict[str, Any], bytes]:
    document, binary = textured(halves(BLUE, BLUE), SPREAD)
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(binary).decode()
    picture = base64.b64encode(halves(BLUE, BLUE)).decode()
    document["images"] = [{"uri": f"data:image/png;base64,{picture}"}]
    document["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    return document, binary


@pytest.mark.parametrize("name", ["data.glb", "embedded.gltf"])
def test_data_addresses(name: str, tmp_path: Path) -> None:
    document, _ = with_data_uris()
    content = samples.glb(document, b"") if name.endswith("glb") else json.dumps(document).encode()
    found = taken(save(tmp_path, name, content), tmp_path)
    assert (found.colours()[:, 2] > found.colours()[:, 0]).all()
    assert found.gltf is not None
    assert not found.gltf.rewritten  # all of it lies in the one file


@pytest.mark.parametrize("zipped", [False, True])
def test_a_gltf_with_its_files(zipped: bool, tmp_path: Path) -> None:
    """Sketchfab's download: scene.gltf, scene.bin, textures/, license.txt."""
    document, binary = with_data_uris()
    document["buffers"][0]["uri"] = "scene.bin"
    document["images"] = [{"uri": "textures/base%20colour.png"}]
    files = {
        "scene.gltf": json.dumps(document).encode(),
        "scene.bin": binary,
        "textures/base colour.png": halves(BLUE, BLUE),
        "license.txt": b"CC-BY-4.0",
    }
    for name, content in files.items():
        save(tmp_path / "given", name, content)
    source = save(tmp_path, "a.zip", samples.zipped(files)) if zipped else tmp_path / "given"
    found = taken(source, tmp_path)
    assert (found.colours()[:, 2] > found.colours()[:, 0]).all()
    assert taken(tmp_path / "given" / "scene.gltf", tmp_path).content["model.glb"] == found.content["model.glb"]


def test_a_zip_of_a_glb_of_several_and_of_too_little(tmp_path: Path) -> None:
    box = samples.box_glb()
    found = taken(save(tmp_path, "a.zip", samples.zipped({"in/box.glb": box, "__MACOSX/in/._box.glb": b"x"})), tmp_path)
    np.testing.assert_allclose(found.size, [1, 1, 1], atol=1e-6)
    document, _ = with_data_uris()
    document["buffers"][0]["uri"] = "scene.bin"
    lacking = json.dumps(document).encode()
    for entries, key in (
        ({"a.glb": box, "b.glb": box}, "archive_several"),
        ({"read.me": b"x"}, "archive_empty"),
        ({"scene.gltf": lacking}, "model_external"),
    ):
        with pytest.raises(BadBundle) as said:
            taken(save(tmp_path, "b.zip", samples.zipped(entries)), tmp_path)
        assert said.value.key == key


@pytest.mark.parametrize("address", ["../secret.bin", "/etc/passwd", "https://elsewhere.example/a.bin", "file:///a"])
def test_a_gltf_reads_nothing_outside_its_folder(address: str, tmp_path: Path) -> None:
    document, binary = samples.box_document()
    document["buffers"][0]["uri"] = address
    save(tmp_path, "secret.bin", binary)
    with pytest.raises(BadBundle) as said:
        taken(save(tmp_path / "in", "scene.gltf", json.dumps(document).encode()), tmp_path)
    assert said.value.key == "model_external"


def test_meshopt_is_unpacked(tmp_path: Path) -> None:
    """As gltfpack writes it: views packed, and a buffer without data for readers that cannot unpack them."""
    document, binary = samples.box_document()
    packed, views = b"", []
    for view, mode, stride in zip(document["bufferViews"], ("TRIANGLES", "ATTRIBUTES"), (4, 12), strict=True):
        start = view.get("byteOffset", 0)
        plain = np.frombuffer(binary, np.uint8, view["byteLength"], start)
        rows = plain.view("<u4") if mode == "TRIANGLES" else plain.view("<f4").reshape(-1, 3)
        data = meshopt.encode_gltf_buffer(rows, mode)
        packed += b"\0" * (-len(packed) % 4)
        told = {"buffer": 0, "byteOffset": len(packed), "byteLength": len(data), "byteStride": stride, "mode": mode}
        told["count"] = view["byteLength"] // stride
        views.append({**view, "buffer": 1, "extensions": {"EXT_meshopt_compression": told}})
        packed += data
    document["bufferViews"] = views
    fallback = {"byteLength": len(binary), "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
    document["buffers"] = [{"byteLength": len(packed)}, fallback]
    document["extensionsUsed"] = document["extensionsRequired"] = ["EXT_meshopt_compression"]
    found = taken(save(tmp_path, "packed.glb", samples.glb(document, packed)), tmp_path)
    unpacked = taken(save(tmp_path, "plain.glb", samples.box_glb()), tmp_path)
    assert np.array_equal(np.sort(found.parts[0].positions, 0), np.sort(unpacked.parts[0].positions, 0))
    assert found.gltf is not None
    assert "EXT_meshopt_compression" not in json.dumps(found.gltf.document)
    broken = samples.glb(document, packed[:8] + b"\xff" * (len(packed) - 8))
    with pytest.raises(BadBundle, match="broken inside"):
        taken(save(tmp_path, "broken.glb", broken), tmp_path)


def test_millimetres_are_asked_about_and_can_be_said(tmp_path: Path) -> None:
    large = save(tmp_path, "large.glb", samples.box_glb(size=(600, 1500, 600)))
    assert "millimetres" in taken(large, tmp_path).warnings
    found = taken(large, tmp_path, Told(TOLD.title, in_metres=True, unit_m=0.001))
    assert found.warnings == ""
    np.testing.assert_allclose(found.size, [0.6, 1.5, 0.6], atol=1e-6)
    points = found.parts[0].positions
    np.testing.assert_allclose([points.min(0), points.max(0)], [[-0.3, 0, -0.3], [0.3, 1.5, 0.3]], atol=1e-5)


@pytest.mark.parametrize("where", ["node", "vertices"])
def test_a_large_offset_is_taken_out_and_kept(where: str, tmp_path: Path) -> None:
    at = (500_000.25, 30.0, -4_649_776.5)
    document, binary = samples.box_document()
    if where == "node":
        document["nodes"][0]["translation"] = list(at)
    else:
        document, binary = samples.box_document(at=(500_000, 30, -4_649_776))
    found = taken(save(tmp_path, "utm.glb", samples.glb(document, binary)), tmp_path)
    np.testing.assert_allclose(found.document["bounds"]["min"], [-0.5, 0, -0.5], atol=1e-6)
    np.testing.assert_allclose(found.document["offset"], np.floor(at) + np.array([0.75, 0, 1.0]), atol=0.5)
    assert found.gltf is not None
    accessor = found.gltf.document["accessors"][1]
    assert np.abs([accessor["min"], accessor["max"]]).max() <= 1  # what the graphics card adds up is small
    np.testing.assert_allclose(np.ptp(found.parts[0].positions, axis=0), [1, 1, 1], atol=1e-6)


def test_lamps_and_cameras_stay_out_of_the_hall(tmp_path: Path) -> None:
    """As Blender exports a scene by default."""
    document, binary = samples.box_document()
    document["nodes"] += [{"extensions": {"KHR_lights_punctual": {"light": 0}}}, {"camera": 0}]
    document["scenes"][0]["nodes"] = [0, 1, 2]
    document["cameras"] = [{"type": "perspective", "perspective": {"yfov": 0.7, "znear": 0.1}}]
    document["extensions"] = {"KHR_lights_punctual": {"lights": [{"type": "point", "intensity": 54351}]}}
    document["extensionsUsed"] = ["KHR_lights_punctual"]
    found = taken(save(tmp_path, "lit.glb", samples.glb(document, binary)), tmp_path)
    text = json.dumps(found.gltf.document if found.gltf else {})
    assert "KHR_lights_punctual" not in text
    assert '"camera' not in text
    assert "1 lamps and 1 cameras" in found.warnings


def test_a_skin_stands_where_its_joints_put_it(tmp_path: Path) -> None:
    found = taken(save(tmp_path, "skin.glb", samples.skinned_box()), tmp_path)
    np.testing.assert_allclose(found.size, [1.5, 2, 1], atol=1e-5)
    np.testing.assert_allclose(found.document["offset"], [5.75, 6, 7.5], atol=1e-5)


# PLY


def ply(rows: np.ndarray[Any, Any], *, faces: bytes = b"", newline: str = "\n", order: str = "little") -> bytes:
    names = {"f4": "float", "u1": "uchar", "f8": "double"}
    assert rows.dtype.fields is not None
    head = ["ply", f"format binary_{order}_endian 1.0", f"element vertex {len(rows)}"]
    head += [f"property {names[kind.str[1:]]} {name}" for name, (kind, *_) in rows.dtype.fields.items()]
    if faces:
        head += ["element face 6", "property list uchar int vertex_indices"]
    return (newline.join([*head, "end_header"]) + newline).encode() + rows.tobytes() + faces


def test_short_names_of_colours(tmp_path: Path) -> None:
    rows = np.zeros(500, [(axis, "<f4") for axis in "xyz"] + [(name, "u1") for name in "rgb"])
    for axis in "xyz":
        rows[axis] = np.random.default_rng(1).uniform(size=500)
    rows["r"], rows["g"], rows["b"] = RED
    found = taken(save(tmp_path, "short.ply", ply(rows)), tmp_path)
    assert found.document["kind"] == "cloud"
    assert found.gltf is not None
    colours = cloud_of(found.gltf).colours
    assert colours is not None
    assert (np.abs(colours.astype(int) - RED) <= 1).all()


def test_a_ply_with_faces_is_a_mesh(tmp_path: Path) -> None:
    """Of quads, with colours, far from the origin."""
    rows = np.zeros(8, [(axis, "<f8") for axis in "xyz"] + [(name, "u1") for name in ("red", "green", "blue")])
    for i, axis in enumerate("xyz"):
        rows[axis] = samples.BOX_CORNERS[:, i] + [500_000, 30, -4_649_776][i]
    rows["red"], rows["green"], rows["blue"] = RED
    quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    faces = b"".join(struct.pack("<B4i", 4, *quad) for quad in quads)
    found = taken(save(tmp_path, "cube.ply", ply(rows, faces=faces)), tmp_path)
    assert (found.document["kind"], found.document["files"]["model"]["triangles"]) == ("model", 12)
    np.testing.assert_allclose(found.size, [1, 1, 1], atol=1e-6)
    np.testing.assert_allclose(found.document["offset"], [500_000.5, 30, -4_649_775.5], atol=1e-6)
    assert (found.colours()[:, 0] > found.colours()[:, 2] + 50).all()


@pytest.mark.parametrize(("order", "newline"), [("big", "\n"), ("little", "\r\n")])
def test_splats_of_either_byte_order_and_line_end(order: str, newline: str, tmp_path: Path) -> None:
    names = ["x", "y", "z", *(f"f_dc_{i}" for i in range(3)), "opacity"]
    names += [*(f"scale_{i}" for i in range(3)), *(f"rot_{i}" for i in range(4))]
    rows = np.zeros(300, [(name, (">" if order == "big" else "<") + "f4") for name in names])
    for axis in "xyz":
        rows[axis] = np.random.default_rng(1).uniform(size=300)
    rows["opacity"], rows["rot_0"] = 3, 1
    for i in range(3):
        rows[f"scale_{i}"] = -3
    found = taken(save(tmp_path, "splat.ply", ply(rows, order=order, newline=newline)), tmp_path)
    assert (found.document["kind"], found.document["files"]["model"]["points"]) == ("splat", 300)
    np.testing.assert_allclose(found.size, [1, 1, 1], atol=0.05)


# captions, films, sounds


def test_a_cue_may_be_empty(tmp_path: Path) -> None:
    words = b"WEBVTT\n\n00:00.000 --> 00:01.000\n\n00:01.000 --> 00:02.500\nWorld\n"
    [cue] = read_webvtt(save(tmp_path, "empty.vtt", words))
    assert (cue.from_s, cue.words) == (1.0, "World")


def test_captions_of_chinese_windows_are_converted(tmp_path: Path) -> None:
    chinese = save(tmp_path, "zh.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n窑火，一千三百度\n".encode("gbk"))
    english = save(tmp_path, "en.vtt", samples.VTT)
    film = save(tmp_path, "film.webm", samples.webm())
    found = taken(film, tmp_path, Told(TOLD.title, captions={"zh": chinese, "en": english}))
    assert "窑火，一千三百度" in found.content["captions.zh.vtt"].decode("utf-8")
    assert "not in UTF-8" in found.warnings


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def mp4(*tracks: tuple[bytes, bytes], brand: bytes = b"mp42", last: bool = True) -> bytes:
    """Boxes of tracks (handler, sample entry); the index comes last, as phones write it, or first."""
    index = box(
        b"moov",
        *(
            box(
                b"trak",
                box(
                    b"mdia",
                    box(b"hdlr", bytes(8), handler, bytes(12)),
                    box(b"minf", box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), box(entry, bytes(28))))),
                ),
            )
            for handler, entry in tracks
        ),
    )
    head, data = box(b"ftyp", brand, bytes(4)), box(b"mdat", bytes(100_000))
    return head + (data + index if last else index + data)


SOUND = (b"soun", b"mp4a")


@pytest.mark.parametrize("brand", [b"mp42", b"isom", b"M4A ", b"3gp4"])
@pytest.mark.parametrize("last", [True, False])
def test_what_a_phone_records_is_sound_whatever_its_brand(brand: bytes, last: bool, tmp_path: Path) -> None:
    found = taken(save(tmp_path, "voice.mp4", mp4(SOUND, brand=brand, last=last)), tmp_path)
    assert (found.document["kind"], found.document["files"]["audio"]["mime"]) == ("audio", "audio/mp4")


@pytest.mark.parametrize(
    ("entry", "said"),
    [(b"avc1", ""), (b"av01", ""), (b"hvc1", "H.265"), (b"hev1", "H.265"), (b"mp4v", "MPEG-4 Part 2")],
)
def test_a_film_that_browsers_do_not_play_is_said_to_be_so(entry: bytes, said: str, tmp_path: Path) -> None:
    words = save(tmp_path, "a.vtt", samples.VTT)
    told = Told(TOLD.title, captions={"zh": words, "en": words})
    found = taken(save(tmp_path, "film.mp4", mp4((b"vide", entry), SOUND)), tmp_path, told)
    assert found.document["kind"] == "video"
    assert (said in found.warnings) if said else found.warnings == ""


# pictures


def shown(pixels: Image.Image, folder: Path, name: str = "a.png", **how: Any) -> np.ndarray[Any, Any]:
    pixels.save(folder / name, **how)
    found = taken(folder / name, folder)
    with Image.open(io.BytesIO(found.content["picture.webp"])) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def test_ink_lies_on_paper(tmp_path: Path) -> None:
    ink = np.zeros((64, 64, 4), np.uint8)
    ink[16:48, 16:48, 3] = 255
    for mode in ("RGBA", "LA", "P"):
        picture = shown(Image.fromarray(ink).convert(mode), tmp_path)
        assert np.abs(picture[4, 4] - PAPER).max() <= 4, mode
        assert picture[32, 32].max() <= 6, mode


def test_grey_of_sixteen_bits(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256), (64, 1)).astype(np.uint16)
    picture = shown(Image.fromarray(ramp), tmp_path)
    assert np.abs(picture[32, :, 0] - np.arange(256)).max() <= 6


def test_other_colour_spaces_become_srgb(tmp_path: Path) -> None:
    """A linear profile with sRGB's primaries: its middle grey is much lighter in sRGB."""
    profile = linear_profile(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    picture = shown(Image.new("RGB", (32, 32), (55, 55, 55)), tmp_path, icc_profile=profile)
    assert np.abs(picture[16, 16] - 128).max() <= 5
    unchanged = shown(Image.new("RGB", (32, 32), (55, 55, 55)), tmp_path, icc_profile=b"no profile at all")
    assert np.abs(unchanged[16, 16] - 55).max() <= 3


def linear_profile(srgb: bytes) -> bytes:
    """The sRGB profile, its curves replaced by gamma 1 (ICC.1, curveType of no entries)."""
    profile = bytearray(srgb)
    (count,) = struct.unpack_from(">I", profile, 128)
    for i in range(count):
        name, offset, _ = struct.unpack_from(">4sII", profile, 132 + 12 * i)
        if name in (b"rTRC", b"gTRC", b"bTRC"):
            struct.pack_into(">4sII", profile, offset, b"curv", 0, 0)
            struct.pack_into(">I", profile, 132 + 12 * i + 8, 12)
    return bytes(profile)


@pytest.mark.parametrize("across", [True, False])
def test_a_long_scroll_can_be_read_in_its_thumb(across: bool, tmp_path: Path) -> None:
    """One to twelve: the whole of it, and its middle as large as fits."""
    scroll = np.full((200, 2400, 3), 240, np.uint8)
    scroll[:, 1100:1300] = RED
    picture = Image.fromarray(scroll if across else scroll.transpose(1, 0, 2))
    thumb = np.asarray(thumb_of(picture)).astype(int)
    thumb = thumb if across else thumb.transpose(1, 0, 2)
    assert thumb.shape == (720, 960, 3)
    red = (thumb[..., 0] > 180) & (thumb[..., 1] < 90)
    assert 60 < red[40].sum() < 110  # in the strip a twelfth of the width
    assert red[400].sum() > 500  # and in the crop large
    assert shown(picture, tmp_path).shape[:2] == (scroll.shape[:2] if across else scroll.shape[1::-1])


# the files themselves


def is_blue(found: Taken) -> None:
    assert (found.colours()[:, 2] > found.colours()[:, 0] + 30).all()


def has_four_colours(found: Taken) -> None:
    strong = found.colours()[np.ptp(found.colours(), axis=1) > 80]
    assert len({tuple(np.round(colour / colour.max(), 0)) for colour in strong}) >= 3


def is_metres_tall(height: float) -> Callable[[Taken], None]:
    def check(found: Taken) -> None:
        assert found.size[1] == pytest.approx(height, rel=0.01)

    return check


def is_coloured_cloud(found: Taken) -> None:
    assert found.document["kind"] == "cloud"
    assert np.ptp(found.colours(), axis=1).max() > 60


def is_kind(kind: str) -> Callable[[Taken], None]:
    def check(found: Taken) -> None:
        assert found.document["kind"] == kind

    return check


def says(words: str) -> Callable[[Taken], None]:
    def check(found: Taken) -> None:
        assert words in found.warnings

    return check


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("sketchfab-old.glb", has_four_colours),
        ("sparse-position.glb", is_metres_tall(1.1)),
        ("strip.glb", is_metres_tall(1)),
        ("atlas-blue.glb", is_blue),
        ("nul.glb", says("NUL")),
        ("no-scene.glb", says("which scene")),
        ("data-uri.glb", is_metres_tall(1)),
        ("embedded.gltf", is_metres_tall(1)),
        ("required.glb", is_metres_tall(1)),
        ("mm.glb", says("millimetres")),
        ("utm-node.glb", is_metres_tall(1)),
        ("rgb-short-names.ply", is_coloured_cloud),
        ("splat-big-endian.ply", is_kind("splat")),
        ("splat-crlf-header.ply", is_kind("splat")),
        ("cube-mesh.ply", is_kind("model")),
        ("ink-drawing.png", lambda found: found.thumb[2, 2, :3].min() > 240 or pytest.fail("ink lies on black")),
    ],
)
def test_cases(name: str, right: Callable[[Taken], object], real_data: Path, tmp_path: Path) -> None:
    right(taken(real_data / "cases" / name, tmp_path))


def test_cases_of_captions(real_data: Path) -> None:
    cases = real_data / "cases"
    assert [cue.words for cue in read_webvtt(cases / "empty-cue.vtt")] == ["World"]
    assert [cue.words for cue in read_webvtt(cases / "gbk.vtt")] == ["你好"]
    with pytest.raises(Exception, match="Line 6 of the captions"):
        read_webvtt(cases / "blank-inside.vtt")


def test_packing_is_the_inverse_of_reading(tmp_path: Path) -> None:
    document, binary = samples.box_document()
    path = save(tmp_path, "a.glb", pack_glb(document, binary))
    assert (read_gltf(path).document, read_gltf(path).binary) == (document, binary)
