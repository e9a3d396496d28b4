"""Writes WORK/report/: index.html for people, figures.json for programs, prov.jsonld and premis.xml for archives."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from recon.errors import BadOptions
from recon.messages import Language, Message
from recon.progress import Progress, Silent
from recon.record import page, process_sections
from recon.record.calibration import read_calibration
from recon.record.facts import Facts, read_facts
from recon.record.figures import Measured, measure
from recon.record.pictures import Frame, frame_of, side_pictures
from recon.record.premis import premis
from recon.record.profile import Check, Profile, passes, read_profile
from recon.record.prov import provenance
from recon.workspace import Workspace

DEFAULT_PROFILE = "display"
VERSION = 3
_PIXELS = 360  # of a side of the model's pictures


def write_report(
    work: Path, *, profile: str = DEFAULT_PROFILE, language: Language = "zh", progress: Progress | None = None
) -> Path:
    """Write the report of a finished workspace; returns its page.

    profile: one of recon.record.profile.SHIPPED or a TOML file. language: what the page shows first. Raises BadOptions
    for a profile that cannot be read, BadModel where the workspace holds no finished model.
    """
    limits = read_profile(profile)
    facts = read_facts(work)
    progress = progress or Silent()
    progress.start(3, "section")
    measured = measure(facts)
    checks = limits.checks(measured.figures, measured.inapplicable)
    progress.advance()
    html = _html(facts, measured, limits, checks, language, progress)
    folder, draft = facts.workspace.stage("report"), facts.workspace.root / ".building" / "report"
    if folder.exists() and not (folder / "figures.json").exists():  # which is no report of ours
        raise BadOptions("work_occupied", place=folder, stage="report")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    (draft / "index.html").write_text(html, encoding="utf-8")
    if "outputs" in facts.journey:
        document = json.dumps(provenance(facts), ensure_ascii=False, indent=1)
        (draft / "prov.jsonld").write_text(document + "\n", encoding="utf-8")
        (draft / "premis.xml").write_bytes(premis(facts))
    else:
        progress.warn(Message("warning.no_hashes"))
    figures = json.dumps(_figures(facts, measured, limits, checks), ensure_ascii=False, indent=1)
    (draft / "figures.json").write_text(figures + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    progress.advance()
    return folder / "index.html"


def is_fresh(workspace: Workspace) -> bool:
    """Whether the report that is there tells of the model that is there."""
    try:
        told = json.loads((workspace.stage("report") / "figures.json").read_text(encoding="utf-8"))["model"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(told == _model(workspace))


def _model(workspace: Workspace) -> str:
    """What the report is of: its own version and the document that holds the model's hashes."""
    document = (workspace.stage("gltf") / "asset.json").read_bytes()
    return f"{VERSION}:{hashlib.sha256(document).hexdigest()}"


def _html(
    facts: Facts, measured: Measured, profile: Profile, checks: list[Check], language: Language, progress: Progress
) -> str:
    frame = frame_of(measured)
    pictures = list(side_pictures(measured, frame, _PIXELS))
    progress.advance()
    calibration = None
    if facts.sparse.folder is not None:
        calibration = read_calibration(facts.sparse.folder, frozenset(facts.sparse.held_out))
    sections = [
        page.verdict(profile, checks),
        page.sides(pictures, measured, _width(facts, frame)),
        page.quality(measured),
        page.held_out(measured),
        process_sections.cameras(facts, measured, frame, calibration),
        process_sections.scale(facts),
        process_sections.registration(facts),
        process_sections.structure(facts),
        process_sections.colour(facts),
        process_sections.warnings(facts),
        process_sections.stages(facts),
        process_sections.options(facts),
        process_sections.files(facts),
        process_sections.machine(facts),
    ]
    return page.page(
        facts, sections, page.heading(facts, measured, pictures[0] if pictures else None, profile, checks), language
    )


def _width(facts: Facts, frame: Frame) -> str:
    return f"{frame.side:.3g} m" if facts.metric else f"{frame.side:.3g}"


def _figures(facts: Facts, measured: Measured, profile: Profile, checks: list[Check]) -> dict[str, Any]:
    """The same for programs; lengths in millimetres, shares 0..1, null where not known."""
    return {
        "schema": "longyao:figures/1",
        "model": _model(facts.workspace),
        "figures": {name: None if v is None else float(f"{v:.6g}") for name, v in measured.figures.items()},
        "coverage": [round(float(share), 6) for share in measured.coverage()],
        "profile": profile.name,
        "checks": [
            {
                "figure": c.limit.figure,
                "min": c.limit.least,
                "max": c.limit.most,
                "value": c.value,
                "outcome": c.outcome,
            }
            for c in checks
        ],
        "passed": passes(checks),
    }
