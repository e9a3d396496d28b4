"""Colour: exposure, white balance and vignette made alike in all photos, and colours made true by a ColorChecker that
some of them show.

The photos of one folder, or of one film, are taken to be a session of one light: the charts in them give one matrix.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import cv2
import numpy as np

from recon.errors import BadPhotos
from recon.formats import colour_chart
from recon.formats.colour_chart import EDITIONS, ChartColours
from recon.formats.lab import delta_e_2000, lab_of_linear
from recon.formats.srgb import decoded_bytes
from recon.geometry import colour_correction, exposure, raster
from recon.geometry.colour_chart import FoundChart, found
from recon.geometry.colour_correction import Fit
from recon.geometry.exposure import Exposure
from recon.geometry.visibility import project
from recon.messages import Message
from recon.progress import Progress
from recon.types import ByteArray, ChartSeen, ColourCheck, Colours, FloatArray, Photo, PhotoSet, SparseModel, View

VERSION = 2

_AT_ONCE = 4  # photos that are searched at a time, of what fits in memory
_MOST_OBSERVATIONS = 500_000  # that exposure is solved from: enough, and memory does not grow with the number of photos
_APART = 6.0  # mean CIEDE2000 of a corrected photo's chart at which its light is another than its session's


@dataclass(frozen=True, kw_only=True)
class ColourOptions:
    equalise: bool = True  # make the photos' exposure, white balance and vignette alike
    chart: str = "auto"  # colours of the ColorChecker that photos show: classic-2014 (made since November 2014; auto),
    # classic-2005 (made before), or a CSV file with columns L, a, b of your own; none: do not look for a chart


def chart_of(source: Path, told: str) -> tuple[ChartColours | None, str]:
    """The colours that `colour.chart` names, None for none; and their fingerprint. A file may lie below `source`.

    Raises BadChart where it cannot be read.
    """
    if told == "none":
        return None, ""
    if told == "auto":
        chart = colour_chart.edition("classic-2014")
    elif told in EDITIONS:
        chart = colour_chart.edition(told)
    else:
        chart = colour_chart.read(next((p for p in (source / told, Path(told)) if p.is_file()), Path(told)))
    return chart, hashlib.sha256(chart.lab.tobytes()).hexdigest()


def build(
    sparse: SparseModel,
    taken: PhotoSet,
    chart: ChartColours | None,
    options: ColourOptions,
    *,
    scratch: Path,
    progress: Progress,
) -> Colours:
    """Of the views; charts are looked for in all photos taken, also in those that were not placed.

    scratch/charts.json lists where each photo shows the chart, and the patches' colours.
    """
    progress.start(len(sparse.views) + (0 if chart is None else len(taken)), "photo")
    alike = _equalised(sparse, options, progress)
    seen: dict[str, FoundChart] = {}
    if chart is not None:
        for photo, one in _searched(taken, chart):
            if one is not None and one.sure:
                seen[photo.name] = one
            elif one is not None:
                progress.warn(Message("warning.chart_doubtful", name=photo.name, count=one.agreeing))
            progress.advance()
        text = json.dumps({name: _listed(one) for name, one in seen.items()}, ensure_ascii=False, indent=1)
        (scratch / "charts.json").write_text(text, encoding="utf-8")
        if not seen and options.chart != "auto":
            progress.warn(Message("warning.chart_missing", chart=chart.name))
    if chart is None or not seen:
        return Colours(alike)
    sizes = {photo.name: (photo.width, photo.height) for photo in taken}
    lit = {name: _like_others(name, one, alike, sparse.views, sizes[name]) for name, one in seen.items()}
    return _corrected(sparse, alike, chart, seen, lit, progress)


def _searched(taken: PhotoSet, chart: ChartColours) -> Iterator[tuple[Photo, FoundChart | None]]:
    def search(photo: Photo) -> FoundChart | None:
        return found(_read(photo), chart.lab)

    with ThreadPoolExecutor(min(_AT_ONCE, cv2.getNumberOfCPUs())) as pool:
        yield from zip(taken, pool.map(search, taken), strict=True)


def _read(picture: Photo | View) -> ByteArray:
    """(H, W, 3) RGB."""
    pixels = cv2.imread(str(picture.path), cv2.IMREAD_COLOR_RGB)
    if pixels is None or pixels.shape[:2] != (picture.height, picture.width):
        raise BadPhotos("view_unreadable", name=picture.name)
    return np.asarray(pixels, np.uint8)


def _equalised(sparse: SparseModel, options: ColourOptions, progress: Progress) -> Exposure:
    """Exposure, white balance and vignette from the colours of the sparse points."""
    count = len(sparse.views)
    if not options.equalise or not count:
        progress.advance(count)
        return Exposure.none(count)
    observed = []
    every = -(-sum(map(len, sparse.observations)) // _MOST_OBSERVATIONS)
    for number, view in enumerate(sparse.views):
        seen = sparse.observations[number]
        seen = seen[seen % max(1, every) == 0]  # the same points in every photo
        px, _ = project(view, sparse.points[seen])
        level = raster.bilinear(cv2.GaussianBlur(_read(view), (0, 0), 2.0), px)
        linear = decoded_bytes(np.rint(level).astype(np.uint8))
        radius2 = exposure.radius_squared(px, view.width, view.height)
        observed.append((np.full(len(seen), number), seen, linear, radius2))
        progress.advance()
    view_of, point, linear, radius2 = (np.concatenate(x) for x in zip(*observed, strict=True))
    return exposure.solved_exposure(view_of, point, linear, radius2, count)


def _session(name: str) -> str:
    return PurePosixPath(name).parent.as_posix()


def _like_others(
    name: str, chart: FoundChart, alike: Exposure, views: Sequence[View], size: tuple[int, int]
) -> FloatArray:
    """(24, 3) the chart's patches as if its photo had the others' exposure. Of a photo that is no view, its session's
    usual exposure is taken.
    """
    gain = alike.gain[[view.name == name for view in views]]
    if not len(gain):
        gain = alike.gain[[_session(view.name) == _session(name) for view in views]]
    usual = np.exp(np.median(np.log(gain), axis=0)) if len(gain) else np.ones(3)
    radius2 = exposure.radius_squared(chart.middles, *size)
    return np.asarray(chart.fit.even(chart.patches) * usual * np.exp(radius2[:, None] * alike.vignette))


def _corrected(
    sparse: SparseModel,
    alike: Exposure,
    chart: ChartColours,
    seen: Mapping[str, FoundChart],
    lit: Mapping[str, FloatArray],
    progress: Progress,
) -> Colours:
    """A matrix for each session with a chart; all charts together give that of the sessions without one."""
    sessions: defaultdict[str, list[str]] = defaultdict(list)
    for name in seen:
        sessions[_session(name)].append(name)
    fits = {session: _fit(chart, seen, lit, names) for session, names in sessions.items()}
    everywhere = _fit(chart, seen, lit, list(seen))
    of_view = [fits.get(_session(view.name), everywhere) for view in sparse.views]
    matrix = np.array([fit.fit.matrix for fit in of_view]).reshape(-1, 3, 3)
    charts = [
        _judged(name, seen[name], lit[name], fits[session], chart)
        for session, names in sessions.items()
        for name in names
    ]
    charts.sort(key=lambda one: one.photo)
    figures = {key: float(np.mean([getattr(one, key) for one in charts])) for key in ("before", "after", "left_out")}
    check = ColourCheck(chart.name, len(charts), **figures)
    progress.warn(Message("warning.chart_found", count=len(charts), names=[c.photo for c in charts], **figures))
    if clipped := [one.photo for one in charts if one.clipped]:
        progress.warn(Message("warning.chart_clipped", names=clipped))
    if apart := [one.photo for one in charts if one.after > _APART]:
        progress.warn(Message("warning.chart_other_light", names=apart))
    others = [view.name for view in sparse.views if _session(view.name) not in fits]
    if others:
        folders = sorted({_session(name) for name in others})
        progress.warn(Message("warning.chart_of_others", count=len(others), folders=folders))
    if sparse.surveyed is not None and sparse.surveyed.colored_by == "color":
        progress.warn(Message("warning.chart_not_of_scans"))
    return Colours(replace(alike, matrix=matrix), tuple(charts), check)


@dataclass(frozen=True, slots=True)
class _SessionFit:
    fit: Fit
    without_each: FloatArray  # (24, 3, 3) for each patch the matrix that the others give


def _fit(
    chart: ChartColours, seen: Mapping[str, FoundChart], lit: Mapping[str, FloatArray], names: Sequence[str]
) -> _SessionFit:
    """By the median of what these photos show of each patch."""
    shown = np.array([np.where(seen[name].fit.used[:, None], lit[name], np.nan) for name in names])
    usable = np.isfinite(shown).all(axis=2).any(axis=0)
    colours = np.zeros(shown.shape[1:])
    colours[usable] = np.nanmedian(shown[:, usable], axis=0)
    fit = colour_correction.fitted(colours, chart.lab, usable=usable)
    assert fit is not None  # a chart that was found has enough patches
    return _SessionFit(fit, colour_correction.without_each(fit, colours, chart.lab))


def _judged(name: str, one: FoundChart, lit: FloatArray, solved: _SessionFit, chart: ChartColours) -> ChartSeen:
    used = one.fit.used

    def off(colours: FloatArray) -> float:
        return float(delta_e_2000(lab_of_linear(colours[used]), chart.lab[used]).mean())

    return ChartSeen(
        name,
        one.corners,
        patches=int(used.sum()),
        clipped=int(one.clipped.sum()),
        before=off(one.fit.even(one.patches)),
        after=off(lit @ solved.fit.matrix.T),
        left_out=off(np.einsum("pij,pj->pi", solved.without_each, lit)),
    )


def _listed(one: FoundChart) -> dict[str, object]:
    return {"corners_px": one.corners.round(2).tolist(), "patches_linear": one.patches.round(5).tolist()}
