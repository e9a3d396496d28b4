"""The report of a finished reconstruction: its figures against the truth, its verdict against a profile."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skimage.metrics import structural_similarity
from truth import Solved

from recon.cli import main
from recon.errors import BadOptions
from recon.geometry.picture_fit import picture_fit, ssim_map
from recon.geometry.visibility import Occluders
from recon.record.facts import read_facts
from recon.record.figures import FIGURES, coverage_class, ground_sampling_distance, textured_model
from recon.record.held_out import measure_held_out
from recon.record.pictures import COVERAGE_COLOURS
from recon.record.profile import SHIPPED, passes, read_profile

FIGURES_KNOWN = dict.fromkeys(FIGURES, 0.5)


class Page(HTMLParser):
    """Whether all elements are closed in order, which ids there are, and what the page refers to."""

    VOID = frozenset({"meta", "img"})

    def __init__(self, html: str):
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.named: set[str] = set()
        self.addresses: list[str] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        assert "style" not in told
        assert not any(name.startswith("on") for name in told)
        self.ids += [told["id"]] if "id" in told else []
        self.named |= set(told.get("aria-labelledby", "").split())
        self.addresses += [told[name] for name in ("src", "href", "xlink:href", "action") if name in told]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_build_ends_with_a_report_that_loads_nothing(solved: Solved) -> None:
    html = (solved.work / "report" / "index.html").read_text(encoding="utf-8")
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert page.named <= set(page.ids)
    assert {address.partition(":")[0] for address in page.addresses if not address.startswith("#")} == {"data"}
    assert re.search(r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='", html)
    assert "<script" not in html
    assert "url(" not in html
    for language in ("zh", "en"):
        assert len(re.findall(rf'class="{language}"', html)) > 60
    text = re.sub(r"<[^>]+>", "", html)
    record = json.loads((solved.work / "journey.json").read_text(encoding="utf-8"))
    bounds = json.loads((solved.work / "gltf" / "asset.json").read_text(encoding="utf-8"))["bounds"]
    (cut,) = (w["values"]["share"] for w in record["stages"]["dense"]["warnings"] if w["key"] == "warning.ground_cut")
    for told in (
        "龙窑 照片",
        "采用 10 张，共 10 张",
        "10 used of 10",
        " × ".join(f"{high - low:.3f}" for low, high in zip(bounds["min"], bounds["max"], strict=True)),
        "gltf/model.glb",
        f"点云的 {cut:.1%}",
        "两台相机的间距",
        "distance between the cameras",
    ):
        assert told in text


def test_the_figures_are_true(solved: Solved) -> None:
    told = json.loads((solved.work / "report" / "figures.json").read_text(encoding="utf-8"))
    figures = told["figures"]
    assert figures.keys() == FIGURES.keys()
    assert figures["photos_placed_share"] == 1
    cameras = solved.photographed.truth.cameras
    finest = np.full(len(solved.sparse.points), np.inf)
    in_truth = (solved.sparse.points - solved.world_from_truth[:3, 3]) @ solved.world_from_truth[:3, :3]
    for view, seen in zip(solved.sparse.views, solved.sparse.observations, strict=True):
        camera = cameras[view.name]
        depth = (in_truth[seen] @ camera.cam_from_world[:, :3].T + camera.cam_from_world[:, 3])[:, 2]
        finest[seen] = np.minimum(finest[seen], depth / camera.k[0, 0])
    assert figures["gsd_mm"] == pytest.approx(1000 * np.median(finest[np.isfinite(finest)]), rel=0.01)
    assert 0.1 < figures["noise_mm"] < figures["deviation_mm"] < 2 * figures["gsd_mm"]
    assert figures["measured_share"] + figures["filled_share"] == pytest.approx(1)
    assert 0.3 < figures["texel_mm"] / figures["gsd_mm"] < 3
    assert sum(told["coverage"]) == pytest.approx(1, abs=1e-5)
    assert told["coverage"][0] == pytest.approx(figures["filled_share"], abs=1e-5)
    assert sum(told["coverage"][3:]) == pytest.approx(figures["measured_three_times_share"], abs=1e-5)
    assert (figures["scale_check_mm"], figures["registration_mm"]) == (None, None)
    assert told["passed"] is True
    assert (told["profile"], {check["outcome"] for check in told["checks"]}) == ("display", {"pass"})


def test_a_model_without_scale_has_no_lengths(solved: Solved) -> None:
    facts = read_facts(solved.work)
    assert facts.metric
    assert list(facts.stages)[-1] == "gltf"
    assert ground_sampling_distance(facts.sparse) == pytest.approx(0.00075, rel=0.1)


def test_held_out_photos_are_compared_with_the_model(solved: Solved) -> None:
    facts = read_facts(solved.work)
    name = sorted(solved.photographed.truth.cameras)[4]
    asked = replace(facts, sparse=replace(facts.sparse, held_out=(name,)))
    model = textured_model(facts.textured)
    (found,) = measure_held_out(asked, model, Occluders(model.vertices, model.faces))
    assert found.name == name
    assert found.psnr_db is not None
    assert found.ssim is not None
    assert found.psnr_db > 24
    assert found.ssim > 0.8
    mask = (found.rendered < 255).any(axis=2)
    assert found.coverage == pytest.approx(mask.mean(), abs=0.01)
    assert 0.1 < found.coverage < 0.9
    assert measure_held_out(facts, model, Occluders(model.vertices, model.faces)) == []


def test_similarity_of_pictures_is_scikit_images() -> None:
    random = np.random.default_rng(3)
    a = random.uniform(0, 255, (40, 50)).astype(np.float32)
    b = np.clip(a + random.normal(0, 30, a.shape), 0, 255).astype(np.float32)
    similarity: Any = structural_similarity
    expected = similarity(a, b, data_range=255, win_size=7, full=True)[1]
    np.testing.assert_allclose(ssim_map(a, b), expected, atol=1e-5)
    photo = np.stack([a, b, a], axis=-1)
    mask = np.ones(a.shape, bool)
    assert picture_fit(photo * 0.5 + 20, photo, mask).psnr_db > 80  # exposure is not the model's fault
    noisy = np.asarray(photo + random.normal(0, 8, photo.shape), np.float32)
    assert picture_fit(noisy, photo, mask).psnr_db == pytest.approx(10 * np.log10(255**2 / 64), abs=0.3)


def test_the_command_judges_by_a_profile(solved: Solved, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    limits = tmp_path / "本馆.toml"
    limits.write_text(
        'title = "本馆"\n[limits]\ngsd_mm = {max = 0.1}\nscale_check_mm = {max = 1}\ntriangles = {min = 1, max = 9e9}\n'
    )
    kept = {file: (solved.work / "report" / file).read_bytes() for file in ("index.html", "figures.json")}
    try:
        assert main(["--lang", "en", "report", str(solved.work), "--profile", str(limits)]) == 0
        page = solved.work / "report" / "index.html"
        assert capsys.readouterr().out.strip() == str(page)
        told = json.loads(page.with_name("figures.json").read_text(encoding="utf-8"))
        assert [check["outcome"] for check in told["checks"]] == ["fail", "unknown", "pass"]
        assert (told["profile"], told["passed"]) == ("本馆", False)
        assert '<p class="verdict fail">' in page.read_text(encoding="utf-8")
    finally:
        for file, data in kept.items():
            (solved.work / "report" / file).write_bytes(data)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_profiles_have_both_languages_and_say_whose_limits_they_are(name: str) -> None:
    profile = read_profile(name)
    assert profile.title["zh"] != profile.title["en"]
    assert "龙窑" in profile.note["zh"]
    assert "Longyao" in profile.note["en"]
    assert not passes(profile.checks(dict.fromkeys(FIGURES)))
    assert passes(profile.checks(dict.fromkeys(FIGURES), frozenset(FIGURES)))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("limits = 3", "profile_no_limits"),
        ("[limits", "profile_not_toml"),
        ("[limits]\nbeauty = {min = 1}", "profile_figure"),
        ("[limits]\ngsd_mm = 3", "profile_limit"),
        ("[limits]\ngsd_mm = {least = 3}", "profile_limit"),
        ('[limits]\ngsd_mm = {max = "3"}', "profile_limit"),
        ("[limits]\ngsd_mm = {max = nan}", "profile_limit"),
    ],
)
def test_a_profile_that_cannot_be_read_is_refused(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "p.toml"
    file.write_text(text)
    with pytest.raises(BadOptions) as refused:
        read_profile(str(file))
    assert refused.value.key == key
    assert "p.toml" in refused.value.text("zh")


def test_limits_hold_at_their_value(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text("[limits]\nmeasured_share = {min = 0.5}\nfilled_share = {max = 0.5}\nunseen_share = {max = 0.49}\n")
    profile = read_profile(str(file))
    assert [check.outcome for check in profile.checks(FIGURES_KNOWN)] == ["pass", "pass", "fail"]
    assert not passes(profile.checks(FIGURES_KNOWN))


def test_classes_of_coverage() -> None:
    counts = np.array([0, 1, 2, 3, 4, 5, 8, 9, 255])
    assert coverage_class(counts).tolist() == [0, 1, 2, 3, 3, 4, 4, 5, 5]
    assert len(COVERAGE_COLOURS) == 6
