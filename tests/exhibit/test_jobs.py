"""The queue of reconstructions: one worker a job, no job lost, and a page that tells how far it is."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser

from exhibit.config import Config
from exhibit.db import Database, now
from exhibit.documents.types import Text
from exhibit.errors import BadInput, NotFound
from exhibit.halls.building import build_hall
from exhibit.i18n import CATALOGUE
from exhibit.jobs import beside, services, worker
from exhibit.jobs.models import Job
from exhibit.jobs.worker import Listener
from exhibit.library.models import Asset
from exhibit.web import Site
from recon import Cancelled, GltfBundle, Message, NoReconstruction, Options
from recon.formats import photo_formats

LEASE = dt.timedelta(seconds=60)
TITLE: Text = {"zh": "梅瓶", "en": "Meiping"}


def enqueue(site: Site, tmp_path: Path, name: str = "photos") -> int:
    photos = tmp_path / name
    photos.mkdir()
    (photos / "1.jpg").write_bytes(samples.picture())
    with site.database.writing() as session:
        return services.enqueue(session, site.config, title=TITLE, preset="object", photos=photos).id


def get(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return services.get_job(session, job_id)


def claim(database: Database, name: str, lease: dt.timedelta = LEASE) -> int | None:
    with database.writing() as session:
        job = services.claim(session, name, lease)
        return job.id if job else None


# the queue


def test_first_come_first_served_and_each_once(site: Site, tmp_path: Path) -> None:
    first, second = enqueue(site, tmp_path, "a"), enqueue(site, tmp_path, "b")
    assert [claim(site.database, name) for name in ("one", "two", "three")] == [first, second, None]
    job = get(site.database, first)
    assert (job.state, job.worker, job.attempts) == ("running", "one", 1)


def test_many_workers_never_share_a_job(site: Site, tmp_path: Path) -> None:
    jobs = [enqueue(site, tmp_path, str(number)) for number in range(6)]
    taken: list[int | None] = []
    start = threading.Barrier(8)

    def take(name: str) -> None:
        start.wait()
        taken.append(claim(site.database, name))

    threads = [threading.Thread(target=take, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(job for job in taken if job) == jobs
    assert taken.count(None) == 2


def test_a_silent_worker_loses_its_job_and_may_not_end_it(site: Site, tmp_path: Path) -> None:
    job_id = enqueue(site, tmp_path)
    assert claim(site.database, "silent", dt.timedelta(seconds=-1)) == job_id
    assert claim(site.database, "other") == job_id
    with site.database.writing() as session:
        assert not services.report(session, job_id, "silent", LEASE, stage="mesh")
        assert not services.end(session, job_id, "silent", "done")
    job = get(site.database, job_id)
    assert (job.state, job.worker, job.attempts, job.stage) == ("running", "other", 2, "")


def test_a_living_worker_keeps_its_job(site: Site, tmp_path: Path) -> None:
    job_id = enqueue(site, tmp_path)
    claim(site.database, "one", dt.timedelta(seconds=-1))
    with site.database.writing() as session:
        assert services.report(session, job_id, "one", LEASE, stage="dense", done=3, total=9)
    assert claim(site.database, "two") is None
    job = get(site.database, job_id)
    assert (job.stage, job.done, job.total) == ("dense", 3, 9)
    assert job.lease_until
    assert job.lease_until > now()


def test_a_job_that_brings_down_its_workers_is_given_up(site: Site, tmp_path: Path, curator: Browser) -> None:
    job_id = enqueue(site, tmp_path)
    for number in range(services.MAX_ATTEMPTS):
        assert claim(site.database, str(number), dt.timedelta(seconds=-1)) == job_id
    assert claim(site.database, "last") is None
    assert get(site.database, job_id).state == "failed"
    assert "The worker stopped 3 times on the way." in curator.get(f"/desk/jobs/{job_id}?lang=en").text


def test_cancelling(site: Site, tmp_path: Path, curator: Browser) -> None:
    queued, running = enqueue(site, tmp_path, "a"), enqueue(site, tmp_path, "b")
    curator.post(f"/desk/jobs/{queued}/cancel")
    assert get(site.database, queued).state == "cancelled"
    assert claim(site.database, "one") == running
    curator.post(f"/desk/jobs/{running}/cancel")
    assert get(site.database, running).state == "running"
    with site.database.writing() as session:
        assert not services.report(session, running, "one", LEASE)  # so its worker hears of it
        assert services.end(session, running, "one", "cancelled")
    curator.post(f"/desk/jobs/{running}/cancel")  # over already: nothing happens
    assert get(site.database, running).state == "cancelled"


def test_a_cancelled_job_whose_worker_died_is_not_taken_up(site: Site, tmp_path: Path, curator: Browser) -> None:
    job_id = enqueue(site, tmp_path)
    claim(site.database, "one", dt.timedelta(seconds=-1))
    curator.post(f"/desk/jobs/{job_id}/cancel")
    assert claim(site.database, "two") is None
    assert get(site.database, job_id).state == "cancelled"


@pytest.mark.parametrize(("preset", "title"), [("palace", TITLE), ("object", {"zh": "", "en": ""})])
def test_what_cannot_be_queued(site: Site, tmp_path: Path, preset: str, title: Text) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "1.jpg").write_bytes(b"x")
    with site.database.writing() as session, pytest.raises(BadInput):
        services.enqueue(session, site.config, title=title, preset=preset, photos=tmp_path / "p")
    with site.database.reading() as session, pytest.raises(NotFound):
        services.get_job(session, 1)


# the worker; `build` stands where recon.build is called, the rest is what ships


STYLE = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="  # of nothing


class Building:
    """Hands over a finished bundle, and a report, after telling of one stage."""

    def __init__(self, bundle: Path):
        self.bundle = bundle
        self.given: list[tuple[list[str], str]] = []

    def __call__(self, source: Path, work: Path, *, preset: str, listener: Listener) -> GltfBundle:
        self.given.append((sorted(path.name for path in source.iterdir()), preset))
        told_title = tomllib.loads((work / "options.toml").read_text(encoding="utf-8"))["gltf"]
        assert told_title == {"title_zh": TITLE["zh"], "title_en": TITLE["en"]}
        told = listener("depth", False)
        told.start(2, "views")
        told.advance()
        told.advance()
        told.warn(Message("warning.no_horizon"))
        (work / "report").mkdir()
        policy = f'<meta http-equiv="Content-Security-Policy" content="style-src \'{STYLE}\'">'
        (work / "report" / "index.html").write_text(f"<!doctype html>{policy}<p>报告", encoding="utf-8")
        (work / "report" / "figures.json").write_text('{"passed": false}', encoding="utf-8")
        return GltfBundle(self.bundle, self.bundle / "model.glb", (Message("warning.no_scale"),))


def test_from_photographs_to_the_library(
    site: Site, tmp_path: Path, bundles: dict[str, Path], curator: Browser
) -> None:
    job_id = enqueue(site, tmp_path)
    build = Building(bundles["shard"])
    said: list[str] = []
    assert worker.work(site.config, build, build_hall, once=True, say=said.append) == 1
    assert build.given == [(["1.jpg"], "object")]
    assert said == ["job 1: 1 photos", "job 1: done"]
    job = get(site.database, job_id)
    assert (job.state, job.asset_id, job.stage, job.done, job.total) == ("done", "meiping", "depth", 2, 2)
    assert job.warnings == [Message("warning.no_horizon").texts(), Message("warning.no_scale").texts()]
    with site.database.reading() as session:
        assert session.get_one(Asset, "meiping").document["title"] == TITLE
    assert "/desk/assets/meiping" in curator.get(f"/desk/jobs/{job_id}").text


def test_a_reconstructions_report_is_shown_with_its_verdict(
    site: Site, tmp_path: Path, bundles: dict[str, Path], curator: Browser, visitor: Browser
) -> None:
    job_id = enqueue(site, tmp_path)
    address = f"/desk/jobs/{job_id}/report"
    assert curator.get(address).status_code == 404
    assert address not in curator.get(f"/desk/jobs/{job_id}").text
    worker.work(site.config, Building(bundles["shard"]), build_hall, once=True, say=lambda _: None)
    page = curator.get(f"/desk/jobs/{job_id}?lang=en").text
    assert f'href="{address}#en"' in page
    assert "outside its limits" in page
    assert visitor.get(address).status_code == 303
    shown = curator.get(address)
    assert shown.text.endswith("<p>报告")
    assert shown.mimetype == "text/html"
    assert shown.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src '{STYLE}'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )


def test_a_room_that_was_photographed_is_a_room(site: Site, tmp_path: Path, bundles: dict[str, Path]) -> None:
    job_id = enqueue(site, tmp_path)
    with site.database.writing() as session:
        services.get_job(session, job_id).preset = "room"
    worker.work(site.config, Building(bundles["saggar"]), build_hall, once=True, say=lambda _: None)
    with site.database.reading() as session:
        assert session.get_one(Asset, "meiping").document["use"] == "room"


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (NoReconstruction("photos_apart", count=9), "failed", NoReconstruction("photos_apart", count=9).message()),
        (RuntimeError("secret detail"), "failed", "Job 1 broke unexpectedly."),
        (Cancelled("cancelled"), "cancelled", None),
    ],
)
def test_a_reconstruction_that_fails(
    site: Site, tmp_path: Path, curator: Browser, error: Exception, state: str, message: str | None
) -> None:
    job_id = enqueue(site, tmp_path)

    def build(source: Path, work: Path, *, preset: str, listener: Listener) -> GltfBundle:
        raise error

    worker.work(site.config, build, build_hall, once=True, say=lambda _: None)
    job = get(site.database, job_id)
    assert (job.state, job.failure and job.failure["message"]["en"]) == (state, message)
    page = curator.get(f"/desk/jobs/{job_id}?lang=en").text
    assert (message or "Cancelled") in page
    assert "secret detail" not in page


def test_a_bad_bundle_fails_the_job(site: Site, tmp_path: Path) -> None:
    job_id = enqueue(site, tmp_path)
    (tmp_path / "empty").mkdir()
    worker.work(site.config, Building(tmp_path / "empty"), build_hall, once=True, say=lambda _: None)
    assert get(site.database, job_id).failure == {
        "message": {
            "zh": "empty 中没有 asset.json，因此不是资产包。",
            "en": "There is no asset.json in empty, so it is not a bundle.",
        },
        "hint": {
            "zh": "请用 recon build 生成资产包，或直接上传 GLB。",
            "en": "Make one with `recon build`, or upload the GLB alone.",
        },
    }


class Patient:
    """Works on, unit by unit, until it is told to stop."""

    def __init__(self) -> None:
        self.started = threading.Event()

    def __call__(self, source: Path, work: Path, *, preset: str, listener: Listener) -> GltfBundle:
        listener.start(10, "views")
        self.started.set()
        while True:
            listener.stopped.wait(30)
            listener.advance()


def test_the_curators_cancel_reaches_the_worker(site: Site, tmp_path: Path, curator: Browser) -> None:
    job_id = enqueue(site, tmp_path)
    build = Patient()
    thread = threading.Thread(
        target=worker.work, args=(site.config, build, build_hall), kwargs={"once": True, "say": lambda _: None}
    )
    thread.start()
    assert build.started.wait(30)
    curator.post(f"/desk/jobs/{job_id}/cancel")
    thread.join(30)
    assert get(site.database, job_id).state == "cancelled"


def test_a_worker_that_is_stopped_hands_its_job_back(site: Site, tmp_path: Path) -> None:
    job_id = enqueue(site, tmp_path)
    build, stop = Patient(), threading.Event()
    thread = threading.Thread(
        target=worker.work, args=(site.config, build, build_hall), kwargs={"stop": stop, "say": lambda _: None}
    )
    thread.start()
    assert build.started.wait(30)
    stop.set()
    thread.join(30)
    job = get(site.database, job_id)
    assert (job.state, job.attempts, job.worker) == ("queued", 0, None)


def test_a_killed_worker_loses_nothing(site: Site, tmp_path: Path, bundles: dict[str, Path]) -> None:
    """kill -9 in the middle of a reconstruction: once its lease is over another worker finishes the job."""
    job_id = enqueue(site, tmp_path)
    script = textwrap.dedent(f"""
        import sys, threading
        from pathlib import Path
        from exhibit.config import Config
        from exhibit.halls.building import build_hall
        from exhibit.jobs import worker

        def build(source, work, *, preset, listener):
            (work / "half").write_text("half done")
            print("building", flush=True)
            threading.Event().wait()

        config = Config(data=Path({str(site.config.data)!r}), lease_seconds=2)
        worker.work(config, build, build_hall, once=True, say=lambda _: None)
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "building\n"
        assert get(site.database, job_id).state == "running"
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert worker.work(site.config, Building(bundles["saggar"]), build_hall, once=True) == 0  # its lease still holds
    job = get(site.database, job_id)
    while job.lease_until and now() < job.lease_until:
        threading.Event().wait((job.lease_until - now()).total_seconds())
    assert worker.work(site.config, Building(bundles["saggar"]), build_hall, once=True, say=lambda _: None) == 1
    job = get(site.database, job_id)
    assert (job.state, job.attempts, job.asset_id) == ("done", 2, "meiping")
    assert (services.work_folder(site.config, job_id) / "half").read_text() == "half done"  # recon goes on from there


# the worker beside the server


def ended(site: Site, job_id: int) -> Job:
    while not (job := get(site.database, job_id)).over:
        threading.Event().wait(0.05)
    return job


def test_the_server_has_its_jobs_done(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "LOOK_SECONDS", 0.02)
    script = textwrap.dedent(f"""
        from pathlib import Path
        from exhibit.config import Config
        from exhibit.halls.building import build_hall
        from exhibit.jobs import worker
        from recon import NoReconstruction

        def build(source, work, *, preset, listener):
            raise NoReconstruction("photos_apart", count=9)

        config = Config(data=Path({str(site.config.data)!r}))
        worker.work(config, build, build_hall, once=True, say=lambda _: None)
    """)
    job_id = enqueue(site, tmp_path)
    with beside.worker_beside(site.config, [sys.executable, "-c", script]):
        assert ended(site, job_id).state == "failed"


def test_a_worker_that_breaks_is_said_and_started_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(beside, "LOOK_SECONDS", 0.02)
    enqueue(site, tmp_path)
    marks = tmp_path / "marks"
    with beside.worker_beside(site.config, ["sh", "-c", f"echo x >> {marks}; exit 3"]):
        while not marks.exists() or len(marks.read_text().splitlines()) < 2:
            threading.Event().wait(0.02)
    assert "The worker stopped with status 3; it is started again." in capsys.readouterr().err


def test_the_worker_stops_with_the_server(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "LOOK_SECONDS", 0.02)
    enqueue(site, tmp_path)
    begun, asked = tmp_path / "begun", tmp_path / "asked"
    wait = f"trap 'touch {asked}; exit 0' TERM; touch {begun}; while :; do sleep 0.05; done"
    with beside.worker_beside(site.config, ["sh", "-c", wait]):
        while not begun.exists():
            threading.Event().wait(0.02)
    assert asked.exists()


def test_there_is_work_where_a_worker_would_find_a_job(site: Site, tmp_path: Path) -> None:
    def has_work() -> bool:
        with site.database.reading() as session:
            return services.has_work(session)

    assert not has_work()
    enqueue(site, tmp_path)
    assert has_work()
    job_id = claim(site.database, "silent", dt.timedelta(seconds=-1))
    assert has_work()
    claim(site.database, "one")
    assert not has_work()
    with site.database.writing() as session:
        services.end(session, job_id or 0, "one", "done")
    assert not has_work()


# the desk


def test_every_stage_has_a_name_in_both_languages() -> None:
    for stage in Options.__dataclass_fields__:
        names = CATALOGUE[f"jobs.stage.{stage}"]
        assert names["zh"] != names["en"] != stage


def test_a_queued_job_tells_its_place(site: Site, tmp_path: Path, curator: Browser) -> None:
    first, second, third = (enqueue(site, tmp_path, name) for name in "abc")
    assert "It is the next one." in curator.get(f"/desk/jobs/{first}?lang=en").text
    assert "Jobs before it: 2." in curator.get(f"/desk/jobs/{third}?lang=en").text
    claim(site.database, "one")
    curator.post(f"/desk/jobs/{second}/cancel")
    page = curator.get(f"/desk/jobs/{third}?lang=zh").text
    assert "前面还有 1 个任务。" in page


def test_how_long_a_job_takes_is_judged_by_those_like_it(site: Site, tmp_path: Path, curator: Browser) -> None:
    jobs = [enqueue(site, tmp_path, str(number)) for number in range(6)]
    minutes = {"num_photos": (20, 40, 20, 200, 20), "minutes": (10, 30, 90, 1, 1)}
    with site.database.writing() as session:
        for number, took in enumerate(minutes["minutes"]):
            job = services.get_job(session, jobs[number])
            job.state, job.attempts, job.num_photos = "done", 1, minutes["num_photos"][number]
            job.started_at, job.ended_at = now(), now() + dt.timedelta(minutes=took)
        services.get_job(session, jobs[4]).attempts = 2  # a part of it was done before
        services.get_job(session, jobs[5]).num_photos = 40
    page = curator.get(f"/desk/jobs/{jobs[5]}?lang=en").text  # 0.5, 0.75 and 4.5 minutes a photo
    assert "It takes about 30 min, judged by 3 earlier jobs like it." in page
    assert "It takes about" not in curator.get(f"/desk/jobs/{jobs[0]}?lang=en").text
    with site.database.writing() as session:
        services.get_job(session, jobs[5]).preset = "room"
    assert "It takes about" not in curator.get(f"/desk/jobs/{jobs[5]}?lang=en").text


def test_a_job_that_is_over_is_done_again_with_other_choices(site: Site, tmp_path: Path, curator: Browser) -> None:
    job_id = enqueue(site, tmp_path)
    options = services.work_folder(site.config, job_id) / "options.toml"
    options.write_text(
        options.read_text("utf-8") + '[scans]\nunit = "millimetre"\n', "utf-8"
    )  # as a job of scans has it
    before = tomllib.loads(options.read_text("utf-8"))
    again = f"/desk/jobs/{job_id}/repeat"
    assert curator.post(again, {"preset": "room", "quality": "preview"}).status_code == 422  # it is not over
    curator.post(f"/desk/jobs/{job_id}/cancel")
    assert curator.post(again, {"preset": "room", "quality": "best"}).status_code == 422
    assert curator.post(again, {"preset": "palace", "quality": "high"}).status_code == 422
    page = curator.get(f"/desk/jobs/{job_id}?lang=en").text
    assert f'action="{again}"' in page
    assert '<option value="standard" selected>' in page
    assert curator.post(again, {"preset": "room", "quality": "preview"}).headers["Location"] == f"/desk/jobs/{job_id}"
    job = get(site.database, job_id)
    assert (job.state, job.preset, job.attempts, job.ended_at) == ("queued", "room", 0, None)
    assert tomllib.loads(options.read_text("utf-8")) == before | {"depth": {"quality": "preview"}}
    assert before["gltf"]["title_zh"] == TITLE["zh"]
    assert f'action="{again}"' not in curator.get(f"/desk/jobs/{job_id}").text
    curator.post(f"/desk/jobs/{job_id}/cancel")
    shutil.rmtree(services.photos_folder(site.config, job_id))
    assert f'action="{again}"' not in curator.get(f"/desk/jobs/{job_id}").text
    assert "is gone" in curator.post(f"{again}?lang=en", {"preset": "room", "quality": "high"}).text


def photograph() -> bytes:
    """Large enough to be read as a photo."""
    return samples.picture(160, 128)


def test_photographs_sent_one_by_one(curator: Browser, site: Site) -> None:
    """They keep their names, whatever the script; what is none is named, and does not cost the rest."""
    long = "窑" * 100
    names = ("IMG 1.JPG", "img 1.jpg", "龙窑 正面.png", "../../evil.jpg", f"{long}.jpg", "._IMG 1.JPG", "Thumbs.db")
    files: list[tuple[io.BytesIO, str]] = [(io.BytesIO(photograph()), name) for name in names]
    files += [(io.BytesIO(b"x"), "notes.txt"), (io.BytesIO(b"x"), "old.bmp"), (io.BytesIO(b"x"), "cut.jpg")]
    answer = curator.post("/desk/jobs/new", {"photos": files, "preset": "room", "title_zh": "车间"})
    assert answer.headers["Location"] == "/desk/jobs/1"
    kept = {path.name for path in services.photos_folder(site.config, 1).iterdir()}
    assert kept == {"IMG 1.JPG", "img 1-2.jpg", "龙窑 正面.png", "evil.jpg", f"{long[:83]}.jpg"}
    job = get(site.database, 1)
    assert (job.state, job.preset, job.num_photos, job.title) == ("queued", "room", 5, {"zh": "车间", "en": ""})
    assert [warning["en"].partition(" is ")[2].partition(":")[0] for warning in job.warnings] == [
        "now img 1-2.jpg",
        f"now {long[:83]}.jpg",
        "left out",
        "left out",
        "left out",
    ]
    pages = {language: curator.get(f"/desk/jobs/1?lang={language}").text for language in ("zh", "en")}
    for said in ("notes.txt：不是照片", "old.bmp：不读取 BMP 格式", "cut.jpg：内容不是图片"):
        assert said in pages["zh"]
    assert "old.bmp is left out: BMP is not read; save it as JPEG, PNG or TIFF." in pages["en"]


def test_photographs_in_zips(curator: Browser, site: Site) -> None:
    kiln = samples.zipped({"kiln/1.jpg": photograph(), "kiln/2.png": photograph(), "kiln/notes.txt": b"x"})
    form = {"photos": (io.BytesIO(kiln), "kiln.zip"), "preset": "object", "title_en": "Kiln"}
    assert curator.post("/desk/jobs/new", form).status_code == 303
    job = get(site.database, 1)
    assert job.num_photos == 2
    assert [warning["zh"] for warning in job.warnings] == ["未采用 kiln/notes.txt：不是照片。"]
    windows = samples.packed_as({"誠記窯\\照片一.jpg".encode("gbk"): photograph()})
    files = [(io.BytesIO(kiln), "一.zip"), (io.BytesIO(windows), "一.ZIP"), (io.BytesIO(photograph()), "3.jpg")]
    assert curator.post("/desk/jobs/new", form | {"photos": files}).status_code == 303
    folder = services.photos_folder(site.config, 2)
    photos = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert photos == {"一/kiln/1.jpg", "一/kiln/2.png", "一-2/誠記窯/照片一.jpg", "3.jpg"}
    assert get(site.database, 2).num_photos == 4


@pytest.mark.parametrize(
    ("photos", "said"),
    [
        ([], "There are no photographs."),
        ([(b"x", "notes.txt")], "None of the files can be used as a photograph. notes.txt is left out"),
        ([(samples.zipped({"notes.txt": b"x"}), "kiln.zip")], "notes.txt is left out: it is not a photo."),
        ([(samples.zipped({"../evil.jpg": b"x"}), "kiln.zip")], "would lie outside its folder"),
        ([(b"not a zip", "kiln.zip")], "The archive is broken"),
        ([(b"not a zip", "good.jpg"), (b"not a zip", "kiln.zip")], "The archive is broken"),
    ],
)
def test_what_is_no_set_of_photographs(
    curator: Browser, config: Config, photos: list[tuple[bytes, str]], said: str
) -> None:
    form: dict[str, Any] = {"photos": [(io.BytesIO(content), name) for content, name in photos], "preset": "object"}
    answer = curator.post("/desk/jobs/new?lang=en", form | {"title_en": "Kept"})
    assert (answer.status_code, said in answer.text, "Kept" in answer.text) == (422, True, True)
    assert not config.jobs_folder.exists() or list(config.jobs_folder.iterdir()) == []
    assert list(config.incoming_folder.iterdir()) == []


def test_the_form_offers_what_is_read(curator: Browser) -> None:
    page = curator.get("/desk/jobs/new?lang=zh").text
    accepted = re.search(r'name="photos" accept="([^"]*)"', page)
    assert accepted
    assert accepted[1].split(",") == [*photo_formats.suffixes(), *photo_formats.film_suffixes(), ".zip"]
    assert "可读取的格式：" + "、".join(photo_formats.names()) in page


def test_the_page_and_its_script_tell_the_progress(curator: Browser, site: Site, tmp_path: Path) -> None:
    job_id = enqueue(site, tmp_path)
    assert curator.get(f"/api/jobs/{job_id}").json == {
        "state": "queued",
        "stage": "",
        "done": 0,
        "total": 0,
        "count": "",
        "over": False,
        "place": "下一个就是它。",
    }
    claim(site.database, "one")
    with site.database.writing() as session:
        services.report(session, job_id, "one", LEASE, stage="depth", done=3, total=12)
    told = curator.get(f"/api/jobs/{job_id}", headers={"Accept-Language": "en"})
    running = {"state": "running", "stage": "Measuring depth", "over": False}
    assert told.json == {**running, "done": 3, "total": 12, "count": "3 / 12", "place": ""}
    assert told.headers["Cache-Control"] == "no-store"
    page = curator.get(f"/desk/jobs/{job_id}?lang=zh").text
    assert "计算深度" in page
    assert "3 / 12" in page
    assert '<progress id="job-progress" max="12" value="3">' in page
    assert curator.get("/desk/jobs/99999999999999999999").status_code == 404


def test_a_hall_is_built_in_percent(curator: Browser, site: Site) -> None:
    with site.database.writing() as session:
        job = services.enqueue_hall(session, template="tulou", title=TITLE, summary={"zh": "", "en": ""})
        job.state, job.stage, job.done, job.total = "running", "room", 37, 100
        job_id = job.id
    answer = curator.get(f"/api/jobs/{job_id}").json
    assert answer
    assert answer["count"] == "37 %"
    assert '<span id="job-count">37 %</span>' in curator.get(f"/desk/jobs/{job_id}").text
