"""The report that recon wrote of a reconstruction: kept with the job, shown as it is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from flask import send_file
from flask.typing import ResponseReturnValue

from exhibit.config import Config
from exhibit.errors import NotFound

_STYLE = re.compile(rb"style-src '(sha256-[A-Za-z0-9+/]{43}=)'")  # in the page's own policy


def keep(config: Config, job_id: int, work: Path) -> None:
    """Copy the report out of recon's workspace, where there is one."""
    if (work / "report").is_dir():
        shutil.copytree(work / "report", _folder(config, job_id), dirs_exist_ok=True)


def verdict(config: Config, job_id: int) -> bool | None:
    """Whether the model keeps the report's limits; None where there is no report."""
    try:
        told = json.loads((_folder(config, job_id) / "figures.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return bool(told.get("passed"))


def page(config: Config, job_id: int) -> ResponseReturnValue:
    """The page under a policy as strict as its own: pictures inside it, the one style that it says, nothing else.

    Raises NotFound.
    """
    file = _folder(config, job_id) / "index.html"
    if not file.is_file():
        raise NotFound("no_report", job=job_id)
    style = _STYLE.search(file.read_bytes()[:4096])
    allowed = f"'{style[1].decode('ascii')}'" if style else "'none'"
    response = send_file(file.resolve(), "text/html; charset=utf-8", conditional=False)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {allowed}; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _folder(config: Config, job_id: int) -> Path:
    return config.jobs_folder / str(job_id) / "report"
