"""Compare two surveys of a place: what changed, by how much, how surely; as tables, a page and bundles for a hall."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recon.change import colours
from recon.change.bundles import write_epoch, write_map
from recon.change.detect import Changes, detect
from recon.change.report import as_text, length, write_page, write_table
from recon.errors import BadModel, BadOptions
from recon.formats.asset_document import Text
from recon.messages import Language, Message, say
from recon.progress import Progress, Silent
from recon.survey import Survey, moved, read_survey


@dataclass(frozen=True, slots=True)
class Comparison:
    folder: Path
    first: Survey
    second: Survey  # in the frame of the first
    changes: Changes

    def text(self, language: Language) -> str:
        return as_text(self.changes, self.first, self.second, language)


def compare(
    before: Path,
    after: Path,
    out: Path,
    *,
    keep_frames: bool = False,
    same_unit: bool = False,
    radius: float | None = None,
    reach: float | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Write out/{changes.csv, changes.json, report.html, change/, before/, after/}; the last three are asset bundles.

    keep_frames: both are in one frame already. same_unit: compare what has no metres; both have the same unknown unit.
    radius, reach: of the cylinders, in the surveys' unit; None: from spacing and roughness. Raises BadModel and BadScan
    for what cannot be read, BadOptions where metres are missing, NoReconstruction where the two do not fit.
    """
    progress = progress or Silent()
    progress.start(7, "step")
    first, second = (read_survey(path) for path in (before, after))
    progress.advance()
    for survey in (first, second):
        for remark in survey.remarks:
            progress.warn(remark)
        if survey.unit != "metre" and not (same_unit and first.unit == second.unit):
            raise BadOptions("compare_unscaled", name=survey.name)
        if len(survey.points) < 1000:
            raise BadModel("survey_few_points", name=survey.name, count=len(survey.points))
    here, there = first.georeference, second.georeference
    if here is not None and there is not None:  # as their files' coordinates say
        second = moved(second, np.linalg.inv(here.survey_from_world) @ there.survey_from_world)
    changes, second = detect(first, second, keep_frames=keep_frames, reach=reach, radius=radius, step=progress.advance)
    if first.normals is None and first.stations is None and not first.views:
        progress.warn(Message("warning.compare_sides", name=first.name))
    out.mkdir(parents=True, exist_ok=True)
    full = colours.span(changes)
    write_epoch(out / "before", first, _title(first.name, "before"), _statement("before", first, changes, full))
    write_epoch(out / "after", second, _title(second.name, "after"), _statement("after", second, changes, full))
    title = _title(f"{first.name} → {second.name}", "map")
    write_map(out / "change", changes, first, second, full, title, _statement("map", first, changes, full))
    write_table(out, changes, first, second)
    write_page(out, changes, first, second, full, out / "change" / "thumb.webp")
    progress.advance()
    return Comparison(out, first, second, changes)


def _title(name: str, kind: str) -> Text:
    return {"zh": say(f"change.title_{kind}", "zh", name=name), "en": say(f"change.title_{kind}", "en", name=name)}


def _statement(kind: str, survey: Survey, changes: Changes, full: float) -> Text:
    """For visitors; of the map, what its colours mean."""
    key = f"change.statement_{kind}" + ("" if kind != "map" or survey.unit == "metre" else "_unscaled")
    values = {"full": length(full, survey.unit), "count": len(changes.regions)}
    return {"zh": say(key, "zh", **values), "en": say(key, "en", **values)}
