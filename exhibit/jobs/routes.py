"""The curator sends photographs to be reconstructed, or scans, and watches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exhibit import web
from exhibit.access import Verb
from exhibit.errors import ExhibitError
from exhibit.i18n import say
from exhibit.jobs import report, services
from exhibit.jobs.models import PRESETS, Job
from exhibit.jobs.photos import ACCEPTED, SCANS_AND_PHOTOS, neither, no_photo, no_scan, receive
from exhibit.library.upload import workplace
from exhibit.space.templates import TEMPLATES
from exhibit.web import Route
from recon.formats import photo_formats, scan_file


def jobs(session: Session) -> ResponseReturnValue:
    return web.page("jobs/jobs.html", jobs=services.list_jobs(session, limit=100))


def new_job(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    return _form({}, None)


def _form(form: Mapping[str, str], error: ExhibitError | None) -> ResponseReturnValue:
    """The form to send photographs, with what was typed and what is wrong with it."""
    formats = ("、" if web.language() == "zh" else ", ").join(photo_formats.names())
    values = {"presets": PRESETS, "accepted": ",".join(ACCEPTED), "formats": formats}
    return web.page("jobs/new.html", error.status if error else 200, form=form, error=error, **values)


def add_job() -> ResponseReturnValue:
    site = web.site()
    try:
        with workplace(site.config) as folder:
            photos = folder / "photos"
            photos.mkdir()
            uploaded = [file for file in request.files.getlist("photos") if file.filename]
            most = site.config.max_unpacked_mb << 20
            notes = receive(uploaded, photos, no_photo, scratch=folder / "upload.zip", max_bytes=most)
            with site.database.writing() as session:
                job = services.enqueue(
                    session,
                    site.config,
                    title=web.both("title", request.form),
                    preset=request.form.get("preset", ""),
                    photos=photos,
                    notes=notes,
                )
    except ExhibitError as error:
        return _form(request.form, error)
    return web.go("jobs.job", job=job.id)


def new_scans(session: Session) -> ResponseReturnValue:  # noqa: ARG001
    return _scans_form({}, None)


def _scans_form(form: Mapping[str, str], error: ExhibitError | None) -> ResponseReturnValue:
    """The form to send scans, with what was typed and what is wrong with it."""
    formats = ("、" if web.language() == "zh" else ", ").join(s.lstrip(".").upper() for s in scan_file.SUFFIXES)
    values: dict[str, object] = {"units": services.UNITS, "presets": PRESETS, "accepted": ",".join(SCANS_AND_PHOTOS)}
    values |= {"formats": formats, "most_mb": web.site().config.max_upload_mb}
    return web.page("jobs/scans.html", error.status if error else 200, form=form, error=error, **values)


def add_scans() -> ResponseReturnValue:
    site = web.site()
    try:
        with workplace(site.config) as folder:
            scans = folder / "scans"
            scans.mkdir()
            uploaded = [file for file in request.files.getlist("scans") if file.filename]
            most = site.config.max_unpacked_mb << 20
            surface = request.form.get("kind") == "surface"
            left_out = neither if surface else no_scan
            notes = receive(uploaded, scans, left_out, scratch=folder / "upload.zip", max_bytes=most)
            title = web.both("title", request.form)
            if not any(title.values()) and uploaded:
                stem = Path((uploaded[0].filename or "").replace("\\", "/")).stem
                title = {"zh": stem, "en": stem}
            with site.database.writing() as session:
                job = services.enqueue_scans(
                    session,
                    site.config,
                    title=title,
                    kind="surface" if surface else "cloud",
                    preset=request.form.get("preset", PRESETS[0]),
                    unit=request.form.get("unit", ""),
                    scans=scans,
                    notes=notes,
                )
    except ExhibitError as error:
        return _scans_form(request.form, error)
    return web.go("jobs.job", job=job.id)


def job(session: Session, job: Job) -> ResponseReturnValue:
    config = web.site().config
    values: dict[str, object] = {"place": _place(session, job), "passed": report.verdict(config, job.id)}
    if not job.over:
        values["expected"] = services.expected(session, job)
    if services.can_be_repeated(config, job):
        values |= {"presets": PRESETS, "qualities": services.QUALITIES}
        values |= {"quality": services.chosen_quality(config, job), "repeatable": True}
    return web.page("jobs/job.html", 200, job=job, count=_count(job), templates=TEMPLATES, **values)


def job_report(session: Session, job: Job) -> ResponseReturnValue:  # noqa: ARG001
    return report.page(web.site().config, job.id)


def _place(session: Session, job: Job) -> str:
    """What of the queue is before the job, while it waits."""
    if job.state != "queued":
        return ""
    before = services.num_before(session, job)
    return say("jobs.next", web.language()) if before == 0 else say("jobs.before_it", web.language(), n=before)


def _count(job: Job) -> str:
    """How much of the stage is done: a room's in percent, a reconstruction's in units."""
    if not job.total:
        return ""
    return f"{job.done} / {job.total}" if job.kind in ("reconstruction", "cloud", "surface") else f"{job.done} %"


def job_state(session: Session, job: Job) -> ResponseReturnValue:
    response = jsonify(
        state=job.state,
        stage=web.say_or(f"jobs.stage.{job.stage}", job.stage),
        done=job.done,
        total=job.total,
        count=_count(job),
        over=job.over,
        place=_place(session, job),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def cancel_job(session: Session, job: Job) -> ResponseReturnValue:  # noqa: ARG001
    services.cancel(job)
    return web.go("jobs.job", job=job.id)


def repeat_job(session: Session, job: Job) -> ResponseReturnValue:  # noqa: ARG001
    preset = request.form.get("preset", job.preset or PRESETS[0])
    services.repeat(web.site().config, job, preset=preset, quality=request.form.get("quality", "standard"))
    return web.go("jobs.job", job=job.id)


def find_job(session: Session, job: int) -> dict[str, Any]:
    return {"job": services.get_job(session, job)}


ROUTES = (
    Route(rule="/desk/jobs", handler=jobs, verb=Verb.READ),
    Route(rule="/desk/jobs/new", handler=new_job, verb=Verb.CREATE),
    Route(rule="/desk/jobs/new", handler=add_job, methods=["POST"], verb=Verb.CREATE, own_session=True),
    Route(rule="/desk/jobs/scans", handler=new_scans, verb=Verb.CREATE),
    Route(rule="/desk/jobs/scans", handler=add_scans, methods=["POST"], verb=Verb.CREATE, own_session=True),
    Route(rule="/desk/jobs/<int(max=2147483647):job>", handler=job, verb=Verb.READ, find=find_job),
    Route(rule="/desk/jobs/<int(max=2147483647):job>/report", handler=job_report, verb=Verb.READ, find=find_job),
    Route(
        rule="/desk/jobs/<int(max=2147483647):job>/cancel",
        handler=cancel_job,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_job,
    ),
    Route(
        rule="/desk/jobs/<int(max=2147483647):job>/repeat",
        handler=repeat_job,
        methods=["POST"],
        verb=Verb.EDIT,
        find=find_job,
    ),
    Route(rule="/api/jobs/<int(max=2147483647):job>", handler=job_state, verb=Verb.READ, find=find_job),
)
