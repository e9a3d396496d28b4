"""Films of moving models: each frame is posed by the model's motion, lit and rendered, and written as WebM (VP9)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.errors import BadOptions
from recon.modelling import raster
from recon.modelling.light_baking import sky_and_sun_visibility
from recon.modelling.model import Model
from recon.modelling.portrait import PORCELAIN, SOFT, room, texture_at, white_ground
from recon.modelling.studio import Camera, developed

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
TRACK_UID = b"\x73\xc5\x88"  # Matroska's element of 8 random bytes, and its length


class FilmScene:
    """A model on a white floor, to be rendered at any instant of its motion. Shadows are those of the rest pose."""

    def __init__(self, model: Model):
        self.model = model
        self.ground = white_ground(float(np.ptp(model.vertices, axis=0).max()))
        self.vertices = np.concatenate([model.vertices, self.ground.vertices]).astype(float)
        self.faces = np.concatenate([model.faces, self.ground.faces + np.int32(len(model.vertices))])
        self.carried = np.concatenate([model.uv, self.ground.uv])
        sky, sun = sky_and_sun_visibility([model, self.ground], SOFT)
        charts = model.charts
        bare = [np.broadcast_to(np.float32(c.paint.metallic), c.shape)[..., None] for c in charts]
        layers = [np.concatenate([c.normal, c.paint.color], -1) for c in charts]
        rough = [np.concatenate([c.paint.roughness[..., None], b], -1) for c, b in zip(charts, bare, strict=True)]
        surface, gloss = model.atlas(layers), model.atlas(rough)
        light = np.stack([sky[0], sun[0]], -1)
        maps = (surface[..., :3], surface[..., 3:], np.concatenate([gloss, light], -1))  # OpenCV takes four channels
        self.maps = tuple(np.ascontiguousarray(m) for m in maps)
        self.shade = np.asarray(0.35 * sun[1] + 0.65 * sky[1], np.float32)
        of_chart = np.repeat(np.arange(len(model.grids)), [r * c for _, r, c in model.grids])
        names = list(dict.fromkeys(model.nodes))
        self.names = names
        self.node_of_vertex = np.array([names.index(n) for n in model.nodes])[of_chart]

    def instants(self, step: int) -> range:
        """Every `step`th instant of the motion's cycle."""
        if self.model.motion is None:
            raise BadOptions("film_still")
        return range(0, self.model.motion.samples, step)

    def frame(self, camera: Camera, instant: int, *, samples: int = 2) -> ByteArray:
        """The picture (H, W, 3), RGB, at one of the motion's instants."""
        motion = self.model.motion
        moved = self.vertices.copy()
        turns = np.stack([motion.pose(name, instant) if motion else np.eye(3, 4) for name in self.names])
        of_model = moved[: len(self.model.vertices)]
        turn = turns[self.node_of_vertex]
        of_model[:] = np.einsum("vij,vj->vi", turn[:, :, :3], of_model) + turn[:, :, 3]
        view = (camera.k, camera.cam_from_world)
        triangle, depth = raster.visible(moved, self.faces, *view, camera.width, camera.height, samples)
        values = np.concatenate([self.carried, moved], 1)
        seen = raster.interpolated(triangle, depth, moved, self.faces, values, *view, samples)
        on_model = (triangle >= 0) & (triangle < len(self.model.faces))
        ground = triangle >= len(self.model.faces)
        paper = np.array([int(PORCELAIN[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
        shade = np.clip(texture_at(self.ground, self.shade, seen) / np.percentile(self.shade, 90), 0, 1)
        picture = paper * np.where(ground, shade, 1.0)[..., None].astype(np.float32) ** np.float32(0.45)
        node = self.node_of_vertex[self.faces[triangle[on_model], 0]]
        surface = [texture_at(self.model, part, seen)[on_model] for part in self.maps]
        lit = _lit(surface, seen[on_model][:, 2:5], turns[node, :, :3], camera)
        picture[on_model] = developed(lit[None], exposure=0.64)[0]
        size = (camera.width, camera.height)
        small = cv2.resize(picture.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), 0.55)  # as a lens draws; it also spares the encoder the finest grain
        return np.asarray(np.round(soft), np.uint8)


def _lit(
    surface: list[Float32Array], position: Float32Array, turn: NDArray[np.float64], camera: Camera
) -> Float32Array:
    """Radiance (N, 3) of surface points: normal at rest, colour, (roughness, metallic, sky, sun); `turn` (N, 3, 3)."""
    normal = np.einsum("nij,nj->ni", turn, surface[0]).astype(np.float32)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    color, (rough, bare, sky, sun) = surface[1], np.split(surface[2], 4, axis=1)
    to_sun = -np.asarray(SOFT.direction, np.float32)
    to_sun /= np.linalg.norm(to_sun)
    upward = 0.5 + 0.5 * normal[:, 1:2]
    ambient = np.asarray(SOFT.ground, np.float32) * (1 - upward) + np.asarray(SOFT.sky, np.float32) * upward
    key = np.clip(normal @ to_sun, 0, 1)[:, None] * sun * np.asarray(SOFT.key, np.float32)
    view = camera.centre.astype(np.float32) - position
    view /= np.linalg.norm(view, axis=1, keepdims=True)
    facing = np.clip((normal * view).sum(1, keepdims=True), 0, 1)
    mirrored = 2 * facing * normal - view
    head_on = 0.045 * (1 - bare) + color * bare
    fresnel = head_on + (1 - head_on) * (1 - facing) ** 5 * (1 - rough)
    dulled = (1 - rough) ** 2 * (1 - bare) + bare
    shine = fresnel * dulled * room(mirrored, rough[:, 0]) * (0.25 + 0.75 * sky)
    return np.asarray(color * (1 - bare) * (key + ambient * sky) + shine, np.float32)


def write_webm(path: Path, frames: Sequence[ByteArray], *, per_second: int, segment: int, rounds: int = 1) -> None:
    """VP9 video of RGB frames, played `rounds` times over; the same frames give the same bytes.

    OpenCV's encoder wastes more bits the longer a film is. So each `segment` of frames is encoded as a film of its own,
    and the packets are joined. Raises BadOptions where OpenCV cannot write VP9.
    """
    if len(frames) % segment:
        raise ValueError("write_webm: the frames must be whole segments")
    packets: list[ByteArray] = []
    with TemporaryDirectory() as folder:
        for i in range(0, len(frames), segment):
            part = Path(folder) / f"{i}.webm"
            _encode(part, [np.ascontiguousarray(f[..., ::-1]) for f in frames[i : i + segment]], frames[0], per_second)
            packets += _packets(part)
    as_they_are = [cv2.VIDEOWRITER_PROP_RAW_VIDEO, 1, cv2.VIDEOWRITER_PROP_KEY_INTERVAL, segment]
    _encode(path, packets * rounds, frames[0], per_second, as_they_are)
    data = bytearray(path.read_bytes())
    track = bytes(data[(at := data.index(TRACK_UID) + len(TRACK_UID)) : at + 8])  # random; its tags name it again
    steady = hashlib.sha256(data.replace(track, bytes(8))).digest()[:8]
    path.write_bytes(data.replace(track, steady))


def _encode(
    path: Path, pieces: Sequence[ByteArray], like: ByteArray, per_second: int, settings: Sequence[int] = ()
) -> None:
    code = cv2.VideoWriter.fourcc(*"VP90")
    with _quiet():
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, per_second, like.shape[1::-1], list(settings))
    if not writer.isOpened():
        raise BadOptions("no_vp9")
    for piece in pieces:
        writer.write(piece)
    writer.release()


def _packets(path: Path) -> list[ByteArray]:
    """A film's encoded frames."""
    reader = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    found = []
    while (read := reader.read())[0]:
        found.append(np.asarray(read[1], np.uint8).copy())
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Hides what FFmpeg's C code prints on standard error about a tag that WebM does not need."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
