"""The queue of jobs: who puts in, who takes out, who gives up."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

from sqlalchemy import and_, case, event, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from exhibit.config import Config
from exhibit.db import author_id, now
from exhibit.documents.texts import has_words
from exhibit.documents.types import Building, Text
from exhibit.errors import BadInput, NotFound
from exhibit.jobs.models import PRESETS, Job
from exhibit.library.archive import Note
from recon.formats import photo_masks
from recon.formats.scan_file import is_scan

MAX_ATTEMPTS = 3
QUALITIES = ("preview", "standard", "high")  # of depth, as recon has them
UNITS = ("auto", "metre", "millimetre", "centimetre", "foot", "us_foot", "inch")  # of scans; auto: as their files say


def photos_folder(config: Config, job_id: int) -> Path:
    return config.jobs_folder / str(job_id) / "photos"


def scans_folder(config: Config, job_id: int) -> Path:
    return config.jobs_folder / str(job_id) / "scans"


def work_folder(config: Config, job_id: int) -> Path:
    """recon's workspace: a job taken up again goes on where it stopped."""
    return config.jobs_folder / str(job_id) / "work"


def enqueue(
    session: Session,
    config: Config,
    *,
    title: Text,
    preset: str,
    photos: Path,
    notes: Sequence[Note] = (),
) -> Job:
    """Queue a reconstruction of the photos in the folder `photos`, which is moved to the job. Raises BadInput.

    `notes` tell what of the upload is not among them.
    """
    if preset not in PRESETS:
        raise BadInput("bad_form", field="preset")
    if not has_words(title):
        raise BadInput("title_missing")
    files = sorted(path for path in photos.rglob("*") if path.is_file())
    num_photos = len(photo_masks.sort(files, photos).photos)
    if not num_photos and notes:
        raise BadInput("no_usable_photos", first=notes[0].texts())
    if not num_photos:
        raise BadInput("no_photos")
    job = Job(title=title, preset=preset, num_photos=num_photos, warnings=[note.texts() for note in notes])
    session.add(job)
    session.flush()
    _move(session, photos, photos_folder(config, job.id))
    _keep_options(config, job)
    return job


def enqueue_scans(
    session: Session,
    config: Config,
    *,
    title: Text,
    kind: Literal["cloud", "surface"],
    preset: str,
    unit: str,
    scans: Path,
    notes: Sequence[Note] = (),
) -> Job:
    """Queue a cloud or a surface of the scans in the folder `scans`, which is moved to the job. Raises BadInput.

    For a surface, photos may lie beside the scans, and preset says what was scanned. unit: of the scans' coordinates,
    one of UNITS. `notes` tell what of the upload is not among them.
    """
    if unit not in UNITS:
        raise BadInput("bad_form", field="unit")
    if preset not in PRESETS:
        raise BadInput("bad_form", field="preset")
    if not has_words(title):
        raise BadInput("title_missing")
    files = [path for path in scans.rglob("*") if path.is_file()]
    if not any(map(is_scan, files)):
        raise BadInput("no_scans")
    told = [note.texts() for note in notes]
    job = Job(kind=kind, title=title, preset=preset, num_photos=len(files), warnings=told)
    session.add(job)
    session.flush()
    _move(session, scans, scans_folder(config, job.id))
    _keep_options(config, job, f'[scans]\nunit = "{unit}"\n')
    return job


def _keep_options(config: Config, job: Job, scans: str = "") -> None:
    """recon's options: files and report bear the job's title. scans: the table of that stage."""
    zh, en = job.title["zh"], job.title["en"]
    titles = "".join(
        f"title_{name} = {json.dumps(text, ensure_ascii=False)}\n"
        for name, text in (("zh", zh or en), ("en", en or zh))
    )
    work = work_folder(config, job.id)
    work.mkdir()
    (work / "options.toml").write_text(f"{scans}[gltf]\n{titles}", encoding="utf-8")


def _move(session: Session, given: Path, target: Path) -> None:
    """Let the job have a folder, unless its transaction fails."""
    shutil.rmtree(target.parent, ignore_errors=True)  # of a job whose transaction did not end
    event.listen(session, "after_rollback", lambda _: shutil.rmtree(target.parent, ignore_errors=True), once=True)
    target.parent.mkdir(parents=True)
    given.replace(target)


def enqueue_hall(
    session: Session, *, title: Text, summary: Text, template: str | None = None, building: Building | None = None
) -> Job:
    """Queue a hall whose room is to be built: the template as it is, or a building. Raises BadInput."""
    if not any(title.values()):
        raise BadInput("title_missing")
    job = Job(kind="hall", title=title, summary=summary, template=template, building=building)
    session.add(job)
    session.flush()
    return job


def enqueue_room(session: Session, hall_slug: str, title: Text) -> Job:
    """Queue the room that the hall's draft asks for."""
    job = Job(kind="room", title=title, hall_slug=hall_slug, author_id=author_id(session))
    session.add(job)
    session.flush()
    return job


def room_job(session: Session, hall_slug: str) -> Job | None:
    """The latest job that builds, or built, a room for this hall."""
    query = select(Job).where(Job.kind == "room", Job.hall_slug == hall_slug)
    return session.scalar(query.order_by(Job.id.desc()).limit(1))


def get_job(session: Session, job_id: int) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound("no_job", job=job_id)
    return job


def list_jobs(session: Session, limit: int = 20) -> list[Job]:
    """Newest first."""
    return list(session.scalars(select(Job).order_by(Job.id.desc()).limit(limit)))


def num_before(session: Session, job: Job) -> int:
    """How many jobs are to be done, or are being done, before this one that is queued."""
    waiting = and_(Job.state == "queued", Job.id < job.id)
    query = select(func.count()).select_from(Job).where(or_(waiting, Job.state == "running"))
    return session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Expected:
    minutes: int
    num_jobs: int  # that it is judged by


def expected(session: Session, job: Job) -> Expected | None:
    """How long a job will take, by those of its kind and preset that were done here in one go.

    None where there is none with a third to three times as many photos or scans. It is the median per photo.
    """
    alike = and_(Job.kind == job.kind, Job.preset == job.preset, Job.state == "done", Job.attempts == 1)
    size = Job.num_photos.between(max(1, job.num_photos / 3), 3 * job.num_photos)
    newest = select(Job).where(alike, size).order_by(Job.id.desc()).limit(20)
    rates = [
        (done.ended_at - done.started_at).total_seconds() / done.num_photos
        for done in session.scalars(newest)
        if done.ended_at and done.started_at
    ]
    return Expected(max(1, round(median(rates) * job.num_photos / 60)), len(rates)) if rates else None


def has_work(session: Session) -> bool:
    """Whether a worker would find a job: one that is queued, or whose worker has fallen silent."""
    silent = and_(Job.state == "running", Job.lease_until < now())
    return session.scalar(select(Job.id).where(or_(Job.state == "queued", silent)).limit(1)) is not None


def can_be_repeated(config: Config, job: Job) -> bool:
    """Whether what was sent for a reconstruction, a surface or a cloud that is over is still there."""
    folder = {"reconstruction": photos_folder, "surface": scans_folder, "cloud": scans_folder}.get(job.kind)
    return job.over and folder is not None and folder(config, job.id).is_dir()


def repeat(config: Config, job: Job, *, preset: str, quality: str) -> None:
    """Queue a job that is over once more, with other choices. What they leave as it was is not done again.

    quality: of the depth maps, one of QUALITIES; of a cloud neither choice changes anything. Raises BadInput.
    """
    if preset not in PRESETS:
        raise BadInput("bad_form", field="preset")
    if quality not in QUALITIES:
        raise BadInput("bad_form", field="quality")
    if not can_be_repeated(config, job):
        raise BadInput("job_not_repeated")
    if job.kind != "cloud":
        file = work_folder(config, job.id) / "options.toml"
        file.parent.mkdir(exist_ok=True)
        chosen = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        chosen.setdefault("depth", {})["quality"] = quality
        lines = [
            f"{stage}.{name} = {json.dumps(value, ensure_ascii=False)}"
            for stage, of in chosen.items()
            for name, value in of.items()
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        job.preset = preset
    job.state, job.attempts, job.cancel_wanted, job.failure = "queued", 0, False, None
    job.stage, job.done, job.total, job.ended_at = "", 0, 0, None
    job.warnings = []


def chosen_quality(config: Config, job: Job) -> str:
    """The quality that the job was last asked for."""
    file = work_folder(config, job.id) / "options.toml"
    chosen = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return str(chosen.get("depth", {}).get("quality", QUALITIES[1]))


def cancel(job: Job) -> None:
    """A queued job is cancelled at once, a running one when its worker next looks; one that is over stays as it is."""
    if job.state == "queued":
        job.state, job.ended_at = "cancelled", now()
    elif job.state == "running":
        job.cancel_wanted = True


def claim(session: Session, worker: str, lease: dt.timedelta) -> Job | None:
    """The oldest job that is queued, or whose worker has fallen silent; it is the caller's until the lease ends.

    A job that has brought down MAX_ATTEMPTS workers has failed.
    """
    moment = now()
    silent = and_(Job.state == "running", Job.lease_until < moment)
    given_up = case((Job.cancel_wanted, "cancelled"), else_="failed")
    session.execute(
        update(Job)
        .where(silent, or_(Job.attempts >= MAX_ATTEMPTS, Job.cancel_wanted))
        .values(state=given_up, ended_at=moment, worker=None, lease_until=None)
    )
    free = or_(Job.state == "queued", silent)
    oldest = select(Job.id).where(free).order_by(Job.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    taken = session.scalar(
        update(Job)
        .where(Job.id == oldest, free)
        .values(
            state="running",
            worker=worker,
            lease_until=moment + lease,
            started_at=moment,
            attempts=Job.attempts + 1,
            stage="",
            done=0,
            total=0,
        )
        .returning(Job.id)
    )
    return None if taken is None else session.get(Job, taken, populate_existing=True)


def report(session: Session, job_id: int, worker: str, lease: dt.timedelta, **values: Any) -> bool:
    """The worker is alive: move the lease on and keep `values` (stage, done, total).

    False where it should stop: the curator wants to cancel, or the job is no longer this worker's.
    """
    changed = session.execute(_mine(job_id, worker).values(lease_until=now() + lease, **values))
    return bool(isinstance(changed, CursorResult) and changed.rowcount) and not session.scalar(
        select(Job.cancel_wanted).where(Job.id == job_id)
    )


def end(session: Session, job_id: int, worker: str, state: str, **values: Any) -> bool:
    """The worker has finished; False where the job was no longer its own, and nothing is changed."""
    changed = session.execute(
        _mine(job_id, worker).values(
            state=state, ended_at=now(), lease_until=None, worker=None, cancel_wanted=False, **values
        )
    )
    return bool(isinstance(changed, CursorResult) and changed.rowcount)


def hand_back(session: Session, job_id: int, worker: str) -> bool:
    """The worker stops before the job is over: the next worker goes on. False where the curator has cancelled."""
    changed = session.execute(
        _mine(job_id, worker)
        .where(Job.cancel_wanted.is_(False))
        .values(state="queued", lease_until=None, worker=None, attempts=Job.attempts - 1)
    )
    return bool(isinstance(changed, CursorResult) and changed.rowcount)


def _mine(job_id: int, worker: str) -> Any:
    return update(Job).where(Job.id == job_id, Job.worker == worker, Job.state == "running")
