"""The curator sends photographs to be reconstructed and watches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from exhibit import web
from exhibit.access import Access
from exhibit.errors import BadInput, ExhibitError
from exhibit.jobs import services
from exhibit.jobs.models import PRESETS, Job
from exhibit.library.archive import unpack
from exhibit.library.services import slug, unused
from exhibit.library.upload import workplace
from exhibit.web import Route

PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".dng"})


def jobs(session: Session) -> ResponseReturnValue:
    return web.page("jobs/jobs.html", jobs=services.list_jobs(session, limit=100))


def new_job(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    return web.page("jobs/new.html", presets=PRESETS, form={}, error=None)


def add_job() -> ResponseReturnValue:
    site = web.site()
    try:
        with workplace(site.config) as folder:
            photos = folder / "photos"
            photos.mkdir()
            uploaded = [file for file in request.files.getlist("photos") if file.filename]
            _save(uploaded, photos, folder / "upload.zip", site.config.max_unpacked_mb << 20)
            with site.database.writing() as session:
                job = services.enqueue(
                    session,
                    site.config,
                    title=web.both("title", request.form),
                    preset=request.form.get("preset", ""),
                    photos=photos,
                )
    except ExhibitError as error:
        return web.page("jobs/new.html", error.status, presets=PRESETS, form=request.form, error=error)
    return web.go("jobs.job", job=job.id)


def job(session: Session, job: Job) -> ResponseReturnValue:  # noqa: ARG001
    return web.page("jobs/job.html", job=job)


def job_state(session: Session, job: Job) -> ResponseReturnValue:  # noqa: ARG001
    response = jsonify(
        state=job.state,
        stage=web.say_or(f"jobs.stage.{job.stage}", job.stage),
        done=job.done,
        total=job.total,
        over=job.over,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def cancel_job(session: Session, job: Job) -> ResponseReturnValue:  # noqa: ARG001
    services.cancel(job)
    return web.go("jobs.job", job=job.id)


def find_job(session: Session, job: int) -> dict[str, Any]:
    return {"job": services.get_job(session, job)}


def _save(uploaded: list[FileStorage], photos: Path, archive: Path, max_bytes: int) -> None:
    """Write a set of photographs, or what a single zip of them holds, to the folder `photos`."""
    if len(uploaded) == 1 and (uploaded[0].filename or "").lower().endswith(".zip"):
        uploaded[0].save(archive)
        for path in unpack(archive, photos, max_bytes=max_bytes):
            if path.suffix.lower() not in PHOTO_SUFFIXES:
                path.unlink()  # text files and the like travel along in archives
        return
    taken: set[str] = set()
    for file in uploaded:
        name = Path((file.filename or "").replace("\\", "/"))
        if name.suffix.lower() not in PHOTO_SUFFIXES:
            raise BadInput("not_a_photo", name=name.name[:80])
        stem = unused(slug(name.stem) or "photo", taken)
        taken.add(stem)
        file.save(photos / f"{stem}{name.suffix.lower()}")


ROUTES = (
    Route(rule="/desk/jobs", handler=jobs, access=Access.CURATOR),
    Route(rule="/desk/jobs/new", handler=new_job, access=Access.CURATOR),
    Route(rule="/desk/jobs/new", handler=add_job, methods=["POST"], access=Access.CURATOR, own_session=True),
    Route(rule="/desk/jobs/<int(max=2147483647):job>", handler=job, access=Access.CURATOR, find=find_job),
    Route(
        rule="/desk/jobs/<int(max=2147483647):job>/cancel",
        handler=cancel_job,
        methods=["POST"],
        access=Access.CURATOR,
        find=find_job,
    ),
    Route(rule="/api/jobs/<int(max=2147483647):job>", handler=job_state, access=Access.CURATOR, find=find_job),
)
