"""What changed, for people and for programs: a table (CSV, JSON) and a page in both languages (HTML)."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from recon.change import colours
from recon.change.detect import Changes, Region
from recon.messages import LANGUAGES, Language, say
from recon.survey import Survey
from recon.types import Unit

_LISTED = 40  # places on the page; the table has all


def write_table(folder: Path, changes: Changes, first: Survey, second: Survey) -> None:
    """changes.csv, a row per place, and changes.json, which also tells how it was found."""
    rows = [_row(number, region) for number, region in enumerate(changes.regions, 1)]
    with (folder / "changes.csv").open("w", encoding="utf-8-sig", newline="") as file:  # Excel reads it as UTF-8
        writer = csv.DictWriter(file, fieldnames=list(_row(0, _NOTHING)))
        writer.writeheader()
        writer.writerows(rows)
    (folder / "changes.json").write_text(
        json.dumps(summary(changes, first, second) | {"places": rows}, ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )


def summary(changes: Changes, first: Survey, second: Survey) -> dict[str, Any]:
    """How the two were compared, and what came of it; lengths in the surveys' unit."""
    alignment = changes.alignment
    limit = changes.first.limit[changes.first.found.measured]
    return {
        "before": first.name,
        "after": second.name,
        "unit": first.unit,
        "level": 0.95,
        "level_of_detection": _round(float(np.median(limit))) if len(limit) else None,
        "registration_error": _round(changes.registration),
        "roughness": [_round(value) for value in changes.scales.noise],
        "spacing": _round(changes.scales.spacing),
        "cylinder_radius": _round(changes.scales.radius),
        "reach": _round(changes.scales.reach),
        "core_points": len(changes.first.points),
        "compared_area": _round(changes.compared_area),
        "unseen_area": _round(changes.unseen_area),
        "before_from_after": None if alignment is None else alignment.first_from_second.round(9).tolist(),
        "stable_share": None if alignment is None else _round(alignment.stable_share),
    }


_NOTHING = Region("gain", np.zeros(3), np.zeros(3), np.zeros(3), 0.0, None, None, None, None, 1.0, 0)


def _row(number: int, region: Region) -> dict[str, Any]:
    told = asdict(region)
    row: dict[str, Any] = {"place": number, "kind": region.kind}
    row |= {name: _round(told[name]) for name in ("area", "volume", "mean", "most", "limit")}
    row["probability_of_noise"] = float(f"{region.chance:.3g}")
    row |= {axis: _round(float(value)) for axis, value in zip("xyz", region.centre, strict=True)}
    size = region.high - region.low
    return row | {name: _round(float(v)) for name, v in zip(("width", "height", "depth"), size, strict=True)}


def _round(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def length(value: float | None, unit: Unit, *, signed: bool = False) -> str:
    """In millimetres where metres are known."""
    if value is None:
        return "–"
    shown = value * 1000 if unit == "metre" else value
    return f"{shown:{'+' if signed else ''}.{1 if abs(shown) < 100 else 0}f}" if unit == "metre" else f"{shown:.4g}"


def write_page(folder: Path, changes: Changes, first: Survey, second: Survey, full: float, thumb: Path) -> None:
    """report.html: stands alone, in Chinese and English, prints on A4."""
    picture = base64.b64encode(thumb.read_bytes()).decode("ascii")
    body = "".join(_section(language, changes, first, second, full, picture) for language in LANGUAGES)
    page = (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(first.name)} → {escape(second.name)}</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    )
    (folder / "report.html").write_text(page, encoding="utf-8")


def _section(language: Language, changes: Changes, first: Survey, second: Survey, full: float, picture: str) -> str:
    def text(key: str, **values: object) -> str:
        return escape(say(f"change.{key}", language, **values))

    unit = first.unit
    mm = "mm" if unit == "metre" else text("units")
    square, cube = ("m²", "m³") if unit == "metre" else ("", "")
    facts = [
        (text("lod"), f"{length(float(np.nanmedian(changes.first.limit)), unit)} {mm}"),
        (text("registration"), f"{length(changes.registration, unit)} {mm}"),
        (text("roughness"), " / ".join(length(v, unit) for v in changes.scales.noise) + f" {mm}"),
        (text("reach"), f"{length(changes.scales.reach, unit)} {mm}"),
        (text("compared"), f"{changes.compared_area:.4g} {square}"),
        (text("unseen"), f"{changes.unseen_area:.4g} {square}"),
    ]
    if changes.alignment is None:
        facts.append((text("frames"), text("frames_kept")))
    else:
        facts.append((text("frames"), text("frames_aligned", share=changes.alignment.stable_share)))
    listed = "".join(
        f"<tr><td>{number}</td><td><span class='dot {region.kind}'></span>{text(f'kind_{region.kind}')}</td>"
        f"<td>{region.area:.4g}</td><td>{'–' if region.volume is None else f'{region.volume:+.3g}'}</td>"
        f"<td>{length(region.mean, unit, signed=True)}</td><td>{length(region.most, unit, signed=True)}</td>"
        f"<td>{length(region.limit, unit)}</td><td>{_chance(region.chance)}</td>"
        f"<td>{', '.join(f'{v:.2f}' for v in region.centre)}</td></tr>"
        for number, region in enumerate(changes.regions[:_LISTED], 1)
    )
    heads = [
        "№", text("kind"), f"{text('area')} {square}", f"{text('volume')} {cube}", f"{text('mean')} {mm}",
        f"{text('most')} {mm}", f"{text('lod_short')} {mm}", text("chance"), text("where"),
    ]  # fmt: skip
    table = f"<table><thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead><tbody>{listed}</tbody></table>"
    more = len(changes.regions) - _LISTED
    rest = f"<p>{text('more', count=more)}</p>" if more > 0 else ""
    found = text("found", count=len(changes.regions)) if changes.regions else text("found_none")
    tag = "zh-Hans" if language == "zh" else "en"
    return (
        f'<main lang="{tag}"><h1>{text("title")}</h1>'
        f"<p class='epochs'>{escape(first.name)} → {escape(second.name)}</p><p class='found'>{found}</p>"
        f'<figure><img alt="{text("picture")}" src="data:image/webp;base64,{picture}">'
        f"<figcaption>{legend(language, full, unit)}</figcaption></figure>"
        f"{table if changes.regions else ''}{rest}"
        f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in facts)}</dl>"
        f"<p class='small'>{text('method')}</p><p class='small'>{text('made_with')}</p></main>"
    )


def legend(language: Language, full: float, unit: Unit) -> str:
    """A scale of colours as SVG, with what the other colours mean."""
    steps = np.linspace(-full, full, 41)
    bars = "".join(
        f'<rect x="{10 + 9 * i}" y="6" width="9.3" height="16" fill="{_hex(colour)}"/>'
        for i, colour in enumerate(colours.of_distance(steps, full))
    )
    ticks = "".join(
        f'<text x="{10 + 9 * 41 * share}" y="38" text-anchor="{anchor}">{length(value, unit, signed=value != 0)}</text>'
        for share, value, anchor in ((0, -full, "start"), (0.5, 0.0, "middle"), (1, full, "end"))
    )
    mm = "mm" if unit == "metre" else say("change.units", language)
    named = [
        (colours.STEADY, say("change.kind_steady", language)),
        (colours.GONE, say("change.kind_gone", language)),
        (colours.NEW, say("change.kind_new", language)),
        (colours.UNSEEN, say("change.kind_unseen", language)),
    ]
    swatches = "".join(
        f'<li><i style="background:{_hex(np.array(colour))}"></i>{escape(name)}</li>' for colour, name in named
    )
    svg = (
        f'<svg viewBox="0 0 430 44" width="430" role="img" aria-label="{escape(say("change.legend", language))}">'
        f'{bars}{ticks}<text x="392" y="19">{escape(mm)}</text></svg>'
    )
    ends = f"{escape(say('change.kind_loss', language))} ← → {escape(say('change.kind_gain', language))}"
    return f"{svg}<p>{ends}</p><ul>{swatches}</ul>"


def _hex(colour: Any) -> str:
    return "#" + "".join(f"{int(v):02x}" for v in colour)


def _chance(chance: float) -> str:
    return "< 10⁻⁶" if chance < 1e-6 else f"{chance:.1g}"


def as_text(changes: Changes, first: Survey, second: Survey, language: Language, most: int = 12) -> str:
    """What the command prints."""
    out = io.StringIO()
    key = "change.found" if changes.regions else "change.found_none"
    print(f"{first.name} → {second.name}: {say(key, language, count=len(changes.regions))}", file=out)
    unit = first.unit
    mm = " mm" if unit == "metre" else ""
    square = " m²" if unit == "metre" else ""
    facts: Sequence[tuple[str, str]] = [
        ("lod", f"{length(float(np.nanmedian(changes.first.limit)), unit)}{mm}"),
        ("registration", f"{length(changes.registration, unit)}{mm}"),
        ("compared", f"{changes.compared_area:.4g}{square}"),
        ("unseen", f"{changes.unseen_area:.4g}{square}"),
    ]
    for name, value in facts:
        print(f"  {say(f'change.{name}', language)}: {value}", file=out)
    for number, region in enumerate(changes.regions[:most], 1):
        mean = "" if region.mean is None else f"  {length(region.mean, unit, signed=True)}{mm}"
        place = ", ".join(f"{v:.2f}" for v in region.centre)
        kind = say(f"change.kind_{region.kind}", language)
        print(f"  {number:3}  {kind}  {region.area:.4g}{square}{mean}  ({place})", file=out)
    return out.getvalue().rstrip()


_STYLE = """
body{font:15px/1.5 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",system-ui,sans-serif;color:#2b2723;
background:#fbfaf7;margin:0}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem;break-after:page}
h1{font-size:1.5rem;margin:0}.epochs{margin:.1rem 0 .8rem;color:#5b544c;overflow-wrap:anywhere}
.found{font-size:1.1rem}.small{font-size:.85rem;color:#5b544c}figure{margin:1rem 0}
img{width:100%;max-width:48rem;height:auto;background:#f1eee7}svg{max-width:100%;font-size:12px}
figcaption p{margin:0}figcaption ul{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;
margin:.4rem 0;list-style:none}
i,.dot{display:inline-block;width:.9em;height:.9em;margin-right:.4em;vertical-align:-.1em;border:1px solid #8a8378}
.loss{background:#005aaa}.gain{background:#d55e00}.gone{background:#14141e}.new{background:#f0e442}
table{border-collapse:collapse;width:100%;font-size:.88rem;display:block;overflow-x:auto}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd6ca;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#5b544c}dd{margin:0}
@media(max-width:34rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
"""
