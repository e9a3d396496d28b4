"""What a finished workspace holds, read together: what its stages handed on, journey.json and asset.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recon.errors import BadModel
from recon.formats.asset_document import AssetDocument
from recon.types import (
    CleanCloud,
    Colours,
    Frame,
    Joined,
    PhotoSet,
    PlacedScans,
    PointCloud,
    ScanSet,
    SparseModel,
    Targets,
    TexturedMesh,
)
from recon.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one workspace; None where its pipeline has no such stage."""

    workspace: Workspace
    journey: dict[str, Any]  # recon.provenance
    asset: AssetDocument
    textured: TexturedMesh
    sparse: SparseModel  # what looked at the surface, in its frame
    cloud: PointCloud  # what the surface was made of
    photos: PhotoSet | None
    targets: Targets | None
    scans: ScanSet | None
    placed: PlacedScans | None
    clean: CleanCloud | None
    joined: Joined | None
    colours: Colours | None

    @property
    def frame(self) -> Frame:
        return self.sparse.frame

    @property
    def metric(self) -> bool:
        return self.frame.unit == "metre"

    @property
    def stages(self) -> dict[str, Any]:
        """What journey.json says of each stage that made this model, in the order in which they ran."""
        mine = ("photos", "features", "matches", "sparse", "targets", "align", "depth", "dense") if self.photos else ()
        scanned = ("scans", "register", "clean", "views") if self.placed else ()
        joined = ("join",) if self.joined else ()
        names = (*scanned, *mine, *joined, "mesh", "colour", "texture", "gltf")
        return {name: self.journey["stages"][name] for name in names if name in self.journey["stages"]}


def read_facts(work: Path) -> Facts:
    """Of the workspace `work`. Raises BadModel where it holds no finished model."""
    workspace = Workspace(work)

    def loaded(stage: str) -> Any:
        return workspace.load(stage) if workspace.has(stage) else None

    if not workspace.has("gltf") or not workspace.provenance.exists():
        raise BadModel("work_unfinished", work=work.name)
    joined, clean = loaded("join"), loaded("clean")
    seen = loaded("align") or loaded("views")
    return Facts(
        workspace=workspace,
        journey=json.loads(workspace.provenance.read_text(encoding="utf-8")),
        asset=json.loads((workspace.stage("gltf") / "asset.json").read_text(encoding="utf-8")),
        textured=workspace.load("texture"),
        sparse=seen if joined is None else joined.sparse,
        cloud=joined.cloud if joined is not None else clean.cloud if clean is not None else workspace.load("dense"),
        photos=loaded("photos"),
        targets=loaded("targets"),
        scans=loaded("scans"),
        placed=loaded("register"),
        clean=clean,
        joined=joined,
        colours=loaded("colour"),
    )
