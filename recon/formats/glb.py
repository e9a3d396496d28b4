"""Binary glTF 2.0: parts with materials in, a .glb out.

    from recon.formats.glb import Draco, Material, Part, Picture, write_glb

    brass = Material(name="brass", base_color=(0.8, 0.6, 0.3, 1.0), metallic=1.0, roughness=0.35,
                     normal_texture=Picture.png(normal_map))            # (H, W, 3) uint8, +Y up tangent space
    brick = Material(name="brick", base_color_texture=Picture.jpeg(wall, quality=90), roughness=0.9, wrap="repeat")
    t = recon.geometry.tangents.tangents(p, f, n, uv)                    # a normal map needs them
    parts = [Part(positions=p, faces=f, normals=n, uv=uv, tangents=t, material=brass, node="lathe"),
             Part(positions=q, faces=g, normals=m, uv=st, material=brick, node="room")]
    write_glb(path, parts, extras={"unit": "metre"})                     # lit PBR, uncompressed
    write_glb(path, parts, draco=Draco())                                # the same with KHR_draco_mesh_compression

    photographed = Material(base_color_texture=Picture.webp(atlas), unlit=True, wrap="clamp")
    write_glb(path, [Part(positions=p, faces=f, uv=uv, material=photographed)], draco=Draco())

Frame: right-handed, +Y up. Texture coordinate (0, 0) is the picture's top left corner. Faces are counter-clockwise from
outside. `_NUM_VIEWS` and `_NUM_SCANS` say how many photos and scans measured each vertex: a triangle is filled, not
measured, where all three of its corners say 0 of both. Extensions, each only where needed:
KHR_draco_mesh_compression, EXT_texture_webp, KHR_texture_basisu, KHR_materials_unlit, KHR_xmp_json_ld. The same input
gives the same bytes. Source: Khronos, glTF 2.0 Specification, and their pages.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import DracoPy
import numpy as np
import pygltflib as gltf
from numpy.typing import NDArray
from PIL import Image

from recon.errors import BadModel
from recon.formats.glb_document import GlbDocument
from recon.formats.xmp import with_context

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
Json = Mapping[str, Any]

PICTURE_EXTENSIONS = {"image/webp": "EXT_texture_webp", "image/ktx2": "KHR_texture_basisu"}
NUM_VIEWS, NUM_SCANS = "_NUM_VIEWS", "_NUM_SCANS"  # glTF 3.7.2.1: names of one's own begin with an underscore


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture: what a texture is made of."""

    data: bytes = field(repr=False)
    mime: Literal["image/png", "image/jpeg", "image/webp", "image/ktx2"]

    @classmethod
    def png(cls, pixels: ByteArray) -> Picture:
        """Lossless; pixels (H, W, 3 or 4) uint8."""
        return cls(_encoded(pixels, "PNG", compress_level=6), "image/png")

    @classmethod
    def jpeg(cls, pixels: ByteArray, quality: int = 90) -> Picture:
        """pixels (H, W, 3) uint8."""
        return cls(_encoded(pixels, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2), "image/jpeg")

    @classmethod
    def webp(cls, pixels: ByteArray, quality: int = 85) -> Picture:
        """pixels (H, W, 3 or 4) uint8; at most 16383 px a side."""
        return cls(_encoded(pixels, "WEBP", quality=quality, method=4), "image/webp")

    def pixels(self) -> ByteArray:
        """(H, W, 3) uint8 RGB. Raises BadModel for KTX2."""
        if self.mime == "image/ktx2":
            raise BadModel("ktx2_not_unpacked")
        with Image.open(io.BytesIO(self.data)) as picture:
            return np.asarray(picture.convert("RGB"))


def _encoded(pixels: ByteArray, kind: str, **how: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, kind, **how)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """glTF's metallic-roughness material; `unlit` shows the base colour as it is."""

    name: str = "surface"
    base_color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)  # linear RGB and alpha; times the texture
    base_color_texture: Picture | None = None  # sRGB
    metallic: float = 0.0
    roughness: float = 1.0
    metallic_roughness_texture: Picture | None = None  # G roughness, B metallic
    normal_texture: Picture | None = None  # tangent space, +Y up
    occlusion_texture: Picture | None = None  # R
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)  # linear
    emissive_texture: Picture | None = None
    unlit: bool = False
    double_sided: bool = False
    blend: bool = False  # alpha is blended, as in glass; else opaque
    wrap: Literal["repeat", "clamp"] = "repeat"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One primitive: triangles of one material."""

    positions: Float32Array  # (V, 3)
    faces: NDArray[np.integer]  # (F, 3)
    normals: Float32Array | None = None  # (V, 3) unit
    uv: Float32Array | None = None  # (V, 2)
    tangents: Float32Array | None = None  # (V, 4)
    colors: NDArray[Any] | None = None  # (V, 4) linear RGBA, uint8 or 0..1; multiplies the base colour
    num_views: ByteArray | None = None  # (V,) attribute _NUM_VIEWS: photos that measured it
    num_scans: ByteArray | None = None  # (V,) attribute _NUM_SCANS: scans that measured it
    material: Material | None = None
    node: str = "model"  # parts of one node become the primitives of one mesh

    def __post_init__(self) -> None:
        count = len(self.positions)
        for name, width in (("positions", 3), ("normals", 3), ("uv", 2), ("tangents", 4), ("colors", 4)):
            array = getattr(self, name)
            if array is not None and array.shape != (count, width):
                raise ValueError(f"Part.{name}: expected ({count}, {width}), got {array.shape}")
        for name in ("num_views", "num_scans"):
            array = getattr(self, name)
            if array is not None and array.shape != (count,):
                raise ValueError(f"Part.{name}: expected ({count},), got {array.shape}")
        if self.faces.ndim != 2 or self.faces.shape[1] != 3 or not len(self.faces):
            raise ValueError(f"Part.faces: expected at least one triangle, got shape {self.faces.shape}")
        if self.faces.min() < 0 or self.faces.max() >= count:
            raise ValueError(f"Part.faces: corners must lie in 0..{count - 1}")


def joined(parts: Sequence[Part]) -> tuple[Float32Array, NDArray[np.int32]]:
    """The positions (V, 3) and faces (F, 3) of all parts."""
    starts = np.cumsum([0, *(len(part.positions) for part in parts)])
    faces = [part.faces + start for part, start in zip(parts, starts, strict=False)]
    return np.concatenate([part.positions for part in parts]), np.concatenate(faces).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """How one node moves: its translation, its rotation or both at `times`, linear between (rotations spherically)."""

    node: str
    times: Float32Array  # (N,) seconds, rising
    translations: Float32Array | None = None  # (N, 3)
    rotations: Float32Array | None = None  # (N, 4) unit quaternions x, y, z, w

    def __post_init__(self) -> None:
        if self.times.ndim != 1 or len(self.times) < 2 or (np.diff(self.times) <= 0).any() or self.times[0] < 0:
            raise ValueError("Track.times: expected at least two rising times from 0 on")
        for name, width in (("translations", 3), ("rotations", 4)):
            array = getattr(self, name)
            if array is not None and array.shape != (len(self.times), width):
                raise ValueError(f"Track.{name}: expected ({len(self.times)}, {width}), got {array.shape}")


@dataclass(frozen=True, slots=True, eq=False)
class Animation:
    """One glTF animation: all tracks run together."""

    name: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cube that positions are rounded in: files with the same one meet without cracks."""

    origin: tuple[float, ...]  # three numbers, the lowest corner
    extent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draco:
    """How finely positions and the rest are kept; a step is the extent divided by 2^bits."""

    position_bits: int = 14
    uv_bits: int = 15  # an eighth of a texel in a texture of 4096
    normal_bits: int = 10
    tangent_bits: int = 7  # only where all texture coordinates lie in the picture; else tangents are kept as they are
    level: int = 7  # 0 fast .. 10 small
    grid: Grid | None = None  # None: of the part's own extent


def write_glb(
    path: Path,
    parts: Sequence[Part],
    *,
    draco: Draco | None = None,
    extras: Json | None = None,
    xmp: Json | None = None,
    copyright: str | None = None,
    origins: Mapping[str, NDArray[np.floating]] | None = None,
    animation: Animation | None = None,
) -> None:
    """Write `parts` to `path` as one scene; a reader never sees half a file.

    `origins` places nodes by name: the positions of their parts are relative to them. Nodes that `animation` names must
    be nodes of parts.

    extras goes to asset.extras. xmp is a JSON-LD packet about the whole asset (recon.formats.xmp), whose
    "@context" is added, written with KHR_xmp_json_ld.
    """
    if not parts:
        raise ValueError("write_glb: no parts")
    document = _Document(draco)
    for part in parts:
        document.add(part)
    for name, origin in (origins or {}).items():
        document.place(name, origin)
    if animation is not None:
        document.animate(animation)
    document.describe(extras, xmp, copyright)
    document.write(path)


class _Document(GlbDocument):
    """A glTF document that grows part by part; equal pictures and materials are stored once."""

    def __init__(self, draco: Draco | None):
        super().__init__()
        self.draco = draco
        self.materials: dict[Material, int] = {}
        self.textures: dict[tuple[Picture, str], int] = {}
        self.images: dict[Picture, int] = {}
        self.samplers: dict[str, int] = {}
        self.meshes: dict[str, int] = {}

    def add(self, part: Part) -> None:
        if part.node not in self.meshes:
            self.meshes[part.node] = len(self.model.meshes)
            self.model.nodes.append(gltf.Node(mesh=self.meshes[part.node], name=part.node))
            self.model.meshes.append(gltf.Mesh(name=part.node))
        primitive = self._compressed(part, self.draco) if self.draco else self._plain(part)
        if part.material is not None:
            primitive.material = self._material(part.material)
        self.model.meshes[self.meshes[part.node]].primitives.append(primitive)

    def place(self, node: str, origin: NDArray[np.floating]) -> None:
        self.model.nodes[self.meshes[node]].translation = [float(v) for v in np.asarray(origin, np.float32)]

    def animate(self, animation: Animation) -> None:
        channels: list[gltf.AnimationChannel] = []
        samplers: list[gltf.AnimationSampler] = []
        times: dict[bytes, int] = {}  # tracks of the same times share them
        for track in animation.tracks:
            at = np.ascontiguousarray(track.times, np.float32)
            if at.tobytes() not in times:
                times[at.tobytes()] = self.accessor(at, self.view(at.tobytes()))
                self.model.accessors[-1].min, self.model.accessors[-1].max = [float(at[0])], [float(at[-1])]
            for path, values in (("translation", track.translations), ("rotation", track.rotations)):
                if values is None:
                    continue
                array = np.ascontiguousarray(values, np.float32)
                output = self.accessor(array, self.view(array.tobytes()))
                target = gltf.AnimationChannelTarget(node=self.meshes[track.node], path=path)
                channels.append(gltf.AnimationChannel(sampler=len(samplers), target=target))
                samplers.append(
                    gltf.AnimationSampler(input=times[at.tobytes()], output=output, interpolation=gltf.ANIM_LINEAR)
                )
        self.model.animations.append(gltf.Animation(name=animation.name, channels=channels, samplers=samplers))

    def describe(self, extras: Json | None, xmp: Json | None, copyright: str | None) -> None:
        model = self.model
        model.asset.extras = dict(extras or {})
        model.asset.copyright = copyright
        if xmp is not None:
            model.extensions = {"KHR_xmp_json_ld": {"packets": [with_context(xmp)]}}
            model.asset.extensions = {"KHR_xmp_json_ld": {"packet": 0}}
            self.used.add("KHR_xmp_json_ld")

    def _plain(self, part: Part) -> gltf.Primitive:
        attributes = gltf.Attributes()
        for name, array in _attributes(part):
            made = self.vertices(array, bounds=name == gltf.POSITION, normalized=name == gltf.COLOR_0)
            setattr(attributes, name, made)
        small = len(part.positions) < 65535
        indices = np.ascontiguousarray(part.faces, np.uint16 if small else np.uint32).ravel()
        view = self.view(indices.tobytes(), gltf.ELEMENT_ARRAY_BUFFER)
        return gltf.Primitive(attributes=attributes, indices=self.accessor(indices, view))

    def _compressed(self, part: Part, draco: Draco) -> gltf.Primitive:
        fine, fine_bits, fine_name = part.uv, draco.uv_bits, gltf.TEXCOORD_0
        generic: dict[int, NDArray[Any]] = {}  # Draco's own number of the attribute -> its values
        names: dict[int, str] = {}
        if part.num_views is not None:
            generic[0], names[0] = np.ascontiguousarray(part.num_views[:, None]), NUM_VIEWS
        if part.num_scans is not None:
            generic[2], names[2] = np.ascontiguousarray(part.num_scans[:, None]), NUM_SCANS
        if part.tangents is not None and part.uv is not None and part.uv.min() >= 0 and part.uv.max() <= 1:
            # DracoPy quantises one attribute besides positions and normals: tangents need it more, and texture
            # coordinates are 16 bit integers as they are
            generic[1], names[1] = np.rint(part.uv * 65535.0).astype(np.uint16), gltf.TEXCOORD_0
            fine, fine_bits, fine_name = part.tangents, draco.tangent_bits, gltf.TANGENT
        elif part.tangents is not None:
            generic[1], names[1] = np.ascontiguousarray(part.tangents, np.float32), gltf.TANGENT
        encoded = DracoPy.encode(
            np.ascontiguousarray(part.positions, np.float32),
            np.ascontiguousarray(part.faces, np.uint32),
            quantization_bits=draco.position_bits,
            quantization_range=-1 if draco.grid is None else draco.grid.extent,
            quantization_origin=None if draco.grid is None else list(draco.grid.origin),
            compression_level=draco.level,
            normals=None if part.normals is None else part.normals.astype(np.float64),
            tex_coord=None if fine is None else fine.astype(np.float64),
            colors=None if part.colors is None else _color_bytes(part.colors),
            generic_attributes=generic or None,
            tex_coord_quantization_bits=fine_bits,
            normal_quantization_bits=draco.normal_bits,
        )
        return self.draco_primitive(encoded, names, coordinates=fine_name, whole=[NUM_VIEWS, NUM_SCANS])

    def _material(self, material: Material) -> int:
        if material in self.materials:
            return self.materials[material]

        def texture(picture: Picture | None, kind: type) -> Any:
            return None if picture is None else kind(index=self._texture(picture, material.wrap), texCoord=0)

        made = gltf.Material(
            name=material.name,
            pbrMetallicRoughness=gltf.PbrMetallicRoughness(
                baseColorFactor=list(material.base_color),
                metallicFactor=material.metallic,
                roughnessFactor=material.roughness,
                baseColorTexture=texture(material.base_color_texture, gltf.TextureInfo),
                metallicRoughnessTexture=texture(material.metallic_roughness_texture, gltf.TextureInfo),
            ),
            normalTexture=texture(material.normal_texture, gltf.NormalMaterialTexture),
            occlusionTexture=texture(material.occlusion_texture, gltf.OcclusionTextureInfo),
            emissiveFactor=list(material.emissive),
            emissiveTexture=texture(material.emissive_texture, gltf.TextureInfo),
            alphaMode=gltf.BLEND if material.blend else gltf.OPAQUE,
            doubleSided=material.double_sided,
        )
        if material.unlit:
            made.extensions = {"KHR_materials_unlit": {}}
            self.used.add("KHR_materials_unlit")
        self.model.materials.append(made)
        self.materials[material] = len(self.model.materials) - 1
        return self.materials[material]

    def _texture(self, picture: Picture, wrap: str) -> int:
        if (picture, wrap) in self.textures:
            return self.textures[picture, wrap]
        if wrap not in self.samplers:
            self.samplers[wrap] = len(self.model.samplers)
            mode = gltf.REPEAT if wrap == "repeat" else gltf.CLAMP_TO_EDGE
            self.model.samplers.append(
                gltf.Sampler(magFilter=gltf.LINEAR, minFilter=gltf.LINEAR_MIPMAP_LINEAR, wrapS=mode, wrapT=mode)
            )
        if picture not in self.images:
            self.images[picture] = len(self.model.images)
            self.model.images.append(gltf.Image(bufferView=self.view(picture.data), mimeType=picture.mime))
        texture = gltf.Texture(sampler=self.samplers[wrap])
        if extension := PICTURE_EXTENSIONS.get(picture.mime):
            texture.extensions = {extension: {"source": self.images[picture]}}
            self.used.add(extension)
            self.required.add(extension)  # there is no fallback picture
        else:
            texture.source = self.images[picture]
        self.model.textures.append(texture)
        self.textures[picture, wrap] = len(self.model.textures) - 1
        return self.textures[picture, wrap]


def _color_bytes(colors: NDArray[Any]) -> ByteArray:
    return np.ascontiguousarray(np.rint(colors * 255) if colors.dtype.kind == "f" else colors, np.uint8)


def _attributes(part: Part) -> list[tuple[str, NDArray[Any]]]:
    """(semantic, values) of what the part has."""
    found: list[tuple[str, NDArray[Any] | None]] = [
        (gltf.POSITION, part.positions),
        (gltf.NORMAL, part.normals),
        (gltf.TEXCOORD_0, part.uv),
        (gltf.TANGENT, part.tangents),
    ]
    made: list[tuple[str, NDArray[Any]]] = [
        (name, np.ascontiguousarray(values, np.float32)) for name, values in found if values is not None
    ]
    if part.colors is not None:
        made.append((gltf.COLOR_0, _color_bytes(part.colors)))
    if part.num_views is not None:
        made.append((NUM_VIEWS, part.num_views))
    if part.num_scans is not None:
        made.append((NUM_SCANS, part.num_scans))
    return made
