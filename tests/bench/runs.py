"""The runs of scripts/bench: each prints a table and gives rows for bench.csv."""

from __future__ import annotations

import io
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import fscore
import ledger
import numpy as np
import synthetic
from numpy.typing import NDArray
from PIL import Image
from seams import seam_steps
from truth import rigid

from recon import build, stages
from recon.formats.glb import Part
from recon.formats.glb_reader import read_glb
from recon.modelling.studio import Truth
from recon.options import Options
from recon.progress import Silent
from recon.provenance import Provenance
from recon.types import SparseModel, Targets
from recon.workspace import Workspace

Row = dict[str, Any]
PHOTO_FIT = Path("shared/bench/photo_fit.py")  # beside the checkout, where it is at hand

ROOT = Path(__file__).parents[2]
SAME_MODEL = "mesh.max_triangles=60000"

# What each ingredient buys: only what differs from the first line.
INGREDIENTS: dict[str, tuple[str, ...]] = {
    "all of it": (),
    "no sweep seed": ("depth.sweep=false",),
    "no planar prior": ("depth.planar_prior=false",),
    "no geometric consistency": ("depth.consistency=false",),
    "4 neighbours": ("depth.neighbours=4",),
    "16 neighbours": ("depth.neighbours=16",),
}


def truth(scratch: Path, preset: str, settings: Sequence[str]) -> Iterator[Row]:
    """The whole journey of rendered photos whose truth is exact."""
    work, shown = _hard_photos(scratch)
    build(scratch / "photos", work, preset=preset, settings=[*_metres(shown), *settings])
    workspace = Workspace(work)
    surface = _true_surface(shown, workspace.load("align"))
    scores = {
        "depth": surface.depth(workspace.load("depth")),
        "cloud": surface.cloud(workspace.load("dense").load().points),
        "mesh": surface.mesh(workspace.load("mesh")),
    }
    print(fscore.table(scores))
    row = ledger.costs(work)
    print(ledger.printed(row))
    row |= _seams(work)
    for product, score in scores.items():
        row |= fscore.columns(product, score)
    yield {"run": "truth", **row}


def ingredients(scratch: Path, preset: str, settings: Sequence[str]) -> Iterator[Row]:
    """Depth, cloud and mesh of the same cameras, with and without each ingredient."""
    _, shown = _hard_photos(scratch)
    placed = _solved(scratch, Options.gather(preset, None, [*_metres(shown), *settings]))
    surface = _true_surface(shown, placed)
    head = "".join(f"{f'{what} F {px} px':>15}" for what in ("depth", "cloud", "mesh") for px in fscore.FOOTPRINTS)
    print(f"{'':28}{'CPU s':>7}{head}")
    for name, change in INGREDIENTS.items():
        options = Options.gather(preset, None, [*settings, *change])
        row: Row = {"run": "ingredients", "ingredient": name}
        provenance = Provenance(scratch / "journey.json", source=scratch, preset=preset)
        places = {stage: scratch / name / stage for stage in ("depth", "dense", "mesh")}
        for place in places.values():
            place.mkdir(parents=True)
        with provenance.stage("depth", number=0, options=options.depth, inputs=[]):
            depths = stages.depth.build(placed, options.depth, scratch=places["depth"], progress=Silent())
        cloud = stages.dense.build(depths, options.dense, scratch=places["dense"], progress=Silent())
        solid = stages.mesh.build(cloud, placed, options.mesh, scratch=places["mesh"], progress=Silent())
        scores = {
            "depth": surface.depth(depths),
            "cloud": surface.cloud(cloud.load().points),
            "mesh": surface.mesh(solid),
        }
        row["depth_cpu_s"] = provenance.record["stages"]["depth"]["cpu_seconds"]
        for product, score in scores.items():
            row |= fscore.columns(product, score)
        cells = "".join(f"{s['all', px].f:15.3f}" for s in scores.values() for px in fscore.FOOTPRINTS)
        print(f"{name:28}{row['depth_cpu_s']:7.0f}{cells}", flush=True)
        shutil.rmtree(scratch / name)
        yield row


def scaling(scratch: Path, preset: str, settings: Sequence[str], counts: Sequence[int]) -> Iterator[Row]:
    """The whole journey of more and more photos of one thing: how cost grows with their number.

    Each in a process of its own, as a user runs it. The model is no finer with more photos: of photos this small the
    fewest already show more points than its triangles can.
    """
    rows: list[Row] = []
    for count in counts:
        folder, work = scratch.absolute() / f"photos-{count}", scratch.absolute() / f"work-{count}"
        synthetic.photograph(synthetic.brick_relief(), folder, num_photos=count, width=256, arc_deg=360)
        chosen = [word for setting in (SAME_MODEL, *settings) for word in ("--set", setting)]
        command = [sys.executable, "-m", "recon", "build", folder, "--work", work, "--preset", preset, *chosen]
        subprocess.run([*map(str, command)], check=True, capture_output=True, cwd=ROOT)
        rows.append({"run": "scaling", **ledger.costs(scratch / f"work-{count}")})
        shutil.rmtree(scratch / f"work-{count}")
        print(f"{count} photos: {rows[-1]['cpu_s']:.0f} CPU s, {rows[-1]['peak_mb']:.0f} MB", flush=True)
        yield rows[-1]
    parts = [key for key in rows[0] if key.endswith("cpu_s")]
    print(f"{'stage':10}" + "".join(f"{n:>9}" for n in counts) + f"{'exponent':>10}")
    for part in sorted(parts, key=lambda p: p == "cpu_s"):
        seconds = [row[part] for row in rows]
        exponent = math.log(max(seconds[-1], 0.1) / max(seconds[0], 0.1)) / math.log(counts[-1] / counts[0])
        name = "in all" if part == "cpu_s" else part.removesuffix("_cpu_s")
        print(f"{name:10}" + "".join(f"{s:9.1f}" for s in seconds) + f"{exponent:10.2f}")
    for part in (*(p.replace("cpu_s", "peak_mb") for p in parts if p != "cpu_s"), "peak_mb"):
        name = "most" if part == "peak_mb" else part.removesuffix("_peak_mb")
        print(f"{f'{name} MB':10}" + "".join(f"{row[part]:9.0f}" for row in rows))


def photos(
    source: Path, scratch: Path, preset: str, settings: Sequence[str], *, width: int, hold_out: Sequence[str]
) -> Iterator[Row]:
    """The whole journey of a folder of photos; with photos held out, how well the model shows those."""
    folder = shrunk(source, scratch / "photos", width) if width else source
    work = scratch / "work"
    build(folder, work, preset=preset, settings=settings, hold_out=hold_out)
    row = ledger.costs(work)
    print(ledger.printed(row))
    row |= _seams(work)
    if hold_out:
        row |= _photo_fit(work, folder, hold_out)
    yield {"run": source.parent.name if source.name == "images" else source.name, **row}


def seams(work: Path) -> Iterator[Row]:
    """How visible the seams of a finished workspace's texture are."""
    yield {"run": "seams", **_seams(work)}


def _page(part: Part) -> NDArray[np.uint8]:
    """The texture of a part of the master, (height, width, 3)."""
    assert part.material is not None
    assert part.material.base_color_texture is not None
    return np.asarray(Image.open(io.BytesIO(part.material.base_color_texture.data)).convert("RGB"))


def _seams(work: Path) -> Row:
    parts = [p for p in read_glb(work / "texture" / "master.glb").parts if p.uv is not None]
    pages = [_page(p) for p in parts]
    corners = np.concatenate([p.positions[p.faces].reshape(-1, 3) for p in parts])
    vertices, index = np.unique(corners, axis=0, return_inverse=True)  # glTF splits them along seams
    steps = seam_steps(
        vertices,
        index.reshape(-1, 3).astype(np.int32),
        np.concatenate([p.uv[p.faces] for p in parts if p.uv is not None]),
        np.repeat(np.arange(len(parts), dtype=np.int32), [len(p.faces) for p in parts]),
        pages,
    )
    print(f"seams: {steps.across:.2f} grey levels across charts, {steps.inside:.2f} inside, ratio {steps.ratio:.2f}")
    return {
        "seam_across": round(steps.across, 3),
        "seam_inside": round(steps.inside, 3),
        "seam_ratio": round(steps.ratio, 3),
    }


def _photo_fit(work: Path, folder: Path, names: Sequence[str]) -> Row:
    yardstick = next((p / PHOTO_FIT for p in Path(__file__).parents if (p / PHOTO_FIT).exists()), None)
    if yardstick is None:
        print(f"held-out photos are not judged: there is no {PHOTO_FIT} beside the checkout")
        return {}
    command = [sys.executable, yardstick, work / "texture" / "master.glb", work / "align" / "model", folder]
    done = subprocess.run(
        [*map(str, command), "--photos", ",".join(names), "--json"], capture_output=True, text=True, check=True
    )
    mean = next(r for r in json.loads(done.stdout) if r["photo"] == "mean")
    print("held-out photos: {psnr_db:.2f} dB, SSIM {ssim:.3f}, coverage {coverage:.3f}".format(**mean))
    return {f"held_out_{key}": mean[key] for key in ("psnr_db", "ssim", "coverage")}


def _hard_photos(scratch: Path) -> tuple[Path, Truth]:
    thing = synthetic.hard_things()
    return scratch / "work", synthetic.photograph(thing, scratch / "photos", num_photos=14, width=640, arc_deg=170)


def _solved(scratch: Path, options: Options) -> SparseModel:
    """The cameras of scratch/photos."""
    told = Silent()
    places = [scratch / "solved" / name for name in ("photos", "features", "matches", "sparse", "align")]
    for place in places:
        place.mkdir(parents=True)
    taken = stages.photos.build(scratch / "photos", options.photos, scratch=places[0], progress=told)
    found = stages.features.build(taken, options.features, scratch=places[1], progress=told)
    graph = stages.matches.build(taken, found, options.matches, scratch=places[2], progress=told)
    cameras = stages.sparse.build(taken, graph, options.sparse, scratch=places[3], progress=told)
    return stages.align.build(taken, cameras, Targets.none(), None, options.align, scratch=places[4], progress=told)


def _metres(shown: Truth) -> list[str]:
    first, *_, last = sorted(shown.cameras)
    metres = float(np.linalg.norm(shown.cameras[first].centre - shown.cameras[last].centre))
    return [f"align.baseline={first},{last},{metres}"]


def _true_surface(shown: Truth, placed: SparseModel) -> fscore.TrueSurface:
    """The hard things in the solved frame: laid by the cameras' centres first, then by the sparse points."""
    theirs = np.array([shown.cameras[v.name].centre for v in placed.views])
    ours = np.array([v.centre for v in placed.views])
    scale = float(np.linalg.norm(theirs - theirs.mean(0)) / np.linalg.norm(ours - ours.mean(0)))
    start = rigid(ours * scale, theirs) @ np.diag([scale, scale, scale, 1])
    truth_from_world = fscore.fitted(placed.points, shown.scene_vertices, shown.scene_faces, start)
    move = np.linalg.inv(truth_from_world)
    part = synthetic.part_of_faces(synthetic.hard_things(), synthetic.hard_parts())
    surface = fscore.TrueSurface(shown.vertices @ move[:3, :3].T + move[:3, 3], shown.faces, part, placed.views)
    off = np.linalg.norm(theirs @ move[:3, :3].T + move[:3, 3] - ours, axis=1)
    print(f"cameras: {off.mean() / np.median(surface.reach):.2f} px off in the mean")
    return surface


def shrunk(source: Path, folder: Path, width: int) -> Path:
    """The photos with their longer side `width` px and their EXIF, but for what counts pixels."""
    folder.mkdir(parents=True)
    for file in sorted(source.iterdir()):
        if file.suffix.lower() in {".jpg", ".jpeg", ".png"}:
            with Image.open(file) as picture:
                exif = picture.getexif()
                for tag in (0xA002, 0xA003, 0xA20E, 0xA20F, 0xA210):
                    exif.get_ifd(0x8769).pop(tag, None)
                scale = width / max(picture.size)
                size = (round(picture.width * scale), round(picture.height * scale))
                picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(
                    folder / f"{file.stem}.jpg", quality=96, subsampling=0, exif=exif
                )
    return folder
