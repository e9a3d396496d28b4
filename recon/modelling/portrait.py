"""Pictures of models on porcelain white, for thumbnails."""

from __future__ import annotations

import cv2
import numpy as np
import open3d as o3d
from numpy.typing import NDArray

from recon.modelling import raster
from recon.modelling.light_baking import Light, bake, scene_of
from recon.modelling.model import Model, build
from recon.modelling.studio import Camera, developed, intrinsics, look_at
from recon.modelling.surfaces import quad
from recon.modelling.textures import Paint, Texels, rgb

Float32Array = NDArray[np.float32]
PORCELAIN = "#f6f4ef"
SOFT = Light(
    direction=(-0.55, -0.75, -0.45),
    spread_deg=16,
    key=(1.35, 1.31, 1.23),
    sky=(0.86, 0.90, 0.96),
    ground=(0.62, 0.60, 0.57),
)


def portrait(
    model: Model,
    size: int,
    *,
    azimuth_deg: float = 32,
    elevation_deg: float = 17,
    fill: float = 0.78,
    samples: int = 2,
    background: str = PORCELAIN,
) -> NDArray[np.uint8]:
    """A square picture (size, size, 3) with glaze reflections and a soft shadow that ends in the background."""
    extent = float(np.ptp(model.vertices, axis=0).max())
    ground = white_ground(extent)
    models = [model, ground]
    radiance = bake(models, SOFT, cell=6, sky_rays=40, sun_rays=16)
    camera = framing(model.vertices, size, size, azimuth_deg, elevation_deg, fill)
    vertices = np.concatenate([model.vertices, ground.vertices])
    faces = np.concatenate([model.faces, ground.faces + np.int32(len(model.vertices))])
    view = (camera.k, camera.cam_from_world)
    triangle, depth = raster.visible(vertices, faces, *view, size, size, samples)
    carried = np.concatenate([np.concatenate([m.uv, m.vertices], 1) for m in models])
    seen = raster.interpolated(triangle, depth, vertices, faces, carried, *view, samples)
    of_model = (triangle >= 0) & (triangle < len(model.faces))
    bare = model.atlas([np.broadcast_to(np.float32(c.paint.metallic), c.shape) for c in model.charts])
    lit = texture_at(model, radiance[0] * (1 - bare[..., None]), seen)
    lit += _reflections(model, seen, of_model, camera, bare)
    picture = developed(lit, exposure=0.64).astype(np.float32)
    shade = texture_at(ground, radiance[1], seen).mean(-1)
    shade = (
        np.clip(shade / np.percentile(shade[(triangle >= len(model.faces))], 98), 0, 1)
        if (triangle >= len(model.faces)).any()
        else shade
    )
    shade = np.where(triangle >= len(model.faces), shade, 1.0)[..., None].astype(np.float32)
    paper = np.array([int(background[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
    picture = np.where(of_model[..., None], picture, paper * shade ** np.float32(0.45))
    return np.asarray(
        np.round(cv2.resize(picture.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA)), np.uint8
    )


def white_ground(extent: float) -> Model:
    def paint(x: Texels) -> Paint:
        return Paint(
            np.full((*x.shape, 3), 0.8, np.float32), np.full(x.shape, 0.9, np.float32), np.zeros(x.shape, np.float32)
        )

    reach = 8 * extent
    return build(
        [quad((-reach / 2, 0, reach / 2), (reach, 0, 0), (0, 0, -reach), paint, step=extent / 4)],
        texel=reach / 900,
        seed=0,
        atlas_width=1024,
    )


def framing(
    points: NDArray[np.floating], width: int, height: int, azimuth_deg: float, elevation_deg: float, fill: float
) -> Camera:
    """A camera that looks at the points (N, 3) from a side, as near as they fit `fill` of the picture."""
    k = intrinsics(width, height, 75)
    cloud = points[:: max(1, len(points) // 6000)].astype(float)
    target = (cloud.min(0) + cloud.max(0)) / 2
    a, e = np.radians(azimuth_deg), np.radians(elevation_deg)
    away = np.array([np.cos(e) * np.sin(a), np.sin(e), np.cos(e) * np.cos(a)])
    distance = 3 * float(np.linalg.norm(np.ptp(cloud, axis=0)))
    for _ in range(12):
        cam = look_at(target + away * distance, target)
        seen = cloud @ cam[:, :3].T + cam[:, 3]
        u, v = seen[:, 0] / seen[:, 2] * k[0, 0], seen[:, 1] / seen[:, 2] * k[1, 1]
        target = (
            target
            + cam[0, :3] * (u.max() + u.min()) / 2 / k[0, 0] * distance
            + cam[1, :3] * (v.max() + v.min()) / 2 / k[1, 1] * distance
        )
        distance *= max(float(np.ptp(u)) / (fill * width), float(np.ptp(v)) / (fill * height))
    return Camera(k, look_at(target + away * distance, target), width, height)


def texture_at(model: Model, values: Float32Array, seen: Float32Array) -> Float32Array:
    w, h = model.atlas_size
    return np.asarray(
        cv2.remap(
            values,
            seen[..., 0] * np.float32(w) - np.float32(0.5),
            seen[..., 1] * np.float32(h) - np.float32(0.5),
            cv2.INTER_LINEAR,
        ),
        np.float32,
    )


def _reflections(
    model: Model, seen: Float32Array, where: NDArray[np.bool_], camera: Camera, bare: Float32Array
) -> Float32Array:
    """Reflections of the soft boxes in glaze and metal, blurred by roughness; the model occludes its own reflections.

    Schlick's Fresnel term, with F0 0.045 or the metal's colour.
    """
    normal_map = model.atlas([c.normal for c in model.charts])
    rough_map = model.atlas([c.paint.roughness for c in model.charts])
    normal = texture_at(model, normal_map, seen)[where]
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    rough = texture_at(model, rough_map, seen)[where]
    position = seen[..., 2:5][where]
    view = camera.centre.astype(np.float32) - position
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    facing = np.clip((normal * view).sum(1), 0, 1)
    mirrored = 2 * facing[:, None] * normal - view
    rays = np.concatenate([position + normal * np.float32(0.0015), mirrored], 1).astype(np.float32)
    clear = ~scene_of([model]).test_occlusions(o3d.core.Tensor(rays)).numpy()
    metal = texture_at(model, bare, seen)[where][:, None]
    color = texture_at(model, model.atlas([c.paint.color for c in model.charts]), seen)[where]
    head_on = 0.045 * (1 - metal) + color * metal
    fresnel = head_on + (1 - head_on) * ((1 - facing) ** 5 * (1 - rough))[:, None]
    dulled = (1 - rough)[:, None] ** 2 * (1 - metal) + metal
    out = np.zeros((*where.shape, 3), np.float32)
    out[where] = fresnel * dulled * room(mirrored, rough) * (0.25 + 0.75 * clear[:, None])
    return out


def room(direction: Float32Array, rough: Float32Array) -> Float32Array:
    """Radiance of the studio seen along `direction` (N, 3): pale walls, a window-like soft box left and a strip
    right.
    """
    up = direction[:, 1]
    walls = np.where(up > 0, 0.75 + 0.4 * up, 0.55 + 0.2 * up)[:, None] * rgb("#f2f1ee")
    azimuth = np.arctan2(direction[:, 0], direction[:, 2])
    height = np.arcsin(np.clip(up, -1, 1))
    edge = 0.02 + 0.5 * rough

    def soft_box(a: float, h: float, wide: float, tall: float) -> NDArray[np.floating]:
        da = np.abs((azimuth - a + np.pi) % (2 * np.pi) - np.pi) - wide
        dh = np.abs(height - h) - tall
        return np.asarray(np.clip(0.5 - np.maximum(da, dh) / (2 * edge), 0, 1))

    boxes = 30 * soft_box(1.15, 0.72, 0.20, 0.24) + 9 * soft_box(-0.55, 0.35, 0.05, 0.42)
    spread = 0.26 / (0.26 + edge) * 0.22 / (0.22 + edge) * 1.2  # a rougher surface mirrors a wider, dimmer box
    return (walls + (boxes * spread)[:, None] * rgb("#fffaf0")).astype(np.float32)
