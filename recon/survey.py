"""A survey: what was measured of a place at one time, as points, as triangles or both, however it is kept.

A workspace (of photos or scans), a bundle, a glTF or a cloud is read into the same: right-handed, +Y up.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from recon.errors import BadModel, BadScan
from recon.formats.asset_document import Method
from recon.formats.errors import BadFile
from recon.formats.glb import Part
from recon.formats.glb_reader import read_glb
from recon.formats.gltf import read_gltf
from recon.formats.gltf_scene import Scene
from recon.formats.ply import Ply, read_ply
from recon.formats.ply_elements import header
from recon.formats.points import cloud_of
from recon.formats.srgb import decoded_bytes
from recon.geometry.surface import face_areas
from recon.messages import Message
from recon.progress import Silent
from recon.stages import scans
from recon.types import CleanCloud, FloatArray, Frame, Georeference, Joined, PlacedScans, PointCloud, Unit, View
from recon.workspace import Workspace

Float32Array = NDArray[np.float32]
ByteArray = NDArray[np.uint8]

MOST_POINTS = 40_000_000  # in memory
_NEIGHBOURS = 8  # that are asked for one at another place
_SAMPLES = (200_000, 1_000_000)  # points that a surface is turned into: ten for each face, within these
_UPRIGHT = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], np.float64)  # +Y up from +Z up


@dataclass(frozen=True, slots=True)
class Survey:
    name: str
    unit: Unit
    points: Float32Array  # (N, 3)
    normals: Float32Array | None = None  # (N, 3) unit, to the side that was seen
    colors: ByteArray | None = None  # (N, 3) RGB
    parts: tuple[Part, ...] = ()  # triangles; none where only points are known
    stations: FloatArray | None = None  # (S, 3) where scanners stood; None where nobody knows
    views: tuple[View, ...] = ()  # the photos that it is made of
    method: Method = "not-stated"
    made: str | None = None  # ISO 8601 date
    north: FloatArray | None = None  # (3,) unit, level; None where nobody knows
    georeference: Georeference | None = None  # None where it has no coordinates but its own
    remarks: tuple[Message, ...] = ()

    @property
    def low(self) -> FloatArray:
        return np.asarray(np.min(self._ends(), axis=0))

    @property
    def high(self) -> FloatArray:
        return np.asarray(np.max(self._ends(), axis=0))

    def _ends(self) -> FloatArray:
        corners = [self.points] if len(self.points) else []
        corners += [part.positions[np.unique(part.faces)] for part in self.parts]
        return np.array([end for c in corners for end in (c.min(axis=0), c.max(axis=0))], np.float64)


def read_survey(path: Path) -> Survey:
    """Read a workspace, bundle, glTF or cloud. Raises BadModel or BadScan for what is none or is broken."""
    if not path.exists():
        raise BadModel("not_there", path=path)
    if path.is_dir():
        if (path / "journey.json").exists():
            return _of_workspace(path)
        if (path / "asset.json").exists():
            return _of_bundle(path)
    if path.suffix.lower() in (".glb", ".gltf"):
        return _of_gltf(path)
    if path.suffix.lower() == ".ply" and (survey := _of_our_ply(path)) is not None:
        return survey
    if not scans.find(path):
        raise BadModel("not_a_survey", name=path.name)
    return _of_scans(path)


def moved(survey: Survey, into: FloatArray) -> Survey:
    """The survey in another frame; into (4, 4) is rigid."""
    turn, shift = into[:3, :3], into[:3, 3]

    def placed(points: NDArray[np.floating]) -> Float32Array:
        return np.asarray(points @ turn.T + shift, np.float32)

    def turned(normals: Float32Array | None) -> Float32Array | None:
        return None if normals is None else np.asarray(normals @ turn.T, np.float32)

    back, there = np.linalg.inv(into), survey.georeference
    views = tuple(replace(v, cam_from_world=v.cam_from_world @ back) for v in survey.views)
    parts = tuple(
        replace(part, positions=placed(part.positions), normals=turned(part.normals), tangents=None)
        for part in survey.parts
    )
    return replace(
        survey,
        points=placed(survey.points),
        normals=turned(survey.normals),
        parts=parts,
        stations=None if survey.stations is None else survey.stations @ turn.T + shift,
        views=views,
        georeference=None if there is None else replace(there, survey_from_world=there.survey_from_world @ back),
    )


def spacing_of(points: Float32Array) -> float:
    """Median distance of a point from its nearest neighbour at another place: scanners write some points many times."""
    some = points[:: max(1, len(points) // 5_000)]
    near = np.asarray(cKDTree(points).query(some, min(_NEIGHBOURS, len(points)))[0])
    apart = np.where(near > 0, near, np.inf).min(axis=1)
    apart = apart[np.isfinite(apart)]
    return max(float(np.median(apart)), 1e-9) if len(apart) else 1e-9


def measured_cloud(workspace: Workspace) -> PointCloud | None:
    """What was measured of a place, by photos and scans, by photos or by scans; None if that is not done yet."""
    for stage in ("join", "dense", "clean"):
        if workspace.has(stage):
            found = workspace.load(stage)
            cloud: PointCloud = found.cloud if isinstance(found, (Joined, CleanCloud)) else found
            return cloud
    return None


def _of_workspace(work: Path) -> Survey:
    """The cloud that was measured, and the surface that was made of it."""
    workspace = Workspace(work)
    found = {name: workspace.load(name) for name in ("align", "register", "join") if workspace.has(name)}
    cloud = measured_cloud(workspace)
    made = found.get("register") or found.get("align")
    master = workspace.stage("texture") / "master.glb"
    if made is None or (cloud is None and not master.exists()):
        raise BadModel("work_unfinished", work=work.name)
    frame: Frame = made.frame
    survey = Survey(
        work.name,
        frame.unit,
        np.zeros((0, 3), np.float32),
        north=_north(frame.georeference),
        georeference=frame.georeference,
    )
    if cloud is not None:
        points = cloud.sample(MOST_POINTS)
        measured = (points.num_views > 0) | (points.num_scans > 0)
        points = points.only(measured)
        survey = replace(
            survey,
            points=points.points,
            normals=points.normals,
            colors=points.colors,
            remarks=_left_out(work.name, int((~measured).sum()), len(measured)),
        )
    if master.exists():
        survey = replace(survey, parts=read_glb(master).parts)
    photos = found["join"].sparse if "join" in found else found.get("align")
    if photos is not None:
        survey = replace(survey, views=photos.views, method="photographs")
    if "register" in found:
        survey = _with_stations(survey, found["register"])
    return replace(survey, made=_date_of(workspace))


def _with_stations(survey: Survey, placed: PlacedScans) -> Survey:
    stations = [
        pose[:3, :3] @ scan.scanner + pose[:3, 3]
        for scan, pose in zip(placed.scans, placed.world_from_scan, strict=True)
        if scan.scanner is not None
    ]
    return replace(
        survey,
        stations=np.array(stations, np.float64) if stations else None,
        method="scan" if survey.method == "not-stated" else survey.method,
    )


def _north(georeference: Georeference | None) -> FloatArray | None:
    """(3,) unit, level: the second axis of a projected system; None where nobody knows."""
    if georeference is None or georeference.crs is None:
        return None
    level = georeference.survey_from_world[1, :3] * [1, 0, 1]
    return np.asarray(level / np.linalg.norm(level)) if np.linalg.norm(level) > 0.5 else None


def _date_of(workspace: Workspace) -> str | None:
    try:
        record = json.loads(workspace.provenance.read_text(encoding="utf-8"))
        times = [stage.get("done") for stage in record["stages"].values() if isinstance(stage.get("done"), str)]
        return max(times)[:10] if times else None
    except (OSError, ValueError, KeyError):
        return None


def _of_bundle(folder: Path) -> Survey:
    try:
        asset = json.loads((folder / "asset.json").read_text(encoding="utf-8"))
        model = folder / asset["files"]["model"]["path"]
        unit, origin = asset["unit"], asset["origin"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadModel("not_a_survey", name=folder.name) from error
    survey = _of_gltf(model)
    made = origin.get("made")
    return replace(survey, name=folder.name, unit=unit, method=origin["method"], made=made)


def _of_gltf(path: Path) -> Survey:
    """A surface is compared by points on its measured faces. glTF's unit is the metre, unless ours says not."""
    document = read_gltf(path, also={"KHR_materials_pbrSpecularGlossiness"})
    extras = document.document["asset"].get("extras")
    unit: Unit = "arbitrary" if isinstance(extras, dict) and extras.get("unit") == "arbitrary" else "metre"
    parts = tuple(Scene(document).parts())
    if not parts:
        cloud = cloud_of(document)
        return Survey(path.stem, unit, cloud.positions, colors=cloud.colours)
    points, normals, filled = sampled(parts)
    remarks = (Message("warning.survey_filled", name=path.stem, share=filled),) if filled > 0.005 else ()
    return Survey(path.stem, unit, points, normals, parts=parts, remarks=remarks)


def sampled(parts: tuple[Part, ...]) -> tuple[Float32Array, Float32Array, float]:
    """Points (N, 3) on the measured faces, evenly by area, with the faces' normals; and the share that is filled."""
    rng = np.random.default_rng(0)
    samples = int(np.clip(10 * sum(len(part.faces) for part in parts), *_SAMPLES))
    areas = [face_areas(part.positions, part.faces.astype(np.int32)) for part in parts]
    kept = [
        np.ones(len(part.faces), bool) if part.num_views is None else part.num_views[part.faces].max(axis=1) > 0
        for part in parts
    ]
    total = sum(float(area.sum()) for area in areas)
    measured = sum(float(area[keep].sum()) for area, keep in zip(areas, kept, strict=True))
    points, normals = [], []
    for part, area, keep in zip(parts, areas, kept, strict=True):
        chosen = area * keep
        count = round(samples * chosen.sum() / max(measured, 1e-30))
        if not count:
            continue
        face = part.faces[np.searchsorted(np.cumsum(chosen), rng.random(count) * chosen.sum()).clip(0, len(area) - 1)]
        a, b = rng.random((2, count, 1))
        a, b = np.where(a + b > 1, 1 - a, a), np.where(a + b > 1, 1 - b, b)
        corner = part.positions[face].astype(np.float64)
        first, second = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
        points.append((corner[:, 0] + a * first + b * second).astype(np.float32))
        normal = np.cross(first, second)
        normals.append((normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)).astype(np.float32))
    none = [np.zeros((0, 3), np.float32)]
    return np.concatenate(points or none), np.concatenate(normals or none), 1 - measured / max(total, 1e-30)


def _of_our_ply(path: Path) -> Survey | None:
    """A mesh, or a cloud that a workspace of ours wrote, which is +Y up already; None for any other file."""
    try:
        names = {name for name, _ in header(path, path.name)[1][0].properties}
    except (BadFile, IndexError):
        return None
    has_faces = any(element.name == "face" and element.count for element in header(path, path.name)[1])
    if not has_faces and "num_views" not in names:
        return None
    ply = read_ply(path)
    turn = np.eye(3) if "num_views" in names else _UPRIGHT
    placed = (ply.points @ turn.T).astype(np.float32)
    if ply.faces is not None and len(ply.faces):
        parts = (_part(ply, placed),)
        points, sides, _ = sampled(parts)
        return Survey(path.stem, "metre", points, sides, parts=parts)
    return Survey(path.stem, "metre", placed, ply.normals, ply.colors)


class _Remarks(Silent):
    """Keeps what the reading of scans has to say."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def warn(self, message: Message) -> None:
        self.messages.append(message)


def _of_scans(path: Path) -> Survey:
    """Scans that lie in one frame already: one alone, or several whose files say how they lie to one another."""
    told = _Remarks()
    with tempfile.TemporaryDirectory() as scratch:
        read = scans.build(path, scans.ScansOptions(), scratch=Path(scratch), progress=told)
        if len(read) > 1 and not all(scan.posed for scan in read):
            raise BadScan("survey_not_registered", name=path.name)
        most = MOST_POINTS // len(read)
        file_from_world = np.eye(4)
        file_from_world[:3, :3] = _UPRIGHT.T
        file_from_world[:3, 3] = np.round(read.scans[0].file_from_scan[:3, 3])
        points, colors, stations = [], [], []
        for scan in read:
            into = np.linalg.inv(file_from_world) @ scan.file_from_scan
            block = scan.sample(most)
            points.append((block.points @ into[:3, :3].T + into[:3, 3]).astype(np.float32))
            colors.append(block.colors)
            if scan.scanner is not None:
                stations.append(into[:3, :3] @ scan.scanner + into[:3, 3])
    known = [c for c in colors if c is not None]
    return Survey(
        path.stem,
        "metre",
        np.concatenate(points),
        colors=np.concatenate(known) if len(known) == len(points) else None,
        stations=np.array(stations) if len(stations) == len(points) else None,
        method="scan",
        north=np.array([0.0, 0, -1]) if read.scans[0].crs else None,  # the file's second axis
        georeference=Georeference(file_from_world, read.scans[0].crs),
        remarks=tuple(told.messages),
    )


def _part(ply: Ply, positions: Float32Array) -> Part:
    assert ply.faces is not None
    if ply.colors is None:
        return Part(positions=positions, faces=ply.faces)
    linear = np.concatenate([decoded_bytes(ply.colors), np.ones((len(positions), 1), np.float32)], axis=1)
    return Part(positions=positions, faces=ply.faces, colors=linear)


def _left_out(name: str, count: int, total: int) -> tuple[Message, ...]:
    return (Message("warning.survey_points_left", name=name, count=count, total=total),) if count else ()
