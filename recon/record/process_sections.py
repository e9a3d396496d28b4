"""The report's sections on how the model came to be: cameras, scale, scans, warnings, stages, files."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from typing import Any

from recon.messages import LANGUAGES, Language, read_text, say
from recon.options import Options
from recon.record import pictures
from recon.record.bilingual import both, each, facts_list, section, table
from recon.record.calibration import Calibration, PhotoFit
from recon.record.camera_plan import camera_plan
from recon.record.facts import Facts
from recon.record.figures import Measured
from recon.types import ColourCheck, Cylinder, Frame, Plane

_PLANS = ("top", "right")
_WORST = 3  # photos that are named
_LISTED = 20  # rows of tables that may be long
_CHART = (900, 120)
_WIDEST = 26  # of a bar
_EDITIONS = {"classic-2014": "report.classic_2014", "classic-2005": "report.classic_2005"}


def cameras(facts: Facts, measured: Measured, frame: pictures.Frame, calibration: Calibration | None) -> str:
    plans = ""
    for side in _PLANS:
        drawing = camera_plan(facts, measured, frame, side, f"plan_{side}")
        outside = both("outside", count=drawing.outside) if drawing.outside else ""
        caption = f'<figcaption id="plan_{side}">{both(f"plan_{side}")}{outside}</figcaption>'
        plans += f"<figure>{drawing.svg}{caption}</figure>"
    parts = [f'<div class="plans">{plans}</div>']
    if calibration is not None:
        rows = [
            [
                both("picture_size", model=lens.model, width=lens.width, height=lens.height),
                str(lens.photos),
                f"{lens.focal_px:.1f}",
                f"{lens.centre_px[0]:+.1f}, {lens.centre_px[1]:+.1f}",
                ", ".join(f"{name} {value:+.4f}" for name, value in lens.distortion) or "–",
            ]
            for lens in calibration.lenses
        ]
        heads = [both(key) for key in ("lens", "photos", "focal", "centre", "distortion")]
        parts += [table(heads, rows, numbers=(1, 2, 3)), _fit_chart(calibration)]
    return section("cameras", *parts)


def _fit_chart(calibration: Calibration) -> str:
    """A bar for each photo."""
    photos, (width, height) = calibration.photos, _CHART
    most = max(max(photo.error_px for photo in photos), 1e-9)
    step = width / len(photos)
    bars = "".join(
        f'<rect{" class=held" if photo.held_out else ""} x="{i * step:.1f}" y="{height - tall:.1f}" '
        f'width="{min(max(step * 0.8, 0.5), _WIDEST):.1f}" height="{tall:.1f}"/>'
        for i, photo in enumerate(photos)
        for tall in [height * photo.error_px / most]
    )
    worst = sorted(photos, key=lambda photo: -photo.error_px)[:_WORST]
    top = f'<text x="4" y="13">{most:.2f} px</text>'
    return (
        f'<figure class="chart"><h3 id="fit">{both("fit")}</h3>'
        f'<svg viewBox="0 -16 {width} {height + 18}" role="img" aria-labelledby="fit fit-how">'
        f'<line x1="0" x2="{width}" y1="0" y2="0"/>{bars}<g transform="translate(0 -16)">{top}</g></svg>'
        f'<figcaption id="fit-how">{each(lambda n: _fit_text(calibration, worst, n))}</figcaption></figure>'
    )


def _fit_text(calibration: Calibration, worst: list[PhotoFit], language: Language) -> str:
    named = [say("report.photo_px", language, name=p.name, px=p.error_px, points=p.points) for p in worst]
    joined = ("、" if language == "zh" else ", ").join(named)
    return say("report.fit_how", language, rms=calibration.rms_px, worst=joined)


def scale(facts: Facts) -> str:
    frame, pairs = facts.frame, []
    if not facts.metric:
        lead = f'<p class="fail">{both("unscaled")}</p>'
    else:
        lead = ""
        pairs.append((both("scaled"), _scale_source(frame)))
        if frame.scale_check_m is not None:
            pairs.append((both("figure_scale_check_mm"), f"{frame.scale_check_m * 1000:.2f} mm"))
        elif facts.placed is None:
            lead = f'<p class="soft">{both("scale_no_check")}</p>'
    pairs.append((both("up"), both(f"up_{frame.up_source}")))
    there = frame.georeference
    place = both("georeference_none")
    if there is not None:
        x, y, z = there.survey_from_world[:3, 3]
        place = f"{there.crs or ''} {x:.3f}, {y:.3f}, {z:.3f}"
    pairs.append((both("georeference"), place))
    parts = [lead, facts_list(pairs, "long")]
    targets = facts.targets
    if targets is not None and len(targets.numbers):
        rows = [
            [str(number), str(views), f"{error:.2f}"]
            for number, views, error in zip(targets.numbers, targets.num_views, targets.errors_px, strict=True)
        ]
        heads = [both("target"), both("target_views"), both("target_error")]
        parts.append(table(heads, rows, caption=both("targets"), numbers=(1, 2)))
    return section("scale", *parts)


def _scale_source(frame: Frame) -> str:
    if frame.scale_message is not None:
        return each(frame.scale_message.text)
    return both("scale_scans") if frame.scale_source == "scans" else escape(frame.scale_source or "")


def registration(facts: Facts) -> str:
    if facts.placed is None or not facts.placed.pairs:
        return ""
    rows = [
        [
            escape(f"{pair.source} – {pair.target}"),
            f"{pair.overlap:.0%}",
            f"{pair.rmse_m * 1000:.1f}",
            f"{pair.confidence:.2f}",
            both("yes" if pair.used else "no"),
        ]
        for pair in facts.placed.pairs
    ]
    heads = [both(key) for key in ("pair", "overlap", "rmse", "confidence", "used")]
    return section("registration", table(heads, rows, numbers=(1, 2, 3)))


def structure(facts: Facts) -> str:
    if facts.clean is None or not (facts.clean.planes or facts.clean.cylinders):
        return ""
    shapes = [*facts.clean.planes, *facts.clean.cylinders]
    listed: list[Plane | Cylinder] = [*facts.clean.planes[: _LISTED // 2], *facts.clean.cylinders[: _LISTED // 2]]
    rows = [[both(f"shape_{_kind(s)}"), _size(s), f"{s.residual_m * 1000:.1f}"] for s in listed]
    rest = len(shapes) - len(listed)
    return section(
        "structure",
        table([both("shape"), both("dimensions"), both("residual")], rows, numbers=(1, 2)),
        f"<p class='soft'>{both('structure_rest', count=rest)}</p>" if rest else "",
    )


def _kind(shape: Plane | Cylinder) -> str:
    return shape.kind if isinstance(shape, Plane) else "cylinder"


def _size(shape: Plane | Cylinder) -> str:
    if isinstance(shape, Plane):
        return f"{shape.length_m:.2f} × {shape.width_m:.2f}"
    return both("cylinder_size", radius=shape.radius_m, length=shape.length_m)


def colour(facts: Facts) -> str:
    said = []
    if facts.photos is not None:
        bright = [photo.exposure for photo in facts.photos]
        balanced = facts.stages["colour"]["options"].get("equalise", False)
        lead = both("colour_photos") if facts.textured.colours is None else _corrected(facts.textured.colours)
        said.append(lead + (both("colour_balanced") if balanced else ""))
        said.append(both("colour_bright", low=min(bright), high=max(bright)))
    if facts.clean is not None:
        kind = facts.clean.colored_by
        said.append(both({"color": "colour_scans", "intensity": "colour_intensity", "none": "colour_none"}[kind]))
    return section("colour", *(f"<p>{text}</p>" for text in said), _charts(facts))


def _corrected(check: ColourCheck) -> str:
    values = {"photos": check.photos, "before": check.before, "after": check.after, "left_out": check.left_out}
    edition = _EDITIONS.get(check.chart)
    chart = {n: say(edition, n) if edition else f" {check.chart} " for n in LANGUAGES}
    return each(lambda n: say("report.colour_corrected", n, chart=chart[n], **values))


def _charts(facts: Facts) -> str:
    """How far the chart is off in each photo that shows it."""
    charts = facts.colours.charts if facts.colours is not None else ()
    if not charts:
        return ""
    rows = [
        [escape(c.photo), str(c.patches), str(c.clipped or "–"), f"{c.before:.2f}", f"{c.after:.2f}"]
        for c in charts[:_LISTED]
    ]
    heads = [both(key) for key in ("photo", "chart_patches", "chart_clipped", "chart_before", "chart_after")]
    rest = len(charts) - len(rows)
    more = f"<p class='soft'>{both('charts_rest', count=rest)}</p>" if rest else ""
    return table(heads, rows, caption=both("charts"), numbers=(1, 2, 3, 4)) + more


def warnings(facts: Facts) -> str:
    told = [(stage, stored) for stage, entry in facts.stages.items() for stored in entry.get("warnings", [])]
    if not told:
        return section("warnings", f"<p>{both('no_warnings')}</p>")
    items = "".join(
        f"<li><b>{stage_name(stage)}</b>{each(lambda n, stored=stored: read_text(stored, n))}</li>"  # type: ignore[misc]
        for stage, stored in told
    )
    return section("warnings", f'<ul class="warnings">{items}</ul>')


def stages(facts: Facts) -> str:
    entries = facts.stages
    longest = max((entry["wall_seconds"] for entry in entries.values()), default=0) or 1
    rows = [
        [
            stage_name(name),
            f'<svg class="time" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{100 * entry["wall_seconds"] / longest:.1f}" height="10"/></svg>',
            *(f"{entry[key]:,.0f}" for key in ("wall_seconds", "cpu_seconds", "peak_rss_mb")),
        ]
        for name, entry in entries.items()
    ]
    total = [sum(entry[key] for entry in entries.values()) for key in ("wall_seconds", "cpu_seconds")]
    peak = max(entry["peak_rss_mb"] for entry in entries.values())
    rows.append([both("in_all"), "", *(f"{value:,.0f}" for value in (*total, peak))])
    heads = [both("stage"), both("share"), both("wall"), both("cpu"), both("memory")]
    return section("stages", table(heads, rows, numbers=(2, 3, 4)))


def options(facts: Facts) -> str:
    """What the technician, or the preset, chose otherwise than Longyao would."""
    defaults = {name: asdict(group) for name, group in vars(Options()).items()}
    rows = [
        [f"{stage}.{name}", escape(_option(value))]
        for stage, entry in facts.stages.items()
        for name, value in entry["options"].items()
        if _option(value) != _option(defaults.get(stage, {}).get(name))
    ]
    return section("options", table([both("figure"), both("value")], rows) if rows else f"<p>{both('no_options')}</p>")


def files(facts: Facts) -> str:
    told: Any = facts.asset["files"]
    listed = [told[key] for key in ("model", "ktx2", "collider", "thumb") if key in told] + told.get("lods", [])
    if "tiles" in told:
        listed.append(told["tiles"]["archive"])
    rows = [
        [f"gltf/{escape(entry['path'])}", _bytes(entry["bytes"]), f'<span class="hash">{entry["sha256"]}</span>']
        for entry in listed
    ]
    return section("files", table([both("file"), both("bytes"), "SHA-256"], rows, numbers=(1,)))


def machine(facts: Facts) -> str:
    libraries = facts.stages["gltf"]["libraries"]
    named = ", ".join(f"{name} {version}" for name, version in libraries.items())
    return section(
        "machine",
        f"<p>{both('machine_value', **facts.journey['machine'])}</p><p class='soft'>{escape(named)}</p>",
    )


def stage_name(stage: str) -> str:
    return each(lambda language: say(f"stage.{stage}", language))


def _option(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _bytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e5 else f"{count / 1e3:,.1f} kB"
