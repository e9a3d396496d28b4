"""Takes jobs from the queue and does them: reconstructions and clouds with recon, which only this module knows, halls
and rooms.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import shutil
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

import recon
from exhibit import ids
from exhibit.config import Config
from exhibit.db import Database
from exhibit.errors import BadInput, ExhibitError, no_room
from exhibit.i18n import LANGUAGES
from exhibit.jobs import report, services
from exhibit.jobs.models import Job, Kind
from exhibit.library.bare import TiledPoints, from_tiles
from exhibit.library.bundle import Told, read_bundle
from exhibit.library.services import Outcome, free_id, ingest
from exhibit.library.upload import take_in, workplace
from exhibit.storage import Storage
from recon import Cancelled, GltfBundle, LongyaoError, Message, TiledCloud
from recon.formats.bundle import georeference

_log = logging.getLogger(__name__)

IDLE_SECONDS = 2.0
REPORT_SECONDS = 1.0


class Listener:
    """Hears recon's progress of one job: remembers stage and units, and says stop by raising Cancelled."""

    def __init__(self, say: Callable[[str], object] | None = None) -> None:
        """`say` is told each stage as it begins."""
        self._say = say
        self.stopped = threading.Event()
        self.warnings: list[dict[str, str]] = []  # each {zh, en}
        self._lock = threading.Lock()
        self._stage, self._done, self._total = "", 0, 0

    def __call__(self, stage: str, fresh: bool) -> Listener:  # noqa: ARG002
        """A stage begins; with `fresh` it is only read back."""
        self._listen()
        with self._lock:
            self._stage, self._done, self._total = stage, 0, 0
        if self._say:
            self._say(stage)
        return self

    def start(self, total: int, unit: str) -> None:  # noqa: ARG002
        self._listen()
        with self._lock:
            self._done, self._total = 0, total

    def advance(self, done: int = 1) -> None:
        self._listen()
        with self._lock:
            self._done += done

    def fail(self, failed: int = 1) -> None:
        self.advance(failed)

    def warn(self, message: Message) -> None:
        self.warnings.append(message.texts())

    def figures(self) -> dict[str, str | int]:
        with self._lock:
            return {"stage": self._stage[:80], "done": self._done, "total": self._total}

    def _listen(self) -> None:
        if self.stopped.is_set():
            raise Cancelled("cancelled")


class Build(Protocol):
    """recon.build."""

    def __call__(self, source: Path, work: Path, *, preset: str, listener: Listener) -> GltfBundle: ...


class Make(Protocol):
    """Does one job and returns what came of it: the columns of the job that tell. Raises as recon and exhibit do."""

    def __call__(
        self, job: Job, config: Config, database: Database, storage: Storage, listener: Listener
    ) -> dict[str, str]: ...


def work(
    config: Config,
    build: Build,
    build_hall: Make,
    *,
    once: bool = False,
    stop: threading.Event | None = None,
    say: Callable[[str], object] = print,
) -> int:
    """Do jobs until `stop` is set, or with `once` until the queue is empty. Returns the number of jobs done.

    `build` does reconstructions, `build_hall` halls and rooms (exhibit.halls.building.build_hall).
    """
    stop = stop or threading.Event()
    database, storage = Database(config.database_url), Storage(config.files_folder)
    name = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    lease = dt.timedelta(seconds=config.lease_seconds)
    num_done = 0
    try:
        while not stop.is_set():
            try:
                with database.writing() as session:
                    job = services.claim(session, name, lease)
            except SQLAlchemyError as error:
                if once or no_room(error) is None:
                    raise
                stop.wait(IDLE_SECONDS)  # the disk is full: there is nothing to do until there is room
                continue
            if job is not None:
                say(f"job {job.id}: {_named(job)}")
                rebuild = partial(_reconstruct, build)
                makers: dict[Kind, Make] = {"reconstruction": rebuild, "surface": rebuild, "cloud": _make_cloud}
                make = makers.get(job.kind, build_hall)
                say(f"job {job.id}: {_do(job, config, database, storage, make, name, lease, stop)}")
                num_done += 1
            elif once:
                break
            else:
                stop.wait(IDLE_SECONDS)
    finally:
        database.close()
    return num_done


def _named(job: Job) -> str:
    """What the job is, for the worker's log."""
    if job.kind in ("reconstruction", "cloud", "surface"):
        return f"{job.num_photos} {'photos' if job.kind == 'reconstruction' else 'scans'}"
    return job.template or f"room of {job.hall_slug or 'a new hall'}"


def _do(
    job: Job,
    config: Config,
    database: Database,
    storage: Storage,
    make: Make,
    name: str,
    lease: dt.timedelta,
    stop: threading.Event,
) -> str:
    """One job from what was asked for to what comes of it; returns the state that it ended in."""
    listener = Listener()
    with _reporting(job.id, database, name, lease, listener, stop):
        state, ending = _made(job, config, database, storage, make, listener)
    with database.writing() as session:
        if state == "cancelled" and stop.is_set() and services.hand_back(session, job.id, name):
            return "queued"
        warnings = [*job.warnings, *(warning for warning in listener.warnings if warning not in job.warnings)]
        kept = services.end(session, job.id, name, state, warnings=warnings, **listener.figures(), **ending)
    return state if kept else "taken over by another worker"


def _made(
    job: Job, config: Config, database: Database, storage: Storage, make: Make, listener: Listener
) -> tuple[str, dict[str, Any]]:
    """(state, the job's further columns): what was made, or why nothing was."""
    try:
        return "done", make(job, config, database, storage, listener)
    except Cancelled:
        return "cancelled", {}
    except (LongyaoError, ExhibitError) as error:
        return "failed", {"failure": _failure(error)}
    except Exception as error:
        if (full := no_room(error)) is not None:
            return "failed", {"failure": _failure(full)}
        _log.exception("job %d broke", job.id)
        return "failed", {"failure": _failure(BadInput("job_broke", job=job.id))}


def _failure(error: ExhibitError | LongyaoError) -> dict[str, dict[str, str]]:
    return {
        "message": {language: error.message(language) for language in LANGUAGES},
        "hint": {language: error.hint(language) for language in LANGUAGES},
    }


def _reconstruct(
    build: Build, job: Job, config: Config, database: Database, storage: Storage, listener: Listener
) -> dict[str, str]:
    work_folder = services.work_folder(config, job.id)
    work_folder.mkdir(parents=True, exist_ok=True)
    folder = services.scans_folder if job.kind == "surface" else services.photos_folder
    built = build(folder(config, job.id), work_folder, preset=job.preset, listener=listener)
    report.keep(config, job.id, work_folder)
    told = (warning.texts() for warning in built.warnings)
    listener.warnings += [warning for warning in told if warning not in listener.warnings]
    bundle = read_bundle(built.folder, config)
    bundle.document["title"] = job.title
    if job.preset == "room":
        bundle.document["use"] = "room"
    with database.reading() as session:
        asset_id = free_id(session, job.title["en"], job.title["zh"], fallback=f"reconstruction-{job.id}")
    ingest(database, storage, bundle, asset_id)
    return {"asset_id": asset_id}


def _make_cloud(job: Job, config: Config, database: Database, storage: Storage, listener: Listener) -> dict[str, str]:
    work_folder = services.work_folder(config, job.id)
    made = recon.build_cloud(services.scans_folder(config, job.id), work_folder, listener=listener)
    listener("library", False)
    told = Told(job.title, "scan", in_metres=True)
    asset_id, _ = _take_cloud(made, told, config, database, storage, asset_id=None, fallback=f"cloud-{job.id}")
    shutil.rmtree(work_folder)  # larger than the scans, and made again from them
    return {"asset_id": asset_id}


def add_scans(
    source: Path,
    told: Told,
    config: Config,
    database: Database,
    storage: Storage,
    *,
    unit: str,
    asset_id: str | None,
    listener: Listener,
) -> tuple[str, Outcome]:
    """Take the scans at `source`, a file or a folder, into the library as a cloud, at once. Returns (id, outcome).

    unit: of the scans' coordinates, one of services.UNITS. Raises as recon and exhibit do.
    """
    if asset_id is not None:
        ids.check_id(asset_id)
    with workplace(config) as folder:
        settings = [f"scans.unit={unit}"]
        made = recon.build_cloud(source, folder / "work", settings=settings, listener=listener)
        return _take_cloud(made, told, config, database, storage, asset_id=asset_id, fallback=source.stem)


def _take_cloud(
    made: TiledCloud,
    told: Told,
    config: Config,
    database: Database,
    storage: Storage,
    *,
    asset_id: str | None,
    fallback: str,
) -> tuple[str, Outcome]:
    with workplace(config) as folder:
        there = made.georeference
        told_there = None if there is None else georeference(there.survey_from_world, there.crs)
        tiled = TiledPoints(made.path, made.num_points, made.low, made.high, told_there)
        bundle = from_tiles(tiled, folder / "made", told)
        return take_in(bundle, told, database, storage, asset_id=asset_id, fallback=fallback)


@contextlib.contextmanager
def _reporting(
    job_id: int, database: Database, name: str, lease: dt.timedelta, listener: Listener, stop: threading.Event
) -> Iterator[None]:
    """Meanwhile keep the lease and tell how far the job is; a stage may well be silent for longer than a lease."""
    over = threading.Event()

    def tell() -> None:
        told, at = listener.figures(), dt.datetime.min
        while not over.wait(REPORT_SECONDS):
            if stop.is_set():
                listener.stopped.set()
            figures, moment = listener.figures(), dt.datetime.now()
            if figures != told or moment - at > lease / 4:
                try:
                    with database.writing() as session:
                        mine = services.report(session, job_id, name, lease, **figures)
                except SQLAlchemyError:
                    continue  # the lease is longer than a hiccup of the database
                if not mine:
                    listener.stopped.set()
                told, at = figures, moment

    thread = threading.Thread(target=tell, name=f"report-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
