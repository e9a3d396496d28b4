"""bench.csv: a row per run."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recon.types import SparseModel
from recon.workspace import Workspace

PRODUCT = ("depth", "dense", "mesh", "texture")  # the stages that the requirement on speed and memory is about


def write(path: Path, row: Mapping[str, object]) -> None:
    """Append a row; new columns are added to all rows."""
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []
    row = {"when": datetime.now(UTC).isoformat(timespec="seconds"), **row}
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(dict.fromkeys([key for r in [*rows, row] for key in r])))
        table.writeheader()
        table.writerows([*rows, row])


def costs(work: Path) -> dict[str, Any]:
    """What a finished journey cost: CPU seconds and peak memory per stage, per megapixel of photos in all."""
    stages = json.loads((work / "journey.json").read_text(encoding="utf-8"))["stages"]
    placed: SparseModel = Workspace(work).load("align")
    megapixels = sum(v.width * v.height for v in placed.views) / 1e6
    row: dict[str, Any] = {
        "photos": len(placed.registered) + len(placed.missing),
        "placed": len(placed.registered),
        "megapixels": round(megapixels, 2),
        "reprojection_px": round(placed.reprojection_px, 3),
        "cpu_s": round(sum(s["cpu_seconds"] for s in stages.values()), 1),
        "product_cpu_s_per_mp": round(sum(stages[s]["cpu_seconds"] for s in PRODUCT) / megapixels, 2),
        "product_peak_mb": max(stages[s]["peak_rss_mb"] for s in PRODUCT),
        "peak_mb": max(s["peak_rss_mb"] for s in stages.values()),
    }
    row |= {f"{name}_cpu_s": round(s["cpu_seconds"], 1) for name, s in stages.items()}
    return row | {f"{name}_peak_mb": s["peak_rss_mb"] for name, s in stages.items()}


def printed(row: Mapping[str, Any]) -> str:
    """The costs as a person reads them."""
    stages = [key.removesuffix("_cpu_s") for key in row if key.endswith("_cpu_s")]
    lines = [f"{'stage':10}{'CPU s':>9}{'per MP':>9}{'peak MB':>9}"]
    lines += [
        f"{s:10}{row[f'{s}_cpu_s']:9.1f}{row[f'{s}_cpu_s'] / row['megapixels']:9.2f}{row[f'{s}_peak_mb']:9.0f}"
        for s in stages
    ]
    lines += [
        f"{'in all':10}{row['cpu_s']:9.1f}{row['cpu_s'] / row['megapixels']:9.2f}{row['peak_mb']:9.0f}",
        f"depth to texture: {row['product_cpu_s_per_mp']:.1f} CPU s per megapixel, {row['product_peak_mb']:.0f} MB; "
        f"{row['placed']} of {row['photos']} photos placed, {row['reprojection_px']} px",
    ]
    return "\n".join(lines)
