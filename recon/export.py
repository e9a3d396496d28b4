"""A finished reconstruction in the formats of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import laspy
import numpy as np
from laspy.vlrs.known import WktCoordinateSystemVlr

from recon.errors import BadModel, BadOptions, check_room
from recon.formats.e57_cloud import write_e57
from recon.formats.glb import Part, joined
from recon.formats.glb_reader import read_glb
from recon.formats.obj import write_obj
from recon.formats.ply import Ply, PlyWriter
from recon.formats.stl import write_stl
from recon.formats.usdz import write_usdz
from recon.geometry.closing import closed
from recon.messages import Message
from recon.survey import measured_cloud
from recon.types import FloatArray, Frame, PointCloud
from recon.workspace import Workspace

FORMATS = ("obj", "stl", "usdz", "ply", "las", "e57")
_LAS_STEP_M = 0.0001
_UPRIGHT = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], np.float64)  # +Z up from +Y up


def export(work: Path, formats: Sequence[str], out: Path) -> tuple[list[Path], list[Message]]:
    """Write what the workspace `work` holds to the folder `out`: obj, stl and usdz the surface; ply, las and e57 the
    cloud.

    Returns the files, and what whoever uses them should know. Raises BadOptions for an unknown format, BadModel where
    the workspace lacks what is asked for, or a print is asked of a model without scale.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise BadOptions("export_unknown", names=unknown, formats=list(FORMATS))
    workspace = Workspace(work)
    frame = _frame(workspace)
    out.mkdir(parents=True, exist_ok=True)
    check_room(out)
    files, told = [], []
    name = work.resolve().name
    for wanted in dict.fromkeys(formats):
        file = out / f"{name}.{wanted}"
        match wanted:
            case "obj":
                write_obj(file, _surface(workspace))
            case "usdz":
                write_usdz(file, _surface(workspace), metres=frame.unit == "metre")
            case "stl":
                told += _print(file, _surface(workspace), frame)
            case "ply":
                _ply(file, _cloud(workspace))
            case "las":
                told += _las(file, _cloud(workspace), frame)
            case "e57":
                told += _e57(file, _cloud(workspace), frame)
        files.append(file)
    return files, told


def _frame(workspace: Workspace) -> Frame:
    for stage in ("register", "align"):
        if workspace.has(stage):
            frame: Frame = workspace.load(stage).frame
            return frame
    raise BadModel("work_unfinished", work=workspace.root.name)


def _surface(workspace: Workspace) -> tuple[Part, ...]:
    master = workspace.stage("texture") / "master.glb"
    if not master.exists():
        raise BadModel("work_unfinished", work=workspace.root.name)
    return read_glb(master).parts


def _cloud(workspace: Workspace) -> PointCloud:
    cloud = measured_cloud(workspace)
    if cloud is None:
        raise BadModel("work_unfinished", work=workspace.root.name)
    return cloud


def _print(file: Path, parts: Sequence[Part], frame: Frame) -> list[Message]:
    """The whole surface as one closed body."""
    if frame.unit != "metre":
        raise BadModel("export_unscaled")
    vertices, faces, openings, share = closed(*joined(parts))
    write_stl(file, vertices, faces)
    return [Message("warning.print_closed", name=file.name, count=openings, share=share)] if openings else []


def _ply(file: Path, cloud: PointCloud) -> None:
    with PlyWriter(file) as out:
        for block in cloud.blocks():
            out.append(Ply(block.points, block.normals, block.colors))


def _survey(frame: Frame) -> tuple[FloatArray, str]:
    """(4, 4) survey_from_world where the survey's coordinates are known, else +Z up around 0; and the reference system
    as well-known text, empty for none.
    """
    there = frame.georeference
    if there is None:
        return _UPRIGHT, ""
    named = there.crs is not None and there.crs.startswith("EPSG:")
    code = f'PROJCS["{there.crs}",AUTHORITY["EPSG","{(there.crs or "")[5:]}"]]' if named else ""
    return there.survey_from_world, code


def _las(file: Path, cloud: PointCloud, frame: Frame) -> list[Message]:
    survey_from_world, wkt = _survey(frame)
    header = laspy.LasHeader(point_format=7, version="1.4")
    header.scales = np.full(3, _LAS_STEP_M)
    header.offsets = np.round(survey_from_world[:3, 3])
    header.global_encoding.wkt = True
    if wkt:
        header.vlrs.append(WktCoordinateSystemVlr(wkt))
    with laspy.open(file, "w", header=header) as out:
        for block in cloud.blocks():
            record = laspy.ScaleAwarePointRecord.zeros(len(block), header=header)
            placed = block.points.astype(np.float64) @ survey_from_world[:3, :3].T + survey_from_world[:3, 3]
            record.x, record.y, record.z = placed.T
            record.red, record.green, record.blue = (block.colors.astype(np.uint16) * 257).T
            out.write_points(record)
    return _unscaled(file, frame)


def _e57(file: Path, cloud: PointCloud, frame: Frame) -> list[Message]:
    survey_from_world, wkt = _survey(frame)
    blocks = ((block.points, block.colors) for block in cloud.blocks())
    write_e57(file, blocks, survey_from_world, name=file.stem, wkt=wkt)
    return _unscaled(file, frame)


def _unscaled(file: Path, frame: Frame) -> list[Message]:
    return [] if frame.unit == "metre" else [Message("warning.export_unscaled", name=file.name)]
