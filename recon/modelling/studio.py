"""The studio: a model on a mat, photographed by known cameras.

Camera frame as in recon.types: +X right, +Y down, +Z forward; pixel (0.5, 0.5) is the centre of the top left pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recon.formats.srgb import encoded
from recon.modelling import raster
from recon.modelling.light_baking import Light, bake
from recon.modelling.model import Model, build
from recon.modelling.surfaces import quad
from recon.modelling.textures import Paint, Texels, grain, noise, plain, rgb, shaded

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
FOCAL_35MM = 40  # mm, for the full-frame diagonal of 43.27 mm
CROP = 2.0


@dataclass(frozen=True, slots=True)
class Camera:
    k: FloatArray  # (3, 3) px
    cam_from_world: FloatArray  # (3, 4)
    width: int
    height: int

    @property
    def centre(self) -> FloatArray:
        """Camera centre in the world, (3,)."""
        return np.asarray(-self.cam_from_world[:, :3].T @ self.cam_from_world[:, 3])


@dataclass(frozen=True, slots=True)
class Truth:
    """What the photographs show, exactly. World: metres, +Y up, the model stands on y = 0."""

    cameras: dict[str, Camera]  # by the photo's file name
    vertices: Float32Array  # (V, 3) of the model alone, without the studio's floor
    faces: NDArray[np.int32]  # (F, 3), counter-clockwise from outside
    scene_vertices: Float32Array = field(repr=False)  # of everything in the pictures
    scene_faces: NDArray[np.int32] = field(repr=False)

    def depth(self, name: str) -> Float32Array:
        """Depth (H, W) along the camera's +Z at the pixels' centres, metres; 0 where there is nothing."""
        c = self.cameras[name]
        return raster.visible(self.scene_vertices, self.scene_faces, c.k, c.cam_from_world, c.width, c.height)[
            1
        ].astype(np.float32)


def look_at(eye: Sequence[float] | FloatArray, target: Sequence[float] | FloatArray) -> FloatArray:
    """cam_from_world (3, 4) of a camera at `eye` that looks at `target`, the horizon level."""
    position = np.asarray(eye, float)
    forward = np.asarray(target, float) - position
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, (0, 1, 0))
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(forward, right), forward])
    return np.concatenate([rotation, (-rotation @ position)[:, None]], 1)


def intrinsics(width: int, height: int, focal_35mm: float = FOCAL_35MM) -> FloatArray:
    """K (3, 3) of square pixels; the focal length follows CIPA DCG-001, by the picture's diagonal."""
    f = focal_35mm / np.hypot(36, 24) * np.hypot(width, height)
    return np.array([[f, 0, width / 2], [0, f, height / 2], [0, 0, 1.0]])


def orbit(
    points: NDArray[np.floating],
    num_photos: int,
    width: int,
    height: int,
    *,
    fill: float = 0.86,
    arc_deg: float = 360,
    elevations_deg: Sequence[float] = (20, 32, 45, 32),
) -> list[Camera]:
    """Cameras all round (or on an arc about +Z), alternating between the elevations, each as near as the model fits
    `fill` of the frame.
    """
    k = intrinsics(width, height)
    centre = (points.min(0) + points.max(0)).astype(float) / 2
    cloud = points[:: max(1, len(points) // 4000)].astype(float)
    cameras = []
    for i in range(num_photos):
        azimuth = (
            2 * np.pi * i / num_photos if arc_deg >= 360 else np.radians(arc_deg) * (i / max(1, num_photos - 1) - 0.5)
        )
        elevation = np.radians(elevations_deg[i % len(elevations_deg)])
        away = np.array([np.cos(elevation) * np.sin(azimuth), np.sin(elevation), np.cos(elevation) * np.cos(azimuth)])
        near, far = 0.05, 60.0
        for _ in range(40):
            distance = (near + far) / 2
            cam = look_at(centre + away * distance, centre)
            seen = cloud @ cam[:, :3].T + cam[:, 3]
            z = np.maximum(seen[:, 2], 1e-6)
            span = np.maximum(
                np.abs(seen[:, 0] / z) * k[0, 0] / (width / 2), np.abs(seen[:, 1] / z) * k[1, 1] / (height / 2)
            ).max()
            if span > fill or seen[:, 2].min() < 0.05:
                near = distance
            else:
                far = distance
        cameras.append(Camera(k, look_at(centre + away * far, centre), width, height))
    return cameras


def mat(extent: float, *, seed: int, across_px: int = 2000) -> Model:
    """The studio's floor: a printed mat of random marks under the model, grey floor beyond. `extent` is the model's
    size in metres.
    """
    size, floor = 1.9 * extent, 14 * extent
    marks = quad((-size / 2, 0, size / 2), (size, 0, 0), (0, 0, -size), _printed(extent), step=extent / 12)
    around = quad(
        (-floor / 2, -0.001 * extent, floor / 2),
        (floor, 0, 0),
        (0, 0, -floor),
        plain("#8f9092", variation=0.05, scale=extent),
        step=extent / 6,
        density=0.12,
    )
    return build([marks, around], texel=1.9 * extent / across_px, seed=seed, atlas_width=across_px + 48)


def _printed(extent: float):  # type: ignore[no-untyped-def]
    def paint(x: Texels) -> Paint:
        tone = shaded(np.broadcast_to(rgb("#a3a6a5"), (*x.shape, 3)), (noise(x, extent / 8, 4), 0.04), (grain(x), 0.03))
        picture = np.ascontiguousarray(tone)
        h, w = x.shape
        inks = [rgb(c) for c in ("#2d2f33", "#f0efe9", "#3d4b57", "#6d4a3c", "#55606a")]
        for _ in range(900):
            centre = (int(x.rng.integers(w)), int(x.rng.integers(h)))
            ink = tuple(float(c) for c in inks[int(x.rng.integers(len(inks)))])
            reach = float(w * x.rng.uniform(0.003, 0.014))
            corners = int(x.rng.integers(3, 7))
            angles = np.sort(x.rng.random(corners)) * 2 * np.pi
            outline = np.stack([centre[0] + reach * np.cos(angles), centre[1] + reach * np.sin(angles)], -1)
            cv2.fillPoly(picture, [np.round(outline * 8).astype(np.int32)], ink, cv2.LINE_AA, 3)
        return Paint(picture.astype(np.float32), np.full(x.shape, 0.9, np.float32), np.zeros(x.shape, np.float32))

    return paint


@dataclass(frozen=True, slots=True)
class LitScene:
    """Models with their baked light, as one triangle soup for the camera."""

    models: tuple[Model, ...]
    radiance: tuple[Float32Array, ...]

    @staticmethod
    def lit(models: Sequence[Model], light: Light, *, seed: int = 0, cell: int = 5) -> LitScene:
        return LitScene(tuple(models), tuple(bake(models, light, seed=seed, cell=cell)))

    def triangles(self) -> tuple[Float32Array, NDArray[np.int32]]:
        vertices = np.concatenate([m.vertices for m in self.models])
        offsets = np.cumsum([0, *(len(m.vertices) for m in self.models)])
        return vertices, np.concatenate([m.faces + np.int32(o) for m, o in zip(self.models, offsets, strict=False)])

    def photograph(self, camera: Camera, *, samples: int = 2, background: str = "#9b9c9e") -> Float32Array:
        """Linear picture (H, W, 3), averaged over samples x samples per pixel."""
        vertices, faces = self.triangles()
        view = (camera.k, camera.cam_from_world)
        triangle, depth = raster.visible(vertices, faces, *view, camera.width, camera.height, samples)
        uv = raster.interpolated(
            triangle, depth, vertices, faces, np.concatenate([m.uv for m in self.models]), *view, samples
        )
        picture = np.empty((*triangle.shape, 3), np.float32)
        picture[:] = rgb(background)
        first = 0
        for model, radiance in zip(self.models, self.radiance, strict=True):
            width, height = model.atlas_size
            painted = cv2.remap(
                radiance,
                uv[..., 0] * np.float32(width) - np.float32(0.5),
                uv[..., 1] * np.float32(height) - np.float32(0.5),
                cv2.INTER_LINEAR,
            )
            np.copyto(picture, painted, where=((triangle >= first) & (triangle < first + len(model.faces)))[..., None])
            first += len(model.faces)
        return np.asarray(cv2.resize(picture, (camera.width, camera.height), interpolation=cv2.INTER_AREA), np.float32)


def developed(
    picture: Float32Array, *, exposure: float = 0.62, noise_level: float = 0.0, rng: np.random.Generator | None = None
) -> ByteArray:
    """sRGB bytes of a linear picture: sensor noise, a soft shoulder, the sRGB curve."""
    light = np.maximum(picture * np.float32(exposure), 0)
    if rng is not None and noise_level > 0:
        light = light + rng.standard_normal(light.shape, np.float32) * np.sqrt(light + np.float32(0.02)) * np.float32(
            noise_level
        )
        light = np.maximum(light, 0)
    shoulder = np.where(light > 0.7, 0.7 + 0.3 * (1 - np.exp(-(light - 0.7) / 0.3)), light)
    return np.asarray(np.clip(np.round(encoded(shoulder) * 255), 0, 255), np.uint8)


def save_photo(pixels: ByteArray, path: Path) -> None:
    """JPEG with the camera's EXIF, as a camera of half the full-frame diagonal would write it."""
    height, width = pixels.shape[:2]
    sensor_width_cm = np.hypot(36, 24) / CROP * width / np.hypot(width, height) / 10
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Longyao", "rendered", 1
    detail = exif.get_ifd(0x8769)
    detail[0x920A] = FOCAL_35MM / CROP  # FocalLength, mm
    detail[0xA405] = FOCAL_35MM  # FocalLengthIn35mmFilm
    detail[0xA20E] = detail[0xA20F] = round(float(width / sensor_width_cm), 3)  # FocalPlaneX/YResolution
    detail[0xA210] = 3  # per centimetre
    detail[0xA002], detail[0xA003] = width, height
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, "JPEG", quality=92, subsampling=0, exif=exif)


def photograph_model(
    model: Model,
    out: Path,
    *,
    num_photos: int,
    width: int,
    on_photo: Callable[[], object] | None = None,
    arc_deg: float = 360,
    mat_px: int = 2000,
    seed: int = 1,
) -> Truth:
    """Photographs of `model` (4:3) into `out`, and their truth; the same seed gives the same bytes.

    `on_photo` is called after each photograph.
    """
    extent = float(np.ptp(model.vertices, axis=0)[[0, 2]].max())
    stage = LitScene.lit([model, mat(extent, seed=seed, across_px=mat_px)], Light(), seed=seed)
    cameras = orbit(model.vertices, num_photos, width, round(width * 3 / 4), arc_deg=arc_deg)
    names = [f"photo-{i + 1:03d}.jpg" for i in range(num_photos)]
    for i, (name, camera) in enumerate(zip(names, cameras, strict=True)):
        pixels = developed(stage.photograph(camera), noise_level=0.006, rng=np.random.default_rng([seed, i]))
        save_photo(pixels, out / name)
        if on_photo is not None:
            on_photo()
    vertices, faces = stage.triangles()
    return Truth(dict(zip(names, cameras, strict=True)), model.vertices, model.faces, vertices, faces)
