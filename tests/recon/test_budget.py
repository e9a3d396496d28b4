"""The budget: what a reconstruction will cost, and the refusal of what this machine's memory cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from PIL import Image

from recon import budget
from recon.budget import BASE_MB, RESERVE, Cost, check_start, fitted, predict, predict_scans
from recon.errors import BadScan, NotEnoughMemory
from recon.formats.ply import Ply, PlyWriter
from recon.messages import LANGUAGES
from recon.options import Options
from recon.pipeline import from_both, from_scans
from recon.pipeline.from_photos import STAGES
from recon.pipeline.plan import BYTES_PER_POINT, plan
from recon.pipeline.run import name_of
from recon.types import DepthMaps, Frame, Photo, PhotoSet, SparseModel, View

SIZE = (4000, 3000)
STAGE_NAMES = [stage.__name__.rpartition(".")[2] for stage in STAGES]


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the memory, MB, that the system reports: a quarter is held by this process, the rest is free."""

    def set_memory(megabytes: float) -> None:
        system = SimpleNamespace(available=0.75e6 * megabytes)
        own = SimpleNamespace(memory_info=lambda: SimpleNamespace(rss=0.25e6 * megabytes))
        monkeypatch.setattr(psutil, "virtual_memory", lambda: system)
        monkeypatch.setattr(psutil, "Process", lambda: own)

    return set_memory


@pytest.fixture(autouse=True)
def no_history(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


def planned(source: Path) -> list[Cost]:
    """The plan of a machine that has built nothing yet."""
    told = plan(source, Options())
    assert all(cost.num_runs == 0 for cost in told)
    return [Cost(cost.stage, cost.cpu_seconds, cost.memory_mb, cost.disk_mb) for cost in told]


def estimated(cost: Cost) -> float:
    return cost.memory_mb


def costs(num_photos: int, size: tuple[int, int] = SIZE, *settings: str) -> dict[str, Cost]:
    return {cost.stage: cost for cost in predict([size] * num_photos, Options.gather("object", settings=settings))}


def photo(number: int, size: tuple[int, int] = SIZE) -> Photo:
    return Photo(f"{number}.jpg", Path(f"{number}.jpg"), *size, None, "", 1.0, 0.5)


def sparse(size: tuple[int, int] = SIZE) -> SparseModel:
    view = View("a.jpg", Path("a.jpg"), *size, np.eye(3), np.eye(4)[:3])
    return SparseModel(
        Path("model"), (view,), np.ones((1, 3)), np.zeros((1, 3), np.uint8), np.zeros(1), (np.array([0], np.int32),),
        Frame("arbitrary", None, "ground", 0.01), 0.5, ("a.jpg",), (),
    )  # fmt: skip


def test_the_plan_has_every_stage_in_its_order() -> None:
    assert list(costs(3)) == STAGE_NAMES
    assert all(cost.cpu_seconds > 0 and cost.disk_mb > 0 and cost.memory_mb > BASE_MB for cost in costs(3).values())


@pytest.mark.parametrize("stage", ["photos", "features", "matches", "sparse", "align", "depth", "dense"])
def test_time_and_disk_grow_with_the_photos(stage: str) -> None:
    few, many = costs(10)[stage], costs(20)[stage]
    assert many.disk_mb == pytest.approx(2 * few.disk_mb)
    assert many.cpu_seconds == pytest.approx(few.cpu_seconds * (190 / 45 if stage == "matches" else 2))


@pytest.mark.parametrize(
    "stage", ["photos", "features", "matches", "align", "depth", "dense", "mesh", "colour", "texture", "gltf"]
)
def test_memory_does_not_grow_with_the_photos(stage: str) -> None:
    assert costs(300)[stage].memory_mb == costs(3)[stage].memory_mb


def test_large_sets_are_matched_with_what_is_alike() -> None:
    """Pairs grow with the square of the photos up to `exhaustive_up_to`, and with the photos beyond."""
    most = Options().matches.exhaustive_up_to
    assert costs(2 * most)["matches"].cpu_seconds < costs(most)["matches"].cpu_seconds * 3
    assert costs(8 * most)["matches"].cpu_seconds == pytest.approx(2 * costs(4 * most)["matches"].cpu_seconds)


def test_megapixels_count_up_to_the_side_that_a_stage_works_at() -> None:
    small, large, huge = (costs(5, size) for size in ((1000, 750), (4000, 3000), (8000, 6000)))
    for stage in ("photos", "align"):  # they decode whole photos
        assert small[stage].memory_mb < large[stage].memory_mb < huge[stage].memory_mb
        assert small[stage].cpu_seconds < large[stage].cpu_seconds < huge[stage].cpu_seconds
    for stage in ("features", "depth", "dense"):
        assert small[stage].cpu_seconds < large[stage].cpu_seconds
        assert huge[stage].memory_mb == pytest.approx(large[stage].memory_mb)
        assert huge[stage].cpu_seconds == pytest.approx(large[stage].cpu_seconds)


def test_the_largest_photo_alone_decides_the_memory() -> None:
    mixed = {cost.stage: cost for cost in predict([(1000, 750), SIZE, (1000, 750)], Options())}
    alone = {cost.stage: cost for cost in predict([SIZE], Options())}
    for stage in ("photos", "features", "align", "depth", "dense"):
        assert mixed[stage].memory_mb == alone[stage].memory_mb


def test_a_preview_costs_less_than_standard_and_high_costs_more() -> None:
    preview, standard, high = (
        costs(20, SIZE, f"depth.quality={quality}") for quality in ("preview", "standard", "high")
    )
    for stage in ("depth", "dense"):
        for figure in ("cpu_seconds", "memory_mb", "disk_mb"):
            found = [getattr(quality[stage], figure) for quality in (preview, standard, high)]
            assert found == sorted(set(found)), (stage, figure)
    for stage in ("photos", "features", "matches", "sparse", "align"):
        assert preview[stage] == standard[stage] == high[stage]


def test_triangles_cost_memory_in_mesh_and_gltf() -> None:
    few, many = (costs(5, SIZE, f"mesh.max_triangles={count}") for count in (100_000, 1_100_000))
    assert many["mesh"].memory_mb - few["mesh"].memory_mb == pytest.approx(budget.BYTES_PER_TRIANGLE)
    assert many["gltf"].memory_mb > few["gltf"].memory_mb
    assert many["depth"] == few["depth"]


def test_the_plan_reads_headers_alone(tmp_path: Path) -> None:
    """Photos that end behind their header, and one that is none: it is left out, as `build` will leave it out."""
    for number, size in enumerate((SIZE, (3000, 4000), (1600, 1200))):
        file = tmp_path / f"{number}.jpg"
        Image.new("RGB", size).save(file)
        file.write_bytes(file.read_bytes()[:1000])
        with pytest.raises(OSError, match="truncated"), Image.open(file) as picture:
            picture.load()
    (tmp_path / "none.jpg").write_bytes(b"no picture")
    assert planned(tmp_path) == predict([SIZE, (3000, 4000), (1600, 1200)], Options())


def refused(check: Callable[[], object], memory: Callable[[float], None], needed_mb: float) -> NotEnoughMemory:
    """The refusal with a little less memory than the check needs; with a little more, it passes."""
    memory(needed_mb / RESERVE + 1)
    check()
    memory(needed_mb / RESERVE - 1)
    with pytest.raises(NotEnoughMemory) as refusal:
        check()
    error = refusal.value
    for language in LANGUAGES:
        assert f"{needed_mb / 1000:.1f} GB" in error.message(language)
        assert f"{(needed_mb / RESERVE - 1) / 1000:.1f} GB" in error.message(language)
        assert error.hint(language)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error.text("zh"))
    assert error.text("en").isascii()
    return error


def test_a_start_without_memory_for_the_libraries_is_refused(memory: Callable[[float], None]) -> None:
    files = [Path(f"{number}.jpg") for number in range(1000)]  # none is there: their count alone is judged
    assert refused(lambda: check_start(files), memory, BASE_MB + 50).key == "memory_start"


def test_a_start_without_memory_for_the_largest_photo_names_it(memory: Callable[[float], None], tmp_path: Path) -> None:
    for name, size in (("small.png", (640, 480)), ("large.png", (8000, 5000))):
        Image.new("1", size).save(tmp_path / name)
    files = sorted(tmp_path.iterdir())
    error = refused(lambda: check_start(files), memory, BASE_MB + 40 * budget.PHOTO_MB_PER_MEGAPIXEL)
    assert error.key == "memory_photo"
    assert all("large.png" in error.message(language) and "40" in error.message(language) for language in LANGUAGES)


GIVEN = {stage: (PhotoSet((photo(1), photo(2))),) for stage in STAGE_NAMES[: STAGE_NAMES.index("align") + 1]}


@pytest.mark.parametrize("stage", STAGE_NAMES)
def test_a_stage_that_lacks_memory_is_made_smaller_and_says_so(stage: str, memory: Callable[[float], None]) -> None:
    """With a little less memory than it needs, it takes the largest smaller setting that fits; with that, it fits."""
    given = GIVEN.get(stage, (DepthMaps(sparse(), ()),) if stage == "dense" else (sparse(),))
    sizes = [SIZE] * (2 if stage in GIVEN else 1)

    def needed(options: Options) -> float:
        return next(cost.memory_mb for cost in predict(sizes, options) if cost.stage == stage)

    options = Options.gather("object", settings=["depth.quality=high"])
    memory(needed(options) / RESERVE + 1)
    assert fitted(stage, options, given, estimated) == (options, None)
    for setting in budget.SMALLER.get(stage, ()):
        before = needed(options)
        memory(before / RESERVE - 1)
        smaller, told = fitted(stage, options, given, estimated)
        assert smaller == options.with_setting(setting)
        assert needed(smaller) < before
        assert told is not None
        for language in LANGUAGES:
            assert all(part in told.text(language) for part in (stage, setting, f"{before / 1000:.1f} GB"))
        options = smaller
    error = refused(lambda: fitted(stage, options, given, estimated), memory, needed(options))
    assert error.key == "memory_stage"
    assert all(stage in error.message(language) for language in LANGUAGES)


def test_the_history_corrects_what_a_stage_needs(memory: Callable[[float], None]) -> None:
    memory(4000)
    assert fitted("mesh", Options(), (sparse(),), lambda cost: 3000.0)[1] is None
    smaller, _ = fitted("mesh", Options(), (sparse(),), lambda cost: 4 * cost.memory_mb)
    assert smaller.mesh.max_triangles < Options().mesh.max_triangles


def test_scans_and_both_are_planned_by_their_headers(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).random((3000, 3)).astype(np.float32)
    with PlyWriter(tmp_path / "a.ply") as out:
        out.append(Ply(rows))
    (tmp_path / "b.xyz").write_text("\n".join(f"{x:.6f} {y:.6f} {z:.6f}" for x, y, z in rows))
    (tmp_path / "c.e57").write_bytes(b"nothing")
    alone = planned(tmp_path)
    assert [cost.stage for cost in alone] == [name_of(stage) for stage in from_scans.STAGES]
    assert alone[0] == predict_scans([3000, (tmp_path / "b.xyz").stat().st_size // BYTES_PER_POINT], Options())[0]
    for number in range(3):
        Image.new("RGB", SIZE).save(tmp_path / f"{number}.jpg")
    both = planned(tmp_path)
    assert sorted(cost.stage for cost in both) == sorted(name_of(stage) for stage in from_both.STAGES)
    assert both[:4] == alone[:4]
    (tmp_path / "a.ply").unlink()
    (tmp_path / "b.xyz").unlink()
    with pytest.raises(BadScan, match=r"c\.e57"):
        plan(tmp_path, Options())
