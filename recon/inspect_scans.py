"""What is in a scan file, read in a child process; a part of recon inspect."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from recon import foreign
from recon.messages import Language, Message
from recon.stages.scans import REASONS

_COLUMNS = ("colors", "intensity", "classes")


def inspect_scan(language: Language, path: Path) -> dict[str, object]:
    """All that a scan file says, and what its points say. Raises BadScan."""
    arguments = {"path": os.fspath(path.absolute()), "name": path.name}
    *_, found = foreign.values("recon.formats.scan_look:look", arguments, name=path.name)
    scans = found["scans"]
    return {
        "kind": "scan file",
        "file": path.name,
        "bytes": path.stat().st_size,
        "format": found["format"],
        "points": sum(scan["points"] for scan in scans),
        "scans": [_scan(scan, number, language) for number, scan in enumerate(scans)],
        "pictures": [_picture(picture) for picture in found["pictures"]],
    }


def _scan(scan: dict[str, Any], number: int, language: Language) -> dict[str, object]:
    shown: dict[str, object] = {
        "scan": number + 1,
        "name": scan["name"] or None,
        "points": scan["points"],
        "properties": [name for name in _COLUMNS if scan[name]],
        "crs": scan["crs"],
        "unit": _unit(scan, language),
    }
    if scan["grid"] is not None:
        shown["grid"] = f"{scan['grid'][0]} rows x {scan['grid'][1]} columns"
    if scan["bounds"] is not None:
        shown["bounds"] = scan["bounds"]
    if scan["has_pose"]:
        pose = np.array(scan["file_from_scan"])
        shown["pose"] = {"translation": pose[:3, 3].tolist(), "rotation": [row.tolist() for row in pose[:3, :3]]}
    if scan["scanner"] is not None:
        shown["scanner"] = list(scan["scanner"])
    left_out = [
        Message("inspect.left_out", count=count, reason=Message(REASONS[reason])).text(language)
        for reason, count in scan["dropped"].items()
    ]
    if left_out:
        shown["left_out"] = left_out
    return shown


def _unit(scan: dict[str, Any], language: Language) -> str:
    if scan["geographic"]:
        return Message("inspect.degrees").text(language)
    if scan["metres_per_unit"] is not None:
        return Message("inspect.metres", metres=scan["metres_per_unit"]).text(language)
    if scan["doubtful"]:
        return Message("inspect.unit_doubtful", size=scan["size"]).text(language)
    return Message("inspect.unit_unstated").text(language)


def _picture(picture: dict[str, Any]) -> dict[str, object]:
    shown = {key: picture[key] for key in ("name", "width", "height", "projection")}
    shown["scan"] = None if picture["scan"] is None else picture["scan"] + 1
    if picture["k"] is not None:
        shown["focal_px"] = [round(picture["k"][0][0], 3), round(picture["k"][1][1], 3)]
        shown["principal_point_px"] = [picture["k"][0][2], picture["k"][1][2]]
    if picture["pixel"] is not None:
        shown["pixel_size"] = picture["pixel"]
    shown["position"] = [row[3] for row in picture["file_from_camera"][:3]]
    return shown
