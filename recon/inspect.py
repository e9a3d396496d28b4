"""What is in a file or folder of ours: models, clouds, photos, bundles, whole reconstructions."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pycolmap
from PIL import Image

from recon.errors import BadModel, LongyaoError, disk_problem
from recon.formats import photo_formats, scan_file
from recon.formats.exif import camera_facts
from recon.formats.glb_reader import read_glb
from recon.formats.ply import read_ply
from recon.inspect_scans import inspect_scan
from recon.messages import Language, read_text

_STAGES = (
    *("scans", "register", "clean", "views"),
    *("photos", "features", "background", "matches", "sparse", "targets", "align", "depth", "dense"),
    *("join", "mesh", "colour", "texture", "gltf", "tiles"),
)
_PIECES = (
    "align/model",
    "dense/cloud.ply",
    "texture/master.glb",
    "gltf/model.glb",
    "gltf/collider.glb",
    "gltf/thumb.webp",
)


def inspect(path: Path, language: Language = "en") -> dict[str, object]:
    """What `recon inspect` prints, JSON-ready; "kind" says what it is; sentences are in `language`.

    Raises BadModel or BadScan for what is unknown or broken, DiskProblem for what may not be read.
    """
    if not path.exists():
        raise BadModel("not_there", path=path)
    look = _folder(path, language) if path.is_dir() else _file(path, language)
    if look is None:
        raise BadModel("not_inspectable", name=path.name)
    try:
        return look(path)
    except LongyaoError:
        raise
    except Exception as error:  # a foreign file can break in any way
        if isinstance(error, OSError) and error.errno is not None:  # Pillow has an OSError of its own for a bad picture
            raise disk_problem(error, path) from error
        raise BadModel("broken", name=path.name, kind=type(error).__name__) from error


def as_text(found: dict[str, object]) -> str:
    """The same for people: a line per fact, lists and groups indented."""
    return "\n".join(_lines(found, 0))


def _lines(value: object, depth: int) -> list[str]:
    indent = "  " * depth
    if isinstance(value, dict):
        found: list[str] = []
        width = max((len(key) for key, inner in value.items() if not _nested(inner)), default=0)
        for key, inner in value.items():
            name = str(key).replace("_", " ")
            if _nested(inner):
                found += [f"{indent}{name}", *_lines(inner, depth + 1)]
            else:
                found.append(f"{indent}{name:{width}}  {_plain(inner)}")
        return found
    if isinstance(value, list):
        return [
            line for inner in value for line in (_lines(inner, depth) if _nested(inner) else [indent + _plain(inner)])
        ]
    return [indent + _plain(value)]


def _nested(value: object) -> bool:
    """Whether it takes lines of its own: groups, lists of groups or of sentences."""
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and any(isinstance(v, dict) or (isinstance(v, str) and " " in v) for v in value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | dict):
        return ", ".join(_plain(v) for v in value) or "none"
    return "unknown" if value is None else str(value)


def _folder(path: Path, language: Language) -> Callable[[Path], dict[str, object]] | None:
    if (path / "journey.json").exists():
        return partial(_reconstruction, language)
    if (path / "asset.json").exists():
        return partial(_bundle, language)
    return _colmap if any((path / f"cameras.{kind}").exists() for kind in ("bin", "txt")) else None


def _file(path: Path, language: Language) -> Callable[[Path], dict[str, object]] | None:
    suffix = path.suffix.lower()
    if suffix in scan_file.SUFFIXES and not (suffix == ".ply" and _is_ours(path)):
        return partial(inspect_scan, language)
    return _FILES.get(suffix)


def _is_ours(path: Path) -> bool:
    """Whether a PLY is a mesh, or a cloud that a stage wrote."""
    with path.open("rb") as file:
        head = file.read(4096)
    return b"element face" in head or b"num_views" in head


def _gltf(path: Path) -> dict[str, object]:
    model = read_glb(path)
    low, high = model.bounds
    return {
        "kind": "glTF model",
        "file": path.name,
        "bytes": path.stat().st_size,
        "triangles": model.triangles,
        "vertices": sum(len(part.positions) for part in model.parts),
        "nodes": model.nodes,
        "materials": model.materials,
        "animations": model.animations,
        "textures": [
            {"mime": p.mime, "width": w, "height": h, "bytes": len(p.data)}
            for p in model.pictures
            for h, w in [p.pixels().shape[:2]]
        ],
        "extensions": list(model.extensions),
        "bounds": {"min": low, "max": high},
        "unit": str(model.extras.get("unit", "metre")),
        "generator": model.generator,
        "extras": model.extras,
    }


def _ply(path: Path) -> dict[str, object]:
    ply = read_ply(path)
    has = [name for name in ("normals", "colors", "num_views", "sigma") if getattr(ply, name) is not None]
    finite = ply.points[np.isfinite(ply.points).all(axis=1)]
    found: dict[str, object] = {
        "kind": "PLY cloud" if ply.faces is None else "PLY mesh",
        "file": path.name,
        "bytes": path.stat().st_size,
        "points": len(ply.points),
        "triangles": 0 if ply.faces is None else len(ply.faces),
        "properties": has,
    }
    if len(finite):
        found["bounds"] = {"min": finite.min(axis=0).tolist(), "max": finite.max(axis=0).tolist()}
    if ply.num_views is not None and len(ply.num_views):
        found["median_views"] = float(np.median(ply.num_views))
    return found


def _photo(path: Path) -> dict[str, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path) as picture:
            facts = camera_facts(picture)
            orientation = int(picture.getexif().get(0x0112, 1))
            width, height = picture.size
            picture.load()  # a picture that is cut short is found here
            upright = (height, width) if orientation in (5, 6, 7, 8) else (width, height)
            return {
                "kind": "photo",
                "file": path.name,
                "bytes": path.stat().st_size,
                "format": picture.format,
                "width": upright[0],
                "height": upright[1],
                "orientation": orientation,
                "make": facts.make or None,
                "model": facts.model or None,
                "focal_mm": facts.focal_mm,
                "focal_px": facts.focal_px(*upright),
                "taken": facts.taken,
                "gps": None if facts.gps is None else list(facts.gps),
            }


def _colmap(path: Path) -> dict[str, object]:
    model = pycolmap.Reconstruction(path)
    cameras = [
        {
            "model": c.model_name,
            "width": c.width,
            "height": c.height,
            "focal_px": round(float(c.mean_focal_length()), 2),
        }
        for _, c in sorted(model.cameras.items())
    ]
    return {
        "kind": "COLMAP model",
        "folder": path.name,
        "photos": model.num_reg_images(),
        "points": model.num_points3D(),
        "observations": model.compute_num_observations(),
        "reprojection_px": round(float(model.compute_mean_reprojection_error()), 3),
        "mean_track_length": round(float(model.compute_mean_track_length()), 2),
        "cameras": cameras,
    }


def _bundle(language: Language, path: Path) -> dict[str, object]:
    """An asset bundle, and whether its files are those that asset.json names."""
    asset = json.loads((path / "asset.json").read_text(encoding="utf-8"))
    files = asset["files"]
    named = [*(files[k] for k in ("model", "collider", "thumb", "picture") if k in files), *files.get("lods", [])]
    if "tiles" in files:
        named.append(files["tiles"]["archive"])
    wrong = [
        f"{entry['path']} is missing or has another size than asset.json says"
        for entry in named
        if not (path / entry["path"]).is_file() or (path / entry["path"]).stat().st_size != entry["bytes"]
    ]
    keys = ("title", "unit", "bounds", "georeference", "origin", "quality")
    rows: list[dict[str, object]] = [
        {k: entry[k] for k in ("path", "bytes", "triangles", "width", "height") if k in entry} for entry in named
    ]
    return {
        "kind": "asset bundle",
        "folder": path.name,
        "complete": not wrong,
        "problems": wrong,
        **{key: asset[key] for key in keys if key in asset},
        "warnings": [w[language] if isinstance(w, dict) else w for w in asset.get("warnings", [])],
        "files": rows,
    }


def _reconstruction(language: Language, path: Path) -> dict[str, object]:
    record = json.loads((path / "journey.json").read_text(encoding="utf-8"))
    done: dict[str, Any] = record["stages"]
    ordered = [name for name in _STAGES if name in done] + [name for name in done if name not in _STAGES]
    keys = {"done": "done", "wall_seconds": "seconds", "cpu_seconds": "cpu_seconds", "peak_rss_mb": "memory_mb"}
    stages = {
        name: {mine: done[name][theirs] for theirs, mine in keys.items() if theirs in done[name]}
        | ({"problem": _problem(done[name]["problem"], language)} if done[name].get("problem") else {})
        for name in ordered
    }
    return {
        "kind": "reconstruction",
        "folder": path.name,
        "source": record.get("source"),
        "preset": record.get("preset"),
        "stages": stages,
        "warnings": [f"{name}: {read_text(w, language)}" for name in ordered for w in done[name].get("warnings", [])],
        "pieces": {piece: (path / piece).exists() for piece in _PIECES},
    } | _structure(path / "clean" / "structure.json")


def _structure(file: Path) -> dict[str, object]:
    """What stands in a place that was scanned, in a few lines; nothing where no scan was."""
    if not file.exists():
        return {}
    listed = json.loads(file.read_text(encoding="utf-8"))
    planes, cylinders = listed["planes"], listed["cylinders"]
    return {
        "structure": {
            **{kind: sum(plane["kind"] == kind for plane in planes) for kind in ("floor", "ceiling", "wall", "plane")},
            "cylinder": len(cylinders),
            "largest_planes": [
                f"{p['kind']}: {p['length_m']:.2f} x {p['width_m']:.2f} m, residual {1000 * p['residual_m']:.1f} mm"
                for p in planes[:6]
            ],
            "longest_cylinders": [
                f"radius {c['radius_m']:.3f} m, {c['length_m']:.2f} m long, {c['coverage']:.0%} of it round, "
                f"residual {1000 * c['residual_m']:.1f} mm"
                for c in cylinders[:6]
            ],
        }
    }


def _problem(stored: Any, language: Language) -> str:
    """Why a stage failed, and what to do; version 0.1 kept both in one text."""
    if not isinstance(stored, dict) or "key" not in stored:
        return read_text(stored, language)
    hint = {"key": f"{stored['key']}.hint", "values": stored["values"], "text": stored["hint"]}
    return f"{read_text(stored, language)} {read_text(hint, language)}"


_FILES: dict[str, Callable[[Path], dict[str, object]]] = {
    ".glb": _gltf,
    ".gltf": _gltf,
    ".ply": _ply,
    **dict.fromkeys(photo_formats.suffixes(), _photo),
}
