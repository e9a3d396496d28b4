"""How near surfaces of scans, of photos and of both come to a workshop made in code, and how much of it they hold.

Eight scans of unknown poses give the whole bay. Then two of them, which see some crates from one side, and photos that
go round the crates: each alone, and both in one model, judged around the crates and in all of the bay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import open3d as o3d
from fscore import Score, fitted, sampled, scene_of
from numpy.typing import NDArray
from scanned import Scanned, scanned
from truth import rigid

from recon.modelling import workshop
from recon.modelling.light_baking import Light
from recon.modelling.model import build
from recon.modelling.scanner import Scanner
from recon.modelling.studio import Camera, LitScene, developed, orbit, save_photo
from recon.modelling.surfaces import quad
from recon.pipeline import from_both, from_photos, from_scans
from recon.pipeline.run import started
from recon.stages import join, mesh
from recon.types import Mesh, PlacedScans, SparseModel

LIMIT_M = 0.01
STEEPEST_DEG = 78.0  # from its normal, at which a surface still counts as seen
SAMPLES = 400_000
LOW, HIGH = np.array([0.9, -0.02, 1.4]), np.array([3.2, 1.5, 3.3])  # a box around the crates
FLOOR = 5.0  # m, side of what the photos show of it
NEAR = (2, 4)  # stations that see the crates from the middle of the bay
PHOTOS, WIDTH, TEXEL = 28, 960, 0.0025

Points = NDArray[np.floating[Any]]
FloatArray = NDArray[np.float64]


def surfaced(scratch: Path, step_deg: float = 0.3) -> Iterator[dict[str, object]]:
    """A row for each model: accuracy, completeness and F at 1 cm."""
    (scratch / "scans").mkdir(parents=True)
    shop = scanned(scratch / "scans", count=8, scanner=Scanner(step_deg=step_deg))
    scanners = shop.world_from_scan[:, :3, 3]
    with started(scratch / "scans", scratch / "whole", from_scans.STAGES, preset="room", settings=()) as run:
        seen, (cloud, key) = from_scans.cleaned(run, scratch / "scans")
        made = run.step(mesh, (cloud.cloud, key), seen)[0]
        yield _row(
            "eight scans, the bay", _Judge(shop, scanners).score(made, _by_scans(run.workspace.load("register"), shop))
        )
    both = scratch / "both"
    both.mkdir()
    for number in NEAR:
        (both / f"station{number + 1}.ply").hardlink_to(scratch / "scans" / f"station{number + 1}.ply")
    cameras = _photograph(shop, both)
    with started(both, scratch / "work", from_both.STAGES, preset="room", settings=()) as run:
        seen, clean = from_scans.cleaned(run, both)
        _, placed, fused = from_photos.fused(run, both)
        joined, key = run.step(join, fused, placed, clean, seen)
        viewpoints = [*scanners[list(NEAR)], *(camera.centre for camera in cameras.values())]
        judges = {"crates": _Judge(shop, np.array(viewpoints), LOW, HIGH), "bay": _Judge(shop, np.array(viewpoints))}
        by_scans = _by_scans(run.workspace.load("register"), shop)
        for name, inputs, truth_from_world in (
            ("two scans and photos", ((joined.cloud, key), (joined.sparse, key)), by_scans),
            ("the two scans", ((clean[0].cloud, clean[1]), seen), by_scans),
            (f"the {PHOTOS} photos", (fused, placed), _by_cameras(placed[0], cameras, shop)),
        ):
            made = run.step(mesh, *inputs)[0]
            for where, judge in judges.items():
                yield _row(f"{name}, {where}", judge.score(made, truth_from_world))


class _Judge:
    """The true surface inside a box, as far as it is seen from somewhere."""

    def __init__(self, shop: Scanned, viewpoints: Points, low: Points | float = -np.inf, high: Points | float = np.inf):
        faces = shop.scene.faces.astype(np.int32)
        self.scene = scene_of(shop.scene.vertices, faces)
        self.low, self.high = low, high
        points, normals, _ = sampled(shop.scene.vertices, faces, SAMPLES)
        inside = self._inside(points)
        points, normals = points[inside], normals[inside]
        seen = np.zeros(len(points), bool)
        for viewpoint in viewpoints:
            ray = points - viewpoint
            steep = np.abs(np.einsum("ni,ni->n", ray, normals)) < np.cos(np.radians(STEEPEST_DEG)) * np.linalg.norm(
                ray, axis=1
            )
            rays = np.concatenate([np.broadcast_to(viewpoint, ray.shape), ray], 1).astype(np.float32)
            seen |= ~steep & (self.scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy() > 1 - 1e-3)
        self.points = points[seen]

    def score(self, made: Mesh, truth_from_world: FloatArray) -> Score:
        """Of what was measured; what was filled counts as not there."""
        vertices = made.vertices @ truth_from_world[:3, :3].T + truth_from_world[:3, 3]
        faces = made.faces[made.measured_by.any(axis=1)]
        points = sampled(vertices, faces, SAMPLES)[0]
        off = _off(self.scene, points[self._inside(points)])
        gap = _off(scene_of(vertices, faces), self.points)
        return Score(float((off < LIMIT_M).mean()), float((gap < LIMIT_M).mean()))

    def _inside(self, points: Points) -> NDArray[np.bool_]:
        return np.asarray(((points > self.low) & (points < self.high)).all(axis=1))


def _off(scene: Any, points: Points) -> Points:
    return np.asarray(scene.compute_distance(o3d.core.Tensor(points.astype(np.float32))).numpy())


def _by_scans(placed: PlacedScans, shop: Scanned) -> FloatArray:
    """truth_from_world (4, 4): the frames of the scanners upon one another."""
    true = {scan.name: pose for scan, pose in zip(shop.scans.scans, shop.world_from_scan, strict=True)}
    corners = np.concatenate([np.zeros((1, 3)), 5 * np.eye(3)])
    poses = [(pose, true[scan.name]) for scan, pose in zip(placed.scans, placed.world_from_scan, strict=True)]
    ours, theirs = (
        np.concatenate([corners @ p[:3, :3].T + p[:3, 3] for p in side]) for side in zip(*poses, strict=True)
    )
    return rigid(ours, theirs)


def _by_cameras(placed: SparseModel, cameras: Mapping[str, Camera], shop: Scanned) -> FloatArray:
    """truth_from_world (4, 4) with its scale: the cameras upon one another, then the points upon the surface."""
    theirs = np.array([cameras[view.name].centre for view in placed.views])
    ours = np.array([view.centre for view in placed.views])
    scale = float(np.linalg.norm(theirs - theirs.mean(0)) / np.linalg.norm(ours - ours.mean(0)))
    start = rigid(ours * scale, theirs) @ np.diag([scale, scale, scale, 1])
    found = fitted(placed.points, shop.scene.vertices, shop.scene.faces.astype(np.int32), start)
    return np.asarray(found, np.float64)


def _photograph(shop: Scanned, out: Path) -> dict[str, Camera]:
    """Photos all round the crates and the floor that they stand on; what else there is does not hide them."""
    crates = [
        patch
        for patch in shop.shop.patches
        if (patch.grid.min((0, 1)) > LOW - 0.1).all() and (patch.grid.max((0, 1)) < HIGH + 0.1).all()
    ]
    x, _, z = (LOW + HIGH) / 2
    floor = quad((x - FLOOR / 2, 0, z + FLOOR / 2), (FLOOR, 0, 0), (0, 0, -FLOOR), workshop.concrete(), step=0.5)
    model = build([*crates, floor], texel=TEXEL, seed=3)
    lit = LitScene.lit([model], Light(), seed=3)
    of_crates = np.concatenate([patch.grid.reshape(-1, 3) for patch in crates])
    cameras = orbit(of_crates, PHOTOS, WIDTH, WIDTH * 3 // 4, fill=0.75)
    named = {f"photo-{number + 1:02d}.jpg": camera for number, camera in enumerate(cameras)}
    for number, (name, camera) in enumerate(named.items()):
        noise = np.random.default_rng([3, number])
        save_photo(developed(lit.photograph(camera), noise_level=0.006, rng=noise), out / name)
    return named


def _row(name: str, score: Score) -> dict[str, object]:
    print(f"{name:30s} accuracy {score.accuracy:.3f}  complete {score.completeness:.3f}  F {score.f:.3f} at 1 cm")
    return {
        "run": "scans surface",
        "set_of": name,
        "accuracy_1cm": round(score.accuracy, 4),
        "completeness_1cm": round(score.completeness, 4),
        "f_1cm": round(score.f, 4),
    }
