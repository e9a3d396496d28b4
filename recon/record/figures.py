"""The figures of a reconstruction: what its quality comes to, in numbers that limits can be set for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from recon.geometry.bake import Textured
from recon.geometry.surface import face_areas
from recon.geometry.visibility import Occluders
from recon.record.facts import Facts
from recon.record.held_out import HeldOut, measure_held_out
from recon.types import FloatArray, SparseModel, TexturedMesh

Kind = Literal["share", "px", "mm", "count", "dB", "delta_e", "number"]

FIGURES: Mapping[str, Kind] = {
    "photos_placed_share": "share",  # of the photos that could be read
    "reprojection_px": "px",  # mean distance of where photos show a point from where it is
    "gsd_mm": "mm",  # ground sampling distance: a pixel of the nearest photo on the surface, median over the surface
    "texel_mm": "mm",  # a texel on the surface, median over the surface
    "measured_share": "share",  # of the surface, by photos or scans; the rest was filled
    "filled_share": "share",  # of the surface, closed by software
    "unseen_share": "share",  # of the surface, painted from its surroundings
    "measured_three_times_share": "share",  # of the surface, by three photos at least, or by a scan
    "deviation_mm": "mm",  # 95 of 100 measured points are nearer than this to the surface
    "noise_mm": "mm",  # standard deviation of the measured points, median
    "scale_check_mm": "mm",  # rms by which known lengths differ from what the others say
    "registration_mm": "mm",  # rms distance between overlapping scans
    "held_out_psnr_db": "dB",  # of photos kept from depth and texture, over the pixels that show the model, mean
    "held_out_ssim": "number",  # of the same pixels
    "held_out_coverage": "share",  # of these photos' pixels, those that show the model, mean
    "delta_e_before": "delta_e",  # CIEDE2000 of the colour charts' patches in the photos, mean
    "delta_e_after": "delta_e",  # the same, corrected as the texture is
    "delta_e_left_out": "delta_e",  # of each patch as the correction by all others leaves it, mean
    "triangles": "count",
}
"""What a profile can set limits for, and in what. Shares are 0..1. Lengths are known only of a model with scale."""

OF_PHOTOS = frozenset(
    {"photos_placed_share", "reprojection_px", "gsd_mm", "delta_e_before", "delta_e_after", "delta_e_left_out"}
)
OF_SCANS = frozenset({"registration_mm"})

Figures = Mapping[str, float | None]
"""A value for each of FIGURES; None where it is not known or does not apply."""

_SAMPLE = 100_000  # points whose distance from the surface is measured
_BINS = (0, 1, 2, 3, 5, 9)  # a class of coverage begins at each; the last has no end


@dataclass(frozen=True, slots=True)
class Measured:
    """What the surface itself says."""

    model: Textured
    measured_by: NDArray[np.int64]  # (F,) photos and scans that measured each face
    areas: FloatArray  # (F,) square units
    occluders: Occluders
    figures: Figures
    held_out: tuple[HeldOut, ...]
    cut_share: float  # of the measured points, those that have no surface beside them and do not count for deviation_mm

    @property
    def inapplicable(self) -> frozenset[str]:
        """What has no meaning for this model: figures of photos where there are none, of scans where no two overlap."""
        found = OF_PHOTOS if self.figures["photos_placed_share"] is None else frozenset()
        return found | OF_SCANS if self.figures["registration_mm"] is None else found

    def coverage(self) -> FloatArray:
        """(6,) share of the surface in each class of coverage: filled, 1, 2, 3 to 4, 5 to 8, 9 and more."""
        share = np.bincount(coverage_class(self.measured_by), self.areas, minlength=len(_BINS))
        return np.asarray(share / max(float(self.areas.sum()), 1e-30))


def coverage_class(measured_by: NDArray[np.integer]) -> NDArray[np.int64]:
    """The class (0..5) of numbers of photos and scans."""
    return np.asarray(np.searchsorted(_BINS, measured_by, side="right") - 1)


def measure(facts: Facts) -> Measured:
    """All figures, from what the stages have left; only distances and areas are computed anew."""
    textured = facts.textured
    mesh, model = textured.mesh, textured_model(textured)
    areas = face_areas(mesh.vertices, mesh.faces)
    measured_by = mesh.measured_by.astype(np.int64).sum(axis=1)
    occluders = Occluders(mesh.vertices, mesh.faces)
    often = (measured_by >= 3) | (mesh.num_scans > 0)
    sparse, mm = facts.sparse, 1000.0 if facts.metric else None
    tried = len(sparse.registered) + len(sparse.missing)
    check = facts.frame.scale_check_m
    rmse = None if sparse.surveyed is None else sparse.surveyed.rmse_m
    held_out = tuple(measure_held_out(facts, model, occluders))
    deviation, noise, cut_share = _deviation(facts, occluders)
    colours = textured.colours
    figures = {
        "photos_placed_share": len(sparse.registered) / tried if tried else None,
        "reprojection_px": float(sparse.reprojection_px) if sparse.registered else None,
        "gsd_mm": _times(ground_sampling_distance(sparse), mm),
        "texel_mm": _times(_texel(model, areas), mm),
        "measured_share": 1 - mesh.filled_share,
        "filled_share": mesh.filled_share,
        "unseen_share": textured.unseen_share,
        "measured_three_times_share": float(areas[often].sum() / max(float(areas.sum()), 1e-30)),
        "deviation_mm": _times(deviation, mm),
        "noise_mm": _times(noise, mm),
        "scale_check_mm": _times(check, mm),
        "registration_mm": _times(rmse, mm),
        "held_out_psnr_db": _mean([photo.psnr_db for photo in held_out]),
        "held_out_ssim": _mean([photo.ssim for photo in held_out]),
        "held_out_coverage": _mean([photo.coverage for photo in held_out]),
        "delta_e_before": None if colours is None else colours.before,
        "delta_e_after": None if colours is None else colours.after,
        "delta_e_left_out": None if colours is None else colours.left_out,
        "triangles": float(len(mesh.faces)),
    }
    assert figures.keys() == FIGURES.keys()
    return Measured(model, measured_by, areas, occluders, figures, held_out, cut_share)


def textured_model(textured: TexturedMesh) -> Textured:
    """With its pages read."""
    pages = tuple(np.asarray(cv2.imread(str(page), cv2.IMREAD_COLOR_RGB), np.uint8) for page in textured.atlases)
    return Textured(textured.mesh.vertices, textured.mesh.faces, textured.uv, textured.page, pages)


def ground_sampling_distance(sparse: SparseModel) -> float | None:
    """How long a pixel of the photo that sees a point finest is there, median over the points; world units."""
    finest = np.full(len(sparse.points), np.inf)
    for view, seen in zip(sparse.views, sparse.observations, strict=True):
        depth = sparse.points[seen] @ view.cam_from_world[2, :3] + view.cam_from_world[2, 3]
        there = depth > 0
        finest[seen[there]] = np.minimum(finest[seen[there]], depth[there] / view.k[0, 0])
    known = finest[np.isfinite(finest)]
    return float(np.median(known)) if len(known) else None


def _texel(model: Textured, areas: FloatArray) -> float | None:
    """The side of a texel on the surface, world units; half of the surface has smaller ones."""
    texels = model.texels()
    painted = (texels > 0) & (areas > 0)
    if not painted.any():
        return None
    side, area = np.sqrt(areas[painted] / texels[painted]), areas[painted]
    order = np.argsort(side)
    total = np.cumsum(area[order])
    return float(side[order][np.searchsorted(total, total[-1] / 2)])


def _deviation(facts: Facts, occluders: Occluders) -> tuple[float | None, float | None, float]:
    """How far measured points lie from the surface (95 %), how noisy they are (median), both in world units, and the
    share of points that do not count.

    Where the surface was cut away points are left without it; those farther than 20 times the median are taken for
    such.
    """
    points = facts.cloud.sample(_SAMPLE)
    points = points.only((points.num_views > 0) | (points.num_scans > 0))
    if not len(points):
        return None, None, 0.0
    distance = occluders.distance(points.points)
    near = distance <= 20 * max(float(np.median(distance)), 1e-12)
    return float(np.percentile(distance[near], 95)), float(np.median(points.sigma)), float(1 - near.mean())


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor
