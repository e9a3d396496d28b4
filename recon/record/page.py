"""report/index.html: one file that asks no host for anything, in Chinese and English, on a screen and on A4."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path

import cv2
import numpy as np

from recon.messages import LANGUAGES, Language, say
from recon.record.bilingual import TAG, both, each, facts_list, section, table
from recon.record.facts import Facts
from recon.record.figures import FIGURES, Kind, Measured
from recon.record.pictures import COVERAGE_COLOURS, SidePicture, webp
from recon.record.profile import Check, Limit, Profile, passes
from recon.types import ByteArray

_PHOTO_PX = 420  # longer side of a held-out photo


def page(facts: Facts, sections: list[str], head: str, language: Language) -> str:
    """The whole file. language: what is shown where no language is chosen; #zh and #en behind the address choose.

    The file's own policy lets it load nothing; its style is let in by its hash (CSP level 3, 8.3).
    """
    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8") + _switching(language)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    title = facts.asset["title"]
    named = " · ".join(dict.fromkeys((title["zh"], title["en"])))
    anchors = "".join(f'<i id="{name}"></i>' for name in LANGUAGES)
    links = " ".join(
        f'<a href="#{name}" lang="{TAG[name]}" hreflang="{TAG[name]}">{shown}</a>'
        for name, shown in (("zh", "中文"), ("en", "English"))
    )
    return (
        f'<!doctype html><html lang="{TAG[language]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(named)}</title><style>{style}</style></head><body>"
        f'{anchors}<nav class="switch" aria-label="语言 Language">{links}</nav>'
        f"<main>{head}{''.join(sections)}<footer class='soft'>{both('made_with')}</footer></main></body></html>\n"
    )


def _switching(shown: Language) -> str:
    other = "en" if shown == "zh" else "zh"
    return (
        f".{other}{{display:none}}#{other}:target~main .{shown}{{display:none}}"
        f"#{other}:target~main .{other}{{display:revert}}"
    )


def heading(
    facts: Facts, measured: Measured, portrait: SidePicture | None, profile: Profile, checks: list[Check]
) -> str:
    """What was made of what, a picture of it, and the verdict."""
    title, asset = facts.asset["title"], facts.asset
    passed = passes(checks)
    verdict = (
        f'<p class="verdict {"pass" if passed else "fail"}">{both("pass" if passed else "fail")} '
        f"<small>{both_in('against', profile)}</small></p>"
    )
    picture = ""
    if portrait is not None:
        picture = f'<figure><img {source(portrait.look)} aria-labelledby="portrait"><figcaption id="portrait">'
        picture += f"{both('portrait')}</figcaption></figure>"
    statement = asset["origin"].get("statement", {"zh": "", "en": ""})
    return (
        f'<p class="kind">{both("title")}</p><div class="top"><div><h1>{each(lambda n: title[n])}</h1>'
        f"<p>{each(lambda n: statement[n])}</p>{verdict}</div>{picture}</div>{facts_list(_made(facts, measured))}"
    )


def _made(facts: Facts, measured: Measured) -> list[tuple[str, str]]:
    asset, stages = facts.asset, facts.stages
    made = [(both("made"), escape(str(stages["gltf"]["started"])[:16].replace("T", " ") + " UTC"))]
    made.append((both("source"), escape(str(facts.journey.get("source", "")))))
    made.append((both("preset"), escape(str(facts.journey.get("preset", "")))))
    sparse = facts.sparse
    if facts.photos is not None:
        total = len(facts.photos) + len(facts.photos.set_aside)
        value = both("photos_value", placed=len(sparse.registered), total=total)
        if sparse.held_out:
            value += f" · {both('photos_held', count=len(sparse.held_out))}"
        made.append((both("photos"), value))
    if facts.placed is not None and facts.scans is not None:
        total = len(facts.scans) + len(facts.scans.set_aside)
        made.append((both("scans"), both("scans_value", placed=len(facts.placed.scans), total=total)))
    bounds = asset["bounds"]
    size = [high - low for low, high in zip(bounds["min"], bounds["max"], strict=True)]
    shown = " × ".join(_length(value, facts.metric) for value in size)
    made.append((both("size"), f"{shown} {'m' if facts.metric else both('units')}"))
    made.append((both("triangles"), f"{len(measured.model.faces):,}"))
    side = measured.model.side
    made.append((both("texture"), both("texture_value", pages=len(measured.model.pictures), side=side)))
    origin = asset["origin"]
    if "credit" in origin:
        credit = origin["credit"]
        made.append((both("credit"), each(lambda n: credit[n])))
    if "licence" in origin:
        made.append((both("licence"), escape(origin["licence"])))
    return made


def verdict(profile: Profile, checks: list[Check]) -> str:
    rows = [
        [
            both(f"figure_{check.limit.figure}"),
            shown_figure(check.value, FIGURES[check.limit.figure]),
            _limit(check.limit),
            f'<span class="{check.outcome}">{both(check.outcome)}</span>',
        ]
        for check in checks
    ]
    heads = [both("figure"), both("value"), both("limit"), both("outcome")]
    unknown = any(check.outcome == "unknown" for check in checks)
    return section(
        "checks",
        f"<p>{each(lambda n: profile.title[n])}</p><p class='soft'>{each(lambda n: profile.note[n])}</p>",
        table(heads, rows, numbers=(1, 2)),
        f"<p class='soft'>{both('unknown_fails')}</p>" if unknown else "",
    )


def sides(pictures: list[SidePicture], measured: Measured, width: str) -> str:
    figures = []
    for picture in pictures:
        name = f"side_{picture.side}"
        figures.append(
            f'<figure class="pair"><img {source(picture.look)} aria-labelledby="{name}">'
            f'<img {source(picture.coverage)} aria-labelledby="{name} legend"><figcaption id="{name}">'
            f"{both(name)}</figcaption></figure>"
        )
    legend = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill="{colour}"/></svg>'
        f"{both(f'class_{number}')} {share:.1%}</li>"
        for number, (colour, share) in enumerate(zip(COVERAGE_COLOURS, measured.coverage(), strict=True))
    )
    return section(
        "sides",
        f"<p class='soft'>{both('sides_how', width=width)}</p>",
        f'<div class="sides">{"".join(figures)}</div>',
        f'<h3 id="legend">{both("legend")}</h3><ul class="legend">{legend}</ul>',
    )


def quality(measured: Measured) -> str:
    rows = [
        [both(f"figure_{name}"), shown_figure(value, FIGURES[name]), both(f"about_{name}", cut=measured.cut_share)]
        for name, value in measured.figures.items()
        if value is not None
    ]
    return section("figures", table([both("figure"), both("value"), both("meaning")], rows, numbers=(1,)))


def held_out(measured: Measured) -> str:
    """What the model shows in the place of photos that it has not seen."""
    figures = []
    for number, photo in enumerate(measured.held_out):
        if photo.psnr_db is None:
            told = both("held_out_few", name=photo.name)
        else:
            values = {"psnr": photo.psnr_db, "ssim": photo.ssim, "coverage": photo.coverage}
            told = both("held_out_one", name=photo.name, **values)
        name = f"held_{number}"
        figures.append(
            f'<figure class="pair"><img {source(_shrunk(photo.photo))} aria-labelledby="{name}">'
            f'<img {source(_shrunk(photo.rendered))} aria-labelledby="{name}"><figcaption id="{name}">{told}'
            "</figcaption></figure>"
        )
    how = f"<p class='soft'>{both('held_out_how')}</p>"
    return section("held_out", how, f'<div class="sides">{"".join(figures)}</div>') if figures else ""


def _shrunk(picture: ByteArray) -> ByteArray:
    height, width = picture.shape[:2]
    scale = _PHOTO_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def both_in(key: str, profile: Profile) -> str:
    """A text that names the profile."""
    return each(lambda language: say(f"report.{key}", language, profile=profile.title[language]))


def shown_figure(value: float | None, kind: Kind) -> str:
    if value is None:
        return both("unknown")
    match kind:
        case "share":
            return f"{value:.1%}"
        case "count":
            return f"{value:,.0f}"
        case "delta_e":
            return f"{value:.2f}"
        case "number":
            return f"{value:.3f}"
    return f"{value:.3g} {kind}" if value < 100 else f"{value:.0f} {kind}"


def source(pixels: ByteArray) -> str:
    """The attributes of an img that holds its picture."""
    height, width = pixels.shape[:2]
    data = base64.b64encode(webp(pixels)).decode("ascii")
    return f'src="data:image/webp;base64,{data}" width="{width}" height="{height}"'


def _limit(limit: Limit) -> str:
    kind = FIGURES[limit.figure]
    told = [("≥", limit.least), ("≤", limit.most)]
    return ", ".join(f"{sign} {shown_figure(value, kind)}" for sign, value in told if value is not None)


def _length(value: float, metric: bool) -> str:
    return f"{value:.3f}" if metric else f"{value:.3g}"
