"""Photos that were placed but kept from depth and texture: what the model shows in their place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pycolmap

from recon.geometry.bake import Textured
from recon.geometry.picture_fit import picture_fit
from recon.geometry.visibility import Occluders
from recon.record.facts import Facts
from recon.types import ByteArray

_SIDE = 1024  # px; held-out photos are judged at this size
_FEWEST_PIXELS = 1000  # of the model in the photo; fewer say nothing


@dataclass(frozen=True, slots=True)
class HeldOut:
    name: str
    coverage: float  # share of the photo's pixels that show the model
    psnr_db: float | None  # over these pixels; None where there are too few
    ssim: float | None
    photo: ByteArray  # (H, W, 3) RGB, undistorted
    rendered: ByteArray  # the same view of the model, its exposure fitted; white where it is not


def measure_held_out(facts: Facts, model: Textured, occluders: Occluders) -> list[HeldOut]:
    names = set(facts.sparse.held_out)
    if not names or facts.photos is None or facts.sparse.folder is None:
        return []
    cameras = pycolmap.Reconstruction(facts.sparse.folder)
    paths = {photo.name: photo.path for photo in facts.photos}
    images = sorted((i for i in cameras.images.values() if i.has_pose and i.name in names), key=lambda i: i.name)
    corrected = facts.textured.colours is not None
    return [
        _measure(image, pycolmap.Bitmap.read(paths[image.name], True), model, occluders, corrected) for image in images
    ]


def _measure(
    image: pycolmap.Image, picture: pycolmap.Bitmap, model: Textured, occluders: Occluders, corrected: bool
) -> HeldOut:
    options = pycolmap.UndistortCameraOptions()
    options.max_image_size = _SIDE
    flat, camera = pycolmap.undistort_image(options, picture, image.camera)
    photo = np.asarray(flat.to_array(), np.float32)
    pose = image.cam_from_world().matrix()
    _, face, weights = occluders.picture(camera.calibration_matrix(), pose, camera.width, camera.height)
    seen = face >= 0
    rendered = np.full((*face.shape, 3), 255, np.float32)
    if seen.sum() < _FEWEST_PIXELS:
        return HeldOut(image.name, float(seen.mean()), None, None, _bytes(photo), _bytes(rendered))
    pixel = float(model.texels()[np.unique(face[seen])].sum() / seen.sum())  # texels of a pixel
    while pixel > 4:
        model, pixel = model.halved(), pixel / 4
    rendered[seen] = model.colors(face[seen], weights[seen])
    fit = picture_fit(rendered, photo, seen, mixed=corrected)
    shown = np.where(seen[..., None], fit.fitted, 255)
    return HeldOut(image.name, float(seen.mean()), fit.psnr_db, fit.ssim, _bytes(photo), _bytes(shown))


def _bytes(picture: np.ndarray) -> ByteArray:
    return np.asarray(np.clip(np.rint(picture), 0, 255), np.uint8)
